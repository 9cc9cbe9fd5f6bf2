//! The legal panel: lines around every date and name that matters, with what the law says of each.

use std::collections::BTreeSet;

use lookback::finding::FindingCode;

use super::expectation::Expectations;
use super::program::{Audit, files_below, project};

#[test]
fn every_line_of_the_panel_gets_its_codes() {
    let mut differences = Vec::new();
    let mut lines = 0;
    for file in files_below(&project("tests/panel"), &["csv"]) {
        let expectations = Expectations::read(&file);
        lines += expectations.len();
        let audit = Audit::finished(&[&file], &[]);
        audit.assert_nothing_is_lost();
        let name = file.file_name().unwrap().to_string_lossy();
        differences
            .extend(expectations.differences(&audit).into_iter().map(|text| format!("{name}: {text}")));
    }
    assert!(lines >= 150, "the panel has {lines} lines");
    assert!(
        differences.is_empty(),
        "{} of {lines} lines differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

#[test]
fn every_code_fires_somewhere_in_the_panel() {
    let folder = project("tests/panel");
    let audit = Audit::finished(&[&folder], &[]);
    let mut found: BTreeSet<String> =
        audit.rows("findings.csv").into_iter().map(|row| row["code"].clone()).collect();
    found.extend(super::supplied::codes());
    let silent: Vec<_> =
        FindingCode::ALL.iter().map(|code| code.code()).filter(|code| !found.contains(*code)).collect();
    assert!(silent.is_empty(), "no line of the panel gets {silent:?}");
}

#[test]
fn the_panel_expects_every_code_that_stands_at_a_line() {
    let mut expected: BTreeSet<String> = files_below(&project("tests/panel"), &["csv"])
        .iter()
        .flat_map(|file| Expectations::read(file).codes())
        .collect();
    expected.extend(super::supplied::expected());
    let absent: Vec<_> = FindingCode::ALL
        .iter()
        .map(|code| code.code())
        .filter(|code| !["LR14", "LR15", "EL09"].contains(code) && !expected.contains(*code))
        .collect();
    assert!(absent.is_empty(), "no line expects {absent:?}");
}
