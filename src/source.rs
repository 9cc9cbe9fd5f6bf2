//! Where a value came from: rows of a spreadsheet as they stood in the file, and the address of each cell.
//!
//! Owns the raw form that every reader produces and nothing interprets. What a column means is decided in
//! `ingest`; what a value means in `shipment`.

use std::fmt;

/// What kind of cell the file holds. Text that looks like a number is still [`CellKind::Text`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum CellKind {
    /// The cell is there, or the row reaches this far, and it holds nothing.
    Empty,
    /// Text, as written.
    Text,
    /// A number cell of a workbook; the text is its shortest exact decimal form.
    Number,
    /// A date cell of a workbook; the text is ISO, `2024-12-26` or `2024-12-26T10:00:00`.
    Date,
    /// A true/false cell; the text is `TRUE` or `FALSE`.
    Bool,
    /// An error cell; the text is what the program shows, `#N/A` say.
    Error,
    /// A formula whose result was not stored; the text is empty.
    FormulaWithoutValue,
    /// The value of the top left cell of a merge this cell lies in.
    FromMerge,
    /// The record ended before this column.
    Missing,
}

impl CellKind {
    /// All kinds, each at the place of its number.
    const ALL: [Self; 9] = [
        Self::Empty,
        Self::Text,
        Self::Number,
        Self::Date,
        Self::Bool,
        Self::Error,
        Self::FormulaWithoutValue,
        Self::FromMerge,
        Self::Missing,
    ];
}

/// What the reader saw amiss with a row as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowFault {
    /// The file ends inside a quoted cell that began in this record.
    EndsInsideQuotes,
    /// A quoted cell that began in this record is not closed within the length any cell can have.
    QuoteTooLong,
    /// A quoted cell is followed by more text before the next delimiter: a quote is missing or not doubled.
    TextAfterQuote,
    /// The file ends here without a line end.
    NoLineEnd,
    /// Cells beyond the last column that is read were left out.
    BeyondLastColumn,
}

/// Whole rows of one sheet: one text arena, where each cell stands in it, a kind a cell, and where each row began.
///
/// About 1 MiB of text. Everything later borrows from it; only a finding owns its strings. Delimited text is its own
/// arena, its delimiters among the cells, so that reading it copies nothing.
#[derive(Debug, Default, Clone)]
pub struct Batch {
    text: String,
    spans: Vec<Span>,
    rows: Vec<RowHead>,
}

/// Where the text of a cell stands in the arena, and its kind: the kind in the four highest bits beside the length,
/// as there are a hundred million of them in a day's work.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: u32,
    kind_and_length: u32,
}

impl Span {
    const LENGTH_BITS: u32 = 28;

    /// Texts longer than 2^28 bytes do not come this far: readers refuse cells long before.
    #[inline]
    fn new(kind: CellKind, text: std::ops::Range<usize>) -> Self {
        let length = (text.len() as u32).min((1 << Self::LENGTH_BITS) - 1);
        Self { start: text.start as u32, kind_and_length: (kind as u32) << Self::LENGTH_BITS | length }
    }

    /// A cell of text, or an empty one; without a branch, so that several are made at once.
    #[inline]
    fn of_text(start: u32, stop: u32) -> Self {
        let length = (stop - start).min((1 << Self::LENGTH_BITS) - 1);
        let kind = if length == 0 { CellKind::Empty } else { CellKind::Text };
        Self { start, kind_and_length: (kind as u32) << Self::LENGTH_BITS | length }
    }

    #[inline]
    fn kind(self) -> CellKind {
        CellKind::ALL[((self.kind_and_length >> Self::LENGTH_BITS) as usize).min(CellKind::ALL.len() - 1)]
    }

    #[inline]
    fn range(self) -> std::ops::Range<usize> {
        let start = self.start as usize;
        start..start + (self.kind_and_length & ((1 << Self::LENGTH_BITS) - 1)) as usize
    }
}

#[derive(Debug, Clone, Copy)]
struct RowHead {
    number: u32,
    first_cell: u32,
    physical_lines: u32,
    hidden: bool,
    fault: Option<RowFault>,
}

