//! The Commerce Control List: its entries, and which of an entry's controls reach a country.
//!
//! Reads and answers; whether a line is an exception or a review on that account is decided by the check. What an
//! entry's paragraphs are about, in goods, stands in `items`.

use std::collections::BTreeMap;

use crate::citation;
use crate::codes::{CountryCode, Eccn};
use crate::effective::Date;

use super::chart::{Countries, GroupTest, Reach};
use super::files::RuleFiles;
use super::problem::Problem;
use super::table::{Table, TableRow};

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

/// A line of an entry's table of controls.
#[derive(Debug, Clone)]
pub(super) struct Control {
    pub(super) eccn: String,
    reason: String,
    pub(super) basis: Basis,
    extent: Extent,
    paragraphs: Vec<Eccn>,
    pub(super) recorded: Vec<(CountryCode, Recorded)>,
    citations: String,
    known_from: Option<Date>,
    pub(super) line: u32,
}

/// What a control's reach depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Basis {
    Chart(String),
    Groups(GroupTest, String),
    Worldwide,
    Destinations,
    /// Stands in a rule of its own and is judged there.
    Rule(String),
    Other,
}

/// How the paragraphs a control mentions bear on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Entire,
    Covers,
    Except,
    Unclear,
}

/// What a person read about one country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recorded {
    Reached,
    NotReached,
    NotClear,
}

/// The controls of one item that reach, or may reach, one country.
#[derive(Debug, Clone)]
pub struct CclAssessment<'a> {
    /// The entry; none where the list has no such entry.
    pub entry: Option<&'a Entry>,
    /// The controls, certain ones first.
    pub controls: Vec<ControlHit<'a>>,
}

impl<'a> CclAssessment<'a> {
    /// Whether the exceptions that the entry itself opens are available, in words; empty for an unknown entry.
    pub fn list_based_exceptions(&self) -> String {
        self.entry.map(Entry::list_based_exceptions).unwrap_or_default()
    }

    /// The controls that apply for certain.
    pub fn certain(&self) -> impl Iterator<Item = &ControlHit<'a>> {
        self.controls.iter().filter(|hit| hit.certainty == Certainty::Applies)
    }
}

/// A control that reaches the country.
#[derive(Debug, Clone)]
pub struct ControlHit<'a> {
    control: &'a Control,
    country: CountryCode,
    /// Since when the control was read; before that day nothing is claimed.
    pub known_from: Option<Date>,
    /// Since when the chart or the country groups were read.
    pub country_known_from: Option<Date>,
    /// Whether it applies to the declared item.
    pub certainty: Certainty,
}

impl<'a> ControlHit<'a> {
    /// The reason, `NS`.
    pub fn reason(&self) -> &'a str {
        &self.control.reason
    }

    /// The Country Chart column, `NS2`; empty where the chart does not decide.
    pub fn column(&self) -> &'a str {
        match &self.control.basis {
            Basis::Chart(column) => column,
            _ => "",
        }
    }

    /// Why it reaches the country, in words.
    pub fn basis(&self) -> String {
        match &self.control.basis {
            Basis::Chart(column) => format!("Country Chart, {column}, marked for {}", self.country),
            Basis::Groups(_, text) => format!("Country Groups {text}"),
            Basis::Worldwide => "applies worldwide".to_owned(),
            Basis::Destinations => "destinations the entry names".to_owned(),
            Basis::Rule(rule) => format!("stands in the rule {rule}"),
            Basis::Other => "as the entry says, not by the Country Chart".to_owned(),
        }
    }

    /// Citations joined by `; `; empty where the Country Chart decides and the entry cites nothing.
    pub fn citations(&self) -> &'a str {
        &self.control.citations
    }
}

/// Whether a control applies to the item as declared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It does.
    Applies,
    /// It may, for the reason given in words.
    MayApply(String),
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
        Some(ControlHit { control, country, known_from: control.known_from, country_known_from, certainty })
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

