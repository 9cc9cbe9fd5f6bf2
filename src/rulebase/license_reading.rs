//! What the text of a license column claims: no license required, a license, a license exception.
//!
//! The vocabulary is `license_codes`; whether the claim holds is for `determination`.

use crate::effective::Date;

use super::license_codes::{LicenseCodes, LicenseEntry, LicenseKind, Phrase};

/// What a license cell claims. A cell that is blank or holds a word for "nothing" is not asked here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LicenseReading<'a> {
    /// That no license is required.
    Nlr {
        /// The AES code, where one is written.
        code: Option<&'a LicenseEntry>,
        /// Whether that code had been withdrawn by the day.
        withdrawn: bool,
    },
    /// A license.
    License {
        /// The number as written, where there is one, of whatever shape.
        number: Option<String>,
        /// The AES code, where one is written.
        code: Option<&'a LicenseEntry>,
    },
    /// A license exception.
    Exception {
        /// Its symbol.
        symbol: String,
        /// The paragraph claimed, `(a)(1)`.
        paragraph: Option<String>,
        /// Its row in the table.
        entry: &'a LicenseEntry,
        /// Whether nothing but the AES code says so.
        from_code_only: bool,
        /// Whether the symbol is written, or the code's meaning was read in a source.
        verified: bool,
    },
    /// Another authorization.
    Other(&'a LicenseEntry),
    /// Nothing the vocabulary knows, or two claims that contradict one another.
    Unknown,
}

/// What was met in the cell so far.
#[derive(Default)]
struct Claims<'a> {
    nlr: bool,
    license: bool,
    negated: bool,
    number: Option<String>,
    /// Codes and symbols: the row, the paragraph, whether only the code was written.
    rows: Vec<(&'a LicenseEntry, Option<String>, bool)>,
    leftover: Option<String>,
}

/// A run of letters and digits, upper case, and where it ends.
struct Token {
    text: String,
    start: usize,
    end: usize,
}

impl LicenseCodes {
    /// Reads the text of a license cell as of a day: `NLR`, `C33 - NLR`, `BIS License D1234567`, `TMP (a)(1)`.
    pub fn read(&self, text: &str, on: Option<Date>) -> LicenseReading<'_> {
        self.claims(text).resolve(on)
    }

    fn claims(&self, text: &str) -> Claims<'_> {
        let tokens = tokens(text);
        let mut claims = Claims::default();
        let mut at = 0;
        while at < tokens.len() {
            at += self.step(text, &tokens, at, &mut claims);
        }
        claims
    }

    /// Reads what stands at a token and says how many tokens that took.
    fn step<'a>(&'a self, text: &str, tokens: &[Token], at: usize, claims: &mut Claims<'a>) -> usize {
        if let Some(taken) = self.number(tokens, at, claims) {
            return taken;
        }
        let token = &tokens[at];
        if let Some((entry, taken)) = self.section(text, tokens, at) {
            let (paragraph, end) = read_paragraph(text, tokens[at + taken - 1].end);
            claims.rows.push((entry, paragraph, false));
            return taken + tokens[at + taken..].iter().take_while(|token| token.start < end).count();
        }
        if let Some((entry, taken)) = self.code(tokens, at) {
            claims.rows.push((entry, None, true));
            return taken;
        }
        if let Some((phrase, taken)) = self.phrase(tokens, at) {
            match phrase {
                Phrase::Nlr => claims.nlr = true,
                Phrase::License => claims.license = true,
                Phrase::ExceptionWord => {}
                Phrase::Negation => claims.negated = true,
            }
            return taken;
        }
        if let Some(entry) = self.by_symbol(&token.text) {
            let (paragraph, end) = read_paragraph(text, token.end);
            claims.rows.push((entry, paragraph, false));
            return 1 + tokens[at + 1..].iter().take_while(|token| token.start < end).count();
        }
        // What may be a number of another shape: kept beside a license word or code, and judged there.
        if token.text.len() >= 4 && token.text.bytes().any(|byte| byte.is_ascii_digit()) {
            claims.leftover.get_or_insert_with(|| token.text.clone());
        }
        1
    }

    /// A license number in one token, or broken into two or three.
    fn number(&self, tokens: &[Token], at: usize, claims: &mut Claims<'_>) -> Option<usize> {
        // No shape is without a digit; most cells are words.
        tokens[at..].iter().take(3).find(|token| token.text.bytes().any(|byte| byte.is_ascii_digit()))?;
        (1..=3).find_map(|taken| {
            let joined: String =
                tokens.get(at..at + taken)?.iter().map(|token| token.text.as_str()).collect();
            self.looks_like_license_number(&joined).then(|| {
                claims.number.get_or_insert(joined);
                taken
            })
        })
    }

    /// `740.9`: two tokens with a point between them.
    fn section(&self, text: &str, tokens: &[Token], at: usize) -> Option<(&LicenseEntry, usize)> {
        let [part, within] = tokens.get(at..at + 2)? else { return None };
        if text.get(part.end..within.start)? != "." {
            return None;
        }
        self.by_section(text.get(part.start..within.end)?).map(|entry| (entry, 2))
    }

    /// `C33`, `C-33`.
    fn code(&self, tokens: &[Token], at: usize) -> Option<(&LicenseEntry, usize)> {
        if let Some(entry) = self.by_code(&tokens[at].text) {
            return Some((entry, 1));
        }
        let [letter, digits] = tokens.get(at..at + 2)? else { return None };
        self.by_code(&format!("{}{}", letter.text, digits.text)).map(|entry| (entry, 2))
    }

    /// The longest phrase that begins here.
    fn phrase(&self, tokens: &[Token], at: usize) -> Option<(Phrase, usize)> {
        let mut words = String::new();
        let mut longest = None;
        for (taken, token) in tokens[at..].iter().take(self.longest).enumerate() {
            if taken > 0 {
                words.push(' ');
            }
            words.push_str(&token.text);
            longest = self.phrases.get(&words).map(|phrase| (*phrase, taken + 1)).or(longest);
        }
        longest
    }
}

