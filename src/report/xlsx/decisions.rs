//! The sheet Decisions: a row for each decision a reviewer gave, with what became of it.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::run::{DecisionRecord, DecisionsRecord};

use super::super::text::in_words;
use super::cell::Kind::{Count, Day, Text};
use super::cell::Value;
use super::frame::Frame;
use super::table::{Column, Table, beside, printed};

const COLUMNS: &[Column] = &[
    printed("What became of it", 11.0, Text),
    printed("Status given", 12.0, Text),
    printed("Decides one", 9.0, Text),
    printed("About", 24.0, Text),
    printed("Findings closed", 9.0, Count),
    printed("Left open", 7.0, Count),
    printed("Remarks", 32.0, Text),
    printed("Why", 26.0, Text),
    printed("Rests on", 18.0, Text),
    printed("Reviewed by", 12.0, Text),
    printed("On", 9.5, Day),
    printed("Holds until", 9.5, Day),
    printed("Approval", 12.0, Text),
    printed("From", 18.0, Text),
    beside("Which", 22.0, Text),
    beside("Minor or technical", 10.0, Text),
    beside("Names digests", 9.0, Text),
];

/// Writes the decisions in the order read.
pub(super) fn write(
    book: &mut Workbook,
    decisions: &DecisionsRecord,
    frame: &Frame,
) -> Result<Table, XlsxError> {
    let mut table = Table::begin(book, "Decisions", COLUMNS, frame)?;
    let yes = |is: bool| Value::Text(if is { "yes" } else { "no" });
    for decision in &decisions.decisions {
        table.row(
            book,
            &[
                Value::Text(decision.outcome.name()),
                Value::Made(in_words(&decision.decision)),
                Value::Text(decision.scope),
                Value::Text(&decision.about),
                Value::Count(decision.closed),
                Value::Count(decision.left_open),
                Value::Text(&decision.remarks),
                Value::Text(&decision.reason),
                Value::Text(&decision.evidence),
                Value::Text(&decision.reviewer),
                Value::Day(&decision.decided_on),
                Value::Day(&decision.expires_on),
                Value::Text(&decision.approved_by),
                Value::Made(from(decision)),
                Value::Text(&decision.key),
                yes(decision.minor_or_technical),
                yes(decision.pinned),
            ],
        )?;
    }
    Ok(table)
}

/// Where the decision stands; a path is the reader's own, and its last name tells the file.
fn from(decision: &DecisionRecord) -> String {
    let file = decision.file.rsplit(['/', '\\']).next().unwrap_or(&decision.file);
    super::super::text::place(file, &decision.sheet, decision.row)
}
