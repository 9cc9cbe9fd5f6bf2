//! What a word of a party's name may stand for on the list: itself, a short form, another romanization, a slip.
//!
//! Answers are remembered by word; each is a pure function of the word and the list.

use super::Map;
use super::deletes::Deletes;
use super::index::{Index, VOWEL_WORD, each_sound, is_name_like};
use super::legal_forms::legal_forms;
use super::spellings::Languages;
use super::vocabulary::{WordClass, vocabulary};
use super::words::{
    Likeness, contracts, each_rereading, edit_score, edits, edits_allowed, is_plural, letters_for_digits,
    share_a_stem,
};

/// As many distinct words are remembered.
const MOST_ANSWERS: usize = 1 << 16;
/// Two words written together are compared with listed words but for a letter from this length on.
const JOINED_LENGTH: usize = 10;

/// A term that a piece of the party's name may stand for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub(super) term: u32,
    /// The words of the line it covers.
    pub(super) mask: u64,
    pub(super) score: f32,
    pub(super) how: Likeness,
}

/// What was found for words met before.
#[derive(Default)]
pub(super) struct Lookup {
    known: Map<Box<str>, (u32, u32)>,
    /// Likewise for words that may be cut.
    known_cut: Map<Box<str>, (u32, u32)>,
    hits: Vec<Hit>,
}

impl Lookup {
    /// Adds what a word may stand for to `hits`, each with `mask`.
    pub(super) fn word(&mut self, index: &Index, word: &str, cut: bool, mask: u64, hits: &mut Vec<Hit>) {
        let known = if cut { &self.known_cut } else { &self.known };
        let (from, to) = known.get(word).copied().unwrap_or_else(|| {
            if self.known.len() + self.known_cut.len() >= MOST_ANSWERS {
                self.known.clear();
                self.known_cut.clear();
                self.hits.clear();
            }
            let from = self.hits.len() as u32;
            index.word_hits(word, cut, &mut self.hits);
            let range = (from, self.hits.len() as u32);
            let known = if cut { &mut self.known_cut } else { &mut self.known };
            known.insert(word.into(), range);
            range
        });
        hits.extend(self.hits[from as usize..to as usize].iter().map(|hit| Hit { mask, ..*hit }));
    }
}

/// Hits of one word, the best likeness of each term.
struct Found<'a> {
    hits: &'a mut Vec<Hit>,
    from: usize,
}

impl Found<'_> {
    fn add(&mut self, term: u32, score: f32, how: Likeness) {
        match self.hits[self.from..].iter_mut().find(|hit| hit.term == term) {
            Some(hit) if hit.score < score => (hit.score, hit.how) = (score, how),
            Some(_) => {}
            None => self.hits.push(Hit { term, mask: 0, score, how }),
        }
    }

    fn add_known(&mut self, term: Option<u32>, score: f32, how: Likeness) {
        if let Some(term) = term {
            self.add(term, score, how);
        }
    }
}

impl Index {
    /// Everything neighboring words of a party's name, written together, may stand for; ordinary words are not taken for a
    /// misspelled one. Pairs are too many to remember.
    pub(super) fn joined_hits(&self, together: &str, ordinary: bool, mask: u64, hits: &mut Vec<Hit>) {
        if let Some(term) = self.word(together) {
            hits.push(Hit { term, mask, score: 0.97, how: Likeness::Joined });
        } else if together.len() >= JOINED_LENGTH && !ordinary && together.is_ascii() {
            self.edited(&self.long_deletes, together, 1, |term, edits| {
                let score = edit_score(together, self.text(term), edits) - 0.02;
                hits.push(Hit { term, mask, score, how: Likeness::Joined });
            });
        }
    }