impl Control {
    fn read(row: TableRow<'_>, countries: &Countries, problems: &mut Vec<Problem>) -> Option<Self> {
        let on = row.get("on");
        let basis = match row.get("basis") {
            "country-chart" => {
                if !countries.has_column(on) {
                    problems
                        .push(row.problem("on", &format!("`{on}` is no column of ccl/country_chart.csv")));
                }
                Basis::Chart(on.to_owned())
            }
            "country-group" => {
                let Some(groups) = GroupTest::read(on) else {
                    problems.push(row.problem("on", &format!("`{on}` must read like `D:1;D:4 except A:5`")));
                    return None;
                };
                Basis::Groups(groups, on.replace(';', ", "))
            }
            "worldwide" => Basis::Worldwide,
            "destination" => Basis::Destinations,
            "rule" => Basis::Rule(on.to_owned()),
            "other" => Basis::Other,
            other => {
                problems.push(row.problem(
                    "basis",
                    &format!(
                        "`{other}` must be country-chart, country-group, worldwide, destination, rule or other"
                    ),
                ));
                return None;
            }
        };
        let extent = match row.get("extent") {
            "entire" => Extent::Entire,
            "covers" => Extent::Covers,
            "except" => Extent::Except,
            "unclear" => Extent::Unclear,
            other => {
                problems.push(
                    row.problem("extent", &format!("`{other}` must be entire, covers, except or unclear")),
                );
                return None;
            }
        };
        let paragraphs: Vec<_> = row.list("paragraphs").filter_map(Eccn::canonical).collect();
        if paragraphs.len() != row.list("paragraphs").count() {
            problems.push(row.problem("paragraphs", "each must be an ECCN with its paragraph, `2B999.h.2`"));
        }
        let own = paragraphs.iter().all(|paragraph| paragraph.entry() == row.get("eccn"));
        if matches!(extent, Extent::Covers | Extent::Except) && (paragraphs.is_empty() || !own) {
            problems.push(row.problem(
                "extent",
                "`covers` and `except` need paragraphs of the entry itself; write `unclear` where they are not",
            ));
        }
        Some(Self {
            eccn: row.get("eccn").to_owned(),
            reason: row.get("reason").to_owned(),
            basis,
            extent,
            paragraphs,
            recorded: row
                .list("destinations")
                .filter_map(|text| read_recorded(row, text, problems))
                .collect(),
            citations: citation::join(&row.citations("citations", problems)),
            known_from: row.date("known_from", problems),
            line: row.line,
        })
    }

    pub(super) fn recorded_for(&self, country: CountryCode) -> Option<Recorded> {
        self.recorded.iter().find(|(code, _)| *code == country).map(|(_, recorded)| *recorded)
    }

    fn recorded_reach(&self, country: CountryCode) -> Reach {
        match self.recorded_for(country) {
            Some(Recorded::Reached) => Reach::Yes(None),
            Some(Recorded::NotReached) => Reach::No,
            Some(Recorded::NotClear) | None => Reach::Unknown,
        }
    }

    /// Whether the control bears on the declared item; none where it is settled that it does not.
    fn bears_on(&self, declared: &Eccn) -> Option<Certainty> {
        let within = self.paragraphs.iter().any(|paragraph| declared.is_within(paragraph));
        let above = self.paragraphs.iter().any(|paragraph| paragraph.is_within(declared));
        let list = || self.paragraphs.iter().map(Eccn::to_string).collect::<Vec<_>>().join(", ");
        match (self.extent, within, above) {
            (Extent::Entire, ..) | (Extent::Covers, true, _) | (Extent::Except, false, false) => {
                Some(Certainty::Applies)
            }
            (Extent::Except, true, _) | (Extent::Covers, false, false) => None,
            (Extent::Covers, false, true) => Some(Certainty::MayApply(format!(
                "it covers {} and the paragraph declared does not say which it is",
                list()
            ))),
            (Extent::Except, false, true) => Some(Certainty::MayApply(format!(
                "it excepts {} and the paragraph declared does not say which it is",
                list()
            ))),
            (Extent::Unclear, ..) if self.paragraphs.is_empty() => {
                Some(Certainty::MayApply("it covers part of the entry only".to_owned()))
            }
            (Extent::Unclear, ..) => Some(Certainty::MayApply(format!(
                "it covers part of the entry only; the entry's table mentions {}",
                list()
            ))),
        }
    }
}

/// `PK` is reached, `not PK` is not, `PK?` was read and is not clear.
fn read_recorded(
    row: TableRow<'_>,
    text: &str,
    problems: &mut Vec<Problem>,
) -> Option<(CountryCode, Recorded)> {
    let (code, recorded) = if let Some(code) = text.strip_prefix("not ") {
        (code, Recorded::NotReached)
    } else if let Some(code) = text.strip_suffix('?') {
        (code, Recorded::NotClear)
    } else {
        (text, Recorded::Reached)
    };
    let country = CountryCode::new(code);
    if country.is_none() {
        problems.push(row.problem("destinations", &format!("`{text}` must read `PK`, `not PK` or `PK?`")));
    }
    Some((country?, recorded))
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
