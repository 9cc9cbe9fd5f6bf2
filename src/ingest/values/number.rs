//! Quantities and amounts, exactly: thousands marks, either decimal mark, trailing minus, brackets, currencies around.

use rust_decimal::Decimal;

use super::digits::Eight;
use super::is_null_word;
use crate::field::Field;
use crate::source::{Cell, CellKind};

/// Which mark a column uses before its decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DecimalMark {
    /// `1,234.50`.
    Point,
    /// `1.234,50`.
    Comma,
    /// No value of the column settled it, or values contradict each other: each is read by its own shape.
    #[default]
    Undecided,
}

/// What a cell says of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberReading {
    /// This number.
    Exact(Decimal),
    /// One of two, by decimal point and by decimal comma: `1,234`.
    Ambiguous {
        /// With a decimal point.
        point: Decimal,
        /// With a decimal comma.
        comma: Decimal,
    },
    /// Not a number.
    Unreadable,
    /// Nothing, or a word for it.
    Blank,
    /// An error cell.
    ErrorCell,
    /// A formula whose result was not stored.
    FormulaWithoutValue,
}

/// What the marks of a number tell about its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberShape {
    /// Only a decimal point makes sense of it.
    Point,
    /// Only a decimal comma does.
    Comma,
    /// Either does, with different results.
    Either,
    /// No mark that could be either.
    Plain,
}

impl NumberShape {
    /// The shape of a cell's text.
    #[inline]
    pub fn of(cell: Cell<'_>) -> Self {
        if cell.kind != CellKind::Text && cell.kind != CellKind::FromMerge {
            return Self::Plain;
        }
        Plain::look(cell.text).map_or_else(|| Self::of_any(cell.text), Plain::shape)
    }

    fn of_any(text: &str) -> Self {
        if !text.bytes().any(|byte| byte == b'.' || byte == b',') {
            return Self::Plain;
        }
        Marked::read(text).map_or(Self::Plain, |marked| marked.shape())
    }
}

/// Reads a number; never through binary fractions.
#[inline]
pub fn read_number(cell: Cell<'_>, mark: DecimalMark) -> NumberReading {
    if cell.kind == CellKind::Text
        && let Some(number) = Plain::look(cell.text).and_then(Plain::number)
    {
        return NumberReading::Exact(number);
    }
    read_any(cell, mark)
}

fn read_any(cell: Cell<'_>, mark: DecimalMark) -> NumberReading {
    match cell.kind {
        CellKind::Error => return NumberReading::ErrorCell,
        CellKind::FormulaWithoutValue => return NumberReading::FormulaWithoutValue,
        CellKind::Empty | CellKind::Missing => return NumberReading::Blank,
        CellKind::Bool | CellKind::Date => return NumberReading::Unreadable,
        CellKind::Number => {
            let number = cell.text.parse().or_else(|_| Decimal::from_scientific(cell.text));
            return number.map_or(NumberReading::Unreadable, NumberReading::Exact);
        }
        CellKind::Text | CellKind::FromMerge => {}
    }
    if cell.text.trim().is_empty() || is_null_word(Field::Value, cell.text) {
        return NumberReading::Blank;
    }
    read_marked(cell.text, mark)
}

/// Reads a number in whatever dress.
fn read_marked(text: &str, mark: DecimalMark) -> NumberReading {
    let Some(marked) = Marked::read(text) else { return NumberReading::Unreadable };
    let (point, comma) = (marked.value('.', ','), marked.value(',', '.'));
    let reading = match (marked.shape(), mark) {
        (NumberShape::Plain | NumberShape::Point, _) | (NumberShape::Either, DecimalMark::Point) => point,
        (NumberShape::Comma, _) | (NumberShape::Either, DecimalMark::Comma) => comma,
        (NumberShape::Either, DecimalMark::Undecided) => {
            return match (point, comma) {
                (Some(point), Some(comma)) if point == comma => NumberReading::Exact(point),
                (Some(point), Some(comma)) => NumberReading::Ambiguous { point, comma },
                _ => NumberReading::Unreadable,
            };
        }
    };
    reading.map_or(NumberReading::Unreadable, NumberReading::Exact)
}

