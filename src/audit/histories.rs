//! What parties bought, over all inputs: shipments kept below the filing threshold (RF05) and new buyers after a
//! listing (RF06).
//!
//! Only lines with Pakistan as destination or in a party leave records. They are compared after the last file, one part
//! at a time, and of items only those that a party bought before it was listed: few have such a buyer, and a common item
//! stands on very many lines. Memory grows with what is found, and with the buyers of those items.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::buyers::{Buyers, Suspect};
use super::partitions::{KEY, PLACE, Partitions, begin, end, place};
use super::repeats::RepeatKeys;
use super::spool::Ordinal;
use crate::checks::{Case, FilingSplit, Place, SplitLine, concerns_watched, split};
use crate::codes::ScheduleB;
use crate::entity_list::{Candidate, ListName, MatchBasis, fold_name};
use crate::field::Field;
use crate::finding::Finding;
use crate::party::PartyRole;
use crate::rulebase::Rulebase;
use crate::shipment::{Day, NamedParty, Slot};

/// Bytes held in memory before the records are written out.
const IN_MEMORY: usize = 1 << 20;

/// The roles in which a party buys.
const BUYERS: [PartyRole; 4] =
    [PartyRole::Purchaser, PartyRole::UltimateConsignee, PartyRole::EndUser, PartyRole::ShipTo];

/// What a record is asked, in the byte behind its pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Question {
    /// Just below the filing threshold; the key is party, day and Schedule B number.
    Split,
    /// Bought an item; the key is the item.
    Item,
    /// The same, by a party that was listed later.
    ItemBeforeListing,
}

const PASS: usize = PLACE.end;
const QUESTION: usize = PASS + 1;
const ENTRY: usize = QUESTION + 1;

/// A line as one question needs it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Entry {
    /// ISO.
    pub(super) day: String,
    pub(super) destination: String,
    pub(super) role: String,
    pub(super) party: String,
    pub(super) folded: String,
    pub(super) document: String,
    pub(super) line: String,
    pub(super) item: String,
    schedule_b: String,
    pub(super) value: String,
    pub(super) currency: String,
    /// The entry that the party's name or alias is: its name, and the day from which it counts.
    pub(super) listed: Option<(String, String)>,
    /// Whether the name is, or resembles, that of any entry: such a party has findings of its own.
    pub(super) named_by_list: bool,
}

impl Entry {
    /// The listing of the party, where it came after this line.
    pub(super) fn listed_later(&self) -> Option<(&str, &str)> {
        let (name, since) = self.listed.as_ref()?;
        (self.day < *since).then_some((name, since))
    }
}

/// Adds the records of a line to a buffer that [`Histories::append`] takes.
pub(super) fn encode(buffer: &mut Vec<u8>, keys: &RepeatKeys, case: &Case<'_>, ordinal: Ordinal, pass: u8) {
    if !concerns_watched(case) {
        return;
    }
    let line = case.line;
    let Some(Day::One(day)) = line.date.day.given() else { return };
    let entry = |party: &NamedParty<'_>| Entry {
        day: day.to_string(),
        destination: line.destination.country.given().map_or_else(String::new, ToString::to_string),
        role: party.role.name().to_owned(),
        party: cut(party.name.trim()),
        folded: cut(&fold_name(&party.name)),
        document: cut(line.text(Field::Document).trim()),
        line: cut(line.text(Field::LineNumber).trim()),
        item: cut(line.text(Field::Item).trim()),
        schedule_b: cut(line.text(Field::ScheduleB).trim()),
        value: cut(&line.layout.value_text(line.row)),
        currency: cut(line.layout.currency_text(line.row)),
        listed: listed(case, party),
        named_by_list: is_named_by_list(party),
    };
    if let Some(party) = line.consignee().or_else(|| line.named(PartyRole::EndUser))
        && lies_just_below(case)
    {
        let entry = entry(&party);
        let schedule_b =
            ScheduleB::read(&entry.schedule_b).map_or_else(String::new, |code| code.digits().to_owned());
        if !schedule_b.is_empty() && !entry.document.is_empty() {
            let key =
                keys.key(["split", &entry.folded, &entry.day, &schedule_b].map(str::as_bytes).into_iter());
            write(buffer, key, ordinal, pass, Question::Split, &entry);
        }
    }
    let item = fold_name(line.text(Field::Item));
    if item.is_empty() {
        return;
    }
    let key = keys.key([b"item".as_slice(), item.as_bytes()].into_iter());
    // The same party mostly stands in several roles of a line.
    let mut told: Vec<(String, String)> = Vec::new();
    for party in BUYERS.into_iter().filter_map(|role| line.named(role)) {
        if told.iter().any(|(name, _)| *name == *party.name) {
            continue;
        }
        let entry = entry(&party);
        if told.iter().all(|(_, folded)| *folded != entry.folded) {
            let question = match entry.listed_later() {
                Some(_) => Question::ItemBeforeListing,
                None => Question::Item,
            };
            write(buffer, key, ordinal, pass, question, &entry);
        }
        told.push((party.name.into_owned(), entry.folded));
    }
}

