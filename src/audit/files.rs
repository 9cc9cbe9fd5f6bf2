//! One file after the other: its sheets read, its lines judged on the lanes, its rows accounted for.
//!
//! A presumption about a sheet that its own values refute discards what the sheet gave, and the sheet is read once
//! more. A second copy of a file is recognized by its digest and discarded in the same way.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::batch::{BatchOutcome, Bench, SheetContext, judge_chunk};
use super::histories::Histories;
use super::inputs::{Input, name};
use super::kept::{Kept, KeptFile, Opening, Share, ShareRef};
use super::lanes::Lanes;
use super::merge::Findings;
use super::plan::AuditPlan;
use super::progress::Progress;
use super::record::fill_sheet;
use super::repeats::Repeats;
use super::sample::FileKey;
use super::spool::{Ordinal, Spool, encode};
use super::tally::Tally;
use super::{Error, go_on};
use crate::checks::{MissingColumns, Place, SheetCounts, about_sheet};
use crate::field::Field;
use crate::finding::Finding;
use crate::ingest::{self, Confirmed, FileFault, SheetReader};
use crate::rulebase::Rulebase;
use crate::run::{InputRecord, RunRecord, SheetRecord};
use crate::shipment::Layout;

/// Everything the files of a run gave.
pub(super) struct Audited {
    findings: Spool,
    rejected: Spool,
    lines: Spool,
    particulars: Spool,
    repeats: Repeats,
    histories: Histories,
    about_sheets: Vec<(Ordinal, Finding)>,
    places: BTreeMap<(u32, u32), Place>,
    /// The pass over each sheet that counts.
    passes: BTreeMap<(u32, u32), u8>,
    digests: BTreeMap<String, String>,
    /// Of every file what a later merge needs beside the spools; none where the run is not to be merged.
    shares: Option<Spool>,
    /// The path of every file as given, and its name before it was lengthened.
    names: Vec<(PathBuf, PathBuf)>,
    bytes_done: u64,
    total: Tally,
    run: RunRecord,
}

/// By what a file is known to be still the same: its size, and when it was last written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp(Option<(u64, SystemTime)>);

impl Stamp {
    fn of(path: &Path) -> Self {
        let metadata = std::fs::metadata(path);
        Self(metadata.and_then(|metadata| Ok((metadata.len(), metadata.modified()?))).ok())
    }

    /// What a person is told of a file that another program wrote to, or took away, while it was read.
    fn changed_since(self, input: &Input) -> Option<String> {
        if Self::of(&input.path) == self {
            return None;
        }
        let what = "it was changed while it was read, so that rows of it may be missing or stand there twice";
        let next = "Wait until the program that writes it is done, and audit it again";
        Some(FileFault::new(&input.shown, what, next).message().to_owned())
    }
}

/// A sheet under way.
struct SheetMark {
    /// The number of its file, and its own.
    at: (u32, u32),
    place: Place,
    file_key: FileKey,
}

/// What stands on disk and in memory when all files are done.
pub(super) struct Gathered {
    pub(super) findings: Findings,
    pub(super) rejected: Spool,
    pub(super) lines: Spool,
    pub(super) particulars: Spool,
    pub(super) record: (RunRecord, Tally),
}

impl Audited {
    /// Nothing yet; `mergeable` keeps what a later merge needs.
    pub(super) fn new(mergeable: bool) -> Result<Self, Error> {
        Ok(Self {
            shares: mergeable.then(Spool::new).transpose()?,
            names: Vec::new(),
            findings: Spool::new()?,
            rejected: Spool::new()?,
            lines: Spool::new()?,
            particulars: Spool::new()?,
            repeats: Repeats::new(),
            histories: Histories::new(),
            about_sheets: Vec::new(),
            places: BTreeMap::new(),
            passes: BTreeMap::new(),
            digests: BTreeMap::new(),
            bytes_done: 0,
            total: Tally::default(),
            run: RunRecord::default(),
        })
    }

