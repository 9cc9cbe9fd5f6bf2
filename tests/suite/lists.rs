//! `lookback lists`: an official download of 26,000 rows imported, the change between two downloads, an entry's history.
//!
//! The download is made from the list in the program, in the columns of the Consolidated Screening List.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use calamine::{Reader as _, Xlsx, open_workbook};
use lookback::places::{CountryReading, Places};
use tempfile::TempDir;

use super::program::{Audit, lookback, project};

pub(super) const HEADINGS: [&str; 29] = [
    "_id",
    "source",
    "entity_number",
    "type",
    "programs",
    "name",
    "title",
    "addresses",
    "federal_register_notice",
    "start_date",
    "end_date",
    "standard_order",
    "license_requirement",
    "license_policy",
    "call_sign",
    "vessel_type",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_flag",
    "vessel_owner",
    "remarks",
    "source_list_url",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "source_information_url",
    "ids",
];

pub(super) const ENTITY_LIST: &str = "Entity List (EL) - Bureau of Industry and Security";

/// A row of the download: what its cells hold, by heading.
pub(super) type Row = BTreeMap<&'static str, String>;

pub(super) fn row(source: &str, name: &str) -> Row {
    Row::from([("source", source.to_owned()), ("name", name.to_owned())])
}

fn table(name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(project("data/entity_list").join(name)).unwrap();
    let headings = reader.headers().unwrap().clone();
    let of = |record: csv::StringRecord| {
        headings.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()
    };
    reader.records().map(|record| of(record.unwrap())).collect()
}

/// The entries that stand on the list, by id, each as the download prints it.
pub(super) fn entity_rows() -> Vec<(String, Row)> {
    let places = Places::embedded().unwrap();
    let mut joined: BTreeMap<String, [Vec<String>; 3]> = BTreeMap::new();
    let mut join = |table: Vec<BTreeMap<String, String>>,
                    at: usize,
                    text: &dyn Fn(&BTreeMap<String, String>) -> Option<String>| {
        for row in &table {
            if let Some(text) = text(row) {
                joined.entry(row["id"].clone()).or_default()[at].push(text);
            }
        }
    };
    join(table("aliases.csv"), 0, &|row| {
        matches!(row["kind"].as_str(), "aka" | "fka").then(|| row["alias"].clone())
    });
    join(table("addresses.csv"), 1, &|row| {
        let (text, code) = (&row["address"], &row["country"]);
        let ends_in_country =
            |(_, last): &(&str, &str)| matches!(places.country(last.trim()), CountryReading::Known(_));
        let text = text.rsplit_once(',').filter(ends_in_country).map_or(text.as_str(), |(before, _)| before);
        Some(format!("{text}, {code}"))
    });
    join(table("citations.csv"), 2, &|row| Some(row["citation"].clone()));
    let mut rows = Vec::new();
    for entity in table("entities.csv") {
        if !entity["delisted_by"].is_empty() || !entity["parent_id"].is_empty() {
            continue;
        }
        let requirement = match entity["requirement"].as_str() {
            "all-items" => "For all items subject to the EAR. (See §744.11 of the EAR).",
            "crimea-projects" => {
                "For all items subject to the EAR when used in projects specified in § 746.8(a)(4) of the EAR"
            }
            "ccl-and-746-supp7" => {
                "For items on the CCL and EAR99 items listed in supplement no. 7 to part 746 of the EAR."
            }
            "all-items-with-exclusions" => "All items subject to the EAR except for: crude oil",
            _ => "",
        };
        let open = if entity["exception_open"].is_empty() {
            ""
        } else {
            " This license requirement may be overcome by License Exception GOV under § 740.11(b)(2) and (e)."
        };
        let policy = match entity["review_policy"].as_str() {
            "presumption-of-denial" => "Presumption of denial",
            "policy-of-denial" => "Policy of denial.",
            "policy-of-denial+case-by-case-food-medicine-ear99" => {
                "Policy of denial for all items subject to the EAR apart from food and medicine designated as EAR99, which will be reviewed on a case-by-case basis."
            }
            "per-cited-section" => "See §744.2(d) of this part",
            "case-by-case" => "Case-by-case basis",
            _ => "",
        };
        let [aliases, addresses, citations] = joined.remove(&entity["id"]).unwrap_or_default();
        let mut row = row(ENTITY_LIST, &entity["name"]);
        row.insert("start_date", entity["listed_from"].clone());
        row.insert("license_requirement", format!("{requirement}{open}"));
        row.insert("license_policy", policy.to_owned());
        row.insert("alt_names", aliases.join("; "));
        row.insert("addresses", addresses.join("; "));
        row.insert("federal_register_notice", citations.join("; "));
        rows.push((entity["id"].clone(), row));
    }
    rows
}

