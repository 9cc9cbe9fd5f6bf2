//! Turns the files of a rule base into the law of a run, or into the list of everything that is wrong with them.

use super::Rulebase;
use super::ccl::Ccl;
use super::closed_list::ClosedList;
use super::examples::Example;
use super::files::RuleFiles;
use super::license_codes::LicenseCodes;
use super::organizations::{self, Organization};
use super::party_lists::PartyLists;
use super::party_words::PartyWords;
use super::problem::Problem;
use super::provisions::{Affiliates, EntityRule, FilingExemption, Jurisdiction, Windows};
use super::raw::RawRule;
use super::red_flags::RedFlags;
use super::requirement::Requirement;
use super::rule::{Reader, Rule, Window};

/// The rules read so far, by kind.
#[derive(Default)]
struct Loaded {
    requirements: Vec<Requirement>,
    closed_lists: Vec<ClosedList>,
    chart_rule: Option<Rule>,
    entity_rule: Option<EntityRule>,
    filing_exemption: Option<FilingExemption>,
    jurisdiction: Option<Jurisdiction>,
    affiliates: Option<Affiliates>,
    red_flags: Option<RedFlags>,
    party_lists: Option<PartyLists>,
    date_rule: Option<Rule>,
    examples: Vec<Example>,
}

/// The kinds of rule, and the table each needs.
const KINDS: [(&str, Option<&str>); 10] = [
    ("license-requirement", Some("requirement")),
    ("closed-list", Some("closed_list")),
    ("country-chart", None),
    ("entity-list", Some("entity_list")),
    ("filing-exemption", Some("filing_exemption")),
    ("jurisdiction", Some("jurisdiction")),
    ("affiliates", Some("affiliates")),
    ("red-flags", Some("red_flags")),
    ("party-lists", Some("party_lists")),
    ("record-dates", None),
];

/// Loads everything.
pub(super) fn load(files: &RuleFiles) -> Result<Rulebase, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut loaded = Loaded::default();
    for file in files.rules() {
        let mut reader = Reader { file: &file.path, text: &file.text, problems: &mut problems };
        if let Some(raw) = reader.raw() {
            loaded.add(&mut reader, &raw);
        }
    }
    let license_codes = LicenseCodes::read_tables(files, &mut problems);
    let ccl = Ccl::read(files, &mut problems);
    let party = (PartyWords::read(files, &mut problems), organizations::read(files, &mut problems));
    let rulebase = loaded.complete(files, license_codes, ccl, party, &mut problems);
    problems.sort();
    problems.dedup();
    match rulebase {
        Some(rulebase) if problems.is_empty() => Ok(rulebase),
        _ => Err(problems),
    }
}

impl Loaded {
    /// Adds the rule of one file.
    fn add(&mut self, reader: &mut Reader<'_>, raw: &RawRule) {
        let rule = reader.rule(raw);
        self.examples.extend(reader.examples(raw, &rule));
        let kind = raw.kind.get_ref().as_str();
        let at = raw.kind.span().start;
        let Some((_, needed)) = KINDS.iter().find(|(name, _)| *name == kind) else {
            let known: Vec<_> = KINDS.iter().map(|(name, _)| *name).collect();
            reader.problem(at, format!("`{kind}` is no kind of rule; write one of {}", known.join(", ")));
            return;
        };
        for (name, there, offset) in tables(raw) {
            if there && Some(name) != *needed {
                reader.problem(offset, format!("a rule of kind `{kind}` has no table `[{name}]`"));
            } else if !there && Some(name) == *needed {
                reader.problem(at, format!("a rule of kind `{kind}` needs a table `[{name}]`"));
            }
        }
        match kind {
            "license-requirement" => self.requirements.extend(
                raw.requirement.as_ref().and_then(|raw| Requirement::read(reader, rule, raw.get_ref())),
            ),
            "closed-list" => {
                self.closed_lists.extend(
                    raw.closed_list.as_ref().map(|raw| ClosedList::read(reader, rule, raw.get_ref())),
                );
            }
            "country-chart" => self.chart_rule = Some(rule),
            "entity-list" => {
                self.entity_rule =
                    raw.entity_list.as_ref().map(|raw| EntityRule::read(reader, rule, raw.get_ref()));
            }
            "filing-exemption" => {
                self.filing_exemption = raw
                    .filing_exemption
                    .as_ref()
                    .map(|raw| FilingExemption::read(reader, rule, raw.get_ref()));
            }
            "jurisdiction" => {
                self.jurisdiction =
                    raw.jurisdiction.as_ref().and_then(|raw| Jurisdiction::read(reader, rule, raw.get_ref()));
            }
            "affiliates" => {
                self.affiliates =
                    raw.affiliates.as_ref().map(|raw| Affiliates::read(reader, rule, raw.get_ref()));
            }
            "red-flags" => {
                self.red_flags =
                    raw.red_flags.as_ref().and_then(|raw| RedFlags::read(reader, rule, raw.get_ref()));
            }
            "party-lists" => {
                self.party_lists =
                    raw.party_lists.as_ref().map(|raw| PartyLists::read(reader, rule, raw.get_ref()));
            }
            _ => self.date_rule = Some(rule),
        }
    }

