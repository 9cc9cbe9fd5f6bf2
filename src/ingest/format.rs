//! What a file is, by its content. Its name is never asked.
//!
//! Formats this program does not read are refused by name, with what to do instead.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use super::fault::FileFault;

/// A format this program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Delimited text.
    Text,
    /// An XLSX or XLSM workbook.
    Xlsx,
}

impl Format {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "delimited text",
            Self::Xlsx => "Excel workbook (XLSX)",
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
        [0x1f, 0x8b, ..] => {
            return refuse("a gzip archive, not a spreadsheet", "Unpack it and audit the file inside");
        }
        [b'7', b'z', 0xbc, 0xaf, ..] => {
            return refuse("a 7-Zip archive, not a spreadsheet", "Unpack it and audit the files inside");
        }
        [b'R', b'a', b'r', b'!', ..] => {
            return refuse("a RAR archive, not a spreadsheet", "Unpack it and audit the files inside");
        }
        [b'%', b'P', b'D', b'F', ..] => {
            return refuse("a PDF document, not a spreadsheet", "Export the data itself as .xlsx or CSV");
        }
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => {
            return refuse("an image, not a spreadsheet", "Export the data itself as .xlsx or CSV");
        }
        [b'P', b'A', b'R', b'1', ..] => return refuse("a Parquet file", "Export it as CSV"),
        [0x09, 0x00 | 0x02 | 0x04, ..] => return refuse("a workbook of Excel 2 to 4", SAVE_AS),
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
        if holds(b"urn:schemas-microsoft-com:office:spreadsheet") {
            return refuse(
                "an XML spreadsheet of Excel 2003 (SpreadsheetML), whatever its name says",
                SAVE_AS,
            );
        }
        if holds(b"<html") || holds(b"<table") || holds(b"<!doctype html") {
            return refuse("a web page with a table (HTML), whatever its name says", SAVE_AS);
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

fn recognize_zip(path: &Path, shown_as: &str) -> Result<Format, FileFault> {
    let fault = |what: String, next_step: &str| Err(FileFault::new(shown_as, what, next_step));
    let cut = "not a complete workbook: the archive is cut or damaged";
    let Ok(file) = File::open(path) else { return fault(cut.into(), "Get the file again") };
    let Ok(mut archive) = zip::ZipArchive::new(std::io::BufReader::new(file)) else {
        return fault(cut.into(), "Download or export the file again");
    };
    let names: Vec<String> = archive.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
    let has = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    if has("xl/workbook.bin") {
        return fault("a binary Excel workbook (XLSB)".into(), SAVE_AS);
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
            return fault(
                "an OpenDocument spreadsheet (ODS)".into(),
                "Open it in LibreOffice or Excel, save it as .xlsx, and audit that file",
            );
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
    let (what, next_step) = if holds("EncryptedPackage") {
        (
            "a password-protected workbook",
            "Open it in Excel, remove the password (File, Info, Protect Workbook), save it, and audit that file",
        )
    } else if holds("Workbook") || holds("Book") {
        ("an old binary Excel workbook (XLS)", SAVE_AS)
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
            (b"<html><body><table>", "HTML"),
            (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", "2003"),
            (b"\x1f\x8b\x08\0", "gzip"),
            (b"\x89PNG\r\n", "image"),
            (b"\x01\x02\x03\x04\x05\x06\x07\x08", "not text"),
            (b"PK\x03\x04garbage", "cut or damaged"),
        ] {
            assert!(refused(head).contains(named), "{named}: {}", refused(head));
        }
        assert_eq!(refused(b"Invoice No,Line\n1,2\n"), "read");
    }
}
