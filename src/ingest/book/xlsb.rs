//! Binary Excel workbooks (XLSB), streamed cell by cell.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{Reader as _, SheetType, Xlsb};

use super::super::number_format::NumberFormat;
use super::super::xlsx::{visibility_of, write_formatted};
use super::sink::{SheetHead, Sink};
use super::xlsb_facts::{self, SheetFacts};
use super::{Damaged, NO_WORKSHEET};
use crate::source::CellKind;

pub(super) fn read(path: &Path, sink: &mut Sink<'_>) -> Result<(), Damaged> {
    let damaged = |error: calamine::XlsbError| Damaged(error.to_string());
    let file = File::open(path).map_err(|error| Damaged(error.to_string()))?;
    let mut book = Xlsb::new(BufReader::new(file)).map_err(damaged)?;
    let from_1904 = book.has_1904_epoch();
    let (mut facts, formats) = xlsb_facts::inspect(path);
    let mut nothing = SheetFacts::default();
    for (index, sheet) in book.sheets_metadata().to_vec().into_iter().enumerate() {
        let mut head = SheetHead::new(&sheet.name, visibility_of(sheet.visible));
        head.from_1904 = from_1904;
        if sheet.typ != SheetType::WorkSheet {
            head.no_worksheet = Some(NO_WORKSHEET.into());
        }
        if sink.sheet(head) {
            let facts = facts.get_mut(index).unwrap_or(&mut nothing);
            if let Err(error) = rows(&mut book, &sheet.name, from_1904, facts, &formats, sink) {
                sink.damaged(&error);
            }
            sink.end_sheet();
        }
        if sink.is_done() {
            break;
        }
    }
    Ok(())
}

fn rows(
    book: &mut Xlsb<BufReader<File>>,
    sheet: &str,
    from_1904: bool,
    facts: &mut SheetFacts,
    formats: &[NumberFormat],
    sink: &mut Sink<'_>,
) -> Result<(), Damaged> {
    let damaged = |error: calamine::XlsbError| Damaged(error.to_string());
    let mut cells = book.worksheet_cells_reader(sheet).map_err(damaged)?;
    let mut row = 0;
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (at, column) = cell.get_position();
        if at + 1 != row {
            if !errors_between(row, at + 1, facts, sink) || !begin(at + 1, facts, sink) {
                return Ok(());
            }
            row = at + 1;
        }
        let style = facts.formatted.style_of(row, column);
        let format = style.and_then(|style| formats.get(style)).copied().unwrap_or_default();
        sink.cell(column, |text| write_formatted(cell.get_value(), format, false, from_1904, text));
    }
    if errors_between(row, u32::MAX, facts, sink)
        && let Some(row) = facts.beyond_last_row
    {
        return Err(Damaged(format!("there is a row numbered {row}")));
    }
    Ok(())
}

/// Begins a row, with what the cell reader does not show of it; false when no more rows are wanted.
fn begin(row: u32, facts: &SheetFacts, sink: &mut Sink<'_>) -> bool {
    if !sink.row(row) {
        return false;
    }
    if facts.hidden.contains(&row) {
        sink.hide();
    }
    for (&(_, column), &error) in facts.errors.range((row, 0)..=(row, u32::MAX)) {
        sink.text_cell(column, CellKind::Error, error_named(error));
    }
    let first = facts.merges.partition_point(|merge| merge.0 < row);
    for &(_, last, column) in facts.merges[first..].iter().take_while(|merge| merge.0 == row) {
        sink.merge(column, last);
    }
    true
}

/// The rows between two that hold nothing but errors.
fn errors_between(row: u32, next: u32, facts: &SheetFacts, sink: &mut Sink<'_>) -> bool {
    let mut last = row;
    if next <= row {
        return true;
    }
    for &(row, _) in facts.errors.range((row + 1, 0)..(next, 0)).map(|(place, _)| place) {
        if row != last {
            if !begin(row, facts, sink) {
                return false;
            }
            last = row;
        }
    }
    true
}

/// What Excel shows for an error.
fn error_named(error: u8) -> &'static str {
    match error {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a => "#N/A",
        0x2b => "#GETTING_DATA",
        _ => "#ERROR!",
    }
}
