//! What each finding code says in a sentence, and what it usually asks of a person.
//!
//! One table (`data/codes.csv`) for README, the help, `lookback explain` and the sheet Method. What a code means at length
//! stands beside its check.

use std::fmt::Write as _;
use std::sync::OnceLock;

use crate::finding::FindingCode;

/// A row of the table.
struct Row {
    code: String,
    says: String,
    usually: String,
}

/// The sentence of a code.
pub fn says(code: FindingCode) -> &'static str {
    row(code).map_or("", |row| &row.says)
}

/// Its usual disposition, with what else there is to know of it: `review, once a sheet`.
pub fn usually(code: FindingCode) -> &'static str {
    row(code).map_or("", |row| &row.usually)
}

/// All codes, a paragraph each, for the terminal.
pub fn listed() -> String {
    let mut list = String::new();
    for code in FindingCode::ALL {
        let mut lead = code.code();
        let whole = format!("{} ({})", says(*code), usually(*code));
        for line in crate::wrap::wrap(&whole, 90).lines() {
            let _ = writeln!(list, "{lead:<4}  {line}");
            lead = "";
        }
    }
    list
}

fn row(code: FindingCode) -> Option<&'static Row> {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    let rows = ROWS.get_or_init(|| {
        let mut table = csv::Reader::from_reader(include_str!("../data/codes.csv").as_bytes());
        let text = |record: &csv::StringRecord, at| record.get(at).unwrap_or_default().to_owned();
        let rows = table.records().flatten();
        rows.map(|record| Row { code: text(&record, 0), says: text(&record, 1), usually: text(&record, 2) })
            .collect()
    });
    rows.iter().find(|row| row.code == code.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_sentence_and_begins_with_its_default_disposition() {
        for code in FindingCode::ALL {
            assert!(!says(*code).is_empty(), "{code}");
            assert!(usually(*code).starts_with(code.default_disposition().name()), "{code}");
        }
        assert_eq!(
            csv::Reader::from_reader(include_str!("../data/codes.csv").as_bytes()).records().count(),
            FindingCode::ALL.len()
        );
    }
}
