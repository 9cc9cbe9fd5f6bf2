//! The names of the list in words, and where to look for a word however it is written.
//!
//! Built once from the list alone. What a word of a party's name may stand for is found in `lookup`; how well whole names agree
//! is decided in `score`.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use super::Map;
use super::deletes::{Deletes, bucketed, each_delete};
use super::entity::{AliasKind, EntityIdx, EntityKind};
use super::lexicon::Lexicon;
use super::line::Line;
use super::snapshot::EntityList;
use super::spellings::{LANGUAGES, Languages, is_pinyin, one_spelling, skeleton};
use super::views::abbreviates;
use super::vocabulary::WordClass;
use super::words::edits_allowed;

/// A name is found through its heaviest words: by as many as are needed to leave less than this share unseen.
const UNSEEN_SHARE: f32 = 0.45;
/// Listed names longer than this are compared by their first words.
const MAX_NAME_WORDS: usize = 24;
/// Words of so many letters have one vowel changed by romanization, and no other letter.
pub(super) const VOWEL_WORD: usize = 4;

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
    /// Where its words and its joined words begin.
    words: u32,
    joined: u32,
    count: u8,
    /// What all its words weigh.
    pub(super) weight: f32,
    /// Whether it is only the acronym that the printed name has in brackets.
    pub(super) acronym: bool,
}

/// A word of the list, or two neighbors joined.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) text: Box<str>,
    pub(super) weight: f32,
    /// The most that words of a name weigh that it stands for.
    pub(super) most: f32,
    pub(super) class: Option<WordClass>,
    /// Its romanizations in one spelling, by group of languages; empty where they cannot vary.
    pub(super) spellings: [Box<str>; LANGUAGES.len()],
    /// Whether it stands as a word in some name; else it is only two words joined.
    pub(super) word: bool,
    /// Whether it stands for two words joined in some name.
    pub(super) joined: bool,
    /// Whether it leads to every name that has it; light words lead to few.
    pub(super) leads_to_all: bool,
}

/// The index over all names of a list.
pub(super) struct Index {
    pub(super) names: Vec<IndexedName>,
    pub(super) terms: Vec<Term>,
    /// How many entries the list has.
    pub(super) entities: usize,
    name_words: Vec<u32>,
    name_joined: Vec<u32>,
    by_text: Map<Box<str>, u32>,
    /// Names to look at, a term each.
    postings: Vec<u32>,
    posting_starts: Vec<u32>,
    /// Names by all their words written together.
    exact: Chains,
    /// Terms by a spelling, a skeleton of consonants, or a pattern of vowels, each salted.
    pub(super) sounds: Chains,
    /// Words by their letters less one or two.
    pub(super) deletes: Deletes,
    /// Long words by their letters less one.
    pub(super) long_deletes: Deletes,
    /// Words in order of their text, for words that were cut.
    sorted: Vec<u32>,
    /// Trade words, which alone are shortened freely.
    pub(super) trade: Vec<u32>,
}

/// Numbers by the hash of a text; whoever asks compares the text.
#[derive(Default)]
pub(super) struct Chains {
    heads: Map<u64, u32>,
    links: Vec<(u32, u32)>,
}

impl Chains {
    fn add(&mut self, hash: u64, value: u32) {
        let at = self.links.len() as u32;
        let next = self.heads.insert(hash, at).unwrap_or(u32::MAX);
        self.links.push((value, next));
    }

    /// The numbers under a hash, the latest first.
    pub(super) fn get(&self, hash: u64) -> impl Iterator<Item = u32> {
        let mut at = self.heads.get(&hash).copied().unwrap_or(u32::MAX);
        std::iter::from_fn(move || {
            let (value, next) = *self.links.get(at as usize)?;
            at = next;
            Some(value)
        })
    }
}

/// Buckets of the two tables of deletes, as powers of two.
const BUCKET_BITS: u32 = 16;
const LONG_BUCKET_BITS: u32 = 12;
/// A long word has at least so many letters.
pub(super) const LONG_WORD: usize = 9;

/// What is being built.
struct Builder {
    index: Index,
    line: Line,
    lexicon: Lexicon,
    /// A term and a name to look at for it.
    postings: Vec<(u32, u32)>,
}

