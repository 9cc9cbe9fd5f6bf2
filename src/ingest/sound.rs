//! Sound records taken apart, sixty-four bytes at a time.
//!
//! Text is sound where every quote opens at the start of a cell, closes at the end of one or is doubled inside, every
//! carriage return stands before a line feed, and the text ends with a record. Nearly all text is; what is not is left
//! to `records`, which reads cell by cell and gives the same where both can read.

use std::ops::Range;

use memchr::memchr;
use wide::u8x16;

use crate::source::Batch;

/// How many bytes are looked at together.
const BLOCK: usize = 64;
/// How many of them at once.
const LANES: usize = 16;
/// Bytes whose marks are found before the first of them is used: finding and using apart, neither waits for the other.
const WINDOW: usize = 64 * BLOCK;
/// How many marks are written down at once.
const STEP: usize = 8;

/// Takes the records of a text apart into a batch; `rewritten` takes the text of cells with doubled quotes, which stands
/// behind the text itself. False where the text is not sound: what the batch holds then means nothing.
pub(super) fn take_apart(
    text: &[u8],
    delimiter: u8,
    first_line: u32,
    batch: &mut Batch,
    rewritten: &mut Vec<u8>,
) -> bool {
    if matches!(delimiter, b'"' | b'\n' | b'\r' | 0) || text.last() != Some(&b'\n') {
        return false;
    }
    batch.begin_row(first_line, 1, false);
    let rows = Rows { text, batch, rewritten, start: 0, line: first_line };
    // Most systems write one kind of line break throughout.
    if memchr(b'\r', text).is_some() { rows.all::<true>(delimiter) } else { rows.all::<false>(delimiter) }
}

/// Where the cells of a window end, and what else a record asks for.
struct Found {
    /// Delimiters and line feeds that are not within quotes, one behind the other; room for a step more than there can be.
    ends: Vec<u32>,
    count: usize,
    /// Which of them are line feeds.
    feeds: Vec<u32>,
    /// Line feeds within quotes.
    inner: Vec<u32>,
    /// The second of two quotes within quotes.
    doubled: Vec<u32>,
}

impl Found {
    fn new() -> Self {
        Self {
            ends: vec![0; WINDOW + STEP],
            count: 0,
            feeds: Vec::new(),
            inner: Vec::new(),
            doubled: Vec::new(),
        }
    }

    /// Writes down where the bits of a block stand.
    #[inline]
    fn add(&mut self, base: usize, mut bits: u64) {
        let (base, count) = (base as u32, bits.count_ones() as usize);
        let mut written = 0;
        // Always a few together, whether there are as many or not: that is quicker than to ask after each.
        while written < count {
            let at = self.count + written;
            let Some(places) = self.ends[at..].first_chunk_mut::<STEP>() else { break };
            for place in places {
                *place = base + bits.trailing_zeros();
                bits &= bits.wrapping_sub(1);
            }
            written += STEP;
        }
        self.count += count;
    }
}

/// Adds the place of each bit.
fn add_all(places: &mut Vec<u32>, base: usize, mut bits: u64) {
    while bits != 0 {
        places.push(base as u32 + bits.trailing_zeros());
        bits &= bits - 1;
    }
}

/// Finds the marks of a text, window by window; `RETURNS` says whether it holds carriage returns.
struct Finder<const RETURNS: bool> {
    delimiter: u8,
    guard: Guard,
    found: Found,
}