    /// Reads and judges one file.
    pub(super) fn file(
        &mut self,
        number: u32,
        input: &Input,
        plan: &AuditPlan,
        bench: &Bench,
        lanes: &Lanes,
        progress: &mut Progress,
    ) -> Result<(), Error> {
        go_on()?;
        let mut record = InputRecord {
            file: input.shown.clone(),
            path: input.path.display().to_string(),
            ..InputRecord::default()
        };
        let before = Stamp::of(&input.path);
        let start = self.positions();
        let about_sheets = self.about_sheets.len();
        let mut total = Tally::default();
        let mut sheets = 0;
        match ingest::open(&input.path, &input.shown, &plan.overrides) {
            Err(fault) => {
                record.bytes = std::fs::metadata(&input.path).map_or(0, |metadata| metadata.len());
                record.sha256 = ingest::sha256_of(&input.path, &input.shown).unwrap_or_default();
                record.fault = Some(fault.message().to_owned());
            }
            Ok(mut workbook) => {
                record.format = workbook.format().to_owned();
                record.bytes = workbook.bytes();
                sheets = workbook.sheets().len() as u32;
                let file_key = FileKey::new(&input.name, record.bytes);
                let mut faults: Vec<String> = Vec::new();
                for index in 0..workbook.sheets().len() {
                    let sheet = &mut workbook.sheets_mut()[index];
                    let place = Place { file: input.shown.clone(), sheet: sheet.name.clone() };
                    let at = (number, index as u32);
                    self.places.insert(at, place.clone());
                    let Some(reader) = sheet.reader() else {
                        faults.extend(sheet.fault().map(|fault| fault.message().to_owned()));
                        record.sheets.push(sheet.record(None));
                        continue;
                    };
                    let mark = SheetMark { at, place, file_key };
                    let (tally, fault) = self.sheet(&mark, reader, plan, bench, lanes, progress)?;
                    let mut sheet_record = sheet.record(Some(&tally.values));
                    fill_sheet(&mut sheet_record, &tally);
                    sheet_record.remarks.extend(ingest::row_limit_remark(&tally.rows));
                    total.add(tally.without_values());
                    // The other sheets are read all the same.
                    if let Some(fault) = fault {
                        sheet_record.fault = Some(fault.message().to_owned());
                        faults.push(fault.message().to_owned());
                    }
                    record.sheets.push(sheet_record);
                }
                faults.extend(before.changed_since(input));
                record.fault = (!faults.is_empty()).then(|| faults.join("\n"));
                record.sha256 = workbook.sha256().unwrap_or_default();
            }
        }
        self.bytes_done += record.bytes;
        progress.advance(self.bytes_done, 0);
        if self.is_second_copy(&mut record) {
            self.cut(start)?;
            self.about_sheets.truncate(about_sheets);
            self.passes.retain(|(own, _), _| *own != number);
            total = Tally::default();
        }
        self.keep_share(number, sheets, &input.name, &record, about_sheets, &total)?;
        self.enter(&input.name, record, total);
        Ok(())
    }

    /// Whether the file is a copy of one that was audited; its record then says so instead of how it was read.
    fn is_second_copy(&self, record: &mut InputRecord) -> bool {
        if record.fault.is_some() {
            return false;
        }
        let Some(first) = self.digests.get(&record.sha256) else { return false };
        let why = format!("the same bytes as {first}, which was audited; this second copy was not");
        for sheet in &mut record.sheets {
            *sheet = SheetRecord {
                sheet: sheet.sheet.clone(),
                visibility: sheet.visibility.clone(),
                skipped: Some(why.clone()),
                ..SheetRecord::default()
            };
        }
        true
    }

    /// Enters a file that is done.
    fn enter(&mut self, name: &str, record: InputRecord, total: Tally) {
        // Of two copies the first stays the one that is named.
        if !record.sha256.is_empty() {
            self.digests.entry(record.sha256.clone()).or_insert_with(|| record.file.clone());
        }
        self.total.add(total);
        self.names.push((PathBuf::from(&record.path), PathBuf::from(name)));
        self.run.inputs.push(record);
    }

    /// Keeps what a later merge needs of a file beside the spools.
    fn keep_share(
        &mut self,
        number: u32,
        sheets: u32,
        name: &str,
        record: &InputRecord,
        about_from: usize,
        total: &Tally,
    ) -> io::Result<()> {
        let Some(shares) = &mut self.shares else { return Ok(()) };
        let of_sheet = |sheet| {
            let at = (number, sheet);
            self.places.get(&at).map(|place| (sheet, place, self.passes.get(&at).copied()))
        };
        let share = ShareRef {
            name,
            record,
            sheets: (0..sheets).filter_map(of_sheet).collect(),
            about_sheets: &self.about_sheets[about_from..],
            total,
        };
        let mut encoded = Vec::new();
        encode(&mut encoded, (number, 0, 0), &share);
        shares.append(&encoded)
    }

