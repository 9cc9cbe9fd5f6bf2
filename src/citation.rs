//! Citations of the Code of Federal Regulations and the Federal Register, in the one form the data writes them.
//!
//! Reads and prints the form; whether the cited text says what is claimed is for `checked_on` and a person.

use std::fmt;

/// A place in the law.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Citation {
    /// `15 CFR 742.6(a)(12)`, also a range of paragraphs, `15 CFR 748.5(c)-(f)`.
    Section {
        /// The title of the Code.
        title: u16,
        /// Part and section, `742.6`.
        section: String,
        /// The paragraph as written, `(a)(12)`; empty for the whole section.
        paragraph: String,
    },
    /// `Supplement No. 4 to 15 CFR Part 744`.
    Supplement {
        /// The supplement's number.
        number: u16,
        /// The title of the Code.
        title: u16,
        /// The part.
        part: u16,
    },
    /// `89 FR 93164`.
    FederalRegister {
        /// The volume.
        volume: u16,
        /// The first page cited.
        page: u32,
    },
}

impl Citation {
    /// Reads one citation.
    ///
    /// # Errors
    /// Says which forms are read when the text has none of them.
    pub fn parse(text: &str) -> Result<Self, String> {
        read_register(text).or_else(|| read_supplement(text)).or_else(|| read_section(text)).ok_or_else(|| {
            format!(
                "`{text}` is not a citation; write `15 CFR 742.6(a)(12)`, `Supplement No. 4 to 15 CFR Part 744` \
                 or `89 FR 93164`"
            )
        })
    }
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Section { title, section, paragraph } => write!(f, "{title} CFR {section}{paragraph}"),
            Self::Supplement { number, title, part } => {
                write!(f, "Supplement No. {number} to {title} CFR Part {part}")
            }
            Self::FederalRegister { volume, page } => write!(f, "{volume} FR {page}"),
        }
    }
}

/// Citations joined the way every report prints them.
pub fn join(citations: &[Citation]) -> String {
    citations.iter().map(Citation::to_string).collect::<Vec<_>>().join("; ")
}

/// A number without sign or leading zero, so that each citation has one spelling.
fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    let plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

fn read_register(text: &str) -> Option<Citation> {
    let (volume, page) = text.split_once(" FR ")?;
    Some(Citation::FederalRegister { volume: number(volume)?, page: number(page)? })
}

fn read_supplement(text: &str) -> Option<Citation> {
    let rest = text.strip_prefix("Supplement No. ")?;
    let (supplement, rest) = rest.split_once(" to ")?;
    let (title, part) = rest.split_once(" CFR Part ")?;
    Some(Citation::Supplement { number: number(supplement)?, title: number(title)?, part: number(part)? })
}

fn read_section(text: &str) -> Option<Citation> {
    let (title, rest) = text.split_once(" CFR ")?;
    let end = rest.find('(').unwrap_or(rest.len());
    let (section, paragraph) = rest.split_at(end);
    let (part, within) = section.split_once('.')?;
    number::<u16>(part)?;
    number::<u16>(within)?;
    let sound = paragraph.is_empty() || paragraph.split('-').all(is_paragraph);
    sound.then_some(Citation::Section {
        title: number(title)?,
        section: section.to_owned(),
        paragraph: paragraph.to_owned(),
    })
}

/// `(a)(12)`: one or more levels, each in its own parentheses.
fn is_paragraph(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) else { return false };
    inner
        .split(")(")
        .all(|level| (1..=5).contains(&level.len()) && level.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_prints_as_it_was_read() {
        for text in [
            "15 CFR 742.6(a)(12)",
            "15 CFR 742.6(a)(6)(iii)",
            "15 CFR 744.11",
            "15 CFR 748.5(c)-(f)",
            "Supplement No. 4 to 15 CFR Part 744",
            "89 FR 93164",
        ] {
            assert_eq!(Citation::parse(text).map(|citation| citation.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in
            ["", "742.6(a)(12)", "15 CFR 742", "89 FR", "89 FR 093164", "15 CFR 742.6(a", "15 CFR 742.6()"]
        {
            assert!(Citation::parse(text).is_err(), "{text}");
        }
    }
}