impl Batch {
    /// An empty batch, with room for about `bytes` of text.
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            spans: Vec::with_capacity(bytes / 12),
            rows: Vec::with_capacity(bytes / 200),
        }
    }

    /// An empty batch for about `bytes` of text that is set as a whole later.
    pub(crate) fn for_text_of(bytes: usize) -> Self {
        Self {
            text: String::new(),
            spans: Vec::with_capacity(bytes / 8),
            rows: Vec::with_capacity(bytes / 200),
        }
    }

    /// Begins a row. `number` is the physical row of the sheet, or the physical line on which the record
    /// begins, counted from 1; `physical_lines` is how many lines of a text file the record takes (1 in a workbook).
    pub fn begin_row(&mut self, number: u32, physical_lines: u32, hidden: bool) {
        self.rows.push(RowHead {
            number,
            first_cell: self.spans.len() as u32,
            physical_lines,
            hidden,
            fault: None,
        });
    }

    /// Says how many physical lines the row begun last turned out to take, and what is amiss with it.
    pub fn end_row(&mut self, physical_lines: u32, fault: Option<RowFault>) {
        if let Some(head) = self.rows.last_mut() {
            head.physical_lines = physical_lines;
            head.fault = fault;
        }
    }

    /// Begins a row whose first cell has this number; its cells may have been marked before.
    #[inline]
    pub(crate) fn begin_row_at(&mut self, number: u32, first_cell: u32) {
        self.rows.push(RowHead { number, first_cell, physical_lines: 1, hidden: false, fault: None });
    }

    /// How many cells there are.
    pub(crate) fn cell_count(&self) -> u32 {
        self.spans.len() as u32
    }

    /// Adds the next cell of the row begun last, with its place in the text given to [`Self::set_text`].
    #[inline]
    pub(crate) fn mark_cell(&mut self, kind: CellKind, text: std::ops::Range<usize>) {
        self.spans.push(Span::new(kind, text));
    }

    /// Adds the next cells, of text or empty, in the same way: where each begins, and where it stops.
    #[inline]
    pub(crate) fn mark_cells(&mut self, texts: impl Iterator<Item = (u32, u32)>) {
        self.spans.extend(texts.map(|(start, stop)| Span::of_text(start, stop)));
    }

    /// Where the text of a cell stands.
    pub(crate) fn place_of(&self, cell: u32) -> std::ops::Range<usize> {
        self.spans[cell as usize].range()
    }

    /// Says that the text of a cell stands elsewhere.
    pub(crate) fn move_cell(&mut self, cell: u32, text: std::ops::Range<usize>) {
        self.spans[cell as usize] = Span::of_text(text.start as u32, text.end as u32);
    }

    /// The text in which the cells marked stand.
    pub(crate) fn set_text(&mut self, text: String) {
        self.text = text;
    }

    /// Adds the next cell of the row begun last.
    pub fn push_cell(&mut self, kind: CellKind, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.spans.push(Span::new(kind, start..self.text.len()));
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Bytes of text held.
    pub fn text_bytes(&self) -> usize {
        self.text.len()
    }

    /// The rows in file order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.rows.len()).map(|index| self.row(index))
    }

    /// The row with this index in the batch.
    #[inline]
    pub fn row(&self, index: usize) -> Row<'_> {
        let head = self.rows[index];
        let first = head.first_cell as usize;
        let last = self.rows.get(index + 1).map_or(self.spans.len(), |next| next.first_cell as usize);
        Row { text: &self.text, spans: &self.spans[first..last], head }
    }
}

/// One row as it stood in the file.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    text: &'a str,
    spans: &'a [Span],
    head: RowHead,
}

impl<'a> Row<'a> {
    /// The physical row of the sheet, or line of the text file on which it begins, counted from 1.
    #[inline]
    pub fn number(&self) -> u32 {
        self.head.number
    }

    /// How many physical lines of the text file the record takes.
    #[inline]
    pub fn physical_lines(&self) -> u32 {
        self.head.physical_lines
    }

    /// Whether the sheet hides this row.
    #[inline]
    pub fn is_hidden(&self) -> bool {
        self.head.hidden
    }

    /// What is amiss with the row as a whole, if anything.
    #[inline]
    pub fn fault(&self) -> Option<RowFault> {
        self.head.fault
    }

