//! What the lines of all files left behind, in one order: findings, rows not audited, and records to be compared later.
//!
//! Owns the spools and partitions of a run. What of them counts, by file and pass, is known to `files`.

use std::io;

use super::Error;
use super::batch::BatchOutcome;
use super::histories::Histories;
use super::kept::{Kept, KeptFile};
use super::repeats::Repeats;
use super::spool::Spool;

/// The kinds of records that lines leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Findings,
    Rejected,
    Lines,
    Particulars,
    Repeats,
    Histories,
}

impl Kind {
    pub(super) const ALL: [Self; 6] =
        [Self::Findings, Self::Rejected, Self::Lines, Self::Particulars, Self::Repeats, Self::Histories];

    /// Whether records of a pass that does not count are taken out again. The others name their pass, and are passed over.
    pub(super) fn is_cut(self) -> bool {
        !matches!(self, Self::Repeats | Self::Histories)
    }
}

/// The records of a run.
pub(super) struct Records {
    pub(super) findings: Spool,
    pub(super) rejected: Spool,
    pub(super) lines: Spool,
    pub(super) particulars: Spool,
    pub(super) repeats: Repeats,
    pub(super) histories: Histories,
}

/// Where the next record of each spool will stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Positions([u64; 4]);

impl Records {
    /// `is_alone` says that no other run's lines come to these.
    pub(super) fn new(is_alone: bool) -> io::Result<Self> {
        Ok(Self {
            findings: Spool::new()?,
            rejected: Spool::new()?,
            lines: Spool::new()?,
            particulars: Spool::new()?,
            repeats: Repeats::new(is_alone),
            histories: Histories::new(),
        })
    }

    /// Adds what a chunk gave.
    pub(super) fn append(&mut self, outcome: &BatchOutcome) -> io::Result<()> {
        Kind::ALL.into_iter().try_for_each(|kind| self.append_to(kind, outcome.of(kind)))
    }

    /// Adds encoded records of one kind.
    pub(super) fn append_to(&mut self, kind: Kind, encoded: &[u8]) -> io::Result<()> {
        match kind {
            Kind::Findings => self.findings.append(encoded),
            Kind::Rejected => self.rejected.append(encoded),
            Kind::Lines => self.lines.append(encoded),
            Kind::Particulars => self.particulars.append(encoded),
            Kind::Repeats => self.repeats.append(encoded),
            Kind::Histories => self.histories.append(encoded),
        }
    }

    /// Where the next record of each spool will stand.
    pub(super) fn positions(&self) -> Positions {
        Positions([&self.findings, &self.rejected, &self.lines, &self.particulars].map(Spool::position))
    }

    /// Drops what was spooled from these positions on.
    pub(super) fn cut(&mut self, positions: Positions) -> io::Result<()> {
        self.spools().into_iter().zip(positions.0).try_for_each(|(spool, position)| spool.cut(position))
    }

    /// Writes everything into the file that a merge reads.
    pub(super) fn keep(&mut self, file: &mut KeptFile) -> Result<(), Error> {
        for spool in self.spools() {
            file.spool(spool)?;
        }
        file.partitions(self.repeats.records())?;
        file.partitions(self.histories.records())
    }

    /// Adds everything that such a file holds; `numbers` are those of this run, by those of the run read.
    pub(super) fn join(&mut self, kept: &mut Kept, numbers: &[Option<u32>]) -> Result<(), Error> {
        for spool in self.spools() {
            kept.spool(spool, numbers)?;
        }
        kept.partitions(self.repeats.records(), numbers)?;
        kept.partitions(self.histories.records(), numbers)
    }

    fn spools(&mut self) -> [&mut Spool; 4] {
        [&mut self.findings, &mut self.rejected, &mut self.lines, &mut self.particulars]
    }
}
