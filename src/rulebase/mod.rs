//! The dated law: license requirements, license exceptions, the Commerce Control List, and what follows from lists.
//!
//! The law itself stands in `data/`, with citations and dates; this module loads it, says all that is wrong with it at
//! once, and answers for a day. What a line is judged to be is decided in `determination` and `checks`.

mod assessment;
mod ccl;
mod chart;
mod closed_list;
mod control;
mod describe;
mod examples;
mod files;
mod license_codes;
mod license_reading;
mod lint;
mod load;
mod organizations;
mod party_lists;
mod party_words;
mod problem;
mod provisions;
mod raw;
mod red_flags;
mod requirement;
mod rule;
mod table;

use std::path::Path;

pub use assessment::{CclAssessment, Certainty, ControlHit};
pub use ccl::{Ccl, Entry};
pub use closed_list::{Availability, ClosedList, OpenParagraph};
pub use examples::Example;
pub use license_codes::{LicenseCodes, LicenseEntry, LicenseKind};
pub use license_reading::LicenseReading;
pub use organizations::Organization;
pub use party_lists::{PartyList, PartyLists};
pub use party_words::{PartyTrait, PartyWord, PartyWords};
pub use problem::Problem;
pub(crate) use problem::place;
pub use provisions::{Affiliates, EntityRule, FilingExemption, Jurisdiction, Windows};
pub use red_flags::RedFlags;
pub use requirement::{Coverage, Requirement};
pub use rule::{Correction, Rule, Savings, State, Version, Window};

use files::RuleFiles;

/// The law of one run, loaded and checked.
#[derive(Debug, Clone)]
pub struct Rulebase {
    source: String,
    sha256: String,
    requirements: Vec<Requirement>,
    closed_lists: Vec<ClosedList>,
    chart_rule: Rule,
    entity_rule: EntityRule,
    filing_exemption: FilingExemption,
    jurisdiction: Jurisdiction,
    affiliates: Affiliates,
    red_flags: RedFlags,
    party_lists: PartyLists,
    date_rule: Rule,
    windows: Windows,
    examples: Vec<Example>,
    license_codes: LicenseCodes,
    party_words: PartyWords,
    organizations: Vec<Organization>,
    ccl: Ccl,
}

impl Rulebase {
    /// The rule base in the program.
    ///
    /// # Errors
    /// Every problem found, sorted by place; a released program has none.
    pub fn embedded() -> Result<Self, Vec<Problem>> {
        load::load(&RuleFiles::embedded())
    }

    /// A rule base in a directory laid out like `data/`.
    ///
    /// # Errors
    /// Every problem found, sorted by place.
    pub fn from_dir(directory: &Path) -> Result<Self, Vec<Problem>> {
        load::load(&RuleFiles::from_dir(directory)?)
    }

    /// Where the rules came from: `embedded`, or the directory.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// SHA-256 over all files of the rule base, in the order of their paths.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The license requirements with a rule of their own, in the order of their ids.
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    /// The license exceptions left open for a requirement.
    pub fn closed_list(&self, requirement: &str) -> Option<&ClosedList> {
        self.closed_lists.iter().find(|list| list.requirement == requirement)
    }

    /// How every other entry's controls are read.
    pub fn chart_rule(&self) -> &Rule {
        &self.chart_rule
    }

    /// What follows from a listed party.
    pub fn entity_rule(&self) -> &EntityRule {
        &self.entity_rule
    }

    /// The filing exemptions that a license requirement takes away.
    pub fn filing_exemption(&self) -> &FilingExemption {
        &self.filing_exemption
    }

    /// When an item is subject to the EAR.
    pub fn jurisdiction(&self) -> &Jurisdiction {
        &self.jurisdiction
    }

    /// Ownership by listed parties.
    pub fn affiliates(&self) -> &Affiliates {
        &self.affiliates
    }

    /// Where each red flag stands in the law, and the figures it turns on.
    pub fn red_flags(&self) -> &RedFlags {
        &self.red_flags
    }

    /// What follows from the other US lists.
    pub fn party_lists(&self) -> &PartyLists {
        &self.party_lists
    }

    /// Words that say what a party does.
    pub fn party_words(&self) -> &PartyWords {
        &self.party_words
    }

    /// Strategic organizations that are not listed themselves.
    pub fn organizations(&self) -> &[Organization] {
        &self.organizations
    }

    /// What may stand in for the date of export.
    pub fn date_rule(&self) -> &Rule {
        &self.date_rule
    }

    /// Windows of days within which a finding changes.
    pub fn windows(&self) -> &Windows {
        &self.windows
    }

    /// The codes and words of license columns.
    pub fn license_codes(&self) -> &LicenseCodes {
        &self.license_codes
    }

    /// The Commerce Control List.
    pub fn ccl(&self) -> &Ccl {
        &self.ccl
    }

    /// The examples of all rules, in the order of files and lines.
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// Every rule, in the order of the ids.
    pub fn rules(&self) -> Vec<&Rule> {
        let mut rules: Vec<&Rule> = vec![
            &self.chart_rule,
            &self.entity_rule.rule,
            &self.filing_exemption.rule,
            &self.jurisdiction.rule,
            &self.affiliates.rule,
            &self.red_flags.rule,
            &self.party_lists.rule,
            &self.date_rule,
        ];
        rules.extend(self.requirements.iter().map(|requirement| &requirement.rule));
        rules.extend(self.closed_lists.iter().map(|list| &list.rule));
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        rules
    }

    /// What a careful reader would still ask of a rule base that loads; empty when there is nothing.
    pub fn lint(&self) -> Vec<Problem> {
        lint::lint(self)
    }
}
