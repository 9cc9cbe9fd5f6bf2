//! Lines that stand in the record again, found over all inputs without holding them in memory.
//!
//! Each line leaves a small record with a 128-bit key in one of 256 partitions; a partition is sorted alone after the
//! last file. Small runs never touch the disk.

use std::fs::File;
use std::hash::BuildHasher;
use std::io::{self, Read, Seek, SeekFrom, Write};

use foldhash::quality::RandomState;
use rust_decimal::Decimal;

use super::spool::Ordinal;
use crate::source::trimmed;

const PARTITIONS: usize = 256;
/// Bytes held in memory before the partitions are written out.
const IN_MEMORY: usize = 24 << 20;

/// Makes the keys of lines; the same for all threads of a run.
#[derive(Clone)]
pub(super) struct RepeatKeys {
    first: RandomState,
    second: RandomState,
}

impl RepeatKeys {
    pub(super) fn new() -> Self {
        Self { first: RandomState::default(), second: RandomState::default() }
    }

    /// Adds the record of a line to a buffer that [`Repeats::append`] takes.
    pub(super) fn encode<'t>(
        &self,
        buffer: &mut Vec<u8>,
        ordinal: Ordinal,
        pass: u8,
        cells: impl Iterator<Item = &'t str>,
        named: &RepeatedLine<'_>,
    ) {
        let head = buffer.len();
        // The cells stand at the end of the buffer only while they are hashed.
        for cell in cells {
            buffer.extend_from_slice(trimmed(cell).as_bytes());
            buffer.push(0x1f);
        }
        let (first, second) = (self.first.hash_one(&buffer[head..]), self.second.hash_one(&buffer[head..]));
        buffer.truncate(head);
        buffer.extend_from_slice(&[0; 2]);
        buffer.extend_from_slice(&first.to_be_bytes());
        buffer.extend_from_slice(&second.to_be_bytes());
        for number in [ordinal.0, ordinal.1, ordinal.2] {
            buffer.extend_from_slice(&number.to_be_bytes());
        }
        buffer.push(pass);
        for text in [named.document, named.line, named.currency] {
            // Longer texts are cut at a letter: they only name the line to a reader.
            let mut end = text.len().min(120);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            buffer.push(end as u8);
            buffer.extend_from_slice(&text.as_bytes()[..end]);
        }
        if let Some(value) = named.value {
            buffer.extend_from_slice(&value.serialize());
        }
        let length = (buffer.len() - head) as u16;
        buffer[head..head + 2].copy_from_slice(&length.to_le_bytes());
    }
}

/// What a reader is told of a line that repeats another.
pub(super) struct RepeatedLine<'a> {
    pub(super) document: &'a str,
    pub(super) line: &'a str,
    pub(super) currency: &'a str,
    /// None where no value could be read.
    pub(super) value: Option<Decimal>,
}

/// A line that repeats an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repeat {
    pub(super) at: Ordinal,
    pub(super) first: Ordinal,
    pub(super) document: String,
    pub(super) line: String,
    pub(super) value: String,
    pub(super) currency: String,
}

/// The records of all lines.
pub(super) struct Repeats {
    memory: Vec<Vec<u8>>,
    /// One file for all partitions; what of it belongs to each, in the order written.
    file: Option<File>,
    extents: Vec<Vec<Extent>>,
    written: u64,
    held: usize,
}

#[derive(Clone, Copy)]
struct Extent {
    at: u64,
    length: usize,
}

impl Repeats {
    pub(super) fn new() -> Self {
        Self {
            memory: vec![Vec::new(); PARTITIONS],
            file: None,
            extents: vec![Vec::new(); PARTITIONS],
            written: 0,
            held: 0,
        }
    }

    /// Adds encoded records.
    pub(super) fn append(&mut self, mut encoded: &[u8]) -> io::Result<()> {
        while encoded.len() >= 2 {
            let length = usize::from(u16::from_le_bytes([encoded[0], encoded[1]]));
            let (record, rest) = encoded.split_at(length);
            self.memory[usize::from(record[KEY.start])].extend_from_slice(record);
            self.held += length;
            encoded = rest;
        }
        if self.held > IN_MEMORY {
            self.write_out()?;
        }
        Ok(())
    }

