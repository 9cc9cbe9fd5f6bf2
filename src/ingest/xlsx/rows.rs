//! Cells of a worksheet, put together into rows with their absolute numbers.
//!
//! Numbers become their shortest exact decimal text, date cells ISO text; nothing else is interpreted.

use std::fmt::Write as _;
use std::io::{Read, Seek};

use calamine::{DataRef, ExcelDateTime, Xlsx, XlsxError};

use super::super::values::date_of_serial;
use super::package::SheetFacts;
use crate::source::{Batch, CellKind, RowFault};

/// Columns beyond this one are left out and counted.
const LAST_COLUMN: u32 = 4_096;

/// When a batch is full.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Bytes of text.
    pub(crate) text: usize,
    /// Rows.
    pub(crate) rows: u32,
}

/// Reads a sheet; `take` gets each full batch and says whether to go on. `last_row` tells how far it came.
pub(crate) fn read<R: Read + Seek>(
    book: &mut Xlsx<R>,
    sheet: &str,
    facts: &SheetFacts,
    limits: Limits,
    last_row: &mut u32,
    take: &mut dyn FnMut(Batch) -> bool,
) -> Result<(), XlsxError> {
    let from_1904 = book.has_1904_epoch();
    let mut cells = book.worksheet_cells_reader(sheet)?;
    let mut rows = Rows::new(facts, limits, from_1904);
    loop {
        let (position, value, formula) = if facts.formulas {
            match cells.next_cell_with_formula_metadata()? {
                Some(cell) => (cell.pos, cell.value, cell.formula.is_some()),
                None => break,
            }
        } else {
            match cells.next_cell()? {
                Some(cell) => {
                    let position = cell.get_position();
                    // The value is only borrowed from the cell; texts are copied once, into the batch.
                    if !rows.cell(position, cell.get_value(), false, take) {
                        return Ok(());
                    }
                    *last_row = rows.done;
                    continue;
                }
                None => break,
            }
        };
        if !rows.cell(position, &value, formula, take) {
            return Ok(());
        }
        *last_row = rows.done;
    }
    rows.finish(take);
    Ok(())
}

struct Rows<'a> {
    facts: &'a SheetFacts,
    limits: Limits,
    from_1904: bool,
    batch: Batch,
    /// The row being put together, counted from 1; 0 before the first.
    row: u32,
    /// The last row put into a batch.
    done: u32,
    /// Cells of the row: column, kind, end of its text in `text`.
    cells: Vec<(u32, CellKind, usize)>,
    text: String,
    beyond: bool,
    /// Merges not yet reached, by index, and those the row lies in with the value they hand down.
    next_merge: usize,
    merges: Vec<(u32, u32, String)>,
}

impl<'a> Rows<'a> {
    fn new(facts: &'a SheetFacts, limits: Limits, from_1904: bool) -> Self {
        Self {
            facts,
            limits,
            from_1904,
            batch: Batch::with_capacity(limits.text),
            row: 0,
            done: 0,
            cells: Vec::new(),
            text: String::new(),
            beyond: false,
            next_merge: 0,
            merges: Vec::new(),
        }
    }

    /// Adds a cell; false when no more are wanted.
    fn cell(
        &mut self,
        position: (u32, u32),
        value: &DataRef<'_>,
        formula: bool,
        take: &mut dyn FnMut(Batch) -> bool,
    ) -> bool {
        let (row, column) = (position.0 + 1, position.1);
        if row != self.row {
            if !self.end_row(take) {
                return false;
            }
            // Rows without cells are rows all the same.
            let mut next = self.done + 1;
            while next < row {
                self.row = next;
                if !self.end_row(take) {
                    return false;
                }
                next += 1;
            }
            self.row = row;
        }
        if column >= LAST_COLUMN {
            self.beyond |= !matches!(value, DataRef::Empty);
            return true;
        }
        let kind = write_value(value, formula, self.from_1904, &mut self.text);
        if kind != CellKind::Empty {
            self.cells.push((column, kind, self.text.len()));
        }
        true
    }

    fn finish(mut self, take: &mut dyn FnMut(Batch) -> bool) {
        if self.end_row(take) && !self.batch.is_empty() {
            take(self.batch);
        }
    }

