//! How well a reading of a party's name agrees with a listed name: words aligned one to one and weighed.
//!
//! A score is a pure function of two names and the frozen vocabulary; what the list holds besides does not enter.

use super::index::{Hit, Index, IndexedName};
use super::vocabulary::{WordClass, vocabulary};
use super::words::Likeness;

/// A word with at least this weight names a party; one left over on either side makes them two parties.
const DISTINCTIVE: f32 = 0.6;
/// Words of the general vocabulary weigh at most this.
const ORDINARY: f32 = 0.65;
/// What it costs when each side has such a word that the other lacks.
const SISTER_COST: f32 = 0.2;
/// A word of so many letters is short: one letter more or less makes it another.
const SHORT: usize = 6;
/// What is left of a score that rests on one short word that differs.
const SHORT_SLIP: f32 = 0.85;
/// What it costs when the words stand in another order.
const ORDER_COST: f32 = 0.015;
/// What it costs when, besides, not all of them are equal.
const ORDER_AND_WORD_COST: f32 = 0.1;
/// Where no word that names a party agrees, words left over on either side count this many times.
const ORDINARY_WORDS_ONLY: f32 = 1.6;
/// What is left of a score when both names have numbers and they differ.
const OTHER_NUMBER: f32 = 0.6;
/// A place left over in the party's name counts this much of its weight: records write cities behind names.
const PLACE_LEFT_OVER: f32 = 0.5;
/// A listed word after the cut counts this much.
const BEYOND_THE_CUT: f32 = 0.15;

/// One word of the party's name standing for one of the listed name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    pub(super) mask: u64,
    pub(super) list_at: u8,
    pub(super) list_words: u8,
    pub(super) score: f32,
    pub(super) how: Likeness,
    weight: f32,
}

/// A reading of a party's name, ready to be compared.
pub(super) struct Reading<'a> {
    /// Its words in order, each with its bit in the line, its weight, and whether it is a place.
    words: Vec<(u8, &'a str, f32, bool)>,
    /// Whether its last word may be cut.
    cut: bool,
}

