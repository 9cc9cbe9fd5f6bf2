//! What a file is, by its content. Its name is never asked.
//!
//! Formats this program does not read are refused by name, with what to do instead.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use super::archive::only_spreadsheet;
use super::book::BookFormat;
use super::fault::FileFault;

/// A format this program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Delimited text.
    Text,
    /// An XLSX or XLSM workbook.
    Xlsx,
    /// Any other workbook.
    Book(BookFormat),
    /// A file packed with gzip.
    Gzip,
    /// The one file in a zip archive that may be a spreadsheet, by its place in the archive.
    Zipped(usize),
}

impl Format {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "delimited text",
            Self::Xlsx => "Excel workbook (XLSX)",
            Self::Book(BookFormat::Xls) => "old binary Excel workbook (XLS)",
            Self::Book(BookFormat::Xlsb) => "binary Excel workbook (XLSB)",
            Self::Book(BookFormat::Ods) => "OpenDocument spreadsheet (ODS)",
            Self::Book(BookFormat::Fods) => "flat OpenDocument spreadsheet (FODS)",
            Self::Book(BookFormat::Html) => "web page with a table (HTML)",
            Self::Book(BookFormat::SpreadsheetMl) => "XML spreadsheet of Excel 2003 (SpreadsheetML)",
            Self::Gzip => "gzip",
            Self::Zipped(_) => "zip",
        }
    }
}

const SAVE_AS: &str = "Open it in Excel, save it as .xlsx or as CSV UTF-8, and audit that file";

/// Finds the format from the first bytes, and from the parts of a zip archive or compound file.
pub(crate) fn recognize(head: &[u8], path: &Path, shown_as: &str) -> Result<Format, FileFault> {
    let refuse = |what: &str, next_step: &str| Err(FileFault::new(shown_as, what, next_step));
    if head.is_empty() {
        return refuse("the file is empty (0 bytes)", "Export it again");
    }
    match head {
        [b'P', b'K', 3 | 5 | 7, ..] => return recognize_zip(path, shown_as),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => return recognize_compound(path, shown_as),
        [0x1f, 0x8b, ..] => return Ok(Format::Gzip),
        [b'7', b'z', 0xbc, 0xaf, ..] => {
            return refuse("a 7-Zip archive, not a spreadsheet", "Unpack it and audit the files inside");
        }
        [b'R', b'a', b'r', b'!', ..] => {
            return refuse("a RAR archive, not a spreadsheet", "Unpack it and audit the files inside");
        }
        [b'%', b'P', b'D', b'F', ..] => {
            return refuse("a PDF document, not a spreadsheet", "Export the data itself as .xlsx or CSV");
        }
        [b'B', b'Z', b'h', ..] | [0xfd, b'7', b'z', b'X', b'Z', ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            return refuse("a compressed file, not a spreadsheet", "Unpack it and audit the file inside");
        }
        [0x89, b'P', b'N', b'G', ..]
        | [0xff, 0xd8, 0xff, ..]
        | [b'G', b'I', b'F', b'8', ..]
        | [b'I', b'I', b'*', 0, ..]
        | [b'M', b'M', 0, b'*', ..] => {
            return refuse("an image, not a spreadsheet", "Export the data itself as .xlsx or CSV");
        }
        [b'P', b'A', b'R', b'1', ..] => return refuse("a Parquet file", "Export it as CSV"),
        [b'S', b'Q', b'L', b'i', b't', b'e', b' ', ..] => {
            return refuse("a SQLite database, not a spreadsheet", "Export the table as CSV");
        }
        [0x00, 0x01, 0x00, 0x00, b'S', b't', b'a', b'n', b'd', ..] => {
            return refuse("an Access database, not a spreadsheet", "Export the table as .xlsx or CSV");
        }
        [0x09, 0x08, 0x08 | 0x10, 0x00, ..] => {
            return refuse("the bare records of an Excel workbook, without the file around them", SAVE_AS);
        }
        [0x09, 0x00 | 0x02 | 0x04, ..] => return refuse("a workbook of Excel 2 to 4", SAVE_AS),
        [0x00, 0x00, 0x02 | 0x1a, 0x00, ..] => return refuse("a Lotus 1-2-3 worksheet", SAVE_AS),
        [b'I', b'D', b';', b'P', ..] => return refuse("a SYLK spreadsheet (SLK)", SAVE_AS),
        _ => {}
    }
    // Markup is looked for behind a byte order mark and white space, and in UTF-16 too.
    let letters: Vec<u8> = head
        .iter()
        .copied()
        .filter(|byte| byte.is_ascii_graphic() || *byte == b' ')
        .take(4_000)
        .map(|byte| byte.to_ascii_lowercase())
        .collect();
    let start = letters.trim_ascii_start();
    let holds = |needle: &[u8]| memchr::memmem::find(start, needle).is_some();
    if start.starts_with(b"<") {
        let names_sheets = holds(b"urn:schemas-microsoft-com:office:spreadsheet") && holds(b"<?xml");
        if names_sheets && !holds(b"<html") {
            return Ok(Format::Book(BookFormat::SpreadsheetMl));
        }
        if holds(b"urn:oasis:names:tc:opendocument") {
            return Ok(Format::Book(BookFormat::Fods));
        }
        if holds(b"<frameset") {
            return refuse(
                "a web page of frames whose tables stand in other files",
                "Open it in Excel, save it as .xlsx, and audit that file",
            );
        }
        if holds(b"<html") || holds(b"<table") || holds(b"<!doctype html") || holds(b"<tr") {
            return Ok(Format::Book(BookFormat::Html));
        }
        if start.starts_with(b"<?xml") {
            return refuse("an XML document, not a spreadsheet", "Export the data as .xlsx or CSV");
        }
    }
    if start.starts_with(b"mime-version:") {
        return refuse("a web archive (MHTML), whatever its name says", SAVE_AS);
    }
    if start.starts_with(b"{\\rtf") {
        return refuse("a rich text document, not a spreadsheet", "Export the data as .xlsx or CSV");
    }
    if is_ebcdic(head) {
        return refuse(
            "text in EBCDIC, as mainframes and AS/400 keep it",
            "Transfer it again with conversion to ASCII or UTF-8, and audit that file",
        );
    }
    if looks_binary(head) {
        return refuse("not text and not a workbook this program knows", "Export the data as .xlsx or CSV");
    }
    Ok(Format::Text)
}