impl<const RETURNS: bool> Finder<RETURNS> {
    /// Finds the marks of the next window; false where the text is not sound.
    fn look(&mut self, base: usize, window: &[u8]) -> bool {
        let (blocks, rest) = window.as_chunks::<BLOCK>();
        for (index, block) in blocks.iter().enumerate() {
            if !self.block(base + index * BLOCK, block) {
                return false;
            }
        }
        // Zeros fill up the last bytes; they are no mark.
        let mut last = [0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        rest.is_empty() || self.block(base + blocks.len() * BLOCK, &last)
    }

    #[inline]
    fn block(&mut self, base: usize, block: &[u8; BLOCK]) -> bool {
        let marks = Marks::of::<RETURNS>(block, self.delimiter);
        let Some((inside, doubled)) = self.guard.admit(&marks) else { return false };
        let ends = (marks.delimiters | marks.feeds) & !inside;
        let mut feeds = marks.feeds & !inside;
        while feeds != 0 {
            let before = feeds & feeds.wrapping_neg();
            self.found.feeds.push(self.found.count as u32 + (ends & (before - 1)).count_ones());
            feeds &= feeds - 1;
        }
        self.found.add(base, ends);
        let inner = marks.feeds & inside;
        if inner | doubled != 0 {
            add_all(&mut self.found.inner, base, inner);
            add_all(&mut self.found.doubled, base, doubled);
        }
        true
    }
}

/// A bit for each byte of a block that is one of these.
struct Marks {
    quotes: u64,
    delimiters: u64,
    feeds: u64,
    returns: u64,
}

impl Marks {
    #[inline]
    fn of<const RETURNS: bool>(block: &[u8; BLOCK], delimiter: u8) -> Self {
        let lanes = block.as_chunks::<LANES>().0;
        let [a, b, c, d] = [0, 1, 2, 3].map(|part| u8x16::new(lanes[part]));
        let found = |byte: u8| {
            let mark = u8x16::splat(byte);
            let [a, b, c, d] = [a, b, c, d].map(|lanes| u64::from(lanes.simd_eq(mark).to_bitmask()));
            (a | b << LANES) | (c | d << LANES) << (2 * LANES)
        };
        Self {
            quotes: found(b'"'),
            delimiters: found(delimiter),
            feeds: found(b'\n'),
            returns: if RETURNS { found(b'\r') } else { 0 },
        }
    }
}

/// What the bytes so far ask of the next, a bit each.
#[derive(Default)]
struct Guard {
    /// The last byte ends a cell, or is a quote.
    ended: u64,
    /// The last byte is a quote.
    quoted: u64,
    /// The last byte is a quote that closes.
    closed: u64,
    /// The last byte is a carriage return.
    returned: u64,
    /// All ones within quotes.
    inside: u64,
}

impl Guard {
    /// The bytes of a block that stand within quotes, an opening quote among them, and those that are the second of two
    /// quotes there; none where the text is not sound.
    #[inline]
    fn admit(&mut self, marks: &Marks) -> Option<(u64, u64)> {
        let Marks { quotes, delimiters, feeds, returns } = *marks;
        let inside = xor_of_all_before(quotes) ^ self.inside;
        let (opens, closes) = (quotes & inside, quotes & !inside);
        let ends = quotes | delimiters | feeds | returns;
        let lone_return = (returns << 1 | self.returned) & !feeds;
        let stray_open = opens & !(ends << 1 | self.ended);
        let stray_close = (closes << 1 | self.closed) & !ends;
        let doubled = opens & (quotes << 1 | self.quoted);
        self.ended = ends >> 63;
        self.quoted = quotes >> 63;
        self.closed = closes >> 63;
        self.returned = returns >> 63;
        self.inside = (inside >> 63).wrapping_neg();
        (lone_return | stray_open | stray_close == 0).then_some((inside, doubled))
    }

    fn is_inside(&self) -> bool {
        self.inside != 0 || self.returned != 0
    }
}

/// For each bit, whether an odd number of bits is set up to it and with it.
#[inline]
fn xor_of_all_before(mut bits: u64) -> u64 {
    for step in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << step;
    }
    bits
}

/// The rows being made; the last is begun before its record is seen.
struct Rows<'t> {
    text: &'t [u8],
    batch: &'t mut Batch,
    rewritten: &'t mut Vec<u8>,
    /// Where the cell begins that is being read.
    start: usize,
    /// The physical line on which its record begins.
    line: u32,
}

