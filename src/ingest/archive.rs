//! A spreadsheet packed in gzip or zip, unpacked into a temporary file under the limits of size.

use std::fs::File;
use std::io::{BufReader, Read, Write as _};
use std::path::Path;

use tempfile::{NamedTempFile, TempPath};

use super::fault::FileFault;
use super::format::Format;
use super::limits::{Limits, RAISE};
use super::package::GET_AGAIN;

/// Unpacks the file; its temporary copy is gone when the path is dropped.
pub(crate) fn unpack(
    format: Format,
    path: &Path,
    shown_as: &str,
    limits: Limits,
) -> Result<TempPath, FileFault> {
    let file = File::open(path).map_err(|error| super::unreadable(shown_as, &error))?;
    let packed = file.metadata().map_or(0, |metadata| metadata.len());
    let input = BufReader::with_capacity(1 << 16, file);
    match format {
        Format::Zipped(index) => {
            let damaged = |error: zip::result::ZipError| {
                FileFault::new(shown_as, format!("the archive is damaged ({error})"), GET_AGAIN)
            };
            let mut archive = zip::ZipArchive::new(input).map_err(damaged)?;
            if archive.by_index_raw(index).map_err(damaged)?.encrypted() {
                return Err(FileFault::new(
                    shown_as,
                    "a password-protected zip archive",
                    "Unpack it with its password and audit the file inside",
                ));
            }
            let part = archive.by_index(index).map_err(damaged)?;
            copy(part, packed, shown_as, limits)
        }
        _ => copy(flate2::bufread::MultiGzDecoder::new(input), packed, shown_as, limits),
    }
}

fn copy(mut input: impl Read, packed: u64, shown_as: &str, limits: Limits) -> Result<TempPath, FileFault> {
    let failed = |error: std::io::Error| {
        let what = format!("it could not be unpacked into the temporary folder ({error})");
        FileFault::new(shown_as, what, "Free some space, or set TMPDIR to another folder")
    };
    let mut unpacked = NamedTempFile::new().map_err(failed)?;
    let mut block = vec![0; 1 << 18];
    let mut size = 0;
    loop {
        let count = input.read(&mut block).map_err(|error| {
            let what =
                format!("the archive is cut, or its checksum does not match ({error}); 0 lines audited");
            FileFault::new(shown_as, what, GET_AGAIN)
        })?;
        if count == 0 {
            break;
        }
        size += count as u64;
        if limits.is_bomb(size, packed) || size > limits.unpacked() {
            let what = format!(
                "it unpacks to more than {} MiB from {} KiB: too large to be read safely",
                size >> 20,
                packed >> 10
            );
            return Err(FileFault::new(shown_as, what, RAISE));
        }
        unpacked.write_all(&block[..count]).map_err(failed)?;
    }
    unpacked.flush().map_err(failed)?;
    Ok(unpacked.into_temp_path())
}

/// The one file in a zip archive that may be a spreadsheet: the only one, or the only one with such an ending.
pub(crate) fn only_spreadsheet(names: &[(usize, String)]) -> Option<usize> {
    const ENDINGS: [&str; 10] = ["csv", "tsv", "txt", "dat", "asc", "xls", "xlsx", "xlsm", "xlsb", "ods"];
    let files: Vec<&(usize, String)> = names
        .iter()
        .filter(|(_, name)| {
            let last = name.rsplit('/').next().unwrap_or_default();
            !last.is_empty() && !last.starts_with('.') && !name.starts_with("__MACOSX/")
        })
        .collect();
    let spreadsheets: Vec<&&(usize, String)> = files
        .iter()
        .filter(|(_, name)| {
            let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
            ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
        })
        .collect();
    match (files.as_slice(), spreadsheets.as_slice()) {
        ([only], _) => Some(only.0),
        (_, [only]) => Some(only.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spreadsheet_in_an_archive_is_found() {
        let named = |names: &[&str]| -> Vec<(usize, String)> {
            names.iter().map(|name| (*name).to_owned()).enumerate().collect()
        };
        assert_eq!(
            only_spreadsheet(&named(&["out/", "out/EXPORT.CSV", "__MACOSX/out/._EXPORT.CSV"])),
            Some(1)
        );
        assert_eq!(only_spreadsheet(&named(&["readme.md", "a.xlsx"])), Some(1));
        assert_eq!(only_spreadsheet(&named(&["export"])), Some(0));
        assert_eq!(only_spreadsheet(&named(&["a.csv", "b.csv"])), None);
    }
}
