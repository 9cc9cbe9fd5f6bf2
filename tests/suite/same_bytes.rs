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

/// Every output of an audit with every option that adds to the report, and run.json but for its one time field.
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
