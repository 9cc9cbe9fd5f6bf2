//! Turns the files of `data/items/` into what reads descriptions, or into the list of everything wrong with them.

mod entry;
mod measures;
mod models;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;

use super::Items;
use super::files::{ItemFile, ItemFiles};
use super::lexicon::Concept;
use super::paragraph::Role;
use super::raw::RawEntry;
use crate::codes::Eccn;
use crate::rulebase::{Problem, place};

/// The files that are no entry.
pub(super) const COMMON: &str = "items/common.toml";
pub(super) const UNITS: &str = "items/units.toml";
pub(super) const PIPES: &str = "items/pipes.toml";

/// Loads everything.
pub(super) fn load(files: &ItemFiles) -> Result<Items, Vec<Problem>> {
    let mut loading = Loading { complete: true, ..Loading::default() };
    loading.units(files);
    loading.pipes(files);
    loading.common(files);
    let entries: Vec<(&ItemFile, RawEntry)> = files
        .entries()
        .filter_map(|file| Some((file, loading.parse::<RawEntry>(&file.path, &file.text)?)))
        .collect();
    // All concepts first: a sign may name one that another entry's file explains.
    for (file, entry) in &entries {
        loading.at(file);
        loading.terms(&entry.terms);
    }
    for (file, entry) in &entries {
        loading.at(file);
        loading.entry(entry);
    }
    // What a file that could not be read would have named is no problem of the others.
    loading.complete &= entries.len() == files.entries().count();
    loading.finish(files)
}

/// What was read so far.
#[derive(Default)]
struct Loading {
    items: Items,
    concepts: BTreeMap<String, Concept>,
    used: BTreeSet<Concept>,
    /// Where lists of terms are defined: file and offset.
    defined: Vec<(Concept, String, usize)>,
    problems: Vec<Problem>,
    complete: bool,
    file: String,
    text: String,
}

impl Loading {
    fn at(&mut self, file: &ItemFile) {
        self.file.clone_from(&file.path);
        self.text.clone_from(&file.text);
    }

    fn problem(&mut self, offset: usize, message: impl Into<String>) {
        let (line, column) = place(&self.text, offset);
        self.problems.push(Problem::at(&self.file, line, column, message));
    }

    fn parse<T: DeserializeOwned>(&mut self, path: &str, text: &str) -> Option<T> {
        path.clone_into(&mut self.file);
        text.clone_into(&mut self.text);
        match toml::from_str(text) {
            Ok(raw) => Some(raw),
            Err(error) => {
                let offset = error.span().map_or(0, |span| span.start);
                self.problem(offset, format!("{}; see the field table in README.md", error.message()));
                None
            }
        }
    }

    fn finish(mut self, files: &ItemFiles) -> Result<Items, Vec<Problem>> {
        for (concept, file, offset) in &self.defined {
            if self.complete && !self.used.contains(concept) {
                let (line, column) = place(files.text(file), *offset);
                let name = self.concepts.iter().find(|(_, own)| *own == concept).map_or("", |(name, _)| name);
                let message = format!("no paragraph and no family uses the terms `{name}`");
                self.problems.push(Problem::at(file, line, column, message));
            }
        }
        let known: Vec<Eccn> = self.items.paragraphs.iter().map(|paragraph| paragraph.id.clone()).collect();
        for paragraph in &self.items.paragraphs {
            for other in paragraph.neighbor_of.iter().chain(&paragraph.yields_to) {
                if self.complete && !known.iter().any(|own| own.is_within(other)) {
                    let message = format!("{} speaks of {other}, which no file describes", paragraph.id);
                    self.problems.push(Problem::with_file("items", message));
                }
            }
        }
        self.problems.sort();
        self.problems.dedup();
        if self.problems.is_empty() {
            self.items.lexicon.finish();
            self.items.paragraphs_of = paragraphs_of(&self.items);
            self.items.sha256 = files.sha256();
            Ok(self.items)
        } else {
            Err(self.problems)
        }
    }
}

/// The paragraphs of which each concept names the goods: directly, or as a model that is such goods.
fn paragraphs_of(items: &Items) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new(); items.roles.len()];
    for (index, paragraph) in items.paragraphs.iter().enumerate() {
        for goods in paragraph.signs.iter().filter_map(|sign| sign.all.first()).flatten() {
            all[usize::from(*goods)].push(index);
        }
    }
    for (concept, role) in items.roles.iter().enumerate() {
        let Role::Model(family) = role else { continue };
        let goods = items.families[*family].is.iter();
        all[concept] = goods.flat_map(|goods| all[usize::from(*goods)].clone()).collect();
    }
    for paragraphs in &mut all {
        paragraphs.sort_unstable();
        paragraphs.dedup();
    }
    all
}
