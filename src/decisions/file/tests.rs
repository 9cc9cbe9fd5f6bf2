//! Decision files as people bring them.

use super::*;

const HEADING: &str = "decision,reason,evidence,reviewer,decided_on,expires_on,approved_by,finding_id,group_id,party,listed_entity_id,item,candidate,evidence_digest,basis_digest\n";

fn read_text(text: &str) -> Result<Decisions, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("decisions.csv");
    std::fs::write(&path, text).unwrap();
    read(&[path], &Policy::embedded().unwrap())
}

fn problem(row: &str) -> String {
    let problems = read_text(&format!("{HEADING}{row}\n")).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    let problem = problems[0].clone();
    assert!(problem.contains("decisions.csv, row 2"), "{problem}");
    problem
}

#[test]
fn the_most_specific_of_what_a_row_names_counts() {
    let id = "0123456789abcdef";
    let read = read_text(&format!(
        "{HEADING}\
         licensed,seen,D1,Ann,2025-10-01,,,{id}-2,{id},Some Firm,el-x,ITEM,3A992,{id};{id},{id}\n\
         licensed,seen,D1,Ann,2025-10-01,2026-01-31,Bob,,{id},Some Firm,el-x,ITEM,3A992,,\n\
         False positive,seen,D1,Ann,2025-10-01,,,,,\"Some Firm, Ltd.\",el-x,ITEM,3A992,,\n\
         ,,,,,,,{id},,,,,,,\n\
         not-subject,seen,D1,Ann,2025-10-01,,,,,Some Firm,,ITEM 7,3A992,,\n"
    ))
    .unwrap();
    let scopes: Vec<Scope> = read.all().iter().map(|decision| decision.scope.clone()).collect();
    assert_eq!(
        scopes,
        [
            Scope::Finding(format!("{id}-2")),
            Scope::Group(id.to_owned()),
            Scope::Party { party: "some firm ltd".into(), listed_entity_id: "el-x".into() },
            Scope::Item { item: "item 7".into(), candidate: "3a992".into() },
        ]
    );
    let first = &read.all()[0];
    assert_eq!((first.evidence_digests.len(), first.row), (1, 2));
    assert_eq!(first.expires_on.to_string(), "2026-10-01", "blank means the longest time allowed");
    assert!(first.is_pinned() && !first.is_approved() && read.all()[1].is_approved());
    assert_eq!(read.all()[2].word, "false-positive");
}

#[test]
fn what_is_wrong_is_said_with_row_column_and_next_step() {
    let id = "0123456789abcdef";
    for (row, said) in [
        (
            format!("closed,seen,,Ann,2025-10-01,,,{id},,,,,,,"),
            "column A (decision): `closed` is no decision; write one of false-positive",
        ),
        (format!(",seen,,Ann,2025-10-01,,,{id},,,,,,,"), "column A (decision): the row is filled in"),
        (format!("licensed,,,Ann,2025-10-01,,,{id},,,,,,,"), "column B (reason): it is blank"),
        (format!("licensed,seen,,,2025-10-01,,,{id},,,,,,,"), "column D (reviewer): it is blank"),
        (format!("licensed,seen,,Ann,,,,{id},,,,,,,"), "column E (decided_on): it is blank"),
        (
            format!("licensed,seen,,Ann,10/1/2025,,,{id},,,,,,,"),
            "column E (decided_on): `10/1/2025` is not a day",
        ),
        (
            format!("licensed,seen,,Ann,2025-10-01,2026-10-02,,{id},,,,,,,"),
            "column F (expires_on): 2026-10-02 is more than 12 months after 2025-10-01; write 2026-10-01",
        ),
        (format!("licensed,seen,,Ann,2025-10-01,2025-09-30,,{id},,,,,,,"), "lies before 2025-10-01"),
        (
            "licensed,seen,,Ann,2025-10-01,,,1.23E+15,,,,,,,".to_owned(),
            "column H (finding_id): `1.23E+15` is no id",
        ),
        ("licensed,seen,,Ann,2025-10-01,,,,,Some Firm,,,,,".to_owned(), "does not say what is decided"),
        (
            format!("licensed,seen,,Ann,2025-10-01,,,{id},,,,,,1.2E+9,"),
            "column N (evidence_digest): `1.2e+9` is no digest",
        ),
    ] {
        let problem = problem(&row);
        assert!(problem.contains(said), "{problem}\nshould say\n{said}");
    }
}

#[test]
fn a_file_that_holds_no_decisions_is_refused() {
    let problems = read_text("finding_id,status\n0123456789abcdef,open\n").unwrap_err();
    assert!(problems[0].contains("decisions-template"), "{problems:?}");
    let problems = read_text("decision,finding_id\nlicensed,0123456789abcdef\n").unwrap_err();
    assert!(problems[0].contains("the column `reason` is missing"), "{problems:?}");
    let missing = read(&["no-such-file.csv"], &Policy::embedded().unwrap()).unwrap_err();
    assert!(missing[0].contains("no-such-file.csv"), "{missing:?}");
}

#[test]
fn a_later_decision_replaces_an_earlier_one_and_the_same_day_is_a_question() {
    let id = "0123456789abcdef";
    let row = |day: &str, word: &str| format!("{word},seen,,Ann,{day},,,{id},,,,,,,\n");
    let read =
        read_text(&format!("{HEADING}{}{}", row("2025-10-01", "licensed"), row("2025-12-01", "confirmed")))
            .unwrap();
    assert_eq!(read.superseded_by(0).map(|later| later.row), Some(3));
    assert!(read.superseded_by(1).is_none());
    let problems =
        read_text(&format!("{HEADING}{}{}", row("2025-10-01", "licensed"), row("2025-10-01", "confirmed")))
            .unwrap_err();
    assert!(problems[0].contains("row 3") && problems[0].contains("row 2"), "{problems:?}");
}

#[test]
fn semicolons_and_a_legacy_encoding_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("d.csv");
    let text = "decision;reason;reviewer;decided_on;finding_id\nlicensed;gepr\u{fc}ft;J\u{fc}rgen;2025-10-01;0123456789abcdef\n";
    let bytes: Vec<u8> = text.chars().map(|c| c as u8).collect();
    std::fs::write(&path, bytes).unwrap();
    let read = read(&[path], &Policy::embedded().unwrap()).unwrap();
    assert_eq!(read.all()[0].reviewer, "J\u{fc}rgen");
}
