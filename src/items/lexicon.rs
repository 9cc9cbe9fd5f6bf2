//! The vocabulary: which concepts a description names, and where.
//!
//! Owns the index over all terms. Which concepts make an item is `paragraph`'s.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::forms::{Forms, Variants};
use super::parts::{Filter, HEAD, Part, head, tail, within};
use super::pattern::WordPattern;
use super::search::Search;
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
    /// Only the beginning of one of its words was there.
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
pub(super) struct Term {
    /// What it stands for.
    pub(super) concept: Concept,
    /// Each word, and whether a slash must follow it.
    pub(super) words: Box<[(WordPattern, bool)]>,
    /// Whether the same words turned around mean the same.
    may_turn: bool,
}

/// All terms of all concepts.
#[derive(Debug, Clone, Default)]
pub(super) struct Lexicon {
    /// All of them.
    pub(super) terms: Vec<Term>,
    variants: Variants,
    /// Words that a phrase may lack: `de`, `des`.
    particles: Vec<Box<str>>,
    /// Terms by a first word that is compared whole.
    pub(super) exact: HashMap<Box<str>, Vec<u32>, RandomState>,
    /// Terms by a part of their first word.
    pub(super) parts: HashMap<Part, Vec<u32>, RandomState>,
    /// Which parts lead nowhere.
    pub(super) filter: Filter,
    /// Terms whose first word begins with any digit.
    pub(super) digits: Vec<u32>,
    /// Terms of one word, sorted, for words cut off at the end of a field.
    pub(super) sorted: Vec<Box<str>>,
}

impl Lexicon {
    /// Adds a contraction: a word that stands for another wherever it is found. False where it is none, or stands for
    /// something already.
    pub(super) fn contract(&mut self, short: &str, long: &str) -> bool {
        let (short, long) = (fold_term(short), fold_term(long));
        let is_word = |text: &str| !text.is_empty() && text.chars().all(char::is_alphanumeric);
        is_word(&short)
            && is_word(&long)
            && short != long
            && !self.variants.contains_key(short.as_str())
            && self.variants.insert(short.into(), long.into()).is_none()
    }

    /// Adds a term; none of its words may be empty. A phrase is also known written as one word, and where it may be
    /// turned, with its two words turned around.
    pub(super) fn add(&mut self, concept: Concept, text: &str, may_turn: bool) -> Result<(), String> {
        let folded = fold_term(text);
        let words: Vec<(String, bool)> = split_term(&folded);
        if words.is_empty() {
            return Err(format!("`{text}` holds no word"));
        }
        for (word, _) in &words {
            let inner = word.trim_matches('*');
            let is_within = word.starts_with('*');
            if word.contains('*') && inner.len() < if is_within { 3 } else { 2 } {
                return Err(format!("`{text}`: too short to be a part of a word; write more of it"));
            }
        }
        let is_plain = words.iter().all(|(word, slash)| !slash && !word.contains('*'));
        if words.len() > 1 && is_plain {
            let joined: String = words.iter().map(|(word, _)| word.as_str()).collect();
            self.insert(concept, &[(joined, false)], false);
        } else if let [(word, false)] = words.as_slice()
            && !word.contains(['*', '#', '~', '@'])
        {
            self.sorted.push(word.as_str().into());
        }
        if is_plain {
            let is_particle = |word: &str| self.particles.iter().any(|own| **own == *word);
            let bare: Vec<_> = words.iter().filter(|(word, _)| !is_particle(word)).cloned().collect();
            if bare.len() < words.len() && bare.len() > 1 {
                self.insert(concept, &bare, may_turn);
            }
        }
        self.insert(concept, &words, may_turn);
        Ok(())
    }

    /// Adds a word that phrases added from now on may lack: `valvula de bola` is written `VALV BOLA`.
    pub(super) fn add_particle(&mut self, text: &str) {
        self.particles.push(fold_term(text).into());
    }

    /// Adds a model number: as written, with its parts joined, and parted where letters end and digits begin.
    pub(super) fn add_model(&mut self, concept: Concept, text: &str) -> Result<(), String> {
        let words: Vec<String> = split_term(&fold_term(text)).into_iter().map(|(word, _)| word).collect();
        if words.is_empty() {
            return Err(format!("`{text}` holds no word"));
        }
        if words[0].starts_with('@') {
            return Err(format!("`{text}`: a model begins with a letter or a digit that is known"));
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
            self.insert(concept, &words, false);
        }
        Ok(())
    }

    fn insert(&mut self, concept: Concept, words: &[(String, bool)], may_turn: bool) {
        let index = self.terms.len() as u32;
        let words: Box<[(WordPattern, bool)]> =
            words.iter().map(|(word, slash)| (WordPattern::new(word), *slash)).collect();
        let part = match &words[0].0 {
            WordPattern::Exact(word) => {
                self.exact.entry(word.clone()).or_default().push(index);
                None
            }
            pattern @ (WordPattern::Prefix(_) | WordPattern::Shape(_)) => {
                let known = pattern.head();
                if known.is_empty() {
                    self.digits.push(index);
                }
                (!known.is_empty()).then(|| head(known, known.len().min(HEAD)))
            }
            WordPattern::Suffix(known) => known.as_bytes().last_chunk().map(|bytes| tail(*bytes)),
            WordPattern::Infix(known) => known.as_bytes().first_chunk().map(|bytes| within(*bytes)),
        };
        if let Some(part) = part {
            self.parts.entry(part).or_default().push(index);
            self.filter.insert(part);
        }
        self.terms.push(Term { concept, words, may_turn });
    }

