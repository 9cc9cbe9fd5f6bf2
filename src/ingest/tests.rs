//! Whole files, made here and read to the end: what is counted, where rows stand, and that nothing is lost.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tempfile::TempDir;

use super::records::{Splitter, parse};
use super::{Confirmed, FileFault, Overrides, RowClass, Sheet, SheetState, ValueTally, open};
use crate::field::{DateKind, Field};
use crate::run::{Reconciliation, SheetRecord};
use crate::source::CellKind;

const HEADER: &str =
    "Invoice No,Line,Ship Date,Consignee Name,Consignee Address,Country,ECCN,License,Qty,Value,Currency";

fn lines(count: usize) -> Vec<String> {
    (0..count)
        .map(|n| {
            format!(
                "INV-{n},1,2023-01-{:02},Köln Trading {n},\"Plot {n}, S.I.T.E.\",PK,EAR99,NLR,{n},12.50,USD",
                n % 28 + 1
            )
        })
        .collect()
}

/// What reading one sheet to its end gave.
#[derive(Default)]
struct Outcome {
    rows: Reconciliation,
    data_rows: Vec<u32>,
    rejected: Vec<(u32, String)>,
    record: SheetRecord,
    restarts: u32,
    cells: Vec<Vec<(CellKind, String)>>,
}

fn read_sheet(sheet: &mut Sheet) -> Result<Outcome, FileFault> {
    let mut restarts = 0;
    loop {
        let mut outcome = Outcome { restarts, ..Outcome::default() };
        let Some(reader) = sheet.reader() else {
            outcome.record = sheet.record(None);
            return Ok(outcome);
        };
        let plan = reader.plan().clone();
        let mut tally = plan.new_tally();
        while let Some(chunk) = reader.next_chunk()? {
            let mut part: ValueTally = plan.new_tally();
            let batch = chunk.parse(&plan, &mut part);
            for row in batch.rows() {
                let class = plan.classify(&row);
                class.count(&row, &mut outcome.rows);
                match class {
                    RowClass::Data => {
                        outcome.rows.audited += 1;
                        outcome.data_rows.push(row.number());
                        outcome
                            .cells
                            .push(row.cells().map(|cell| (cell.kind, cell.text.to_owned())).collect());
                        part.see(&plan, &row);
                    }
                    RowClass::Reject(reason) => outcome.rejected.push((row.number(), reason)),
                    _ => {}
                }
            }
            tally.merge(part);
        }
        match plan.confirm(&tally) {
            Confirmed::Refuted(better) => {
                restarts += 1;
                reader.restart(*better)?;
            }
            Confirmed::Yes => {
                assert!(outcome.rows.closes(), "{:?}", outcome.rows);
                outcome.record = sheet.record(Some(&tally));
                return Ok(outcome);
            }
        }
    }
}

fn write(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn read_bytes(bytes: &[u8]) -> Outcome {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "a.dat", bytes);
    let mut workbook = open(&path, "a.dat", &Overrides::default()).unwrap();
    let outcome = read_sheet(&mut workbook.sheets_mut()[0]).unwrap();
    assert_eq!(workbook.sha256().unwrap(), super::sha256_of(&path, "a.dat").unwrap());
    outcome
}

fn text(lines: &[String], line_end: &str) -> String {
    let mut all = vec![HEADER.to_owned()];
    all.extend_from_slice(lines);
    all.join(line_end) + line_end
}

#[test]
fn line_ends_and_encodings_are_found() {
    for line_end in ["\n", "\r\n", "\r", "\r\r\n"] {
        let plain = text(&lines(10), line_end);
        let utf16: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [b"\xff\xfe".as_slice(), &utf16].concat();
        let (ansi, _, _) = encoding_rs::WINDOWS_1252.encode(&plain);
        let with_mark = ["\u{feff}", &plain].concat();
        for bytes in [plain.as_bytes(), &utf16, &marked, &ansi, with_mark.as_bytes()] {
            let outcome = read_bytes(bytes);
            assert_eq!(outcome.data_rows, (2..12).collect::<Vec<u32>>(), "{line_end:?}");
            assert_eq!(outcome.cells[3][3].1, "Köln Trading 3");
            assert_eq!(outcome.record.header_row, 1);
        }
    }
}

