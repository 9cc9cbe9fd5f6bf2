//! Dates of the law and of shipments, and the half-open periods in which something holds.
//!
//! A period runs from its first day up to, and not including, its last bound. Nothing here reads a clock.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _};

/// A calendar day.
pub type Date = jiff::civil::Date;

/// Reads `2024-12-26`.
///
/// # Errors
/// Says what was read when it is not a day of the calendar in ISO form.
pub fn parse_iso(text: &str) -> Result<Date, String> {
    if text.len() != 10 {
        return Err(format!("`{text}` is not a date of the form 2024-12-26"));
    }
    text.parse().map_err(|_| format!("`{text}` is not a date of the form 2024-12-26"))
}

/// Days from `earlier` to `later`; negative when `later` comes first.
pub fn days_between(earlier: Date, later: Date) -> i32 {
    (later - earlier).get_days()
}

/// A date written in a rule file, as a TOML date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LegalDate(pub Date);

impl<'de> Deserialize<'de> for LegalDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = toml::value::Datetime::deserialize(deserializer)?;
        match (value.date, value.time, value.offset) {
            (Some(day), None, None) => {
                Date::new(day.year.cast_signed(), day.month.cast_signed(), day.day.cast_signed())
                    .map(LegalDate)
                    .map_err(|_| D::Error::custom(format!("`{value}` is not a day of the calendar")))
            }
            _ => Err(D::Error::custom(format!("`{value}` must be a date without a time"))),
        }
    }
}

/// A half-open period: from its first day until, and not including, the day it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day; none means since before any record.
    pub from: Option<Date>,
    /// The first day on which it no longer holds; none means it has not ended.
    pub until: Option<Date>,
}

impl Period {
    /// A period that has not ended.
    pub fn since(from: Date) -> Self {
        Self { from: Some(from), until: None }
    }

    /// Whether the day lies in the period.
    pub fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }

    /// Whether two periods share a day.
    pub fn overlaps(&self, other: &Self) -> bool {
        let starts_before = |a: &Self, b: &Self| match (a.from, b.until) {
            (Some(from), Some(until)) => from < until,
            _ => true,
        };
        starts_before(self, other) && starts_before(other, self)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.until) {
            (Some(from), Some(until)) => write!(f, "from {from} until {until}"),
            (Some(from), None) => write!(f, "from {from}"),
            (None, Some(until)) => write!(f, "until {until}"),
            (None, None) => f.write_str("at all times"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn periods_are_half_open() {
        let period = Period { from: Some(date(2024, 12, 26)), until: Some(date(2025, 1, 1)) };
        assert!(!period.contains(date(2024, 12, 25)));
        assert!(period.contains(date(2024, 12, 26)));
        assert!(period.contains(date(2024, 12, 31)));
        assert!(!period.contains(date(2025, 1, 1)));
        assert!(!period.overlaps(&Period::since(date(2025, 1, 1))));
        assert!(period.overlaps(&Period { from: None, until: None }));
    }

    #[test]
    fn iso_dates_are_checked() {
        assert_eq!(parse_iso("2024-12-26"), Ok(date(2024, 12, 26)));
        assert!(parse_iso("2024-02-30").is_err());
        assert!(parse_iso("26.12.2024").is_err());
    }
}
