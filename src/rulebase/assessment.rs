//! The controls of a declared item that reach a country, as the checks read them.

use crate::effective::Date;

use super::ccl::Entry;
use super::control::{Basis, Control};

/// The controls of one item that reach, or may reach, one country.
#[derive(Debug, Clone)]
pub struct CclAssessment<'a> {
    /// The entry; none where the list has no such entry.
    pub entry: Option<&'a Entry>,
    /// The controls, certain ones first.
    pub controls: Vec<ControlHit<'a>>,
}

impl<'a> CclAssessment<'a> {
    /// Whether the exceptions that the entry itself opens are available, in words; empty for an unknown entry.
    pub fn list_based_exceptions(&self) -> String {
        self.entry.map(Entry::list_based_exceptions).unwrap_or_default()
    }

    /// The controls that apply for certain.
    pub fn certain(&self) -> impl Iterator<Item = &ControlHit<'a>> {
        self.controls.iter().filter(|hit| hit.certainty == Certainty::Applies)
    }
}

/// A control that reaches the country.
#[derive(Debug, Clone)]
pub struct ControlHit<'a> {
    pub(super) control: &'a Control,
    /// Since when the control was read; before that day nothing is claimed.
    pub known_from: Option<Date>,
    /// Since when the chart or the country groups were read.
    pub country_known_from: Option<Date>,
    /// Whether it applies to the declared item.
    pub certainty: Certainty,
}

impl<'a> ControlHit<'a> {
    /// The reason, `NS`.
    pub fn reason(&self) -> &'a str {
        &self.control.reason
    }

    /// The Country Chart column, `NS2`; empty where the chart does not decide.
    pub fn column(&self) -> &'a str {
        match &self.control.basis {
            Basis::Chart(column) => column,
            _ => "",
        }
    }

    /// Why it reaches the country, in words.
    pub fn basis(&self) -> String {
        match &self.control.basis {
            Basis::Chart(column) => format!("Country Chart column {column}"),
            Basis::Groups(_, text) => format!("Country Groups {text}"),
            Basis::Worldwide => "applies worldwide".to_owned(),
            Basis::Destinations => "destinations the entry names".to_owned(),
            Basis::Rule(rule) => format!("stands in the rule {rule}"),
            Basis::Other => "as the entry says, not by the Country Chart".to_owned(),
        }
    }

    /// Citations joined by `; `; empty where the Country Chart decides and the entry cites nothing.
    pub fn citations(&self) -> &'a str {
        &self.control.citations
    }
}

/// Whether a control applies to the item as declared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It does.
    Applies,
    /// It may, for the reason given in words.
    MayApply(String),
}
