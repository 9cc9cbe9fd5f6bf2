//! The names of the list, word by word, and the ways from a word of a party's name to the listed names worth comparing.
//!
//! Finds candidates and how alike single words are; how well whole names agree is decided in `score`.

use foldhash::fast::FixedState;

use super::Map;
use super::entity::{AliasKind, EntityIdx, EntityKind};
use super::line::Line;
use super::snapshot::EntityList;
use super::vocabulary::{WordClass, vocabulary};
use super::words::{Likeness, contracts, edit_score, edits, edits_allowed, letters_for_digits, skeleton};

/// A name is found through its heaviest words: by as many as are needed to leave less than this share unseen.
const UNSEEN_SHARE: f32 = 0.45;
/// Edits are looked for in this many first letters; the whole words are compared afterwards.
const EDIT_PREFIX: usize = 8;
/// Listed names longer than this are compared by their first words.
const MAX_NAME_WORDS: usize = 24;

/// Which name of an entry it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameSource {
    Name,
    Alias(u32, AliasKind),
}

/// A listed name in words.
#[derive(Debug)]
pub(super) struct IndexedName {
    pub(super) entity: EntityIdx,
    pub(super) source: NameSource,
    pub(super) words: Vec<u32>,
    /// Neighboring words joined: `joined[i]` is words `i` and `i + 1`.
    pub(super) joined: Vec<u32>,
    /// Whether it is only the acronym that the printed name has in brackets.
    pub(super) acronym: bool,
}

/// A word of the list, or two neighbors joined.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) text: Box<str>,
    pub(super) weight: f32,
    pub(super) class: Option<WordClass>,
    /// Its romanization in one spelling; empty where romanization cannot vary.
    one_spelling: Box<str>,
    /// Whether it stands as a word in some name; else it is only two words joined.
    word: bool,
}

/// A term that a piece of the party's name may stand for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub(super) term: u32,
    /// The words of the line it covers.
    pub(super) mask: u64,
    pub(super) score: f32,
    pub(super) how: Likeness,
}

/// The index over all names of a list.
pub(super) struct Index {
    pub(super) names: Vec<IndexedName>,
    pub(super) terms: Vec<Term>,
    by_text: Map<Box<str>, u32>,
    /// Names to look at, a term each.
    postings: Vec<Vec<u32>>,
    /// Names by all their words written together.
    exact: Map<String, Vec<u32>>,
    spellings: Map<String, Vec<u32>>,
    skeletons: Map<String, Vec<u32>>,
    /// Hash of a word less some letters above the word; sorted, found by its first bits.
    deletes: Vec<u64>,
    delete_starts: Vec<u32>,
    /// Words in order of their text, for words that were cut.
    sorted: Vec<u32>,
    /// Trade words, which alone are shortened freely.
    trade: Vec<u32>,
}

const BUCKET_BITS: u32 = 16;

impl Index {
    /// Indexes every name of the list.
    pub(super) fn of(list: &EntityList) -> Self {
        let mut index = Self {
            names: Vec::with_capacity(10_000),
            terms: Vec::with_capacity(40_000),
            by_text: Map::with_capacity_and_hasher(40_000, FixedState::default()),
            postings: Vec::with_capacity(40_000),
            exact: Map::with_capacity_and_hasher(10_000, FixedState::default()),
            spellings: Map::default(),
            skeletons: Map::default(),
            deletes: Vec::new(),
            delete_starts: Vec::new(),
            sorted: Vec::new(),
            trade: Vec::new(),
        };
        for (idx, entity) in list.indexed().filter(|(_, entity)| entity.kind != EntityKind::Address) {
            index.add(idx, NameSource::Name, &entity.name);
            for (n, alias) in (0..).zip(&entity.aliases) {
                index.add(idx, NameSource::Alias(n, alias.kind), &alias.name);
            }
        }
        index.finish();
        index
    }

    fn add(&mut self, entity: EntityIdx, source: NameSource, text: &str) {
        let line = Line::of_name(text);
        let views = line.views();
        let Some(view) = views.first() else { return };
        let texts: Vec<&str> = line.words_of(view).take(MAX_NAME_WORDS).collect();
        self.add_words(entity, source, &texts);
        if let Some((view, acronym)) = line.without_acronym() {
            let texts: Vec<&str> = line.words_of(&view).take(MAX_NAME_WORDS).collect();
            self.add_words(entity, source, &texts);
            if abbreviates(acronym, &texts) {
                self.add_words(entity, source, &[acronym]);
                if let Some(name) = self.names.last_mut() {
                    name.acronym = true;
                }
            }
        }
    }

