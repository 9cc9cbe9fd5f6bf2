//! The vocabulary: which concepts a description names, and where.
//!
//! Owns the index over all terms. Which concepts make an item is `paragraph`'s.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::pattern::{WordPattern, is_beginning, singulars};
use super::text::Folded;

/// What terms stand for: a kind of goods, a material, a word that excludes.
pub(super) type Concept = u16;

/// A concept named in a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// The concept.
    pub(super) concept: Concept,
    /// Its first word.
    pub(super) first: usize,
    /// The word behind its last.
    pub(super) end: usize,
    /// Only the beginning of its last word was there.
    pub(super) is_cut: bool,
}

impl Hit {
    /// How many words it spans.
    fn len(self) -> usize {
        self.end - self.first
    }

    /// Whether the other lies within it and is shorter.
    pub(super) fn swallows(self, other: Self) -> bool {
        self.first <= other.first && other.end <= self.end && self.len() > other.len()
    }
}

/// A term, ready to be compared.
#[derive(Debug, Clone)]
struct Term {
    concept: Concept,
    /// Each word, and whether a slash must follow it.
    words: Box<[(WordPattern, bool)]>,
}

/// All terms of all concepts.
#[derive(Debug, Clone, Default)]
pub(super) struct Lexicon {
    terms: Vec<Term>,
    /// Terms by a first word that is compared whole.
    exact: HashMap<Box<str>, Vec<u32>, RandomState>,
    /// Terms by the first two bytes of their first word.
    beginning: HashMap<[u8; 2], Vec<u32>, RandomState>,
    /// Terms by the last three bytes of their first word.
    ending: HashMap<[u8; 3], Vec<u32>, RandomState>,
    /// Terms whose first word can be anything.
    anywhere: Vec<u32>,
    /// Terms of one word, sorted, for words cut off at the end of a field.
    sorted: Vec<Box<str>>,
}

impl Lexicon {
    /// Adds a term; none of its words may be empty. A phrase is also known written as one word.
    pub(super) fn add(&mut self, concept: Concept, text: &str) -> Result<(), String> {
        let folded = fold_term(text);
        let words: Vec<(String, bool)> = split_term(&folded);
        if words.is_empty() {
            return Err(format!("`{text}` holds no word"));
        }
        for (word, _) in &words {
            if word.trim_matches('*').len() < 2 && word.contains('*') {
                return Err(format!("`{text}`: too short to be a part of a word; write more of it"));
            }
        }
        let is_plain = words.iter().all(|(word, slash)| !slash && !word.contains('*'));
        if words.len() > 1 && is_plain {
            let joined: String = words.iter().map(|(word, _)| word.as_str()).collect();
            self.insert(concept, &[(joined, false)]);
        } else if let [(word, false)] = words.as_slice()
            && let WordPattern::Exact(word) = WordPattern::new(word)
            && let Err(at) = self.sorted.binary_search(&word)
        {
            self.sorted.insert(at, word);
        }
        self.insert(concept, &words);
        Ok(())
    }

    /// Adds a model number: as written, with its parts joined, and parted where letters end and digits begin.
    pub(super) fn add_model(&mut self, concept: Concept, text: &str) -> Result<(), String> {
        let words: Vec<String> = split_term(&fold_term(text)).into_iter().map(|(word, _)| word).collect();
        if words.is_empty() {
            return Err(format!("`{text}` holds no word"));
        }
        let mut spellings = vec![words.clone()];
        for at in 1..words.len() {
            // Two runs of digits that only a hyphen kept apart are no longer the two when joined.
            let ends_in_digits = words[at - 1].ends_with(is_digit_sign);
            if ends_in_digits && words[at].starts_with(is_digit_sign) {
                continue;
            }
            let mut joined = words.clone();
            let tail = joined.remove(at);
            joined[at - 1].push_str(&tail);
            spellings.push(joined);
        }
        if let Some(at) = letters_end(&words[0]) {
            let mut parted = words.clone();
            let tail = parted[0].split_off(at);
            parted.insert(1, tail);
            spellings.push(parted);
        }
        for spelling in spellings {
            let words: Vec<(String, bool)> = spelling.into_iter().map(|word| (word, false)).collect();
            self.insert(concept, &words);
        }
        Ok(())
    }

    fn insert(&mut self, concept: Concept, words: &[(String, bool)]) {
        let index = self.terms.len() as u32;
        let words: Box<[(WordPattern, bool)]> =
            words.iter().map(|(word, slash)| (WordPattern::new(word), *slash)).collect();
        match &words[0].0 {
            WordPattern::Exact(word) => self.exact.entry(word.clone()).or_default().push(index),
            WordPattern::Prefix(part) | WordPattern::Shape(part) => match part.as_bytes() {
                [first, second, ..] if is_literal(*first) && is_literal(*second) => {
                    self.beginning.entry([*first, *second]).or_default().push(index);
                }
                _ => self.anywhere.push(index),
            },
            WordPattern::Suffix(part) => match part.as_bytes() {
                [.., a, b, c] => self.ending.entry([*a, *b, *c]).or_default().push(index),
                _ => self.anywhere.push(index),
            },
            WordPattern::Infix(_) => self.anywhere.push(index),
        }
        self.terms.push(Term { concept, words });
    }