#[test]
fn delimiters_are_found() {
    for delimiter in [";", "\t", "|"] {
        let plain = text(&lines(10), "\n")
            .replace("\"Plot", "\u{1}")
            .replace(',', delimiter)
            .replace('\u{1}', "\"Plot");
        assert_eq!(read_bytes(plain.as_bytes()).rows.audited, 10, "{delimiter:?}");
        let named = format!("sep={delimiter}\r\n{plain}");
        let outcome = read_bytes(named.as_bytes());
        assert_eq!((outcome.rows.audited, outcome.rows.title), (10, 1));
    }
}

#[test]
fn rows_that_are_no_shipments_are_counted_by_kind() {
    let mut all =
        vec!["Shipment register,,,".to_owned(), "Run date: 24.11.2026".into(), String::new(), HEADER.into()];
    all.extend(lines(5));
    all.extend([",,,".to_owned(), HEADER.into()]);
    all.extend(lines(3));
    all.extend([",,,,,,,,Total,100.00".to_owned(), "*** End of report ***".into()]);
    let outcome = read_bytes((all.join("\n") + "\n\u{1a}").as_bytes());
    let rows = outcome.rows;
    assert_eq!(
        (rows.title, rows.header, rows.blank, rows.total, rows.audited, rows.rejected),
        (2, 2, 2, 2, 8, 0)
    );
    assert_eq!(outcome.data_rows, [5, 6, 7, 8, 9, 12, 13, 14]);
}

#[test]
fn shifted_and_broken_records_are_rejected_with_their_lines() {
    let mut all = lines(8);
    all[1] = all[1].replace('"', "");
    all[3] = all[3].replace("Köln", "\"Köln");
    let outcome = read_bytes(text(&all, "\n").as_bytes());
    assert_eq!(outcome.rejected[0].0, 3);
    assert!(outcome.rejected[0].1.contains("12 fields, 11 expected"), "{:?}", outcome.rejected);
    assert_eq!(outcome.rows.rejected + outcome.rows.audited, 8);
    let mut all = lines(8);
    all[6] = all[6].replace("\"Plot 6, S.I.T.E.\"", "\"Plot 6");
    all[7] = all[7].replace('"', "");
    let outcome = read_bytes(text(&all, "\n").as_bytes());
    assert_eq!((outcome.rows.audited, outcome.rows.rejected, outcome.rows.continuation_lines), (6, 1, 1));
    assert!(outcome.rejected[0].1.contains("lines 8 to 9"), "{:?}", outcome.rejected);
}

#[test]
fn short_records_are_read_and_cut_ones_are_not() {
    let mut all = lines(4);
    all[1] = all[1].replace(",12.50,USD", "");
    let whole = text(&all, "\n");
    let outcome = read_bytes(whole.as_bytes());
    assert_eq!(outcome.rows.audited, 4);
    assert!(
        outcome.record.remarks.iter().any(|remark| remark.starts_with("1 row (3): shorter")),
        "{:?}",
        outcome.record.remarks
    );
    let outcome = read_bytes(&whole.as_bytes()[..whole.len() - 20]);
    assert_eq!((outcome.rows.audited, outcome.rows.rejected), (3, 1));
}

#[test]
fn addresses_count_physical_lines() {
    let mut all = lines(3);
    all[0] = all[0].replace("S.I.T.E.", "S.I.T.E.\r\nKarachi");
    let outcome = read_bytes(text(&all, "\r\n").as_bytes());
    assert_eq!(outcome.data_rows, [2, 4, 5]);
    assert_eq!(
        (outcome.rows.physical_lines, outcome.rows.continuation_lines, outcome.rows.records),
        (5, 1, 4)
    );
}