    fn add_words(&mut self, entity: EntityIdx, source: NameSource, texts: &[&str]) {
        if texts.is_empty() {
            return;
        }
        let words: Vec<u32> = texts.iter().map(|word| self.term(word, true)).collect();
        let joined: Vec<u32> =
            texts.windows(2).map(|pair| self.term(&[pair[0], pair[1]].concat(), false)).collect();
        let weight: f32 = words.iter().map(|&word| self.terms[word as usize].weight).sum();
        let at = self.names.len() as u32;
        self.exact.entry_ref(&*texts.concat()).or_default().push(at);
        let mut by_weight: Vec<u32> = words.clone();
        by_weight.sort_by(|&a, &b| {
            self.terms[b as usize].weight.total_cmp(&self.terms[a as usize].weight).then(a.cmp(&b))
        });
        let mut unseen = weight;
        for term in by_weight {
            if unseen < UNSEEN_SHARE * weight {
                break;
            }
            unseen -= self.terms[term as usize].weight;
            if self.postings[term as usize].last() != Some(&at) {
                self.postings[term as usize].push(at);
            }
        }
        for &term in &joined {
            if self.postings[term as usize].last() != Some(&at) {
                self.postings[term as usize].push(at);
            }
        }
        self.names.push(IndexedName { entity, source, words, joined, acronym: false });
    }

    fn term(&mut self, text: &str, word: bool) -> u32 {
        if let Some(&term) = self.by_text.get(text) {
            self.terms[term as usize].word |= word;
            return term;
        }
        let term = self.terms.len() as u32;
        let words = vocabulary();
        let class = words.word(text).map(|info| info.class);
        self.terms.push(Term {
            text: text.into(),
            weight: words.weight(text),
            class,
            one_spelling: Box::default(),
            word,
        });
        self.postings.push(Vec::new());
        self.by_text.insert(text.into(), term);
        term
    }

    fn finish(&mut self) {
        let words = vocabulary();
        for (at, term) in (0..).zip(&mut self.terms).filter(|(_, term)| term.word) {
            self.sorted.push(at);
            if term.class == Some(WordClass::Trade) {
                self.trade.push(at);
            }
            let vowels = term.text.bytes().any(|b| b"aeiouy".contains(&b));
            if vowels && term.text.len() >= 3 && is_name_like(term.class) && term.text.is_ascii() {
                let one = words.one_spelling(&term.text);
                let bones = skeleton(&one);
                if bones.len() >= 3 {
                    self.skeletons.entry_ref(&*bones).or_default().push(at);
                }
                self.spellings.entry_ref(&*one).or_default().push(at);
                term.one_spelling = one.into();
            }
            if edits_allowed(term.text.len()) > 0 {
                each_delete(&term.text, edits_allowed(term.text.len()), |less| {
                    self.deletes.push(u64::from(hash(less)) << 32 | u64::from(at));
                });
            }
        }
        self.sorted.sort_unstable_by(|&a, &b| self.terms[a as usize].text.cmp(&self.terms[b as usize].text));
        self.deletes.sort_unstable();
        self.deletes.dedup();
        let mut at = 0;
        for bucket in 0..=(1_u32 << BUCKET_BITS) {
            while at < self.deletes.len() && self.deletes[at] >> (64 - BUCKET_BITS) < u64::from(bucket) {
                at += 1;
            }
            self.delete_starts.push(at as u32);
        }
    }

    /// The names written with these words, spaces and legal forms aside.
    pub(super) fn exactly(&self, written_together: &str) -> &[u32] {
        self.exact.get(written_together).map_or(&[], Vec::as_slice)
    }

    /// The names to look at for a term.
    pub(super) fn names_with(&self, term: u32) -> &[u32] {
        &self.postings[term as usize]
    }

    /// Everything two neighboring words of a party's name, written together, may stand for; ordinary words
    /// are not taken for a misspelled one.
    pub(super) fn joined_hits(&self, together: &str, ordinary: bool, mask: u64, hits: &mut Vec<Hit>) {
        if let Some(&term) = self.by_text.get(together).filter(|&&term| self.terms[term as usize].word) {
            hits.push(Hit { term, mask, score: 0.97, how: Likeness::Joined });
        } else if together.len() >= 10 && !ordinary {
            self.edited(together, 1, |term, edits| {
                let score = edit_score(together, &self.terms[term as usize].text, edits) - 0.02;
                hits.push(Hit { term, mask, score, how: Likeness::Joined });
            });
        }
    }

