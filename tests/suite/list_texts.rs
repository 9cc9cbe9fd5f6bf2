//! Texts of a download that are hard to read: license columns in words that are not known, and cells as agencies write them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::lists::{ENTITY_LIST, HEADER, HEADINGS, Row, changes, entity_rows, import, row, written};
use super::program::{Audit, lookback};

const REQUIREMENT: &str = "For every second item of the catalog (see §744.6(b) of the EAR)";
const POLICY: &str = "At the discretion of the agency";

fn listed() -> Vec<Row> {
    entity_rows().into_iter().map(|(_, row)| row).collect()
}

/// The list with one entry, and a new one, in words that nobody reads.
fn in_unknown_words(folder: &TempDir) -> PathBuf {
    let mut rows = listed();
    let qertas = rows.iter_mut().find(|row| row["name"] == "Al-Qertas").unwrap();
    qertas.insert("license_requirement", REQUIREMENT.to_owned());
    qertas.insert("license_policy", POLICY.to_owned());
    let mut new = row(ENTITY_LIST, "Quincunx Dynamics (Pvt.) Ltd.");
    new.insert("addresses", "1 Mall Road, Lahore, PK".to_owned());
    new.insert("license_requirement", REQUIREMENT.to_owned());
    new.insert("license_policy", "Presumption of denial".to_owned());
    rows.push(new);
    let mut open = row(ENTITY_LIST, "Quincunx Looms");
    open.insert("addresses", "2 Mall Road, Lahore, PK".to_owned());
    open.insert(
        "license_requirement",
        "For all items subject to the EAR. License Exception TMP remains open.".to_owned(),
    );
    open.insert("license_policy", "Presumption of denial".to_owned());
    rows.push(open);
    written(folder, "unknown-words.csv", rows.into_iter())
}

