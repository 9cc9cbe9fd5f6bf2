//! A list that fills one sheet, or several once a sheet is full, a row at a time and in constant memory.

use rust_decimal::Decimal;
use rust_xlsxwriter::{
    ExcelDateTime, Format, FormatAlign, Formula, IgnoreError, Workbook, Worksheet, XlsxError,
};

use super::super::text;
use super::frame::{Frame, Paper};
use super::style;

/// Rows a sheet can hold.
const SHEET_ROWS: u32 = 1_048_576;
/// Rows filled with the list: the last one stays blank, see [`Table::end_sheet`].
pub(super) const FILLED_ROWS: u32 = SHEET_ROWS - 1;

const USUAL_HEIGHT: f64 = 15.0;
/// A row can be no higher; longer text is whole in its cell and cut in print.
const MOST_HEIGHT: f64 = 409.0;
const LIST_LINE: f64 = 12.0;
/// Characters of a list's type to a unit of column width, with room for words that break early.
const LIST_CHARACTERS: f64 = 1.4;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Day,
    Count,
    Number,
    Amount,
    Link,
}

impl Kind {
    pub(super) fn format(self) -> Format {
        match self {
            Self::Text => style::text(),
            Self::Day => style::day(),
            Self::Count => style::count(),
            Self::Number => style::number(),
            Self::Amount => style::amount(),
            Self::Link => style::link(),
        }
    }
}

impl Kind {
    /// The heading above such values, set on the side on which they are.
    pub(super) fn heading(self) -> Format {
        match self {
            Self::Count | Self::Number | Self::Amount => {
                style::heading().set_align(FormatAlign::Right).set_indent(1)
            }
            Self::Text | Self::Day | Self::Link => style::heading(),
        }
    }
}

/// A column of a list. Columns after the last printed one are on the sheet only.
pub(super) struct Column {
    pub(super) heading: &'static str,
    pub(super) width: f64,
    pub(super) kind: Kind,
    pub(super) printed: bool,
}

/// A column that is printed.
pub(super) const fn printed(heading: &'static str, width: f64, kind: Kind) -> Column {
    Column { heading, width, kind, printed: true }
}

/// A column for filters and look-ups, beside the printed page.
pub(super) const fn beside(heading: &'static str, width: f64, kind: Kind) -> Column {
    Column { heading, width, kind, printed: false }
}

