//! How well a reading of a party's name agrees with a listed name: words aligned one to one and weighed.
//!
//! A score is a pure function of two names and the frozen vocabulary; what the list holds besides does not enter.

use super::index::{Index, IndexedName};
use super::legal_forms::legal_forms;
use super::lexicon::Lexicon;
use super::line::{Line, MAX_WORDS, bits};
use super::lookup::Hit;
use super::views::View;
use super::vocabulary::WordClass;
use super::words::Likeness;

/// A word with at least this weight names a party; one left over on either side makes them two parties.
const DISTINCTIVE: f32 = 0.6;
/// Words of the general vocabulary weigh at most this.
pub(super) const ORDINARY: f32 = 0.65;
/// What it costs when each side has such a word that the other lacks.
const SISTER_COST: f32 = 0.2;
/// A word of so many letters is short: one letter more or less makes it another.
const SHORT: usize = 6;
/// A word of so many letters is one that a slip nearly always makes another.
const VERY_SHORT: usize = 4;
/// What is left of a score that rests on one short word that differs.
const SHORT_SLIP: f32 = 0.85;
/// What it costs when the words stand in another order.
const ORDER_COST: f32 = 0.015;
/// What it costs when, besides, not all of them are equal.
const ORDER_AND_WORD_COST: f32 = 0.1;
/// Where no word that names a party agrees, words left over on either side count this many times.
const ORDINARY_WORDS_ONLY: f32 = 1.6;
/// What it costs when each name has a place that the other lacks: one firm in two countries is often two entries.
const OTHER_PLACE: f32 = 0.04;
/// What is left of a score when both names have numbers and they differ.
const OTHER_NUMBER: f32 = 0.6;
/// A place left over in the party's name counts this much of its weight: records write cities behind names.
const PLACE_LEFT_OVER: f32 = 0.5;
/// Where no word that names a party agrees, a cut excuses nothing before so much has.
const CUT_AGREEMENT: f32 = 0.9;
/// A listed word after the cut counts this much.
const BEYOND_THE_CUT: f32 = 0.15;
/// What is left of a cut word says this much of its weight; a stump of a legal form, or of three letters, nearly nothing.
const CUT_WORD: f32 = 0.5;
const CUT_STUMP: f32 = 0.1;
/// An initial stands for a word this well.
const INITIAL: f32 = 0.85;
/// What a word weighs that repeats the initials of the others.
const OWN_INITIALS: f32 = 0.1;

/// One word of the party's name standing for one of the listed name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    pub(super) mask: u64,
    pub(super) list_at: u8,
    pub(super) list_words: u8,
    pub(super) score: f32,
    pub(super) how: Likeness,
    pub(super) weight: f32,
}

/// A word of a reading.
#[derive(Debug, Clone, Copy)]
struct ReadWord {
    at: u8,
    weight: f32,
    place: bool,
    digit: bool,
    /// Its only letter, if it has but one.
    letter: u8,
    first: u8,
    length: u8,
    /// The least it weighs where nothing matches it.
    least: f32,
    /// Whether a cut has left so little of it that it says nearly nothing.
    stump: bool,
}

/// A reading of a party's name, ready to be compared.
#[derive(Default)]
pub(super) struct Reading {
    words: Vec<ReadWord>,
    /// Whether its last word may be cut.
    cut: bool,
    initials: Vec<u8>,
    /// Whether the field has a place beside the reading.
    place_beside: bool,
}

impl Reading {
    /// Reads a view of a line.
    pub(super) fn read(&mut self, line: &Line, view: &View, lexicon: &Lexicon) {
        self.words.clear();
        self.initials.clear();
        self.initials.extend(line.places(view.words).map(|(_, word)| word.as_bytes()[0]));
        self.place_beside = (0..line.words.len().min(MAX_WORDS))
            .any(|at| view.words & (1 << at) == 0 && line.token(at, lexicon).place);
        self.cut = line.cut && view.to_the_end && line.words.len() > 1;
        let last = view.words.ilog2() as usize;
        for (n, (at, word)) in line.places(view.words).enumerate() {
            let token = line.token(at, lexicon);
            // `EFS Emerging Future Solutions`: the initials of what follows or precedes name nobody else.
            let own_initials = word.len() >= 3
                && (self.initials[n + 1..].starts_with(word.as_bytes())
                    || self.initials[..n].ends_with(word.as_bytes()));
            let stump = self.cut && at == last && (word.len() <= 3 || legal_forms().has_word_beginning(word));
            let weight = if own_initials { OWN_INITIALS } else { token.weight };
            let cut = if self.cut && at == last { CUT_STUMP } else { 1.0 };
            let initial = if word.len() == 1 { 0.0 } else { 1.0 };
            let place = if token.place { PLACE_LEFT_OVER } else { 1.0 };
            self.words.push(ReadWord {
                at: at as u8,
                weight,
                least: weight * cut * initial * place,
                place: token.place,
                digit: token.digits > 0,
                letter: if word.len() == 1 { word.as_bytes()[0] } else { 0 },
                first: word.as_bytes()[0],
                length: word.len().min(255) as u8,
                stump,
            });
        }
    }

