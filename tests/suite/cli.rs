//! What the command line promises: exit statuses, and that nothing is overwritten or left half done.

use std::path::Path;

use lookback::finding::FindingCode;
use tempfile::TempDir;

use super::program::{Audit, lookback, project};

const HEADINGS: &str = "Document Number,Line,Date of Export,Ship From Country,Ultimate Consignee,\
                        Country of Ultimate Destination,ECCN,License Code,License Number,Item Number,Description,\
                        Quantity,Unit,Value,Currency\n";
const CLEAN: &str =
    "A1,1,2025-06-02,US,Nordlicht Messtechnik GmbH,DE,EAR99,NLR,,G-1,Cotton work gloves,300,EA,4350.00,USD\n";
const EXCEPTION: &str = "A2,1,2025-06-02,US,Margalla Eye Hospital,PK,3A992.a,NLR,,D-6,\"Digital multimeter, bench\",4,EA,4960.00,USD\n";

fn file(folder: &TempDir, name: &str, content: &str) -> std::path::PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

/// The exit status, and what was said.
fn audit(input: &Path, out: &Path, further: &[&str]) -> (i32, String) {
    let output =
        lookback(&["audit", "--quiet"]).arg(input).arg("-o").arg(out).args(further).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("panicked"), "{said}");
    (output.status.code().unwrap_or(-1), said)
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_clean_file_is_0_and_says_nothing_when_quiet() {
    let folder = TempDir::new().unwrap();
    let input = file(&folder, "clean.csv", &format!("{HEADINGS}{CLEAN}"));
    let audit = Audit::of(&[&input], &[]);
    assert_eq!((audit.status, audit.screen.as_str()), (0, ""));
    audit.assert_nothing_is_lost();
}

#[test]
fn findings_alone_do_not_change_the_status() {
    let folder = TempDir::new().unwrap();
    let input = file(&folder, "lines.csv", &format!("{HEADINGS}{CLEAN}{EXCEPTION}"));
    assert_eq!(Audit::of(&[&input], &[]).status, 0);
    assert_eq!(Audit::of(&[&input], &["--fail-on", "exception"]).status, 1);
    let clean = file(&folder, "clean.csv", &format!("{HEADINGS}{CLEAN}"));
    assert_eq!(Audit::of(&[&clean], &["--fail-on", "note"]).status, 0);
}

#[test]
fn what_cannot_be_audited_is_2_and_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let picture = folder.path().join("picture.xlsx");
    std::fs::write(&picture, b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00").unwrap();
    let numbers = file(&folder, "numbers.csv", "1,2,3\n4,5,6\n7,8,9\n");
    let empty = file(&folder, "empty.csv", "");
    let heading_only = file(&folder, "heading.csv", HEADINGS);
    let missing = folder.path().join("missing.csv");
    for input in [picture, numbers, empty, heading_only, missing] {
        let target = TempDir::new().unwrap();
        let (status, said) = audit(&input, &target.path().join("out"), &[]);
        assert_eq!(status, 2, "{}: {said}", input.display());
        let name = input.file_name().unwrap().to_string_lossy().into_owned();
        assert!(said.contains(&name), "the message names no file: {said}");
        let left: Vec<String> = names_in(target.path()).into_iter().filter(|name| name != "out").collect();
        assert!(left.is_empty(), "{}: {left:?} was left behind", input.display());
    }
}

#[test]
fn wrong_usage_is_2() {
    for arguments in [
        &["audit"][..],
        &["no-such-command"],
        &["audit", "x.csv", "--no-such-option"],
        &["audit", "x.csv", "--from", "2025-02-30"],
        &["audit", "x.csv", "--ship-from", "Atlantis"],
        &["audit", "x.csv", "--formats", "pdf"],
        &["explain", "XX99"],
    ] {
        let output = lookback(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?} says nothing");
    }
}

#[test]
fn every_code_is_explained() {
    for code in FindingCode::ALL {
        let output = lookback(&["explain", code.code()]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains(code.name()), "{code}: {text}");
    }
}

#[test]
fn the_readme_lists_every_code_and_no_other() {
    let readme = std::fs::read_to_string(project("README.md")).unwrap();
    let listed: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next())
        .filter(|cell| cell.len() == 4 && *cell != "code")
        .collect();
    let codes: Vec<&str> = FindingCode::ALL.iter().map(|code| code.code()).collect();
    assert_eq!(listed, codes);
}

