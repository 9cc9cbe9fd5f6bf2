//! Names to measure screening with: listed names as records distort them, and firms that are not listed.
//!
//! The distortions and the clean names are written apart from the vocabulary in `data/names/`, so that they can find what
//! it lacks. Shared by the benchmarks and by the tests; knows nothing of how names are compared.

#[allow(dead_code, reason = "each benchmark uses its part")]
pub(crate) mod clean;
#[allow(dead_code, reason = "each benchmark uses its part")]
pub(crate) mod distort;
#[allow(dead_code, reason = "each benchmark uses its part")]
mod romanize;

/// A small generator of random numbers, so that names are the same on every run.
pub(crate) struct Seeded(u64);

impl Seeded {
    /// A generator that begins here.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }

    /// One of several.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}
