//! The walk over a workbook's archive before it is read: checksums, true sizes, and what the cell reader does not show.
//!
//! Every part is inflated to its end, which is what makes its checksum count; sizes come from the bytes, never from the
//! directory's word.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use memchr::memmem;

use super::FileFault;

/// A part larger than this is refused when it is a sign of a bomb, or, for shared strings, in any case.
const LARGE_PART: u64 = 64 << 20;
/// Spreadsheet XML rarely shrinks below one fiftieth.
const HIGHEST_RATIO: u64 = 250;
/// All parts together.
const LARGEST_PACKAGE: u64 = 16 << 30;
/// Shared strings are held in memory.
const LARGEST_STRINGS: u64 = 1 << 30;

/// What the walk found in one sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SheetFacts {
    /// Hidden rows, counted from 1.
    pub(crate) hidden: BTreeSet<u32>,
    /// Merged ranges that reach over several rows: first row, last row, first column; rows counted from 1, columns from 0.
    pub(crate) merges: Vec<(u32, u32, u32)>,
    /// Whether there are formulas.
    pub(crate) formulas: bool,
}

/// Walks the archive; gives the facts of each sheet in the workbook's order.
pub(crate) fn inspect(path: &Path, shown_as: &str) -> Result<Vec<SheetFacts>, FileFault> {
    let damaged =
        |what: String| FileFault::new(shown_as, what, "Get the file again from where it was exported");
    let file = File::open(path).map_err(|error| super::super::unreadable(shown_as, &error))?;
    let mut archive = zip::ZipArchive::new(BufReader::with_capacity(1 << 16, file))
        .map_err(|error| damaged(format!("not a complete workbook ({error})")))?;
    let mut by_part = BTreeMap::new();
    let (mut workbook, mut relations) = (Vec::new(), Vec::new());
    let mut total = 0;
    for index in 0..archive.len() {
        let mut part = archive
            .by_index(index)
            .map_err(|error| damaged(format!("part {index} of the archive cannot be read ({error})")))?;
        let name = match part.name() {
            Ok(name) => name.into_owned(),
            Err(error) => {
                return Err(damaged(format!("part {index} of the archive has no readable name ({error})")));
            }
        };
        let packed = part.compressed_size();
        let folded = name.to_ascii_lowercase();
        let mut scan = folded.contains("worksheets/") && !folded.ends_with("rels");
        let keep = match folded.as_str() {
            "xl/workbook.xml" => Some(&mut workbook),
            "xl/_rels/workbook.xml.rels" => Some(&mut relations),
            _ => None,
        };
        let mut scanner = Scanner::default();
        let mut kept = keep;
        let mut size = 0;
        let mut block = vec![0; 1 << 18];
        loop {
            let count = part.read(&mut block).map_err(|error| {
                damaged(format!("the checksum of {name} does not match or it is cut ({error}): the file was damaged or altered; 0 lines audited"))
            })?;
            if count == 0 {
                break;
            }
            size += count as u64;
            total += count as u64;
            let bomb = size > LARGE_PART && size / packed.max(1) > HIGHEST_RATIO;
            let strings = folded.ends_with("sharedstrings.xml") && size > LARGEST_STRINGS;
            if bomb || strings || total > LARGEST_PACKAGE {
                return Err(FileFault::new(
                    shown_as,
                    format!(
                        "{name} unpacks to more than {} MiB from {} KiB: too large to be read safely",
                        size >> 20,
                        packed >> 10
                    ),
                    "If the file is genuine, save its sheets as CSV UTF-8 and audit those",
                ));
            }
            if let Some(kept) = kept.as_deref_mut() {
                kept.extend_from_slice(&block[..count]);
            }
            if scan {
                scan = scanner.see(&block[..count]);
            }
        }
        if folded.contains("worksheets/") {
            by_part.insert(folded, scanner.finish());
        }
    }
    let parts = sheet_parts(&workbook, &relations);
    Ok(parts.iter().map(|part| by_part.remove(part).unwrap_or_default()).collect())
}

/// The part of each sheet, in the workbook's order.
fn sheet_parts(workbook: &[u8], relations: &[u8]) -> Vec<String> {
    let mut targets = BTreeMap::new();
    for tag in tags(relations, b"Relationship") {
        if let (Some(id), Some(target)) = (attribute(tag, b"Id"), attribute(tag, b"Target")) {
            let target = String::from_utf8_lossy(target).to_ascii_lowercase();
            let part = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            targets.insert(id.to_vec(), part);
        }
    }
    tags(workbook, b"sheet")
        .map(|tag| {
            let id = attribute(tag, b"r:id").or_else(|| attribute(tag, b"id"));
            id.and_then(|id| targets.get(id).cloned()).unwrap_or_default()
        })
        .collect()
}