/// Rows of the other lists, as many as make the download one of `total` rows.
fn other_rows(total: usize) -> Vec<Row> {
    let sources = [
        ("Denied Persons List (DPL) - Bureau of Industry and Security", 1_596),
        ("Unverified List (UVL) - Bureau of Industry and Security", 222),
        ("Military End User (MEU) List - Bureau of Industry and Security", 70),
        ("ITAR Debarred (DTC) - State Department", 787),
        ("Specially Designated Nationals (SDN) - Treasury Department", usize::MAX),
    ];
    let each = sources.into_iter().flat_map(|(source, rows)| (0..rows).map(move |n| (source, n)));
    let made = each.map(|(source, n)| {
        let mut row = row(source, &format!("{} {n:05} Trading House", &source[..6]));
        row.insert("addresses", format!("Street {n}, Dubai, AE"));
        if source.contains("SDN") {
            row.insert("entity_number", format!("{}", 10_000 + n));
            row.insert("programs", if n % 3 == 0 { "CUBA" } else { "SDGT; IFSR" }.to_owned());
        }
        row
    });
    made.take(total).collect()
}

pub(super) fn written(folder: &TempDir, name: &str, rows: impl Iterator<Item = Row>) -> PathBuf {
    let path = folder.path().join(name);
    let mut writer = csv::Writer::from_path(&path).unwrap();
    writer.write_record(HEADINGS).unwrap();
    for (n, mut row) in rows.enumerate() {
        row.insert("_id", format!("{n:08x}"));
        writer.write_record(HEADINGS.map(|heading| row.get(heading).map_or("", String::as_str))).unwrap();
    }
    writer.flush().unwrap();
    path
}

/// The rows of `import.csv`: change, id, what, after.
pub(super) fn changes(folder: &Path) -> Vec<[String; 4]> {
    let mut reader = csv::Reader::from_path(folder.join("import.csv")).unwrap();
    let cells = |record: csv::StringRecord| [1, 2, 4, 6].map(|at| record[at].to_owned());
    reader.records().map(|record| cells(record.unwrap())).collect()
}

pub(super) fn import(file: &Path, as_of: &str, out: &Path, further: &[&str]) -> (i32, String) {
    let output = lookback(&["lists", "import"])
        .arg(file)
        .args(["--as-of", as_of, "-o"])
        .arg(out)
        .args(further)
        .output()
        .unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap_or(-1), said)
}

