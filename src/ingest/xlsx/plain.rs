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
use super::super::rows::{BatchSize, Take, write_number, write_serial};
use super::core_parts::{PlainBook, Style};
use super::facts::SheetFacts;
use super::markup::{Cursor, NotPlain, Plain, decode, unescape};
use super::rows::Placing;
use super::strings::string_item;
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

/// What a cell's tag says.
#[derive(Default)]
struct Head<'x> {
    place: Option<(u32, u32)>,
    style: Option<usize>,
    kind: &'x str,
}

/// What a cell holds.
enum Value<'v> {
    Empty,
    Text(&'v str),
    IsoDate(&'v str),
    Number(&'v str),
    Bool(bool),
    Error(&'v str),
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

/// The content of a cell up to its closing tag.
#[inline]
fn content<'v, 'x: 'v>(
    cursor: &mut Cursor<'x>,
    head: &Head<'x>,
    book: &'v PlainBook,
    formula: &mut bool,
    scratch: &mut String,
    text: &'v mut String,
) -> Plain<Value<'v>> {
    cursor.space();
    if cursor.open("<f") {
        *formula = true;
        pass_formula(cursor)?;
        cursor.space();
    }
    let value = if cursor.eat("<v>") || cursor.eat("<v xml:space=\"preserve\">") {
        let raw = cursor.text()?;
        if !cursor.eat("</v>") {
            return Err(NotPlain);
        }
        value_of(raw, head, book, scratch, text)?
    } else if cursor.eat("<is>") {
        kind_is_known(head)?;
        string_item(cursor, "</is>", scratch, text)?;
        Value::Text(text)
    } else {
        kind_is_known(head)?;
        cursor.eat("<v/>");
        Value::Empty
    };
    cursor.space();
    if cursor.eat("</c>") { Ok(value) } else { Err(NotPlain) }
}

fn kind_is_known(head: &Head<'_>) -> Plain<()> {
    let known = matches!(head.kind, "" | "n" | "s" | "b" | "e" | "str" | "d" | "inlineStr");
    if known { Ok(()) } else { Err(NotPlain) }
}

/// The value in a cell's `v`.
#[inline]
fn value_of<'v>(
    raw: &'v str,
    head: &Head<'_>,
    book: &'v PlainBook,
    scratch: &mut String,
    text: &'v mut String,
) -> Plain<Value<'v>> {
    let bytes = raw.as_bytes();
    match head.kind {
        "s" | "" | "n" | "b" | "e" if raw.is_empty() => Ok(Value::Empty),
        "s" => {
            let index = digits(bytes, 9).ok_or(NotPlain)? as usize;
            book.strings.get(index).map(Value::Text).ok_or(NotPlain)
        }
        "" | "n" if is_number(bytes) => Ok(Value::Number(raw)),
        "b" => match raw {
            "0" => Ok(Value::Bool(false)),
            "1" => Ok(Value::Bool(true)),
            _ => Err(NotPlain),
        },
        "e" => match raw {
            "#DIV/0!" | "#N/A" | "#NAME?" | "#NULL!" | "#NUM!" | "#REF!" | "#VALUE!" => Ok(Value::Error(raw)),
            _ => Err(NotPlain),
        },
        "str" => {
            scratch.clear();
            decode(raw, scratch)?;
            unescape(scratch, text)?;
            Ok(Value::Text(text))
        }
        "d" => {
            decode(raw, text)?;
            Ok(Value::IsoDate(text))
        }
        _ => Err(NotPlain),
    }
}

