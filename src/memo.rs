//! A memory of what was judged already: distinct raw bytes to a value, bounded.
//!
//! Owns the table alone. What a value means is the caller's; the value must be a pure function of the key, so that
//! forgetting changes speed and nothing else.
//!
//! Keys are not kept, only ninety-six bits made of each with seeds drawn anew in every process: a look-up then waits for
//! memory once. Among a million distinct keys two are taken for one with a chance of one in 10^17.

use std::hash::{BuildHasher, Hasher as _};

use foldhash::fast;
use foldhash::quality;
use hashbrown::HashTable;

/// Distinct keys, each with its value. When it holds more than its limit it forgets everything and starts anew.
pub struct Memo<V> {
    table: HashTable<Slot<V>>,
    places: fast::RandomState,
    checks: quality::RandomState,
    limit: usize,
    /// What all values hold beside themselves, in bytes.
    held: usize,
    weigh: fn(&V) -> usize,
}

/// What is kept of a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Print {
    place: u64,
    check: u32,
}

/// Makes what a memo keeps of a key, part by part.
pub struct Printer<'m> {
    place: fast::FoldHasher<'m>,
    check: quality::FoldHasher<'m>,
}

impl Printer<'_> {
    /// Adds a part: what is added at once is told from the same bytes added in other pieces.
    #[inline]
    pub fn add(&mut self, part: &[u8]) {
        self.place.write(part);
        self.check.write(part);
    }

    /// Adds a number.
    #[inline]
    pub fn add_number(&mut self, number: u64) {
        self.place.write_u64(number);
        self.check.write_u64(number);
    }

    /// What is kept of the parts.
    #[inline]
    pub fn finish(self) -> Print {
        Print { place: self.place.finish(), check: self.check.finish() as u32 }
    }
}

struct Slot<V> {
    place: u64,
    check: u32,
    value: V,
}

impl<V> Memo<V> {
    /// A memo of at most about `limit` bytes; `weigh` says how many bytes a value holds beside itself.
    pub fn new(limit: usize, weigh: fn(&V) -> usize) -> Self {
        Self {
            table: HashTable::new(),
            places: fast::RandomState::default(),
            checks: quality::RandomState::default(),
            limit,
            held: 0,
            weigh,
        }
    }

    /// Begins what this memo keeps of a key.
    #[inline]
    pub fn printer(&self) -> Printer<'_> {
        Printer { place: self.places.build_hasher(), check: self.checks.build_hasher() }
    }

    /// What this memo keeps of a key in several parts.
    #[inline]
    pub fn print<'k>(&self, parts: impl Iterator<Item = &'k [u8]>) -> Print {
        let mut printer = self.printer();
        parts.for_each(|part| printer.add(part));
        printer.finish()
    }

    /// The value remembered for this key.
    #[inline]
    pub fn get(&self, key: Print) -> Option<&V> {
        let found = self.table.find(key.place, |slot| slot.place == key.place && slot.check == key.check);
        found.map(|slot| &slot.value)
    }

    /// Remembers a value, forgetting everything else first when there is no room.
    pub fn insert(&mut self, key: Print, value: V) {
        let weight = (self.weigh)(&value);
        // A slot of the table costs twice itself on average, as the table is never full.
        let slots = (self.table.len() + 1) * 2 * size_of::<Slot<V>>();
        if slots + self.held + weight > self.limit {
            self.clear();
        }
        self.held += weight;
        let slot = Slot { place: key.place, check: key.check, value };
        self.table.insert_unique(key.place, slot, |slot| slot.place);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.table.clear();
        self.held = 0;
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
        self.get_or_make_of([key].into_iter(), make)
    }

    /// The same for a key in several parts.
    #[inline]
    pub fn get_or_make_of<'k>(
        &mut self,
        parts: impl Iterator<Item = &'k [u8]>,
        make: impl FnOnce() -> V,
    ) -> V {
        let key = self.print(parts);
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
        assert_eq!(memo.get(memo.print([b"never seen".as_slice()].into_iter())), None);
    }

    #[test]
    fn parts_are_told_apart() {
        let mut memo = Memo::new(2_000, |_: &u32| 8);
        let keys: [&[&[u8]]; 4] = [&[b"ab", b"c"], &[b"a", b"bc"], &[b"abc"], &[b"", b"abc"]];
        for (number, key) in (0..).zip(keys) {
            assert_eq!(memo.get_or_make_of(key.iter().copied(), || number), number);
        }
    }
}
