//! Text that would like to be a formula, a script or an address: from CSV and from XLSX, through every output, none live.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use tempfile::TempDir;

use super::program::{Audit, lookback};

const HEADINGS: [&str; 15] = [
    "Invoice",
    "Line",
    "Date of Export",
    "Ship From Country",
    "Destination",
    "Ultimate Consignee",
    "Ultimate Consignee Address",
    "ECCN",
    "Item",
    "Description",
    "Qty",
    "Value",
    "Currency",
    "License Code",
    "License Number",
];

/// The texts, a line each.
fn attacks() -> Vec<&'static str> {
    include_str!("injection.txt").lines().filter(|line| !line.is_empty()).collect()
}

/// A line to Pakistan for each, with the text wherever a text may stand; even ones are clean, for the sample.
fn rows() -> Vec<Vec<String>> {
    let row = |(number, attack): (usize, &str)| {
        let (eccn, to) = if number % 5 == 4 { ("EAR99", "DE") } else { ("3A992.a", "PK") };
        let mut row = vec![format!("D{number}"), "1".into(), "2025-02-15".into(), "US".into(), to.into()];
        row.extend(
            [attack, attack, eccn, attack, attack, "1", "250.00", "USD", "NLR", ""].map(str::to_owned),
        );
        if number % 7 == 3 {
            attack.clone_into(&mut row[0]);
        }
        row
    };
    attacks().into_iter().enumerate().map(row).collect()
}

fn as_csv(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("shipments.csv");
    let mut out = csv::Writer::from_path(&path).unwrap();
    out.write_record(HEADINGS).unwrap();
    for row in rows() {
        out.write_record(&row).unwrap();
    }
    out.flush().unwrap();
    path
}

fn as_xlsx(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("shipments.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0u16..).zip(HEADINGS) {
        sheet.write_string(0, column, heading).unwrap();
    }
    for (number, row) in (1u32..).zip(rows()) {
        for (column, value) in (0u16..).zip(row) {
            sheet.write_string(number, column, value).unwrap();
        }
    }
    book.save(&path).unwrap();
    path
}

fn audit(input: &Path) -> BTreeMap<String, Vec<u8>> {
    let audit = Audit::finished(&[input], &["--sample", "50", "--disclosure-date", "2026-01-01"]);
    audit.outputs()
}

/// What starts a formula in a spreadsheet program.
fn is_live(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

fn no_formula_in_csv(name: &str, bytes: &[u8]) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    for record in reader.records() {
        for value in &record.unwrap() {
            assert!(!is_live(value), "{name}: {value}");
        }
    }
}

fn no_formula_in_workbook(name: &str, bytes: &[u8]) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    for sheet in book.sheet_names() {
        for (_, _, formula) in book.worksheet_formula(&sheet).unwrap().used_cells() {
            let ours = ["HYPERLINK(\"#'", "SUM(", "IF(AND("].iter().any(|start| formula.starts_with(start));
            assert!(formula.is_empty() || (ours && !formula.contains("evil")), "{name}, {sheet}: {formula}");
        }
        for (_, _, cell) in book.worksheet_range(&sheet).unwrap().used_cells() {
            if let Data::String(text) = cell {
                assert!(
                    !is_live(text)
                        || (sheet == "Files" && !text.contains(char::is_alphanumeric))
                        || is_heading(text),
                    "{name}, {sheet}: {text}"
                );
            }
        }
    }
    // No address of the record became a link, and nothing is fetched from elsewhere.
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    for index in 0..parts.len() {
        let mut part = parts.by_index(index).unwrap();
        let part_name = part.name().unwrap().into_owned();
        let mut text = String::new();
        if std::io::Read::read_to_string(&mut part, &mut text).is_ok() && part_name.contains("_rels/") {
            assert!(!text.contains("evil"), "{name}: {part_name}");
        }
        assert!(!part_name.contains("externalLink"), "{name}: {part_name}");
    }
}

/// The headings of the sheet Files say what is added and subtracted.
fn is_heading(text: &str) -> bool {
    text.starts_with("+ ") || text.starts_with("- lines") || text.starts_with("= Records")
}

fn no_markup_on_the_page(bytes: &[u8]) {
    let page = String::from_utf8(bytes.to_vec()).unwrap();
    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.matches("<tbody id=\"x").count() > 30, "the texts stand among the exceptions");
    for word in [
        "<img",
        "<iframe",
        "<object",
        "<base",
        "<link",
        "<math",
        "<foreignObject",
        "<animate",
        "<use",
        "<body onload",
        "href=\"java",
        "href=\"http",
        "<a href=\"j",
    ] {
        assert!(!page.to_lowercase().contains(&word.to_lowercase()), "{word}");
    }
    assert!(!page.contains("\" onmouseover") && !page.contains("' onfocus"), "an attribute was left");
}

fn through_every_output(outputs: &BTreeMap<String, Vec<u8>>) {
    for (name, bytes) in outputs {
        match name.rsplit_once('.').unwrap().1 {
            "csv" => no_formula_in_csv(name, bytes),
            "xlsx" => no_formula_in_workbook(name, bytes),
            "html" => no_markup_on_the_page(bytes),
            // Every line is one JSON object, whatever the text.
            "jsonl" => {
                for line in String::from_utf8(bytes.clone()).unwrap().lines() {
                    serde_json::from_str::<serde_json::Value>(line).unwrap();
                }
            }
            _ => panic!("{name} is an output that nobody tests"),
        }
    }
    let names: Vec<&str> = outputs.keys().map(String::as_str).collect();
    for name in ["report.xlsx", "report.html", "findings.csv", "findings.jsonl", "lines.csv"] {
        assert!(names.contains(&name), "{name}");
    }
}

#[test]
fn no_text_of_a_csv_file_is_live_in_any_output() {
    assert!(attacks().len() >= 50);
    let folder = TempDir::new().unwrap();
    through_every_output(&audit(&as_csv(&folder)));
}

#[test]
fn no_text_of_a_workbook_is_live_in_any_output() {
    let folder = TempDir::new().unwrap();
    through_every_output(&audit(&as_xlsx(&folder)));
}

#[test]
fn no_text_is_live_in_a_comparison() {
    let folder = TempDir::new().unwrap();
    let earlier = Audit::finished(&[&as_csv(&folder)], &[]);
    // The later export has other numbers, and so every finding is either new or gone.
    let path = folder.path().join("later.csv");
    let text = std::fs::read_to_string(folder.path().join("shipments.csv")).unwrap();
    std::fs::write(&path, text.replace(",1,2025-02-15,", ",2,2025-02-15,")).unwrap();
    let later = Audit::finished(&[&path], &[]);
    for format in ["csv", "xlsx"] {
        let out = folder.path().join(format!("changes.{format}"));
        let mut command = lookback(&["compare", "--format", format, "-o"]);
        command.arg(&out).arg(earlier.folder()).arg(later.folder()).assert().success();
        let bytes = std::fs::read(&out).unwrap();
        match format {
            "csv" => no_formula_in_csv("changes.csv", &bytes),
            _ => no_formula_in_workbook("changes.xlsx", &bytes),
        }
    }
}
