//! Where the header of a sheet stands, and what to say where there is none.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::columns::{Asked, HEADER_SEARCH, ROWS_AHEAD};
use super::columns_file::{ColumnName, ColumnsBlock};
use super::heading::{fold, meanings};
use super::values::{DateShape, NumberShape};
use crate::field::Field;
use crate::source::{Batch, Cell, CellKind, Row};

/// The header: the row with most headings of different fields, the first of equals.
pub(crate) fn find_header<'a>(ahead: &'a Batch, block: Option<&ColumnsBlock>) -> Option<(Row<'a>, usize)> {
    let named: BTreeSet<String> = block
        .iter()
        .flat_map(|block| block.columns.values().flatten())
        .filter_map(|name| match name {
            ColumnName::Heading(heading) => Some(fold(heading)),
            ColumnName::Number(_) => None,
        })
        .collect();
    let mut best: Option<(Row<'a>, usize)> = None;
    for row in ahead.rows().take(HEADER_SEARCH) {
        let mut fields = BTreeSet::new();
        let (mut own, mut known, mut filled, mut values) = (0, 0, 0, 0);
        for cell in row.cells().filter(|cell| !cell.is_blank()) {
            filled += 1;
            if cell.kind != CellKind::Text || cell.text.len() > 80 {
                values += usize::from(cell.kind != CellKind::Text && cell.kind != CellKind::FromMerge);
                continue;
            }
            if !named.is_empty() && named.contains(&fold(cell.text)) {
                own += 1;
            } else if let Some(meaning) = meanings(cell.text).first() {
                known += 1;
                if meaning.field != Field::Context {
                    fields.insert(meaning.field);
                }
            } else if is_value(cell) {
                values += 1;
            }
        }
        // Codes in a line of data read like headings now and then (NO, NLR); numbers and dates give it away.
        if values * 5 > filled || (own + known) * 5 < filled {
            continue;
        }
        let score = fields.len() + own;
        // A heading that the user names is a header, whatever stands beside it.
        if (score >= 2 || own > 0) && best.is_none_or(|(_, found)| score > found) {
            best = Some((row, score));
        }
    }
    best
}

/// Whether a cell holds what no heading does: a number or a date.
fn is_value(cell: Cell<'_>) -> bool {
    !matches!(NumberShape::of(cell), NumberShape::Plain)
        || !matches!(DateShape::of(cell), DateShape::None)
        || cell
            .text
            .trim()
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-' | b' '))
}

/// What to say of a sheet without a header: what may be the reason, and the mapping to begin with.
pub(crate) fn no_header(asked: &Asked<'_>, ahead: &Batch) -> String {
    let width = ahead.rows().take(ROWS_AHEAD).map(|row| row.len()).max().unwrap_or(0);
    let name = asked.file.rsplit('/').next().unwrap_or(asked.file);
    let sheet =
        if asked.sheet.is_empty() { String::new() } else { format!("sheet = {}\n", quoted(asked.sheet)) };
    let mut text = "no header row found: no row near the top has two headings that are known.".to_owned();
    if !asked.sheet.is_empty() {
        text.push_str(
            " If the sheet holds no shipments (a cover or a page of notes), nothing is to be done.",
        );
    }
    // Fewer columns cannot hold a document, a date and a destination: a mapping would not help.
    if width >= 3 {
        let _ = write!(
            text,
            " If the headings are unusual, or there are none, say which column holds what with --columns FILE.toml, by heading, \
             letters or number (there are {width} columns{}):\n\
             [[file]]\nname = {}\n{sheet}header_row = 0\ncolumns = {{ document = 1, date_of_export = 2, destination = 3 }}",
            numbered_samples(ahead),
            quoted(name)
        );
    } else {
        text.push_str(" Otherwise export the shipment lines again, with their headings.");
    }
    text
}

/// What stands in the first columns of the first row that fills several: `: 1 "INV-1", 2 "2023-01-14"`.
fn numbered_samples(ahead: &Batch) -> String {
    const COLUMNS: usize = 8;
    const LENGTH: usize = 24;
    let filled = |row: &Row<'_>| row.cells().filter(|cell| !cell.is_blank()).count() >= 3;
    let Some(row) = ahead.rows().take(ROWS_AHEAD).find(filled) else { return String::new() };
    let cells = row.cells().zip(1..).filter(|(cell, _)| !cell.is_blank()).take(COLUMNS);
    let samples = cells.map(|(cell, number)| {
        let text: String =
            cell.text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LENGTH).collect();
        format!("{number} \"{text}\"")
    });
    format!(": {}", samples.collect::<Vec<_>>().join(", "))
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
