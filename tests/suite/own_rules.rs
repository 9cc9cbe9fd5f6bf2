//! `--rules DIR`: a rule, a license exception and a mark of the Country Chart added by data alone, as `data/README.md` says.

use std::path::Path;

use tempfile::TempDir;

use super::program::{Audit, lookback, project};

/// The program's data folder, to be changed.
fn copied() -> TempDir {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &target);
            } else {
                std::fs::copy(entry.path(), target).unwrap();
            }
        }
    }
    let folder = TempDir::new().unwrap();
    for part in ["rules", "ccl", "items"] {
        copy(&project("data").join(part), &folder.path().join(part));
    }
    for file in ["license_codes.csv", "license_words.csv", "organizations.csv", "party_words.csv"] {
        std::fs::copy(project("data").join(file), folder.path().join(file)).unwrap();
    }
    folder
}

/// A block of the guide in this language.
fn block(language: &str) -> String {
    let guide = std::fs::read_to_string(project("data/README.md")).unwrap();
    let rest = guide.split_once(&format!("```{language}\n")).unwrap().1;
    rest.split_once("```").unwrap().0.to_owned()
}

fn edit(folder: &TempDir, file: &str, from: &str, to: &str) {
    let path = folder.path().join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn check(folder: &TempDir) -> (i32, String) {
    let output = lookback(&["rules", "--check", "--rules"]).arg(folder.path()).output().unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// How many examples ran.
fn ran(said: &str) -> u32 {
    let words: Vec<&str> = said.split_whitespace().collect();
    let at = words.iter().position(|word| *word == "examples").unwrap();
    words[at - 1].parse().unwrap()
}

/// The codes of LR findings by document.
fn found(folder: Option<&TempDir>) -> Vec<String> {
    let lines = TempDir::new().unwrap();
    let input = lines.path().join("lines.csv");
    std::fs::write(
        &input,
        "Document Number,Line,Date of Export,Ship From Country,Ultimate Consignee,Country of Ultimate Destination,ECCN,License Code,License Number\n\
         R1,1,2027-01-03,US,Ravi Dairy Ltd,PK,4A994.b,NLR,\n\
         R2,1,2027-01-04,US,Ravi Dairy Ltd,PK,4A994.b,NLR,\n\
         R3,1,2027-01-04,US,Ravi Dairy Ltd,PK,4A994.l,NLR,\n\
         X1,1,2025-06-02,US,Ravi Dairy Ltd,PK,3A992.a,License Exception LVS,\n\
         C1,1,2026-02-02,US,Ravi Dairy Ltd,PK,9A990,NLR,\n",
    )
    .unwrap();
    let rules = folder.map(|folder| folder.path().display().to_string());
    let further: Vec<&str> = rules.iter().flat_map(|folder| ["--rules", folder.as_str()]).collect();
    let audit = Audit::finished(&[&input], &further);
    let rows = audit.rows("findings.csv");
    let of_lines = rows.iter().filter(|row| row["code"].starts_with("LR") && !row["document"].is_empty());
    of_lines.map(|row| format!("{} {} {}", row["document"], row["code"], row["rule"])).collect()
}

#[test]
fn the_worked_example_of_the_guide_runs_and_audits() {
    let folder = copied();
    let (status, said) = check(&folder);
    assert_eq!(status, 0, "{said}");
    let before = ran(&said);
    let without = found(Some(&folder));
    assert_eq!(without, found(None), "a copy of the data judges as the program does");

    std::fs::write(folder.path().join("rules/pk-rs-2027.toml"), block("toml")).unwrap();
    let (status, said) = check(&folder);
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("ccl/controls.csv has no row for 4A994"), "{said}");

    let row = "4A994,AT,country-chart,AT1,entire,,not PK,,2025-07-11,\"full CCL text, copy of July 2025\"\n";
    edit(&folder, "ccl/controls.csv", row, &(row.to_owned() + &block("csv")));
    let (status, said) = check(&folder);
    assert_eq!(status, 0, "{said}");
    assert_eq!(ran(&said), before + 5);
    let with = found(Some(&folder));
    let new: Vec<&String> = with.iter().filter(|line| !without.contains(line)).collect();
    assert_eq!(new, ["R2 LR01 pk-rs-2027"]);
}

#[test]
fn an_example_that_does_not_run_as_it_says_is_told() {
    let folder = copied();
    edit(&folder, "rules/pk-rs-2024.toml", "expect = [\"LR01\"]", "expect = []");
    let (status, said) = check(&folder);
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("expects none and gives LR01"), "{said}");
}

#[test]
fn a_license_exception_and_a_mark_of_the_chart_are_changed_by_data_alone() {
    let folder = copied();
    let before = found(Some(&folder));
    assert!(before.contains(&"X1 LR03 pk-exceptions-2024".to_owned()), "{before:?}");
    assert!(!before.iter().any(|line| line.starts_with("C1")), "{before:?}");

    let open = "[[closed_list.open]]\nsymbol = \"LVS\"\nsection = \"15 CFR 740.3\"\ntitle = \"shipments of limited value\"\n\
                conditions = [\"The net value stayed below the limit of the entry.\"]\n\n";
    let first = "[[closed_list.open]]\n";
    edit(&folder, "rules/pk-exceptions-2024.toml", first, &(open.to_owned() + first));
    edit(&folder, "ccl/country_chart.csv", "PK,Pakistan,CB1;", "PK,Pakistan,AT2;CB1;");
    let (status, said) = check(&folder);
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("do not yield what is recorded for PK"), "{said}");
    let path = folder.path().join("ccl/controls.csv");
    let controls = std::fs::read_to_string(&path).unwrap();
    let read_again = |line: &str| {
        if line.contains(",country-chart,AT2,") { line.replace(",not PK,", ",PK,") } else { line.to_owned() }
    };
    let changed: Vec<String> = controls.lines().map(read_again).collect();
    std::fs::write(&path, changed.join("\n") + "\n").unwrap();
    let (_, said) = check(&folder);
    assert!(!said.contains("recorded for PK"), "{said}");
    let after = found(Some(&folder));
    assert!(after.contains(&"X1 LR04 pk-exceptions-2024".to_owned()), "{after:?}");
    assert!(after.iter().any(|line| line.starts_with("C1 LR11")), "{after:?}");
}
