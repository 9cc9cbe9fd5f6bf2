//! Screening one party against the list: candidates, best first, each explained.
//!
//! A pure function of the query and the list, for all dates; what a candidate means on a day is decided by who asks.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::addresses::AddressIndex;
use super::entity::{AliasKind, EntityIdx, ListName, ListedEntity};
use super::explain;
use super::index::{Index, NameSource};
use super::search::{Best, Workspace};
use super::snapshot::EntityList;
use crate::codes::CountryCode;

/// From this score on a candidate is for a person to look at, where the party's country is not known; how it was chosen is
/// said in `data/names/README.md`.
pub const FLAG_SCORE: f32 = 0.78;
/// Likewise where the party's country is one of the entry's: it speaks for the match, and never decides. No score below
/// it is flagged.
pub const FLAG_SCORE_OF_COUNTRY: f32 = 0.70;
/// Likewise for a close name whose country is none of the entry's.
const FLAG_SCORE_ELSEWHERE: f32 = 0.82;
/// At most this many candidates are named.
const MOST_CANDIDATES: usize = 25;
/// The nearest entry is named from this score on.
const NEAREST_SCORE: f32 = 0.5;

/// What is known of a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartyQuery<'a> {
    /// The name field.
    pub name: &'a str,
    /// The party's own country, where known.
    pub country: Option<CountryCode>,
    /// The address, as far as the record has one.
    pub address: &'a str,
}

/// On what a candidate rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchBasis {
    /// The listed name, but for case, punctuation, spaces and legal form.
    ExactName,
    /// A further name of the entry, likewise.
    ExactAlias(AliasKind),
    /// Likewise, but it is a bare acronym or one common word.
    WeakExact,
    /// A close name.
    Close,
    /// An address of the entry.
    SharedAddress,
    /// The address that is itself listed.
    ListedAddress,
}

impl MatchBasis {
    /// Whether a name or alias matched exactly.
    pub fn is_exact(self) -> bool {
        matches!(self, Self::ExactName | Self::ExactAlias(_))
    }
}

/// A listed entry that the party may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The entry.
    pub entity: EntityIdx,
    /// The listed name, alias or address that matched, as printed.
    pub matched_name: String,
    /// On what the match rests.
    pub basis: MatchBasis,
    /// From 0 to 1.
    pub score: f32,
    /// Whether the party's country is one of the entry's; none where the party's country is unknown.
    pub agrees_with_country: Option<bool>,
    /// Why, in words to copy.
    pub explanation: String,
    /// Who the party is to this entry: the same for spellings that make no other party; empty for a match by address.
    pub party: String,
}

impl Candidate {
    /// Whether it is for a person to look at.
    pub fn is_flagged(&self) -> bool {
        is_flagged(self.score, self.basis, self.agrees_with_country)
    }
}

fn is_flagged(score: f32, basis: MatchBasis, agrees_with_country: Option<bool>) -> bool {
    let from = match (basis, agrees_with_country) {
        (_, Some(true)) => FLAG_SCORE_OF_COUNTRY,
        (MatchBasis::Close, Some(false)) => FLAG_SCORE_ELSEWHERE,
        _ => FLAG_SCORE,
    };
    score >= from
}

/// The entry nearest to a party that is not flagged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearest {
    /// The entry.
    pub entity: EntityIdx,
    /// From 0 to 1; below what is flagged.
    pub score: f32,
    /// Which of the names of the index.
    name: u32,
}

/// The outcome of screening one party.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Screening {
    /// Candidates for a person to look at, best first.
    pub candidates: Vec<Candidate>,
    /// The nearest entry, where there is none.
    pub nearest: Option<Nearest>,
}

impl Screening {
    /// Adds what the party's address led to: an entry found by both says so, one found by address alone stands beside the
    /// others. A pure function of both.
    #[must_use]
    pub fn with_address(mut self, by_address: &[Candidate]) -> Self {
        for found in by_address {
            match self.candidates.iter_mut().find(|other| other.entity == found.entity) {
                Some(by_name) if by_name.is_flagged() => {
                    by_name.explanation.push_str(" The address is one of the entry's, too.");
                }
                Some(by_name) => by_name.clone_from(found),
                None => self.candidates.push(found.clone()),
            }
        }
        if !by_address.is_empty() {
            best_first(&mut self.candidates);
            self.nearest = None;
        }
        self
    }
}

/// In the order of reports, no more than are ever named.
fn best_first(candidates: &mut Vec<Candidate>) {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.entity.cmp(&b.entity)));
    candidates.truncate(MOST_CANDIDATES);
}

/// Screens parties against a list.
pub struct Screener {
    list: Arc<EntityList>,
    index: OnceLock<Index>,
    addresses: OnceLock<AddressIndex>,
    /// Workspaces not in use; as many as threads have ever screened at once.
    idle: Mutex<Vec<Workspace>>,
}

impl Screener {
    /// A screener over this list; its index is built on first use.
    pub fn new(list: Arc<EntityList>) -> Self {
        Self { list, index: OnceLock::new(), addresses: OnceLock::new(), idle: Mutex::default() }
    }