    /// Writes what a later merge needs into the report's folder; gives the SHA-256 of it.
    pub(super) fn keep(&mut self, folder: &Path, opening: &Opening) -> Result<Option<String>, Error> {
        let Some(shares) = &mut self.shares else { return Ok(None) };
        let mut file = KeptFile::create(folder)?;
        file.opening(opening)?;
        file.spool(shares)?;
        for spool in [&mut self.findings, &mut self.rejected, &mut self.lines, &mut self.particulars] {
            file.spool(spool)?;
        }
        file.partitions(self.repeats.records())?;
        file.partitions(self.histories.records())?;
        file.finish().map(Some)
    }

    /// Takes in the files of a finished run, as if they had been read after those before.
    pub(super) fn join(&mut self, kept: &mut Kept) -> Result<(), Error> {
        let mut shares = kept.shares()?;
        let mut numbers: Vec<Option<u32>> = Vec::new();
        for share in shares.read::<Share>().map_err(Error::Temporary)? {
            let (_, Share { name, mut record, sheets, about_sheets, mut total }) =
                share.map_err(|source| kept.broken(source))?;
            let number = self.run.inputs.len() as u32;
            let counts = !self.is_second_copy(&mut record);
            for (sheet, place, pass) in sheets {
                self.places.insert((number, sheet), place);
                if let Some(pass) = pass.filter(|_| counts) {
                    self.passes.insert((number, sheet), pass);
                }
            }
            if counts {
                let moved = about_sheets
                    .into_iter()
                    .map(|((_, sheet, row), finding)| ((number, sheet, row), finding));
                self.about_sheets.extend(moved);
                total.sample = total.sample.of_file(number);
            } else {
                total = Tally::default();
            }
            numbers.push(counts.then_some(number));
            self.enter(&name, record, total);
        }
        for spool in [&mut self.findings, &mut self.rejected, &mut self.lines, &mut self.particulars] {
            kept.spool(spool, &numbers)?;
        }
        kept.partitions(self.repeats.records(), &numbers)?;
        kept.partitions(self.histories.records(), &numbers)
    }

    /// The first file that one run over all files would name otherwise than the run it comes from: its name, and that name.
    pub(super) fn named_otherwise(&self) -> Option<(String, String)> {
        let names = name(self.names.clone());
        let pairs = self.run.inputs.iter().zip(names);
        pairs
            .filter(|(record, input)| record.file != input.shown)
            .map(|(record, input)| (record.file.clone(), input.shown))
            .next()
    }

    /// Where the next record of each spool will stand.
    fn positions(&self) -> [u64; 4] {
        [&self.findings, &self.rejected, &self.lines, &self.particulars].map(Spool::position)
    }

    /// Drops what was spooled from these positions on.
    fn cut(&mut self, [findings, rejected, lines, particulars]: [u64; 4]) -> Result<(), Error> {
        self.findings.cut(findings)?;
        self.rejected.cut(rejected)?;
        self.lines.cut(lines)?;
        self.particulars.cut(particulars)?;
        Ok(())
    }

    /// Reads and judges one sheet, twice at most. A fault of reading comes with what was read until then.
    fn sheet(
        &mut self,
        mark: &SheetMark,
        reader: &mut SheetReader,
        plan: &AuditPlan,
        bench: &Bench,
        lanes: &Lanes,
        progress: &mut Progress,
    ) -> Result<(Tally, Option<FileFault>), Error> {
        let start = self.positions();
        let at = mark.at;
        let mut pass = 0;
        loop {
            let mut sheet_plan = reader.plan().clone();
            if let Some(country) = plan.ship_from
                && sheet_plan.column_of(Field::ShipFromCountry).is_none()
            {
                sheet_plan.fixed.entry(Field::ShipFromCountry).or_insert_with(|| country.to_string());
            }
            let layout = Layout::new(&sheet_plan, bench.vocabulary.rules.jurisdiction().home);
            let context = SheetContext {
                place: mark.place.clone(),
                file: at.0,
                sheet: at.1,
                file_key: mark.file_key,
                pass,
                plan: sheet_plan,
                layout,
            };
            self.passes.insert(at, pass);
            let mut total = Tally { values: context.plan.new_tally(), ..Tally::default() };
            let fault = self.rows(reader, &context, bench, lanes, progress, &mut total)?;
            if fault.is_none()
                && pass == 0
                && let Confirmed::Refuted(better) = context.plan.confirm(&total.values)
            {
                self.cut(start)?;
                pass = 1;
                match reader.restart(*better) {
                    Ok(()) => continue,
                    Err(fault) => return Ok((Tally::default(), Some(fault))),
                }
            }
            self.about(at, &context, &total, bench);
            return Ok((total, fault));
        }
    }

