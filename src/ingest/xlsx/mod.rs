//! XLSX and XLSM workbooks: their sheets, planned from the top, then streamed as batches by a thread of their own.
//!
//! `facts` walks the archive first, because the cell reader checks no checksums and shows no hidden rows; `rows` turns
//! cells into rows. A dense range is never asked for: one stray cell would allocate gigabytes.

mod facts;
mod rows;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};

use calamine::{Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};

use super::book::{NO_WORKSHEET, REPAIR};
use super::columns::{Asked, Outcome, decide};
use super::package;
use super::rows::BatchSize;
use super::sheet::{Sheet, SheetReader, SheetState, Source, Visibility};
use super::{FileFault, Overrides};
use crate::guarded::guarded;
use crate::source::Batch;
use facts::SheetFacts;
pub(crate) use facts::sheet_parts;
pub(crate) use rows::write_formatted;

type Book = Xlsx<BufReader<File>>;

/// Batches that may wait to be taken.
const QUEUE: usize = 2;

/// Plans how each sheet of a workbook is read.
pub(crate) fn open(path: &Path, shown_as: &str, overrides: &Overrides) -> Result<Vec<Sheet>, FileFault> {
    let inspected = facts::inspect(path, shown_as, overrides.limits)?;
    let mut book = open_book(path, shown_as)?;
    let from_1904 = book.has_1904_epoch();
    let metadata = book.sheets_metadata().to_vec();
    let shared = Arc::new(Mutex::new(None));
    let remark = package::unneeded_remark(&inspected.unneeded);
    let mut facts = inspected.sheets.into_iter();
    let mut sheets = Vec::new();
    for sheet in metadata {
        let facts = Arc::new(facts.next().unwrap_or_default());
        let state = if sheet.typ == SheetType::WorkSheet {
            let asked = Asked {
                file: shown_as,
                sheet: &sheet.name,
                block: overrides
                    .columns
                    .as_ref()
                    .and_then(|columns| columns.block_for(shown_as, &sheet.name)),
                date_order: overrides.date_order,
                from_1904,
            };
            // One damaged sheet keeps nobody from reading the others.
            match read_ahead(&mut book, shown_as, &sheet.name, &facts) {
                // The rows before a damage are read, and the damage is met again there.
                (ahead, Some(fault)) if ahead.is_empty() => SheetState::Unread(fault),
                (ahead, _) => plan_sheet(ahead, &asked, remark.as_ref(), || XlsxSource {
                    path: path.to_owned(),
                    shown_as: shown_as.to_owned(),
                    sheet: sheet.name.clone(),
                    facts,
                    shared: Arc::clone(&shared),
                    batches: None,
                    ended: false,
                }),
            }
        } else {
            SheetState::Skipped(NO_WORKSHEET.into())
        };
        sheets.push(Sheet { name: sheet.name, visibility: visibility_of(sheet.visible), state });
    }
    // The shared strings are read once and handed from sheet to sheet.
    if let Ok(mut slot) = shared.lock() {
        *slot = Some(book);
    }
    Ok(sheets)
}

/// Whether a sheet can be seen.
pub(crate) fn visibility_of(visible: SheetVisible) -> Visibility {
    match visible {
        SheetVisible::Visible => Visibility::Visible,
        SheetVisible::Hidden => Visibility::Hidden,
        SheetVisible::VeryHidden => Visibility::VeryHidden,
    }
}

fn plan_sheet(
    ahead: Batch,
    asked: &Asked<'_>,
    remark: Option<&String>,
    source: impl FnOnce() -> XlsxSource,
) -> SheetState {
    if ahead.rows().all(|row| row.is_blank()) {
        return SheetState::Skipped("the sheet is empty".into());
    }
    match decide(&ahead, asked) {
        Outcome::NoHeader(reason) => SheetState::Skipped(reason),
        Outcome::Question(question) => SheetState::Question(question),
        Outcome::Plan(mut plan) => {
            plan.remarks.extend(remark.cloned());
            SheetState::Readable(Box::new(SheetReader {
                plan: *plan,
                ahead,
                source: Source::Xlsx(source()),
                read: 0,
            }))
        }
    }
}

fn open_book(path: &Path, shown_as: &str) -> Result<Book, FileFault> {
    let file = File::open(path).map_err(|error| super::unreadable(shown_as, &error))?;
    match guarded(|| Xlsx::new(BufReader::new(file))) {
        Some(Ok(book)) => Ok(book),
        Some(Err(error)) => Err(workbook_fault(shown_as, "", &error, "")),
        None => {
            Err(FileFault::new(shown_as, "the workbook is damaged in a way that stopped its reader", REPAIR))
        }
    }
}

