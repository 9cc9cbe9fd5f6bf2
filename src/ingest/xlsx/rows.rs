//! Cells of an XLSX worksheet, handed to the rows they belong to.
//!
//! Numbers become their shortest exact decimal text, date cells ISO text; nothing else is interpreted.

use std::fmt::Write as _;
use std::io::{Read, Seek};

use calamine::{DataRef, ExcelDateTime, Xlsx, XlsxError};

use super::super::book::LAST_ROW;
use super::super::number_format::NumberFormat;
use super::super::rows::{BatchSize, Rows, Take, write_number, write_serial};
use super::facts::SheetFacts;
use crate::source::CellKind;

/// Reads a sheet; `take` gets each full batch and says whether to go on. `last_row` tells how far it came.
pub(crate) fn read<R: Read + Seek>(
    book: &mut Xlsx<R>,
    sheet: &str,
    facts: &SheetFacts,
    size: BatchSize,
    last_row: &mut u32,
    take: &mut Take<'_>,
) -> Result<(), XlsxError> {
    let from_1904 = book.has_1904_epoch();
    let mut cells = book.worksheet_cells_reader(sheet)?;
    let mut placing = Placing::new(size, facts, from_1904);
    // Formulas and formats are not to be had in one pass. Where values are missing, that is what matters.
    let formats: &[NumberFormat] = &facts.formats;
    let read = loop {
        let placed = if facts.without_value {
            cells.next_cell_with_formula_metadata().map(|cell| {
                cell.map(|cell| placing.cell(cell.pos, &cell.value, cell.formula.is_some(), take))
            })
        } else if !formats.is_empty() {
            cells.next_cell_with_style_id().map(|cell| {
                cell.map(|(cell, style)| {
                    placing.format = formats.get(style).copied().unwrap_or_default();
                    placing.cell(cell.get_position(), cell.get_value(), false, take)
                })
            })
        } else {
            // The value is only borrowed from the cell; texts are copied once, into the batch.
            cells
                .next_cell()
                .map(|cell| cell.map(|cell| placing.cell(cell.get_position(), cell.get_value(), false, take)))
        };
        match placed {
            Ok(Some(Ok(true))) => *last_row = placing.rows.done(),
            Ok(Some(Ok(false))) => return Ok(()),
            Ok(None) => break Ok(()),
            // The reader goes on behind the cell, which is put in its place from the facts.
            Err(XlsxError::CellError(_)) if !facts.errors_unplaced => {}
            Ok(Some(Err(error))) | Err(error) => break Err(error),
        }
    };
    // What stands before a damage is read and counted.
    match read {
        Ok(()) => placing.end(take),
        Err(_) => placing.rows.abandon(take),
    }
    read
}

/// Puts each cell into its row, and tells the row what the walk over the archive found.
pub(super) struct Placing<'a> {
    rows: Rows,
    facts: &'a SheetFacts,
    next_merge: usize,
    from_1904: bool,
    /// What the cell's number format adds.
    format: NumberFormat,
}

impl<'a> Placing<'a> {
    pub(super) fn new(size: BatchSize, facts: &'a SheetFacts, from_1904: bool) -> Self {
        Self { rows: Rows::new(size), facts, next_merge: 0, from_1904, format: NumberFormat::Plain }
    }

    /// Goes to this row, counted from 1; false when no more are wanted.
    #[inline]
    pub(super) fn go_to(&mut self, row: u32, take: &mut Take<'_>) -> bool {
        row == self.rows.current() || (self.rows_of_errors(row, take) && self.begin(row, take))
    }

    /// Adds a cell to the row; `write` appends its text and gives its kind.
    #[inline]
    pub(super) fn put(&mut self, column: u32, write: impl FnOnce(&mut String) -> CellKind) {
        self.rows.cell(column, write);
    }

    /// Ends the sheet.
    pub(super) fn end(&mut self, take: &mut Take<'_>) {
        if self.rows_of_errors(u32::MAX, take) {
            self.rows.finish(take);
        }
    }

