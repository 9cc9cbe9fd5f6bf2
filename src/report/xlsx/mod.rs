//! `report.xlsx`: the workbook an auditor reads, files and signs. It takes no input.
//!
//! Owns the order of the sheets and the workbook as a whole; each sheet has its own file. Lists are written row by row
//! as the findings pass, so that memory does not grow with them.

mod abbreviated;
mod cell;
mod comparison;
mod decisions;
mod disclosure;
mod files;
mod findings;
mod frame;
mod groups;
mod method;
mod page;
mod parties;
mod rejected;
mod sample;
mod signoff;
mod style;
mod summary;
mod table;
mod template;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::disclosure::LineFacts;
use crate::finding::{Disposition, NumberedFinding};
use crate::guarded::guarded as quietly;
use crate::run::{RejectedRow, RunRecord};

pub use self::comparison::ComparisonXlsx;
use self::frame::Frame;
use self::parties::PartyRows;
use self::table::Table;
pub(super) use self::template::TemplateXlsx;
use super::digest::HashedFile;
use super::schedule::Schedule;
use super::{Error, ReportData, csv, text};

pub(super) const REPORT: &str = "report.xlsx";

/// From this much text on, the parts of the file are written in the form for large files, which some readers lack.
const LARGE: u64 = 1 << 29;

/// The workbook while findings pass.
pub(super) struct ReportXlsx<'a> {
    path: PathBuf,
    out: HashedFile,
    data: ReportData<'a>,
    frame: Frame,
    book: Workbook,
    parties: PartyRows<'a>,
    exceptions: Table,
    notes: Table,
    not_assessed: Table,
    rejected: Table,
    schedule: Schedule<'a>,
}

impl<'a> ReportXlsx<'a> {
    /// Creates the file; temporary files stand beside it, on the disk that the user chose for the report.
    pub(super) fn create(dir: &Path, data: ReportData<'a>) -> Result<Self, Error> {
        Self::framed(dir, data, Frame::of(data.run))
    }

    fn framed(dir: &Path, data: ReportData<'a>, frame: Frame) -> Result<Self, Error> {
        let path = dir.join(REPORT);
        let out = HashedFile::create(&path)?;
        let mut book = Workbook::new();
        let parties = PartyRows::of(data.parties, &frame);
        let schedule = Schedule::new(data.disclosure, dir).map_err(|source| Error::io(&path, source))?;
        let (exceptions, notes, not_assessed, rejected) = guarded(&path, || {
            book.set_tempdir(dir)?;
            let exceptions = Table::begin(&mut book, "Exceptions", findings::COLUMNS, &frame)?;
            let notes = Table::begin(&mut book, "Notes", findings::COLUMNS, &frame)?;
            let mut not_assessed = Table::begin(&mut book, "Not assessed", findings::GAP_COLUMNS, &frame)?;
            findings::write_unread(&mut book, &mut not_assessed, data.run)?;
            let rejected = Table::begin(&mut book, "Rejected rows", rejected::COLUMNS, &frame)?;
            Ok((exceptions, notes, not_assessed, rejected))
        })?;
        Ok(Self {
            path,
            out,
            data,
            frame,
            book,
            parties,
            exceptions,
            notes,
            not_assessed,
            rejected,
            schedule,
        })
    }

    /// Writes an exception, a note, or what could not be assessed. Reviews are shown by group.
    pub(super) fn finding(&mut self, numbered: &NumberedFinding, facts: LineFacts<'_>) -> Result<(), Error> {
        let Self { path, data, book, parties, exceptions, notes, not_assessed, schedule, .. } = self;
        schedule.finding(numbered, facts).map_err(|source| Error::io(path, source))?;
        guarded(path, || {
            let party = parties.address(&numbered.finding);
            match numbered.finding.disposition {
                Disposition::Exception => findings::write(book, exceptions, numbered, party, data.run)?,
                Disposition::Note => findings::write(book, notes, numbered, party, data.run)?,
                Disposition::Review => {}
            }
            if findings::is_gap(numbered.finding.code) {
                findings::write_gap(book, not_assessed, numbered)?;
            }
            Ok(())
        })
    }

