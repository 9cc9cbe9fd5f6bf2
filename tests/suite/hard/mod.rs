//! Hard files, made here: damaged, mislabelled, oddly encoded, hostile. Each ends as it must: every line accounted for,
//! or refused by name with what to do next.

mod binary;
mod books;
mod texts;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::program::{Audit, files_below, project};

pub(super) use books::repacked;

/// A hard file and what it must lead to.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    /// Lines audited, and rows rejected, over all sheets.
    lines: (u64, u64),
    /// Rows of lines whose destination reads as Pakistan.
    pakistan: Vec<u64>,
    /// What must be said of the file: in its faults, remarks, reasons for skipping, readings or rejected rows.
    says: Vec<&'static str>,
}

impl Case {
    /// Read whole: six lines, those of Pakistan where [`LINES`] has them.
    fn whole(name: &'static str, bytes: impl Into<Vec<u8>>, says: &[&'static str]) -> Self {
        Self { name, bytes: bytes.into(), lines: (6, 0), pakistan: vec![3], says: says.to_vec() }
    }

    /// Refused, or without a line.
    fn refused(name: &'static str, bytes: impl Into<Vec<u8>>, says: &[&'static str]) -> Self {
        Self { name, bytes: bytes.into(), lines: (0, 0), pakistan: Vec::new(), says: says.to_vec() }
    }

    fn lines(mut self, audited: u64, rejected: u64) -> Self {
        self.lines = (audited, rejected);
        self
    }

    fn pakistan(mut self, rows: &[u64]) -> Self {
        self.pakistan = rows.to_vec();
        self
    }
}

const HEADINGS: [&str; 11] = [
    "Invoice No",
    "Line",
    "Ship Date",
    "Ultimate Consignee",
    "Consignee Address",
    "Country",
    "ECCN",
    "License",
    "HTS",
    "Value",
    "Currency",
];

/// The lines of every file, unless it says otherwise.
const LINES: [[&str; 11]; 6] = [
    [
        "D-501",
        "1",
        "2025-02-03",
        "Brückner Feinmechanik KG",
        "Schloßallee 4, Görlitz",
        "DE",
        "EAR99",
        "NLR",
        "9026104000",
        "410.50",
        "EUR",
    ],
    [
        "D-502",
        "1",
        "2025-02-17",
        "Chenab Process Controls",
        "Plot 12, Sundar Estate, Lahore",
        "PK",
        "2B230.a",
        "NLR",
        "9026200000",
        "5120.00",
        "USD",
    ],
    [
        "D-502",
        "2",
        "2025-02-17",
        "Etoša Boring Services",
        "Windhoek",
        "NA",
        "EAR99",
        "NLR",
        "8413500000",
        "87.25",
        "USD",
    ],
    [
        "D-503",
        "1",
        "2025-03-21",
        "Fjord Måleteknikk AS",
        "Bergen",
        "NO",
        "EAR99",
        "NLR",
        "0106900000",
        "64.00",
        "NOK",
    ],
    [
        "D-504",
        "1",
        "2025-03-28",
        "Granada Válvulas SL",
        "Calle Ñuñoa 7, Granada",
        "ES",
        "3A992.a",
        "NLR",
        "8481803090",
        "990.00",
        "EUR",
    ],
    ["D-505", "1", "2025-04-14", "Hoshi Keiki", "Osaka", "JP", "EAR99", "NLR", "9018120000", "75.10", "JPY"],
];

/// The lines as text, with quotes where they are needed.
fn text(delimiter: char, line_end: &str) -> String {
    table(&LINES.map(|line| line.map(str::to_owned).to_vec()), delimiter, line_end)
}

fn table(lines: &[Vec<String>], delimiter: char, line_end: &str) -> String {
    let headings = HEADINGS.map(str::to_owned).to_vec();
    let mut text = String::new();
    for line in std::iter::once(&headings).chain(lines) {
        let cells: Vec<String> = line
            .iter()
            .map(|cell| {
                if cell.contains([delimiter, '"', '\n', '\r']) {
                    format!("\"{}\"", cell.replace('"', "\"\""))
                } else {
                    cell.clone()
                }
            })
            .collect();
        text.push_str(&cells.join(&delimiter.to_string()));
        text.push_str(line_end);
    }
    text
}

/// The lines with one column changed.
fn with_column(column: usize, values: [&str; 6]) -> String {
    let lines: Vec<Vec<String>> = LINES
        .iter()
        .zip(values)
        .map(|(line, value)| {
            let mut line = line.map(str::to_owned).to_vec();
            value.clone_into(&mut line[column]);
            line
        })
        .collect();
    table(&lines, ',', "\n")
}

