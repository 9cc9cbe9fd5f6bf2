//! Schedule B and HTSUSA numbers: ten digits, written with or without points. A hint, never a decision.

/// The digits of a tariff code, as far as the record gives them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ScheduleB {
    digits: String,
}

impl ScheduleB {
    /// Reads `8481.80.3090`, `8481 80 30 90`, `8481803090`, or a shorter code of at least four digits.
    ///
    /// None for scientific notation (`8.48E+09` has lost its digits) and for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['=', '\'', '"']).trim_end_matches('"');
        let text = text.strip_suffix(".0").unwrap_or(text);
        let mut digits = String::with_capacity(10);
        for c in text.chars() {
            match c {
                '0'..='9' => digits.push(c),
                '.' | ' ' | '-' | '\u{a0}' => {}
                _ => return None,
            }
        }
        (4..=12).contains(&digits.len()).then_some(Self { digits })
    }

    /// The digits without points.
    pub fn digits(&self) -> &str {
        &self.digits
    }

    /// Whether the code begins with these digits.
    pub fn starts_with(&self, heading: &str) -> bool {
        self.digits.starts_with(heading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_blanks_do_not_matter() {
        for text in
            ["8481803090", "8481.80.3090", "8481 80 30 90", "=\"8481803090\"", "'8481803090", "8481803090.0"]
        {
            assert_eq!(ScheduleB::read(text).unwrap().digits(), "8481803090", "{text}");
        }
        assert!(ScheduleB::read("8.48E+09").is_none());
        assert!(ScheduleB::read("n/a").is_none());
    }
}
