//! Records with a 128-bit key, on disk in parts that fit in memory, so that lines can be compared over all inputs.
//!
//! A record is its length (two bytes, low first), its key (sixteen bytes, high first), its place (file, sheet and row)
//! and whatever follows. Equal keys come to the same part. Small runs never touch the disk.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use super::spool::Ordinal;

const PARTITIONS: usize = 256;

/// The length and the key.
pub(super) const KEY: std::ops::Range<usize> = 2..18;
/// Where the line stands.
pub(super) const PLACE: std::ops::Range<usize> = 18..30;

/// All records of one kind.
pub(super) struct Partitions {
    memory: Vec<Vec<u8>>,
    /// One file for all parts; what of it belongs to each, in the order written.
    file: Option<File>,
    extents: Vec<Vec<Extent>>,
    written: u64,
    held: usize,
    /// Bytes held in memory before the parts are written out.
    limit: usize,
}

#[derive(Clone, Copy)]
struct Extent {
    at: u64,
    length: usize,
}

impl Partitions {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            memory: vec![Vec::new(); PARTITIONS],
            file: None,
            extents: vec![Vec::new(); PARTITIONS],
            written: 0,
            held: 0,
            limit,
        }
    }

    /// Adds encoded records.
    pub(super) fn append(&mut self, encoded: &[u8]) -> io::Result<()> {
        each(encoded).try_for_each(|record| self.push(record))
    }

    /// Adds one record.
    #[inline]
    pub(super) fn push(&mut self, record: &[u8]) -> io::Result<()> {
        self.memory[usize::from(record[KEY.start])].extend_from_slice(record);
        self.held += record.len();
        // Asked at every record, so that the same records stand the same however many were added at once.
        if self.held > self.limit { self.write_out() } else { Ok(()) }
    }

    pub(super) fn write_out(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile()?),
        };
        file.seek(SeekFrom::Start(self.written))?;
        for (records, extents) in self.memory.iter_mut().zip(&mut self.extents) {
            file.write_all(records)?;
            extents.push(Extent { at: self.written, length: records.len() });
            self.written += records.len() as u64;
            records.clear();
        }
        self.held = 0;
        Ok(())
    }

    /// Bytes of all records.
    pub(super) fn bytes(&self) -> u64 {
        self.written + self.held as u64
    }

    /// Writes all records out, in the same order for the same records appended.
    pub(super) fn copy_to(&mut self, out: &mut impl Write) -> io::Result<()> {
        if let Some(file) = &mut self.file {
            file.seek(SeekFrom::Start(0))?;
            io::copy(&mut Read::by_ref(file).take(self.written), out)?;
        }
        self.memory.iter().try_for_each(|records| out.write_all(records))
    }

    /// Adds the records of another run that stand in this many bytes. `file` gives each file its number in this run, or
    /// none where it does not count.
    pub(super) fn append_from(
        &mut self,
        from: &mut impl Read,
        mut bytes: u64,
        file: impl Fn(u32) -> io::Result<Option<u32>>,
    ) -> io::Result<()> {
        let mut record = Vec::new();
        while bytes > 0 {
            let mut length = [0; 2];
            from.read_exact(&mut length)?;
            let size = usize::from(u16::from_le_bytes(length));
            if size <= PLACE.end || size as u64 > bytes {
                return Err(io::Error::from(io::ErrorKind::InvalidData));
            }
            bytes -= size as u64;
            record.clear();
            record.extend_from_slice(&length);
            record.resize(size, 0);
            from.read_exact(&mut record[2..])?;
            if let Some(number) = file(place(&record).0)? {
                record[PLACE.start..PLACE.start + 4].copy_from_slice(&number.to_be_bytes());
                self.append(&record)?;
            }
        }
        Ok(())
    }

    /// Hands over every record, as it was appended, one after the other.
    pub(super) fn each_as_appended(
        &mut self,
        mut take: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut record = Vec::new();
        if let Some(file) = &mut self.file {
            file.seek(SeekFrom::Start(0))?;
            let mut file = BufReader::with_capacity(1 << 18, file).take(self.written);
            while file.limit() > 0 {
                record.resize(2, 0);
                file.read_exact(&mut record)?;
                let size = usize::from(u16::from_le_bytes([record[0], record[1]]));
                record.resize(size.max(2), 0);
                file.read_exact(&mut record[2..])?;
                take(&record)?;
            }
        }
        for records in &self.memory {
            each(records).try_for_each(&mut take)?;
        }
        Ok(())
    }

    /// Hands over the records of one part after the other, sorted by key and place, of those that `keep` says; the others
    /// are dropped as they are read.
    pub(super) fn each_kept(
        &mut self,
        keep: impl Fn(&[u8]) -> bool,
        take: impl FnMut(&[&[u8]]) -> io::Result<()>,
    ) -> io::Result<()> {
        self.each_of(keep, all, take)
    }

    /// The same of all records, without most whose key stands nowhere else.
    pub(super) fn each_repeated(&mut self, take: impl FnMut(&[&[u8]]) -> io::Result<()>) -> io::Result<()> {
        self.each_of(|_| true, maybe_repeated, take)
    }

    fn each_of(
        &mut self,
        keep: impl Fn(&[u8]) -> bool,
        choose: impl for<'r> Fn(Vec<Keyed<'r>>) -> Vec<Keyed<'r>>,
        mut take: impl FnMut(&[&[u8]]) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut bytes = Vec::new();
        for partition in 0..PARTITIONS {
            self.read(partition, &keep, &mut bytes)?;
            let mut records: Vec<Keyed<'_>> = Vec::with_capacity(bytes.len() / PLACE.end);
            records.extend(each(&bytes).map(|record| {
                let half = record[KEY.start..].first_chunk().copied().unwrap_or_default();
                (u64::from_be_bytes(half), record)
            }));
            let mut chosen = choose(records);
            // Key and place are big-endian, so that bytes sort as numbers do.
            let whole = |record: &[u8]| KEY.start..PLACE.end.min(record.len());
            chosen.sort_unstable_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x[whole(x)].cmp(&y[whole(y)])));
            let chosen: Vec<&[u8]> = chosen.into_iter().map(|(_, record)| record).collect();
            take(&chosen)?;
        }
        Ok(())
    }

    /// The records of one part that are kept.
    fn read(
        &mut self,
        partition: usize,
        keep: &impl Fn(&[u8]) -> bool,
        bytes: &mut Vec<u8>,
    ) -> io::Result<()> {
        bytes.clear();
        if let Some(file) = &mut self.file {
            for extent in &self.extents[partition] {
                let before = bytes.len();
                bytes.resize(before + extent.length, 0);
                file.seek(SeekFrom::Start(extent.at))?;
                file.read_exact(&mut bytes[before..])?;
                retain(bytes, before, keep);
            }
        }
        let before = bytes.len();
        bytes.extend_from_slice(&self.memory[partition]);
        retain(bytes, before, keep);
        Ok(())
    }
}

