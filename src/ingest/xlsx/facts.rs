//! What the cell reader does not show of a sheet, found while its archive is walked: hidden rows, merges, formulas.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use memchr::memmem;

use super::super::limits::Limits;
use super::super::package::{self, Damage};
use super::FileFault;

/// What the walk found in one sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SheetFacts {
    /// Hidden rows, counted from 1.
    pub(crate) hidden: BTreeSet<u32>,
    /// Merged ranges that reach over several rows: first row, last row, first column; rows counted from 1, columns from 0.
    pub(crate) merges: Vec<(u32, u32, u32)>,
    /// Whether there are formulas.
    pub(crate) formulas: bool,
    /// By style of a cell, to how many digits its number format fills up with zeros; empty where no style does.
    pub(crate) padding: Arc<[u8]>,
    /// What is wrong with its part, if the checksum says so.
    pub(crate) damage: Option<String>,
}

/// What the walk found in a workbook.
pub(crate) struct Inspected {
    /// The facts of each sheet, in the workbook's order.
    pub(crate) sheets: Vec<SheetFacts>,
    /// Damaged parts without which the sheets can be read.
    pub(crate) unneeded: Damage,
}

/// Walks the archive.
pub(crate) fn inspect(path: &Path, shown_as: &str, limits: Limits) -> Result<Inspected, FileFault> {
    let mut by_part: BTreeMap<String, SheetFacts> = BTreeMap::new();
    let (mut workbook, mut relations, mut styles) = (Vec::new(), Vec::new(), Vec::new());
    let mut scanner = Scanner::default();
    let mut damage = package::walk(path, shown_as, limits, &mut |name, block| match name {
        _ if name.starts_with("xl/workbook") => workbook.extend_from_slice(block),
        _ if name.starts_with("xl/_rels/workbook") => relations.extend_from_slice(block),
        "xl/styles.xml" => styles.extend_from_slice(block),
        _ if name.contains("worksheets/") && !name.ends_with("rels") => {
            if block.is_empty() {
                by_part.insert(name.to_owned(), std::mem::take(&mut scanner).finish());
            } else {
                scanner.see(block);
            }
        }
        _ => {}
    })?;
    for part in ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml", "xl/styles.xml"] {
        if let Some(why) = damage.get(part) {
            return Err(package::damaged_part(shown_as, "", why));
        }
    }
    let padding = padding_of(&styles);
    let sheets = sheet_parts(&workbook, &relations)
        .into_iter()
        .map(|part| {
            let damage = damage.remove(&part);
            SheetFacts { damage, padding: Arc::clone(&padding), ..by_part.remove(&part).unwrap_or_default() }
        })
        .collect();
    Ok(Inspected { sheets, unneeded: damage })
}

/// By style of a cell, to how many digits its number format fills up with zeros: `0000000000` to ten.
fn padding_of(styles: &[u8]) -> Arc<[u8]> {
    let mut widths: BTreeMap<&[u8], u8> = BTreeMap::new();
    for tag in tags(styles, b"numFmt") {
        if let (Some(id), Some(code)) = (attribute(tag, b"numFmtId"), attribute(tag, b"formatCode")) {
            let code = code.strip_suffix(b";@").unwrap_or(code);
            if (3..=20).contains(&code.len()) && code.iter().all(|&byte| byte == b'0') {
                widths.insert(id, code.len() as u8);
            }
        }
    }
    let begin = memmem::find(styles, b"cellXfs").filter(|_| !widths.is_empty());
    let end = memmem::rfind(styles, b"cellXfs");
    match (begin, end) {
        (Some(begin), Some(end)) if begin < end => tags(&styles[begin..end], b"xf")
            .map(|tag| attribute(tag, b"numFmtId").and_then(|id| widths.get(id)).copied().unwrap_or(0))
            .collect(),
        _ => Arc::default(),
    }
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
    /// Sees the next bytes.
    fn see(&mut self, block: &[u8]) {
        self.window.extend_from_slice(block);
        // A tag cut by the end of the block is looked at with the next.
        let whole = memchr::memrchr(b'<', &self.window).unwrap_or(self.window.len());
        self.look(whole);
        self.window.drain(..whole);
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
        let expected = SheetFacts {
            hidden: BTreeSet::from([3]),
            merges: vec![(4, 5, 0)],
            formulas: true,
            ..SheetFacts::default()
        };
        for size in [1, 2, 7, 64, 4096] {
            let mut scanner = Scanner::default();
            for block in xml.chunks(size) {
                scanner.see(block);
            }
            assert_eq!(scanner.finish(), expected, "blocks of {size}");
        }
    }

    #[test]
    fn formats_that_fill_up_with_zeros_are_found_by_style() {
        let styles = br#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0000000000"/><numFmt numFmtId="165" formatCode="0.00"/></numFmts>
            <cellStyleXfs><xf numFmtId="164"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164" fontId="0"/><xf numFmtId="165"/></cellXfs></styleSheet>"#;
        assert_eq!(*padding_of(styles), [0, 10, 0]);
        assert!(padding_of(b"<styleSheet><cellXfs><xf numFmtId='1'/></cellXfs></styleSheet>").is_empty());
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
