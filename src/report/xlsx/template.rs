//! `decisions-template.xlsx`: the open findings by group, with drop-downs for the decision, on a sheet a disposition.
//!
//! Owns the look of the template; which rows it has is the business of `decisions::agenda`.

use std::path::{Path, PathBuf};

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Workbook, Worksheet,
    XlsxError,
};

use crate::decisions::columns::Column as Field;
use crate::decisions::{FIRST_SHEET, Policy, Row};
use crate::finding::Disposition;
use crate::run::RunRecord;

use super::super::Error;
use super::super::digest::HashedFile;
use super::super::template::{XLSX, about, document_and_line, first_place};
use super::super::text::in_words;
use super::cell::Kind::{Count, Day, Entry, EntryDay, Text};
use super::cell::Value;
use super::frame::{Frame, MOST_ROWS, Paper};
use super::page::Page;
use super::table::{Column, Table, beside, printed};
use super::{Unfailing, guarded, properties};

const COLUMNS: &[Column] = &[
    printed("Decision", 15.0, Entry),
    printed("Reason", 22.0, Entry),
    printed("Evidence", 18.0, Entry),
    printed("Reviewer", 12.0, Entry),
    printed("Decided on", 10.0, EntryDay),
    printed("Expires on", 10.0, EntryDay),
    printed("Approved by", 12.0, Entry),
    printed("Minor or technical", 9.0, Entry),
    printed("Code", 7.0, Text),
    printed("What was found", 14.0, Text),
    printed("Findings", 8.0, Count),
    printed("Party", 20.0, Text),
    printed("Listed entity", 18.0, Text),
    printed("Item", 16.0, Text),
    printed("Date of export", 10.0, Day),
    printed("First finding", 18.0, Text),
    printed("Why it was flagged", 36.0, Text),
    printed("What to verify", 30.0, Text),
    beside("Decides one", 14.0, Text),
    beside("Document and line", 18.0, Text),
    beside("Party address", 30.0, Text),
    beside("Description", 30.0, Text),
    beside("Candidate", 10.0, Text),
    beside("Finding id", 19.0, Text),
    beside("Group id", 19.0, Text),
    beside("Listed entity id", 18.0, Text),
    beside("Evidence digest", 20.0, Text),
    beside("Basis digest", 20.0, Text),
];

/// The sheets, in order; rows about a party or an item stand on the last.
const SHEETS: [&str; 4] = ["Exceptions", "Reviews", "Notes", "Party or item"];

const HOW_TO_WIDTHS: &[f64] = &[24.0, 60.0, 24.0];

/// The template while findings pass.
pub(in crate::report) struct TemplateXlsx {
    path: PathBuf,
    out: HashedFile,
    book: Workbook,
    frame: Frame,
    tables: Vec<Table>,
    policy: Policy,
    created: ExcelDateTime,
    program: String,
}

impl TemplateXlsx {
    /// Creates the file.
    pub(in crate::report) fn create(dir: &Path, run: &RunRecord, policy: &Policy) -> Result<Self, Error> {
        let path = dir.join(XLSX);
        let out = HashedFile::create(&path)?;
        let frame = Frame::of(run);
        let mut book = Workbook::new();
        let tables = guarded(&path, || {
            book.set_tempdir(dir)?;
            SHEETS.iter().map(|name| Table::begin(&mut book, name, COLUMNS, &frame)).collect()
        })?;
        let (created, program) = (super::created(run), run.program.clone());
        Ok(Self { path, out, book, frame, tables, policy: policy.clone(), created, program })
    }

    /// Writes the next row on its sheet.
    pub(in crate::report) fn row(&mut self, row: &Row) -> Result<(), Error> {
        let Self { path, book, tables, .. } = self;
        let sheet = match row.disposition {
            Some(Disposition::Exception) => 0,
            Some(Disposition::Review) => 1,
            Some(Disposition::Note) => 2,
            None => 3,
        };
        guarded(path, || tables[sheet].row(book, &values(row)))
    }

    /// Puts the sheets that have rows in order and completes the file.
    pub(in crate::report) fn finish(self) -> Result<(), Error> {
        let Self { path, out, mut book, frame, tables, policy, created, program } = self;
        let mut out = Unfailing { out, failure: None };
        guarded(&path, || {
            book.push_worksheet(how_to(&policy, &frame)?);
            let top = frame.rows();
            let nothing_left = tables.iter().all(|table| table.contents().rows == 0);
            for (index, table) in tables.into_iter().enumerate() {
                // An empty first sheet is there for decisions that a reviewer adds.
                if table.contents().rows == 0 && !(nothing_left && index == 0) {
                    continue;
                }
                for mut sheet in table.finish()? {
                    drop_downs(&mut sheet, top + 1, &policy)?;
                    book.push_worksheet(sheet);
                }
            }
            book.set_properties(&properties("Lookback: decisions", &program, &created));
            book.save_to_writer(&mut out)
        })?;
        match out.failure {
            Some(source) => Err(Error::io(&path, source)),
            None => out.out.finish().map(drop).map_err(|source| Error::io(&path, source)),
        }
    }
}

