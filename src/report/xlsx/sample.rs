//! The sheet Sample: lines without findings, drawn for testing by hand, with columns for the tester.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::run::{SampleRecord, SampledLine};

use super::super::text::{count, counted, place};
use super::cell::Kind::{Amount, Count, Day, Number, Text};
use super::cell::Value;
use super::disclosure::broken;
use super::frame::Frame;
use super::table::{Column, Table, beside, printed};

const SHEET: &str = "Sample";

const COLUMNS: &[Column] = &[
    printed("No.", 5.0, Count),
    printed("Source", 18.0, Text),
    printed("Document", 11.0, Text),
    printed("Line", 5.5, Text),
    printed("Date of export", 9.5, Day),
    printed("Destination", 9.5, Text),
    printed("Party", 20.0, Text),
    printed("Declared ECCN", 8.5, Text),
    printed("Item", 20.0, Text),
    printed("Value", 12.5, Amount),
    printed("Currency", 7.5, Text),
    printed("License on record", 10.0, Text),
    printed("Stratum", 14.0, Text),
    printed("Tested by", 12.0, Text),
    printed("Tested on", 10.0, Text),
    printed("Result: agrees with the documents / exception / not tested", 20.0, Text),
    printed("Remarks", 22.0, Text),
    beside("Party address", 34.0, Text),
    beside("Quantity", 10.0, Number),
    beside("Unit", 7.0, Text),
    beside("Movement", 14.0, Text),
    beside("Date basis", 18.0, Text),
];

/// Writes the lines drawn; `sample` is none where none were asked for.
pub(super) fn write(
    book: &mut Workbook,
    sample: Option<&SampleRecord>,
    frame: &Frame,
) -> Result<Table, XlsxError> {
    let preamble = sample.map(preamble).unwrap_or_default();
    let preamble = preamble.iter().flat_map(|sentence| broken(sentence, 190)).collect();
    let mut table = Table::begin_below(book, SHEET, COLUMNS, frame, preamble)?;
    for (number, line) in (1..).zip(sample.map_or(&[][..], |sample| &sample.lines)) {
        write_line(book, &mut table, number, line)?;
    }
    table.if_empty(if sample.is_some() {
        "None: no line is without findings."
    } else {
        "None drawn. --sample N --seed S draws N lines without findings, to be tested by hand against their documents."
    })?;
    Ok(table)
}

/// What was drawn, from what, and what it can show.
fn preamble(sample: &SampleRecord) -> Vec<String> {
    let drawn = sample.lines.len() as u64;
    let population: u64 = sample.strata.iter().map(|stratum| stratum.lines).sum();
    let strata: Vec<String> = sample
        .strata
        .iter()
        .map(|stratum| format!("{}: {} of {}", stratum.name, count(stratum.drawn), count(stratum.lines)))
        .collect();
    vec![
        format!(
            "{} drawn from {} without findings (asked for: {}; seed {}). The same files and seed give the same lines.",
            counted(drawn, "line", "lines"),
            counted(population, "audited line", "audited lines"),
            count(sample.asked),
            sample.seed
        ),
        "An equal share for each kind of destination as far as it has lines; within it by quarter in proportion, at least one line each. Shares differ from the population's: rates are to be \
         stated by stratum."
            .to_owned(),
        format!("Strata: {}.", strata.join("; ")),
        "Test each line against its documents: parties, destination, classification, license. What was not tested stands on the Summary; a line that repeats another may be drawn."
            .to_owned(),
    ]
}

fn write_line(
    book: &mut Workbook,
    table: &mut Table,
    number: u64,
    line: &SampledLine,
) -> Result<(), XlsxError> {
    let item = match (line.item.as_str(), line.description.as_str()) {
        ("", text) | (text, "") => text.to_owned(),
        (item, description) => format!("{item}: {description}"),
    };
    table.row(
        book,
        &[
            Value::Count(number),
            Value::Made(place(&line.file, &line.sheet, line.row)),
            Value::Text(&line.document),
            Value::Text(&line.line),
            Value::Day(&line.date_of_export),
            Value::Text(&line.destination),
            Value::Text(&line.party_name),
            Value::Text(&line.declared_eccn),
            Value::Made(item),
            Value::Number(&line.value),
            Value::Text(&line.currency),
            Value::Text(&line.license),
            Value::Text(&line.stratum),
            Value::Blank,
            Value::Blank,
            Value::Blank,
            Value::Blank,
            Value::Text(&line.party_address),
            Value::Number(&line.quantity),
            Value::Text(&line.unit),
            Value::Text(&line.movement),
            Value::Text(&line.date_basis),
        ],
    )
}
