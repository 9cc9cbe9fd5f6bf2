//! Digests: of each file while it is written, and of what a finding relies on.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::finding::{Evidence, Finding};

use super::Error;

/// A file that hashes what passes through.
pub(crate) struct HashedFile {
    out: BufWriter<File>,
    hash: Sha256,
}

impl HashedFile {
    /// Creates the file, which must not exist: nothing is ever written over.
    pub(crate) fn create(path: &Path) -> Result<Self, Error> {
        let file = File::create_new(path).map_err(|source| Error::io(path, source))?;
        Ok(Self { out: BufWriter::with_capacity(1 << 16, file), hash: Sha256::new() })
    }

    /// Writes what is buffered; answers the SHA-256 of everything written.
    pub(crate) fn finish(mut self) -> io::Result<String> {
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

/// What the cells a finding relies on say, as 16 hex digits: their fields and text, the day read from the date, and the
/// address of a party it is about. For a finding about a whole sheet, the number of its lines.
///
/// Addresses and headings of cells are left out, and so is how a date is written: a file exported again with its rows,
/// columns or formats changed does not undo a decision.
pub fn evidence_digest(finding: &Finding) -> String {
    let lines = if finding.evidence.is_empty() { finding.lines.to_string() } else { String::new() };
    let dated = !finding.date_of_export.is_empty();
    let cells = finding.evidence.iter().filter(|cell| !(dated && is_date(&cell.field)));
    short(standing(finding, cells).chain([finding.date_of_export.as_str(), &lines]))
}

/// What of the evidence stays the same from line to line, as 16 hex digits: as [`evidence_digest`], without dates. It
/// says whether a decision on a group, a party or an item was made on such a finding.
pub fn standing_digest(finding: &Finding) -> String {
    short(standing(finding, finding.evidence.iter().filter(|cell| !is_date(&cell.field))).chain(["standing"]))
}

fn standing<'a>(
    finding: &'a Finding,
    cells: impl Iterator<Item = &'a Evidence> + 'a,
) -> impl Iterator<Item = &'a str> + 'a {
    let party = (!finding.folded_party.is_empty())
        .then_some([finding.party_address.as_str(), &finding.party_country])
        .into_iter()
        .flatten();
    cells.flat_map(|cell| [cell.field.as_str(), cell.raw.trim()]).chain(party)
}

/// Whether a field of evidence is a date, by the name that evidence gives it; asked of every cell of every finding.
fn is_date(field: &str) -> bool {
    field == "date_of_export" || field.ends_with("_date")
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
    fn dates_are_told_by_their_names() {
        use crate::field::Field;
        for field in Field::all() {
            assert_eq!(is_date(&field.name()), matches!(field, Field::Date(_)), "{}", field.name());
        }
    }

    #[test]
    fn how_a_date_is_written_is_no_evidence_and_the_day_is() {
        let one = example::finding(crate::finding::FindingCode::LR01).finding;
        let with_date = |raw: &str, day: &str| {
            let mut finding = one.clone();
            finding.date_of_export = day.into();
            finding.evidence.push(Evidence {
                field: "goods_issue_date".into(),
                cell: "F2".into(),
                heading: "GI".into(),
                raw: raw.into(),
            });
            finding
        };
        let iso = with_date("2025-01-14", "2025-01-14");
        assert_eq!(evidence_digest(&iso), evidence_digest(&with_date("14.01.2025", "2025-01-14")));
        assert_ne!(evidence_digest(&iso), evidence_digest(&with_date("2025-01-15", "2025-01-15")));
        assert_ne!(evidence_digest(&with_date("#N/A", "")), evidence_digest(&with_date("n/a", "")));
        assert_eq!(standing_digest(&iso), standing_digest(&with_date("2025-02-15", "2025-02-15")));
    }

    #[test]
    fn texts_do_not_run_together() {
        assert_ne!(short(["ab", "c"]), short(["a", "bc"]));
        assert_eq!(hex(&[0x0f, 0xa0]), "0fa0");
    }
}
