//! What was begun ahead of its turn and waits for it: files, their sheets, and what came of each.
//!
//! Owns the bounds on all of it together. Who begins what is for `ahead` to say.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::resume_unwind;

use super::Error;
use super::held::Held;
use super::opened::Opened;
use super::reading::{Reading, SheetEnd, SheetMark};
use super::sample::FileKey;
use crate::checks::Place;
use crate::ingest::Sheet;

/// What may wait for its turn; beyond it, nothing is begun until the front has come on. Files that are done leave a
/// record each.
pub(super) const FILES_WAITING: usize = 256;
const MEMORY_WAITING: usize = 8 << 20;
const BYTES_WAITING: u64 = 256 << 20;
/// Each is an open file of ours.
const TEMPORARY_WAITING: usize = 8;

#[derive(Default)]
pub(super) struct Waiting {
    /// Files that were begun and are not behind the front, by number.
    pub(super) files: BTreeMap<u32, File>,
    /// The first file that nobody has begun.
    pub(super) next: u32,
    /// Threads at work.
    pub(super) busy: usize,
}

/// A file under way.
pub(super) enum File {
    Opening,
    Open(Box<OpenFile>),
    Failed(Failed),
}

/// A file that has been opened.
pub(super) struct OpenFile {
    /// None once the front has it.
    pub(super) opened: Option<Box<Opened>>,
    pub(super) key: FileKey,
    pub(super) places: Vec<Place>,
    pub(super) sheets: Vec<Slot>,
}

/// What has become of a sheet.
pub(super) enum Slot {
    /// Not begun.
    Waiting(Box<Sheet>),
    /// With another thread.
    Busy,
    Ready(Found),
    Failed(Failed),
    /// With the front.
    Taken,
}

/// A sheet whose turn has come.
pub(super) enum Found {
    /// Not begun.
    New(SheetMark, Box<Sheet>),
    /// Begun, and to be read on.
    Begun(Box<Reading>, Held),
    Done(Box<SheetEnd>, Held),
}

/// Why something could not be done ahead; told when its turn comes.
pub(super) enum Failed {
    Error(Error),
    Panic(Box<dyn Any + Send>),
}

impl Failed {
    /// The error; the panic goes on here.
    pub(super) fn raise(self) -> Error {
        match self {
            Self::Error(error) => error,
            Self::Panic(panic) => resume_unwind(panic),
        }
    }
}

impl Waiting {
    /// The sheet, where its file is open.
    pub(super) fn slot(&mut self, at: (u32, u32)) -> Option<&mut Slot> {
        match self.files.get_mut(&at.0) {
            Some(File::Open(file)) => file.sheets.get_mut(at.1 as usize),
            _ => None,
        }
    }

    /// Whether enough waits for its turn.
    pub(super) fn is_full(&self) -> bool {
        let (mut memory, mut bytes, mut files) = (0, 0, 0);
        for file in self.files.values() {
            let File::Open(file) = file else { continue };
            for slot in &file.sheets {
                if let Slot::Ready(Found::Done(end, held)) = slot {
                    memory += held.in_memory() + end.tally.weight();
                    bytes += held.bytes();
                    files += usize::from(held.has_file());
                }
            }
        }
        memory >= MEMORY_WAITING || bytes >= BYTES_WAITING || files >= TEMPORARY_WAITING
    }
}

impl File {
    /// Whether it is being opened, or a sheet of it is not done.
    pub(super) fn is_being_read(&self) -> bool {
        match self {
            Self::Opening => true,
            Self::Open(file) => file.sheets.iter().any(|slot| matches!(slot, Slot::Waiting(_) | Slot::Busy)),
            Self::Failed(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::batch::BatchOutcome;
    use super::super::tally::Tally;
    use super::*;
    use crate::run::SheetRecord;

    #[test]
    fn only_so_much_waits() {
        let waiting = |bytes: usize| {
            let mut held = Held::new();
            let outcome = BatchOutcome { lines: vec![0; bytes], ..Default::default() };
            held.append(&outcome).unwrap();
            let end = SheetEnd {
                record: SheetRecord::default(),
                tally: Tally::default(),
                about: Vec::new(),
                pass: Some(0),
                file: None,
            };
            let place = Place { file: String::new(), sheet: String::new() };
            File::Open(Box::new(OpenFile {
                opened: None,
                key: FileKey::new("", 0),
                places: vec![place],
                sheets: vec![Slot::Ready(Found::Done(Box::new(end), held))],
            }))
        };
        let full_after = |bytes: usize| {
            let mut state = Waiting::default();
            while !state.is_full() {
                state.files.insert(state.next, waiting(bytes));
                state.next += 1;
            }
            state.next as usize
        };
        assert_eq!(full_after(1 << 20), MEMORY_WAITING >> 20);
        assert_eq!(full_after(2 << 20), TEMPORARY_WAITING, "each has a temporary file");
        assert_eq!(full_after(64 << 20), 4);
    }
}
