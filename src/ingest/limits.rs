//! How much a file may ask for before it is refused: sizes of archives, memory and time of readers.
//!
//! A genuine file that needs more is let through with `--raise-limits`.

use std::time::Duration;

const MIB: u64 = 1 << 20;

/// The limits of a run: those below, times a factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    factor: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { factor: 1 }
    }
}

/// What a message adds where a limit was met.
pub(crate) const RAISE: &str =
    "If the file is genuine, add --raise-limits 4, or save its sheets as CSV UTF-8";

impl Limits {
    /// Limits this many times as high; nothing below 1.
    pub fn raised(factor: u32) -> Self {
        Self { factor: factor.max(1) }
    }

    /// The factor.
    pub fn factor(self) -> u32 {
        self.factor
    }

    fn times(self, base: u64) -> u64 {
        base.saturating_mul(u64::from(self.factor))
    }

    /// Whether so many bytes out of so few are the sign of an archive made to exhaust its reader: spreadsheet XML and
    /// text rarely shrink below one fiftieth.
    pub(crate) fn is_bomb(self, unpacked: u64, packed: u64) -> bool {
        unpacked > self.times(64 * MIB) && unpacked / packed.max(1) > self.times(250)
    }

    /// All parts of an archive together.
    pub(crate) fn unpacked(self) -> u64 {
        self.times(16 << 10) * MIB
    }

    /// Shared strings, which are held in memory.
    pub(crate) fn strings(self) -> u64 {
        self.times(256 * MIB)
    }

    /// Parts of an archive.
    pub(crate) fn parts(self) -> usize {
        self.times(20_000) as usize
    }

    /// One cell's text in the formats that are read whole.
    pub(crate) fn cell(self) -> usize {
        self.times(16 * MIB) as usize
    }

    /// Memory of a reader that runs in a process of its own.
    pub(crate) fn memory(self) -> u64 {
        self.times(400 * MIB)
    }

    /// How long a reader may be silent: longer for a larger file.
    pub(crate) fn silence(self, file_bytes: u64) -> Duration {
        Duration::from_millis(self.times(8_000 + file_bytes / MIB * 500))
    }
}
