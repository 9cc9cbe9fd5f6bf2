//! The panel of what a user supplies beside the lines: an ownership table, further lists.

use std::collections::BTreeSet;

use super::expectation::Expectations;
use super::program::{Audit, project};

/// The audit of one case of the panel, with what it supplies.
fn audit(case: &str, option: &str, supply: &str) -> (Expectations, Audit) {
    let folder = project("tests/panel_with_supplies").join(case);
    let lines = folder.join("lines.csv");
    let supplied = folder.join(supply);
    let audit = Audit::finished(&[&lines], &[option, &supplied.display().to_string()]);
    audit.assert_nothing_is_lost();
    (Expectations::read(&lines), audit)
}

/// The codes that fire on lines with supplies.
pub(super) fn codes() -> BTreeSet<String> {
    let (_, audit) = audit("ownership", "--owners", "owners.csv");
    audit.rows("findings.csv").into_iter().map(|row| row["code"].clone()).collect()
}

/// The codes that those lines expect.
pub(super) fn expected() -> BTreeSet<String> {
    Expectations::read(&project("tests/panel_with_supplies/ownership/lines.csv")).codes()
}

#[test]
fn ownership_is_found_on_the_days_on_which_it_counts() {
    let (expectations, audit) = audit("ownership", "--owners", "owners.csv");
    let differences = expectations.differences(&audit);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    let run = audit.run();
    assert_eq!(run["options"]["owners"], "owners.csv: 14 shares");
    assert!(run["rules"]["rules"].as_array().unwrap().iter().any(|rule| rule["id"] == "affiliates"));
}

#[test]
fn the_chain_is_told_with_the_rows_it_rests_on() {
    let (_, audit) = audit("ownership", "--owners", "owners.csv");
    let rows = audit.rows("findings.csv");
    let of = |document: &str| {
        rows.iter().find(|row| row["document"] == document && row["code"] == "EL08").unwrap()
    };
    let through = of("O0009");
    assert_eq!(
        through["explanation"],
        "On 2025-10-01: \"Ravi Hosiery LLC\" is owned 50 % by \"Middle Weaving Ltd\" (owners.csv, row 6; source: Company \
         register extract, 2025). \"Middle Weaving Ltd\" is itself owned 50 % by \"Al-Qertas\" (on the Entity List under \
         Pakistan, listed since 2021-11-26) (owners.csv, row 5; source: Company register extract, 2025). Listed parties \
         and those they restrict hold 50 % or more of it. The affiliates rule was in force that day. The strictest of its \
         listed owners, \"Al-Qertas\" (Entity List), requires a license for all items subject to the EAR."
    );
    assert_eq!((through["rule"].as_str(), through["in_force_from"].as_str()), ("affiliates", "2025-09-29"));
    assert_eq!(through["listed_entity"], "Al-Qertas");
    assert!(
        through["to_verify"].contains("temporary general license that ran to 2025-11-28"),
        "{}",
        through["to_verify"]
    );
}

#[test]
fn a_wrong_table_stops_the_run_and_names_its_rows() {
    let folder = tempfile::TempDir::new().unwrap();
    let owners = folder.path().join("owners.csv");
    std::fs::write(&owners, "owner,owned,percent\nA,C,60\nB,C,60\n").unwrap();
    let lines = project("tests/panel_with_supplies/ownership/lines.csv");
    let audit = Audit::of(&[&lines], &["--owners", &owners.display().to_string()]);
    assert_eq!(audit.status, 2);
    assert!(
        audit.screen.contains("owners.csv, rows 2, 3: the shares in \"C\" add up to 120 %"),
        "{}",
        audit.screen
    );
}
