//! Which entry of the table each row of a download is.
//!
//! Names decide, with countries, citations and addresses where a name stands more than once; a pair is taken only where it
//! is the best for both. What stays open between a row and an entry is a question for a person.

use std::collections::{BTreeMap, BTreeSet};

use super::download::Listing;
use super::names::{address_key, name_key};
use super::questions::{Answers, Question};
use super::tables::{Column, EntryRows};
use crate::places::Places;

/// From this evidence on a pair is taken; below it, it is asked.
const TAKEN: u32 = 8;
/// Below this evidence a pair is none.
const ASKED: u32 = 6;

/// What became of the rows and the entries.
#[derive(Debug, Default)]
pub(super) struct Matched {
    /// By row of the download: its entry.
    pub(super) entry_of: BTreeMap<usize, String>,
    /// Rows that are no entry of the table.
    pub(super) new: Vec<usize>,
    /// Entries that no row is of, and no question speaks of.
    pub(super) vanished: Vec<String>,
    /// Open questions; their rows are taken as new, their entries are kept.
    pub(super) questions: Vec<Question>,
}

/// What identifies a row or an entry.
struct Signs {
    number: String,
    name: String,
    aliases: BTreeSet<String>,
    countries: BTreeSet<String>,
    citations: BTreeSet<String>,
    addresses: BTreeSet<String>,
}

/// The evidence for a pair, and how much of the rest agrees, which decides between equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Evidence {
    score: u32,
    agreement: u32,
}

/// Matches the rows of one list with the entries that stood on it.
pub(super) fn matched(
    entries: &BTreeMap<&str, &EntryRows>,
    listings: &[&Listing],
    answers: &Answers,
    places: &Places,
) -> Matched {
    let of_entries: Vec<(&str, Signs)> =
        entries.iter().map(|(id, entry)| (*id, signs_of_entry(entry, places))).collect();
    let of_rows: Vec<Signs> = listings.iter().map(|listing| signs_of_row(listing, places)).collect();
    let mut pairs = pairs(&of_entries, &of_rows);
    let mut result = Matched::default();
    let mut row_taken = vec![false; of_rows.len()];
    let mut entry_taken = vec![false; of_entries.len()];
    pairs.retain(|(_, row, entry)| {
        match answers.of(listings[*row].list, &listings[*row].name, of_entries[*entry].0) {
            Some(true) if !row_taken[*row] && !entry_taken[*entry] => {
                (row_taken[*row], entry_taken[*entry]) = (true, true);
                result.entry_of.insert(*row, of_entries[*entry].0.to_owned());
                false
            }
            Some(_) => false,
            None => true,
        }
    });
    // Best first; among equals, rows and entries in their order: what is alike in everything is interchangeable.
    pairs.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut at = 0;
    while at < pairs.len() {
        let end = at + pairs[at..].iter().take_while(|pair| pair.0 == pairs[at].0).count();
        take_equals(&pairs[at..end], &mut row_taken, &mut entry_taken, |row, entry| {
            result.entry_of.insert(row, of_entries[entry].0.to_owned());
        });
        at = end;
    }
    let mut asked_entries = BTreeSet::new();
    for (evidence, row, entry) in &pairs {
        if row_taken[*row] || entry_taken[*entry] || evidence.score < ASKED {
            continue;
        }
        asked_entries.insert(*entry);
        let (id, signs) = &of_entries[*entry];
        result.questions.push(Question {
            list: listings[*row].list,
            row: listings[*row].row,
            name: listings[*row].name.clone(),
            candidate_id: (*id).to_owned(),
            candidate: entries[id].get(Column::Name).to_owned(),
            why: why(signs, &of_rows[*row]),
        });
    }
    result.new = (0..of_rows.len()).filter(|row| !row_taken[*row]).collect();
    result.vanished = (0..of_entries.len())
        .filter(|entry| !entry_taken[*entry] && !asked_entries.contains(entry))
        .map(|entry| of_entries[entry].0.to_owned())
        .collect();
    result.questions.sort_by(|a, b| a.row.cmp(&b.row).then(a.candidate_id.cmp(&b.candidate_id)));
    result
}

/// Takes the pairs of one weight that are without a rival, and those whose rivals are as many on either side.
fn take_equals(
    pairs: &[(Evidence, usize, usize)],
    row_taken: &mut [bool],
    entry_taken: &mut [bool],
    mut take: impl FnMut(usize, usize),
) {
    let open: Vec<&(Evidence, usize, usize)> =
        pairs.iter().filter(|(_, row, entry)| !row_taken[*row] && !entry_taken[*entry]).collect();
    let mut by_row: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut by_entry: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (_, row, entry) in &open {
        by_row.entry(*row).or_default().push(*entry);
        by_entry.entry(*entry).or_default().push(*row);
    }
    for (evidence, row, entry) in open {
        let rivals = (by_row[row].len(), by_entry[entry].len());
        let decided = rivals == (1, 1) || (rivals.0 == rivals.1 && evidence.score > TAKEN);
        if evidence.score >= TAKEN && decided && !row_taken[*row] && !entry_taken[*entry] {
            (row_taken[*row], entry_taken[*entry]) = (true, true);
            take(*row, *entry);
        }
    }
}

