//! A paragraph of an entry as the reader knows it: the signs by which its goods are told, and what may speak against.

use super::lexicon::Concept;
use super::parameters::{Condition, QuantityId};
use super::reading::Confidence;
use crate::codes::{Eccn, ScheduleB};

/// A paragraph of one of the entries, or of a stricter neighbor.
#[derive(Debug, Clone)]
pub(super) struct Paragraph {
    /// The paragraph.
    pub(super) id: Eccn,
    /// What it covers, in our own words.
    pub(super) item: String,
    /// Its threshold in words; empty where it has none.
    pub(super) threshold: String,
    /// The paragraphs to which this one is the stricter neighbor.
    pub(super) neighbor_of: Vec<Eccn>,
    /// Paragraphs before which this one stands back: it covers what is not specified elsewhere.
    pub(super) yields_to: Vec<Eccn>,
    /// What to ask the engineer.
    pub(super) ask: String,
    /// Tariff headings that speak for it.
    pub(super) headings: Vec<String>,
    /// Tariff headings that point to it although the description says nothing.
    pub(super) alone: Vec<String>,
    /// The signs, any of which is enough.
    pub(super) signs: Vec<Sign>,
    /// Entries of neighbors under which a line is not asked about again.
    pub(super) fits: Vec<Eccn>,
}

/// What must come together in a description.
#[derive(Debug, Clone)]
pub(super) struct Sign {
    /// Concepts that must all be named, each with its alternatives; the first names the goods.
    pub(super) all: Vec<Vec<Concept>>,
    /// Concepts of which one must be named; empty where none need be.
    pub(super) any: Vec<Concept>,
    /// Concepts of which none may be named, except for what comes with the goods.
    pub(super) none: Vec<Concept>,
    /// Concepts of which none may be named at all.
    pub(super) never: Vec<Concept>,
    /// Conditions that the figures must meet.
    pub(super) figures: Vec<Condition>,
    /// Quantities of which there must be no figure.
    pub(super) absent: Vec<QuantityId>,
    /// Exclusions that do not count here.
    pub(super) allow: Vec<Concept>,
    /// How much the sign says.
    pub(super) confidence: Confidence,
}

impl Paragraph {
    /// The heading of a tariff code that speaks for the paragraph.
    pub(super) fn heading(&self, code: Option<&ScheduleB>) -> Option<&str> {
        heading(&self.headings, code).or_else(|| heading(&self.alone, code))
    }

    /// The heading of a tariff code that points to the paragraph by itself.
    pub(super) fn heading_alone(&self, code: Option<&ScheduleB>) -> Option<&str> {
        heading(&self.alone, code)
    }
}

fn heading<'p>(headings: &'p [String], code: Option<&ScheduleB>) -> Option<&'p str> {
    headings.iter().find(|heading| code.is_some_and(|code| code.starts_with(heading))).map(String::as_str)
}

/// A family of models of one maker.
#[derive(Debug, Clone)]
pub(super) struct Family {
    /// The maker.
    pub(super) maker: String,
    /// What such a model is.
    pub(super) is: Vec<Concept>,
    /// Figures of the model that a description need not repeat: quantity, and value in the base unit.
    pub(super) gives: Vec<(QuantityId, f64, String)>,
    /// Concepts of which one must stand in the description, for model numbers that could be anything.
    pub(super) near: Vec<Concept>,
    /// Whether the family was compared with a document of the maker.
    pub(super) verified: bool,
}

/// What a concept does in a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// It names goods, materials or properties.
    Names,
    /// It says that the goods are something else: why, and where it must stand to say so.
    Excludes {
        /// In words.
        why: String,
        /// Where.
        place: Place,
        /// The entries or paragraphs to which it speaks; empty for all.
        only: Vec<Eccn>,
    },
    /// What follows comes with the goods.
    With,
    /// What follows does not come with the goods.
    Without,
    /// What follows is what the goods are for.
    For,
    /// What stands before is what the goods are for.
    ForBehind,
    /// Joins a part to its whole: `joint de pompe`.
    Of,
    /// Stands for a model of this family.
    Model(usize),
}

/// Where an excluding word must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Anywhere but behind `with` and `for`.
    Anywhere,
    /// Anywhere, but not among the fittings of goods that are named and specified before.
    Apart,
    /// At the head: the first word, right behind the goods, or before them with `of` between.
    Head,
    /// Right behind the goods.
    Behind,
}