fn write(buffer: &mut Vec<u8>, key: [u8; 16], ordinal: Ordinal, pass: u8, question: Question, entry: &Entry) {
    let head = begin(buffer, key, ordinal);
    buffer.extend_from_slice(&[pass, question as u8]);
    // Our own records of texts always serialize into memory.
    if postcard::to_io(entry, &mut *buffer).is_err() {
        buffer.truncate(head);
        return;
    }
    end(buffer, head);
}

/// A text that only names something to a reader, cut at a letter.
fn cut(text: &str) -> String {
    text.chars().take(200).collect()
}

/// The entry whose name or alias the party bears, unless its country speaks against it.
fn listed(case: &Case<'_>, party: &NamedParty<'_>) -> Option<(String, String)> {
    let candidates = &party.verdict.as_ref()?.candidates;
    let found = candidates
        .iter()
        .filter(|candidate| candidate.basis.is_exact() && candidate.agrees_with_country != Some(false))
        .find(|candidate| case.list.entity(candidate.entity).list == ListName::EntityList)?;
    let entity = case.list.entity(found.entity);
    Some((cut(&entity.name), entity.in_force_from()?.to_string()))
}

fn is_named_by_list(party: &NamedParty<'_>) -> bool {
    let by_name = |candidate: &Candidate| {
        !matches!(candidate.basis, MatchBasis::SharedAddress | MatchBasis::ListedAddress)
    };
    party.verdict.as_ref().is_some_and(|verdict| verdict.candidates.iter().any(by_name))
}

/// Whether the line's value lies just below the filing threshold, and no filing is on record.
fn lies_just_below(case: &Case<'_>) -> bool {
    let (line, red_flags) = (case.line, case.rules.red_flags());
    let filed = [Field::Itn, Field::FilingCitation]
        .into_iter()
        .any(|field| case.rules.jurisdiction().is_itn(line.text(field).trim()));
    let currency = &red_flags.filing_currency;
    let heading =
        line.layout.slot(Field::Value).and_then(Slot::column).map_or("", |at| line.layout.heading(at));
    let in_currency = line.layout.currency_text(line.row).eq_ignore_ascii_case(currency)
        || !line.layout.has(Field::Currency) && heading.to_uppercase().contains(currency.as_str());
    let value: Option<Decimal> = line.layout.value_text(line.row).parse().ok();
    !filed
        && in_currency
        && value.is_some_and(|value| red_flags.near() <= value && value <= red_flags.filing_threshold)
}

/// The records of all lines concerned.
pub(super) struct Histories {
    records: Partitions,
}

impl Histories {
    pub(super) fn new() -> Self {
        Self { records: Partitions::new(IN_MEMORY) }
    }

    /// Adds encoded records.
    pub(super) fn append(&mut self, encoded: &[u8]) -> io::Result<()> {
        self.records.append(encoded)
    }

    /// All records, for a run to be joined with later.
    pub(super) fn records(&mut self) -> &mut Partitions {
        &mut self.records
    }