    /// Everything one word of a party's name may stand for, the best likeness of each term.
    pub(super) fn word_hits(&self, word: &str, mask: u64, last_and_cut: bool, hits: &mut Vec<Hit>) {
        let from = hits.len();
        let words = vocabulary();
        let mut add = |term: u32, score: f32, how: Likeness| {
            if let Some(hit) = hits[from..].iter_mut().find(|hit| hit.term == term) {
                if hit.score < score {
                    (hit.score, hit.how) = (score, how);
                }
            } else {
                hits.push(Hit { term, mask, score, how });
            }
        };
        if let Some(&term) = self.by_text.get(word) {
            let joined = !self.terms[term as usize].word;
            add(
                term,
                if joined { 0.97 } else { 1.0 },
                if joined { Likeness::Joined } else { Likeness::Equal },
            );
        }
        for full in words.expansions(word) {
            if let Some(&term) = self.by_text.get(*full) {
                add(term, 0.95, Likeness::ShortForm);
            }
        }
        for short in words.short_forms(word) {
            if let Some(&term) = self.by_text.get(*short) {
                add(term, 0.95, Likeness::ShortForm);
            }
            for other in words.expansions(short) {
                if let Some(&term) = self.by_text.get(*other).filter(|_| share_a_stem(word, other)) {
                    add(term, 0.88, Likeness::OtherForm);
                }
            }
        }
        let class = words.word(word).map(|info| info.class);
        if last_and_cut && word.len() >= 2 {
            for &term in self.beginning_with(word) {
                add(term, 0.9, Likeness::Cut);
            }
        }
        if !word.is_ascii() {
            return;
        }
        if class.is_none() && word.len() >= 6 {
            for rest in words.without_joined_legal_form(word) {
                if let Some(&term) = self.by_text.get(rest).filter(|&&term| self.terms[term as usize].word) {
                    add(term, 0.95, Likeness::Joined);
                }
            }
        }
        let misread = letters_for_digits(word);
        let letters = misread.as_deref().unwrap_or(word);
        if misread.is_some() {
            if let Some(&term) = self.by_text.get(letters) {
                add(term, 0.96, Likeness::Misread);
            }
            if let Some(&term) = self.by_text.get(&*letters.replace('i', "l")) {
                add(term, 0.95, Likeness::Misread);
            }
        }
        if letters.contains("rn")
            && let Some(&term) = self.by_text.get(&*letters.replace("rn", "m"))
        {
            add(term, 0.95, Likeness::Misread);
        }
        if word.bytes().all(|b| b.is_ascii_digit()) {
            return;
        }
        // A word of the vocabulary, rightly spelled, is no slip of another; it may be its plural.
        let ordinary = class.is_some() && !is_name_like(class);
        if ordinary {
            self.plurals(word, |term| add(term, 0.97, Likeness::OtherForm));
            return;
        }
        let allowed = edits_allowed(letters.len());
        if allowed > 0 {
            self.edited(letters, allowed, |term, count| {
                let other = &self.terms[term as usize];
                let score = if is_plural(letters, &other.text) {
                    0.97
                } else {
                    edit_score(letters, &other.text, count)
                };
                add(term, score, if misread.is_some() { Likeness::Misread } else { Likeness::Spelling });
            });
        }
        if letters.len() >= 4 && is_name_like(class) {
            let one = words.one_spelling(letters);
            for &term in self.spellings.get(&*one).map_or(&[][..], Vec::as_slice) {
                add(term, 0.94, Likeness::Romanization);
            }
            let bones = skeleton(&one);
            if bones.len() >= 3 {
                for &term in self.skeletons.get(&*bones).map_or(&[][..], Vec::as_slice) {
                    let other = &self.terms[term as usize].one_spelling;
                    if let Some(count) = edits(&one, other, 2) {
                        add(term, 0.93 - 0.03 * count as f32, Likeness::Romanization);
                    }
                }
            }
        }
        if class.is_none() && words.expansions(word).is_empty() && (3..=7).contains(&word.len()) {
            let vowels = word.bytes().filter(|b| b"aeiou".contains(b)).count();
            if vowels * 4 <= word.len() {
                for &term in &self.trade {
                    if contracts(word, &self.terms[term as usize].text) {
                        add(term, 0.88, Likeness::ShortForm);
                    }
                }
            } else {
                for &term in self.beginning_with(word) {
                    let full = &self.terms[term as usize];
                    if full.class == Some(WordClass::Trade) && full.text.len() > word.len() + 2 {
                        add(term, 0.88, Likeness::ShortForm);
                    }
                }
            }
        }
    }