/// A number as nearly every system writes it, digits with at most one point, where only a decimal point makes sense of
/// it: read without taking it apart. None for everything else, `1.234` among it, which may be thousands.
struct Plain {
    /// Its last eight digits, without the point.
    last: Eight,
    /// What the digits before them stand for.
    before: u64,
    /// How many digits stand behind the point; 0 where there is none.
    decimals: u8,
    negative: bool,
}

impl Plain {
    #[inline]
    fn look(text: &str) -> Option<Self> {
        let (negative, text) = match text.as_bytes() {
            [b'-', text @ ..] => (true, text),
            text => (false, text),
        };
        if text.len() > 8 {
            return Self::look_at_long(text, negative);
        }
        let (last, decimals) = Self::without_point(text)?;
        Some(Self { last, before: 0, decimals, negative })
    }

    /// The same for nine digits and more, which few numbers have.
    #[inline(never)]
    fn look_at_long(text: &[u8], negative: bool) -> Option<Self> {
        let (last, decimals) = Self::without_point(text)?;
        let first = &text[..text.len() - 8];
        let digits = Eight::ending(first);
        if first.len() > 8 || !digits.all_digits() {
            return None;
        }
        // The last piece has one digit less where a point stood in it.
        let unit = if decimals > 0 { 10_000_000 } else { 100_000_000 };
        Some(Self { last, before: digits.value() * unit, decimals, negative })
    }

    /// The last digits of the text, without a point among them, and how many of them are decimals.
    #[inline]
    fn without_point(text: &[u8]) -> Option<(Eight, u8)> {
        let last = Eight::ending(text);
        if last.all_digits() {
            return (!text.is_empty()).then_some((last, 0));
        }
        let (last, decimals) = last.take_out(b'.')?;
        let whole = text.len() - 1 - decimals;
        let settled = whole > 0 && decimals > 0 && (decimals != 3 || whole > 3);
        settled.then_some((last, decimals as u8))
    }

    #[inline]
    fn shape(self) -> NumberShape {
        if self.decimals > 0 { NumberShape::Point } else { NumberShape::Plain }
    }

    /// The number; none for a zero below zero, which keeps its sign elsewhere.
    #[inline]
    fn number(self) -> Option<Decimal> {
        let digits = self.before + self.last.value();
        if self.negative && digits == 0 {
            return None;
        }
        let (low, middle) = (digits as u32, (digits >> 32) as u32);
        Some(Decimal::from_parts(low, middle, 0, self.negative, self.decimals.into()))
    }
}

/// The digits and marks of a number, freed of what stands around them.
struct Marked {
    body: String,
    negative: bool,
}