/// Fifty changes, each with the line the import must report.
fn changed(rows: &mut Vec<(String, Row)>) -> Vec<[String; 4]> {
    let mut expected = Vec::new();
    // Far apart in the list, and none of them an entry that others share their name with.
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for (_, row) in rows.iter() {
        *names.entry(row["name"].to_lowercase()).or_default() += 1;
    }
    let alone = |row: &Row| {
        names[&row["name"].to_lowercase()] == 1
            && !row["addresses"].is_empty()
            && !row["name"].starts_with("Address")
    };
    let picks: Vec<usize> = (0..rows.len()).filter(|at| alone(&rows[*at].1)).step_by(53).take(42).collect();
    assert_eq!(picks.len(), 42);
    let mut tell = |kind: &str, id: &str, what: &str, after: &str| {
        expected.push([kind, id, what, after].map(str::to_owned));
    };
    for (number, at) in picks.iter().enumerate() {
        let (id, row) = &mut rows[*at];
        match number / 6 {
            0 => {
                let old = row["name"].clone();
                let new = format!("{old} Renamed Works");
                let aliases = format!("{old}; {}", row["alt_names"]);
                row.insert("alt_names", aliases);
                row.insert("name", new.clone());
                tell("changed", id, "name", &new);
            }
            1 => {
                let aliases = format!("{}; Quincunx Sample {number}", row["alt_names"]);
                row.insert("alt_names", aliases);
                tell("changed", id, "alias", &format!("Quincunx Sample {number}"));
            }
            2 => {
                let country = row["addresses"].rsplit(", ").next().unwrap().to_owned();
                let added = format!("{number} Quincunx Road, {country}");
                let addresses = format!("{}; {added}", row["addresses"]);
                row.insert("addresses", addresses);
                tell("changed", id, "address", &added);
            }
            3 => {
                let notices = format!("{}; 91 FR {}", row["federal_register_notice"], 60_000 + number);
                row.insert("federal_register_notice", notices);
                tell("changed", id, "citation", &format!("91 FR {}", 60_000 + number));
            }
            4 => {
                let is = row["license_policy"].starts_with("Case-by-case");
                let (text, code) = if is {
                    ("Presumption of denial", "presumption-of-denial")
                } else {
                    ("Case-by-case review.", "case-by-case")
                };
                row.insert("license_policy", text.to_owned());
                tell("changed", id, "license review policy", code);
            }
            5 => {
                let is = row["license_requirement"].contains("supplement no. 7");
                let (text, code) = if is {
                    ("For all items subject to the EAR", "all-items")
                } else {
                    (
                        "For items on the CCL and listed in supplement no. 7 to part 746 of the EAR",
                        "ccl-and-746-supp7",
                    )
                };
                row.insert("license_requirement", text.to_owned());
                tell("changed", id, "license requirement", code);
            }
            _ => {
                row.clear();
                tell("vanished", id, "entry", "on the list of 2026-08-01, no longer on that of 2026-09-01");
            }
        }
    }
    rows.retain(|(_, row)| !row.is_empty());
    for number in 0..8 {
        let mut row = row(ENTITY_LIST, &format!("Quincunx Dynamics {number} (Pvt.) Ltd."));
        row.insert("addresses", format!("{number} Mall Road, Lahore, PK"));
        row.insert("federal_register_notice", "91 FR 61000".to_owned());
        row.insert("license_requirement", "For all items subject to the EAR".to_owned());
        row.insert("license_policy", "Presumption of denial".to_owned());
        // Where the download has no day of listing, the two downloads are its bounds.
        let dated = number % 2 == 0;
        row.insert("start_date", if dated { "2026-08-20" } else { "" }.to_owned());
        let since = if dated { "listed 2026-08-20" } else { "on the list of 2026-09-01" };
        tell("new", &format!("el-pk-quincunx-dynamics-{number}-pvt-ltd"), "entry", since);
        rows.push((String::new(), row));
    }
    expected.sort();
    expected
}

/// A download of 26,000 rows with and without the changes.
fn downloads(folder: &TempDir) -> (PathBuf, PathBuf, Vec<[String; 4]>) {
    let mut rows = entity_rows();
    let others = other_rows(26_000 - rows.len());
    let of = |rows: &[(String, Row)]| rows.iter().map(|(_, row)| row.clone()).collect::<Vec<_>>();
    let first = written(folder, "august.csv", of(&rows).into_iter().chain(others.clone()));
    let expected = changed(&mut rows);
    let second = written(folder, "september.csv", of(&rows).into_iter().chain(others));
    (first, second, expected)
}