/// Control characters beyond the few that text has; UTF-16 without a mark keeps its zeros apart from them.
fn looks_binary(head: &[u8]) -> bool {
    let sample = &head[..head.len().min(8_192)];
    let control = sample
        .iter()
        .filter(|&&byte| byte < 32 && !matches!(byte, 0 | b'\t' | b'\n' | b'\r' | 0x0c | 0x1a | 0x1b))
        .count();
    let zeros = memchr::memchr_iter(0, sample).count();
    control * 50 > sample.len() || zeros * 10 > sample.len() * 6
}

/// Letters, digits, blanks and separators of EBCDIC make nearly all of the text, and hardly any byte is a letter of ASCII.
fn is_ebcdic(head: &[u8]) -> bool {
    let sample = &head[..head.len().min(8_192)];
    let share = |test: fn(u8) -> bool| sample.iter().filter(|&&byte| test(byte)).count();
    let text = share(|byte| {
        matches!(byte, 0x40 | 0x4b | 0x4d | 0x5d | 0x5e | 0x60 | 0x61 | 0x6b | 0x7f | 0x0d | 0x15 | 0x25
            | 0x81..=0x89 | 0x91..=0x99 | 0xa2..=0xa9 | 0xc1..=0xc9 | 0xd1..=0xd9 | 0xe2..=0xe9 | 0xf0..=0xf9)
    });
    let ascii = share(|byte| matches!(byte, b' ' | b'\n' | b'0'..=b'9' | b'e' | b'E' | b'n' | b'N'));
    sample.len() >= 64 && text * 20 >= sample.len() * 19 && ascii * 20 < sample.len()
}

