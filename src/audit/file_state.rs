//! Whether a file is still what it was: by its size, and by when it was last written.

use std::path::Path;
use std::time::SystemTime;

/// What a file was at a moment; none of it where the system would not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct FileState(Option<(u64, SystemTime)>);

impl FileState {
    /// What the file is now.
    pub(super) fn of(path: &Path) -> Self {
        let metadata = std::fs::metadata(path);
        Self(metadata.and_then(|metadata| Ok((metadata.len(), metadata.modified()?))).ok())
    }
}
