//! A finished run, read back from its folder: what `run.json` records, and the findings of `findings.jsonl`.
//!
//! Knows only the fields that comparing and verifying need, so that runs of other versions can still be read.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::finding::{Disposition, Evidence};
use crate::report::{FINDINGS_JSONL, run_json};
use crate::run::OptionFile;

/// The record of a finished run.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PastRun {
    /// The folder it stands in.
    #[serde(skip)]
    pub folder: PathBuf,
    /// What a reader calls it.
    #[serde(skip)]
    pub label: String,
    /// The program and its version.
    pub program: String,
    /// The arguments that repeat it; empty in runs of a program that did not record them.
    pub arguments: Vec<String>,
    /// The options that bear on the result.
    pub options: BTreeMap<String, String>,
    /// Files that options name.
    pub option_files: Vec<OptionFile>,
    /// The rules.
    pub rules: PastLaw,
    /// The list.
    pub list: PastLaw,
    /// Further lists screened against.
    pub further_lists: Vec<PastLaw>,
    /// The inputs.
    pub inputs: Vec<PastInput>,
    /// Totals.
    pub totals: PastTotals,
    /// Digests of the outputs, by file name.
    pub outputs: BTreeMap<String, String>,
    /// When it was made.
    pub when: String,
}

/// The rules or the list of a run.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PastLaw {
    /// Embedded, or the folder given.
    pub source: String,
    /// SHA-256 over the files.
    pub sha256: String,
    /// SHA-256 over the files by which descriptions are read; empty for a list.
    pub items_sha256: String,
    /// The last day the list answers for; empty for rules.
    pub as_of: String,
}

/// An input of a run.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PastInput {
    /// The file, as the report names it.
    pub file: String,
    /// Its path as given.
    pub path: String,
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// Why it could not be read.
    pub fault: Option<String>,
}

/// Totals of a run.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PastTotals {
    /// First date of export judged.
    pub first_date: String,
    /// Last date of export judged.
    pub last_date: String,
}

/// A finding of a run.
#[derive(Debug, Clone, Deserialize)]
pub struct PastFinding {
    /// Its id.
    pub finding_id: String,
    /// Its group.
    pub group_id: String,
    /// The code.
    pub code: String,
    /// The pattern found.
    pub name: String,
    /// What a person has to do.
    pub disposition: Disposition,
    /// `open`, or what a decision says.
    pub status: String,
    /// The file.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The row.
    pub row: u32,
    /// The document.
    pub document: String,
    /// The line.
    pub line: String,
    /// The date of export.
    pub date_of_export: String,
    /// The party.
    pub party_name: String,
    /// Its address.
    pub party_address: String,
    /// The entry's id.
    pub listed_entity_id: String,
    /// The entry's name.
    pub listed_entity: String,
    /// The name that matched.
    pub matched_name: String,
    /// The item.
    pub item: String,
    /// The entry or control pointed to.
    pub candidate_eccn: String,
    /// The value.
    pub value: String,
    /// Its currency.
    pub currency: String,
    /// The rule.
    pub rule: String,
    /// Since when rule or entry held.
    pub in_force_from: String,
    /// Citations.
    pub citations: String,
    /// Lines it stands for.
    #[serde(default)]
    pub lines: u64,
    /// The cells relied on.
    pub evidence: Vec<Evidence>,
    /// Digest of the evidence.
    pub evidence_digest: String,
    /// Digest of law and list.
    pub basis_digest: String,
}

impl PastRun {
    /// Reads the record of a finished run.
    ///
    /// # Errors
    /// The folder holds none, or it cannot be read; the message says what to do.
    pub fn open(folder: &Path) -> Result<Self, String> {
        let path = folder.join(run_json::FILE);
        let shown = folder.display();
        let bytes = std::fs::read(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                format!("{shown} holds no finished run: there is no run.json in it. Name the output folder of an audit.")
            }
            _ => format!("{} could not be read: {error}. Check the folder and its permissions.", path.display()),
        })?;
        let mut run: Self = serde_json::from_slice(&bytes).map_err(|error| {
            format!(
                "{} is not the record of a run ({error}): it was changed or cut short. Audit again, or restore the folder from your archive.",
                path.display()
            )
        })?;
        folder.clone_into(&mut run.folder);
        run.label = folder.display().to_string();
        Ok(run)
    }

    /// The findings in canonical order, each with the place in the file where it begins.
    ///
    /// # Errors
    /// The run wrote no `findings.jsonl`.
    pub fn findings(&self) -> Result<PastFindings, String> {
        let path = self.folder.join(FINDINGS_JSONL);
        let file = File::open(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => format!(
                "{} has no {FINDINGS_JSONL}: the run was made without that format. Audit again with jsonl among --formats.",
                self.folder.display()
            ),
            _ => format!("{} could not be read: {error}.", path.display()),
        })?;
        Ok(PastFindings { path, reader: BufReader::with_capacity(1 << 18, file), at: 0, line: Vec::new() })
    }
}

/// The findings of a run, one after the other.
#[derive(Debug)]
pub struct PastFindings {
    path: PathBuf,
    reader: BufReader<File>,
    at: u64,
    line: Vec<u8>,
}

impl PastFindings {
    /// The finding that begins at this place.
    ///
    /// # Errors
    /// The file cannot be read there.
    pub fn at(&mut self, place: u64) -> Result<PastFinding, String> {
        use std::io::{Seek as _, SeekFrom};
        self.reader.seek(SeekFrom::Start(place)).map_err(|error| self.unreadable(&error.to_string()))?;
        self.at = place;
        self.next()
            .unwrap_or_else(|| Err(self.unreadable("it is shorter than it was")))
            .map(|(_, finding)| finding)
    }

    fn unreadable(&self, why: &str) -> String {
        format!(
            "{} could not be read: {why}. Audit again, or restore it from your archive.",
            self.path.display()
        )
    }
}

impl Iterator for PastFindings {
    type Item = Result<(u64, PastFinding), String>;

    fn next(&mut self) -> Option<Self::Item> {
        self.line.clear();
        match self.reader.read_until(b'\n', &mut self.line) {
            Ok(0) => None,
            Ok(read) => {
                let place = self.at;
                self.at += read as u64;
                Some(
                    serde_json::from_slice(&self.line)
                        .map(|finding| (place, finding))
                        .map_err(|error| self.unreadable(&error.to_string())),
                )
            }
            Err(error) => Some(Err(self.unreadable(&error.to_string()))),
        }
    }
}