    /// The list.
    pub fn list(&self) -> &Arc<EntityList> {
        &self.list
    }

    /// Builds the index of names now rather than with the first party.
    pub fn prepare_names(&self) {
        self.index();
    }

    /// Builds the index of addresses now rather than with the first party.
    pub fn prepare_addresses(&self) {
        self.address_index();
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(&self.list))
    }

    fn address_index(&self) -> &AddressIndex {
        self.addresses.get_or_init(|| AddressIndex::of(&self.list))
    }

    /// Screens a party: who is for a person to look at, else who is nearest.
    pub fn screen(&self, query: &PartyQuery<'_>) -> Screening {
        let by_name = self.screen_name(query.name, query.country);
        by_name.with_address(&self.screen_address(query.address, query.country))
    }

    /// Screens a name alone: a pure function of the name and the party's country, for all dates.
    pub fn screen_name(&self, name: &str, country: Option<CountryCode>) -> Screening {
        self.with_workspace(|index, workspace| {
            let found = workspace.find(index, name, NEAREST_SCORE);
            let flagged = |best: &&Best| {
                let agrees = country.map(|country| self.list.entity(best.entity).agrees_with(country));
                is_flagged(best.score, best.basis, agrees)
            };
            let nearest = found.first().filter(|_| !found.iter().any(|best| flagged(&best)));
            let nearest =
                nearest.map(|best| Nearest { entity: best.entity, score: best.score, name: best.name });
            let mut found: Vec<Best> = found.iter().filter(flagged).copied().collect();
            if !self.list.further().is_empty() {
                // The other lists have tens of thousands of persons and ships that bear ordinary words as names.
                let is_listed = |best: &Best| self.list.entity(best.entity).list == ListName::EntityList;
                found.retain(|best| is_listed(best) || !workspace.rests_on_one_ordinary_word(index, best));
            }
            found.truncate(MOST_CANDIDATES);
            let candidates = self.candidates(index, workspace, &found, country);
            Screening { candidates, nearest }
        })
    }

    /// The listed name or alias that came nearest.
    pub fn name_of(&self, nearest: &Nearest) -> &str {
        let source = self.index().names[nearest.name as usize].source;
        printed(self.list.entity(nearest.entity), source)
    }

    /// Screens an address alone, likewise: the entries that have it. Every one of them is for a person to look at.
    pub fn screen_address(&self, address: &str, country: Option<CountryCode>) -> Vec<Candidate> {
        if address.trim().is_empty() {
            return Vec::new();
        }
        let mut found: Vec<Candidate> = self
            .address_index()
            .find(address)
            .into_iter()
            .map(|(entity, at, others, score)| {
                let listed = self.list.entity(entity);
                let text = &listed.addresses[at as usize].text;
                let agrees = country.map(|country| listed.agrees_with(country));
                explain::address(listed, entity, text, others, score, agrees)
            })
            .collect();
        best_first(&mut found);
        found
    }

    /// Every candidate from a score on, best first.
    pub fn screen_at(&self, query: &PartyQuery<'_>, min_score: f32) -> Vec<Candidate> {
        let candidates = self.with_workspace(|index, workspace| {
            let found = workspace.find(index, query.name, min_score);
            let found = found[..found.len().min(MOST_CANDIDATES)].to_vec();
            self.candidates(index, workspace, &found, query.country)
        });
        let mut by_address = self.screen_address(query.address, query.country);
        by_address.retain(|candidate| candidate.score >= min_score);
        Screening { candidates, nearest: None }.with_address(&by_address).candidates
    }

    /// Lets a test work with the index.
    #[cfg(test)]
    pub(super) fn with_index<T>(&self, work: impl FnOnce(&Index) -> T) -> T {
        work(self.index())
    }

    fn with_workspace<T>(&self, work: impl FnOnce(&Index, &mut Workspace) -> T) -> T {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let mut workspace = idle().pop().unwrap_or_default();
        let outcome = work(self.index(), &mut workspace);
        idle().push(workspace);
        outcome
    }

    fn candidates(
        &self,
        index: &Index,
        workspace: &mut Workspace,
        found: &[Best],
        country: Option<CountryCode>,
    ) -> Vec<Candidate> {
        let explained = found.iter().map(|best| {
            let listed = self.list.entity(best.entity);
            let name = &index.names[best.name as usize];
            let party = workspace.party(index, best);
            let matches = workspace.matches(index, best).to_vec();
            let words = workspace.words_of(best);
            Candidate {
                entity: best.entity,
                matched_name: printed(listed, name.source).to_owned(),
                basis: best.basis,
                score: best.score,
                agrees_with_country: country.map(|country| listed.agrees_with(country)),
                explanation: explain::name(index, name, listed, best.basis, &words, &matches, country),
                party,
            }
        });
        explained.collect()
    }
}

/// The name as the list prints it.
fn printed(entity: &ListedEntity, source: NameSource) -> &str {
    match source {
        NameSource::Name => &entity.name,
        NameSource::Alias(n, _) => &entity.aliases[n as usize].name,
    }
}