fn recognize_zip(path: &Path, shown_as: &str) -> Result<Format, FileFault> {
    let fault = |what: String, next_step: &str| Err(FileFault::new(shown_as, what, next_step));
    let cut = "not a complete workbook: the archive is cut or damaged";
    let Ok(file) = File::open(path) else { return fault(cut.into(), "Get the file again") };
    let Ok(mut archive) = zip::ZipArchive::new(std::io::BufReader::new(file)) else {
        return fault(cut.into(), "Download or export the file again");
    };
    // A name that is not readable keeps its place.
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map_or_else(|_| String::new(), std::borrow::Cow::into_owned))
        .collect();
    let has = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    if has("xl/workbook.bin") {
        return Ok(Format::Book(BookFormat::Xlsb));
    }
    if has("xl/workbook.xml")
        || has("[Content_Types].xml") && names.iter().any(|name| name.contains("worksheets/"))
    {
        return Ok(Format::Xlsx);
    }
    if has("mimetype") {
        let kind = archive.by_name("mimetype").ok().and_then(|part| {
            let mut kind = String::new();
            part.take(200).read_to_string(&mut kind).ok().map(|_| kind)
        });
        if kind.is_some_and(|kind| kind.contains("opendocument.spreadsheet")) {
            return Ok(Format::Book(BookFormat::Ods));
        }
    }
    if has("word/document.xml") {
        return fault("a Word document, not a spreadsheet".into(), "Export the data as .xlsx or CSV");
    }
    if has("ppt/presentation.xml") {
        return fault(
            "a PowerPoint presentation, not a spreadsheet".into(),
            "Export the data as .xlsx or CSV",
        );
    }
    let numbered: Vec<(usize, String)> = names.iter().cloned().enumerate().collect();
    if let Some(index) = only_spreadsheet(&numbered) {
        return Ok(Format::Zipped(index));
    }
    let listed: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
    fault(
        format!("a zip archive holding {} files ({}), not a workbook", names.len(), listed.join(", ")),
        "Unpack it and audit the files inside",
    )
}

/// Old binary workbooks and encrypted new ones share the compound file format; the directory's names tell them apart.
fn recognize_compound(path: &Path, shown_as: &str) -> Result<Format, FileFault> {
    let mut bytes = Vec::new();
    if let Ok(mut file) = File::open(path) {
        // Directory entries stand anywhere; the first and the last 4 MiB hold them in any file seen.
        let _ = file.by_ref().take(4 << 20).read_to_end(&mut bytes);
        if file.seek(std::io::SeekFrom::End(-(4 << 20))).is_ok() {
            let _ = file.take(4 << 20).read_to_end(&mut bytes);
        }
    }
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(&bytes, &wide).is_some()
    };
    if !holds("EncryptedPackage") && (holds("Workbook") || holds("Book")) {
        return Ok(Format::Book(BookFormat::Xls));
    }
    let (what, next_step) = if holds("EncryptedPackage") {
        (
            "a password-protected workbook",
            "Open it in Excel, remove the password (File, Info, Protect Workbook), save it, and audit that file",
        )
    } else if holds("WordDocument") {
        ("a Word document, not a spreadsheet", "Export the data as .xlsx or CSV")
    } else {
        ("a compound file (OLE2) without a workbook in it", "Export the data as .xlsx or CSV")
    };
    Err(FileFault::new(shown_as, what, next_step))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(head: &[u8]) -> String {
        recognize(head, Path::new("/nonexistent"), "f")
            .map_or_else(|fault| fault.message().to_owned(), |_| "read".into())
    }

    #[test]
    fn content_decides_and_is_named() {
        for (head, named) in [
            (&b""[..], "empty"),
            (b"%PDF-1.7\n", "PDF"),
            (b"SQLite format 3\0", "SQLite"),
            (b"\x09\x08\x10\0\0\x06\x05\0", "bare records"),
            (b"\xc9\x95\xa5\x96\x89\x83\x85\x40\xd5\x96\x6b\xd3\x89\x95\x85\x6b\xd8\xa3\xa8\x6b\xe5\x81\x93\xa4\x85\x15\
               \xf1\xf2\xf3\xf4\x6b\xf1\x6b\xf5\x6b\xf9\xf9\x15\xf1\xf2\xf3\xf4\x6b\xf2\x6b\xf5\x6b\xf9\xf9\x15\
               \xf1\xf2\xf3\xf4\x6b\xf1\x6b\xf5\x6b\xf9\xf9\x15\xf1\xf2\xf3\xf4\x6b\xf2\x6b\xf5\x6b\xf9\xf9\x15", "EBCDIC"),
            (b"\x89PNG\r\n", "image"),
            (b"\x01\x02\x03\x04\x05\x06\x07\x08", "not text"),
            (b"PK\x03\x04garbage", "cut or damaged"),
        ] {
            assert!(refused(head).contains(named), "{named}: {}", refused(head));
        }
        for read in [
            &b"Invoice No,Line\n1,2\n"[..],
            b"<html><body><table>",
            b"\xef\xbb\xbf<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
            b"\x1f\x8b\x08\0",
        ] {
            assert_eq!(refused(read), "read");
        }
    }
}
