//! Reading spreadsheets into rows that lose nothing: by content, never by extension; streaming, in bounded memory.
//!
//! [`open`] finds the format, presumes encoding, delimiter, header, date order and decimal mark from the beginning of each
//! sheet, and gives readers that hand out chunks of whole rows. What a value means for a shipment is decided in `shipment`.
//!
//! The caller counts every row with [`RowClass::count`], shows data rows to the sheet's [`ValueTally`], and asks
//! [`SheetPlan::confirm`] at the end; if a presumption was refuted, it discards the sheet's results and reads it once more.

mod archive;
mod book;
mod choice;
mod columns;
mod columns_file;
mod continued;
mod delimited;
mod describe;
mod encoding;
mod fault;
mod format;
mod header;
mod heading;
mod limits;
mod mapping_template;
mod marks;
mod number_format;
mod package;
mod plan;
mod profile;
mod records;
mod row_class;
mod rows;
mod sentences;
mod sheet;
mod sound;
mod tally;
#[cfg(test)]
mod tests;
pub mod values;
mod xlsx;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use sha2::{Digest as _, Sha256};
use tempfile::TempPath;

pub use book::{READER_COMMAND, isolate_readers, serve_reader};
pub use columns_file::ColumnsFile;
pub use describe::describe_columns;
pub use encoding::Encoding;
pub use fault::FileFault;
pub use limits::Limits;
pub use mapping_template::mapping_template;
pub use plan::{
    BoundColumn, DateColumn, MappingSource, NumberColumn, SheetPlan, UnusedColumn, raw_text, row_limit_remark,
};
pub use row_class::RowClass;
pub use sheet::{Chunk, Sheet, SheetReader, SheetState, Visibility};
pub use tally::{Confirmed, ValueTally};

use crate::field::Field;
use crate::party::PartyRole;
use crate::source::Row;
use format::Format;
use values::DateOrder;

/// How much of a file is looked at before it is read.
const HEAD: usize = 1 << 20;

/// What the user said, in place of what would be presumed.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// The delimiter of text files.
    pub delimiter: Option<u8>,
    /// The encoding of text files.
    pub encoding: Option<Encoding>,
    /// Whether day or month comes first.
    pub date_order: Option<DateOrder>,
    /// The mapping file.
    pub columns: Option<ColumnsFile>,
    /// How much a file may ask for.
    pub limits: Limits,
}

/// The digest of a file, once all its bytes have been read.
pub(crate) type FileDigest = Arc<OnceLock<String>>;

/// An open file and its sheets, in the file's order; a text file is one sheet without a name.
#[derive(Debug)]
pub struct Workbook {
    file: String,
    path: PathBuf,
    format: String,
    bytes: u64,
    digest: FileDigest,
    sheets: Vec<Sheet>,
    /// The copy taken out of an archive, which lasts as long as it is read.
    _unpacked: Option<TempPath>,
}

impl Workbook {
    /// The file, as the report names it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The format found by content.
    pub fn format(&self) -> &str {
        &self.format
    }

    /// The file's size in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The sheets in order.
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// The sheets in order, to be read.
    pub fn sheets_mut(&mut self) -> &mut [Sheet] {
        &mut self.sheets
    }

    /// The sheets in order, for several threads to read; the workbook has none any more, and is to outlive them.
    pub fn take_sheets(&mut self) -> Vec<Sheet> {
        std::mem::take(&mut self.sheets)
    }

    /// SHA-256 of the file's bytes: as taken while reading, or taken now if no reader came to the end.
    ///
    /// # Errors
    /// Says why the file could no longer be read.
    pub fn sha256(&self) -> Result<String, FileFault> {
        if let Some(digest) = self.digest.get() {
            return Ok(digest.clone());
        }
        let digest = hash_file(&self.path).map_err(|error| unreadable(&self.file, &error))?;
        Ok(self.digest.get_or_init(|| digest).clone())
    }
}

/// SHA-256 of a file's bytes, whatever they are; for files that could not be opened as spreadsheets.
///
/// # Errors
/// Says why the file could not be read.
pub fn sha256_of(path: &Path, shown_as: &str) -> Result<String, FileFault> {
    hash_file(path).map_err(|error| unreadable(shown_as, &error))
}

