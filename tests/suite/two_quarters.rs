//! The walk through two quarters in `samples/two-quarters`: its commands are run, and its README tells what they give.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use calamine::{Reader as _, Xlsx, open_workbook};
use tempfile::TempDir;

use super::program::{files_below, lookback, project};

const WALK: &str = "samples/two-quarters";

/// Runs one of the walk's commands in a folder that has the samples below it.
fn run(folder: &Path, arguments: &[&str], status: i32) -> String {
    let output = lookback(arguments).current_dir(folder).output().unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
    said
}

/// A folder with the walk's files in it, as they lie in the project.
fn beginning() -> TempDir {
    let folder = TempDir::new().unwrap();
    let to = folder.path().join(WALK);
    std::fs::create_dir_all(&to).unwrap();
    for entry in std::fs::read_dir(project(WALK)).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
    folder
}

/// The commands of README's code blocks, taken apart.
fn commands() -> Vec<Vec<String>> {
    let readme = std::fs::read_to_string(project(WALK).join("README.md")).unwrap();
    let lines = readme.lines().filter_map(|line| line.strip_prefix("lookback "));
    lines
        .map(|line| {
            let parts = line.split('"').enumerate().flat_map(|(index, part)| {
                if index % 2 == 1 {
                    vec![part.to_owned()]
                } else {
                    part.split_whitespace().map(str::to_owned).collect()
                }
            });
            parts.collect()
        })
        .collect()
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let bytes = std::fs::read(path).unwrap();
    let mut reader = csv::Reader::from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    let headings = reader.headers().unwrap().clone();
    let record = |record: csv::StringRecord| {
        headings.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()
    };
    reader.records().map(|row| record(row.unwrap())).collect()
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Ids and digests in the shipped decisions are those of the rules and the list of today. After a change of either, write
/// them anew with `LOOKBACK_RENEW=1 cargo test two_quarters`, and say so in the change.
#[test]
fn the_shipped_decisions_pin_what_the_program_finds() {
    let folder = beginning();
    let export = format!("{WALK}/shipments-2025-q3.csv");
    run(folder.path(), &["audit", "-q", &export, "-o", "2025-q3"], 0);
    let template = rows(&folder.path().join("2025-q3/decisions-template.csv"));
    let path = project(WALK).join("decided-2025-q3.csv");
    let decided = rows(&path);
    assert_eq!(decided.len(), 10);
    let mut renewed = Vec::new();
    let filled = [
        "decision",
        "reason",
        "evidence",
        "reviewer",
        "decided_on",
        "expires_on",
        "approved_by",
        "minor_or_technical",
    ];
    for row in &decided {
        let mut current = template
            .iter()
            .find(|other| ["code", "document_and_line"].iter().all(|column| other[*column] == row[*column]))
            .unwrap_or_else(|| panic!("{} on {} is no longer found", row["code"], row["document_and_line"]))
            .clone();
        for column in filled {
            current.insert(column.to_owned(), row[column].clone());
        }
        renewed.push(current);
    }
    if std::env::var_os("LOOKBACK_RENEW").is_some() {
        let headings = std::fs::read_to_string(&path).unwrap().lines().next().unwrap().to_owned();
        let mut out = csv::WriterBuilder::new().from_path(&path).unwrap();
        out.write_record(headings.split(',')).unwrap();
        for row in &renewed {
            out.write_record(headings.split(',').map(|heading| &row[heading])).unwrap();
        }
        out.flush().unwrap();
        return;
    }
    for (row, current) in decided.iter().zip(&renewed) {
        for pinned in ["finding_id", "group_id", "evidence_digest", "basis_digest"] {
            assert_eq!(
                row[pinned], current[pinned],
                "{} of {} on {} is not today's: see this test",
                pinned, row["code"], row["document_and_line"]
            );
        }
    }
}

#[test]
fn the_walk_gives_what_it_says() {
    let folder = beginning();
    let at = |path: &str| folder.path().join(path);
    let commands = commands();
    assert_eq!(commands.len(), 7, "{commands:?}");
    let said: Vec<String> = commands
        .iter()
        .map(|command| run(folder.path(), &command.iter().map(String::as_str).collect::<Vec<_>>(), 0))
        .collect();

    let open = |run: &serde_json::Value, disposition: &str| {
        run["totals"]["open"][disposition]["findings"].as_u64().unwrap_or(0)
    };
    let first = json(&at("2025-q3/run.json"));
    assert_eq!((open(&first, "exception"), open(&first, "review")), (6, 7));
    let second = json(&at("2025-h2/run.json"));
    assert_eq!(
        (open(&second, "exception"), open(&second, "review"), open(&second, "note")),
        (3, 3, 1),
        "{}",
        said[1]
    );
    let outcomes: Vec<&str> = second["decisions"]["decisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|decision| decision["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(
        outcomes,
        [
            "in-force",
            "unused",
            "overtaken",
            "in-force",
            "expired",
            "in-part",
            "in-force",
            "in-force",
            "in-force",
            "not-approved"
        ]
    );
    let findings = rows(&at("2025-h2/findings.csv"));
    assert_eq!(findings.iter().filter(|row| row["status"] != "open").count(), 10);
    let status = |document: &str, code: &str| {
        findings.iter().find(|row| row["document"] == document && row["code"] == code).unwrap()["status"]
            .clone()
    };
    for (document, code, expected) in [
        ("INV71002", "LR01", "confirmed"),
        ("INV71004", "LR03", "open"),
        ("INV71007", "LR06", "open"),
        ("INV71014", "LR01", "open"),
        ("INV72003", "EL02", "false-positive"),
        ("INV72004", "EL02", "open"),
        ("INV72005", "LR09", "not-subject"),
        ("INV72007", "RF02", "false-positive"),
    ] {
        assert_eq!(status(document, code), expected, "{document} {code}");
    }
    let compared = &said[3];
    for told in ["6 new, 2 gone, 8 changed", "5  line new", "7  decision changed", "1  line gone"] {
        assert!(compared.contains(told), "{told} is missing from\n{compared}");
    }
    assert!(compared.contains("license code \"GBS\" became \"LVS\""), "{compared}");
    let mut report: Xlsx<_> = open_workbook(at("disclosure/report.xlsx")).unwrap();
    let schedule = report.worksheet_range("Disclosure schedule").unwrap();
    let of_part = |part: &str| -> BTreeSet<String> {
        let rows = schedule.rows().filter(|row| {
            let cell = row[0].to_string();
            cell == part
        });
        let cells = rows.flat_map(|row| row.iter().map(ToString::to_string));
        cells.filter(|cell| cell.starts_with("INV7")).map(|cell| cell[..8].to_owned()).collect()
    };
    assert_eq!(of_part("1"), ["INV71002", "INV71012"].map(str::to_owned).into());
    assert_eq!(of_part("2"), ["INV71004", "INV71014", "INV72002"].map(str::to_owned).into());
    let mut book: Xlsx<_> = open_workbook(at("changes.xlsx")).unwrap();
    assert_eq!(book.worksheet_range("Changes").unwrap().height(), 1 + 6 + 2 + 8);
    assert!(said[5].contains("0 new, 0 gone, 0 changed"), "{}", said[5]);
    assert!(said[6].contains("UNTOUCHED") && said[6].contains("REPRODUCIBLE: "), "{}", said[6]);

    let second = ["audit", "-q", "--fail-on", "exception", "-o", "again"];
    let export = format!("{WALK}/EXPORT 2025 H2.csv");
    run(folder.path(), &[&second[..], &[&export]].concat(), 1);
}

#[test]
fn what_was_touched_is_told() {
    let folder = beginning();
    let export = format!("{WALK}/shipments-2025-q3.csv");
    run(folder.path(), &["audit", "-q", &export, "-o", "out", "--from", "2025-07-05"], 0);
    let said = run(folder.path(), &["verify", "out"], 0);
    assert!(said.contains("the same bytes in every file"), "{said}");

    // A reviewer's template is made to be changed.
    std::fs::write(folder.path().join("out/decisions-template.csv"), "decided").unwrap();
    run(folder.path(), &["verify", "out", "--digests-only"], 0);

    let record = folder.path().join("out/run.json");
    let honest = std::fs::read_to_string(&record).unwrap();
    std::fs::write(&record, honest.replace("\"audited\": 16", "\"audited\": 17")).unwrap();
    let said = run(folder.path(), &["verify", "out"], 1);
    assert!(said.contains("run.json differs in") && said.contains("rows.audited"), "{said}");
    std::fs::write(&record, &honest).unwrap();

    let findings = folder.path().join("out/findings.csv");
    let text = std::fs::read_to_string(&findings).unwrap();
    std::fs::write(&findings, text.replace("exception", "note")).unwrap();
    let said = run(folder.path(), &["verify", "out"], 1);
    assert!(said.contains("findings.csv was changed") && said.contains("CHANGED: "), "{said}");
    assert!(said.contains("as they were first written, before they were changed"), "{said}");
    std::fs::write(&findings, text).unwrap();

    std::fs::write(folder.path().join(&export), "Invoice,Item\n1,2\n").unwrap();
    let said = run(folder.path(), &["verify", "out"], 1);
    assert!(said.contains("is not what was audited") && said.contains("UNTOUCHED"), "{said}");
    let said = run(folder.path(), &["verify", "samples"], 2);
    assert!(said.contains("no run.json"), "{said}");
}

/// The texts of the parts of a workbook whose name holds this.
fn parts(workbook: &Path, named: &str) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(workbook).unwrap()).unwrap();
    let mut texts = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        if part.name().unwrap().contains(named) {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut part, &mut text).unwrap();
            texts.push(text);
        }
    }
    texts
}

