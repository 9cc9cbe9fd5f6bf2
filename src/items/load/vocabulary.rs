//! Loads the vocabulary: terms and what they stand for, variants, connectors, words that exclude.

use std::collections::{BTreeMap, HashSet};

use super::{COMMON, Loading};
use crate::items::files::ItemFiles;
use crate::items::lexicon::Concept;
use crate::items::paragraph::{Place, Role};
use crate::items::raw::{RawCommon, RawExclusion, Text};

impl Loading {
    /// Reads `common.toml`.
    pub(super) fn common(&mut self, files: &ItemFiles) {
        let Some(raw) = self.parse::<RawCommon>(COMMON, files.text(COMMON)) else { return };
        for (long, shorts) in &raw.variants {
            for short in shorts {
                if !self.items.lexicon.contract(short.get_ref(), long.get_ref()) {
                    let message = format!("`{}` is to be one word that contracts one other", short.get_ref());
                    self.problem(short.span().start, message);
                }
            }
        }
        for particle in &raw.connectors.of {
            self.items.lexicon.add_particle(particle.get_ref());
        }
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
            "apart" => Place::Apart,
            "head" => Place::Head,
            "behind" => Place::Behind,
            other => {
                let message = format!("`{other}` is no place; write `anywhere`, `apart`, `head` or `behind`");
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

    /// Reads lists of terms, each under the name of its concept.
    pub(super) fn terms(&mut self, terms: &BTreeMap<Text, Vec<Text>>) {
        for (name, list) in terms {
            if self.concepts.contains_key(name.get_ref()) {
                self.problem(name.span().start, format!("`{}` stands for two things", name.get_ref()));
            }
            let concept = self.concept(name.get_ref(), Role::Names);
            self.defined.push((concept, self.file.clone(), name.span().start));
            self.add_terms(concept, list);
        }
    }

    /// Makes a concept known.
    fn concept(&mut self, name: &str, role: Role) -> Concept {
        let concept = self.items.roles.len() as Concept;
        self.items.roles.push(role);
        self.concepts.insert(name.to_owned(), concept);
        concept
    }

    /// Adds the terms of a concept.
    fn add_terms(&mut self, concept: Concept, terms: &[Text]) {
        let mut seen = HashSet::with_capacity(terms.len());
        for term in terms {
            if !seen.insert(term.get_ref().as_str()) {
                self.problem(term.span().start, format!("`{}` stands twice in this list", term.get_ref()));
            }
            let may_turn = matches!(self.items.role(concept), Role::Names | Role::Excludes { .. });
            if let Err(message) = self.items.lexicon.add(concept, term.get_ref(), may_turn) {
                self.problem(term.span().start, message);
            }
        }
    }

    /// The concept of this name, which is then known to be used.
    pub(super) fn named(&mut self, text: &Text) -> Option<Concept> {
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
    pub(super) fn alternatives(&mut self, text: &Text) -> Vec<Concept> {
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
}