    /// Every concept that a description names, in the order of the words.
    pub(super) fn read(&self, text: &Folded) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.collect(text, &mut hits);
        if let Some(other) = text.without_digraphs() {
            self.collect(&other, &mut hits);
        }
        hits.sort_unstable_by_key(|hit| (hit.first, hit.end, hit.concept, hit.is_cut));
        hits.dedup_by_key(|hit| (hit.first, hit.end, hit.concept));
        hits
    }

    fn collect(&self, text: &Folded, hits: &mut Vec<Hit>) {
        let count = text.words().len();
        for first in 0..count {
            let word = text.word(first);
            let cut = first + 1 == count && text.may_be_cut();
            for word in singulars(word) {
                self.try_all(self.exact.get(word), text, first, hits);
            }
            if let [a, b, ..] = word.as_bytes() {
                self.try_all(self.beginning.get(&[*a, *b]), text, first, hits);
            }
            for word in singulars(word) {
                if let [.., a, b, c] = word.as_bytes() {
                    self.try_all(self.ending.get(&[*a, *b, *c]), text, first, hits);
                }
            }
            self.try_all(Some(&self.anywhere), text, first, hits);
            if cut {
                let from = self.sorted.partition_point(|own| **own < *word);
                for own in self.sorted[from..].iter().take_while(|own| own.starts_with(word)) {
                    if is_beginning(own, word) {
                        self.try_all(self.exact.get(own), text, first, hits);
                    }
                }
            }
        }
    }

    fn try_all(&self, terms: Option<&Vec<u32>>, text: &Folded, first: usize, hits: &mut Vec<Hit>) {
        let count = text.words().len();
        for index in terms.into_iter().flatten() {
            let term = &self.terms[*index as usize];
            let end = first + term.words.len();
            let is_meant = end <= count
                && term.words.iter().enumerate().all(|(offset, (pattern, slash))| {
                    let at = first + offset;
                    let cut = at + 1 == count && text.may_be_cut();
                    pattern.matches(text.word(at), cut) && (!slash || text.slash_behind(at))
                });
            if is_meant {
                let is_cut = end == count
                    && term
                        .words
                        .last()
                        .is_some_and(|(pattern, _)| !pattern.matches(text.word(end - 1), false));
                hits.push(Hit { concept: term.concept, first, end, is_cut });
            }
        }
    }

    /// How many terms there are.
    pub(super) fn len(&self) -> usize {
        self.terms.len()
    }
}

fn is_digit_sign(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '#' | '~')
}

fn is_literal(byte: u8) -> bool {
    !matches!(byte, b'#' | b'~' | b'@' | b'*')
}

/// Folds a term as descriptions are folded; the signs of patterns stay.
fn fold_term(text: &str) -> String {
    Folded::new(text).text().to_owned()
}

/// The words of a term, each with whether a slash follows it.
fn split_term(folded: &str) -> Vec<(String, bool)> {
    let mut words: Vec<(String, bool)> = Vec::new();
    let mut word = String::new();
    for c in folded.chars() {
        if c.is_alphanumeric() || matches!(c, '*' | '#' | '~' | '@' | '+') {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            words.push((std::mem::take(&mut word), c == '/'));
        }
    }
    if !word.is_empty() {
        words.push((word, false));
    }
    words
}

/// Where the letters at the beginning of a model number end and its digits begin.
fn letters_end(word: &str) -> Option<usize> {
    let letters = word.bytes().take_while(u8::is_ascii_lowercase).count();
    let digit =
        word.as_bytes().get(letters).is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'#' | b'~'));
    (letters >= 2 && digit).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(terms: &[&str], models: &[&str], text: &str) -> Vec<(usize, usize)> {
        let mut lexicon = Lexicon::default();
        for term in terms {
            lexicon.add(0, term).unwrap();
        }
        for model in models {
            lexicon.add_model(1, model).unwrap();
        }
        lexicon.read(&Folded::new(text)).iter().map(|hit| (hit.first, hit.end)).collect()
    }

    #[test]
    fn phrases_are_found_joined_and_apart() {
        for text in ["GC-MS system", "GC/MS system", "GCMS system", "gc ms system"] {
            assert_eq!(found(&["gc ms"], &[], text).len(), 1, "{text}");
        }
        assert!(found(&["gc ms"], &[], "GC 7890 with MS").is_empty());
        assert_eq!(found(&["w/"], &[], "VALVE W/ KIT"), [(1, 2)]);
        assert!(found(&["w/"], &[], "VALVE W KIT").is_empty());
    }

    #[test]
    fn models_are_found_in_all_their_spellings() {
        for text in ["DSOX3034T", "DSOX 3034T", "DSOX-3034T scope"] {
            assert_eq!(found(&[], &["dsox####*"], text).len(), 1, "{text}");
        }
        for text in ["CR 32-6", "CR32-6", "CR-32-6"] {
            assert_eq!(found(&[], &["cr ~-~"], text).len(), 1, "{text}");
        }
        assert!(found(&[], &["dsox####*"], "DSOY3034T").is_empty());
    }

    #[test]
    fn a_word_cut_by_the_field_is_known_by_its_beginning() {
        let text = "TANDETRON 3 MV ION BEAM ANALYSIS ACCELER";
        assert_eq!(found(&["accelerator"], &[], text), [(6, 7)]);
        assert!(found(&["accelerator"], &[], "ACCELER").is_empty());
    }
}
