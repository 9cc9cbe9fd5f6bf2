//! Which countries a control reaches: the Country Chart's marks and the country groups.

use std::collections::{BTreeMap, BTreeSet};

use crate::codes::CountryCode;
use crate::effective::Date;

use super::files::RuleFiles;
use super::problem::Problem;
use super::table::Table;

/// The Country Chart and the country groups.
#[derive(Debug, Clone, Default)]
pub(super) struct Countries {
    marks: BTreeMap<CountryCode, (BTreeSet<String>, Option<Date>)>,
    groups: BTreeMap<CountryCode, (BTreeSet<String>, Option<Date>)>,
}

/// What is known of a control and a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The control reaches the country; since when that was read.
    Yes(Option<Date>),
    /// It does not.
    No,
    /// The data does not say.
    Unknown,
}

/// Country groups a control names, and groups it leaves out: `D:1;D:4;D:5 except A:5;A:6`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GroupTest {
    named: Vec<String>,
    except: Vec<String>,
}

impl GroupTest {
    /// Reads what the column `on` of a control holds.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (named, except) = text.split_once(" except ").unwrap_or((text, ""));
        let list =
            |part: &str| part.split(';').filter(|group| !group.is_empty()).map(str::to_owned).collect();
        let groups = Self { named: list(named), except: list(except) };
        let all_known = groups.named.iter().chain(&groups.except).all(|group| is_group(group));
        (!groups.named.is_empty() && all_known).then_some(groups)
    }
}

/// `B`, `D:4`.
fn is_group(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes, [b'A'..=b'E']) || matches!(bytes, [b'A'..=b'E', b':', b'1'..=b'9'])
}

impl Countries {
    pub(super) fn read(files: &RuleFiles, problems: &mut Vec<Problem>) -> Self {
        let mut countries = Self::default();
        let chart = Table::read(
            files.table("ccl/country_chart.csv"),
            &["country", "name", "marks", "known_from"],
            1,
            problems,
        );
        for row in chart.rows() {
            let known_from = row.date("known_from", problems);
            let marks = row.list("marks").map(str::to_owned).collect();
            match CountryCode::new(row.get("country")) {
                Some(code) => {
                    countries.marks.insert(code, (marks, known_from));
                }
                None => problems.push(row.problem("country", "must be a two-letter ISO country code")),
            }
        }
        let groups = Table::read(
            files.table("ccl/country_groups.csv"),
            &["country", "groups", "known_from"],
            1,
            problems,
        );
        for row in groups.rows() {
            let known_from = row.date("known_from", problems);
            if let Some(odd) = row.list("groups").find(|group| !is_group(group)) {
                problems
                    .push(row.problem("groups", &format!("`{odd}` is no country group; write `B` or `D:4`")));
            }
            let held = row.list("groups").map(str::to_owned).collect();
            match CountryCode::new(row.get("country")) {
                Some(code) => {
                    countries.groups.insert(code, (held, known_from));
                }
                None => problems.push(row.problem("country", "must be a two-letter ISO country code")),
            }
        }
        countries
    }

    /// Whether any country is marked in this column, that is, whether the chart has it.
    pub(super) fn has_column(&self, column: &str) -> bool {
        column.starts_with("AT") || self.marks.values().any(|(marks, _)| marks.contains(column))
    }

    /// Whether the country is marked in the column.
    pub(super) fn marked(&self, country: CountryCode, column: &str) -> Reach {
        match self.marks.get(&country) {
            Some((marks, known_from)) if marks.contains(column) => Reach::Yes(*known_from),
            Some(_) => Reach::No,
            None => Reach::Unknown,
        }
    }

    /// Whether the country is in the groups named and in none of those left out.
    pub(super) fn grouped(&self, country: CountryCode, groups: &GroupTest) -> Reach {
        let Some((held, known_from)) = self.groups.get(&country) else { return Reach::Unknown };
        let holds = |group: &String| held.contains(group);
        if groups.named.iter().any(holds) && !groups.except.iter().any(holds) {
            Reach::Yes(*known_from)
        } else {
            Reach::No
        }
    }
}
