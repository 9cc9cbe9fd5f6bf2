//! Rows that once showed a bug. Each test carries the smallest file that did, and says what went wrong with it.

use tempfile::TempDir;

use super::program::{Audit, lookback};

fn written(folder: &TempDir, name: &str, content: &str) -> std::path::PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

/// A header needed two known headings, so that a list of customers, which has one, could not be screened or audited
/// even when the user said which column it was.
#[test]
fn a_heading_the_user_names_makes_a_header() {
    let folder = TempDir::new().unwrap();
    let list =
        written(&folder, "kunden.csv", "Firma,Bemerkung\nNordlicht Messtechnik GmbH,-\nAbensa FZ LLC,-\n");
    let output =
        lookback(&["screen", "--format", "csv", "--column", "Firma", "--file"]).arg(&list).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.lines().any(|line| line.starts_with("3,Abensa FZ LLC,el-ae-abensa-fz-llc,")), "{said}");
    assert!(!said.contains("Firma"), "the heading was screened as a name: {said}");

    let mapping = written(&folder, "kunden.toml", "[[file]]\ncolumns = { ultimate_consignee = \"Firma\" }\n");
    let audit = Audit::finished(&[&list], &["--columns", mapping.to_str().unwrap()]);
    audit.assert_nothing_is_lost();
    assert_eq!(audit.run()["totals"]["rows"]["header"], 1);
    assert_eq!(audit.rows("lines.csv").len(), 2);
}

/// Lines of a file in which a heading alone stands were "0 lines audited" with an empty report and exit status 0.
#[test]
fn a_heading_without_lines_is_no_clean_result() {
    let folder = TempDir::new().unwrap();
    let heading = "Document Number,Date of Export,Country of Ultimate Destination,Ultimate Consignee,ECCN\n";
    let audit = Audit::of(&[&written(&folder, "empty.csv", heading)], &[]);
    assert_eq!(audit.status, 2, "{}", audit.screen);
    assert!(audit.screen.contains("empty.csv"), "{}", audit.screen);
}
