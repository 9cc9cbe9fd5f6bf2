//! How one sheet is read: its header, what each column holds, and what kind of row a row is.
//!
//! The plan is presumed from the beginning of the sheet by `columns`, and confirmed against every value by `tally`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::encoding::Encoding;
use super::heading::fold;
use super::values::{DateReader, DecimalMark};
use crate::field::Field;
use crate::run::Reconciliation;
use crate::source::{Row, RowFault, column_letters};

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

/// What kind of row a row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowClass {
    /// Above the header.
    Title,
    /// The header, or a repetition of it.
    Header,
    /// Nothing but white space.
    Blank,
    /// A total or sub-total.
    Total,
    /// Words at the end of a report.
    Footer,
    /// A shipment line.
    Data,
    /// A row that must not be read as a shipment line, with the reason.
    Reject(String),
}

impl RowClass {
    /// Counts a row that is not audited, and the physical lines of any row. What becomes of a line of data
    /// (audited, outside the period) is for the caller to count.
    pub fn count(&self, row: &Row<'_>, rows: &mut Reconciliation) {
        let lines = u64::from(row.physical_lines());
        rows.physical_lines += lines;
        rows.continuation_lines += lines - 1;
        rows.records += 1;
        match self {
            Self::Title => rows.title += 1,
            Self::Header => rows.header += 1,
            Self::Blank => rows.blank += 1,
            Self::Total | Self::Footer => rows.total += 1,
            Self::Reject(_) => rows.rejected += 1,
            Self::Data => {}
        }
    }
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

/// A row is looked at closely for totals and footers only when it has no more cells than this.
const FEW_CELLS: usize = 4;

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

    /// What kind of row this is.
    pub fn classify(&self, row: &Row<'_>) -> RowClass {
        match row.fault() {
            Some(RowFault::EndsInsideQuotes) => return RowClass::Reject(ends_inside_quotes(row)),
            Some(RowFault::QuoteTooLong) => return RowClass::Reject(quote_too_long(row)),
            _ => {}
        }
        let few = few_cells(row);
        if few.is_some_and(|cells| cells == 0) {
            return match row.fault() {
                Some(RowFault::BeyondLastColumn) => RowClass::Reject(
                    "the only cells of this row lie beyond the last column that is read; move them or delete them".into(),
                ),
                _ => RowClass::Blank,
            };
        }
        if row.number() < self.header_row {
            return RowClass::Title;
        }
        if row.number() == self.header_row || self.repeats_header(row) {
            return RowClass::Header;
        }
        if let Some(cells) = few
            && let Some(class) = self.class_of_few(row, cells)
        {
            return class;
        }
        if self.is_delimited()
            && self.header_row > 0
            && let Some(reason) = self.shape_fault(row)
        {
            return RowClass::Reject(reason);
        }
        RowClass::Data
    }

    fn repeats_header(&self, row: &Row<'_>) -> bool {
        let Some(first) = self.columns.first() else { return false };
        if self.header_row == 0 || row.cell(first.index).text != first.heading {
            return false;
        }
        let same = self.columns.iter().filter(|column| row.cell(column.index).text == column.heading).count();
        same * 5 >= self.columns.len() * 4 && same >= 2
    }

    fn class_of_few(&self, row: &Row<'_>, cells: usize) -> Option<RowClass> {
        let texts = || row.cells().filter(|cell| !cell.is_blank());
        if cells == 1 && texts().all(|cell| is_footer(cell.text))
            || texts().all(|cell| is_ruler(cell.text.trim()))
        {
            return Some(RowClass::Footer);
        }
        // A total names no party and no item; a line that does is never taken for one.
        let total = row.cells().position(|cell| is_total(cell.text))?;
        let says_more = self.columns.iter().any(|column| {
            column.index != total
                && matches!(column.field, Field::Party(_) | Field::Item | Field::Description | Field::Eccn)
                && !row.cell(column.index).is_blank()
        });
        (!says_more).then_some(RowClass::Total)
    }

