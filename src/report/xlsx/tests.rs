//! The workbook as a whole, where lists fill more than one sheet.

use std::collections::BTreeSet;

use calamine::{Data, Reader as _};

use super::super::example::{Example, finding};
use super::*;
use crate::finding::FindingCode;

type Book = calamine::Xlsx<std::io::BufReader<std::fs::File>>;

/// Rows a sheet is given here; Excel's own limit is tried by `benches/findings.sh`.
const ROWS: u32 = 20;

fn cells(book: &mut Book, sheet: &str) -> Vec<Vec<Data>> {
    book.worksheet_range(sheet).unwrap().rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn lists_go_on_on_another_sheet_and_links_still_lead_to_the_party() {
    let dir = tempfile::tempdir().unwrap();
    let mut example = Example::full();
    let party = example.parties[0].clone();
    for number in 0..70 {
        let mut another = party.clone();
        another.spellings = vec![format!("Party {number}")];
        another.listed_entity_id = String::new();
        example.parties.push(another);
    }
    let data = example.data();
    let frame = Frame::of(data.run).with_rows_a_sheet(ROWS);
    let mut report = ReportXlsx::framed(dir.path(), data, frame).unwrap();
    for number in 0..70 {
        let mut numbered = finding(FindingCode::LR01);
        numbered.finding_id = format!("{number:016x}");
        numbered.finding.row = number;
        numbered.finding.party_name = format!("Party {number}");
        numbered.finding.listed_entity_id = String::new();
        report.finding(&numbered, LineFacts::default()).unwrap();
    }
    report.finish(&BTreeMap::new()).unwrap();

    let mut book: Book = calamine::open_workbook(dir.path().join(REPORT)).unwrap();
    let names = book.sheet_names();
    let sheets: Vec<&String> = names.iter().filter(|name| name.starts_with("Exceptions")).collect();
    assert!(sheets.len() > 3 && names.contains(&"Parties (3)".to_owned()), "{names:?}");
    let (mut found, mut linked) = (Vec::new(), BTreeSet::new());
    for sheet in &sheets {
        let rows = cells(&mut book, sheet);
        assert!(rows.len() <= ROWS as usize, "{sheet} has {} rows", rows.len());
        let top = rows.iter().position(|row| row[0] == "Code").unwrap();
        let column = |heading: &str| rows[top].iter().position(|cell| *cell == *heading).unwrap();
        let (id, name) = (column("Finding id"), column("Party"));
        let formulas = book.worksheet_formula(sheet).unwrap();
        for (number, row) in rows.iter().enumerate().skip(top + 1).filter(|(_, row)| row[id] != Data::Empty) {
            found.push(row[id].to_string());
            let at = (number as u32, column("Party's shipments") as u32);
            let formula = formulas.get_value(at).unwrap();
            // =HYPERLINK("#'Parties (2)'!A5","row 5")
            let (sheet, rest) = formula.split_once("#'").unwrap().1.split_once("'!A").unwrap();
            let target: usize = rest.split_once('"').unwrap().0.parse().unwrap();
            assert_eq!(cells(&mut book, sheet)[target - 1][0], row[name], "{formula}");
            linked.insert(sheet.to_owned());
        }
    }
    let expected: Vec<String> = (0..70).map(|number| format!("{number:016x}")).collect();
    assert_eq!(found, expected, "each finding stands once, in its order");
    assert!(linked.len() > 2, "links lead to several sheets: {linked:?}");

    let file = std::fs::File::open(dir.path().join(REPORT)).unwrap();
    let mut zip = zip::ZipArchive::new(file).unwrap();
    let mut part = |name: &str| {
        let mut xml = String::new();
        std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut xml).unwrap();
        xml
    };
    let workbook = part("xl/workbook.xml");
    for sheet in sheets {
        let number = names.iter().position(|name| name == sheet).unwrap() + 1;
        let xml = part(&format!("xl/worksheets/sheet{number}.xml"));
        assert!(xml.contains("<autoFilter ref=") && xml.contains("state=\"frozen\""), "{sheet}");
        for setting in ["_xlnm.Print_Titles", "_xlnm.Print_Area", "_xlnm._FilterDatabase"] {
            let defined = format!("<definedName name=\"{setting}\" localSheetId=\"{}\"", number - 1);
            assert!(workbook.contains(&defined), "{sheet} lacks {setting}");
        }
    }
    let summary = cells(&mut book, "Summary");
    assert!(
        summary
            .iter()
            .any(|row| row.iter().any(|cell| cell.to_string().contains("Exceptions fills 4 sheets"))),
        "the Summary says how far the list goes"
    );
}