/// Opens a file: finds its format by content, and plans how each sheet is read.
///
/// # Errors
/// The file is missing, unreadable, empty, or not a spreadsheet this program reads; the message names what was found and
/// the next step.
pub fn open(path: &Path, shown_as: &str, overrides: &Overrides) -> Result<Workbook, FileFault> {
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(shown_as, &error))?;
    if metadata.is_dir() {
        return Err(FileFault::new(shown_as, "this is a folder", "Name the spreadsheets in it"));
    }
    let digest = FileDigest::default();
    let (mut format, mut head) = look_at(path, shown_as)?;
    let mut named = format.name().to_owned();
    let mut unpacked: Option<TempPath> = None;
    if matches!(format, Format::Gzip | Format::Zipped(_)) {
        let hash = hash_file(path).map_err(|error| unreadable(shown_as, &error))?;
        digest.get_or_init(|| hash);
        let copy = archive::unpack(format, path, shown_as, overrides.limits)?;
        let packed_in = format.name();
        (format, head) = look_at(&copy, shown_as)?;
        if matches!(format, Format::Gzip | Format::Zipped(_)) {
            return Err(FileFault::new(
                shown_as,
                format!("an archive within an archive ({packed_in})"),
                "Unpack it and audit the file inside",
            ));
        }
        named = format!("{}, packed in {packed_in}", format.name());
        unpacked = Some(copy);
    }
    let readable: &Path = unpacked.as_deref().unwrap_or(path);
    if format != Format::Text && digest.get().is_none() {
        let hash = hash_file(path).map_err(|error| unreadable(shown_as, &error))?;
        digest.get_or_init(|| hash);
    }
    let sheets = match format {
        Format::Xlsx => xlsx::open(readable, shown_as, overrides)?,
        Format::Book(book) => book::open(book, readable, shown_as, overrides)?,
        Format::Text | Format::Gzip | Format::Zipped(_) => {
            let file = File::open(readable).map_err(|error| unreadable(shown_as, &error))?;
            let whole = file.metadata().is_ok_and(|metadata| head.len() as u64 >= metadata.len());
            vec![delimited::open(file, shown_as, &head, whole, overrides, digest.clone())?]
        }
    };
    if sheets.is_empty() {
        return Err(FileFault::new(
            shown_as,
            format!("no sheet and no table in it ({named})"),
            "Export the shipment lines again as .xlsx or CSV",
        ));
    }
    Ok(Workbook {
        file: shown_as.to_owned(),
        path: path.to_owned(),
        format: named,
        bytes: metadata.len(),
        digest,
        sheets,
        _unpacked: unpacked,
    })
}

/// The format of a file, and its first bytes.
fn look_at(path: &Path, shown_as: &str) -> Result<(Format, Vec<u8>), FileFault> {
    let file = File::open(path).map_err(|error| unreadable(shown_as, &error))?;
    let mut head = Vec::new();
    file.take(HEAD as u64).read_to_end(&mut head).map_err(|error| unreadable(shown_as, &error))?;
    Ok((format::recognize(&head, path, shown_as)?, head))
}

/// The texts of one column of names, found by its heading, with the physical row of each; every sheet that has it.
///
/// # Errors
/// The file cannot be read, or no sheet has a column of that heading.
pub fn read_column(path: &Path, shown_as: &str, heading: &str) -> Result<Vec<(u32, String)>, FileFault> {
    let field = Field::Party(PartyRole::Purchaser);
    let columns = Some(ColumnsFile::of_one(field, heading));
    let mut workbook = open(path, shown_as, &Overrides { columns, ..Overrides::default() })?;
    let mut names = Vec::new();
    let mut found = false;
    for sheet in workbook.sheets_mut() {
        let Some(reader) = sheet.reader() else { continue };
        let plan = reader.plan().clone();
        let Some(column) = plan.column_of(field) else { continue };
        found = true;
        let mut tally = plan.new_tally();
        while let Some(chunk) = reader.next_chunk()? {
            let batch = chunk.parse(&plan, &mut tally);
            for row in batch.rows() {
                let cell = row.cell(column);
                if row.number() > plan.header_row && !cell.is_blank() {
                    names.push((row.number(), cell.text.to_owned()));
                }
            }
        }
    }
    if found {
        return Ok(names);
    }
    Err(FileFault::new(
        shown_as,
        format!("no sheet has a column headed `{heading}`"),
        "Give --column the heading as the file writes it",
    ))
}

/// Hands every row of every sheet to `visit`, with the sheet's name, in the file's order: for tables that are no shipment
/// list, whose reader knows their headings.
///
/// # Errors
/// The file cannot be read.
pub fn read_rows(path: &Path, shown_as: &str, visit: &mut dyn FnMut(&str, Row<'_>)) -> Result<(), FileFault> {
    let columns = Some(ColumnsFile::without_header());
    let mut workbook = open(path, shown_as, &Overrides { columns, ..Overrides::default() })?;
    for sheet in workbook.sheets_mut() {
        let name = sheet.name.clone();
        let Some(reader) = sheet.reader() else { continue };
        let plan = reader.plan().clone();
        let mut tally = plan.new_tally();
        while let Some(chunk) = reader.next_chunk()? {
            for row in chunk.parse(&plan, &mut tally).rows() {
                visit(&name, row);
            }
        }
    }
    Ok(())
}

/// The names of a file's sheets, in order; one blank name for a text file.
///
/// # Errors
/// The file cannot be read.
pub fn sheet_names(path: &Path, shown_as: &str) -> Result<Vec<String>, FileFault> {
    let workbook = open(path, shown_as, &Overrides::default())?;
    Ok(workbook.sheets().iter().map(|sheet| sheet.name.clone()).collect())
}

fn hash_file(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(hasher)),
            count => hasher.update(&buffer[..count]),
        }
    }
}

/// The digest in hex digits.
pub(crate) fn hex(hasher: Sha256) -> String {
    use std::fmt::Write as _;
    hasher.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The fault of a file the system would not give.
pub(crate) fn unreadable(file: &str, error: &std::io::Error) -> FileFault {
    match error.kind() {
        std::io::ErrorKind::NotFound => FileFault::new(file, "there is no such file", "Check the path"),
        std::io::ErrorKind::PermissionDenied => FileFault::new(
            file,
            "the system does not let this program read the file",
            "Close it in other programs, or ask for access",
        ),
        _ => FileFault::new(
            file,
            format!("the file could not be read ({error})"),
            "Copy it to a local disk and try again",
        ),
    }
}
