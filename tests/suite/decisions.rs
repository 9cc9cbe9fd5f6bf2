//! Reviewers' decisions from one run to the next: what they close, what they no longer close, and that nothing else is read back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use tempfile::TempDir;

use super::program::{Audit, project};

type Row = BTreeMap<String, String>;

/// The samples in which something is found, audited with these further arguments.
fn audit(further: &[&str]) -> Audit {
    Audit::finished(&[&project("samples/listed-parties"), &project("samples/pakistan-rule-days")], further)
}

fn write(folder: &Path, rows: &[Row]) -> PathBuf {
    let path = folder.join("decided.csv");
    let mut out = csv::Writer::from_path(&path).unwrap();
    let headings: Vec<&String> = rows[0].keys().collect();
    out.write_record(&headings).unwrap();
    for row in rows {
        out.write_record(headings.iter().map(|heading| &row[*heading])).unwrap();
    }
    out.flush().unwrap();
    path
}

fn decide(row: &Row, decision: &str, approved_by: &str) -> Row {
    let mut row = row.clone();
    for (column, value) in [
        ("decision", decision),
        ("reason", "compared with the license file"),
        ("evidence", "file 12"),
        ("reviewer", "A. Reviewer"),
        ("decided_on", "2025-06-02"),
        ("approved_by", approved_by),
    ] {
        row.insert(column.to_owned(), value.to_owned());
    }
    row
}

fn open(audit: &Audit) -> u64 {
    let run = audit.run();
    let open = run["totals"]["open"].as_object().unwrap();
    open.values().map(|count| count["findings"].as_u64().unwrap()).sum()
}

#[test]
fn the_template_holds_every_open_finding_once() {
    let audit = audit(&[]);
    let findings = audit.rows("findings.csv");
    let template = audit.rows("decisions-template.csv");
    let listed: u64 = template
        .iter()
        .filter(|row| !row["group_id"].is_empty())
        .map(|row| row["findings"].parse::<u64>().unwrap())
        .sum();
    assert_eq!(listed, findings.len() as u64);
    assert!(template.iter().all(|row| row["decision"].is_empty() && row["reviewer"].is_empty()));
    assert!(template.iter().any(|row| row["decides"] == "party and entry"));
    assert!(audit.run()["outputs"].get("decisions-template.csv").is_none(), "it stands outside the digests");
}

#[test]
fn a_whole_template_decided_leaves_nothing_open_and_every_finding_visible() {
    let folder = TempDir::new().unwrap();
    let before = audit(&[]);
    let rows: Vec<Row> = before
        .rows("decisions-template.csv")
        .iter()
        .filter(|row| !row["group_id"].is_empty())
        .map(|row| decide(row, "licensed", "B. Approver"))
        .collect();
    let file = write(folder.path(), &rows);
    let after = audit(&["--decisions", file.to_str().unwrap(), "--fail-on", "note"]);
    assert_eq!((after.status, open(&after)), (0, 0), "{}", after.screen);
    let (old, new) = (before.rows("findings.csv"), after.rows("findings.csv"));
    assert_eq!(old.len(), new.len());
    for (old, new) in old.iter().zip(&new) {
        assert_eq!((&old["finding_id"], new["status"].as_str()), (&new["finding_id"], "licensed"));
    }
    let run = after.run();
    assert_eq!(run["decisions"]["decisions"].as_array().unwrap().len(), rows.len());
    assert_eq!(run["option_files"][0]["option"], "decisions");
    let again = Audit::of(&[&project("samples/pakistan-rule-days")], &["--fail-on", "exception"]);
    assert_eq!(again.status, 1, "without the decisions they are open again");
}

#[test]
fn the_workbook_is_read_as_the_csv_is() {
    let folder = TempDir::new().unwrap();
    let before = audit(&[]);
    let mut book: Xlsx<_> = open_workbook(before.folder().join("decisions-template.xlsx")).unwrap();
    let mut rows: Vec<Row> = Vec::new();
    for sheet in ["Exceptions", "Reviews", "Notes", "Party or item"] {
        let range = book.worksheet_range(sheet).unwrap();
        let mut lines = range.rows();
        let headings: Vec<String> = lines.next().unwrap().iter().map(Data::to_string).collect();
        rows.extend(
            lines.map(|line| headings.iter().cloned().zip(line.iter().map(Data::to_string)).collect()),
        );
    }
    let csv = before.rows("decisions-template.csv");
    assert_eq!(rows.len(), csv.len());
    let ids = |rows: &[Row], column: &str| {
        let mut ids: Vec<String> = rows.iter().map(|row| row[column].clone()).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&rows, "Group id"), ids(&csv, "group_id"));
    assert_eq!(ids(&rows, "Evidence digest"), ids(&csv, "evidence_digest"));

    // The same decisions, written into a copy of the workbook as a person would: under its own headings, with real days.
    let decided = folder.path().join("decided.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("Exceptions").unwrap();
    let headings: Vec<&String> = rows[0].keys().collect();
    for (column, heading) in (0u16..).zip(&headings) {
        sheet.write_string(0, column, heading.as_str()).unwrap();
    }
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2025, 6, 2).unwrap();
    let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    for (number, row) in (1u32..).zip(&rows) {
        for (column, heading) in (0u16..).zip(&headings) {
            match heading.as_str() {
                "Decided on" => {
                    sheet.write_datetime_with_format(number, column, &day, &format).unwrap();
                }
                heading => {
                    let text = match heading {
                        "Decision" => "licensed",
                        "Reason" => "in the file",
                        "Reviewer" => "A. Reviewer",
                        "Approved by" => "B. Approver",
                        _ => &row[heading],
                    };
                    sheet.write_string(number, column, text).unwrap();
                }
            }
        }
    }
    book.save(&decided).unwrap();
    let after = audit(&["--decisions", decided.to_str().unwrap()]);
    assert_eq!(open(&after), 0, "{}", after.screen);
}

