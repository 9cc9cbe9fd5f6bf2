//! Why a file or a sheet could not be read, in words a user can act on.
//!
//! Faults of single rows are [`RowClass::Reject`](super::RowClass::Reject); those of cells belong to `values`.

use std::fmt;

/// A file that could not be read, or not to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFault {
    message: String,
}

impl FileFault {
    /// A fault of this file: what is wrong, and what to do next.
    pub fn new(file: &str, what: impl fmt::Display, next_step: &str) -> Self {
        let message = if next_step.is_empty() {
            format!("{file}: {what}")
        } else {
            format!("{file}: {what}. {next_step}")
        };
        Self { message }
    }

    /// A fault of one sheet of a file.
    pub fn of_sheet(file: &str, sheet: &str, what: impl fmt::Display, next_step: &str) -> Self {
        if sheet.is_empty() {
            return Self::new(file, what, next_step);
        }
        Self::new(&format!("{file}, sheet \"{sheet}\""), what, next_step)
    }

    /// A fault told by a reader in another process: its whole message.
    pub(crate) fn told(message: String) -> Self {
        Self { message }
    }

    /// The whole message.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for FileFault {}
