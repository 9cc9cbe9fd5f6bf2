//! Numbers of cells as their digits stand: which every reader takes for the same, and how their style shows them.

use super::super::number_format::NumberFormat;
use super::super::rows::{write_number, write_serial};
use super::core_parts::Style;
use crate::source::CellKind;

/// Whether every reader takes this for the same number: `-12`, `0.5`, `1.2E-7`.
#[inline]
pub(super) fn is_number(text: &[u8]) -> bool {
    let run = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut rest = text.strip_prefix(b"-").unwrap_or(text);
    let whole = run(rest);
    rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = run(fraction);
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent =
            exponent.strip_prefix(b"-").or_else(|| exponent.strip_prefix(b"+")).unwrap_or(exponent);
        let length = run(exponent);
        if length == 0 || length > 3 {
            return false;
        }
        rest = &exponent[length..];
    }
    whole > 0 && rest.is_empty() && text.len() <= 40
}

/// Writes a number as its style asks.
pub(super) fn write_digits(
    digits: &str,
    style: Style,
    format: NumberFormat,
    from_1904: bool,
    text: &mut String,
) -> CellKind {
    if style == Style::Number && format == NumberFormat::Plain && is_shortest(digits.as_bytes()) {
        text.push_str(digits);
        return CellKind::Number;
    }
    // What `is_number` admits is a number.
    let number: f64 = digits.parse().unwrap_or(f64::NAN);
    match style {
        Style::Date => write_serial(number, from_1904, text),
        Style::Duration => write_number(number, text),
        Style::Number => format.write(number, text).unwrap_or_else(|| write_number(number, text)),
    }
}

/// Whether a number stands in its shortest exact form already: so few digits that each form is a number of its own, no
/// zero that says nothing, no exponent.
fn is_shortest(digits: &[u8]) -> bool {
    let unsigned = digits.strip_prefix(b"-").unwrap_or(digits);
    let whole = unsigned.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let leads = unsigned[0] == b'0' && whole > 1;
    let fraction = unsigned.get(whole + 1..).unwrap_or_default();
    let plain =
        whole == unsigned.len() || (unsigned[whole] == b'.' && fraction.iter().all(u8::is_ascii_digit));
    plain && !leads && unsigned.len() <= 15 && fraction.last() != Some(&b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_written_as_they_stand_are_those_written_from_their_value() {
        for digits in [
            "0",
            "-0",
            "7",
            "120",
            "14.5",
            "0.1",
            "-3.25",
            "123456789012345",
            "0.0000001",
            "1234567890.123",
            "1e5",
            "007",
            "1.50",
            "1.0",
            "12345678901234567",
            "14.300000000000001",
            "2.5E-3",
            "0.30000000000000004",
            "-0.0",
        ] {
            assert!(is_number(digits.as_bytes()), "{digits}");
            let mut text = String::new();
            write_digits(digits, Style::Number, NumberFormat::Plain, false, &mut text);
            assert_eq!(text, digits.parse::<f64>().unwrap().to_string(), "{digits}");
        }
        for text in ["", "-", "+1", ".5", "1.", "1e", " 1", "inf", "nan", "0x1", "1,5"] {
            assert!(!is_number(text.as_bytes()), "{text}");
        }
    }
}