#[test]
fn what_only_a_file_name_says_is_fixed_by_its_pattern() {
    let folder = TempDir::new().unwrap();
    let lines = "Document Number,Line,Date of Export,Ultimate Consignee,ECCN,License Code\n\
                 A1,1,2025-02-03,Weaving Works Ltd,3A992.a,NLR\n";
    let files = ["Pakistan 2025-Q1.csv", "Germany 2025-Q1.csv", "rest.csv"]
        .map(|name| file(&folder, name, &lines.replace("A1", name.split(' ').next().unwrap())));
    let map = file(
        &folder,
        "map.toml",
        "[[file]]\nname = \"pakistan*.csv\"\ndestination = \"PK\"\nship_from = \"US\"\n\n\
         [[file]]\nname = \"germany*.csv\"\ndestination = \"DE\"\n",
    );
    let inputs = files.each_ref().map(std::path::PathBuf::as_path);
    let audit = Audit::of(&inputs, &["--columns", map.to_str().unwrap()]);
    let lines = audit.rows("lines.csv");
    let seen: Vec<(&str, &str)> =
        lines.iter().map(|line| (line["document"].as_str(), line["destination"].as_str())).collect();
    // Without a pattern nothing is known of the destination, and nothing is presumed.
    for line in [("Pakistan", "PK"), ("Germany", "DE")] {
        assert!(seen.contains(&line), "{seen:?}");
    }
    assert!(
        !seen.iter().any(|(document, place)| document.starts_with("rest") && !place.is_empty()),
        "{seen:?}"
    );
    let findings = audit.rows("findings.csv");
    let exceptions: Vec<&str> =
        findings.iter().filter(|row| row["code"] == "LR01").map(|row| row["document"].as_str()).collect();
    assert_eq!(exceptions, ["Pakistan"]);
    let run = audit.run();
    let columns = run["inputs"][0]["sheets"][0]["columns"].to_string();
    assert!(columns.contains("every line: DE") || columns.contains("every line: PK"), "{columns}");
}

#[test]
fn an_output_that_cannot_be_written_is_2() {
    let folder = TempDir::new().unwrap();
    let input = file(&folder, "clean.csv", &format!("{HEADINGS}{CLEAN}"));
    let (status, said) = audit(&input, &input.join("out"), &[]);
    assert_eq!(status, 2, "{said}");
}

#[test]
fn a_folder_that_is_no_report_is_refused() {
    let folder = TempDir::new().unwrap();
    let input = file(&folder, "clean.csv", &format!("{HEADINGS}{CLEAN}"));
    let out = folder.path().join("mine");
    std::fs::create_dir(&out).unwrap();
    std::fs::write(out.join("letter.txt"), "dear counsel").unwrap();
    for further in [&[][..], &["--replace"]] {
        let (status, said) = audit(&input, &out, further);
        assert_eq!(status, 2, "{said}");
        assert_eq!(names_in(&out), ["letter.txt"]);
    }
}

#[test]
fn a_finished_run_is_replaced_only_when_asked() {
    let folder = TempDir::new().unwrap();
    let input = file(&folder, "clean.csv", &format!("{HEADINGS}{CLEAN}"));
    let out = folder.path().join("out");
    assert_eq!(audit(&input, &out, &[]).0, 0);
    let before = std::fs::read(out.join("run.json")).unwrap();
    let (status, said) = audit(&input, &out, &[]);
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("--replace"), "the message names no way on: {said}");
    assert_eq!(std::fs::read(out.join("run.json")).unwrap(), before);
    assert_eq!(audit(&input, &out, &["--replace"]).0, 0);
    assert_eq!(std::fs::read(folder.path().join("out.previous/run.json")).unwrap(), before);
    assert_eq!(names_in(folder.path()), ["clean.csv", "out", "out.previous"]);
}

#[test]
fn what_was_left_out_is_3_and_everything_else_is_written() {
    let folder = TempDir::new().unwrap();
    let good = file(&folder, "good.csv", &format!("{HEADINGS}{CLEAN}{EXCEPTION}"));
    let bad = folder.path().join("bad.xlsx");
    std::fs::write(&bad, b"PK\x03\x04 and then nothing").unwrap();
    let run = Audit::of(&[&good, &bad], &["--fail-on", "exception"]);
    assert_eq!(run.status, 3, "3 comes before 1: {}", run.screen);
    assert_eq!(run.rows("lines.csv").len(), 2);

    let shifted = file(
        &folder,
        "shifted.csv",
        &format!("{HEADINGS}{CLEAN}A3,1,2025-06-02,US,One,two,DE,EAR99,NLR,,G,Gloves,1,EA,1.00,USD\n"),
    );
    let run = Audit::of(&[&shifted], &[]);
    assert_eq!(run.status, 3, "{}", run.screen);
    let rejected = run.rows("rejected.csv");
    assert_eq!((rejected.len(), rejected[0]["row"].as_str()), (1, "3"));
    run.assert_nothing_is_lost();
}

