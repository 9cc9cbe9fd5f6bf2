//! Workbooks other than XLSX: XLS, XLSB, ODS, XML spreadsheets and tables of web pages.
//!
//! Each format has a reader that writes sheets, rows and cells into a `sink`; `process` runs it where it can do no harm.
//! Here the sheets are planned, as for any other file.

mod biff;
mod html;
mod ods;
mod process;
mod sink;
mod spreadsheetml;
mod wire;
mod xls;
mod xlsb;
mod xlsb_facts;
mod xml;

pub use process::{COMMAND as READER_COMMAND, isolate_readers, serve_reader};

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use super::Overrides;
use super::columns::{Asked, Outcome, decide};
use super::encoding::{DecodedReader, declared};
use super::fault::FileFault;
use super::package;
use super::sheet::{Sheet, SheetReader, SheetState, Source};
use crate::source::Batch;
use process::{Feed, Request};
use sink::{Event, SheetHead, Sink, Want};

/// What to do with a workbook that Excel may still repair.
pub(crate) const REPAIR: &str =
    "Open it in Excel, let Excel repair it, save it as .xlsx, and audit that file";

/// Why a sheet that holds no rows is not read.
pub(crate) const NO_WORKSHEET: &str = "not a worksheet: it holds a chart, a macro or a dialog and no rows";

/// No sheet has more rows: those of Excel, four times over.
pub(crate) const LAST_ROW: u32 = 1 << 22;

/// What is wrong with a file, without its name.
pub(crate) struct Damaged(pub(crate) String);

/// A format read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BookFormat {
    Xls,
    Xlsb,
    Ods,
    Fods,
    Html,
    SpreadsheetMl,
}

impl BookFormat {
    const ALL: [Self; 6] = [Self::Xls, Self::Xlsb, Self::Ods, Self::Fods, Self::Html, Self::SpreadsheetMl];

    fn key(self) -> &'static str {
        match self {
            Self::Xls => "xls",
            Self::Xlsb => "xlsb",
            Self::Ods => "ods",
            Self::Fods => "fods",
            Self::Html => "html",
            Self::SpreadsheetMl => "spreadsheetml",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.key() == key)
    }

    /// Whether a file of this format is a zip archive.
    fn is_archive(self) -> bool {
        matches!(self, Self::Xlsb | Self::Ods)
    }
}

/// Plans how each sheet is read.
pub(crate) fn open(
    format: BookFormat,
    path: &Path,
    shown_as: &str,
    overrides: &Overrides,
) -> Result<Vec<Sheet>, FileFault> {
    let mut unneeded = package::Damage::new();
    if format == BookFormat::Ods && ods::is_encrypted(path) {
        return Err(ods::encrypted(shown_as));
    }
    if format.is_archive() {
        unneeded = package::walk(path, shown_as, overrides.limits, &mut |_, _| {})?;
        let needed = |name: &str| match format {
            BookFormat::Ods => name == "content.xml",
            _ => name.starts_with("xl/") && name.contains(".bin") && !name.contains("printersettings"),
        };
        if let Some((_, why)) = unneeded.iter().find(|(name, _)| needed(name)) {
            return Err(package::damaged_part(shown_as, "", why));
        }
    }
    let request = Request {
        format,
        path: path.to_owned(),
        shown_as: shown_as.to_owned(),
        want: Want::Survey,
        limits: overrides.limits,
        encoding: overrides.encoding,
    };
    let mut feed = Feed::start(&request)?;
    let mut surveyed: Vec<(SheetHead, Batch, Option<FileFault>)> = Vec::new();
    loop {
        match feed.next() {
            Ok(Event::Sheet(head)) => surveyed.push((head, Batch::default(), None)),
            Ok(Event::Rows(batch)) => {
                if let Some((_, ahead, _)) = surveyed.last_mut() {
                    *ahead = batch;
                }
            }
            Ok(Event::Fault(fault)) => match surveyed.last_mut() {
                Some((_, _, of_sheet)) => *of_sheet = Some(fault),
                None => return Err(fault),
            },
            Ok(Event::End) => break,
            // Sheets before the one at which the reader died are read; what followed it is not known.
            Err(fault) => match surveyed.last_mut() {
                Some((_, _, of_sheet)) => {
                    *of_sheet = Some(fault);
                    break;
                }
                None => return Err(fault),
            },
        }
    }
    let mut sheets = Vec::new();
    for (index, (head, ahead, fault)) in surveyed.into_iter().enumerate() {
        let request = Request { want: Want::Sheet(index), ..request.clone() };
        sheets.push(plan_sheet(head, ahead, fault, request, overrides, &unneeded));
    }
    Ok(sheets)
}

