//! Screening one party against the list: candidates, best first, each explained.
//!
//! A pure function of the query and the list, for all dates; what a candidate means on a day is decided by who asks.

use std::sync::{Arc, OnceLock};

use super::Map;
use super::addresses::AddressIndex;
use super::entity::{AliasKind, EntityIdx, ListedEntity};
use super::explain;
use super::index::{Hit, Index, IndexedName, NameSource};
use super::line::{Line, View};
use super::score::{Agreement, Match, Reading, agreement};
use super::snapshot::EntityList;
use super::vocabulary::{WordClass, vocabulary};
use crate::codes::CountryCode;

/// From this score on a candidate is for a person to look at; how it was chosen is said in `data/names/README.md`.
pub const FLAG_SCORE: f32 = 0.78;
/// At most this many candidates are named.
const MOST_CANDIDATES: usize = 25;
/// The nearest entry is named from this score on.
const NEAREST_SCORE: f32 = 0.3;
/// An exact name found in a part of the field that may as well be something else.
const PART_SCORE: f32 = 0.95;
/// All that matched is a bare acronym or one common word.
const WEAK_SCORE: f32 = 0.86;
/// Likewise, and not even exactly.
const WEAK_CLOSE_SCORE: f32 = 0.85;
/// So short a word alone is compared with whole names only: `NA` is no `NA Enterprises`.
const BARE_LETTERS: usize = 3;
/// What it scores against a longer name.
const BARE_SCORE: f32 = 0.7;
/// Acronyms are at most this long.
const ACRONYM_LETTERS: usize = 5;

/// What is known of a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartyQuery<'a> {
    /// The name field.
    pub name: &'a str,
    /// The party's own country, where known.
    pub country: Option<CountryCode>,
    /// The address, as far as the record has one.
    pub address: &'a str,
}

/// On what a candidate rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchBasis {
    /// The listed name, but for case, punctuation, spaces and legal form.
    ExactName,
    /// A further name of the entry, likewise.
    ExactAlias(AliasKind),
    /// Likewise, but it is a bare acronym or one common word.
    WeakExact,
    /// A close name.
    Close,
    /// An address of the entry.
    SharedAddress,
    /// The address that is itself listed.
    ListedAddress,
}

impl MatchBasis {
    /// Whether a name or alias matched exactly.
    pub fn is_exact(self) -> bool {
        matches!(self, Self::ExactName | Self::ExactAlias(_))
    }
}

/// A listed entry that the party may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The entry.
    pub entity: EntityIdx,
    /// The listed name, alias or address that matched, as printed.
    pub matched_name: String,
    /// On what the match rests.
    pub basis: MatchBasis,
    /// From 0 to 1.
    pub score: f32,
    /// Whether the party's country is one of the entry's; none where the party's country is unknown.
    pub agrees_with_country: Option<bool>,
    /// Why, in words to copy.
    pub explanation: String,
}

/// The outcome of screening one party.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Screening {
    /// Candidates that reach the flag score, best first.
    pub candidates: Vec<Candidate>,
    /// The nearest entry, where none reaches it.
    pub nearest: Option<Candidate>,
}

impl Screening {
    /// Adds what the party's address led to: an entry found by both says so, one found by address alone stands beside the
    /// others. A pure function of both.
    #[must_use]
    pub fn with_address(mut self, by_address: &[Candidate]) -> Self {
        for found in by_address {
            match self.candidates.iter_mut().find(|other| other.entity == found.entity) {
                Some(by_name) if by_name.score >= FLAG_SCORE => {
                    by_name.explanation.push_str(" The address is one of the entry's, too.");
                }
                Some(by_name) => by_name.clone_from(found),
                None => self.candidates.push(found.clone()),
            }
        }
        if !by_address.is_empty() {
            best_first(&mut self.candidates);
            self.nearest = None;
        }
        self
    }
}

/// In the order of reports, no more than are ever named.
fn best_first(candidates: &mut Vec<Candidate>) {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.entity.cmp(&b.entity)));
    candidates.truncate(MOST_CANDIDATES);
}

/// Screens parties against a list.
pub struct Screener {
    list: Arc<EntityList>,
    index: OnceLock<Index>,
    addresses: OnceLock<AddressIndex>,
}

/// The best match of one entry so far.
pub(super) struct Best {
    pub(super) score: f32,
    basis: MatchBasis,
    name: u32,
    /// The reading it was found in.
    view: usize,
    matches: Vec<Match>,
}

impl Screener {
    /// A screener over this list; its index is built on first use.
    pub fn new(list: Arc<EntityList>) -> Self {
        Self { list, index: OnceLock::new(), addresses: OnceLock::new() }
    }