#[test]
fn a_late_byte_restarts_the_file_once_in_another_encoding() {
    let mut bytes = text(&lines(40_000), "\n").replace('ö', "o").into_bytes();
    bytes.extend(b"INV-X,1,2023-01-14,K\xf6ln,Street,DE,EAR99,NLR,1,2.50,USD\n");
    let outcome = read_bytes(&bytes);
    assert_eq!((outcome.restarts, outcome.rows.audited), (1, 40_001));
    assert!(
        outcome.record.encoding.contains("windows-1252") && outcome.record.encoding.contains("line 40002")
    );
    assert_eq!(outcome.cells.last().unwrap()[3].1, "Köln");
}

#[test]
fn a_late_date_restarts_the_file_once_in_another_order() {
    let mut all = lines(30_000);
    for line in &mut all {
        *line = line.replacen("2023-01-", "03/", 1).replacen(",Köln", "/2023,Köln", 1);
        let day = &line[line.find("03/").unwrap() + 3..][..2];
        let early = format!("03/{:02}", day.parse::<u32>().unwrap() % 12 + 1);
        *line = line.replacen(&format!("03/{day}"), &early, 1);
    }
    all.push(lines(1)[0].replace("2023-01-01", "12/26/2024"));
    let outcome = read_bytes(text(&all, "\n").as_bytes());
    assert_eq!((outcome.restarts, outcome.rows.audited), (1, 30_001));
    assert!(
        outcome.record.date_order[0].contains("month first, as shown by 1 row (30002)"),
        "{:?}",
        outcome.record.date_order
    );
}

#[test]
fn a_file_without_a_header_asks() {
    let rows = lines(5).join("\n").replace(",PK,", ",NO,");
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "bare.csv", rows.as_bytes());
    let workbook = open(&path, "bare.csv", &Overrides::default()).unwrap();
    assert!(
        matches!(&workbook.sheets()[0].state, SheetState::Skipped(why) if why.contains("header_row = 0"))
    );
}

#[test]
fn missing_files_and_folders_are_named() {
    let folder = TempDir::new().unwrap();
    let fault = |path: &Path| open(path, "x.csv", &Overrides::default()).unwrap_err().to_string();
    assert!(fault(&folder.path().join("none")).contains("no such file"));
    assert!(fault(folder.path()).contains("folder"));
    assert!(fault(&write(&folder, "e.csv", b"")).contains("empty"));
}

fn hard_workbook(folder: &TempDir) -> PathBuf {
    use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
    let path = folder.path().join("book.dat");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Shipments").unwrap();
    sheet.merge_range(0, 2, 1, 6, "SHIPMENT REGISTER", &Format::new()).unwrap();
    for (column, heading) in
        ["Invoice No", "Line", "Ship Date", "Consignee Name", "Country", "ECCN", "Value"].iter().enumerate()
    {
        sheet.write_string(6, column as u16 + 2, *heading).unwrap();
    }
    let date = Format::new().set_num_format("dd/mm/yyyy");
    for n in 0..6_u32 {
        let row = 7 + n;
        sheet.write_string(row, 2, format!("INV-{n}")).unwrap();
        sheet.write_number(row, 3, 10.0).unwrap();
        sheet.write_string(row, 5, "Ravi Instruments").unwrap();
        sheet.write_string(row, 6, "PK").unwrap();
        sheet.write_string(row, 7, "3A992.a").unwrap();
        sheet.write_number(row, 8, 0.1 + f64::from(n)).unwrap();
    }
    sheet.write_datetime_with_format(7, 4, ExcelDateTime::from_ymd(2024, 12, 26).unwrap(), &date).unwrap();
    sheet.write_number(8, 4, 45_652.0).unwrap();
    sheet.write_string(9, 4, "2024-12-26").unwrap();
    sheet.write_formula(10, 6, Formula::new("NA()").set_result("#N/A")).unwrap();
    sheet.merge_range(11, 2, 12, 2, "INV-4", &Format::new()).unwrap();
    sheet.set_row_hidden(9).unwrap();
    sheet.write_number(20, 16_383, 1.0).unwrap();
    let old = workbook.add_worksheet();
    old.set_name("old").unwrap().set_very_hidden(true);
    for (column, heading) in ["Invoice No", "Country", "ECCN"].iter().enumerate() {
        old.write_string(0, column as u16, *heading).unwrap();
        old.write_string(1, column as u16, "PK").unwrap();
    }
    let pivot = workbook.add_worksheet();
    pivot.set_name("Pivot").unwrap().write_string(0, 0, "Row Labels").unwrap();
    workbook.save(&path).unwrap();
    path
}

