//! XML spreadsheets of Excel 2002/2003 (`SpreadsheetML`), which SAP and `NetSuite` write under the name .xls.

use std::collections::BTreeMap;
use std::io::BufRead;

use calamine::DataRef;

use super::super::number_format::NumberFormat;
use super::super::sheet::Visibility;
use super::super::xlsx::write_formatted;
use super::sink::{SheetHead, Sink};
use super::xml::{Element, Node, Xml};
use super::{Damaged, LAST_ROW};
use crate::source::CellKind;

/// Which sheets are hidden, in the order of the file: a sheet says so behind its rows, too late for who reads its top. Of
/// a damaged file as far as it can be read.
pub(super) fn visibilities(input: impl BufRead) -> Vec<Visibility> {
    let mut xml = Xml::new(input);
    let (mut all, mut in_visible) = (Vec::new(), false);
    loop {
        match xml.next() {
            Ok(Node::Start(element)) if element.name == "Worksheet" => all.push(Visibility::Visible),
            Ok(Node::Start(element)) => in_visible = element.name == "Visible",
            Ok(Node::Text(text)) if in_visible => {
                let stated = match text.trim() {
                    "SheetHidden" => Visibility::Hidden,
                    "SheetVeryHidden" => Visibility::VeryHidden,
                    _ => Visibility::Visible,
                };
                if let Some(last) = all.last_mut() {
                    *last = stated;
                }
            }
            Ok(Node::End(_) | Node::Text(_)) => in_visible = false,
            Ok(Node::Eof) | Err(_) => return all,
        }
    }
}

/// Reads the document; it comes as UTF-8.
pub(super) fn read(
    input: impl BufRead,
    visibilities: &[Visibility],
    sink: &mut Sink<'_>,
) -> Result<(), Damaged> {
    let mut reading =
        Reading { xml: Xml::new(input), from_1904: false, sheets: 0, formats: BTreeMap::new(), style: None };
    loop {
        match reading.next()? {
            // The workbook's options stand before its sheets.
            Node::Start(element) if element.name == "Date1904" => reading.from_1904 = true,
            Node::Start(element) if element.name == "Style" => {
                reading.style = element.get("ID").map(str::to_owned);
            }
            Node::Start(element) if element.name == "NumberFormat" => reading.format(&element),
            Node::Start(element) if element.name == "Worksheet" => {
                let visibility = visibilities.get(reading.sheets).copied().unwrap_or(Visibility::Visible);
                reading.sheets += 1;
                reading.worksheet(&element, visibility, sink)?;
                sink.end_sheet();
                if sink.is_done() {
                    return Ok(());
                }
            }
            Node::End(name) if name == "Workbook" => return Ok(()),
            Node::Eof => return Err(Damaged("the file ends before its last element".into())),
            _ => {}
        }
    }
}

struct Reading<R> {
    xml: Xml<R>,
    from_1904: bool,
    /// Sheets begun so far.
    sheets: usize,
    /// The number formats of styles that add something to a number.
    formats: BTreeMap<String, NumberFormat>,
    /// The style begun last.
    style: Option<String>,
}

/// The styles that cells have which name none: by column, as far as the sheet says.
#[derive(Default)]
struct ColumnStyles {
    formats: BTreeMap<u32, NumberFormat>,
    next: u32,
}

impl ColumnStyles {
    fn add(&mut self, column: &Element, format: Option<NumberFormat>) {
        let first = column.number("Index").map_or(self.next, |index| index.saturating_sub(1));
        let last = first.saturating_add(column.number("Span").unwrap_or(0)).min(LAST_COLUMN);
        if let Some(format) = format {
            self.formats.extend((first..=last).map(|column| (column, format)));
        }
        self.next = last.saturating_add(1);
    }
}

/// No sheet of the format has more columns.
const LAST_COLUMN: u32 = 1 << 14;

impl<R: BufRead> Reading<R> {
    fn next(&mut self) -> Result<Node, Damaged> {
        self.xml.next().map_err(Damaged)
    }

    fn format(&mut self, element: &Element) {
        let format = element.get("Format").map(NumberFormat::read).unwrap_or_default();
        if let (Some(style), true) = (&self.style, format != NumberFormat::Plain) {
            self.formats.insert(style.clone(), format);
        }
    }

    /// The format of the style that an element names.
    fn format_of(&self, element: &Element) -> Option<NumberFormat> {
        self.formats.get(element.get("StyleID")?).copied()
    }