/// Passes over a formula, the beginning of its tag read.
fn pass_formula(cursor: &mut Cursor<'_>) -> Plain<()> {
    let mut shared = false;
    let mut number = None;
    let mut seen = [false; 3];
    let closed = cursor.attributes(|name, value| {
        let which = match name {
            "t" => 0,
            "si" => 1,
            "ref" => 2,
            _ => return Ok(()),
        };
        if std::mem::replace(&mut seen[which], true) {
            return Err(NotPlain);
        }
        match which {
            0 => shared = value == "shared",
            1 => number = digits(value.as_bytes(), 6),
            _ => is_range(value)?,
        }
        Ok(())
    })?;
    if shared && number.is_none() {
        return Err(NotPlain);
    }
    if !closed {
        let mut decoded = String::new();
        let raw = cursor.text()?;
        if raw.contains('&') {
            decode(raw, &mut decoded)?;
        }
        if !cursor.eat("</f>") {
            return Err(NotPlain);
        }
    }
    Ok(())
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

fn is_range(range: &str) -> Plain<()> {
    let (first, last) = range.split_once(':').unwrap_or((range, range));
    match (place(first.as_bytes()), place(last.as_bytes())) {
        (Some(first), Some(last)) if first.0 <= last.0 && first.1 <= last.1 => Ok(()),
        _ => Err(NotPlain),
    }
}

/// The number that so many digits at most make.
#[inline]
fn digits(text: &[u8], most: usize) -> Option<u32> {
    if text.is_empty() || text.len() > most {
        return None;
    }
    text.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
}

/// Row and column of `C7`, from 0.
#[inline]
fn place(text: &[u8]) -> Option<(u32, u32)> {
    let letters = text.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    if !(1..=3).contains(&letters) {
        return None;
    }
    let column = text[..letters].iter().fold(0, |sum, byte| sum * 26 + u32::from(byte - b'A' + 1));
    Some((digits(&text[letters..], 7)?.checked_sub(1)?, column - 1))
}

/// Whether every reader takes this for the same number: `-12`, `0.5`, `1.2E-7`.
#[inline]
fn is_number(text: &[u8]) -> bool {
    let run = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut rest = text.strip_prefix(b"-").unwrap_or(text);
    let whole = run(rest);
    rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = run(fraction);
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent =
            exponent.strip_prefix(b"-").or_else(|| exponent.strip_prefix(b"+")).unwrap_or(exponent);
        let length = run(exponent);
        if length == 0 || length > 3 {
            return false;
        }
        rest = &exponent[length..];
    }
    whole > 0 && rest.is_empty() && text.len() <= 40
}

/// Writes a number as its style asks.
fn write_digits(
    digits: &str,
    style: Style,
    format: NumberFormat,
    from_1904: bool,
    text: &mut String,
) -> CellKind {
    if style == Style::Number && format == NumberFormat::Plain && is_shortest(digits.as_bytes()) {
        text.push_str(digits);
        return CellKind::Number;
    }
    // What `is_number` admits is a number.
    let number: f64 = digits.parse().unwrap_or(f64::NAN);
    match style {
        Style::Date => write_serial(number, from_1904, text),
        Style::Duration => write_number(number, text),
        Style::Number => format.write(number, text).unwrap_or_else(|| write_number(number, text)),
    }
}

/// Whether a number stands in its shortest exact form already: so few digits that each form is a number of its own, no
/// zero that says nothing, no exponent.
fn is_shortest(digits: &[u8]) -> bool {
    let unsigned = digits.strip_prefix(b"-").unwrap_or(digits);
    let whole = unsigned.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let leads = unsigned[0] == b'0' && whole > 1;
    let fraction = unsigned.get(whole + 1..).unwrap_or_default();
    let plain =
        whole == unsigned.len() || (unsigned[whole] == b'.' && fraction.iter().all(u8::is_ascii_digit));
    plain && !leads && unsigned.len() <= 15 && fraction.last() != Some(&b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_written_as_they_stand_are_those_written_from_their_value() {
        for digits in [
            "0",
            "-0",
            "7",
            "120",
            "14.5",
            "0.1",
            "-3.25",
            "123456789012345",
            "0.0000001",
            "1234567890.123",
            "1e5",
            "007",
            "1.50",
            "1.0",
            "12345678901234567",
            "14.300000000000001",
            "2.5E-3",
            "0.30000000000000004",
            "-0.0",
        ] {
            assert!(is_number(digits.as_bytes()), "{digits}");
            let mut text = String::new();
            write_digits(digits, Style::Number, NumberFormat::Plain, false, &mut text);
            assert_eq!(text, digits.parse::<f64>().unwrap().to_string(), "{digits}");
        }
        for text in ["", "-", "+1", ".5", "1.", "1e", " 1", "inf", "nan", "0x1", "1,5"] {
            assert!(!is_number(text.as_bytes()), "{text}");
        }
    }
}
