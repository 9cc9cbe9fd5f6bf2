//! Columns over the quarters of the date of export: findings around the days on which a rule changed, and value.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::super::super::text::{amount, count, counted, currency_name};
use super::super::markup::safe;
use super::{Chart, KEY, WIDTH};
use crate::effective::{Date, days_between, parse_iso};
use crate::run::{QuarterCount, RunRecord};

/// Quarters drawn side by side at most; further back they are in the table alone.
const QUARTERS: i32 = 32;

const CURRENCIES: usize = 2;

/// A quarter on the axis, `2025-Q1`, as a number that counts on.
fn index_of(quarter: &str) -> Option<i32> {
    let (year, quarter) = quarter.split_once("-Q")?;
    Some(year.parse::<i32>().ok()? * 4 + quarter.parse::<i32>().ok()? - 1)
}

fn name_of(index: i32) -> String {
    format!("{}-Q{}", index.div_euclid(4), index.rem_euclid(4) + 1)
}

/// The quarters on the axis without gaps, the last ones where there are many.
fn axis(quarters: &BTreeMap<String, QuarterCount>) -> Vec<i32> {
    let known: Vec<i32> = quarters.keys().filter_map(|name| index_of(name)).collect();
    let (Some(first), Some(last)) = (known.iter().min(), known.iter().max()) else { return Vec::new() };
    let from = (*first).max(*last - QUARTERS + 1);
    (from..=*last).collect()
}

pub(super) fn by_quarter(run: &RunRecord) -> Chart {
    let quarters = &run.totals.quarters;
    let axis = axis(quarters);
    let found =
        |index: i32| quarters.get(&name_of(index)).map_or((0, 0), |sums| (sums.exceptions, sums.reviews));
    let values: Vec<Vec<(&str, f64)>> = axis
        .iter()
        .map(|index| {
            let (exceptions, reviews) = found(*index);
            vec![("exception", exceptions as f64), ("review", reviews as f64)]
        })
        .collect();
    let totals: Vec<String> = axis
        .iter()
        .map(|index| {
            let (exceptions, reviews) = found(*index);
            if exceptions + reviews == 0 { String::new() } else { count(exceptions + reviews) }
        })
        .collect();
    let days: Vec<(f64, &str)> = run
        .rules
        .turning_days
        .iter()
        .filter_map(|turning| {
            let day = parse_iso(&turning.day).ok()?;
            Some((place_of(day, *axis.first()?)?, turning.day.as_str()))
        })
        .filter(|(at, _)| (0.0..=axis.len() as f64).contains(at))
        .collect();
    let sum: (u64, u64) =
        quarters.values().fold((0, 0), |sum, own| (sum.0 + own.exceptions, sum.1 + own.reviews));
    let mut says = format!(
        "{} and {} open, by the quarter of the date of export.",
        counted(sum.0, "exception", "exceptions"),
        counted(sum.1, "review", "reviews")
    );
    let most = quarters.iter().max_by_key(|(name, sums)| (sums.exceptions, std::cmp::Reverse(name.as_str())));
    if let Some((name, sums)) = most.filter(|(_, sums)| sums.exceptions > 0) {
        let _ = write!(says, " Most exceptions in {name}: {}.", count(sums.exceptions));
    }
    for turning in
        run.rules.turning_days.iter().filter(|turning| days.iter().any(|(_, day)| *day == turning.day))
    {
        let _ = write!(says, " Dashed line: {}, {}.", turning.day, turning.what);
    }
    if let Some(undated) = quarters.get("undated").filter(|sums| sums.exceptions + sums.reviews > 0) {
        let _ = write!(
            says,
            " Undated, not drawn: {} and {}.",
            counted(undated.exceptions, "exception", "exceptions"),
            counted(undated.reviews, "review", "reviews")
        );
    }
    let rows = quarters
        .iter()
        .map(|(name, sums)| {
            vec![
                name.clone(),
                count(sums.lines),
                count(sums.to_pakistan),
                count(sums.exceptions),
                count(sums.reviews),
            ]
        })
        .collect();
    Chart {
        title: "Open exceptions and reviews by quarter".to_owned(),
        says,
        key: KEY,
        drawing: columns(&axis, &values, &totals, &days),
        headings: ["Quarter", "Lines", "To Pakistan", "Exceptions", "Reviews"].map(str::to_owned).to_vec(),
        rows,
    }
}