    /// The list.
    pub fn list(&self) -> &Arc<EntityList> {
        &self.list
    }

    /// Builds the index now rather than with the first party.
    pub fn prepare(&self) {
        self.index();
        self.address_index();
    }

    pub(super) fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(&self.list))
    }

    fn address_index(&self) -> &AddressIndex {
        self.addresses.get_or_init(|| AddressIndex::of(&self.list))
    }

    /// Screens a party: who reaches the flag score, else who is nearest.
    pub fn screen(&self, query: &PartyQuery<'_>) -> Screening {
        let by_name = self.screen_name(query.name, query.country);
        by_name.with_address(&self.screen_address(query.address, query.country))
    }

    /// Screens a name alone: a pure function of the name and the party's country, for all dates.
    pub fn screen_name(&self, name: &str, country: Option<CountryCode>) -> Screening {
        let mut candidates = self.named(name, country, NEAREST_SCORE, true);
        if candidates.first().is_some_and(|best| best.score >= FLAG_SCORE) {
            Screening { candidates, nearest: None }
        } else {
            Screening { nearest: candidates.pop(), candidates }
        }
    }

    /// Screens an address alone, likewise: the entries that have it. Every one of them is for a person to look at.
    pub fn screen_address(&self, address: &str, country: Option<CountryCode>) -> Vec<Candidate> {
        if address.trim().is_empty() {
            return Vec::new();
        }
        let mut found: Vec<Candidate> = self
            .address_index()
            .find(address)
            .into_iter()
            .map(|(entity, at, others, score)| {
                let listed = self.list.entity(entity);
                let text = &listed.addresses[at as usize].text;
                let agrees = country.map(|country| listed.agrees_with(country));
                explain::address(listed, entity, text, others, score, agrees)
            })
            .collect();
        best_first(&mut found);
        found
    }

    /// Every candidate from a score on, best first.
    pub fn screen_at(&self, query: &PartyQuery<'_>, min_score: f32) -> Vec<Candidate> {
        let candidates = self.named(query.name, query.country, min_score, false);
        let mut by_address = self.screen_address(query.address, query.country);
        by_address.retain(|candidate| candidate.score >= min_score);
        Screening { candidates, nearest: None }.with_address(&by_address).candidates
    }

    /// Candidates by name. With `flagged_or_nearest`, those below the flag score after the first are left out unexplained.
    fn named(
        &self,
        name: &str,
        country: Option<CountryCode>,
        min_score: f32,
        flagged_or_nearest: bool,
    ) -> Vec<Candidate> {
        let index = self.index();
        let line = Line::of_field(name);
        let views = line.views();
        let found = find(index, &line, &views);
        let mut best: Vec<(EntityIdx, Best)> =
            found.into_iter().filter(|(_, best)| best.score >= min_score).collect();
        best.sort_by(|(a, x), (b, y)| y.score.total_cmp(&x.score).then(a.cmp(b)));
        best.truncate(MOST_CANDIDATES);
        if flagged_or_nearest {
            let flagged = best.iter().take_while(|(_, best)| best.score >= FLAG_SCORE).count();
            best.truncate(flagged.max(1));
        }
        best.into_iter()
            .map(|(entity, best)| self.candidate(index, &line, &views, country, entity, &best))
            .collect()
    }

    fn candidate(
        &self,
        index: &Index,
        line: &Line,
        views: &[View],
        country: Option<CountryCode>,
        entity: EntityIdx,
        best: &Best,
    ) -> Candidate {
        let listed = self.list.entity(entity);
        let name = &index.names[best.name as usize];
        let agrees = country.map(|country| listed.agrees_with(country));
        let words: Vec<(u8, &str)> = line.places_of(&views[best.view]).collect();
        Candidate {
            entity,
            matched_name: printed(listed, name.source).to_owned(),
            basis: best.basis,
            score: best.score,
            agrees_with_country: agrees,
            explanation: explain::name(index, name, listed, best.basis, &words, &best.matches, country),
        }
    }
}

/// The name as the list prints it.
fn printed(entity: &ListedEntity, source: NameSource) -> &str {
    match source {
        NameSource::Name => &entity.name,
        NameSource::Alias(n, _) => &entity.aliases[n as usize].name,
    }
}

