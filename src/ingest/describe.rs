//! What `lookback columns` prints: how each heading is read, why, and what stands below it.

use std::fmt::Write as _;

use super::Workbook;
use super::plan::SheetPlan;
use super::sheet::{Sheet, SheetReader, SheetState};
use crate::printable::on_one_line;
use crate::source::column_letters;

/// Sample values shown for a column, and how much of each.
const SAMPLES: usize = 3;
const SAMPLE_LENGTH: usize = 24;

/// How every sheet of a file would be read.
pub fn describe_columns(workbook: &Workbook) -> String {
    let mut out = format!("{}: {}, {} bytes\n", workbook.file(), workbook.format(), workbook.bytes());
    for sheet in workbook.sheets() {
        describe_sheet(sheet, &mut out);
    }
    out
}

fn describe_sheet(sheet: &Sheet, out: &mut String) {
    let title = match (sheet.name.as_str(), sheet.visibility.name()) {
        ("", _) => String::new(),
        (name, "visible") => format!("\nSheet \"{name}\"\n"),
        (name, visibility) => format!("\nSheet \"{name}\" ({visibility}, read all the same)\n"),
    };
    out.push_str(&title);
    // Writing to a string cannot fail.
    match &sheet.state {
        SheetState::Skipped(reason) => {
            let _ = writeln!(out, "  not read: {reason}");
        }
        SheetState::Question(question) => {
            let _ =
                writeln!(out, "  a question must be answered before this sheet can be audited: {question}");
        }
        SheetState::Unread(fault) => {
            let _ = writeln!(out, "  cannot be read: {fault}");
        }
        SheetState::Readable(reader) => describe_reader(sheet, reader, out),
    }
}

fn describe_reader(sheet: &Sheet, reader: &SheetReader, out: &mut String) {
    let record = sheet.record(None);
    let plan = reader.plan();
    if !record.encoding.is_empty() {
        let _ = writeln!(out, "  encoding: {}\n  delimiter: {}", record.encoding, record.delimiter);
    }
    let header = if plan.header_row == 0 {
        "none, by the columns file".into()
    } else {
        format!("row {}", plan.header_row)
    };
    let _ = writeln!(out, "  header: {header}\n");
    let mut table = vec![[
        "column".to_owned(),
        "heading".to_owned(),
        "read as".to_owned(),
        "why".to_owned(),
        "samples".to_owned(),
    ]];
    let rows = plan
        .columns
        .iter()
        .map(|column| (column.index, &column.heading, column.field.name(), column.source.name().to_owned()))
        .chain(
            plan.unused
                .iter()
                .map(|column| (column.index, &column.heading, "-".to_owned(), column.why.clone())),
        );
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|row| row.0);
    for (index, heading, field, why) in rows {
        table.push([
            column_letters(index as u32),
            one_line(heading, 40),
            field,
            why,
            samples(reader, plan, index),
        ]);
    }
    for (field, value) in &plan.fixed {
        table.push(["-".into(), "(every line)".into(), field.name(), "columns file".into(), value.clone()]);
    }
    write_table(&table, out);
    for sentence in record.remarks {
        let _ = writeln!(out, "  note: {sentence}");
    }
}

pub(super) fn samples(reader: &SheetReader, plan: &SheetPlan, index: usize) -> String {
    let mut found: Vec<String> = Vec::new();
    for row in reader.ahead().rows().filter(|row| row.number() > plan.header_row) {
        let text = one_line(row.cell(index).text, SAMPLE_LENGTH);
        if !text.is_empty() && !found.contains(&text) {
            found.push(text);
            if found.len() == SAMPLES {
                break;
            }
        }
    }
    found.join(" | ")
}

pub(super) fn one_line(text: &str, length: usize) -> String {
    let words = on_one_line(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= length {
        return words;
    }
    words.chars().take(length - 1).chain(['\u{2026}']).collect()
}

fn write_table(table: &[[String; 5]], out: &mut String) {
    let mut widths = [0; 5];
    for row in table {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    for row in table {
        let mut line = String::from(" ");
        for (width, cell) in widths.iter().zip(row) {
            let _ = write!(line, " {cell:<width$} ");
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
}
