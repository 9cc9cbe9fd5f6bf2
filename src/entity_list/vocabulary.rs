//! The frozen vocabulary of party names: how much a word weighs, short forms, legal forms, the words of a party field that
//! are no part of a name, and romanizations that vary.
//!
//! The words stand in `data/words.csv` and `data/names/`; what is made of them stands in `line`, `index` and `score`.

use std::sync::LazyLock;

use super::Map;
use super::words::edits;

/// From this many letters on, a word of a legal form is known though misspelled.
const LONG_LEGAL_WORD: usize = 6;
/// No word of a legal form is looked for beyond this length.
const LONGEST_LEGAL_WORD: usize = 13;

/// What kind of word it is, as far as it bears on matching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordClass {
    /// Known from the list only.
    Listed,
    /// A word any firm may add.
    Trade,
    /// A line of business; a different one speaks against a match.
    Industry,
    /// An ordinary word taken as a name.
    Common,
    /// A given or family name many parties share.
    PersonName,
    /// A city, province or country.
    Place,
    /// Digits.
    Number,
}

/// A word's class and weight.
#[derive(Debug, Clone, Copy)]
pub(super) struct WordInfo {
    pub(super) class: WordClass,
    pub(super) weight: f32,
}

/// What a phrase in a party field is, when it is not part of the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PhraseKind {
    /// A legal form, wherever it stands.
    LegalAnywhere,
    /// A legal form as first or last words only.
    LegalAtEdge,
    /// A legal form as last words only.
    LegalAtEnd,
    /// Goes before a name.
    Prefix,
    /// What the party is in the shipment, or which office.
    Role,
    /// Another party, at whose address this one is reached.
    Care,
    /// Begins an address.
    Address,
    /// Begins an address together with a figure.
    AddressWithNumber,
    /// A mark of the user's own system.
    Status,
}

/// A phrase's words after the first, and what it is.
#[derive(Debug)]
pub(super) struct Phrase {
    pub(super) rest: Vec<&'static str>,
    pub(super) kind: PhraseKind,
}

/// Where in a word a spelling rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Anywhere,
    Start,
    End,
}

/// The whole vocabulary.
pub(super) struct Vocabulary {
    words: Map<&'static str, WordInfo>,
    /// Short form to the words it stands for.
    short: Map<&'static str, Vec<&'static str>>,
    /// Word to the short forms that stand for it.
    shortened: Map<&'static str, Vec<&'static str>>,
    phrases: Map<&'static str, Vec<Phrase>>,
    /// The words of legal forms, sorted.
    legal: Vec<&'static str>,
    /// The same, to look one up.
    legal_words: Map<&'static str, ()>,
    spellings: Vec<(&'static str, &'static str, Place)>,
    /// Words that addresses may have or lack.
    address_fillers: Map<&'static str, ()>,
}

/// The embedded vocabulary, read on first use.
pub(super) fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::read);
    &VOCABULARY
}

/// The rows of a vocabulary file: neither comments nor the header.
pub(super) fn data_rows(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).skip(1)
}

