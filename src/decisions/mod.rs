//! Reviewers' decisions: which finding each one is about, and whether it still holds.
//!
//! A decision is read from a file the user gives and from nowhere else; `file` reads it, `policy` says what it may say.
//! Here it is matched with findings, the most specific one deciding alone. What became of each stands in `outcome`;
//! `agenda` gathers what is left to decide.

pub mod agenda;
pub mod columns;
mod file;
mod outcome;
mod policy;
mod recognize;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use agenda::{Agenda, Row};
pub use file::read;
pub use outcome::{DecisionTally, Outcome};
pub use policy::{Policy, Word};
pub use recognize::{FIRST_SHEET, is_decision_file};

use crate::effective::Date;
use crate::entity_list::fold_name;
use crate::finding::{Disposition, Finding, NumberedFinding};
use crate::report::{basis_digest, evidence_digest, standing_digest};

/// What a decision is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// One finding, by its id.
    Finding(String),
    /// A group, by its id.
    Group(String),
    /// Everything found of a party and an entry of the list.
    Party {
        /// The party's name, folded.
        party: String,
        /// The entry's id.
        listed_entity_id: String,
    },
    /// Everything found of an item and what it may be.
    Item {
        /// The item number, or the description where there is no number, folded.
        item: String,
        /// The entry or control the finding points to.
        candidate: String,
    },
}

impl Scope {
    /// What it is, for a reader.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Finding(_) => "finding",
            Self::Group(_) => "group",
            Self::Party { .. } => "party and entry",
            Self::Item { .. } => "item and candidate",
        }
    }

    /// What it names, for a reader.
    pub fn key(&self) -> String {
        match self {
            Self::Finding(id) | Self::Group(id) => id.clone(),
            Self::Party { party, listed_entity_id } => format!("{party} / {listed_entity_id}"),
            Self::Item { item, candidate } => format!("{item} / {candidate}"),
        }
    }

    /// The party and entry of a finding, where it is about one.
    pub fn of_party(finding: &Finding) -> Option<Self> {
        (!finding.folded_party.is_empty() && !finding.listed_entity_id.is_empty()).then(|| Self::Party {
            party: finding.folded_party.clone(),
            listed_entity_id: finding.listed_entity_id.clone(),
        })
    }

    /// The item and candidate of a finding, where it points to one.
    pub fn of_item(finding: &Finding) -> Option<Self> {
        if finding.candidate_eccn.is_empty() {
            return None;
        }
        let item = item_of(finding);
        let item = fold_name(item);
        (!item.is_empty()).then(|| Self::Item { item, candidate: finding.candidate_eccn.to_lowercase() })
    }
}

/// What names the item in a decision: its number, else its description.
pub fn item_of(finding: &Finding) -> &str {
    if finding.item.is_empty() { &finding.description } else { &finding.item }
}

/// A decision, as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What it is about.
    pub scope: Scope,
    /// The word decided by; the status of the findings it closes.
    pub word: String,
    /// Whether it closes an exception only with a second person's approval.
    pub needs_second_person: bool,
    /// Why.
    pub reason: String,
    /// What it rests on: a license, a letter, a data sheet.
    pub evidence: String,
    /// Who decided.
    pub reviewer: String,
    /// When.
    pub decided_on: Date,
    /// The last day on which it holds.
    pub expires_on: Date,
    /// Who approved; empty where nobody did.
    pub approved_by: String,
    /// Counsel's mark that the matter is minor or technical, for the abbreviated disclosure.
    pub minor_or_technical: bool,
    /// Digests of the evidence the reviewer saw, sorted, any of which a finding must have; none where the file names none.
    pub evidence_digests: Vec<String>,
    /// Digests of law and list the reviewer saw, sorted, in the same way.
    pub basis_digests: Vec<String>,
    /// What the row calls the party or item it is about, for a reader; blank where it names neither.
    pub named: String,
    /// Where it stands: the file, as given.
    pub file: String,
    /// The sheet; empty in a CSV file.
    pub sheet: String,
    /// The row.
    pub row: u32,
}

impl Decision {
    /// Whether somebody other than the reviewer approved.
    pub fn is_approved(&self) -> bool {
        let approved_by = fold_name(&self.approved_by);
        !approved_by.is_empty() && approved_by != fold_name(&self.reviewer)
    }

    /// Whether it names the evidence and the law it rests on, so that a change of either is noticed.
    pub fn is_pinned(&self) -> bool {
        !self.evidence_digests.is_empty() && !self.basis_digests.is_empty()
    }
}

/// Why a decision does not close a finding that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// It held until a day before the newest date of export.
    Expired,
    /// The cells relied on are no longer what the reviewer saw.
    EvidenceChanged,
    /// The list entry or the rule is no longer what the reviewer saw.
    BasisChanged,
    /// The finding is an exception, and nobody but the reviewer approved.
    NotApproved,
}

