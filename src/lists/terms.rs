//! The terms of an entry through an import: license requirement, exception left open, review policy.
//!
//! A term that changed leaves what stood before in the history; a text in words that are not known makes its term unknown
//! and is told, once. How the words read is `wording`'s.

use super::change::Kind;
use super::download::Listing;
use super::merge::Merge;
use super::tables::{Column, EntryRows};
use super::wording::{self, Of, Reading};
use crate::entity_list::ListName;
use crate::entity_list::layout::{
    EXCEPTION_NOT_READ, EXCEPTION_OPEN, POLICY_NOT_READ, REQUIREMENT, REQUIREMENT_NOT_READ, REVIEW_POLICY,
    UNKNOWN,
};

/// One of the terms of an entry, as the tables keep it and as the history calls it.
pub(super) struct Term {
    column: Column,
    /// The sections its text cites, where the tables keep them.
    cited: Option<Column>,
    what: &'static str,
    not_read: &'static str,
}

pub(super) const REQUIREMENT_TERM: Term = Term {
    column: Column::Requirement,
    cited: Some(Column::RequirementSections),
    what: REQUIREMENT,
    not_read: REQUIREMENT_NOT_READ,
};

pub(super) const EXCEPTION_TERM: Term =
    Term { column: Column::ExceptionOpen, cited: None, what: EXCEPTION_OPEN, not_read: EXCEPTION_NOT_READ };

pub(super) const POLICY_TERM: Term = Term {
    column: Column::ReviewPolicy,
    cited: Some(Column::ReviewSections),
    what: REVIEW_POLICY,
    not_read: POLICY_NOT_READ,
};

/// Puts a code in the place of another; answers how both stand in the history, and nothing where they are the same.
fn replaced(entry: &mut EntryRows, term: &Term, code: &str, text: &str) -> Option<(String, String)> {
    if entry.get(term.column) == code {
        return None;
    }
    let cited = |entry: &EntryRows| term.cited.map_or_else(String::new, |cited| entry.get(cited).to_owned());
    let before = with_sections(entry.get(term.column), &cited(entry));
    entry.set(term.column, code);
    if let Some(column) = term.cited {
        entry.set(column, &wording::sections(text));
    }
    Some((before, with_sections(code, &cited(entry))))
}

impl Merge<'_> {
    /// Requirement, exception and policy, where the words say another thing; the history keeps what stood before. What words
    /// that are not known say is unknown from here on, and told.
    pub(super) fn wording(&mut self, entry: &mut EntryRows, row: &Listing) {
        if self.list != ListName::EntityList {
            return;
        }
        let requirement = wording::read(Of::Requirement, &row.requirement);
        match requirement {
            Reading::Known(code) => self.term(entry, &REQUIREMENT_TERM, code, &row.requirement),
            Reading::NotRead => self.not_read(entry, &REQUIREMENT_TERM, &row.requirement),
            Reading::Silent => {}
        }
        match wording::read(Of::Policy, &row.policy) {
            Reading::Known(code) => self.term(entry, &POLICY_TERM, code, &row.policy),
            Reading::NotRead => self.not_read(entry, &POLICY_TERM, &row.policy),
            Reading::Silent => {}
        }
        match (wording::read(Of::Exception, &row.requirement), requirement) {
            (_, Reading::Silent) => {}
            (Reading::Known(open), _) => self.term(entry, &EXCEPTION_TERM, open, ""),
            (Reading::Silent, Reading::Known(_)) => self.term(entry, &EXCEPTION_TERM, "", ""),
            (Reading::NotRead, Reading::Known(_)) => self.not_read(entry, &EXCEPTION_TERM, &row.requirement),
            // The whole text is told as not read: an exception that stood open may be, and no other is claimed.
            (Reading::NotRead | Reading::Silent, Reading::NotRead) => {
                if !entry.get(Column::ExceptionOpen).is_empty() {
                    self.term(entry, &EXCEPTION_TERM, UNKNOWN, "");
                }
            }
        }
    }

    /// What words that are known say, where it is another thing.
    fn term(&mut self, entry: &mut EntryRows, term: &Term, code: &str, text: &str) {
        if let Some((before, after)) = replaced(entry, term, code, text) {
            self.tell(Kind::Changed, entry, term.what, &before, &after);
        }
    }

    /// Tells a text in words that are not known, once; what it says is unknown as long as the list prints it.
    pub(super) fn not_read(&mut self, entry: &mut EntryRows, term: &Term, text: &str) {
        let told = entry.history.iter().rev().find(|[_, _, what, ..]| what == term.not_read);
        let is_told = told.is_some_and(|[.., after]| after == text);
        // The table calls some policies `other`: the entry has to be read as it is.
        let is_open = [UNKNOWN, "other"].contains(&entry.get(term.column));
        if is_told && is_open {
            self.still_not_read += 1;
            return;
        }
        let mut stood =
            with_sections(entry.get(term.column), term.cited.map_or("", |cited| entry.get(cited)));
        if !is_open && let Some((before, after)) = replaced(entry, term, UNKNOWN, text) {
            self.note(entry, term.what, &before, &after);
            stood = before;
        }
        self.note(entry, term.not_read, "", text);
        self.tell(Kind::NotRead, entry, term.what, &stood, text);
    }
}

/// A code of the tables with the sections its text cites, as the history has them.
fn with_sections(code: &str, sections: &str) -> String {
    format!("{code} {sections}").trim_end().to_owned()
}
