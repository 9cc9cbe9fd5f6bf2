//! The compound file of an old Excel workbook, looked through without trusting it: is it encrypted, which version wrote
//! it, which rows are hidden, which formulas have no value. The cells themselves are read by `xls`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::number_format::{FormattedCells, NumberFormat};
use super::Damaged;

/// What is known of a workbook before its cells are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// The version of its records: 8 for Excel 97 to 2003, 5 for Excel 5 and 95.
    pub(crate) version: u16,
    /// Whether its records are encrypted.
    pub(crate) encrypted: bool,
    /// The hidden rows of each sheet in the workbook's order, counted from 1.
    pub(crate) hidden: Vec<BTreeSet<u32>>,
    /// The cells of each sheet whose number format adds something to their number.
    pub(crate) formatted: Vec<FormattedCells>,
    /// The number formats by style.
    pub(crate) formats: Vec<NumberFormat>,
    /// The cells of each sheet with a formula that gives a text and has none: row, counted from 1, and column, in order.
    pub(crate) unvalued: Vec<Vec<(u32, u32)>>,
    /// Whether the last sheet ended as it should.
    pub(crate) whole: bool,
}

const END_OF_CHAIN: u32 = 0xffff_fffa;

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// A compound file: streams cut into sectors that are chained by a table.
struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    table: Vec<u32>,
}

impl<'a> Compound<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let shift = u16_at(bytes, 30)?;
        if !matches!(shift, 9 | 12) {
            return None;
        }
        let mut compound = Self { bytes, sector: 1 << shift, table: Vec::new() };
        let mut of_table: Vec<u32> = (0..109).filter_map(|at| u32_at(bytes, 76 + at * 4)).collect();
        let mut next = u32_at(bytes, 68)?;
        let most = bytes.len() / compound.sector + 1;
        while next < END_OF_CHAIN && of_table.len() <= most + 109 {
            let sector = compound.sector_at(next)?;
            let links = sector.len() / 4 - 1;
            of_table.extend((0..links).filter_map(|at| u32_at(sector, at * 4)));
            next = u32_at(sector, links * 4)?;
        }
        for sector in of_table.into_iter().filter(|&sector| sector < END_OF_CHAIN) {
            let sector = compound.sector_at(sector)?;
            let links: Vec<u32> = (0..sector.len() / 4).filter_map(|at| u32_at(sector, at * 4)).collect();
            compound.table.extend(links);
        }
        Some(compound)
    }

    fn sector_at(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = (start + self.sector).min(self.bytes.len());
        self.bytes.get(start..end)
    }

    /// The bytes of a chain; none where it runs in a circle or out of the file.
    fn chain(&self, first: u32) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut next = first;
        let mut steps = 0;
        while next < END_OF_CHAIN {
            bytes.extend_from_slice(self.sector_at(next)?);
            next = *self.table.get(next as usize)?;
            steps += 1;
            if steps > self.table.len() {
                return None;
            }
        }
        Some(bytes)
    }

    /// The names of all entries, with where each begins and how long it is.
    fn directory(&self) -> Option<Vec<(String, u32, u64)>> {
        let bytes = self.chain(u32_at(self.bytes, 48)?)?;
        let entries = bytes.as_chunks::<128>().0.iter();
        Some(
            entries
                .filter_map(|entry| {
                    let length = (u16_at(entry, 64)? as usize).clamp(2, 64) / 2 - 1;
                    let units: Vec<u16> = (0..length).filter_map(|at| u16_at(entry, at * 2)).collect();
                    let size = u64::from(u32_at(entry, 120)?);
                    Some((String::from_utf16_lossy(&units), u32_at(entry, 116)?, size))
                })
                .collect(),
        )
    }
}

/// The number formats of a workbook, and the styles of cells that use them.
#[derive(Default)]
struct Formats {
    by_number: BTreeMap<u16, NumberFormat>,
    by_style: Vec<NumberFormat>,
    add_anything: bool,
}

impl Formats {
    fn define(&mut self, body: &[u8], version: u16) {
        let Some(number) = u16_at(body, 0) else { return };
        let code = if version == 5 {
            body.get(3..).map(|bytes| bytes.iter().map(|&byte| char::from(byte)).collect())
        } else {
            body.get(5..).map(|bytes| {
                if body[4] & 1 == 0 {
                    bytes.iter().map(|&byte| char::from(byte)).collect()
                } else {
                    let units: Vec<u16> =
                        (0..bytes.len() / 2).filter_map(|at| u16_at(bytes, at * 2)).collect();
                    String::from_utf16_lossy(&units)
                }
            })
        };
        let format = code.map_or(NumberFormat::Plain, |code: String| NumberFormat::read(&code));
        self.by_number.insert(number, format);
    }

    fn style(&mut self, body: &[u8]) {
        let format =
            u16_at(body, 2).and_then(|number| self.by_number.get(&number)).copied().unwrap_or_default();
        self.add_anything |= format != NumberFormat::Plain;
        self.by_style.push(format);
    }

    /// Notes the cells of a record whose format adds something: one cell, or several beside each other.
    fn cells(&self, body: &[u8], several: bool, into: &mut FormattedCells) {
        let (Some(row), Some(column)) = (u16_at(body, 0), u16_at(body, 2)) else { return };
        let count = if several { (body.len().saturating_sub(6) / 6) as u16 } else { 1 };
        for offset in 0..count {
            let style = u16_at(body, 4 + usize::from(offset) * 6).map_or(usize::MAX, usize::from);
            if self.by_style.get(style).is_some_and(|format| *format != NumberFormat::Plain) {
                into.add(u32::from(row) + 1, u32::from(column) + u32::from(offset), style);
            }
        }
    }
}

