//! How one sheet is read: its header, and what each column holds. What kind of row a row is, `row_class` says by it.
//!
//! The plan is presumed from the beginning of the sheet by `columns`, and confirmed against every value by `tally`.

use std::collections::BTreeMap;

use super::encoding::Encoding;
use super::values::{DateReader, DecimalMark};
use crate::field::Field;
use crate::run::Reconciliation;
use crate::source::{Row, column_letters};

/// Where the meaning of a column came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MappingSource {
    /// The heading alone.
    Heading,
    /// The heading left a choice that the values settled.
    Values,
    /// The user's mapping file.
    User,
}

impl MappingSource {
    /// The word the report prints.
    pub fn name(self) -> &'static str {
        match self {
            Self::Heading => "heading",
            Self::Values => "heading and values",
            Self::User => "columns file",
        }
    }
}

/// A column and the field it feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundColumn {
    /// The column, counted from 0.
    pub index: usize,
    /// The heading as written; empty in a sheet without a header.
    pub heading: String,
    /// The field.
    pub field: Field,
    /// Where the mapping came from.
    pub source: MappingSource,
}

impl BoundColumn {
    /// The column's letters, `H`.
    pub fn letters(&self) -> String {
        column_letters(self.index as u32)
    }
}

/// A column that feeds no field, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusedColumn {
    /// The column, counted from 0.
    pub index: usize,
    /// The heading as written.
    pub heading: String,
    /// Why it is not used.
    pub why: String,
}

/// A date column and how it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateColumn {
    /// The column, counted from 0.
    pub index: usize,
    /// How its dates are read.
    pub reader: DateReader,
    /// Whether the order was given by the user, and is not to be refuted by values.
    pub given: bool,
}

/// A number column and its decimal mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberColumn {
    /// The column, counted from 0.
    pub index: usize,
    /// The mark before the decimals.
    pub mark: DecimalMark,
}

/// The text of a rejected row: its cells joined by tabs, cut at 4,000 characters.
pub fn raw_text(row: &Row<'_>) -> String {
    const LONGEST: usize = 4_000;
    let mut raw = String::new();
    for (column, cell) in row.cells().enumerate() {
        if column > 0 {
            raw.push('\t');
        }
        raw.push_str(cell.text);
        // Four bytes are the most a character takes.
        if raw.len() > LONGEST * 4 {
            break;
        }
    }
    if let Some((end, _)) = raw.char_indices().nth(LONGEST) {
        raw.truncate(end);
    }
    raw
}

/// What to say of a sheet that is full to a limit of the program or report that wrote it: it was probably cut.
pub fn row_limit_remark(rows: &Reconciliation) -> Option<String> {
    let lines = rows.audited + rows.outside_period + rows.rejected;
    let limit = match (rows.physical_lines, lines) {
        (16_384, _) => "the row limit of Excel 5 to 95",
        (65_536, _) => "the row limit of .xls workbooks",
        (1_048_576, _) if rows.blank < lines => "the row limit of .xlsx workbooks",
        // What reports and downloads stop at.
        (
            _,
            1_000 | 2_000 | 5_000 | 10_000 | 20_000 | 25_000 | 50_000 | 65_000 | 100_000 | 200_000 | 500_000
            | 1_000_000,
        ) => {
            return Some(format!(
                "the sheet holds exactly {} lines, a number at which reports and downloads stop: compare the number of lines with the source, the export may have been cut",
                crate::count::count(lines)
            ));
        }
        _ => return None,
    };
    Some(format!(
        "the sheet has exactly {} rows, {limit}: compare the number of lines with the source, the export was probably cut",
        crate::count::count(rows.physical_lines)
    ))
}

