//! Findings, rejected rows and lines on disk while the audit runs, so that memory does not grow with them.
//!
//! Owns three files in a temporary folder, each a sequence of records in canonical order. A sheet that has to be read
//! again, or a second copy of a file, is cut off from where it began.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Where a record stands among all: file, sheet, row.
pub(super) type Ordinal = (u32, u32, u32);

/// Three numbers that stand beside a record and are read without it.
pub(super) type Stamp = [u64; 3];

/// What stands before a record: its length, its place, its stamp.
const HEAD: usize = 40;

/// Adds a record to a buffer that [`Spool::append`] takes.
pub(super) fn encode<T: Serialize>(buffer: &mut Vec<u8>, ordinal: Ordinal, record: &T) {
    encode_stamped(buffer, ordinal, [0; 3], record);
}

/// Adds a record with a stamp.
pub(super) fn encode_stamped<T: Serialize>(buffer: &mut Vec<u8>, ordinal: Ordinal, stamp: Stamp, record: &T) {
    let head = buffer.len();
    buffer.extend_from_slice(&[0; HEAD]);
    // Our own records of strings and numbers always serialize into memory.
    if postcard::to_io(record, &mut *buffer).is_err() {
        buffer.truncate(head);
        return;
    }
    let length = (buffer.len() - head - HEAD) as u32;
    for (slot, number) in [length, ordinal.0, ordinal.1, ordinal.2].into_iter().enumerate() {
        buffer[head + slot * 4..head + slot * 4 + 4].copy_from_slice(&number.to_le_bytes());
    }
    for (slot, number) in stamp.into_iter().enumerate() {
        buffer[head + 16 + slot * 8..head + 24 + slot * 8].copy_from_slice(&number.to_le_bytes());
    }
}

/// The records of a buffer, in order.
pub(super) fn decode<T: DeserializeOwned>(mut encoded: &[u8]) -> io::Result<Vec<T>> {
    let mut records = Vec::new();
    while encoded.len() >= HEAD {
        let length = u32::from_le_bytes([encoded[0], encoded[1], encoded[2], encoded[3]]) as usize;
        let (record, rest) = encoded[HEAD..].split_at(length);
        records.push(postcard::from_bytes(record).map_err(io::Error::other)?);
        encoded = rest;
    }
    Ok(records)
}

/// One file of records.
pub(super) struct Spool {
    file: BufWriter<File>,
    bytes: u64,
}

impl Spool {
    /// A new file in the folder for temporary files; it is gone when the program ends, however it ends.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { file: BufWriter::with_capacity(1 << 18, tempfile::tempfile()?), bytes: 0 })
    }

    /// Adds encoded records.
    pub(super) fn append(&mut self, encoded: &[u8]) -> io::Result<()> {
        self.bytes += encoded.len() as u64;
        self.file.write_all(encoded)
    }

    /// Where the next record will stand.
    pub(super) fn position(&self) -> u64 {
        self.bytes
    }

    /// Drops every record from this position on.
    pub(super) fn cut(&mut self, position: u64) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_mut().set_len(position)?;
        self.file.seek(SeekFrom::Start(position))?;
        self.bytes = position;
        Ok(())
    }

    /// Bytes of all records.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Writes all records out.
    pub(super) fn copy_to(&mut self, out: &mut impl Write) -> io::Result<()> {
        let mut reader = self.reader::<()>()?;
        io::copy(&mut reader.file, out).map(drop)
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
            record.resize(HEAD, 0);
            from.read_exact(&mut record)?;
            let number =
                |at: usize| u32::from_le_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]]);
            let (length, number) = (number(0), number(4));
            let size = HEAD as u64 + u64::from(length);
            if size > bytes {
                return Err(io::Error::from(io::ErrorKind::InvalidData));
            }
            bytes -= size;
            record.resize(size as usize, 0);
            from.read_exact(&mut record[HEAD..])?;
            if let Some(number) = file(number)? {
                record[4..8].copy_from_slice(&number.to_le_bytes());
                self.append(&record)?;
            }
        }
        Ok(())
    }

    /// Reads the stamps from the beginning.
    pub(super) fn stamps(&mut self) -> io::Result<Stamps> {
        Ok(Stamps(self.reader()?))
    }

    /// Reads the records from the beginning.
    pub(super) fn read<T: DeserializeOwned>(&mut self) -> io::Result<SpoolReader<T>> {
        self.reader()
    }

    /// The same, each with its stamp.
    pub(super) fn read_stamped<T: DeserializeOwned>(&mut self) -> io::Result<Stamped<T>> {
        Ok(Stamped(self.reader()?))
    }

    fn reader<T>(&mut self) -> io::Result<SpoolReader<T>> {
        self.file.flush()?;
        let mut file = self.file.get_ref().try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(SpoolReader {
            file: BufReader::with_capacity(1 << 18, file),
            left: self.bytes,
            buffer: Vec::new(),
            record: std::marker::PhantomData,
        })
    }
}