fn values(row: &Row) -> Vec<Value<'_>> {
    let mut values: Vec<Value<'_>> = Field::FILLED.iter().map(|_| Value::Blank).collect();
    let name = if row.name.is_empty() { String::new() } else { in_words(row.name) };
    values.extend([
        Value::Text(&row.codes),
        Value::Made(name),
        Value::Count(row.findings),
        Value::Text(&row.party),
        Value::Text(&row.listed_entity),
        Value::Text(&row.item),
        Value::Day(&row.date_of_export),
        Value::Made(first_place(row)),
        Value::Text(&row.explanation),
        Value::Text(&row.to_verify),
        Value::Text(row.kind),
        Value::Made(document_and_line(row)),
        Value::Text(&row.party_address),
        Value::Text(&row.description),
        Value::Text(&row.candidate),
    ]);
    let last =
        [Field::FindingId, Field::GroupId, Field::ListedEntityId, Field::EvidenceDigest, Field::BasisDigest];
    values.extend(last.map(|column| Value::Text(about(row, column))));
    values
}

/// Drop-downs and checks on what a reviewer fills in, down to the last row, so that rows can be added.
fn drop_downs(sheet: &mut Worksheet, first: u32, policy: &Policy) -> Result<(), XlsxError> {
    let last = MOST_ROWS - 1;
    let words: Vec<&str> = policy.words().iter().map(|word| word.word.as_str()).collect();
    let decision = DataValidation::new()
        .allow_list_strings(&words)?
        .set_input_title("Decision")?
        .set_input_message("Choose one; the sheet How to decide says what each means. Leave it blank to leave the finding open.")?
        .set_error_title("No decision")?
        .set_error_message("Choose a decision from the list, or clear the cell.")?;
    sheet.add_data_validation(first, 0, last, 0, &decision)?;
    let (from, to) = (ExcelDateTime::from_ymd(2000, 1, 1)?, ExcelDateTime::from_ymd(2199, 12, 31)?);
    let day = DataValidation::new()
        .allow_date(DataValidationRule::Between(from, to))
        .set_error_title("Not a day")?
        .set_error_message("Write a day, such as 2025-10-31.")?;
    sheet.add_data_validation(first, 4, last, 4, &day)?;
    let message = format!(
        "At most {} months after the day of the decision; blank means the whole {0} months.",
        policy.months()
    );
    let expiry = day.clone().set_input_title("Expires on")?.set_input_message(message)?;
    sheet.add_data_validation(first, 5, last, 5, &expiry)?;
    let approver = DataValidation::new()
        .allow_any_value()
        .set_input_title("Approved by")?
        .set_input_message("An exception is closed only when somebody other than the reviewer approves.")?;
    sheet.add_data_validation(first, 6, last, 6, &approver)?;
    let mark = DataValidation::new()
        .allow_list_strings(&["yes"])?
        .set_error_style(DataValidationErrorStyle::Stop)
        .set_input_title("Minor or technical")?
        .set_input_message(
            "For counsel alone: yes puts a confirmed finding on the abbreviated disclosure layout.",
        )?;
    sheet.add_data_validation(first, 7, last, 7, &mark)?;
    Ok(())
}

fn how_to(policy: &Policy, frame: &Frame) -> Result<Worksheet, XlsxError> {
    let mut page =
        Page::begin(FIRST_SHEET, "Decisions on open findings", HOW_TO_WIDTHS, Paper::Upright, frame)?;
    page.sentence(
        "Each row of the other sheets stands for open findings that one decision settles. Fill in the shaded columns of \
         the rows you decide, leave the others blank, save the file and give it to the next audit: lookback audit ... \
         --decisions decisions-template.xlsx. Keep the file; rows of earlier quarters may be added to it.",
    )?;
    page.section("What may be decided")?;
    page.headings(&[("Word", Text), ("What it says", Text), ("Closes an exception", Text)])?;
    for word in policy.words() {
        let needs =
            if word.second_person_for_exception { "with a second person's approval" } else { "alone" };
        page.row(&[
            (Text, Value::Text(&word.word)),
            (Text, Value::Text(&word.meaning)),
            (Text, Value::Text(needs)),
        ])?;
    }
    page.section("What to fill in")?;
    for (label, words) in [
        ("Reason", "Why, in a sentence that the next reviewer can follow. Needed."),
        ("Evidence", "What the decision rests on: a license number, a letter, a data sheet, a file."),
        ("Reviewer, Decided on", "Who decided, and when. Needed."),
        ("Expires on", policy.note()),
        (
            "Approved by",
            "Somebody other than the reviewer. Without it an exception stays open, whatever the decision.",
        ),
        ("Minor or technical", "For counsel: the mark for the abbreviated layout of a disclosure."),
    ] {
        page.pair(label, words)?;
    }
    page.section("What a row decides")?;
    for (label, words) in [
        ("A finding", "The row names a finding id: that finding and no other."),
        (
            "A group",
            "The row names a group id: every finding of the group, those of later lines too, as long as party, address \
             and the other cells relied on stay as they are. Dates may differ.",
        ),
        (
            "A party or an item",
            "The row names a party with its listed entity, or an item with its candidate, and neither of the two ids: \
             every finding about them, whatever its code. To decide so from another row, clear both ids.",
        ),
        (
            "More than one",
            "The most specific row decides alone. Of two rows on the same thing the later decision counts.",
        ),
        (
            "The digests",
            "They pin what the reviewer saw: the cells relied on, and the list entry or the rule. Leave them as they are. \
             When either has changed, the decision closes nothing, and the report says so.",
        ),
    ] {
        page.pair(label, words)?;
    }
    page.remark("These rules are the program's policy, not law.")?;
    page.finish()
}