impl Index {
    /// Indexes every name of the list.
    pub(super) fn of(list: &EntityList) -> Self {
        let mut builder = Builder {
            index: Self {
                names: Vec::with_capacity(10_000),
                terms: Vec::with_capacity(40_000),
                entities: list.entities().len(),
                name_words: Vec::with_capacity(40_000),
                name_joined: Vec::with_capacity(40_000),
                by_text: Map::with_capacity_and_hasher(40_000, FixedState::default()),
                postings: Vec::new(),
                posting_starts: Vec::new(),
                exact: Chains::default(),
                sounds: Chains::default(),
                deletes: Deletes::default(),
                long_deletes: Deletes::default(),
                sorted: Vec::new(),
                trade: Vec::new(),
            },
            line: Line::default(),
            lexicon: Lexicon::of_the_list(),
            postings: Vec::with_capacity(60_000),
        };
        for (idx, entity) in list.indexed().filter(|(_, entity)| entity.kind != EntityKind::Address) {
            builder.add(idx, NameSource::Name, &entity.name);
            for (n, alias) in (0..).zip(&entity.aliases) {
                builder.add(idx, NameSource::Alias(n, alias.kind), &alias.name);
            }
        }
        builder.finish()
    }

    /// The words of a name.
    pub(super) fn words_of(&self, name: &IndexedName) -> &[u32] {
        &self.name_words[name.words as usize..][..name.count as usize]
    }

    /// Its neighboring words joined: the first is words 0 and 1.
    pub(super) fn joined_of(&self, name: &IndexedName) -> &[u32] {
        &self.name_joined[name.joined as usize..][..name.count as usize - 1]
    }

    /// The letters of a term.
    pub(super) fn text(&self, term: u32) -> &str {
        &self.terms[term as usize].text
    }

    /// The term of exactly these letters.
    pub(super) fn term(&self, text: &str) -> Option<u32> {
        self.by_text.get(text).copied()
    }

    /// Likewise, where it stands as a word in some name.
    pub(super) fn word(&self, text: &str) -> Option<u32> {
        self.term(text).filter(|&term| self.terms[term as usize].word)
    }

    /// The names written with these letters, spaces and legal forms aside.
    pub(super) fn exactly(&self, together: &str) -> impl Iterator<Item = u32> {
        self.exact.get(hash_of(together)).filter(move |&name| {
            let mut rest = together;
            self.words_of(&self.names[name as usize]).iter().all(|&term| {
                rest.strip_prefix(self.text(term)).is_some_and(|behind| {
                    rest = behind;
                    true
                })
            }) && rest.is_empty()
        })
    }

    /// The names to look at for a term.
    pub(super) fn names_with(&self, term: u32) -> &[u32] {
        let (from, to) = (self.posting_starts[term as usize], self.posting_starts[term as usize + 1]);
        &self.postings[from as usize..to as usize]
    }

    /// The words that begin so.
    pub(super) fn beginning_with(&self, start: &str) -> &[u32] {
        let from = self.sorted.partition_point(|at| self.text(*at) < start);
        let length = self.sorted[from..].partition_point(|at| self.text(*at).starts_with(start));
        &self.sorted[from..from + length]
    }
}

impl Builder {
    fn add(&mut self, entity: EntityIdx, source: NameSource, text: &str) {
        self.line.read_name(text, &mut self.lexicon);
        let mut views = Vec::new();
        self.line.views(&self.lexicon, &mut views);
        let Some(view) = views.first() else { return };
        let line = std::mem::take(&mut self.line);
        let words =
            |mask: u64| line.places(mask).map(|(_, word)| word).take(MAX_NAME_WORDS).collect::<Vec<_>>();
        self.add_words(entity, source, &words(view.words));
        if let Some((outside, acronym)) = line.without_acronym(&self.lexicon) {
            let (outside, acronym) = (words(outside), line.word(acronym));
            self.add_words(entity, source, &outside);
            if abbreviates(acronym, &outside) {
                self.add_words(entity, source, &[acronym]);
                if let Some(name) = self.index.names.last_mut() {
                    name.acronym = true;
                }
            }
        }
        self.line = line;
    }

    fn add_words(&mut self, entity: EntityIdx, source: NameSource, texts: &[&str]) {
        if texts.is_empty() {
            return;
        }
        let at = self.index.names.len() as u32;
        let (words, joined) = (self.index.name_words.len(), self.index.name_joined.len());
        for word in texts {
            let term = self.term(word, true);
            self.index.name_words.push(term);
        }
        let weight_of = |index: &Index, i: usize| index.terms[index.name_words[words + i] as usize].weight;
        for (i, pair) in texts.windows(2).enumerate() {
            let term = self.term(&[pair[0], pair[1]].concat(), false);
            self.index.name_joined.push(term);
            let both = weight_of(&self.index, i) + weight_of(&self.index, i + 1);
            let joined = &mut self.index.terms[term as usize];
            joined.most = joined.most.max(both);
            joined.joined = true;
        }
        let weight: f32 = (0..texts.len()).map(|i| weight_of(&self.index, i)).sum();
        self.index.exact.add(hash_of(&texts.concat()), at);
        let mut by_weight: Vec<u32> = self.index.name_words[words..].to_vec();
        by_weight.sort_by(|&a, &b| {
            let weight = |term: u32| self.index.terms[term as usize].weight;
            weight(b).total_cmp(&weight(a)).then(a.cmp(&b))
        });
        let mut unseen = weight;
        for term in by_weight {
            if unseen < UNSEEN_SHARE * weight {
                self.index.terms[term as usize].leads_to_all = false;
                continue;
            }
            unseen -= self.index.terms[term as usize].weight;
            self.postings.push((term, at));
        }
        self.postings.extend(self.index.name_joined[joined..].iter().map(|&term| (term, at)));
        self.index.names.push(IndexedName {
            entity,
            source,
            words: words as u32,
            joined: joined as u32,
            count: texts.len() as u8,
            weight,
            acronym: false,
        });
    }

