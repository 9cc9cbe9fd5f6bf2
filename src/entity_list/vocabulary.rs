//! The frozen vocabulary of party names: how much a word weighs, short forms, and the words of a party field that are no part
//! of a name.
//!
//! The words stand in `data/words.csv` and `data/names/`; what is made of them stands in `marks`, `index` and `score`.

use std::sync::LazyLock;

use super::Map;

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
    /// Goes before a name.
    Prefix,
    /// What the party is in the shipment; may stand before the name, too.
    Role,
    /// Which office of the party.
    Office,
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

/// The whole vocabulary.
pub(super) struct Vocabulary {
    words: Map<&'static str, WordInfo>,
    /// Short form to the words it stands for.
    short: Map<&'static str, Vec<&'static str>>,
    /// Word to the short forms that stand for it.
    shortened: Map<&'static str, Vec<&'static str>>,
    phrases: Map<&'static str, Vec<Phrase>>,
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
        for row in data_rows(include_str!("../../data/names/line_words.csv")) {
            let Some((phrase, kind)) = row.split_once(',') else { continue };
            let (Some(kind), mut words) = (phrase_kind(kind), phrase.split(' ')) else { continue };
            let Some(first) = words.next() else { continue };
            phrases.entry(first).or_default().push(Phrase { rest: words.collect(), kind });
        }
        let address_fillers =
            data_rows(include_str!("../../data/names/address_words.csv")).map(|word| (word, ())).collect();
        Self { words, short, shortened, phrases, address_fillers }
    }

    /// Class and weight of a word; none for a word that names one party as far as anyone knows.
    pub(super) fn word(&self, word: &str) -> Option<WordInfo> {
        self.words.get(word).copied()
    }

    /// How much a word weighs.
    pub(super) fn weight(&self, word: &str) -> f32 {
        let full = self.expansions(word).first().and_then(|full| self.words.get(full));
        if let Some(info) = self.words.get(word) {
            // A short form says no more than its word, though the list has it.
            let most = full.filter(|_| info.class == WordClass::Listed).map_or(1.0, |full| full.weight);
            return info.weight.min(most);
        }
        if let Some(full) = full {
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

    /// The phrases that begin with this word.
    pub(super) fn phrases(&self, first: &str) -> &[Phrase] {
        self.phrases.get(first).map_or(&[], Vec::as_slice)
    }

    /// Whether two spellings of an address may differ by this word.
    pub(super) fn says_nothing_in_addresses(&self, word: &str) -> bool {
        self.address_fillers.contains_key(word)
    }
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
        "prefix" => PhraseKind::Prefix,
        "role" => PhraseKind::Role,
        "office" => PhraseKind::Office,
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
            (include_str!("../../data/names/line_words.csv"), 2),
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
        for row in data_rows(include_str!("../../data/names/line_words.csv")) {
            let kind = row.rsplit(',').next().unwrap();
            assert!(phrase_kind(kind).is_some(), "{row}");
        }
    }

    #[test]
    fn words_that_any_firm_may_add_weigh_little() {
        let weight = |word| vocabulary().weight(word);
        assert!(weight("international") < 0.3);
        assert!(weight("engg") < 0.4, "a short form weighs what its word weighs");
        assert!(weight("ologh") > 0.9);
    }
}
