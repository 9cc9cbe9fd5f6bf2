//! What the item is: descriptions, model numbers and tariff codes read against the paragraphs of six entries.
//!
//! The vocabulary, the thresholds and the model families stand in `data/items/`, a file an entry. A reading proposes
//! candidates and never decides a classification; what a line makes of it is `checks`'.

mod description;
mod evaluate;
mod files;
mod forms;
mod lexicon;
mod load;
#[cfg(test)]
mod panel_tests;
mod paragraph;
mod parameters;
mod parts;
mod pattern;
mod raw;
mod reading;
mod readings;
pub mod report;
mod search;
#[cfg(test)]
mod tests;
mod text;
mod zones;

use std::path::Path;

pub use reading::{Aside, Candidate, Confidence, Reading, SetAside};
pub use readings::Readings;

use crate::codes::ScheduleB;
use crate::rulebase::Problem;
use files::ItemFiles;
use lexicon::{Concept, Lexicon};
use paragraph::{Family, Paragraph, Role};
use parameters::{Pipes, Units};

/// Everything descriptions are read by.
#[derive(Debug, Clone, Default)]
pub struct Items {
    sha256: String,
    lexicon: Lexicon,
    roles: Vec<Role>,
    families: Vec<Family>,
    paragraphs: Vec<Paragraph>,
    /// The paragraphs of which a concept names the goods, by concept.
    paragraphs_of: Vec<Vec<usize>>,
    units: Units,
    pipes: Pipes,
}

impl Items {
    /// The vocabulary in the program.
    ///
    /// # Errors
    /// Every problem found, sorted by place; a released program has none.
    pub fn embedded() -> Result<Self, Vec<Problem>> {
        load::load(&ItemFiles::embedded())
    }

    /// The vocabulary in the folder `items` of a directory laid out like `data/`.
    ///
    /// # Errors
    /// Every problem found, sorted by place.
    pub fn from_dir(directory: &Path) -> Result<Self, Vec<Problem>> {
        load::load(&ItemFiles::from_dir(directory)?)
    }

    /// Reads a description; `model` is the item number of the record, which often is the maker's model. A pure function
    /// of its arguments.
    pub fn read(&self, description: &str, model: &str, code: Option<&ScheduleB>) -> Reading {
        evaluate::read(self, description, model, code)
    }

    /// What a concept does in a description.
    fn role(&self, concept: Concept) -> &Role {
        &self.roles[usize::from(concept)]
    }

    /// The paragraphs of which a concept names the goods.
    fn paragraphs_of(&self, concept: Concept) -> &[usize] {
        &self.paragraphs_of[usize::from(concept)]
    }

    /// SHA-256 over all files, in the order of their paths.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// How many terms and model numbers are known.
    pub fn terms(&self) -> usize {
        self.lexicon.len()
    }
}
