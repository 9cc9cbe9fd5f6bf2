//! The heart: what the law required of a line on its date of export.
//!
//! Reads the line and the dated law, and says in which of five ways the line ends. It raises no finding: the checks
//! read what stands here and put it into words.

use crate::codes::{CountryCode, Eccn};
use crate::effective::Date;
use crate::finding::{Disposition, Finding, FindingCode};
use crate::rulebase::{CclAssessment, Coverage, Requirement, Rulebase, Version};
use crate::shipment::{Day, ShipmentLine};

/// What one requirement says of a line.
#[derive(Debug, Clone)]
pub enum Outcome<'r> {
    /// The declared ECCN is none of the requirement's, or was not in force in any way that day.
    NotConcerned,
    /// The declared paragraph is excepted.
    Excepted(Eccn),
    /// The date printed in the rule had come, the corrected one had not.
    BeforeCorrectedDate(&'r Version),
    /// A license is required, unless a license exception is open.
    Required {
        /// The version in force.
        version: &'r Version,
        /// The record declares no paragraph, and this one below it is excepted.
        excepted_paragraph: Option<Eccn>,
    },
    /// The readings of the date lead to different answers; each reading, and whether it was in force then.
    ReadingsDiffer(Vec<(Date, bool)>),
    /// The item is concerned, and the record has no date to judge it on.
    Undated(&'r Version),
}

/// What the law required of a line, for one country of ultimate destination.
#[derive(Debug, Clone)]
pub struct Determination<'r> {
    /// The country judged for.
    pub country: CountryCode,
    /// Every requirement of the rule base for that country, with what it says of this line.
    pub requirements: Vec<(&'r Requirement, Outcome<'r>)>,
    /// Controls of the Commerce Control List that reach the country.
    pub controls: CclAssessment<'r>,
    /// The declared ECCN is well formed and the Commerce Control List has no such entry.
    pub not_on_ccl: bool,
}

impl<'r> Determination<'r> {
    /// Judges the line as destined to `country`.
    pub fn of(line: &ShipmentLine<'_>, country: CountryCode, rules: &'r Rulebase) -> Self {
        let eccn = line.declared.eccn();
        let day = line.date.day.given().copied();
        let requirements = rules
            .requirements()
            .iter()
            .filter(|requirement| requirement.destination == country)
            .map(|requirement| {
                (requirement, eccn.map_or(Outcome::NotConcerned, |eccn| outcome(requirement, eccn, day)))
            })
            .collect();
        let not_on_ccl = eccn.is_some_and(|eccn| rules.ccl().entry(eccn.entry()).is_none());
        let controls = eccn.filter(|_| !not_on_ccl).map_or_else(
            || CclAssessment { entry: None, controls: Vec::new() },
            |eccn| rules.ccl().assess(eccn, country),
        );
        Self { country, requirements, controls, not_on_ccl }
    }

    /// The requirement in force on the line's date of export, with its version.
    pub fn required(&self) -> impl Iterator<Item = (&'r Requirement, &'r Version, Option<&Eccn>)> {
        self.requirements.iter().filter_map(|(requirement, outcome)| match outcome {
            Outcome::Required { version, excepted_paragraph } => {
                Some((*requirement, *version, excepted_paragraph.as_ref()))
            }
            _ => None,
        })
    }

    /// Whether the requirement names this paragraph, and binds on some reading of the day, or the day is not known.
    pub fn may_bind(requirement: &Requirement, eccn: &Eccn, day: Option<Day>) -> bool {
        !matches!(
            outcome(requirement, eccn, day),
            Outcome::NotConcerned | Outcome::Excepted(_) | Outcome::BeforeCorrectedDate(_)
        )
    }

    /// Whether a license requirement is in force for the item, on whatever record of a license.
    pub fn needs_license(&self) -> bool {
        self.required().next().is_some() || self.controls.certain().next().is_some()
    }

    /// Whether the answer turns on a date the record does not settle.
    pub fn turns_on_date(&self) -> bool {
        self.requirements
            .iter()
            .any(|(_, outcome)| matches!(outcome, Outcome::ReadingsDiffer(_) | Outcome::Undated(_)))
    }
}