    /// Everything one word of a party's name may stand for.
    fn word_hits(&self, word: &str, cut: bool, hits: &mut Vec<Hit>) {
        let from = hits.len();
        let mut found = Found { hits, from };
        let words = vocabulary();
        let class = words.word(word).map(|info| info.class);
        if let Some(term) = self.term(word) {
            let joined = !self.terms[term as usize].word;
            let (score, how) = if joined { (0.97, Likeness::Joined) } else { (1.0, Likeness::Equal) };
            found.add(term, score, how);
        }
        for full in words.expansions(word) {
            found.add_known(self.term(full), 0.95, Likeness::ShortForm);
        }
        for short in words.short_forms(word) {
            found.add_known(self.term(short), 0.95, Likeness::ShortForm);
            for other in words.expansions(short).iter().filter(|other| share_a_stem(word, other)) {
                found.add_known(self.term(other), 0.88, Likeness::OtherForm);
            }
        }
        if cut && word.len() >= 2 {
            for &term in self.beginning_with(word) {
                found.add(term, 0.9, Likeness::Cut);
            }
        }
        if !word.is_ascii() {
            return;
        }
        self.plurals(word, |term| found.add(term, 0.97, Likeness::OtherForm));
        if class.is_none() && word.len() >= 5 {
            for rest in legal_forms().without_joined(word) {
                found.add_known(self.word(rest), 0.95, Likeness::Joined);
            }
            for rest in [word.strip_prefix("and"), word.strip_suffix("and")].into_iter().flatten() {
                found.add_known(self.word(rest), 0.95, Likeness::Joined);
            }
        }
        let misread = letters_for_digits(word);
        let letters = misread.as_deref().unwrap_or(word);
        if misread.is_some() {
            found.add_known(self.term(letters), 0.96, Likeness::Misread);
            found.add_known(self.term(&letters.replace('i', "l")), 0.95, Likeness::Misread);
        }
        if word.bytes().all(|b| b.is_ascii_digit()) {
            return;
        }
        // A word of the vocabulary, rightly spelled, is a slip of none that the vocabulary has, and hardly of another.
        if class.is_some() && !is_name_like(class) {
            if letters.len() >= 5 {
                self.ordinary_for_a_name(letters, &mut found);
            }
            return;
        }
        if letters.len() >= 5 {
            each_rereading(letters, |other| found.add_known(self.word(other), 0.93, Likeness::Misread));
        }
        self.slips(letters, class, misread.is_some(), &mut found);
        if letters.len() >= 4 && is_name_like(class) {
            self.romanizations(letters, class, &mut found);
        }
        if class.is_none() {
            self.contractions(word, &mut found);
        }
    }

    fn slips(&self, letters: &str, class: Option<WordClass>, misread: bool, found: &mut Found<'_>) {
        let allowed = if letters.len() == VOWEL_WORD { 1 } else { edits_allowed(letters.len()) };
        if allowed == 0 {
            return;
        }
        self.edited(&self.deletes, letters, allowed, |term, count| {
            let other = &self.terms[term as usize];
            // Two known names are two names, however near.
            if class == Some(WordClass::PersonName) && other.class == Some(WordClass::PersonName) {
                return;
            }
            let score =
                if is_plural(letters, &other.text) { 0.97 } else { edit_score(letters, &other.text, count) };
            found.add(term, score, if misread { Likeness::Misread } else { Likeness::Spelling });
        });
    }

    /// An ordinary word for one that names a party: it sounds the same, or a letter differs.
    fn ordinary_for_a_name(&self, letters: &str, found: &mut Found<'_>) {
        let names = |term: u32| self.terms[term as usize].class.is_none();
        self.edited(&self.deletes, letters, 1, |term, count| {
            if names(term) && !is_plural(letters, self.text(term)) {
                found.add(term, edit_score(letters, self.text(term), count) - 0.06, Likeness::Spelling);
            }
        });
        each_sound(letters, false, |languages, spelling, hash| {
            let Some(languages) = languages else { return };
            for term in self.sounds.get(hash).filter(|&term| names(term)) {
                if *self.terms[term as usize].spellings[languages as usize] == *spelling {
                    found.add(term, 0.9, Likeness::Romanization);
                }
            }
        });
    }

    fn romanizations(&self, letters: &str, class: Option<WordClass>, found: &mut Found<'_>) {
        let mut spellings = [const { String::new() }; 3];
        each_sound(letters, false, |languages, spelling, hash| {
            if let Some(languages) = languages {
                spelling.clone_into(&mut spellings[languages as usize]);
            }
            for term in self.sounds.get(hash) {
                let other = &self.terms[term as usize];
                if &*other.text == letters {
                    continue;
                }
                match languages {
                    Some(languages) if *other.spellings[languages as usize] == *spelling => {
                        let score = if languages == Languages::Chinese { 0.88 } else { 0.94 };
                        found.add(term, score, Likeness::Romanization);
                    }
                    Some(_) => {}
                    None => {
                        let names = class == Some(WordClass::PersonName)
                            && other.class == Some(WordClass::PersonName);
                        for languages in [Languages::Eastern, Languages::Slavic] {
                            let (one, other) =
                                (&spellings[languages as usize], &other.spellings[languages as usize]);
                            // Vowels come and go in words long enough to tell.
                            let allowed = if names || one.len().min(other.len()) < 5 { 1 } else { 2 };
                            if !one.is_empty()
                                && !other.is_empty()
                                && let Some(count) = edits(one, other, allowed)
                            {
                                found.add(term, 0.93 - 0.03 * count as f32, Likeness::Romanization);
                            }
                        }
                        if letters.len() == VOWEL_WORD
                            && !names
                            && other.text.len() == VOWEL_WORD
                            && edits(letters, &other.text, 1) == Some(1)
                        {
                            found.add(term, 0.87, Likeness::Romanization);
                        }
                    }
                }
            }
        });
    }