#[test]
fn party_and_item_close_what_they_name() {
    let folder = TempDir::new().unwrap();
    let before = audit(&[]);
    let finding = before.rows("findings.csv").into_iter().find(|row| row["code"] == "EL01").unwrap();
    let item = before.rows("findings.csv").into_iter().find(|row| row["code"] == "LR01").unwrap();
    let row = |party: &str, entity: &str, item: &str, candidate: &str| -> Row {
        let blank =
            [("party", party), ("listed_entity_id", entity), ("item", item), ("candidate", candidate)]
                .map(|(column, value)| (column.to_owned(), value.to_owned()));
        decide(&Row::from(blank), "not-subject", "B. Approver")
    };
    let rows = [
        row(&finding["party_name"].to_uppercase(), &finding["listed_entity_id"], "", ""),
        row("", "", &item["item"], &item["candidate_eccn"]),
    ];
    let file = write(folder.path(), &rows);
    let after = audit(&["--decisions", file.to_str().unwrap()]);
    let closed: Vec<Row> =
        after.rows("findings.csv").into_iter().filter(|row| row["status"] != "open").collect();
    assert!(closed.iter().any(|row| row["finding_id"] == finding["finding_id"]));
    assert!(closed.iter().any(|row| row["finding_id"] == item["finding_id"]));
    for row in &closed {
        let is_party = row["listed_entity_id"] == finding["listed_entity_id"];
        assert!(is_party || (row["item"] == item["item"] && row["candidate_eccn"] == item["candidate_eccn"]));
    }
    let warnings = after.run()["warnings"].to_string();
    assert!(warnings.contains("no digests"), "decisions without digests are told: {warnings}");
}

#[test]
fn what_closes_nothing_is_told() {
    let folder = TempDir::new().unwrap();
    let before = audit(&[]);
    let template = before.rows("decisions-template.csv");
    let exceptions: Vec<&Row> =
        template.iter().filter(|row| row["disposition"] == "exception" && row["code"] == "LR01").collect();
    let changed = |row: &Row, column: &str, value: &str| {
        let mut row = decide(row, "licensed", "B. Approver");
        row.insert(column.to_owned(), value.to_owned());
        row
    };
    let rows = [
        changed(exceptions[0], "evidence_digest", "00000000000000ff"),
        changed(exceptions[1], "basis_digest", "00000000000000ff"),
        changed(exceptions[2], "approved_by", ""),
        changed(exceptions[3], "approved_by", "a. reviewer"),
        {
            let mut row = changed(exceptions[4], "decided_on", "2024-01-15");
            row.insert("expires_on".to_owned(), "2024-06-30".to_owned());
            row
        },
        changed(exceptions[5], "finding_id", "00000000000000ff"),
        changed(exceptions[6], "reason", "in the license file"),
    ];
    let file = write(folder.path(), &rows);
    let after = audit(&["--decisions", file.to_str().unwrap()]);
    assert_eq!(open(&after), open(&before) - 1);
    let run = after.run();
    let outcomes: Vec<&str> = run["decisions"]["decisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|decision| decision["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(
        outcomes,
        ["overtaken", "overtaken", "not-approved", "not-approved", "expired", "unused", "in-force"]
    );
    let warnings = run["warnings"].to_string();
    for told in ["2 overtaken", "1 expired", "2 not approved", "1 unused"] {
        assert!(warnings.contains(told), "{told} is missing from {warnings}");
    }
    let mut book: Xlsx<_> = open_workbook(after.folder().join("report.xlsx")).unwrap();
    assert_eq!(book.worksheet_range("Decisions").unwrap().height(), rows.len() + 1);
}

#[test]
fn a_report_is_no_decision_file_and_a_bad_file_audits_nothing() {
    let before = audit(&[]);
    let report = before.folder().join("report.xlsx");
    for (file, said) in [
        (report, "a report takes no input"),
        (before.folder().join("findings.csv"), "decisions-template"),
        (before.folder().join("no-such.xlsx"), "no such file"),
    ] {
        let audit = Audit::of(&[&project("samples/clean-quarter")], &["--decisions", file.to_str().unwrap()]);
        assert_eq!(audit.status, 2);
        assert!(audit.screen.contains(said), "{}", audit.screen);
        assert!(!audit.folder().exists());
    }
}

#[test]
fn a_decision_file_among_the_inputs_is_no_shipment_list() {
    let folder = TempDir::new().unwrap();
    std::fs::copy(project("samples/pakistan-rule-days/shipments.csv"), folder.path().join("shipments.csv"))
        .unwrap();
    let template = audit(&[]).rows("decisions-template.csv");
    let file = write(folder.path(), &[decide(&template[0], "licensed", "B. Approver")]);
    let audit = Audit::finished(&[folder.path()], &["--decisions", file.to_str().unwrap()]);
    assert_eq!(audit.run()["inputs"].as_array().unwrap().len(), 1);
    let audit = Audit::finished(&[folder.path()], &[]);
    assert_eq!(audit.run()["inputs"].as_array().unwrap().len(), 1);
    assert!(audit.run()["warnings"].to_string().contains("decided.csv. Give them with --decisions"));
}