    /// The findings, in the order in which they stand. `is_valid` says whether a pass over a sheet counted.
    pub(super) fn finish(
        mut self,
        is_valid: impl Fn(u32, u32, u8) -> bool,
        places: &BTreeMap<(u32, u32), Place>,
        rules: &Rulebase,
    ) -> io::Result<Vec<(Ordinal, Finding)>> {
        let counts = |record: &[u8]| {
            let at = place(record);
            is_valid(at.0, at.1, record[PASS])
        };
        let asked = |record: &[u8], question: Question| record.get(QUESTION) == Some(&(question as u8));
        let mut items: BTreeSet<[u8; 16]> = BTreeSet::new();
        self.records.each_as_appended(|record| {
            if asked(record, Question::ItemBeforeListing) && counts(record) {
                items.extend(record[KEY].first_chunk());
            }
            Ok(())
        })?;
        let is_kept = |record: &[u8]| {
            counts(record)
                && (asked(record, Question::Split)
                    || record[KEY].first_chunk().is_some_and(|key| items.contains(key)))
        };
        let mut findings = Vec::new();
        let mut suspects: Vec<Suspect> = Vec::new();
        self.records.each_kept(is_kept, |records| {
            for same in records.chunk_by(|a, b| a[KEY] == b[KEY]) {
                if asked(same[0], Question::Split) {
                    let lines = same.iter().map(|record| entry(record)).collect::<io::Result<Vec<_>>>()?;
                    findings.extend(split_of(&lines, places, rules));
                } else {
                    let mut buyers = Buyers::default();
                    for record in same {
                        let (at, entry) = entry(record)?;
                        buyers.add(at, entry);
                    }
                    suspects.extend(buyers.suspects(rules));
                }
            }
            Ok(())
        })?;
        if !suspects.is_empty() {
            let first_days = self.first_days(counts, &suspects)?;
            for mut suspect in suspects {
                let first = first_days.get(&suspect.entry.folded).map_or("", String::as_str);
                suspect.listed.retain(|listed| *listed.since <= *first);
                findings.extend(suspect.found(places, rules));
            }
        }
        findings.sort_by(|(a, x), (b, y)| (a, x.code, &x.folded_party).cmp(&(b, y.code, &y.folded_party)));
        Ok(findings)
    }

    /// The first day on which each suspect stands in the record, whatever it bought.
    fn first_days(
        &mut self,
        counts: impl Fn(&[u8]) -> bool,
        suspects: &[Suspect],
    ) -> io::Result<BTreeMap<String, String>> {
        let mut days: BTreeMap<String, String> = suspects
            .iter()
            .map(|suspect| (suspect.entry.folded.clone(), suspect.entry.day.clone()))
            .collect();
        self.records.each_as_appended(|record| {
            if counts(record) {
                let (_, entry) = entry(record)?;
                if let Some(day) = days.get_mut(&entry.folded)
                    && entry.day < *day
                {
                    *day = entry.day;
                }
            }
            Ok(())
        })?;
        Ok(days)
    }
}

/// A record read back.
fn entry(record: &[u8]) -> io::Result<(Ordinal, Entry)> {
    let entry = record.get(ENTRY..).map(postcard::from_bytes);
    match entry {
        Some(Ok(entry)) => Ok((place(record), entry)),
        Some(Err(error)) => Err(io::Error::other(error)),
        None => Err(io::Error::from(io::ErrorKind::InvalidData)),
    }
}

fn split_of(
    same: &[(Ordinal, Entry)],
    places: &BTreeMap<(u32, u32), Place>,
    rules: &Rulebase,
) -> Option<(Ordinal, Finding)> {
    // A line that stands in the record twice is one line.
    let lines: BTreeMap<(&str, &str), &(Ordinal, Entry)> =
        same.iter().rev().map(|found| ((found.1.document.as_str(), found.1.line.as_str()), found)).collect();
    let documents: BTreeSet<&str> = lines.keys().map(|(document, _)| *document).collect();
    let values = lines.values().filter_map(|(_, entry)| entry.value.parse::<Decimal>().ok());
    let sum = values.fold(Decimal::ZERO, Decimal::saturating_add);
    if documents.len() < 2 || sum <= rules.red_flags().filing_threshold {
        return None;
    }
    let (at, first) = *lines.values().next()?;
    let found = FilingSplit {
        party: first.party.clone(),
        folded: first.folded.clone(),
        role: first.role.clone(),
        day: first.day.clone(),
        destination: first.destination.clone(),
        schedule_b: first.schedule_b.clone(),
        documents: documents.len(),
        sum,
        lines: lines
            .values()
            .filter_map(|(at, entry)| {
                Some(SplitLine {
                    place: places.get(&(at.0, at.1))?.clone(),
                    row: at.2,
                    document: entry.document.clone(),
                    line: entry.line.clone(),
                    value: entry.value.parse().ok()?,
                })
            })
            .collect(),
    };
    Some((*at, split(&found, rules)?))
}
