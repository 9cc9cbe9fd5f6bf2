//! Words found by letters in common: each stands under its beginning, and under that less one or two letters, so that two words
//! a slip apart meet under one of them.

/// Edits are looked for in this many first letters; the whole words are compared afterwards.
const PREFIX: usize = 8;

/// Numbers of words by what is left of their beginnings.
#[derive(Default)]
pub(super) struct Deletes {
    /// A hash and a word, in buckets by the first bits of the hash.
    entries: Vec<(u32, u32)>,
    starts: Vec<u32>,
    /// Which hashes occur at all, by their first bits; small enough to stay at hand.
    occurring: Vec<u64>,
    bucket_bits: u32,
}

/// More bits of a hash than its bucket takes tell whether it occurs.
const FILTER_BITS: u32 = 4;

impl Deletes {
    /// A table of these hashes and words, in `1 << bucket_bits` buckets.
    pub(super) fn of(pairs: &[(u32, u32)], bucket_bits: u32) -> Self {
        let filter_bits = bucket_bits + FILTER_BITS;
        let mut occurring = vec![0; 1 << (filter_bits - 6)];
        for (hash, _) in pairs {
            let bit = hash >> (32 - filter_bits);
            occurring[bit as usize / 64] |= 1 << (bit % 64);
        }
        let (entries, starts) = bucketed(pairs, 1 << bucket_bits, |pair| pair.0 >> (32 - bucket_bits));
        Self { entries, starts, occurring, bucket_bits }
    }

    /// Hands over the words that share a beginning with this one, less so many letters; some more than once.
    pub(super) fn each_near(&self, word: &str, deletes: usize, mut take: impl FnMut(u32)) {
        each_delete(word, deletes, |hash| {
            let bit = hash >> (32 - self.bucket_bits - FILTER_BITS);
            if self.occurring[bit as usize / 64] & (1 << (bit % 64)) == 0 {
                return;
            }
            let bucket = (hash >> (32 - self.bucket_bits)) as usize;
            let range = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
            for entry in self.entries[range].iter().filter(|entry| entry.0 == hash) {
                take(entry.1);
            }
        });
    }
}

/// Pairs in buckets, in their order within one; and where each bucket begins.
pub(super) fn bucketed(
    pairs: &[(u32, u32)],
    buckets: usize,
    of: impl Fn(&(u32, u32)) -> u32,
) -> (Vec<(u32, u32)>, Vec<u32>) {
    let mut starts = vec![0_u32; buckets + 1];
    for pair in pairs {
        starts[of(pair) as usize + 1] += 1;
    }
    for bucket in 0..buckets {
        starts[bucket + 1] += starts[bucket];
    }
    let mut next = starts.clone();
    let mut sorted = vec![(0, 0); pairs.len()];
    for pair in pairs {
        let at = &mut next[of(pair) as usize];
        sorted[*at as usize] = *pair;
        *at += 1;
    }
    (sorted, starts)
}

/// Hands over hashes of the beginning of a word, and of the beginning less one or two of its letters.
pub(super) fn each_delete(word: &str, count: usize, mut take: impl FnMut(u32)) {
    let bytes = word.as_bytes();
    let length = bytes.len().min(PREFIX);
    let mut start = [0_u8; PREFIX];
    start[..length].copy_from_slice(&bytes[..length]);
    let whole = u64::from_le_bytes(start);
    take(hash(whole));
    for i in 0..length {
        let one = without(whole, i);
        take(hash(one));
        if count > 1 {
            for j in i..length - 1 {
                take(hash(without(one, j)));
            }
        }
    }
}

/// Eight letters in one number, less the one at a place.
fn without(letters: u64, at: usize) -> u64 {
    let below = (1_u64 << (8 * at)) - 1;
    letters & below | letters >> 8 & !below
}

fn hash(letters: u64) -> u32 {
    (letters.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_a_letter_apart_meet() {
        let mut pairs = Vec::new();
        for (number, word) in (0..).zip(["technical", "meridian", "korea"]) {
            each_delete(word, 2, |hash| pairs.push((hash, number)));
        }
        let table = Deletes::of(&pairs, 8);
        let near = |word: &str, deletes| {
            let mut found = Vec::new();
            table.each_near(word, deletes, |number| found.push(number));
            found.sort_unstable();
            found.dedup();
            found
        };
        assert_eq!(near("techncial", 1), [0]);
        assert_eq!(near("meridain", 2), [1]);
        assert_eq!(near("kora", 1), [2]);
        assert_eq!(near("zzzzzzzz", 2), [0_u32; 0]);
    }
}