    /// The rule base, where every kind that must be there is there.
    fn complete(
        mut self,
        files: &RuleFiles,
        license_codes: LicenseCodes,
        ccl: Ccl,
        (party_words, organizations): (PartyWords, Vec<Organization>),
        problems: &mut Vec<Problem>,
    ) -> Option<Rulebase> {
        self.check_references(&license_codes, problems);
        let windows = self.windows(problems);
        let missing = |kind: &str| {
            Problem::with_file(
                "rules",
                format!("no rule of kind `{kind}` could be read; the program needs one"),
            )
        };
        if self.requirements.is_empty() {
            problems.push(missing("license-requirement"));
        }
        let mut need = |kind: &str, there: bool| {
            if !there {
                problems.push(missing(kind));
            }
        };
        need("country-chart", self.chart_rule.is_some());
        need("entity-list", self.entity_rule.is_some());
        need("filing-exemption", self.filing_exemption.is_some());
        need("jurisdiction", self.jurisdiction.is_some());
        need("affiliates", self.affiliates.is_some());
        need("red-flags", self.red_flags.is_some());
        need("party-lists", self.party_lists.is_some());
        need("record-dates", self.date_rule.is_some());
        self.requirements.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
        self.examples.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        Some(Rulebase {
            source: files.source.clone(),
            sha256: files.sha256(),
            requirements: self.requirements,
            closed_lists: self.closed_lists,
            chart_rule: self.chart_rule?,
            entity_rule: self.entity_rule?,
            filing_exemption: self.filing_exemption?,
            jurisdiction: self.jurisdiction?,
            affiliates: self.affiliates?,
            red_flags: self.red_flags?,
            party_lists: self.party_lists?,
            date_rule: self.date_rule?,
            windows: windows?,
            examples: self.examples,
            license_codes,
            party_words,
            organizations,
            ccl,
        })
    }

    /// Closed lists name a requirement that exists and symbols that the table of codes knows.
    fn check_references(&self, codes: &LicenseCodes, problems: &mut Vec<Problem>) {
        for list in &self.closed_lists {
            if !self.requirements.iter().any(|requirement| requirement.rule.id == list.requirement) {
                problems.push(Problem::with_file(
                    &list.rule.file,
                    format!(
                        "no license requirement `{}`; `requirement` is the id of another rule",
                        list.requirement
                    ),
                ));
            }
            for open in &list.open {
                if codes.by_symbol(&open.symbol).is_none_or(|entry| entry.section != open.section) {
                    problems.push(Problem::with_file(
                        &list.rule.file,
                        format!(
                            "{} with section {} is not in license_codes.csv; add the symbol there",
                            open.symbol, open.section
                        ),
                    ));
                }
            }
        }
    }

    fn windows(&self, problems: &mut Vec<Problem>) -> Option<Windows> {
        let mut find = |rule: Option<&Rule>, name: &str| -> Option<Window> {
            let rule = rule?;
            let window = rule.windows.iter().find(|window| window.name == name).cloned();
            if window.is_none() {
                problems.push(Problem::with_file(
                    &rule.file,
                    format!("no `[[window]]` is named `{name}`; the program needs its days"),
                ));
            }
            window
        };
        let entity = self.entity_rule.as_ref().map(|rule| &rule.rule);
        let substituted_date = find(self.date_rule.as_ref(), "substituted-date");
        let listing_uncertain = find(entity, "listing-uncertain");
        let listing_savings = find(entity, "listing-savings");
        let list_age = find(entity, "list-age");
        let new_buyer = find(self.red_flags.as_ref().map(|flags| &flags.rule), "new-buyer");
        Some(Windows {
            substituted_date: substituted_date?,
            listing_uncertain: listing_uncertain?,
            listing_savings: listing_savings?,
            list_age: list_age?,
            new_buyer: new_buyer?,
        })
    }
}

