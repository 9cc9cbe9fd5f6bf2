//! Binary Excel workbooks (XLSB), streamed cell by cell.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{Reader as _, SheetType, Xlsb};

use super::super::xlsx::{visibility_of, write_value};
use super::sink::{SheetHead, Sink};
use super::{Damaged, NO_WORKSHEET};

pub(super) fn read(path: &Path, sink: &mut Sink<'_>) -> Result<(), Damaged> {
    let damaged = |error: calamine::XlsbError| Damaged(error.to_string());
    let file = File::open(path).map_err(|error| Damaged(error.to_string()))?;
    let mut book = Xlsb::new(BufReader::new(file)).map_err(damaged)?;
    let from_1904 = book.has_1904_epoch();
    for sheet in book.sheets_metadata().to_vec() {
        let mut head = SheetHead::new(&sheet.name, visibility_of(sheet.visible));
        head.from_1904 = from_1904;
        if sheet.typ != SheetType::WorkSheet {
            head.no_worksheet = Some(NO_WORKSHEET.into());
        }
        if sink.sheet(head) {
            if let Err(error) = rows(&mut book, &sheet.name, from_1904, sink) {
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
    sink: &mut Sink<'_>,
) -> Result<(), Damaged> {
    let damaged = |error: calamine::XlsbError| Damaged(error.to_string());
    let mut cells = book.worksheet_cells_reader(sheet).map_err(damaged)?;
    let mut row = 0;
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (at, column) = cell.get_position();
        if at + 1 != row {
            row = at + 1;
            if !sink.row(row) {
                break;
            }
        }
        sink.cell(column, |text| write_value(cell.get_value(), false, from_1904, text));
    }
    Ok(())
}
