//! What is known of a distinct party: entries of the list it matches, and whether anything says it is in Pakistan.
//!
//! Names and addresses are judged apart, each distinct one once, and shared between threads: names repeat under many
//! addresses. A first look tells the texts that say nothing, which are nearly all; the rest are judged with the party's
//! country and put together. Everything is a pure function of the texts: it speaks of no date, role or license.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::codes::CountryCode;
use crate::entity_list::{
    Candidate, EntityList, FLAG_SCORE_OF_COUNTRY, ListName, Nearest as NearestEntry, OrganizationMatch,
    OrganizationScreener, Screener, Screening, fold_name,
};
use crate::field::Field;
use crate::ingest::values::is_null_word;
use crate::memo::Memo;
use crate::ownership::{InTable, Ownership, Terms};
use crate::party::PartyRole;
use crate::places::{CountryReading, Mention, MentionKind, MentionStrength, Places};
use crate::rulebase::{PartyTrait, Rulebase};

/// How many entries are reported for one party; the rest are counted.
const ENTRIES_SHOWN: usize = 5;

/// How many unflagged parties are kept to show their nearest entry.
const NEAREST_KEPT: usize = 1_000;

/// Bytes of distinct texts remembered between threads, for each of four kinds of answers.
const SHARED_MEMORY: usize = 2 << 20;

const SHARDS: usize = 16;

/// What a first look at a party's name shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameLook {
    /// Blank, or a word for nothing.
    Absent,
    /// A name that resembles no entry and mentions no place in the watched country.
    Quiet,
    /// A forwarder's name, and nothing else: it matters in a consignee alone.
    Forwards,
    /// Something to judge with the party's country.
    Speaks,
}

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
    /// Entries it matches or resembles, best first; at most five of the Entity List, and five of further lists.
    pub candidates: Vec<Candidate>,
    /// How many more of the Entity List there were.
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
            || !self.owned.is_empty()
            || self.sign.is_some()
            || self.address_elsewhere.is_some()
            || self.organization.is_some()
            || matches!(role, PartyRole::UltimateConsignee | PartyRole::ShipTo)
    }

    /// What it takes in memory, in bytes.
    pub(crate) fn weight(&self) -> usize {
        size_of::<Self>() + self.folded.len() + weight_of(&self.candidates, &self.owned)
    }
}

/// A party that was not flagged, with the entry nearest to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
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

/// A memo that threads share, in parts, so that they seldom wait for one another.
struct SharedMemo<V> {
    shards: Vec<Mutex<Memo<V>>>,
}

impl<V: Clone> SharedMemo<V> {
    fn new(weigh: fn(&V) -> usize) -> Self {
        let shard = || Mutex::new(Memo::new(SHARED_MEMORY / SHARDS, weigh));
        Self { shards: (0..SHARDS).map(|_| shard()).collect() }
    }

    /// The value for this key. It is made outside the lock: two threads may do it twice, and come to the same answer.
    fn get_or_make(&self, key: &[u8], make: impl FnOnce() -> V) -> V {
        let shard = &self.shards[shard_of(key)];
        let open = || shard.lock().unwrap_or_else(PoisonError::into_inner);
        let (print, known) = {
            let memo = open();
            let print = memo.print([key].into_iter());
            (print, memo.get(print).cloned())
        };
        known.unwrap_or_else(|| {
            let value = make();
            open().insert(print, value.clone());
            value
        })
    }
}

/// What a name or an address gives, with the party's country.
#[derive(Debug, Clone, Default)]
struct Part {
    /// The name, folded; empty for an address.
    folded: String,
    candidates: Vec<Candidate>,
    sign: Option<Sign>,
    elsewhere: Option<CountryCode>,
    forwards: Option<String>,
    organization: Option<OrganizationMatch>,
    owned: Vec<InTable>,
}

/// The list, the gazetteer and everything judged so far.
pub struct PartyScreening {
    list: Arc<EntityList>,
    screener: Screener,
    ownership: Option<Ownership>,
    organizations: OrganizationScreener,
    rules: Arc<Rulebase>,
    places: Arc<Places>,
    watched: CountryCode,
    name_looks: SharedMemo<NameLook>,
    quiet_addresses: SharedMemo<bool>,
    names: SharedMemo<Arc<Part>>,
    addresses: SharedMemo<Arc<Part>>,
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
            name_looks: SharedMemo::new(|_| 0),
            quiet_addresses: SharedMemo::new(|_| 0),
            names: SharedMemo::new(|part| part.bytes()),
            addresses: SharedMemo::new(|part| part.bytes()),
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