#[test]
fn the_period_is_counted_and_not_judged() {
    let folder = TempDir::new().unwrap();
    let input = file(&folder, "lines.csv", &format!("{HEADINGS}{CLEAN}{EXCEPTION}"));
    let run = Audit::of(&[&input], &["--from", "2025-01-01", "--to", "2025-06-02"]);
    assert_eq!(run.rows("findings.csv").iter().filter(|row| row["code"] == "LR01").count(), 1);
    let run = Audit::of(&[&input], &["--from", "2026-01-01", "--to", "2026-03-31"]);
    assert_ne!(run.status, 0, "0 lines audited is never 0");
}

#[test]
fn a_cell_never_becomes_a_formula() {
    let folder = TempDir::new().unwrap();
    let line = EXCEPTION.replace("Margalla Eye Hospital", "\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
    let input = file(&folder, "formula.csv", &format!("{HEADINGS}{line}"));
    let run = Audit::finished(&[&input], &[]);
    let outputs = run.outputs();
    let text = String::from_utf8_lossy(&outputs["findings.csv"]);
    assert!(!text.contains(",=HYPERLINK") && !text.contains(",\"=HYPERLINK"), "{text}");
}

#[test]
fn the_main_job_prints_a_summary() {
    let folder = TempDir::new().unwrap();
    let output = lookback(&["audit"])
        .arg(project("samples/pakistan-rule-days"))
        .arg("-o")
        .arg(folder.path().join("out"))
        .output()
        .unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("LR01") || said.contains("exception"), "{said}");
    assert!(!said.to_lowercase().contains("violation"), "the word is finding or exception: {said}");
}

#[test]
fn cells_that_may_have_run_together_are_a_finding() {
    let folder = TempDir::new().unwrap();
    let broken = CLEAN.replace("Nordlicht Messtechnik GmbH,DE", "\"Nordlicht, \"Messtechnik GmbH,DE");
    let input = file(&folder, "quote.csv", &format!("{HEADINGS}{CLEAN}{broken}"));
    let audit = Audit::of(&[&input], &["--fail-on", "review"]);
    assert_eq!(audit.status, 1, "{}", audit.screen);
    let found = audit.rows("findings.csv");
    let told = |row: &&std::collections::BTreeMap<String, String>| {
        row["code"] == "RQ01" && row["explanation"].contains("1 row (3) text follows a closing quote")
    };
    assert_eq!(found.iter().filter(told).count(), 1);
    let sound = file(&folder, "sound.csv", &format!("{HEADINGS}{CLEAN}"));
    assert_eq!(Audit::of(&[&sound], &["--fail-on", "review"]).status, 0);
}

#[test]
fn a_name_over_two_columns_is_one_name() {
    let folder = TempDir::new().unwrap();
    let lines = |second: &str| {
        format!(
            "VBELN,POSNR,WADAT_IST,NAME1_WE,{second},LAND1,ECCN,NETWR,WAERK\n\
             80001,10,2025-06-02,Professional,Systems (Pvt) Ltd,PK,EAR99,4350.00,USD\n"
        )
    };
    let listed = |name: &str, second: &str, further: &[&str]| {
        let input = file(&folder, name, &lines(second));
        let further: Vec<&str> = [&["--ship-from", "US"], further].concat();
        Audit::of(&[&input], &further).rows("findings.csv").iter().any(|row| row["code"] == "EL01")
    };
    assert!(listed("continued.csv", "NAME2_WE", &[]));
    assert!(!listed("apart.csv", "STRAS_WE", &[]), "a street continues no name");
    let map = file(
        &folder,
        "map.toml",
        "[[file]]\nname = \"given.csv\"\ncolumns = { ship_to = [\"NAME1_WE\", \"More of it\"] }\n",
    );
    assert!(listed("given.csv", "More of it", &["--columns", map.to_str().unwrap()]));
}
