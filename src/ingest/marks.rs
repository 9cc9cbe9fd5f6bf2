//! The marks of sound text: where cells begin and stop, and where records end.
//!
//! Text is sound where every quote opens at the start of a cell, closes at the end of one or is doubled inside, and every
//! carriage return stands before a line feed. Nearly all text is; what is not is left to `records`, which reads cell by
//! cell and gives the same where both can read. Sixty-four bytes are looked at together, a bit for each, and no question
//! about them takes a branch: the compiler asks it of several blocks at once, in the widest vectors the machine has.
#![expect(clippy::inline_always, reason = "what uses vectors must stand in the function compiled for them")]

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u8x64};

/// How many bytes are looked at together.
pub(super) const BLOCK: usize = 64;
/// How many blocks make a window.
pub(super) const BLOCKS: usize = 32;

/// The marks of a window, a bit for each byte of its blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    /// The text of a cell begins here.
    pub(super) starts: [u64; BLOCKS],
    /// The text of a cell stops before the byte before this one.
    pub(super) stops: [u64; BLOCKS],
    /// Line feeds, those within quotes too.
    pub(super) feeds: [u64; BLOCKS],
    /// Line feeds that end a record.
    pub(super) row_ends: [u64; BLOCKS],
    /// The byte before is a quote in the text of a cell, where each is doubled.
    pub(super) doubled: [u64; BLOCKS],
}

impl Window {
    const EMPTY: Self = Self {
        starts: [0; BLOCKS],
        stops: [0; BLOCKS],
        feeds: [0; BLOCKS],
        row_ends: [0; BLOCKS],
        doubled: [0; BLOCKS],
    };

    /// Finds the marks of the blocks from the one with this index; gives the bytes that may not stand where they do, of
    /// all blocks together.
    fn fill(
        &mut self,
        first: usize,
        blocks: &[[u8; BLOCK]],
        level: Level,
        delimiter: u8,
        before: &mut Before,
    ) -> u64 {
        dispatch!(level, simd => {
            let mut found = Found::NOTHING;
            found.look(simd, blocks, delimiter, &mut before.inside);
            self.admit(first, blocks.len(), &found, before)
        })
    }

    #[inline(always)]
    fn admit(&mut self, first: usize, count: usize, found: &Found, before: &mut Before) -> u64 {
        let range = first..first + count;
        let (starts, stops) = (&mut self.starts[range.clone()], &mut self.stops[range.clone()]);
        let (all_feeds, row_ends) = (&mut self.feeds[range.clone()], &mut self.row_ends[range.clone()]);
        let all_doubled = &mut self.doubled[range];
        let (mut last, mut amiss) = (before.last, 0);
        for block in 0..count.min(BLOCKS) {
            let (quotes, inside) = (found.quotes[block], found.inside[block]);
            let (delimiters, feeds) = (found.delimiters[block], found.feeds[block]);
            let returns = found.returns[block];

            let marks = quotes | delimiters | feeds | returns;
            let closes = quotes & !inside;
            let behind_return = behind(returns, last.returns);
            amiss |= behind_return & !feeds;
            amiss |= quotes & inside & !behind(marks, last.marks);
            amiss |= behind(closes, last.closes) & !marks;

            let feeds_outside = feeds & !inside;
            let ends = (delimiters | feeds) & !inside;
            // What stands behind the text of a cell, its closing quote aside: of a line break, the first byte.
            let behind_cell = (delimiters | returns | feeds & !behind_return) & !inside;
            // A record with nothing in it has no cell.
            let blank = behind(feeds_outside, last.feeds_outside) & behind_cell & !delimiters;
            let begins = behind(ends, last.ends);
            let opening = begins & quotes;
            let other_quotes = quotes & !opening;
            let behind_quote = behind(other_quotes, last.other_quotes);
            let unquoted = behind_cell & !(behind_quote | blank);

            starts[block] = begins & !(quotes | blank) | behind(opening, last.opening);
            stops[block] = behind_cell & behind_quote | behind(unquoted, last.unquoted);
            all_feeds[block] = feeds;
            row_ends[block] = feeds_outside;
            all_doubled[block] = behind_quote & !behind_cell;
            last = Last { returns, marks, closes, feeds_outside, ends, opening, other_quotes, unquoted };
        }
        before.last = last;
        amiss
    }
}

