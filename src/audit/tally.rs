//! What is counted while lines go by: rows, sums, dates, destinations, determinations, parties in the watched country.
//!
//! A tally a batch, added up in order; its size grows with distinct values, not with lines.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::parties::Identities;
use super::sample::Sample;
use crate::checks::SheetCounts;
use crate::codes::CountryCode;
use crate::control::ItnTally;
use crate::determination::Word;
use crate::effective::Date;
use crate::ingest::ValueTally;
use crate::movement::Movement;
use crate::party::PartyRole;
use crate::run::{ByCurrency, QuarterCount, Reconciliation};

/// How many distinct parties in the watched country are kept with their lines.
const PARTIES_KEPT: usize = 50_000;

/// Parties on lines to the watched country, by folded name and country.
pub(super) type PartyTallies = BTreeMap<(Box<str>, Option<CountryCode>), PartyTally>;

/// Counts of a batch, a sheet, or a run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Tally {
    pub(super) rows: Reconciliation,
    pub(super) value: ByCurrency,
    pub(super) quantity: Decimal,
    pub(super) first_date: Option<Date>,
    pub(super) last_date: Option<Date>,
    pub(super) destinations: BTreeMap<Option<CountryCode>, u64>,
    pub(super) quarters: BTreeMap<Option<(i16, i8)>, QuarterCount>,
    #[serde(deserialize_with = "by_known_word")]
    pub(super) determinations: BTreeMap<&'static str, u64>,
    /// Lines that are no export by their movement: counted, not judged.
    #[serde(deserialize_with = "by_known_word")]
    pub(super) not_judged: BTreeMap<&'static str, u64>,
    pub(super) to_watched: u64,
    /// Of one sheet, and used up with it.
    #[serde(skip)]
    pub(super) counts: SheetCounts,
    /// By folded name and country.
    pub(super) parties: PartyTallies,
    /// Which entry each flagged name stands for.
    pub(super) identities: Identities,
    #[serde(skip)]
    pub(super) values: ValueTally,
    /// Lines without findings, drawn for testing by hand.
    pub(super) sample: Sample,
    /// ITNs met, where a control file gives them.
    pub(super) itns: ItnTally,
}

/// A party in the watched country, over its lines. There may be many, each with one spelling: the lists are in order and
/// no longer than they need to be.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct PartyTally {
    pub(super) spellings: Vec<Box<str>>,
    pub(super) roles: Vec<PartyRole>,
    pub(super) lines: u64,
    /// Sums by currency.
    pub(super) value: Vec<(Box<str>, Decimal)>,
    pub(super) first_date: Option<Date>,
    pub(super) last_date: Option<Date>,
}

impl Tally {
    /// The same without what belongs to the columns of one sheet.
    pub(super) fn without_values(self) -> Self {
        Self { values: ValueTally::default(), ..self }
    }

    /// About how many bytes it holds, where those are many.
    pub(super) fn weight(&self) -> usize {
        /// Of a party, or of the entry a name stands for.
        const EACH: usize = 256;
        (self.parties.len() + self.identities.len()) * EACH
    }

    /// Adds what was counted elsewhere, later in canonical order.
    pub(super) fn add(&mut self, other: Self) {
        self.rows.add(&other.rows);
        for (currency, value) in other.value {
            add_value(&mut self.value, &currency, value);
        }
        self.quantity = self.quantity.saturating_add(other.quantity);
        if let (Some(first), Some(last)) = (other.first_date, other.last_date) {
            widen(&mut self.first_date, &mut self.last_date, first, last);
        }
        for (country, lines) in other.destinations {
            *self.destinations.entry(country).or_default() += lines;
        }
        for (quarter, count) in other.quarters {
            let own = self.quarters.entry(quarter).or_default();
            own.lines += count.lines;
            own.to_pakistan += count.to_pakistan;
        }
        for (word, lines) in other.determinations {
            *self.determinations.entry(word).or_default() += lines;
        }
        for (movement, lines) in other.not_judged {
            *self.not_judged.entry(movement).or_default() += lines;
        }
        self.to_watched += other.to_watched;
        self.counts.add(&other.counts);
        for (key, party) in other.parties {
            let full = self.parties.len() >= PARTIES_KEPT;
            if full && !self.parties.contains_key(&key) {
                continue;
            }
            self.parties.entry(key).or_default().add(party);
        }
        self.identities.add(other.identities);
        self.values.merge(other.values);
        self.sample.add(other.sample);
        self.itns.add(other.itns);
    }
}

impl PartyTally {
    /// Notes that the party stands on a line under this name, in this role.
    pub(super) fn meet(&mut self, spelling: &str, role: PartyRole) {
        if let Err(at) = self.spellings.binary_search_by(|known| (**known).cmp(spelling)) {
            insert(&mut self.spellings, at, spelling.into());
        }
        if let Err(at) = self.roles.binary_search(&role) {
            insert(&mut self.roles, at, role);
        }
    }

    /// Adds the value of a line.
    pub(super) fn add_value(&mut self, currency: &str, value: Decimal) {
        match self.value.binary_search_by(|(known, _)| (**known).cmp(currency)) {
            // See the sums of the whole.
            Ok(at) => self.value[at].1 = self.value[at].1.saturating_add(value),
            Err(at) => insert(&mut self.value, at, (currency.into(), value)),
        }
    }

    fn add(&mut self, other: Self) {
        for spelling in other.spellings {
            if let Err(at) = self.spellings.binary_search(&spelling) {
                insert(&mut self.spellings, at, spelling);
            }
        }
        for role in other.roles {
            if let Err(at) = self.roles.binary_search(&role) {
                insert(&mut self.roles, at, role);
            }
        }
        self.lines += other.lines;
        for (currency, value) in other.value {
            self.add_value(&currency, value);
        }
        if let (Some(first), Some(last)) = (other.first_date, other.last_date) {
            widen(&mut self.first_date, &mut self.last_date, first, last);
        }
    }
}

/// Puts an item where it belongs, with room for no other.
fn insert<T>(list: &mut Vec<T>, at: usize, item: T) {
    list.reserve_exact(1);
    list.insert(at, item);
}

/// Reads counts by words of this program; a count by any other word is an error.
fn by_known_word<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<&'static str, u64>, D::Error> {
    let counts = BTreeMap::<String, u64>::deserialize(from)?;
    let known = |word: &str| {
        let words =
            Word::ALL.into_iter().map(Word::name).chain(Movement::ALL.into_iter().map(Movement::name));
        words.into_iter().find(|known| *known == word)
    };
    counts
        .into_iter()
        .map(|(word, count)| {
            known(&word).map(|word| (word, count)).ok_or_else(|| D::Error::custom("a word not known"))
        })
        .collect()
}

/// The calendar quarter of a day.
pub(super) fn quarter_of(day: Date) -> (i16, i8) {
    (day.year(), (day.month() - 1) / 3 + 1)
}

pub(super) fn widen(first: &mut Option<Date>, last: &mut Option<Date>, from: Date, to: Date) {
    *first = Some(first.map_or(from, |first| first.min(from)));
    *last = Some(last.map_or(to, |last| last.max(to)));
}

pub(super) fn add_value(sums: &mut ByCurrency, currency: &str, value: Decimal) {
    let sum = sums.entry(currency);
    // A sum beyond 28 digits stays at the largest number rather than ending the run.
    *sum = sum.saturating_add(value);
}