    /// Adds a cell; false when no more are wanted.
    fn cell(
        &mut self,
        (row, column): (u32, u32),
        value: &DataRef<'_>,
        formula: bool,
        take: &mut Take<'_>,
    ) -> Result<bool, XlsxError> {
        if row >= LAST_ROW {
            return Err(XlsxError::RowNumberOverflow);
        }
        if !self.go_to(row + 1, take) {
            return Ok(false);
        }
        let (format, from_1904) = (self.format, self.from_1904);
        self.put(column, |text| write_formatted(value, format, formula, from_1904, text));
        Ok(true)
    }

    /// Begins the rows before this one that hold nothing but errors the reader does not know.
    fn rows_of_errors(&mut self, next: u32, take: &mut Take<'_>) -> bool {
        let facts = self.facts;
        let after = self.rows.current() + 1;
        if facts.errors.is_empty() || after > next {
            return true;
        }
        let mut rows = facts.errors.range((after, 0)..(next, 0)).map(|(&(row, _), _)| row);
        rows.all(|row| row == self.rows.current() || self.begin(row, take))
    }

    fn begin(&mut self, row: u32, take: &mut Take<'_>) -> bool {
        if !self.rows.begin(row, take) {
            return false;
        }
        if !self.facts.hidden.is_empty() && self.facts.hidden.contains(&row) {
            self.rows.hide();
        }
        for (&(_, column), error) in self.facts.errors.range((row, 0)..=(row, u32::MAX)) {
            self.rows.cell(column, |text| {
                text.push_str(error);
                CellKind::Error
            });
        }
        while let Some(&(first, last, column)) = self.facts.merges.get(self.next_merge) {
            if first > row {
                break;
            }
            self.next_merge += 1;
            if first == row {
                self.rows.merge(column, last);
            }
        }
        true
    }
}

/// Writes a value's text with what its number format adds; gives its kind.
pub(crate) fn write_formatted(
    value: &DataRef<'_>,
    format: NumberFormat,
    formula: bool,
    from_1904: bool,
    text: &mut String,
) -> CellKind {
    let number = match (format, value) {
        (NumberFormat::Plain, _) => None,
        (_, DataRef::Float(number)) => Some(*number),
        (_, DataRef::Int(number)) => Some(*number as f64),
        _ => None,
    };
    number
        .and_then(|number| format.write(number, text))
        .unwrap_or_else(|| write_value(value, formula, from_1904, text))
}

/// Writes a value's text; gives its kind.
pub(crate) fn write_value(
    value: &DataRef<'_>,
    formula: bool,
    from_1904: bool,
    text: &mut String,
) -> CellKind {
    match value {
        DataRef::Empty if formula => CellKind::FormulaWithoutValue,
        DataRef::Empty => CellKind::Empty,
        DataRef::SharedString(string) => {
            text.push_str(string);
            CellKind::Text
        }
        DataRef::String(string) | DataRef::DurationIso(string) => {
            text.push_str(string);
            CellKind::Text
        }
        DataRef::Int(number) => {
            // Writing to a string cannot fail.
            let _ = write!(text, "{number}");
            CellKind::Number
        }
        DataRef::Float(number) => write_number(*number, text),
        DataRef::Bool(truth) => {
            text.push_str(if *truth { "TRUE" } else { "FALSE" });
            CellKind::Bool
        }
        DataRef::Error(error) => {
            let _ = write!(text, "{error}");
            CellKind::Error
        }
        DataRef::DateTimeIso(iso) => {
            text.push_str(iso);
            CellKind::Date
        }
        DataRef::DateTime(moment) => write_moment(moment, from_1904, text),
    }
}

fn write_moment(moment: &ExcelDateTime, from_1904: bool, text: &mut String) -> CellKind {
    if moment.is_datetime() {
        write_serial(moment.as_f64(), from_1904, text)
    } else {
        write_number(moment.as_f64(), text)
    }
}
