//! The Commerce Control List: its entries, and which of an entry's controls reach a country.
//!
//! Reads and answers; whether a line is an exception or a review on that account is decided by the check. What an
//! entry's paragraphs are about, in goods, stands in `items`.

use std::collections::BTreeMap;

use crate::codes::{CountryCode, Eccn};
use crate::effective::Date;

use super::assessment::{CclAssessment, Certainty, ControlHit};
use super::chart::{Countries, Reach};
use super::control::{Basis, Control};
use super::files::RuleFiles;
use super::problem::Problem;
use super::table::Table;

/// The list.
#[derive(Debug, Clone)]
pub struct Ccl {
    entries: BTreeMap<String, Entry>,
    controls: Vec<Control>,
    countries: Countries,
}

/// An entry of the list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The five characters.
    pub eccn: String,
    /// The product group, `A` to `E`.
    pub product_group: char,
    /// The reasons for control named in its heading.
    pub reasons: Vec<String>,
    /// Whether License Exception LVS is available for some of it; none where that was not read.
    pub lvs: Option<bool>,
    /// Whether License Exception GBS is; none where that was not read.
    pub gbs: Option<bool>,
    /// Whether a table of controls was read; reserved entries have none.
    pub has_controls: bool,
    /// Since when the entry was read.
    pub known_from: Option<Date>,
}

impl Entry {
    /// Whether the entry holds goods, and not software or technology.
    pub fn is_commodity(&self) -> bool {
        matches!(self.product_group, 'A' | 'B' | 'C')
    }

    /// What was read of LVS and GBS, in words.
    pub fn list_based_exceptions(&self) -> String {
        let say = |symbol, value| match value {
            Some(true) => format!("{symbol}: yes, on conditions in the entry"),
            Some(false) => format!("{symbol}: N/A"),
            None => format!("{symbol}: not read"),
        };
        format!("{}; {} in {}", say("LVS", self.lvs), say("GBS", self.gbs), self.eccn)
    }
}

impl Ccl {
    /// The entry with these five characters.
    pub fn entry(&self, eccn: &str) -> Option<&Entry> {
        self.entries.get(eccn)
    }

    /// All entries in the order of the list.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The controls of the declared item that reach, or may reach, the country. Controls that stand in a rule of
    /// their own are left out: they are judged there.
    pub fn assess(&self, declared: &Eccn, country: CountryCode) -> CclAssessment<'_> {
        let mut controls: Vec<_> = self
            .controls_of(declared.entry())
            .iter()
            .filter_map(|control| self.hit(control, declared, country))
            .collect();
        controls.sort_by(|a, b| a.certainty.cmp(&b.certainty));
        CclAssessment { entry: self.entry(declared.entry()), controls }
    }

    pub(super) fn controls(&self) -> &[Control] {
        &self.controls
    }

    /// The table is sorted by entry.
    fn controls_of(&self, entry: &str) -> &[Control] {
        let from = self.controls.partition_point(|control| control.eccn.as_str() < entry);
        let rest = &self.controls[from..];
        &rest[..rest.partition_point(|control| control.eccn == entry)]
    }

    fn hit<'a>(
        &'a self,
        control: &'a Control,
        declared: &Eccn,
        country: CountryCode,
    ) -> Option<ControlHit<'a>> {
        let (country_known_from, doubt) = match self.reach(control, country) {
            Reach::No => return None,
            Reach::Yes(known_from) => (known_from, None),
            Reach::Unknown => {
                (None, Some(format!("the data does not settle whether the control reaches {country}")))
            }
        };
        let certainty = match (control.bears_on(declared)?, doubt) {
            (Certainty::Applies, Some(doubt)) => Certainty::MayApply(doubt),
            (Certainty::MayApply(why), Some(doubt)) => Certainty::MayApply(format!("{why}; {doubt}")),
            (certainty, None) => certainty,
        };
        Some(ControlHit { control, known_from: control.known_from, country_known_from, certainty })
    }

    /// Whether the control reaches the country.
    pub(super) fn reach(&self, control: &Control, country: CountryCode) -> Reach {
        match &control.basis {
            Basis::Chart(column) => self.countries.marked(country, column),
            Basis::Groups(groups, _) => self.countries.grouped(country, groups),
            Basis::Worldwide => Reach::Yes(None),
            Basis::Rule(_) => Reach::No,
            Basis::Destinations | Basis::Other => control.recorded_reach(country),
        }
    }

    pub(super) fn read(files: &RuleFiles, problems: &mut Vec<Problem>) -> Self {
        let countries = Countries::read(files, problems);
        let entries = read_entries(files, problems);
        let table = Table::read(
            files.table("ccl/controls.csv"),
            &[
                "eccn",
                "reason",
                "basis",
                "on",
                "extent",
                "paragraphs",
                "destinations",
                "citations",
                "known_from",
                "read_in",
            ],
            6,
            problems,
        );
        let mut controls = Vec::new();
        for row in table.rows() {
            if !entries.contains_key(row.get("eccn")) {
                problems.push(row.problem("eccn", "the entry is missing from ccl/entries.csv; add it there"));
            }
            controls.extend(Control::read(row, &countries, problems));
        }
        Self { entries, controls, countries }
    }
}

