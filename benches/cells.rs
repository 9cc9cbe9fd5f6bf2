//! The floor that an audit of a workbook is measured against: calamine's streaming reader over every cell of every sheet.
//!
//! `cargo bench --bench cells -- FILE.xlsx`

use std::fs::File;
use std::io::BufReader;

use calamine::{Reader, Xlsx};

#[expect(clippy::print_stdout, reason = "a measurement says what it counted")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(path) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        println!("cells: name an XLSX file");
        return Ok(());
    };
    let mut workbook: Xlsx<_> = Xlsx::new(BufReader::new(File::open(path)?))?;
    let mut cells = 0u64;
    for sheet in workbook.sheet_names() {
        let mut reader = workbook.worksheet_cells_reader(&sheet)?;
        while reader.next_cell()?.is_some() {
            cells += 1;
        }
    }
    println!("{cells} cells");
    Ok(())
}
