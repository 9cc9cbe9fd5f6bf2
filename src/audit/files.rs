//! One file after the other, in the order of the input: its sheets taken in, its rows accounted for.
//!
//! Owns what the files of a run gave. A second copy of a file is recognized by its digest, and what it gave is discarded.
//! How a sheet is read is told in `reading`, and what is read before its turn comes in `ahead`.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::ahead::Ahead;
use super::inputs::{Input, name};
use super::kept::{Kept, KeptFile, Opening, Share, ShareRef};
use super::lanes::{Hands, Lanes};
use super::merge::Findings;
use super::progress::Progress;
use super::reading::{Pass, Reading, SheetEnd, SheetMark};
use super::records::Records;
use super::spool::{Ordinal, Spool, encode};
use super::tally::Tally;
use super::waiting::Found;
use super::{Error, go_on};
use crate::checks::Place;
use crate::finding::Finding;
use crate::ingest::FileFault;
use crate::rulebase::Rulebase;
use crate::run::{InputRecord, RunRecord, SheetRecord};

/// Everything the files of a run gave.
pub(super) struct Audited {
    records: Records,
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
            records: Records::new(!mergeable)?,
            about_sheets: Vec::new(),
            places: BTreeMap::new(),
            passes: BTreeMap::new(),
            digests: BTreeMap::new(),
            bytes_done: 0,
            total: Tally::default(),
            run: RunRecord::default(),
        })
    }

    /// Takes in the file whose turn it is: what was read of it ahead, and the rest, which is read now.
    pub(super) fn file<'s>(
        &mut self,
        (number, input): (u32, &Input),
        ahead: &'s Ahead<'_>,
        lanes: &Lanes,
        hands: &Hands<'_, 's>,
        progress: &mut Progress,
    ) -> Result<(), Error> {
        go_on()?;
        let mut record = InputRecord {
            file: input.shown.clone(),
            path: input.path.display().to_string(),
            ..InputRecord::default()
        };
        let start = self.records.positions();
        let about_sheets = self.about_sheets.len();
        let mut total = Tally::default();
        let opened = ahead.file(number, hands)?;
        let sheets = opened.places.len() as u32;
        match opened.book {
            Err(refused) => {
                record.bytes = refused.bytes;
                record.sha256 = refused.sha256;
                record.fault = Some(refused.why);
            }
            Ok(workbook) => {
                record.format = workbook.format().to_owned();
                record.bytes = workbook.bytes();
                let mut faults: Vec<String> = Vec::new();
                let mut has_changed = opened.after != opened.before;
                for (sheet, place) in (0..).zip(opened.places) {
                    let mark = SheetMark { at: (number, sheet), place: place.clone(), file_key: opened.key };
                    let end = self.sheet(mark, ahead, lanes, hands, progress)?;
                    self.places.insert((number, sheet), place);
                    if let Some(pass) = end.pass {
                        self.passes.insert((number, sheet), pass);
                    }
                    self.about_sheets.extend(end.about);
                    total.add(end.tally);
                    has_changed |= end.file.is_some_and(|file| file != opened.before);
                    // The other sheets are read all the same.
                    faults.extend(end.record.fault.clone());
                    record.sheets.push(end.record);
                }
                if has_changed {
                    faults.push(changed_meanwhile(input));
                }
                record.fault = (!faults.is_empty()).then(|| faults.join("\n"));
                record.sha256 = workbook.sha256().unwrap_or_default();
            }
        }
        ahead.done(number);
        self.bytes_done += record.bytes;
        progress.advance(self.bytes_done, 0);
        if self.is_second_copy(&mut record) {
            self.records.cut(start)?;
            self.about_sheets.truncate(about_sheets);
            self.passes.retain(|(own, _), _| *own != number);
            total = Tally::default();
        }
        self.keep_share(number, sheets, &input.name, &record, about_sheets, &total)?;
        self.enter(&input.name, record, total);
        Ok(())
    }

    /// Takes in the sheet whose turn it is.
    fn sheet<'s>(
        &mut self,
        mark: SheetMark,
        ahead: &'s Ahead<'_>,
        lanes: &Lanes,
        hands: &Hands<'_, 's>,
        progress: &mut Progress,
    ) -> Result<Box<SheetEnd>, Error> {
        let start = self.records.positions();
        let mut reading = match ahead.sheet(mark, hands)? {
            Found::New(mark, sheet) => match Reading::begin(mark, *sheet, ahead.plan(), ahead.bench()) {
                Ok(reading) => reading,
                Err(end) => return Ok(end),
            },
            Found::Begun(reading, held) => {
                held.pour(&mut self.records)?;
                progress.advance(self.bytes_done, reading.lines());
                reading
            }
            Found::Done(end, held) => {
                held.pour(&mut self.records)?;
                progress.advance(self.bytes_done, end.tally.rows.audited);
                return Ok(end);
            }
        };
        loop {
            reading.read_on(ahead.bench(), lanes, |outcome, read| {
                self.records.append(outcome)?;
                progress.advance(self.bytes_done + read, outcome.tally.rows.audited);
                Ok(())
            })?;
            let again = match reading.end_pass(ahead.plan(), ahead.bench()) {
                Pass::Counts => false,
                Pass::Void { again } => {
                    self.records.cut(start)?;
                    again
                }
            };
            if !again {
                return Ok(ahead.end(*reading));
            }
        }
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
        self.records.keep(&mut file)?;
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
        self.records.join(kept, &numbers)
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
        let Records { findings, rejected, lines, particulars, repeats, histories } = self.records;
        let repeats = repeats.finish(counts)?;
        let across_lines = histories.finish(counts, &self.places, rules)?;
        Ok(Gathered {
            findings: Findings {
                spool: findings,
                about_sheets: self.about_sheets,
                repeats,
                across_lines,
                places: self.places,
            },
            rejected,
            lines,
            particulars,
            record: (self.run, self.total),
        })
    }
}

/// What a person is told of a file that another program wrote to, or took away, while it was read.
fn changed_meanwhile(input: &Input) -> String {
    let what = "it was changed while it was read, so that rows of it may be missing or stand there twice";
    let next = "Wait until the program that writes it is done, and audit it again";
    FileFault::new(&input.shown, what, next).message().to_owned()
}