/// The bits one byte further on, with the last block before.
#[inline(always)]
fn behind(bits: u64, last: u64) -> u64 {
    bits << 1 | last >> 63
}

/// What stands before a block.
#[derive(Debug, Clone)]
struct Before {
    last: Last,
    /// All ones where it begins within quotes.
    inside: u64,
}

impl Before {
    /// A record begins with the block.
    const RECORD: Self = {
        const END: u64 = 1 << 63;
        let last = Last {
            returns: 0,
            marks: END,
            closes: 0,
            feeds_outside: END,
            ends: END,
            opening: 0,
            other_quotes: 0,
            unquoted: 0,
        };
        Self { last, inside: 0 }
    };
}

/// The bits of the block before, of which the highest is asked.
#[derive(Debug, Clone, Copy)]
struct Last {
    returns: u64,
    marks: u64,
    closes: u64,
    feeds_outside: u64,
    ends: u64,
    opening: u64,
    other_quotes: u64,
    unquoted: u64,
}

/// Where some bytes stand in the blocks of a window.
struct Found {
    quotes: [u64; BLOCKS],
    delimiters: [u64; BLOCKS],
    feeds: [u64; BLOCKS],
    returns: [u64; BLOCKS],
    /// What stands within quotes, an opening quote among it and a closing one not.
    inside: [u64; BLOCKS],
}

impl Found {
    const NOTHING: Self = {
        const NONE: [u64; BLOCKS] = [0; BLOCKS];
        Self { quotes: NONE, delimiters: NONE, feeds: NONE, returns: NONE, inside: NONE }
    };

    #[inline(always)]
    fn look<S: Simd>(&mut self, simd: S, blocks: &[[u8; BLOCK]], delimiter: u8, inside: &mut u64) {
        for (block, bytes) in blocks[..blocks.len().min(BLOCKS)].iter().enumerate() {
            self.quotes[block] = places(simd, b'"', bytes);
            self.delimiters[block] = places(simd, delimiter, bytes);
            self.feeds[block] = places(simd, b'\n', bytes);
            self.returns[block] = places(simd, b'\r', bytes);
        }
        for block in 0..BLOCKS {
            self.inside[block] = odd_before(self.quotes[block]);
        }
        for bits in &mut self.inside[..blocks.len()] {
            *bits ^= *inside;
            *inside = (*bits >> 63).wrapping_neg();
        }
    }
}

/// Whether an odd number of bits is set up to each bit and with it.
#[inline(always)]
fn odd_before(mut bits: u64) -> u64 {
    for step in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << step;
    }
    bits
}

/// Where a byte stands in a block.
#[inline(always)]
fn places<S: Simd>(simd: S, byte: u8, block: &[u8; BLOCK]) -> u64 {
    u8x64::from_slice(simd, block).simd_eq(u8x64::splat(simd, byte)).to_bitmask()
}

/// Where one of three bytes stands in a block.
pub(super) fn places_of(bytes: [u8; 3], block: &[u8; BLOCK]) -> u64 {
    dispatch!(Level::new(), simd => bytes.iter().fold(0, |found, &byte| found | places(simd, byte, block)))
}

/// Finds the marks of a text that grows at its end; it begins with a record.
#[derive(Debug)]
pub(super) struct Finder {
    level: Level,
    delimiter: u8,
    /// Whether all of the text so far is sound.
    is_sound: bool,
    windows: Vec<Window>,
    /// How many full blocks there are; the bytes behind them are looked at again when there are more.
    full: usize,
    /// What stands before those bytes.
    before: Before,
}

impl Finder {
    pub(super) fn new(delimiter: u8) -> Self {
        Self::with(Level::new(), delimiter)
    }

    /// One that uses the vectors of this level.
    pub(super) fn with(level: Level, delimiter: u8) -> Self {
        Self {
            level,
            delimiter,
            is_sound: !matches!(delimiter, b'"' | b'\n' | b'\r' | 0),
            windows: Vec::new(),
            full: 0,
            before: Before::RECORD,
        }
    }

