//! Lines that stand in the record again, found over all inputs without holding them in memory.
//!
//! Each line leaves a small record with a 128-bit key; records with equal keys are compared after the last file.

use std::hash::{BuildHasher, Hasher as _};
use std::io;

use foldhash::quality::RandomState;
use rust_decimal::Decimal;
use sha2::{Digest as _, Sha256};

use super::partitions::{KEY, PLACE, Partitions, each, head, place};
use super::spool::Ordinal;
use crate::source::trimmed_bytes;

/// Bytes held in memory before the records are written out.
const IN_MEMORY: usize = 3 << 20;

/// Bytes kept of a text.
const LONGEST: usize = 120;

/// Makes the keys of lines; the same for all threads of a run.
#[derive(Clone)]
pub(super) enum RepeatKeys {
    /// Quick ones that mean nothing after this run.
    OfThisRun(Box<[RandomState; 2]>),
    /// Such as can be compared with those of other runs, and that nobody can make equal: the first half of a SHA-256.
    Lasting,
}

impl RepeatKeys {
    /// Keys for one run.
    pub(super) fn of_this_run() -> Self {
        Self::OfThisRun(Box::new([RandomState::default(), RandomState::default()]))
    }

    /// A key of these texts, each without the blanks around it.
    pub(super) fn key<'t>(&self, texts: impl Iterator<Item = &'t [u8]>) -> [u8; 16] {
        let mut key = [0; 16];
        match self {
            Self::OfThisRun(states) => {
                let (mut first, mut second) = (states[0].build_hasher(), states[1].build_hasher());
                for text in texts {
                    let text = trimmed_bytes(text);
                    // What is written at once is told from the same bytes written in other pieces.
                    first.write(text);
                    second.write(text);
                }
                key[..8].copy_from_slice(&first.finish().to_be_bytes());
                key[8..].copy_from_slice(&second.finish().to_be_bytes());
            }
            Self::Lasting => {
                let mut digest = Sha256::new();
                for text in texts {
                    digest.update(trimmed_bytes(text));
                    digest.update([0x1f]);
                }
                key.copy_from_slice(&digest.finalize()[..16]);
            }
        }
        key
    }

    /// Adds the record of a line to a buffer that [`Repeats::append`] takes.
    pub(super) fn encode<'t>(
        &self,
        buffer: &mut Vec<u8>,
        ordinal: Ordinal,
        pass: u8,
        cells: impl Iterator<Item = &'t [u8]>,
        named: &RepeatedLine<'_>,
    ) {
        let texts = [named.document, named.line, named.currency].map(short);
        let value = named.value.map(|value| value.serialize());
        let of_texts: usize = texts.iter().map(|text| 1 + text.len()).sum();
        let length = PAYLOAD + of_texts + value.map_or(0, |bytes| bytes.len());
        buffer.reserve(length);
        buffer.extend_from_slice(&head(length as u16, self.key(cells), ordinal));
        buffer.push(pass);
        for text in texts {
            buffer.push(text.len() as u8);
            buffer.extend_from_slice(text.as_bytes());
        }
        if let Some(value) = value {
            buffer.extend_from_slice(&value);
        }
    }
}

/// The text; a long one is cut at a letter, as it only names the line to a reader.
#[inline]
fn short(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
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
    records: Partitions,
    /// None where a line may repeat one of a run joined with later.
    firsts: Option<Firsts>,
}

impl Repeats {
    /// `is_alone` says that no other run's lines come to these.
    pub(super) fn new(is_alone: bool) -> Self {
        Self { records: Partitions::new(IN_MEMORY), firsts: is_alone.then(Firsts::new) }
    }

    /// Adds encoded records, in the order in which their lines stand. Only the later ones of equal lines are named to a
    /// reader: of most lines the key and the place are enough.
    pub(super) fn append(&mut self, encoded: &[u8]) -> io::Result<()> {
        let Some(firsts) = &mut self.firsts else { return self.records.append(encoded) };
        // Memory is slow to answer, and answers several keys at once where nothing else is done between them.
        let are_first: Vec<bool> = each(encoded).map(|record| firsts.meet(record)).collect();
        for (record, is_first) in each(encoded).zip(are_first) {
            match record.first_chunk::<PAYLOAD>().filter(|_| is_first) {
                Some(bare) => {
                    let mut bare = *bare;
                    bare[..KEY.start].copy_from_slice(&(PAYLOAD as u16).to_le_bytes());
                    self.records.push(&bare)?;
                }
                None => self.records.push(record)?,
            }
        }
        Ok(())
    }

