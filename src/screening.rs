//! What is known of a distinct party: entries of the list it matches, and whether anything says it is in Pakistan.
//!
//! Each distinct name with its country and address is judged once and shared between threads. The verdict is a pure
//! function of the text: it speaks of no date, role or license.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::codes::CountryCode;
use crate::entity_list::{
    Candidate, EntityList, Nearest as NearestEntry, OrganizationMatch, OrganizationScreener, PartyQuery,
    Screener, fold_name,
};
use crate::memo::Memo;
use crate::ownership::{InTable, Ownership, Terms};
use crate::party::PartyRole;
use crate::places::{CountryReading, Mention, MentionKind, MentionStrength, Places};
use crate::rulebase::{PartyTrait, Rulebase};

/// How many entries are reported for one party; the rest are counted.
const ENTRIES_SHOWN: usize = 5;

/// How many unflagged parties are kept to show their nearest entry.
const NEAREST_KEPT: usize = 1_000;

/// Bytes of distinct parties remembered between threads.
const SHARED_MEMORY: usize = 24 << 20;

const SHARDS: usize = 16;

/// A sign that a party is in the country the rule is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// The word that says so.
    pub word: String,
    /// Where it stands, in words: `country`, `address`, `name`.
    pub place: &'static str,
    /// Whether it is enough by itself to ask a person.
    pub is_strong: bool,
    /// Whether the word says so, but stands where it need not mean the party: in a firm's own name.
    pub leans: bool,
    /// Whether it names the country or a city, not a telephone number or an e-mail address.
    pub names_place: bool,
}

/// What is known of a party that deserves a second look.
#[derive(Debug, Clone)]
pub struct PartyVerdict {
    /// The name, folded; what identifies the party in ids and groups.
    pub folded: String,
    /// The country recorded for the party, where it was read.
    pub country: Option<CountryCode>,
    /// Entries it matches or resembles, best first; at most five.
    pub candidates: Vec<Candidate>,
    /// How many more there were.
    pub more: usize,
    /// The parties of the ownership table that it is, or may be, and that listed ones hold shares in.
    pub owned: Vec<InTable>,
    /// Whether anything says it is in the watched country.
    pub sign: Option<Sign>,
    /// Another country that the address names while the country column says the watched one.
    pub address_elsewhere: Option<CountryCode>,
    /// The word by which the name is that of a forwarder, whatever else it says.
    pub forwards: Option<String>,
    /// A strategic organization whose name it bears or resembles.
    pub organization: Option<OrganizationMatch>,
}

impl PartyVerdict {
    /// Whether the verdict asks for a look at the party in this role: that it forwards matters in a consignee alone.
    pub fn concerns(&self, role: PartyRole) -> bool {
        !self.candidates.is_empty()
            || self.sign.is_some()
            || self.address_elsewhere.is_some()
            || self.organization.is_some()
            || matches!(role, PartyRole::UltimateConsignee | PartyRole::ShipTo)
    }
}

/// A party that was not flagged, with the entry nearest to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nearest {
    /// 1,000 less the score in thousandths, so that the nearest come first.
    distance: u16,
    /// The party's name as first folded.
    pub name: String,
    /// The id of the nearest entry.
    pub entity_id: String,
    /// The name or alias that came nearest.
    pub matched_name: String,
}

impl Nearest {
    /// The score, 0 to 1.
    pub fn score(&self) -> f32 {
        f32::from(1_000 - self.distance) / 1_000.0
    }
}

type Shared = Memo<Option<Arc<PartyVerdict>>>;

/// The list, the gazetteer and everything judged so far.
pub struct PartyScreening {
    list: Arc<EntityList>,
    screener: Screener,
    ownership: Option<Ownership>,
    organizations: OrganizationScreener,
    rules: Arc<Rulebase>,
    places: Arc<Places>,
    watched: CountryCode,
    shards: Vec<Mutex<Shared>>,
    nearest: Mutex<BTreeSet<Nearest>>,
}

