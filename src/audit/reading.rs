//! One sheet read and judged, chunk by chunk: a presumption that its own values refute voids what it gave, and it is read
//! once more.
//!
//! Owns where a sheet stands between two chunks, so that any thread can go on with it. Where its records go is said by
//! whoever reads on.

use std::cell::Cell;

use super::Error;
use super::batch::{BatchOutcome, Bench, SheetContext, judge_chunk};
use super::file_state::FileState;
use super::go_on;
use super::held::Held;
use super::lanes::Lanes;
use super::plan::AuditPlan;
use super::record::fill_sheet;
use super::sample::FileKey;
use super::spool::Ordinal;
use super::tally::Tally;
use crate::checks::{MissingColumns, Place, SheetCounts, about_sheet};
use crate::field::Field;
use crate::finding::Finding;
use crate::ingest::{Chunk, Confirmed, FileFault, Sheet, SheetPlan, SheetReader, row_limit_remark};
use crate::run::SheetRecord;
use crate::shipment::Layout;

/// In unit tests, the lines of a file of this name end whoever judges them with a panic.
#[cfg(test)]
pub(super) const PANICS: &str = "a-fault-of-the-program.csv";

/// Where a sheet stands.
pub(super) struct SheetMark {
    /// The number of its file, and its own.
    pub(super) at: (u32, u32),
    pub(super) place: Place,
    pub(super) file_key: FileKey,
}

/// A sheet under way.
pub(super) struct Reading {
    sheet: Sheet,
    context: SheetContext,
    /// Of this pass, until now.
    total: Tally,
    /// What kept it from being read on.
    fault: Option<FileFault>,
    /// Whether what it gave does not count, and it cannot be read again.
    is_void: bool,
}

/// How a pass over a sheet ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// What it gave stands.
    Counts,
    /// What it gave is to be cut.
    Void {
        /// Whether the sheet is read once more.
        again: bool,
    },
}

/// A sheet that is done.
pub(super) struct SheetEnd {
    pub(super) record: SheetRecord,
    /// Without the values of its columns.
    pub(super) tally: Tally,
    /// Findings about the sheet as a whole.
    pub(super) about: Vec<(Ordinal, Finding)>,
    /// The pass that counts; none where it was not read.
    pub(super) pass: Option<u8>,
    /// What its file was when the sheet had been read.
    pub(super) file: Option<FileState>,
}

impl Reading {
    /// Begins with a sheet; one that cannot be read is done.
    pub(super) fn begin(
        mark: SheetMark,
        mut sheet: Sheet,
        plan: &AuditPlan,
        bench: &Bench,
    ) -> Result<Box<Self>, Box<SheetEnd>> {
        let Some(reader) = sheet.reader() else {
            return Err(Box::new(SheetEnd {
                record: sheet.record(None),
                tally: Tally::default(),
                about: Vec::new(),
                pass: None,
                file: None,
            }));
        };
        let (sheet_plan, layout) = planned(reader, plan, bench);
        let context = SheetContext {
            place: mark.place,
            file: mark.at.0,
            sheet: mark.at.1,
            file_key: mark.file_key,
            pass: 0,
            plan: sheet_plan,
            layout,
        };
        let total = Tally { values: context.plan.new_tally(), ..Tally::default() };
        Ok(Box::new(Self { sheet, context, total, fault: None, is_void: false }))
    }

    /// The number of its file.
    pub(super) fn file(&self) -> u32 {
        self.context.file
    }

    /// Lines of this pass audited until now.
    pub(super) fn lines(&self) -> u64 {
        self.total.rows.audited
    }

    /// Reads the rest of this pass on all lanes. `take` gets what each chunk gave, and how far the sheet has been read.
    pub(super) fn read_on(
        &mut self,
        bench: &Bench,
        lanes: &Lanes,
        mut take: impl FnMut(&BatchOutcome, u64) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Self { sheet, context, total, fault, .. } = self;
        let Some(reader) = sheet.reader() else { return Ok(()) };
        let read = Cell::new(0);
        lanes.run(
            || {
                let chunk = next_chunk(reader, fault);
                read.set(reader.bytes_read());
                chunk
            },
            |chunk| judged(bench, context, chunk),
            BatchOutcome::bytes,
            |outcome: BatchOutcome| {
                take(&outcome, read.get())?;
                total.add(outcome.tally);
                Ok(())
            },
        )
    }