/// Drops the records from `before` on that are not kept.
fn retain(bytes: &mut Vec<u8>, before: usize, keep: &impl Fn(&[u8]) -> bool) {
    let (mut at, mut kept) = (before, before);
    while let Some((record, _)) = split(&bytes[at..]) {
        let (end, is_kept) = (at + record.len(), keep(record));
        if is_kept {
            bytes.copy_within(at..end, kept);
            kept += end - at;
        }
        at = end;
    }
    bytes.truncate(kept);
}

/// A record with the first half of its key, which orders nearly all; it is at hand, the record is not.
type Keyed<'r> = (u64, &'r [u8]);

fn all(records: Vec<Keyed<'_>>) -> Vec<Keyed<'_>> {
    records
}

/// The records whose key may be another's, too: bits of the keys tell most of the rest.
fn maybe_repeated(mut records: Vec<Keyed<'_>>) -> Vec<Keyed<'_>> {
    let size = (records.len() * 8).next_power_of_two();
    let bit = |key: u64| {
        let at = key as usize & (size - 1);
        (at / 64, 1_u64 << (at % 64))
    };
    let (mut once, mut twice) = (vec![0_u64; size.div_ceil(64)], vec![0_u64; size.div_ceil(64)]);
    for (key, _) in &records {
        let (word, bit) = bit(*key);
        twice[word] |= once[word] & bit;
        once[word] |= bit;
    }
    records.retain(|(key, _)| {
        let (word, bit) = bit(*key);
        twice[word] & bit != 0
    });
    records
}

/// What stands before the payload of a record, which has this length as a whole.
#[inline]
pub(super) fn head(length: u16, key: [u8; 16], ordinal: Ordinal) -> [u8; PLACE.end] {
    let mut head = [0; PLACE.end];
    head[..KEY.start].copy_from_slice(&length.to_le_bytes());
    head[KEY].copy_from_slice(&key);
    let (places, _) = head[PLACE].as_chunks_mut();
    for (place, number) in places.iter_mut().zip([ordinal.0, ordinal.1, ordinal.2]) {
        *place = number.to_be_bytes();
    }
    head
}

/// Begins a record; [`end`] puts its length in.
pub(super) fn begin(buffer: &mut Vec<u8>, key: [u8; 16], ordinal: Ordinal) -> usize {
    let at = buffer.len();
    buffer.extend_from_slice(&head(0, key, ordinal));
    at
}

/// Ends the record begun at `head`; one too long to be counted in two bytes is dropped.
pub(super) fn end(buffer: &mut Vec<u8>, head: usize) {
    match u16::try_from(buffer.len() - head) {
        Ok(length) => buffer[head..head + 2].copy_from_slice(&length.to_le_bytes()),
        Err(_) => buffer.truncate(head),
    }
}

/// The place of a record.
pub(super) fn place(record: &[u8]) -> Ordinal {
    let number = |at: usize| u32::from_be_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]]);
    (number(PLACE.start), number(PLACE.start + 4), number(PLACE.start + 8))
}

