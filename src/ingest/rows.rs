//! Cells put together into rows with their absolute numbers, and rows into batches; shared by all workbook formats.
//!
//! Values of merged ranges are handed down inside the merge, never across blanks that are not merged. Cells beyond the
//! last column are left out and said. What a cell's text is, is the business of each format.

use std::fmt::Write as _;

use super::values::date_of_serial;
use crate::source::{Batch, CellKind, RowFault};

/// Columns beyond this one are left out and counted.
pub(crate) const LAST_COLUMN: u32 = 4_096;

/// When a batch is full.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BatchSize {
    /// Bytes of text.
    pub(crate) text: usize,
    /// Rows.
    pub(crate) rows: u32,
}

impl BatchSize {
    /// The rows looked at before a sheet is read, to find its header and presume the rest.
    pub(crate) const AHEAD: Self = Self { text: 1 << 20, rows: 1_200 };
    /// The rows handed out at a time.
    pub(crate) const WHOLE: Self = Self { text: 1 << 20, rows: 50_000 };
}

/// Takes each full batch, and says whether to go on.
pub(crate) type Take<'t> = dyn FnMut(Batch) -> bool + 't;

/// The rows of one sheet, being put together.
pub(crate) struct Rows {
    size: BatchSize,
    batch: Batch,
    /// The row being put together, counted from 1; 0 before the first.
    row: u32,
    /// The last row put into a batch.
    done: u32,
    hidden: bool,
    beyond: bool,
    /// Cells of the row: column, kind, end of its text in `text`.
    cells: Vec<(u32, CellKind, usize)>,
    text: String,
    /// Merges that begin in this row: column, last row.
    beginning: Vec<(u32, u32)>,
    /// Merges the row may lie in: last row, column, the value handed down.
    merges: Vec<(u32, u32, String)>,
}

impl Rows {
    pub(crate) fn new(size: BatchSize) -> Self {
        Self {
            size,
            batch: Batch::with_capacity(size.text),
            row: 0,
            done: 0,
            hidden: false,
            beyond: false,
            cells: Vec::new(),
            text: String::new(),
            beginning: Vec::new(),
            merges: Vec::new(),
        }
    }

    /// The last row put into a batch.
    pub(crate) fn done(&self) -> u32 {
        self.done
    }

    /// The row being put together.
    pub(crate) fn current(&self) -> u32 {
        self.row
    }

    /// Begins a row, counted from 1; rows between that have no cells are rows all the same. False when no more are
    /// wanted.
    pub(crate) fn begin(&mut self, row: u32, take: &mut Take<'_>) -> bool {
        if !self.end_row(take) {
            return false;
        }
        for between in self.done + 1..row {
            self.row = between;
            if !self.end_row(take) {
                return false;
            }
        }
        self.row = row;
        true
    }

    /// The row being put together is hidden.
    pub(crate) fn hide(&mut self) {
        self.hidden = true;
    }

    /// Adds a cell to the row; `write` appends its text and gives its kind.
    pub(crate) fn cell(&mut self, column: u32, write: impl FnOnce(&mut String) -> CellKind) {
        let start = self.text.len();
        let kind = write(&mut self.text);
        if column >= LAST_COLUMN {
            self.beyond |= kind != CellKind::Empty;
            self.text.truncate(start);
        } else if kind != CellKind::Empty {
            self.cells.push((column, kind, self.text.len()));
        }
    }

    /// A merge begins in this row and column, and ends in that row.
    pub(crate) fn merge(&mut self, column: u32, last_row: u32) {
        if column < LAST_COLUMN && last_row > self.row {
            self.beginning.push((column, last_row));
        }
    }

    /// Ends the sheet.
    pub(crate) fn finish(&mut self, take: &mut Take<'_>) {
        if self.end_row(take) && !self.batch.is_empty() {
            take(std::mem::take(&mut self.batch));
        }
    }

    /// Ends the sheet where it is damaged: the row being put together may lack its last cells, and is not given.
    pub(crate) fn abandon(&mut self, take: &mut Take<'_>) {
        if !self.batch.is_empty() {
            take(std::mem::take(&mut self.batch));
        }
    }

