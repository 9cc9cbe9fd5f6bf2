//! The AES license codes, the symbols of license exceptions, and the words people write in a license column.
//!
//! How a cell is read with them stands in `license_reading`.

use std::collections::BTreeMap;

use crate::effective::Date;

use super::files::RuleFiles;
use super::problem::Problem;
use super::table::Table;

/// All codes, symbols and words.
#[derive(Debug, Clone, Default)]
pub struct LicenseCodes {
    entries: Vec<LicenseEntry>,
    /// Phrases, upper case, a blank between words.
    pub(super) phrases: BTreeMap<String, Phrase>,
    /// How many words the longest phrase has.
    pub(super) longest: usize,
    shapes: Vec<String>,
    /// What the AES codes begin with, upper case, each letter once.
    initials: Vec<u8>,
}

/// A row of the table of codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseEntry {
    /// The AES code, `C33`; empty where none is known.
    pub code: String,
    /// The symbol, `NLR`, `TMP`; empty where there is none.
    pub symbol: String,
    /// Its name.
    pub name: String,
    /// What it claims.
    pub kind: LicenseKind,
    /// The section of a license exception, `15 CFR 740.9`; empty where there is none.
    pub section: String,
    /// The first day on which the code could be used, where known.
    pub from: Option<Date>,
    /// The first day on which it was withdrawn, where it was.
    pub until: Option<Date>,
    /// The first day on which it was no longer accepted, where it was withdrawn.
    pub accepted_until: Option<Date>,
    /// Citations joined by `; `.
    pub citations: String,
    /// Whether the meaning of the code was read in a source.
    pub verified: bool,
    /// A remark.
    pub note: String,
}

impl LicenseEntry {
    /// Whether the code had been withdrawn by this day; without a day, whether it ever was.
    pub fn withdrawn(&self, on: Option<Date>) -> bool {
        self.until.is_some_and(|until| on.is_none_or(|on| until <= on))
    }
}

/// What a code or symbol claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LicenseKind {
    /// A license.
    License,
    /// That no license is required.
    Nlr,
    /// A license exception.
    Exception,
    /// Another authorization.
    Other,
}

/// What a phrase of the license column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phrase {
    Nlr,
    License,
    ExceptionWord,
    Negation,
}

impl LicenseCodes {
    /// The rows of the table.
    pub fn entries(&self) -> &[LicenseEntry] {
        &self.entries
    }

    /// The row of an AES code.
    pub fn by_code(&self, code: &str) -> Option<&LicenseEntry> {
        self.entries.iter().find(|entry| !entry.code.is_empty() && entry.code.eq_ignore_ascii_case(code))
    }

    /// Whether the text is, or begins with, an AES license code: `C33`, `C33 - NLR`.
    pub fn is_aes_code(&self, text: &str) -> bool {
        let other = |c: char| !c.is_ascii_alphanumeric();
        let text = text.trim_start_matches(other);
        // Most texts, `NLR` among them, do not begin as any code does.
        let begins =
            text.bytes().next().is_some_and(|byte| self.initials.contains(&byte.to_ascii_uppercase()));
        begins && text.split(other).next().is_some_and(|word| self.by_code(word).is_some())
    }

    /// The row of a symbol.
    pub fn by_symbol(&self, symbol: &str) -> Option<&LicenseEntry> {
        self.entries
            .iter()
            .find(|entry| !entry.symbol.is_empty() && entry.symbol.eq_ignore_ascii_case(symbol))
    }

    /// The row of a section, written without its title: `740.9`. None where several share it.
    pub fn by_section(&self, section: &str) -> Option<&LicenseEntry> {
        let mut found = self.entries.iter().filter(|entry| entry.section.rsplit(' ').next() == Some(section));
        found.next().filter(|_| found.next().is_none())
    }

