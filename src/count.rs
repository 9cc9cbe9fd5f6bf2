//! Counts as people write them: `1 line`, `2,000 lines`.
//!
//! Knows thousands separators and one noun in singular and plural; it formats no money and no dates.

/// A count with thousands separators: `1,234,567`.
pub fn count(number: u64) -> String {
    separated(&number.to_string())
}

/// A count with its noun: `1 line`, `2,000 lines`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// Days with their noun, however many on either side: `1 day`, `4,378 days`.
pub fn days(number: i32) -> String {
    counted(u64::from(number.unsigned_abs()), "day", "days")
}

/// Digits with a comma before every third from the right.
pub(crate) fn separated(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_thousands_are_separated() {
        assert_eq!(counted(1, "line", "lines"), "1 line");
        assert_eq!(counted(0, "line", "lines"), "0 lines");
        assert_eq!(counted(20_000, "line", "lines"), "20,000 lines");
        assert_eq!(days(1), "1 day");
        assert_eq!(days(4_378), "4,378 days");
        assert_eq!(count(1_234_567), "1,234,567");
    }
}
