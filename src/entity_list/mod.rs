//! The dated Entity List, and screening of names and addresses against it.
//!
//! `snapshot` is the list, read by `read` as `layout` and `policy` have it; `entity` says where an entry stood on a day
//! and `terms` what it asked for. A
//! party field is split by `line`, its words told apart by `marks`, read in several ways by `views`; `search` leads each
//! reading through `lookup` and `index` to listed names and has `score` compare them. `addresses` compares addresses,
//! `explain` says why, `screen` puts it together and `report` prints it. What a match means for a shipment is decided in
//! `checks`.

mod addresses;
mod deletes;
mod entity;
mod explain;
mod fold;
mod index;
pub(crate) mod layout;
mod legal_forms;
mod lexicon;
mod line;
mod lookup;
mod marks;
mod measured;
mod organizations;
mod policy;
mod read;
pub mod report;
mod score;
mod screen;
mod search;
mod snapshot;
mod spellings;
mod terms;
#[cfg(test)]
mod tests;
mod views;
mod vocabulary;
mod words;

/// A map over the list's own data, with the same order of work on every run; never iterated.
type Map<K, V> = hashbrown::HashMap<K, V, foldhash::fast::FixedState>;

pub use entity::{
    Alias, AliasKind, Change, EntityIdx, EntityKind, ListName, ListedAddress, ListedEntity, Requirement,
    Standing,
};
pub use fold::fold_name;
pub use measured::MEASURED;
pub use organizations::{OrganizationMatch, OrganizationScreener};
#[cfg(test)]
pub(crate) use policy::in_words as policy_in_words;
pub use screen::{
    Candidate, FLAG_SCORE, FLAG_SCORE_OF_COUNTRY, MatchBasis, Nearest, PartyQuery, Screener, Screening,
};
pub(crate) use snapshot::hex;
pub use snapshot::{EntityList, Snapshot};
pub use terms::{EarlierTerms, Terms, TermsOn};