impl PartyScreening {
    /// Screens against a list, and by the words and organizations of the rule base; `watched` is the country the rule
    /// is about.
    pub fn new(
        list: Arc<EntityList>,
        rules: Arc<Rulebase>,
        places: Arc<Places>,
        watched: CountryCode,
    ) -> Self {
        Self {
            screener: Screener::new(Arc::clone(&list)),
            organizations: OrganizationScreener::new(rules.organizations(), watched),
            list,
            ownership: None,
            rules,
            places,
            watched,
            shards: (0..SHARDS)
                .map(|_| {
                    Mutex::new(Memo::new(SHARED_MEMORY / SHARDS, |verdict: &Option<Arc<PartyVerdict>>| {
                        verdict.as_deref().map_or(0, bytes_of)
                    }))
                })
                .collect(),
            nearest: Mutex::new(BTreeSet::new()),
        }
    }

    /// Also looks parties up in a table of ownership.
    ///
    /// # Errors
    /// Everything that is wrong with the table, each with file and row.
    pub fn read_owners(&mut self, path: &Path, terms: &Terms) -> Result<(), Vec<String>> {
        self.ownership = Some(Ownership::read(path, &self.screener, terms)?);
        Ok(())
    }

    /// The table of ownership, where one was given.
    pub fn ownership(&self) -> Option<&Ownership> {
        self.ownership.as_ref()
    }

    /// The list screened against.
    pub fn list(&self) -> &EntityList {
        &self.list
    }

    /// The verdict on a party; `key` holds name, country and address as recorded, see [`party_key`]. None where
    /// nothing speaks for a second look.
    pub fn verdict(&self, key: &[u8]) -> Option<Arc<PartyVerdict>> {
        let shard = &self.shards[shard_of(key)];
        if let Some(known) = shard.lock().unwrap_or_else(PoisonError::into_inner).get(key) {
            return known.clone();
        }
        // Judged outside the lock: two threads may do it twice, and come to the same answer.
        let verdict = self.judge(key);
        shard.lock().unwrap_or_else(PoisonError::into_inner).insert(key, verdict.clone());
        verdict
    }

