//! The Disclosure schedule and the abbreviated list, from an export to the sheets a person files.

use std::collections::BTreeMap;

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use tempfile::TempDir;

use super::program::Audit;

const EXPORT: &str = "\
Invoice,Line,Date of Export,Ship From Country,Country of Ultimate Destination,Exporter,Ultimate Consignee,Ultimate Consignee Address,ECCN,Schedule B,Item,Description,Qty,UOM,Value,Currency,License Code,License Number,ITN,Port of Export,Mode of Transport
A1,1,2025-02-03,US,PK,Lake Instruments Inc,Ravi Meadow Dairies,8 Ferozepur Lane Lahore,3A992.a,9030.31.0000,DMM-6,Bench multimeter,2,EA,1000.00,EUR,NLR,,X20250203000001,Norfolk,Vessel
A1,2,2025-02-03,US,PK,Lake Instruments Inc,Ravi Meadow Dairies,8 Ferozepur Lane Lahore,3A992.a,9030.31.0000,DMM-6,Bench multimeter,1,EA,500.00,EUR,GBS,,X20250203000001,Norfolk,Vessel
A2,1,2025-05-06,US,PK,Lake Instruments Inc,Ravi Meadow Dairies,8 Ferozepur Lane Lahore,3A992.a,9030.31.0000,DMM-6,Bench multimeter,1,EA,500.00,EUR,GBS,,,,
A3,1,2025-06-06,US,PK,Lake Instruments Inc,Margalla Eye Hospital,,3A992.a,9030.31.0000,DMM-6,Bench multimeter,-1,EA,-500.00,USD,NLR,,,,
A4,1,2019-06-06,US,PK,Lake Instruments Inc,Global Traders,,EAR99,,G1,Gloves,1,EA,20.00,USD,NLR,,,,
";

type Rows = Vec<BTreeMap<String, Data>>;

/// The rows of a sheet below its headings, by heading; sentences and sums among them.
fn rows(
    book: &mut Xlsx<std::io::BufReader<std::fs::File>>,
    sheet: &str,
    first_heading: &str,
) -> (String, Rows) {
    let range = book.worksheet_range(sheet).unwrap();
    let all: Vec<Vec<Data>> = range.rows().map(<[Data]>::to_vec).collect();
    let top = all.iter().position(|row| row[0] == *first_heading).unwrap();
    let above = all[..top].iter().map(|row| row[0].to_string()).collect::<Vec<_>>().join(" ");
    let headings: Vec<String> = all[top].iter().map(Data::to_string).collect();
    let rows = all[top + 1..].iter().map(|row| headings.iter().cloned().zip(row.iter().cloned()).collect());
    (above.split_whitespace().collect::<Vec<_>>().join(" "), rows.collect())
}

/// Audits the export, decides as counsel would, and audits it again with rates and a date of disclosure.
fn drafted() -> (TempDir, Xlsx<std::io::BufReader<std::fs::File>>) {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("export.csv"), EXPORT).unwrap();
    std::fs::write(
        at("rates.csv"),
        "currency,from,until,rate,source\nEUR,2025-01-01,2025-03-31,1.05,Treasury Q1\n",
    )
    .unwrap();
    let template = Audit::finished(&[&at("export.csv")], &[]).rows("decisions-template.csv");
    let mut decided = csv::Writer::from_path(at("decided.csv")).unwrap();
    let headings: Vec<&String> = template[0].keys().collect();
    decided.write_record(&headings).unwrap();
    let mut count = 0;
    for row in &template {
        let minor = match (row["code"].as_str(), row["document_and_line"].as_str()) {
            ("LR01", "A1, line 1") => "",
            ("LR03", _) => "yes",
            _ => continue,
        };
        count += 1;
        decided
            .write_record(headings.iter().map(|heading| match heading.as_str() {
                "decision" => "confirmed",
                "reason" => "compared with the documents",
                "reviewer" => "A. Reviewer",
                "approved_by" => "B. Counsel",
                "decided_on" => "2025-07-01",
                "minor_or_technical" => minor,
                _ => &row[*heading],
            }))
            .unwrap();
    }
    decided.flush().unwrap();
    assert_eq!(count, 3, "{template:?}");
    let text = |name: &str| at(name).to_string_lossy().into_owned();
    let audit = Audit::finished(
        &[&at("export.csv")],
        &["--decisions", &text("decided.csv"), "--fx", &text("rates.csv"), "--disclosure-date", "2025-12-01"],
    );
    let kept = at("report.xlsx");
    std::fs::copy(audit.folder().join("report.xlsx"), &kept).unwrap();
    (folder, open_workbook(kept).unwrap())
}

