//! The lines of the Disclosure schedule, kept on disk until they can be printed by group.
//!
//! Memory grows by 8 bytes a line, and by the names of groups: a group is a party, an item and a requirement. Groups are
//! summed when they are printed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use rust_decimal::Decimal;

use crate::disclosure::{Disclosure, LineFacts, Part, ScheduleLine};
use crate::effective::parse_iso;
use crate::entity_list::fold_name;
use crate::finding::NumberedFinding;
use crate::run::ByCurrency;

/// Bytes read at once: some lines. Groups lie all over the file, and what lies behind a line is mostly another group's.
const READ_AT_ONCE: usize = 1 << 12;

/// Bits of an entry that say where its line stands in the file; those above them number its group.
const OFFSET_BITS: u32 = 40;

/// A group and a place in the file, as one number that sorts by both.
fn entry(group: u32, offset: u64) -> io::Result<u64> {
    if offset >> OFFSET_BITS != 0 || group >> (u64::BITS - OFFSET_BITS) != 0 {
        return Err(io::Error::other("the disclosure schedule is too long; audit fewer files at once"));
    }
    Ok(u64::from(group) << OFFSET_BITS | offset)
}

/// The group of an entry, and where its line stands.
fn parts_of(entry: u64) -> (u32, u64) {
    ((entry >> OFFSET_BITS) as u32, entry & ((1 << OFFSET_BITS) - 1))
}

/// A group, in the order in which groups are printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    part: Part,
    party: String,
    item: String,
    requirement: String,
}

/// What is summed over a group, or over a part.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    /// Lines shown; a line counts once.
    pub(super) lines: u64,
    /// Lines among them that are shown and not summed.
    pub(super) not_summed: u64,
    /// First and last date of export.
    pub(super) first_date: String,
    /// See `first_date`.
    pub(super) last_date: String,
    /// Quantities by unit.
    pub(super) quantity: BTreeMap<String, Decimal>,
    /// Values by currency.
    pub(super) value: ByCurrency,
    /// Values in US dollars, of the lines for which they are known.
    pub(super) dollars: Decimal,
    /// Lines summed whose value in US dollars is not known.
    pub(super) without_dollars: u64,
}

/// A group, summed.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    /// The party, as first written.
    pub(super) party: String,
    /// The item, as first written.
    pub(super) item: String,
    /// The requirement.
    pub(super) requirement: String,
    pub(super) sums: Sums,
}

/// A part of the schedule, summed.
#[derive(Debug, Clone, Default)]
pub(super) struct PartSums {
    pub(super) sums: Sums,
    /// Findings kept off by their date.
    pub(super) outside: u64,
    last_line: Option<(String, String, u32)>,
}

/// The schedule while findings pass.
pub(super) struct Schedule<'a> {
    terms: &'a Disclosure,
    spool: BufWriter<File>,
    bytes: u64,
    groups: BTreeMap<Key, u32>,
    entries: Vec<u64>,
    parts: BTreeMap<Part, PartSums>,
}

impl<'a> Schedule<'a> {
    /// A schedule without lines; its temporary file stands in `dir`.
    pub(super) fn new(terms: &'a Disclosure, dir: &Path) -> io::Result<Self> {
        Ok(Self {
            terms,
            spool: BufWriter::with_capacity(1 << 18, tempfile::tempfile_in(dir)?),
            bytes: 0,
            groups: BTreeMap::new(),
            entries: Vec::new(),
            parts: BTreeMap::new(),
        })
    }

    /// Takes the finding where it belongs on the schedule.
    pub(super) fn finding(&mut self, numbered: &NumberedFinding, facts: LineFacts<'_>) -> io::Result<()> {
        let Some(part) = Part::of(numbered) else { return Ok(()) };
        let finding = &numbered.finding;
        let of_part = self.parts.entry(part).or_default();
        if self.terms.is_outside(finding) {
            of_part.outside += 1;
            return Ok(());
        }
        let line = self.terms.line(numbered, facts);
        let at = (finding.file.clone(), finding.sheet.clone(), finding.row);
        if of_part.last_line.as_ref() != Some(&at) {
            of_part.sums.add(&line);
            of_part.last_line = Some(at);
        }
        let party = if finding.folded_party.is_empty() {
            fold_name(&finding.party_name)
        } else {
            finding.folded_party.clone()
        };
        let item =
            if finding.item.is_empty() { fold_name(&finding.description) } else { fold_name(&finding.item) };
        let key = Key { part, party, item, requirement: line.requirement.clone() };
        let next = self.groups.len() as u32;
        let index = *self.groups.entry(key).or_insert(next);
        self.entries.push(entry(index, self.bytes)?);
        let record = postcard::to_allocvec(&line).map_err(io::Error::other)?;
        self.spool.write_all(&(record.len() as u32).to_le_bytes())?;
        self.spool.write_all(&record)?;
        self.bytes += 4 + record.len() as u64;
        Ok(())
    }

