//! The parts of a workbook that say how its sheets are read: their names, the calendar, the styles of its dates.
//!
//! They are small, and read by calamine from an archive of nothing else, so that both ways of reading a sheet take from
//! them the same. The shared strings have their own reader.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write as _};

use calamine::{DataRef, Reader as _, Sheet, Xlsx};
use zip::write::SimpleFileOptions;

use super::facts::count_styles;
use super::strings::{Strings, StringsReader};
use crate::guarded::guarded;

/// The parts, by lower-case name, as calamine asks for them.
const PARTS: [&str; 4] = ["_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"];
const STRINGS: &str = "xl/sharedstrings.xml";
/// A part longer than this is left to the general reader.
const LONGEST_PART: usize = 16 << 20;
/// Styles that are asked about at most; Excel writes no more.
const MOST_STYLES: usize = 1 << 16;

/// What a cell's style makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Style {
    #[default]
    Number,
    Date,
    Duration,
}

/// What all plain sheets of a workbook share.
#[derive(Debug)]
pub(super) struct PlainBook {
    pub(super) sheets: Vec<Sheet>,
    pub(super) from_1904: bool,
    pub(super) styles: Vec<Style>,
    pub(super) strings: Strings,
}

/// Collects the parts as the archive is walked.
#[derive(Default)]
pub(super) struct CoreParts {
    parts: BTreeMap<&'static str, Vec<u8>>,
    strings: Option<StringsReader>,
    names: BTreeSet<String>,
    unclear: bool,
}

impl CoreParts {
    /// Sees the next bytes of a part; an empty block ends it.
    pub(super) fn see(&mut self, name: &str, block: &[u8]) {
        if block.is_empty() {
            // Readers differ in which of two parts of one name they take.
            self.unclear |= name.contains('\\') || !self.names.insert(name.to_owned());
            if name == STRINGS {
                self.strings.get_or_insert_default();
            }
        } else if name == STRINGS {
            self.strings.get_or_insert_default().see(block);
        } else if let Some(known) = PARTS.into_iter().find(|part| *part == name) {
            let part = self.parts.entry(known).or_default();
            part.extend_from_slice(block);
            self.unclear |= part.len() > LONGEST_PART;
        }
    }

    /// What plain sheets share; none where something is not plain, which leaves the workbook to the general reader.
    pub(super) fn finish(self) -> Option<PlainBook> {
        if self.unclear {
            return None;
        }
        let strings = match self.strings {
            Some(reader) => reader.finish()?,
            None => Strings::default(),
        };
        let parts: Vec<(&str, &[u8])> =
            self.parts.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        let book = open(&parts)?;
        let sheets = book.sheets_metadata().to_vec();
        // A sheet is asked for by its name, and its part by its place.
        let named: BTreeSet<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        let workbook = self.parts.get(PARTS[1])?;
        let relations = self.parts.get(PARTS[2])?;
        let odd = |xml: &Vec<u8>| memchr::memmem::find(xml, b"<!").is_some();
        if named.len() != sheets.len() || odd(workbook) || odd(relations) {
            return None;
        }
        let styles = self.parts.get(PARTS[3]).map_or(Some(Vec::new()), |styles| styles_of(styles))?;
        Some(PlainBook { sheets, from_1904: book.has_1904_epoch(), styles, strings })
    }
}

/// What each style makes of a number: calamine is asked with a sheet of one number in every style.
fn styles_of(styles: &[u8]) -> Option<Vec<Style>> {
    let count = count_styles(styles);
    if count > MOST_STYLES {
        return None;
    }
    let cells: String = (0..count).map(|style| format!("<c s=\"{style}\"><v>1</v></c>")).collect();
    let sheet = format!("<worksheet><sheetData><row r=\"1\">{cells}</row></sheetData></worksheet>");
    let mut book = open(&[
        ("_rels/.rels", br#"<Relationships><Relationship Id="r" Type="/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
        ("xl/workbook.xml", br#"<workbook><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", br#"<Relationships><Relationship Id="r1" Type="/worksheet" Target="sheet.xml"/></Relationships>"#),
        ("xl/styles.xml", styles),
        ("xl/sheet.xml", sheet.as_bytes()),
    ])?;
    let mut cells = book.worksheet_cells_reader("S").ok()?;
    let mut found = Vec::with_capacity(count);
    while let Some(cell) = cells.next_cell().ok()? {
        found.push(match cell.get_value() {
            DataRef::DateTime(moment) if moment.is_datetime() => Style::Date,
            DataRef::DateTime(_) => Style::Duration,
            _ => Style::Number,
        });
    }
    Some(found)
}

/// Opens an archive of these parts.
fn open(parts: &[(&str, &[u8])]) -> Option<Xlsx<Cursor<Vec<u8>>>> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in parts {
        archive.start_file(*name, stored).ok()?;
        archive.write_all(bytes).ok()?;
    }
    let archive = archive.finish().ok()?;
    guarded(|| Xlsx::new(archive))?.ok()
}
