//! Numbers as engineers write them: `7,5`, `100,000`, `1-1/2`, `3/4`, `1.0E6`, `100 000`, `300-600`.
//!
//! Knows digits and separators; units are `units`'.

/// A number, or a span of numbers, and where it ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    /// The lower end.
    pub(super) low: f64,
    /// The upper end; the same for a single number.
    pub(super) high: f64,
    /// The byte behind it.
    pub(super) end: usize,
    /// `400.000`: a point with three digits behind it, which some write for thousands.
    pub(super) point_and_three: bool,
}

/// Reads the number, mixed number or fraction that begins at `at`.
pub(super) fn number(text: &str, at: usize) -> Option<Span> {
    let plain = plain(text, at)?;
    let bytes = text.as_bytes();
    // 3/4 and 1-1/2, 1 1/2: sizes in inches.
    if let Some((value, end)) = fraction(text, at) {
        return Some(Span { low: value, high: value, end, point_and_three: false });
    }
    if matches!(bytes.get(plain.end), Some(b'-' | b' '))
        && plain.low.fract() == 0.0
        && plain.low < 100.0
        && let Some((part, end)) = fraction(text, plain.end + 1)
    {
        let value = plain.low + part;
        return Some(Span { low: value, high: value, end, point_and_three: false });
    }
    Some(plain)
}

/// Reads a number and, where one follows, the other end of a range or the last of a list: `300-600`, `0.1 to 590`,
/// `50/60`, `300...600`.
pub(super) fn range(text: &str, at: usize) -> Option<Span> {
    let mut span = number(text, at)?;
    for _ in 0..3 {
        let Some(next) = behind_separator(text, span.end).and_then(|from| number(text, from)) else { break };
        span.low = span.low.min(next.low);
        span.high = span.high.max(next.high);
        span.end = next.end;
        span.point_and_three &= next.point_and_three;
    }
    Some(span)
}

/// The first byte of the number behind a sign or word that makes a range.
fn behind_separator(text: &str, at: usize) -> Option<usize> {
    const SEPARATORS: [&str; 11] = ["-", "...", "..", "~", "/", "to", "bis", "a", "ila", "&", "hasta"];
    let rest = text.get(at..)?;
    let trimmed = rest.trim_start_matches(' ');
    let separator = SEPARATORS.iter().find(|separator| {
        trimmed.strip_prefix(**separator).is_some_and(|behind| {
            let behind = behind.trim_start_matches(' ');
            behind.starts_with(|c: char| c.is_ascii_digit())
        })
    })?;
    // A word must stand apart: "5a300" is a part number.
    if separator.starts_with(char::is_alphabetic) && trimmed.len() == rest.len() {
        return None;
    }
    let behind = trimmed[separator.len()..].trim_start_matches(' ');
    Some(text.len() - behind.len())
}

/// A fraction with a denominator that inches have, or one of a small motor: `1/3`, `1/6`, `2/3`.
fn fraction(text: &str, at: usize) -> Option<(f64, usize)> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let upper = digits(at.min(bytes.len()));
    if upper == 0 || upper > 2 || bytes.get(at + upper) != Some(&b'/') {
        return None;
    }
    let from = at + upper + 1;
    let lower = digits(from);
    let end = from + lower;
    let above: u32 = text[at..at + upper].parse().ok()?;
    let below: u32 = text[from..end].parse().ok()?;
    let is_of_inches = matches!(below, 2 | 4 | 8 | 16 | 32 | 64);
    let is_of_motors = (above == 1 && (3..=50).contains(&below)) || (above == 2 && below == 3);
    ((is_of_inches || is_of_motors) && above < below && above > 0)
        .then(|| (f64::from(above) / f64::from(below), end))
}