impl Marked {
    fn read(text: &str) -> Option<Self> {
        let mut text = text.trim();
        let mut negative = false;
        if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            negative = true;
            text = inner.trim();
        }
        let mut body = String::with_capacity(text.len());
        let mut signs = 0;
        let mut exponent = false;
        let mut letters_before = 0;
        let mut letters_after = 0;
        for c in text.chars() {
            match c {
                '.' | ',' if body.is_empty() && letters_before > 0 => {}
                '0'..='9' | '.' | ',' if letters_after == 0 => body.push(c),
                // Marks between thousands that are never decimal marks, and currency signs.
                '\'' | '\u{2019}' | '\u{a0}' | '\u{202f}' | '\u{2009}' | ' ' | '$' | '€' | '£' | '¥'
                | '₨' | '₹' => {}
                '-' | '\u{2212}' | '+' if exponent && body.ends_with('E') => {
                    body.push(if c == '+' { '+' } else { '-' });
                }
                '-' | '\u{2212}' => {
                    signs += 1;
                    negative = true;
                }
                '+' => signs += 1,
                'E' | 'e'
                    if !exponent
                        && body.ends_with(|c: char| c.is_ascii_digit())
                        && followed_by_exponent(text) =>
                {
                    exponent = true;
                    body.push('E');
                }
                c if c.is_alphabetic() => {
                    if body.is_empty() {
                        letters_before += 1;
                    } else {
                        letters_after += 1;
                    }
                }
                _ => return None,
            }
        }
        // A currency code or sign may stand on one side, `USD`, `US$`, `Rs.`; longer words make it no number.
        let plausible = signs <= 1 && letters_before <= 3 && letters_after <= 3;
        let digits = body.bytes().any(|byte| byte.is_ascii_digit());
        (plausible && digits).then_some(Self { body, negative })
    }

    fn shape(&self) -> NumberShape {
        let points = self.body.matches('.').count();
        let commas = self.body.matches(',').count();
        match (points, commas) {
            (0, 0) => NumberShape::Plain,
            (0, 1) => self.single(',', NumberShape::Comma),
            (1, 0) => self.single('.', NumberShape::Point),
            (0, _) => NumberShape::Point,
            (_, 0) => NumberShape::Comma,
            _ if self.body.rfind('.') > self.body.rfind(',') => NumberShape::Point,
            _ => NumberShape::Comma,
        }
    }

    /// The shape of a number with one mark: three digits behind it and one to three before may be thousands.
    fn single(&self, mark: char, decimal: NumberShape) -> NumberShape {
        let Some((before, after)) = self.body.split_once(mark) else { return NumberShape::Plain };
        let thousands = after.len() == 3
            && (1..=3).contains(&before.len())
            && !before.starts_with('0')
            && after.bytes().all(|byte| byte.is_ascii_digit());
        if thousands { NumberShape::Either } else { decimal }
    }

    /// The value where `decimal` stands before the decimals and `thousands` between the thousands.
    fn value(&self, decimal: char, thousands: char) -> Option<Decimal> {
        if self.body.matches(decimal).count() > 1 {
            return None;
        }
        let (whole, fraction) = self.body.split_once(decimal).unwrap_or((&self.body, ""));
        if fraction.contains(thousands) {
            return None;
        }
        let mut groups = whole.split(thousands);
        let first = groups.next()?;
        let mut digits = first.to_owned();
        for group in groups {
            // Two digits between marks are Indian lakhs; the last group has three everywhere.
            if !matches!(group.len(), 2 | 3) || first.is_empty() {
                return None;
            }
            digits.push_str(group);
        }
        if whole.contains(thousands) && whole.rsplit(thousands).next().is_some_and(|last| last.len() != 3) {
            return None;
        }
        if digits.is_empty() {
            digits.push('0');
        }
        if !fraction.is_empty() {
            digits.push('.');
            digits.push_str(fraction);
        }
        let value = if digits.contains('E') {
            Decimal::from_scientific(&digits).ok()?
        } else {
            digits.parse().ok()?
        };
        Some(if self.negative { -value } else { value })
    }
}

