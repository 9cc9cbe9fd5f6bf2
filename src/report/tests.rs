//! The formats read back by other programs' readers.

use std::collections::BTreeMap;
use std::path::Path;

use super::example::{Example, hostile};
use super::*;

fn write(example: &Example, dir: &Path) -> BTreeMap<String, String> {
    let mut writers = Writers::create(dir, Formats::all(), example.data(), true).unwrap();
    for finding in &example.findings {
        writers.finding(finding).unwrap();
    }
    for row in &example.rejected {
        writers.rejected(row).unwrap();
    }
    for line in &example.lines {
        writers.line(line).unwrap();
    }
    let digests = writers.finish().unwrap();
    let run = crate::run::RunRecord { outputs: digests.clone(), ..example.run.clone() };
    run_json::write(dir, &run).unwrap();
    digests
}

#[test]
fn csv_has_the_columns_of_the_contract_and_no_formula() {
    let dir = tempfile::tempdir().unwrap();
    let example = Example::full();
    write(&example, dir.path());
    for file in ["findings.csv", "rejected.csv", "lines.csv"] {
        let bytes = std::fs::read(dir.path().join(file)).unwrap();
        assert!(!bytes.contains(&0), "{file}");
        let mut reader = ::csv::Reader::from_reader(&bytes[..]);
        let headers = reader.headers().unwrap().clone();
        for record in reader.records() {
            for (heading, value) in headers.iter().zip(&record.unwrap()) {
                let number = matches!(heading, "value" | "quantity") && value == "-123.45";
                assert!(number || !value.starts_with(['=', '+', '-', '@', '\t', '\r']), "{file}: {value}");
            }
        }
    }
    let mut reader = ::csv::Reader::from_path(dir.path().join("findings.csv")).unwrap();
    assert_eq!(reader.headers().unwrap().iter().next(), Some("finding_id"));
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), FINDING_COLUMNS);
    let records: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), example.findings.len());
    assert_eq!(&records[0][28], "-123.45");
    let long = records.iter().find(|record| record[25].starts_with("xxx")).unwrap();
    assert_eq!(long[25].len(), 40_000);
}

#[test]
fn jsonl_keeps_the_text_as_read() {
    let dir = tempfile::tempdir().unwrap();
    let example = Example::full();
    write(&example, dir.path());
    let text = std::fs::read_to_string(dir.path().join("findings.jsonl")).unwrap();
    let objects: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), example.findings.len());
    for (object, raw) in objects[crate::finding::FindingCode::ALL.len()..].iter().zip(hostile()) {
        assert_eq!(object["party_name"], raw);
        assert_eq!(object["evidence"][0]["raw"], raw);
    }
    assert_eq!(objects[0]["row"], 200);
    assert_eq!(objects[0]["evidence_digest"].as_str().unwrap().len(), 16);
    for column in FINDING_COLUMNS {
        assert!(!objects[0][column].is_null(), "{column}");
    }
}

#[test]
fn the_same_run_gives_the_same_bytes_and_true_digests() {
    let example = Example::full();
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let digests = write(&example, one.path());
    assert_eq!(digests, write(&example, two.path()));
    let mut names: Vec<_> = std::fs::read_dir(one.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in &names {
        let bytes = |dir: &tempfile::TempDir| std::fs::read(dir.path().join(name)).unwrap();
        assert!(bytes(&one) == bytes(&two), "{name}");
        if name != run_json::FILE {
            assert_eq!(
                digests[name],
                digest::hex(&<sha2::Sha256 as sha2::Digest>::digest(bytes(&one))),
                "{name}"
            );
        }
    }
    assert_eq!(
        names,
        ["findings.csv", "findings.jsonl", "lines.csv", "rejected.csv", "report.xlsx", "run.json"]
    );
}

#[test]
fn nothing_is_written_over() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("findings.csv"), "mine").unwrap();
    let example = Example::clean();
    let error = Writers::create(dir.path(), Formats::all(), example.data(), false).err().unwrap();
    assert!(error.to_string().contains("findings.csv"), "{error}");
    assert_eq!(std::fs::read_to_string(dir.path().join("findings.csv")).unwrap(), "mine");
}

#[test]
fn formats_are_read_from_words() {
    let formats: Formats = "xlsx, CSV".parse().unwrap();
    assert!(formats.has(Format::Xlsx) && formats.has(Format::Csv) && !formats.has(Format::Jsonl));
    assert!("pdf".parse::<Formats>().unwrap_err().contains("pdf"));
}
