//! From a party's name to the listed names it comes near: every reading of it, every name that a word of it leads to.
//!
//! Names that cannot reach the score asked for are left aside early; what is left aside never reaches it.

use super::entity::{AliasKind, EntityIdx};
use super::fold::Letters;
use super::index::{Index, IndexedName, NameSource};
use super::lexicon::Lexicon;
use super::line::{Line, bits};
use super::lookup::{Hit, Lookup};
use super::score::{Alignment, Match, ORDINARY, Reading};
use super::screen::MatchBasis;
use super::views::View;
use super::vocabulary::{WordClass, vocabulary};
use super::words::Likeness;

/// The most that a part of the field scores, equal or not: it may as well be something else.
const PART_SCORE: f32 = 0.95;
/// All that matched is a bare acronym or one common word.
const WEAK_SCORE: f32 = 0.86;
/// Likewise, and not even exactly.
const WEAK_CLOSE_SCORE: f32 = 0.85;
/// So short a word alone is compared with whole names only: `NA` is no `NA Enterprises`.
const BARE_LETTERS: usize = 3;
/// What it scores against a longer name.
const BARE_SCORE: f32 = 0.7;
/// A word of this weight or less does not tell parties apart.
const SAYS_NOTHING: f32 = 0.1;
/// Acronyms are at most this long.
const ACRONYM_LETTERS: usize = 5;

/// The best match of one entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Best {
    pub(super) entity: EntityIdx,
    pub(super) score: f32,
    pub(super) basis: MatchBasis,
    pub(super) name: u32,
    /// The reading it was found in.
    view: View,
    /// Whether a part of the field equals the listed name.
    pub(super) equal_part: bool,
}

/// What a word of a reading can lead to.
#[derive(Debug, Clone, Copy)]
struct Worth {
    at: u8,
    /// The most it can have in common with any name.
    most: f32,
    /// The heaviest term it stands for: what it leads to has no lighter heaviest word.
    heaviest: f32,
    /// The lightest term it stands for that does not lead to all of its names; those are led to by a word as heavy.
    lightest_elsewhere: f32,
}

impl Worth {
    fn of(index: &Index, hits: &[Hit], at: usize) -> Self {
        let mut worth = Self { at: at as u8, most: 0.0, heaviest: 0.0, lightest_elsewhere: f32::INFINITY };
        for hit in hits.iter().filter(|hit| hit.mask & 1 << at != 0) {
            let term = &index.terms[hit.term as usize];
            worth.most = worth.most.max(term.most * hit.score);
            // Words joined lead to their names whatever they weigh.
            let heaviest = if term.joined { f32::INFINITY } else { term.weight };
            worth.heaviest = worth.heaviest.max(heaviest);
            if !term.leads_to_all {
                worth.lightest_elsewhere = worth.lightest_elsewhere.min(term.weight);
            }
        }
        worth
    }
}

/// Everything searching needs, used again for name after name.
#[derive(Default)]
pub(super) struct Workspace {
    pub(super) lexicon: Lexicon,
    pub(super) line: Line,
    views: Vec<View>,
    lookup: Lookup,
    /// What pieces of the line may stand for; the same in every reading.
    all_hits: Vec<Hit>,
    looked_up: Vec<u64>,
    hits: Vec<Hit>,
    worth: Vec<Worth>,
    reading: Reading,
    alignment: Alignment,
    together: String,
    /// When a name or an entry was last met, so that each is taken once.
    names_met: Vec<u32>,
    entities_met: Vec<(u32, u32)>,
    now: u32,
    found: Vec<Best>,
}

impl Workspace {
    /// The best match of every entry that any reading of a field leads to, from a score on, best first.
    pub(super) fn find(&mut self, index: &Index, field: &str, least: f32) -> &[Best] {
        self.find_reading(index, field, Letters::AsTheyCome, least);
        if self.line.otherwise {
            let by_sound = std::mem::take(&mut self.found);
            self.find_reading(index, field, Letters::BySight, least);
            let best = |found: &[Best]| found.first().map_or(0.0, |best| best.score);
            if best(&by_sound) >= best(&self.found) {
                self.find_reading(index, field, Letters::AsTheyCome, least);
            }
        }
        &self.found
    }

