//! The same input gives the same bytes: of two runs, and on any number of threads, for every output.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::program::{Audit, lookback, project};

/// A book of so many lines that it is read in many pieces: one in twenty to Pakistan, some of them flagged.
fn book(folder: &Path) -> PathBuf {
    let mut text = "Invoice,Line,Date of Export,Ship From Country,Destination,Ultimate Consignee,Ultimate Consignee Address,ECCN,Item,Description,Qty,Value,Currency,License Code,License Number,Port of Export,Mode of Transport\n".to_owned();
    for line in 0..12_000_u32 {
        let (to, eccn) = match line % 20 {
            0 => ("PK", "3A992.a"),
            1 => ("AE", "EAR99"),
            _ => ("DE", "EAR99"),
        };
        let party =
            if line % 400 == 0 { "Global Traders".to_owned() } else { format!("Loom Works {}", line % 777) };
        let currency = if line % 3 == 0 { "EUR" } else { "USD" };
        let _ = writeln!(
            text,
            "D{:06},{},2025-{:02}-{:02},US,{to},{party},\"Plot {}, Industrial Estate, a long way out of town\",{eccn},I{},Bench instrument number {},2,{}.50,{currency},NLR,,Norfolk,Vessel",
            line / 3,
            line % 3,
            line % 12 + 1,
            line % 28 + 1,
            line % 97,
            line % 50,
            line % 50,
            line % 5_000,
        );
    }
    let path = folder.join("book.csv");
    std::fs::write(&path, text).unwrap();
    path
}

/// All of an audit with every option that adds to the report.
fn everything(inputs: &[&Path], folder: &Path, threads: &str) -> BTreeMap<String, Vec<u8>> {
    let option = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let audit = Audit::finished(
        inputs,
        &[
            ["--threads", threads],
            ["--sample", "40"],
            ["--seed", "11"],
            ["--disclosure-date", "2026-01-15"],
            ["--legend", "Privileged"],
            ["--matter", "2026-014"],
            ["--decisions", &option("decided.csv")],
            ["--control", &option("control.csv")],
            ["--fx", &option("rates.csv")],
        ]
        .concat(),
    );
    all_of(&audit)
}

/// Every output of an audit, and run.json but for its one time field.
fn all_of(audit: &Audit) -> BTreeMap<String, Vec<u8>> {
    let mut outputs = audit.outputs();
    let mut run = audit.run();
    let when = run.as_object_mut().unwrap().remove("when").unwrap();
    assert!(when.as_str().unwrap().ends_with('Z'), "{when}");
    outputs.insert("run.json".to_owned(), run.to_string().into_bytes());
    outputs
}

fn assert_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>, what: &str) {
    let names = |outputs: &BTreeMap<String, Vec<u8>>| outputs.keys().cloned().collect::<Vec<String>>();
    assert_eq!(names(one), names(other), "{what}");
    for (name, bytes) in one {
        assert!(other[name] == *bytes, "{name} differs: {what}");
    }
}

#[test]
fn every_output_is_the_same_of_two_runs_and_on_1_and_8_threads() {
    let folder = TempDir::new().unwrap();
    let book = book(folder.path());
    let (samples, panel) = (project("samples"), project("tests/panel"));
    let inputs: [&Path; 3] = [&book, &samples, &panel];
    std::fs::copy(project("samples/two-quarters/decided-2025-q3.csv"), folder.path().join("decided.csv"))
        .unwrap();
    std::fs::write(folder.path().join("control.csv"), "file,rows\nbook.csv,12000\n,1\n").unwrap();
    std::fs::write(
        folder.path().join("rates.csv"),
        "currency,from,until,rate,source\nEUR,2024-01-01,2026-01-01,1.08,ledger\n",
    )
    .unwrap();
    let one = everything(&inputs, folder.path(), "1");
    let names: Vec<&str> = one.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "decisions-template.csv",
            "decisions-template.xlsx",
            "findings.csv",
            "findings.jsonl",
            "lines.csv",
            "rejected.csv",
            "report.html",
            "report.xlsx",
            "run.json"
        ]
    );
    assert!(one["findings.csv"].len() > 500_000, "too little to be sure of");
    assert_same(&one, &everything(&inputs, folder.path(), "1"), "the same run again");
    assert_same(&one, &everything(&inputs, folder.path(), "8"), "on 8 threads");
}

const HEADINGS: [&str; 12] = [
    "Invoice",
    "Line",
    "Date of Export",
    "Ship From Country",
    "Destination",
    "Ultimate Consignee",
    "Address",
    "ECCN",
    "Description",
    "Value",
    "Currency",
    "License Code",
];

/// One line of a file of its own number; in some it stands as in the file before.
fn cells(file: usize, line: usize, date: String) -> [String; 12] {
    let (to, eccn) = if line.is_multiple_of(25) { ("PK", "3A992.a") } else { ("DE", "EAR99") };
    let invoice = if line % 500 == 3 { format!("D{line}") } else { format!("D{file}-{line}") };
    [
        invoice,
        "1".to_owned(),
        date,
        "US".to_owned(),
        to.to_owned(),
        format!("Loom Works {}", line % 777),
        format!("Plot {}, Industrial Estate, a long way out of the town of {}", line % 50, line % 31),
        eccn.to_owned(),
        format!("Bench instrument number {}", line % 300),
        format!("{line}.50"),
        ["EUR", "USD"][line % 2].to_owned(),
        "NLR".to_owned(),
    ]
}

