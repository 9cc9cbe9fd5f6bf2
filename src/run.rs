//! What a run was: its inputs, its options, the law and the list it used, what became of every row, and its totals.
//!
//! The record is filled by `audit` and printed by `report`; it holds no finding and decides nothing.

mod inputs;
mod tested;
mod totals;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::decisions::Outcome;
use crate::small_map::SmallMap;

pub use self::inputs::{ColumnRecord, InputRecord, Reconciliation, SheetRecord};
pub use self::tested::{ControlLine, ControlRecord, SampleRecord, SampledLine, StratumRecord};
pub use self::totals::{
    CodeCount, DestinationCount, GroupRecord, OpenCount, PartyRecord, QuarterCount, Totals,
};

/// Sums of money, a currency each; never converted and never added across currencies.
pub type ByCurrency = SmallMap<Decimal>;

/// Everything a report says about the run as a whole.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RunRecord {
    /// The program and its version.
    pub program: String,
    /// The rule base in force.
    pub rules: RulesRecord,
    /// The list in force.
    pub list: ListRecord,
    /// Further lists screened against on request.
    pub further_lists: Vec<ListRecord>,
    /// The arguments that repeat the run, without those that change no byte of the report.
    pub arguments: Vec<String>,
    /// The options that bear on the result, by their long name.
    pub options: BTreeMap<String, String>,
    /// The inputs in canonical order.
    pub inputs: Vec<InputRecord>,
    /// Totals over all inputs.
    pub totals: Totals,
    /// Findings per code and disposition, in canonical order.
    pub codes: Vec<CodeCount>,
    /// Lines per determination.
    pub determinations: BTreeMap<String, u64>,
    /// The control totals compared; none where none were given.
    pub control: Option<ControlRecord>,
    /// The lines drawn for testing by hand; none where none were asked for.
    pub sample: Option<SampleRecord>,
    /// What needs saying before anyone relies on the result: list age, rows rejected, completeness not tested.
    pub warnings: Vec<String>,
    /// What was not tested.
    pub not_tested: Vec<String>,
    /// Files that options name, with their digests.
    pub option_files: Vec<OptionFile>,
    /// What became of reviewers' decisions.
    pub decisions: DecisionsRecord,
    /// Digests of the outputs, by file name.
    pub outputs: BTreeMap<String, String>,
    /// When the run began, as an RFC 3339 time. The only use of the clock.
    pub when: String,
}

/// The rule base a run used.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RulesRecord {
    /// Embedded, or the directory given.
    pub source: String,
    /// SHA-256 over the rule files.
    pub sha256: String,
    /// SHA-256 over the files by which descriptions are read.
    pub items_sha256: String,
    /// The rules, in the order of their ids.
    pub rules: Vec<RuleRecord>,
    /// The days on which license requirements began or ended, for charts over time; in order.
    pub turning_days: Vec<TurningDay>,
}

/// A day on which the answer of a rule changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TurningDay {
    /// The day, ISO.
    pub day: String,
    /// What changed, in words.
    pub what: String,
}

/// A file that an option names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionFile {
    /// The option, by its long name.
    pub option: String,
    /// The path as given.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes.
    pub sha256: String,
}

/// What became of reviewers' decisions.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DecisionsRecord {
    /// The newest date of export of the run, ISO, against which expiry is measured; empty where no line has a date.
    pub measured_against: String,
    /// Findings closed, by the word decided.
    pub closed: BTreeMap<String, u64>,
    /// Every decision, in the order read.
    pub decisions: Vec<DecisionRecord>,
}

/// What became of one decision.
#[derive(Debug, Clone, Serialize)]
pub struct DecisionRecord {
    /// The file, as given.
    pub file: String,
    /// The sheet; empty in a CSV file.
    pub sheet: String,
    /// The row.
    pub row: u32,
    /// What it is about: finding, group, party and entry, item and candidate.
    pub scope: &'static str,
    /// The id, or the names, of that.
    pub key: String,
    /// The first finding of this run that it is about, or what the file calls the party or item.
    pub about: String,
    /// The word decided.
    pub decision: String,
    /// Why.
    pub reason: String,
    /// What it rests on.
    pub evidence: String,
    /// Who decided.
    pub reviewer: String,
    /// When, ISO.
    pub decided_on: String,
    /// The last day on which it holds, ISO.
    pub expires_on: String,
    /// Who approved.
    pub approved_by: String,
    /// Counsel's mark for the abbreviated disclosure.
    pub minor_or_technical: bool,
    /// Whether it names digests, so that a change of evidence, list or rule is noticed.
    pub pinned: bool,
    /// What became of it.
    pub outcome: Outcome,
    /// Findings it closed.
    pub closed: u64,
    /// Findings it is about and did not close.
    pub left_open: u64,
    /// What a person should know, and the next step.
    pub remarks: String,
}

/// One rule, as the Method sheet shows it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RuleRecord {
    /// The rule's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The periods in which it held, in words.
    pub in_force: Vec<String>,
    /// Citations.
    pub citations: Vec<String>,
    /// When a person last compared it with its source, ISO.
    pub checked_on: String,
    /// The span in which its text was read, in words.
    pub text_read: String,
    /// What it leaves to a person, and what is not verified.
    pub limits: Vec<String>,
}

/// The Entity List snapshot a run used.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListRecord {
    /// The list's name.
    pub name: String,
    /// Embedded, or the directory given.
    pub source: String,
    /// The last day the snapshot answers for, ISO.
    pub as_of: String,
    /// SHA-256 over the list's files.
    pub sha256: String,
    /// Number of entries.
    pub entries: usize,
    /// What the table was made from.
    #[serde(default)]
    pub sources: Vec<String>,
    /// What the table cannot know.
    pub limits: Vec<String>,
    /// That lines run far beyond the last day the snapshot answers for; empty where they do not.
    pub too_old: String,
}

/// A row that was not audited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    /// The file, as the report names it.
    pub file: String,
    /// The sheet; empty for a text file.
    pub sheet: String,
    /// The physical row or line.
    pub row: u32,
    /// Why it was not audited, in words.
    pub reason: String,
    /// The row's text, cells joined by tabs, cut at 4,000 characters.
    pub raw: String,
}

/// The determination of one line, for `lines.csv`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LineRecord {
    /// The file, as the report names it.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The physical row or line.
    pub row: u32,
    /// Document number.
    pub document: String,
    /// Line number.
    pub line: String,
    /// ISO date or readings.
    pub date_of_export: String,
    /// Which date it is.
    pub date_basis: String,
    /// ISO code or text as recorded.
    pub destination: String,
    /// Which column said so.
    pub destination_basis: String,
    /// The ECCN as recorded.
    pub declared_eccn: String,
    /// What the law required, in one word of `determination`.
    pub determination: String,
    /// The strictest disposition among its findings; empty where there is none.
    pub disposition: String,
    /// Codes found, joined by `;`.
    pub codes: String,
    /// Rules that bore on the line, joined by `;`.
    pub rules: String,
}