/// A value of a cell.
pub(super) enum Value<'a> {
    /// Text of the record or of the report.
    Text(&'a str),
    /// Text made for the cell.
    Made(String),
    /// A count.
    Count(u64),
    /// A number where the text is exactly one, else the text.
    Number(&'a str),
    /// An exact decimal.
    Decimal(Decimal),
    /// A day where the text is one ISO day, else the text.
    Day(&'a str),
    /// A link to a row of a list that may fill several sheets.
    Link(Address),
    /// A link to the top of a sheet of this workbook.
    Sheet(&'static str),
    /// A formula made of integers and its result.
    Formula(String, String),
    /// Nothing.
    Blank,
}

impl Value<'_> {
    /// The text that may need several lines.
    pub(super) fn words(&self) -> &str {
        match self {
            Self::Text(words) | Self::Number(words) | Self::Day(words) => words,
            Self::Made(words) => words,
            _ => "",
        }
    }
}

/// How many lines a text takes in a column of so many characters; words break, so a line is not filled to its end.
pub(super) fn wrapped_lines(text: &str, characters: f64) -> f64 {
    if text.len() as f64 <= characters && !text.contains(['\n', '\r']) {
        return 1.0;
    }
    let lines = |line: &str| (line.chars().count() as f64 / characters).ceil().max(1.0);
    text.split(['\n', '\r']).map(lines).sum()
}

/// A row of a list: the sheet's number, counted from 1, and the row as the spreadsheet counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) list: &'static str,
    pub(super) sheet: u32,
    pub(super) row: u32,
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
    top: u32,
    next: u32,
    limit: u32,
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
        let top = frame.rows();
        let frame = frame.clone();
        let mut table = Self {
            name,
            columns,
            sheets: vec![],
            top,
            next: top,
            limit: FILLED_ROWS,
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
            sheet.set_column_format(index, &style::on_list(style::ruled(column.kind.format())))?;
        }
        self.frame.write(&mut sheet)?;
        self.frame.lay_out(&mut sheet, Paper::List);
        for (index, column) in (0u16..).zip(self.columns) {
            let heading = style::on_list(column.kind.heading());
            sheet.write_string_with_format(self.top, index, column.heading, &heading)?;
        }
        let lines = self.columns.iter().map(|column| wrapped_lines(column.heading, column.width));
        sheet.set_row_height(self.top, lines.fold(1.0, f64::max) * LIST_LINE + 3.0)?;
        let frozen = if self.columns.len() > 8 { 2 } else { 0 };
        sheet.set_freeze_panes(self.top + 1, frozen)?;
        sheet.set_repeat_rows(self.frame.print_from(), self.top)?;
        self.sheets.push(sheet);
        self.next = self.top + 1;
        Ok(())
    }

    /// Writes a row; begins another sheet when this one is full.
    pub(super) fn row(&mut self, book: &mut Workbook, values: &[Value<'_>]) -> Result<(), XlsxError> {
        debug_assert_eq!(values.len(), self.columns.len(), "{}", self.name);
        if self.next >= self.limit {
            self.begin_sheet(book)?;
        }
        if let Some(sheet) = self.sheets.last_mut() {
            let lines = values
                .iter()
                .zip(self.columns)
                .map(|(value, column)| wrapped_lines(value.words(), column.width * LIST_CHARACTERS));
            let height = (lines.fold(1.0, f64::max) * LIST_LINE + 3.0).min(MOST_HEIGHT);
            for (column, value) in (0u16..).zip(values) {
                self.bytes += write(sheet, self.next, column, value, None)?;
                if column == 0 {
                    // The first cell sends the row above to disk, with the default height of that moment. A height of
                    // its own for each row would stay in memory to the end.
                    sheet.set_default_row_height(height);
                }
            }
        }
        self.next += 1;
        self.rows += 1;
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
        let Self { columns, mut sheets, top, next, limit, rows, frame, .. } = self;
        let last_column = columns.len() as u16 - 1;
        let printed = columns.iter().rposition(|column| column.printed).unwrap_or(0) as u16;
        let count = sheets.len();
        for (index, sheet) in sheets.iter_mut().enumerate() {
            let end = if index + 1 == count { next.max(top + 2) } else { limit } - 1;
            if rows > 0 {
                sheet.autofilter(top, 0, end, last_column)?;
                sheet.ignore_error_range(top + 1, 0, end, last_column, IgnoreError::NumberStoredAsText)?;
            }
            sheet.set_print_area(frame.print_from(), 0, end, printed)?;
        }
        Ok(sheets)
    }
}

/// The name of a list's sheet, counted from 1: `Notes`, `Notes (2)`.
pub(super) fn sheet_name(list: &str, number: u32) -> String {
    if number == 1 { list.to_owned() } else { format!("{list} ({number})") }
}

/// Writes a value, in the given format or the column's; answers about how many bytes it takes.
pub(super) fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Value<'_>,
    format: Option<&Format>,
) -> Result<u64, XlsxError> {
    const CELL: u64 = 48;
    match value {
        Value::Text(words) => return write_text(sheet, row, column, words, format),
        Value::Made(words) => return write_text(sheet, row, column, words, format),
        Value::Count(count) => write_number(sheet, row, column, *count as f64, format)?,
        Value::Number(words) => match text::exact_number(words) {
            Some(number) => write_number(sheet, row, column, number, format)?,
            None => return write_text(sheet, row, column, words, format),
        },
        Value::Decimal(decimal) => {
            let words = decimal.normalize().to_string();
            return write(sheet, row, column, &Value::Number(&words), format);
        }
        Value::Day(words) => match text::iso_day(words) {
            Some((year, month, day)) => {
                let date = ExcelDateTime::from_ymd(year, month, day)?;
                match format {
                    Some(format) => sheet.write_datetime_with_format(row, column, &date, format)?,
                    None => sheet.write_datetime(row, column, &date)?,
                };
            }
            None => return write_text(sheet, row, column, words, format),
        },
        Value::Link(Address { list, sheet: number, row: target }) => {
            let name = sheet_name(list, *number);
            let formula = format!("=HYPERLINK(\"#'{name}'!A{target}\",\"row {target}\")");
            let formula = Formula::new(formula).set_result(format!("row {target}"));
            write_formula(sheet, row, column, formula, format)?;
        }
        Value::Sheet(name) => {
            let formula = format!("=HYPERLINK(\"#'{name}'!A1\",\"{name}\")");
            write_formula(sheet, row, column, Formula::new(formula).set_result(*name), format)?;
        }
        Value::Formula(formula, result) => {
            write_formula(sheet, row, column, Formula::new(formula).set_result(result), format)?;
        }
        Value::Blank => {
            if let Some(format) = format {
                sheet.write_blank(row, column, format)?;
            }
        }
    }
    Ok(CELL)
}

fn write_text(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    words: &str,
    format: Option<&Format>,
) -> Result<u64, XlsxError> {
    if words.is_empty() {
        return write(sheet, row, column, &Value::Blank, format);
    }
    let words = text::cell(words);
    let bytes = 48 + words.len() as u64;
    match format {
        Some(format) => sheet.write_string_with_format(row, column, words, format)?,
        None => sheet.write_string(row, column, words)?,
    };
    Ok(bytes)
}

fn write_number(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    number: f64,
    format: Option<&Format>,
) -> Result<(), XlsxError> {
    match format {
        Some(format) => sheet.write_number_with_format(row, column, number, format)?,
        None => sheet.write_number(row, column, number)?,
    };
    Ok(())
}

fn write_formula(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    formula: Formula,
    format: Option<&Format>,
) -> Result<(), XlsxError> {
    match format {
        Some(format) => sheet.write_formula_with_format(row, column, formula, format)?,
        None => sheet.write_formula(row, column, formula)?,
    };
    Ok(())
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
        let mut table = Table::begin(&mut book, "Notes", COLUMNS, &Frame::of(&RunRecord::default())).unwrap();
        table.limit = 4;
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
