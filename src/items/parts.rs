//! Parts of words by which terms are found: how a word begins, how it ends, what it holds.
//!
//! Owns the keys and a filter before them; the terms themselves are `lexicon`'s.

/// How many bytes of the beginning of a word lead to the terms that begin so.
pub(super) const HEAD: usize = 4;

/// A part of a word that leads to terms: its bytes, and whether it stands at the beginning, at the end or within.
pub(super) type Part = [u8; HEAD + 1];

/// The first bytes of a word.
pub(super) fn head(word: &str, length: usize) -> Part {
    let mut part = [0; HEAD + 1];
    part[..length].copy_from_slice(&word.as_bytes()[..length]);
    part[HEAD] = b'0' + length as u8;
    part
}

/// Three bytes at the end of a word.
pub(super) fn tail([a, b, c]: [u8; 3]) -> Part {
    [a, b, c, 0, b'e']
}

/// Three bytes within a word.
pub(super) fn within([a, b, c]: [u8; 3]) -> Part {
    [a, b, c, 0, b'w']
}

/// A set of parts that may say yes too often and never no: most words have none that leads anywhere.
#[derive(Debug, Clone)]
pub(super) struct Filter(Box<[u64; 512]>);

impl Default for Filter {
    fn default() -> Self {
        Self(Box::new([0; 512]))
    }
}

impl Filter {
    fn place([a, b, c, d, kind]: Part) -> (usize, u32) {
        let hash = (u64::from(u32::from_le_bytes([a, b, c, d])) << 8 | u64::from(kind))
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            >> 49;
        ((hash >> 6) as usize, (hash & 63) as u32)
    }

    pub(super) fn insert(&mut self, part: Part) {
        let (index, bit) = Self::place(part);
        self.0[index] |= 1 << bit;
    }

    pub(super) fn may_hold(&self, part: Part) -> bool {
        let (index, bit) = Self::place(part);
        self.0[index] >> bit & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_never_forgets() {
        let mut filter = Filter::default();
        let parts = [head("oszilloskop", 4), head("cr", 2), tail(*b"til"), within(*b"bal")];
        assert!(!filter.may_hold(parts[0]));
        for part in parts {
            filter.insert(part);
        }
        assert!(parts.into_iter().all(|part| filter.may_hold(part)));
        assert_ne!(tail(*b"bal"), within(*b"bal"));
        assert_ne!(head("ba", 2), head("bal", 3));
    }
}
