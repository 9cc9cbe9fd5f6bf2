//! What must not change a finding: the order of the lines, how they are cut into files, what the files are called.
//!
//! Claimed for ISO dates and findings about lines; a repetition (RQ03) depends on what came before.

use std::collections::BTreeSet;

use tempfile::TempDir;

use super::program::{Audit, project};

/// The parts of the panel whose dates are ISO and whose columns are the same.
const FILES: [&str; 3] = ["license_requirement.csv", "entity_list.csv", "exceptions.csv"];

fn panel() -> (String, Vec<String>) {
    let mut heading = String::new();
    let mut lines = Vec::new();
    for name in FILES {
        let text = std::fs::read_to_string(project("tests/panel").join(name)).unwrap();
        let mut rows = text.lines();
        rows.next().unwrap().clone_into(&mut heading);
        lines.extend(rows.map(str::to_owned));
    }
    (heading, lines)
}

/// Ids and codes of the findings about lines, over files of these lines.
fn findings(heading: &str, files: &[(&str, Vec<String>)]) -> BTreeSet<(String, String)> {
    let folder = TempDir::new().unwrap();
    for (name, lines) in files {
        std::fs::write(folder.path().join(name), format!("{heading}\n{}\n", lines.join("\n"))).unwrap();
    }
    let audit = Audit::finished(&[folder.path()], &[]);
    audit.assert_nothing_is_lost();
    audit
        .rows("findings.csv")
        .into_iter()
        .filter(|row| row["row"] != "1" && row["code"] != "RQ03")
        .map(|row| (row["finding_id"].clone(), row["code"].clone()))
        .collect()
}

/// A fixed order that looks like none.
fn shuffled(lines: &[String], seed: u64) -> Vec<String> {
    let mut lines = lines.to_vec();
    let mut state = seed;
    for index in (1..lines.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        lines.swap(index, (state >> 33) as usize % (index + 1));
    }
    lines
}

#[test]
fn order_cut_and_name_change_no_finding() {
    let (heading, lines) = panel();
    let whole = findings(&heading, &[("lines.csv", lines.clone())]);
    assert!(whole.len() > 100, "only {} findings", whole.len());
    for seed in [1, 26, 742] {
        assert_eq!(findings(&heading, &[("lines.csv", shuffled(&lines, seed))]), whole, "order {seed}");
    }
    let (first, second) = lines.split_at(lines.len() / 3);
    assert_eq!(findings(&heading, &[("a.csv", first.to_vec()), ("b.csv", second.to_vec())]), whole, "cut");
    assert_eq!(findings(&heading, &[("Export 2025 (final).csv", lines)]), whole, "name");
}

#[test]
fn the_same_run_twice_is_the_same() {
    let folder = project("tests/panel");
    assert!(Audit::finished(&[&folder], &[]).outputs() == Audit::finished(&[&folder], &[]).outputs());
}