/// Looks through the workbook.
pub(crate) fn inspect(bytes: &[u8]) -> Result<Facts, Damaged> {
    let broken = || Damaged("the table of its sectors is broken".into());
    let compound = Compound::open(bytes).ok_or_else(broken)?;
    let directory = compound.directory().ok_or_else(broken)?;
    let book = ["Workbook", "Book"]
        .into_iter()
        .find_map(|wanted| directory.iter().find(|(name, _, _)| name.eq_ignore_ascii_case(wanted)));
    let Some((_, first, size)) = book else { return Err(Damaged("there is no workbook in it".into())) };
    if *size < 4_096 {
        // So short a stream stands among the small ones, and holds no sheet of rows worth hiding.
        return Ok(Facts { whole: true, ..Facts::default() });
    }
    let mut stream =
        compound.chain(*first).ok_or_else(|| Damaged("the chain of its sectors is broken".into()))?;
    if (stream.len() as u64) < *size {
        return Err(Damaged("it is cut: the workbook is shorter than it says".into()));
    }
    stream.truncate(*size as usize);
    Ok(look_through(&stream))
}

fn look_through(stream: &[u8]) -> Facts {
    const BOF: u16 = 0x0809;
    const EOF: u16 = 0x000a;
    const FILEPASS: u16 = 0x002f;
    const BOUNDSHEET: u16 = 0x0085;
    const ROW: u16 = 0x0208;
    const FORMAT: u16 = 0x041e;
    const XF: u16 = 0x00e0;
    const CELLS: [u16; 3] = [0x0203, 0x027e, 0x0006];
    const CELLS_IN_A_ROW: u16 = 0x00bd;
    const FORMULA: u16 = 0x0006;
    const STRING: u16 = 0x0207;
    // Between a formula and its text: shared formulas, arrays, tables and what continues them.
    const OF_A_FORMULA: [u16; 4] = [0x04bc, 0x0221, 0x0236, 0x003c];
    let mut facts = Facts::default();
    let mut begins = Vec::new();
    let mut formats = Formats::default();
    let mut at = 0;
    let mut depth = 0_u32;
    let mut sheet = None;
    let mut awaits_text = None;
    while let (Some(kind), Some(length)) = (u16_at(stream, at), u16_at(stream, at + 2)) {
        let body = stream.get(at + 4..at + 4 + length as usize).unwrap_or_default();
        if !OF_A_FORMULA.contains(&kind)
            && let Some(cell) = awaits_text.take()
            && kind != STRING
            && let Some(cells) = sheet.and_then(|sheet: usize| facts.unvalued.get_mut(sheet))
        {
            cells.push(cell);
        }
        if kind == FORMULA {
            awaits_text = text_to_come(body);
        }
        match kind {
            BOF => {
                depth += 1;
                facts.whole = false;
                if facts.version == 0 {
                    facts.version = match u16_at(body, 0) {
                        Some(0x0500) => 5,
                        Some(0x0600) => 8,
                        _ => 0,
                    };
                }
                if depth == 1 {
                    sheet = begins.iter().position(|&begin| begin as usize == at);
                }
            }
            EOF => {
                depth = depth.saturating_sub(1);
                facts.whole = depth == 0;
            }
            FILEPASS => {
                facts.encrypted = true;
                return facts;
            }
            BOUNDSHEET => {
                if let Some(begin) = u32_at(body, 0) {
                    begins.push(begin);
                    facts.hidden.push(BTreeSet::new());
                    facts.formatted.push(FormattedCells::default());
                    facts.unvalued.push(Vec::new());
                }
            }
            FORMAT => formats.define(body, facts.version),
            XF => formats.style(body),
            _ if CELLS.contains(&kind) || kind == CELLS_IN_A_ROW => {
                if formats.add_anything
                    && let Some(cells) = sheet.and_then(|sheet| facts.formatted.get_mut(sheet))
                {
                    formats.cells(body, kind == CELLS_IN_A_ROW, cells);
                }
            }
            ROW => {
                let hidden = u16_at(body, 12).is_some_and(|options| options & 0x20 != 0);
                if let (true, Some(rows), Some(row)) =
                    (hidden, sheet.and_then(|sheet| facts.hidden.get_mut(sheet)), u16_at(body, 0))
                {
                    rows.insert(u32::from(row) + 1);
                }
            }
            // Zeros where a record should begin: nothing of worth follows.
            0 if length == 0 => break,
            _ => {}
        }
        at += 4 + length as usize;
    }
    for cells in &mut facts.formatted {
        cells.sort();
    }
    for cells in &mut facts.unvalued {
        cells.sort_unstable();
    }
    facts.formats = formats.by_style;
    facts
}

/// The cell of a formula whose value is a text, which stands in a record of its own behind it.
fn text_to_come(formula: &[u8]) -> Option<(u32, u32)> {
    let is_text = formula.get(6) == Some(&0) && u16_at(formula, 12) == Some(0xffff);
    let (row, column) = (u16_at(formula, 0)?, u16_at(formula, 2)?);
    is_text.then(|| (u32::from(row) + 1, u32::from(column)))
}