    /// How many cells the row has.
    #[inline]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether the row has no cell at all.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell in this column (from 0); [`CellKind::Missing`] where the row ends before it.
    #[inline]
    pub fn cell(&self, column: usize) -> Cell<'a> {
        match self.spans.get(column) {
            Some(span) => Cell { kind: span.kind(), text: &self.text[span.range()] },
            None => Cell { kind: CellKind::Missing, text: "" },
        }
    }

    /// The cell in this column as bytes, which are quicker to come by than text: their ends are not looked at.
    #[inline]
    pub fn bytes(&self, column: usize) -> (CellKind, &'a [u8]) {
        match self.spans.get(column) {
            Some(span) => (span.kind(), &self.text.as_bytes()[span.range()]),
            None => (CellKind::Missing, &[]),
        }
    }

    /// All bytes from one column's cell to another's, with a number that speaks of the kinds of the cells and of where each
    /// stands in them: rows for which both are the same have the same cells there. None where the row ends before, or a
    /// cell stands elsewhere. `seed` goes into the number.
    #[inline]
    pub fn stretch(&self, columns: std::ops::RangeInclusive<usize>, seed: u64) -> Option<(&'a [u8], u64)> {
        // An odd number whose bits are spread well: the fraction of the golden ratio.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let spans = self.spans.get(columns)?;
        let start = spans.first()?.start;
        let (mut end, mut shape) = (start, seed);
        for span in spans {
            let gap = span.start.checked_sub(end)?;
            shape = shape.wrapping_mul(SPREAD) ^ (u64::from(gap) << 32 | u64::from(span.kind_and_length));
            end = span.range().end as u32;
        }
        Some((&self.text.as_bytes()[start as usize..end as usize], shape))
    }

    /// Whether the first cells, so many of them, all begin with a graphic character of ASCII.
    #[inline]
    pub(crate) fn begins_with_filled(&self, cells: usize) -> bool {
        let text = self.text.as_bytes();
        let is_filled = |span: &Span| {
            !span.range().is_empty() && text.get(span.start as usize).is_some_and(u8::is_ascii_graphic)
        };
        self.spans.get(..cells).is_some_and(|first| first.iter().all(is_filled))
    }

    /// The cells in column order.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'a>> + use<'a> {
        let row = *self;
        (0..row.len()).map(move |column| row.cell(column))
    }

    /// Whether no cell holds anything but white space.
    pub fn is_blank(&self) -> bool {
        self.cells().all(|cell| cell.is_blank())
    }
}

/// One cell: its kind and its text, exactly as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell<'a> {
    /// What the file says it is.
    pub kind: CellKind,
    /// The text, never trimmed.
    pub text: &'a str,
}

impl Cell<'_> {
    /// Whether the cell holds nothing but white space. An error cell or a formula without a value is not blank.
    #[inline]
    pub fn is_blank(&self) -> bool {
        match self.kind {
            CellKind::Empty | CellKind::Missing => true,
            CellKind::Error | CellKind::FormulaWithoutValue => false,
            // Most texts begin with something to see.
            _ => {
                !self.text.as_bytes().first().is_some_and(u8::is_ascii_graphic) && self.text.trim().is_empty()
            }
        }
    }
}

/// The text without white space around it. Nearly every cell has none, which two bytes tell.
#[inline]
pub fn trimmed(text: &str) -> &str {
    if has_bare_ends(text.as_bytes()) { text } else { text.trim() }
}

/// The same of bytes; such as are no text stay as they are.
#[inline]
pub fn trimmed_bytes(bytes: &[u8]) -> &[u8] {
    if has_bare_ends(bytes) {
        return bytes;
    }
    std::str::from_utf8(bytes).map_or(bytes, |text| text.trim().as_bytes())
}

/// Whether the text begins and ends with something to see, or is empty.
#[inline]
fn has_bare_ends(bytes: &[u8]) -> bool {
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) => first.is_ascii_graphic() && last.is_ascii_graphic(),
        _ => true,
    }
}

/// The address of a cell within a sheet, as a spreadsheet program writes it: `H214`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRef {
    /// The physical row, counted from 1.
    pub row: u32,
    /// The column, counted from 0.
    pub column: u32,
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.column), self.row)
    }
}

/// The letters of a column counted from 0: 0 is `A`, 26 is `AA`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    loop {
        letters.push(char::from(b'A' + (rest % 26) as u8));
        if rest < 26 {
            break;
        }
        rest = rest / 26 - 1;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_know_their_row_and_kind() {
        let mut batch = Batch::default();
        batch.begin_row(7, 1, false);
        batch.push_cell(CellKind::Text, "PK");
        batch.push_cell(CellKind::Number, "30");
        batch.begin_row(9, 2, true);
        batch.push_cell(CellKind::Empty, "");
        assert_eq!(batch.len(), 2);
        let first = batch.row(0);
        assert_eq!((first.number(), first.len(), first.is_hidden()), (7, 2, false));
        assert_eq!(first.cell(1), Cell { kind: CellKind::Number, text: "30" });
        assert_eq!(first.cell(2).kind, CellKind::Missing);
        assert!(batch.row(1).is_blank());
        assert_eq!(CellKind::ALL.map(|kind| kind as usize), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(batch.row(1).physical_lines(), 2);
    }

    #[test]
    fn column_letters_follow_the_spreadsheet() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
        {
            assert_eq!(column_letters(column), letters);
        }
        assert_eq!(CellRef { row: 214, column: 7 }.to_string(), "H214");
    }
}