/// Whether the text goes on as an exponent after its only E: `8.48E+09`.
fn followed_by_exponent(text: &str) -> bool {
    let Some((_, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = exponent.trim_start_matches(['+', '-']);
    !digits.is_empty() && digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, mark: DecimalMark) -> NumberReading {
        read_number(Cell { kind: CellKind::Text, text }, mark)
    }

    /// A plain number is read as any other number is, and has its shape.
    fn plain_as_any_other(text: &str) {
        if let Some(plain) = Plain::look(text) {
            let shape = Marked::read(text).unwrap().shape();
            assert_eq!(plain.shape(), shape, "{text}");
            assert_eq!(NumberShape::of(Cell { kind: CellKind::Text, text }), shape, "{text}");
            for mark in [DecimalMark::Point, DecimalMark::Comma, DecimalMark::Undecided] {
                let in_general = read_any(Cell { kind: CellKind::Text, text }, mark);
                let NumberReading::Exact(slowly) = in_general else { panic!("{text}") };
                let NumberReading::Exact(number) = read(text, mark) else { panic!("{text}") };
                let whole = |number: Decimal| (number, number.scale(), number.is_sign_negative());
                assert_eq!(whole(number), whole(slowly), "{text}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn plain_numbers_read_as_any_other(text in "-?[0-9]{0,9}[.]?[0-9]{0,9}", other in ".", place in 0..20_usize) {
            plain_as_any_other(&text);
            let (place, mut text) = (place.min(text.len()), text);
            text.insert_str(place, &other);
            plain_as_any_other(&text);
        }
    }

    #[test]
    fn short_texts_read_as_any_other() {
        const BYTES: &[u8] = b"019.-,/: ";
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            let longer = |text: &String| {
                BYTES.iter().map(|byte| format!("{text}{}", char::from(*byte))).collect::<Vec<_>>()
            };
            texts = texts.iter().flat_map(longer).collect();
            for text in &texts {
                plain_as_any_other(text);
            }
        }
    }

    #[test]
    fn the_usual_numbers_are_plain() {
        for text in ["4", "68", "2531.25", "10125.00", "1266470.76", "-5200.00", "0.5", "1234567890123.50"] {
            assert!(Plain::look(text).is_some(), "{text}");
        }
    }

    fn exact(text: &str) -> NumberReading {
        NumberReading::Exact(text.parse().unwrap())
    }

    #[test]
    fn numbers_of_several_locales() {
        for (text, value) in [
            ("1,234.50", "1234.50"),
            ("1.234,50", "1234.50"),
            ("1 234,50", "1234.50"),
            ("1\u{a0}234,50", "1234.50"),
            ("1'234.50", "1234.50"),
            ("(123.45)", "-123.45"),
            ("123.45-", "-123.45"),
            ("-5200.00", "-5200.00"),
            ("USD 880.00", "880.00"),
            ("$880", "880"),
            ("880,00 EUR", "880.00"),
            ("US$ 1,234,567", "1234567"),
            ("Rs. 12,34,567.00", "1234567.00"),
            ("0,125", "0.125"),
            (".5", "0.5"),
            ("1.2345", "1.2345"),
            ("8.48E+09", "8480000000"),
        ] {
            assert_eq!(read(text, DecimalMark::Undecided), exact(value), "{text}");
        }
    }

    #[test]
    fn three_digits_behind_one_mark_are_ambiguous() {
        let ambiguous = |point: &str, comma: &str| NumberReading::Ambiguous {
            point: point.parse().unwrap(),
            comma: comma.parse().unwrap(),
        };
        assert_eq!(read("1,234", DecimalMark::Undecided), ambiguous("1234", "1.234"));
        assert_eq!(read("1.234", DecimalMark::Undecided), ambiguous("1.234", "1234"));
        assert_eq!(read("1.234", DecimalMark::Comma), exact("1234"));
        assert_eq!(read("1.234", DecimalMark::Point), exact("1.234"));
    }

    #[test]
    fn what_is_no_number_is_not_read_as_one() {
        for text in ["Freight Included in Commodity Cost", "12 pieces of 3", "1.2.3,4,5", "12,34", "--5"] {
            let reading = read(text, DecimalMark::Point);
            assert!(matches!(reading, NumberReading::Unreadable) || text == "12,34", "{text}: {reading:?}");
        }
        assert_eq!(read(" ", DecimalMark::Point), NumberReading::Blank);
        assert_eq!(read("N/A", DecimalMark::Point), NumberReading::Blank);
        let error = Cell { kind: CellKind::Error, text: "#N/A" };
        assert_eq!(read_number(error, DecimalMark::Point), NumberReading::ErrorCell);
    }

    #[test]
    fn number_cells_keep_every_digit() {
        let cell = Cell { kind: CellKind::Number, text: "0.1" };
        assert_eq!(read_number(cell, DecimalMark::Comma), exact("0.1"));
    }
}
