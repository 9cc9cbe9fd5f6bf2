//! A memory of what was judged already: distinct raw bytes to a value, bounded.
//!
//! Owns the table alone. What a value means is the caller's; the value must be a pure function of the key, so that
//! forgetting changes speed and nothing else.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Distinct keys, each with its value. When it holds more than its limit it forgets everything and starts anew.
pub struct Memo<V> {
    table: HashTable<Slot>,
    keys: Vec<u8>,
    values: Vec<V>,
    hasher: RandomState,
    limit: usize,
    /// What all values hold beside themselves, in bytes.
    held: usize,
    weigh: fn(&V) -> usize,
}

#[derive(Clone, Copy)]
struct Slot {
    start: u32,
    length: u32,
    value: u32,
}

impl<V> Memo<V> {
    /// A memo of at most about `limit` bytes; `weigh` says how many bytes a value holds beside itself.
    pub fn new(limit: usize, weigh: fn(&V) -> usize) -> Self {
        Self {
            table: HashTable::new(),
            keys: Vec::new(),
            values: Vec::new(),
            hasher: RandomState::default(),
            limit,
            held: 0,
            weigh,
        }
    }

    /// The value remembered for this key.
    pub fn get(&self, key: &[u8]) -> Option<&V> {
        self.find(key).map(|index| &self.values[index])
    }

    /// Remembers a value, forgetting everything else first when there is no room.
    pub fn insert(&mut self, key: &[u8], value: V) {
        let weight = (self.weigh)(&value);
        // A slot of the table costs twice itself on average, as the table is never full.
        let entries = (self.values.len() + 1) * (2 * size_of::<Slot>() + size_of::<V>());
        if self.keys.len() + key.len() + entries + self.held + weight > self.limit {
            self.table.clear();
            self.keys.clear();
            self.values.clear();
            self.held = 0;
        }
        self.held += weight;
        let slot =
            Slot { start: self.keys.len() as u32, length: key.len() as u32, value: self.values.len() as u32 };
        self.keys.extend_from_slice(key);
        self.values.push(value);
        let (keys, hasher) = (&self.keys, &self.hasher);
        let of =
            |slot: &Slot| hasher.hash_one(&keys[slot.start as usize..(slot.start + slot.length) as usize]);
        self.table.insert_unique(of(&slot), slot, of);
    }

    /// The value for this key, made now if it is not remembered.
    pub fn get_or_make(&mut self, key: &[u8], make: impl FnOnce() -> V) -> &V {
        let index = self.find(key).unwrap_or_else(|| {
            self.insert(key, make());
            self.values.len() - 1
        });
        &self.values[index]
    }

    fn find(&self, key: &[u8]) -> Option<usize> {
        let hash = self.hasher.hash_one(key);
        self.table.find(hash, |slot| self.key(*slot) == key).map(|slot| slot.value as usize)
    }

    /// How many keys are remembered.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    fn key(&self, slot: Slot) -> &[u8] {
        &self.keys[slot.start as usize..(slot.start + slot.length) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgetting_changes_nothing_but_speed() {
        let mut memo = Memo::new(2_000, |_: &u32| 8);
        for round in 0..3 {
            for n in 0..200u32 {
                let key = format!("party {n}");
                assert_eq!(*memo.get_or_make(key.as_bytes(), || n * 2), n * 2, "round {round}");
            }
        }
        assert!(memo.len() < 200, "the memo must have forgotten");
        assert_eq!(memo.get(b"never seen"), None);
    }
}