    /// A trade word written short: to its consonants, or to its beginning.
    fn contractions(&self, word: &str, found: &mut Found<'_>) {
        if !(3..=10).contains(&word.len()) {
            return;
        }
        let vowels = word.bytes().filter(|b| b"aeiou".contains(b)).count();
        if vowels * 4 <= word.len() {
            for &term in self.trade.iter().filter(|&&term| contracts(word, self.text(term))) {
                found.add(term, 0.88, Likeness::ShortForm);
            }
        }
        for &term in self.beginning_with(word) {
            let full = &self.terms[term as usize];
            if full.class == Some(WordClass::Trade) && full.text.len() > word.len() + 2 {
                found.add(term, 0.88, Likeness::ShortForm);
            }
        }
    }

    /// Beside what a word finds, every word of the list within the edits allowed, compared one by one.
    #[cfg(test)]
    pub(super) fn hits_by_brute_force(&self, word: &str, cut: bool, mask: u64, hits: &mut Vec<Hit>) {
        let from = hits.len();
        self.word_hits(word, cut, hits);
        let letters = letters_for_digits(word).unwrap_or_else(|| word.to_owned());
        let class = vocabulary().word(word).map(|info| info.class);
        let plain = word.is_ascii() && !word.bytes().all(|b| b.is_ascii_digit());
        if plain && (class.is_none() || is_name_like(class)) {
            for (term, other) in (0..).zip(&self.terms).filter(|(_, other)| other.word) {
                let names =
                    class == Some(WordClass::PersonName) && other.class == Some(WordClass::PersonName);
                let allowed = allowed_between(&letters, &other.text);
                if let Some(count) =
                    edits(&letters, &other.text, allowed).filter(|&count| count > 0 && !names)
                {
                    let score = edit_score(&letters, &other.text, count);
                    hits.push(Hit { term, mask, score, how: Likeness::Spelling });
                }
            }
        }
        for hit in &mut hits[from..] {
            hit.mask = mask;
        }
    }

    /// The word's plural, or the word it is the plural of.
    fn plurals(&self, word: &str, mut found: impl FnMut(u32)) {
        let mut look = |stem: &str, ending: &str| {
            let mut text = String::with_capacity(word.len() + 3);
            text.push_str(stem);
            text.push_str(ending);
            if let Some(term) = self.word(&text) {
                found(term);
            }
        };
        if word.len() > 2 {
            look(word, "s");
            look(word, "es");
        }
        for (ending, other) in [("s", ""), ("es", ""), ("ies", "y"), ("y", "ies")] {
            if let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() > 2) {
                look(stem, other);
            }
        }
    }

    /// The words within so many edits, with their number.
    fn edited(&self, deletes: &Deletes, word: &str, allowed: usize, mut found: impl FnMut(u32, usize)) {
        // Neighbors share most of their deletes; each is compared once.
        let mut seen: Vec<u32> = Vec::new();
        deletes.each_near(word, allowed, |term| {
            let text = self.text(term);
            let allowed = allowed.min(allowed_between(word, text));
            if word.len().abs_diff(text.len()) > allowed || seen.contains(&term) {
                return;
            }
            seen.push(term);
            if let Some(count) = edits(word, text, allowed).filter(|&count| count > 0) {
                found(term, count);
            }
        });
    }
}

/// Edits allowed between two words: by the shorter, but that a word of four letters may lack one of five.
fn allowed_between(a: &str, b: &str) -> usize {
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    let same_start = a.as_bytes().first() == b.as_bytes().first();
    if short == VOWEL_WORD && long == short + 1 && same_start { 1 } else { edits_allowed(short) }
}
