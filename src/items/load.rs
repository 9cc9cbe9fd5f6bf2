//! Turns the files of `data/items/` into what reads descriptions, or into the list of everything wrong with them.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::Items;
use super::files::{ItemFile, ItemFiles};
use super::lexicon::Concept;
use super::paragraph::{Family, Paragraph, Place, Role, Sign};
use super::parameters::{Condition, Pipe, Pipes, Quantities, Quantity, QuantityId, Units, read_figure};
use super::raw::{
    RawCommon, RawEntry, RawExclusion, RawFamily, RawParagraph, RawPipes, RawSign, RawUnits, Text,
};
use super::reading::Confidence;
use crate::codes::{Eccn, ScheduleB};
use crate::rulebase::{Problem, place};

/// The files that are no entry.
pub(super) const COMMON: &str = "items/common.toml";
pub(super) const UNITS: &str = "items/units.toml";
pub(super) const PIPES: &str = "items/pipes.toml";

/// Loads everything.
pub(super) fn load(files: &ItemFiles) -> Result<Items, Vec<Problem>> {
    let mut loading = Loading { complete: true, ..Loading::default() };
    loading.units(files);
    loading.common(files);
    let entries: Vec<(&ItemFile, RawEntry)> = files
        .entries()
        .filter_map(|file| Some((file, loading.parse::<RawEntry>(&file.path, &file.text)?)))
        .collect();
    // All concepts first: a sign may name one that another entry's file explains.
    for (file, entry) in &entries {
        loading.at(file);
        loading.terms(&entry.terms);
    }
    for (file, entry) in &entries {
        loading.at(file);
        loading.entry(entry);
    }
    // What a file that could not be read would have named is no problem of the others.
    loading.complete &= entries.len() == files.entries().count();
    loading.finish(files)
}

/// What was read so far.
#[derive(Default)]
struct Loading {
    items: Items,
    concepts: BTreeMap<String, Concept>,
    used: std::collections::BTreeSet<Concept>,
    defined: BTreeMap<Concept, (String, u32, u32)>,
    problems: Vec<Problem>,
    complete: bool,
    file: String,
    text: String,
}

impl Loading {
    fn at(&mut self, file: &ItemFile) {
        self.file.clone_from(&file.path);
        self.text.clone_from(&file.text);
    }

    fn problem(&mut self, offset: usize, message: impl Into<String>) {
        let (line, column) = place(&self.text, offset);
        self.problems.push(Problem::at(&self.file, line, column, message));
    }

    fn parse<T: DeserializeOwned>(&mut self, path: &str, text: &str) -> Option<T> {
        path.clone_into(&mut self.file);
        text.clone_into(&mut self.text);
        match toml::from_str(text) {
            Ok(raw) => Some(raw),
            Err(error) => {
                let offset = error.span().map_or(0, |span| span.start);
                self.problem(offset, format!("{}; see the field table in README.md", error.message()));
                None
            }
        }
    }