    /// Why a record of delimited text cannot be trusted to have its values under their headings.
    fn shape_fault(&self, row: &Row<'_>) -> Option<String> {
        let (cells, expected) = (row.len(), self.header.len());
        match row.fault() {
            Some(RowFault::TextAfterQuote) if row.physical_lines() > 1 => Some(format!(
                "a quoted cell is not closed properly and runs over lines {} to {}: none of these lines was audited; \
                 close the quote",
                row.number(),
                last_line(row)
            )),
            _ if cells > expected && (expected..cells).any(|column| !row.cell(column).is_blank()) => {
                Some(format!(
                    "{cells} fields, {expected} expected: an unquoted delimiter shifts the columns; put quotes around \
                 the value that holds it"
                ))
            }
            Some(RowFault::NoLineEnd) if cells < expected => Some(format!(
                "the file ends inside this record ({cells} of {expected} fields and no line end): it was probably cut; export it again"
            )),
            _ => None,
        }
    }
}

/// How many cells hold something, when they are few; none when there are more.
fn few_cells(row: &Row<'_>) -> Option<usize> {
    let mut cells = 0;
    for cell in row.cells() {
        // Most cells begin with something to see.
        if cell.text.as_bytes().first().is_some_and(u8::is_ascii_graphic) || !cell.is_blank() {
            cells += 1;
            if cells > FEW_CELLS {
                return None;
            }
        }
    }
    Some(cells)
}

fn last_line(row: &Row<'_>) -> u32 {
    row.number() + row.physical_lines() - 1
}

fn ends_inside_quotes(row: &Row<'_>) -> String {
    let lines = if row.physical_lines() == 1 {
        format!("line {}", row.number())
    } else {
        format!("lines {} to {}", row.number(), last_line(row))
    };
    format!(
        "the file ends inside a quoted cell that begins here: {lines} not audited; close the quote, or export again"
    )
}

fn quote_too_long(row: &Row<'_>) -> String {
    format!("a quoted cell that begins on line {} is not closed; close the quote", row.number())
}

struct RowWords {
    totals: Vec<String>,
    footers: Vec<String>,
}

static ROW_WORDS: LazyLock<RowWords> = LazyLock::new(|| {
    let mut words = RowWords { totals: Vec::new(), footers: Vec::new() };
    let table = include_str!("../../data/row_words.csv");
    for record in csv::Reader::from_reader(table.as_bytes()).records().flatten() {
        let word = fold(&record[1]);
        if &record[0] == "total" { words.totals.push(word) } else { words.footers.push(word) }
    }
    words
});

/// `Total`, `Grand total:`, `INV-001 Total`.
fn is_total(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.len() > 60 {
        return false;
    }
    let whole = fold(text);
    let last = text.rsplit(' ').next().map(fold).filter(|_| text.contains(' '));
    ROW_WORDS.totals.iter().any(|word| *word == whole || last.as_ref() == Some(word))
}

/// A line drawn with characters: `-----`, `=====`, `|---|`.
fn is_ruler(text: &str) -> bool {
    text.len() >= 3 && text.bytes().all(|byte| matches!(byte, b'-' | b'=' | b'_' | b'*' | b'+' | b'|' | b' '))
}

/// `*** End of report ***`, `Page 3`, `120 rows selected`.
fn is_footer(text: &str) -> bool {
    let text = text.trim();
    if text.len() > 120 {
        return false;
    }
    // The mark that ended files in DOS, and lines drawn across a printed list.
    if text == "\u{1a}" || is_ruler(text) {
        return true;
    }
    let folded = fold(text);
    ROW_WORDS.footers.iter().any(|word| {
        if word == "page" {
            folded.strip_prefix("page").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        } else {
            folded.starts_with(word.as_str()) || folded.ends_with(word.as_str())
        }
    })
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

    #[test]
    fn totals_and_footers_are_words_of_their_own() {
        for text in ["Total", "TOTAL:", "Grand Total", "INV-001 Total", "Summe", "Sub-total"] {
            assert!(is_total(text), "{text}");
        }
        for text in ["Total station, theodolite", "Totalenergies SE", "", "Summer tires"] {
            assert!(!is_total(text), "{text}");
        }
        for text in ["*** End of report ***", "Page 3 of 7", "120 rows selected.", "\u{1a}", "-----", "= = ="]
        {
            assert!(is_footer(text), "{text}");
        }
        assert!(!is_footer("Pagel Maschinenbau GmbH") && !is_footer("--"));
    }
}
