//! The sheets Exceptions, Notes and Not assessed: a row a finding.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::finding::{Finding, FindingCode, NumberedFinding};
use crate::run::RunRecord;

use super::super::text::{in_words, place, place_name};
use super::cell::Kind::{Amount, Count, Day, Link, Number, Text};
use super::cell::{Address, Value};
use super::style::Mark;
use super::table::{Column, Table, beside, printed};

/// The columns of Exceptions and Notes: what is printed tells the whole story; the rest is for filters and look-ups.
pub(super) const COLUMNS: &[Column] = &[
    printed("Code", 6.0, Text),
    printed("Finding", 12.0, Text),
    printed("Status", 7.5, Text).marked(Mark::Decided),
    printed("Source", 16.0, Text),
    printed("Document", 10.0, Text),
    printed("Line", 5.5, Text),
    printed("Date of export", 9.5, Day),
    printed("Destination", 9.5, Text),
    printed("Party", 16.0, Text),
    printed("Listed entity", 13.0, Text),
    printed("Declared ECCN", 8.5, Text),
    printed("Item", 15.0, Text),
    printed("Value", 12.5, Amount),
    printed("Currency", 7.5, Text),
    printed("License on record", 9.0, Text),
    printed("Why it was flagged", 32.0, Text),
    printed("What to verify", 26.0, Text),
    printed("Rule and date", 12.0, Text),
    beside("Party's shipments", 11.0, Link),
    beside("Decision", 30.0, Text),
    beside("Cells relied on", 40.0, Text),
    beside("File", 24.0, Text),
    beside("Sheet", 14.0, Text),
    beside("Row", 9.0, Count),
    beside("Date basis", 16.0, Text),
    beside("Party role", 20.0, Text),
    beside("Party address", 30.0, Text),
    beside("Listed entity id", 16.0, Text),
    beside("Matched name", 24.0, Text),
    beside("Score", 8.0, Number),
    beside("Candidate ECCN", 11.0, Text),
    beside("Schedule B", 13.0, Text),
    beside("Quantity", 10.0, Number),
    beside("Unit", 7.0, Text),
    beside("License exception", 11.0, Text),
    beside("Citations", 30.0, Text),
    beside("Lines concerned", 10.0, Count),
    beside("Group", 18.0, Text),
    beside("Finding id", 19.0, Text),
];

/// Writes an exception or a note.
pub(super) fn write(
    book: &mut Workbook,
    table: &mut Table,
    numbered: &NumberedFinding,
    party: Option<Address>,
    run: &RunRecord,
) -> Result<(), XlsxError> {
    let finding = &numbered.finding;
    table.row(
        book,
        &[
            Value::Text(finding.code.code()),
            Value::Made(in_words(finding.code.name())),
            Value::Text(&numbered.status),
            Value::Made(source(finding)),
            Value::Text(&finding.document),
            Value::Text(&finding.line),
            Value::Day(&finding.date_of_export),
            Value::Text(place_name(run, &finding.destination)),
            Value::Text(&finding.party_name),
            Value::Text(&finding.listed_entity),
            Value::Text(&finding.declared_eccn),
            Value::Made(item(finding)),
            Value::Number(&finding.value),
            Value::Text(&finding.currency),
            Value::Made(license(finding)),
            Value::Text(&finding.explanation),
            Value::Text(&finding.to_verify),
            Value::Made(rule(finding)),
            party.map_or(Value::Blank, Value::Link),
            Value::Made(decision(numbered)),
            Value::Made(cells(finding)),
            Value::Text(&finding.file),
            Value::Text(&finding.sheet),
            Value::Count(u64::from(finding.row)),
            Value::Text(&finding.date_basis),
            Value::Text(&finding.party_role),
            Value::Text(&finding.party_address),
            Value::Text(&finding.listed_entity_id),
            Value::Text(&finding.matched_name),
            Value::Number(&finding.score),
            Value::Text(&finding.candidate_eccn),
            Value::Text(&finding.schedule_b),
            Value::Number(&finding.quantity),
            Value::Text(&finding.unit),
            Value::Text(&finding.license_exception),
            Value::Text(&finding.citations),
            Value::Count(finding.lines),
            Value::Text(&numbered.group_id),
            Value::Text(&numbered.finding_id),
        ],
    )
}

/// The columns of Not assessed.
pub(super) const GAP_COLUMNS: &[Column] = &[
    printed("Code", 7.0, Text),
    printed("What", 16.0, Text),
    printed("Source", 22.0, Text),
    printed("Lines concerned", 8.5, Count),
    printed("Document", 11.0, Text),
    printed("Line", 6.0, Text),
    printed("Why it could not be assessed", 46.0, Text),
    printed("What to do", 36.0, Text),
    printed("Cells relied on", 28.0, Text),
    beside("Status", 10.0, Text),
    beside("File", 24.0, Text),
    beside("Sheet", 14.0, Text),
    beside("Row", 9.0, Count),
    beside("Group", 18.0, Text),
    beside("Finding id", 19.0, Text),
];

/// Whether the finding says that something could not be assessed: a fact missing or unreadable, or a day that rules or
/// list do not answer for.
pub(super) fn is_gap(code: FindingCode) -> bool {
    use FindingCode::{EL09, LR14, LR15, RQ01, RQ02, RQ05};
    matches!(code, EL09 | LR14 | LR15 | RQ01 | RQ02 | RQ05)
}