    fn write_out(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile()?),
        };
        for (records, extents) in self.memory.iter_mut().zip(&mut self.extents) {
            file.write_all(records)?;
            extents.push(Extent { at: self.written, length: records.len() });
            self.written += records.len() as u64;
            records.clear();
        }
        self.held = 0;
        Ok(())
    }

    /// The repetitions, in the order in which they stand. `is_valid` says whether a pass over a sheet counted.
    pub(super) fn finish(mut self, is_valid: impl Fn(u32, u32, u8) -> bool) -> io::Result<Vec<Repeat>> {
        let mut repeats = Vec::new();
        let mut bytes = Vec::new();
        for partition in 0..PARTITIONS {
            bytes.clear();
            for extent in &self.extents[partition] {
                let before = bytes.len();
                bytes.resize(before + extent.length, 0);
                if let Some(file) = &mut self.file {
                    file.seek(SeekFrom::Start(extent.at))?;
                    file.read_exact(&mut bytes[before..])?;
                }
            }
            bytes.append(&mut self.memory[partition]);
            collect(&bytes, &is_valid, &mut repeats);
        }
        repeats.sort_by_key(|repeat| repeat.at);
        Ok(repeats)
    }
}

const KEY: std::ops::Range<usize> = 2..18;
const PLACE: std::ops::Range<usize> = 18..30;
const PASS: usize = 30;
const PAYLOAD: usize = 31;

fn collect(bytes: &[u8], is_valid: &impl Fn(u32, u32, u8) -> bool, repeats: &mut Vec<Repeat>) {
    // Where each record begins, by the first half of its key: enough to find the few that can be equal.
    let mut records: Vec<(u64, u32)> = Vec::with_capacity(bytes.len() / 48);
    let mut at = 0;
    while at + 2 <= bytes.len() {
        let length = usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
        let half: [u8; 8] = bytes[at + KEY.start..].first_chunk().copied().unwrap_or_default();
        records.push((u64::from_be_bytes(half), at as u32));
        at += length;
    }
    records.sort_unstable();
    for alike in records.chunk_by(|a, b| a.0 == b.0).filter(|alike| alike.len() > 1) {
        let mut alike: Vec<&[u8]> = alike.iter().map(|(_, at)| record_at(bytes, *at)).collect();
        alike.retain(|record| {
            let place = place(record);
            is_valid(place.0, place.1, record[PASS])
        });
        // Key and place are big-endian, so that bytes sort as numbers do.
        alike.sort_unstable_by(|a, b| a[KEY.start..PLACE.end].cmp(&b[KEY.start..PLACE.end]));
        for same in alike.chunk_by(|a, b| a[KEY] == b[KEY]) {
            let first = place(same[0]);
            repeats.extend(same[1..].iter().map(|record| repeat_of(record, first)));
        }
    }
}

fn record_at(bytes: &[u8], at: u32) -> &[u8] {
    let rest = &bytes[at as usize..];
    &rest[..usize::from(u16::from_le_bytes([rest[0], rest[1]]))]
}

fn repeat_of(record: &[u8], first: Ordinal) -> Repeat {
    let mut at = PAYLOAD;
    let mut next = || {
        let length = usize::from(record.get(at).copied().unwrap_or_default());
        let text = record.get(at + 1..at + 1 + length).unwrap_or_default();
        at += 1 + length;
        String::from_utf8_lossy(text).into_owned()
    };
    let (document, line, currency) = (next(), next(), next());
    let value = record.get(at..).and_then(|rest| rest.first_chunk::<16>());
    let value = value.map_or_else(String::new, |bytes| Decimal::deserialize(*bytes).to_string());
    Repeat { at: place(record), first, document, line, value, currency }
}

fn place(record: &[u8]) -> Ordinal {
    let number = |at: usize| u32::from_be_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]]);
    (number(PLACE.start), number(PLACE.start + 4), number(PLACE.start + 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(document: &str) -> RepeatedLine<'_> {
        RepeatedLine { document, line: "1", currency: "USD", value: Some(Decimal::new(500, 2)) }
    }

    #[test]
    fn the_second_of_two_equal_lines_is_found_wherever_it_stands() {
        let keys = RepeatKeys::new();
        let mut repeats = Repeats::new();
        let mut buffer = Vec::new();
        for row in 2..3_000u32 {
            let document = format!("D{row}");
            keys.encode(&mut buffer, (0, 0, row), 0, [document.as_str(), "1"].into_iter(), &named(&document));
        }
        keys.encode(&mut buffer, (1, 0, 9), 0, ["D77", " 1"].into_iter(), &named("D77"));
        // Read in a pass that was given up: not counted.
        keys.encode(&mut buffer, (2, 0, 9), 0, ["D78", "1"].into_iter(), &named("D78"));
        repeats.append(&buffer).unwrap();
        repeats.write_out().unwrap();
        let found = repeats.finish(|file, _, _| file != 2).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].at, found[0].first), ((1, 0, 9), (0, 0, 77)));
        assert_eq!((found[0].document.as_str(), found[0].value.as_str()), ("D77", "5.00"));
    }
}
