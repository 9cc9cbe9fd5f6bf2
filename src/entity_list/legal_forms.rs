//! Legal forms of the countries on the list: told in a name however they are spaced, joined, dotted or slightly misspelled.
//!
//! A form is known by its letters alone, `L.L.C.`, `Jointstock Company`, `OOO`; whether it may stand where it stands is
//! asked in `marks`.

use std::sync::LazyLock;

use super::Map;
use super::vocabulary::data_rows;
use super::words::edits;

/// From this many letters on, a form of several words is known with one letter wrong.
const LONG_FORM: usize = 10;
/// From this many letters on, one of its words is known with one letter wrong; from half as many again, two.
const LONG_WORD: usize = 6;

/// From this many letters on, one of its words is known with a letter doubled.
const SHORTEST_WORD: usize = 3;

/// Where in a name a form counts as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// Wherever it stands.
    Anywhere,
    /// As first or last words only.
    Edge,
    /// As last words only: short forms that are also words or initials.
    End,
}

/// All legal forms.
pub(super) struct LegalForms {
    /// The letters of each form, sorted, and where it counts.
    forms: Vec<(Box<str>, Position)>,
    /// Which letters each of them has.
    letters: Vec<u32>,
    /// The longest of them.
    longest: usize,
    /// Their words of more than one letter, sorted.
    words: Vec<&'static str>,
    /// Which letters each of them has.
    word_letters: Vec<u32>,
    /// The same, to look one up.
    known: Map<&'static str, ()>,
}

/// The embedded forms, read on first use.
pub(super) fn legal_forms() -> &'static LegalForms {
    static FORMS: LazyLock<LegalForms> = LazyLock::new(LegalForms::read);
    &FORMS
}

impl LegalForms {
    fn read() -> Self {
        let rows = || {
            data_rows(include_str!("../../data/names/legal_forms.csv")).filter_map(|row| {
                let (form, position) = row.split_once(',')?;
                Some((form, self::position(position)?))
            })
        };
        let mut forms: Vec<(Box<str>, Position)> =
            rows().map(|(form, position)| (form.replace(' ', "").into(), position)).collect();
        forms.sort_by(|a, b| a.0.cmp(&b.0).then((a.1 as u8).cmp(&(b.1 as u8))));
        forms.dedup_by(|a, b| a.0 == b.0);
        let mut words: Vec<&str> = rows().flat_map(|(form, _)| form.split(' ')).collect();
        words.sort_unstable();
        words.dedup();
        words.retain(|word| word.len() > 1);
        let longest = forms.iter().map(|form| form.0.len()).max().unwrap_or(0);
        let known = words.iter().map(|word| (*word, ())).collect();
        let letters = forms.iter().map(|form| letters_of(&form.0)).collect();
        let word_letters = words.iter().map(|word| letters_of(word)).collect();
        Self { forms, letters, longest, words, word_letters, known }
    }

    /// Whether a form begins with these letters.
    pub(super) fn begins(&self, letters: &str) -> bool {
        let at = self.forms.partition_point(|form| *form.0 < *letters);
        self.forms.get(at).is_some_and(|form| form.0.starts_with(letters))
    }

    /// The form of exactly these letters.
    pub(super) fn exactly(&self, letters: &str) -> Option<Position> {
        let at = self.forms.binary_search_by(|form| (*form.0).cmp(letters)).ok()?;
        Some(self.forms[at].1)
    }

    /// Whether these are the letters of a long form but for one.
    pub(super) fn nearly(&self, letters: &str) -> bool {
        let Some(first) =
            letters.get(..1).filter(|_| (LONG_FORM..=self.longest + 1).contains(&letters.len()))
        else {
            return false;
        };
        let from = self.forms.partition_point(|form| *form.0 < *first);
        let own = letters_of(letters);
        self.forms[from..]
            .iter()
            .zip(&self.letters[from..])
            .take_while(|(form, _)| form.0.starts_with(first))
            // One edit brings in a letter and takes one out at most; that is asked first, as it is quick.
            .any(|((form, _), has)| {
                form.len() >= LONG_FORM && (own ^ has).count_ones() <= 2 && edits(letters, form, 1).is_some()
            })
    }

    /// Whether it is a word of a form.
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.known.contains_key(word)
    }

    /// Whether it is a word of a form but for a slip.
    pub(super) fn has_misspelled_word(&self, word: &str) -> bool {
        let mut single: Vec<char> = word.chars().collect();
        single.dedup();
        if single.len() >= SHORTEST_WORD
            && single.len() < word.len()
            && self.has_word(&String::from_iter(single))
        {
            return true;
        }
        let Some(first) = word.get(..1).filter(|_| word.len() >= LONG_WORD) else { return false };
        let allowed = if word.len() * 2 >= LONG_WORD * 3 { 2 } else { 1 };
        let from = self.words.partition_point(|known| *known < first);
        let own = letters_of(word);
        self.words[from..]
            .iter()
            .zip(&self.word_letters[from..])
            .take_while(|(known, _)| known.starts_with(first))
            .any(|(known, has)| {
                known.len() >= LONG_WORD
                    && (own ^ has).count_ones() as usize <= 2 * allowed
                    && edits(word, known, allowed).is_some()
            })
    }

    /// Whether a form has a word that begins so.
    pub(super) fn has_word_beginning(&self, start: &str) -> bool {
        let at = self.words.partition_point(|word| *word < start);
        self.words.get(at).is_some_and(|word| word.starts_with(start))
    }

    /// What is left of a word to whose beginning or end a form is joined: `InteltechPJSC`, `CompanyEleron`.
    pub(super) fn without_joined<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        let form = |text: Option<&str>| {
            text.is_some_and(|text| self.known.contains_key(text) || self.exactly(text).is_some())
        };
        (2..=word.len().saturating_sub(2).min(self.longest)).flat_map(move |length| {
            let behind = word.len() - length;
            let tail = word.get(length..).filter(|_| form(word.get(..length)));
            let head = word.get(..behind).filter(|_| length > 2 && form(word.get(behind..)));
            [head, tail].into_iter().flatten()
        })
    }
}

/// A bit for each letter that stands in a text; all others share one.
fn letters_of(text: &str) -> u32 {
    text.bytes()
        .fold(0, |letters, byte| letters | 1 << if byte.is_ascii_lowercase() { byte - b'a' } else { 31 })
}

fn position(text: &str) -> Option<Position> {
    Some(match text {
        "any" => Position::Anywhere,
        "edge" => Position::Edge,
        "end" => Position::End,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read() {
        for row in data_rows(include_str!("../../data/names/legal_forms.csv")) {
            assert!(row.rsplit(',').next().and_then(position).is_some(), "{row}");
            assert_eq!(row.split(',').count(), 2, "{row}");
        }
    }

    #[test]
    fn a_form_is_known_by_its_letters() {
        let forms = legal_forms();
        assert_eq!(forms.exactly("llc"), Some(Position::Anywhere));
        assert!(forms.nearly("jointstcokcompany"));
        assert!(!forms.nearly("pointstation"));
        assert!(forms.has_misspelled_word("privete") && forms.has_misspelled_word("pvtt"));
        assert!(!forms.has_misspelled_word("compact"), "two letters of seven are another word");
        assert!(forms.without_joined("inteltechpjsc").any(|rest| rest == "inteltech"));
    }
}
