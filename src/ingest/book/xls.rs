//! Old binary Excel workbooks (XLS): BIFF5 and BIFF8, held in memory whole because the format allows no other way.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{Data, DataRef, Reader as _, SheetType, Xls};

use super::super::xlsx::{visibility_of, write_formatted};
use super::biff::Facts;
use super::sink::{SheetHead, Sink};
use super::{Damaged, NO_WORKSHEET};
use crate::source::CellKind;

pub(super) fn read(path: &Path, facts: &Facts, sink: &mut Sink<'_>) -> Result<(), Damaged> {
    let damaged = |error: calamine::XlsError| Damaged(error.to_string());
    let file = File::open(path).map_err(|error| Damaged(error.to_string()))?;
    let mut book = Xls::new(BufReader::new(file)).map_err(damaged)?;
    let from_1904 = book.has_1904_epoch();
    for (index, sheet) in book.sheets_metadata().to_vec().into_iter().enumerate() {
        let mut head = SheetHead::new(&sheet.name, visibility_of(sheet.visible));
        head.from_1904 = from_1904;
        if sheet.typ != SheetType::WorkSheet {
            head.no_worksheet = Some(NO_WORKSHEET.into());
        }
        if sink.sheet(head) {
            match book.worksheet_range(&sheet.name) {
                Ok(range) => {
                    let merges = book.merge_cells_by_sheet_name(&sheet.name).unwrap_or_default();
                    let hidden = facts.hidden.get(index);
                    let mut formatted = facts.formatted.get(index).cloned().unwrap_or_default();
                    let mut merges: Vec<(u32, u32, u32)> = merges
                        .iter()
                        .map(|merge| (merge.start.0 + 1, merge.end.0 + 1, merge.start.1))
                        .collect();
                    merges.sort_unstable();
                    let unvalued = facts.unvalued.get(index).map(Vec::as_slice).unwrap_or_default();
                    let (top, left) = range.start().unwrap_or_default();
                    for (number, cells) in (top + 1..).zip(range.rows()) {
                        if cells.iter().all(|cell| *cell == Data::Empty) {
                            continue;
                        }
                        if !sink.row(number) {
                            break;
                        }
                        if hidden.is_some_and(|rows| rows.contains(&number)) {
                            sink.hide();
                        }
                        for (column, cell) in (left..).zip(cells) {
                            let is_nothing = matches!(cell, Data::Empty)
                                || matches!(cell, Data::String(text) if text.is_empty());
                            if is_nothing && unvalued.binary_search(&(number, column)).is_ok() {
                                sink.text_cell(column, CellKind::FormulaWithoutValue, "");
                                continue;
                            }
                            let style = formatted.style_of(number, column);
                            let format = style.and_then(|style| facts.formats.get(style)).copied();
                            sink.cell(column, |text| {
                                write_formatted(
                                    &borrowed(cell),
                                    format.unwrap_or_default(),
                                    false,
                                    from_1904,
                                    text,
                                )
                            });
                        }
                        let first = merges.partition_point(|merge| merge.0 < number);
                        for &(_, last, column) in merges[first..].iter().take_while(|merge| merge.0 == number)
                        {
                            sink.merge(column, last);
                        }
                    }
                }
                Err(error) => sink.damaged(&damaged(error)),
            }
            sink.end_sheet();
        }
        if sink.is_done() {
            break;
        }
    }
    Ok(())
}

/// The value without a copy of its text.
fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(truth) => DataRef::Bool(*truth),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::DateTimeIso(text) | Data::DurationIso(text) => DataRef::SharedString(text),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}
