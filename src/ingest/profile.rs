//! What the values of a column look like, where a heading alone does not say what it holds.
//!
//! Looks at the rows read ahead; decides nothing.

use super::values::{DateShape, is_null_word};
use crate::codes::Classification;
use crate::field::Field;
use crate::source::{Cell, CellKind};

/// Shares of the values of one column, over those that are not blank.
#[derive(Debug, Clone, Default)]
pub(crate) struct Profile {
    filled: usize,
    eccns: usize,
    tariff_codes: usize,
    country_codes: usize,
    words: usize,
    dates: usize,
    numbers: usize,
    line_numbers: usize,
    license_codes: usize,
    identifiers: usize,
    phrases: usize,
    /// Up to three different values.
    pub(crate) samples: Vec<String>,
}

impl Profile {
    /// Adds a cell.
    pub(crate) fn see(&mut self, cell: Cell<'_>) {
        let text = cell.text.trim();
        if cell.is_blank() || text.is_empty() || is_null_word(Field::Destination, text) {
            return;
        }
        self.filled += 1;
        if self.samples.len() < 3 && !self.samples.iter().any(|sample| sample == text) {
            self.samples.push(text.to_owned());
        }
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let spaces = text.contains(' ');
        let plain = text.len() <= 24;
        let classified = plain.then(|| Classification::read(text));
        self.eccns +=
            usize::from(matches!(classified, Some(Classification::Eccn(_) | Classification::Ear99)));
        let punctuated = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b' ' | b'-'));
        self.tariff_codes += usize::from(punctuated && (6..=10).contains(&digits) && !text.contains("--"));
        self.country_codes +=
            usize::from(matches!(text.len(), 2 | 3) && text.bytes().all(|b| b.is_ascii_alphabetic()));
        self.words += usize::from(digits == 0 && letters >= 4);
        self.dates += usize::from(match DateShape::of(cell) {
            DateShape::None => false,
            DateShape::Serial => (5..=12).contains(&text.len()) && digits >= 5,
            _ => true,
        });
        let amount = text.bytes().all(|byte| {
            byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-' | b'(' | b')' | b' ' | b'$')
        });
        self.numbers += usize::from(digits > 0 && (amount || cell.kind == CellKind::Number));
        self.line_numbers += usize::from(
            digits == text.len() && text.parse().is_ok_and(|number: u64| number <= 9_990) && text.len() <= 6,
        );
        self.license_codes += usize::from(is_license_code(text));
        self.identifiers += usize::from(digits > 0 && !spaces && text.len() <= 30);
        self.phrases += usize::from(spaces && letters > digits);
    }

    /// Whether the values speak for the field (`Some(true)`), against it, or neither.
    pub(crate) fn support(&self, field: Field) -> Option<bool> {
        if self.filled == 0 {
            return None;
        }
        let share = |count: usize| count as f64 / self.filled as f64;
        let judged = |count: usize| match share(count) {
            share if share >= 0.5 => Some(true),
            share if share < 0.2 => Some(false),
            _ => None,
        };
        match field {
            Field::Eccn => judged(self.eccns),
            Field::ScheduleB => judged(self.tariff_codes),
            Field::Destination
            | Field::Country
            | Field::PartyCountry(_)
            | Field::Origin
            | Field::ShipFromCountry => {
                if share(self.country_codes) >= 0.5 {
                    Some(true)
                } else {
                    judged(self.country_codes + self.words).filter(|&yes| !yes)
                }
            }
            Field::Date(_) => judged(self.dates),
            Field::LineNumber => judged(self.line_numbers),
            Field::Item => (share(self.line_numbers) >= 0.9).then_some(false),
            Field::LicenseCode => judged(self.license_codes),
            Field::LicenseNumber | Field::Document | Field::Itn => judged(self.identifiers),
            Field::Description => judged(self.phrases),
            Field::Party(_) => judged(self.phrases + self.words.saturating_sub(self.phrases)),
            Field::Quantity | Field::UnitPrice | Field::Value => judged(self.numbers),
            _ => None,
        }
    }

    /// Whether no row read ahead holds a value.
    pub(crate) fn is_blank(&self) -> bool {
        self.filled == 0
    }
}

/// `C33`, `NLR`, `C33 - NLR`, `ENC`, `No License Required`.
fn is_license_code(text: &str) -> bool {
    let mut words = text.split([' ', '-', '/', ',']).filter(|word| !word.is_empty());
    let Some(first) = words.next() else { return false };
    let bytes = first.as_bytes();
    let aes = bytes.len() == 3 && bytes[0].is_ascii_alphabetic() && bytes[1..].iter().all(u8::is_ascii_digit);
    let symbol = bytes.len() == 3 && bytes.iter().all(u8::is_ascii_alphabetic) && text.len() <= 24;
    aes || symbol || (text.len() <= 24 && text.bytes().all(|byte| !byte.is_ascii_digit()))
}
