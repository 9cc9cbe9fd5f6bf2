//! A file as it was found when it was opened, its sheets planned and not yet read.

use super::file_state::FileState;
use super::inputs::Input;
use super::sample::FileKey;
use crate::checks::Place;
use crate::ingest::{self, Overrides, Sheet, Workbook};

/// An opened file; its sheets are read apart from it.
pub(super) struct Opened {
    /// The file, or why it could not be opened.
    pub(super) book: Result<Workbook, Refused>,
    /// Where each of its sheets stands.
    pub(super) places: Vec<Place>,
    /// By what the draw of a sample tells it from others.
    pub(super) key: FileKey,
    /// What the file was before it was opened, and after.
    pub(super) before: FileState,
    pub(super) after: FileState,
}

/// A file that could not be opened as a spreadsheet.
pub(super) struct Refused {
    pub(super) why: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

/// Opens a file and plans how each of its sheets is read.
pub(super) fn open(input: &Input, overrides: &Overrides) -> (Opened, Vec<Sheet>) {
    let before = FileState::of(&input.path);
    let mut sheets = Vec::new();
    let book = match ingest::open(&input.path, &input.shown, overrides) {
        Ok(mut workbook) => {
            sheets = workbook.take_sheets();
            Ok(workbook)
        }
        Err(fault) => Err(Refused {
            why: fault.message().to_owned(),
            bytes: std::fs::metadata(&input.path).map_or(0, |metadata| metadata.len()),
            sha256: ingest::sha256_of(&input.path, &input.shown).unwrap_or_default(),
        }),
    };
    let bytes = book.as_ref().map_or_else(|refused| refused.bytes, Workbook::bytes);
    let place = |sheet: &Sheet| Place { file: input.shown.clone(), sheet: sheet.name.clone() };
    let opened = Opened {
        book,
        places: sheets.iter().map(place).collect(),
        key: FileKey::new(&input.name, bytes),
        before,
        after: FileState::of(&input.path),
    };
    (opened, sheets)
}