/// All decisions of a run.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    all: Vec<Arc<Decision>>,
    /// The latest decision on each scope.
    by_scope: BTreeMap<Scope, usize>,
    /// Decisions that a later one on the same scope replaced.
    superseded: BTreeMap<usize, usize>,
    newest_export: Option<Date>,
}

impl Decisions {
    /// Decisions in the order of their files and rows; a later one replaces an earlier one on the same scope.
    ///
    /// # Errors
    /// Two decisions of the same day on the same scope: a sentence each.
    pub fn new(decisions: Vec<Decision>) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let mut by_scope: BTreeMap<Scope, usize> = BTreeMap::new();
        let mut superseded = BTreeMap::new();
        for (index, decision) in decisions.iter().enumerate() {
            let Some(&before) = by_scope.get(&decision.scope) else {
                by_scope.insert(decision.scope.clone(), index);
                continue;
            };
            let other = &decisions[before];
            match other.decided_on.cmp(&decision.decided_on) {
                std::cmp::Ordering::Less => {
                    superseded.insert(before, index);
                    by_scope.insert(decision.scope.clone(), index);
                }
                std::cmp::Ordering::Greater => {
                    superseded.insert(index, before);
                }
                std::cmp::Ordering::Equal => problems.push(format!(
                    "{}: the {} {} is decided here and in {} on the same day, {}. Keep one of the two rows.",
                    place(decision),
                    decision.scope.kind(),
                    decision.scope.key(),
                    place(other),
                    decision.decided_on
                )),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let all = decisions.into_iter().map(Arc::new).collect();
        Ok(Self { all, by_scope, superseded, newest_export: None })
    }

    /// Measures expiry against this day: the newest date of export of the run.
    #[must_use]
    pub fn measured_against(mut self, newest_export: Option<Date>) -> Self {
        self.newest_export = newest_export;
        self
    }

    /// The day against which expiry is measured.
    pub fn newest_export(&self) -> Option<Date> {
        self.newest_export
    }

    /// Every decision, in the order read.
    pub fn all(&self) -> &[Arc<Decision>] {
        &self.all
    }

    /// The later decision that replaced this one.
    pub fn superseded_by(&self, index: usize) -> Option<&Decision> {
        self.superseded.get(&index).map(|later| &*self.all[*later])
    }

    /// Whether the decision has expired.
    pub fn is_expired(&self, decision: &Decision) -> bool {
        self.newest_export.is_some_and(|newest| decision.expires_on < newest)
    }

    /// The decision about a finding, and what keeps it from closing the finding. The most specific decides alone, even
    /// where it no longer holds: a wider one was not made with this finding in mind.
    pub fn about(&self, numbered: &NumberedFinding) -> Option<(usize, Option<Obstacle>)> {
        if self.by_scope.is_empty() {
            return None;
        }
        let finding = &numbered.finding;
        let index = self
            .at(&Scope::Finding(numbered.finding_id.clone()))
            .or_else(|| self.at(&Scope::Group(numbered.group_id.clone())))
            .or_else(|| Scope::of_party(finding).and_then(|scope| self.at(&scope)))
            .or_else(|| Scope::of_item(finding).and_then(|scope| self.at(&scope)))?;
        Some((index, self.obstacle(&self.all[index], finding)))
    }

    /// Gives the finding the status that its decision says, where it holds.
    pub fn mark(&self, numbered: &mut NumberedFinding) {
        if let Some((index, None)) = self.about(numbered) {
            let decision = &self.all[index];
            numbered.status.clone_from(&decision.word);
            numbered.decision = Some(Arc::clone(decision));
        }
    }

    fn at(&self, scope: &Scope) -> Option<usize> {
        self.by_scope.get(scope).copied()
    }

    fn obstacle(&self, decision: &Decision, finding: &Finding) -> Option<Obstacle> {
        if self.is_expired(decision) {
            return Some(Obstacle::Expired);
        }
        let saw = |digests: &[String], digest: String| digests.binary_search(&digest).is_ok();
        if !decision.basis_digests.is_empty() && !saw(&decision.basis_digests, basis_digest(finding)) {
            return Some(Obstacle::BasisChanged);
        }
        let seen = &decision.evidence_digests;
        if !seen.is_empty()
            && !saw(seen, evidence_digest(finding))
            && (matches!(decision.scope, Scope::Finding(_)) || !saw(seen, standing_digest(finding)))
        {
            return Some(Obstacle::EvidenceChanged);
        }
        if finding.disposition == Disposition::Exception
            && decision.needs_second_person
            && !decision.is_approved()
        {
            return Some(Obstacle::NotApproved);
        }
        None
    }
}

/// Where a decision stands, for a message.
pub(crate) fn place(decision: &Decision) -> String {
    if decision.sheet.is_empty() {
        format!("{}, row {}", decision.file, decision.row)
    } else {
        format!("{}, sheet \"{}\", row {}", decision.file, decision.sheet, decision.row)
    }
}

#[cfg(test)]
mod tests;
