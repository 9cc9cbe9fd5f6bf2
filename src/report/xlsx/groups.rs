//! The sheet Reviews: a row for each group of findings that a reviewer decides at once, with its first finding.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::report::Groups;
use crate::run::GroupRecord;

use super::super::text::{amounts_by_line, in_words};
use super::cell::Kind::{Count, Day, Number, Text};
use super::cell::Value;
use super::findings::{item, source};
use super::frame::Frame;
use super::style::Mark;
use super::table::{Column, Table, beside, printed};

const COLUMNS: &[Column] = &[
    printed("Code", 6.0, Text),
    printed("Finding", 12.0, Text),
    printed("Findings", 8.0, Count),
    printed("Open", 6.5, Count).marked(Mark::AboveZero),
    printed("First export", 9.5, Day),
    printed("Last export", 9.5, Day),
    printed("Value", 14.0, Text),
    printed("Party", 16.0, Text),
    printed("Listed entity", 13.0, Text),
    printed("Score", 6.5, Number),
    printed("Declared ECCN", 8.5, Text),
    printed("Candidate ECCN", 9.0, Text),
    printed("Item", 15.0, Text),
    printed("Why it was flagged", 32.0, Text),
    printed("What to verify", 28.0, Text),
    printed("First finding", 16.0, Text),
    beside("Party role", 20.0, Text),
    beside("Party address", 30.0, Text),
    beside("Destination", 11.5, Text),
    beside("Matched name", 24.0, Text),
    beside("Document", 14.0, Text),
    beside("Line", 8.0, Text),
    beside("Rule", 24.0, Text),
    beside("Citations", 30.0, Text),
    beside("Group", 18.0, Text),
];

/// Writes the groups of reviews in their order.
pub(super) fn write(book: &mut Workbook, groups: &dyn Groups, frame: &Frame) -> Result<Table, XlsxError> {
    let mut table = Table::begin(book, "Reviews", COLUMNS, frame)?;
    let mut written = Ok(());
    groups
        .each(&mut |group| {
            written = write_one(&mut table, book, &group);
            written.is_ok()
        })
        .map_err(XlsxError::IoError)?;
    written?;
    table.if_empty("None: no finding asks a person to establish a fact.")?;
    Ok(table)
}

fn write_one(table: &mut Table, book: &mut Workbook, group: &GroupRecord) -> Result<(), XlsxError> {
    let first = &group.example.finding;
    table.row(
        book,
        &[
            Value::Text(group.code.code()),
            Value::Made(in_words(group.code.name())),
            Value::Count(group.findings),
            Value::Count(group.open),
            Value::Day(&group.first_date),
            Value::Day(&group.last_date),
            Value::Made(amounts_by_line(&group.value)),
            Value::Text(&first.party_name),
            Value::Text(&first.listed_entity),
            Value::Number(&first.score),
            Value::Text(&first.declared_eccn),
            Value::Text(&first.candidate_eccn),
            Value::Made(item(first)),
            Value::Text(&first.explanation),
            Value::Text(&first.to_verify),
            Value::Made(source(first)),
            Value::Text(&first.party_role),
            Value::Text(&first.party_address),
            Value::Text(&first.destination),
            Value::Text(&first.matched_name),
            Value::Text(&first.document),
            Value::Text(&first.line),
            Value::Text(&first.rule),
            Value::Text(&first.citations),
            Value::Text(&group.group_id),
        ],
    )
}