#[test]
fn a_download_of_26_000_rows_reports_its_fifty_changes_and_no_other() {
    let folder = TempDir::new().unwrap();
    let (august, september, expected) = downloads(&folder);
    assert_eq!(expected.len(), 50);
    let (first, second) = (folder.path().join("lists-august"), folder.path().join("lists-september"));

    let (status, said) = import(&august, "2026-08-01", &first, &[]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("26,000 rows"), "{said}");
    assert_eq!(changes(&first), Vec::<[String; 4]>::new(), "{said}");

    let base = first.display().to_string();
    let (status, said) = import(&september, "2026-09-01", &second, &["--entity-list", &base]);
    assert_eq!(status, 0, "{said}");
    let mut found = changes(&second);
    found.sort();
    assert_eq!(found, expected, "{said}");

    // What the two lists differ in is what was reported.
    let output = lookback(&["lists", "diff"]).arg(&first).arg(&second).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.ends_with("8 new entries, 6 taken off the list, 36 changed.\n"), "{told}");

    // An audit by the new list finds the new entries, and the vanished ones between the bounds of their removal.
    let vanished = expected.iter().find(|line| line[0] == "vanished").unwrap();
    let vanished = entity_rows().into_iter().find(|(id, _)| *id == vanished[1]).unwrap().1;
    let country = vanished["addresses"].rsplit(", ").next().unwrap().to_owned();
    let mut lines = "Document Number,Line,Date of Export,Ship From Country,Ultimate Consignee,Ultimate Consignee Country,\
                     Country of Ultimate Destination,ECCN,License Code,License Number\n"
        .to_owned();
    let mut line = |document: &str, day: &str, name: &str, country: &str| {
        let _ = writeln!(lines, "{document},1,{day},US,\"{name}\",{country},{country},EAR99,NLR,");
    };
    line("N1", "2026-08-25", "Quincunx Dynamics 0 (Pvt.) Ltd.", "PK");
    line("N2", "2026-08-25", "Quincunx Dynamics 1 (Pvt.) Ltd.", "PK");
    line("V1", "2026-07-20", &vanished["name"], &country);
    line("V2", "2026-08-15", &vanished["name"], &country);
    line("V3", "2026-09-01", &vanished["name"], &country);
    let input = folder.path().join("lines.csv");
    std::fs::write(&input, lines).unwrap();
    let audit = Audit::finished(&[&input], &["--entity-list", &second.display().to_string()]);
    let found: Vec<String> = audit
        .rows("findings.csv")
        .iter()
        .filter(|row| row["code"].starts_with("EL") && row["code"] != "EL10" && row["code"] != "EL02")
        .map(|row| format!("{} {}", row["document"], row["code"]))
        .collect();
    assert_eq!(found, ["N1 EL01", "N2 EL07", "V1 EL01", "V2 EL07"]);
    assert_eq!(audit.run()["list"]["as_of"], "2026-09-01");
}

/// The texts of a sheet of the workbook.
fn cells(audit: &Audit, sheet: &str) -> Vec<String> {
    let mut book: Xlsx<_> = open_workbook(audit.folder().join("report.xlsx")).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    range.cells().map(|(_, _, cell)| cell.to_string()).collect()
}

/// The same rows as the download's JSON has them.
fn as_json(folder: &TempDir, csv: &Path) -> PathBuf {
    let places = Places::embedded().unwrap();
    let mut reader = csv::Reader::from_path(csv).unwrap();
    let headings = reader.headers().unwrap().clone();
    let results: Vec<serde_json::Value> = reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            let mut row = serde_json::Map::new();
            for (heading, cell) in headings.iter().zip(&record) {
                let parts = || cell.split("; ").filter(|part| !part.is_empty());
                let value = match heading {
                    "alt_names" | "programs" => parts().map(str::to_owned).collect(),
                    // The JSON has the country of an address in a field of its own.
                    "addresses" => parts()
                        .map(|part| match part.rsplit_once(", ") {
                            Some((text, code)) if places.country(code) != CountryReading::Unknown => {
                                serde_json::json!({"address": text, "country": code})
                            }
                            _ => serde_json::json!({"address": part}),
                        })
                        .collect(),
                    _ if cell.is_empty() => serde_json::Value::Null,
                    _ => cell.into(),
                };
                row.insert(heading.to_owned(), value);
            }
            serde_json::Value::Object(row)
        })
        .collect();
    let path = folder.path().join(csv.with_extension("json").file_name().unwrap());
    std::fs::write(&path, serde_json::json!({ "results": results }).to_string()).unwrap();
    path
}

#[test]
fn the_json_of_a_download_gives_the_same_list_as_its_csv() {
    let folder = TempDir::new().unwrap();
    let mut rows = entity_rows();
    changed(&mut rows);
    let csv =
        written(&folder, "september.csv", rows.into_iter().map(|(_, row)| row).chain(other_rows(2_000)));
    let json = as_json(&folder, &csv);
    let [from_csv, from_json] = ["from-csv", "from-json"].map(|name| folder.path().join(name));
    for (file, out) in [(&csv, &from_csv), (&json, &from_json)] {
        let (status, said) = import(file, "2026-09-01", out, &[]);
        assert_eq!(status, 0, "{said}");
    }
    assert_eq!(changes(&from_csv).len(), 50);
    let bytes = |folder: &Path, name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    for name in ["entities.csv", "aliases.csv", "addresses.csv", "citations.csv", "history.csv", "import.csv"]
    {
        assert_eq!(bytes(&from_csv, name), bytes(&from_json, name), "{name}");
    }
    let lines = folder.path().join("lines.csv");
    std::fs::write(
        &lines,
        format!("{HEADER}N1,1,2026-09-02,US,Quincunx Dynamics 0 (Pvt.) Ltd.,PK,PK,EAR99,NLR,\n"),
    )
    .unwrap();
    let audit = Audit::finished(&[&lines], &["--entity-list", &from_json.display().to_string()]);
    assert!(audit.rows("findings.csv").iter().any(|row| row["code"] == "EL01"));
    let made_from = cells(&audit, "Method");
    assert!(made_from.iter().any(|cell| cell.contains("september.json of 2026-09-01")), "{made_from:?}");
}

