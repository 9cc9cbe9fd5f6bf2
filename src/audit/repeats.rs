//! Lines that stand in the record again, found over all inputs without holding them in memory.
//!
//! Each line leaves a small record with a 128-bit key in one of 256 partitions; a partition is sorted alone after the
//! last file. Small runs never touch the disk.

use std::fs::File;
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Read, Seek, SeekFrom, Write};

use foldhash::quality::RandomState;

use super::spool::Ordinal;

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
        payload: [&str; 4],
    ) {
        let (mut first, mut second) = (self.first.build_hasher(), self.second.build_hasher());
        for cell in cells {
            let cell = cell.trim();
            first.write(cell.as_bytes());
            first.write_u8(0x1f);
            second.write(cell.as_bytes());
            second.write_u8(0x1f);
        }
        let head = buffer.len();
        buffer.extend_from_slice(&[0; 2]);
        buffer.extend_from_slice(&first.finish().to_be_bytes());
        buffer.extend_from_slice(&second.finish().to_be_bytes());
        for number in [ordinal.0, ordinal.1, ordinal.2] {
            buffer.extend_from_slice(&number.to_be_bytes());
        }
        buffer.push(pass);
        for text in payload {
            // Longer texts are cut at a letter: they only name the line to a reader.
            let mut end = text.len().min(120);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            buffer.push(end as u8);
            buffer.extend_from_slice(&text.as_bytes()[..end]);
        }
        let length = (buffer.len() - head) as u16;
        buffer[head..head + 2].copy_from_slice(&length.to_le_bytes());
    }
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
    files: Vec<File>,
    held: usize,
}

impl Repeats {
    pub(super) fn new() -> Self {
        Self { memory: vec![Vec::new(); PARTITIONS], files: Vec::new(), held: 0 }
    }

    /// Adds encoded records.
    pub(super) fn append(&mut self, mut encoded: &[u8]) -> io::Result<()> {
        while encoded.len() >= 2 {
            let length = usize::from(u16::from_le_bytes([encoded[0], encoded[1]]));
            let (record, rest) = encoded.split_at(length);
            self.memory[usize::from(record[2])].extend_from_slice(record);
            self.held += length;
            encoded = rest;
        }
        if self.held > IN_MEMORY {
            self.write_out()?;
        }
        Ok(())
    }

    fn write_out(&mut self) -> io::Result<()> {
        while self.files.len() < PARTITIONS {
            self.files.push(tempfile::tempfile()?);
        }
        for (records, file) in self.memory.iter_mut().zip(&mut self.files) {
            file.write_all(records)?;
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
            if let Some(file) = self.files.get_mut(partition) {
                file.seek(SeekFrom::Start(0))?;
                file.read_to_end(&mut bytes)?;
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
    let mut records: Vec<&[u8]> = Vec::new();
    let mut rest = bytes;
    while rest.len() >= 2 {
        let length = usize::from(u16::from_le_bytes([rest[0], rest[1]]));
        let (record, after) = rest.split_at(length);
        let place = place(record);
        if is_valid(place.0, place.1, record[PASS]) {
            records.push(record);
        }
        rest = after;
    }
    // Key and place are big-endian, so that bytes sort as numbers do.
    records.sort_unstable_by(|a, b| a[KEY.start..PLACE.end].cmp(&b[KEY.start..PLACE.end]));
    for same in records.chunk_by(|a, b| a[KEY] == b[KEY]) {
        let first = place(same[0]);
        for record in &same[1..] {
            let mut texts = payload(record);
            let mut next = || texts.next().unwrap_or_default();
            repeats.push(Repeat {
                at: place(record),
                first,
                document: next(),
                line: next(),
                value: next(),
                currency: next(),
            });
        }
    }
}

fn place(record: &[u8]) -> Ordinal {
    let number = |at: usize| u32::from_be_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]]);
    (number(PLACE.start), number(PLACE.start + 4), number(PLACE.start + 8))
}

fn payload(record: &[u8]) -> impl Iterator<Item = String> + '_ {
    let mut at = PAYLOAD;
    std::iter::from_fn(move || {
        let length = usize::from(*record.get(at)?);
        let text = record.get(at + 1..at + 1 + length)?;
        at += 1 + length;
        Some(String::from_utf8_lossy(text).into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_of_two_equal_lines_is_found_wherever_it_stands() {
        let keys = RepeatKeys::new();
        let mut repeats = Repeats::new();
        let mut buffer = Vec::new();
        for row in 2..3_000u32 {
            let document = format!("D{row}");
            keys.encode(
                &mut buffer,
                (0, 0, row),
                0,
                [document.as_str(), "1"].into_iter(),
                [&document, "1", "5.00", "USD"],
            );
        }
        keys.encode(&mut buffer, (1, 0, 9), 0, ["D77", " 1"].into_iter(), ["D77", "1", "5.00", "USD"]);
        // Read in a pass that was given up: not counted.
        keys.encode(&mut buffer, (2, 0, 9), 0, ["D78", "1"].into_iter(), ["D78", "1", "5.00", "USD"]);
        repeats.append(&buffer).unwrap();
        repeats.write_out().unwrap();
        let found = repeats.finish(|file, _, _| file != 2).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].at, found[0].first), ((1, 0, 9), (0, 0, 77)));
        assert_eq!((found[0].document.as_str(), found[0].value.as_str()), ("D77", "5.00"));
    }
}