fn outcome<'r>(requirement: &'r Requirement, eccn: &Eccn, day: Option<Day>) -> Outcome<'r> {
    let excepted_paragraph = match requirement.covers(eccn) {
        Coverage::NotCovered => return Outcome::NotConcerned,
        Coverage::Excluded(paragraph) => return Outcome::Excepted(paragraph),
        Coverage::ParagraphDecides(paragraph) => Some(paragraph),
        Coverage::Covered => None,
    };
    let Some(day) = day else {
        return requirement.rule.versions.last().map_or(Outcome::NotConcerned, Outcome::Undated);
    };
    let in_force: Vec<(Date, Option<&Version>)> =
        day.readings().map(|reading| (reading, requirement.rule.in_force(reading))).collect();
    match in_force.as_slice() {
        [(reading, None)] => before(requirement, *reading),
        [(_, Some(version)), rest @ ..] if rest.iter().all(|(_, other)| other.is_some()) => {
            Outcome::Required { version, excepted_paragraph }
        }
        readings if readings.iter().all(|(_, version)| version.is_none()) => {
            before(requirement, readings[0].0)
        }
        readings => Outcome::ReadingsDiffer(
            readings.iter().map(|(reading, version)| (*reading, version.is_some())).collect(),
        ),
    }
}

fn before(requirement: &Requirement, day: Date) -> Outcome<'_> {
    requirement
        .rule
        .versions
        .iter()
        .find(|version| {
            version.printed_effective.is_some_and(|printed| printed <= day)
                && version.effective.from.is_some_and(|from| day < from)
        })
        .map_or(Outcome::NotConcerned, Outcome::BeforeCorrectedDate)
}

/// How a line ends, in the words of `lines.csv`; the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// A license requirement is indicated, with nothing on record that meets it.
    RequirementIndicated,
    /// A fact needed is missing or open.
    Undetermined,
    /// A license exception is claimed.
    LicenseExceptionClaimed,
    /// A license is recorded.
    LicenseRecorded,
    /// No rule named in run.json matched this record. Never that no license was required.
    NoRequirementFound,
}

impl Word {
    /// Every word, strongest first.
    pub const ALL: [Self; 5] = [
        Self::RequirementIndicated,
        Self::Undetermined,
        Self::LicenseExceptionClaimed,
        Self::LicenseRecorded,
        Self::NoRequirementFound,
    ];

    /// The word as written.
    pub fn name(self) -> &'static str {
        match self {
            Self::RequirementIndicated => "requirement-indicated",
            Self::Undetermined => "undetermined",
            Self::LicenseExceptionClaimed => "license-exception-claimed",
            Self::LicenseRecorded => "license-recorded",
            Self::NoRequirementFound => "no-requirement-found",
        }
    }

    /// The word for a line with these findings. `has_license_number` is whether a license number is on record.
    pub fn of(findings: &[Finding], has_license_number: bool) -> Self {
        findings
            .iter()
            .filter_map(|finding| Self::from_finding(finding, has_license_number))
            .min()
            .unwrap_or(Self::NoRequirementFound)
    }

    fn from_finding(finding: &Finding, has_license_number: bool) -> Option<Self> {
        use FindingCode as F;
        let is_exception = finding.disposition == Disposition::Exception;
        match finding.code {
            F::LR01 | F::LR03 | F::LR10 | F::EL01 | F::EL03 | F::EL06 | F::EL08 if is_exception => {
                Some(Self::RequirementIndicated)
            }
            F::EL01 | F::EL06 | F::EL08 if has_license_number => Some(Self::LicenseRecorded),
            F::LR01
            | F::LR02
            | F::LR03
            | F::LR06
            | F::LR09
            | F::LR10
            | F::LR11
            | F::LR16
            | F::IT01
            | F::IT02
            | F::IT03
            | F::IT04
            | F::IT06
            | F::EL01
            | F::EL02
            | F::EL03
            | F::EL06
            | F::EL07
            | F::EL08
            | F::RQ01
            | F::RQ02
            | F::RQ05 => Some(Self::Undetermined),
            // A substituted date matters where a rule date lies within the window; the finding then names the rule.
            F::RQ06 if !finding.rule.is_empty() => Some(Self::Undetermined),
            F::PL01 | F::PL02 | F::PL03 | F::PL04 if finding.disposition == Disposition::Review => {
                Some(Self::Undetermined)
            }
            F::LR04 | F::LR12 => Some(Self::LicenseExceptionClaimed),
            F::LR05 => Some(Self::LicenseRecorded),
            _ => None,
        }
    }
}
