//! The verdicts written into a file's own last column, and how an audit compares with them.
//!
//! `expect` holds finding codes joined by `;`, or `-` for none. A code with a question mark before it may be there or
//! not: the design leaves room, and `samples/README.md` says why. `determination` and `why` are optional columns.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use calamine::{Data, Reader};

use super::program::Audit;

/// Codes that stand once for a sheet, whatever its lines.
const OF_A_SHEET: [&str; 3] = ["LR14", "LR15", "EL09"];

/// What a file expects of its rows.
pub(super) struct Expectations {
    headers: BTreeSet<Place>,
    lines: BTreeMap<Place, Expected>,
}

/// Sheet and physical row.
type Place = (String, u32);

#[derive(Debug)]
struct Expected {
    codes: BTreeSet<String>,
    allowed: BTreeSet<String>,
    determination: String,
    why: String,
}

impl Expectations {
    /// Reads a CSV file or a workbook.
    pub(super) fn read(path: &Path) -> Self {
        if path.extension().is_some_and(|ending| ending == "xlsx") {
            Self::of_workbook(path)
        } else {
            Self::of_text(path)
        }
    }

    fn of_text(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().next().unwrap();
        let delimiter = if first.matches(';').count() > first.matches(',').count() { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let rows = reader.records().map(|record| {
            let record = record.unwrap();
            let line = record.position().unwrap().line() as u32;
            (line, record.iter().map(str::to_owned).collect())
        });
        let mut expectations = Self { headers: BTreeSet::new(), lines: BTreeMap::new() };
        expectations.add_sheet("", rows);
        expectations
    }

    fn of_workbook(path: &Path) -> Self {
        let mut workbook: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
        let mut expectations = Self { headers: BTreeSet::new(), lines: BTreeMap::new() };
        for sheet in workbook.sheet_names() {
            let range = workbook.worksheet_range(&sheet).unwrap();
            let Some((first, _)) = range.start() else { continue };
            let rows = range.rows().zip(first + 1..).map(|(cells, row)| {
                let cells = cells.iter().map(|cell| match cell {
                    Data::String(text) => text.clone(),
                    _ => String::new(),
                });
                (row, cells.collect())
            });
            expectations.add_sheet(&sheet, rows);
        }
        expectations
    }

    fn add_sheet(&mut self, sheet: &str, rows: impl Iterator<Item = (u32, Vec<String>)>) {
        let mut headings: Option<Vec<String>> = None;
        for (row, cells) in rows {
            let Some(known) = &headings else {
                if cells.iter().any(|cell| cell == "expect") {
                    self.headers.insert((sheet.to_owned(), row));
                    headings = Some(cells);
                }
                continue;
            };
            let cell = |heading: &str| {
                let index = known.iter().position(|known| known == heading);
                index.and_then(|index| cells.get(index)).map_or("", |cell| cell.trim())
            };
            if cell("expect").is_empty() {
                continue;
            }
            let mut expected = Expected {
                codes: BTreeSet::new(),
                allowed: BTreeSet::new(),
                determination: cell("determination").to_owned(),
                why: cell("why").to_owned(),
            };
            for code in cell("expect").split(';').map(str::trim).filter(|code| *code != "-") {
                let (code, set) = match code.strip_prefix('?') {
                    Some(code) => (code, &mut expected.allowed),
                    None => (code, &mut expected.codes),
                };
                assert!(
                    lookback::finding::FindingCode::from_text(code).is_some(),
                    "row {row} expects `{code}`, which is no code"
                );
                set.insert(code.to_owned());
            }
            self.lines.insert((sheet.to_owned(), row), expected);
        }
    }

    /// How many lines carry a verdict.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Every code that some line expects.
    pub(super) fn codes(&self) -> BTreeSet<String> {
        self.lines.values().flat_map(|expected| expected.codes.iter().cloned()).collect()
    }

    /// Where the audit differs, a sentence a row.
    pub(super) fn differences(&self, audit: &Audit) -> Vec<String> {
        let mut found: BTreeMap<Place, BTreeSet<String>> = BTreeMap::new();
        for row in audit.rows("findings.csv") {
            let place = (row["sheet"].clone(), row["row"].parse().unwrap());
            if !self.headers.contains(&place) && !OF_A_SHEET.contains(&row["code"].as_str()) {
                found.entry(place).or_default().insert(row["code"].clone());
            }
        }
        let mut differences = Vec::new();
        for (place, expected) in &self.lines {
            let found = found.remove(place).unwrap_or_default();
            let missing: Vec<_> = expected.codes.difference(&found).cloned().collect();
            let beyond: Vec<_> = found
                .difference(&expected.codes)
                .filter(|code| !expected.allowed.contains(*code))
                .cloned()
                .collect();
            if !missing.is_empty() || !beyond.is_empty() {
                differences.push(format!(
                    "{}row {} ({}): missing [{}], not expected [{}]",
                    sheet_prefix(&place.0),
                    place.1,
                    expected.why,
                    missing.join(";"),
                    beyond.join(";")
                ));
            }
        }
        for (place, codes) in found {
            differences.push(format!(
                "{}row {} carries no verdict, and has {codes:?}",
                sheet_prefix(&place.0),
                place.1
            ));
        }
        let determinations: BTreeMap<Place, String> = audit
            .rows("lines.csv")
            .into_iter()
            .map(|row| ((row["sheet"].clone(), row["row"].parse().unwrap()), row["determination"].clone()))
            .collect();
        for (place, expected) in &self.lines {
            let said = determinations.get(place).map_or("(no such line)", String::as_str);
            if !expected.determination.is_empty() && said != expected.determination {
                differences.push(format!(
                    "{}row {} ({}): determination {said}, not {}",
                    sheet_prefix(&place.0),
                    place.1,
                    expected.why,
                    expected.determination
                ));
            }
        }
        differences
    }
}

fn sheet_prefix(sheet: &str) -> String {
    if sheet.is_empty() { String::new() } else { format!("sheet {sheet}, ") }
}

#[test]
fn verdicts_are_found_where_they_stand() {
    let workbook = Expectations::read(&super::program::project("samples/damaged-workbook/shipments.xlsx"));
    assert_eq!(workbook.len(), 15);
    assert_eq!(workbook.headers.first(), Some(&("Shipments".to_owned(), 3)));
    assert!(workbook.lines.contains_key(&("Shipments".to_owned(), 19)));
    let text = Expectations::read(&super::program::project("samples/five-dialects/sap.csv"));
    assert_eq!(text.len(), 12);
    assert!(text.codes().contains("EL01"));
}