    fn end_row(&mut self, take: &mut Take<'_>) -> bool {
        let row = self.row;
        // Before the first row; or a row out of order, whose cells are kept under its own number all the same.
        if row <= self.done && self.cells.is_empty() {
            self.hidden = false;
            self.beginning.clear();
            return true;
        }
        if !self.cells.is_sorted_by_key(|cell| cell.0) {
            self.sort_cells();
        }
        if !self.merges.is_empty() || !self.beginning.is_empty() {
            self.fill_from_merges(row);
        }
        self.batch.begin_row(row, 1, self.hidden);
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
        self.hidden = false;
        self.cells.clear();
        self.text.clear();
        self.done = self.done.max(row);
        if self.batch.text_bytes() >= self.size.text || self.batch.len() >= self.size.rows as usize {
            let full = std::mem::replace(&mut self.batch, Batch::with_capacity(self.size.text));
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
        for (column, last) in std::mem::take(&mut self.beginning) {
            if let Some(value) = self.text_of(column) {
                self.merges.push((last, column, value));
            }
        }
    }

    fn text_of(&self, column: u32) -> Option<String> {
        let at = self.cells.iter().position(|&(taken, _, _)| taken == column)?;
        let start = if at == 0 { 0 } else { self.cells[at - 1].2 };
        Some(self.text[start..self.cells[at].2].to_owned())
    }

    /// Puts cells added out of order, and their text, into column order; of two in one place the first is kept.
    fn sort_cells(&mut self) {
        let mut start = 0;
        let mut pieces: Vec<(u32, CellKind, String)> = Vec::with_capacity(self.cells.len());
        for &(column, kind, end) in &self.cells {
            pieces.push((column, kind, self.text[start..end].to_owned()));
            start = end;
        }
        pieces.sort_by_key(|piece| piece.0);
        pieces.dedup_by_key(|piece| piece.0);
        self.text.clear();
        self.cells.clear();
        for (column, kind, text) in pieces {
            self.text.push_str(&text);
            self.cells.push((column, kind, self.text.len()));
        }
    }
}

/// Writes a number in its shortest exact decimal form.
pub(crate) fn write_number(number: f64, text: &mut String) -> CellKind {
    // Writing to a string cannot fail.
    let _ = write!(text, "{number}");
    CellKind::Number
}

/// Writes a date cell's serial as an ISO date, with its time where it has one; as a number where it is no day.
pub(crate) fn write_serial(serial: f64, from_1904: bool, text: &mut String) -> CellKind {
    match date_of_serial(serial, from_1904) {
        Some(day) if serial >= 1.0 || from_1904 => {
            let _ = write!(text, "{day}");
            let seconds = ((serial - serial.floor()) * 86_400.0).round() as u32;
            if (1..86_400).contains(&seconds) {
                let _ = write!(text, "T{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
            }
            CellKind::Date
        }
        _ => write_number(serial, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(rows: &mut Rows, column: u32, value: &str) {
        rows.cell(column, |text| {
            text.push_str(value);
            CellKind::Text
        });
    }

    #[test]
    fn merges_fill_down_and_order_does_not_matter() {
        let mut batches = Vec::new();
        let mut take = |batch: Batch| {
            batches.push(batch);
            true
        };
        let mut rows = Rows::new(BatchSize::WHOLE);
        rows.begin(2, &mut take);
        put(&mut rows, 3, "d");
        put(&mut rows, 1, "b");
        put(&mut rows, 1, "again");
        rows.merge(1, 4);
        rows.begin(3, &mut take);
        rows.hide();
        put(&mut rows, 0, "a");
        put(&mut rows, LAST_COLUMN, "far");
        rows.begin(5, &mut take);
        put(&mut rows, 0, "z");
        rows.finish(&mut take);
        let batch = &batches[0];
        let texts: Vec<Vec<&str>> =
            batch.rows().map(|row| row.cells().map(|cell| cell.text).collect()).collect();
        assert_eq!(texts, [vec![], vec!["", "b", "", "d"], vec!["a", "b"], vec!["", "b"], vec!["z"]]);
        assert_eq!(batch.row(2).cell(1).kind, CellKind::FromMerge);
        assert_eq!(batch.row(2).fault(), Some(RowFault::BeyondLastColumn));
        assert!(batch.row(2).is_hidden() && !batch.row(3).is_hidden());
    }

    #[test]
    fn serials_are_days() {
        let written = |serial, from_1904| {
            let mut text = String::new();
            let kind = write_serial(serial, from_1904, &mut text);
            (kind, text)
        };
        assert_eq!(written(45_652.0, false), (CellKind::Date, "2024-12-26".into()));
        assert_eq!(written(45_652.5, false), (CellKind::Date, "2024-12-26T12:00:00".into()));
        assert_eq!(written(0.5, false).0, CellKind::Number);
    }
}
