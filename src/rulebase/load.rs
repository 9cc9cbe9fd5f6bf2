//! Turns the files of a rule base into the law of a run, or into the list of everything that is wrong with them.

use super::Rulebase;
use super::ccl::Ccl;
use super::closed_list::ClosedList;
use super::examples::Example;
use super::files::RuleFiles;
use super::license_codes::LicenseCodes;
use super::problem::Problem;
use super::provisions::{Affiliates, EntityRule, FilingExemption, Jurisdiction, Windows};
use super::raw::RawRule;
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
    date_rule: Option<Rule>,
    examples: Vec<Example>,
}

/// The kinds of rule, and the table each needs.
const KINDS: [(&str, Option<&str>); 8] = [
    ("license-requirement", Some("requirement")),
    ("closed-list", Some("closed_list")),
    ("country-chart", None),
    ("entity-list", Some("entity_list")),
    ("filing-exemption", Some("filing_exemption")),
    ("jurisdiction", Some("jurisdiction")),
    ("affiliates", Some("affiliates")),
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
    let rulebase = loaded.complete(files, license_codes, ccl, &mut problems);
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
                    raw.jurisdiction.as_ref().map(|raw| Jurisdiction::read(rule, raw.get_ref()));
            }
            "affiliates" => {
                self.affiliates = raw.affiliates.as_ref().map(|raw| Affiliates::read(rule, raw.get_ref()));
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
            date_rule: self.date_rule?,
            windows: windows?,
            examples: self.examples,
            license_codes,
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
        Some(Windows {
            substituted_date: substituted_date?,
            listing_uncertain: listing_uncertain?,
            listing_savings: listing_savings?,
        })
    }
}

/// The tables a rule file may have: name, whether it is there, where.
fn tables(raw: &RawRule) -> [(&'static str, bool, usize); 6] {
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
    ]
}