    /// The schedule, complete, to be read by group.
    pub(super) fn finish(mut self) -> io::Result<Finished> {
        self.spool.flush()?;
        let mut file = self.spool.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        let mut rank = vec![0u32; self.groups.len()];
        let mut groups = Vec::with_capacity(self.groups.len());
        for (position, (key, index)) in (0u32..).zip(self.groups) {
            rank[index as usize] = position;
            groups.push(key.part);
        }
        for own in &mut self.entries {
            let (group, offset) = parts_of(*own);
            *own = entry(rank[group as usize], offset)?;
        }
        self.entries.sort_unstable();
        Ok(Finished {
            parts: self.parts,
            groups,
            entries: self.entries,
            reader: BufReader::with_capacity(READ_AT_ONCE, file),
            at: 0,
        })
    }
}

/// The schedule in the order in which it is printed.
pub(super) struct Finished {
    parts: BTreeMap<Part, PartSums>,
    groups: Vec<Part>,
    entries: Vec<u64>,
    reader: BufReader<File>,
    at: u64,
}

impl Finished {
    /// A part's sums.
    pub(super) fn part(&self, part: Part) -> PartSums {
        self.parts.get(&part).cloned().unwrap_or_default()
    }

    /// The part of each group, in order.
    pub(super) fn groups(&self) -> &[Part] {
        &self.groups
    }

    /// A group, summed over its lines; a line that stands in it twice counts once.
    pub(super) fn group(&mut self, group: usize) -> io::Result<Group> {
        let mut summed = Group::default();
        let mut last = None;
        for entry in self.lines_of(group) {
            let line = self.line(entry)?;
            let at = (line.file.clone(), line.sheet.clone(), line.row);
            if last.is_none() {
                summed.party.clone_from(&line.party);
                summed.item.clone_from(&line.item);
                summed.requirement.clone_from(&line.requirement);
            }
            if last.as_ref() != Some(&at) {
                summed.sums.add(&line);
                last = Some(at);
            }
        }
        Ok(summed)
    }

    /// The places of a group's lines, to be given to [`Self::line`].
    pub(super) fn lines_of(&self, group: usize) -> std::ops::Range<usize> {
        let group = group as u32;
        let from = self.entries.partition_point(|own| parts_of(*own).0 < group);
        let to = self.entries.partition_point(|own| parts_of(*own).0 <= group);
        from..to
    }

    /// The places of a part's lines by date of export; undated lines come first, and a line's findings stand together.
    pub(super) fn by_date(&mut self, part: Part) -> io::Result<Vec<usize>> {
        let mut dated = Vec::new();
        for group in (0..self.groups.len()).filter(|group| self.groups[*group] == part).collect::<Vec<_>>() {
            for entry in self.lines_of(group) {
                dated.push((self.line(entry)?.date, parts_of(self.entries[entry]).1, entry));
            }
        }
        dated.sort_unstable();
        Ok(dated.into_iter().map(|(_, _, entry)| entry).collect())
    }

    /// A line of the schedule.
    pub(super) fn line(&mut self, entry: usize) -> io::Result<ScheduleLine> {
        let (_, offset) = parts_of(self.entries[entry]);
        // What is buffered is kept where the next line lies in it.
        self.reader.seek_relative(offset.cast_signed() - self.at.cast_signed())?;
        let mut length = [0; 4];
        self.reader.read_exact(&mut length)?;
        let mut record = vec![0; u32::from_le_bytes(length) as usize];
        self.reader.read_exact(&mut record)?;
        self.at = offset + 4 + record.len() as u64;
        postcard::from_bytes(&record).map_err(io::Error::other)
    }
}

