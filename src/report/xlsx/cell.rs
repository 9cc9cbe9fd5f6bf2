//! A value in a cell: a real number, day or link where the text is one, else text that is safe to show.

use rust_decimal::Decimal;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Formula, Worksheet, XlsxError};

use super::super::text;
use super::style;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Day,
    Count,
    Number,
    Amount,
    Link,
    /// Text that must not be overlooked.
    Alarm,
    /// A cell for a person to fill in.
    Entry,
    /// The same, for a day.
    EntryDay,
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
            Self::Alarm => style::alarm(),
            Self::Entry => style::entry(style::text()),
            Self::EntryDay => style::entry(style::day()),
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
            Self::Text | Self::Day | Self::Link | Self::Alarm | Self::Entry | Self::EntryDay => {
                style::heading()
            }
        }
    }
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
    /// Text of the report that runs on over the blank cells to its right.
    Line(&'a str),
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
        Value::Line(words) => {
            let format = format.cloned().unwrap_or_default().unset_text_wrap();
            return write_text(sheet, row, column, words, Some(&format));
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
