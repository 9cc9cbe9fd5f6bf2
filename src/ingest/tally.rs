//! What every value of a sheet says about the presumptions it is read under, and whether they hold.
//!
//! Tallies of chunks are merged in any order with the same result.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::encoding::{Encoding, not_utf8};
use super::plan::{DateColumn, SheetPlan};
use super::row_class::RowClass;
use super::values::{DateOrder, DateShape, DecimalMark, NumberShape, Separator};
use crate::field::Field;
use crate::source::{CellKind, Row, RowFault};

/// How many row numbers a remark names.
const NAMED_ROWS: usize = 5;

/// A count of rows, and the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SomeRows {
    pub(crate) count: u64,
    first: BTreeSet<u32>,
}

impl SomeRows {
    /// Counts a row: kept apart from the look at every cell, as few rows come here.
    #[inline(never)]
    fn add(&mut self, row: u32) {
        self.count += 1;
        if self.first.len() < NAMED_ROWS || self.first.last().is_some_and(|last| row < *last) {
            self.first.insert(row);
            self.first.truncate_to(NAMED_ROWS);
        }
    }

    fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.first.extend(other.first);
        self.first.truncate_to(NAMED_ROWS);
    }

    /// `12 rows (4, 8, 15, ...)`.
    pub(crate) fn in_words(&self) -> String {
        let rows: Vec<String> = self.first.iter().map(u32::to_string).collect();
        let more = if self.count > rows.len() as u64 { ", ..." } else { "" };
        let noun = if self.count == 1 { "row" } else { "rows" };
        format!("{} {noun} ({}{more})", self.count, rows.join(", "))
    }
}

trait Truncate {
    fn truncate_to(&mut self, len: usize);
}

impl Truncate for BTreeSet<u32> {
    fn truncate_to(&mut self, len: usize) {
        while self.len() > len {
            self.pop_last();
        }
    }
}

/// Counts of the forms of dates with one separator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OrderTally {
    pub(crate) day_first: SomeRows,
    pub(crate) month_first: SomeRows,
    pub(crate) either: u64,
}

impl OrderTally {
    /// The order these values speak for. Where none speaks, points stand for the day first.
    fn order(&self, separator: Separator) -> DateOrder {
        match (self.day_first.count, self.month_first.count) {
            (0, 0) if self.either > 0 && separator == Separator::Point => DateOrder::DayFirst,
            (0, 0) => DateOrder::Undecided,
            (_, 0) => DateOrder::DayFirst,
            (0, _) => DateOrder::MonthFirst,
            _ => DateOrder::Undecided,
        }
    }

    /// How many dates have this separator.
    pub(crate) fn count(&self) -> u64 {
        self.day_first.count + self.month_first.count + self.either
    }
}

/// Counts of the forms in one date column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DateTally {
    /// For each of [`Separator::ALL`].
    pub(crate) by_separator: [OrderTally; 3],
    pub(crate) serial: u64,
}

impl DateTally {
    fn see(&mut self, shape: DateShape, row: u32) {
        match shape {
            DateShape::DayFirst(separator) => self.by_separator[separator as usize].day_first.add(row),
            DateShape::MonthFirst(separator) => self.by_separator[separator as usize].month_first.add(row),
            DateShape::Either(separator) => self.by_separator[separator as usize].either += 1,
            DateShape::Serial => self.serial += 1,
            DateShape::Settled | DateShape::None => {}
        }
    }

    fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.by_separator.iter_mut().zip(other.by_separator) {
            mine.day_first.merge(theirs.day_first);
            mine.month_first.merge(theirs.month_first);
            mine.either += theirs.either;
        }
        self.serial += other.serial;
    }

    /// The orders these values speak for.
    pub(crate) fn orders(&self) -> [DateOrder; 3] {
        Separator::ALL.map(|separator| self.by_separator[separator as usize].order(separator))
    }
}

/// Counts of the forms in one number column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NumberTally {
    pub(crate) point: u64,
    pub(crate) comma: u64,
    pub(crate) either: SomeRows,
}

impl NumberTally {
    fn see(&mut self, shape: NumberShape, row: u32) {
        match shape {
            NumberShape::Point => self.point += 1,
            NumberShape::Comma => self.comma += 1,
            NumberShape::Either => self.either.add(row),
            NumberShape::Plain => {}
        }
    }

    /// The mark these values speak for.
    pub(crate) fn mark(&self) -> DecimalMark {
        match (self.point, self.comma) {
            (0, 0) => DecimalMark::Undecided,
            (_, 0) => DecimalMark::Point,
            (0, _) => DecimalMark::Comma,
            _ => DecimalMark::Undecided,
        }
    }
}