/// Where a day stands on an axis of quarters that begins with `first`, in quarters.
fn place_of(day: Date, first: i32) -> Option<f64> {
    let index = i32::from(day.year()) * 4 + i32::from(day.month() - 1) / 3;
    let month = (index.rem_euclid(4) * 3 + 1) as i8;
    let begin = Date::new(index.div_euclid(4) as i16, month, 1).ok()?;
    let share = f64::from(days_between(begin, day)) / 92.0;
    Some(f64::from(index - first) + share.min(1.0))
}

/// Columns over quarters, each of parts one on the other; the height stands before a bar.
fn columns(axis: &[i32], values: &[Vec<(&str, f64)>], totals: &[String], days: &[(f64, &str)]) -> String {
    const LEFT: f64 = 16.0;
    const BASE: f64 = 230.0;
    const TOP: f64 = 44.0;
    let highest =
        values.iter().map(|parts| parts.iter().map(|(_, value)| value).sum::<f64>()).fold(0.0, f64::max);
    let step = (WIDTH - 2.0 * LEFT) / axis.len().max(1) as f64;
    let width = (step * 0.62).min(64.0);
    let mut svg = String::from("285|");
    let _ = write!(
        svg,
        "<line class=\"axis\" x1=\"{LEFT}\" y1=\"{BASE}\" x2=\"{:.1}\" y2=\"{BASE}\"/>",
        WIDTH - LEFT
    );
    for (place, ((index, parts), total)) in axis.iter().zip(values).zip(totals).enumerate() {
        let middle = LEFT + (place as f64 + 0.5) * step;
        let mut top = BASE;
        for (class, value) in parts.iter().filter(|(_, value)| *value > 0.0) {
            // What is there is seen, however small beside the highest.
            let height = ((BASE - TOP - 16.0) * value / highest).max(2.0);
            top -= height;
            let _ = write!(
                svg,
                "<rect class=\"{class}\" x=\"{:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>",
                middle - width / 2.0
            );
        }
        if !total.is_empty() && step > 26.0 {
            let _ = write!(
                svg,
                "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                top - 5.0,
                safe(total)
            );
        }
        let name = name_of(*index);
        let (year, quarter) = name.split_once('-').unwrap_or((&name, ""));
        if step > 20.0 {
            let _ = write!(
                svg,
                "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{quarter}</text>",
                BASE + 17.0
            );
        }
        if quarter == "Q1" || place == 0 {
            let _ = write!(
                svg,
                "<text class=\"soft\" x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{year}</text>",
                BASE + 34.0
            );
        }
    }
    for (number, (at, day)) in days.iter().enumerate() {
        let x = LEFT + at * step;
        let y = 12.0 + 15.0 * (number % 2) as f64;
        let (anchor, shift) = if x > WIDTH / 2.0 { ("end", -5.0) } else { ("start", 5.0) };
        let _ = write!(
            svg,
            "<line class=\"day\" x1=\"{x:.1}\" y1=\"4\" x2=\"{x:.1}\" y2=\"{BASE}\"/><text x=\"{:.1}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>",
            x + shift,
            safe(day)
        );
    }
    svg
}

