//! What a run read: its files and sheets, how their columns were read, and what became of every row.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::ByCurrency;

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
