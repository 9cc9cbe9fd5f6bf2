//! `OpenDocument` spreadsheets (ODS), read as they stream out of the archive: hidden rows and sheets, merges, formulas,
//! values as stored and not as shown.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use super::super::fault::FileFault;
use super::super::number_format::write_amount;
use super::super::sheet::Visibility;
use super::sink::{SheetHead, Sink};
use super::xml::{Element, Node, Xml};
use super::{Damaged, LAST_ROW};
use crate::source::CellKind;

/// Cells of one kind repeated further than this, or rows, are the empty rest of a sheet.
const REST: u32 = 10_000;

/// Whether the manifest says that the content is encrypted.
pub(super) fn is_encrypted(path: &Path) -> bool {
    let mut manifest = String::new();
    let read = File::open(path).ok().and_then(|file| {
        let mut archive = zip::ZipArchive::new(BufReader::new(file)).ok()?;
        let part = archive.by_name("META-INF/manifest.xml").ok()?;
        part.take(4 << 20).read_to_string(&mut manifest).ok()
    });
    read.is_some() && manifest.contains("encryption-data")
}

pub(super) fn read(path: &Path, sink: &mut Sink<'_>) -> Result<(), Damaged> {
    let file = File::open(path).map_err(|error| Damaged(error.to_string()))?;
    let mut archive =
        zip::ZipArchive::new(BufReader::new(file)).map_err(|error| Damaged(error.to_string()))?;
    let content = archive.by_name("content.xml").map_err(|error| Damaged(error.to_string()))?;
    document(BufReader::new(content), sink)
}

/// Reads the content alone, as a flat document holds it.
pub(super) fn document(input: impl BufRead, sink: &mut Sink<'_>) -> Result<(), Damaged> {
    Reading { xml: Xml::new(input), hidden_tables: BTreeSet::new() }.document(sink)
}

struct Reading<R> {
    xml: Xml<R>,
    /// Styles of tables that are not displayed.
    hidden_tables: BTreeSet<String>,
}

/// A cell as it stands in the file, which may stand for several.
struct Cell {
    kind: CellKind,
    text: String,
    repeated: u32,
    rows: u32,
    covered: bool,
}

impl<R: BufRead> Reading<R> {
    fn next(&mut self) -> Result<Node, Damaged> {
        self.xml.next().map_err(Damaged)
    }

    fn document(&mut self, sink: &mut Sink<'_>) -> Result<(), Damaged> {
        let mut style = None;
        loop {
            match self.next()? {
                Node::Start(element) => match element.name.as_str() {
                    "style" => style = element.get("name").map(str::to_owned),
                    "table-properties" if element.get("display") == Some("false") => {
                        self.hidden_tables.extend(style.clone());
                    }
                    "table" => {
                        let hidden =
                            element.get("style-name").is_some_and(|name| self.hidden_tables.contains(name));
                        let visibility = if hidden { Visibility::Hidden } else { Visibility::Visible };
                        sink.sheet(SheetHead::new(element.get("name").unwrap_or_default(), visibility));
                        self.table(sink)?;
                        sink.end_sheet();
                        if sink.is_done() {
                            return Ok(());
                        }
                    }
                    _ => {}
                },
                Node::Eof => return Err(Damaged("the content ends before its last element".into())),
                Node::End(name) if matches!(name.as_str(), "document-content" | "document") => return Ok(()),
                _ => {}
            }
        }
    }

    fn table(&mut self, sink: &mut Sink<'_>) -> Result<(), Damaged> {
        let mut row = 0;
        // Tables within a table's shapes are no rows of it.
        let mut inside = 0;
        loop {
            match self.next()? {
                Node::Start(element) => match element.name.as_str() {
                    "table" => inside += 1,
                    "table-row" if inside == 0 => row = self.row(&element, row, sink)?,
                    _ => {}
                },
                Node::End(name) if name == "table" && inside == 0 => return Ok(()),
                Node::End(name) if name == "table" => inside -= 1,
                Node::Eof => return Err(Damaged("the content ends inside a sheet".into())),
                _ => {}
            }
        }
    }

    /// Reads a row that may stand for several; gives the number of the last one.
    fn row(&mut self, element: &Element, before: u32, sink: &mut Sink<'_>) -> Result<u32, Damaged> {
        let times = element.number("number-rows-repeated").unwrap_or(1).max(1);
        let hidden = matches!(element.get("visibility"), Some("collapse" | "filter"));
        let mut cells = Vec::new();
        loop {
            match self.next()? {
                Node::Start(element)
                    if matches!(element.name.as_str(), "table-cell" | "covered-table-cell") =>
                {
                    let cell = self.cell(&element)?;
                    if sink.takes_rows() {
                        cells.push(cell);
                    }
                }
                Node::End(name) if name == "table-row" => break,
                Node::Eof => return Err(Damaged("the content ends inside a row".into())),
                _ => {}
            }
        }
        let last = before.saturating_add(times);
        // Blank rows are counted when a row follows them, as in every other format.
        if cells.iter().all(|cell| cell.kind == CellKind::Empty) {
            return Ok(last);
        }
        if last > LAST_ROW || times > REST {
            return Err(Damaged(format!("row {} is repeated {times} times", before + 1)));
        }
        for row in before + 1..=last {
            if !sink.row(row) {
                break;
            }
            if hidden {
                sink.hide();
            }
            let mut column = 0_u32;
            for cell in &cells {
                let wide = cell.repeated;
                if cell.kind != CellKind::Empty && !(cell.covered && cell.text.is_empty()) {
                    for offset in 0..wide.min(REST) {
                        sink.text_cell(column.saturating_add(offset), cell.kind, &cell.text);
                    }
                }
                if cell.rows > 1 {
                    sink.merge(column, row.saturating_add(cell.rows - 1));
                }
                column = column.saturating_add(wide);
            }
        }
        Ok(last)
    }

