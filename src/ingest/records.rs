//! Records of delimited text: where they end, and the cells in them.
//!
//! The rules are those of the `csv` crate read flexibly (a quote opens a quoted cell only at the start of a cell; LF,
//! CRLF and CR end a record), and two more that an audit needs: blank lines are rows too, and every record knows its
//! physical lines. Bytes are UTF-8 here; decoding is the business of `encoding`.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memrchr2};

use super::marks::{self, BLOCK, Finder, Window, count_feeds, places_of};
use super::sound::take_apart;
use crate::source::{Batch, CellKind, RowFault};

/// A quoted cell longer than this is taken for an unclosed quote.
pub(crate) const LONGEST_QUOTED_CELL: usize = 8 << 20;

/// Few records are longer.
const LONG_RECORD: usize = 1 << 14;
/// Bytes made ready for the next records at most.
const MOST_ROOM: usize = 2 << 20;

/// The length of the line break at `at`, or 0. A carriage return doubled in front of a line feed, the mark of a bad
/// transfer, is one break.
fn break_len(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'\n') => 1,
        Some(b'\r') => match (bytes.get(at + 1), bytes.get(at + 2)) {
            (Some(b'\n'), _) => 2,
            (Some(b'\r'), Some(b'\n')) => 3,
            _ => 1,
        },
        _ => 0,
    }
}

/// How many line breaks the text holds.
pub(crate) fn count_breaks(bytes: &[u8]) -> u32 {
    let feeds = memchr_iter(b'\n', bytes).count();
    let lone_returns = memchr_iter(b'\r', bytes).filter(|&at| break_len(bytes, at) == 1).count();
    (feeds + lone_returns) as u32
}

/// Whole records cut from the front of the text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Records {
    /// The bytes, line breaks included.
    pub(crate) bytes: Vec<u8>,
    /// The physical line on which the first record begins.
    pub(crate) first_line: u32,
    /// What is amiss with the only record, if these are not whole records after all.
    pub(crate) fault: Option<RowFault>,
    /// The marks of the bytes, where these are sound.
    pub(super) marks: Vec<Window>,
}

/// Finds record boundaries, sequentially. What it gives depends on the bytes alone.
#[derive(Debug)]
pub(crate) struct Splitter {
    delimiter: u8,
    target: usize,
    buffer: Vec<u8>,
    /// The marks of the buffer, as long as it is sound. What is not is scanned quote by quote.
    finder: Finder,
    /// Bytes of the buffer already scanned.
    scanned: usize,
    /// Where the quoted cell that is open began, if one is.
    quote_at: Option<usize>,
    /// The end of the last whole record.
    whole: usize,
    /// What was found not to be within quotes in one scan.
    plain: Vec<Range<usize>>,
    line: u32,
}

impl Splitter {
    /// A splitter that hands out about `target` bytes at a time.
    pub(crate) fn new(delimiter: u8, target: usize) -> Self {
        Self {
            delimiter,
            target,
            buffer: Vec::new(),
            finder: Finder::new(delimiter),
            scanned: 0,
            quote_at: None,
            whole: 0,
            plain: Vec::new(),
            line: 1,
        }
    }

    /// Where the caller appends more text.
    pub(crate) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// The next whole records; none when more text is needed, or when all has been given at the end of the file.
    pub(crate) fn next(&mut self, at_end: bool) -> Option<Records> {
        if self.finder.look(&self.buffer, at_end) {
            self.whole = self.finder.last_end();
        } else {
            self.scan(at_end);
        }
        if self.whole >= self.target || (at_end && self.whole > 0) {
            return Some(self.cut(self.whole, None));
        }
        // What else there is to say is said at the end of the text, and of a quoted cell that is too long.
        if !at_end && self.buffer.len() <= LONGEST_QUOTED_CELL {
            return None;
        }
        self.scan(at_end);
        if let Some(start) = self.quote_at
            && self.buffer.len() - start > LONGEST_QUOTED_CELL
        {
            if self.whole > 0 {
                return Some(self.cut(self.whole, None));
            }
            // Only the line with the quote is given up; the text is read again from the line below it.
            let line_end = memchr2(b'\n', b'\r', &self.buffer[start..])
                .map_or(self.buffer.len(), |at| start + at + break_len(&self.buffer, start + at));
            return Some(self.cut(line_end, Some(RowFault::QuoteTooLong)));
        }
        if at_end && !self.buffer.is_empty() {
            let fault =
                if self.quote_at.is_some() { RowFault::EndsInsideQuotes } else { RowFault::NoLineEnd };
            return Some(self.cut(self.buffer.len(), Some(fault)));
        }
        None
    }

