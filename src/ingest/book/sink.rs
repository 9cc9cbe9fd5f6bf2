//! What a format's reader writes into: sheets, rows and cells in the file's order, cut into what was asked for.
//!
//! A survey gives every sheet with the rows at its top; a reading gives one sheet whole.

use super::super::fault::FileFault;
use super::super::rows::{BatchSize, Rows};
use super::super::sheet::Visibility;
use super::{Damaged, REPAIR};
use crate::source::{Batch, CellKind};

/// What is asked of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// Every sheet, and the rows at its top.
    Survey,
    /// All rows of the sheet with this number, counted from 0.
    Sheet(usize),
}

/// What a reader tells.
#[derive(Debug)]
pub(crate) enum Event {
    /// The next sheet begins.
    Sheet(SheetHead),
    /// Rows of the sheet begun last.
    Rows(Batch),
    /// The sheet begun last, or the file before its first sheet, cannot be read on.
    Fault(FileFault),
    /// Nothing more follows.
    End,
}

/// A sheet, before its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SheetHead {
    pub(crate) name: String,
    pub(crate) visibility: Visibility,
    /// Why it holds no rows, where it is no worksheet.
    pub(crate) no_worksheet: Option<String>,
    /// Whether serial numbers count from 1904.
    pub(crate) from_1904: bool,
    /// What is to be said of it.
    pub(crate) remarks: Vec<String>,
}

impl SheetHead {
    pub(crate) fn new(name: &str, visibility: Visibility) -> Self {
        Self { name: name.to_owned(), visibility, no_worksheet: None, from_1904: false, remarks: Vec::new() }
    }
}

/// Where a reader puts what it finds.
pub(crate) struct Sink<'a> {
    want: Want,
    shown_as: &'a str,
    sheet: String,
    sheets: usize,
    remarks: Vec<String>,
    rows: Option<Rows>,
    emit: &'a mut dyn FnMut(Event) -> bool,
    done: bool,
    last_row: u32,
}

impl<'a> Sink<'a> {
    pub(crate) fn new(want: Want, shown_as: &'a str, emit: &'a mut dyn FnMut(Event) -> bool) -> Self {
        Self {
            want,
            shown_as,
            sheet: String::new(),
            sheets: 0,
            remarks: Vec::new(),
            rows: None,
            emit,
            done: false,
            last_row: 0,
        }
    }

    /// Begins the next sheet; whether its rows are wanted.
    pub(crate) fn sheet(&mut self, mut head: SheetHead) -> bool {
        self.end_sheet();
        let index = self.sheets;
        self.sheets += 1;
        self.sheet.clone_from(&head.name);
        self.last_row = 0;
        if self.done {
            return false;
        }
        let size = match self.want {
            Want::Survey => BatchSize::AHEAD,
            Want::Sheet(wanted) if wanted == index => BatchSize::WHOLE,
            Want::Sheet(_) => return false,
        };
        head.remarks.extend(self.remarks.iter().cloned());
        let has_rows = head.no_worksheet.is_none();
        if !(self.emit)(Event::Sheet(head)) {
            self.done = true;
        } else if has_rows {
            self.rows = Some(Rows::new(size));
        }
        self.rows.is_some()
    }

    /// Says something of every sheet that begins from now on.
    pub(crate) fn say(&mut self, remark: String) {
        self.remarks.push(remark);
    }

    /// The file is refused as a whole.
    pub(crate) fn refused(&mut self, fault: FileFault) {
        self.done = true;
        (self.emit)(Event::Fault(fault));
    }

    /// Begins a row, counted from 1; false when no more rows of this sheet are wanted.
    pub(crate) fn row(&mut self, row: u32) -> bool {
        let Some(rows) = &mut self.rows else { return false };
        let (survey, emit) = (self.want == Want::Survey, &mut self.emit);
        let mut gone = false;
        let go_on = rows.begin(row, &mut |batch| {
            gone = !emit(Event::Rows(batch));
            !survey && !gone
        });
        self.done |= gone;
        self.last_row = rows.done();
        if !go_on {
            self.rows = None;
        }
        go_on
    }

    /// Whether rows of the sheet begun last are wanted.
    pub(crate) fn takes_rows(&self) -> bool {
        self.rows.is_some()
    }

    /// Whether everything asked for has been given.
    pub(crate) fn is_done(&self) -> bool {
        self.done || (matches!(self.want, Want::Sheet(wanted) if self.sheets > wanted) && self.rows.is_none())
    }

    /// The row begun last is hidden.
    pub(crate) fn hide(&mut self) {
        if let Some(rows) = &mut self.rows {
            rows.hide();
        }
    }

    /// Adds a cell to the row begun last.
    pub(crate) fn cell(&mut self, column: u32, write: impl FnOnce(&mut String) -> CellKind) {
        if let Some(rows) = &mut self.rows {
            rows.cell(column, write);
        }
    }

    /// Adds a cell whose text is known.
    pub(crate) fn text_cell(&mut self, column: u32, kind: CellKind, text: &str) {
        self.cell(column, |into| {
            into.push_str(text);
            kind
        });
    }

    /// A merge begins in the row begun last.
    pub(crate) fn merge(&mut self, column: u32, last_row: u32) {
        if let Some(rows) = &mut self.rows {
            rows.merge(column, last_row);
        }
    }

    /// Ends the sheet begun last.
    pub(crate) fn end_sheet(&mut self) {
        if let Some(mut rows) = self.rows.take() {
            let emit = &mut self.emit;
            let mut gone = false;
            rows.finish(&mut |batch| {
                gone = !emit(Event::Rows(batch));
                !gone
            });
            self.done |= gone;
        }
    }

    /// The sheet begun last cannot be read on, or the file cannot before its first; what was read is kept.
    pub(crate) fn damaged(&mut self, what: &Damaged) {
        let so_far = match self.rows.as_ref().map_or(self.last_row, Rows::done) {
            _ if self.sheets == 0 => String::new(),
            0 => " before its first row".to_owned(),
            row => format!(" after row {row}, the last that was read"),
        };
        let noun = if self.sheets == 0 { "the file" } else { "the sheet" };
        let what = format!("{noun} is damaged{so_far} ({})", what.0);
        let fault = FileFault::of_sheet(self.shown_as, &self.sheet, what, REPAIR);
        // A sheet of which enough was read for what was asked is no matter here.
        let asked = self.rows.is_some() || self.sheets == 0 || self.last_row == 0;
        if let Some(mut rows) = self.rows.take() {
            let emit = &mut self.emit;
            let mut gone = false;
            rows.abandon(&mut |batch| {
                gone = !emit(Event::Rows(batch));
                !gone
            });
            self.done |= gone;
        }
        if asked && !self.done {
            self.done = !(self.emit)(Event::Fault(fault));
        }
    }
}