impl<'a> Reading<'a> {
    /// A reading of these words, each with its bit in the line.
    pub(super) fn of(words: &[(u8, &'a str)], cut: bool) -> Self {
        let known = vocabulary();
        let initials: String = words.iter().filter_map(|(_, word)| word.chars().next()).collect();
        let words = words
            .iter()
            .enumerate()
            .map(|(at, &(bit, word))| {
                // `EFS Emerging Future Solutions`: the initials of what follows or precedes name nobody else.
                let own_initials = word.len() >= 3
                    && (initials.get(at + 1..).is_some_and(|rest| rest.starts_with(word))
                        || initials.get(..at).is_some_and(|rest| rest.ends_with(word)));
                let says_nothing =
                    own_initials || known.word(word).is_none() && known.is_misspelled_legal_form(word);
                let weight = if says_nothing { 0.1 } else { known.weight(word) };
                let place = known.word(word).is_some_and(|info| info.class == WordClass::Place);
                (bit, word, weight, place)
            })
            .collect();
        Self { words, cut }
    }
}

/// How two names agree.
#[derive(Debug, Clone)]
pub(super) struct Agreement {
    pub(super) score: f32,
    pub(super) matches: Vec<Match>,
}

/// Aligns a reading with a listed name; `hits` are sorted by term.
pub(super) fn agreement(
    index: &Index,
    name: &IndexedName,
    hits: &[Hit],
    reading: &Reading<'_>,
    scratch: &mut Vec<Match>,
) -> Option<Agreement> {
    scratch.clear();
    let weight_of = |at: usize| index.terms[name.words[at] as usize].weight;
    for (at, &term) in name.words.iter().enumerate() {
        gather(hits, term, at, 1, weight_of(at), scratch);
    }
    for (at, &term) in name.joined.iter().enumerate() {
        gather(hits, term, at, 2, weight_of(at) + weight_of(at + 1), scratch);
    }
    if scratch.is_empty() {
        return None;
    }
    scratch.sort_by(|a, b| {
        let worth = |m: &Match| m.weight * m.score * m.score;
        worth(b)
            .total_cmp(&worth(a))
            .then(a.list_at.cmp(&b.list_at))
            .then(a.list_words.cmp(&b.list_words))
            .then(a.mask.cmp(&b.mask))
    });
    let (mut of_party, mut of_list) = (0_u64, 0_u32);
    let mut matches: Vec<Match> = Vec::with_capacity(name.words.len());
    for found in scratch.iter() {
        let list = ((1_u32 << found.list_words) - 1) << found.list_at;
        if found.mask & of_party == 0 && list & of_list == 0 {
            of_party |= found.mask;
            of_list |= list;
            matches.push(*found);
        }
    }
    let score = weigh(index, name, reading, &matches, of_party, of_list);
    Some(Agreement { score, matches })
}

fn gather(hits: &[Hit], term: u32, at: usize, words: u8, weight: f32, matches: &mut Vec<Match>) {
    let from = hits.partition_point(|hit| hit.term < term);
    for hit in hits[from..].iter().take_while(|hit| hit.term == term) {
        // Two words joined in both names are matched one by one.
        if words == 1 || hit.mask.is_power_of_two() {
            let Hit { mask, score, how, .. } = *hit;
            matches.push(Match { mask, list_at: at as u8, list_words: words, score, how, weight });
        }
    }
}

fn weigh(
    index: &Index,
    name: &IndexedName,
    reading: &Reading<'_>,
    matches: &[Match],
    of_party: u64,
    of_list: u32,
) -> f32 {
    let term = |at: usize| &index.terms[name.words[at] as usize];
    let in_common: f32 = matches.iter().map(|m| m.weight * m.score).sum();
    let paired: f32 = matches.iter().map(|m| m.weight).sum();
    let ordinary = matches.iter().all(|m| m.weight <= ORDINARY);
    let left_over = if ordinary { ORDINARY_WORDS_ONLY } else { 1.0 };
    let last = matches.iter().map(|m| m.list_at + m.list_words).max().unwrap_or(0) as usize;
    let from_the_start = of_list.trailing_ones() as usize >= last;
    let cut_here = reading.cut && from_the_start && name.words.len() > last;
    let (mut listed, mut heaviest_listed, mut number_listed) = (paired, 0.0_f32, false);
    for at in (0..name.words.len()).filter(|at| of_list & (1 << at) == 0) {
        let weight = term(at).weight * if cut_here { BEYOND_THE_CUT } else { left_over };
        listed += weight;
        if !cut_here {
            heaviest_listed = heaviest_listed.max(term(at).weight);
        }
        number_listed |= has_digit(&term(at).text);
    }
    let (mut party, mut heaviest_party, mut number_party) = (paired, 0.0_f32, false);
    let last_bit = reading.words.last().map(|word| word.0);
    for &(bit, word, weight, place) in reading.words.iter().filter(|word| of_party & (1 << word.0) == 0) {
        let mut weight = weight;
        if place {
            weight *= if ordinary { 1.0 } else { PLACE_LEFT_OVER };
        } else if reading.cut && last_bit == Some(bit) {
            // What a cut has left of a word says little.
            weight *= if word.len() <= 3 || vocabulary().begins_legal_form(word) { 0.1 } else { 0.5 };
        } else {
            heaviest_party = heaviest_party.max(weight);
            weight *= left_over;
        }
        party += weight;
        number_party |= has_digit(word);
    }
    let mut score = ((in_common / listed) * (in_common / party)).sqrt();
    let both = heaviest_listed.min(heaviest_party);
    if both >= DISTINCTIVE {
        score -= SISTER_COST * both;
    }
    if number_listed && number_party {
        score *= OTHER_NUMBER;
    }
    if !in_order(matches) {
        let equal = matches.iter().all(|m| matches!(m.how, Likeness::Equal | Likeness::Joined));
        score -= if equal { ORDER_COST } else { ORDER_AND_WORD_COST };
    }
    if rests_on_a_short_slip(index, name, matches, of_party, reading) {
        score *= SHORT_SLIP;
    }
    score.clamp(0.0, 0.99)
}

/// Whether the only word that tells the parties apart is a short one that differs, beside words of the party that the
/// list does not have: `Summit Materials` and `SIMIT`. It is as often another word.
fn rests_on_a_short_slip(
    index: &Index,
    name: &IndexedName,
    matches: &[Match],
    of_party: u64,
    reading: &Reading<'_>,
) -> bool {
    let mut telling = matches.iter().filter(|m| m.weight > ORDINARY);
    let (Some(one), None) = (telling.next(), telling.next()) else { return false };
    let differs = matches!(one.how, Likeness::Spelling | Likeness::Romanization);
    let short = index.terms[name.words[one.list_at as usize] as usize].text.len() <= SHORT;
    let more = reading.words.iter().any(|(bit, _, _, place)| !place && of_party & (1 << bit) == 0);
    differs && short && more
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
