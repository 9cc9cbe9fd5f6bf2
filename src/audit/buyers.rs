//! Who bought one item, and who of them was new after another buyer had been listed.
//!
//! Keeps of each buyer its first line and how many there were, so that memory does not grow with lines.

use std::collections::BTreeMap;

use super::histories::Entry;
use super::spool::Ordinal;
use crate::checks::{History, NewBuyer, Place, SinceListed, new_buyer};
use crate::effective::{Date, days_between, parse_iso};
use crate::finding::Finding;
use crate::rulebase::Rulebase;

/// The buyers of one item; lines are added in the order in which they stand.
#[derive(Default)]
pub(super) struct Buyers {
    /// Parties that bought it before they were listed, by the day of the listing and the entry's name.
    before: BTreeMap<(String, String), History>,
    /// Parties that the list does not name, by folded name.
    others: BTreeMap<String, Buyer>,
}

/// A party that the list does not name: the first of its lines by day, and what they come to.
struct Buyer {
    at: Ordinal,
    entry: Entry,
    lines: usize,
    last: String,
}

/// A first purchase that may be a new buyer's.
pub(super) struct Suspect {
    at: Ordinal,
    pub(super) entry: Entry,
    history: History,
    pub(super) listed: Vec<SinceListed>,
}

impl Buyers {
    /// Adds a line.
    pub(super) fn add(&mut self, at: Ordinal, entry: Entry) {
        if let Some((name, since)) = entry.listed_later() {
            let key = (since.to_owned(), name.to_owned());
            if let Some(history) = self.before.get_mut(&key) {
                count(history, &entry.day);
            } else {
                let (first, last) = (entry.day.clone(), entry.day);
                self.before.insert(key, History { party: entry.party, lines: 1, first, last });
            }
        } else if !entry.named_by_list {
            if let Some(buyer) = self.others.get_mut(&entry.folded) {
                buyer.add(at, entry);
            } else {
                let last = entry.day.clone();
                self.others.insert(entry.folded.clone(), Buyer { at, entry, lines: 1, last });
            }
        }
    }

    /// Parties that first bought the item within the window after the listing of another that had bought it.
    pub(super) fn suspects(self, rules: &Rulebase) -> Vec<Suspect> {
        if self.before.is_empty() {
            return Vec::new();
        }
        let window = i32::from(rules.windows().new_buyer.days);
        let mut suspects = Vec::new();
        for buyer in self.others.into_values() {
            let Ok(first) = parse_iso(&buyer.entry.day) else { continue };
            let listed: Vec<SinceListed> = self
                .before
                .iter()
                .filter_map(|((since, name), history)| {
                    let days_before = after(since, first).filter(|days| (0..=window).contains(days))?;
                    Some(SinceListed {
                        entity: name.clone(),
                        since: since.clone(),
                        days_before,
                        history: history.clone(),
                    })
                })
                .collect();
            if !listed.is_empty() {
                let Buyer { at, entry, lines, last } = buyer;
                let history = History { party: entry.party.clone(), lines, first: entry.day.clone(), last };
                suspects.push(Suspect { at, entry, history, listed });
            }
        }
        suspects
    }
}

impl Buyer {
    fn add(&mut self, at: Ordinal, entry: Entry) {
        self.lines += 1;
        if entry.day > self.last {
            self.last.clone_from(&entry.day);
        }
        if (&entry.day, at) < (&self.entry.day, self.at) {
            (self.at, self.entry) = (at, entry);
        }
    }
}

impl Suspect {
    /// The finding, with what is known of the place by now.
    pub(super) fn found(
        self,
        places: &BTreeMap<(u32, u32), Place>,
        rules: &Rulebase,
    ) -> Option<(Ordinal, Finding)> {
        let Self { at, entry, history, listed } = self;
        let found = NewBuyer {
            place: places.get(&(at.0, at.1))?.clone(),
            row: at.2,
            document: entry.document,
            line: entry.line,
            destination: entry.destination,
            item: entry.item,
            value: entry.value,
            currency: entry.currency,
            role: entry.role,
            folded: entry.folded,
            history,
            listed,
        };
        Some((at, new_buyer(&found, rules)?))
    }
}

/// Counts one more line of this day.
fn count(history: &mut History, day: &str) {
    history.lines += 1;
    if *day < *history.first {
        day.clone_into(&mut history.first);
    }
    if *day > *history.last {
        day.clone_into(&mut history.last);
    }
}

/// Days from a listing to a day; none where the listing's day cannot be read.
fn after(since: &str, day: Date) -> Option<i32> {
    parse_iso(since).ok().map(|since| days_between(since, day))
}