    /// Builds the indexes of names now rather than with the first party.
    pub fn prepare_names(&self) {
        self.screener.prepare_names();
        self.organizations.find("", None);
    }

    /// Builds the index of addresses now rather than with the first party.
    pub fn prepare_addresses(&self) {
        self.screener.prepare_addresses();
    }

    /// The list screened against.
    pub fn list(&self) -> &EntityList {
        &self.list
    }

    /// A first look at a name, whatever the country.
    pub fn look(&self, name: &str) -> NameLook {
        let name = name.trim();
        // Any role will do: a word for nothing in one is so in all.
        if name.is_empty() || is_null_word(Field::Party(PartyRole::UltimateConsignee), name) {
            return NameLook::Absent;
        }
        self.name_looks.get_or_make(name.as_bytes(), || self.look_at(name))
    }

    fn look_at(&self, name: &str) -> NameLook {
        let screened = self.screener.screen_name(name, None);
        // The party's country may bring a name nearer.
        let is_near = screened.nearest.as_ref().is_some_and(|near| near.score >= FLAG_SCORE_OF_COUNTRY);
        // No organization is farther from a name in its own country than from one in an unknown country.
        let may_be_organization = || self.organizations.find(name, Some(self.watched)).is_some();
        if !screened.candidates.is_empty()
            || is_near
            || self.places.mention_of(self.watched, name).is_some()
            || may_be_organization()
            || self.ownership.as_ref().is_some_and(|table| table.may_hold(name))
        {
            return NameLook::Speaks;
        }
        if let Some(nearest) = &screened.nearest {
            self.remember_nearest(name, nearest);
        }
        if self.forwards(name).is_some() { NameLook::Forwards } else { NameLook::Quiet }
    }

    /// The word by which a name is certainly a forwarder's.
    fn forwards(&self, name: &str) -> Option<String> {
        let word = self.rules.party_words().find(PartyTrait::Forwarder, name)?;
        word.is_certain.then(|| word.phrase.clone())
    }

    /// Whether an address is none of an entry's and mentions no place in the watched country.
    pub fn is_quiet_address(&self, address: &str) -> bool {
        address.is_empty()
            || self.quiet_addresses.get_or_make(address.as_bytes(), || {
                self.screener.screen_address(address, None).is_empty()
                    && self.places.mention_of(self.watched, address).is_none()
            })
    }

    /// The verdict on a party of which [`Self::look`], [`Self::is_quiet_address`] or its country said that it has to be
    /// judged. None where the country makes nothing of it.
    pub fn verdict(&self, name: &str, country: Option<CountryCode>, address: &str) -> Option<PartyVerdict> {
        let (name, address) = (name.trim(), address.trim());
        let by_name =
            self.names.get_or_make(&key_of(name, country), || Arc::new(self.judge_name(name, country)));
        let by_address = self
            .addresses
            .get_or_make(&key_of(address, country), || Arc::new(self.judge_address(address, country)));
        let named = Screening { candidates: by_name.candidates.clone(), nearest: None };
        let mut candidates = named.with_address(&by_address.candidates).candidates;
        let more = self.keep_best(&mut candidates);
        let sign = self.sign(country, by_name.sign.as_ref(), by_address.sign.as_ref());
        let address_elsewhere = by_address.elsewhere;
        let owned = by_name.owned.clone();
        // The organizations are the watched country's: a party known to be elsewhere is none of them.
        let may_be_there = country.is_none_or(|country| country == self.watched) || sign.is_some();
        let organization = by_name.organization.clone().filter(|_| may_be_there);
        let forwards = by_name.forwards.clone();
        if candidates.is_empty()
            && owned.is_empty()
            && sign.is_none()
            && address_elsewhere.is_none()
            && organization.is_none()
            && forwards.is_none()
        {
            return None;
        }
        Some(PartyVerdict {
            folded: by_name.folded.clone(),
            country,
            candidates,
            more,
            owned,
            sign,
            address_elsewhere,
            forwards,
            organization,
        })
    }

