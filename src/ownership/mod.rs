//! Ownership of parties by listed ones: who was restricted on a day because of whom, and by which shares.
//!
//! `table` reads the user's table of shares, `listed` finds its owners on the lists, `holding` adds up the shares of a day,
//! `words` tells the chain. What the law makes of it is the business of `checks::ownership`.

mod holding;
mod listed;
mod table;
#[cfg(test)]
mod tests;
mod words;

pub use holding::{Chain, Holding, Part, Step};
pub use table::{Owners, Party, PartyIdx, Share};

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use crate::codes::CountryCode;
use crate::effective::Date;
use crate::entity_list::{EntityList, FLAG_SCORE, ListName, MatchBasis, PartyQuery, Screener};

/// A table of ownership, with its owners found on the lists.
pub struct Ownership {
    owners: Owners,
    /// Every party's own entries on the lists that count.
    listed: Vec<Vec<listed::Listed>>,
    /// The parties that listed ones hold shares in, directly or through others, in the order of the screener's names.
    held: Vec<PartyIdx>,
    screener: Screener,
    /// The same parties by what identifies their names.
    by_identity: BTreeMap<String, Vec<PartyIdx>>,
    days_before: i32,
    threshold: rust_decimal::Decimal,
    /// Sums already made, by party and day.
    added_up: Mutex<BTreeMap<(PartyIdx, Date), Arc<Holding>>>,
}

/// A party of a record, found in the table.
#[derive(Debug, Clone, PartialEq)]
pub struct InTable {
    /// The party of the table.
    pub party: PartyIdx,
    /// Whether it is the same name, and no country speaks against it.
    pub is_certain: bool,
    /// The score of the match.
    pub score: f32,
    /// Why the name matched, in words.
    pub explanation: String,
}

/// What of the law the sums depend on.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The share, in percent, from which the owned party is restricted.
    pub threshold_percent: u8,
    /// The lists whose parties count as owners.
    pub lists: Vec<ListName>,
    /// How many days before its publication an entry of unknown effective date may have bound already.
    pub days_before: i32,
}

impl Ownership {
    /// Reads the table and finds its owners on the lists.
    ///
    /// # Errors
    /// Everything that is wrong with the table, each with file and row.
    pub fn read(path: &Path, lists: &Screener, terms: &Terms) -> Result<Self, Vec<String>> {
        Ok(Self::of(Owners::read(path)?, lists, terms))
    }

    /// The same, of a table already read.
    pub fn of(owners: Owners, lists: &Screener, terms: &Terms) -> Self {
        let listed: Vec<Vec<listed::Listed>> =
            owners.parties().iter().map(|party| listed::find(party, lists, &terms.lists)).collect();
        let held = held_by_listed(&owners, &listed);
        let names = held.iter().map(|idx| owners.party(*idx)).map(|party| (&*party.name, party.country));
        let screener = Screener::new(Arc::new(EntityList::of_names(names)));
        let mut by_identity: BTreeMap<String, Vec<PartyIdx>> = BTreeMap::new();
        for idx in &held {
            by_identity.entry(table::identity(&owners.party(*idx).name)).or_default().push(*idx);
        }
        Self {
            by_identity,
            owners,
            listed,
            held,
            screener,
            days_before: terms.days_before,
            threshold: terms.threshold_percent.into(),
            added_up: Mutex::default(),
        }
    }

    /// The table.
    pub fn owners(&self) -> &Owners {
        &self.owners
    }

    /// Whether a party of this name may be one of those parties, whatever its country.
    pub fn may_hold(&self, name: &str) -> bool {
        !self.find(name, None).is_empty()
    }

    /// The parties of the table that a party of a record may be, of those that listed parties hold shares in; those of
    /// the very name where there are any, else those that resemble it, best first.
    pub fn find(&self, name: &str, country: Option<CountryCode>) -> Vec<InTable> {
        if self.held.is_empty() {
            return Vec::new();
        }
        let uncontradicted = |party: PartyIdx| {
            let recorded = self.owners.party(party).country;
            recorded.is_none_or(|own| country.is_none_or(|other| own == other))
        };
        // The very name counts whatever its words are; a parent and its subsidiary may differ in the legal form alone.
        if let Some(same) = self.by_identity.get(&table::identity(name)) {
            let found = same.iter().map(|party| InTable {
                party: *party,
                is_certain: uncontradicted(*party),
                score: 1.0,
                explanation: "The name is the same; the country is another.".to_owned(),
            });
            let mut found: Vec<InTable> = found.collect();
            if found.iter().any(|party| party.is_certain) {
                found.retain(|party| party.is_certain);
            }
            return found;
        }
        let found = self.screener.screen_at(&PartyQuery { name, country, address: "" }, FLAG_SCORE);
        let mut parties: Vec<InTable> = found
            .into_iter()
            .map(|candidate| {
                let party = self.held[candidate.entity.0 as usize];
                let exact = candidate.basis.is_exact() || candidate.basis == MatchBasis::WeakExact;
                InTable {
                    party,
                    is_certain: exact && uncontradicted(party),
                    score: candidate.score,
                    explanation: candidate.explanation,
                }
            })
            .collect();
        if parties.iter().any(|party| party.is_certain) {
            parties.retain(|party| party.is_certain);
        }
        parties
    }
}

/// The parties in which listed ones hold shares, through whatever chain, on whatever day.
fn held_by_listed(owners: &Owners, listed: &[Vec<listed::Listed>]) -> Vec<PartyIdx> {
    let mut reached = vec![false; owners.parties().len()];
    let mut open: Vec<PartyIdx> =
        owners.indices().filter(|party| !listed[party.0 as usize].is_empty()).collect();
    while let Some(owner) = open.pop() {
        for share in owners.held_by(owner) {
            if !std::mem::replace(&mut reached[share.owned.0 as usize], true) {
                open.push(share.owned);
            }
        }
    }
    owners.indices().filter(|party| reached[party.0 as usize]).collect()
}
