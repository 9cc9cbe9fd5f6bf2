//! A comparison of two runs as a workbook: a sheet with the figures, and a row a change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::Workbook;

use crate::compare::{Change, Kind as ChangeKind, Totals};
use crate::run::RunRecord;

use super::super::Error;
use super::super::digest::HashedFile;
use super::super::text::in_words;
use super::cell::Kind::{Count, Day, Text};
use super::cell::Value;
use super::frame::{Frame, Paper};
use super::page::Page;
use super::table::{Column, Table, beside, printed};
use super::{Unfailing, created, guarded, properties};

const COLUMNS: &[Column] = &[
    printed("Change", 9.0, Text),
    printed("Why", 18.0, Text),
    printed("What differs", 44.0, Text),
    printed("Code", 7.0, Text),
    printed("Finding", 18.0, Text),
    printed("Kind before", 10.0, Text),
    printed("Kind now", 10.0, Text),
    printed("Status before", 12.0, Text),
    printed("Status now", 12.0, Text),
    printed("Document", 12.0, Text),
    printed("Line", 7.0, Text),
    printed("Date of export", 11.0, Day),
    printed("Party", 24.0, Text),
    printed("Listed entity", 20.0, Text),
    printed("Item", 18.0, Text),
    beside("Candidate ECCN", 11.0, Text),
    beside("File", 24.0, Text),
    beside("Sheet", 14.0, Text),
    beside("Row", 9.0, Count),
    beside("Finding id", 19.0, Text),
];

const WIDTHS: &[f64] = &[24.0, 50.0, 12.0];

/// The workbook while changes pass.
pub struct ComparisonXlsx {
    path: PathBuf,
    out: HashedFile,
    book: Workbook,
    frame: Frame,
    changes: Table,
}

impl ComparisonXlsx {
    /// Creates the file, which must not exist; legend and matter are those of the later run's options.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn create(path: &Path, options: &BTreeMap<String, String>) -> Result<Self, Error> {
        let out = HashedFile::create(path)?;
        let program = format!("lookback {}", env!("CARGO_PKG_VERSION"));
        let frame = Frame::of(&RunRecord { program, options: options.clone(), ..RunRecord::default() });
        let mut book = Workbook::new();
        let changes = guarded(path, || Table::begin(&mut book, "Changes", COLUMNS, &frame))?;
        Ok(Self { path: path.to_owned(), out, book, frame, changes })
    }

    /// Writes a change.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&mut self, change: &Change) -> Result<(), Error> {
        let Self { path, book, changes, .. } = self;
        let finding = &change.finding;
        let is_gone = change.kind == ChangeKind::Gone;
        let now = |text| if is_gone { Value::Blank } else { Value::Text(text) };
        guarded(path, || {
            changes.row(
                book,
                &[
                    Value::Text(change.kind.name()),
                    Value::Made(change.why()),
                    Value::Text(&change.what),
                    Value::Text(&finding.code),
                    Value::Made(in_words(&finding.name)),
                    Value::Text(change.disposition_before.map_or("", crate::finding::Disposition::name)),
                    now(finding.disposition.name()),
                    Value::Text(&change.status_before),
                    now(&finding.status),
                    Value::Text(&finding.document),
                    Value::Text(&finding.line),
                    Value::Day(&finding.date_of_export),
                    Value::Text(&finding.party_name),
                    Value::Text(&finding.listed_entity),
                    Value::Text(&finding.item),
                    Value::Text(&finding.candidate_eccn),
                    Value::Text(&finding.file),
                    Value::Text(&finding.sheet),
                    Value::Count(u64::from(finding.row)),
                    Value::Text(&finding.finding_id),
                ],
            )
        })
    }

    /// Completes the file with the figures; `runs` says what was compared, label and text.
    ///
    /// # Errors
    /// When it cannot be completed.
    pub fn finish(self, totals: &Totals, runs: &[(&str, String)]) -> Result<(), Error> {
        let Self { path, out, mut book, frame, mut changes } = self;
        let mut out = Unfailing { out, failure: None };
        guarded(&path, || {
            let mut page =
                Page::begin("Comparison", "Lookback: two runs compared", WIDTHS, Paper::Upright, &frame)?;
            for (label, words) in runs {
                page.pair(label, words)?;
            }
            page.section("Findings")?;
            page.headings(&[("", Text), ("Why", Text), ("Findings", Count)])?;
            for (name, count) in [
                ("Earlier run", totals.earlier),
                ("Later run", totals.later),
                ("Unchanged", totals.unchanged),
            ] {
                page.row(&[(Text, Value::Text(name)), (Text, Value::Blank), (Count, Value::Count(count))])?;
            }
            for (kind, by_why) in &totals.changes {
                for (why, count) in by_why {
                    page.row(&[
                        (Text, Value::Text(kind.name())),
                        (Text, Value::Text(why)),
                        (Count, Value::Count(*count)),
                    ])?;
                }
            }
            page.remark("A finding is the same in both runs when its id is; the id outlasts a new export, another order and another file name. Causes joined by \"or\" cannot be told apart from the two runs.")?;
            book.push_worksheet(page.finish()?);
            changes.if_empty("None: every finding is the same in both runs.")?;
            for sheet in changes.finish()? {
                book.push_worksheet(sheet);
            }
            let program = format!("lookback {}", env!("CARGO_PKG_VERSION"));
            book.set_properties(&properties(
                "Lookback: two runs compared",
                &program,
                &created(&RunRecord::default()),
            ));
            book.save_to_writer(&mut out)
        })?;
        match out.failure {
            Some(source) => Err(Error::io(&path, source)),
            None => out.out.finish().map(drop).map_err(|source| Error::io(&path, source)),
        }
    }
}