/// Tags of this name, without a prefix or with any.
fn tags<'a>(xml: &'a [u8], name: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    memchr::memchr_iter(b'<', xml).filter_map(move |start| {
        let rest = &xml[start + 1..];
        let end = memchr::memchr(b'>', rest)?;
        let tag = &rest[..end];
        let word = tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next()?;
        let local = word.rsplit(|&byte| byte == b':').next()?;
        (local == name && tag.len() > word.len()).then_some(tag)
    })
}

/// The value of an attribute in a tag.
fn attribute<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    memmem::find_iter(tag, name).find_map(|at| {
        let before = at.checked_sub(1).map(|at| tag[at]);
        let rest = tag[at + name.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let (&quote, value) = rest.split_first()?;
        let end = memchr::memchr(quote, value)?;
        (before.is_some_and(|byte| byte.is_ascii_whitespace()) && matches!(quote, b'"' | b'\''))
            .then_some(&value[..end])
    })
}

/// Looks through a sheet's XML as it streams by.
#[derive(Default)]
struct Scanner {
    window: Vec<u8>,
    facts: SheetFacts,
}

impl Scanner {
    /// Sees the next bytes; whether it wants more.
    fn see(&mut self, block: &[u8]) -> bool {
        self.window.extend_from_slice(block);
        // A tag cut by the end of the block is looked at with the next.
        let whole = memchr::memrchr(b'<', &self.window).unwrap_or(self.window.len());
        self.look(whole);
        self.window.drain(..whole);
        true
    }

    fn finish(mut self) -> SheetFacts {
        self.look(self.window.len());
        self.facts.merges.sort_unstable();
        self.facts
    }

    fn look(&mut self, end: usize) {
        let xml = &self.window[..end];
        if !self.facts.formulas {
            self.facts.formulas = memmem::find_iter(xml, b"<f")
                .any(|at| matches!(xml.get(at + 2), Some(b'>' | b' ' | b'/')))
                || memmem::find(xml, b":f>").is_some();
        }
        if memmem::find(xml, b"hidden=").is_some() {
            for tag in tags(xml, b"row") {
                let hidden = matches!(attribute(tag, b"hidden"), Some(b"1" | b"true"));
                if let (true, Some(row)) = (hidden, attribute(tag, b"r").and_then(number)) {
                    self.facts.hidden.insert(row);
                }
            }
        }
        if memmem::find(xml, b"mergeCell").is_some() {
            for tag in tags(xml, b"mergeCell") {
                if let Some((first, last)) = attribute(tag, b"ref").and_then(|range| {
                    let colon = memchr::memchr(b':', range)?;
                    Some((position(&range[..colon])?, position(&range[colon + 1..])?))
                }) && last.0 > first.0
                {
                    self.facts.merges.push((first.0, last.0, first.1));
                }
            }
        }
    }
}

fn number(text: &[u8]) -> Option<u32> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Row counted from 1 and column counted from 0 of `C7`.
fn position(text: &[u8]) -> Option<(u32, u32)> {
    let letters = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    if letters == 0 || letters > 3 {
        return None;
    }
    let column = text[..letters]
        .iter()
        .fold(0, |sum, byte| sum * 26 + u32::from(byte.to_ascii_uppercase() - b'A' + 1));
    Some((number(&text[letters..])?, column - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scan_is_the_same_however_the_xml_is_cut() {
        let xml = br#"<sheetData><row r="3" hidden="1"><c r="A3"><f>B3</f><v>1</v></c></row><row r='4' hidden='0'/></sheetData>
            <cols><col hidden="1"/></cols><mergeCells><mergeCell ref="A4:A5"/><mergeCell ref="B1:D1"/></mergeCells>"#;
        let expected = SheetFacts { hidden: BTreeSet::from([3]), merges: vec![(4, 5, 0)], formulas: true };
        for size in [1, 2, 7, 64, 4096] {
            let mut scanner = Scanner::default();
            for block in xml.chunks(size) {
                scanner.see(block);
            }
            assert_eq!(scanner.finish(), expected, "blocks of {size}");
        }
    }

    #[test]
    fn sheets_are_found_by_relation() {
        let workbook = br#"<workbook><sheets><sheet name="A" sheetId="1" r:id="rId2"/><sheet name="B &gt;" r:id="rId1"/></sheets></workbook>"#;
        let relations = br#"<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Target="/xl/worksheets/Sheet2.xml" Id="rId2"/></Relationships>"#;
        assert_eq!(
            sheet_parts(workbook, relations),
            ["xl/worksheets/sheet2.xml", "xl/worksheets/sheet1.xml"]
        );
    }
}