/// The lines once in each format that is made here.
pub(super) fn one_in_every_format() -> Vec<(&'static str, Vec<u8>)> {
    let wanted = [
        "binary.xlsb",
        "csv.gz",
        "export.zip",
        "page.xls",
        "spreadsheetml.xls",
        "utf16le.csv",
        "hidden.xlsx",
    ];
    let mut cases = books::cases();
    cases.extend(texts::cases());
    let files: Vec<_> = cases
        .into_iter()
        .filter(|case| wanted.contains(&case.name))
        .map(|case| (case.name, case.bytes))
        .collect();
    assert_eq!(files.len(), wanted.len());
    files
}

/// Everything said of a file.
fn said(input: &Value, rejected: &[String]) -> String {
    let mut said = vec![input["fault"].as_str().unwrap_or_default().to_owned()];
    said.push(input["format"].as_str().unwrap_or_default().to_owned());
    for sheet in input["sheets"].as_array().unwrap() {
        for key in ["skipped", "fault", "encoding", "delimiter", "decimal_mark", "visibility"] {
            said.push(sheet[key].as_str().unwrap_or_default().to_owned());
        }
        for key in ["remarks", "date_order"] {
            said.extend(sheet[key].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()));
        }
    }
    said.extend_from_slice(rejected);
    said.join("\n")
}

/// What differs from what the case must lead to.
fn differences(case: &Case, input: &Value, audit: &Audit) -> Vec<String> {
    let of_file = |rows: Vec<BTreeMap<String, String>>| -> Vec<BTreeMap<String, String>> {
        rows.into_iter().filter(|row| row["file"].rsplit('/').next() == Some(case.name)).collect()
    };
    let rejected: Vec<String> = of_file(audit.rows("rejected.csv"))
        .iter()
        .map(|row| format!("row {}: {}", row["row"], row["reason"]))
        .collect();
    let said = said(input, &rejected);
    let count = |name: &str| -> u64 {
        input["sheets"].as_array().unwrap().iter().map(|sheet| sheet["rows"][name].as_u64().unwrap()).sum()
    };
    let mut found = Vec::new();
    let lines = (count("audited"), count("rejected"));
    if lines != case.lines {
        found.push(format!(
            "{}: {lines:?} lines audited and rejected, {:?} expected; {said}",
            case.name, case.lines
        ));
    }
    let pakistan: Vec<u64> = of_file(audit.rows("lines.csv"))
        .iter()
        .filter(|row| row["destination"] == "PK")
        .map(|row| row["row"].parse().unwrap())
        .collect();
    if pakistan != case.pakistan {
        found.push(format!("{}: Pakistan in rows {pakistan:?}, {:?} expected", case.name, case.pakistan));
    }
    found.extend(
        case.says
            .iter()
            .filter(|part| !said.contains(**part))
            .map(|part| format!("{}: \"{part}\" is not said; {said}", case.name)),
    );
    found
}

/// How the cases ended, as the user sees it: a table, kept beside the hard files so that a change of it is seen.
///
/// `UPDATE=1 cargo test hard_` writes it anew.
fn assert_table(name: &str, cases: &[Case], inputs: &[Value], folder: &str) {
    let mut table = String::from(
        "| file | lines audited | rows rejected | what is said of it |\n| --- | --- | --- | --- |\n",
    );
    for case in cases {
        let input = of_case(case, inputs).unwrap();
        let sheets = input["sheets"].as_array().unwrap();
        let sum = |name: &str| sheets.iter().filter_map(|sheet| sheet["rows"][name].as_u64()).sum::<u64>();
        let mut said = vec![input["fault"].as_str().unwrap_or_default().to_owned()];
        for sheet in sheets {
            said.push(sheet["skipped"].as_str().unwrap_or_default().to_owned());
            let remarks = sheet["remarks"].as_array().unwrap();
            said.extend(remarks.iter().map(|remark| remark.as_str().unwrap().to_owned()));
        }
        said.retain(|text| !text.is_empty() && !text.starts_with("the country column"));
        let said =
            said.join("<br>").replace(&format!("{folder}/"), "").replace('\n', "<br>").replace('|', "\\|");
        table.push_str(&format!("| {} | {} | {} | {said} |\n", case.name, sum("audited"), sum("rejected")));
    }
    let path = project("tests/hard").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let differing: Vec<&str> = table.lines().filter(|line| !kept.lines().any(|kept| kept == *line)).collect();
    assert!(differing.is_empty(), "{} differs:\n{}", path.display(), differing.join("\n"));
}

fn of_case<'a>(case: &Case, inputs: &'a [Value]) -> Option<&'a Value> {
    inputs.iter().find(|input| input["file"].as_str().unwrap().rsplit('/').next() == Some(case.name))
}

/// Audits the cases together, as a user would a folder.
fn assert_all(cases: &[Case], table: &str) {
    let folder = TempDir::new().unwrap();
    for case in cases {
        std::fs::write(folder.path().join(case.name), &case.bytes).unwrap();
    }
    let audit = Audit::finished(&[folder.path()], &[]);
    assert!(!audit.screen.contains("panicked"), "{}", audit.screen);
    audit.assert_nothing_is_lost();
    let run = audit.run();
    let inputs = run["inputs"].as_array().unwrap();
    let mut differing = Vec::new();
    for case in cases {
        match of_case(case, inputs) {
            Some(input) => differing.extend(differences(case, input, &audit)),
            None => differing.push(format!("{} is missing from run.json", case.name)),
        }
    }
    assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n"));
    assert_table(table, cases, inputs, &folder.path().file_name().unwrap().to_string_lossy());
}