/// Digits with separators and perhaps an exponent.
fn plain(text: &str, at: usize) -> Option<Span> {
    let bytes = text.as_bytes();
    let is_digit = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_digit);
    let mut end = at;
    // ".5 HP"
    if bytes.get(at) == Some(&b'.') && is_digit(at + 1) {
        end += 1;
    }
    while is_digit(end)
        || (matches!(bytes.get(end), Some(b'.' | b',' | b'\'')) && end > at && is_digit(end + 1))
    {
        end += 1;
    }
    if end == at {
        return None;
    }
    // "100 000 BTU/H": only groups of zeros, so that a model number before a figure stays apart.
    while text.get(end..end + 4) == Some(" 000") && !is_digit(end + 4) {
        end += 4;
    }
    let (mut value, point_and_three) = value(&text[at..end])?;
    if matches!(bytes.get(end), Some(b'e')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'-' | b'+')));
        let from = end + 1 + sign;
        let count =
            bytes.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count();
        let stands_apart = !bytes.get(from + count).is_some_and(u8::is_ascii_alphanumeric);
        if (1..=2).contains(&count)
            && stands_apart
            && let Ok(exponent) = text[end + 1..from + count].parse::<i32>()
        {
            value *= 10f64.powi(exponent);
            end = from + count;
        }
    }
    value.is_finite().then_some(Span { low: value, high: value, end, point_and_three })
}

/// What the digits and separators say, and whether a lone point may stand for thousands.
fn value(digits: &str) -> Option<(f64, bool)> {
    let digits: String = digits.chars().filter(|c| !matches!(c, ' ' | '\'')).collect();
    let commas = digits.matches(',').count();
    let points = digits.matches('.').count();
    let groups_of_three = |sign: char| {
        let mut groups = digits.split(sign);
        let first = groups.next().unwrap_or("");
        (1..=3).contains(&first.len()) && !first.starts_with('0') && groups.all(|group| group.len() == 3)
    };
    let decimal = match (commas, points) {
        (0, 0) => digits,
        (0, 1) => {
            let ambiguous = groups_of_three('.');
            return Some((digits.parse().ok()?, ambiguous));
        }
        (_, 0) if groups_of_three(',') => digits.replace(',', ""),
        (1, 0) => digits.replace(',', "."),
        (0, _) if groups_of_three('.') => digits.replace('.', ""),
        _ if commas > 0 && points > 0 => {
            let last_comma = digits.rfind(',')?;
            let last_point = digits.rfind('.')?;
            if last_comma > last_point {
                digits.replace('.', "").replace(',', ".")
            } else {
                digits.replace(',', "")
            }
        }
        _ => digits.split([',', '.']).next()?.to_owned(),
    };
    Some((decimal.parse().ok()?, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (f64, f64) {
        let span = range(text, 0).unwrap();
        (span.low, span.high)
    }

    #[test]
    fn numbers_of_all_spellings() {
        for (text, expected) in [
            ("7.5", 7.5),
            ("7,5", 7.5),
            (".5", 0.5),
            ("100,000", 100_000.0),
            ("100.000.000", 100_000_000.0),
            ("100 000", 100_000.0),
            ("100'000", 100_000.0),
            ("1.234,5", 1234.5),
            ("1,234.5", 1234.5),
            ("0,125", 0.125),
            ("1e-6", 1e-6),
            ("1.0e6", 1e6),
            ("3/4", 0.75),
            ("1-1/2", 1.5),
            ("1/6", 1.0 / 6.0),
            ("2/3", 2.0 / 3.0),
            ("1 1/2", 1.5),
            ("2-1/2\"", 2.5),
        ] {
            let (low, high) = read(text);
            assert!((low - expected).abs() < 1e-9 && (high - expected).abs() < 1e-9, "{text}: {low} {high}");
        }
    }

    #[test]
    fn ranges_and_lists() {
        for (text, low, high) in [
            ("300-600hz", 300.0, 600.0),
            ("300 to 600", 300.0, 600.0),
            ("0.1...590", 0.1, 590.0),
            ("50/60hz", 50.0, 60.0),
            ("300 - 600", 300.0, 600.0),
            ("1/2/4", 0.5, 4.0),
        ] {
            assert_eq!(read(text), (low, high), "{text}");
        }
        assert_eq!(read("5a300"), (5.0, 5.0));
    }

    #[test]
    fn nonsense_is_no_panic() {
        for text in ["", ".", ",5", "1,,2", "1e", "1e999", "9/0", "1-", "99999999999999999999999999"] {
            let _ = range(text, 0);
        }
    }
}
