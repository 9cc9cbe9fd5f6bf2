//! The generator of cases: the same case for the same seed and number, and what it does to bytes and words.

/// `SplitMix64`.
pub(super) struct Random(u64);

impl Random {
    /// The generator of this case.
    pub(super) fn of(seed: u64, case: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ case);
        random.next();
        random
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 where there is none.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end.max(1)
    }

    /// True once in so many times.
    pub(super) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(super) fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// Up to so many of these pieces, one after the other.
    pub(super) fn pieces(&mut self, of: &[&str], most: usize) -> String {
        (0..self.below(most + 1)).map(|_| *self.pick(of)).collect()
    }

    /// A range within `length`, mostly short.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length);
        let most = if self.one_in(4) { length - start } else { (length - start).min(24) };
        start..start + self.below(most + 1)
    }

    /// Damages bytes in a few places: turned bits, pieces dropped, doubled or put elsewhere, words put in, the end cut off.
    pub(super) fn damage(&mut self, bytes: &mut Vec<u8>, words: &[&str]) {
        for _ in 0..=self.below(4) {
            let range = self.range(bytes.len());
            match self.below(7) {
                0 if !bytes.is_empty() => bytes[range.start] ^= 1 << self.below(8),
                1 => drop(bytes.drain(range)),
                2 => {
                    let piece = bytes[range].to_vec();
                    let at = self.below(bytes.len() + 1);
                    bytes.splice(at..at, piece);
                }
                3 if self.one_in(3) => bytes.truncate(range.end),
                4 => bytes[range].fill(b' '),
                _ => {
                    let word = self.pick(words).bytes();
                    let end = if self.one_in(2) { range.start } else { range.end };
                    bytes.splice(range.start..end, word);
                }
            }
        }
    }
}
