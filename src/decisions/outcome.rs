//! What became of each decision: how many findings it closed, and what kept it from closing the others.

use serde::Serialize;

use super::{Decision, Decisions, Obstacle, item_of, place};
use crate::count::counted;
use crate::finding::NumberedFinding;
use crate::run::DecisionRecord;

/// What became of a decision as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It closed every finding it is about.
    InForce,
    /// It closed some of them, and not the others.
    InPart,
    /// It closed nothing: the evidence, the list entry or the rule has changed since.
    Overtaken,
    /// It closed nothing: the newest date of export lies after its last day.
    Expired,
    /// It closed nothing: the findings are exceptions, and nobody but the reviewer approved.
    NotApproved,
    /// It closed nothing: no finding of this run is what it is about.
    Unused,
    /// A later decision on the same finding, group, party or item took its place.
    Superseded,
}

impl Outcome {
    /// The words a report shows.
    pub fn name(self) -> &'static str {
        match self {
            Self::InForce => "in force",
            Self::InPart => "in force in part",
            Self::Overtaken => "overtaken",
            Self::Expired => "expired",
            Self::NotApproved => "not approved",
            Self::Unused => "unused",
            Self::Superseded => "superseded",
        }
    }

    /// Whether a person has to look at the decision again.
    pub fn asks_for_a_person(self) -> bool {
        !matches!(self, Self::InForce | Self::Superseded)
    }
}

#[derive(Debug, Clone, Default)]
struct Counts {
    /// What the first finding it is about is called.
    about: String,
    closed: u64,
    expired: u64,
    evidence_changed: u64,
    basis_changed: u64,
    not_approved: u64,
}

/// Counts of what each decision did.
#[derive(Debug, Clone, Default)]
pub struct DecisionTally {
    counts: Vec<Counts>,
}

impl DecisionTally {
    /// A tally for these decisions.
    pub fn new(decisions: &Decisions) -> Self {
        Self { counts: vec![Counts::default(); decisions.all().len()] }
    }

    /// Counts a finding, before its status is set.
    pub fn see(&mut self, decisions: &Decisions, numbered: &NumberedFinding) {
        let Some((index, obstacle)) = decisions.about(numbered) else { return };
        let counts = &mut self.counts[index];
        if counts.about.is_empty() {
            counts.about = called(numbered);
        }
        *match obstacle {
            None => &mut counts.closed,
            Some(Obstacle::Expired) => &mut counts.expired,
            Some(Obstacle::EvidenceChanged) => &mut counts.evidence_changed,
            Some(Obstacle::BasisChanged) => &mut counts.basis_changed,
            Some(Obstacle::NotApproved) => &mut counts.not_approved,
        } += 1;
    }

    /// What became of each decision, in the order read.
    pub fn records(&self, decisions: &Decisions) -> Vec<DecisionRecord> {
        let all = decisions.all().iter().zip(&self.counts).enumerate();
        all.map(|(index, (decision, counts))| record(decisions, index, decision, counts)).collect()
    }
}

fn record(decisions: &Decisions, index: usize, decision: &Decision, counts: &Counts) -> DecisionRecord {
    let left = counts.expired + counts.evidence_changed + counts.basis_changed + counts.not_approved;
    let replaced = decisions.superseded_by(index);
    let outcome = if replaced.is_some() {
        Outcome::Superseded
    } else if decisions.is_expired(decision) {
        Outcome::Expired
    } else if counts.closed > 0 {
        if left > 0 { Outcome::InPart } else { Outcome::InForce }
    } else if counts.evidence_changed + counts.basis_changed > 0 {
        Outcome::Overtaken
    } else if counts.not_approved > 0 {
        Outcome::NotApproved
    } else {
        Outcome::Unused
    };
    DecisionRecord {
        file: decision.file.clone(),
        sheet: decision.sheet.clone(),
        row: decision.row,
        scope: decision.scope.kind(),
        key: decision.scope.key(),
        about: if counts.about.is_empty() { decision.named.clone() } else { counts.about.clone() },
        decision: decision.word.clone(),
        reason: decision.reason.clone(),
        evidence: decision.evidence.clone(),
        reviewer: decision.reviewer.clone(),
        decided_on: decision.decided_on.to_string(),
        expires_on: decision.expires_on.to_string(),
        approved_by: decision.approved_by.clone(),
        minor_or_technical: decision.minor_or_technical,
        pinned: decision.is_pinned(),
        outcome,
        closed: counts.closed,
        left_open: left,
        remarks: remarks(decisions, decision, counts, outcome, replaced),
    }
}

/// What a reader knows a finding by: `LR01, INV71002 line 1, Ravi Meadow Dairies`.
fn called(numbered: &NumberedFinding) -> String {
    let finding = &numbered.finding;
    let mut words = finding.code.to_string();
    if !finding.document.is_empty() {
        words.push_str(", ");
        words.push_str(&finding.document);
        if !finding.line.is_empty() {
            words.push_str(" line ");
            words.push_str(&finding.line);
        }
    }
    let about = if finding.party_name.is_empty() { item_of(finding) } else { &finding.party_name };
    if !about.is_empty() {
        words.push_str(", ");
        words.push_str(about);
    }
    words
}

/// What a person should know, and the next step.
fn remarks(
    decisions: &Decisions,
    decision: &Decision,
    counts: &Counts,
    outcome: Outcome,
    replaced: Option<&Decision>,
) -> String {
    let mut remarks = Vec::new();
    if let Some(later) = replaced {
        remarks.push(format!("Replaced by {}, decided on {}.", place(later), later.decided_on));
    }
    let findings = |count| counted(count, "finding", "findings");
    if outcome == Outcome::Expired
        && let Some(newest) = decisions.newest_export()
    {
        remarks.push(format!(
            "It held until {}; the newest date of export of this run is {newest}. Left open: {}. Decide again.",
            decision.expires_on,
            findings(counts.expired)
        ));
    }
    if counts.evidence_changed > 0 {
        remarks.push(format!(
            "{}: the cells relied on are not those the reviewer saw. Compare them and decide again.",
            findings(counts.evidence_changed)
        ));
    }
    if counts.basis_changed > 0 {
        remarks.push(format!(
            "{}: the list entry or the rule is not what the reviewer saw. Read what changed and decide again.",
            findings(counts.basis_changed)
        ));
    }
    if counts.not_approved > 0 {
        let who = if decision.approved_by.is_empty() {
            "approved_by is blank"
        } else {
            "the reviewer approved the decision alone"
        };
        remarks.push(format!(
            "{}: an exception is closed only with a second person's approval, and {who}.",
            findings(counts.not_approved)
        ));
    }
    if outcome == Outcome::Unused {
        remarks.push(
            "No finding of this run is what it is about: the line, party or item is not in these files, or no \
             longer gives the finding."
                .to_owned(),
        );
    }
    if !decision.is_pinned() && counts.closed > 0 {
        remarks.push(
            "It names no evidence_digest or no basis_digest: whether evidence, list or rule changed since cannot \
             be told. Copy both from the decisions template of the run that was reviewed."
                .to_owned(),
        );
    }
    remarks.join(" ")
}