    fn cut(&mut self, end: usize, fault: Option<RowFault>) -> Records {
        // Room for the next records at once, so that the buffer does not grow its way up again.
        let room = self.target.saturating_add(self.target / 2 + LONG_RECORD).min(MOST_ROOM);
        let mut rest = Vec::with_capacity(room.max(self.buffer.len() - end));
        rest.extend_from_slice(&self.buffer[end..]);
        self.buffer.truncate(end);
        let bytes = std::mem::replace(&mut self.buffer, rest);
        let first_line = self.line;
        let marks = self.finder.cut(if fault.is_none() { end } else { 0 }, room);
        let breaks = if marks.is_empty() { count_breaks(&bytes) } else { count_feeds(&marks) };
        self.line = self.line.saturating_add(breaks);
        // What is left begins with a record, and is scanned from there.
        self.scanned = 0;
        self.quote_at = None;
        self.whole = 0;
        Records { bytes, first_line, fault, marks }
    }

    fn scan(&mut self, at_end: bool) {
        let bytes = &self.buffer;
        // A break that might go on in the next read is not looked at yet.
        let mut limit = bytes.len();
        if !at_end {
            while limit > 0 && bytes[limit - 1] == b'\r' {
                limit -= 1;
            }
        }
        let mut at = self.scanned;
        while at < limit {
            if self.quote_at.is_some() {
                match memchr(b'"', &bytes[at..limit]) {
                    None => at = limit,
                    Some(step) => {
                        let quote = at + step;
                        if bytes.get(quote + 1) == Some(&b'"') {
                            at = quote + 2;
                        } else if quote + 1 == bytes.len() && !at_end {
                            at = quote;
                            break;
                        } else {
                            self.quote_at = None;
                            at = quote + 1;
                        }
                    }
                }
                continue;
            }
            let quote = memchr(b'"', &bytes[at..limit]).map(|step| at + step);
            self.plain.push(at..quote.unwrap_or(limit));
            match quote {
                None => at = limit,
                Some(quote) => {
                    let opens = quote == 0 || {
                        let before = bytes[quote - 1];
                        before == self.delimiter || before == b'\n' || before == b'\r'
                    };
                    if opens {
                        self.quote_at = Some(quote);
                    }
                    at = quote + 1;
                }
            }
        }
        self.scanned = at.max(self.scanned);
        // The last break may have begun with carriage returns before it; its end is what counts.
        let last = self.plain.drain(..).rev().find_map(|range| {
            memrchr2(b'\n', b'\r', &bytes[range.clone()]).map(|step| range.start + step + 1)
        });
        self.whole = last.unwrap_or(self.whole);
    }
}

/// Reads whole records into a batch. The bytes must be UTF-8; anything else is replaced, and said so in the result.
///
/// The bytes become the text of the batch and cells are places in it; only a cell with a doubled quote is written
/// anew, behind them.
pub(crate) fn parse(records: Records, delimiter: u8) -> Parsed {
    let Records { bytes, first_line, fault, mut marks } = records;
    let (mut text, bad_line) = match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = first_line + count_breaks(good);
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            marks = marks::of_records(text.as_bytes(), delimiter);
            (text, Some(line))
        }
    };
    let mut batch = Batch::for_text_of(text.len());
    if fault == Some(RowFault::QuoteTooLong) || fault == Some(RowFault::EndsInsideQuotes) {
        batch.begin_row(first_line, 1, false);
        batch.mark_cell(CellKind::Text, 0..text.trim_ascii_end().len());
        batch.end_row(lines_taken(text.as_bytes()), fault);
    } else {
        let mut rewritten = Vec::new();
        if marks.is_empty() {
            let marks = Marks::of(text.as_bytes(), delimiter);
            let mut parser = Parser { marks, batch: &mut batch, rewritten: &mut rewritten };
            parser.records(delimiter, first_line, fault);
        } else {
            take_apart(text.as_bytes(), &marks, first_line, &mut batch, &mut rewritten);
        }
        let rewritten = String::from_utf8(rewritten).unwrap_or_else(|error| {
            // Cells are cut at ASCII bytes of valid UTF-8, so this does not happen; were it to, no byte may be lost.
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        });
        text.push_str(&rewritten);
    }
    batch.set_text(text);
    Parsed { batch, bad_line }
}

/// What [`parse`] gives.
pub(crate) struct Parsed {
    /// The rows.
    pub(crate) batch: Batch,
    /// The first physical line that was not UTF-8.
    pub(crate) bad_line: Option<u32>,
}

/// Physical lines of a lone record: its breaks, and the last line if it has no break at its end.
fn lines_taken(bytes: &[u8]) -> u32 {
    let ends_in_break = bytes.last().is_some_and(|&last| last == b'\n' || last == b'\r');
    (count_breaks(bytes) + u32::from(!ends_in_break)).max(1)
}

