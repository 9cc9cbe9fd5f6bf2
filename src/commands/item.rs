//! `lookback item`: how descriptions are read, given or from a column.

use std::path::{Path, PathBuf};

use super::{Failure, Outcome};
use crate::audit;
use crate::codes::ScheduleB;
use crate::ingest;
use crate::items::report::{ReadItem, write_csv, write_text};

/// What `lookback item` is asked.
pub struct ItemRequest {
    /// A description.
    pub text: Option<String>,
    /// Its tariff code.
    pub schedule_b: Option<String>,
    /// Or a spreadsheet of descriptions.
    pub file: Option<PathBuf>,
    /// The heading of their column.
    pub column: Option<String>,
    /// CSV instead of text.
    pub as_csv: bool,
    /// Other data than the embedded.
    pub rules: Option<PathBuf>,
}

/// `lookback item`.
///
/// # Errors
/// When the data or the file cannot be read, or the tariff code is none.
pub fn item(request: &ItemRequest) -> Result<Outcome, Failure> {
    let items = audit::load_items(request.rules.as_deref())?;
    let code = match request.schedule_b.as_deref() {
        None => None,
        Some(text) => Some(ScheduleB::read(text).ok_or_else(|| {
            Failure(format!("`{text}` is no tariff code; give four digits or more, such as 8413.70.2004"))
        })?),
    };
    let descriptions = match (&request.file, &request.column) {
        (Some(file), Some(column)) => read_descriptions(file, column)?,
        _ => request.text.iter().map(|text| (1, text.clone())).collect(),
    };
    let read: Vec<ReadItem> = descriptions
        .into_iter()
        .map(|(row, description)| {
            // One text stands for the description and, where it is one, for the model number.
            let reading = items.read(&description, "", code.as_ref());
            ReadItem { row, description, reading }
        })
        .collect();
    let mut out = Vec::new();
    if request.as_csv { write_csv(&read, &mut out) } else { write_text(&read, &mut out) }
        .map_err(|error| Failure(error.to_string()))?;
    let mut text = String::from_utf8_lossy(&out).into_owned();
    if !request.as_csv {
        text.push_str("\nA resemblance, not a classification. Paragraphs without a threshold are wide; ask the engineer.\n");
    }
    Ok(Outcome::said(text))
}

/// The descriptions in one column of a spreadsheet, with their physical rows.
fn read_descriptions(path: &Path, heading: &str) -> Result<Vec<(u32, String)>, Failure> {
    let shown = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    ingest::read_column(path, &shown, heading).map_err(|fault| Failure(fault.message().to_owned()))
}
