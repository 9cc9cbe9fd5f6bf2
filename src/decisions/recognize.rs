//! Whether a file holds decisions: found in a folder of shipment lists, it is no shipment list.
//!
//! Told by content: the headings of a text file, or the sheet that every template of this program begins with.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::columns::Column;

/// How much of a text file holds its headings.
const HEAD: u64 = 8 << 10;
/// How much of a workbook's list of sheets is looked at.
const SHEETS: u64 = 1 << 20;

/// The first sheet of the template.
pub const FIRST_SHEET: &str = "How to decide";

/// Whether the file is a decisions template, filled in or not. A file that cannot be read is none.
pub fn is_decision_file(path: &Path) -> bool {
    let Ok(mut file) = File::open(path) else { return false };
    let mut head = Vec::new();
    if file.by_ref().take(HEAD).read_to_end(&mut head).is_err() {
        return false;
    }
    if head.starts_with(b"PK\x03\x04") { names_first_sheet(file) } else { has_headings(&head) }
}

/// Whether the first line has the headings of decisions, whatever stands between them.
fn has_headings(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let line = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    let columns: Vec<Column> = line
        .split([',', ';', '\t', '|'])
        .filter_map(|heading| Column::from_heading(heading.trim().trim_matches('"')))
        .collect();
    let names = [Column::FindingId, Column::GroupId, Column::Party, Column::Item];
    columns.contains(&Column::Decision)
        && columns.contains(&Column::Reviewer)
        && names.iter().any(|column| columns.contains(column))
}

fn names_first_sheet(file: File) -> bool {
    let Ok(mut package) = zip::ZipArchive::new(file) else { return false };
    let Ok(part) = package.by_name("xl/workbook.xml") else { return false };
    let mut text = String::new();
    part.take(SHEETS).read_to_string(&mut text).is_ok() && text.contains(&format!("name=\"{FIRST_SHEET}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_tell_a_decision_file() {
        assert!(has_headings("\u{feff}decision,reason,evidence,reviewer,decided_on,finding_id\n".as_bytes()));
        assert!(has_headings(b"\"Decision\";\"Reviewer\";\"Group id\"\r\n"));
        assert!(!has_headings(b"Invoice,Item,Party,Description\n"));
        assert!(!has_headings(b"Decision,Item,Party\n"), "a list of shipments may have such a column");
    }
}
