//! The sheet Disclosure schedule: confirmed findings and open exceptions apart, by party, item and requirement.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::disclosure::{Disclosure, Part, ScheduleLine};

use super::super::schedule::{Finished, Group, Sums};
use super::super::text::{amounts_by_line, count, counted, place};
use super::cell::Kind::{Amount, Day, Number, Text};
use super::cell::Value;
use super::frame::Frame;
use super::style::Mark;
use super::table::{Column, Table, beside, printed};

pub(super) const SHEET: &str = "Disclosure schedule";

/// Characters of a sentence above the schedule before it is carried on below.
pub(super) const ACROSS: usize = 240;

const COLUMNS: &[Column] = &[
    printed("Part", 4.5, Text),
    printed("Group", 6.0, Text),
    printed("(i) Requirement", 16.0, Text),
    printed("(ii) Date of export", 9.5, Day),
    printed("Document / line", 11.0, Text),
    printed("ITN or filing citation", 13.0, Text),
    printed("How", 12.0, Text),
    printed("(iii) Persons, addresses", 28.0, Text),
    printed("(iv) License number", 11.0, Text),
    printed("(v) Description", 18.0, Text),
    printed("Quantity", 9.0, Number),
    printed("Unit", 5.5, Text),
    printed("ECCN", 8.5, Text),
    printed("Value", 12.5, Amount),
    printed("Currency", 7.5, Text),
    printed("US dollars", 12.5, Amount),
    printed("Not summed", 10.0, Text).marked(Mark::ToComplete),
    printed("To be completed", 32.0, Text).marked(Mark::ToComplete),
    printed("(vi) Mitigating circumstances", 14.0, Text),
    beside("Rate", 16.0, Text),
    beside("Schedule B", 14.0, Text),
    beside("All dates", 26.0, Text),
    beside("Source", 34.0, Text),
    beside("Finding id", 19.0, Text),
];

/// Writes the schedule, group by group.
pub(super) fn write(
    book: &mut Workbook,
    terms: &Disclosure,
    schedule: &mut Finished,
    frame: &Frame,
) -> Result<Table, XlsxError> {
    let preamble = terms.preamble().iter().flat_map(|sentence| broken(sentence, ACROSS)).collect();
    let mut table = Table::begin_below(book, SHEET, COLUMNS, frame, preamble)?;
    for part in Part::ALL {
        heading(book, &mut table, part.title())?;
        let sums = schedule.part(part);
        let groups: Vec<usize> = schedule
            .groups()
            .iter()
            .enumerate()
            .filter(|(_, own)| **own == part)
            .map(|(index, _)| index)
            .collect();
        for (number, index) in (1u64..).zip(&groups) {
            let group = schedule.group(*index).map_err(XlsxError::IoError)?;
            write_group(book, &mut table, part, number, &group)?;
            let mut last = None;
            for entry in schedule.lines_of(*index) {
                let mut line = schedule.line(entry).map_err(XlsxError::IoError)?;
                let at = (line.file.clone(), line.sheet.clone(), line.row);
                if last.as_ref() == Some(&at) {
                    "this line stands above in the group".clone_into(&mut line.not_summed);
                }
                last = Some(at);
                write_line(book, &mut table, part, number, &line)?;
            }
        }
        if groups.is_empty() {
            note(book, &mut table, part.none())?;
        } else {
            write_total(book, &mut table, part, &sums.sums)?;
        }
        if sums.outside > 0 {
            let outside = counted(sums.outside, "finding is", "findings are");
            note(
                book,
                &mut table,
                &format!("{outside} left out: the date of export lies outside the window."),
            )?;
        }
    }
    Ok(table)
}

fn blanks<'a>() -> Vec<Value<'a>> {
    std::iter::repeat_with(|| Value::Blank).take(COLUMNS.len()).collect()
}

fn heading(book: &mut Workbook, table: &mut Table, title: &str) -> Result<(), XlsxError> {
    let mut values = blanks();
    values[0] = Value::Line(title);
    table.strong_row(book, &values)
}

fn note(book: &mut Workbook, table: &mut Table, words: &str) -> Result<(), XlsxError> {
    let mut values = blanks();
    values[0] = Value::Line(words);
    table.strong_row(book, &values)
}

fn number_of(part: Part) -> &'static str {
    match part {
        Part::Confirmed => "1",
        Part::MinorOrTechnical => "1a",
        Part::NotReviewed => "2",
    }
}

fn write_group(
    book: &mut Workbook,
    table: &mut Table,
    part: Part,
    number: u64,
    group: &Group,
) -> Result<(), XlsxError> {
    let mut values = sums(&group.sums);
    values[0] = Value::Text(number_of(part));
    values[1] = Value::Made(count(number));
    values[2] = Value::Text(&group.requirement);
    values[7] = Value::Text(&group.party);
    values[9] = Value::Text(&group.item);
    table.strong_row(book, &values)
}

fn write_total(book: &mut Workbook, table: &mut Table, part: Part, total: &Sums) -> Result<(), XlsxError> {
    let mut values = sums(total);
    values[0] = Value::Text(number_of(part));
    values[2] = Value::Text("All groups of this part; a line that stands in several groups counts once");
    table.strong_row(book, &values)
}

fn sums<'a>(sums: &Sums) -> Vec<Value<'a>> {
    let mut values = blanks();
    values[3] = Value::Made(if sums.first_date == sums.last_date {
        sums.first_date.clone()
    } else {
        format!("{} to {}", sums.first_date, sums.last_date)
    });
    values[4] = Value::Made(counted(sums.lines, "line", "lines"));
    values[10] = Value::Made(sums.quantity_text());
    values[13] = Value::Made(amounts_by_line(&sums.value));
    values[15] = Value::Made(sums.dollars_text());
    if sums.not_summed > 0 {
        values[16] = Value::Made(counted(sums.not_summed, "line", "lines"));
    }
    values
}

fn write_line(
    book: &mut Workbook,
    table: &mut Table,
    part: Part,
    number: u64,
    line: &ScheduleLine,
) -> Result<(), XlsxError> {
    table.row(
        book,
        &[
            Value::Text(number_of(part)),
            Value::Made(count(number)),
            Value::Text(&line.requirement),
            Value::Day(&line.date),
            Value::Text(&line.document),
            Value::Text(&line.itn),
            Value::Text(&line.how),
            Value::Text(&line.persons),
            Value::Text(&line.license),
            Value::Text(&line.item),
            Value::Number(&line.quantity),
            Value::Text(&line.unit),
            Value::Text(&line.eccn),
            Value::Number(&line.value),
            Value::Text(&line.currency),
            if line.dollars.is_empty() { Value::Text("to complete") } else { Value::Number(&line.dollars) },
            Value::Text(&line.not_summed),
            Value::Text(&line.lacking),
            Value::Blank,
            Value::Text(&line.rate),
            Value::Text(&line.schedule_b),
            Value::Text(&line.dates),
            Value::Made(place(&line.file, &line.sheet, line.row)),
            Value::Text(&line.finding_id),
        ],
    )
}

/// A sentence in pieces of at most so many characters, broken between words.
pub(super) fn broken(sentence: &str, limit: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in sentence.split_whitespace() {
        let last = lines.len() - 1;
        let length = lines[last].chars().count();
        if length > 0 && length + 1 + word.chars().count() > limit {
            lines.push(format!("   {word}"));
        } else {
            if length > 0 {
                lines[last].push(' ');
            }
            lines[last].push_str(word);
        }
    }
    lines
}