    fn find_reading(&mut self, index: &Index, field: &str, letters: Letters, least: f32) {
        if self.lexicon.is_full() {
            self.lexicon.clear();
        }
        self.names_met.resize(index.names.len(), 0);
        self.entities_met.resize(index.entities, (0, 0));
        self.found.clear();
        self.all_hits.clear();
        self.looked_up.clear();
        self.line.read_field(field, letters, &mut self.lexicon);
        self.line.views(&self.lexicon, &mut self.views);
        let line_now = self.next();
        for at in 0..self.views.len() {
            let view = self.views[at];
            self.exactly(index, view, line_now);
            self.look_up(index, view);
            self.near(index, view, least, line_now);
        }
        self.found.retain(|best| best.score >= least);
        self.found.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.entity.cmp(&b.entity)));
    }

    /// A moment later than every one before.
    fn next(&mut self) -> u32 {
        if self.now == u32::MAX {
            self.names_met.fill(0);
            self.entities_met.fill((0, 0));
            self.now = 0;
        }
        self.now += 1;
        self.now
    }

    fn exactly(&mut self, index: &Index, view: View, line_now: u32) {
        self.together.clear();
        for (_, word) in self.line.places(view.words) {
            self.together.push_str(word);
        }
        for name in index.exactly(&self.together) {
            let listed = &index.names[name as usize];
            let alone = view.words.is_power_of_two();
            let (basis, score) = match listed.source {
                _ if alone && is_weak(listed, &self.together) => (MatchBasis::WeakExact, WEAK_SCORE),
                _ if !view.whole => (MatchBasis::Close, PART_SCORE),
                NameSource::Name => (MatchBasis::ExactName, 1.0),
                NameSource::Alias(_, kind) => (MatchBasis::ExactAlias(kind), 1.0),
            };
            let equal_part = basis == MatchBasis::Close;
            let best = Best { entity: listed.entity, score, basis, name, view, equal_part };
            keep(&mut self.found, &mut self.entities_met, best, line_now);
        }
    }

    /// Looks up the words of a reading, and neighbors joined.
    fn look_up(&mut self, index: &Index, view: View) {
        let cut = self.line.cut && view.to_the_end && self.line.words.len() > 1;
        let mut places = [0_u8; 64];
        let mut count = 0;
        for at in bits(view.words) {
            places[count] = at as u8;
            count += 1;
        }
        for first in 0..count {
            let at = places[first] as usize;
            let word = self.line.word(at);
            let mask = 1 << at;
            if !self.looked_up.contains(&mask) {
                self.looked_up.push(mask);
                self.lookup.word(index, word, cut && first + 1 == count, mask, &mut self.all_hits);
            }
            // `Jalal ud Din`
            let three = places[..count]
                .get(first + 1)
                .is_some_and(|&next| word.len().min(self.line.word(next as usize).len()) <= 3);
            for length in 2..=if three { 3 } else { 2 } {
                let Some(part) = places[..count].get(first..first + length) else { break };
                let mask = part.iter().fold(0_u64, |mask, &at| mask | 1 << at);
                if self.looked_up.contains(&mask) {
                    continue;
                }
                self.looked_up.push(mask);
                self.together.clear();
                for &at in part {
                    self.together.push_str(self.line.word(at as usize));
                }
                let ordinary =
                    part.iter().all(|&at| self.line.token(at as usize, &self.lexicon).is_ordinary());
                index.joined_hits(&self.together, ordinary, mask, &mut self.all_hits);
            }
        }
    }

    /// Compares a reading with every listed name that a word of it leads to.
    fn near(&mut self, index: &Index, view: View, least: f32, line_now: u32) {
        self.hits.clear();
        self.hits.extend(self.all_hits.iter().filter(|hit| hit.mask & !view.words == 0));
        if self.hits.is_empty() {
            return;
        }
        self.reading.read(&self.line, &view, &self.lexicon);
        self.hits.sort_unstable_by(|a, b| {
            a.term.cmp(&b.term).then(a.mask.cmp(&b.mask)).then(b.score.total_cmp(&a.score))
        });
        self.hits.dedup_by_key(|hit| (hit.term, hit.mask));
        let met = self.hits.iter().fold(0, |met, hit| met | hit.mask);
        let left_over = self.reading.least_left_over(met);
        self.worth.clear();
        self.worth.extend(bits(met).map(|at| Worth::of(index, &self.hits, at)));
        // The most telling word first.
        self.worth.sort_unstable_by(|a, b| b.most.total_cmp(&a.most).then(a.at.cmp(&b.at)));
        let initials = self.reading.initials_worth();
        let view_now = self.next();
        let mut passed = 0_u64;
        for n in 0..self.worth.len() {
            let Worth { at, heaviest, .. } = self.worth[n];
            // Names that this word leads to, and none before it has, can have no more than this in common, and lack the
            // words passed but for those that did not lead to all of their names.
            let (mut most, mut lacking) = (initials, left_over);
            for (other, word) in self.worth.iter().enumerate() {
                if other >= n || word.lightest_elsewhere <= heaviest {
                    most += word.most;
                } else {
                    lacking += self.reading.least_weight(word.at as usize);
                }
            }
            if (most / (most + lacking)).sqrt() >= least {
                for i in 0..self.hits.len() {
                    let hit = self.hits[i];
                    if hit.mask & 1 << at != 0 && hit.mask & passed == 0 {
                        self.compare(index, hit.term, view, left_over, least, (line_now, view_now));
                    }
                }
                passed |= 1 << at;
            }
        }
    }

    /// Compares a reading with the names that a term leads to, unless another has led to them.
    fn compare(
        &mut self,
        index: &Index,
        term: u32,
        view: View,
        left_over: f32,
        least: f32,
        (line_now, view_now): (u32, u32),
    ) {
        let alone = view.words.is_power_of_two();
        for &name in index.names_with(term) {
            if std::mem::replace(&mut self.names_met[name as usize], view_now) == view_now {
                continue;
            }
            let listed = &index.names[name as usize];
            let Some(mut score) =
                self.alignment.score(index, listed, &self.hits, &self.reading, left_over, least)
            else {
                continue;
            };
            if alone && is_weak(listed, self.line.word(view.words.trailing_zeros() as usize)) {
                score = score.min(WEAK_CLOSE_SCORE);
            }
            if !view.whole {
                score = score.min(PART_SCORE);
            }
            if self.reading.letters() <= BARE_LETTERS {
                score = score.min(BARE_SCORE);
            }
            let (entity, basis) = (listed.entity, MatchBasis::Close);
            let best = Best { entity, score, basis, name, view, equal_part: false };
            keep(&mut self.found, &mut self.entities_met, best, line_now);
        }
    }

    /// What stands for what in a match found; none for one that is exact.
    pub(super) fn matches(&mut self, index: &Index, best: &Best) -> &[Match] {
        self.alignment.matches.clear();
        if best.basis == MatchBasis::Close && !best.equal_part {
            self.hits.clear();
            self.hits.extend(self.all_hits.iter().filter(|hit| hit.mask & !best.view.words == 0));
            self.hits.sort_unstable_by(|a, b| {
                a.term.cmp(&b.term).then(a.mask.cmp(&b.mask)).then(b.score.total_cmp(&a.score))
            });
            self.hits.dedup_by_key(|hit| (hit.term, hit.mask));
            self.reading.read(&self.line, &best.view, &self.lexicon);
            let name = &index.names[best.name as usize];
            self.alignment.score(index, name, &self.hits, &self.reading, 0.0, 0.0);
        }
        &self.alignment.matches
    }

    /// The words of the reading in which a match was found, each with its place.
    pub(super) fn words_of(&self, best: &Best) -> Vec<(usize, &str)> {
        self.line.places(best.view.words).collect()
    }

    /// Whether all that a match rests on is one ordinary word, or a line of business, while other words stand on one side alone:
    /// `Pioneer Controls` and a ship called `Pioneer`. Places of the record aside: it has cities behind names.
    pub(super) fn rests_on_one_ordinary_word(&mut self, index: &Index, best: &Best) -> bool {
        if best.basis != MatchBasis::Close || best.equal_part {
            return false;
        }
        let listed = index.words_of(&index.names[best.name as usize]);
        let class_of = |term: u32| index.terms[term as usize].class;
        let (mut of_party, mut of_list, mut naming) = (0_u64, 0_u32, 0);
        for found in self.matches(index, best) {
            if found.weight > ORDINARY {
                return false;
            }
            of_party |= found.mask;
            of_list |= ((1 << found.list_words) - 1) << found.list_at;
            let names = |term: &&u32| {
                !matches!(
                    class_of(**term),
                    Some(WordClass::Trade | WordClass::Industry | WordClass::Place | WordClass::Number)
                )
            };
            if found.how != Likeness::Initial {
                let from = found.list_at as usize;
                naming += listed[from..from + found.list_words as usize].iter().filter(names).count();
            }
        }
        let only_listed = (0..listed.len()).any(|at| of_list & (1 << at) == 0);
        let mut of_field = self.line.places(best.view.words & !of_party);
        naming <= 1 && (only_listed || of_field.any(|(at, _)| !self.line.token(at, &self.lexicon).place))
    }

    /// Who the party is to the entry it comes near: the listed words it wrote in its own way, and its own other words that name
    /// somebody, in alphabetical order. Spellings that differ by nothing else are one party.
    pub(super) fn party(&mut self, index: &Index, best: &Best) -> String {
        let listed = index.words_of(&index.names[best.name as usize]);
        let mut words: Vec<&str> = Vec::with_capacity(listed.len());
        if best.basis != MatchBasis::Close || best.equal_part {
            words.extend(listed.iter().map(|&term| index.text(term)));
        } else {
            self.matches(index, best);
            let mut met = 0_u64;
            for found in &self.alignment.matches {
                met |= found.mask;
                let from = found.list_at as usize;
                words.extend(
                    listed[from..from + found.list_words as usize].iter().map(|&term| index.text(term)),
                );
            }
            for (at, word) in self.line.places(best.view.words & !met) {
                let token = self.line.token(at, &self.lexicon);
                if !token.place && token.weight > SAYS_NOTHING {
                    words.push(vocabulary().expansions(word).first().copied().unwrap_or(word));
                }
            }
        }
        words.sort_unstable();
        words.dedup();
        words.join(" ")
    }
}

/// Keeps the better of two matches of an entry.
fn keep(found: &mut Vec<Best>, met: &mut [(u32, u32)], best: Best, now: u32) {
    let (when, at) = &mut met[best.entity.0 as usize];
    if std::mem::replace(when, now) != now {
        *at = found.len() as u32;
        found.push(best);
        return;
    }
    let old = &mut found[*at as usize];
    if (old.basis == MatchBasis::Close) != (best.basis == MatchBasis::Close) {
        // An exact match, even a weak one, says more than a close one that scores higher.
        let score = old.score.max(best.score);
        if old.basis == MatchBasis::Close {
            *old = best;
        }
        old.score = score;
    } else if old.score < best.score {
        *old = best;
    }
}

/// Whether one word alone is too little to name a party: an acronym, or a word of the general vocabulary.
fn is_weak(listed: &IndexedName, word: &str) -> bool {
    listed.acronym
        || matches!(listed.source, NameSource::Alias(_, AliasKind::Acronym))
        || word.chars().count() <= ACRONYM_LETTERS
        || vocabulary().word(word).is_some_and(|info| info.class != WordClass::Listed)
}
