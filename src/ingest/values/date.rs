//! Dates as spreadsheets hold them: ISO, day or month first, month names, serial numbers, and what only looks like one.

use jiff::ToSpan as _;
use jiff::civil::date;

use super::digits::Eight;
use super::is_null_word;
use super::month::month_named;
use crate::effective::Date;
use crate::field::{DateKind, Field};
use crate::source::{Cell, CellKind, trimmed};

/// Years outside these are no dates of shipments.
const FIRST_YEAR: i16 = 1990;
const LAST_YEAR: i16 = 2100;

/// Whether day or month comes first in `03/08/2023`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateOrder {
    /// Day, month, year.
    DayFirst,
    /// Month, day, year.
    MonthFirst,
    /// No value of the column settled it, or values contradict each other.
    #[default]
    Undecided,
}

impl DateOrder {
    /// The words a report prints.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::DayFirst => "day first",
            Self::MonthFirst => "month first",
            Self::Undecided => "undecided",
        }
    }
}

/// What stands between the numbers of a date. A column damaged by a spreadsheet program mixes two of them, and what
/// one shows of the order says nothing about the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Separator {
    /// `03/08/2023`.
    Slash,
    /// `03.08.2023`: how day-first countries write dates.
    Point,
    /// `03-08-2023`, and anything else.
    Dash,
}

impl Separator {
    /// All, in the order in which [`DateReader::orders`] holds theirs.
    pub const ALL: [Self; 3] = [Self::Slash, Self::Point, Self::Dash];
}

/// How the dates of one column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DateReader {
    /// The order of day and month where both are numbers, for each of [`Separator::ALL`].
    pub orders: [DateOrder; 3],
    /// Whether serial numbers count from 1904.
    pub from_1904: bool,
}

impl DateReader {
    /// A reader with one order, whatever stands between the numbers.
    pub fn with_order(order: DateOrder, from_1904: bool) -> Self {
        Self { orders: [order; 3], from_1904 }
    }

    /// The order for this separator.
    pub fn order(&self, separator: Separator) -> DateOrder {
        self.orders[separator as usize]
    }
}

/// What a cell says of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateReading {
    /// This day.
    Day(Date),
    /// One of two days, by the order of day and month.
    TwoReadings {
        /// Day first.
        dmy: Date,
        /// Month first.
        mdy: Date,
    },
    /// A month and no day.
    Month(i16, i8),
    /// A filler such as 00000000 or 9999-12-31.
    Placeholder,
    /// The form of a date, and no day of the calendar or none on which anything shipped.
    Impossible,
    /// Not a date.
    Unreadable,
    /// Nothing, or a word for it.
    Blank,
    /// An error cell.
    ErrorCell,
    /// A formula whose result was not stored.
    FormulaWithoutValue,
}

/// What the form of a date tells about its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateShape {
    /// The first number can only be a day.
    DayFirst(Separator),
    /// The second number can only be a day.
    MonthFirst(Separator),
    /// Either could be the day, and it matters.
    Either(Separator),
    /// A form that needs no order: ISO, month names, equal numbers, date cells.
    Settled,
    /// A serial number.
    Serial,
    /// No date.
    None,
}

impl DateShape {
    /// The shape of a cell.
    #[inline]
    pub fn of(cell: Cell<'_>) -> Self {
        if cell.kind == CellKind::Text && iso_day(cell.text.as_bytes()).is_some() {
            return Self::Settled;
        }
        Self::of_any(cell)
    }

    fn of_any(cell: Cell<'_>) -> Self {
        match cell.kind {
            CellKind::Date => Self::Settled,
            CellKind::Number => Self::Serial,
            CellKind::Text | CellKind::FromMerge => match Form::read(trimmed(cell.text)) {
                Some(Form::Numbers { first, second, separator, .. }) => match (first > 12, second > 12) {
                    (true, false) => Self::DayFirst(separator),
                    (false, true) => Self::MonthFirst(separator),
                    (false, false) if first != second => Self::Either(separator),
                    (false, false) => Self::Settled,
                    (true, true) => Self::None,
                },
                Some(Form::Serial(_)) => Self::Serial,
                Some(_) => Self::Settled,
                None => Self::None,
            },
            _ => Self::None,
        }
    }
}

/// Reads a date.
#[inline]
pub fn read_date(cell: Cell<'_>, reader: &DateReader) -> DateReading {
    if cell.kind == CellKind::Text
        && let Some((year, month, day)) = iso_day(cell.text.as_bytes())
    {
        return day_of(year.cast_signed(), month, day);
    }
    read_any(cell, *reader)
}