    fn term(&mut self, text: &str, word: bool) -> u32 {
        if let Some(&term) = self.index.by_text.get(text) {
            self.index.terms[term as usize].word |= word;
            return term;
        }
        let term = self.index.terms.len() as u32;
        let vocabulary = super::vocabulary::vocabulary();
        let (class, weight) = (vocabulary.word(text).map(|info| info.class), vocabulary.weight(text));
        self.index.terms.push(Term {
            text: text.into(),
            weight,
            most: weight,
            class,
            spellings: Default::default(),
            word,
            joined: false,
            leads_to_all: true,
        });
        self.index.by_text.insert(text.into(), term);
        term
    }

    fn finish(mut self) -> Index {
        let index = &mut self.index;
        // Names were added in order, so that one met twice for a term stands beside itself.
        self.postings.dedup();
        let (postings, starts) = bucketed(&self.postings, index.terms.len(), |pair| pair.0);
        index.postings = postings.into_iter().map(|pair| pair.1).collect();
        index.posting_starts = starts;
        let mut deletes: Vec<(u32, u32)> = Vec::with_capacity(400_000);
        let mut long_deletes: Vec<(u32, u32)> = Vec::with_capacity(100_000);
        for (at, term) in (0..).zip(&mut index.terms).filter(|(_, term)| term.word) {
            index.sorted.push(at);
            if term.class == Some(WordClass::Trade) {
                index.trade.push(at);
            }
            if is_name_like(term.class) && term.text.is_ascii() {
                each_sound(&term.text, true, |languages, spelling, hash| {
                    if let Some(languages) = languages {
                        term.spellings[languages as usize] = spelling.into();
                    }
                    index.sounds.add(hash, at);
                });
            }
            let allowed = if term.text.len() == VOWEL_WORD { 1 } else { edits_allowed(term.text.len()) };
            if allowed > 0 {
                each_delete(&term.text, allowed, |hash| deletes.push((hash, at)));
            }
            if term.text.len() >= LONG_WORD {
                each_delete(&term.text, 1, |hash| long_deletes.push((hash, at)));
            }
        }
        index
            .sorted
            .sort_unstable_by(|&a, &b| index.terms[a as usize].text.cmp(&index.terms[b as usize].text));
        index.deletes = Deletes::of(&deletes, BUCKET_BITS);
        index.long_deletes = Deletes::of(&long_deletes, LONG_BUCKET_BITS);
        self.index
    }
}

/// A hash of a whole text.
pub(super) fn hash_of(text: &str) -> u64 {
    FixedState::default().hash_one(text)
}

/// Whether romanization can vary: not in ordinary words of English.
pub(super) fn is_name_like(class: Option<WordClass>) -> bool {
    matches!(class, None | Some(WordClass::Listed | WordClass::PersonName | WordClass::Place))
}

/// Hands over what a word sounds like in each group of languages: its spelling and the hash to look for, then the hash of its
/// consonants. `listed` tells which side it is on: a Chinese word is pinyin on the list and something else in the record.
pub(super) fn each_sound(word: &str, listed: bool, mut take: impl FnMut(Option<Languages>, &str, u64)) {
    if word.len() < 3
        || !word.bytes().any(|b| b"aeiouy".contains(&b))
        || word.bytes().any(|b| b.is_ascii_digit())
    {
        return;
    }
    for languages in LANGUAGES {
        if languages == Languages::Chinese && (word.len() < 5 || is_pinyin(word) != listed) {
            continue;
        }
        let one = one_spelling(word, languages);
        let salt = languages as u64 + 1;
        take(Some(languages), &one, hash_of(&one) ^ salt);
        if languages != Languages::Chinese {
            let bones = skeleton(&one);
            if bones.len() >= 3 {
                take(None, "", hash_of(&bones) ^ (salt + 8));
            }
        }
    }
    if word.len() == VOWEL_WORD {
        let pattern: String =
            word.chars().map(|c| if matches!(c, 'a' | 'e' | 'i' | 'o' | 'u') { '*' } else { c }).collect();
        take(None, "", hash_of(&pattern) ^ 16);
    }
}