impl Vocabulary {
    fn read() -> Self {
        let words = data_rows(include_str!("../../data/words.csv"))
            .filter_map(|row| {
                let mut fields = row.split(',');
                let (word, class, weight) = (fields.next()?, fields.next()?, fields.next()?);
                Some((word, WordInfo { class: word_class(class)?, weight: weight.parse().ok()? }))
            })
            .collect();
        let mut short: Map<_, Vec<_>> = Map::default();
        let mut shortened: Map<_, Vec<_>> = Map::default();
        for row in data_rows(include_str!("../../data/names/abbreviations.csv")) {
            let Some((form, full)) = row.split_once(',') else { continue };
            for word in full.split(' ') {
                short.entry(form).or_default().push(word);
                shortened.entry(word).or_default().push(form);
            }
        }
        let mut phrases: Map<_, Vec<Phrase>> = Map::default();
        let legal = data_rows(include_str!("../../data/names/legal_forms.csv"));
        let line = data_rows(include_str!("../../data/names/line_words.csv"));
        for row in legal.chain(line) {
            let Some((phrase, kind)) = row.split_once(',') else { continue };
            let (Some(kind), mut words) = (phrase_kind(kind), phrase.split(' ')) else { continue };
            let Some(first) = words.next() else { continue };
            phrases.entry(first).or_default().push(Phrase { rest: words.collect(), kind });
        }
        let spellings = data_rows(include_str!("../../data/names/spellings.csv"))
            .filter_map(|row| {
                let mut fields = row.split(',');
                let (from, to) = (fields.next()?, fields.next()?);
                let place = match fields.next()? {
                    "any" => Place::Anywhere,
                    "start" => Place::Start,
                    "end" => Place::End,
                    _ => return None,
                };
                Some((from, to, place))
            })
            .collect();
        let mut legal: Vec<_> = data_rows(include_str!("../../data/names/legal_forms.csv"))
            .filter_map(|row| row.split(',').next())
            .flat_map(|form| form.split(' '))
            .collect();
        legal.sort_unstable();
        legal.dedup();
        legal.retain(|word| word.len() > 1);
        let legal_words = legal.iter().map(|word| (*word, ())).collect();
        let address_fillers =
            data_rows(include_str!("../../data/names/address_words.csv")).map(|word| (word, ())).collect();
        Self { words, short, shortened, phrases, legal, legal_words, spellings, address_fillers }
    }

    /// Class and weight of a word; none for a word that names one party as far as anyone knows.
    pub(super) fn word(&self, word: &str) -> Option<WordInfo> {
        self.words.get(word).copied()
    }

    /// Whether it is an ordinary word of English, whose spelling does not vary.
    pub(super) fn is_ordinary(&self, word: &str) -> bool {
        self.words.get(word).is_some_and(|info| {
            matches!(info.class, WordClass::Trade | WordClass::Industry | WordClass::Common)
        })
    }

    /// How much a word weighs.
    pub(super) fn weight(&self, word: &str) -> f32 {
        if let Some(info) = self.words.get(word) {
            return info.weight;
        }
        if let Some(full) = self.expansions(word).first().and_then(|full| self.words.get(full)) {
            return full.weight;
        }
        match word.len() {
            1 => 0.4,
            length if length >= 5 && word.bytes().all(|b| b.is_ascii_digit()) => 0.2,
            _ => 1.0,
        }
    }

    /// The words a short form stands for.
    pub(super) fn expansions(&self, short: &str) -> &[&'static str] {
        self.short.get(short).map_or(&[], Vec::as_slice)
    }

    /// The short forms that stand for a word.
    pub(super) fn short_forms(&self, word: &str) -> &[&'static str] {
        self.shortened.get(word).map_or(&[], Vec::as_slice)
    }

    /// Whether a word is one of a legal form but for a slip.
    pub(super) fn is_misspelled_legal_form(&self, word: &str) -> bool {
        let Some(first) = word.get(..1).filter(|_| word.len() >= LONG_LEGAL_WORD) else { return false };
        let from = self.legal.partition_point(|legal| *legal < first);
        self.legal[from..]
            .iter()
            .take_while(|legal| legal.starts_with(first))
            .any(|legal| legal.len() >= LONG_LEGAL_WORD && edits(word, legal, 2).is_some())
    }