fn read_any(cell: Cell<'_>, reader: DateReader) -> DateReading {
    match cell.kind {
        CellKind::Error => return DateReading::ErrorCell,
        CellKind::FormulaWithoutValue => return DateReading::FormulaWithoutValue,
        CellKind::Empty | CellKind::Missing => return DateReading::Blank,
        CellKind::Bool => return DateReading::Unreadable,
        CellKind::Date | CellKind::Number | CellKind::Text | CellKind::FromMerge => {}
    }
    let text = trimmed(cell.text);
    if text.is_empty() || is_null_word(Field::Date(DateKind::Export), text) {
        return DateReading::Blank;
    }
    match Form::read(text) {
        Some(form) => form.reading(reader),
        None if cell.kind == CellKind::Number => DateReading::Impossible,
        None => DateReading::Unreadable,
    }
}

/// The form of a date's text, before anything is decided.
enum Form {
    /// Year, month, day.
    Ymd(i32, u32, u32),
    /// Two numbers whose order is open, and a year.
    Numbers { first: u32, second: u32, year: i32, separator: Separator },
    /// Year and month.
    YearMonth(i32, u32),
    /// Days since the epoch of the workbook.
    Serial(f64),
    /// Zeros alone, or for day and month.
    Zeros,
}

impl Form {
    fn read(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() < 4 || bytes.len() > 40 {
            // A lone zero is how a spreadsheet shows an empty date.
            return (!bytes.is_empty() && bytes.iter().all(|&byte| byte == b'0')).then_some(Self::Zeros);
        }
        // The commonest form first: 2024-12-26, with or without a time behind it.
        if bytes.len() >= 10
            && bytes[4] == b'-'
            && bytes[7] == b'-'
            && bytes.get(10).is_none_or(|&b| b == b'T' || b == b' ')
        {
            let (year, month, day) = iso_day(&bytes[..10])?;
            return Some(Self::Ymd(year.cast_signed(), month, day));
        }
        let day_part = without_time(text);
        if day_part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::from_digits(day_part);
        }
        if let Some((whole, fraction)) = text.split_once(['.', ','])
            && !whole.is_empty()
            && whole.len() == 5
            && all_digits(whole)
            && all_digits(fraction)
        {
            return text.replace(',', ".").parse().ok().map(Self::Serial);
        }
        let mut parts: [&str; 4] = [""; 4];
        let mut count = 0;
        for part in day_part
            .split(['/', '.', '-', ' ', ',', '\u{a0}', '\'', '\u{2019}'])
            .filter(|part| !part.is_empty() && *part != "de")
        {
            if count == 4 {
                return None;
            }
            parts[count] = part;
            count += 1;
        }
        let separator = if day_part.contains('/') {
            Separator::Slash
        } else if day_part.contains('.') {
            Separator::Point
        } else {
            Separator::Dash
        };
        Self::from_parts(&parts[..count], separator)
    }

    fn from_digits(text: &str) -> Option<Self> {
        if text.bytes().all(|byte| byte == b'0') {
            return Some(Self::Zeros);
        }
        match text.len() {
            8 => {
                let (year, month, day) = (digits(&text[..4])?, digits(&text[4..6])?, digits(&text[6..])?);
                Some(Self::Ymd(year.cast_signed(), month, day))
            }
            // 32,874 is 1990-01-01 and 73,415 is 2101-01-01, counted from 1900.
            5 => text.parse().ok().map(Self::Serial),
            6 => {
                let (year, month) = (digits(&text[..4])?, digits(&text[4..])?);
                ((1..=12).contains(&month) && (1990..2100).contains(&year))
                    .then_some(Self::YearMonth(year.cast_signed(), month))
            }
            _ => None,
        }
    }

    fn from_parts(parts: &[&str], separator: Separator) -> Option<Self> {
        match *parts {
            [a, b, c] => {
                if let Some(month) = month_named(b) {
                    return match (number(a), number(c)) {
                        (Some(year), Some(day)) if a.len() == 4 => {
                            Some(Self::Ymd(year.cast_signed(), month, day))
                        }
                        (Some(day), Some(year)) => Some(Self::Ymd(full_year(c, year), month, day)),
                        _ => None,
                    };
                }
                if let Some(month) = month_named(a) {
                    return Some(Self::Ymd(full_year(c, number(c)?), month, number(b)?));
                }
                let (first, second, third) = (number(a)?, number(b)?, number(c)?);
                if a.len() == 4 {
                    return Some(Self::Ymd(first.cast_signed(), second, third));
                }
                if first == 0 && second == 0 {
                    return Some(Self::Zeros);
                }
                (matches!(c.len(), 2 | 4) && a.len() <= 2 && b.len() <= 2).then(|| Self::Numbers {
                    first,
                    second,
                    year: full_year(c, third),
                    separator,
                })
            }
            // A weekday before: Thu, 26 Dec 2024.
            [_, a, b, c] if parts[0].chars().all(char::is_alphabetic) => {
                Self::from_parts(&[a, b, c], separator)
            }
            [a, b] => {
                if let (Some(month), Some(year)) = (month_named(a), number(b)) {
                    return (matches!(b.len(), 2 | 4)).then(|| Self::YearMonth(full_year(b, year), month));
                }
                let (first, second) = (number(a)?, number(b)?);
                let (year, month, wide) =
                    if a.len() == 4 { (first, second, true) } else { (second, first, b.len() == 4) };
                (wide && (1..=12).contains(&month)).then_some(Self::YearMonth(year.cast_signed(), month))
            }
            _ => None,
        }
    }

    fn reading(&self, reader: DateReader) -> DateReading {
        match *self {
            Self::Zeros => DateReading::Placeholder,
            Self::Ymd(year, month, day) => day_of(year, month, day),
            Self::YearMonth(year, month) => match i16::try_from(year) {
                Ok(year) if (FIRST_YEAR..=LAST_YEAR).contains(&year) => DateReading::Month(year, month as i8),
                _ => DateReading::Impossible,
            },
            Self::Serial(serial) => match date_of_serial(serial, reader.from_1904) {
                Some(day) => day_of(i32::from(day.year()), day.month() as u32, day.day() as u32),
                None => DateReading::Impossible,
            },
            Self::Numbers { first, second, year, separator } => {
                let (dmy, mdy) = (day_of(year, second, first), day_of(year, first, second));
                match reader.order(separator) {
                    DateOrder::DayFirst => dmy,
                    DateOrder::MonthFirst => mdy,
                    DateOrder::Undecided => match (dmy, mdy) {
                        (DateReading::Day(dmy), DateReading::Day(mdy)) if dmy == mdy => DateReading::Day(dmy),
                        (DateReading::Day(dmy), DateReading::Day(mdy)) => {
                            DateReading::TwoReadings { dmy, mdy }
                        }
                        (day @ DateReading::Day(_), _) | (_, day) => day,
                    },
                }
            }
        }
    }
}