/// The fault of a workbook or sheet; `so_far` says how far the reading came.
fn workbook_fault(file: &str, sheet: &str, error: &XlsxError, so_far: &str) -> FileFault {
    match error {
        XlsxError::Password => FileFault::of_sheet(
            file,
            sheet,
            "the workbook is password-protected",
            "Remove the password in Excel and save it",
        ),
        other => {
            FileFault::of_sheet(file, sheet, format!("the workbook is damaged{so_far} ({other})"), REPAIR)
        }
    }
}

/// The rows at the top of a sheet, and what kept more from being read.
fn read_ahead(
    book: &mut Book,
    shown_as: &str,
    sheet: &str,
    facts: &SheetFacts,
) -> (Batch, Option<FileFault>) {
    let mut ahead = Batch::default();
    let read = read_rows(book, shown_as, sheet, facts, BatchSize::AHEAD, &mut |batch| {
        ahead = batch;
        false
    });
    (ahead, read.err())
}

/// Reads a sheet's rows; `take` says whether to go on.
fn read_rows(
    book: &mut Book,
    shown_as: &str,
    sheet: &str,
    facts: &SheetFacts,
    size: BatchSize,
    take: &mut dyn FnMut(Batch) -> bool,
) -> Result<(), FileFault> {
    if let Some(why) = &facts.damage {
        return Err(package::damaged_part(shown_as, sheet, why));
    }
    let mut last_row = 0;
    let read = guarded(|| rows::read(book, sheet, facts, size, &mut last_row, take));
    let so_far = if last_row == 0 {
        " before its first row".to_owned()
    } else {
        format!(" after row {last_row}, the last that was read")
    };
    match read {
        Some(Ok(())) => Ok(()),
        Some(Err(error)) => Err(workbook_fault(shown_as, sheet, &error, &so_far)),
        None => Err(FileFault::of_sheet(
            shown_as,
            sheet,
            format!("the sheet is damaged in a way that stopped its reader{so_far}"),
            REPAIR,
        )),
    }
}

/// A worksheet, read by a thread of its own.
pub(crate) struct XlsxSource {
    path: PathBuf,
    shown_as: String,
    sheet: String,
    facts: Arc<SheetFacts>,
    /// The open workbook, while no sheet is being read.
    shared: Arc<Mutex<Option<Book>>>,
    batches: Option<Receiver<Result<Batch, FileFault>>>,
    ended: bool,
}

impl std::fmt::Debug for XlsxSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XlsxSource").field("sheet", &self.sheet).finish_non_exhaustive()
    }
}

impl XlsxSource {
    /// Begins again from the top.
    pub(crate) fn restart(&mut self) {
        self.batches = None;
        self.ended = false;
    }

    /// The next rows.
    pub(crate) fn next(&mut self) -> Result<Option<Batch>, FileFault> {
        if self.ended {
            return Ok(None);
        }
        if self.batches.is_none() {
            self.batches = Some(self.begin()?);
        }
        // The thread ends the queue when the sheet has been read.
        match self.batches.as_ref().and_then(|batches| batches.recv().ok()) {
            Some(Ok(batch)) => Ok(Some(batch)),
            Some(Err(fault)) => {
                self.ended = true;
                Err(fault)
            }
            None => {
                self.ended = true;
                self.batches = None;
                Ok(None)
            }
        }
    }

    fn begin(&self) -> Result<Receiver<Result<Batch, FileFault>>, FileFault> {
        let kept = self.shared.lock().ok().and_then(|mut slot| slot.take());
        let mut book = match kept {
            Some(book) => book,
            None => open_book(&self.path, &self.shown_as)?,
        };
        let (sender, receiver) = sync_channel(QUEUE);
        let (shown_as, sheet) = (self.shown_as.clone(), self.sheet.clone());
        let (facts, shared) = (Arc::clone(&self.facts), Arc::clone(&self.shared));
        std::thread::spawn(move || {
            let read = read_rows(&mut book, &shown_as, &sheet, &facts, BatchSize::WHOLE, &mut |batch| {
                sender.send(Ok(batch)).is_ok()
            });
            if let Ok(mut slot) = shared.lock() {
                *slot = Some(book);
            }
            if let Err(fault) = read {
                // Nobody waits for the fault when the reader was dropped.
                let _ = sender.send(Err(fault));
            }
        });
        Ok(receiver)
    }
}
