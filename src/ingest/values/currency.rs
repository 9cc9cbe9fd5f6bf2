//! The currency that stands with an amount: `USD 880.00`, `880 €`, a heading `Value (USD)`, a number format `[$€-407]`.
//!
//! Only what names one currency counts: `$` alone may be any dollar, and `¥` yen or yuan.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Codes by sign and by the locale that tells its currencies apart, in hex digits; blank where the sign is enough.
static SIGNS: LazyLock<BTreeMap<(String, String), &'static str>> = LazyLock::new(|| {
    let table: &'static str = include_str!("../../../data/currencies.csv");
    let rows = table.lines().skip(1).filter_map(|line| {
        let mut cells = line.split(',');
        Some(((cells.next()?.to_owned(), cells.next()?.to_owned()), cells.next()?))
    });
    rows.collect()
});

/// The code of a sign or code, where the locale behind it, or the sign by itself, names one currency.
pub(crate) fn currency_named(sign: &str, locale: &str) -> Option<&'static str> {
    let sign = sign.trim();
    let of = |locale: &str| SIGNS.get(&(sign.to_owned(), locale.to_ascii_lowercase())).copied();
    of(locale).or_else(|| of(""))
}

/// The currency written before or behind an amount.
pub fn currency_of_amount(text: &str) -> Option<&'static str> {
    let text = text.trim().trim_start_matches(['(', '-', '+']).trim_end_matches([')', '-']);
    let number = |c: char| c.is_ascii_digit();
    let first = text.find(number)?;
    let last = text.rfind(number)?;
    let sides = [text[..first].trim_end_matches(['-', '.', ',', '(']), &text[last + 1..]];
    sides.into_iter().map(str::trim).filter(|side| !side.is_empty()).find_map(|side| currency_named(side, ""))
}

/// The currency that a heading names: `Value (USD)`, `Amount in EUR`.
pub fn currency_of_heading(heading: &str) -> Option<&'static str> {
    heading
        .split(|c: char| !c.is_alphanumeric() && c != '$' && c != '€' && c != '£')
        .filter(|word| !word.is_empty())
        .find_map(|word| currency_named(word, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_are_read_where_they_name_one() {
        for (text, code) in [
            ("USD 880.00", Some("USD")),
            ("880,00 €", Some("EUR")),
            ("-£1,200.50", Some("GBP")),
            ("(EUR 12)", Some("EUR")),
            ("US$5", Some("USD")),
            ("$880.00", None),
            ("880 pcs", None),
            ("12 EA", None),
            ("880.00", None),
            ("", None),
        ] {
            assert_eq!(currency_of_amount(text), code, "{text}");
        }
        assert_eq!(currency_named("$", "409"), Some("USD"));
        assert_eq!(currency_named("¥", "411"), Some("JPY"));
        assert_eq!(currency_named("¥", ""), None);
        assert_eq!(currency_of_heading("Total Value (USD)"), Some("USD"));
        assert_eq!(currency_of_heading("Value in local currency"), None);
    }

    #[test]
    fn every_code_has_three_capitals() {
        assert!(SIGNS.len() > 60);
        for code in SIGNS.values() {
            assert!(code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()), "{code}");
        }
    }
}