fn read_entries(files: &RuleFiles, problems: &mut Vec<Problem>) -> BTreeMap<String, Entry> {
    let table = Table::read(
        files.table("ccl/entries.csv"),
        &["eccn", "product_group", "reasons", "lvs", "gbs", "table", "known_from"],
        1,
        problems,
    );
    let mut entries = BTreeMap::new();
    for row in table.rows() {
        let eccn = row.get("eccn").to_owned();
        if Eccn::canonical(&eccn).is_none_or(|read| read.to_string() != eccn || !read.paragraph().is_empty())
        {
            problems.push(row.problem("eccn", &format!("`{eccn}` is not the five characters of an entry")));
            continue;
        }
        // The second character of an ECCN is its product group.
        let product_group = eccn.chars().nth(1).unwrap_or('?');
        if row.get("product_group") != product_group.to_string() {
            problems.push(row.problem("product_group", &format!("must be `{product_group}`, as in {eccn}")));
        }
        let has_controls = match row.get("table") {
            "read" => true,
            "none" => false,
            other => {
                problems.push(row.problem("table", &format!("`{other}` must be `read` or `none`")));
                false
            }
        };
        let entry = Entry {
            product_group,
            reasons: row.list("reasons").map(str::to_owned).collect(),
            lvs: row.yes_no("lvs", problems),
            gbs: row.yes_no("gbs", problems),
            has_controls,
            known_from: row.date("known_from", problems),
            eccn: eccn.clone(),
        };
        entries.insert(eccn, entry);
    }
    entries
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::super::Rulebase;
    use super::*;

    fn assess(text: &str, country: &str) -> CclAssessment<'static> {
        static BASE: LazyLock<Rulebase> = LazyLock::new(|| Rulebase::embedded().unwrap());
        BASE.ccl().assess(&Eccn::canonical(text).unwrap(), CountryCode::new(country).unwrap())
    }

    fn certain(text: &str) -> Vec<String> {
        assess(text, "PK").certain().map(|hit| format!("{} {}", hit.reason(), hit.column())).collect()
    }

    #[test]
    fn whole_entry_controls_apply() {
        assert_eq!(certain("2B350"), ["CB CB2"]);
        assert_eq!(certain("3A225"), ["NP NP1"]);
        assert_eq!(certain("3A001.a.2"), ["NS NS2"]);
        assert_eq!(certain("3A001.z.1.a"), ["NS NS2", "RS "]);
        assert_eq!(certain("2B910"), ["NS ", "RS "]);
    }

    #[test]
    fn anti_terrorism_alone_and_rules_of_their_own_give_nothing() {
        for eccn in ["4A994", "3A991", "3A992.a", "2B999", "1B999", "9E999"] {
            assert!(assess(eccn, "PK").controls.is_empty(), "{eccn}");
        }
    }

    #[test]
    fn excepted_paragraphs_decide() {
        assert_eq!(certain("3A611.a"), ["NS NS1", "RS RS1"]);
        assert!(assess("3A611.y.1", "PK").controls.is_empty());
        let undecided = assess("3A611", "PK");
        assert_eq!(undecided.certain().count(), 0);
        assert_eq!(
            undecided.controls[0].certainty,
            Certainty::MayApply(
                "it excepts 3A611.y and the paragraph declared does not say which it is".into()
            )
        );
    }

    #[test]
    fn groups_are_computed_and_missing_groups_are_not_invented() {
        // 3A090.c is controlled to D:5, where Pakistan is not; 3A090.b to D:4, where it is.
        assert!(certain("3A090.b").contains(&"RS ".to_owned()));
        assert!(!certain("3A090.c").contains(&"RS ".to_owned()));
        let elsewhere = assess("3A090.b", "VN");
        let by_group =
            elsewhere.controls.iter().find(|hit| hit.basis().starts_with("Country Groups")).unwrap();
        assert_eq!(
            by_group.certainty,
            Certainty::MayApply("the data does not settle whether the control reaches VN".into())
        );
    }

    #[test]
    fn what_the_entry_says_of_its_exceptions_is_told() {
        assert_eq!(
            assess("2B350", "PK").list_based_exceptions(),
            "LVS: yes, on conditions in the entry; GBS: N/A in 2B350"
        );
        assert_eq!(assess("9E999", "PK").list_based_exceptions(), "");
    }
}