/// Value of lines with open findings, a chart for each of the currencies that occur in most quarters.
pub(super) fn by_value(run: &RunRecord) -> Vec<Chart> {
    let quarters = &run.totals.quarters;
    let mut currencies: BTreeMap<&str, (usize, Decimal)> = BTreeMap::new();
    for (currency, value) in quarters.values().flat_map(|sums| sums.open_value.iter()) {
        let sum = currencies.entry(currency).or_default();
        sum.0 += 1;
        sum.1 = sum.1.saturating_add(*value);
    }
    let mut order: Vec<(&str, (usize, Decimal))> = currencies.into_iter().collect();
    order.sort_by_key(|(currency, (times, _))| {
        (currency_name(currency) != *currency, std::cmp::Reverse(*times))
    });
    let title = "Value of lines with an open exception or review";
    if order.is_empty() {
        return vec![Chart {
            title: title.to_owned(),
            says: "None: no such line has a value that could be read.".to_owned(),
            key: "",
            drawing: String::new(),
            headings: Vec::new(),
            rows: Vec::new(),
        }];
    }
    let others: Vec<String> = order
        .iter()
        .skip(CURRENCIES)
        .map(|(currency, (_, sum))| format!("{} {}", currency_name(currency), amount(*sum)))
        .take(20)
        .collect();
    let shown: Vec<_> = order.iter().take(CURRENCIES).copied().collect();
    let charts = shown.len();
    shown
        .into_iter()
        .enumerate()
        .map(|(number, (currency, (_, sum)))| {
            let name = currency_name(currency);
            let mut says = format!(
                "{name} {} in all, by the quarter of the date of export; a line counts once.",
                amount(sum)
            );
            if number + 1 == charts && !others.is_empty() {
                let _ = write!(says, " Not drawn: {}.", others.join("; "));
            }
            let of =
                |quarter: &str| quarters.get(quarter).and_then(|sums| sums.open_value.get(currency)).copied();
            let axis = axis(quarters);
            let values: Vec<Vec<(&str, f64)>> = axis
                .iter()
                .map(|index| {
                    let value = of(&name_of(*index)).and_then(|value| value.to_f64()).unwrap_or(0.0);
                    vec![("value", value.max(0.0))]
                })
                .collect();
            let totals: Vec<String> = values
                .iter()
                .map(|parts| if parts[0].1 > 0.0 { rounded(parts[0].1) } else { String::new() })
                .collect();
            let rows = quarters
                .keys()
                .filter_map(|quarter| Some(vec![quarter.clone(), format!("{name} {}", amount(of(quarter)?))]))
                .collect();
            Chart {
                title: format!("{title}, {name}"),
                says,
                key: "",
                drawing: columns(&axis, &values, &totals, &[]),
                headings: vec!["Quarter".to_owned(), "Value".to_owned()],
                rows,
            }
        })
        .collect()
}

/// An amount as a label has room for it: `1.2 M`.
fn rounded(value: f64) -> String {
    match value {
        value if value >= 999_500_000.0 => format!("{:.1} bn", value / 1e9),
        value if value >= 999_500.0 => format!("{:.1} M", value / 1e6),
        value if value >= 1_000.0 => format!("{:.0} K", value / 1e3),
        value => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_count_on_and_days_stand_within_them() {
        assert_eq!(index_of("2025-Q1"), Some(8_100));
        assert_eq!(name_of(8_099), "2024-Q4");
        assert_eq!(index_of("undated"), None);
        let day = place_of(parse_iso("2024-12-26").unwrap(), 8_099).unwrap();
        assert!((0.9..1.0).contains(&day), "{day}");
        let quarters =
            ["2024-Q4", "2025-Q3", "undated"].map(|name| (name.to_owned(), QuarterCount::default()));
        assert_eq!(axis(&quarters.into()), [8_099, 8_100, 8_101, 8_102]);
    }

    #[test]
    fn labels_have_room() {
        assert_eq!(
            [rounded(950.4), rounded(12_345.0), rounded(1_234_567.0), rounded(2.5e9)],
            ["950", "12 K", "1.2 M", "2.5 bn"]
        );
    }
}
