//! Small tables that a user gives to an option: read whole, checked whole, pinned by their SHA-256.
//!
//! Owns the reading: size, encoding, delimiter, headings. What the rows mean stands with the option.

use std::fmt::Write as _;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::run::OptionFile;

/// A table larger than this is no table of totals or rates.
const MOST_BYTES: u64 = 32 << 20;

/// A row, with the line on which it begins.
pub struct TableRow {
    /// The physical line, from 1.
    pub line: u64,
    values: Vec<String>,
}

/// A table with the headings asked for.
pub struct OptionTable {
    /// What run.json says of the file.
    pub record: OptionFile,
    /// The rows below the headings; blank ones are left out.
    pub rows: Vec<TableRow>,
    columns: Vec<Option<usize>>,
    headings: &'static [&'static str],
}

impl OptionTable {
    /// Reads the file given to `option`; `headings` are those it may have.
    ///
    /// # Errors
    /// What is wrong with the file as a whole, with the next step.
    pub fn read(option: &str, path: &Path, headings: &'static [&'static str]) -> Result<Self, String> {
        let shown = path.display();
        let size = std::fs::metadata(path).map_or(0, |meta| meta.len());
        if size > MOST_BYTES {
            return Err(format!(
                "{shown} is larger than {} MiB, too large for --{option}. Give the table alone.",
                MOST_BYTES >> 20
            ));
        }
        let bytes = std::fs::read(path).map_err(|error| {
            format!("{shown} could not be read: {error}. Check the path given to --{option}.")
        })?;
        let mut sha256 = String::new();
        for byte in Sha256::digest(&bytes) {
            let _ = write!(sha256, "{byte:02x}");
        }
        let record = OptionFile {
            option: option.to_owned(),
            path: shown.to_string(),
            bytes: bytes.len() as u64,
            sha256,
        };
        let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes))
            .map_err(|_| format!("{shown} is no UTF-8 text. Save it as \"CSV UTF-8\" and give it again."))?;
        Self::parse(record, text, headings).map_err(|problem| format!("{shown}: {problem}"))
    }

    /// Reads the text of such a file.
    ///
    /// # Errors
    /// What is wrong with its headings or its form.
    pub fn parse(record: OptionFile, text: &str, headings: &'static [&'static str]) -> Result<Self, String> {
        let first = text.lines().next().unwrap_or("");
        let delimiter = [b',', b';', b'\t']
            .into_iter()
            .max_by_key(|mark| first.bytes().filter(|byte| byte == mark).count())
            .unwrap_or(b',');
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
        let found: Vec<String> = reader
            .headers()
            .map_err(|error| error.to_string())?
            .iter()
            .map(|heading| heading.trim().to_lowercase())
            .collect();
        let list = headings.join(", ");
        for heading in found.iter().filter(|heading| !heading.is_empty()) {
            if !headings.contains(&heading.as_str()) {
                return Err(format!(
                    "the heading \"{heading}\" is not one of {list}. Rename it or leave the column out."
                ));
            }
        }
        let columns: Vec<Option<usize>> =
            headings.iter().map(|heading| found.iter().position(|other| other == heading)).collect();
        if columns.iter().all(Option::is_none) {
            return Err(format!("its first line holds none of the headings {list}."));
        }
        let mut rows = Vec::new();
        for row in reader.records() {
            let row = row.map_err(|error| error.to_string())?;
            let line = row.position().map_or(0, csv::Position::line);
            let values: Vec<String> = row.iter().map(|value| value.trim().to_owned()).collect();
            if values.iter().any(|value| !value.is_empty()) {
                rows.push(TableRow { line, values });
            }
        }
        Ok(Self { record, rows, columns, headings })
    }

    /// Whether the table has this column.
    pub fn has(&self, heading: &str) -> bool {
        self.column(heading).is_some()
    }

    /// The value of a row under a heading; empty where there is no such column.
    pub fn value<'r>(&self, row: &'r TableRow, heading: &str) -> &'r str {
        self.column(heading).and_then(|column| row.values.get(column)).map_or("", String::as_str)
    }

    fn column(&self, heading: &str) -> Option<usize> {
        let index = self.headings.iter().position(|known| *known == heading)?;
        self.columns[index]
    }
}

/// A decimal number, with or without thousands separators: `1,234,567.89`.
pub fn number(text: &str) -> Option<rust_decimal::Decimal> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.contains(',') {
        return None;
    }
    let mut groups = whole.trim_start_matches('-').split(',');
    let first = groups.next().unwrap_or("");
    let is_grouped = text.contains(',');
    let well_grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    if is_grouped && !well_grouped {
        return None;
    }
    text.replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    #[test]
    fn headings_are_read_in_any_order_and_unknown_ones_refused() {
        let parse = |text| OptionTable::parse(OptionFile::default(), text, &["file", "rows"]);
        let table = parse("Rows;FILE\n12;a.csv\n;\n").unwrap();
        assert_eq!(table.rows.len(), 1);
        assert_eq!(
            (table.value(&table.rows[0], "file"), table.value(&table.rows[0], "rows")),
            ("a.csv", "12")
        );
        assert_eq!(table.rows[0].line, 2);
        assert!(parse("file,color\n").err().unwrap().contains("color"));
        assert!(parse("1,2\n").is_err());
    }

    #[test]
    fn thousands_are_taken_only_where_they_are_thousands() {
        assert_eq!(number("1,234,567.5"), Some(Decimal::new(12_345_675, 1)));
        assert_eq!(number("-12"), Some(Decimal::from(-12)));
        for text in ["1,5", "1234,567", "12,34", "x", "", "1.234,50"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