    fn units(&mut self, files: &ItemFiles) {
        let Some(raw) = self.parse::<RawUnits>(UNITS, files.text(UNITS)) else { return };
        let mut units = Units::default();
        for unit in &raw.unit {
            if units.unit(unit.name.get_ref()).is_some() {
                self.problem(
                    unit.name.span().start,
                    format!("the unit `{}` stands twice", unit.name.get_ref()),
                );
            }
            units.add(unit.name.get_ref(), &unit.before, &unit.after, unit.least);
        }
        for quantity in &raw.quantity {
            let mut factors = Vec::new();
            for (name, factor) in &quantity.factors {
                match units.unit(name.get_ref()) {
                    Some(unit) if factor.is_finite() && *factor > 0.0 => factors.push((unit, *factor)),
                    Some(_) => self.problem(name.span().start, "a factor must be greater than nothing"),
                    None => self
                        .problem(name.span().start, format!("`{}` is no unit of this file", name.get_ref())),
                }
            }
            if units.quantity_named(quantity.name.get_ref()).is_some() {
                self.problem(quantity.name.span().start, "the quantity stands twice");
            }
            units.add_quantity(Quantity {
                name: quantity.name.get_ref().clone(),
                base: quantity.base.clone(),
                factors,
                not_beside: quantity.not_beside.clone(),
            });
        }
        self.items.units = units;
        let Some(raw) = self.parse::<RawPipes>(PIPES, files.text(PIPES)) else { return };
        match Quantities::of(&self.items.units) {
            Ok(of) => {
                self.items.pipes = Pipes {
                    sizes: raw
                        .pipe
                        .into_iter()
                        .map(|pipe| Pipe {
                            nps: pipe.nps,
                            dn: pipe.dn,
                            outside: pipe.outside,
                            walls: pipe.walls,
                        })
                        .collect(),
                    classes: raw.classes,
                    stress: raw.stress,
                    efficiency: raw.efficiency,
                    of,
                };
            }
            Err(name) => self.problem(0, format!("units.toml has no quantity `{name}`; piping needs it")),
        }
    }