    /// Looks at what the text has grown by; whether all of it is sound, up to a record that goes on.
    pub(super) fn look(&mut self, text: &[u8], at_end: bool) -> bool {
        // No line feed comes any more.
        self.is_sound &= !(at_end && text.last() == Some(&b'\r'));
        // An end-of-file character taken off meanwhile may leave the text shorter than it was.
        let new = text.get(self.full * BLOCK..).unwrap_or_default();
        let (mut blocks, rest) = new.as_chunks::<BLOCK>();
        while self.is_sound && !blocks.is_empty() {
            let (window, first) = self.next_window();
            let (now, later) = blocks.split_at(blocks.len().min(BLOCKS - first));
            self.is_sound =
                self.windows[window].fill(first, now, self.level, self.delimiter, &mut self.before) == 0;
            self.full += now.len();
            blocks = later;
        }
        if self.is_sound {
            let (window, first) = self.next_window();
            // Zeros fill up the last bytes; they are no mark, and nothing is amiss with them.
            let mut last = [0; BLOCK];
            last[..rest.len()].copy_from_slice(rest);
            let before = &mut self.before.clone();
            let amiss = self.windows[window].fill(first, &[last], self.level, self.delimiter, before);
            self.is_sound = amiss & ((1 << rest.len()) - 1) == 0;
        }
        self.is_sound
    }

    /// The window of the next block, and the place in it.
    fn next_window(&mut self) -> (usize, usize) {
        let window = self.full / BLOCKS;
        if window == self.windows.len() {
            self.windows.push(Window::EMPTY);
        }
        (window, self.full % BLOCKS)
    }

    /// Where the last record of a sound text ends.
    pub(super) fn last_end(&self) -> usize {
        for (index, window) in self.windows.iter().enumerate().rev() {
            if let Some(block) = window.row_ends.iter().rposition(|ends| *ends != 0) {
                let behind = window.row_ends[block].leading_zeros() as usize;
                return (index * BLOCKS + block + 1) * BLOCK - behind;
            }
        }
        0
    }

    /// The marks of a sound text up to the end of a record, and none of one that is not. The text behind is a new one,
    /// for which there is room as long as it has no more bytes than this.
    pub(super) fn cut(&mut self, end: usize, room: usize) -> Vec<Window> {
        let windows = Vec::with_capacity(room / (BLOCKS * BLOCK) + 1);
        let next = Self { windows, ..Self::with(self.level, self.delimiter) };
        let Self { is_sound, mut windows, .. } = std::mem::replace(self, next);
        let is_any = is_sound && end > 0;
        let (end, bit) = (end / BLOCK, end % BLOCK);
        windows.truncate(if is_any { end / BLOCKS + 1 } else { 0 });
        if let Some(window) = windows.last_mut() {
            let end = end % BLOCKS;
            let Window { starts, stops, feeds, row_ends, doubled } = window;
            for bits in [&mut *starts, &mut *stops, &mut *feeds, &mut *row_ends, &mut *doubled] {
                bits[end + 1..].fill(0);
            }
            // The last cell stops before the byte that ends the record, which the next one tells.
            for bits in [&mut stops[end], &mut starts[end]] {
                *bits &= u64::MAX >> (BLOCK - 1 - bit);
            }
            for bits in [&mut feeds[end], &mut row_ends[end], &mut doubled[end]] {
                *bits &= (1 << bit) - 1;
            }
        }
        windows
    }
}

/// The marks of whole records, and none where they are not sound.
pub(super) fn of_records(text: &[u8], delimiter: u8) -> Vec<Window> {
    let mut finder = Finder::new(delimiter);
    let is_whole = finder.look(text, true) && finder.last_end() == text.len();
    if is_whole { finder.cut(text.len(), 0) } else { Vec::new() }
}

/// How many line feeds there are.
pub(super) fn count_feeds(windows: &[Window]) -> u32 {
    let feeds = windows.iter().flat_map(|window| &window.feeds);
    dispatch!(Level::new(), _ => feeds.map(|bits| bits.count_ones()).sum())
}