    fn end_row(&mut self, take: &mut dyn FnMut(Batch) -> bool) -> bool {
        let row = self.row;
        if row <= self.done {
            // Before the first row; or a row out of order, whose cells are added under their own number all the same.
            if self.cells.is_empty() {
                return true;
            }
        }
        if !self.facts.merges.is_empty() {
            self.fill_from_merges(row);
        }
        let hidden = !self.facts.hidden.is_empty() && self.facts.hidden.contains(&row);
        self.batch.begin_row(row, 1, hidden);
        let (mut next, mut start) = (0, 0);
        for &(column, kind, end) in &self.cells {
            while next < column {
                self.batch.push_cell(CellKind::Empty, "");
                next += 1;
            }
            self.batch.push_cell(kind, &self.text[start..end]);
            next = column + 1;
            start = end;
        }
        if self.beyond {
            self.batch.end_row(1, Some(RowFault::BeyondLastColumn));
        }
        self.beyond = false;
        self.cells.clear();
        self.text.clear();
        self.done = self.done.max(row);
        if self.batch.text_bytes() >= self.limits.text || self.batch.len() >= self.limits.rows as usize {
            let full = std::mem::replace(&mut self.batch, Batch::with_capacity(self.limits.text));
            return take(full);
        }
        true
    }

    /// Hands the value of a merge's top left cell down to the rows below it.
    fn fill_from_merges(&mut self, row: u32) {
        self.merges.retain(|&(last, _, _)| last >= row);
        let mut filled = false;
        for index in 0..self.merges.len() {
            let column = self.merges[index].1;
            if self.cells.iter().all(|&(taken, _, _)| taken != column) {
                self.text.push_str(&self.merges[index].2);
                self.cells.push((column, CellKind::FromMerge, self.text.len()));
                filled = true;
            }
        }
        if filled {
            self.sort_cells();
        }
        while let Some(&(first, last, column)) = self.facts.merges.get(self.next_merge) {
            if first > row {
                break;
            }
            self.next_merge += 1;
            if first == row
                && let Some(value) = self.text_of(column)
            {
                self.merges.push((last, column, value));
            }
        }
    }

    fn text_of(&self, column: u32) -> Option<String> {
        let at = self.cells.iter().position(|&(taken, _, _)| taken == column)?;
        let start = if at == 0 { 0 } else { self.cells[at - 1].2 };
        Some(self.text[start..self.cells[at].2].to_owned())
    }

    /// Puts cells added out of order, and their text, into column order.
    fn sort_cells(&mut self) {
        let mut start = 0;
        let mut pieces: Vec<(u32, CellKind, String)> = Vec::with_capacity(self.cells.len());
        for &(column, kind, end) in &self.cells {
            pieces.push((column, kind, self.text[start..end].to_owned()));
            start = end;
        }
        pieces.sort_by_key(|piece| piece.0);
        self.text.clear();
        self.cells.clear();
        for (column, kind, text) in pieces {
            self.text.push_str(&text);
            self.cells.push((column, kind, self.text.len()));
        }
    }
}

/// Writes a value's text; gives its kind.
fn write_value(value: &DataRef<'_>, formula: bool, from_1904: bool, text: &mut String) -> CellKind {
    // Writing to a string cannot fail.
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
            let _ = write!(text, "{number}");
            CellKind::Number
        }
        DataRef::Float(number) => {
            let _ = write!(text, "{number}");
            CellKind::Number
        }
        DataRef::Bool(true) => {
            text.push_str("TRUE");
            CellKind::Bool
        }
        DataRef::Bool(false) => {
            text.push_str("FALSE");
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
        DataRef::DateTime(serial) => write_date(serial, from_1904, text),
    }
}

fn write_date(moment: &ExcelDateTime, from_1904: bool, text: &mut String) -> CellKind {
    let serial = moment.as_f64();
    match date_of_serial(serial, from_1904) {
        Some(day) if moment.is_datetime() && (serial >= 1.0 || from_1904) => {
            let _ = write!(text, "{day}");
            let seconds = ((serial - serial.floor()) * 86_400.0).round() as u32;
            if (1..86_400).contains(&seconds) {
                let _ = write!(text, "T{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
            }
            CellKind::Date
        }
        _ => {
            let _ = write!(text, "{serial}");
            CellKind::Number
        }
    }
}
