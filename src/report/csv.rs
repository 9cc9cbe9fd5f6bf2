//! `findings.csv`, `rejected.csv` and `lines.csv`.
//!
//! UTF-8 without a byte order mark, so that the first column is `finding_id` to every reader; in Excel they are opened
//! with Data > From Text/CSV. Text of the record never starts a formula, control characters are shown by pictures.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::finding::NumberedFinding;
use crate::run::{LineRecord, RejectedRow};

use super::columns::{FINDING_COLUMNS, finding_values, is_numeric};
use super::digest::HashedFile;
use super::{Error, text};

pub(super) const FINDINGS: &str = "findings.csv";
pub(super) const REJECTED: &str = "rejected.csv";
pub(crate) const LINES: &str = "lines.csv";

/// One CSV file being written.
struct CsvFile {
    path: PathBuf,
    out: csv::Writer<HashedFile>,
    number: String,
}

impl CsvFile {
    fn create(dir: &Path, name: &str, columns: &[&str]) -> Result<Self, Error> {
        let path = dir.join(name);
        let mut out = csv::Writer::from_writer(HashedFile::create(&path)?);
        out.write_record(columns).map_err(|error| (path.as_path(), error))?;
        Ok(Self { path, out, number: String::new() })
    }

    fn record<'a>(&mut self, values: impl IntoIterator<Item = Cow<'a, str>>) -> Result<(), Error> {
        let write = |out: &mut csv::Writer<HashedFile>| {
            for value in values {
                out.write_field(value.as_bytes())?;
            }
            out.write_record(None::<&[u8]>)
        };
        write(&mut self.out).map_err(|error| (self.path.as_path(), error).into())
    }

    fn row_number(&mut self, row: u32) -> String {
        let mut number = std::mem::take(&mut self.number);
        number.clear();
        // Writing to a string cannot fail.
        let _ = write!(number, "{row}");
        number
    }

    fn finish(self) -> Result<String, Error> {
        let Self { path, out, .. } = self;
        let file = out.into_inner().map_err(|error| Error::io(&path, error.into_error()))?;
        file.finish().map_err(|source| Error::io(&path, source))
    }
}

/// Text as it stands in a CSV cell.
pub(crate) fn plain(value: &str) -> Cow<'_, str> {
    match text::legible(value) {
        Cow::Borrowed(value) => text::neutral(value),
        Cow::Owned(value) => Cow::Owned(text::neutral(&value).into_owned()),
    }
}

/// `findings.csv`.
pub(super) struct FindingsCsv(CsvFile);

impl FindingsCsv {
    pub(super) fn create(dir: &Path) -> Result<Self, Error> {
        CsvFile::create(dir, FINDINGS, &FINDING_COLUMNS).map(Self)
    }

    pub(super) fn write(&mut self, finding: &NumberedFinding) -> Result<(), Error> {
        let row = self.0.row_number(finding.finding.row);
        let values = finding_values(finding, &row).into_iter().enumerate();
        self.0.record(values.map(|(column, value)| {
            if is_numeric(column) && text::is_plain_number(value) {
                Cow::Borrowed(value)
            } else {
                plain(value)
            }
        }))?;
        self.0.number = row;
        Ok(())
    }

    pub(super) fn finish(self) -> Result<String, Error> {
        self.0.finish()
    }
}

/// `rejected.csv`.
pub(super) struct RejectedCsv(CsvFile);

impl RejectedCsv {
    pub(super) fn create(dir: &Path) -> Result<Self, Error> {
        CsvFile::create(dir, REJECTED, &["file", "sheet", "row", "reason", "raw_text"]).map(Self)
    }

    pub(super) fn write(&mut self, rejected: &RejectedRow) -> Result<(), Error> {
        let row = self.0.row_number(rejected.row);
        let values = [&rejected.file, &rejected.sheet, &row, &rejected.reason, &rejected.raw];
        self.0.record(values.map(|value| plain(value)))?;
        self.0.number = row;
        Ok(())
    }

    pub(super) fn finish(self) -> Result<String, Error> {
        self.0.finish()
    }
}

/// `lines.csv`.
pub(super) struct LinesCsv(CsvFile);

impl LinesCsv {
    pub(super) fn create(dir: &Path) -> Result<Self, Error> {
        let columns = [
            "file",
            "sheet",
            "row",
            "document",
            "line",
            "date_of_export",
            "date_basis",
            "destination",
            "destination_basis",
            "declared_eccn",
            "determination",
            "disposition",
            "codes",
            "rules",
        ];
        CsvFile::create(dir, LINES, &columns).map(Self)
    }

    pub(super) fn write(&mut self, line: &LineRecord) -> Result<(), Error> {
        let row = self.0.row_number(line.row);
        let values = [
            &line.file,
            &line.sheet,
            &row,
            &line.document,
            &line.line,
            &line.date_of_export,
            &line.date_basis,
            &line.destination,
            &line.destination_basis,
            &line.declared_eccn,
            &line.determination,
            &line.disposition,
            &line.codes,
            &line.rules,
        ];
        self.0.record(values.map(|value| plain(value)))?;
        self.0.number = row;
        Ok(())
    }

    pub(super) fn finish(self) -> Result<String, Error> {
        self.0.finish()
    }
}