fn plan_sheet(
    head: SheetHead,
    ahead: Batch,
    fault: Option<FileFault>,
    request: Request,
    overrides: &Overrides,
    unneeded: &package::Damage,
) -> Sheet {
    let asked = Asked {
        file: &request.shown_as,
        sheet: &head.name,
        block: overrides
            .columns
            .as_ref()
            .and_then(|columns| columns.block_for(&request.shown_as, &head.name)),
        date_order: overrides.date_order,
        from_1904: head.from_1904,
    };
    let state = match (fault, &head.no_worksheet) {
        // The rows before the damage are read and counted, and the fault is met again there.
        (Some(fault), _) if ahead.is_empty() => SheetState::Unread(fault),
        (_, Some(reason)) => SheetState::Skipped(reason.clone()),
        _ if ahead.rows().all(|row| row.is_blank()) => SheetState::Skipped("the sheet is empty".into()),
        _ => match decide(&ahead, &asked) {
            Outcome::NoHeader(reason) => SheetState::Skipped(reason),
            Outcome::Question(question) => SheetState::Question(question),
            Outcome::Plan(mut plan) => {
                plan.remarks.extend(head.remarks.iter().cloned());
                plan.remarks.extend(package::unneeded_remark(unneeded));
                let source = Source::Book(BookSource { request, feed: None, ended: false });
                SheetState::Readable(Box::new(SheetReader { plan: *plan, ahead, source, read: 0 }))
            }
        },
    };
    Sheet { name: head.name, visibility: head.visibility, state }
}

/// A sheet of such a workbook, being read.
pub(crate) struct BookSource {
    request: Request,
    feed: Option<Feed>,
    ended: bool,
}

impl std::fmt::Debug for BookSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BookSource").field("request", &self.request).finish_non_exhaustive()
    }
}

impl BookSource {
    /// Begins again from the top.
    pub(crate) fn restart(&mut self) {
        self.feed = None;
        self.ended = false;
    }

    /// The next rows.
    pub(crate) fn next(&mut self) -> Result<Option<Batch>, FileFault> {
        if self.ended {
            return Ok(None);
        }
        let feed = match &mut self.feed {
            Some(feed) => feed,
            None => self.feed.insert(Feed::start(&self.request)?),
        };
        let outcome = loop {
            match feed.next() {
                Ok(Event::Rows(batch)) => return Ok(Some(batch)),
                Ok(Event::Sheet(_)) => {}
                Ok(Event::End) => break Ok(None),
                Ok(Event::Fault(fault)) | Err(fault) => break Err(fault),
            }
        };
        self.ended = true;
        self.feed = None;
        outcome
    }
}

/// Reads what is asked into the sink; the same in a process of its own and in a thread.
fn read(request: &Request, sink: &mut Sink<'_>) -> Result<(), Damaged> {
    let path = &request.path;
    match request.format {
        BookFormat::Xls => {
            let bytes = std::fs::read(path).map_err(|error| Damaged(error.to_string()))?;
            let facts = biff::inspect(&bytes)?;
            drop(bytes);
            if facts.encrypted {
                sink.refused(FileFault::new(
                    &request.shown_as,
                    "the workbook is password-protected",
                    "Remove the password in Excel, save it, and audit that file",
                ));
                return Ok(());
            }
            xls::read(path, &facts, sink)
        }
        BookFormat::Xlsb => xlsb::read(path, sink),
        BookFormat::Ods => ods::read(path, sink),
        BookFormat::Fods => {
            let (input, encoding) = decoded(request)?;
            sink.say(encoding);
            ods::document(input, sink)
        }
        BookFormat::Html => {
            let (input, encoding) = decoded(request)?;
            sink.say(encoding);
            html::read(input, request.limits, sink)
        }
        BookFormat::SpreadsheetMl => {
            let (input, encoding) = decoded(request)?;
            sink.say(encoding);
            // A look through the file of its own, once: rows are asked for sheet by sheet.
            let hidden = match request.want {
                Want::Survey => spreadsheetml::visibilities(decoded(request)?.0),
                Want::Sheet(_) => Vec::new(),
            };
            spreadsheetml::read(input, &hidden, sink)
        }
    }
}

/// The document as UTF-8, in the encoding given, declared or presumed, and a sentence that says which.
fn decoded(request: &Request) -> Result<(BufReader<DecodedReader<File>>, String), Damaged> {
    let open = || File::open(&request.path).map_err(|error| Damaged(error.to_string()));
    let found = declared(open()?, request.encoding).map_err(|error| Damaged(error.to_string()))?;
    let sentence = format!("read as {} ({})", found.encoding, found.how);
    let reader = DecodedReader::new(open()?, &found).map_err(|error| Damaged(error.to_string()))?;
    Ok((BufReader::with_capacity(1 << 16, reader), sentence))
}
