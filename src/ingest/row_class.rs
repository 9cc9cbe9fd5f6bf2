//! What kind of row a row is: title, header, blank, total, footer, a line of data, or one that must not be read as such.

use std::sync::LazyLock;

use super::heading::fold;
use super::plan::{BoundColumn, SheetPlan};
use crate::field::Field;
use crate::run::Reconciliation;
use crate::source::{Row, RowFault};

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

/// A row is looked at closely for totals and footers only when it has no more cells than this.
const FEW_CELLS: usize = 4;

impl SheetPlan {
    /// What kind of row this is.
    pub fn classify(&self, row: &Row<'_>) -> RowClass {
        match row.fault() {
            Some(RowFault::EndsInsideQuotes) => return RowClass::Reject(ends_inside_quotes(row)),
            Some(RowFault::QuoteTooLong) => return RowClass::Reject(quote_too_long(row)),
            _ => {}
        }
        // Nearly every row shows at its beginning that its cells are not few.
        let few = if row.begins_with_filled(FEW_CELLS + 1) { None } else { few_cells(row) };
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

    #[inline]
    fn repeats_header(&self, row: &Row<'_>) -> bool {
        let first_repeats = |first: &BoundColumn| row.cell(first.index).text == first.heading;
        self.header_row > 0 && self.columns.first().is_some_and(first_repeats) && self.repeats_headings(row)
    }

    fn repeats_headings(&self, row: &Row<'_>) -> bool {
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
        if !cell.is_blank() {
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
    use crate::source::CellKind;

    proptest::proptest! {
        #[test]
        fn a_row_that_begins_with_filled_cells_has_more_than_few(
            texts in proptest::collection::vec("[!-~]|[!-~]a|[a-z]{3}|[0-9]+|[ a]{2}|\\PC?|\u{a0}", 0..8),
            kinds in proptest::collection::vec(proptest::bool::ANY, 8),
        ) {
            let mut batch = crate::source::Batch::default();
            batch.begin_row(1, 1, false);
            for (text, from_merge) in texts.iter().zip(kinds) {
                let kind = if from_merge { CellKind::FromMerge } else { CellKind::Text };
                batch.push_cell(if text.is_empty() { CellKind::Empty } else { kind }, text);
            }
            let row = batch.row(0);
            if row.begins_with_filled(FEW_CELLS + 1) {
                assert_eq!(few_cells(&row), None, "{texts:?}");
            }
            let begins = |cells: &[String]| cells.iter().all(|text| text.starts_with(|c: char| c.is_ascii_graphic()));
            assert_eq!(row.begins_with_filled(FEW_CELLS + 1), texts.get(..=FEW_CELLS).is_some_and(begins), "{texts:?}");
        }
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
