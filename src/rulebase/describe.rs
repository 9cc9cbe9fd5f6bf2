//! The rule base in words: what `lookback rules` prints, and what a report's Method sheet shows.

use std::fmt::Write as _;

use crate::effective::{Date, Period};
use crate::run::{RuleRecord, RulesRecord, TurningDay};

use super::Rulebase;
use super::rule::{Rule, State, Version};

const WIDTH: usize = 100;

impl Rulebase {
    /// The rules as a run's record holds them.
    pub fn record(&self) -> RulesRecord {
        RulesRecord {
            source: self.source().to_owned(),
            sha256: self.sha256().to_owned(),
            items_sha256: String::new(),
            rules: self.rules().into_iter().map(record_of).collect(),
            turning_days: self.turning_days(),
        }
    }

    /// The days on which license requirements began, ended, or were first printed to begin.
    fn turning_days(&self) -> Vec<TurningDay> {
        let versions = self.requirements().iter().flat_map(|requirement| &requirement.rule.versions);
        let mut days: Vec<TurningDay> = versions
            .flat_map(|version| {
                let law = version.citations.first().map_or_else(String::new, ToString::to_string);
                [
                    (version.effective.from, format!("{law}: {}", version.state.name())),
                    (version.effective.until, format!("{law}: no longer")),
                    (version.printed_effective, format!("{law}: date first printed")),
                ]
            })
            .filter_map(|(day, what)| Some(TurningDay { day: day?.to_string(), what }))
            .collect();
        days.sort_by(|a, b| (&a.day, &a.what).cmp(&(&b.day, &b.what)));
        days
    }

    /// The rules in words, those in force on a day first where one is given; wrapped at 100 columns.
    pub fn describe(&self, on: Option<Date>) -> String {
        let mut out = String::new();
        let heading = match on {
            Some(day) => format!("The law as it stood on {day}, as this rule base has it"),
            None => "The rule base, all versions".to_owned(),
        };
        let _ = writeln!(out, "{heading}\nRules: {}, SHA-256 {}", self.source(), self.sha256());
        for rule in self.rules() {
            out.push('\n');
            self.describe_rule(rule, on, &mut out);
        }
        out
    }

    fn describe_rule(&self, rule: &Rule, on: Option<Date>, out: &mut String) {
        wrap(out, "", "", &format!("{}: {}", rule.id, rule.title));
        match on {
            Some(day) => describe_day(rule, day, out),
            None => {
                for version in &rule.versions {
                    wrap(out, "  ", "    ", &in_force(version));
                    describe_dates(version, out);
                }
            }
        }
        wrap(out, "  ", "  ", &rule.text);
        if let Some(list) = self.closed_lists.iter().find(|list| list.rule.id == rule.id) {
            for open in &list.open {
                wrap(
                    out,
                    "  open: ",
                    "        ",
                    &format!("{} {}, {}", open.symbol, open.citation(), open.title),
                );
            }
        }
        for window in &rule.windows {
            let whose = if window.law { "set by the law" } else { "this program's choice" };
            wrap(out, "  window: ", "    ", &format!("{} days, {whose}. {}", window.days, window.note));
        }
        wrap(out, "  text read: ", "    ", &text_read(rule));
        wrap(out, "  checked on: ", "    ", &rule.checked_on.to_string());
        for limit in &rule.not_modelled {
            wrap(out, "  left to a person: ", "    ", limit);
        }
        for limit in &rule.unverified {
            wrap(out, "  not verified: ", "    ", limit);
        }
    }
}

fn record_of(rule: &Rule) -> RuleRecord {
    RuleRecord {
        id: rule.id.clone(),
        title: rule.title.clone(),
        in_force: rule.versions.iter().map(in_force).collect(),
        citations: rule.versions.iter().flat_map(|version| &version.citations).fold(
            Vec::new(),
            |mut all, cite| {
                let text = cite.to_string();
                if !all.contains(&text) {
                    all.push(text);
                }
                all
            },
        ),
        checked_on: rule.checked_on.to_string(),
        text_read: text_read(rule),
        limits: rule
            .not_modelled
            .iter()
            .cloned()
            .chain(rule.unverified.iter().map(|text| format!("Not verified: {text}")))
            .collect(),
    }
}

