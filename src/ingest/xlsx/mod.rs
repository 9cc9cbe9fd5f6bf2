//! XLSX and XLSM workbooks: their sheets, planned from the top, then streamed as batches by a thread of their own.
//!
//! `facts` walks the archive first, because the cell reader checks no checksums and shows no hidden rows; `rows` turns
//! cells into rows. A dense range is never asked for: one stray cell would allocate gigabytes. A sheet of plain markup is
//! read by `plain`, in a fraction of the time; the first thing in it that is not plain hands it to calamine.

mod content;
mod core_parts;
mod digits;
mod facts;
mod markup;
mod plain;
mod rows;
#[cfg(test)]
mod same_cells;
mod strings;

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
use core_parts::PlainBook;
pub(crate) use facts::sheet_parts;
use facts::{Inspected, SheetFacts};
pub(crate) use rows::write_formatted;

type Book = Xlsx<BufReader<File>>;

/// Batches that may wait to be taken.
const QUEUE: usize = 2;

/// A workbook whose sheets are read one after the other, or several at once.
struct OpenBook {
    path: PathBuf,
    shown_as: String,
    /// What its sheets share, where they may be plain.
    plain: Option<PlainBook>,
    /// The workbook as calamine opened it, while no sheet is being read: its shared strings are read once and handed from
    /// sheet to sheet.
    shared: Mutex<Option<Book>>,
}

/// Plans how each sheet of a workbook is read.
pub(crate) fn open(path: &Path, shown_as: &str, overrides: &Overrides) -> Result<Vec<Sheet>, FileFault> {
    let inspected = facts::inspect(path, shown_as, overrides.limits)?;
    plan_book(inspected, path, shown_as, overrides)
}

fn plan_book(
    inspected: Inspected,
    path: &Path,
    shown_as: &str,
    overrides: &Overrides,
) -> Result<Vec<Sheet>, FileFault> {
    let Inspected { sheets: facts, parts, plain, unneeded } = inspected;
    let (metadata, from_1904, book) = if let Some(plain) = &plain {
        (plain.sheets.clone(), plain.from_1904, None)
    } else {
        let book = open_book(path, shown_as)?;
        (book.sheets_metadata().to_vec(), book.has_1904_epoch(), Some(book))
    };
    let shared = Mutex::new(book);
    let book = Arc::new(OpenBook { path: path.to_owned(), shown_as: shown_as.to_owned(), plain, shared });
    let remark = package::unneeded_remark(&unneeded);
    let (mut facts, mut parts) = (facts.into_iter(), parts.into_iter());
    let mut sheets = Vec::new();
    for sheet in metadata {
        let place = Arc::new(SheetPlace {
            name: sheet.name.clone(),
            part: parts.next().unwrap_or_default(),
            facts: facts.next().unwrap_or_default(),
        });
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
            match read_ahead(&book, &place) {
                // The rows before a damage are read, and the damage is met again there.
                (ahead, Some(fault)) if ahead.is_empty() => SheetState::Unread(fault),
                (ahead, _) => plan_sheet(ahead, &asked, remark.as_ref(), || XlsxSource {
                    book: Arc::clone(&book),
                    place,
                    batches: None,
                    ended: false,
                }),
            }
        } else {
            SheetState::Skipped(NO_WORKSHEET.into())
        };
        sheets.push(Sheet { name: sheet.name, visibility: visibility_of(sheet.visible), state });
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

/// A sheet of a workbook, and what the walk found in it.
struct SheetPlace {
    name: String,
    part: String,
    facts: SheetFacts,
}

/// The rows at the top of a sheet, and what kept more from being read.
fn read_ahead(book: &OpenBook, place: &SheetPlace) -> (Batch, Option<FileFault>) {
    let mut ahead = Batch::default();
    let read = read_rows(book, place, BatchSize::AHEAD, &mut |batch| {
        ahead = batch;
        false
    });
    (ahead, read.err())
}

/// Reads a sheet's rows; `take` says whether to go on.
fn read_rows(
    book: &OpenBook,
    place: &SheetPlace,
    size: BatchSize,
    take: &mut dyn FnMut(Batch) -> bool,
) -> Result<(), FileFault> {
    let SheetPlace { name: sheet, facts, .. } = place;
    if let Some(why) = &facts.damage {
        return Err(package::damaged_part(&book.shown_as, sheet, why));
    }
    let mut given = 0;
    if let Some(plain) = &book.plain {
        let read = guarded(|| {
            plain::read(&book.path, &place.part, plain, facts, size, &mut |batch| {
                given += 1;
                take(batch)
            })
        });
        if let Some(Ok(())) = read {
            return Ok(());
        }
    }
    let kept = book.shared.lock().ok().and_then(|mut slot| slot.take());
    let mut opened = match kept {
        Some(opened) => opened,
        None => open_book(&book.path, &book.shown_as)?,
    };
    let mut last_row = 0;
    // Where the sheet stopped being plain, the batches before are those that were given.
    let mut rest = |batch| {
        let was_given = given > 0;
        given -= usize::from(was_given);
        was_given || take(batch)
    };
    let read = guarded(|| rows::read(&mut opened, sheet, facts, size, &mut last_row, &mut rest));
    if let Ok(mut slot) = book.shared.lock() {
        *slot = Some(opened);
    }
    let so_far = if last_row == 0 {
        " before its first row".to_owned()
    } else {
        format!(" after row {last_row}, the last that was read")
    };
    match read {
        Some(Ok(())) => Ok(()),
        Some(Err(error)) => Err(workbook_fault(&book.shown_as, sheet, &error, &so_far)),
        None => Err(FileFault::of_sheet(
            &book.shown_as,
            sheet,
            format!("the sheet is damaged in a way that stopped its reader{so_far}"),
            REPAIR,
        )),
    }
}

/// A worksheet, read by a thread of its own.
pub(crate) struct XlsxSource {
    book: Arc<OpenBook>,
    place: Arc<SheetPlace>,
    batches: Option<Receiver<Result<Batch, FileFault>>>,
    ended: bool,
}

impl std::fmt::Debug for XlsxSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XlsxSource").field("sheet", &self.place.name).finish_non_exhaustive()
    }
}

impl XlsxSource {
    /// Whether nothing is known yet that keeps it from being read as plain markup.
    pub(crate) fn is_plain(&self) -> bool {
        let facts = &self.place.facts;
        self.book.plain.is_some() && facts.errors.is_empty() && !facts.errors_unplaced
    }

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
            self.batches = Some(self.begin());
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

    fn begin(&self) -> Receiver<Result<Batch, FileFault>> {
        let (sender, receiver) = sync_channel(QUEUE);
        let (book, place) = (Arc::clone(&self.book), Arc::clone(&self.place));
        std::thread::spawn(move || {
            let read =
                read_rows(&book, &place, BatchSize::WHOLE, &mut |batch| sender.send(Ok(batch)).is_ok());
            if let Err(fault) = read {
                // Nobody waits for the fault when the reader was dropped.
                let _ = sender.send(Err(fault));
            }
        });
        receiver
    }
}
