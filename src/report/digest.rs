//! Digests: of each file while it is written, and of what a finding relies on.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::finding::Finding;

use super::Error;

/// A file that hashes what passes through.
pub(super) struct HashedFile {
    out: BufWriter<File>,
    hash: Sha256,
}

impl HashedFile {
    /// Creates the file, which must not exist: nothing is ever written over.
    pub(super) fn create(path: &Path) -> Result<Self, Error> {
        let file = File::create_new(path).map_err(|source| Error::io(path, source))?;
        Ok(Self { out: BufWriter::with_capacity(1 << 16, file), hash: Sha256::new() })
    }

    /// Writes what is buffered; answers the SHA-256 of everything written.
    pub(super) fn finish(mut self) -> io::Result<String> {
        self.out.flush()?;
        Ok(hex(&self.hash.finalize()))
    }
}

impl Write for HashedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// What the cells a finding relies on say: their fields and raw text, in the finding's order, as 16 hex digits.
///
/// Addresses and headings are left out, so that a file exported again with its rows or columns moved does not undo a decision.
pub fn evidence_digest(finding: &Finding) -> String {
    short(finding.evidence.iter().flat_map(|cell| [cell.field.as_str(), cell.raw.as_str()]))
}

/// What in law and list a finding rests on: rule, entry and citations, as 16 hex digits.
pub fn basis_digest(finding: &Finding) -> String {
    short([
        finding.rule.as_str(),
        &finding.in_force_from,
        &finding.listed_entity_id,
        &finding.listed_entity,
        &finding.matched_name,
        &finding.citations,
    ])
}

/// Hashes texts with their lengths, so that no two sequences run together.
fn short<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hex(&hash.finalize()[..8])
}

pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .map(char::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;

    #[test]
    fn a_moved_cell_keeps_its_digest_and_a_changed_one_does_not() {
        let one = example::finding(crate::finding::FindingCode::LR01).finding;
        let mut moved = one.clone();
        moved.evidence[0].cell = "Z9".into();
        moved.row = 9;
        assert_eq!(evidence_digest(&one), evidence_digest(&moved));
        assert_eq!(evidence_digest(&one).len(), 16);
        let mut changed = one.clone();
        changed.evidence[0].raw.push('x');
        assert_ne!(evidence_digest(&one), evidence_digest(&changed));
        let mut amended = one.clone();
        amended.in_force_from = "2025-01-01".into();
        assert_ne!(basis_digest(&one), basis_digest(&amended));
        assert_eq!(evidence_digest(&one), evidence_digest(&amended));
    }

    #[test]
    fn texts_do_not_run_together() {
        assert_ne!(short(["ab", "c"]), short(["a", "bc"]));
        assert_eq!(hex(&[0x0f, 0xa0]), "0fa0");
    }
}