    fn rows(
        &mut self,
        reader: &mut SheetReader,
        context: &SheetContext,
        bench: &Bench,
        lanes: &Lanes,
        progress: &mut Progress,
        total: &mut Tally,
    ) -> Result<Option<FileFault>, Error> {
        let mut fault = None;
        let before = self.bytes_done;
        let read = std::cell::Cell::new(0);
        lanes.run(
            || {
                go_on()?;
                match reader.next_chunk() {
                    Ok(chunk) => {
                        read.set(reader.bytes_read());
                        Ok(chunk)
                    }
                    // What was read until then is kept and counted; the fault is told with the file.
                    Err(found) => {
                        fault = Some(found);
                        Ok(None)
                    }
                }
            },
            |chunk| {
                let mut lines = bench.reader();
                let outcome = judge_chunk(bench, context, &mut lines, chunk);
                bench.put_back(lines);
                outcome
            },
            BatchOutcome::bytes,
            |outcome: BatchOutcome| {
                self.findings.append(&outcome.findings)?;
                self.rejected.append(&outcome.rejected)?;
                self.lines.append(&outcome.lines)?;
                self.particulars.append(&outcome.particulars)?;
                self.repeats.append(&outcome.repeats)?;
                self.histories.append(&outcome.histories)?;
                progress.advance(before + read.get(), outcome.tally.rows.audited);
                total.add(outcome.tally);
                Ok::<(), Error>(())
            },
        )?;
        Ok(fault)
    }

    /// The findings about the sheet as a whole.
    fn about(&mut self, at: (u32, u32), context: &SheetContext, total: &Tally, bench: &Bench) {
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
        self.about_sheets.extend(findings.into_iter().map(|finding| ((at.0, at.1, row), finding)));
    }

    /// Why nothing could be audited, a sentence a file or sheet; none where there is something to report.
    pub(super) fn nothing_audited(&self) -> Option<Vec<String>> {
        let rows = &self.total.rows;
        if rows.audited + rows.outside_period + rows.rejected > 0 {
            return None;
        }
        let mut reasons = Vec::new();
        for input in &self.run.inputs {
            if let Some(fault) = &input.fault {
                reasons.push(fault.clone());
            }
            for sheet in input.sheets.iter().filter(|sheet| sheet.fault.is_none()) {
                let named = if sheet.sheet.is_empty() {
                    input.file.clone()
                } else {
                    format!("{}, sheet \"{}\"", input.file, sheet.sheet)
                };
                reasons.push(match &sheet.skipped {
                    Some(why) => format!("{named}: {why}"),
                    None => format!("{named}: there is no shipment line below the header in row {}. Export the lines as well.", sheet.header_row),
                });
            }
        }
        Some(reasons)
    }

    /// Closes the books over all files.
    pub(super) fn finish(self, rules: &Rulebase) -> Result<Gathered, Error> {
        let passes = self.passes;
        let counts = |file, sheet, pass| passes.get(&(file, sheet)) == Some(&pass);
        let repeats = self.repeats.finish(counts)?;
        let across_lines = self.histories.finish(counts, &self.places, rules)?;
        Ok(Gathered {
            findings: Findings {
                spool: self.findings,
                about_sheets: self.about_sheets,
                repeats,
                across_lines,
                places: self.places,
            },
            rejected: self.rejected,
            lines: self.lines,
            particulars: self.particulars,
            record: (self.run, self.total),
        })
    }
}