/// Encoded records, one after the other.
pub(super) fn each(mut encoded: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (record, rest) = split(encoded)?;
        encoded = rest;
        Some(record)
    })
}

/// The first of encoded records, and the rest.
#[inline]
fn split(encoded: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = usize::from(u16::from_le_bytes([*encoded.first()?, *encoded.get(1)?]));
    encoded.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_come_together_in_the_order_of_their_places() {
        let mut partitions = Partitions::new(1 << 20);
        for round in 0..2u32 {
            let mut buffer = Vec::new();
            for row in (0..1_000u32).rev() {
                let mut key = [0; 16];
                key[0] = (row % 7) as u8;
                let head = begin(&mut buffer, key, (round, 0, row));
                buffer.push(9);
                end(&mut buffer, head);
            }
            partitions.append(&buffer).unwrap();
            if round == 0 {
                partitions.write_out().unwrap();
            }
        }
        // Twice: reading takes nothing away.
        for _ in 0..2 {
            let mut found = 0;
            partitions
                .each_kept(
                    |_| true,
                    |records| {
                        found += records.len();
                        assert!(records.windows(2).all(|pair| place(pair[0]) < place(pair[1])));
                        Ok(())
                    },
                )
                .unwrap();
            assert_eq!(found, 2_000);
        }
        let mut appended = 0;
        partitions
            .each_as_appended(|record| {
                assert_eq!(record[PLACE.end], 9);
                appended += 1;
                Ok(())
            })
            .unwrap();
        assert_eq!(appended, 2_000, "on disk and in memory");
        let mut kept = Vec::new();
        partitions
            .each_kept(
                |record| place(record).2 % 100 == 7,
                |records| {
                    kept.extend(records.iter().map(|record| place(record)));
                    Ok(())
                },
            )
            .unwrap();
        assert_eq!(kept.len(), 20);
        assert!(kept.iter().all(|at| at.2 % 100 == 7), "{kept:?}");
        let repeated = |round: u32| {
            let mut partitions = Partitions::new(1 << 20);
            let mut buffer = Vec::new();
            for row in 0..1_000u64 {
                let mut key = [0; 16];
                key[..8].copy_from_slice(
                    &(row / u64::from(round)).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes(),
                );
                let head = begin(&mut buffer, key, (0, 0, row as u32));
                end(&mut buffer, head);
            }
            partitions.append(&buffer).unwrap();
            let mut found = 0;
            let take = |records: &[&[u8]]| {
                found += records.len();
                Ok(())
            };
            partitions.each_repeated(take).unwrap();
            found
        };
        assert_eq!(repeated(2), 1_000, "every key stands twice");
        assert!(repeated(1) < 400, "no key stands twice");
    }
}
