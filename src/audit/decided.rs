//! Reviewers' decisions in a run: read before anything is audited, measured against its dates, recorded with what they did.

use std::path::PathBuf;

use super::Error;
use super::merge::Survey;
use super::plan::AuditPlan;
use crate::count::{count, counted};
use crate::decisions::{self, Decisions, Outcome, Policy};
use crate::ingest;
use crate::run::{DecisionsRecord, OptionFile, RunRecord};

/// What reviewers decided, and by what policy it is taken.
pub(super) struct Reviews {
    pub(super) policy: Policy,
    pub(super) decisions: Decisions,
    /// Decision files that lie among the inputs and were not given as decisions.
    pub(super) not_given: Vec<PathBuf>,
}

impl Reviews {
    /// Reads the decision files of the plan, by the program's policy.
    pub(super) fn load(plan: &AuditPlan, not_given: Vec<PathBuf>) -> Result<Self, Error> {
        let policy = Policy::embedded().map_err(Error::Data)?;
        let decisions = decisions::read(&plan.decisions, &policy).map_err(Error::Decisions)?;
        Ok(Self { policy, decisions, not_given })
    }
}

/// The files that options name, with their digests.
pub(super) fn option_files(plan: &AuditPlan) -> Vec<OptionFile> {
    plan.option_files()
        .into_iter()
        .map(|(option, path)| {
            let shown = path.display().to_string();
            OptionFile {
                option: option.to_owned(),
                bytes: std::fs::metadata(&path).map_or(0, |metadata| metadata.len()),
                sha256: ingest::sha256_of(&path, &shown).unwrap_or_default(),
                path: shown,
            }
        })
        .collect()
}

/// Records what the decisions did, and warns of those that a person must look at again.
pub(super) fn fill(run: &mut RunRecord, decisions: &Decisions, survey: &Survey, not_given: &[PathBuf]) {
    if !not_given.is_empty() {
        let names: Vec<String> = not_given.iter().map(|path| path.display().to_string()).collect();
        run.warnings.push(format!(
            "Among the inputs lie reviewers' decisions, which are no shipment list and were not taken as decisions: {}. \
             Give them with --decisions.",
            names.join(", ")
        ));
    }
    if decisions.all().is_empty() {
        return;
    }
    let records = survey.decided.records(decisions);
    let mut record = DecisionsRecord {
        measured_against: decisions.newest_export().map_or_else(String::new, |day| day.to_string()),
        ..DecisionsRecord::default()
    };
    for decision in records.iter().filter(|decision| decision.closed > 0) {
        *record.closed.entry(decision.decision.clone()).or_default() += decision.closed;
    }
    let told: Vec<String> = record_counts(&records)
        .into_iter()
        .filter(|(outcome, _)| outcome.asks_for_a_person())
        .map(|(outcome, decisions)| format!("{} {}", count(decisions), outcome.name()))
        .collect();
    if !told.is_empty() {
        run.warnings.push(format!(
            "Decisions to look at again: {}. What they do not close stays open; see the sheet Decisions.",
            told.join(", ")
        ));
    }
    let unpinned = records.iter().filter(|decision| !decision.pinned && decision.closed > 0).count() as u64;
    if unpinned > 0 {
        run.warnings.push(format!(
            "{} no digests: whether evidence, list or rule changed since cannot be told. Copy them from the \
             decisions template.",
            counted(unpinned, "decision in force names", "decisions in force name")
        ));
    }
    if decisions.newest_export().is_none() {
        run.warnings.push(
            "No line has a date of export, so that whether decisions have expired was not tested.".to_owned(),
        );
    }
    record.decisions = records;
    run.decisions = record;
}

/// Decisions by outcome, in the order of outcomes.
fn record_counts(records: &[crate::run::DecisionRecord]) -> std::collections::BTreeMap<Outcome, u64> {
    let mut counts = std::collections::BTreeMap::new();
    for record in records {
        *counts.entry(record.outcome).or_default() += 1;
    }
    counts
}