/// What the values of some rows say about how the sheet is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValueTally {
    pub(crate) dates: Vec<DateTally>,
    pub(crate) numbers: Vec<NumberTally>,
    /// The first line that is not in the presumed encoding.
    pub(crate) bad_line: Option<u32>,
    /// Chunks with such a line, and chunks with characters beyond ASCII.
    pub(crate) bad_chunks: u64,
    pub(crate) wide_chunks: u64,
    /// Characters that could not be decoded.
    pub(crate) replaced: u64,
    pub(crate) nul: SomeRows,
    pub(crate) short: SomeRows,
    pub(crate) hidden: SomeRows,
    pub(crate) text_after_quote: SomeRows,
    pub(crate) beyond_columns: SomeRows,
    pub(crate) beyond_header: SomeRows,
    pub(crate) formulas_without_value: SomeRows,
    /// The column of tariff codes, and its codes that a spreadsheet program has damaged.
    tariff: Option<usize>,
    pub(crate) tariff_scientific: SomeRows,
    pub(crate) tariff_nine_digits: SomeRows,
    /// Lines of a quantity or a value below zero, and lines of no value.
    pub(crate) below_zero: SomeRows,
    pub(crate) of_no_value: SomeRows,
    /// Rows that are no lines, by what they are.
    pub(crate) titles: SomeRows,
    pub(crate) repeated_headers: SomeRows,
    pub(crate) totals: SomeRows,
    pub(crate) footers: SomeRows,
    pub(crate) blanks: SomeRows,
}

impl ValueTally {
    /// Counts what a data row says. Rows of other kinds are not shown to it.
    pub fn see(&mut self, plan: &SheetPlan, row: &Row<'_>) {
        for (column, tally) in plan.dates.iter().zip(&mut self.dates) {
            tally.see(DateShape::of(row.cell(column.index)), row.number());
        }
        for (column, tally) in plan.numbers.iter().zip(&mut self.numbers) {
            tally.see(NumberShape::of(row.cell(column.index)), row.number());
        }
        if let Some(column) = self.tariff {
            let text = row.cell(column).text;
            // Codes of ten digits, the usual ones, are whole.
            if text.len() != 10 {
                self.see_tariff(text, row.number());
            }
        }
        let (cells, expected) = (row.len(), plan.header.len());
        if cells < expected && plan.is_delimited() {
            self.short.add(row.number());
        }
        if cells > expected && expected > 0 && (expected..cells).any(|column| !row.cell(column).is_blank()) {
            self.beyond_header.add(row.number());
        }
        if row.is_hidden() {
            self.hidden.add(row.number());
        }
        match row.fault() {
            Some(RowFault::TextAfterQuote) => self.text_after_quote.add(row.number()),
            Some(RowFault::BeyondLastColumn) => self.beyond_columns.add(row.number()),
            _ => {}
        }
        if !plan.is_delimited()
            && plan.columns.iter().any(|column| row.cell(column.index).kind == CellKind::FormulaWithoutValue)
        {
            self.formulas_without_value.add(row.number());
        }
    }

    /// Looks for `8.48E+09`, and for nine digits where a leading zero is lost.
    #[inline(never)]
    fn see_tariff(&mut self, text: &str, row: u32) {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        match text.split_once(['E', 'e']) {
            Some((mantissa, exponent)) => {
                let exponent = exponent.trim_start_matches(['+', '-']);
                let is_number =
                    |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
                if is_number(mantissa.trim()) && is_number(exponent.trim()) {
                    self.tariff_scientific.add(row);
                }
            }
            None if digits == 9 && text.trim().len() == 9 => self.tariff_nine_digits.add(row),
            None => {}
        }
    }

    /// Counts a row that is no line of data.
    pub fn see_other(&mut self, plan: &SheetPlan, class: &RowClass, row: u32) {
        match class {
            RowClass::Title => self.titles.add(row),
            RowClass::Header if row != plan.header_row => self.repeated_headers.add(row),
            RowClass::Total => self.totals.add(row),
            RowClass::Footer => self.footers.add(row),
            RowClass::Blank => self.blanks.add(row),
            RowClass::Header | RowClass::Data | RowClass::Reject(_) => {}
        }
    }

    /// Lines on which text follows a closing quote, and the first of them in words.
    pub(crate) fn ran_together(&self) -> Option<(u64, String)> {
        let rows = &self.text_after_quote;
        (rows.count > 0).then(|| (rows.count, rows.in_words()))
    }

    /// Counts what the quantity and the value of a line say, where they could be read.
    #[inline]
    pub fn see_amounts(&mut self, quantity: Option<Decimal>, value: Option<Decimal>, row: u32) {
        let below_zero = |amount: Decimal| amount.is_sign_negative() && !amount.is_zero();
        if quantity.is_some_and(below_zero) || value.is_some_and(below_zero) {
            self.below_zero.add(row);
        }
        if value.is_some_and(|value| value.is_zero()) {
            self.of_no_value.add(row);
        }
    }

    /// Counts a row in which a NUL character stands.
    pub(crate) fn see_nul(&mut self, row: u32) {
        self.nul.add(row);
    }

