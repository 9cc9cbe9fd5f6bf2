//! A list that fills one sheet, or several once a sheet is full, a row at a time and in constant memory.

use rust_xlsxwriter::{Format, IgnoreError, Workbook, Worksheet, XlsxError};

use super::cell::{Kind, Value, sheet_name, wrapped_lines, write};
use super::frame::{Frame, Paper};
use super::style::{self, Mark};

const USUAL_HEIGHT: f64 = 15.0;
/// A row can be no higher; longer text is whole in its cell and cut in print.
const MOST_HEIGHT: f64 = 409.0;
const LIST_LINE: f64 = 12.0;
/// Characters of a list's type to a unit of column width, with room for words that break early.
const LIST_CHARACTERS: f64 = 1.4;

/// A column of a list. Columns after the last printed one are on the sheet only.
pub(super) struct Column {
    pub(super) heading: &'static str,
    pub(super) width: f64,
    pub(super) kind: Kind,
    pub(super) printed: bool,
    /// What makes a cell of the column stand out.
    pub(super) mark: Option<Mark>,
}

impl Column {
    /// The same column, where certain values stand out.
    pub(super) const fn marked(mut self, mark: Mark) -> Self {
        self.mark = Some(mark);
        self
    }
}

/// A column that is printed.
pub(super) const fn printed(heading: &'static str, width: f64, kind: Kind) -> Column {
    Column { heading, width, kind, printed: true, mark: None }
}

/// A column for filters and look-ups, beside the printed page.
pub(super) const fn beside(heading: &'static str, width: f64, kind: Kind) -> Column {
    Column { heading, width, kind, printed: false, mark: None }
}

/// What became of a list, for the table of contents.
pub(super) struct Contents {
    pub(super) name: &'static str,
    pub(super) rows: u64,
    pub(super) sheets: usize,
}

/// A list being written.
pub(super) struct Table {
    name: &'static str,
    columns: &'static [Column],
    sheets: Vec<Worksheet>,
    /// Sentences above the headings of the first sheet.
    preamble: Vec<String>,
    strong: Vec<Format>,
    next: u32,
    rows: u64,
    bytes: u64,
    frame: Frame,
}

impl Table {
    /// Begins the list on its first sheet.
    pub(super) fn begin(
        book: &mut Workbook,
        name: &'static str,
        columns: &'static [Column],
        frame: &Frame,
    ) -> Result<Self, XlsxError> {
        Self::begin_below(book, name, columns, frame, Vec::new())
    }

    /// Begins the list below some sentences.
    pub(super) fn begin_below(
        book: &mut Workbook,
        name: &'static str,
        columns: &'static [Column],
        frame: &Frame,
        preamble: Vec<String>,
    ) -> Result<Self, XlsxError> {
        let frame = frame.clone();
        let strong = |column: &Column| style::strong(style::on_list(style::ruled(column.kind.format())));
        let mut table = Self {
            name,
            columns,
            sheets: vec![],
            preamble,
            strong: columns.iter().map(strong).collect(),
            next: 0,
            rows: 0,
            bytes: 0,
            frame,
        };
        table.begin_sheet(book)?;
        Ok(table)
    }

    fn begin_sheet(&mut self, book: &mut Workbook) -> Result<(), XlsxError> {
        self.end_sheet()?;
        let mut sheet = book.new_worksheet_with_constant_memory()?;
        sheet.set_name(sheet_name(self.name, self.sheets.len() as u32 + 1))?;
        for (index, column) in (0u16..).zip(self.columns) {
            sheet.set_column_width(index, column.width)?;
            sheet.set_column_format(index, &cell_format(column))?;
        }
        self.frame.write(&mut sheet)?;
        self.frame.lay_out(&mut sheet, Paper::List);
        if self.sheets.is_empty() {
            for (row, sentence) in (self.frame.rows()..).zip(&self.preamble) {
                // The rules of the columns end above the headings.
                sheet.set_row_format(row, &style::on_list(style::line()))?;
                sheet.write_string_with_format(row, 0, sentence, &style::on_list(style::line()))?;
            }
        }
        let top = self.top(self.sheets.len());
        for (index, column) in (0u16..).zip(self.columns) {
            let heading = style::on_list(column.kind.heading());
            sheet.write_string_with_format(top, index, column.heading, &heading)?;
        }
        let lines = self.columns.iter().map(|column| wrapped_lines(column.heading, column.width));
        sheet.set_row_height(top, lines.fold(1.0, f64::max) * LIST_LINE + 3.0)?;
        let frozen = if self.columns.len() > 8 { 2 } else { 0 };
        sheet.set_freeze_panes(top + 1, frozen)?;
        sheet.set_repeat_rows(
            if self.sheets.is_empty() && !self.preamble.is_empty() { top } else { self.frame.print_from() },
            top,
        )?;
        self.sheets.push(sheet);
        self.next = top + 1;
        Ok(())
    }

    /// The row of the headings on a sheet, the first of which carries the preamble.
    fn top(&self, sheet: usize) -> u32 {
        let above = if sheet == 0 { self.preamble.len() as u32 } else { 0 };
        self.frame.rows() + above
    }

