//! What the cell reader does not show of a sheet, found while its archive is walked: hidden rows, merges, formulas.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use memchr::memmem;

use super::super::book::LAST_ROW;
use super::super::limits::Limits;
use super::super::number_format::NumberFormat;
use super::super::package::{self, Damage};
use super::FileFault;
use super::core_parts::{CoreParts, PlainBook};

/// What the walk found in one sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SheetFacts {
    /// Hidden rows, counted from 1.
    pub(crate) hidden: BTreeSet<u32>,
    /// Merged ranges that reach over several rows: first row, last row, first column; rows counted from 1, columns from 0.
    pub(crate) merges: Vec<(u32, u32, u32)>,
    /// Whether there are formulas whose value is not stored.
    pub(crate) without_value: bool,
    /// Cells with errors that the cell reader does not know, such as `#GETTING_DATA`: row counted from 1, column from 0.
    pub(crate) errors: BTreeMap<(u32, u32), String>,
    /// Whether the place of each such cell is known.
    pub(crate) errors_unplaced: bool,
    /// By style of a cell, what its number format adds to its number; empty where none adds anything.
    pub(crate) formats: Arc<[NumberFormat]>,
    /// What is wrong with its part, if the checksum says so.
    pub(crate) damage: Option<String>,
}

/// What the walk found in a workbook.
pub(crate) struct Inspected {
    /// The facts of each sheet, in the workbook's order.
    pub(crate) sheets: Vec<SheetFacts>,
    /// The part of each sheet, by lower-case name.
    pub(super) parts: Vec<String>,
    /// What the sheets share, where they may be read as plain markup.
    pub(super) plain: Option<PlainBook>,
    /// Damaged parts without which the sheets can be read.
    pub(crate) unneeded: Damage,
}

/// Walks the archive.
pub(crate) fn inspect(path: &Path, shown_as: &str, limits: Limits) -> Result<Inspected, FileFault> {
    let mut by_part: BTreeMap<String, SheetFacts> = BTreeMap::new();
    let (mut workbook, mut relations, mut styles) = (Vec::new(), Vec::new(), Vec::new());
    let mut scanner = Scanner::default();
    let mut core = CoreParts::default();
    let mut damage = package::walk(path, shown_as, limits, &mut |name, block| {
        core.see(name, block);
        match name {
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
        }
    })?;
    for part in ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml", "xl/styles.xml"] {
        if let Some(why) = damage.get(part) {
            return Err(package::damaged_part(shown_as, "", why));
        }
    }
    let formats = formats_of(&styles);
    let parts = sheet_parts(sheet_ids(&workbook), &relations);
    let sheets = parts
        .iter()
        .map(|part| {
            let damage = damage.remove(part);
            SheetFacts { damage, formats: Arc::clone(&formats), ..by_part.remove(part).unwrap_or_default() }
        })
        .collect();
    // Each sheet must be known to both readers by the same place.
    let plain = core.finish().filter(|book| damage.is_empty() && book.sheets.len() == parts.len());
    Ok(Inspected { sheets, parts, plain, unneeded: damage })
}

/// By style of a cell, what its number format adds to its number; none where no style of the workbook adds anything.
fn formats_of(styles: &[u8]) -> Arc<[NumberFormat]> {
    let mut formats: BTreeMap<&[u8], NumberFormat> = BTreeMap::new();
    for tag in tags(styles, b"numFmt") {
        if let (Some(id), Some(code)) = (attribute(tag, b"numFmtId"), attribute(tag, b"formatCode")) {
            let code = String::from_utf8_lossy(code).replace("&quot;", "\"").replace("&amp;", "&");
            let format = NumberFormat::read(&code);
            if format != NumberFormat::Plain {
                formats.insert(id, format);
            }
        }
    }
    let begin = memmem::find(styles, b"cellXfs").filter(|_| !formats.is_empty());
    let end = memmem::rfind(styles, b"cellXfs");
    match (begin, end) {
        (Some(begin), Some(end)) if begin < end => tags(&styles[begin..end], b"xf")
            .map(|tag| {
                attribute(tag, b"numFmtId").and_then(|id| formats.get(id)).copied().unwrap_or_default()
            })
            .collect(),
        _ => Arc::default(),
    }
}

/// How many styles there are, or more.
pub(super) fn count_styles(styles: &[u8]) -> usize {
    tags(styles, b"xf").count()
}

/// The relation of each sheet, in the workbook's order.
fn sheet_ids(workbook: &[u8]) -> impl Iterator<Item = &[u8]> {
    tags(workbook, b"sheet").map(|tag| {
        let id = attribute(tag, b"r:id").or_else(|| attribute(tag, b"id")).or_else(|| prefixed_id(tag));
        id.unwrap_or_default()
    })
}

/// The value of `id` under another prefix: `d3p1:id="rId1"`.
fn prefixed_id(tag: &[u8]) -> Option<&[u8]> {
    let rest = &tag[memmem::find(tag, b":id=")? + 4..];
    let (&quote, value) = rest.split_first()?;
    value.split(|byte| *byte == quote).next()
}