/// What a rule was on one day.
fn describe_day(rule: &Rule, day: Date, out: &mut String) {
    let Some(version) = rule.version_on(day) else {
        let first = rule.first();
        let from = first.and_then(|version| version.effective.from);
        let state = match from.filter(|from| day < *from) {
            Some(from) => format!("not yet in force: it took effect on {from}"),
            None => "not in force on that day".to_owned(),
        };
        wrap(out, "  ", "    ", &format!("{state} ({})", rule.citations()));
        if let Some(version) = first.filter(|version| version.printed_but_not_effective(day)) {
            describe_dates(version, out);
        }
        return;
    };
    wrap(out, "  ", "    ", &in_force(version));
    describe_dates(version, out);
    if !rule.text_read.contains(day) {
        wrap(out, "  ", "    ", "This day lies outside the dates for which its text was read.");
    }
}

/// State, period and citations of a version, in one sentence.
fn in_force(version: &Version) -> String {
    let period = match version.effective {
        Period { from: None, until: None } => "on every day this rule base answers for".to_owned(),
        period => period.to_string(),
    };
    let state = match version.state {
        State::InForce => "in force".to_owned(),
        other => other.name().to_owned(),
    };
    format!("{state} {period} ({})", version.citations())
}

fn describe_dates(version: &Version, out: &mut String) {
    if let Some(published) = version.published {
        let mut dates = format!("published {published}");
        if let Some(printed) = version.printed_effective {
            let _ = write!(dates, "; effective date as printed {printed}");
        }
        if let Some(correction) = &version.corrected {
            let _ = write!(dates, ", corrected on {} by {}", correction.on, correction.by);
        }
        wrap(out, "  ", "    ", &dates);
    }
    if !version.note.is_empty() {
        wrap(out, "  ", "    ", &version.note);
    }
    if let Some(savings) = &version.savings {
        wrap(out, "  savings clause: ", "    ", &savings.note);
    }
}

fn text_read(rule: &Rule) -> String {
    let period = match rule.text_read {
        Period { from: None, until: Some(until) } => format!("for exports before {until}"),
        Period { from: Some(from), until: Some(until) } => {
            format!("for exports from {from} and before {until}")
        }
        Period { from: Some(from), until: None } => format!("for exports from {from}"),
        Period { from: None, until: None } => "for all exports".to_owned(),
    };
    format!("{period}. {}", rule.text_read_note)
}

/// Writes text in lines of at most 100 columns, the first after `first`, the others after `rest`.
fn wrap(out: &mut String, first: &str, rest: &str, text: &str) {
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            out.push_str(line.trim_end());
            out.push('\n');
            rest.clone_into(&mut line);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_before_the_corrected_date_says_why_the_printed_one_was_wrong() {
        let text = Rulebase::embedded().unwrap().describe(Some(date(2024, 12, 1)));
        for said in [
            "not yet in force: it took effect on 2024-12-26",
            "effective date as printed 2024-11-25, corrected on 2024-11-29 by 89 FR",
            "not verified: The words of the correction",
        ] {
            assert!(text.contains(said), "{said}\n{text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
    }

    #[test]
    fn a_day_in_force_names_period_citations_and_open_paragraphs() {
        let text = Rulebase::embedded().unwrap().describe(Some(date(2025, 3, 3)));
        for said in [
            "  in force from 2024-12-26 (15 CFR 742.6(a)(12); 89 FR 93164; 89 FR 94603)",
            "  open: TMP 15 CFR 740.9(a)(1), tools of trade",
            "This day lies outside the dates for which its text was read.",
        ] {
            assert!(text.contains(said), "{said}\n{text}");
        }
    }

    #[test]
    fn the_record_holds_every_rule_with_its_limits() {
        let rulebase = Rulebase::embedded().unwrap();
        let record = rulebase.record();
        let ids: Vec<_> = record.rules.iter().map(|rule| rule.id.as_str()).collect();
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        assert_eq!(ids, sorted);
        assert_eq!(record.rules.len(), rulebase.rules().len());
        let suspended = record.rules.iter().find(|rule| rule.id == "affiliates").unwrap();
        assert_eq!(suspended.in_force[1], "suspended from 2025-11-10 until 2026-11-10 (90 FR 50857)");
        assert!(
            suspended.limits.iter().any(|limit| limit.starts_with("Not verified: Whether the suspension"))
        );
    }
}