    /// Writes a row; begins another sheet when this one is full.
    pub(super) fn row(&mut self, book: &mut Workbook, values: &[Value<'_>]) -> Result<(), XlsxError> {
        self.write_row(book, values, false)?;
        self.rows += 1;
        Ok(())
    }

    /// Writes a row in bold that heads or sums others; it is not counted among the rows of the list.
    pub(super) fn strong_row(&mut self, book: &mut Workbook, values: &[Value<'_>]) -> Result<(), XlsxError> {
        self.write_row(book, values, true)
    }

    fn write_row(
        &mut self,
        book: &mut Workbook,
        values: &[Value<'_>],
        is_strong: bool,
    ) -> Result<(), XlsxError> {
        debug_assert_eq!(values.len(), self.columns.len(), "{}", self.name);
        if self.next >= self.frame.rows_a_sheet() {
            self.begin_sheet(book)?;
        }
        if let Some(sheet) = self.sheets.last_mut() {
            let lines = values
                .iter()
                .zip(self.columns)
                .map(|(value, column)| wrapped_lines(value.words(), column.width * LIST_CHARACTERS));
            let height = (lines.fold(1.0, f64::max) * LIST_LINE + 3.0).min(MOST_HEIGHT);
            for (column, value) in (0u16..).zip(values) {
                // A blank is written only with a format of its own, and the first cell of a row must be.
                let own =
                    (column == 0 && matches!(value, Value::Blank)).then(|| cell_format(&self.columns[0]));
                let format = if is_strong { self.strong.get(usize::from(column)) } else { own.as_ref() };
                self.bytes += write(sheet, self.next, column, value, format)?;
                if column == 0 {
                    // The first cell sends the row above to disk, with the default height of that moment. A height of
                    // its own for each row would stay in memory to the end.
                    sheet.set_default_row_height(height);
                }
            }
        }
        self.next += 1;
        Ok(())
    }

    /// Sends the last row to disk with its height, by a blank below it; rows from there on have the usual height.
    fn end_sheet(&mut self) -> Result<(), XlsxError> {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.write_blank(self.next, 0, &style::text())?;
            sheet.set_default_row_height(USUAL_HEIGHT);
        }
        Ok(())
    }

    /// Says in a sentence why a list without rows has none.
    pub(super) fn if_empty(&mut self, sentence: &str) -> Result<(), XlsxError> {
        if self.rows == 0
            && let Some(sheet) = self.sheets.last_mut()
        {
            sheet.write_string_with_format(self.next, 0, sentence, &style::remark().unset_text_wrap())?;
            self.next += 1;
        }
        Ok(())
    }

    /// Bytes of text written, about.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What is in the list.
    pub(super) fn contents(&self) -> Contents {
        Contents { name: self.name, rows: self.rows, sheets: self.sheets.len() }
    }

    /// Completes the sheets: filters, the printed area, and no marks for numbers kept as text.
    pub(super) fn finish(mut self) -> Result<Vec<Worksheet>, XlsxError> {
        self.end_sheet()?;
        let tops: Vec<u32> = (0..self.sheets.len()).map(|sheet| self.top(sheet)).collect();
        let Self { columns, mut sheets, next, rows, frame, .. } = self;
        let last_column = columns.len() as u16 - 1;
        let printed = columns.iter().rposition(|column| column.printed).unwrap_or(0) as u16;
        let count = sheets.len();
        for (index, sheet) in sheets.iter_mut().enumerate() {
            let top = tops[index];
            let end = if index + 1 == count { next.max(top + 2) } else { frame.rows_a_sheet() } - 1;
            for (column, mark) in
                (0u16..).zip(columns).filter_map(|(index, column)| Some((index, column.mark?)))
            {
                mark.apply(sheet, top + 1, end, column)?;
            }
            if rows > 0 {
                sheet.autofilter(top, 0, end, last_column)?;
                sheet.ignore_error_range(top + 1, 0, end, last_column, IgnoreError::NumberStoredAsText)?;
            }
            sheet.set_print_area(frame.print_from(), 0, end, printed)?;
        }
        Ok(sheets)
    }
}

fn cell_format(column: &Column) -> Format {
    style::on_list(style::ruled(column.kind.format()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::RunRecord;
    use calamine::Reader as _;

    const COLUMNS: &[Column] = &[printed("Number", 10.0, Kind::Count), beside("Day", 10.0, Kind::Day)];

    #[test]
    fn a_full_sheet_is_continued_on_another() {
        let mut book = Workbook::new();
        let frame = Frame::of(&RunRecord::default()).with_rows_a_sheet(4);
        let mut table = Table::begin(&mut book, "Notes", COLUMNS, &frame).unwrap();
        for number in 0..7 {
            table.row(&mut book, &[Value::Count(number), Value::Day("2024-12-26")]).unwrap();
        }
        assert_eq!((table.contents().rows, table.contents().sheets), (7, 3));
        for sheet in table.finish().unwrap() {
            book.push_worksheet(sheet);
        }
        let bytes = book.save_to_buffer().unwrap();
        let mut read: calamine::Xlsx<_> =
            calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        assert_eq!(read.sheet_names(), ["Notes", "Notes (2)", "Notes (3)"]);
        let rows = |range: calamine::Range<calamine::Data>| range.height();
        assert_eq!(rows(read.worksheet_range("Notes (2)").unwrap()), 4);
        assert_eq!(rows(read.worksheet_range("Notes (3)").unwrap()), 2);
    }
}