#[test]
fn workbooks_are_laid_out_for_screen_print_and_decisions() {
    let folder = beginning();
    let export = format!("{WALK}/shipments-2025-q3.csv");
    run(folder.path(), &["audit", "-q", &export, "-o", "out"], 0);
    let report = folder.path().join("out/report.xlsx");
    let sheets = parts(&report, "worksheets/sheet");
    assert!(sheets.len() >= 10, "{}", sheets.len());
    let with = |sign: &str| sheets.iter().filter(|sheet| sheet.contains(sign)).count();
    // Every sheet prints on pages as wide as a page; those with rows keep their headings in sight and on each page.
    assert_eq!(with("fitToPage=\"1\""), sheets.len());
    assert!(
        with("state=\"frozen\"") >= 7 && with("<autoFilter") >= 6,
        "{} {}",
        with("state=\"frozen\""),
        with("<autoFilter")
    );
    let names = parts(&report, "xl/workbook.xml").concat();
    assert!(names.matches("_xlnm.Print_Titles").count() >= 7, "{names}");
    // What a color says stands in words beside it, and dates and amounts are numbers with a format.
    assert!(with("<conditionalFormatting") >= 1);
    let styles = parts(&report, "xl/styles.xml").concat();
    assert!(styles.contains("yyyy\\-mm\\-dd") || styles.contains("yyyy-mm-dd"), "{styles}");

    let template = folder.path().join("out/decisions-template.xlsx");
    let validated = parts(&template, "worksheets/sheet");
    assert!(
        validated.iter().any(|sheet| sheet.contains("type=\"list\"") && sheet.contains("false-positive"))
    );
}

