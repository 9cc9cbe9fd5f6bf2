//! The files of a rule base, embedded or in a directory, and the digest that pins them.
//!
//! Knows names and bytes; what the files say is read by the other modules.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::problem::Problem;

/// Which files there are besides the rules.
pub(super) const TABLES: [&str; 8] = [
    "ccl/controls.csv",
    "ccl/country_chart.csv",
    "ccl/country_groups.csv",
    "ccl/entries.csv",
    "license_codes.csv",
    "license_words.csv",
    "organizations.csv",
    "party_words.csv",
];

macro_rules! embed {
    ($($path:literal)*) => {
        &[$(($path, include_str!(concat!("../../data/", $path))),)*]
    };
}

const EMBEDDED: &[(&str, &str)] = embed! {
    "ccl/controls.csv"
    "ccl/country_chart.csv"
    "ccl/country_groups.csv"
    "ccl/entries.csv"
    "license_codes.csv"
    "license_words.csv"
    "organizations.csv"
    "party_words.csv"
    "rules/affiliates.toml"
    "rules/ccl-chart.toml"
    "rules/entity-list.toml"
    "rules/filing-exemption.toml"
    "rules/jurisdiction.toml"
    "rules/party-lists.toml"
    "rules/pk-exceptions-2024.toml"
    "rules/pk-rs-2024.toml"
    "rules/red-flags.toml"
    "rules/substituted-dates.toml"
};

/// One file of the rule base.
#[derive(Debug, Clone)]
pub(super) struct RuleFile {
    /// Its path within the rule base, with `/`.
    pub(super) path: String,
    /// Its text.
    pub(super) text: String,
}

/// The files of a rule base in the order of their paths.
#[derive(Debug, Clone)]
pub(super) struct RuleFiles {
    /// Where they came from, in words.
    pub(super) source: String,
    files: Vec<RuleFile>,
}

impl RuleFiles {
    /// The files in the program.
    pub(super) fn embedded() -> Self {
        let mut files: Vec<_> = EMBEDDED
            .iter()
            .map(|(path, text)| RuleFile { path: (*path).to_owned(), text: (*text).to_owned() })
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { source: "embedded".to_owned(), files }
    }

    /// The files of a directory laid out like `data/`; other files there are no part of the rule base.
    pub(super) fn from_dir(directory: &Path) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut paths: Vec<String> = TABLES.iter().map(|path| (*path).to_owned()).collect();
        match fs::read_dir(directory.join("rules")) {
            Ok(entries) => {
                for entry in entries.flatten() {
                    let name = entry.file_name().to_string_lossy().into_owned();
                    if Path::new(&name).extension().is_some_and(|extension| extension == "toml") {
                        paths.push(format!("rules/{name}"));
                    }
                }
            }
            Err(error) => problems.push(Problem::with_file(
                "rules",
                format!(
                    "the folder cannot be read ({error}); a rule base is laid out like the program's own `data` \
                     folder, with a folder `rules`"
                ),
            )),
        }
        paths.sort();
        let mut files = Vec::new();
        for path in paths {
            match fs::read_to_string(directory.join(&path)) {
                // An editor's byte order mark and line ends are no part of the law.
                Ok(text) => files
                    .push(RuleFile { text: text.trim_start_matches('\u{feff}').replace("\r\n", "\n"), path }),
                Err(error) => problems.push(Problem::with_file(
                    &path,
                    format!(
                        "the file cannot be read ({error}); copy it from the program's own `data` folder"
                    ),
                )),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self { source: directory.display().to_string(), files })
    }

    /// The file at a path; an empty one where there is none, which its reader reports.
    pub(super) fn table(&self, path: &'static str) -> (&'static str, &str) {
        let text = self.files.iter().find(|file| file.path == path).map_or("", |file| file.text.as_str());
        (path, text)
    }

    /// The rule files.
    pub(super) fn rules(&self) -> impl Iterator<Item = &RuleFile> {
        self.files.iter().filter(|file| file.path.starts_with("rules/"))
    }

    /// The same files with one replaced or added, for tests of what is wrong with it.
    #[cfg(test)]
    pub(super) fn with(mut self, path: &str, text: &str) -> Self {
        self.files.retain(|file| file.path != path);
        self.files.push(RuleFile { path: path.to_owned(), text: text.to_owned() });
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

    fn data() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
    }

    #[test]
    fn every_file_of_the_data_folder_is_embedded() {
        let embedded = RuleFiles::embedded();
        let on_disk = RuleFiles::from_dir(&data()).unwrap();
        let paths = |files: &RuleFiles| files.files.iter().map(|f| f.path.clone()).collect::<Vec<_>>();
        assert_eq!(paths(&embedded), paths(&on_disk));
        assert_eq!(embedded.sha256(), on_disk.sha256());
    }

    #[test]
    fn a_folder_without_rules_says_what_is_missing() {
        let empty = tempfile::tempdir().unwrap();
        let problems = RuleFiles::from_dir(empty.path()).unwrap_err();
        assert_eq!(problems.len(), 1 + TABLES.len());
        assert!(problems[0].message.contains("laid out like the program's own `data` folder"));
    }
}