impl Sums {
    /// Counts a line once, and sums what may be summed.
    pub(super) fn add(&mut self, line: &ScheduleLine) {
        self.lines += 1;
        for day in line.date.split(" or ").filter(|day| parse_iso(day).is_ok()) {
            if self.first_date.is_empty() || day < self.first_date.as_str() {
                day.clone_into(&mut self.first_date);
            }
            if day > self.last_date.as_str() {
                day.clone_into(&mut self.last_date);
            }
        }
        if !line.not_summed.is_empty() {
            self.not_summed += 1;
            return;
        }
        if let Ok(quantity) = line.quantity.parse::<Decimal>() {
            let sum = self.quantity.entry(line.unit.clone()).or_default();
            *sum = sum.saturating_add(quantity);
        }
        if let Ok(value) = line.value.parse::<Decimal>() {
            let sum = self.value.entry(&line.currency);
            *sum = sum.saturating_add(value);
        }
        match line.dollars.parse::<Decimal>() {
            Ok(dollars) => self.dollars = self.dollars.saturating_add(dollars),
            Err(_) => self.without_dollars += 1,
        }
    }

    /// The value in US dollars, or what is to be completed.
    pub(super) fn dollars_text(&self) -> String {
        let known = super::text::amount(self.dollars);
        let counted = self.lines - self.not_summed;
        match self.without_dollars {
            0 => known,
            lacking if lacking == counted => "USD to complete".to_owned(),
            lacking => {
                format!("{known}\nand USD to complete for {}", super::text::counted(lacking, "line", "lines"))
            }
        }
    }

    /// Quantities by unit, one below the other.
    pub(super) fn quantity_text(&self) -> String {
        let texts: Vec<String> = self
            .quantity
            .iter()
            .map(|(unit, sum)| format!("{} {unit}", sum.normalize()).trim_end().to_owned())
            .collect();
        texts.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Rates;
    use crate::finding::FindingCode;
    use crate::report::example::finding;

    #[test]
    fn lines_come_by_part_party_item_and_requirement_and_each_counts_once() {
        let dir = tempfile::tempdir().unwrap();
        let terms = Disclosure::new(None, Rates::default()).unwrap();
        let mut schedule = Schedule::new(&terms, dir.path()).unwrap();
        for (row, code, party, status, value) in [
            (1, FindingCode::LR01, "Zeta", "open", "10.00"),
            (2, FindingCode::LR01, "Alpha", "open", "20.00"),
            (2, FindingCode::EL01, "Alpha", "open", "20.00"),
            (3, FindingCode::LR01, "Zeta", "open", "-5.00"),
            (4, FindingCode::LR05, "Zeta", "open", "99.00"),
            (5, FindingCode::EL02, "Beta", "confirmed", "7.00"),
        ] {
            let mut numbered = finding(code);
            numbered.status = status.into();
            numbered.finding.row = row;
            numbered.finding.party_name = party.into();
            numbered.finding.folded_party = party.to_lowercase();
            numbered.finding.value = value.into();
            schedule.finding(&numbered, LineFacts::default()).unwrap();
        }
        let mut finished = schedule.finish().unwrap();
        let count = finished.groups().len();
        let groups: Vec<(Part, String, u64)> = (0..count)
            .map(|index| {
                let group = finished.group(index).unwrap();
                (finished.groups()[index], group.party, group.sums.lines)
            })
            .collect();
        let part = Part::NotReviewed;
        assert_eq!(
            groups,
            [
                (Part::Confirmed, "Beta".into(), 1),
                (part, "Alpha".into(), 1),
                (part, "Alpha".into(), 1),
                (part, "Zeta".into(), 2)
            ]
        );
        let entries: Vec<usize> = (0..groups.len()).flat_map(|group| finished.lines_of(group)).collect();
        let rows: Vec<u32> = entries.into_iter().map(|entry| finished.line(entry).unwrap().row).collect();
        assert_eq!(rows, [5, 2, 2, 1, 3]);
        let sums = finished.part(part).sums;
        assert_eq!((sums.lines, sums.not_summed, sums.dollars), (3, 1, Decimal::new(3_000, 2)));
    }
}
