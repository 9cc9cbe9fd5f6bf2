//! Sheets of plain markup, as nearly every program writes them, read cell by cell without a general XML reader.
//!
//! The grammar: rows of cells, each with at most a formula and a value or inline string, in UTF-8, and nothing else
//! between. What keeps to it says the same to every reader; the first thing that does not leaves the sheet to the
//! general reader, from its start.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use memchr::memmem;

use super::super::book::LAST_ROW;
use super::super::number_format::NumberFormat;
use super::super::rows::{BatchSize, Take};
use super::content::{Head, Value, content, digits, is_range, kind_is_known, place};
use super::core_parts::PlainBook;
use super::digits::write_digits;
use super::facts::SheetFacts;
use super::markup::{Cursor, NotPlain, Plain};
use super::rows::Placing;
use crate::source::CellKind;

/// Bytes inflated at a time.
const BLOCK: u64 = 1 << 18;
/// A row longer than this is left to the general reader, and so is what stands before the first.
const LONGEST_ROW: usize = 16 << 20;

/// Reads a sheet; `take` gets each full batch and says whether to go on. Batches given before the sheet is found not to be
/// plain are those of the general reader.
pub(super) fn read(
    path: &Path,
    part: &str,
    book: &PlainBook,
    facts: &SheetFacts,
    size: BatchSize,
    take: &mut Take<'_>,
) -> Plain<()> {
    if !facts.errors.is_empty() || facts.errors_unplaced {
        return Err(NotPlain);
    }
    let file = File::open(path).map_err(|_| NotPlain)?;
    let mut archive = zip::ZipArchive::new(BufReader::with_capacity(1 << 16, file)).map_err(|_| NotPlain)?;
    let index = (0..archive.len())
        .find(|&index| {
            let named =
                archive.by_index_raw(index).ok().and_then(|part| Some(part.name().ok()?.to_lowercase()));
            named.as_deref() == Some(part)
        })
        .ok_or(NotPlain)?;
    let sheet = archive.by_index(index).map_err(|_| NotPlain)?;
    sheet_of(sheet, book, facts, size, take)
}

fn sheet_of(
    mut xml: impl Read,
    book: &PlainBook,
    facts: &SheetFacts,
    size: BatchSize,
    take: &mut Take<'_>,
) -> Plain<()> {
    let mut sheet = SheetScanner {
        book,
        facts,
        placing: Placing::new(size, facts, book.from_1904),
        row: 0,
        column: 0,
        in_row: false,
        begun: false,
        scratch: String::new(),
        text: String::new(),
    };
    let mut window: Vec<u8> = Vec::with_capacity(2 * BLOCK as usize);
    loop {
        let count = xml.by_ref().take(BLOCK).read_to_end(&mut window).map_err(|_| NotPlain)?;
        let ended = count == 0;
        let whole = if ended {
            window.len()
        } else {
            let last = memmem::rfind(&window, b"</row>").map(|at| at + 6);
            match last.or_else(|| memmem::find(&window, b"</sheetData>").map(|at| at + 12)) {
                Some(whole) => whole,
                None if window.len() > LONGEST_ROW => return Err(NotPlain),
                None => continue,
            }
        };
        let text = std::str::from_utf8(&window[..whole]).map_err(|_| NotPlain)?;
        match sheet.scan(text, take)? {
            Scan::Stopped => return Ok(()),
            Scan::Ended => {
                sheet.placing.end(take);
                return Ok(());
            }
            Scan::More if ended => return Err(NotPlain),
            Scan::More => {}
        }
        window.drain(..whole);
    }
}

/// How the scan of a piece of a sheet came out.
enum Scan {
    More,
    /// The rows have ended.
    Ended,
    /// No more rows are wanted.
    Stopped,
}

struct SheetScanner<'s> {
    book: &'s PlainBook,
    facts: &'s SheetFacts,
    placing: Placing<'s>,
    /// Row and column of the next cell that does not name its own, from 0.
    row: u32,
    column: u32,
    in_row: bool,
    begun: bool,
    scratch: String,
    text: String,
}