/// The best match of every entry that any reading of the field leads to.
pub(super) fn find(index: &Index, line: &Line, views: &[View]) -> Map<EntityIdx, Best> {
    let mut found: Map<EntityIdx, Best> = Map::default();
    let (mut hits, mut names, mut scratch) = (Vec::new(), Vec::new(), Vec::new());
    // What a word or a pair may stand for is the same in every reading; masks tell which have been looked up.
    let (mut looked_up, mut all_hits): (Vec<u64>, Vec<Hit>) = (Vec::new(), Vec::new());
    for (at, view) in views.iter().enumerate() {
        let places: Vec<(u8, &str)> = line.places_of(view).collect();
        let words: Vec<&str> = places.iter().map(|(_, word)| *word).collect();
        let mask = places.iter().fold(0_u64, |mask, (bit, _)| mask | 1 << bit);
        let together = words.concat();
        for &name in index.exactly(&together) {
            let (basis, score) = exact_basis(index, name, &words, view.whole);
            keep(&mut found, index, name, Best { score, basis, name, view: at, matches: Vec::new() });
        }
        let cut = line.cut && view.to_the_end && words.len() > 1;
        let mut piece = |length: usize, first: usize| {
            let Some(part) = places.get(first..first + length) else { return };
            let piece = part.iter().fold(0_u64, |mask, (bit, _)| mask | 1 << bit);
            if looked_up.contains(&piece) {
                return;
            }
            looked_up.push(piece);
            if length == 1 {
                let last = first + 1 == places.len();
                index.word_hits(part[0].1, piece, cut && last, &mut all_hits);
            } else {
                let together = words[first..first + length].concat();
                let ordinary = part.iter().all(|(_, word)| vocabulary().is_ordinary(word));
                index.joined_hits(&together, ordinary, piece, &mut all_hits);
            }
        };
        for (first, word) in words.iter().enumerate() {
            piece(1, first);
            piece(2, first);
            // `Jalal ud Din`
            if words.get(first + 1).is_some_and(|next| word.len().min(next.len()) <= 3) {
                piece(3, first);
            }
        }
        hits.clear();
        hits.extend(all_hits.iter().filter(|hit| hit.mask & !mask == 0).copied());
        hits.sort_unstable_by(|a, b| {
            a.term.cmp(&b.term).then(a.mask.cmp(&b.mask)).then(b.score.total_cmp(&a.score))
        });
        hits.dedup_by_key(|hit| (hit.term, hit.mask));
        names.clear();
        for hit in &hits {
            names.extend_from_slice(index.names_with(hit.term));
        }
        names.sort_unstable();
        names.dedup();
        let reading = Reading::of(&places, cut);
        for &name in &names {
            let listed = &index.names[name as usize];
            if let Some(Agreement { score, matches }) =
                agreement(index, listed, &hits, &reading, &mut scratch)
            {
                let weak = words.len() == 1 && is_weak(listed, words[0]);
                let score = if weak { score.min(WEAK_CLOSE_SCORE) } else { score };
                let bare = together.chars().count() <= BARE_LETTERS;
                let score = if bare { score.min(BARE_SCORE) } else { score };
                keep(
                    &mut found,
                    index,
                    name,
                    Best { score, basis: MatchBasis::Close, name, view: at, matches },
                );
            }
        }
    }
    found
}

fn keep(found: &mut Map<EntityIdx, Best>, index: &Index, name: u32, best: Best) {
    let entity = index.names[name as usize].entity;
    match found.get_mut(&entity) {
        // An exact match, even a weak one, says more than a close one that scores higher.
        Some(old) if (old.basis == MatchBasis::Close) != (best.basis == MatchBasis::Close) => {
            let score = old.score.max(best.score);
            if old.basis == MatchBasis::Close {
                *old = best;
            }
            old.score = score;
        }
        Some(old) if old.score >= best.score => {}
        Some(old) => *old = best,
        None => {
            found.insert(entity, best);
        }
    }
}

fn exact_basis(index: &Index, name: u32, words: &[&str], whole: bool) -> (MatchBasis, f32) {
    let listed = &index.names[name as usize];
    if words.len() == 1 && is_weak(listed, words[0]) {
        return (MatchBasis::WeakExact, WEAK_SCORE);
    }
    match listed.source {
        _ if !whole => (MatchBasis::Close, PART_SCORE),
        NameSource::Name => (MatchBasis::ExactName, 1.0),
        NameSource::Alias(_, kind) => (MatchBasis::ExactAlias(kind), 1.0),
    }
}

/// Whether one word alone is too little to name a party: an acronym, or a word of the general vocabulary.
fn is_weak(listed: &IndexedName, word: &str) -> bool {
    listed.acronym
        || matches!(listed.source, NameSource::Alias(_, AliasKind::Acronym))
        || word.chars().count() <= ACRONYM_LETTERS
        || vocabulary().word(word).is_some_and(|info| info.class != WordClass::Listed)
}
