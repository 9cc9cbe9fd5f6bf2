//! `run.json`: what the run was, written last, with the digests of every other output.

use std::io::Write as _;
use std::path::Path;

use crate::run::RunRecord;

use super::Error;
use super::digest::HashedFile;

/// The file that makes a folder a finished run.
pub const FILE: &str = "run.json";

/// Writes the record; its `outputs` hold the digests by now.
///
/// # Errors
/// When the file cannot be written.
pub fn write(dir: &Path, run: &RunRecord) -> Result<(), Error> {
    let path = dir.join(FILE);
    let mut out = HashedFile::create(&path)?;
    serde_json::to_writer_pretty(&mut out, run)
        .map_err(std::io::Error::from)
        .and_then(|()| out.write_all(b"\n"))
        .and_then(|()| out.finish().map(drop))
        .map_err(|source| Error::io(&path, source))
}
