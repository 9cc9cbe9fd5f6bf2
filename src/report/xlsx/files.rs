//! The sheet Files: what became of every row of every sheet, as an equation that the spreadsheet program checks itself.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::run::{ByCurrency, InputRecord, Reconciliation, RunRecord, SheetRecord};

use super::super::text::{self, amounts_by_line};
use super::cell::Kind::{Amount, Count, Day, Text};
use super::cell::Value;
use super::frame::Frame;
use super::style::Mark;
use super::table::{Column, Table, beside, printed};

const COLUMNS: &[Column] = &[
    printed("File", 20.0, Text),
    printed("Sheet", 13.0, Text),
    printed("Physical lines", 9.0, Count),
    printed("- lines continuing a record", 10.0, Count),
    printed("= Records", 9.0, Count),
    printed("Titles", 7.0, Count),
    printed("+ headers", 8.0, Count),
    printed("+ blank", 7.0, Count),
    printed("+ totals", 7.0, Count),
    printed("+ outside the period", 8.5, Count),
    printed("+ rejected", 8.5, Count).marked(Mark::AboveZero),
    printed("+ audited", 9.0, Count),
    printed("Adds up", 7.5, Text).marked(Mark::NotYes),
    printed("Of those audited: a needed field missing", 11.0, Count),
    printed("Value of audited lines", 17.0, Text),
    printed("Quantity", 12.5, Amount),
    printed("First export", 9.5, Day),
    printed("Last export", 9.5, Day),
    printed("Remarks", 32.0, Text),
    beside("Format", 14.0, Text),
    beside("Destinations", 40.0, Text),
    beside("Bytes", 14.0, Count),
    beside("SHA-256", 68.0, Text),
    beside("Path", 50.0, Text),
];

/// Writes a row a sheet, a row a file that could not be read, and the sums.
pub(super) fn write(book: &mut Workbook, run: &RunRecord, frame: &Frame) -> Result<Table, XlsxError> {
    let mut table = Table::begin(book, "Files", COLUMNS, frame)?;
    // The spreadsheet counts rows from 1; the headings stand below the frame.
    let first = frame.rows() + 2;
    let mut next = first;
    for input in &run.inputs {
        if input.sheets.is_empty() {
            write_row(book, &mut table, input, None, next)?;
            next += 1;
        }
        for sheet in &input.sheets {
            write_row(book, &mut table, input, Some(sheet), next)?;
            next += 1;
        }
    }
    write_sum(book, &mut table, run, first, next)?;
    Ok(table)
}

fn write_row(
    book: &mut Workbook,
    table: &mut Table,
    input: &InputRecord,
    sheet: Option<&SheetRecord>,
    row: u32,
) -> Result<(), XlsxError> {
    let none = SheetRecord::default();
    let read = sheet.unwrap_or(&none);
    // A file or sheet that was not read has no rows, not zero of them.
    let none_read = sheet.is_none() || read.skipped.is_some() || read.fault.is_some();
    let counted = !none_read || read.rows.physical_lines > 0;
    let count = |number| if counted { Value::Count(number) } else { Value::Blank };
    let mut values = vec![Value::Text(&input.file), Value::Text(&read.sheet)];
    values.extend(counts(&read.rows).map(count));
    values.push(if counted { verdict(&read.rows, row) } else { Value::Text("not read") });
    values.extend([
        count(read.rows.with_gap),
        Value::Made(amounts_by_line(&read.value)),
        if counted { Value::Decimal(read.quantity) } else { Value::Blank },
        Value::Day(&read.first_date),
        Value::Day(&read.last_date),
        Value::Made(remarks(input, read)),
        Value::Text(&input.format),
        Value::Made(destinations(read)),
        Value::Count(input.bytes),
        Value::Text(&input.sha256),
        Value::Text(&input.path),
    ]);
    table.row(book, &values)
}

fn write_sum(
    book: &mut Workbook,
    table: &mut Table,
    run: &RunRecord,
    first: u32,
    row: u32,
) -> Result<(), XlsxError> {
    let rows = &run.totals.rows;
    let sum = |column: char, total: u64| {
        Value::Formula(format!("=SUM({column}{first}:{column}{})", row - 1), total.to_string())
    };
    let mut values = vec![Value::Text("All files"), Value::Blank];
    values.extend(('C'..='L').zip(counts(rows)).map(|(column, total)| sum(column, total)));
    values.push(verdict(rows, row));
    values.push(sum('N', rows.with_gap));
    let mut every = ByCurrency::new();
    for (currency, value) in
        run.inputs.iter().flat_map(|input| &input.sheets).flat_map(|sheet| sheet.value.iter())
    {
        *every.entry(currency) += *value;
    }
    values.push(Value::Made(amounts_by_line(&every)));
    values.push(Value::Blank);
    values.extend([Value::Day(&run.totals.first_date), Value::Day(&run.totals.last_date)]);
    values.extend(std::iter::repeat_with(|| Value::Blank).take(COLUMNS.len() - values.len()));
    table.row(book, &values)
}

/// The parts of the equation, columns C to L.
fn counts(rows: &Reconciliation) -> [u64; 10] {
    [
        rows.physical_lines,
        rows.continuation_lines,
        rows.records,
        rows.title,
        rows.header,
        rows.blank,
        rows.total,
        rows.outside_period,
        rows.rejected,
        rows.audited,
    ]
}

fn verdict<'a>(rows: &Reconciliation, row: u32) -> Value<'a> {
    let formula = format!("=IF(AND(C{row}-D{row}=E{row},E{row}=SUM(F{row}:L{row})),\"yes\",\"NO\")");
    Value::Formula(formula, if rows.closes() { "yes" } else { "NO" }.to_owned())
}

fn remarks(input: &InputRecord, sheet: &SheetRecord) -> String {
    let mut remarks = Vec::new();
    remarks.extend(if input.sheets.is_empty() { input.fault.clone() } else { sheet.fault.clone() });
    if let Some(reason) = &sheet.skipped {
        remarks.push(format!("not audited: {reason}"));
    }
    if !matches!(sheet.visibility.as_str(), "" | "visible") {
        remarks.push(format!("the sheet is {}", sheet.visibility));
    }
    remarks.extend(sheet.remarks.iter().cloned());
    remarks.join("\n")
}

fn destinations(sheet: &SheetRecord) -> String {
    let texts: Vec<String> =
        sheet.destinations.iter().map(|(place, lines)| format!("{place} {}", text::count(*lines))).collect();
    texts.join(", ")
}
