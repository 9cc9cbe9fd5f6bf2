//! The owners of the table, found on the lists.
//!
//! Whether the entry bound on a day is asked when the shares of that day are added up.

use super::Party;
use crate::entity_list::{EntityIdx, ListName, PartyQuery, Screener};

/// An entry that a party of the table is, or may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Listed {
    /// The entry.
    pub(super) entity: EntityIdx,
    /// Whether the name is the entry's, and no country speaks against it.
    pub(super) is_certain: bool,
}

/// The entries of the lists that count which a party is, or may be; the certain ones alone where there are any.
pub(super) fn find(party: &Party, screener: &Screener, lists: &[ListName]) -> Vec<Listed> {
    let query = PartyQuery { name: &party.name, country: party.country, address: "" };
    let mut found: Vec<Listed> = screener
        .screen(&query)
        .candidates
        .iter()
        .filter(|candidate| lists.contains(&screener.list().entity(candidate.entity).list))
        .map(|candidate| Listed {
            entity: candidate.entity,
            is_certain: candidate.basis.is_exact() && candidate.agrees_with_country != Some(false),
        })
        .collect();
    if found.iter().any(|listed| listed.is_certain) {
        found.retain(|listed| listed.is_certain);
    }
    found
}