/// The part of each sheet by its relation, in lower case.
pub(crate) fn sheet_parts<'a>(ids: impl Iterator<Item = &'a [u8]>, relations: &[u8]) -> Vec<String> {
    let mut targets = BTreeMap::new();
    for tag in tags(relations, b"Relationship") {
        if let (Some(id), Some(target)) = (attribute(tag, b"Id"), attribute(tag, b"Target")) {
            let target = String::from_utf8_lossy(target).to_ascii_lowercase();
            let part = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            targets.insert(id, part);
        }
    }
    ids.map(|id| targets.get(id).cloned().unwrap_or_default()).collect()
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

/// Bytes looked at together at most, where no cell ends among them.
const LONGEST_WINDOW: usize = 1 << 20;

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
        // A cell cut by the end of the block is looked at with the next; what is too long for a cell, up to a tag.
        let whole = match memmem::rfind(&self.window, b"</c>") {
            Some(end) => end + 4,
            None if self.window.len() < LONGEST_WINDOW => return,
            None => memchr::memrchr(b'<', &self.window).filter(|&tag| tag > 0).unwrap_or(self.window.len()),
        };
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
        if !self.facts.without_value {
            // What follows the last tag is looked at too, so that a formula and what stands for its value are one.
            self.facts.without_value = memmem::find_iter(xml, b"<f").any(|at| {
                matches!(xml.get(at + 2), Some(b'>' | b' ' | b'/')) && lacks_value(&self.window[at..])
            }) || memmem::find(xml, b":f>").is_some();
        }
        for at in memmem::find_iter(xml, b"t=\"e\"") {
            note_error(xml, at, &mut self.facts);
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

/// Whether the cell of the formula that begins here ends without a value: `<f>A1</f></c>`, `<f .../><v/></c>`.
fn lacks_value(xml: &[u8]) -> bool {
    let Some(end) = memmem::find(xml, b"</c>") else { return false };
    let cell = &xml[..end];
    let value = memmem::find_iter(cell, b"<v").map(|at| &cell[at + 2..]).find(|rest| {
        rest.first().is_some_and(|&byte| matches!(byte, b'>' | b'/') || byte.is_ascii_whitespace())
    });
    match value {
        Some(rest) => {
            let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
            rest[..end].ends_with(b"/")
                || rest.get(end + 1..).unwrap_or_default().trim_ascii_start().starts_with(b"</v>")
        }
        // Text stands in its place now and then.
        None => memmem::find(cell, b"<is>").is_none(),
    }
}

/// Notes the error of the cell in whose tag this is, if the cell reader does not know it.
fn note_error(xml: &[u8], at: usize, facts: &mut SheetFacts) {
    const KNOWN: [&str; 7] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];
    const MOST: usize = 100_000;
    let tag = memchr::memrchr(b'<', &xml[..at]).map_or(xml, |start| &xml[start..]);
    let tag = &tag[..memchr::memchr(b'>', tag).unwrap_or(tag.len())];
    let cell = &xml[at..];
    let cell = &cell[..memmem::find(cell, b"</c>").unwrap_or(cell.len())];
    let Some(value) = memmem::find(cell, b"<v>").map(|begin| &cell[begin + 3..]) else { return };
    let value = String::from_utf8_lossy(&value[..memchr::memchr(b'<', value).unwrap_or(value.len())]);
    if KNOWN.contains(&&*value) {
        return;
    }
    match attribute(tag, b"r").and_then(position) {
        Some(place) if facts.errors.len() < MOST && place.0 <= LAST_ROW => {
            facts.errors.insert(place, value.chars().take(40).collect());
        }
        _ => facts.errors_unplaced = true,
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
        let xml = br#"<sheetData><row r="3" hidden="1"><c r="A3"><f>B3</f><v>1</v></c><c r="B3"><f>C3</f></c></row><row r='4' hidden='0'/></sheetData>
            <cols><col hidden="1"/></cols><mergeCells><mergeCell ref="A4:A5"/><mergeCell ref="B1:D1"/></mergeCells>"#;
        let expected = SheetFacts {
            hidden: BTreeSet::from([3]),
            merges: vec![(4, 5, 0)],
            without_value: true,
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
    fn formulas_without_a_value_are_told_from_those_with_one() {
        let found = |cell: &str| {
            let xml = format!("<row r=\"1\"><c r=\"A1\">{cell}</c><c r=\"B1\"><v>2</v></c></row>");
            [1, 5, 4096].map(|size| {
                let mut scanner = Scanner::default();
                for block in xml.as_bytes().chunks(size) {
                    scanner.see(block);
                }
                scanner.finish().without_value
            })
        };
        for cell in
            ["<f>A1</f>", "<f>A1</f><v/>", "<f>A1</f><v></v>", "<f>A1</f><v />", "<f t=\"shared\" si=\"0\"/>"]
        {
            assert_eq!(found(cell), [true; 3], "{cell}");
        }
        for cell in ["<f>A1</f><v>1</v>", "<f t=\"shared\" si=\"0\"/><v>1</v>", "<v>1</v>"] {
            assert_eq!(found(cell), [false; 3], "{cell}");
        }
    }

    #[test]
    fn number_formats_are_found_by_style() {
        let styles = br#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0000000000"/><numFmt numFmtId="165" formatCode="0.00"/><numFmt numFmtId="166" formatCode="0.00 &quot;EUR&quot;"/></numFmts>
            <cellStyleXfs><xf numFmtId="164"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="164" fontId="0"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>"#;
        let (plain, padded) = (NumberFormat::Plain, NumberFormat::Padded(10));
        assert_eq!(*formats_of(styles), [plain, padded, plain, NumberFormat::Currency("EUR")]);
        assert!(formats_of(b"<styleSheet><cellXfs><xf numFmtId='1'/></cellXfs></styleSheet>").is_empty());
    }

    #[test]
    fn sheets_are_found_by_relation() {
        let workbook = br#"<workbook><sheets><sheet name="A" sheetId="1" r:id="rId2"/><sheet name="B &gt;" r:id="rId1"/></sheets></workbook>"#;
        let relations = br#"<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Target="/xl/worksheets/Sheet2.xml" Id="rId2"/></Relationships>"#;
        assert_eq!(
            sheet_parts(sheet_ids(workbook), relations),
            ["xl/worksheets/sheet2.xml", "xl/worksheets/sheet1.xml"]
        );
    }
}