    /// All records, for a run to be joined with later.
    pub(super) fn records(&mut self) -> &mut Partitions {
        &mut self.records
    }

    /// The repetitions, in the order in which they stand. `is_valid` says whether a pass over a sheet counted.
    pub(super) fn finish(mut self, is_valid: impl Fn(u32, u32, u8) -> bool) -> io::Result<Vec<Repeat>> {
        let mut repeats = Vec::new();
        self.records.each_repeated(|records| {
            let counts = |record: &&&[u8]| {
                let at = place(record);
                is_valid(at.0, at.1, record[PASS])
            };
            let valid: Vec<&[u8]> = records.iter().filter(counts).copied().collect();
            for same in valid.chunk_by(|a, b| a[KEY] == b[KEY]) {
                let first = place(same[0]);
                for record in &same[1..] {
                    repeats.push(repeat(record, first)?);
                }
            }
            Ok(())
        })?;
        repeats.sort_by_key(|repeat| repeat.at);
        Ok(repeats)
    }
}

const PASS: usize = PLACE.end;
const PAYLOAD: usize = PASS + 1;

fn repeat(record: &[u8], first: Ordinal) -> io::Result<Repeat> {
    if record.len() == PAYLOAD {
        return Err(io::Error::other("a line that repeats another came before it"));
    }
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
    Ok(Repeat { at: place(record), first, document, line, value, currency })
}

/// A bit for each key met: a key whose bit is not set has not been met; the others may have been.
struct Firsts(Vec<u64>);

impl Firsts {
    /// Two MiB: one line in five shares its bit with another where there are four million.
    const BITS: usize = 1 << 24;

    fn new() -> Self {
        Self(vec![0; Self::BITS / 64])
    }

    /// Meets the key of a record; true where it is met for the first time for certain.
    fn meet(&mut self, record: &[u8]) -> bool {
        // The other half says in which part of the records it stands.
        let half = record[KEY.end - 8..].first_chunk().copied().unwrap_or_default();
        let at = u64::from_be_bytes(half) as usize % Self::BITS;
        let (word, bit) = (&mut self.0[at / 64], 1 << (at % 64));
        let is_first = *word & bit == 0;
        *word |= bit;
        is_first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(document: &str) -> RepeatedLine<'_> {
        RepeatedLine { document, line: "1", currency: "USD", value: Some(Decimal::new(500, 2)) }
    }

    #[test]
    fn the_second_of_two_equal_lines_is_found_wherever_it_stands() {
        for keys in [RepeatKeys::of_this_run(), RepeatKeys::Lasting] {
            let mut repeats = Repeats::new(matches!(keys, RepeatKeys::OfThisRun(_)));
            let mut buffer = Vec::new();
            for row in 2..3_000u32 {
                let document = format!("D{row}");
                keys.encode(
                    &mut buffer,
                    (0, 0, row),
                    0,
                    [document.as_bytes(), b"1"].into_iter(),
                    &named(&document),
                );
            }
            keys.encode(&mut buffer, (1, 0, 9), 0, [b"D77".as_slice(), b" 1"].into_iter(), &named("D77"));
            // Read in a pass that was given up: not counted.
            keys.encode(&mut buffer, (2, 0, 9), 0, [b"D78".as_slice(), b"1"].into_iter(), &named("D78"));
            repeats.append(&buffer).unwrap();
            repeats.records.write_out().unwrap();
            let found = repeats.finish(|file, _, _| file != 2).unwrap();
            assert_eq!(found.len(), 1);
            assert_eq!((found[0].at, found[0].first), ((1, 0, 9), (0, 0, 77)));
            assert_eq!((found[0].document.as_str(), found[0].value.as_str()), ("D77", "5.00"));
        }
    }
}
