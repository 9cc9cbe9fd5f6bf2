//! What the number format of a cell says that its number does not: the zeros a code begins with, and the currency of an
//! amount. Shared by the formats of Excel.

use std::fmt::Write as _;

use super::values::currency_named;
use crate::source::CellKind;

/// What a number format adds to a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum NumberFormat {
    /// Nothing that is not in the number.
    #[default]
    Plain,
    /// Zeros before it, up to so many digits.
    Padded(u8),
    /// A currency.
    Currency(&'static str),
}

impl NumberFormat {
    /// Reads a format such as `0000000000` or `[$€-407]#,##0.00;-[$€-407]#,##0.00`.
    pub(crate) fn read(code: &str) -> Self {
        let code = first_section(code);
        if let Some(digits) = padded_digits(code) {
            return Self::Padded(digits);
        }
        currency_in(code).map_or(Self::Plain, Self::Currency)
    }

    /// Writes the number with what its format adds; none where it adds nothing.
    pub(crate) fn write(self, number: f64, text: &mut String) -> Option<CellKind> {
        match self {
            Self::Padded(digits) if number >= 0.0 && number.fract() == 0.0 => {
                // Writing to a string cannot fail.
                let _ = write!(text, "{number:0width$}", width = usize::from(digits));
            }
            Self::Currency(code) => write_amount(code, &number.to_string(), text),
            Self::Plain | Self::Padded(_) => return None,
        }
        Some(CellKind::Text)
    }
}

/// The cells of a sheet whose number format adds something, for readers that give values without formats.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FormattedCells {
    /// Row counted from 1, column counted from 0, style.
    cells: Vec<(u32, u16, u16)>,
    next: usize,
}

impl FormattedCells {
    /// Adds a cell whose style adds something.
    pub(crate) fn add(&mut self, row: u32, column: u32, style: usize) {
        // Columns and styles beyond these are beyond what Excel writes.
        if let (Ok(column), Ok(style)) = (u16::try_from(column), u16::try_from(style)) {
            self.cells.push((row, column, style));
        }
    }

    /// Puts the cells in order, once all are known.
    pub(crate) fn sort(&mut self) {
        self.cells.sort_unstable();
    }

    /// The style of a cell, where it adds something. Cells are asked for in order.
    pub(crate) fn style_of(&mut self, row: u32, column: u32) -> Option<usize> {
        while let Some(&(at, beside, style)) = self.cells.get(self.next) {
            match (at, u32::from(beside)).cmp(&(row, column)) {
                std::cmp::Ordering::Less => self.next += 1,
                std::cmp::Ordering::Equal => return Some(usize::from(style)),
                std::cmp::Ordering::Greater => return None,
            }
        }
        None
    }
}

/// Writes an amount with its currency, so that three decimals are not taken for thousands.
pub(crate) fn write_amount(currency: &str, number: &str, text: &mut String) {
    let thousandths = number.rsplit_once('.').is_some_and(|(_, decimals)| decimals.len() == 3);
    // Writing to a string cannot fail.
    let _ = write!(text, "{currency} {number}{}", if thousandths { "0" } else { "" });
}

/// The part for positive numbers: up to the first semicolon that is not quoted.
fn first_section(code: &str) -> &str {
    let mut quoted = false;
    let end = code.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b';' && !quoted
    });
    &code[..end.unwrap_or(code.len())]
}

/// The digits of a format of zeros alone, with nothing but marks between them: `0000\.00\.0000`.
fn padded_digits(code: &str) -> Option<u8> {
    let mut zeros = 0;
    let mut bytes = code.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'0' => zeros += 1,
            b'\\' => {
                bytes.next();
            }
            b'"' => {
                if !bytes.by_ref().take_while(|byte| *byte != b'"').all(|byte| b"-. /".contains(&byte)) {
                    return None;
                }
            }
            b'-' | b' ' | b'/' => {}
            _ => return None,
        }
    }
    (3..=20).contains(&zeros).then_some(zeros)
}

/// The currency named in brackets, in quotes or by its sign.
fn currency_in(code: &str) -> Option<&'static str> {
    let mut rest = code;
    while let Some(at) = rest.find(['[', '"', '€', '£', '₹']) {
        let from = &rest[at..];
        if let Some(inner) = from.strip_prefix("[$") {
            let inner = &inner[..inner.find(']')?];
            let (sign, locale) = inner.rsplit_once('-').unwrap_or((inner, ""));
            if let Some(code) = currency_named(sign, locale) {
                return Some(code);
            }
            rest = &from[inner.len() + 2..];
        } else if let Some(inner) = from.strip_prefix('"') {
            let inner = &inner[..inner.find('"')?];
            if let Some(code) = currency_named(inner, "") {
                return Some(code);
            }
            rest = &from[inner.len() + 2..];
        } else {
            let sign = from.chars().next()?;
            if let Some(code) = currency_named(sign.encode_utf8(&mut [0; 4]), "") {
                return Some(code);
            }
            rest = &from[sign.len_utf8()..];
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_say_what_numbers_do_not() {
        use NumberFormat::{Currency, Padded, Plain};
        for (code, format) in [
            ("0000000000", Padded(10)),
            ("0000000000;@", Padded(10)),
            ("0000\\.00\\.0000", Padded(10)),
            ("0000\".\"00\".\"0000", Padded(10)),
            ("00000\\-0000", Padded(9)),
            ("000.00", Plain),
            ("0", Plain),
            ("General", Plain),
            ("#,##0.00", Plain),
            ("000\" pcs\"", Plain),
            ("[$€-407]#,##0.00;[Red]-[$€-407]#,##0.00", Currency("EUR")),
            ("_-[$USD]\\ * #,##0.00_-", Currency("USD")),
            ("[$$-409]#,##0.00", Currency("USD")),
            ("\"$\"#,##0.00", Plain),
            ("#,##0.00\\ \"EUR\"", Currency("EUR")),
            ("#,##0.00\\ €", Currency("EUR")),
            ("0 \"PCS\"", Plain),
            ("[$-409]mmm\\ d;@", Plain),
            ("[Red]0\"", Plain),
        ] {
            assert_eq!(NumberFormat::read(code), format, "{code}");
        }
    }

    #[test]
    fn amounts_stay_what_they_are() {
        let written = |format: NumberFormat, number| {
            let mut text = String::new();
            format.write(number, &mut text).map(|_| text)
        };
        assert_eq!(written(NumberFormat::Currency("EUR"), 1.234).as_deref(), Some("EUR 1.2340"));
        assert_eq!(written(NumberFormat::Currency("EUR"), -1234.5).as_deref(), Some("EUR -1234.5"));
        assert_eq!(written(NumberFormat::Padded(10), 106_900_000.0).as_deref(), Some("0106900000"));
        assert_eq!(written(NumberFormat::Padded(10), 1.5), None);
    }
}