impl SheetScanner<'_> {
    fn scan(&mut self, xml: &str, take: &mut Take<'_>) -> Plain<Scan> {
        let mut cursor = Cursor::new(xml);
        if !self.begun {
            self.begun = true;
            if cursor.prolog("sheetData", check_dimension)? {
                return Ok(Scan::Ended);
            }
        }
        loop {
            cursor.space();
            if self.in_row && cursor.open("<c") {
                if !self.cell(&mut cursor, take)? {
                    return Ok(Scan::Stopped);
                }
            } else if self.in_row && cursor.eat("</row>") {
                self.end_row();
            } else if !self.in_row && cursor.open("<row") {
                let mut number = None;
                let closed = cursor.attributes(|name, value| {
                    if name == "r" {
                        number =
                            Some(digits(value.as_bytes(), 7).filter(|_| number.is_none()).ok_or(NotPlain)?);
                    }
                    Ok(())
                })?;
                if let Some(number) = number {
                    self.row = number.checked_sub(1).ok_or(NotPlain)?;
                }
                self.in_row = true;
                if closed {
                    self.end_row();
                }
            } else if cursor.is_done() {
                return Ok(Scan::More);
            } else if !self.in_row && cursor.eat("</sheetData>") {
                return Ok(Scan::Ended);
            } else {
                return Err(NotPlain);
            }
        }
    }

    fn end_row(&mut self) {
        self.in_row = false;
        self.row += 1;
        self.column = 0;
    }

    /// A cell, the beginning of its tag read; false where no more are wanted.
    #[inline]
    fn cell(&mut self, cursor: &mut Cursor<'_>, take: &mut Take<'_>) -> Plain<bool> {
        let mut head = Head::default();
        let mut seen = [false; 3];
        let closed = cursor.attributes(|name, value| {
            let which = match name {
                "r" => 0,
                "s" => 1,
                "t" => 2,
                _ => return Ok(()),
            };
            if std::mem::replace(&mut seen[which], true) {
                return Err(NotPlain);
            }
            match which {
                0 => head.place = Some(place(value.as_bytes()).ok_or(NotPlain)?),
                1 => head.style = Some(digits(value.as_bytes(), 6).ok_or(NotPlain)? as usize),
                _ => head.kind = value,
            }
            Ok(())
        })?;
        let (row, column) = head.place.unwrap_or((self.row, self.column));
        if row >= LAST_ROW {
            return Err(NotPlain);
        }
        self.column = column + 1;
        let mut formula = false;
        let value = if closed {
            kind_is_known(&head)?;
            Value::Empty
        } else {
            self.text.clear();
            content(cursor, &head, self.book, &mut formula, &mut self.scratch, &mut self.text)?
        };
        if !self.placing.go_to(row + 1, take) {
            return Ok(false);
        }
        let without_value = self.facts.without_value;
        let format = match self.facts.formats.as_ref() {
            formats if !without_value && !formats.is_empty() => {
                formats.get(head.style.unwrap_or(0)).copied().unwrap_or_default()
            }
            _ => NumberFormat::Plain,
        };
        let style = head.style.and_then(|style| self.book.styles.get(style)).copied().unwrap_or_default();
        let from_1904 = self.book.from_1904;
        self.placing.put(column, |text| match value {
            Value::Empty if formula && without_value => CellKind::FormulaWithoutValue,
            Value::Empty => CellKind::Empty,
            Value::Text(value) => {
                text.push_str(value);
                CellKind::Text
            }
            Value::IsoDate(value) => {
                text.push_str(value);
                CellKind::Date
            }
            Value::Bool(truth) => {
                text.push_str(if truth { "TRUE" } else { "FALSE" });
                CellKind::Bool
            }
            Value::Error(error) => {
                text.push_str(error);
                CellKind::Error
            }
            Value::Number(digits) => write_digits(digits, style, format, from_1904, text),
        });
        Ok(true)
    }
}

/// What stands before the rows may say how far they reach, in a form that every reader takes.
fn check_dimension(name: &str, attributes: &[(&str, &str)]) -> Plain<()> {
    if !name.ends_with("dimension") {
        return Ok(());
    }
    match attributes {
        [("ref", range)] if name == "dimension" => is_range(range),
        _ => Err(NotPlain),
    }
}