/// The records of a spool in order.
pub(super) struct SpoolReader<T> {
    file: BufReader<File>,
    left: u64,
    buffer: Vec<u8>,
    record: std::marker::PhantomData<T>,
}

impl<T: DeserializeOwned> Iterator for SpoolReader<T> {
    type Item = io::Result<(Ordinal, T)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return None;
        }
        Some(self.read_one().map(|(ordinal, _, record)| (ordinal, record)))
    }
}

impl<T: DeserializeOwned> SpoolReader<T> {
    fn read_one(&mut self) -> io::Result<(Ordinal, Stamp, T)> {
        let (length, ordinal, stamp) = self.head()?;
        self.buffer.resize(length as usize, 0);
        self.file.read_exact(&mut self.buffer)?;
        let record = postcard::from_bytes(&self.buffer).map_err(io::Error::other)?;
        Ok((ordinal, stamp, record))
    }
}

impl<T> SpoolReader<T> {
    /// What stands before the next record.
    fn head(&mut self) -> io::Result<(u32, Ordinal, Stamp)> {
        let mut head = [0; HEAD];
        self.file.read_exact(&mut head)?;
        let (numbers, rest) = head.as_chunks::<4>().0.split_at(4);
        let [length, file, sheet, row] = [0, 1, 2, 3].map(|slot| u32::from_le_bytes(numbers[slot]));
        let wide = |slot: usize| {
            u64::from(u32::from_le_bytes(rest[slot])) | u64::from(u32::from_le_bytes(rest[slot + 1])) << 32
        };
        self.left = self.left.saturating_sub(HEAD as u64 + u64::from(length));
        Ok((length, (file, sheet, row), [0, 2, 4].map(wide)))
    }
}

/// The records of a spool in order, each with its stamp.
pub(super) struct Stamped<T>(SpoolReader<T>);

impl<T: DeserializeOwned> Iterator for Stamped<T> {
    type Item = io::Result<(Ordinal, (Stamp, T))>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.left == 0 {
            return None;
        }
        Some(self.0.read_one().map(|(ordinal, stamp, record)| (ordinal, (stamp, record))))
    }
}

/// The stamps of a spool in order, their records passed over.
pub(super) struct Stamps(SpoolReader<()>);

impl Iterator for Stamps {
    type Item = io::Result<(Ordinal, Stamp)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.left == 0 {
            return None;
        }
        Some(self.0.head().and_then(|(length, ordinal, stamp)| {
            self.0.file.seek_relative(i64::from(length))?;
            Ok((ordinal, stamp))
        }))
    }
}

/// Records that stand beside others, looked up by ever later places.
pub(super) struct Beside<T> {
    reader: SpoolReader<T>,
    current: Option<(Ordinal, T)>,
}

impl<T: DeserializeOwned> Beside<T> {
    pub(super) fn new(reader: SpoolReader<T>) -> Self {
        Self { reader, current: None }
    }

    /// The record at this place, if there is one; no place may be earlier than the one before.
    pub(super) fn at(&mut self, place: Ordinal) -> io::Result<Option<&T>> {
        while self.current.as_ref().is_none_or(|(at, _)| *at < place) {
            match self.reader.next().transpose()? {
                Some(record) => self.current = Some(record),
                None => return Ok(None),
            }
        }
        Ok(self.current.as_ref().filter(|(at, _)| *at == place).map(|(_, record)| record))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_in_order_and_a_cut_drops_the_rest() {
        let mut spool = Spool::new().unwrap();
        let mut first = Vec::new();
        encode(&mut first, (0, 0, 2), &"one");
        encode(&mut first, (0, 0, 5), &"two");
        spool.append(&first).unwrap();
        let mark = spool.position();
        let mut second = Vec::new();
        encode(&mut second, (1, 0, 2), &"dropped");
        spool.append(&second).unwrap();
        spool.cut(mark).unwrap();
        let mut third = Vec::new();
        encode(&mut third, (1, 0, 3), &"three");
        spool.append(&third).unwrap();
        let read: Vec<(Ordinal, String)> = spool.read().unwrap().map(Result::unwrap).collect();
        assert_eq!(read, [((0, 0, 2), "one".into()), ((0, 0, 5), "two".into()), ((1, 0, 3), "three".into())]);
    }
}