    /// Keeps the best of the Entity List and as many of the further lists, so that these crowd nothing out; answers how many
    /// of the Entity List are left out.
    fn keep_best(&self, candidates: &mut Vec<Candidate>) -> usize {
        let (mut listed, mut further) = (0, 0);
        candidates.retain(|candidate| {
            let kept = match self.list.entity(candidate.entity).list {
                ListName::EntityList => &mut listed,
                _ => &mut further,
            };
            *kept += 1;
            *kept <= ENTRIES_SHOWN
        });
        listed.saturating_sub(ENTRIES_SHOWN)
    }

    fn judge_name(&self, name: &str, country: Option<CountryCode>) -> Part {
        let folded = fold_name(name);
        if self.look(name) == NameLook::Absent {
            return Part { folded, ..Part::default() };
        }
        let screened = self.screener.screen_name(name, country);
        if let Some(nearest) = &screened.nearest {
            self.remember_nearest(name, nearest);
        }
        Part {
            folded,
            candidates: screened.candidates,
            sign: self.sign_in_name(name),
            elsewhere: None,
            forwards: self.forwards(name),
            organization: self.organizations.find(name, country),
            owned: self.ownership.as_ref().map_or_else(Vec::new, |table| table.find(name, country)),
        }
    }

    fn judge_address(&self, address: &str, country: Option<CountryCode>) -> Part {
        let sign = self.places.mention_of(self.watched, address).map(|mention| Sign {
            names_place: names_place(&mention),
            is_strong: is_strong(&mention),
            leans: false,
            word: mention.word,
            place: "address",
        });
        Part {
            candidates: self.screener.screen_address(address, country),
            sign,
            elsewhere: (country == Some(self.watched)).then(|| self.elsewhere(address)).flatten(),
            ..Part::default()
        }
    }

    /// The parties that came nearest to the list without being flagged, nearest first.
    pub fn nearest(&self) -> Vec<Nearest> {
        self.nearest.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Takes in what came near in another run by the same list.
    pub fn remember(&self, nearest: Vec<Nearest>) {
        for entry in nearest {
            self.keep_nearest(entry);
        }
    }

    /// The strongest sign: the country column, else a place that the address or else the name speaks of.
    fn sign(
        &self,
        country: Option<CountryCode>,
        name: Option<&Sign>,
        address: Option<&Sign>,
    ) -> Option<Sign> {
        if country == Some(self.watched) {
            let word = self.places.name(self.watched).to_owned();
            return Some(Sign { word, place: "country", is_strong: true, leans: false, names_place: true });
        }
        match (address, name) {
            (Some(address), _) if address.is_strong => Some(address.clone()),
            (address, name) => name.or(address).cloned(),
        }
    }

    /// "Sindh Controls, Karachi, Pakistan" typed into the name field holds an address; a firm that merely carries the
    /// country in its name does not.
    fn sign_in_name(&self, name: &str) -> Option<Sign> {
        let mention = self.places.mention_of(self.watched, name)?;
        let typed_in = address_tail(name).and_then(|tail| self.places.mention_of(self.watched, tail));
        let strong = typed_in.as_ref().is_some_and(is_strong);
        let leans = is_strong(&mention);
        let mention = typed_in.unwrap_or(mention);
        Some(Sign {
            names_place: names_place(&mention),
            word: mention.word,
            place: "name",
            is_strong: strong,
            leans,
        })
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
        self.keep_nearest(entry);
    }

    fn keep_nearest(&self, entry: Nearest) {
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

fn is_strong(mention: &Mention) -> bool {
    mention.strength == MentionStrength::Certain
}

impl Part {
    /// What it takes in memory; most take little.
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.folded.len() + weight_of(&self.candidates, &self.owned)
    }
}

fn weight_of(candidates: &[Candidate], owned: &[InTable]) -> usize {
    let texts = |candidate: &Candidate| {
        candidate.matched_name.len() + candidate.explanation.len() + candidate.party.len()
    };
    let of_list = candidates.iter().map(|candidate| size_of::<Candidate>() + texts(candidate));
    let of_table = owned.iter().map(|owned| size_of::<InTable>() + owned.explanation.len());
    of_list.chain(of_table).sum()
}

/// The key of a text read with a country.
fn key_of(text: &str, country: Option<CountryCode>) -> Vec<u8> {
    let country = country.as_ref().map_or("", CountryCode::as_str);
    [text.as_bytes(), b"\x1f", country.as_bytes()].concat()
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
}