#[test]
fn the_schedule_states_the_record_and_what_it_lacks() {
    let (_folder, mut book) = drafted();
    let (above, rows) = rows(&mut book, "Disclosure schedule", "Part");
    for said in ["764.5(d)(3)", "from 2020-12-01 to 2025-12-01", "764.2(e)", "764.5(g)", "no conclusion"] {
        assert!(above.contains(said), "{said} is missing from {above}");
    }
    let lines: Vec<_> =
        rows.iter().filter(|row| row["Document / line"].to_string().contains(" / ")).collect();
    let of = |document: &str| {
        *lines.iter().find(|row| row["Document / line"] == Data::String(document.into())).unwrap()
    };
    let confirmed = of("A1 / 1");
    assert_eq!(confirmed["Part"].to_string(), "1");
    assert!(matches!(confirmed["(ii) Date of export"], Data::DateTime(_)), "a real date");
    assert_eq!(confirmed["US dollars"], Data::Float(1050.0));
    assert!(confirmed["Rate"].to_string().contains("Treasury Q1"));
    assert_eq!(confirmed["(iv) License number"].to_string(), "none (NLR on record)");
    assert_eq!(confirmed["ITN or filing citation"].to_string(), "X20250203000001");
    assert_eq!(confirmed["How"].to_string(), "from US; port Norfolk; by Vessel; to PK");
    assert!(
        confirmed["(iii) Persons, addresses"]
            .to_string()
            .contains("ultimate consignee: Ravi Meadow Dairies, 8 Ferozepur Lane Lahore")
    );
    let lacking = confirmed["To be completed"].to_string();
    assert!(lacking.contains("intermediate consignee, or that there was none (iii)"), "{lacking}");
    for stated in ["ITN", "port of export", "mode of", "dollars", "license", "quantity"] {
        assert!(!lacking.contains(stated), "{stated} is on record: {lacking}");
    }
    // Minor lines stand here in full too, in a part of their own; the second has no rate, no ITN, no port.
    assert_eq!(of("A1 / 2")["Part"].to_string(), "1a");
    let bare = of("A2 / 1");
    assert_eq!(bare["US dollars"].to_string(), "to complete");
    for lacks in ["ITN (ii)", "port of export (ii)", "mode of transport (ii)", "value in US dollars (v)"] {
        assert!(bare["To be completed"].to_string().contains(lacks), "{lacks}");
    }
    let reversal = of("A3 / 1");
    assert_eq!(
        (reversal["Part"].to_string(), reversal["Not summed"].to_string()),
        ("2".into(), "negative: a reversal or credit".into())
    );
    assert!(
        !lines.iter().any(|row| row["Document / line"].to_string().starts_with("A4")),
        "before the window"
    );
}

#[test]
fn what_counsel_marked_as_minor_is_listed_in_the_abbreviated_form() {
    let (_folder, mut book) = drafted();
    let (above, rows) = rows(&mut book, "Abbreviated list", "No.");
    for said in ["764.5(c)(2)", "764.5(c)(3)", "\"abbreviated\" in its subject", "180 days", "part 1a"] {
        assert!(above.contains(said), "{said} is missing from {above}");
    }
    let seen: Vec<(String, String)> = rows
        .iter()
        .filter(|row| row["No."] != Data::Empty)
        .map(|row| (row["Quarter"].to_string(), row["Document / line"].to_string()))
        .collect();
    assert_eq!(seen, [("2025-Q1".into(), "A1 / 2".into()), ("2025-Q2".into(), "A2 / 1".into())]);
    let first = &rows[0];
    assert_eq!(first["Destination"].to_string(), "Pakistan");
    assert_eq!((&first["US dollars"], first["ECCN"].to_string()), (&Data::Float(525.0), "3A992.a".into()));
    assert_eq!(first["To be completed"], Data::Empty, "ITN, port and roles are not asked for here");
    let second = rows.iter().find(|row| row["Document / line"] == "A2 / 1").unwrap();
    assert_eq!(second["To be completed"].to_string(), "value in US dollars");
    let sums: Vec<&BTreeMap<String, Data>> =
        rows.iter().filter(|row| row["What was required"].to_string().contains("in the quarter")).collect();
    assert_eq!(sums.len(), 2);
    assert_eq!(sums[0]["Value"].to_string(), "EUR 500.00");
}

#[test]
fn without_a_date_or_a_mark_the_workbook_says_so() {
    let folder = TempDir::new().unwrap();
    let export = folder.path().join("export.csv");
    std::fs::write(&export, EXPORT).unwrap();
    let audit = Audit::finished(&[&export], &[]);
    let mut book: Xlsx<_> = open_workbook(audit.folder().join("report.xlsx")).unwrap();
    assert!(!book.sheet_names().contains(&"Abbreviated list".to_owned()));
    let (above, _) = rows(&mut book, "Disclosure schedule", "Part");
    assert!(above.contains("Window not set") && above.contains("No exchange rates were given"), "{above}");
}