    /// Beside what `word_hits` finds, every word of the list within the edits allowed, compared one by one.
    #[cfg(test)]
    pub(super) fn hits_by_brute_force(&self, word: &str, mask: u64, last_and_cut: bool, hits: &mut Vec<Hit>) {
        self.word_hits(word, mask, last_and_cut, hits);
        let letters = letters_for_digits(word).unwrap_or_else(|| word.to_owned());
        let class = vocabulary().word(word).map(|info| info.class);
        if !word.is_ascii()
            || word.bytes().all(|b| b.is_ascii_digit())
            || class.is_some() && !is_name_like(class)
        {
            return;
        }
        for (term, other) in (0..).zip(&self.terms).filter(|(_, other)| other.word) {
            let allowed = edits_allowed(letters.len()).min(edits_allowed(other.text.len()));
            if let Some(count) = edits(&letters, &other.text, allowed).filter(|&count| count > 0) {
                let score = edit_score(&letters, &other.text, count);
                hits.push(Hit { term, mask, score, how: Likeness::Spelling });
            }
        }
    }

    /// The word's plural, or the word it is the plural of.
    fn plurals(&self, word: &str, mut found: impl FnMut(u32)) {
        let mut look = |text: &str| {
            if let Some(&term) = self.by_text.get(text).filter(|&&term| self.terms[term as usize].word) {
                found(term);
            }
        };
        look(&[word, "s"].concat());
        for (ending, other) in [("s", ""), ("es", ""), ("ies", "y")] {
            if let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() > 2) {
                look(&[stem, other].concat());
            }
        }
        if let Some(stem) = word.strip_suffix('y') {
            look(&[stem, "ies"].concat());
        }
    }

    fn beginning_with(&self, start: &str) -> &[u32] {
        let text = |at: &u32| &*self.terms[*at as usize].text;
        let from = self.sorted.partition_point(|at| text(at) < start);
        let length = self.sorted[from..].partition_point(|at| text(at).starts_with(start));
        &self.sorted[from..from + length]
    }

    /// The words within so many edits, with their number.
    fn edited(&self, word: &str, allowed: usize, mut found: impl FnMut(u32, usize)) {
        // Neighbors share most of their deletes; each is compared once.
        let mut seen: Vec<u32> = Vec::with_capacity(16);
        each_delete(word, allowed, |less| {
            let hash = hash(less);
            let bucket = (hash >> (32 - BUCKET_BITS)) as usize;
            let range = self.delete_starts[bucket] as usize..self.delete_starts[bucket + 1] as usize;
            for &entry in self.deletes[range].iter().filter(|&&entry| (entry >> 32) as u32 == hash) {
                let term = entry as u32;
                if seen.contains(&term) {
                    continue;
                }
                seen.push(term);
                let text = &self.terms[term as usize].text;
                let allowed = allowed.min(edits_allowed(text.len()));
                if let Some(count) = edits(word, text, allowed).filter(|&count| count > 0) {
                    found(term, count);
                }
            }
        });
    }
}

/// A hash of a few letters.
fn hash(letters: &[u8]) -> u32 {
    let mut eight = [0; EDIT_PREFIX];
    eight[..letters.len()].copy_from_slice(letters);
    (u64::from_le_bytes(eight).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// Whether romanization can vary: not in ordinary words of English.
fn is_name_like(class: Option<WordClass>) -> bool {
    matches!(class, None | Some(WordClass::Listed | WordClass::PersonName | WordClass::Place))
}

fn is_plural(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    long.strip_prefix(short).is_some_and(|rest| rest == "s" || rest == "es")
        || short.strip_suffix('y').zip(long.strip_suffix("ies")).is_some_and(|(a, b)| a == b)
}

/// Whether most of the longer word is common to both from the start.
fn share_a_stem(a: &str, b: &str) -> bool {
    let common = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    a != b && common * 5 >= a.len().max(b.len()) * 3
}

/// Whether the letters of an acronym stand in the words in this order, the first at the beginning of one.
fn abbreviates(acronym: &str, words: &[&str]) -> bool {
    let text = words.concat();
    let mut letters = text.bytes();
    words.iter().any(|word| word.as_bytes().first() == acronym.as_bytes().first())
        && acronym.bytes().all(|letter| letters.any(|other| other == letter))
}

/// Hands over the beginning of a word, and the beginning less one or two of its letters.
fn each_delete(word: &str, count: usize, mut take: impl FnMut(&[u8])) {
    let bytes = word.as_bytes();
    let start = &bytes[..bytes.len().min(EDIT_PREFIX)];
    let mut less = [0_u8; EDIT_PREFIX];
    take(start);
    for i in 0..start.len() {
        let one = start.len() - 1;
        less[..i].copy_from_slice(&start[..i]);
        less[i..one].copy_from_slice(&start[i + 1..]);
        take(&less[..one]);
        if count > 1 {
            for j in i..one {
                let mut two = [0_u8; EDIT_PREFIX];
                two[..j].copy_from_slice(&less[..j]);
                two[j..one - 1].copy_from_slice(&less[j + 1..one]);
                take(&two[..one - 1]);
            }
        }
    }
}