    /// Adds the tally of other rows of the same sheet under the same plan.
    pub fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.dates.iter_mut().zip(other.dates) {
            mine.merge(theirs);
        }
        for (mine, theirs) in self.numbers.iter_mut().zip(other.numbers) {
            mine.point += theirs.point;
            mine.comma += theirs.comma;
            mine.either.merge(theirs.either);
        }
        self.bad_line = match (self.bad_line, other.bad_line) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.bad_chunks += other.bad_chunks;
        self.wide_chunks += other.wide_chunks;
        self.replaced += other.replaced;
        self.nul.merge(other.nul);
        self.short.merge(other.short);
        self.hidden.merge(other.hidden);
        self.text_after_quote.merge(other.text_after_quote);
        self.beyond_columns.merge(other.beyond_columns);
        self.beyond_header.merge(other.beyond_header);
        self.formulas_without_value.merge(other.formulas_without_value);
        self.tariff_scientific.merge(other.tariff_scientific);
        self.tariff_nine_digits.merge(other.tariff_nine_digits);
        self.below_zero.merge(other.below_zero);
        self.of_no_value.merge(other.of_no_value);
        self.titles.merge(other.titles);
        self.repeated_headers.merge(other.repeated_headers);
        self.totals.merge(other.totals);
        self.footers.merge(other.footers);
        self.blanks.merge(other.blanks);
    }
}

/// Whether the values of a whole sheet bear out how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmed {
    /// They do.
    Yes,
    /// They do not: what the sheet gave is void, and it is to be read once more by this plan.
    Refuted(Box<SheetPlan>),
}

impl SheetPlan {
    /// An empty tally for chunks of this sheet.
    pub fn new_tally(&self) -> ValueTally {
        ValueTally {
            dates: vec![DateTally::default(); self.dates.len()],
            numbers: vec![NumberTally::default(); self.numbers.len()],
            tariff: self.column_of(Field::ScheduleB),
            ..ValueTally::default()
        }
    }

    /// Compares the plan with what every value said. A plan that comes of a refutation is not refuted again.
    pub fn confirm(&self, tally: &ValueTally) -> Confirmed {
        if self.restarted {
            return Confirmed::Yes;
        }
        let mut plan = self.clone();
        if let Some(line) = tally.bad_line {
            // Characters beyond ASCII that were valid UTF-8 all along speak for a few damaged bytes in UTF-8.
            let known = self.encoding_how.starts_with("presumed");
            if self.encoding == Some(Encoding::Utf8) && !known && tally.bad_chunks * 2 >= tally.wide_chunks {
                plan.encoding = Some(Encoding::Windows1252);
                plan.encoding_how = not_utf8(line);
            }
        }
        plan.settle(tally);
        if plan == *self {
            return Confirmed::Yes;
        }
        plan.restarted = true;
        Confirmed::Refuted(Box::new(plan))
    }

    /// Sets date orders and decimal marks to what the values say.
    pub(crate) fn settle(&mut self, tally: &ValueTally) {
        for (column, tally) in self.dates.iter_mut().zip(&tally.dates) {
            let DateColumn { reader, given, .. } = column;
            if !*given {
                reader.orders = tally.orders();
            }
        }
        for (column, tally) in self.numbers.iter_mut().zip(&tally.numbers) {
            column.mark = tally.mark();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_keeps_the_first_rows_in_any_order() {
        let rows = |numbers: &[u32]| {
            let mut rows = SomeRows::default();
            for &number in numbers {
                rows.add(number);
            }
            rows
        };
        let mut ab = rows(&[9, 4]);
        ab.merge(rows(&[1, 2, 3, 7]));
        let mut ba = rows(&[1, 2, 3, 7]);
        ba.merge(rows(&[9, 4]));
        assert_eq!(ab, ba);
        assert_eq!(ab.in_words(), "6 rows (1, 2, 3, 4, 7, ...)");
    }

    #[test]
    fn dates_decide_by_all_values() {
        let mut tally = DateTally::default();
        let slash = |tally: &DateTally| tally.orders()[Separator::Slash as usize];
        tally.see(DateShape::Either(Separator::Slash), 2);
        assert_eq!(slash(&tally), DateOrder::Undecided);
        tally.see(DateShape::MonthFirst(Separator::Dash), 3);
        assert_eq!(slash(&tally), DateOrder::Undecided);
        tally.see(DateShape::DayFirst(Separator::Slash), 4);
        assert_eq!(slash(&tally), DateOrder::DayFirst);
        tally.see(DateShape::MonthFirst(Separator::Slash), 5);
        assert_eq!(slash(&tally), DateOrder::Undecided);
        tally.see(DateShape::Either(Separator::Point), 6);
        assert_eq!(tally.orders()[Separator::Point as usize], DateOrder::DayFirst);
    }
}
