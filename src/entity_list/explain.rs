//! Why a candidate is one, in sentences an auditor can copy.

use super::entity::{AliasKind, EntityIdx, EntityKind, ListedEntity};
use super::index::{Index, IndexedName, NameSource};
use super::score::Match;
use super::screen::{Candidate, MatchBasis};
use super::words::Likeness;
use crate::codes::CountryCode;
use crate::count::counted;
use std::fmt::Write as _;

/// A word of this weight or less says little about who a party is.
const SAYS_LITTLE: f32 = 0.36;

/// Explains a candidate found by name.
pub(super) fn name(
    index: &Index,
    name: &IndexedName,
    listed: &ListedEntity,
    basis: MatchBasis,
    words: &[(usize, &str)],
    matches: &[Match],
    country: Option<CountryCode>,
) -> String {
    let what = match name.source {
        NameSource::Name => format!("the listed name \"{}\"", listed.name),
        NameSource::Alias(n, kind) => {
            format!(
                "\"{}\", {} of the listed \"{}\"",
                listed.aliases[n as usize].name,
                the(kind),
                listed.name
            )
        }
    };
    let mut text = match basis {
        MatchBasis::ExactName | MatchBasis::ExactAlias(_) => {
            format!("Equals {what} (case, punctuation, spaces and legal form set aside).")
        }
        MatchBasis::WeakExact if name.acronym => format!(
            "Equals the acronym in {} All that matches is a bare acronym, which others use as well.",
            ending(&what)
        ),
        MatchBasis::WeakExact => format!(
            "Equals {} All that matches is a bare acronym or one common word, which others use as well.",
            ending(&what)
        ),
        _ if matches.is_empty() => {
            format!("A part of the field equals {what} (case and punctuation set aside).")
        }
        _ => format!("Resembles {} {}", ending(&what), words_matched(index, name, words, matches)),
    };
    if !matches.is_empty() {
        against(index, name, words, matches, &mut text);
    }
    text.push_str(&country_words(listed, country));
    text
}

/// The end of a sentence: a name that ends in a period, `Ltd.`, brings its own.
fn ending(what: &str) -> String {
    if what.ends_with(".\"") { what.to_owned() } else { format!("{what}.") }
}

/// The kind of a further name, with its article: an entry has one acronym, and may have many aliases.
fn the(kind: AliasKind) -> String {
    let article = match kind {
        AliasKind::AlsoKnownAs => "an",
        AliasKind::Formerly => "a",
        AliasKind::Acronym | AliasKind::WithoutAcronym => "the",
        AliasKind::Spelling => "another",
    };
    let name = kind.name();
    format!("{article} {}", name.strip_prefix("other ").unwrap_or(name))
}

fn words_matched(index: &Index, name: &IndexedName, words: &[(usize, &str)], matches: &[Match]) -> String {
    let mut matches: Vec<&Match> = matches.iter().collect();
    matches.sort_by_key(|m| m.list_at);
    let mut nearly: Vec<String> = Vec::new();
    let (mut telling, mut ordinary) = (Vec::new(), Vec::new());
    for m in matches {
        let from = m.list_at as usize;
        let terms = &index.words_of(name)[from..from + m.list_words as usize];
        let list: Vec<&str> = terms.iter().map(|&term| index.text(term)).collect();
        if m.how == Likeness::Equal {
            let says_little = index.terms[terms[0] as usize].weight <= SAYS_LITTLE;
            (if says_little { &mut ordinary } else { &mut telling }).extend(list);
            continue;
        }
        let record: Vec<&str> =
            words.iter().filter(|(at, _)| m.mask & (1 << at) != 0).map(|(_, word)| *word).collect();
        nearly.push(format!("\"{}\" for \"{}\" ({})", record.join(" "), list.join(" "), m.how.in_words()));
    }
    let mut sentences = Vec::new();
    if !telling.is_empty() {
        sentences.push(format!("The same: {}.", telling.join(", ")));
    }
    if !ordinary.is_empty() {
        sentences.push(format!("The same, but says little: {}.", ordinary.join(", ")));
    }
    if !nearly.is_empty() {
        sentences.push(format!("Nearly the same: {}.", nearly.join("; ")));
    }
    sentences.join(" ")
}

/// What weighs against a match: words that only one side has.
fn against(index: &Index, name: &IndexedName, words: &[(usize, &str)], matches: &[Match], text: &mut String) {
    let party = matches.iter().fold(0_u64, |all, m| all | m.mask);
    let list = matches.iter().fold(0_u32, |all, m| all | (((1 << m.list_words) - 1) << m.list_at));
    let only_party: Vec<&str> =
        words.iter().filter(|(at, _)| party & (1 << at) == 0).map(|(_, word)| *word).collect();
    let listed = index.words_of(name).iter().enumerate().filter(|(i, _)| list & (1 << i) == 0);
    let only_list: Vec<&str> = listed.map(|(_, &term)| index.text(term)).collect();
    if !only_party.is_empty() {
        let _ = write!(text, " Against it, only in the record: {}.", only_party.join(", "));
    }
    if !only_list.is_empty() {
        let _ = write!(text, " Against it, only on the list: {}.", only_list.join(", "));
    }
}

fn country_words(listed: &ListedEntity, country: Option<CountryCode>) -> String {
    let Some(country) = country else {
        return " The party's country is not given.".to_owned();
    };
    let of_entry: Vec<String> = listed.countries.iter().map(ToString::to_string).collect();
    if listed.agrees_with(country) {
        format!(" For it: the party's country, {country}, is one of the entry's.")
    } else {
        format!(" Against it: the party's country is {country}, the entry's {}.", of_entry.join(", "))
    }
}

/// A candidate found by address.
pub(super) fn address(
    listed: &ListedEntity,
    entity: EntityIdx,
    text: &str,
    others: usize,
    score: f32,
    agrees_with_country: Option<bool>,
) -> Candidate {
    let itself = listed.kind == EntityKind::Address;
    let mut explanation = if itself {
        format!(
            "The list names the address itself, under {}: \"{text}\". The party's name was not compared.",
            listed.listed_under
        )
    } else {
        format!(
            "The address is one that the list gives for \"{}\": \"{text}\". The party's name does not match the entry.",
            listed.name
        )
    };
    if others > 0 {
        let _ = write!(
            explanation,
            " {} this address; it may be a hub that many unrelated firms use.",
            counted(others as u64, "other entry shares", "other entries share")
        );
    }
    Candidate {
        entity,
        matched_name: text.to_owned(),
        basis: if itself { MatchBasis::ListedAddress } else { MatchBasis::SharedAddress },
        score,
        agrees_with_country,
        explanation,
        party: String::new(),
    }
}
