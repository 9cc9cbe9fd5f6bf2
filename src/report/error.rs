//! Why a report could not be written, and what the user does next.

use std::io;
use std::path::{Path, PathBuf};

/// A file of the report that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{path} could not be written: {reason}. {next}", path = path.display())]
pub struct Error {
    path: PathBuf,
    reason: String,
    next: &'static str,
    source: Option<io::Error>,
}

impl Error {
    /// The operating system refused.
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        let (reason, next) = match source.kind() {
            _ if is_full(&source) => (
                "the disk is full".to_owned(),
                "Free some space or name a folder on another disk with -o, then run the audit again.",
            ),
            io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::ResourceBusy => (
                "it is open in another program, or the folder may not be written to".to_owned(),
                "Close it in Excel, or name another folder with -o, then run the audit again.",
            ),
            io::ErrorKind::NotFound => (
                "its folder is no longer there".to_owned(),
                "Leave the output folder alone while the audit runs, then run it again.",
            ),
            // Windows: a sharing violation, and a lock on part of the file.
            _ if cfg!(windows) && matches!(source.raw_os_error(), Some(32 | 33)) => {
                ("it is open in another program".to_owned(), "Close it in Excel, then run the audit again.")
            }
            _ => (
                source.to_string(),
                "Check the disk, or name another folder with -o, then run the audit again.",
            ),
        };
        Self { path: path.to_owned(), reason, next, source: Some(source) }
    }

    /// Why, without what to do next.
    pub(crate) fn reason(&self) -> &str {
        &self.reason
    }

    /// A temporary file beside the file could not be written.
    pub(super) fn temporary(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            reason: "a temporary file beside it could not be written, most often because the disk is full"
                .to_owned(),
            next: "Free some space or name a folder on another disk with -o, then run the audit again.",
            source: None,
        }
    }

    /// The content could not be expressed in the format: a fault of this program.
    pub(super) fn content(path: &Path, reason: String) -> Self {
        Self {
            path: path.to_owned(),
            reason,
            next: "This is a fault of the program: leave the format out with --formats, and please report it.",
            source: None,
        }
    }
}

/// Whether there was no room: on the disk, within a quota, or under a limit on the size of files.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

impl From<(&Path, csv::Error)> for Error {
    fn from((path, error): (&Path, csv::Error)) -> Self {
        let text = error.to_string();
        match error.into_kind() {
            csv::ErrorKind::Io(source) => Self::io(path, source),
            _ => Self::content(path, text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_file_and_the_next_step() {
        let full = Error::io(Path::new("out/report.xlsx"), io::Error::from(io::ErrorKind::StorageFull));
        let text = full.to_string();
        assert!(
            text.contains("report.xlsx") && text.contains("disk is full") && text.contains("-o"),
            "{text}"
        );
        let locked = Error::io(Path::new("findings.csv"), io::Error::from(io::ErrorKind::PermissionDenied));
        assert!(locked.to_string().contains("Excel"), "{locked}");
    }
}
