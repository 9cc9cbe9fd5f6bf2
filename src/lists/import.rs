//! A whole download merged: every list it holds, each into its own table, written into a new folder.
//!
//! The Entity List stands in the folder itself, the others in folders named by their codes. Nothing is written unless all
//! of it can be.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::download::{Download, Listing};
use super::merge::{Merged, merged};
use super::questions::{self, Answers};
use super::report;
use super::tables::Tables;
use crate::effective::Date;
use crate::entity_list::{EntityList, ListName, Requirement};
use crate::places::Places;

/// What `lookback lists import` is asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// The download.
    pub file: PathBuf,
    /// The day of the download.
    pub as_of: Date,
    /// The folder to write, which must not exist or be empty.
    pub out: PathBuf,
    /// The list to merge into, where it is not the embedded one.
    pub base: Option<PathBuf>,
    /// Questions of an earlier import with their answers.
    pub answers: Option<PathBuf>,
}

/// A list to take from a download.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The list.
    pub list: ListName,
    /// The programs under which its rows count; where none are named all count.
    pub programs: Vec<String>,
    /// What needs a license to its parties, where its rows do not say it.
    pub requirement: Option<Requirement>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// What to tell.
    pub text: String,
    /// Whether a row could not be used, or a question is open.
    pub asks_for_a_person: bool,
}

/// Imports a download.
///
/// # Errors
/// Why nothing was imported; nothing is written then.
pub fn import(request: &Request, lists: &[Wanted]) -> Result<Imported, String> {
    let out = &request.out;
    if fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) || out.is_file() {
        return Err(format!("{} is there already. Name a new folder with -o.", out.display()));
    }
    let places = Places::embedded().map_err(|problems| problems.join("\n"))?;
    let answers = request.answers.as_deref().map_or_else(|| Ok(Answers::default()), Answers::read)?;
    let mut download = Download::read(&request.file)?;
    let mut without_program: BTreeMap<ListName, u64> = BTreeMap::new();
    let mut by_list: BTreeMap<ListName, Vec<Listing>> = BTreeMap::new();
    for listing in std::mem::take(&mut download.listings) {
        match lists.iter().find(|wanted| wanted.list == listing.list) {
            Some(wanted) if counts(&listing, &wanted.programs) => {
                by_list.entry(listing.list).or_default().push(listing);
            }
            Some(_) => *without_program.entry(listing.list).or_default() += 1,
            None => *download.unused.entry(listing.list.name().to_owned()).or_default() += 1,
        }
    }
    if !by_list.contains_key(&ListName::EntityList) {
        return Err(format!(
            "{} holds no row of the Entity List; take the whole Consolidated Screening List, CSV or JSON.",
            download.file
        ));
    }
    let mut merged_lists: Vec<Merged> = Vec::new();
    for wanted in lists {
        let before = base(request.base.as_deref(), wanted.list)?;
        let listings = by_list.remove(&wanted.list).unwrap_or_default();
        if listings.is_empty() && before.is_none() {
            continue;
        }
        let listings: Vec<&Listing> = listings.iter().collect();
        let mut merged = merged(wanted, before, &listings, request.as_of, &answers, &places)?;
        describe(&mut merged, wanted, &download, request.as_of);
        merged_lists.push(merged);
    }
    write(out, &merged_lists)?;
    Ok(report::of(request, &download, &without_program, &merged_lists))
}

/// Whether a row is of a program that counts; all are where none is named.
fn counts(listing: &Listing, programs: &[String]) -> bool {
    programs.is_empty() || listing.programs.iter().any(|program| programs.contains(program))
}

/// The table a list is merged into.
fn base(folder: Option<&Path>, list: ListName) -> Result<Option<Tables>, String> {
    let folder = match (folder, list) {
        (None, ListName::EntityList) => return Tables::embedded().map(Some),
        (None, _) => return Ok(None),
        (Some(folder), ListName::EntityList) => folder.to_owned(),
        (Some(folder), other) => folder.join(other.code()),
    };
    if list != ListName::EntityList && !folder.exists() {
        return Ok(None);
    }
    EntityList::from_dir(&folder).map_err(|problems| problems.join("\n"))?;
    Tables::from_dir(&folder).map(Some)
}

/// Says in the table what it was made from, and what it cannot know.
fn describe(merged: &mut Merged, wanted: &Wanted, download: &Download, as_of: Date) {
    let tables = &mut merged.tables;
    tables.sources.push(format!(
        "Consolidated Screening List download {} of {as_of}, {} rows, SHA-256 {}.",
        download.file, download.rows, download.sha256
    ));
    if merged.is_first && !wanted.programs.is_empty() {
        tables
            .limits
            .push(format!("Rows of the programs {} alone; others are left out.", wanted.programs.join(", ")));
    }
    if merged.is_first {
        tables.limits.push(format!(
            "Taken from the download of {as_of} alone: parties taken off the list before are missing, and for parties \
             without a day of listing in the download it is only known that they were on the list that day."
        ));
    } else {
        tables.limits.push(format!(
            "What changed by {as_of} is dated from the download: between it and the list before, days of removals and changes are \
             bounds."
        ));
    }
}

/// Writes all tables beside the folder and moves them there in one step.
fn write(out: &Path, lists: &[Merged]) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{} could not be written: {error}", out.display());
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(failed)?;
    let building = tempfile::Builder::new().prefix(".lookback-lists-").tempdir_in(parent).map_err(failed)?;
    let finished = building.path().join("lists");
    for merged in lists {
        let folder = match merged.tables.list {
            ListName::EntityList => finished.clone(),
            other => finished.join(other.code()),
        };
        fs::create_dir_all(&folder).map_err(failed)?;
        merged.tables.write(&folder)?;
        // What was written is a list that loads, or it is not left behind.
        EntityList::from_dir(&folder).map_err(|problems| problems.join("\n"))?;
    }
    let put = |name: &str, text: String| fs::write(finished.join(name), text).map_err(failed);
    put(report::FILE, report::csv_of(lists)?)?;
    let asked: Vec<_> = lists.iter().flat_map(|merged| merged.questions.clone()).collect();
    if !asked.is_empty() {
        put(questions::FILE, questions::csv_of(&asked)?)?;
    }
    if out.is_dir() {
        fs::remove_dir(out).map_err(failed)?;
    }
    fs::rename(&finished, out).map_err(failed)
}
