//! A comparison as CSV: a row a change.

use std::io::Write;

use super::Change;
use crate::report::plain_cell;

/// The columns, in order.
pub const COLUMNS: [&str; 20] = [
    "change",
    "why",
    "what",
    "finding_id",
    "code",
    "name",
    "disposition_before",
    "disposition",
    "status_before",
    "status",
    "file",
    "sheet",
    "row",
    "document",
    "line",
    "date_of_export",
    "party_name",
    "listed_entity",
    "item",
    "candidate_eccn",
];

/// The values of a change in the order of [`COLUMNS`].
fn values(change: &Change) -> [String; 20] {
    let finding = &change.finding;
    let is_gone = change.kind == super::Kind::Gone;
    let now = |text: &str| if is_gone { String::new() } else { text.to_owned() };
    [
        change.kind.name().to_owned(),
        change.why(),
        change.what.clone(),
        finding.finding_id.clone(),
        finding.code.clone(),
        finding.name.clone(),
        change.disposition_before.map_or_else(String::new, |disposition| disposition.to_string()),
        now(finding.disposition.name()),
        change.status_before.clone(),
        now(&finding.status),
        finding.file.clone(),
        finding.sheet.clone(),
        finding.row.to_string(),
        finding.document.clone(),
        finding.line.clone(),
        finding.date_of_export.clone(),
        finding.party_name.clone(),
        finding.listed_entity.clone(),
        finding.item.clone(),
        finding.candidate_eccn.clone(),
    ]
}

/// Writes changes as they come.
pub struct CsvChanges<W: Write>(::csv::Writer<W>);

impl<W: Write> CsvChanges<W> {
    /// Begins with the headings.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn begin(out: W) -> Result<Self, String> {
        let mut writer = ::csv::Writer::from_writer(out);
        writer.write_record(COLUMNS).map_err(|error| error.to_string())?;
        Ok(Self(writer))
    }

    /// Writes a change.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&mut self, change: &Change) -> Result<(), String> {
        let values = values(change);
        self.0
            .write_record(values.iter().map(|value| plain_cell(value).into_owned()))
            .map_err(|error| error.to_string())
    }

    /// Completes the output.
    ///
    /// # Errors
    /// When it cannot be completed.
    pub fn finish(mut self) -> Result<(), String> {
        self.0.flush().map_err(|error| error.to_string())
    }
}
