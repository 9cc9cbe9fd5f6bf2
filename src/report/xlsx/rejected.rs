//! The sheet Rejected rows: every row that was not audited, and why.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::run::RejectedRow;

use super::cell::Kind::{Count, Text};
use super::cell::Value;
use super::table::{Column, Table, printed};

pub(super) const COLUMNS: &[Column] = &[
    printed("File", 30.0, Text),
    printed("Sheet", 18.0, Text),
    printed("Row", 10.0, Count),
    printed("Why it was not audited", 60.0, Text),
    printed("Text of the row", 110.0, Text),
];

/// Writes a rejected row.
pub(super) fn write(book: &mut Workbook, table: &mut Table, row: &RejectedRow) -> Result<(), XlsxError> {
    table.row(
        book,
        &[
            Value::Text(&row.file),
            Value::Text(&row.sheet),
            Value::Count(u64::from(row.row)),
            Value::Text(&row.reason),
            Value::Text(&row.raw),
        ],
    )
}
