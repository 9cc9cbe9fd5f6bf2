//! The sheet Abbreviated list: what counsel has marked as minor or technical, in the short form, by quarter of export.
//!
//! There is one only where a confirmed finding is so marked; the same lines stand in full on the Disclosure schedule.

use std::collections::BTreeSet;

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::disclosure::{Disclosure, Part, ScheduleLine};
use crate::run::RunRecord;

use super::super::schedule::{Finished, Sums};
use super::super::text::{amounts_by_line, counted, place, place_name, quarter_of};
use super::cell::Kind::{Amount, Count, Day, Number, Text};
use super::cell::Value;
use super::disclosure::{ACROSS, broken};
use super::frame::Frame;
use super::style::Mark;
use super::table::{Column, Table, beside, printed};

const SHEET: &str = "Abbreviated list";

const COLUMNS: &[Column] = &[
    printed("No.", 5.0, Count),
    printed("Quarter", 8.0, Text),
    printed("Date of export", 10.0, Day),
    printed("What was required", 18.0, Text),
    printed("Destination", 11.0, Text),
    printed("Parties", 34.0, Text),
    printed("Document / line", 13.0, Text),
    printed("Description", 22.0, Text),
    printed("Quantity", 9.0, Number),
    printed("Unit", 6.0, Text),
    printed("ECCN", 9.0, Text),
    printed("Value", 13.0, Amount),
    printed("Currency", 8.0, Text),
    printed("US dollars", 13.0, Amount),
    printed("Not summed", 12.0, Text).marked(Mark::ToComplete),
    printed("To be completed", 24.0, Text).marked(Mark::ToComplete),
    beside("Schedule B", 14.0, Text),
    beside("License on record", 14.0, Text),
    beside("Source", 34.0, Text),
    beside("Finding id", 19.0, Text),
];

/// Writes the list, where anything is marked for it.
pub(super) fn write(
    book: &mut Workbook,
    terms: &Disclosure,
    schedule: &mut Finished,
    run: &RunRecord,
    frame: &Frame,
) -> Result<Option<Table>, XlsxError> {
    let entries = schedule.by_date(Part::MinorOrTechnical).map_err(XlsxError::IoError)?;
    if entries.is_empty() {
        return Ok(None);
    }
    let preamble = terms.abbreviated_preamble();
    let preamble = preamble.iter().flat_map(|sentence| broken(sentence, ACROSS)).collect();
    let mut table = Table::begin_below(book, SHEET, COLUMNS, frame, preamble)?;
    let mut quarter = String::new();
    let mut sums = Sums::default();
    // Lines of the last day: a line's findings stand together.
    let mut day = String::new();
    let mut seen = BTreeSet::new();
    for (number, entry) in (1..).zip(entries) {
        let mut line = schedule.line(entry).map_err(XlsxError::IoError)?;
        let its_quarter = quarter_of(&line.date);
        if its_quarter != quarter {
            write_sums(book, &mut table, &quarter, &sums)?;
            (quarter, sums) = (its_quarter, Sums::default());
        }
        if line.date != day {
            day.clone_from(&line.date);
            seen.clear();
        }
        if seen.insert((line.file.clone(), line.sheet.clone(), line.row)) {
            sums.add(&line);
        } else {
            "this line stands above".clone_into(&mut line.not_summed);
        }
        write_line(book, &mut table, number, &quarter, &line, run)?;
    }
    write_sums(book, &mut table, &quarter, &sums)?;
    Ok(Some(table))
}

fn write_line(
    book: &mut Workbook,
    table: &mut Table,
    number: u64,
    quarter: &str,
    line: &ScheduleLine,
    run: &RunRecord,
) -> Result<(), XlsxError> {
    table.row(
        book,
        &[
            Value::Count(number),
            Value::Text(quarter),
            Value::Day(&line.date),
            Value::Text(&line.requirement),
            Value::Text(place_name(run, &line.destination)),
            Value::Text(&line.persons),
            Value::Text(&line.document),
            Value::Text(&line.item),
            Value::Number(&line.quantity),
            Value::Text(&line.unit),
            Value::Text(&line.eccn),
            Value::Number(&line.value),
            Value::Text(&line.currency),
            if line.dollars.is_empty() { Value::Text("to complete") } else { Value::Number(&line.dollars) },
            Value::Text(&line.not_summed),
            Value::Text(&line.lacking_abbreviated),
            Value::Text(&line.schedule_b),
            Value::Text(&line.license),
            Value::Made(place(&line.file, &line.sheet, line.row)),
            Value::Text(&line.finding_id),
        ],
    )
}

/// Sums a quarter below its lines.
fn write_sums(book: &mut Workbook, table: &mut Table, quarter: &str, sums: &Sums) -> Result<(), XlsxError> {
    if sums.lines == 0 {
        return Ok(());
    }
    let mut values: Vec<Value<'_>> = std::iter::repeat_with(|| Value::Blank).take(COLUMNS.len()).collect();
    values[1] = Value::Text(quarter);
    values[3] = Value::Made(format!("{} in the quarter", counted(sums.lines, "line", "lines")));
    values[8] = Value::Made(sums.quantity_text());
    values[11] = Value::Made(amounts_by_line(&sums.value));
    values[13] = Value::Made(sums.dollars_text());
    if sums.not_summed > 0 {
        values[14] = Value::Made(counted(sums.not_summed, "line", "lines"));
    }
    table.strong_row(book, &values)
}