#[test]
fn a_workbook_is_read_where_it_stands() {
    let folder = TempDir::new().unwrap();
    let path = hard_workbook(&folder);
    let mut workbook = open(&path, "book.dat", &Overrides::default()).unwrap();
    let outcome = read_sheet(&mut workbook.sheets_mut()[0]).unwrap();
    assert_eq!(outcome.data_rows, [8, 9, 10, 11, 12, 13]);
    assert_eq!((outcome.record.header_row, outcome.rows.physical_lines, outcome.rows.rejected), (7, 21, 1));
    let cell = |row: usize, column: usize| outcome.cells[row][column].clone();
    assert_eq!(cell(0, 4), (CellKind::Date, "2024-12-26".into()));
    assert_eq!(cell(1, 4), (CellKind::Number, "45652".into()));
    assert_eq!(cell(0, 8), (CellKind::Number, "0.1".into()));
    assert_eq!(cell(5, 2), (CellKind::FromMerge, "INV-4".into()));
    assert!(
        outcome.record.remarks.iter().any(|remark| remark.starts_with("1 row (10): hidden")),
        "{:?}",
        outcome.record.remarks
    );
    let plan_columns = &workbook.sheets_mut()[0].reader().unwrap().plan().clone();
    assert_eq!(plan_columns.column_of(Field::Date(DateKind::GoodsIssue)), Some(4));
    let old = read_sheet(&mut workbook.sheets_mut()[1]).unwrap();
    assert_eq!((old.rows.audited, old.record.visibility.as_str()), (1, "very hidden"));
    assert!(matches!(&workbook.sheets()[2].state, SheetState::Skipped(why) if why.contains("no header row")));
}

#[test]
fn an_altered_workbook_is_refused() {
    let folder = TempDir::new().unwrap();
    let mut bytes = std::fs::read(hard_workbook(&folder)).unwrap();
    let whole = bytes.len();
    let cut = write(&folder, "cut.xlsx", &bytes[..whole * 6 / 10]);
    assert!(open(&cut, "cut.xlsx", &Overrides::default()).unwrap_err().message().contains("cut or damaged"));
    // A byte in the middle of the largest part, the sheet.
    let at = memchr::memmem::find(&bytes, b"xl/worksheets/sheet1.xml").unwrap() + 200;
    bytes[at] ^= 0x55;
    let altered = write(&folder, "altered.xlsx", &bytes);
    let workbook = open(&altered, "altered.xlsx", &Overrides::default()).unwrap();
    let message = workbook.sheets()[0].fault().unwrap().to_string();
    assert!(message.contains("sheet1.xml") && message.contains("0 lines audited"), "{message}");
    // The other sheets are read.
    assert!(matches!(&workbook.sheets()[1].state, SheetState::Readable(_)));
}

/// Records by the project's splitter and parser, whatever pieces the text comes in.
fn own_records(bytes: &[u8], target: usize, piece: usize) -> Vec<Vec<String>> {
    let mut splitter = Splitter::new(b',', target);
    let mut records = Vec::new();
    let mut lines = 0;
    let mut take = |splitter: &mut Splitter, at_end: bool| {
        while let Some(chunk) = splitter.next(at_end) {
            assert_eq!(chunk.first_line, lines + 1);
            for row in parse(chunk, b',').batch.rows() {
                assert_eq!(row.number(), lines + 1);
                lines += row.physical_lines();
                if !row.is_empty() {
                    records.push(row.cells().map(|cell| cell.text.to_owned()).collect());
                }
            }
        }
    };
    for part in bytes.chunks(piece) {
        splitter.buffer().extend_from_slice(part);
        take(&mut splitter, false);
    }
    take(&mut splitter, true);
    records
}