/// Writes a finding that something could not be assessed.
pub(super) fn write_gap(
    book: &mut Workbook,
    table: &mut Table,
    numbered: &NumberedFinding,
) -> Result<(), XlsxError> {
    let finding = &numbered.finding;
    table.row(
        book,
        &[
            Value::Text(finding.code.code()),
            Value::Made(in_words(finding.code.name())),
            Value::Made(source(finding)),
            Value::Count(finding.lines),
            Value::Text(&finding.document),
            Value::Text(&finding.line),
            Value::Text(&finding.explanation),
            Value::Text(&finding.to_verify),
            Value::Made(cells(finding)),
            Value::Text(&numbered.status),
            Value::Text(&finding.file),
            Value::Text(&finding.sheet),
            Value::Count(u64::from(finding.row)),
            Value::Text(&numbered.group_id),
            Value::Text(&numbered.finding_id),
        ],
    )
}

/// Writes the files, sheets and lines that were not audited at all, before any finding.
pub(super) fn write_unread(book: &mut Workbook, table: &mut Table, run: &RunRecord) -> Result<(), XlsxError> {
    for input in &run.inputs {
        if let Some(fault) = &input.fault {
            let next = "None of its lines was audited: give the file again once it can be read, or say in the sign-off why it is left out.";
            unread(book, table, [&input.file, ""], "file not read", None, [fault, next])?;
        }
        for sheet in &input.sheets {
            let place = [input.file.as_str(), &sheet.sheet];
            if let Some(reason) = &sheet.skipped {
                let (what, next) = if sheet.question {
                    ("sheet waits for an answer", "Answer in a columns file (--columns) and audit again.")
                } else {
                    (
                        "sheet skipped",
                        "Confirm that the sheet holds no shipments; if it does, audit it again.",
                    )
                };
                unread(book, table, place, what, None, [reason, next])?;
            }
            let outside = sheet.rows.outside_period;
            if outside > 0 {
                let why = "These lines are dated outside the audit period; they were counted and not judged.";
                let next = "If they belong to the matter, audit again with a wider period (--from, --to).";
                unread(book, table, place, "lines outside the period", Some(outside), [why, next])?;
            }
        }
    }
    Ok(())
}

fn unread(
    book: &mut Workbook,
    table: &mut Table,
    [file, sheet]: [&str; 2],
    what: &str,
    lines: Option<u64>,
    [why, next]: [&str; 2],
) -> Result<(), XlsxError> {
    let source = if sheet.is_empty() { file.to_owned() } else { format!("{file}, sheet {sheet}") };
    let mut values: Vec<Value<'_>> = table_blanks(GAP_COLUMNS.len());
    values[1] = Value::Text(what);
    values[2] = Value::Made(source);
    values[3] = lines.map_or(Value::Blank, Value::Count);
    values[6] = Value::Text(why);
    values[7] = Value::Text(next);
    values[10] = Value::Text(file);
    values[11] = Value::Text(sheet);
    table.row(book, &values)
}

fn table_blanks<'a>(columns: usize) -> Vec<Value<'a>> {
    std::iter::repeat_with(|| Value::Blank).take(columns).collect()
}

/// Where the finding stands, with the cells relied on: `q4.xlsx, sheet Shipments, row 214 (H214, K214)`.
pub(super) fn source(finding: &Finding) -> String {
    let mut text = place(&finding.file, &finding.sheet, finding.row);
    let cells: Vec<&str> =
        finding.evidence.iter().map(|cell| cell.cell.as_str()).filter(|cell| !cell.is_empty()).collect();
    if !cells.is_empty() {
        text.push_str(" (");
        text.push_str(&cells.join(", "));
        text.push(')');
    }
    text
}

/// Item number and description together.
pub(super) fn item(finding: &Finding) -> String {
    joined(&[&finding.item, &finding.description], ": ")
}

fn license(finding: &Finding) -> String {
    joined(&[&finding.license_code, &finding.license_number, &finding.license_exception], " / ")
}

fn rule(finding: &Finding) -> String {
    // The first citation names the law to a lawyer; the id of the rule means something to the program alone.
    let law = finding.citations.split("; ").next().unwrap_or_default();
    let from = if finding.listed_entity_id.is_empty() { ", in force from " } else { ", listed from " };
    joined(&[law, &finding.in_force_from], from)
}

/// The decision that closed the finding: by whom, when and why.
fn decision(numbered: &NumberedFinding) -> String {
    let Some(decision) = &numbered.decision else { return String::new() };
    let mut words = format!("{}, {} on {}", in_words(&decision.word), decision.reviewer, decision.decided_on);
    for (label, text) in
        [(", approved by ", &decision.approved_by), (": ", &decision.reason), ("; ", &decision.evidence)]
    {
        if !text.is_empty() {
            words.push_str(label);
            words.push_str(text);
        }
    }
    words
}

/// The cells relied on, each with its heading, its address and its text.
fn cells(finding: &Finding) -> String {
    let texts: Vec<String> = finding
        .evidence
        .iter()
        .map(|cell| match cell.cell.as_str() {
            "" => format!("{} (fixed value): {}", cell.field, cell.raw),
            address => format!("{} ({address}): {}", cell.heading, cell.raw),
        })
        .collect();
    texts.join("\n")
}

fn joined(parts: &[&str], between: &str) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(between)
}
