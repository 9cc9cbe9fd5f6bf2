//! Writes a made-up book of shipments to measure with, as CSV or XLSX by the ending of the name.
//!
//! `cargo bench --bench generate -- LINES FILE.csv [distinct]`, where `distinct` puts another party on every line.

mod book;

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use rust_xlsxwriter::{Workbook, XlsxError};

/// Excel's own limit of rows, the heading among them.
const SHEET_LINES: u64 = 1_048_575;

fn write_xlsx(lines: u64, path: &Path) -> Result<(), XlsxError> {
    let mut workbook = Workbook::new();
    // Strings go into the table that all sheets share, where Excel keeps them.
    let sheet = workbook.add_worksheet_with_low_memory()?;
    let mut at = 0;
    book::each_row(lines.min(SHEET_LINES), false, |cells| {
        for (column, cell) in (0..).zip(cells) {
            // Quantities and values are numbers in a workbook, as systems write them.
            match cell.parse::<f64>() {
                Ok(number)
                    if at > 0 && matches!(book::HEADINGS[usize::from(column)], "Quantity" | "Line Value") =>
                {
                    sheet.write_number(at, column, number)?;
                }
                _ if cell.is_empty() => {}
                _ => {
                    sheet.write_string(at, column, cell)?;
                }
            }
        }
        at += 1;
        Ok::<_, XlsxError>(())
    })?;
    workbook.save(path)
}

#[expect(clippy::print_stdout, reason = "a generator says what it wrote")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let distinct = arguments.last().is_some_and(|word| word == "distinct");
    let [lines, path, ..] = arguments.as_slice() else {
        println!("generate: give a number of lines, and a file ending in .csv or .xlsx");
        return Ok(());
    };
    let (lines, path) = (lines.parse()?, Path::new(path));
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx")) {
        write_xlsx(lines, path)?;
    } else {
        book::write_csv(lines, distinct, BufWriter::new(File::create(path)?))?;
    }
    println!("{lines} lines in {}", path.display());
    Ok(())
}
