//! Sound records taken apart, sixty-four bytes at a time.
//!
//! Text is sound where every quote opens at the start of a cell, closes at the end of one or is doubled inside, every
//! carriage return stands before a line feed, and the text ends with a record. Nearly all text is; what is not is left
//! to `records`, which reads cell by cell and gives the same where both can read.

use wide::u8x16;

use crate::source::{Batch, CellKind};

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
    let mut rows = Rows { text, batch, rewritten, start: 0, record: 0, line: first_line };
    let mut finder = Finder { delimiter, guard: Guard { ended: 1, ..Guard::default() }, found: Found::new() };
    for (index, window) in text.chunks(WINDOW).enumerate() {
        if !finder.look(index * WINDOW, window) {
            return false;
        }
        rows.take(&mut finder.found);
    }
    !finder.guard.is_inside()
}

/// Where the cells of a window end, and what else a record asks for.
struct Found {
    /// Delimiters and line feeds that are not within quotes, one behind the other; room for a step more than there can be.
    ends: Box<[u32; WINDOW + STEP]>,
    count: usize,
    /// Line feeds within quotes.
    inner: Vec<u32>,
    /// The second of two quotes within quotes.
    doubled: Vec<u32>,
}

impl Found {
    fn new() -> Self {
        Self { ends: Box::new([0; WINDOW + STEP]), count: 0, inner: Vec::new(), doubled: Vec::new() }
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

/// Finds the marks of a text, window by window.
struct Finder {
    delimiter: u8,
    guard: Guard,
    found: Found,
}

impl Finder {
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
        let marks = Marks::of(block, self.delimiter);
        let Some((inside, doubled)) = self.guard.admit(&marks) else { return false };
        self.found.add(base, (marks.delimiters | marks.feeds) & !inside);
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
    fn of(block: &[u8; BLOCK], delimiter: u8) -> Self {
        let marks = [b'"', delimiter, b'\n', b'\r'].map(u8x16::splat);
        let mut found = [0_u64; 4];
        for lanes in block.as_chunks::<LANES>().0.iter().rev() {
            let lanes = u8x16::new(*lanes);
            for (found, mark) in found.iter_mut().zip(marks) {
                *found = *found << LANES | u64::from(lanes.simd_eq(mark).to_bitmask());
            }
        }
        let [quotes, delimiters, feeds, returns] = found;
        Self { quotes, delimiters, feeds, returns }
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
    /// Where the record begins.
    record: usize,
    /// The physical line on which it begins.
    line: u32,
}

impl Rows<'_> {
    /// Takes what was found in a window.
    fn take(&mut self, found: &mut Found) {
        let Found { ends, count, inner, doubled } = found;
        let (mut inner_seen, mut doubled_seen) = (0, 0);
        for &end in &ends[..*count] {
            let end = end as usize;
            let is_feed = self.text[end] == b'\n';
            let mut stop = end;
            if is_feed {
                let ends_in_return = end > self.start && self.text[end - 1] == b'\r';
                stop -= usize::from(ends_in_return);
            }
            let is_blank_record = is_feed && stop == self.record;
            if !is_blank_record {
                let is_quoted = usize::from(self.text[self.start] == b'"');
                let mut place = self.start + is_quoted..stop - is_quoted;
                if doubled.get(doubled_seen).is_some_and(|&at| (at as usize) < end) {
                    doubled_seen = doubled.partition_point(|&at| (at as usize) < end);
                    place = self.without_doubled_quotes(place);
                }
                let kind = if place.is_empty() { CellKind::Empty } else { CellKind::Text };
                self.batch.mark_cell(kind, place);
            }
            self.start = end + 1;
            if is_feed {
                let mut lines = 1;
                if inner.len() > inner_seen {
                    let before = inner.partition_point(|&at| (at as usize) < end);
                    lines += (before - inner_seen) as u32;
                    inner_seen = before;
                }
                self.next_record(lines);
            }
        }
        // What belongs to the record that goes on waits for its end.
        *count = 0;
        inner.drain(..inner_seen);
        doubled.drain(..doubled_seen);
    }

    fn next_record(&mut self, lines: u32) {
        if lines > 1 {
            self.batch.end_row(lines, None);
        }
        self.line += lines;
        self.record = self.start;
        if self.start < self.text.len() {
            self.batch.begin_row(self.line, 1, false);
        }
    }

    /// Where the text of a quoted cell stands when each of its doubled quotes is one.
    fn without_doubled_quotes(&mut self, place: std::ops::Range<usize>) -> std::ops::Range<usize> {
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