fn csv_records(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The text with every quote closed: a file that ends inside a quoted cell is rejected whole, which csv does not do.
fn close_quotes(bytes: &[u8]) -> Vec<u8> {
    let mut splitter = Splitter::new(b',', usize::MAX);
    splitter.buffer().extend_from_slice(bytes);
    let mut open_at_end = false;
    while let Some(chunk) = splitter.next(true) {
        open_at_end = chunk.fault == Some(crate::source::RowFault::EndsInsideQuotes);
    }
    let mut closed = bytes.to_vec();
    if open_at_end {
        closed.push(b'"');
    }
    closed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    #[test]
    fn records_are_those_of_the_csv_crate(text in "[ab,\"\n\r ]{0,40}", target in 1_usize..30, piece in 1_usize..12) {
        let bytes = close_quotes(text.as_bytes());
        prop_assert_eq!(own_records(&bytes, target, piece), csv_records(&bytes));
    }
}

/// `cargo test --release -- --ignored --nocapture measures`, with `SHIPMENTS` naming a large CSV or XLSX.
#[test]
#[ignore = "measures speed"]
fn measures_reading() {
    let Ok(path) = std::env::var("SHIPMENTS") else { return };
    let path = Path::new(&path);
    let megabytes = std::fs::metadata(path).unwrap().len() as f64 / 1e6;
    let time = |what: &str, run: &mut dyn FnMut() -> u64| {
        let start = std::time::Instant::now();
        let rows = run();
        let seconds = start.elapsed().as_secs_f64();
        println!("{what}: {rows} rows, {seconds:.2} s, {:.0} MB/s", megabytes / seconds);
    };
    if path.extension().is_some_and(|extension| extension == "xlsx") {
        time("calamine cells reader alone", &mut || {
            use calamine::Reader as _;
            let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
            let name = book.sheet_names()[0].clone();
            let mut cells = book.worksheet_cells_reader(&name).unwrap();
            let mut last = 0;
            while let Some(cell) = cells.next_cell().unwrap() {
                last = cell.get_position().0;
            }
            u64::from(last) + 1
        });
    } else {
        time("csv crate, byte records", &mut || {
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).unwrap();
            let mut record = csv::ByteRecord::new();
            let mut rows = 1;
            while reader.read_byte_record(&mut record).unwrap() {
                rows += 1;
            }
            rows
        });
    }
    time("SHA-256 alone", &mut || u64::from(!super::sha256_of(path, "f").unwrap().is_empty()));
    time("chunks handed out (read, hashed, split)", &mut || {
        let mut workbook = open(path, "f", &Overrides::default()).unwrap();
        let reader = workbook.sheets_mut()[0].reader().unwrap();
        std::iter::from_fn(|| reader.next_chunk().unwrap()).count() as u64
    });
    time("chunks handed out and parsed, one thread", &mut || {
        let mut workbook = open(path, "f", &Overrides::default()).unwrap();
        let reader = workbook.sheets_mut()[0].reader().unwrap();
        let plan = reader.plan().clone();
        let mut tally = plan.new_tally();
        std::iter::from_fn(|| reader.next_chunk().unwrap())
            .map(|chunk| chunk.parse(&plan, &mut tally).len() as u64)
            .sum()
    });
    time("the same, classified and tallied", &mut || {
        let mut workbook = open(path, "f", &Overrides::default()).unwrap();
        read_sheet_rows(&mut workbook.sheets_mut()[0])
    });
}

fn read_sheet_rows(sheet: &mut Sheet) -> u64 {
    let reader = sheet.reader().unwrap();
    let plan = reader.plan().clone();
    let mut tally = plan.new_tally();
    let mut rows = Reconciliation::default();
    while let Some(chunk) = reader.next_chunk().unwrap() {
        let batch = chunk.parse(&plan, &mut tally);
        for row in batch.rows() {
            let class = plan.classify(&row);
            class.count(&row, &mut rows);
            if class == RowClass::Data {
                tally.see(&plan, &row);
            }
        }
    }
    rows.records
}
