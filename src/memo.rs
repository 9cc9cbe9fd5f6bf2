//! A memory of what was judged already: distinct raw bytes to a value, bounded.
//!
//! Owns the table alone. What a value means is the caller's; the value must be a pure function of the key, so that
//! forgetting changes speed and nothing else.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Distinct keys, each with its value. When it holds more than its limit it forgets everything and starts anew.
pub struct Memo<V> {
    /// The value stands beside the place of its key, as a look-up waits longest for memory.
    table: HashTable<Slot<V>>,
    keys: Vec<u8>,
    hasher: RandomState,
    limit: usize,
    /// What all values hold beside themselves, in bytes.
    held: usize,
    weigh: fn(&V) -> usize,
}

struct Slot<V> {
    start: u32,
    length: u32,
    value: V,
}

impl<V> Slot<V> {
    fn key<'k>(&self, keys: &'k [u8]) -> &'k [u8] {
        &keys[self.start as usize..(self.start + self.length) as usize]
    }
}

impl<V> Memo<V> {
    /// A memo of at most about `limit` bytes; `weigh` says how many bytes a value holds beside itself.
    pub fn new(limit: usize, weigh: fn(&V) -> usize) -> Self {
        Self {
            table: HashTable::new(),
            keys: Vec::new(),
            hasher: RandomState::default(),
            limit,
            held: 0,
            weigh,
        }
    }

    /// The value remembered for this key.
    #[inline]
    pub fn get(&self, key: &[u8]) -> Option<&V> {
        let hash = self.hasher.hash_one(key);
        self.table.find(hash, |slot| slot.key(&self.keys) == key).map(|slot| &slot.value)
    }

    /// Remembers a value, forgetting everything else first when there is no room.
    pub fn insert(&mut self, key: &[u8], value: V) {
        let weight = (self.weigh)(&value);
        // A slot of the table costs twice itself on average, as the table is never full.
        let slots = (self.table.len() + 1) * 2 * size_of::<Slot<V>>();
        if self.keys.len() + key.len() + slots + self.held + weight > self.limit {
            self.table.clear();
            self.keys.clear();
            self.held = 0;
        }
        self.held += weight;
        let slot = Slot { start: self.keys.len() as u32, length: key.len() as u32, value };
        self.keys.extend_from_slice(key);
        let (keys, hasher) = (&self.keys, &self.hasher);
        self.table.insert_unique(hasher.hash_one(key), slot, |slot| hasher.hash_one(slot.key(keys)));
    }

    /// How many keys are remembered.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }
}

impl<V: Clone> Memo<V> {
    /// The value for this key, made now if it is not remembered.
    #[inline]
    pub fn get_or_make(&mut self, key: &[u8], make: impl FnOnce() -> V) -> V {
        if let Some(known) = self.get(key) {
            return known.clone();
        }
        let value = make();
        self.insert(key, value.clone());
        value
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
                assert_eq!(memo.get_or_make(key.as_bytes(), || n * 2), n * 2, "round {round}");
            }
        }
        assert!(memo.len() < 200, "the memo must have forgotten");
        assert_eq!(memo.get(b"never seen"), None);
    }
}