    fn common(&mut self, files: &ItemFiles) {
        let Some(raw) = self.parse::<RawCommon>(COMMON, files.text(COMMON)) else { return };
        self.terms(&raw.terms);
        let connectors = [
            ("with", &raw.connectors.with, Role::With),
            ("without", &raw.connectors.without, Role::Without),
            ("for", &raw.connectors.r#for, Role::For),
            ("for_behind", &raw.connectors.for_behind, Role::ForBehind),
            ("of", &raw.connectors.of, Role::Of),
        ];
        for (name, terms, role) in connectors {
            let concept = self.concept(name, role);
            self.used.insert(concept);
            self.add_terms(concept, terms);
        }
        for exclusion in &raw.exclusion {
            self.exclusion(exclusion);
        }
    }

    fn exclusion(&mut self, raw: &RawExclusion) {
        let place = match raw.place.get_ref().as_str() {
            "anywhere" => Place::Anywhere,
            "head" => Place::Head,
            "behind" => Place::Behind,
            other => {
                let message = format!("`{other}` is no place; write `anywhere`, `head` or `behind`");
                self.problem(raw.place.span().start, message);
                return;
            }
        };
        if self.concepts.contains_key(raw.name.get_ref()) {
            self.problem(raw.name.span().start, format!("`{}` stands for two things", raw.name.get_ref()));
        }
        let only = raw.only.iter().filter_map(|text| self.eccn(text)).collect();
        let concept = self.concept(raw.name.get_ref(), Role::Excludes { why: raw.why.clone(), place, only });
        self.used.insert(concept);
        self.add_terms(concept, &raw.terms);
    }

    fn terms(&mut self, terms: &BTreeMap<Text, Vec<Text>>) {
        for (name, list) in terms {
            if self.concepts.contains_key(name.get_ref()) {
                self.problem(name.span().start, format!("`{}` stands for two things", name.get_ref()));
            }
            let concept = self.concept(name.get_ref(), Role::Names);
            let (line, column) = place(&self.text, name.span().start);
            self.defined.insert(concept, (self.file.clone(), line, column));
            self.add_terms(concept, list);
        }
    }

    fn concept(&mut self, name: &str, role: Role) -> Concept {
        let concept = self.items.roles.len() as Concept;
        self.items.roles.push(role);
        self.concepts.insert(name.to_owned(), concept);
        concept
    }

    fn add_terms(&mut self, concept: Concept, terms: &[Text]) {
        let mut seen = std::collections::BTreeSet::new();
        for term in terms {
            if !seen.insert(term.get_ref().clone()) {
                self.problem(term.span().start, format!("`{}` stands twice in this list", term.get_ref()));
            }
            if let Err(message) = self.items.lexicon.add(concept, term.get_ref()) {
                self.problem(term.span().start, message);
            }
        }
    }

    fn named(&mut self, text: &Text) -> Option<Concept> {
        let concept = self.concepts.get(text.get_ref()).copied();
        match concept {
            Some(concept) => {
                self.used.insert(concept);
            }
            None => self.problem(
                text.span().start,
                format!("no list of terms is called `{}`; add it under [terms]", text.get_ref()),
            ),
        }
        concept
    }

    /// `pump|pump-model`: alternatives.
    fn alternatives(&mut self, text: &Text) -> Vec<Concept> {
        let names: Vec<String> = text.get_ref().split('|').map(|name| name.trim().to_owned()).collect();
        let mut found = Vec::new();
        for name in names {
            match self.concepts.get(&name).copied() {
                Some(concept) => {
                    self.used.insert(concept);
                    found.push(concept);
                }
                None => self.problem(
                    text.span().start,
                    format!("no list of terms is called `{name}`; add it under [terms]"),
                ),
            }
        }
        found
    }

    fn eccn(&mut self, text: &Text) -> Option<Eccn> {
        let eccn = Eccn::canonical(text.get_ref()).filter(|eccn| eccn.to_string() == *text.get_ref());
        if eccn.is_none() {
            self.problem(
                text.span().start,
                format!("`{}` is not an ECCN as the data writes it, `2B999.h.2`", text.get_ref()),
            );
        }
        eccn
    }

    fn entry(&mut self, raw: &RawEntry) {
        let Some(eccn) = self.eccn(&raw.eccn) else { return };
        if format!("items/{eccn}.toml") != self.file {
            self.problem(raw.eccn.span().start, format!("a file about {eccn} must be called {eccn}.toml"));
        }
        for (what, text) in [("title", &raw.title), ("citation", &raw.citation)] {
            if text.trim().is_empty() {
                self.problem(raw.eccn.span().start, format!("`{what}` is empty"));
            }
        }
        let fits: Vec<Eccn> = raw.fits.iter().filter_map(|text| self.eccn(text)).collect();
        for paragraph in &raw.paragraph {
            self.paragraph(&eccn, &fits, paragraph);
        }
        for family in &raw.family {
            self.family(family);
        }
    }

    fn paragraph(&mut self, entry: &Eccn, fits: &[Eccn], raw: &RawParagraph) {
        let Some(id) = self.eccn(&raw.id) else { return };
        let neighbor_of: Vec<Eccn> = raw.neighbor_of.iter().filter_map(|text| self.eccn(text)).collect();
        if neighbor_of.is_empty() && !id.is_within(entry) {
            let message = format!("{id} is no paragraph of {entry}; a stricter neighbor needs `neighbor_of`");
            self.problem(raw.id.span().start, message);
        }
        if self.items.paragraphs.iter().any(|known| known.id == id) {
            self.problem(raw.id.span().start, format!("{id} stands twice"));
        }
        if raw.item.trim().is_empty() || raw.ask.trim().is_empty() {
            self.problem(raw.id.span().start, "`item` and `ask` must say something");
        }
        let yields_to = raw.yields_to.iter().filter_map(|text| self.eccn(text)).collect();
        let headings = self.headings(&raw.headings);
        let alone = self.headings(&raw.alone);
        let signs = raw.sign.iter().filter_map(|sign| self.sign(sign)).collect();
        self.items.paragraphs.push(Paragraph {
            id,
            item: raw.item.clone(),
            threshold: raw.threshold.clone(),
            neighbor_of,
            yields_to,
            ask: raw.ask.split_whitespace().collect::<Vec<_>>().join(" "),
            headings,
            alone,
            signs,
            fits: fits.to_vec(),
        });
    }

    fn headings(&mut self, raw: &[Text]) -> Vec<String> {
        for heading in raw {
            if ScheduleB::read(heading.get_ref()).is_none_or(|code| code.digits() != heading.get_ref()) {
                self.problem(
                    heading.span().start,
                    "a tariff heading is written in four digits or more, without points",
                );
            }
        }
        raw.iter().map(|heading| heading.get_ref().clone()).collect()
    }

    fn sign(&mut self, raw: &RawSign) -> Option<Sign> {
        if raw.all.get_ref().is_empty() {
            self.problem(raw.all.span().start, "`all` must name the goods");
            return None;
        }
        let all = raw.all.get_ref().iter().map(|text| self.alternatives(text)).collect();
        let any = raw.any.iter().filter_map(|text| self.named(text)).collect();
        let none = raw.none.iter().filter_map(|text| self.named(text)).collect();
        let never = raw.never.iter().filter_map(|text| self.named(text)).collect();
        let allow = raw.allow.iter().filter_map(|text| self.named(text)).collect();
        let mut figures = Vec::new();
        for text in &raw.figures {
            match Condition::read(text.get_ref(), &self.items.units) {
                Ok(condition) => figures.push(condition),
                Err(message) => self.problem(text.span().start, message),
            }
        }
        let absent = raw.absent.iter().filter_map(|text| self.quantity(text)).collect();
        let confidence = Confidence::from_name(raw.confidence.get_ref());
        if confidence.is_none() {
            let message = "`confidence` must be high, medium, low or hint";
            self.problem(raw.confidence.span().start, message);
        }
        Some(Sign { all, any, none, never, figures, absent, allow, confidence: confidence? })
    }

    fn quantity(&mut self, text: &Text) -> Option<QuantityId> {
        let quantity = self.items.units.quantity_named(text.get_ref());
        if quantity.is_none() {
            self.problem(text.span().start, format!("`{}` is no quantity of units.toml", text.get_ref()));
        }
        quantity
    }

    fn family(&mut self, raw: &RawFamily) {
        if !raw.verified && raw.source.trim().is_empty() || raw.verified && raw.source.trim().len() < 8 {
            let message = "a family of models needs a `source`: a document of the maker, or where the knowledge is from";
            self.problem(raw.maker.span().start, message);
        }
        for model in raw.models.iter().filter(|_| raw.near.is_empty()) {
            if !model.get_ref().contains(|c: char| c.is_ascii_alphabetic() || c == '@') {
                let message =
                    "a number without letters could be anything; say under `near` what must stand beside it";
                self.problem(model.span().start, message);
            }
        }
        let is = raw.is.iter().filter_map(|text| self.named(text)).collect();
        let near = raw.near.iter().filter_map(|text| self.named(text)).collect();
        let mut gives = Vec::new();
        for text in &raw.gives {
            match read_figure(text.get_ref(), &self.items.units) {
                Ok((quantity, value, shown)) => gives.push((quantity, value, shown)),
                Err(message) => self.problem(text.span().start, message),
            }
        }
        let family = self.items.families.len();
        self.items.families.push(Family {
            maker: raw.maker.get_ref().clone(),
            is,
            gives,
            near,
            verified: raw.verified,
        });
        let concept = self.items.roles.len() as Concept;
        self.items.roles.push(Role::Model(family));
        for model in &raw.models {
            if let Err(message) = self.items.lexicon.add_model(concept, model.get_ref()) {
                self.problem(model.span().start, message);
            }
        }
    }

    fn finish(mut self, files: &ItemFiles) -> Result<Items, Vec<Problem>> {
        for (concept, (file, line, column)) in &self.defined {
            if self.complete && !self.used.contains(concept) {
                let name = self.concepts.iter().find(|(_, own)| *own == concept).map_or("", |(name, _)| name);
                let message = format!("no paragraph and no family uses the terms `{name}`");
                self.problems.push(Problem::at(file, *line, *column, message));
            }
        }
        let known: Vec<Eccn> = self.items.paragraphs.iter().map(|paragraph| paragraph.id.clone()).collect();
        for paragraph in &self.items.paragraphs {
            for other in paragraph.neighbor_of.iter().chain(&paragraph.yields_to) {
                if self.complete && !known.iter().any(|own| own.is_within(other)) {
                    let message = format!("{} speaks of {other}, which no file describes", paragraph.id);
                    self.problems.push(Problem::with_file("items", message));
                }
            }
        }
        self.problems.sort();
        self.problems.dedup();
        if self.problems.is_empty() {
            self.items.sha256 = files.sha256();
            Ok(self.items)
        } else {
            Err(self.problems)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(path: &str, text: &str) -> Vec<String> {
        match load(&ItemFiles::embedded().with(path, text)) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(ToString::to_string).collect(),
        }
    }

    const ENTRY: &str = r#"eccn = "4A994"
title = "Computers"
citation = "Supplement No. 1 to 15 CFR Part 774, 4A994"

[terms]
abacus = ["abacus", "rechenschieber"]

[[paragraph]]
id = "4A994.b"
item = "Abacus of 3 channels or more"
threshold = "three channels"
ask = "How many channels."
headings = ["847010"]
[[paragraph.sign]]
all = ["abacus"]
figures = ["channels >= 3 channels"]
confidence = "high"

[[family]]
maker = "Example"
models = ["abx###"]
is = ["abacus"]
source = "a page of the maker"
"#;

    #[test]
    fn a_new_entry_is_added_by_data_alone() {
        let items = load(&ItemFiles::embedded().with("items/4A994.toml", ENTRY)).unwrap();
        let paragraphs = |text: &str| -> Vec<String> {
            items.read(text, "", None).candidates.iter().map(|found| found.paragraph.to_string()).collect()
        };
        assert_eq!(paragraphs("Abacus, 4 channels"), ["4A994.b"]);
        assert_eq!(paragraphs("ABX-200 4CH"), ["4A994.b"]);
        assert!(paragraphs("Abacus, 2 channels").is_empty());
    }

    #[test]
    fn everything_wrong_is_said_at_once_with_its_place() {
        let bad = ENTRY
            .replace("\"rechenschieber\"]", "\"abacus\", \"*a\"]")
            .replace("channels >= 3", "chanels >= 3")
            .replace("847010", "84.70")
            .replace("\"high\"", "\"certain\"")
            .replace("is = [\"abacus\"]", "is = [\"abbacus\"]")
            .replace("source = \"a page of the maker\"", "");
        assert_eq!(
            problems("items/4A994.toml", &bad),
            [
                "items/4A994.toml:6:21: `abacus` stands twice in this list",
                "items/4A994.toml:6:31: `*a`: too short to be a part of a word; write more of it",
                "items/4A994.toml:13:13: a tariff heading is written in four digits or more, without points",
                "items/4A994.toml:16:12: `chanels` is no quantity of units.toml",
                "items/4A994.toml:17:14: `confidence` must be high, medium, low or hint",
                "items/4A994.toml:20:9: a family of models needs a `source`: a document of the maker, or where the knowledge is from",
                "items/4A994.toml:22:7: no list of terms is called `abbacus`; add it under [terms]",
            ]
        );
        let unused = ENTRY
            .replace("all = [\"abacus\"]", "all = [\"valve\"]")
            .replace("is = [\"abacus\"]", "is = [\"valve\"]");
        assert_eq!(
            problems("items/4A994.toml", &unused),
            ["items/4A994.toml:6:1: no paragraph and no family uses the terms `abacus`"]
        );
        let misspelt = ENTRY.replace("headings", "heading");
        let found = problems("items/4A994.toml", &misspelt);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("items/4A994.toml:13:1: unknown field `heading`"), "{}", found[0]);
        let renamed = problems("items/4A995.toml", ENTRY);
        assert_eq!(renamed, ["items/4A995.toml:1:8: a file about 4A994 must be called 4A994.toml"]);
    }

    #[test]
    fn a_bare_number_is_no_model_without_a_word_beside_it() {
        let bare = ENTRY.replace("abx###", "2450");
        let found = problems("items/4A994.toml", &bare);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("a number without letters could be anything"), "{}", found[0]);
    }
}
