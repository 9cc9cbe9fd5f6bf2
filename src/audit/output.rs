//! The output folder: built beside its place and renamed when all is done, so that the last good report stays.

use std::fs;
use std::path::{Path, PathBuf};

use super::Error;
use crate::report::run_json;

/// A folder being filled. Dropped before it is finished, it leaves nothing behind.
pub(super) struct OutputFolder {
    place: PathBuf,
    building: Option<tempfile::TempDir>,
    replace: bool,
}

impl OutputFolder {
    /// Checks that the report may stand at `place`, and begins a folder beside it.
    pub(super) fn begin(place: &Path, replace: bool) -> Result<Self, Error> {
        refuse_occupied(place, replace)?;
        let parent = match place.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        fs::create_dir_all(&parent).map_err(|source| Error::Output { path: parent.clone(), source })?;
        let building = tempfile::Builder::new()
            .prefix(".lookback-")
            .suffix(".partial")
            .tempdir_in(&parent)
            .map_err(|source| Error::Output { path: parent, source })?;
        Ok(Self { place: place.to_owned(), building: Some(building), replace })
    }

    /// Where to write.
    pub(super) fn path(&self) -> &Path {
        self.building.as_ref().map_or(&self.place, |building| building.path())
    }

    /// Puts the finished folder in its place; a finished run there becomes `.previous`.
    pub(super) fn finish(mut self) -> Result<PathBuf, Error> {
        let failed = |source| Error::Output { path: self.place.clone(), source };
        // The place may have been taken while the audit ran.
        refuse_occupied(&self.place, self.replace)?;
        let Some(building) = self.building.take() else { return Ok(self.place.clone()) };
        let built = building.keep();
        readable_by_all_who_may(&built).map_err(failed)?;
        let result = (|| {
            if self.place.exists() {
                if self.place.join(run_json::FILE).exists() {
                    let previous = previous(&self.place);
                    if previous.exists() {
                        fs::remove_dir_all(&previous)?;
                    }
                    fs::rename(&self.place, &previous)?;
                } else {
                    fs::remove_dir(&self.place)?;
                }
            }
            fs::rename(&built, &self.place)
        })();
        if let Err(source) = result {
            // What was built is of no use under its temporary name; what stood there before is untouched or `.previous`.
            let _ = fs::remove_dir_all(&built);
            if !self.place.exists() && previous(&self.place).exists() {
                let _ = fs::rename(previous(&self.place), &self.place);
            }
            return Err(failed(source));
        }
        Ok(self.place.clone())
    }
}

/// Temporary folders are made for their owner alone; a report is for whoever may read the folder around it.
#[cfg(unix)]
fn readable_by_all_who_may(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn readable_by_all_who_may(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn previous(place: &Path) -> PathBuf {
    let mut name = place.file_name().map(std::ffi::OsStr::to_os_string).unwrap_or_default();
    name.push(".previous");
    place.with_file_name(name)
}

fn refuse_occupied(place: &Path, replace: bool) -> Result<(), Error> {
    if place.is_file() {
        return Err(Error::OutputIsFile(place.to_owned()));
    }
    if !place.is_dir() {
        return Ok(());
    }
    if place.join(run_json::FILE).exists() {
        return if replace { Ok(()) } else { Err(Error::OutputFinished(place.to_owned())) };
    }
    let empty = fs::read_dir(place)
        .map_err(|source| Error::Output { path: place.to_owned(), source })?
        .next()
        .is_none();
    if empty { Ok(()) } else { Err(Error::OutputOccupied(place.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finished_run_is_kept_as_previous_and_a_strange_folder_is_refused() {
        let around = tempfile::tempdir().unwrap();
        let place = around.path().join("out");
        fs::create_dir(&place).unwrap();
        fs::write(place.join("notes.txt"), "mine").unwrap();
        assert!(matches!(OutputFolder::begin(&place, true), Err(Error::OutputOccupied(_))));

        fs::write(place.join(run_json::FILE), "{}").unwrap();
        assert!(matches!(OutputFolder::begin(&place, false), Err(Error::OutputFinished(_))));
        let folder = OutputFolder::begin(&place, true).unwrap();
        fs::write(folder.path().join(run_json::FILE), "{\"new\":1}").unwrap();
        folder.finish().unwrap();
        assert_eq!(fs::read_to_string(place.join(run_json::FILE)).unwrap(), "{\"new\":1}");
        assert!(around.path().join("out.previous/notes.txt").exists());
    }

    #[test]
    fn an_unfinished_folder_leaves_nothing() {
        let around = tempfile::tempdir().unwrap();
        let place = around.path().join("out");
        drop(OutputFolder::begin(&place, false).unwrap());
        assert_eq!(fs::read_dir(around.path()).unwrap().count(), 0);
    }
}
