//! What the cell reader does not show of a binary workbook's sheets: hidden rows, merges, number formats, and formulas
//! whose result is an error. The cells themselves are read by `xlsb`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use super::super::number_format::{FormattedCells, NumberFormat};
use super::super::xlsx::sheet_parts;

/// What was found in one sheet. Rows are counted from 1, columns from 0.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct SheetFacts {
    pub(crate) hidden: BTreeSet<u32>,
    /// First row, last row, first column.
    pub(crate) merges: Vec<(u32, u32, u32)>,
    /// The cells whose number format adds something to their number.
    pub(crate) formatted: FormattedCells,
    /// The error's number by cell.
    pub(crate) errors: BTreeMap<(u32, u32), u8>,
    /// A row beyond the last of any sheet, at which the cell reader stops without a word.
    pub(crate) beyond_last_row: Option<u32>,
}

const LAST_ROW_OF_EXCEL: u32 = 1 << 20;
const CELL_NUMBERS: [u16; 3] = [2, 5, 9];
const ROW: u16 = 0;
const FORMULA_ERROR: u16 = 11;
const SHEET: u16 = 156;
const MERGE: u16 = 176;
const FORMAT: u16 = 44;
const STYLE: u16 = 47;
const BEGIN_CELL_STYLES: u16 = 617;
const END_CELL_STYLES: u16 = 618;

/// The facts of every sheet in the workbook's order, and its number formats by style. What cannot be understood is left
/// out: the cell reader says why.
pub(crate) fn inspect(path: &Path) -> (Vec<SheetFacts>, Vec<NumberFormat>) {
    let opened = File::open(path).ok().and_then(|file| zip::ZipArchive::new(BufReader::new(file)).ok());
    let Some(mut archive) = opened else { return (Vec::new(), Vec::new()) };
    let names: BTreeMap<String, usize> = (0..archive.len())
        .filter_map(|at| Some((archive.by_index_raw(at).ok()?.name().ok()?.to_lowercase(), at)))
        .collect();
    let mut styles = Styles::default();
    let mut ids = Vec::new();
    let mut relations = Vec::new();
    if let Some(mut part) = names.get("xl/styles.bin").and_then(|at| archive.by_index(*at).ok()) {
        records(&mut part, &mut |kind, body| styles.see(kind, body));
    }
    if let Some(mut part) = names.get("xl/workbook.bin").and_then(|at| archive.by_index(*at).ok()) {
        records(&mut part, &mut |kind, body| {
            if kind == SHEET {
                ids.push(wide_text(body.get(8..).unwrap_or_default()).unwrap_or_default());
            }
        });
    }
    if let Some(mut part) = names.get("xl/_rels/workbook.bin.rels").and_then(|at| archive.by_index(*at).ok())
    {
        // A part cut short is damaged, and refused before.
        let _ = part.read_to_end(&mut relations);
    }
    let ids = ids.iter().map(String::as_bytes);
    let sheets = sheet_parts(ids, &relations)
        .into_iter()
        .map(|part| {
            let mut facts = SheetFacts::default();
            if let Some(mut part) = names.get(&part).and_then(|at| archive.by_index(*at).ok()) {
                let mut row = 0;
                records(&mut part, &mut |kind, body| facts.see(kind, body, &mut row, &styles));
            }
            facts.merges.sort_unstable();
            facts.formatted.sort();
            facts
        })
        .collect();
    (sheets, styles.by_style)
}

impl SheetFacts {
    fn see(&mut self, kind: u16, body: &[u8], row: &mut u32, styles: &Styles) {
        if self.beyond_last_row.is_some() {
            return;
        }
        match kind {
            ROW => {
                *row = u32_at(body, 0).unwrap_or_default().saturating_add(1);
                if *row > LAST_ROW_OF_EXCEL {
                    self.beyond_last_row = Some(*row);
                }
                // The bit that says the row's height is zero.
                if body.get(11).is_some_and(|bits| bits & 0x10 != 0) {
                    self.hidden.insert(*row);
                }
            }
            MERGE => {
                if let (Some(first), Some(last), Some(column)) =
                    (u32_at(body, 0), u32_at(body, 4), u32_at(body, 8))
                    && last > first
                {
                    self.merges.push((first.saturating_add(1), last.saturating_add(1), column));
                }
            }
            FORMULA_ERROR => {
                if let (Some(column), Some(error)) = (u32_at(body, 0), body.get(8)) {
                    self.errors.insert((*row, column), *error);
                }
            }
            _ if styles.add_anything && CELL_NUMBERS.contains(&kind) => {
                if let (Some(column), Some(style)) = (u32_at(body, 0), u32_at(body, 4)) {
                    let style = (style & 0x00ff_ffff) as usize;
                    if styles.by_style.get(style).is_some_and(|format| *format != NumberFormat::Plain) {
                        self.formatted.add(*row, column, style);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The number formats of a workbook, and the styles of cells that use them.
#[derive(Default)]
struct Styles {
    by_number: BTreeMap<u16, NumberFormat>,
    by_style: Vec<NumberFormat>,
    of_cells: bool,
    add_anything: bool,
}

impl Styles {
    fn see(&mut self, kind: u16, body: &[u8]) {
        match kind {
            FORMAT => {
                if let (Some(number), Some(code)) =
                    (u16_at(body, 0), wide_text(body.get(2..).unwrap_or_default()))
                {
                    self.by_number.insert(number, NumberFormat::read(&code));
                }
            }
            BEGIN_CELL_STYLES => self.of_cells = true,
            END_CELL_STYLES => self.of_cells = false,
            STYLE if self.of_cells => {
                let format = u16_at(body, 2).and_then(|number| self.by_number.get(&number));
                let format = format.copied().unwrap_or_default();
                self.add_anything |= format != NumberFormat::Plain;
                self.by_style.push(format);
            }
            _ => {}
        }
    }
}

/// Hands every record to `see`: its kind, and the first bytes of its body, more than any fact needs.
fn records(part: &mut dyn Read, see: &mut dyn FnMut(u16, &[u8])) {
    const MOST: usize = 1 << 10;
    let mut part = BufReader::with_capacity(1 << 16, part);
    let mut body = Vec::new();
    while let Some((kind, length)) = head(&mut part) {
        body.clear();
        let taken = (&mut part).take(length.min(MOST) as u64).read_to_end(&mut body);
        let rest = length.saturating_sub(MOST) as u64;
        let skipped = std::io::copy(&mut (&mut part).take(rest), &mut std::io::sink());
        if taken.is_err() || skipped.is_err() || body.len() < length.min(MOST) {
            return;
        }
        see(kind, &body);
    }
}

/// The kind and length of the next record, in groups of seven bits.
fn head(part: &mut impl Read) -> Option<(u16, usize)> {
    let mut next = || {
        let mut byte = [0];
        part.read_exact(&mut byte).ok().map(|()| byte[0])
    };
    let mut kind = u16::from(next()?);
    if kind & 0x80 != 0 {
        kind = (kind & 0x7f) | (u16::from(next()?) & 0x7f) << 7;
    }
    let mut length = 0;
    for group in 0..4 {
        let byte = next()?;
        length |= usize::from(byte & 0x7f) << (7 * group);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some((kind, length))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// A text of two bytes a unit behind its length.
fn wide_text(bytes: &[u8]) -> Option<String> {
    let units = u32_at(bytes, 0)? as usize;
    let text = bytes.get(4..units.checked_mul(2)?.checked_add(4)?)?;
    let units: Vec<u16> = text.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    Some(String::from_utf16_lossy(&units))
}