impl Rows<'_> {
    fn all<const RETURNS: bool>(mut self, delimiter: u8) -> bool {
        let guard = Guard { ended: 1, ..Guard::default() };
        let mut finder = Finder::<RETURNS> { delimiter, guard, found: Found::new() };
        for (index, window) in self.text.chunks(WINDOW).enumerate() {
            if !finder.look(index * WINDOW, window) {
                return false;
            }
            self.take::<RETURNS>(&mut finder.found);
        }
        !finder.guard.is_inside()
    }

    /// Takes what was found in a window.
    fn take<const RETURNS: bool>(&mut self, found: &mut Found) {
        if found.inner.is_empty() && !self.has_blank_record(found) {
            self.take_plain::<RETURNS>(found);
        } else {
            self.take_any(found);
        }
        found.feeds.clear();
        found.count = 0;
    }

    /// Whether a record has nothing between two line breaks.
    fn has_blank_record(&self, found: &Found) -> bool {
        let mut lone = 0;
        found.feeds.iter().any(|&feed| {
            // A record of one cell, as the feed before it comes right before.
            let is_lone = feed == lone;
            lone = feed + 1;
            is_lone && {
                let start = if feed == 0 { self.start } else { found.ends[feed as usize - 1] as usize + 1 };
                place_of::<true>(self.text, start, found.ends[feed as usize] as usize) == (start..start)
            }
        })
    }

    /// Cells and the ends of records, and nothing else: all cells are marked before a record is looked at.
    fn take_plain<const RETURNS: bool>(&mut self, found: &mut Found) {
        let ends = &found.ends[..found.count];
        let first = self.batch.cell_count();
        let mut rest = ends;
        let mut seen = 0;
        while let Some(&doubled) = found.doubled.get(seen) {
            let before = rest.partition_point(|&end| end < doubled);
            let Some((&end, after)) = rest[before..].split_first() else { break };
            self.mark_plain::<RETURNS>(&rest[..before]);
            let place = self.next_cell::<RETURNS>(end);
            let place = self.without_doubled_quotes(place);
            self.batch.mark_cells(std::iter::once(place));
            seen = found.doubled.partition_point(|&at| at < end);
            rest = after;
        }
        self.mark_plain::<RETURNS>(rest);
        found.doubled.drain(..seen);
        for &feed in &found.feeds {
            self.line += 1;
            if (ends[feed as usize] as usize) + 1 < self.text.len() {
                self.batch.begin_row_at(self.line, first + feed + 1);
            }
        }
    }

    /// Cells without doubled quotes.
    fn mark_plain<const RETURNS: bool>(&mut self, ends: &[u32]) {
        let (text, mut start) = (self.text, self.start);
        self.batch.mark_cells(ends.iter().map(|&end| {
            let place = place_of::<RETURNS>(text, start, end as usize);
            start = end as usize + 1;
            place
        }));
        self.start = start;
    }

    fn next_cell<const RETURNS: bool>(&mut self, end: u32) -> Range<usize> {
        let place = place_of::<RETURNS>(self.text, self.start, end as usize);
        self.start = end as usize + 1;
        place
    }

    /// Line breaks within quotes and blank records, too.
    fn take_any(&mut self, found: &mut Found) {
        let Found { ends, count, inner, doubled, .. } = found;
        let (mut inner_seen, mut doubled_seen) = (0, 0);
        for &end in &ends[..*count] {
            let is_feed = self.text[end as usize] == b'\n';
            let start = self.start;
            let mut place = self.next_cell::<true>(end);
            let is_blank = is_feed && place == (start..start) && self.batch.row_is_empty();
            if !is_blank {
                if doubled.get(doubled_seen).is_some_and(|&at| at < end) {
                    doubled_seen = doubled.partition_point(|&at| at < end);
                    place = self.without_doubled_quotes(place);
                }
                self.batch.mark_cells(std::iter::once(place));
            }
            if is_feed {
                let before = inner.partition_point(|&at| at < end);
                let lines = 1 + (before - inner_seen) as u32;
                inner_seen = before;
                if lines > 1 {
                    self.batch.end_row(lines, None);
                }
                self.line += lines;
                if self.start < self.text.len() {
                    self.batch.begin_row(self.line, 1, false);
                }
            }
        }
        // What belongs to the record that goes on waits for its end.
        inner.drain(..inner_seen);
        doubled.drain(..doubled_seen);
    }

    /// Where the text of a quoted cell stands when each of its doubled quotes is one.
    fn without_doubled_quotes(&mut self, place: Range<usize>) -> Range<usize> {
        let start = self.text.len() + self.rewritten.len();
        let mut second = false;
        for &byte in &self.text[place] {
            second = byte == b'"' && !second;
            if !second {
                self.rewritten.push(byte);
            }
        }
        start..self.text.len() + self.rewritten.len()
    }
}

/// The text of a cell without its quotes. The carriage return before a line feed is no part of it.
#[inline]
fn place_of<const RETURNS: bool>(text: &[u8], start: usize, end: usize) -> Range<usize> {
    let is_before_return = RETURNS && text[end] == b'\n' && end > start && text[end - 1] == b'\r';
    let quotes = usize::from(text[start] == b'"');
    start + quotes..end - usize::from(is_before_return) - quotes
}
