//! Exchange rates as the user gives them: dollars for a unit of a currency, between two days, from a source.
//!
//! Nothing is converted without a rate for that currency and day; the program carries no rate of its own.

use std::collections::BTreeMap;
use std::path::Path;

use rust_decimal::Decimal;

use crate::effective::{Date, parse_iso};
use crate::option_file::{OptionTable, number};
use crate::run::OptionFile;

/// The currency in which values are stated (15 CFR 764.5(d)(3)(v)).
const DOLLAR: &str = "USD";

const HEADINGS: &[&str] = &["currency", "from", "until", "rate", "source"];

/// A rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    from: Option<Date>,
    until: Option<Date>,
    dollars: Decimal,
    source: String,
}

impl Rate {
    fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// The rate and where it is from: `1.0821 (ECB)`.
    pub fn words(&self) -> String {
        if self.source.is_empty() {
            format!("{} (source not stated)", self.dollars)
        } else {
            format!("{} ({})", self.dollars, self.source)
        }
    }
}

/// The rates of a run; none where none were given.
#[derive(Debug, Clone, Default)]
pub struct Rates {
    /// The file they came from.
    pub record: Option<OptionFile>,
    by_currency: BTreeMap<String, Vec<Rate>>,
}

impl Rates {
    /// Reads the file given to `--fx`.
    ///
    /// # Errors
    /// Every row that cannot be used, with its line.
    pub fn read(path: &Path) -> Result<Self, String> {
        Self::of(OptionTable::read("fx", path, HEADINGS)?)
    }

    fn of(table: OptionTable) -> Result<Self, String> {
        let mut problems = Vec::new();
        for heading in ["currency", "rate"] {
            if !table.has(heading) {
                problems.push(format!("{}: the column `{heading}` is missing", table.record.path));
            }
        }
        let mut by_currency: BTreeMap<String, Vec<Rate>> = BTreeMap::new();
        for row in &table.rows {
            let mut wrong =
                |what: String| problems.push(format!("{} line {}: {what}", table.record.path, row.line));
            let day = |heading| match table.value(row, heading) {
                "" => Ok(None),
                text => parse_iso(text)
                    .map(Some)
                    .map_err(|_| format!("`{text}` is no date of the form 2024-12-26")),
            };
            let currency = table.value(row, "currency").to_uppercase();
            let rate = number(table.value(row, "rate")).filter(|rate| *rate > Decimal::ZERO);
            match (day("from"), day("until"), rate) {
                (Err(what), ..) | (_, Err(what), _) => wrong(what),
                (.., None) => wrong(format!("`{}` is no rate; write 1.0821", table.value(row, "rate"))),
                (Ok(Some(from)), Ok(Some(until)), _) if until < from => {
                    wrong(format!("until {until} lies before from {from}"));
                }
                (Ok(from), Ok(until), Some(rate)) if !currency.is_empty() && currency != DOLLAR => {
                    let source = table.value(row, "source").to_owned();
                    by_currency.entry(currency).or_default().push(Rate {
                        from,
                        until,
                        dollars: rate,
                        source,
                    });
                }
                _ => wrong("name a currency other than USD".to_owned()),
            }
        }
        for (currency, rates) in &mut by_currency {
            rates.sort_by_key(|rate| rate.from);
            for pair in rates.windows(2) {
                // A range may end on the day on which the next begins: the later one holds that day.
                let overlaps = match (pair[0].until, pair[1].from) {
                    (Some(until), Some(from)) => until > from,
                    _ => true,
                };
                if overlaps {
                    let day = pair[1].from.map_or_else(|| "the beginning".to_owned(), |day| day.to_string());
                    problems.push(format!(
                        "{}: two rates for {currency} hold from {day}; give each day one rate",
                        table.record.path
                    ));
                }
            }
        }
        if problems.is_empty() {
            Ok(Self { record: Some(table.record), by_currency })
        } else {
            Err(problems.join("\n"))
        }
    }

    /// The value in US dollars on a day, with the rate used; none where no rate is known.
    pub fn dollars(
        &self,
        currency: &str,
        value: Decimal,
        day: Option<Date>,
    ) -> Option<(Decimal, Option<&Rate>)> {
        let currency = currency.trim().to_uppercase();
        if currency == DOLLAR || currency == "US$" {
            return Some((value, None));
        }
        let day = day?;
        let rate = self.by_currency.get(&currency)?.iter().rev().find(|rate| rate.holds(day))?;
        Some((value.checked_mul(rate.dollars)?.round_dp(2), Some(rate)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(text: &str) -> Result<Rates, String> {
        Rates::of(OptionTable::parse(OptionFile::default(), text, HEADINGS).unwrap())
    }

    #[test]
    fn a_value_is_converted_by_the_rate_of_its_day_or_not_at_all() {
        let rates = rates(
            "currency,from,until,rate,source\nEUR,2025-01-01,2025-01-31,1.03,ECB\nEUR,2025-01-31,2025-02-28,1.04,ECB\n",
        )
        .unwrap();
        let on = |currency, day| {
            rates
                .dollars(currency, Decimal::from(100), parse_iso(day).ok())
                .map(|(value, _)| value.to_string())
        };
        assert_eq!(on("eur", "2025-01-30").as_deref(), Some("103.00"));
        assert_eq!(on("EUR", "2025-01-31").as_deref(), Some("104.00"));
        assert_eq!(on("EUR", "2025-03-01"), None);
        assert_eq!(on("GBP", "2025-01-30"), None);
        assert_eq!(on("USD", "").as_deref(), Some("100"));
        assert_eq!(rates.dollars("EUR", Decimal::ONE, None), None);
    }

    #[test]
    fn rates_that_cannot_be_used_are_named_with_their_lines() {
        let wrong =
            rates("currency,from,until,rate\nEUR,2025-02-01,2025-01-01,1\nEUR,,,x\nUSD,,,1\n").unwrap_err();
        for line in ["line 2", "line 3", "line 4"] {
            assert!(wrong.contains(line), "{wrong}");
        }
        let twice = rates("currency,from,until,rate\nEUR,2025-01-01,,1\nEUR,2025-02-01,,2\n").unwrap_err();
        assert!(twice.contains("2025-02-01"), "{twice}");
    }
}
