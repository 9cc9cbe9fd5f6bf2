//! What each distinct item of an audit was read to be, shared by the threads that ask.
//!
//! Owns the memory alone; how an item is read is `evaluate`'s.

use std::sync::{Arc, Mutex, PoisonError};

use super::description::names_model;
use super::{Items, Reading};
use crate::codes::ScheduleB;
use crate::memo::Memo;

/// Bytes of distinct items remembered.
const MEMORY: usize = 16 << 20;
/// Parts of the memory, so that threads seldom wait for one another.
const SHARDS: usize = 16;

/// None where nothing points anywhere.
type Known = Option<Arc<Reading>>;

/// Reads items, each distinct one once.
pub struct Readings {
    items: Items,
    shards: Vec<Mutex<Memo<Known>>>,
    #[cfg(test)]
    judged: std::sync::atomic::AtomicUsize,
}

impl Readings {
    /// Reads by this vocabulary, and remembers nothing yet.
    pub fn new(items: Items) -> Self {
        let shard = || {
            Mutex::new(Memo::new(MEMORY / SHARDS, |known: &Known| {
                known.as_deref().map_or(0, Reading::weight)
            }))
        };
        Self {
            items,
            shards: (0..SHARDS).map(|_| shard()).collect(),
            #[cfg(test)]
            judged: std::sync::atomic::AtomicUsize::default(),
        }
    }

    /// What a description, an item number and a tariff code were read to be; None where nothing points anywhere. An item
    /// number that is no maker's model does not tell items apart.
    pub fn read(&self, description: &str, item_number: &str, code: &str) -> Option<Arc<Reading>> {
        let model = if names_model(&self.items, item_number) { item_number } else { "" };
        let key = [description, model, code].map(str::as_bytes);
        let shard = key
            .iter()
            .flat_map(|part| part.iter())
            .fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)))
            % SHARDS;
        // Judged under the lock, so that no other thread judges it too.
        let mut memo = self.shards[shard].lock().unwrap_or_else(PoisonError::into_inner);
        memo.get_or_make_of(key.into_iter(), || {
            #[cfg(test)]
            self.judged.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let reading = self.items.read(description, model, ScheduleB::read(code).as_ref());
            (!reading.is_empty()).then(|| Arc::new(reading))
        })
    }

    /// The vocabulary.
    pub fn items(&self) -> &Items {
        &self.items
    }

    /// How many items were judged.
    #[cfg(test)]
    pub(crate) fn judged(&self) -> usize {
        self.judged.load(std::sync::atomic::Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_items_apart_is_judged_and_nothing_twice() {
        let readings = Readings::new(Items::embedded().unwrap());
        let pump = "Centrifugal process pump, 15 HP";
        for item in ["P-1", "P-2", "P-1"] {
            assert!(readings.read(pump, item, "8413.70").is_some());
        }
        assert_eq!(readings.judged(), 1);
        readings.read(pump, "P-1", "8413.81");
        readings.read("Cotton shirt", "P-1", "8413.70");
        assert_eq!(readings.judged(), 3);
        // A maker's model tells more than the description.
        readings.read("Oscilloscope", "P-1", "");
        let model = readings.read("Oscilloscope", "DSOX4054A", "").unwrap();
        assert!(model.candidates.iter().any(|candidate| candidate.model.is_some()));
        assert_eq!(readings.judged(), 5);
    }

    #[test]
    fn threads_that_ask_together_judge_once() {
        let readings = Readings::new(Items::embedded().unwrap());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        readings.read("Ball valve 2 in CF8M", "", "8481.80");
                    }
                });
            }
        });
        assert_eq!(readings.judged(), 1);
    }
}
