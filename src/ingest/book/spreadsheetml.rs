//! XML spreadsheets of Excel 2002/2003 (`SpreadsheetML`), which SAP and `NetSuite` write under the name .xls.

use std::io::BufRead;

use super::super::sheet::Visibility;
use super::sink::{SheetHead, Sink};
use super::xml::{Element, Node, Xml};
use super::{Damaged, LAST_ROW};
use crate::source::CellKind;

/// Reads the document; it comes as UTF-8.
pub(super) fn read(input: impl BufRead, sink: &mut Sink<'_>) -> Result<(), Damaged> {
    let mut reading = Reading { xml: Xml::new(input), from_1904: false };
    loop {
        match reading.next()? {
            // The workbook's options stand before its sheets.
            Node::Start(element) if element.name == "Date1904" => reading.from_1904 = true,
            Node::Start(element) if element.name == "Worksheet" => {
                reading.worksheet(&element, sink)?;
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
}

impl<R: BufRead> Reading<R> {
    fn next(&mut self) -> Result<Node, Damaged> {
        self.xml.next().map_err(Damaged)
    }

    fn worksheet(&mut self, sheet: &Element, sink: &mut Sink<'_>) -> Result<(), Damaged> {
        // Whether a sheet is hidden stands behind its rows, too late for a survey of its top.
        let mut head = SheetHead::new(sheet.get("Name").unwrap_or_default(), Visibility::Visible);
        head.from_1904 = self.from_1904;
        sink.sheet(head);
        let mut row = 0;
        loop {
            match self.next()? {
                Node::Start(element) if element.name == "Row" => {
                    let number = element.number("Index").unwrap_or(row + 1);
                    if number > LAST_ROW {
                        return Err(Damaged(format!("there is a row numbered {number}")));
                    }
                    sink.row(number);
                    if element.get("Hidden") == Some("1") {
                        sink.hide();
                    }
                    self.row(number, sink)?;
                    // A row without cells may stand for several.
                    row = number.saturating_add(element.number("Span").unwrap_or(0));
                }
                Node::End(name) if name == "Worksheet" => return Ok(()),
                Node::Eof => return Err(Damaged("the file ends inside a sheet".into())),
                _ => {}
            }
        }
    }

    fn row(&mut self, row: u32, sink: &mut Sink<'_>) -> Result<(), Damaged> {
        let mut column = 0;
        loop {
            match self.next()? {
                Node::Start(cell) if cell.name == "Cell" => {
                    if let Some(index) = cell.number("Index") {
                        column = index.saturating_sub(1);
                    }
                    let (kind, text) = self.cell(&cell)?;
                    sink.text_cell(column, kind, &text);
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