    /// Writes a row that was not audited.
    pub(super) fn rejected(&mut self, row: &RejectedRow) -> Result<(), Error> {
        let Self { path, book, rejected, .. } = self;
        guarded(path, || rejected::write(book, rejected, row))
    }

    /// Writes the sheets about the run as a whole, puts all sheets in order and completes the file.
    pub(super) fn finish(self, digests: &BTreeMap<String, String>) -> Result<String, Error> {
        let Self { path, out, data, frame, mut book, .. } = self;
        let Self { mut exceptions, mut notes, mut not_assessed, mut rejected, schedule, .. } = self;
        let mut out = Unfailing { out, failure: None };
        guarded(&path, || {
            exceptions.if_empty(
                "None: no line shows a license requirement with nothing on record that meets it.",
            )?;
            notes.if_empty("None.")?;
            not_assessed.if_empty(
                "None: every file and sheet was read, and no needed fact was found missing or unreadable.",
            )?;
            rejected.if_empty("None: no row was rejected.")?;
            let reviews = groups::write(&mut book, data.groups, &frame)?;
            let parties = parties::write(&mut book, data.parties, &frame)?;
            let files = files::write(&mut book, data.run, &frame)?;
            let mut lists = vec![exceptions, reviews, notes, parties];
            if !data.run.decisions.decisions.is_empty() {
                lists.push(decisions::write(&mut book, &data.run.decisions, &frame)?);
            }
            let sample = sample::write(&mut book, data.run.sample.as_ref(), &frame)?;
            let mut schedule = schedule.finish().map_err(XlsxError::IoError)?;
            let in_full = disclosure::write(&mut book, data.disclosure, &mut schedule, &frame)?;
            let in_short = abbreviated::write(&mut book, data.disclosure, &mut schedule, data.run, &frame)?;
            lists.extend([not_assessed, rejected, files, sample, in_full]);
            lists.extend(in_short);
            let large = lists.iter().map(Table::bytes).max().unwrap_or(0) > LARGE;
            let contents = lists.iter().map(Table::contents).collect::<Vec<_>>();

            book.push_worksheet(summary::write(data, &contents, &frame)?);
            for list in lists {
                for sheet in list.finish()? {
                    book.push_worksheet(sheet);
                }
            }
            book.push_worksheet(method::write(data, &frame)?);
            book.push_worksheet(signoff::write(data, digests.get(csv::FINDINGS), &frame)?);
            book.set_properties(&properties(
                "Lookback: flagged exceptions",
                &data.run.program,
                &created(data.run),
            ));
            book.use_zip_large_file(large);
            book.save_to_writer(&mut out)
        })?;
        match out.failure {
            Some(source) => Err(Error::io(&path, source)),
            None => out.out.finish().map_err(|source| Error::io(&path, source)),
        }
    }
}

/// The file's properties.
fn properties(title: &str, program: &str, created: &ExcelDateTime) -> DocProperties {
    DocProperties::new()
        .set_title(title)
        .set_author(text::cell(program))
        .set_subject("Recorded shipments, the controls on exports to Pakistan and the Entity List")
        .set_creation_datetime(created)
}

/// A file's creation date is the list's, not the clock's: the same input gives the same bytes.
fn created(run: &RunRecord) -> ExcelDateTime {
    text::iso_day(&run.list.as_of)
        .and_then(|(year, month, day)| ExcelDateTime::from_ymd(year, month, day).ok())
        .unwrap_or_default()
}

/// Runs what writes the workbook. The library panics when its temporary files cannot be written; the user is told why
/// instead.
fn guarded<T>(path: &Path, work: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, Error> {
    match quietly(work) {
        Some(Ok(done)) => Ok(done),
        Some(Err(XlsxError::IoError(source))) => Err(Error::io(path, source)),
        Some(Err(error)) => Err(Error::content(path, error.to_string())),
        None => Err(Error::temporary(path)),
    }
}

/// A writer that keeps its first failure instead of reporting it, because the library panics on failures.
struct Unfailing {
    out: HashedFile,
    failure: Option<io::Error>,
}

impl Write for Unfailing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failure.is_none()
            && let Err(error) = self.out.write_all(bytes)
        {
            self.failure = Some(error);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