/// How one sheet is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetPlan {
    /// The header's physical row; 0 where the sheet has none and the user mapped columns by number.
    pub header_row: u32,
    /// The columns that feed a field, in column order.
    pub columns: Vec<BoundColumn>,
    /// The columns that feed none, in column order.
    pub unused: Vec<UnusedColumn>,
    /// Values given by the user for the whole sheet.
    pub fixed: BTreeMap<Field, String>,
    /// The date columns.
    pub dates: Vec<DateColumn>,
    /// The number columns.
    pub numbers: Vec<NumberColumn>,
    /// What was said while the plan was made.
    pub remarks: Vec<String>,
    pub(crate) encoding: Option<Encoding>,
    pub(crate) encoding_how: String,
    pub(crate) delimiter: Option<u8>,
    pub(crate) delimiter_how: String,
    pub(crate) header: Vec<String>,
    pub(crate) by_field: BTreeMap<Field, Vec<usize>>,
    pub(crate) restarted: bool,
}

impl SheetPlan {
    /// A plan for rows whose cells are given by field, in this order and without a header, as rule examples are.
    pub fn of_fields(fields: &[(Field, String)]) -> Self {
        let mut by_field: BTreeMap<Field, Vec<usize>> = BTreeMap::new();
        for (index, (field, _)) in fields.iter().enumerate() {
            by_field.entry(*field).or_default().push(index);
        }
        let of_kind = |test: fn(Field) -> bool| {
            fields.iter().enumerate().filter(move |(_, (field, _))| test(*field)).map(|(index, _)| index)
        };
        Self {
            header_row: 0,
            columns: fields
                .iter()
                .enumerate()
                .map(|(index, (field, heading))| BoundColumn {
                    index,
                    heading: heading.clone(),
                    field: *field,
                    source: MappingSource::User,
                })
                .collect(),
            unused: Vec::new(),
            fixed: BTreeMap::new(),
            dates: of_kind(|field| matches!(field, Field::Date(_)))
                .map(|index| DateColumn { index, reader: DateReader::default(), given: true })
                .collect(),
            numbers: of_kind(|field| matches!(field, Field::Quantity | Field::UnitPrice | Field::Value))
                .map(|index| NumberColumn { index, mark: DecimalMark::Point })
                .collect(),
            remarks: Vec::new(),
            encoding: None,
            encoding_how: String::new(),
            delimiter: None,
            delimiter_how: String::new(),
            header: Vec::new(),
            by_field,
            restarted: false,
        }
    }

    /// The only column of this field, or the first of several.
    pub fn column_of(&self, field: Field) -> Option<usize> {
        self.columns_of(field).first().copied()
    }

    /// Every column of this field, in column order.
    pub fn columns_of(&self, field: Field) -> &[usize] {
        self.by_field.get(&field).map_or(&[], Vec::as_slice)
    }

    /// How dates of this column are read.
    pub fn date_reader(&self, column: usize) -> DateReader {
        self.dates
            .iter()
            .find(|date| date.index == column)
            .map_or_else(DateReader::default, |date| date.reader)
    }

    /// The decimal mark of this column.
    pub fn decimal_mark(&self, column: usize) -> DecimalMark {
        self.numbers
            .iter()
            .find(|number| number.index == column)
            .map_or(DecimalMark::Undecided, |number| number.mark)
    }

    /// Whether the sheet is delimited text.
    pub fn is_delimited(&self) -> bool {
        self.delimiter.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_text_is_cut_between_characters() {
        let mut batch = crate::source::Batch::default();
        batch.begin_row(1, 1, false);
        batch.push_cell(crate::source::CellKind::Text, "a");
        batch.push_cell(crate::source::CellKind::Text, &"ß".repeat(5_000));
        let raw = raw_text(&batch.row(0));
        assert!(raw.starts_with("a\tß") && raw.chars().count() == 4_000);
        let remark = |physical_lines, audited| {
            row_limit_remark(&Reconciliation { physical_lines, audited, ..Reconciliation::default() })
        };
        assert!(remark(65_536, 65_535).is_some() && remark(65_535, 65_534).is_none());
        assert!(remark(5_004, 5_000).is_some() && remark(5_004, 4_998).is_none());
    }
}