impl<'a> Claims<'a> {
    fn resolve(self, on: Option<Date>) -> LicenseReading<'a> {
        let of = |kind| self.rows.iter().find(move |(entry, ..)| entry.kind == kind);
        let nlr = self.nlr || of(LicenseKind::Nlr).is_some();
        let license = self.number.is_some() || of(LicenseKind::License).is_some();
        let exception = of(LicenseKind::Exception);
        let other = of(LicenseKind::Other);
        let claimed = [nlr, license, exception.is_some(), other.is_some()];
        if self.negated || claimed.iter().filter(|claim| **claim).count() > 1 {
            return LicenseReading::Unknown;
        }
        if nlr {
            let code = of(LicenseKind::Nlr).map(|(entry, ..)| *entry);
            return LicenseReading::Nlr { code, withdrawn: code.is_some_and(|code| code.withdrawn(on)) };
        }
        if let Some((entry, ..)) = exception {
            return self.exception(entry);
        }
        if let Some((entry, ..)) = other {
            return LicenseReading::Other(entry);
        }
        if license || self.license {
            let code = of(LicenseKind::License).map(|(entry, ..)| *entry);
            return LicenseReading::License { code, number: self.number.or(self.leftover) };
        }
        LicenseReading::Unknown
    }

    /// One exception, however often it is named; two different ones contradict one another.
    fn exception(&self, entry: &'a LicenseEntry) -> LicenseReading<'a> {
        if self.rows.iter().any(|(row, ..)| row.symbol != entry.symbol) {
            return LicenseReading::Unknown;
        }
        let mut paragraphs: Vec<_> =
            self.rows.iter().filter_map(|(_, paragraph, _)| paragraph.clone()).collect();
        paragraphs.dedup();
        if paragraphs.len() > 1 {
            return LicenseReading::Unknown;
        }
        let from_code_only = self.rows.iter().all(|(.., code_only)| *code_only);
        LicenseReading::Exception {
            symbol: entry.symbol.clone(),
            paragraph: paragraphs.pop(),
            entry,
            from_code_only,
            verified: !from_code_only || entry.verified,
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_ascii_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                tokens.push(Token { text: text[from..at].to_ascii_uppercase(), start: from, end: at });
                start = None;
            }
            _ => {}
        }
    }
    tokens
}

