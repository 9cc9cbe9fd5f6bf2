//! The dated Entity List, and screening of names and addresses against it.
//!
//! `snapshot` is the list, `read` reads its tables as `layout` and `policy` have them, `entity` says where an entry stood on a day. A party field is taken apart by `line`, led to
//! listed names by `index`, compared word by word by `words` and as a whole by `score`; `addresses` compares addresses,
//! `explain` says why, `screen` puts it together and `report` prints it. What a match means for a shipment is decided in
//! `checks`.

mod addresses;
mod entity;
mod explain;
mod fold;
mod index;
pub(crate) mod layout;
mod line;
mod policy;
mod read;
pub mod report;
mod score;
mod screen;
mod snapshot;
#[cfg(test)]
mod tests;
mod vocabulary;
mod words;

/// A map over the list's own data, with the same order of work on every run; never iterated.
type Map<K, V> = hashbrown::HashMap<K, V, foldhash::fast::FixedState>;

pub use entity::{
    Alias, AliasKind, Change, EntityIdx, EntityKind, ListName, ListedAddress, ListedEntity, Requirement,
    Standing,
};
pub use fold::fold_name;
pub use screen::{Candidate, FLAG_SCORE, MatchBasis, PartyQuery, Screener, Screening};
pub(crate) use snapshot::hex;
pub use snapshot::{EntityList, Snapshot};