    /// Whether its last word may be cut.
    #[cfg(test)]
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    /// The least that words without any match weigh; `met` holds the words that have one. An initial may meet any word.
    pub(super) fn least_left_over(&self, met: u64) -> f32 {
        let left = self.words.iter().filter(|word| met & (1 << word.at) == 0);
        left.map(|word| word.least).sum()
    }

    /// The least that a word weighs where nothing matches it.
    pub(super) fn least_weight(&self, at: usize) -> f32 {
        self.words.iter().find(|word| word.at as usize == at).map_or(0.0, |word| word.least)
    }

    /// How many letters it has, up to as many as matter.
    pub(super) fn letters(&self) -> usize {
        self.words.iter().map(|word| word.length as usize).sum()
    }

    /// The most that initials can add to what names have in common.
    pub(super) fn initials_worth(&self) -> f32 {
        self.words.iter().filter(|word| word.letter != 0).count() as f32 * INITIAL
    }
}

/// What aligning needs, used again and again.
#[derive(Default)]
pub(super) struct Alignment {
    /// All words that stand for words of the listed name.
    possible: Vec<Match>,
    /// One for each word.
    pub(super) matches: Vec<Match>,
}

impl Alignment {
    /// Aligns a reading with a listed name; `hits` are sorted by term. None where the score stays below `least`, or nothing
    /// agrees; else `matches` holds what stands for what.
    pub(super) fn score(
        &mut self,
        index: &Index,
        name: &IndexedName,
        hits: &[Hit],
        reading: &Reading,
        left_over: f32,
        least: f32,
    ) -> Option<f32> {
        self.possible.clear();
        self.matches.clear();
        let words = index.words_of(name);
        let weight_of = |at: usize| index.terms[words[at] as usize].weight;
        let mut most = reading.initials_worth();
        for (at, &term) in words.iter().enumerate() {
            most += self.gather(hits, term, at, 1, weight_of(at));
        }
        for (at, &term) in index.joined_of(name).iter().enumerate() {
            most += self.gather(hits, term, at, 2, weight_of(at) + weight_of(at + 1));
        }
        if self.possible.is_empty() {
            return None;
        }
        // What is in common is no more than this, and what is left over no less.
        let listed = if reading.cut { 0.0 } else { name.weight };
        let bound = (most / (most.max(listed) + left_over)).sqrt();
        if bound < least {
            return None;
        }
        self.possible.sort_unstable_by(|a, b| {
            let worth = |m: &Match| m.weight * m.score * m.score;
            worth(b)
                .total_cmp(&worth(a))
                .then(a.list_at.cmp(&b.list_at))
                .then(a.list_words.cmp(&b.list_words))
                .then(a.mask.cmp(&b.mask))
        });
        let (mut of_party, mut of_list) = (0_u64, 0_u32);
        for found in &self.possible {
            let list = ((1_u32 << found.list_words) - 1) << found.list_at;
            if found.mask & of_party == 0 && list & of_list == 0 {
                of_party |= found.mask;
                of_list |= list;
                self.matches.push(*found);
            }
        }
        self.match_initials(index, words, reading, &mut of_party, &mut of_list);
        Some(self.weigh(index, words, reading, of_party, of_list)).filter(|&score| score >= least)
    }

    fn gather(&mut self, hits: &[Hit], term: u32, at: usize, words: u8, weight: f32) -> f32 {
        let from = hits.partition_point(|hit| hit.term < term);
        let mut most = 0.0_f32;
        for hit in hits[from..].iter().take_while(|hit| hit.term == term) {
            // Two words joined in both names are matched one by one.
            if words == 1 || hit.mask.is_power_of_two() {
                let Hit { mask, score, how, .. } = *hit;
                self.possible.push(Match { mask, list_at: at as u8, list_words: words, score, how, weight });
                most = most.max(weight * score);
            }
        }
        most
    }

    /// `M. Ashraf Khan` for `Muhammad Ashraf Khan`: where other words agree, an initial stands for a word left over.
    fn match_initials(
        &mut self,
        index: &Index,
        words: &[u32],
        reading: &Reading,
        of_party: &mut u64,
        of_list: &mut u32,
    ) {
        for word in &reading.words {
            if word.letter == 0 || *of_party & (1 << word.at) != 0 {
                continue;
            }
            let at = (0..words.len()).find(|&at| {
                let text = index.text(words[at]);
                *of_list & (1 << at) == 0 && text.len() > 1 && text.as_bytes()[0] == word.letter
            });
            if let Some(at) = at {
                *of_party |= 1 << word.at;
                *of_list |= 1 << at;
                let weight = index.terms[words[at] as usize].weight;
                let (mask, list_at) = (1 << word.at, at as u8);
                self.matches.push(Match {
                    mask,
                    list_at,
                    list_words: 1,
                    score: INITIAL,
                    how: Likeness::Initial,
                    weight,
                });
            }
        }
    }