/// A copy of a folder of the project's data below this folder, with texts replaced, and digests to match.
fn edited(folder: &Path, data: &str, name: &str, edits: &[(&str, &str, &str)]) {
    let to = folder.join(name);
    for file in files_below(&project(data), &["csv", "toml"]) {
        let place = to.join(file.strip_prefix(project(data)).unwrap());
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::copy(&file, place).unwrap();
    }
    for (file, was, is) in edits {
        let path = to.join(file);
        let digest = || lookback::ingest::sha256_of(&path, file).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(was), "{file} no longer holds {was}");
        let before = digest();
        std::fs::write(&path, text.replace(was, is)).unwrap();
        let snapshot = to.join("snapshot.toml");
        if snapshot.exists() {
            let pinned = std::fs::read_to_string(&snapshot).unwrap();
            std::fs::write(&snapshot, pinned.replace(&before, &digest())).unwrap();
        }
    }
}

#[test]
fn another_list_is_told_as_the_cause() {
    let folder = beginning();
    let export = format!("{WALK}/shipments-2025-q3.csv");
    run(folder.path(), &["audit", "-q", &export, "-o", "out"], 0);
    let renamed = [("entities.csv", ",Global Traders,", ",Gandhara Fountain Works,")];
    edited(folder.path(), "data/entity_list", "list", &renamed);
    let said = run(folder.path(), &["compare", "out", "--entity-list", "list"], 0);
    assert!(said.contains("0 new, 3 gone, 0 changed") && said.contains("3  list changed"), "{said}");
    let csv = run(folder.path(), &["compare", "out", "--entity-list", "list", "--format", "csv"], 0);
    assert!(csv.lines().skip(1).all(|line| line.starts_with("gone,list changed,")), "{csv}");

    let moved = [(
        "entities.csv",
        ",presumption-of-denial,,2025-03-28,,,,,,,high,,",
        ",presumption-of-denial,,2025-03-26,,,,,,,high,,",
    )];
    edited(folder.path(), "data/entity_list", "moved", &moved);
    let said = run(folder.path(), &["compare", "out", "--entity-list", "moved", "--keep", "kept"], 0);
    assert!(said.contains("in force from \"2025-03-28\" became \"2025-03-26\""), "{said}");
    assert!(said.contains("0 gone, 3 changed") && said.contains("3  list changed"), "{said}");
    run(folder.path(), &["compare", "out", "kept"], 0);
}

#[test]
fn other_rules_are_told_as_the_cause() {
    let folder = beginning();
    let export = format!("{WALK}/shipments-2025-q3.csv");
    run(folder.path(), &["audit", "-q", &export, "-o", "out"], 0);
    let later =
        [("rules/pk-rs-2024.toml", "effective = { from = 2024-12-26 }", "effective = { from = 2025-08-01 }")];
    edited(folder.path(), "data", "law", &later);
    let said = run(folder.path(), &["compare", "out", "--rules", "law"], 0);
    assert!(said.contains("rule data changed") && said.contains("gone"), "{said}");
    assert!(!said.contains("list changed") && !said.contains("line changed"), "{said}");
}