    fn worksheet(
        &mut self,
        sheet: &Element,
        visibility: Visibility,
        sink: &mut Sink<'_>,
    ) -> Result<(), Damaged> {
        let mut head = SheetHead::new(sheet.get("Name").unwrap_or_default(), visibility);
        head.from_1904 = self.from_1904;
        sink.sheet(head);
        let mut row = 0;
        let mut columns = ColumnStyles::default();
        loop {
            match self.next()? {
                Node::Start(element) if element.name == "Column" => {
                    let format = self.format_of(&element);
                    columns.add(&element, format);
                }
                Node::Start(element) if element.name == "Row" => {
                    let number = element.number("Index").unwrap_or(row + 1);
                    if number > LAST_ROW {
                        return Err(Damaged(format!("there is a row numbered {number}")));
                    }
                    sink.row(number);
                    if element.get("Hidden") == Some("1") {
                        sink.hide();
                    }
                    self.row(number, self.format_of(&element), &columns, sink)?;
                    // A row without cells may stand for several.
                    row = number.saturating_add(element.number("Span").unwrap_or(0));
                }
                Node::End(name) if name == "Worksheet" => return Ok(()),
                Node::Eof => return Err(Damaged("the file ends inside a sheet".into())),
                _ => {}
            }
        }
    }

    fn row(
        &mut self,
        row: u32,
        format: Option<NumberFormat>,
        columns: &ColumnStyles,
        sink: &mut Sink<'_>,
    ) -> Result<(), Damaged> {
        let mut column = 0;
        loop {
            match self.next()? {
                Node::Start(cell) if cell.name == "Cell" => {
                    if let Some(index) = cell.number("Index") {
                        column = index.saturating_sub(1);
                    }
                    let named = cell.get("StyleID").is_some();
                    let by_place = format.or_else(|| columns.formats.get(&column).copied());
                    let format = self.format_of(&cell).or(by_place.filter(|_| !named)).unwrap_or_default();
                    let (kind, text) = self.cell(&cell)?;
                    match text.trim().parse::<f64>() {
                        Ok(number) if kind == CellKind::Number && format != NumberFormat::Plain => {
                            let from_1904 = self.from_1904;
                            sink.cell(column, |into| {
                                write_formatted(&DataRef::Float(number), format, false, from_1904, into)
                            });
                        }
                        _ => sink.text_cell(column, kind, &text),
                    }
                    let across = cell.number("MergeAcross").unwrap_or(0);
                    if let Some(down) = cell.number("MergeDown").filter(|&down| down > 0) {
                        sink.merge(column, row.saturating_add(down));
                    }
                    column = column.saturating_add(across).saturating_add(1);
                }
                Node::End(name) if name == "Row" => return Ok(()),
                Node::Eof => return Err(Damaged("the file ends inside a row".into())),
                _ => {}
            }
        }
    }

    fn cell(&mut self, cell: &Element) -> Result<(CellKind, String), Damaged> {
        let (mut text, mut kind) = (String::new(), None);
        let (mut in_data, mut in_comment) = (false, false);
        loop {
            match self.next()? {
                Node::Start(part) if part.name == "Comment" => in_comment = true,
                Node::Start(part) if part.name == "Data" && !in_comment => {
                    in_data = true;
                    kind = part.get("Type").map(str::to_owned);
                }
                Node::End(name) if name == "Data" => in_data = false,
                Node::End(name) if name == "Comment" => in_comment = false,
                // Formatted text stands in elements of its own within the data.
                Node::Text(part) if in_data && !in_comment => text.push_str(&part),
                Node::End(name) if name == "Cell" => break,
                Node::Eof => return Err(Damaged("the file ends inside a cell".into())),
                _ => {}
            }
        }
        let kind = match kind.as_deref() {
            _ if text.is_empty() && cell.get("Formula").is_some() => CellKind::FormulaWithoutValue,
            _ if text.is_empty() => CellKind::Empty,
            Some("Number") => CellKind::Number,
            Some("DateTime") => {
                // 2024-12-26T00:00:00.000
                let whole = text.find('.').map_or(text.len(), |point| point);
                text.truncate(whole);
                if let Some(day) = text.strip_suffix("T00:00:00") {
                    text.truncate(day.len());
                }
                CellKind::Date
            }
            Some("Boolean") => {
                text = if text.trim() == "1" { "TRUE".into() } else { "FALSE".into() };
                CellKind::Bool
            }
            Some("Error") => CellKind::Error,
            _ => CellKind::Text,
        };
        Ok((kind, text))
    }
}
