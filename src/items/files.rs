//! The files of `data/items/`, embedded or in a directory, and the digest that pins them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::load::{COMMON, PIPES, UNITS};
use crate::rulebase::Problem;

macro_rules! embed {
    ($($path:literal)*) => {
        &[$(($path, include_str!(concat!("../../data/", $path))),)*]
    };
}

const EMBEDDED: &[(&str, &str)] = embed! {
    "items/1B999.toml"
    "items/2A992.toml"
    "items/2B999.toml"
    "items/3A992.toml"
    "items/3A999.toml"
    "items/6A996.toml"
    "items/common.toml"
    "items/pipes.toml"
    "items/units.toml"
};

/// One file.
#[derive(Debug, Clone)]
pub(super) struct ItemFile {
    /// Its path within the data, with `/`.
    pub(super) path: String,
    /// Its text.
    pub(super) text: String,
}

/// The files in the order of their paths.
#[derive(Debug, Clone)]
pub(super) struct ItemFiles {
    files: Vec<ItemFile>,
}

impl ItemFiles {
    /// The files in the program.
    pub(super) fn embedded() -> Self {
        let files = EMBEDDED
            .iter()
            .map(|(path, text)| ItemFile { path: (*path).to_owned(), text: (*text).to_owned() });
        Self { files: files.collect() }
    }

    /// The files of the folder `items` in a directory laid out like `data/`.
    pub(super) fn from_dir(directory: &Path) -> Result<Self, Vec<Problem>> {
        let folder = directory.join("items");
        let mut problems = Vec::new();
        let mut paths: Vec<String> = [COMMON, PIPES, UNITS].map(str::to_owned).into();
        match fs::read_dir(&folder) {
            Ok(entries) => {
                for entry in entries.flatten() {
                    let name = entry.file_name().to_string_lossy().into_owned();
                    let path = format!("items/{name}");
                    if Path::new(&name).extension().is_some_and(|ending| ending == "toml")
                        && !paths.contains(&path)
                    {
                        paths.push(path);
                    }
                }
            }
            Err(error) => problems.push(Problem::with_file(
                "items",
                format!("the folder cannot be read ({error}); copy it from the program's own `data` folder"),
            )),
        }
        paths.sort();
        let mut files = Vec::new();
        let paths = if problems.is_empty() { paths } else { Vec::new() };
        for path in paths {
            match fs::read_to_string(directory.join(&path)) {
                Ok(text) => files.push(ItemFile { text: text.replace("\r\n", "\n"), path }),
                Err(error) => {
                    problems.push(Problem::with_file(&path, format!("the file cannot be read ({error})")));
                }
            }
        }
        if problems.is_empty() { Ok(Self { files }) } else { Err(problems) }
    }

    /// The text of a file; empty where there is none.
    pub(super) fn text(&self, path: &str) -> &str {
        self.files.iter().find(|file| file.path == path).map_or("", |file| file.text.as_str())
    }

    /// The files that describe an entry each.
    pub(super) fn entries(&self) -> impl Iterator<Item = &ItemFile> {
        self.files.iter().filter(|file| ![COMMON, PIPES, UNITS].contains(&file.path.as_str()))
    }

    /// The same files with one replaced or added, for tests of what is wrong with it.
    #[cfg(test)]
    pub(super) fn with(mut self, path: &str, text: &str) -> Self {
        self.files.retain(|file| file.path != path);
        self.files.push(ItemFile { path: path.to_owned(), text: text.to_owned() });
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self
    }

    /// SHA-256 over path and text of every file, each preceded by its length.
    pub(super) fn sha256(&self) -> String {
        let mut digest = Sha256::new();
        for file in &self.files {
            for part in [file.path.as_bytes(), file.text.as_bytes()] {
                digest.update((part.len() as u64).to_le_bytes());
                digest.update(part);
            }
        }
        digest.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_embedded() {
        let on_disk = ItemFiles::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data")).unwrap();
        assert_eq!(ItemFiles::embedded().sha256(), on_disk.sha256());
    }

    #[test]
    fn a_folder_without_items_says_what_is_missing() {
        let empty = tempfile::tempdir().unwrap();
        let problems = ItemFiles::from_dir(empty.path()).unwrap_err();
        assert!(problems[0].message.contains("copy it from the program's own `data` folder"), "{problems:?}");
    }
}