/// The tables a rule file may have: name, whether it is there, where.
fn tables(raw: &RawRule) -> [(&'static str, bool, usize); 8] {
    fn of<T>(name: &'static str, table: Option<&toml::Spanned<T>>) -> (&'static str, bool, usize) {
        (name, table.is_some(), table.map_or(0, |table| table.span().start))
    }
    [
        of("requirement", raw.requirement.as_ref()),
        of("closed_list", raw.closed_list.as_ref()),
        of("entity_list", raw.entity_list.as_ref()),
        of("filing_exemption", raw.filing_exemption.as_ref()),
        of("jurisdiction", raw.jurisdiction.as_ref()),
        of("affiliates", raw.affiliates.as_ref()),
        of("red_flags", raw.red_flags.as_ref()),
        of("party_lists", raw.party_lists.as_ref()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(path: &str, text: &str) -> Vec<String> {
        let files = RuleFiles::embedded().with(path, text);
        match load(&files) {
            Ok(rulebase) => rulebase.lint().iter().map(Problem::to_string).collect(),
            Err(problems) => problems.iter().map(Problem::to_string).collect(),
        }
    }

    /// The text of an embedded file.
    fn embedded(path: &'static str) -> String {
        RuleFiles::embedded().table(path).1.to_owned()
    }

    #[test]
    fn everything_wrong_with_a_rule_is_said_at_once() {
        let bad = r#"id = "pk-2025"
kind = "license-requirement"
title = ""
checked_on = 2024-12-31
about = ["LR01", "LR99"]
text = "Some text."

[text_read]
from = 2025-01-01
until = 2024-01-01
note = "Nothing."

[requirement]
destination = "Pakistan"
reason = "RS"
eccns = ["3A992", "3a999"]
except_eccns = ["2B999.h.2"]

[[version]]
state = "maybe"
published = 2025-01-02
printed_effective = 2025-01-01
effective = { from = 2025-01-10, until = 2025-06-01 }
cites = ["742.6(a)(12)"]

[[version]]
effective = { from = 2025-07-01, until = 2025-08-01 }
cites = []

[[version]]
effective = { from = 2025-07-15 }
cites = ["89 FR 93164"]

[[example]]
name = "a field that no record has"
date_of_export = 2025-01-10
ecn = "3A992"
quantity = 5
expect = ["LR03", "XX01"]

[[example]]
date_of_export = 2025-01-09
eccn = "3A992"
expect = []

[[example]]
name = "no date"
eccn = "3A992"
expect = ["LR01"]
"#;
        assert_eq!(
            problems("rules/pk-2025-rs.toml", bad),
            [
                "rules/pk-2025-rs.toml:1:6: the id is `pk-2025` and the file is called `pk-2025-rs.toml`; make them the \
                 same",
                "rules/pk-2025-rs.toml:3:9: `title` is empty; say it in your own words",
                "rules/pk-2025-rs.toml:5:18: `LR99` is no finding code; `lookback explain` lists them",
                "rules/pk-2025-rs.toml:8:1: the period ends before it begins; `until` is the first day it no longer \
                 holds",
                "rules/pk-2025-rs.toml:14:15: `destination` must be a two-letter ISO country code",
                "rules/pk-2025-rs.toml:16:19: `3a999` is not an ECCN as the data writes it, `2B999.h.2`",
                "rules/pk-2025-rs.toml:17:17: 2B999.h.2 is excepted from nothing in `eccns`",
                "rules/pk-2025-rs.toml:19:1: `checked_on` (2024-12-31) lies before this version was published",
                "rules/pk-2025-rs.toml:19:1: `printed_effective` stands without `corrected`; say which notice changed \
                 the date",
                "rules/pk-2025-rs.toml:20:9: `maybe` must be `in-force`, `suspended` or `unverified`",
                "rules/pk-2025-rs.toml:24:10: `742.6(a)(12)` is not a citation; write `15 CFR 742.6(a)(12)`, \
                 `Supplement No. 4 to 15 CFR Part 744` or `89 FR 93164`",
                "rules/pk-2025-rs.toml:26:1: no version speaks of the days from 2025-06-01 to 2025-07-01; write one, \
                 with `state = \"suspended\"` if the rule did not bind",
                "rules/pk-2025-rs.toml:28:9: `cites` is empty; every version names its law",
                "rules/pk-2025-rs.toml:30:1: this version begins on 2025-07-15 and the one before it ends on \
                 2025-08-01; both would hold",
                "rules/pk-2025-rs.toml:37:1: `ecn` is no field of a record; `lookback columns` lists the names",
                "rules/pk-2025-rs.toml:38:1: `quantity` must be a text in quotes, as a cell of a spreadsheet would hold \
                 it",
                "rules/pk-2025-rs.toml:39:1: LR03 is expected but not among the codes of `about`; add it there",
                "rules/pk-2025-rs.toml:39:1: `XX01` is no finding code; `lookback explain` lists them",
                "rules/pk-2025-rs.toml:41:1: an example needs a `name` and an `expect`; `expect = []` says that nothing \
                 is found",
                "rules/pk-2025-rs.toml:46:1: an example needs a `date_of_export`; what the law requires depends on the \
                 day",
            ]
        );
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_place() {
        let text =
            RuleFiles::embedded().rules().next().unwrap().text.replace("threshold_percent", "treshold");
        let found = problems("rules/affiliates.toml", &text);
        assert_eq!(found.len(), 2, "{found:#?}");
        assert_eq!(found[0], "rules: no rule of kind `affiliates` could be read; the program needs one");
        assert!(found[1].starts_with("rules/affiliates.toml:"), "{}", found[1]);
        assert!(found[1].contains("unknown field `treshold`"), "{}", found[1]);
        assert!(found[1].ends_with("; see the field table in README.md"), "{}", found[1]);
    }

    #[test]
    fn tables_are_checked_against_their_vocabulary() {
        let controls = embedded("ccl/controls.csv")
            .replacen("0A501,UN,destination,,entire", "0A501,UN,destinations,,entire", 1)
            .replacen("0A503,CC,worldwide,,entire", "0A503,CC,worldwide,,whole", 1)
            .replacen("2B350,CB,country-chart,CB2", "2B350,CB,country-chart,CB7", 1);
        let found = problems("ccl/controls.csv", &controls);
        let messages: Vec<_> =
            found.iter().map(|text| text.split_once(": ").map_or("", |(_, rest)| rest)).collect();
        assert_eq!(
            messages,
            [
                "column `basis`: `destinations` must be country-chart, country-group, worldwide, destination, rule or \
                 other",
                "column `extent`: `whole` must be entire, covers, except or unclear",
                "column `on`: `CB7` is no column of ccl/country_chart.csv",
            ]
        );
    }

    #[test]
    fn lints_find_what_loads_and_is_still_wrong() {
        let rule = embedded("rules/pk-rs-2024.toml")
            .replace("date_of_export = 2024-12-25", "date_of_export = 2024-12-24")
            .replace("\"6A996\"]", "\"6A996\", \"0A998\"]");
        assert_eq!(
            problems("rules/pk-rs-2024.toml", &rule),
            [
                "rules/pk-rs-2024.toml: ccl/controls.csv has no row for 0A998 with basis `rule` and `pk-rs-2024`; \
                 without it the control would be reported twice",
                "rules/pk-rs-2024.toml:34:1: no example is dated 2024-12-25, the day before it took effect; add one",
            ]
        );
        let chart =
            embedded("ccl/country_chart.csv").replace("PK,Pakistan,CB1;CB2;CB3;", "PK,Pakistan,CB1;CB2;");
        let found = problems("ccl/country_chart.csv", &chart);
        assert_eq!(
            found,
            [
                "ccl/controls.csv:401:1: column `destinations`: the chart and the groups do not yield what is recorded for \
              PK; read the entry again"
            ]
        );
    }

    #[test]
    fn the_example_of_the_guide_is_a_rule_that_loads() {
        let guide = include_str!("../../data/README.md");
        let template = guide.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        assert_eq!(
            problems("rules/pk-rs-2027.toml", template),
            [
                "rules/pk-rs-2027.toml: ccl/controls.csv has no row for 4A994 with basis `rule` and `pk-rs-2027`; \
                 without it the control would be reported twice"
            ]
        );
    }
}
