//! When two spellings of a name or of an address are the same row of a list.
//!
//! Exact but for what no two prints of one list agree on: case, punctuation, spaces, and how a country is written. Close
//! names are the business of screening, not of upkeep.

use crate::codes::CountryCode;
use crate::entity_list::fold_name;
use crate::places::{CountryReading, Places};

/// What identifies a name.
pub(super) fn name_key(name: &str) -> String {
    fold_name(name)
}

/// What identifies an address: its folded words without the country at its end, which is printed in words, as a code, or as
/// both.
pub(super) fn address_key(places: &Places, address: &str) -> String {
    let mut text = address;
    while let Some((rest, last)) = text.rsplit_once(',') {
        if country(places, last).is_none() {
            break;
        }
        text = rest;
    }
    fold_name(text)
}

/// The country that a text names.
pub(super) fn country(places: &Places, text: &str) -> Option<CountryCode> {
    match places.country(text.trim()) {
        CountryReading::Known(code) => Some(code),
        _ => None,
    }
}

/// `Al-Qertas (Pvt.) Ltd` as part of an id: `al-qertas-pvt-ltd`.
pub(super) fn slug(name: &str) -> String {
    let ascii: String =
        fold_name(name).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let words: Vec<&str> = ascii.split('-').filter(|word| !word.is_empty()).collect();
    let mut slug = words.join("-");
    slug.truncate(48);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "entry".to_owned() } else { slug.to_owned() }
}
