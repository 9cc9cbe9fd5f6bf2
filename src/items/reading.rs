//! What a description was read to be: candidates with their evidence, and what was considered and set aside.

use std::fmt;

use crate::codes::Eccn;
use crate::printable::on_one_line;

/// How much speaks for a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Shown by `lookback item`, and too little to ask anybody.
    Hint,
    /// The tariff code alone, or a word that fits other goods as well.
    Low,
    /// The words fit, and a fact is missing.
    Medium,
    /// Words and figures fit.
    High,
}

impl Confidence {
    /// The word a report shows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The confidence of this name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::Hint, Self::Low, Self::Medium, Self::High].into_iter().find(|own| own.name() == name)
    }

    /// One step up, where something else speaks for it too.
    pub(super) fn raised(self) -> Self {
        match self {
            Self::Hint => Self::Hint,
            Self::Low => Self::Medium,
            Self::Medium | Self::High => Self::High,
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A paragraph that the item resembles.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The paragraph.
    pub paragraph: Eccn,
    /// What it covers, in words.
    pub item: String,
    /// How much speaks for it.
    pub confidence: Confidence,
    /// The words of the description that led there, as written.
    pub words: Vec<String>,
    /// The figures that met its thresholds, as written and converted.
    pub figures: Vec<String>,
    /// The tariff heading that speaks for it.
    pub heading: Option<String>,
    /// The maker whose model number led there, and whether the family was verified.
    pub model: Option<(String, bool)>,
    /// Its threshold in words; empty where it has none.
    pub threshold: String,
    /// The paragraphs out of which this stricter entry takes the item; empty for a paragraph of the entries concerned.
    pub neighbor_of: Vec<Eccn>,
    /// What to ask the engineer.
    pub ask: String,
    /// Entries under which the line would not be asked about.
    pub fits: Vec<Eccn>,
}

impl Candidate {
    /// Whether it belongs to a stricter entry than those concerned.
    pub fn is_neighbor(&self) -> bool {
        !self.neighbor_of.is_empty()
    }

    /// Why a candidate is one, in words: the evidence, never a decision.
    pub fn because(&self) -> String {
        let mut parts = Vec::new();
        if !self.words.is_empty() {
            let words: Vec<String> =
                self.words.iter().map(|word| format!("\"{}\"", on_one_line(word))).collect();
            parts.push(format!("the description says {}", words.join(", ")));
        }
        if let Some((maker, verified)) = &self.model {
            let mark = if *verified { "" } else { " (model family not verified)" };
            parts.push(format!("the model number is one of {maker}{mark}"));
        }
        if !self.figures.is_empty() {
            parts.push(format!("its figures: {}", on_one_line(&self.figures.join("; "))));
        }
        if let Some(heading) = &self.heading {
            let alone = if self.words.is_empty() { ", and nothing else points anywhere" } else { "" };
            parts.push(format!("the tariff code stands under {heading}{alone}"));
        }
        if self.threshold.is_empty() && !self.is_neighbor() {
            parts.push("the paragraph sets no threshold".to_owned());
        }
        parts.join("; ")
    }
}

/// Why a paragraph was considered and set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aside {
    /// A word says that the goods are something else.
    OtherGoods,
    /// The goods of the paragraph are named only as what these are for.
    OnlyFor,
    /// A figure does not meet the threshold.
    Figures,
    /// The threshold speaks of a figure that the description does not give.
    NoFigure,
    /// The tariff code points to it, and the description to something else.
    HeadingOnly,
}

/// A paragraph that was considered and set aside.
#[derive(Debug, Clone, PartialEq)]
pub struct SetAside {
    /// The paragraph.
    pub paragraph: Eccn,
    /// Why.
    pub aside: Aside,
    /// The word that named its goods.
    pub word: String,
    /// Why, in words.
    pub why: String,
}

/// What a description was read to be.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// The candidates, the likeliest first; neighbors before what they take the item out of.
    pub candidates: Vec<Candidate>,
    /// What was considered and set aside, in the order of the data.
    pub set_aside: Vec<SetAside>,
}

impl Reading {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.candidates.is_empty() && self.set_aside.is_empty()
    }

    /// The candidates that are enough to ask about.
    pub fn raised(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates.iter().filter(|candidate| candidate.confidence > Confidence::Hint)
    }

    /// About how many bytes it holds.
    pub fn weight(&self) -> usize {
        let candidate = |candidate: &Candidate| {
            size_of::<Candidate>()
                + candidate.item.len()
                + candidate.ask.len()
                + candidate.threshold.len()
                + candidate
                    .words
                    .iter()
                    .chain(&candidate.figures)
                    .map(|text| text.len() + size_of::<String>())
                    .sum::<usize>()
                + (candidate.fits.len() + candidate.neighbor_of.len()) * size_of::<Eccn>()
        };
        let aside = |aside: &SetAside| size_of::<SetAside>() + aside.word.len() + aside.why.len();
        size_of::<Self>()
            + self.candidates.iter().map(candidate).sum::<usize>()
            + self.set_aside.iter().map(aside).sum::<usize>()
    }
}