    /// What is left of a word to whose beginning or end a legal form is joined: `InteltechPJSC`, `CompanyEleron`.
    pub(super) fn without_joined_legal_form<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        let legal = |text: Option<&str>| text.is_some_and(|text| self.legal_words.contains_key(text));
        (2..word.len().saturating_sub(2).min(LONGEST_LEGAL_WORD)).flat_map(move |length| {
            let behind = word.len() - length;
            let tail = word.get(length..).filter(|_| legal(word.get(..length)));
            let head = word.get(..behind).filter(|_| length > 2 && legal(word.get(behind..)));
            [head, tail].into_iter().flatten()
        })
    }

    /// Whether a legal form has a word that begins so.
    pub(super) fn begins_legal_form(&self, start: &str) -> bool {
        let at = self.legal.partition_point(|word| *word < start);
        self.legal.get(at).is_some_and(|word| word.starts_with(start))
    }

    /// The phrases that begin with this word.
    pub(super) fn phrases(&self, first: &str) -> &[Phrase] {
        self.phrases.get(first).map_or(&[], Vec::as_slice)
    }

    /// Whether two spellings of an address may differ by this word.
    pub(super) fn says_nothing_in_addresses(&self, word: &str) -> bool {
        self.address_fillers.contains_key(word)
    }

    /// One spelling for all romanizations of a word.
    pub(super) fn one_spelling(&self, word: &str) -> String {
        let mut text = undouble(word, |c| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u'));
        for (from, to, place) in &self.spellings {
            match place {
                Place::Anywhere if text.contains(from) => text = text.replace(from, to),
                Place::Start => {
                    if let Some(rest) = text.strip_prefix(from) {
                        text = format!("{to}{rest}");
                    }
                }
                Place::End => {
                    if let Some(head) = text.strip_suffix(from) {
                        text = format!("{head}{to}");
                    }
                }
                Place::Anywhere => {}
            }
        }
        undouble(&text, |_| true)
    }
}

/// Doubled letters of some kind made single.
fn undouble(word: &str, which: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(word.len());
    let mut last = None;
    for c in word.chars() {
        if last != Some(c) || c.is_ascii_digit() || !which(c) {
            out.push(c);
        }
        last = Some(c);
    }
    out
}

fn word_class(text: &str) -> Option<WordClass> {
    Some(match text {
        "listed" => WordClass::Listed,
        "trade" => WordClass::Trade,
        "industry" => WordClass::Industry,
        "common" => WordClass::Common,
        "name" => WordClass::PersonName,
        "place" => WordClass::Place,
        "number" => WordClass::Number,
        _ => return None,
    })
}

fn phrase_kind(text: &str) -> Option<PhraseKind> {
    Some(match text {
        "any" => PhraseKind::LegalAnywhere,
        "edge" => PhraseKind::LegalAtEdge,
        "end" => PhraseKind::LegalAtEnd,
        "prefix" => PhraseKind::Prefix,
        "role" => PhraseKind::Role,
        "care" => PhraseKind::Care,
        "address" => PhraseKind::Address,
        "address-number" => PhraseKind::AddressWithNumber,
        "status" => PhraseKind::Status,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_vocabulary_is_read() {
        for (text, fields) in [
            (include_str!("../../data/words.csv"), 3),
            (include_str!("../../data/names/abbreviations.csv"), 2),
            (include_str!("../../data/names/legal_forms.csv"), 2),
            (include_str!("../../data/names/line_words.csv"), 2),
            (include_str!("../../data/names/spellings.csv"), 3),
            (include_str!("../../data/names/letters.csv"), 3),
        ] {
            for row in data_rows(text) {
                assert_eq!(row.split(',').count(), fields, "{row}");
            }
        }
        let words = data_rows(include_str!("../../data/words.csv")).count();
        assert_eq!(
            vocabulary().words.len(),
            words,
            "a class or weight is misspelled, or a word stands twice"
        );
        for row in data_rows(include_str!("../../data/names/legal_forms.csv"))
            .chain(data_rows(include_str!("../../data/names/line_words.csv")))
        {
            let kind = row.rsplit(',').next().unwrap();
            assert!(phrase_kind(kind).is_some(), "{row}");
        }
    }

    #[test]
    fn romanizations_lead_to_one_spelling() {
        let one = |word| vocabulary().one_spelling(word);
        assert_eq!(one("haqqani"), one("hakani"));
        assert_eq!(one("munir"), one("muneer"));
        assert_eq!(one("khurshid"), one("kursheed"));
        assert_ne!(one("iman"), one("imam"));
    }

    #[test]
    fn words_that_any_firm_may_add_weigh_little() {
        let weight = |word| vocabulary().weight(word);
        assert!(weight("international") < 0.3);
        assert!(weight("engg") < 0.4, "a short form weighs what its word weighs");
        assert!(weight("ologh") > 0.9);
    }
}
