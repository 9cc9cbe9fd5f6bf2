//! What a run counted: lines and values, findings by code, group, party, quarter and destination.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ByCurrency, Reconciliation};
use crate::finding::{Disposition, FindingCode};
use crate::small_map::SmallMap;

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
    pub statuses: SmallMap<u64>,
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