    /// Whether the text has the shape of a license number, whatever separates its characters.
    pub fn looks_like_license_number(&self, text: &str) -> bool {
        let compact: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '\u{a0}')).collect();
        self.shapes.iter().any(|shape| fits(shape, &compact))
    }

    pub(super) fn read_tables(files: &RuleFiles, problems: &mut Vec<Problem>) -> Self {
        let mut codes = Self::default();
        let table = Table::read(
            files.table("license_codes.csv"),
            &[
                "code",
                "symbol",
                "name",
                "kind",
                "section",
                "from",
                "until",
                "accepted_until",
                "citation",
                "verified",
                "note",
            ],
            2,
            problems,
        );
        for row in table.rows() {
            let kind = match row.get("kind") {
                "license" => LicenseKind::License,
                "nlr" => LicenseKind::Nlr,
                "exception" => LicenseKind::Exception,
                "other" => LicenseKind::Other,
                other => {
                    problems.push(
                        row.problem("kind", &format!("`{other}` must be license, nlr, exception or other")),
                    );
                    continue;
                }
            };
            if kind == LicenseKind::Exception && crate::citation::Citation::parse(row.get("section")).is_err()
            {
                problems
                    .push(row.problem("section", "a license exception needs its section, `15 CFR 740.9`"));
            }
            let verified = row.yes_no("verified", problems);
            if verified.is_none() {
                problems.push(row.problem("verified", "say `yes` or `no`"));
            }
            codes.entries.push(LicenseEntry {
                code: row.get("code").to_owned(),
                symbol: row.get("symbol").to_owned(),
                name: row.get("name").to_owned(),
                kind,
                section: row.get("section").to_owned(),
                from: row.date("from", problems),
                until: row.date("until", problems),
                accepted_until: row.date("accepted_until", problems),
                citations: crate::citation::join(&row.citations("citation", problems)),
                verified: verified == Some(true),
                note: row.get("note").to_owned(),
            });
        }
        let initials = codes.entries.iter().filter_map(|entry| entry.code.bytes().next());
        codes.initials = initials.map(|byte| byte.to_ascii_uppercase()).collect();
        codes.initials.sort_unstable();
        codes.initials.dedup();
        codes.read_words(files, problems);
        codes
    }

    fn read_words(&mut self, files: &RuleFiles, problems: &mut Vec<Problem>) {
        let table = Table::read(
            files.table("license_words.csv"),
            &["text", "reads_as", "verified", "note"],
            1,
            problems,
        );
        for row in table.rows() {
            let phrase = match row.get("reads_as") {
                "nlr" => Phrase::Nlr,
                "license" => Phrase::License,
                "exception-word" => Phrase::ExceptionWord,
                "negation" => Phrase::Negation,
                "number-shape" => {
                    self.shapes.push(row.get("text").to_owned());
                    continue;
                }
                other => {
                    problems.push(row.problem(
                        "reads_as",
                        &format!("`{other}` must be nlr, license, exception-word, negation or number-shape"),
                    ));
                    continue;
                }
            };
            let text = row.get("text");
            self.longest = self.longest.max(text.split(' ').count());
            self.phrases.insert(text.to_owned(), phrase);
        }
    }
}

/// Whether the text has the shape, in which `#` is a digit and everything else itself.
fn fits(shape: &str, text: &str) -> bool {
    shape.chars().count() == text.chars().count()
        && shape.chars().zip(text.chars()).all(|(shape, c)| match shape {
            '#' => c.is_ascii_digit(),
            letter => letter.eq_ignore_ascii_case(&c),
        })
}

#[cfg(test)]
mod tests {
    use super::super::Rulebase;

    #[test]
    fn a_code_is_the_first_word_whatever_it_begins_with() {
        let rules = Rulebase::embedded().unwrap();
        let codes = rules.license_codes();
        let words = codes.entries().iter().flat_map(|entry| [entry.code.as_str(), entry.symbol.as_str()]);
        for word in words.chain(["", "C", "C3", "C999", "D33", "é", "Éc33", "cé", "C33é"]) {
            for text in [
                word.to_owned(),
                word.to_ascii_lowercase(),
                format!(" ({word}) - NLR"),
                format!("NLR {word}"),
                format!("é{word}"),
                format!("{word}9"),
            ] {
                let mut words =
                    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
                let is_code = words.next().is_some_and(|word| codes.by_code(word).is_some());
                assert_eq!(codes.is_aes_code(&text), is_code, "{text}");
            }
        }
        assert!(codes.is_aes_code("c33 - NLR") && !codes.is_aes_code("NLR"));
    }
}
