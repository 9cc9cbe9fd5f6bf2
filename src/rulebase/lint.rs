//! What a careful reader asks of a rule base that loads: are the days around each date shown by an example, do the
//! tables agree with one another, does every day get an answer.

use crate::effective::Date;

use super::Rulebase;
use super::chart::Reach;
use super::control::{Basis, Recorded};
use super::problem::Problem;
use super::rule::{Rule, State};

/// All lints.
pub(super) fn lint(rulebase: &Rulebase) -> Vec<Problem> {
    let mut problems = Vec::new();
    for rule in rulebase.rules() {
        days_around_are_shown(rulebase, rule, &mut problems);
    }
    eccns_exist(rulebase, &mut problems);
    computed_agrees_with_recorded(rulebase, &mut problems);
    problems.sort();
    problems
}

/// A rule with findings of its own shows the day before it began and its first day; where it ended, its last day and
/// the day after; and the last day of a search window and the day after.
fn days_around_are_shown(rulebase: &Rulebase, rule: &Rule, problems: &mut Vec<Problem>) {
    if rule.about.is_empty() {
        return;
    }
    let shown = |day: Date| {
        rulebase
            .examples()
            .iter()
            .any(|example| example.rule == rule.id && example.date_of_export() == Some(day))
    };
    if !rulebase.examples().iter().any(|example| example.rule == rule.id) {
        problems.push(Problem::with_file(
            &rule.file,
            "the rule has no `[[example]]`; add lines and what must be found",
        ));
        return;
    }
    for version in &rule.versions {
        if version.state != State::InForce {
            continue;
        }
        let mut wanted: Vec<(&str, Option<Date>)> = Vec::new();
        if let Some(from) = version.effective.from {
            wanted.push(("the day before it took effect", from.yesterday().ok()));
            wanted.push(("its first day", Some(from)));
        }
        if let Some(until) = version.effective.until {
            wanted.push(("its last day", until.yesterday().ok()));
            wanted.push(("the day after its last", Some(until)));
        }
        if let Some(savings) = &version.savings {
            let days = jiff::Span::new().days(i64::from(savings.search_days));
            let last = savings.en_route_on.checked_add(days).ok();
            wanted.push(("the last day of the search for goods en route", last));
            wanted.push(("the day after that search", last.and_then(|last| last.tomorrow().ok())));
        }
        for (what, day) in wanted {
            if let Some(day) = day.filter(|day| !shown(*day)) {
                problems.push(Problem::at(
                    &rule.file,
                    version.line,
                    1,
                    format!("no example is dated {day}, {what}; add one"),
                ));
            }
        }
    }
}

/// The entries a requirement names are on the list, and the list leaves their control to the requirement.
fn eccns_exist(rulebase: &Rulebase, problems: &mut Vec<Problem>) {
    for requirement in rulebase.requirements() {
        for eccn in requirement.eccns() {
            if rulebase.ccl().entry(eccn.entry()).is_none() {
                problems.push(Problem::with_file(
                    &requirement.rule.file,
                    format!("{eccn} is no entry of ccl/entries.csv; correct it or add the entry"),
                ));
            }
            let left_to_rule = rulebase.ccl().controls().iter().any(|control| {
                control.eccn == eccn.entry() && control.basis == Basis::Rule(requirement.rule.id.clone())
            });
            if !left_to_rule {
                problems.push(Problem::with_file(
                    &requirement.rule.file,
                    format!(
                        "ccl/controls.csv has no row for {eccn} with basis `rule` and `{}`; without it the control \
                         would be reported twice",
                        requirement.rule.id
                    ),
                ));
            }
        }
    }
    for control in rulebase.ccl().controls() {
        let Basis::Rule(id) = &control.basis else { continue };
        if !rulebase.requirements().iter().any(|requirement| requirement.rule.id == *id) {
            problems.push(Problem::at(
                "ccl/controls.csv",
                control.line,
                1,
                format!("column `on`: no license requirement is called `{id}`"),
            ));
        }
    }
}

/// What the chart and the groups yield is what a person read for the country.
fn computed_agrees_with_recorded(rulebase: &Rulebase, problems: &mut Vec<Problem>) {
    for control in rulebase.ccl().controls() {
        if matches!(control.basis, Basis::Rule(_) | Basis::Destinations | Basis::Other) {
            continue;
        }
        for (country, recorded) in &control.recorded {
            let reach = rulebase.ccl().reach(control, *country);
            let agrees = matches!(
                (reach, recorded),
                (Reach::Yes(_), Recorded::Reached) | (Reach::No, Recorded::NotReached)
            );
            if !agrees {
                problems.push(Problem::at(
                    "ccl/controls.csv",
                    control.line,
                    1,
                    format!(
                        "column `destinations`: the chart and the groups do not yield what is recorded for {country}; \
                         read the entry again"
                    ),
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::codes::{CountryCode, Eccn};

    use super::super::{Coverage, LicenseReading};
    use super::*;

    #[test]
    fn the_embedded_rule_base_has_nothing_to_mend() {
        let problems: Vec<_> = Rulebase::embedded().unwrap().lint().iter().map(Problem::to_string).collect();
        assert_eq!(problems, Vec::<String>::new());
    }

    #[test]
    fn every_day_gets_an_answer() {
        let rulebase = Rulebase::embedded().unwrap();
        let pakistan = CountryCode::new("PK").unwrap();
        let eccns: Vec<_> =
            ["3A992", "2B999.h.2", "3A001.b.2", "9A610.y", "3A090.c", "0A998", "9E999", "3D991"]
                .iter()
                .filter_map(|text| Eccn::canonical(text))
                .collect();
        let mut answers = 0;
        for year in 1998..=2026 {
            for month in 1..=12 {
                let day = date(year, month, 1);
                for rule in rulebase.rules() {
                    let speaking =
                        rule.versions.iter().filter(|version| version.effective.contains(day)).count();
                    assert!(speaking <= 1, "{} has {speaking} versions on {day}", rule.id);
                }
                for eccn in &eccns {
                    for requirement in rulebase.requirements() {
                        let covered = requirement.covers(eccn) != Coverage::NotCovered;
                        answers += usize::from(covered && requirement.rule.in_force(day).is_some());
                    }
                    assert!(rulebase.ccl().assess(eccn, pakistan).controls.len() < 20);
                }
                for text in ["NLR", "C32", "C30 D1234567", "TMP (a)(1)", "740.9(a)(1)", "", "???"] {
                    let reading = rulebase.license_codes().read(text, Some(day));
                    assert_eq!(reading == LicenseReading::Unknown, matches!(text, "" | "???"), "{text}");
                }
            }
        }
        // 3A992 and 2B999.h.2 are named, from January 2025 on.
        assert_eq!(answers, 2 * 24);
    }
}
