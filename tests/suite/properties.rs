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

/// The findings of the panel as one file, to compare others with.
fn whole(heading: &str, lines: &[String]) -> BTreeSet<(String, String)> {
    let whole = findings(heading, &[("lines.csv", lines.to_vec())]);
    assert!(whole.len() > 100, "only {} findings", whole.len());
    whole
}

#[test]
fn a_second_run_gives_the_same_ids() {
    let (heading, lines) = panel();
    assert_eq!(findings(&heading, &[("lines.csv", lines.clone())]), whole(&heading, &lines));
}

#[test]
fn rows_in_another_order_give_the_same_ids() {
    let (heading, lines) = panel();
    let whole = whole(&heading, &lines);
    for seed in [1, 26, 742] {
        assert_eq!(findings(&heading, &[("lines.csv", shuffled(&lines, seed))]), whole, "order {seed}");
    }
}

#[test]
fn lines_cut_into_two_files_give_the_same_ids() {
    let (heading, lines) = panel();
    let (first, second) = lines.split_at(lines.len() / 3);
    let cut = findings(&heading, &[("a.csv", first.to_vec()), ("b.csv", second.to_vec())]);
    assert_eq!(cut, whole(&heading, &lines));
}

#[test]
fn a_renamed_file_gives_the_same_ids() {
    let (heading, lines) = panel();
    let whole = whole(&heading, &lines);
    assert_eq!(findings(&heading, &[("Export 2025 (final).csv", lines)]), whole);
}

/// The lines as another export would bring them: columns and rows in another order, other separators and line ends.
fn exported_again(heading: &str, lines: &[String], seed: u64, without: &[&str]) -> (String, Vec<String>) {
    let text = format!("{heading}\n{}\n", lines.join("\n"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers().unwrap().clone();
    let kept = |index: &usize| !without.contains(&&headings[*index]);
    let columns: Vec<String> = (0..headings.len()).filter(kept).map(|index| index.to_string()).collect();
    let columns: Vec<usize> = shuffled(&columns, seed).iter().map(|column| column.parse().unwrap()).collect();
    let written = |record: &csv::StringRecord| {
        let cells: Vec<String> = columns
            .iter()
            .map(|column| {
                let cell = &record[*column];
                if cell.contains([';', '"']) {
                    format!("\"{}\"", cell.replace('"', "\"\""))
                } else {
                    cell.to_owned()
                }
            })
            .collect();
        cells.join(";")
    };
    let rows: Vec<String> = reader.records().map(|record| written(&record.unwrap())).collect();
    (written(&headings), if seed == 0 { rows } else { shuffled(&rows, seed) })
}

#[test]
fn a_new_export_changes_no_id() {
    let (heading, lines) = panel();
    let by_number = findings(&heading, &[("lines.csv", lines.clone())]);
    // Without document and line numbers a line is known by its cells.
    let numbers = ["Document Number", "Line"];
    let (bare, bare_lines) = exported_again(&heading, &lines, 0, &numbers);
    let by_cells = findings(&bare, &[("lines.csv", bare_lines)]);
    assert!(by_cells.len() > 100 && by_cells != by_number);
    for seed in [7, 744] {
        let (again, rows) = exported_again(&heading, &lines, seed, &[]);
        assert_eq!(findings(&again, &[("EXPORT.txt", rows)]), by_number, "columns and rows in order {seed}");
        let (again, rows) = exported_again(&heading, &lines, seed, &numbers);
        assert_eq!(findings(&again, &[("EXPORT.txt", rows)]), by_cells, "without numbers, in order {seed}");
    }
}

#[test]
fn a_workbook_and_a_text_file_give_the_same_ids() {
    let ids = |name: &str| -> BTreeSet<(String, String)> {
        let audit = Audit::finished(&[&project("samples/five-dialects").join(name)], &[]);
        // A finding about a whole sheet names the sheet, and a text file has none.
        let rows = audit.rows("findings.csv").into_iter().filter(|row| row["code"] != "LR15");
        rows.map(|row| (row["finding_id"].clone(), row["code"].clone())).collect()
    };
    for dialect in ["generic", "sap", "netsuite", "dynamics", "aes"] {
        assert_eq!(ids(&format!("{dialect}.csv")), ids(&format!("{dialect}.xlsx")), "{dialect}");
    }
}

#[test]
fn decisions_hold_on_a_new_export() {
    let (heading, lines) = panel();
    let folder = TempDir::new().unwrap();
    let write = |name: &str, heading: &str, lines: &[String]| {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("{heading}\r\n{}\r\n", lines.join("\r\n"))).unwrap();
        path
    };
    let first = write("q3.csv", &heading, &lines);
    let audit = Audit::finished(&[&first], &[]);
    let decided = folder.path().join("decided.csv");
    let mut out = csv::Writer::from_path(&decided).unwrap();
    let template = audit.rows("decisions-template.csv");
    let headings: Vec<&String> = template[0].keys().collect();
    out.write_record(&headings).unwrap();
    for row in &template {
        let cell = |heading: &&String| match heading.as_str() {
            "decision" => "licensed",
            "reason" => "in the license file",
            "reviewer" => "A. Reviewer",
            "approved_by" => "B. Approver",
            "decided_on" => "2026-06-01",
            _ => &row[*heading],
        };
        out.write_record(headings.iter().map(cell)).unwrap();
    }
    out.flush().unwrap();
    let (again, rows) = exported_again(&heading, &lines, 26, &[]);
    let second = write("EXPORT final (2).csv", &again, &rows);
    let audit = Audit::finished(&[&second], &["--decisions", decided.to_str().unwrap()]);
    let open: Vec<(String, String)> = audit
        .rows("findings.csv")
        .into_iter()
        .filter(|row| row["status"] == "open" && row["row"] != "1" && !row["code"].starts_with("RQ"))
        .map(|row| (row["code"].clone(), row["document"].clone()))
        .collect();
    assert_eq!(open, [], "what concerns the record's quality is decided by file, everything else holds");
}
