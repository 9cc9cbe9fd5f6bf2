//! What a run was: its inputs, its options, the law and the list it used, what became of every row, and its totals.
//!
//! The record is filled by `audit` and printed by `report`; it holds no finding and decides nothing.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::decisions::Outcome;
use crate::finding::{Disposition, FindingCode};

/// Sums of money, a currency each; never converted and never added across currencies.
pub type ByCurrency = BTreeMap<String, Decimal>;

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
    /// What the table cannot know.
    pub limits: Vec<String>,
}

/// One input file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct InputRecord {
    /// The file, as the report names it.
    pub file: String,
    /// Its path as given.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes; empty where the file could not be read.
    pub sha256: String,
    /// The format found by content.
    pub format: String,
    /// Why the file, or a sheet of it, could not be read: the whole messages.
    pub fault: Option<String>,
    /// Its sheets; a text file is one sheet without a name.
    pub sheets: Vec<SheetRecord>,
}

/// One sheet: how it was read and what became of every row.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SheetRecord {
    /// The sheet's name; empty for a text file.
    pub sheet: String,
    /// `visible`, `hidden` or `very hidden`.
    pub visibility: String,
    /// Why the sheet was not audited, if it was not.
    pub skipped: Option<String>,
    /// Why it could not be read, or not to its end: the whole message. Rows read until then are counted.
    pub fault: Option<String>,
    /// Whether what kept it from being audited is a question a person must answer (an ambiguous mapping).
    pub question: bool,
    /// Encoding and how it was found (text files).
    pub encoding: String,
    /// Delimiter (text files).
    pub delimiter: String,
    /// The header's physical row.
    pub header_row: u32,
    /// How dates were read, a sentence a date column.
    pub date_order: Vec<String>,
    /// The decimal mark and how it was found.
    pub decimal_mark: String,
    /// What each mapped column was read as.
    pub columns: Vec<ColumnRecord>,
    /// Remarks on the reading: short records, hidden rows, replaced characters.
    pub remarks: Vec<String>,
    /// What became of the rows.
    pub rows: Reconciliation,
    /// Sum of the value of all audited lines, by currency.
    pub value: ByCurrency,
    /// Sum of the quantities of all audited lines that could be read.
    pub quantity: Decimal,
    /// First and last date of export judged, ISO; empty where there is none.
    pub first_date: String,
    /// See `first_date`.
    pub last_date: String,
    /// Audited lines per destination as read (ISO code, or `not determined`).
    pub destinations: BTreeMap<String, u64>,
}

/// How one column was read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ColumnRecord {
    /// Column letters.
    pub column: String,
    /// The heading as written.
    pub heading: String,
    /// The logical field.
    pub field: String,
    /// Where the mapping came from: heading, values, the user's file.
    pub source: String,
}

/// The control totals of the extract, compared with what was read.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ControlRecord {
    /// Every total given, with what was read.
    pub totals: Vec<ControlLine>,
    /// What was found of the ITNs given, a sentence each.
    pub itns: Vec<String>,
    /// Whether all of it agrees.
    pub agrees: bool,
}

/// One control total.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ControlLine {
    /// The file it is about; `all files` where none is named.
    pub file: String,
    /// What is counted or summed, with its currency.
    pub what: String,
    /// What the control file says.
    pub control: Decimal,
    /// What was read; none where there is nothing to compare it with.
    pub read: Option<Decimal>,
    /// What bears on a difference, in words.
    pub remark: String,
}

impl ControlLine {
    /// Whether both are the same.
    pub fn agrees(&self) -> bool {
        self.read == Some(self.control)
    }
}

/// The lines drawn for testing by hand.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SampleRecord {
    /// How many were asked for.
    pub asked: u64,
    /// The seed of the draw.
    pub seed: u64,
    /// The strata in their order.
    pub strata: Vec<StratumRecord>,
    /// The lines drawn, in the order of the record.
    pub lines: Vec<SampledLine>,
}

/// A stratum of the draw.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct StratumRecord {
    /// Its name.
    pub name: String,
    /// Lines without findings in it.
    pub lines: u64,
    /// How many of them were drawn.
    pub drawn: u64,
}

/// A line drawn for testing by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the columns of the sheet Sample, as recorded")]
pub struct SampledLine {
    pub stratum: String,
    pub file: String,
    pub sheet: String,
    pub row: u32,
    pub document: String,
    pub line: String,
    pub date_of_export: String,
    pub date_basis: String,
    pub destination: String,
    pub party_role: String,
    pub party_name: String,
    pub party_address: String,
    pub declared_eccn: String,
    pub item: String,
    pub description: String,
    pub quantity: String,
    pub unit: String,
    pub value: String,
    pub currency: String,
    pub license: String,
    pub movement: String,
}

/// The equation every sheet must close: records = the sum of all the rest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Physical lines of a text file, or rows of a sheet.
    pub physical_lines: u64,
    /// Lines that continue a record begun above.
    pub continuation_lines: u64,
    /// Records: physical lines less continuation lines.
    pub records: u64,
    /// Title rows above the header.
    pub title: u64,
    /// The header, and its repetitions.
    pub header: u64,
    /// Blank rows.
    pub blank: u64,
    /// Totals, sub-totals and footers.
    pub total: u64,
    /// Lines outside the audit period.
    pub outside_period: u64,
    /// Lines rejected, each in rejected.csv.
    pub rejected: u64,
    /// Lines audited.
    pub audited: u64,
    /// Of those audited, lines on which a needed field was missing or unreadable.
    pub with_gap: u64,
}