/// Takes records apart into a batch.
struct Parser<'t, 'b> {
    marks: Marks<'t>,
    batch: &'b mut Batch,
    /// The text of cells that are not the bytes as they stand; it goes behind them.
    rewritten: &'b mut Vec<u8>,
}

impl Parser<'_, '_> {
    fn records(&mut self, delimiter: u8, first_line: u32, fault: Option<RowFault>) {
        let bytes = self.marks.bytes;
        let (mut at, mut line) = (0, first_line);
        while at < bytes.len() {
            self.batch.begin_row(line, 1, false);
            let blank = break_len(bytes, at);
            if blank > 0 {
                at += blank;
                line += 1;
                continue;
            }
            let mut lines = 1;
            let mut row_fault = None;
            loop {
                let (cell, end) = if bytes.get(at) == Some(&b'"') {
                    self.quoted(at, &mut lines, &mut row_fault)
                } else {
                    let end = self.marks.next_from(at);
                    (at..end, end)
                };
                at = end;
                let kind = if cell.is_empty() { CellKind::Empty } else { CellKind::Text };
                self.batch.mark_cell(kind, cell);
                if bytes.get(at) == Some(&delimiter) {
                    at += 1;
                    continue;
                }
                let end = break_len(bytes, at);
                if end == 0 && row_fault.is_none() {
                    row_fault = fault;
                }
                at += end;
                break;
            }
            if lines > 1 || row_fault.is_some() {
                self.batch.end_row(lines, row_fault);
            }
            line += lines;
        }
    }

    /// A cell whose quote opens at `open`: where its text stands, and where the cell ends.
    fn quoted(
        &mut self,
        open: usize,
        lines: &mut u32,
        row_fault: &mut Option<RowFault>,
    ) -> (Range<usize>, usize) {
        let bytes = self.marks.bytes;
        let close = |from: usize| memchr(b'"', &bytes[from..]).map_or(bytes.len(), |step| from + step);
        let mut at = open + 1;
        let mut end = close(at);
        // Most quoted cells are the text between two quotes.
        let plain = bytes.get(end + 1).is_none_or(|&next| self.marks.is_mark(next));
        if plain {
            *lines += breaks_within(&bytes[at..end]);
            return (at..end, (end + 1).min(bytes.len()));
        }
        let start = self.rewritten.len();
        loop {
            let part = &bytes[at..end];
            *lines += breaks_within(part);
            self.rewritten.extend_from_slice(part);
            at = end + 1;
            if bytes.get(at) != Some(&b'"') {
                break;
            }
            self.rewritten.push(b'"');
            at += 1;
            end = close(at);
        }
        let at = at.min(bytes.len());
        let stop = self.marks.next_from(at);
        if stop > at {
            *row_fault = Some(RowFault::TextAfterQuote);
            self.rewritten.extend_from_slice(&bytes[at..stop]);
        }
        (bytes.len() + start..bytes.len() + self.rewritten.len(), stop)
    }
}

/// Line breaks within a quoted cell; most have none.
fn breaks_within(part: &[u8]) -> u32 {
    if memchr2(b'\n', b'\r', part).is_some() { count_breaks(part) } else { 0 }
}

/// Finds what ends a cell that is not quoted: the delimiter or a line break. Sixty-four bytes are looked at together,
/// as cells are too short for a search to be begun anew at each.
struct Marks<'t> {
    bytes: &'t [u8],
    ends: [u8; 3],
    /// Where the bytes begin that were looked at last.
    base: usize,
    /// A bit for each of them that is a mark and not yet behind us.
    found: u64,
}

impl<'t> Marks<'t> {
    fn of(bytes: &'t [u8], delimiter: u8) -> Self {
        let mut marks = Self { bytes, ends: [delimiter, b'\n', b'\r'], base: 0, found: 0 };
        marks.look();
        marks
    }

    fn is_mark(&self, byte: u8) -> bool {
        self.ends.contains(&byte)
    }

    /// The first mark at or behind `at`, or the end. Calls go forward only.
    #[inline]
    fn next_from(&mut self, at: usize) -> usize {
        if at - self.base < BLOCK {
            self.found &= u64::MAX << (at - self.base);
        } else {
            self.base = at;
            self.look();
        }
        while self.found == 0 {
            self.base += BLOCK;
            if self.base >= self.bytes.len() {
                self.base = self.bytes.len();
                return self.base;
            }
            self.look();
        }
        self.base + self.found.trailing_zeros() as usize
    }

    fn look(&mut self) {
        let rest = self.bytes.get(self.base..).unwrap_or_default();
        let mut last = [0; BLOCK];
        let block = rest.first_chunk().unwrap_or_else(|| {
            // Zeros fill up the last bytes; no mark is zero.
            last[..rest.len()].copy_from_slice(rest);
            &last
        });
        self.found = places_of(self.ends, block);
    }
}

#[cfg(test)]
mod tests;
