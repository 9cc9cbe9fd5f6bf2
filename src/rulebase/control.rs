//! One line of an entry's table of controls: what its reach depends on, and which paragraphs it bears on.
//!
//! Which countries that reaches is `chart`; the list as a whole is `ccl`.

use crate::citation;
use crate::codes::{CountryCode, Eccn};
use crate::effective::Date;

use super::assessment::Certainty;
use super::chart::{Countries, GroupTest, Reach};
use super::problem::Problem;
use super::table::TableRow;

/// A line of an entry's table of controls.
#[derive(Debug, Clone)]
pub(super) struct Control {
    pub(super) eccn: String,
    pub(super) reason: String,
    pub(super) basis: Basis,
    extent: Extent,
    paragraphs: Vec<Eccn>,
    pub(super) recorded: Vec<(CountryCode, Recorded)>,
    pub(super) citations: String,
    pub(super) known_from: Option<Date>,
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
impl Control {
    pub(super) fn read(
        row: TableRow<'_>,
        countries: &Countries,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
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

    pub(super) fn recorded_reach(&self, country: CountryCode) -> Reach {
        match self.recorded_for(country) {
            Some(Recorded::Reached) => Reach::Yes(None),
            Some(Recorded::NotReached) => Reach::No,
            Some(Recorded::NotClear) | None => Reach::Unknown,
        }
    }

    /// Whether the control bears on the declared item; none where it is settled that it does not.
    pub(super) fn bears_on(&self, declared: &Eccn) -> Option<Certainty> {
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