    fn cell(&mut self, element: &Element) -> Result<Cell, Damaged> {
        let mut shown = String::new();
        let mut paragraphs = 0;
        let mut inside = Vec::new();
        loop {
            match self.next()? {
                Node::Start(part) => {
                    match part.name.as_str() {
                        "p" if aside(&inside) => {}
                        "p" => {
                            if paragraphs > 0 {
                                shown.push('\n');
                            }
                            paragraphs += 1;
                        }
                        "s" if !aside(&inside) => {
                            let blanks = part.number("c").unwrap_or(1).min(1_000);
                            shown.extend(std::iter::repeat_n(' ', blanks as usize));
                        }
                        "tab" if !aside(&inside) => shown.push('\t'),
                        "line-break" if !aside(&inside) => shown.push('\n'),
                        _ => {}
                    }
                    inside.push(part.name);
                }
                Node::Text(text) if inside.iter().any(|name| name == "p") && !aside(&inside) => {
                    shown.push_str(&text);
                }
                Node::End(name) if inside.is_empty() && name.ends_with("table-cell") => break,
                Node::End(_) => {
                    inside.pop();
                }
                Node::Eof => return Err(Damaged("the content ends inside a cell".into())),
                Node::Text(_) => {}
            }
        }
        let (kind, text) = value(element, shown);
        Ok(Cell {
            kind,
            text,
            repeated: element.number("number-columns-repeated").unwrap_or(1).max(1),
            rows: element.number("number-rows-spanned").unwrap_or(1),
            covered: element.name == "covered-table-cell",
        })
    }
}

/// Whether the text stands in a note, a ruby or a drawing and not in the cell itself.
fn aside(inside: &[String]) -> bool {
    inside.iter().any(|name| matches!(name.as_str(), "annotation" | "ruby-text" | "frame" | "custom-shape"))
}

/// The value as stored; what is shown counts only for texts and errors.
fn value(element: &Element, shown: String) -> (CellKind, String) {
    let formula = element.get("formula").is_some();
    if formula && is_error(&shown) {
        return (CellKind::Error, shown);
    }
    match element.get("value-type") {
        Some(kind @ ("float" | "percentage" | "currency")) => match element.get("value") {
            // A code kept as a number: what is shown has the zeros that the number lost.
            Some(number) if shown.strip_prefix('0').is_some_and(|rest| is_padded(rest, number)) => {
                (CellKind::Text, shown)
            }
            Some(number) => {
                match element.get("currency").filter(|code| kind == "currency" && !code.is_empty()) {
                    Some(currency) => {
                        let mut text = String::new();
                        write_amount(currency, number, &mut text);
                        (CellKind::Text, text)
                    }
                    None => (CellKind::Number, number.to_owned()),
                }
            }
            None => (CellKind::Text, shown),
        },
        Some("date") => match element.get("date-value") {
            Some(date) => (CellKind::Date, date.trim_end_matches("T00:00:00").to_owned()),
            None => (CellKind::Text, shown),
        },
        Some("boolean") => {
            let truth = element.get("boolean-value").unwrap_or(&shown).to_uppercase();
            (CellKind::Bool, truth)
        }
        Some("string" | "time") | None if !shown.is_empty() => (CellKind::Text, shown),
        Some("string") => match element.get("string-value") {
            Some(text) if !text.is_empty() => (CellKind::Text, text.to_owned()),
            _ => (CellKind::Empty, String::new()),
        },
        None if formula => (CellKind::FormulaWithoutValue, String::new()),
        Some(_) if !shown.is_empty() => (CellKind::Text, shown),
        _ => (CellKind::Empty, String::new()),
    }
}

/// Whether these are the digits of a whole number with zeros before them.
fn is_padded(digits: &str, number: &str) -> bool {
    !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && digits.strip_suffix(number).is_some_and(|zeros| zeros.bytes().all(|byte| byte == b'0'))
}

/// What spreadsheet programs show for a formula that failed.
fn is_error(shown: &str) -> bool {
    matches!(shown, "#N/A" | "#REF!" | "#DIV/0!" | "#VALUE!" | "#NAME?" | "#NUM!" | "#NULL!")
        || shown.strip_prefix("Err:").is_some_and(|code| code.len() == 3)
}

/// The fault of an encrypted document.
pub(super) fn encrypted(shown_as: &str) -> FileFault {
    FileFault::new(
        shown_as,
        "a password-protected spreadsheet (ODS)",
        "Open it, save it without a password, and audit that file",
    )
}