#[test]
fn hard_texts_end_as_they_must() {
    assert_all(&texts::cases(), "outcomes-of-texts.md");
}

#[test]
fn hard_workbooks_end_as_they_must() {
    assert_all(&books::cases(), "outcomes-of-workbooks.md");
}

/// What stands only in the number format: the zeros before a code, the currency of an amount.
#[test]
fn number_formats_are_read_in_every_format() {
    let folder = TempDir::new().unwrap();
    let cases = books::cases();
    for name in ["binary.xlsb", "excel-95.xls", "formats.ods", "formats.xlsx", "spreadsheetml-formats.xml"] {
        let case = cases.iter().find(|case| case.name == name).unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, &case.bytes).unwrap();
        let audit = Audit::finished(&[&path], &[]);
        let run = audit.run();
        let remarks = run["inputs"][0]["sheets"][0]["remarks"].to_string();
        assert!(!remarks.contains("tariff code of 9 digits"), "{name}: {remarks}");
        let totals = run["totals"].to_string();
        if name == "spreadsheetml-formats.xml" {
            let hidden = cases.iter().find(|case| case.name == "spreadsheetml-hidden.xml").unwrap();
            std::fs::write(&path, &hidden.bytes).unwrap();
            let run = Audit::finished(&[&path], &[]).run();
            assert_eq!(run["inputs"][0]["sheets"][0]["visibility"], "hidden");
        }
        let by_format = matches!(name, "formats.ods" | "formats.xlsx" | "spreadsheetml-formats.xml");
        // Of the others, the column of currencies counts, not the format.
        assert!(totals.contains(if by_format { "\"6746.85\"" } else { "\"1400.5" }), "{name}: {totals}");
        assert!(totals.contains("EUR") && (!by_format || !totals.contains("USD")), "{name}: {totals}");
    }
}

/// The same register in every format a spreadsheet program writes.
#[test]
fn one_register_reads_alike_in_every_format() {
    let files = files_below(&project("tests/hard"), &["ods", "fods", "xls"]);
    assert_eq!(files.len(), 4);
    for file in files {
        let name = file.display().to_string();
        let audit = Audit::finished(&[&file], &[]);
        audit.assert_nothing_is_lost();
        let lines = audit.rows("lines.csv");
        let seen: Vec<(&str, &str, &str, &str)> = lines
            .iter()
            .map(|line| (&*line["document"], &*line["line"], &*line["date_of_export"], &*line["destination"]))
            .collect();
        // A page shows no hidden rows and sheets; the others tell of them.
        let page = name.ends_with("html.xls");
        let mut register = vec![
            ("T-1001", "1", "2024-12-20", "SG"),
            ("T-1001", "2", "2024-12-20", "SG"),
            ("T-1002", "1", "2024-12-27", "PK"),
            ("T-1003", "1", "2025-01-09", "NO"),
            ("T-1004", "1", "2025-01-15", "NA"),
            ("S-1", "1", "2023-05-02", "SG"),
        ];
        if page {
            register.retain(|line| !matches!(line.0, "T-1002" | "S-1"));
        }
        assert_eq!(seen, register, "{name}");
        let run = audit.run();
        let sheets = run["inputs"][0]["sheets"].as_array().unwrap();
        let total: u64 = sheets.iter().map(|sheet| sheet["rows"]["total"].as_u64().unwrap()).sum();
        assert_eq!(total, 1, "{name}: the total is no line");
        if !page {
            assert!(sheets[0]["remarks"].to_string().contains("1 row (6): hidden"), "{name}: {}", sheets[0]);
            assert_eq!(sheets[1]["visibility"], "hidden", "{name}");
        }
        let notes = sheets.last().unwrap();
        assert!(notes["skipped"].as_str().is_some_and(|why| why.contains("no header row found")), "{name}");
    }
}

/// What stands alone and cannot be audited is no success.
#[test]
fn nothing_audited_is_never_a_success() {
    let folder = TempDir::new().unwrap();
    let ends = |name: &str, bytes: &[u8], says: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let audit = Audit::of(&[Path::new(&path)], &[]);
        assert_eq!(audit.status, 2, "{name}: {}", audit.screen);
        assert!(audit.screen.contains(says), "{name}: {}", audit.screen);
    };
    ends("empty.csv", b"", "empty");
    ends("heading.csv", HEADINGS.join(",").as_bytes(), "no shipment line below the header");
    ends("page.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF document");
    ends("bare.csv", LINES.map(|line| line[..4].join("|")).join("\n").as_bytes(), "header_row = 0");
}