    /// The parties that came nearest to the list without being flagged, nearest first.
    pub fn nearest(&self) -> Vec<Nearest> {
        self.nearest.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn judge(&self, key: &[u8]) -> Option<Arc<PartyVerdict>> {
        let mut parts = key.split(|byte| *byte == KEY_SEPARATOR);
        let mut next = || std::str::from_utf8(parts.next().unwrap_or_default()).unwrap_or_default().trim();
        let (name, country_text, address) = (next(), next(), next());
        let country = match self.places.country(country_text) {
            CountryReading::Known(code) => Some(code),
            _ => None,
        };
        let screened = self.screener.screen(&PartyQuery { name, country, address });
        let more = screened.candidates.len().saturating_sub(ENTRIES_SHOWN);
        let mut candidates = screened.candidates;
        candidates.truncate(ENTRIES_SHOWN);
        if candidates.is_empty()
            && let Some(nearest) = screened.nearest
        {
            self.remember_nearest(name, &nearest);
        }
        let sign = self.sign(name, country, address);
        let address_elsewhere = (country == Some(self.watched)).then(|| self.elsewhere(address)).flatten();
        let owned: Vec<InTable> =
            self.ownership.as_ref().map_or_else(Vec::new, |table| table.find(name, country));
        // The organizations are the watched country's: a party known to be elsewhere is none of them.
        let may_be_there = country.is_none_or(|country| country == self.watched) || sign.is_some();
        let organization = may_be_there.then(|| self.organizations.find(name, country)).flatten();
        let forwards = self.rules.party_words().find(PartyTrait::Forwarder, name);
        let forwards = forwards.filter(|word| word.is_certain).map(|word| word.phrase.clone());
        if candidates.is_empty()
            && owned.is_empty()
            && sign.is_none()
            && address_elsewhere.is_none()
            && organization.is_none()
            && forwards.is_none()
        {
            return None;
        }
        let folded = fold_name(name);
        Some(Arc::new(PartyVerdict {
            folded,
            country,
            candidates,
            more,
            owned,
            sign,
            address_elsewhere,
            forwards,
            organization,
        }))
    }

    fn sign(&self, name: &str, country: Option<CountryCode>, address: &str) -> Option<Sign> {
        if country == Some(self.watched) {
            let word = self.places.name(self.watched).to_owned();
            return Some(Sign { word, place: "country", is_strong: true, leans: false, names_place: true });
        }
        let strong = |mention: &Mention| mention.strength == MentionStrength::Certain;
        let in_address = self.places.mention_of(self.watched, address);
        let in_name = self.places.mention_of(self.watched, name);
        match (in_address, in_name) {
            (Some(mention), _) if strong(&mention) => Some(Sign {
                names_place: names_place(&mention),
                word: mention.word,
                place: "address",
                is_strong: true,
                leans: false,
            }),
            (_, Some(mention)) => {
                // "Sindh Controls, Karachi, Pakistan" typed into the name field holds an address; a firm that merely
                // carries the country in its name does not.
                let typed_in = address_tail(name).and_then(|tail| self.places.mention_of(self.watched, tail));
                let is_strong = typed_in.as_ref().is_some_and(strong);
                let leans = strong(&mention);
                let mention = typed_in.unwrap_or(mention);
                Some(Sign {
                    names_place: names_place(&mention),
                    word: mention.word,
                    place: "name",
                    is_strong,
                    leans,
                })
            }
            (Some(mention), None) => Some(Sign {
                names_place: names_place(&mention),
                word: mention.word,
                place: "address",
                is_strong: false,
                leans: false,
            }),
            (None, None) => None,
        }
    }

    /// A country other than the watched one that the last part of an address names.
    fn elsewhere(&self, address: &str) -> Option<CountryCode> {
        let last = address.rsplit([',', ';', '\n']).find(|part| !part.trim().is_empty())?;
        // Two letters at the end of an address are as often a state or a street as a country.
        if last.trim().chars().count() < 4 {
            return None;
        }
        match self.places.country(last) {
            CountryReading::Known(code) if code != self.watched => Some(code),
            _ => None,
        }
    }

    fn remember_nearest(&self, name: &str, near: &NearestEntry) {
        let distance = 1_000 - (near.score.clamp(0.0, 1.0) * 1_000.0).round() as u16;
        let entry = Nearest {
            distance,
            name: name.to_owned(),
            entity_id: self.list.entity(near.entity).id.to_string(),
            matched_name: self.screener.name_of(near).to_owned(),
        };
        let mut kept = self.nearest.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= NEAREST_KEPT && kept.last().is_some_and(|last| *last <= entry) {
            return;
        }
        kept.insert(entry);
        if kept.len() > NEAREST_KEPT {
            kept.pop_last();
        }
    }
}

fn names_place(mention: &Mention) -> bool {
    !matches!(mention.kind, MentionKind::Phone | MentionKind::Domain)
}

/// What a verdict takes in memory; most parties have none.
fn bytes_of(verdict: &PartyVerdict) -> usize {
    let texts: usize = verdict
        .candidates
        .iter()
        .map(|candidate| {
            size_of::<Candidate>()
                + candidate.matched_name.len()
                + candidate.explanation.len()
                + candidate.party.len()
        })
        .sum();
    let owned: usize = verdict.owned.iter().map(|owned| size_of::<InTable>() + owned.explanation.len()).sum();
    size_of::<PartyVerdict>() + verdict.folded.len() + texts + owned
}

const KEY_SEPARATOR: u8 = 0x1f;

/// Writes the key of a party into `key`: name, country and address as recorded.
pub fn party_key<'t>(key: &mut Vec<u8>, name: &str, country: &str, address: impl Iterator<Item = &'t str>) {
    key.clear();
    key.extend_from_slice(name.as_bytes());
    key.push(KEY_SEPARATOR);
    key.extend_from_slice(country.as_bytes());
    key.push(KEY_SEPARATOR);
    for (index, part) in address.filter(|part| !part.is_empty()).enumerate() {
        if index > 0 {
            key.extend_from_slice(b", ");
        }
        key.extend_from_slice(part.as_bytes());
    }
}

fn shard_of(key: &[u8]) -> usize {
    key.iter().fold(0usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte))) % SHARDS
}

/// What stands in a name behind the first comma, bracket or line break: an address, where there is one.
fn address_tail(name: &str) -> Option<&str> {
    let at = name.find([',', ';', '(', '\n'])?;
    let tail = name[at + 1..].trim();
    (!tail.is_empty()).then_some(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_typed_into_a_name_is_told_from_a_firms_name() {
        assert_eq!(address_tail("Sindh Controls, Karachi, Pakistan"), Some("Karachi, Pakistan"));
        assert_eq!(address_tail("Pakistan International Airlines"), None);
    }

    #[test]
    fn keys_keep_the_parts_apart() {
        let mut key = Vec::new();
        party_key(&mut key, "A", "PK", ["Plot 9", "", "Karachi"].into_iter());
        assert_eq!(key, b"A\x1fPK\x1fPlot 9, Karachi");
    }
}
