//! Text made safe and legible for the place it is shown: spreadsheet cells, CSV, a terminal.
//!
//! Text of a shipment record is hostile until shown otherwise: it may start a formula, hold control characters or be
//! longer than a cell. `findings.jsonl` alone keeps it untouched.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use rust_decimal::Decimal;

use crate::count::separated;
use crate::decisions::Outcome;
use crate::run::{ByCurrency, RunRecord};

pub(super) use crate::count::{count, counted};

/// The most a spreadsheet cell holds, in UTF-16 units.
pub(super) const CELL_LIMIT: usize = 32_767;

const CUT: &str = " [cut here; the whole text is in findings.jsonl]";

/// Makes sure that text never starts a formula: a leading apostrophe says that it is text.
///
/// Beside `= + - @ TAB CR`, a line feed and the full-width signs that some versions of Excel accept are covered.
pub(crate) fn neutral(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => {
            Cow::Owned(format!("'{text}"))
        }
        _ => Cow::Borrowed(text),
    }
}

/// Shows control characters by their pictures (`␀`), so that they are seen and break no reader, and by their numbers
/// (`[U+200B]`) those that take no room or turn the order of letters around: two names that look alike must not be two
/// names. Tabs and line ends stay, and so do the joiners that Urdu and Persian need.
pub(super) fn legible(text: &str) -> Cow<'_, str> {
    let is_hidden = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{fffe}' | '\u{ffff}');
    let is_unseen = |c: char| matches!(c, '\u{ad}' | '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let may_hide = |byte: u8| byte < b' ' || matches!(byte, 0x7f | 0xc2 | 0xe2 | 0xef);
    if !text.bytes().any(may_hide) || !text.contains(|c| is_hidden(c) || is_unseen(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\u{7f}' => shown.push('\u{2421}'),
            '\u{fffe}' | '\u{ffff}' => shown.push(char::REPLACEMENT_CHARACTER),
            c if is_hidden(c) => {
                shown.push(char::from_u32(0x2400 + c as u32).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            c if is_unseen(c) => {
                let _ = write!(shown, "[U+{:04X}]", c as u32);
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Text for a spreadsheet cell: legible, never a formula, line ends unified, cut at what a cell holds, and saying so.
pub(super) fn cell(text: &str) -> Cow<'_, str> {
    let mut text = legible(text);
    if text.contains('\r') {
        text = Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"));
    }
    if let Cow::Owned(changed) = neutral(&text) {
        text = Cow::Owned(changed);
    }
    // A UTF-8 text has at most as many UTF-16 units as bytes.
    if text.len() > CELL_LIMIT && text.encode_utf16().count() > CELL_LIMIT {
        let room = CELL_LIMIT - CUT.len();
        let mut units = 0;
        let kept: String = text
            .chars()
            .take_while(|c| {
                units += c.len_utf16();
                units <= room
            })
            .collect();
        text = Cow::Owned(kept + CUT);
    }
    text
}

/// Digits with an optional minus and decimal point, nothing else.
pub(super) fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}

/// The number a spreadsheet can hold without loss: at most 15 digits, and written as a number is (no leading zeros).
pub(super) fn exact_number(text: &str) -> Option<f64> {
    if !is_plain_number(text) {
        return None;
    }
    let digits = text.trim_start_matches('-');
    let padded = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    let significant = digits.bytes().filter(u8::is_ascii_digit).count();
    if padded || significant > 15 { None } else { text.parse().ok() }
}

/// The year, month and day of `2024-12-26`, where the text is one day that a spreadsheet can show.
pub(super) fn iso_day(text: &str) -> Option<(u16, u8, u8)> {
    let day = crate::effective::parse_iso(text).ok()?;
    let year = u16::try_from(day.year()).ok().filter(|year| *year > 1900)?;
    Some((year, u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?))
}

/// An amount with thousands separators and at least two decimals.
pub(super) fn amount(value: Decimal) -> String {
    let mut value = value.normalize();
    if value.scale() < 2 {
        value.rescale(2);
    }
    let text = value.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "00"));
    format!("{sign}{}.{fraction}", separated(whole))
}

/// Amounts by currency: `EUR 12.00; USD 1,234.50`. A blank currency is said to be one.
pub(super) fn amounts(value: &ByCurrency) -> String {
    let texts: Vec<String> =
        value.iter().map(|(currency, sum)| format!("{} {}", currency_name(currency), amount(*sum))).collect();
    texts.join("; ")
}

/// Amounts one below the other, for a cell.
pub(super) fn amounts_by_line(value: &ByCurrency) -> String {
    amounts(value).replace("; ", "\n")
}

/// The currency, or that none is on record.
pub(super) fn currency_name(currency: &str) -> &str {
    match currency.trim() {
        "" | "not stated" => "(no currency)",
        _ => currency,
    }
}

/// A code's name in words: `CCL license required`.
pub(super) fn in_words(name: &str) -> String {
    let words: Vec<&str> = name
        .split('-')
        .map(|word| match word {
            "ccl" => "CCL",
            "pakistan" => "Pakistan",
            word => word,
        })
        .collect();
    words.join(" ")
}

/// A field's name in words: `Schedule B`, `ultimate consignee`.
pub(super) fn field_in_words(name: &str) -> String {
    match name {
        "eccn" => "ECCN".to_owned(),
        "itn" => "ITN".to_owned(),
        "schedule_b" => "Schedule B".to_owned(),
        "usppi" => "USPPI".to_owned(),
        name => name.replace('_', " ").replace("usppi ", "USPPI "),
    }
}

/// What reviewers' decisions did: `12 read; 14 findings closed; 1 expired, 1 unused`.
pub(super) fn decided(run: &RunRecord) -> String {
    let decisions = &run.decisions.decisions;
    let closed = decisions.iter().map(|decision| decision.closed).sum();
    let mut outcomes: BTreeMap<Outcome, u64> = BTreeMap::new();
    for decision in decisions {
        *outcomes.entry(decision.outcome).or_default() += 1;
    }
    let outcomes: Vec<String> =
        outcomes.iter().map(|(outcome, number)| format!("{} {}", count(*number), outcome.name())).collect();
    format!(
        "{} read: {}; {} closed",
        count(decisions.len() as u64),
        outcomes.join(", "),
        counted(closed, "finding", "findings")
    )
}

/// The quarter of an ISO day, `2025-Q1`; of two readings, the earlier one's.
pub(super) fn quarter_of(date: &str) -> String {
    match crate::effective::parse_iso(date.get(..10).unwrap_or_default()) {
        Ok(day) => format!("{}-Q{}", day.year(), (day.month() - 1) / 3 + 1),
        Err(_) => "undated".to_owned(),
    }
}

/// The name of a destination that a finding writes by its code; the text itself where it is none.
pub(super) fn place_name<'t>(run: &'t RunRecord, destination: &'t str) -> &'t str {
    run.totals.destinations.get(destination).map_or(destination, |known| &known.name)
}

/// Where a finding stands: `q4.xlsx, sheet Shipments, row 214`.
pub(super) fn place(file: &str, sheet: &str, row: u32) -> String {
    if sheet.is_empty() { format!("{file}, line {row}") } else { format!("{file}, sheet {sheet}, row {row}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_starts_a_formula() {
        for text in ["=cmd|'/c calc'!A0", "@SUM(A1)", "-2+3", "+1", "\t=1", "\r=1", "\n=1", "＝1"] {
            assert!(neutral(text).starts_with('\''), "{text:?}");
            assert!(cell(text).starts_with('\''), "{text:?}");
        }
        assert_eq!(neutral("3A992.a"), "3A992.a");
        assert!(is_plain_number("-123.45"));
        for text in ["-2+3", "-", "-1.", "--1", "+1", "-.5", ""] {
            assert!(!is_plain_number(text), "{text:?}");
        }
    }

    #[test]
    fn control_characters_are_seen() {
        assert_eq!(legible("a\0b\u{1b}c\td"), "a␀b␛c\td");
        assert_eq!(legible("\u{ffff}"), "\u{fffd}");
        assert_eq!(legible("Corp\u{200b}\u{202e}"), "Corp[U+200B][U+202E]");
        assert_eq!(cell("\u{feff}=1+1"), "[U+FEFF]=1+1");
        assert!(matches!(legible("\u{201c}joined\u{200c}\u{201d}"), Cow::Borrowed(_)));
        assert!(matches!(legible("plain ü"), Cow::Borrowed(_)));
        assert_eq!(cell("a\r\nb\rc"), "a\nb\nc");
    }

    #[test]
    fn a_cell_is_cut_between_characters_and_says_so() {
        let cut = cell(&"😀".repeat(20_000)).into_owned();
        assert!(cut.encode_utf16().count() <= CELL_LIMIT);
        assert!(cut.ends_with(CUT));
        let whole = "ä".repeat(CELL_LIMIT);
        assert_eq!(cell(&whole), whole);
    }

    #[test]
    fn numbers_are_numbers_only_where_exact() {
        assert_eq!(exact_number("-123.45"), Some(-123.45));
        assert_eq!(exact_number("0"), Some(0.0));
        assert_eq!(exact_number("0.5"), Some(0.5));
        for text in ["007", "1234567890123456", "1,000", "1e5", "NaN", "", "-"] {
            assert_eq!(exact_number(text), None, "{text}");
        }
        assert_eq!(iso_day("2024-12-26"), Some((2024, 12, 26)));
        assert_eq!(iso_day("2024-12-26 or 2024-12-27"), None);
        assert_eq!(iso_day("1899-01-01"), None);
    }

    #[test]
    fn amounts_read_as_money() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(amount(Decimal::new(-1_234_567, 3)), "-1,234.567");
        assert_eq!(amount(Decimal::new(5, 0)), "5.00");
        assert_eq!(amounts(&ByCurrency::from([(String::new(), Decimal::ONE)])), "(no currency) 1.00");
    }
}