#[test]
fn a_changed_requirement_holds_from_its_change_on_and_not_before() {
    let folder = TempDir::new().unwrap();
    let mut rows: Vec<Row> = entity_rows().into_iter().map(|(_, row)| row).collect();
    let qertas = rows.iter_mut().find(|row| row["name"] == "Al-Qertas").unwrap();
    assert!(qertas["license_requirement"].starts_with("For all items"));
    qertas.insert(
        "license_requirement",
        "For items on the CCL and listed in supplement no. 7 to part 746 of the EAR. License Exception GOV under § 740.11(b)(2)"
            .to_owned(),
    );
    qertas.insert("license_policy", "Case-by-case review.".to_owned());
    let addresses =
        format!("{}; Plot 77, Quincunx Industrial Estate, Ferozepur Road, Lahore, PK", qertas["addresses"]);
    qertas.insert("addresses", addresses);
    let out = folder.path().join("lists");
    let (status, said) = import(&written(&folder, "one.csv", rows.into_iter()), "2026-08-01", &out, &[]);
    assert_eq!(status, 0, "{said}");

    let lines = folder.path().join("lines.csv");
    let mut text = HEADER.to_owned();
    for (document, day) in
        [("A", "2026-07-09"), ("B", "2026-07-10"), ("C", "2026-07-31"), ("D", "2026-08-01")]
    {
        let _ = writeln!(text, "{document},1,{day},US,Al-Qertas,PK,PK,EAR99,GOV,");
    }
    std::fs::write(&lines, text).unwrap();
    let audit = Audit::finished(&[&lines], &["--entity-list", &out.display().to_string()]);
    let findings = audit.rows("findings.csv");
    let of = |document: &str, code: &str| {
        findings.iter().find(|row| row["document"] == document && row["code"] == code)
    };
    let all = "requires a license for all items subject to the EAR";
    let ccl = "requires a license for items on the Commerce Control List";
    for (document, disposition, says, silent_of, change) in [
        (
            "A",
            "exception",
            vec![all],
            vec![ccl],
            "before a change that was first seen on the list of 2026-08-01",
        ),
        (
            "B",
            "review",
            vec![all, ccl],
            vec![],
            "changed after 2026-07-09 and by 2026-08-01, on a day that is not known",
        ),
        (
            "C",
            "review",
            vec![all, ccl],
            vec![],
            "changed after 2026-07-09 and by 2026-08-01, on a day that is not known",
        ),
        ("D", "review", vec![ccl], vec![all], ""),
    ] {
        let listed = of(document, "EL01").unwrap();
        assert_eq!(listed["disposition"], disposition, "{document}");
        let told = &listed["explanation"];
        assert!(says.iter().all(|words| told.contains(words)), "{document}: {told}");
        assert!(!silent_of.iter().any(|words| told.contains(words)), "{document}: {told}");
        assert!(told.contains(change), "{document}: {told}");
    }
    // The entry opens the exception only since.
    assert_eq!(of("A", "EL06").unwrap()["disposition"], "exception");
    assert_eq!(of("C", "EL06").unwrap()["disposition"], "review");
    assert!(of("D", "EL06").is_none());

    let show = |on: &str| {
        let output = lookback(&["lists", "show", "Al-Qertas", "--on", on, "--entity-list"])
            .arg(&out)
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let (before, since) = (show("2026-07-09"), show("2026-08-01"));
    assert!(
        before.contains("all items subject to the EAR; license review: presumption of denial"),
        "{before}"
    );
    assert!(since.contains("license exception open: GOV; license review: case by case"), "{since}");
    assert!(since.contains("license review policy: presumption of denial became case by case"), "{since}");

    // At an address that came later only a person can say whether it stood there before.
    let mut text = "Document Number,Line,Date of Export,Ship From Country,Ultimate Consignee,Ultimate Consignee Address,\
                    Ultimate Consignee Country,Country of Ultimate Destination,ECCN,License Code\n"
        .to_owned();
    for (document, day) in [("E", "2026-07-31"), ("F", "2026-08-01")] {
        let _ = writeln!(
            text,
            "{document},1,{day},US,Umbra Looms,\"Plot 77, Quincunx Industrial Estate, Ferozepur Road, Lahore\",PK,PK,EAR99,NLR"
        );
    }
    std::fs::write(&lines, text).unwrap();
    let audit = Audit::finished(&[&lines], &["--entity-list", &out.display().to_string()]);
    let asks: Vec<bool> = audit
        .rows("findings.csv")
        .iter()
        .filter(|row| row["code"] == "EL03")
        .map(|row| row["to_verify"].contains("first seen on the list of 2026-08-01, after the export"))
        .collect();
    assert_eq!(asks, [true, false]);
}

pub(super) const HEADER: &str = "Document Number,Line,Date of Export,Ship From Country,Ultimate Consignee,Ultimate Consignee Country,\
                      Country of Ultimate Destination,ECCN,License Code,License Number\n";

#[test]
fn an_entry_tells_its_whole_history() {
    let folder = TempDir::new().unwrap();
    let rows = entity_rows();
    let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    let qertas = rows.iter_mut().find(|row| row["name"] == "Al-Qertas").unwrap();
    let aliases = format!("{}; Qertas Sample Works", qertas["alt_names"]);
    qertas.insert("alt_names", aliases);
    let out = folder.path().join("lists");
    let (status, said) = import(&written(&folder, "one.csv", rows.into_iter()), "2026-08-01", &out, &[]);
    assert_eq!(status, 0, "{said}");
    let show = |arguments: &[&str]| {
        let output =
            lookback(&["lists", "show"]).args(arguments).arg("--entity-list").arg(&out).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let told = show(&["Al-Qertas", "--on", "2021-11-25"]);
    for words in [
        "On 2021-11-25: not listed until 2021-11-26",
        "2021-11-26  listing published",
        "2026-08-01  seen (not so on 2026-07-09): alias added: Qertas Sample Works",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(
        show(&["--country", "PK", "--on", "2024-11-25"]).contains("163 entries"),
        "{}",
        show(&["--country", "PK", "--on", "2024-11-25"])
    );

    // Who matches by the new alias and shipped before it was there is a review that says so.
    let lines = folder.path().join("lines.csv");
    std::fs::write(
        &lines,
        "Document Number,Line,Date of Export,Ship From Country,Ultimate Consignee,Ultimate Consignee Country,\
         Country of Ultimate Destination,ECCN,License Code,License Number\n\
         A1,1,2026-07-01,US,Qertas Sample Works,PK,PK,EAR99,NLR,\n\
         A2,1,2026-08-01,US,Qertas Sample Works,PK,PK,EAR99,NLR,\n",
    )
    .unwrap();
    let audit = Audit::finished(&[&lines], &["--entity-list", &out.display().to_string()]);
    let found: Vec<String> = audit
        .rows("findings.csv")
        .iter()
        .filter(|row| row["code"] == "EL01")
        .map(|row| format!("{} {}", row["document"], row["disposition"]))
        .collect();
    assert_eq!(found, ["A1 review", "A2 exception"]);
}

#[test]
fn what_is_ambiguous_is_asked_and_answered_and_nothing_is_lost() {
    let folder = TempDir::new().unwrap();
    let rename = |name: &str| -> Vec<Row> {
        let mut rows: Vec<Row> = entity_rows().into_iter().map(|(_, row)| row).collect();
        let row = rows.iter_mut().find(|row| row["name"] == "Al-Qertas").unwrap();
        row.insert("name", name.to_owned());
        rows
    };
    // Another name, and everything else as it was: only a person knows whether it is the same party.
    let file = written(&folder, "one.csv", rename("Quincunx Looms").into_iter());
    let out = folder.path().join("asked");
    let (status, said) = import(&file, "2026-08-01", &out, &[]);
    assert_eq!(status, 3, "{said}");
    assert!(said.contains("1 question is open"), "{said}");
    let questions = std::fs::read_to_string(out.join("questions.csv")).unwrap();
    assert!(questions.contains("Quincunx Looms,el-pk-al-qertas,Al-Qertas,"), "{questions}");
    // Until then both are kept.
    assert_eq!(changes(&out).iter().map(|line| line[0].as_str()).collect::<Vec<_>>(), ["new"]);

    for (answer, changed) in [
        ("same", "changed el-pk-al-qertas name"),
        ("different", "new el-pk-quincunx-looms entry;vanished el-pk-al-qertas entry"),
    ] {
        let answers = folder.path().join(format!("{answer}.csv"));
        let filled: Vec<String> = questions
            .lines()
            .map(|line| if line.starts_with("el,") { format!("{line}{answer}") } else { line.to_owned() })
            .collect();
        std::fs::write(&answers, filled.join("\n")).unwrap();
        let out = folder.path().join(answer);
        let (status, said) =
            import(&file, "2026-08-01", &out, &["--answers", &answers.display().to_string()]);
        assert_eq!(status, 0, "{said}");
        let found: Vec<String> = changes(&out).iter().map(|line| line[..3].join(" ")).collect();
        assert_eq!(found.join(";"), changed);
    }
}

#[test]
fn what_is_no_whole_download_is_refused_and_nothing_is_written() {
    let folder = TempDir::new().unwrap();
    let rows: Vec<Row> = entity_rows().into_iter().map(|(_, row)| row).collect();
    let half = written(&folder, "half.csv", rows.iter().take(rows.len() / 2).cloned());
    let whole = written(&folder, "whole.csv", rows.into_iter());
    let none = folder.path().join("none.csv");
    std::fs::write(&none, "a,b\n1,2\n").unwrap();
    let out = folder.path().join("out");
    for (file, as_of, why) in [
        (&half, "2026-08-01", "it is cut off or filtered"),
        (&whole, "2026-07-09", "it must be later"),
        (&none, "2026-08-01", "has no column source"),
        (&folder.path().join("missing.csv"), "2026-08-01", "missing.csv could not be read"),
    ] {
        let (status, said) = import(file, as_of, &out, &[]);
        assert_eq!(status, 2, "{said}");
        assert!(said.contains(why), "{why}: {said}");
        assert!(!out.exists());
    }
    assert_eq!(import(&whole, "2026-08-01", &out, &[]).0, 0);
    let (status, said) = import(&whole, "2026-08-02", &out, &[]);
    assert!(status == 2 && said.contains("is there already"), "{said}");
}

#[test]
fn a_list_older_than_the_lines_is_warned_of_after_ninety_days() {
    let folder = TempDir::new().unwrap();
    let input = folder.path().join("lines.csv");
    // The list in the program answers to 2026-07-09.
    for (day, words) in [
        ("2026-10-07", "Lines run to 2026-10-07; the Entity List used answers to 2026-07-09 only."),
        (
            "2026-10-08",
            "Lines run to 2026-10-08, 91 days after 2026-07-09, the last day for which the Entity List used answers",
        ),
    ] {
        std::fs::write(
            &input,
            format!("Document Number,Date of Export,Ultimate Consignee,Country of Ultimate Destination,ECCN\nA1,{day},Nordlicht Messtechnik GmbH,DE,EAR99\n"),
        )
        .unwrap();
        let audit = Audit::finished(&[&input], &[]);
        let run = audit.run();
        let is_old = day == "2026-10-08";
        let method: Vec<String> = cells(&audit, "Method");
        assert_eq!(method.iter().any(|cell| cell == "Old"), is_old, "{day}");
        let says = |texts: &[String]| texts.iter().any(|text| text.contains(words));
        assert_eq!(says(&method), is_old, "{day}");
        assert!(says(&cells(&audit, "Summary")), "{day}");
        let page = std::fs::read_to_string(audit.folder().join("report.html")).unwrap();
        assert!(says(&[page]), "{day}");
        let warnings: Vec<&str> =
            run["warnings"].as_array().unwrap().iter().map(|told| told.as_str().unwrap()).collect();
        assert!(warnings[0].starts_with(words), "{warnings:?}");
        assert_eq!(run["list"]["too_old"].as_str().unwrap().is_empty(), day == "2026-10-07");
    }
}

#[test]
#[ignore = "writes a download of 26,000 rows into the folder LOOKBACK_DOWNLOADS, to measure with"]
fn writes_downloads_to_measure_with() {
    let folder = TempDir::new().unwrap();
    let (august, september, _) = downloads(&folder);
    let target = PathBuf::from(std::env::var("LOOKBACK_DOWNLOADS").unwrap());
    for file in [august, september] {
        std::fs::copy(&file, target.join(file.file_name().unwrap())).unwrap();
    }
}
