//! What a run keeps so that it can be joined with others: one compressed file beside its report.
//!
//! Owns the layout of that file: a line that names it, then one section after the other, each led by its length. The
//! sections are the spools of the run as they are, so that joining copies bytes and judges nothing again.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use super::Error;
use super::partitions::Partitions;
use super::spool::{Ordinal, Spool};
use super::tally::Tally;
use crate::checks::Place;
use crate::finding::Finding;
use crate::report::{self, HashedFile};
use crate::run::InputRecord;
use crate::screening::Nearest;

/// The file, beside the report.
pub(crate) const FILE: &str = "merge.lookback";

/// What it begins with.
const TITLE: &[u8; 17] = b"lookback merge 2\n";

/// What a run knows beside its files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Opening {
    /// Decision files that lie among the inputs and were not given as decisions.
    pub(super) decision_files: Vec<PathBuf>,
    /// Parties that came nearest to the list without being flagged.
    pub(super) nearest: Vec<Nearest>,
}

/// What is kept of one file beside the spools.
#[derive(Serialize)]
pub(super) struct ShareRef<'a> {
    pub(super) name: &'a str,
    pub(super) record: &'a InputRecord,
    /// Every sheet with its number, and which pass over it counts.
    pub(super) sheets: Vec<(u32, &'a Place, Option<u8>)>,
    pub(super) about_sheets: &'a [(Ordinal, Finding)],
    pub(super) total: &'a Tally,
}

/// The same read back; the fields stand in the same order.
#[derive(Deserialize)]
pub(super) struct Share {
    pub(super) name: String,
    pub(super) record: InputRecord,
    pub(super) sheets: Vec<(u32, Place, Option<u8>)>,
    pub(super) about_sheets: Vec<(Ordinal, Finding)>,
    pub(super) total: Tally,
}

/// The file while it is written.
pub(super) struct KeptFile {
    path: PathBuf,
    out: DeflateEncoder<HashedFile>,
}

impl KeptFile {
    pub(super) fn create(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(FILE);
        let mut file = HashedFile::create(&path)?;
        file.write_all(TITLE).map_err(|source| report::Error::io(&path, source))?;
        Ok(Self { out: DeflateEncoder::new(file, Compression::fast()), path })
    }

    pub(super) fn opening(&mut self, opening: &Opening) -> Result<(), Error> {
        let encoded =
            postcard::to_stdvec(opening).map_err(io::Error::other).map_err(|error| self.failed(error))?;
        self.section(encoded.len() as u64, |out| out.write_all(&encoded))
    }

    pub(super) fn spool(&mut self, spool: &mut Spool) -> Result<(), Error> {
        self.section(spool.bytes(), |out| spool.copy_to(out))
    }

    pub(super) fn partitions(&mut self, partitions: &mut Partitions) -> Result<(), Error> {
        self.section(partitions.bytes(), |out| partitions.copy_to(out))
    }

    /// Completes the file; gives its SHA-256.
    pub(super) fn finish(self) -> Result<String, Error> {
        let path = self.path;
        let finished = self.out.finish().and_then(HashedFile::finish);
        finished.map_err(|source| report::Error::io(&path, source).into())
    }

    fn section(
        &mut self,
        bytes: u64,
        write: impl FnOnce(&mut DeflateEncoder<HashedFile>) -> io::Result<()>,
    ) -> Result<(), Error> {
        let written = self.out.write_all(&bytes.to_le_bytes()).and_then(|()| write(&mut self.out));
        written.map_err(|error| self.failed(error))
    }

    fn failed(&self, source: io::Error) -> Error {
        report::Error::io(&self.path, source).into()
    }
}

/// The file while it is read back, in the order in which it was written.
pub(super) struct Kept {
    path: PathBuf,
    from: DeflateDecoder<BufReader<File>>,
}

impl Kept {
    /// Opens the file of a finished run, and reads what comes first.
    pub(super) fn open(folder: &Path) -> Result<(Self, Opening), Error> {
        let path = folder.join(FILE);
        let broken = |source| Error::Kept { path: path.clone(), source };
        let mut file = BufReader::with_capacity(1 << 18, File::open(&path).map_err(broken)?);
        let mut title = [0; TITLE.len()];
        file.read_exact(&mut title).map_err(broken)?;
        if title != *TITLE {
            return Err(broken(io::Error::from(io::ErrorKind::InvalidData)));
        }
        let mut kept = Self { from: DeflateDecoder::new(file), path: path.clone() };
        let bytes = kept.length()?;
        let mut encoded = Vec::new();
        kept.from.by_ref().take(bytes).read_to_end(&mut encoded).map_err(broken)?;
        let opening = postcard::from_bytes(&encoded).map_err(io::Error::other).map_err(broken)?;
        Ok((kept, opening))
    }

    /// What was kept of each file.
    pub(super) fn shares(&mut self) -> Result<Spool, Error> {
        let mut shares = Spool::new().map_err(Error::Temporary)?;
        let bytes = self.length()?;
        shares
            .append_from(&mut self.from, bytes, |number| Ok(Some(number)))
            .map_err(|source| self.broken(source))?;
        Ok(shares)
    }

    /// Adds the records of the next spool; `numbers` are those of this run, by those of the run read.
    pub(super) fn spool(&mut self, into: &mut Spool, numbers: &[Option<u32>]) -> Result<(), Error> {
        let bytes = self.length()?;
        into.append_from(&mut self.from, bytes, |file| number(numbers, file))
            .map_err(|source| self.broken(source))
    }

    /// The same for records with keys.
    pub(super) fn partitions(&mut self, into: &mut Partitions, numbers: &[Option<u32>]) -> Result<(), Error> {
        let bytes = self.length()?;
        into.append_from(&mut self.from, bytes, |file| number(numbers, file))
            .map_err(|source| self.broken(source))
    }

    fn length(&mut self) -> Result<u64, Error> {
        let mut length = [0; 8];
        self.from.read_exact(&mut length).map_err(|source| self.broken(source))?;
        Ok(u64::from_le_bytes(length))
    }

    /// The error that tells of a file that is not as it was written; a full disk is another matter.
    pub(super) fn broken(&self, source: io::Error) -> Error {
        if report::is_full(&source) {
            return Error::Temporary(source);
        }
        Error::Kept { path: self.path.clone(), source }
    }
}

fn number(numbers: &[Option<u32>], file: u32) -> io::Result<Option<u32>> {
    numbers.get(file as usize).copied().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))
}