/// A date in the order of day and month that the last of so many lines alone gives away.
fn late_date(line: usize, lines: usize) -> String {
    if line + 1 == lines {
        "25/06/2025".to_owned()
    } else {
        format!("{:02}/{:02}/2025", line % 9 + 1, line % 12 + 1)
    }
}

fn write_csv(path: &Path, file: usize, lines: usize, date: impl Fn(usize) -> String) {
    let mut text = HEADINGS.join(";") + "\n";
    for line in 0..lines {
        text.push_str(&cells(file, line, date(line)).join(";"));
        text.push('\n');
    }
    std::fs::write(path, text).unwrap();
}

/// A workbook of three sheets with lines and one without.
fn write_workbook(path: &Path, file: usize, lines: usize) {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (number, name) in ["January", "Nothing", "February", "March"].into_iter().enumerate() {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        if name == "Nothing" {
            continue;
        }
        sheet.write_row(0, 0, HEADINGS).unwrap();
        for line in 0..lines {
            let date = match name {
                "February" => late_date(line, lines),
                _ => format!("2025-{:02}-{:02}", line % 12 + 1, line % 28 + 1),
            };
            sheet.write_row(line as u32 + 1, 0, cells(file * 10 + number, line, date)).unwrap();
        }
    }
    book.save(path).unwrap();
}

#[test]
fn files_and_sheets_read_at_once_come_out_as_one_after_the_other() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join("in").join(name);
    std::fs::create_dir(folder.path().join("in")).unwrap();
    let plain = |line: usize| format!("2025-{:02}-{:02}", line % 12 + 1, line % 28 + 1);
    // The first three are more than a mebibyte each, and what they give does not fit in what is held in memory.
    write_csv(&at("01.csv"), 1, 8_000, plain);
    write_csv(&at("02.csv"), 2, 8_000, |line| late_date(line, 8_000));
    write_workbook(&at("03.xlsx"), 3, 7_500);
    std::fs::copy(at("02.csv"), at("04, a copy.csv")).unwrap();
    let bytes = std::fs::read(at("03.xlsx")).unwrap();
    assert!(bytes.len() > 1 << 20, "{} bytes", bytes.len());
    std::fs::write(at("05, cut short.xlsx"), &bytes[..bytes.len() / 2]).unwrap();
    std::fs::write(at("06, empty.csv"), "").unwrap();
    std::fs::write(at("07, blank.csv"), "\n\n\n").unwrap();
    write_workbook(&at("08, small.xlsx"), 8, 60);
    for file in 10..40 {
        write_csv(&at(&format!("{file}.csv")), file, 40, plain);
    }
    std::fs::copy(at("11.csv"), at("39.csv")).unwrap();
    let input = folder.path().join("in");
    let run = |threads: &str| {
        let options = ["--threads", threads, "--mergeable", "--sample", "40", "--seed", "3"];
        let audit = Audit::of(&[&input], &options);
        assert_eq!(audit.status, 3, "{}", audit.screen);
        audit.assert_nothing_is_lost();
        all_of(&audit)
    };
    let one = run("1");
    let record: serde_json::Value = serde_json::from_slice(&one["run.json"]).unwrap();
    let told = |file: usize, sheet: usize| record["inputs"][file]["sheets"][sheet].to_string();
    for (file, sheet, row) in [(1, 0, 8_001), (2, 2, 7_501)] {
        let shown = format!("day first, as shown by 1 row ({row})");
        assert!(told(file, sheet).contains(&shown), "read once: {}", told(file, sheet));
    }
    assert!(told(3, 0).contains("the same bytes as in/02.csv"), "{}", told(3, 0));
    let faulty = |file: usize| record["inputs"][file]["fault"].is_string();
    assert!(faulty(4) && faulty(5) && !faulty(7), "{}", record["inputs"]);
    assert_eq!(record["totals"]["rows"]["audited"], 8_000 * 2 + 7_500 * 3 + 60 * 3 + 29 * 40);
    for threads in ["2", "8"] {
        assert_same(&one, &run(threads), &format!("on {threads} threads"));
    }
}

#[test]
fn a_comparison_is_the_same_twice() {
    let folder = TempDir::new().unwrap();
    let exports = ["samples/two-quarters/shipments-2025-q3.csv", "samples/two-quarters/EXPORT 2025 H2.csv"];
    let runs: Vec<Audit> = exports.iter().map(|export| Audit::finished(&[&project(export)], &[])).collect();
    let compared = |name: &str, format: &str| {
        let out = folder.path().join(name);
        let mut command = lookback(&["compare"]);
        command.args(runs.iter().map(Audit::folder)).args(["--format", format, "-o"]).arg(&out);
        command.assert().success();
        std::fs::read(out).unwrap()
    };
    for format in ["text", "csv", "xlsx"] {
        let one = compared(&format!("one.{format}"), format);
        assert!(one.len() > 500, "{format}: {} bytes", one.len());
        assert!(one == compared(&format!("two.{format}"), format), "{format}");
    }
}