#[inline]
fn day_of(year: i32, month: u32, day: u32) -> DateReading {
    if (year, month, day) == (0, 0, 0) || year == 9999 || (year == 1900 && month <= 1 && day <= 1) {
        return DateReading::Placeholder;
    }
    let made = i16::try_from(year).ok().and_then(|year| Date::new(year, month as i8, day as i8).ok());
    match made {
        Some(day) if (FIRST_YEAR..=LAST_YEAR).contains(&day.year()) => DateReading::Day(day),
        _ => DateReading::Impossible,
    }
}

/// The day a serial number of a workbook stands for; none outside 1900 to 9999.
pub(crate) fn date_of_serial(serial: f64, from_1904: bool) -> Option<Date> {
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let days = serial.floor() as i64;
    let epoch = if from_1904 {
        date(1904, 1, 1)
    } else if days < 60 {
        // The 1900 system counts a 29 February 1900 that never was.
        date(1899, 12, 31)
    } else {
        date(1899, 12, 30)
    };
    epoch.checked_add(days.days()).ok()
}

/// Year, month and day of the commonest form, `2024-12-26`, alone.
#[inline]
fn iso_day(text: &[u8]) -> Option<(u32, u32, u32)> {
    let &[ref year_month @ .., tens, ones] = <&[u8; 10]>::try_from(text).ok()?;
    let year_month = Eight::new(*year_month).without(b'-', [4, 7])?;
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return None;
    }
    // A zero stands for each dash.
    let year_month = year_month.value() as u32;
    Some((
        year_month / 10_000,
        year_month % 10_000 / 10,
        u32::from(tens - b'0') * 10 + u32::from(ones - b'0'),
    ))
}

