//! How well a reading of a party's name agrees with a listed name: words aligned one to one and weighed.
//!
//! A score is a pure function of two names and the frozen vocabulary; what the list holds besides does not enter.

use super::index::{Hit, Index, IndexedName};
use super::vocabulary::{WordClass, vocabulary};
use super::words::Likeness;

/// A word with at least this weight names a party; one left over on either side makes them two parties.
const DISTINCTIVE: f32 = 0.6;
/// What it costs when each side has such a word that the other lacks.
const SISTER_COST: f32 = 0.2;
/// What it costs when the words stand in another order.
const ORDER_COST: f32 = 0.015;
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
    /// The words it consists of, as bits of the line.
    pub(super) mask: u64,
    /// Those words in order with their bit.
    pub(super) words: Vec<(u8, &'a str)>,
    /// Weight of each word, by bit.
    pub(super) weights: &'a [f32],
    /// Whether its last word may be cut.
    pub(super) cut: bool,
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
        gather(hits, term, reading, at, 1, weight_of(at), scratch);
    }
    for (at, &term) in name.joined.iter().enumerate() {
        gather(hits, term, reading, at, 2, weight_of(at) + weight_of(at + 1), scratch);
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

fn gather(
    hits: &[Hit],
    term: u32,
    reading: &Reading<'_>,
    at: usize,
    words: u8,
    weight: f32,
    matches: &mut Vec<Match>,
) {
    let from = hits.partition_point(|hit| hit.term < term);
    for hit in hits[from..].iter().take_while(|hit| hit.term == term) {
        // Two words joined in both names are matched one by one.
        if hit.mask & !reading.mask == 0 && !(words == 2 && hit.mask.count_ones() > 1) {
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
    let agreed: f32 = matches.iter().map(|m| m.weight * m.score).sum();
    let matched: f32 = matches.iter().map(|m| m.weight).sum();
    let last = matches.iter().map(|m| m.list_at + m.list_words).max().unwrap_or(0) as usize;
    let from_the_start = of_list.trailing_ones() as usize >= last;
    let cut_here = reading.cut && from_the_start && name.words.len() > last;
    let (mut listed, mut heaviest_listed, mut number_listed) = (matched, 0.0_f32, false);
    for at in (0..name.words.len()).filter(|at| of_list & (1 << at) == 0) {
        let weight = term(at).weight * if cut_here { BEYOND_THE_CUT } else { 1.0 };
        listed += weight;
        if !cut_here {
            heaviest_listed = heaviest_listed.max(term(at).weight);
        }
        number_listed |= has_digit(&term(at).text);
    }
    let (mut party, mut heaviest_party, mut number_party) = (matched, 0.0_f32, false);
    for &(bit, word) in reading.words.iter().filter(|(bit, _)| of_party & (1 << bit) == 0) {
        let mut weight = reading.weights[bit as usize];
        let place = vocabulary().word(word).is_some_and(|info| info.class == WordClass::Place);
        if place {
            weight *= PLACE_LEFT_OVER;
        } else if reading.cut && reading.words.last().is_some_and(|&(end, _)| end == bit) {
            // What a cut has left of a word says little.
            weight *= if word.len() <= 3 { 0.1 } else { 0.5 };
        } else {
            heaviest_party = heaviest_party.max(weight);
        }
        party += weight;
        number_party |= has_digit(word);
    }
    let mut score = ((agreed / listed) * (agreed / party)).sqrt();
    let both = heaviest_listed.min(heaviest_party);
    if both >= DISTINCTIVE {
        score -= SISTER_COST * both;
    }
    if number_listed && number_party {
        score *= OTHER_NUMBER;
    }
    if !in_order(matches) {
        score -= ORDER_COST;
    }
    score.clamp(0.0, 0.99)
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}

/// Whether the words matched stand in the same order in both names.
fn in_order(matches: &[Match]) -> bool {
    matches.iter().all(|a| {
        matches
            .iter()
            .all(|b| (a.list_at < b.list_at) == (a.mask.trailing_zeros() < b.mask.trailing_zeros()) || a.list_at == b.list_at)
    })
}