    /// Puts in order what was added, and adds the phrases of two words turned around: an item master writes the noun
    /// first, `PLATE DINNER`. Not where that is a phrase of its own: `seat valve` is no `valve seat`.
    pub(super) fn finish(&mut self) {
        let turned: Vec<(Concept, Box<str>, Box<str>)> = self
            .terms
            .iter()
            .filter_map(|term| match &*term.words {
                [(WordPattern::Exact(one), false), (WordPattern::Exact(other), false)]
                    if term.may_turn && is_long(one) && is_long(other) && !self.knows(other, one) =>
                {
                    Some((term.concept, other.clone(), one.clone()))
                }
                _ => None,
            })
            .collect();
        for (concept, one, other) in turned {
            let index = self.terms.len() as u32;
            self.exact.entry(one.clone()).or_default().push(index);
            let words = [(WordPattern::Exact(one), false), (WordPattern::Exact(other), false)];
            self.terms.push(Term { concept, words: words.into(), may_turn: false });
        }
        self.sorted.sort_unstable();
        self.sorted.dedup();
    }

    /// Whether these two words are a phrase.
    fn knows(&self, one: &str, other: &str) -> bool {
        self.exact.get(one).into_iter().flatten().any(|index| {
            matches!(&*self.terms[*index as usize].words,
                [_, (WordPattern::Exact(second), _)] if **second == *other)
        })
    }

    /// Every concept that a description names, in the order of the words.
    pub(super) fn read(&self, text: &Folded<'_>) -> Vec<Hit> {
        let forms = Forms::of(text, &self.variants);
        Search::new(self, text, &forms).all()
    }

    /// How many terms there are.
    pub(super) fn len(&self) -> usize {
        self.terms.len()
    }
}

/// Whether a word is one of a phrase that may be turned around: no `w`, no `de`, no number.
fn is_long(word: &str) -> bool {
    word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_digit_sign(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '#' | '~')
}

/// Folds a term as descriptions are folded; the signs of patterns stay.
fn fold_term(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { Folded::new(text).text().to_owned() }
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
            lexicon.add(0, term, true).unwrap();
        }
        for model in models {
            lexicon.add_model(1, model).unwrap();
        }
        lexicon.finish();
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
    fn phrases_may_lack_their_particles() {
        let mut lexicon = Lexicon::default();
        lexicon.add_particle("de");
        lexicon.add(0, "válvula de bola", true).unwrap();
        lexicon.add(1, "de acero", true).unwrap();
        lexicon.finish();
        for (text, expected) in [
            ("VALVULA DE BOLA", vec![0]),
            ("VALVULA BOLA", vec![0]),
            ("BOLA VALVULA", vec![0]),
            ("ACERO", vec![]),
        ] {
            let hits = lexicon.read(&Folded::new(text));
            assert_eq!(hits.iter().map(|hit| hit.concept).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn a_point_or_a_long_beginning_abbreviates_a_word() {
        assert_eq!(found(&["kreiselpumpe"], &[], "KREISELPU. 7,5 KW"), [(0, 1)]);
        assert_eq!(found(&["cold isostatic"], &[], "COLD ISOSTAT. PRESS"), [(0, 2)]);
        assert_eq!(found(&["kreiselpumpe"], &[], "KREISELPU 7,5 KW"), [(0, 1)]);
        assert!(found(&["kreiselpumpe"], &[], "KREISEL 7,5 KW").is_empty());
        assert!(found(&["pumpe", "pumpenmotor"], &[], "Pumpe. 7,5 kW").len() == 1);
    }

    #[test]
    fn models_are_found_in_all_their_spellings() {
        for text in ["DSOX4054A", "DSOX 4054A", "DSOX-4054A scope"] {
            assert_eq!(found(&[], &["dsox####*"], text).len(), 1, "{text}");
        }
        for text in ["CR 32-6", "CR32-6", "CR-32-6"] {
            assert_eq!(found(&[], &["cr ~-~"], text).len(), 1, "{text}");
        }
        assert!(found(&[], &["dsox####*"], "DSOY3034T").is_empty());
    }

    #[test]
    fn two_words_are_known_turned_around() {
        assert_eq!(found(&["dinner plate"], &[], "PLATE, DINNER"), [(0, 2)]);
        let mut lexicon = Lexicon::default();
        lexicon.add(0, "valve seat", true).unwrap();
        lexicon.add(1, "seat valve", true).unwrap();
        lexicon.finish();
        let hits = lexicon.read(&Folded::new("SEAT VALVE"));
        assert_eq!(hits.iter().map(|hit| hit.concept).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn variants_stand_for_the_word() {
        let mut lexicon = Lexicon::default();
        assert!(lexicon.contract("vlv", "valve"));
        assert!(!lexicon.contract("vlv", "value"));
        lexicon.add(0, "gate valve", true).unwrap();
        lexicon.add(1, "*weld*", true).unwrap();
        let found: Vec<_> =
            lexicon.read(&Folded::new("GATE VLVS, BUTTWELDED")).iter().map(|hit| hit.concept).collect();
        assert_eq!(found, [0, 1]);
        assert!(lexicon.add(0, "*ab", true).is_err());
    }

    #[test]
    fn a_word_cut_by_the_field_is_known_by_its_beginning() {
        let text = "ELECTROSTATIC 5 MV BEAM LINE WITH ACCELER";
        assert_eq!(found(&["accelerator"], &[], text), [(6, 7)]);
        assert!(found(&["accelerator"], &[], "ACCELER").is_empty());
        assert_eq!(found(&["nickel", "nickelage"], &[], "BRUSH PLATING SYSTEM, NICKEL"), [(3, 4)]);
    }
}