    fn weigh(&self, index: &Index, words: &[u32], reading: &Reading, of_party: u64, of_list: u32) -> f32 {
        let term = |at: usize| &index.terms[words[at] as usize];
        let matches = &self.matches;
        let in_common: f32 = matches.iter().map(|m| m.weight * m.score).sum();
        let paired: f32 = matches.iter().map(|m| m.weight).sum();
        let ordinary = matches.iter().all(|m| m.weight <= ORDINARY);
        let left_over = if ordinary { ORDINARY_WORDS_ONLY } else { 1.0 };
        let last = matches.iter().map(|m| m.list_at + m.list_words).max().unwrap_or(0) as usize;
        let from_the_start = of_list.trailing_ones() as usize >= last;
        // A cut excuses what the list has beyond it, once enough has agreed.
        let cut_here =
            reading.cut && (!ordinary || paired >= CUT_AGREEMENT) && from_the_start && words.len() > last;
        let (mut listed, mut heaviest_listed, mut number_listed, mut place_listed) =
            (paired, 0.0_f32, false, false);
        for at in (0..words.len()).filter(|at| of_list & (1 << at) == 0) {
            let weight = term(at).weight * if cut_here { BEYOND_THE_CUT } else { left_over };
            listed += weight;
            if !cut_here {
                heaviest_listed = heaviest_listed.max(term(at).weight);
            }
            number_listed |= has_digit(&term(at).text);
            place_listed |= term(at).class == Some(WordClass::Place);
        }
        let (mut party, mut heaviest_party, mut number_party, mut place_party) =
            (paired, 0.0_f32, false, reading.place_beside);
        let last_at = reading.words.last().map(|word| word.at);
        for word in reading.words.iter().filter(|word| of_party & (1 << word.at) == 0) {
            let mut weight = word.weight;
            if word.place {
                place_party = true;
                weight *= if ordinary { 1.0 } else { PLACE_LEFT_OVER };
            } else if reading.cut && last_at == Some(word.at) {
                weight *= if word.stump { CUT_STUMP } else { CUT_WORD };
            } else {
                heaviest_party = heaviest_party.max(weight);
                weight *= left_over;
            }
            party += weight;
            number_party |= word.digit;
        }
        let mut score = ((in_common / listed) * (in_common / party)).sqrt();
        let both = heaviest_listed.min(heaviest_party);
        if both >= DISTINCTIVE {
            score -= SISTER_COST * both;
        }
        if number_listed && number_party {
            score *= OTHER_NUMBER;
        }
        if place_listed && place_party {
            score -= OTHER_PLACE;
        }
        if !in_order(matches) {
            let equal = matches.iter().all(|m| matches!(m.how, Likeness::Equal | Likeness::Joined));
            score -= if equal { ORDER_COST } else { ORDER_AND_WORD_COST };
        }
        if self.rests_on_a_short_slip(index, words, of_party, reading) {
            score *= SHORT_SLIP;
        }
        score.clamp(0.0, 0.99)
    }

    /// Whether the only word that tells the parties apart is a short one that differs, beside words of the party that the
    /// list does not have: `Summit Materials` and `SIMIT`. It is as often another word.
    fn rests_on_a_short_slip(&self, index: &Index, words: &[u32], of_party: u64, reading: &Reading) -> bool {
        let mut telling = self.matches.iter().filter(|m| m.weight > ORDINARY);
        let (Some(one), None) = (telling.next(), telling.next()) else { return false };
        let differs = matches!(one.how, Likeness::Spelling | Likeness::Romanization | Likeness::Misread);
        let length = |at: usize| index.text(words[at]).len();
        let short = length(one.list_at as usize) <= SHORT
            || bits(one.mask)
                .any(|at| reading.words.iter().any(|w| w.at as usize == at && w.length as usize <= SHORT));
        // Nothing but the short word agrees, and its beginning does not, or it is shorter still.
        let alone = self.matches.len() == 1
            && bits(one.mask).any(|at| {
                let word = reading.words.iter().find(|word| word.at as usize == at);
                let listed = index.text(words[one.list_at as usize]);
                word.is_some_and(|w| {
                    (w.length as usize).min(listed.len()) <= VERY_SHORT || w.first != listed.as_bytes()[0]
                })
            });
        let more = reading.words.iter().any(|word| !word.place && of_party & (1 << word.at) == 0);
        let lacks = words.len() > self.matches.iter().map(|m| m.list_words as usize).sum();
        differs && short && (more || lacks || alone)
    }
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}

/// Whether the words matched stand in the same order in both names.
fn in_order(matches: &[Match]) -> bool {
    matches.iter().all(|a| {
        matches.iter().all(|b| {
            (a.list_at < b.list_at) == (a.mask.trailing_zeros() < b.mask.trailing_zeros())
                || a.list_at == b.list_at
        })
    })
}