    /// Reads on alone, on this thread. Says whether the pass has ended; it has not where the sheet is wanted elsewhere.
    pub(super) fn read_alone(
        &mut self,
        bench: &Bench,
        held: &mut Held,
        is_wanted: impl Fn() -> bool,
    ) -> Result<bool, Error> {
        let Self { sheet, context, total, fault, .. } = self;
        let Some(reader) = sheet.reader() else { return Ok(true) };
        loop {
            if is_wanted() {
                return Ok(false);
            }
            let Some(chunk) = next_chunk(reader, fault)? else { return Ok(true) };
            let outcome = judged(bench, context, chunk);
            held.append(&outcome)?;
            total.add(outcome.tally);
        }
    }

    /// Ends a pass: asks the values whether the sheet was read as it is meant.
    pub(super) fn end_pass(&mut self, plan: &AuditPlan, bench: &Bench) -> Pass {
        if self.fault.is_some() || self.context.pass > 0 {
            return Pass::Counts;
        }
        let Confirmed::Refuted(better) = self.context.plan.confirm(&self.total.values) else {
            return Pass::Counts;
        };
        let Some(reader) = self.sheet.reader() else { return Pass::Counts };
        self.context.pass = 1;
        if let Err(fault) = reader.restart(*better) {
            self.total = Tally::default();
            self.fault = Some(fault);
            self.is_void = true;
            return Pass::Void { again: false };
        }
        (self.context.plan, self.context.layout) = planned(reader, plan, bench);
        self.total = Tally { values: self.context.plan.new_tally(), ..Tally::default() };
        Pass::Void { again: true }
    }

    /// Closes the sheet.
    pub(super) fn end(self, bench: &Bench, file: FileState) -> Box<SheetEnd> {
        let mut record = self.sheet.record(Some(&self.total.values));
        fill_sheet(&mut record, &self.total);
        record.remarks.extend(row_limit_remark(&self.total.rows));
        record.fault = self.fault.as_ref().map(|fault| fault.message().to_owned());
        let about = if self.is_void { Vec::new() } else { self.about(bench) };
        Box::new(SheetEnd {
            record,
            about,
            pass: Some(self.context.pass),
            tally: self.total.without_values(),
            file: Some(file),
        })
    }

    /// The findings about the sheet as a whole.
    fn about(&self, bench: &Bench) -> Vec<(Ordinal, Finding)> {
        let Self { context, total, .. } = self;
        let missing = MissingColumns {
            date: !context.layout.has_date(),
            destination: !context.layout.has_destination(),
            party: !context.layout.has_transaction_party(),
        };
        let row = context.plan.header_row;
        let vocabulary = &bench.vocabulary;
        let counts = SheetCounts { ran_together: total.values.ran_together(), ..total.counts.clone() };
        let findings =
            about_sheet(&context.place, row, &counts, missing, &vocabulary.rules, vocabulary.parties.list());
        findings.into_iter().map(|finding| ((context.file, context.sheet, row), finding)).collect()
    }
}

/// How the reader reads now, with what the user says of all files.
fn planned(reader: &SheetReader, plan: &AuditPlan, bench: &Bench) -> (SheetPlan, Layout) {
    let mut sheet_plan = reader.plan().clone();
    if let Some(country) = plan.ship_from
        && sheet_plan.column_of(Field::ShipFromCountry).is_none()
    {
        sheet_plan.fixed.entry(Field::ShipFromCountry).or_insert_with(|| country.to_string());
    }
    let layout = Layout::new(&sheet_plan, bench.vocabulary.rules.jurisdiction().home);
    (sheet_plan, layout)
}

/// The next rows; none where the sheet has ended, or cannot be read on.
fn next_chunk(reader: &mut SheetReader, fault: &mut Option<FileFault>) -> Result<Option<Chunk>, Error> {
    go_on()?;
    // What was read until a fault is kept and counted; the fault is told with the file.
    Ok(reader.next_chunk().unwrap_or_else(|found| {
        *fault = Some(found);
        None
    }))
}

fn judged(bench: &Bench, context: &SheetContext, chunk: Chunk) -> BatchOutcome {
    #[cfg(test)]
    assert_ne!(context.place.file, PANICS);
    let mut lines = bench.reader();
    let outcome = judge_chunk(bench, context, &mut lines, chunk);
    bench.put_back(lines);
    outcome
}