impl Reconciliation {
    /// Whether every record is accounted for.
    pub fn closes(&self) -> bool {
        self.physical_lines == self.records + self.continuation_lines
            && self.records
                == self.title
                    + self.header
                    + self.blank
                    + self.total
                    + self.outside_period
                    + self.rejected
                    + self.audited
    }

    /// Adds another sheet's rows.
    pub fn add(&mut self, other: &Self) {
        self.physical_lines += other.physical_lines;
        self.continuation_lines += other.continuation_lines;
        self.records += other.records;
        self.title += other.title;
        self.header += other.header;
        self.blank += other.blank;
        self.total += other.total;
        self.outside_period += other.outside_period;
        self.rejected += other.rejected;
        self.audited += other.audited;
        self.with_gap += other.with_gap;
    }
}

/// Totals over all inputs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Totals {
    /// Files given.
    pub files: u64,
    /// Files that could not be read.
    pub files_unread: u64,
    /// Sheets left unaudited with a question to answer.
    pub questions: u64,
    /// The sum of all sheets' rows.
    pub rows: Reconciliation,
    /// Value of all audited lines; repeated lines count once.
    pub value: ByCurrency,
    /// Lines that repeat an earlier one.
    pub repeated: u64,
    /// Audited lines to Pakistan.
    pub lines_to_pakistan: u64,
    /// Audited lines per calendar quarter of the date of export, `2025-Q1`; `undated` for the rest.
    pub quarters: BTreeMap<String, QuarterCount>,
    /// First and last date of export judged, ISO.
    pub first_date: String,
    /// See `first_date`.
    pub last_date: String,
    /// Audited lines and findings per destination, by ISO code; `not determined` for the rest.
    pub destinations: BTreeMap<String, DestinationCount>,
    /// Open findings per disposition, and open groups per disposition.
    pub open: BTreeMap<Disposition, OpenCount>,
}

/// Lines and findings of a quarter.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct QuarterCount {
    /// Audited lines.
    pub lines: u64,
    /// Lines to Pakistan.
    pub to_pakistan: u64,
    /// Open exceptions.
    pub exceptions: u64,
    /// Open reviews.
    pub reviews: u64,
    /// Value of the lines with an open exception or review; a line counts once.
    pub open_value: ByCurrency,
}

/// Lines and findings of a destination.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DestinationCount {
    /// The country's name.
    pub name: String,
    /// Audited lines.
    pub lines: u64,
    /// Exceptions.
    pub exceptions: u64,
    /// Reviews.
    pub reviews: u64,
    /// Value of the lines with an open exception or review; a line counts once.
    pub open_value: ByCurrency,
}

/// Findings and groups that are open.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct OpenCount {
    /// Findings.
    pub findings: u64,
    /// Groups a reviewer decides at once.
    pub groups: u64,
}

/// Findings with one code and one disposition.
#[derive(Debug, Clone, Serialize)]
pub struct CodeCount {
    /// The code.
    pub code: FindingCode,
    /// Its name.
    pub name: &'static str,
    /// The disposition.
    pub disposition: Disposition,
    /// Findings.
    pub findings: u64,
    /// Open ones among them.
    pub open: u64,
    /// Groups.
    pub groups: u64,
    /// Value of the lines concerned; a line counts once a code.
    pub value: ByCurrency,
}

/// A group of findings that a reviewer decides at once, as the Reviews sheet shows it.
#[derive(Debug, Clone, Serialize)]
pub struct GroupRecord {
    /// The group's id.
    pub group_id: String,
    /// The code.
    pub code: FindingCode,
    /// The disposition.
    pub disposition: Disposition,
    /// Findings in the group.
    pub findings: u64,
    /// Open ones among them.
    pub open: u64,
    /// First and last date of export, ISO.
    pub first_date: String,
    /// See `first_date`.
    pub last_date: String,
    /// Value of the lines concerned, by currency.
    pub value: ByCurrency,
    /// The first finding of the group in canonical order: file, sheet, row, document, line.
    pub example: crate::finding::NumberedFinding,
}

/// A party over all its spellings, as the Parties sheet shows it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PartyRecord {
    /// The listed entry's id where the party matched one, else empty.
    pub listed_entity_id: String,
    /// The listed entry's name.
    pub listed_entity: String,
    /// Day from which the entry bound, ISO; empty where not known.
    pub listed_from: String,
    /// Every spelling in the record, in order.
    pub spellings: Vec<String>,
    /// Country as recorded, ISO code where read.
    pub countries: Vec<String>,
    /// Roles in which it stands.
    pub roles: Vec<String>,
    /// The strongest finding about it; none for a party that was not flagged.
    pub strongest: Option<FindingCode>,
    /// Findings about it.
    pub findings: u64,
    /// Exceptions among them.
    pub exceptions: u64,
    /// Reviews among them.
    pub reviews: u64,
    /// How many findings have each status: `open`, or what was decided.
    pub statuses: BTreeMap<String, u64>,
    /// Which of several spellings only resemble the entry's names, with the best score of each.
    pub resembling: BTreeMap<String, String>,
    /// Lines it stands on that were flagged for it, or lines to Pakistan on which it stands.
    pub lines: u64,
    /// Value of those lines.
    pub value: ByCurrency,
    /// First and last date of export of those lines.
    pub first_date: String,
    /// See `first_date`.
    pub last_date: String,
    /// The best score against the list, with the nearest entry; what a person asks of a party that was not flagged.
    pub nearest: String,
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
