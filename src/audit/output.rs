//! The output folder: built beside its place and renamed when all is done, so that the last good report stays.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Error;
use crate::report::{self, run_json};

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
        fs::create_dir_all(&parent).map_err(|source| failed(place, source))?;
        let building = tempfile::Builder::new()
            .prefix(".lookback-")
            .suffix(".partial")
            .tempdir_in(&parent)
            .map_err(|source| failed(place, source))?;
        Ok(Self { place: place.to_owned(), building: Some(building), replace })
    }

    /// Where to write.
    pub(super) fn path(&self) -> &Path {
        self.building.as_ref().map_or(&self.place, |building| building.path())
    }

    /// Puts the finished folder in its place; a finished run there becomes `.previous`.
    pub(super) fn finish(mut self) -> Result<PathBuf, Error> {
        let place = self.place.clone();
        let Some(building) = self.building.take() else { return Ok(place) };
        let built = building.keep();
        // The place may have been taken while the audit ran.
        let put = refuse_occupied(&place, self.replace).map_err(|error| error.to_string()).and_then(|()| {
            put(&built, &place).map_err(|source| {
                format!(
                    "{} could not be replaced: {}",
                    place.display(),
                    report::Error::io(&place, source).reason()
                )
            })
        });
        let Err(why) = put else { return Ok(place) };
        // An hour of work is not thrown away because the old report is open somewhere.
        let why = why.trim_end_matches('.').to_owned();
        let kept = (1..100).map(|number| beside(&place, number)).find(|kept| !kept.exists());
        match kept.filter(|kept| fs::rename(&built, kept).is_ok()) {
            Some(kept) => Err(Error::KeptBeside { why, kept }),
            None => Err(failed(&place, io::Error::from(io::ErrorKind::NotFound))),
        }
    }
}

fn failed(path: &Path, source: io::Error) -> Error {
    report::Error::io(path, source).into()
}

/// Puts the folder in its place; what stood there is untouched, or becomes `.previous`, whatever happens.
fn put(built: &Path, place: &Path) -> io::Result<()> {
    readable_by_all_who_may(built)?;
    let previous = previous(place);
    let moves_away = place.join(run_json::FILE).exists();
    if moves_away {
        if previous.exists() {
            fs::remove_dir_all(&previous)?;
        }
        fs::rename(place, &previous)?;
    } else if place.exists() {
        fs::remove_dir(place)?;
    }
    fs::rename(built, place).inspect_err(|_| {
        if moves_away {
            let _ = fs::rename(&previous, place);
        }
    })
}

/// Where a report stands that could not be put in its place.
fn beside(place: &Path, number: u32) -> PathBuf {
    let mut name = place.file_name().map(std::ffi::OsStr::to_os_string).unwrap_or_default();
    name.push(".new");
    if number > 1 {
        name.push(number.to_string());
    }
    place.with_file_name(name)
}

/// Temporary folders are made for their owner alone; a report is for whoever may read the folder around it.
#[cfg(unix)]
fn readable_by_all_who_may(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn readable_by_all_who_may(_: &Path) -> io::Result<()> {
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
    let empty = fs::read_dir(place).map_err(|source| failed(place, source))?.next().is_none();
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