fn digits(text: &str) -> Option<u32> {
    all_digits(text).then(|| text.bytes().fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0')))
}

fn number(text: &str) -> Option<u32> {
    let text = text.trim_end_matches(['º', '°']);
    if text.len() > 4 { None } else { digits(text) }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Two digits: 00 to 79 are 2000 to 2079, 80 to 99 are 1980 to 1999.
fn full_year(text: &str, year: u32) -> i32 {
    let century = if text.len() > 2 {
        0
    } else if year < 80 {
        2000
    } else {
        1900
    };
    (year + century).cast_signed()
}

/// The text without a time of day behind it.
fn without_time(text: &str) -> &str {
    let cut = text.find(':').and_then(|colon| text[..colon].rfind([' ', 'T', '\u{a0}', ',']));
    cut.map_or(text, |cut| text[..cut].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str, order: DateOrder) -> DateReading {
        read_date(Cell { kind: CellKind::Text, text }, &DateReader::with_order(order, false))
    }

    proptest::proptest! {
        #[test]
        fn iso_days_read_as_their_numbers(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9]|0000-00-0[01]|9999-[0-9]{2}-[0-9]{2}",
            other in ".",
            place in 0..10_usize,
            order in proptest::sample::select(vec![DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::Undecided]),
        ) {
            let (before, after) = text.split_at(place);
            for text in [text.clone(), format!("{before}{other}{}", &after[1..]), format!("{before}{other}{after}")] {
                let part = |range| text.get(range).and_then(digits);
                let dashes = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
                let numbers = if let (true, Some(year), Some(month), Some(day)) =
                    (dashes, part(0..4), part(5..7), part(8..10))
                {
                    Some((year, month, day))
                } else {
                    None
                };
                assert_eq!(iso_day(text.as_bytes()), numbers, "{text}");
                let cell = Cell { kind: CellKind::Text, text: &text };
                assert_eq!(DateShape::of(cell), DateShape::of_any(cell), "{text}");
                let reader = DateReader::with_order(order, false);
                assert_eq!(read_date(cell, &reader), read_any(cell, reader), "{text}");
            }
        }
    }

    #[test]
    fn one_day_in_many_spellings() {
        let day = DateReading::Day(date(2024, 12, 26));
        for spelling in [
            "2024-12-26",
            "2024-12-26T10:00:00Z",
            "2024-12-26 10:00:00",
            "20241226",
            "26/12/2024",
            "12/26/2024",
            "26.12.2024",
            "26.12.24",
            "12/26/24 6:49",
            "12/26/2024 6:49:00 AM",
            "26-Dec-24",
            "Dec 26, 2024",
            "26 December 2024",
            "26. Dezember 2024",
            "26 décembre 2024",
            "26 de diciembre de 2024",
            "2024/12/26",
            "Thu, 26 Dec 2024",
            "45652",
            "45652.5",
            "26-DEC-2024",
            "2024-Dec-26",
            " 2024-12-26 ",
        ] {
            assert_eq!(text(spelling, DateOrder::Undecided), day, "{spelling}");
        }
    }

    #[test]
    fn order_is_never_guessed() {
        let two = DateReading::TwoReadings { dmy: date(2023, 8, 3), mdy: date(2023, 3, 8) };
        assert_eq!(text("03/08/2023", DateOrder::Undecided), two);
        assert_eq!(text("03/08/2023", DateOrder::DayFirst), DateReading::Day(date(2023, 8, 3)));
        assert_eq!(text("03/08/2023", DateOrder::MonthFirst), DateReading::Day(date(2023, 3, 8)));
        assert_eq!(text("12/26/2023", DateOrder::DayFirst), DateReading::Impossible);
        assert_eq!(text("05/05/2023", DateOrder::Undecided), DateReading::Day(date(2023, 5, 5)));
    }

    #[test]
    fn what_only_looks_like_a_date() {
        for (spelling, reading) in [
            ("00000000", DateReading::Placeholder),
            ("0000-00-00", DateReading::Placeholder),
            ("31.12.9999", DateReading::Placeholder),
            ("9999-12-31", DateReading::Placeholder),
            ("1900-01-00", DateReading::Placeholder),
            ("1/1/1900", DateReading::Placeholder),
            ("00/00/0000", DateReading::Placeholder),
            ("2023-02-30", DateReading::Impossible),
            ("1899-12-31", DateReading::Impossible),
            ("99999", DateReading::Impossible),
            ("Q1 2023", DateReading::Unreadable),
            ("Pre-PQ Process", DateReading::Unreadable),
            ("Date Not Captured", DateReading::Unreadable),
            ("", DateReading::Blank),
            ("N/A", DateReading::Blank),
            ("Dec 2024", DateReading::Month(2024, 12)),
            ("2024-12", DateReading::Month(2024, 12)),
            ("202412", DateReading::Month(2024, 12)),
        ] {
            assert_eq!(text(spelling, DateOrder::Undecided), reading, "{spelling}");
        }
    }

    #[test]
    fn serials_follow_the_workbook() {
        let cell = Cell { kind: CellKind::Number, text: "44941" };
        let read = |from_1904| read_date(cell, &DateReader::with_order(DateOrder::Undecided, from_1904));
        assert_eq!(read(false), DateReading::Day(date(2023, 1, 15)));
        assert_eq!(read(true), DateReading::Day(date(2027, 1, 16)));
        let huge = Cell { kind: CellKind::Number, text: "2314234234" };
        assert_eq!(read_date(huge, &DateReader::default()), DateReading::Impossible);
        assert_eq!(date_of_serial(60.0, false), Some(date(1900, 2, 28)));
        assert_eq!(date_of_serial(59.0, false), Some(date(1900, 2, 28)));
    }

    #[test]
    fn two_digit_years_have_a_stated_century() {
        assert_eq!(text("14-Jan-19", DateOrder::Undecided), DateReading::Day(date(2019, 1, 14)));
        assert_eq!(text("14-Jan-95", DateOrder::Undecided), DateReading::Day(date(1995, 1, 14)));
    }
}