fn show(name: &str, on: &str, list: &Path) -> String {
    let output = lookback(&["lists", "show", name, "--on", on, "--entity-list"]).arg(list).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_license_text_that_is_not_read_is_told_once_and_its_term_is_unknown() {
    let folder = TempDir::new().unwrap();
    let file = in_unknown_words(&folder);
    let lists = ["first", "second", "third", "fourth"].map(|name| folder.path().join(name));
    let (status, said) = import(&file, "2026-08-01", &lists[0], &[]);
    assert_eq!(status, 3, "{said}");
    for words in [
        "2 new, 0 vanished, 0 changed, 4 license texts not read",
        "not read    Al-Qertas (el-pk-al-qertas): license review policy: \"At the discretion of the agency\"",
        "is not known from 2026-08-01 on",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let told = |list: &Path| -> BTreeSet<String> {
        changes(list).iter().filter(|line| line[0] != "new").map(|line| line.join(" | ")).collect()
    };
    let looms = "For all items subject to the EAR. License Exception TMP remains open.";
    let expected = BTreeSet::from([
        format!("not read | el-pk-al-qertas | license requirement | {REQUIREMENT}"),
        format!("not read | el-pk-al-qertas | license review policy | {POLICY}"),
        format!("not read | el-pk-quincunx-dynamics-pvt-ltd | license requirement | {REQUIREMENT}"),
        format!("not read | el-pk-quincunx-looms | license exception open | {looms}"),
    ]);
    assert_eq!(told(&lists[0]), expected);

    // The same words again are nothing new.
    let base = |list: &Path| ["--entity-list".to_owned(), list.display().to_string()];
    let again = |list: usize, file: &Path, as_of: &str| {
        let base = base(&lists[list - 1]);
        import(file, as_of, &lists[list], &[&base[0], &base[1]])
    };
    let (status, said) = again(1, &file, "2026-09-01");
    assert_eq!((status, changes(&lists[1]).len()), (0, 0), "{said}");
    assert!(said.contains("0 changed, 4 license texts still not read"), "{said}");

    // Words that are known end it, for the days from then on.
    let mut rows = listed();
    for name in ["Quincunx Dynamics (Pvt.) Ltd.", "Quincunx Looms"] {
        let mut new = row(ENTITY_LIST, name);
        new.insert("license_requirement", "For all items subject to the EAR.".to_owned());
        rows.push(new);
    }
    let known = written(&folder, "known-words.csv", rows.into_iter());
    let (status, said) = again(2, &known, "2026-10-01");
    assert_eq!(status, 0, "{said}");
    let found: BTreeSet<String> =
        changes(&lists[2]).iter().map(|line| format!("{} {} {}", line[1], line[2], line[3])).collect();
    assert!(
        found.iter().any(|line| line.starts_with("el-pk-al-qertas license requirement all-items")),
        "{found:?}"
    );
    assert!(found.iter().any(|line| line == "el-pk-quincunx-looms license exception open "), "{found:?}");

    // And the old words once more are told once more.
    let (status, said) = again(3, &file, "2026-11-01");
    assert_eq!((status, told(&lists[3])), (3, expected), "{said}");

    let history = show("Al-Qertas", "2026-08-15", &lists[2]);
    for words in [
        format!("license requirement not read: {REQUIREMENT}"),
        format!("license review policy not read: {POLICY}"),
        "license requirement: all items subject to the EAR became not known from the snapshot; read the entry"
            .to_owned(),
        "It has a license requirement that the snapshot does not give".to_owned(),
    ] {
        assert!(history.contains(&words), "{words}: {history}");
    }
    each_day_has_its_terms(&folder, &lists[2]);
}

/// All items before, unknown between the imports, all items since.
fn each_day_has_its_terms(folder: &TempDir, list: &Path) {
    let lines = folder.path().join("lines.csv");
    let mut text = HEADER.to_owned();
    for (document, day) in [("A", "2026-07-09"), ("B", "2026-08-15"), ("C", "2026-10-01")] {
        let _ = writeln!(text, "{document},1,{day},US,Al-Qertas,PK,PK,EAR99,GOV,");
    }
    std::fs::write(&lines, text).unwrap();
    let audit = Audit::finished(&[&lines], &["--entity-list", &list.display().to_string()]);
    let of = |code: &str| -> Vec<(String, String)> {
        let rows = audit.rows("findings.csv").into_iter().filter(|row| row["code"] == code);
        rows.map(|row| (row["disposition"].clone(), row["explanation"].clone())).collect()
    };
    for code in ["EL01", "EL06"] {
        let dispositions: Vec<String> = of(code).into_iter().map(|(disposition, _)| disposition).collect();
        assert_eq!(dispositions, ["exception", "review", "exception"], "{code}");
    }
    assert!(of("EL01")[1].1.contains("has a license requirement that the snapshot does not give"));
    assert!(of("EL06")[1].1.contains("opens it is not known"), "{}", of("EL06")[1].1);
}

#[test]
fn hard_cells_lose_nothing() {
    let folder = TempDir::new().unwrap();
    let mut rows = listed();
    // Quotation marks, lines within cells, lists with blank parts, no number, no day; the same name in two countries.
    let mut hard = row(ENTITY_LIST, "Quincunx \"Q\" Works,\r\nLtd.");
    hard.insert("addresses", "Plot 1,\nSector \"B\", Lahore, PK; ; Unit 2, Dubai, AE;".to_owned());
    hard.insert("alt_names", "Q. \"Works\"; ;Q.\tWorks Two;  ; \"; Zażółć Gęślą".to_owned());
    hard.insert("federal_register_notice", "91 FR 60001,\n91 F.R. 60002 08/20/2026".to_owned());
    hard.insert("license_requirement", "For all items\nsubject to the EAR.".to_owned());
    hard.insert("license_policy", "  Presumption\r\nof denial ".to_owned());
    hard.insert("entity_number", "  ".to_owned());
    hard.insert("start_date", " ".to_owned());
    rows.push(hard);
    for country in ["PK", "CN", "AE"] {
        let mut one = row(ENTITY_LIST, "Twofold Quincunx Trading");
        one.insert("addresses", format!("Main Road 1, {country}"));
        one.insert("license_requirement", "For all items subject to the EAR".to_owned());
        one.insert("license_policy", "Presumption of denial".to_owned());
        rows.push(one);
    }
    let bare = row(ENTITY_LIST, "Quincunx Bare");
    rows.push(bare);
    let count = rows.len();
    let plain = written(&folder, "plain.csv", rows.into_iter());
    let text = std::fs::read_to_string(&plain).unwrap();
    let bom = folder.path().join("hard.csv");
    std::fs::write(&bom, format!("\u{feff}{text}")).unwrap();
    let out = folder.path().join("lists");
    let (status, said) = import(&bom, "2026-09-01", &out, &[]);
    assert_eq!(status, 0, "{said}");
    assert!(
        said.contains(&format!("{count} rows: 5 new, 0 vanished, 0 changed").replace("3420", "3,420")),
        "{said}"
    );

    let entry = show("Quincunx \"Q\" Works, Ltd.", "2026-09-01", &out);
    for words in [
        "Quincunx \"Q\" Works, Ltd. (Pakistan; el-pk-quincunx-q-works-ltd)",
        "requires a license for all items subject to the EAR; license review: presumption of denial",
        "alias: Q. \"Works\"",
        "alias: Q. Works Two",
        "alias: Zażółć Gęślą",
        "Plot 1, Sector \"B\", Lahore, PK",
        "Unit 2, Dubai, AE",
        "91 FR 60001",
        "91 FR 60002, 2026-08-20",
        "on the list of 2026-09-01, day of listing not known",
    ] {
        assert!(entry.contains(words), "{words}: {entry}");
    }
    let twofold = show("Twofold Quincunx Trading", "2026-09-01", &out);
    for id in ["el-ae-", "el-cn-", "el-pk-"] {
        assert!(twofold.contains(&format!("{id}twofold-quincunx-trading")), "{id}: {twofold}");
    }
    assert!(show("Quincunx Bare", "2026-09-01", &out).contains("el-zz-quincunx-bare"));

    // The next download is the same: none of it is a change.
    let next = folder.path().join("next");
    let base = out.display().to_string();
    let (status, said) = import(&plain, "2026-10-01", &next, &["--entity-list", &base]);
    assert_eq!((status, changes(&next)), (0, Vec::new()), "{said}");
}

#[test]
fn what_cannot_be_used_is_told_with_its_row() {
    let folder = TempDir::new().unwrap();
    let mut rows = listed();
    let nameless = row(ENTITY_LIST, "  ");
    let mut undated = row(ENTITY_LIST, "Quincunx Undated");
    undated.insert("start_date", "2026-13-45".to_owned());
    rows.extend([nameless, undated]);
    let file = written(&folder, "told.csv", rows.into_iter());
    let (status, said) = import(&file, "2026-09-01", &folder.path().join("told"), &[]);
    assert_eq!(status, 3, "{said}");
    assert!(said.contains("a row of the Entity List without a name"), "{said}");
    assert!(said.contains("(Quincunx Undated): start_date: "), "{said}");

    // A quotation mark never closed takes the rows behind it into its cell.
    let whole = std::fs::read_to_string(written(&folder, "whole.csv", listed().into_iter())).unwrap();
    let damaged = folder.path().join("damaged.csv");
    std::fs::write(&damaged, format!("{whole}ffff,{ENTITY_LIST},,,,\"Quincunx Open\n")).unwrap();
    let (status, said) = import(&damaged, "2026-09-01", &folder.path().join("damaged"), &[]);
    assert_eq!(status, 3, "{said}");
    assert!(said.contains(&format!("6 cells under {} headings", HEADINGS.len())), "{said}");
}
