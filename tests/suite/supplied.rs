//! The panel of what a user supplies beside the lines: an ownership table, further lists.

use std::collections::BTreeSet;

use std::path::Path;

use tempfile::TempDir;

use super::expectation::Expectations;
use super::lists::{HEADINGS, Row, entity_rows, import, written};
use super::program::{Audit, lookback, project};

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
    let (_, further) = further_lists();
    [audit, further]
        .iter()
        .flat_map(|audit| audit.rows("findings.csv"))
        .map(|row| row["code"].clone())
        .collect()
}

/// The codes that those lines expect.
pub(super) fn expected() -> BTreeSet<String> {
    ["ownership", "further-lists"]
        .iter()
        .flat_map(|case| {
            Expectations::read(&project("tests/panel_with_supplies").join(case).join("lines.csv")).codes()
        })
        .collect()
}

/// A whole download with the parties of the panel on its other lists, imported into `lists` below the folder.
fn imported(folder: &TempDir) -> std::path::PathBuf {
    let mut reader =
        csv::Reader::from_path(project("tests/panel_with_supplies/further-lists/parties.csv")).unwrap();
    let headings = reader.headers().unwrap().clone();
    let others = reader.records().map(|record| {
        let record = record.unwrap();
        let cells = headings.iter().zip(record.iter());
        cells
            .map(|(heading, cell)| {
                (HEADINGS.into_iter().find(|known| *known == heading).unwrap(), cell.to_owned())
            })
            .collect::<Row>()
    });
    let rows = entity_rows().into_iter().map(|(_, row)| row).chain(others.collect::<Vec<_>>());
    let download = written(folder, "download.csv", rows);
    let out = folder.path().join("lists");
    let (status, said) = import(&download, "2026-08-01", &out, &[]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("1 row of no program that counts"), "{said}");
    out
}

fn audit_with(lists: &Path, which: &str) -> Audit {
    let lines = project("tests/panel_with_supplies/further-lists/lines.csv");
    Audit::finished(&[&lines], &["--entity-list", &lists.display().to_string(), "--lists", which])
}

fn further_lists() -> (Expectations, Audit) {
    let folder = TempDir::new().unwrap();
    let audit = audit_with(&imported(&folder), "el,dpl,uvl,meu,sdn");
    (Expectations::read(&project("tests/panel_with_supplies/further-lists/lines.csv")), audit)
}

#[test]
fn parties_of_the_other_lists_are_found_on_request() {
    let (expectations, audit) = further_lists();
    audit.assert_nothing_is_lost();
    let differences = expectations.differences(&audit);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    let rows = audit.rows("findings.csv");
    let of = |document: &str| {
        rows.iter().find(|row| row["document"] == document && row["code"].starts_with("PL")).unwrap()
    };
    for (document, cites, says) in [
        ("F0001", "15 CFR 764.2(k)", "nobody may take part"),
        ("F0008", "15 CFR 740.2(a)(17)", "its statement must have been obtained before the export"),
        ("F0012", "15 CFR 744.21", "Supplement No. 7 to 15 CFR Part 744"),
        ("F0014", "15 CFR 744.8", "Programs: SDGT, IFSR."),
    ] {
        assert!(of(document)["citations"].contains(cites), "{:?}", of(document));
        assert!(of(document)["explanation"].contains(says), "{:?}", of(document));
    }
    assert_eq!(of("F0004")["disposition"], "note");
    assert!(of("F0009")["to_verify"].contains("15 CFR 740.2(a)(17) closes"), "{:?}", of("F0009"));
    assert!(of("F0015")["explanation"].contains("the day of listing is not known"), "{:?}", of("F0015"));
    let run = audit.run();
    let names: Vec<&str> =
        run["further_lists"].as_array().unwrap().iter().map(|list| list["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 4);
    assert!(
        run["not_tested"].to_string().contains("lists other than the Entity List, the Denied Persons List")
    );
}

#[test]
fn a_list_is_screened_only_when_asked_for_and_only_when_it_is_there() {
    let folder = TempDir::new().unwrap();
    let lists = imported(&folder);
    let codes = |which: &str| -> BTreeSet<String> {
        audit_with(&lists, which).rows("findings.csv").into_iter().map(|row| row["code"].clone()).collect()
    };
    assert_eq!(codes("el"), BTreeSet::from(["EL01".to_owned()]));
    assert_eq!(codes("uvl"), BTreeSet::from(["EL01".to_owned(), "PL02".to_owned()]));

    let lines = project("tests/panel_with_supplies/further-lists/lines.csv");
    let without = Audit::of(&[&lines], &["--lists", "dpl"]);
    assert_eq!(without.status, 2);
    assert!(without.screen.contains("is no part of the program. Import"), "{}", without.screen);
    std::fs::remove_dir_all(lists.join("meu")).unwrap();
    let lacking = Audit::of(&[&lines], &["--entity-list", &lists.display().to_string(), "--lists", "meu"]);
    assert_eq!(lacking.status, 2);
    assert!(lacking.screen.contains("the folder `meu` is missing"), "{}", lacking.screen);
    let unknown = lookback(&["audit", "x.csv", "--lists", "eu"]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));

    let screened = lookback(&["screen", "Sable Dune Holding", "--lists", "sdn", "--entity-list"])
        .arg(&lists)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&screened.stdout).into_owned();
    assert!(said.contains("review") && said.contains("Specially Designated Nationals List"), "{said}");
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
