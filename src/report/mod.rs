//! What a person reads and signs: one file a format, written in one pass over the findings in canonical order.
//!
//! Owns the choice of formats, the order of writing, the digests and the errors of writing. It decides nothing about a
//! finding: ids, groups, status and totals are complete before the first line is written.

mod columns;
mod csv;
mod digest;
mod error;
mod groups;
mod html;
mod jsonl;
pub mod run_json;
mod schedule;
pub mod summary;
mod template;
mod text;
mod xlsx;

#[cfg(test)]
pub(crate) mod example;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

pub use columns::FINDING_COLUMNS;
pub use digest::{basis_digest, evidence_digest, standing_digest};
pub use error::Error;
pub(crate) use error::is_full;
pub use groups::Groups;
pub use template::{DecisionsTemplate, TEMPLATES as DECISIONS_TEMPLATES};
pub(crate) use text::neutral;
pub use xlsx::ComparisonXlsx;

pub(crate) use csv::{LINES as LINES_CSV, plain as plain_cell};
pub(crate) use digest::HashedFile;
pub(crate) use jsonl::FINDINGS as FINDINGS_JSONL;

use crate::disclosure::{Disclosure, LineFacts};
pub use crate::finding::CodeText;
use crate::finding::{FindingCode, NumberedFinding};
use crate::run::{LineRecord, PartyRecord, RejectedRow, RunRecord};

/// A format in which the findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// `report.xlsx`.
    Xlsx,
    /// `findings.csv`.
    Csv,
    /// `findings.jsonl`.
    Jsonl,
    /// `report.html`.
    Html,
}

/// The formats asked for. `rejected.csv` and `run.json` are written whatever is asked for: no row is lost from sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Formats(u8);

impl Formats {
    /// Every format.
    pub fn all() -> Self {
        Self::of(&[Format::Xlsx, Format::Html, Format::Csv, Format::Jsonl])
    }

    /// These formats and no other.
    pub fn of(formats: &[Format]) -> Self {
        Self(formats.iter().fold(0, |bits, &format| bits | bit(format)))
    }

    /// Whether this format was asked for.
    pub fn has(self, format: Format) -> bool {
        self.0 & bit(format) != 0
    }
}

impl FromStr for Formats {
    type Err = String;

    /// Reads `xlsx,csv`.
    fn from_str(text: &str) -> Result<Self, String> {
        let formats: Vec<Format> = text
            .split(',')
            .map(|word| match word.trim().to_ascii_lowercase().as_str() {
                "xlsx" => Ok(Format::Xlsx),
                "html" => Ok(Format::Html),
                "csv" => Ok(Format::Csv),
                "jsonl" => Ok(Format::Jsonl),
                other => Err(format!("`{other}` is not a report format; choose from xlsx, html, csv, jsonl")),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self::of(&formats))
    }
}

fn bit(format: Format) -> u8 {
    1 << format as u8
}

/// A titled paragraph of the Method sheet: how names are matched, say, with the thresholds used.
#[derive(Debug, Clone, Copy)]
pub struct Paragraph<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// Everything a report says besides the findings themselves; complete before writing starts.
#[derive(Debug, Clone, Copy)]
pub struct ReportData<'a> {
    /// The run.
    pub run: &'a RunRecord,
    /// The groups of reviews.
    pub groups: &'a dyn Groups,
    /// The parties, in the order in which they are shown.
    pub parties: &'a [PartyRecord],
    /// What the codes mean.
    pub codes: &'a [CodeText],
    /// How the program decides, for the Method sheet.
    pub method: &'a [Paragraph<'a>],
    /// How the Disclosure schedule is made.
    pub disclosure: &'a Disclosure,
}

impl ReportData<'_> {
    /// What this code means, where the checks say it.
    pub fn code_text(&self, code: FindingCode) -> Option<&CodeText> {
        self.codes.iter().find(|text| text.code == code)
    }
}

/// Writes every report at once, a finding at a time, into a directory that the caller renames when all is done.
pub struct Writers<'a> {
    csv: Option<csv::FindingsCsv>,
    jsonl: Option<jsonl::FindingsJsonl>,
    xlsx: Option<xlsx::ReportXlsx<'a>>,
    html: Option<html::ReportHtml<'a>>,
    rejected: csv::RejectedCsv,
    lines: Option<csv::LinesCsv>,
}

impl<'a> Writers<'a> {
    /// Creates the files in `dir`, which must exist.
    ///
    /// # Errors
    /// When a file cannot be created.
    pub fn create(
        dir: &Path,
        formats: Formats,
        data: ReportData<'a>,
        with_lines: bool,
    ) -> Result<Self, Error> {
        Ok(Self {
            csv: formats.has(Format::Csv).then(|| csv::FindingsCsv::create(dir)).transpose()?,
            jsonl: formats.has(Format::Jsonl).then(|| jsonl::FindingsJsonl::create(dir)).transpose()?,
            xlsx: formats.has(Format::Xlsx).then(|| xlsx::ReportXlsx::create(dir, data)).transpose()?,
            html: formats.has(Format::Html).then(|| html::ReportHtml::create(dir, data)).transpose()?,
            rejected: csv::RejectedCsv::create(dir)?,
            lines: with_lines.then(|| csv::LinesCsv::create(dir)).transpose()?,
        })
    }

    /// Writes the next finding in canonical order.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn finding(&mut self, finding: &NumberedFinding, facts: LineFacts<'_>) -> Result<(), Error> {
        if let Some(csv) = &mut self.csv {
            csv.write(finding)?;
        }
        if let Some(jsonl) = &mut self.jsonl {
            jsonl.write(finding)?;
        }
        if let Some(xlsx) = &mut self.xlsx {
            xlsx.finding(finding, facts)?;
        }
        if let Some(html) = &mut self.html {
            html.finding(finding)?;
        }
        Ok(())
    }

    /// Writes the next row that was not audited.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn rejected(&mut self, row: &RejectedRow) -> Result<(), Error> {
        self.rejected.write(row)?;
        self.xlsx.as_mut().map_or(Ok(()), |xlsx| xlsx.rejected(row))
    }

    /// Writes the determination of the next line; without `with_lines` it goes nowhere.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn line(&mut self, line: &LineRecord) -> Result<(), Error> {
        self.lines.as_mut().map_or(Ok(()), |lines| lines.write(line))
    }

    /// Completes every file; answers the SHA-256 of each, by file name.
    ///
    /// # Errors
    /// When a file cannot be completed.
    pub fn finish(self) -> Result<BTreeMap<String, String>, Error> {
        let mut digests = BTreeMap::new();
        if let Some(csv) = self.csv {
            digests.insert(csv::FINDINGS.to_owned(), csv.finish()?);
        }
        if let Some(jsonl) = self.jsonl {
            digests.insert(jsonl::FINDINGS.to_owned(), jsonl.finish()?);
        }
        digests.insert(csv::REJECTED.to_owned(), self.rejected.finish()?);
        if let Some(lines) = self.lines {
            digests.insert(csv::LINES.to_owned(), lines.finish()?);
        }
        if let Some(html) = self.html {
            digests.insert(html::REPORT.to_owned(), html.finish()?);
        }
        if let Some(xlsx) = self.xlsx {
            let digest = xlsx.finish(&digests)?;
            digests.insert(xlsx::REPORT.to_owned(), digest);
        }
        Ok(digests)
    }
}