/// The paragraph that follows a symbol or section, `(a)(1)`, `a.1`, `-A1`, and where it ends.
fn read_paragraph(text: &str, from: usize) -> (Option<String>, usize) {
    let rest = &text[from..];
    let mut levels: Vec<String> = Vec::new();
    let mut end = from;
    for token in tokens(rest) {
        let between = &rest[end - from..token.start];
        let bracketed = between.trim_end_matches(' ').ends_with('(') && rest[token.end..].starts_with(')');
        let joined = if levels.is_empty() {
            between.chars().all(|c| matches!(c, ' ' | '-' | '.' | '\u{a0}'))
        } else {
            between == "."
        };
        let level = token.text.to_ascii_lowercase();
        let split = level.find(|c: char| c.is_ascii_digit()).unwrap_or(level.len());
        let (letters, digits) = level.split_at(split);
        match (bracketed, joined) {
            (true, _) if level.len() <= 4 => {
                levels.push(level);
                end = from + token.end + 1;
            }
            // Unbracketed, the first level is one letter, perhaps with its number: `a`, `A1`.
            (false, true) if levels.is_empty() && letters.len() == 1 && digits.len() <= 2 => {
                levels.push(letters.to_owned());
                levels.extend((!digits.is_empty()).then(|| digits.to_owned()));
                end = from + token.end;
            }
            (false, true) if !levels.is_empty() && level.len() <= 4 => {
                levels.push(level);
                end = from + token.end;
            }
            _ => break,
        }
    }
    let paragraph = (!levels.is_empty()).then(|| format!("({})", levels.join(")(")));
    (paragraph, end)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::Rulebase;
    use super::*;

    /// The reading in one line.
    fn read(text: &str) -> String {
        let rulebase = Rulebase::embedded().unwrap();
        match rulebase.license_codes().read(text, Some(date(2025, 3, 3))) {
            LicenseReading::Nlr { code, withdrawn } => {
                format!(
                    "nlr {} {}",
                    code.map_or("-", |code| &code.code),
                    if withdrawn { "withdrawn" } else { "" }
                )
            }
            LicenseReading::License { number, code } => {
                format!(
                    "license {} {}",
                    number.as_deref().unwrap_or("-"),
                    code.map_or("-", |code| &code.code)
                )
            }
            LicenseReading::Exception { symbol, paragraph, from_code_only, verified, .. } => format!(
                "{symbol} {}{}{}",
                paragraph.as_deref().unwrap_or("-"),
                if from_code_only { " code" } else { "" },
                if verified { "" } else { " unverified" },
            ),
            LicenseReading::Other(entry) => format!("other {}", entry.code),
            LicenseReading::Unknown => "unknown".to_owned(),
        }
        .trim()
        .to_owned()
    }

    #[test]
    fn no_license_required_in_every_spelling() {
        for text in [
            "NLR",
            "nlr ",
            "N.L.R.",
            "No License Required",
            "NO LICENCE REQUIRED",
            "License not required",
            "NLR*",
            "NLR / EAR99",
        ] {
            assert_eq!(read(text), "nlr -", "{text}");
        }
        for text in ["C33", "c33", "C-33", "C33 - NLR", "C33 - No License Required (NLR)", "NLR (C33)"] {
            assert_eq!(read(text), "nlr C33", "{text}");
        }
        assert_eq!(read("C32"), "nlr C32 withdrawn");
        assert_eq!(read("C60"), "nlr C60");
    }

    #[test]
    fn the_day_decides_whether_a_code_was_withdrawn() {
        let rulebase = Rulebase::embedded().unwrap();
        let withdrawn = |day| match rulebase.license_codes().read("C32", day) {
            LicenseReading::Nlr { withdrawn, .. } => withdrawn,
            other => panic!("{other:?}"),
        };
        assert!(!withdrawn(Some(date(2016, 9, 30))));
        assert!(withdrawn(Some(date(2016, 10, 1))));
        assert!(withdrawn(None));
    }

    #[test]
    fn licenses_with_and_without_numbers() {
        assert_eq!(read("C30"), "license - C30");
        assert_eq!(read("BIS License"), "license - -");
        assert_eq!(read("License D1234567"), "license D1234567 -");
        assert_eq!(read("D1234567"), "license D1234567 -");
        assert_eq!(read("C30 D-1234567"), "license D1234567 C30");
        assert_eq!(read("D123 4567"), "license D1234567 -");
        assert_eq!(read("C30 / 99887"), "license 99887 C30");
        assert_eq!(read("Export Licence No. D7654321"), "license D7654321 -");
    }

    #[test]
    fn exceptions_by_symbol_section_and_code() {
        assert_eq!(read("TMP"), "TMP -");
        assert_eq!(read("LicEx ENC"), "ENC -");
        assert_eq!(read("ENC Unrestricted"), "ENC -");
        assert_eq!(read("License Exception RPL"), "RPL -");
        assert_eq!(read("740.9(a)(1)"), "TMP (a)(1)");
        assert_eq!(read("15 CFR 740.9 (a)(10)"), "TMP (a)(10)");
        assert_eq!(read("TMP (a)(1)"), "TMP (a)(1)");
        assert_eq!(read("TMP-A1"), "TMP (a)(1)");
        assert_eq!(read("TMP a.1.i"), "TMP (a)(1)(i)");
        assert_eq!(read("RPL (b)(3) warranty"), "RPL (b)(3)");
        assert_eq!(read("C40"), "TMP - code unverified");
        assert_eq!(read("C43"), "GFT - code");
        assert_eq!(read("C40 TMP (a)(5)"), "TMP (a)(5)");
        assert_eq!(read("License Exception GOV 740.11(b)(2)(ii)"), "GOV (b)(2)(ii)");
        assert_eq!(read("C57"), "other C57");
    }

    #[test]
    fn contradictions_and_other_words_stay_unknown() {
        for text in [
            "",
            "TBD",
            "C36 LVS",
            "NLR C30",
            "TMP D1234567",
            "not NLR",
            "License Exception",
            "TMP / RPL",
            "C99",
        ] {
            assert_eq!(read(text), "unknown", "{text}");
        }
    }

    #[test]
    fn the_shape_of_a_number_is_data() {
        let rulebase = Rulebase::embedded().unwrap();
        let codes = rulebase.license_codes();
        for text in ["D1234567", "d1234567", "D-123 4567"] {
            assert!(codes.looks_like_license_number(text), "{text}");
        }
        for text in ["D123456", "D12345678", "1234567", "DD123456", ""] {
            assert!(!codes.looks_like_license_number(text), "{text}");
        }
    }
}
