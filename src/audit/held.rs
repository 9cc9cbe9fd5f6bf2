//! What a sheet gave while sheets before it are still being read: held back, to be added when its turn comes.
//!
//! Owns the bound on memory: what does not fit stands in a temporary file of the sheet's own, which is gone with it. When
//! the turn comes is for `ahead` to say.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

use super::batch::BatchOutcome;
use super::records::{Kind, Records};

/// Bytes of records of all kinds that one sheet holds in memory.
const IN_MEMORY: usize = 1 << 20;

/// Records of one sheet, in the order in which its chunks gave them.
pub(super) struct Held {
    memory: [Vec<u8>; Kind::ALL.len()],
    /// Where the memory was written out, and what stands there, from the beginning on.
    file: Option<File>,
    pieces: Vec<Piece>,
    limit: usize,
}

/// Whole records of one kind, one behind the other.
#[derive(Clone, Copy)]
struct Piece {
    kind: Kind,
    bytes: usize,
    /// Of a pass that does not count.
    is_void: bool,
}

impl Held {
    pub(super) fn new() -> Self {
        Self::with_limit(IN_MEMORY)
    }

    fn with_limit(limit: usize) -> Self {
        Self { memory: Default::default(), file: None, pieces: Vec::new(), limit }
    }

    /// Adds what a chunk gave.
    pub(super) fn append(&mut self, outcome: &BatchOutcome) -> io::Result<()> {
        for (memory, kind) in self.memory.iter_mut().zip(Kind::ALL) {
            memory.extend_from_slice(outcome.of(kind));
        }
        if self.in_memory() > self.limit { self.write_out() } else { Ok(()) }
    }

    fn write_out(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile()?),
        };
        for (memory, kind) in self.memory.iter_mut().zip(Kind::ALL) {
            if !memory.is_empty() {
                file.write_all(memory)?;
                self.pieces.push(Piece { kind, bytes: memory.len(), is_void: false });
                memory.clear();
            }
        }
        Ok(())
    }

    /// Drops what a pass gave that does not count, as [`Records::cut`] does.
    pub(super) fn cut(&mut self) {
        for (memory, _) in self.memory.iter_mut().zip(Kind::ALL).filter(|(_, kind)| kind.is_cut()) {
            memory.clear();
        }
        for piece in self.pieces.iter_mut().filter(|piece| piece.kind.is_cut()) {
            piece.is_void = true;
        }
    }

    /// Bytes held in memory.
    pub(super) fn in_memory(&self) -> usize {
        self.memory.iter().map(Vec::len).sum()
    }

    /// Bytes of all records.
    pub(super) fn bytes(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.bytes as u64).sum::<u64>() + self.in_memory() as u64
    }

    /// Whether a file was needed.
    pub(super) fn has_file(&self) -> bool {
        self.file.is_some()
    }

    /// Nothing more will come.
    pub(super) fn close(&mut self) {
        self.memory.iter_mut().for_each(Vec::shrink_to_fit);
    }

    /// Adds everything to the records of the run.
    pub(super) fn pour(mut self, into: &mut Records) -> io::Result<()> {
        if let Some(mut file) = self.file.take() {
            file.seek(SeekFrom::Start(0))?;
            let mut records = Vec::new();
            for piece in &self.pieces {
                if piece.is_void {
                    file.seek(SeekFrom::Current(i64::try_from(piece.bytes).map_err(io::Error::other)?))?;
                    continue;
                }
                records.resize(piece.bytes, 0);
                file.read_exact(&mut records)?;
                into.append_to(piece.kind, &records)?;
            }
        }
        self.memory.iter().zip(Kind::ALL).try_for_each(|(records, kind)| into.append_to(kind, records))
    }
}

#[cfg(test)]
mod tests {
    use super::super::partitions::{begin, end};
    use super::super::spool::{Ordinal, encode};
    use super::*;

    /// What a chunk of ten rows gives.
    fn outcome(chunk: u32, text: &str) -> BatchOutcome {
        let mut outcome = BatchOutcome::default();
        for row in chunk * 10..chunk * 10 + 10 {
            encode(&mut outcome.findings, (1, 0, row), &text);
            encode(&mut outcome.lines, (1, 0, row), &text);
            let head = begin(&mut outcome.repeats, [row as u8; 16], (1, 0, row));
            outcome.repeats.extend_from_slice(text.as_bytes());
            end(&mut outcome.repeats, head);
        }
        outcome
    }

    fn read(records: &mut Records) -> (Vec<(Ordinal, String)>, Vec<u8>) {
        let mut repeats = Vec::new();
        records.repeats.records().copy_to(&mut repeats).unwrap();
        (records.findings.read().unwrap().map(Result::unwrap).collect(), repeats)
    }

    #[test]
    fn what_does_not_fit_in_memory_comes_out_of_a_file_in_the_same_order() {
        let mut direct = Records::new(true).unwrap();
        for chunk in 0..50 {
            direct.append(&outcome(chunk, "kept")).unwrap();
        }
        let direct = read(&mut direct);
        assert_eq!(direct.0.len(), 500);
        for limit in [0, 3_000, 1 << 20] {
            let mut held = Held::with_limit(limit);
            for chunk in 0..50 {
                held.append(&outcome(chunk, "kept")).unwrap();
                assert!(held.in_memory() <= limit);
            }
            assert_eq!(held.has_file(), limit < 1 << 20);
            let mut records = Records::new(true).unwrap();
            held.pour(&mut records).unwrap();
            assert!(read(&mut records) == direct, "{limit}");
        }
    }

    #[test]
    fn a_cut_drops_what_a_cut_of_the_records_drops() {
        let mut direct = Records::new(true).unwrap();
        let start = direct.positions();
        let fill = |append: &mut dyn FnMut(&BatchOutcome), text: &str| {
            (0..50).for_each(|chunk| append(&outcome(chunk, text)));
        };
        fill(&mut |outcome| direct.append(outcome).unwrap(), "void");
        direct.cut(start).unwrap();
        fill(&mut |outcome| direct.append(outcome).unwrap(), "counts");
        let direct = read(&mut direct);
        for limit in [3_000, 1 << 20] {
            let mut held = Held::with_limit(limit);
            fill(&mut |outcome| held.append(outcome).unwrap(), "void");
            held.cut();
            fill(&mut |outcome| held.append(outcome).unwrap(), "counts");
            let mut records = Records::new(true).unwrap();
            held.pour(&mut records).unwrap();
            assert!(read(&mut records) == direct, "{limit}");
        }
    }
}