/// Every pair for which something speaks: a name, a number, or a citation with an address.
fn pairs(entries: &[(&str, Signs)], rows: &[Signs]) -> Vec<(Evidence, usize, usize)> {
    let mut by_sign: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, (_, signs)) in entries.iter().enumerate() {
        for sign in signs.keys() {
            by_sign.entry(sign).or_default().push(at);
        }
    }
    let mut pairs = Vec::new();
    for (row, signs) in rows.iter().enumerate() {
        let mut near: Vec<usize> =
            signs.keys().filter_map(|sign| by_sign.get(sign)).flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        for entry in near {
            let evidence = evidence(&entries[entry].1, signs);
            if evidence.score >= ASKED {
                pairs.push((evidence, row, entry));
            }
        }
    }
    pairs
}

impl Signs {
    /// What leads from a row to entries.
    fn keys(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name)
            .chain(&self.aliases)
            .chain(&self.addresses)
            .map(String::as_str)
            .filter(|key| !key.is_empty())
            .chain(Some(self.number.as_str()).filter(|number| !number.is_empty()))
    }
}

fn evidence(entry: &Signs, row: &Signs) -> Evidence {
    let common = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.intersection(b).count() as u32;
    let citations = common(&entry.citations, &row.citations);
    let addresses = common(&entry.addresses, &row.addresses);
    let aliases = common(&entry.aliases, &row.aliases);
    let mut score: u32 = 0;
    if !entry.number.is_empty() && entry.number == row.number {
        score += 20;
    }
    if entry.name == row.name {
        score += 8;
    } else if entry.aliases.contains(&row.name) || row.aliases.contains(&entry.name) {
        score += 4;
    }
    if citations > 0 {
        score += 3;
    }
    if addresses > 0 {
        score += 2;
    }
    if !entry.countries.is_empty() && !row.countries.is_empty() {
        if common(&entry.countries, &row.countries) > 0 {
            score += 2;
        } else {
            score = score.saturating_sub(3);
        }
    }
    let all_citations = u32::from(entry.citations == row.citations);
    let all_countries = u32::from(entry.countries == row.countries);
    Evidence { score, agreement: 3 * addresses + 2 * aliases + 2 * citations + all_citations + all_countries }
}

fn why(entry: &Signs, row: &Signs) -> String {
    let mut reasons = Vec::new();
    if entry.name == row.name {
        reasons.push("the same name, which another row or entry has, too");
    } else if entry.aliases.contains(&row.name) || row.aliases.contains(&entry.name) {
        reasons.push("the name of one is an alias of the other");
    }
    if !entry.citations.is_disjoint(&row.citations) {
        reasons.push("a Federal Register citation in common");
    }
    if !entry.addresses.is_disjoint(&row.addresses) {
        reasons.push("an address in common");
    }
    if entry.countries.is_disjoint(&row.countries) && !entry.countries.is_empty() && !row.countries.is_empty()
    {
        reasons.push("no country in common");
    }
    reasons.join("; ")
}

fn signs_of_entry(entry: &EntryRows, places: &Places) -> Signs {
    let countries = entry.get(Column::Countries).split(';').map(str::to_owned).filter(|code| code != "ZZ");
    Signs {
        number: entry
            .get(Column::Flags)
            .split(' ')
            .find_map(|flag| flag.strip_prefix("number="))
            .unwrap_or("")
            .to_owned(),
        name: name_key(entry.get(Column::Name)),
        aliases: entry.aliases.iter().map(|[name, _]| name_key(name)).collect(),
        countries: countries.collect(),
        citations: entry.citations.iter().map(|[citation, ..]| citation.clone()).collect(),
        addresses: entry.addresses.iter().map(|[address, ..]| address_key(places, address)).collect(),
    }
}

fn signs_of_row(row: &Listing, places: &Places) -> Signs {
    Signs {
        number: row.number.clone(),
        name: name_key(&row.name),
        aliases: row.aliases.iter().map(|name| name_key(name)).collect(),
        countries: row
            .addresses
            .iter()
            .filter_map(|(_, country)| *country)
            .map(|code| code.to_string())
            .collect(),
        citations: row.citations.iter().map(|(citation, _)| citation.clone()).collect(),
        addresses: row.addresses.iter().map(|(address, _)| address_key(places, address)).collect(),
    }
}
