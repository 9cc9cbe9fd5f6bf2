//! Export Control Classification Numbers (Supplement No. 1 to 15 CFR Part 774) in every spelling people write.
//!
//! Reads the form alone. Whether the Commerce Control List has such an entry is asked of `rulebase`.

use std::fmt;

/// An ECCN: the five characters of the entry and the paragraph below it, where one was given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Eccn {
    entry: String,
    paragraph: Vec<String>,
}

impl Eccn {
    /// The five characters, `3A992`.
    pub fn entry(&self) -> &str {
        &self.entry
    }

    /// The levels below the entry: `["h", "2"]` for 2B999.h.2.
    pub fn paragraph(&self) -> &[String] {
        &self.paragraph
    }

    /// Whether this is the other, or lies within it: 2B999.h.2 is within 2B999.h and within 2B999.
    pub fn is_within(&self, other: &Self) -> bool {
        self.entry == other.entry && self.paragraph.starts_with(&other.paragraph)
    }

    /// Reads the canonical form `2B999.h.2`, as data files write it.
    pub fn canonical(text: &str) -> Option<Self> {
        match Classification::read(text) {
            Classification::Eccn(eccn) => Some(eccn),
            _ => None,
        }
    }
}

impl fmt::Display for Eccn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.entry)?;
        self.paragraph.iter().try_for_each(|level| write!(f, ".{level}"))
    }
}

/// What the text of a classification cell says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Classification {
    /// A well-formed ECCN.
    Eccn(Eccn),
    /// Subject to the EAR and on no entry of the CCL.
    Ear99,
    /// A number or scientific notation where an ECCN stood: `3E001` typed into a number cell becomes 30.
    Damaged,
    /// Neither an ECCN nor EAR99.
    Malformed,
}

impl Classification {
    /// Reads the text of a cell: `3A992.a`, `3a992a`, `ECCN 3A992 A`, `2B999H2`, `EAR 99`.
    ///
    /// A cell that is blank or holds a word for "nothing" is not asked here.
    pub fn read(text: &str) -> Self {
        let mut folded: String = text
            .chars()
            .filter(|c| !matches!(c, '\u{200b}' | '\u{feff}' | '\u{200c}' | '\u{200d}'))
            .map(|c| match c {
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
                _ => c,
            })
            .map(|c| c.to_ascii_uppercase())
            .collect();
        folded = folded.trim().to_owned();
        let mut rest = folded.as_str();
        for prefix in ["EXPORT CONTROL CLASSIFICATION NUMBER", "US ECCN", "ECCN", "CCL", "CLASS"] {
            if let Some(after) = rest.strip_prefix(prefix) {
                rest = after.trim_start_matches([' ', ':', '#', '=', '-', '.', '\u{a0}']);
                if let Some(after) = rest.strip_prefix("NO.").or_else(|| rest.strip_prefix("NO ")) {
                    rest = after.trim_start();
                }
                break;
            }
        }
        if is_ear99(rest) {
            return Self::Ear99;
        }
        if looks_numeric(rest) {
            return Self::Damaged;
        }
        read_eccn(rest).map_or(Self::Malformed, Self::Eccn)
    }
}

fn is_ear99(text: &str) -> bool {
    let letters: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    letters == "EAR99" || letters == "99EAR"
}

/// A plain or scientific number: digits with at most one point or comma and an exponent.
fn looks_numeric(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() {
        return false;
    }
    // 3E001 is an ECCN and also a number to Rust: five characters of the ECCN's own form are not damaged.
    if read_eccn(text).is_some() {
        return false;
    }
    text.replace(',', ".").parse::<f64>().is_ok_and(f64::is_finite)
}

fn read_eccn(text: &str) -> Option<Eccn> {
    let bytes = text.as_bytes();
    let mut compact = String::with_capacity(text.len());
    // The entry may be broken by a blank, a hyphen or a point: "3A 992", "3-A-992".
    let mut index = 0;
    while compact.len() < 5 && index < bytes.len() {
        let byte = bytes[index];
        match (compact.len(), byte) {
            (0 | 2 | 3 | 4, b'0'..=b'9') | (1, b'A'..=b'E') => compact.push(char::from(byte)),
            (1..=4, b' ' | b'-' | b'.') => {}
            _ => return None,
        }
        index += 1;
    }
    if compact.len() < 5 {
        return None;
    }
    let mut paragraph = Vec::new();
    let mut level = String::new();
    for c in text[index..].chars() {
        match c {
            'A'..='Z' | '0'..='9' => {
                let letter = c.is_ascii_alphabetic();
                let changes = level.chars().last().is_some_and(|last| last.is_ascii_alphabetic() != letter);
                // Levels alternate between one letter and a number; "a15" is two levels, "15" one.
                if changes || (letter && !level.is_empty()) {
                    paragraph.push(std::mem::take(&mut level));
                }
                level.push(c.to_ascii_lowercase());
            }
            '.' | ' ' | '-' | '_' | '/' | '(' | ')' | '[' | ']' | ',' | ':' | '\u{a0}' => {
                if !level.is_empty() {
                    paragraph.push(std::mem::take(&mut level));
                }
            }
            _ => return None,
        }
    }
    if !level.is_empty() {
        paragraph.push(level);
    }
    let alternates = paragraph.iter().enumerate().all(|(depth, level)| {
        let letter = level.as_bytes()[0].is_ascii_alphabetic();
        letter == (depth % 2 == 0) && level.len() <= 2
    });
    // The CCL nests at most seven deep; words behind a number ("3A992 spare part") do not alternate.
    (alternates && paragraph.len() <= 7).then_some(Eccn { entry: compact, paragraph })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eccn(text: &str) -> String {
        match Classification::read(text) {
            Classification::Eccn(eccn) => eccn.to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn spellings_people_write() {
        for (text, expected) in [
            ("3A992.a", "3A992.a"),
            ("3a992a", "3A992.a"),
            ("ECCN 3A992 A", "3A992.a"),
            ("ECCN: 3A992.A", "3A992.a"),
            ("2B999H2", "2B999.h.2"),
            ("2B999(h)(2)", "2B999.h.2"),
            ("2B999-h-2", "2B999.h.2"),
            (" 2b999 ", "2B999"),
            ("3A001.a.15.b", "3A001.a.15.b"),
            ("3A001A15B", "3A001.a.15.b"),
            ("3A 992", "3A992"),
            ("3E001", "3E001"),
            ("３Ａ９９２", "3A992"),
        ] {
            assert_eq!(eccn(text), expected, "{text}");
        }
        for text in ["EAR99", "EAR 99", "ear-99", "ECCN EAR99"] {
            assert_eq!(Classification::read(text), Classification::Ear99, "{text}");
        }
    }

    #[test]
    fn damage_and_nonsense_are_told_apart() {
        for text in ["30", "3.00E+01", "500", "3E+1", "5,00E+02"] {
            assert_eq!(Classification::read(text), Classification::Damaged, "{text}");
        }
        for text in ["NLR", "TBD", "3A99", "3F001", "3A992 spare part", "N.L.R.", "XIII(b)", "3A9921"] {
            let read = Classification::read(text);
            assert!(matches!(read, Classification::Malformed | Classification::Damaged), "{text}: {read:?}");
        }
    }

    #[test]
    fn a_paragraph_lies_within_its_parents() {
        let h2 = Eccn::canonical("2B999.h.2").unwrap();
        assert!(h2.is_within(&Eccn::canonical("2B999.h").unwrap()));
        assert!(h2.is_within(&Eccn::canonical("2B999").unwrap()));
        assert!(!Eccn::canonical("2B999.h").unwrap().is_within(&h2));
    }
}
