//! `lookback merge`: finished runs over other files each, joined into the report of one audit over all of them.
//!
//! Owns the question whether the runs belong together: one program, one law, one list, the same options. The inputs are
//! not needed; files that options name are.

use std::path::{Path, PathBuf};

use super::{Failure, Outcome, told};
use crate::audit::{self, AuditPlan, MERGE_FILE};
use crate::ingest;
use crate::past::PastRun;
use crate::verify::PlanAgain;

/// What `lookback merge` is asked.
pub struct MergeRequest {
    /// The output folders of the runs, in the order in which one audit would read their files.
    pub runs: Vec<PathBuf>,
    /// The folder for the report.
    pub out: PathBuf,
    /// A finished run in the output folder becomes `.previous`.
    pub replace: bool,
    /// Whether anything but errors is shown.
    pub quiet: bool,
}

/// How a run is asked to keep what a merge needs.
const MERGEABLE: &str = "--mergeable";

/// `lookback merge`.
///
/// # Errors
/// When the runs do not belong together, or one of them does not hold what a merge needs.
pub fn merge(request: &MergeRequest, plan: PlanAgain<'_>) -> Result<Outcome, Failure> {
    let runs: Vec<PastRun> =
        request.runs.iter().map(|folder| PastRun::open(folder)).collect::<Result<_, _>>()?;
    for run in &runs {
        holds_what_it_takes(run)?;
    }
    if let [first, others @ ..] = runs.as_slice() {
        others.iter().try_for_each(|run| same_options(first, run))?;
    }
    let mut plan = plan(&arguments(&runs)).map_err(|error| {
        format!(
            "the options of these runs cannot be taken again: {error} Merge in the folder from which the audits were run."
        )
    })?;
    for run in &runs {
        same_law(run, &plan)?;
        same_option_files(run)?;
    }
    plan.out = Some(request.out.clone());
    plan.replace = request.replace;
    plan.quiet = request.quiet;
    Ok(told(&audit::join(&plan, &request.runs)?, &plan))
}

/// The arguments of one audit over the files of all runs.
fn arguments(runs: &[PastRun]) -> Vec<String> {
    let options = runs.first().map_or_else(Vec::new, |run| split(run).0);
    let options = options.into_iter().filter(|option| option != MERGEABLE);
    options.chain(["--".to_owned()]).chain(runs.iter().flat_map(|run| split(run).1)).collect()
}

/// The options of a run, and its inputs.
fn split(run: &PastRun) -> (Vec<String>, Vec<String>) {
    let at = run.arguments.iter().position(|argument| argument == "--").unwrap_or(run.arguments.len());
    let inputs = run.arguments.get(at + 1..).unwrap_or_default();
    (run.arguments[..at].to_vec(), inputs.to_vec())
}

fn holds_what_it_takes(run: &PastRun) -> Result<(), String> {
    let this = format!("lookback {}", env!("CARGO_PKG_VERSION"));
    if run.program != this {
        return Err(format!(
            "{} was made by {}, and this is {this}: one report is made by one program. {}",
            run.label,
            run.program,
            again(run)
        ));
    }
    let Some(digest) = run.outputs.get(MERGE_FILE) else {
        return Err(format!(
            "{} does not hold what a merge needs: it was audited without {MERGEABLE}. {}",
            run.label,
            again(run)
        ));
    };
    match ingest::sha256_of(&run.folder.join(MERGE_FILE), MERGE_FILE) {
        Ok(found) if found == *digest => Ok(()),
        _ => Err(format!(
            "{} is missing or was changed. Restore it from your archive. {}",
            run.folder.join(MERGE_FILE).display(),
            again(run)
        )),
    }
}

/// How to make the run anew.
fn again(run: &PastRun) -> String {
    let words = run.arguments.iter().filter(|word| *word != MERGEABLE).map(|word| quoted(word));
    let words: Vec<String> = words.collect();
    format!(
        "Audit its files again:\n  lookback audit {MERGEABLE} -o {} --replace {}",
        quoted(&run.folder.display().to_string()),
        words.join(" ")
    )
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_=./\\:,+".contains(c);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("\"{word}\"") }
}

fn same_options(first: &PastRun, other: &PastRun) -> Result<(), String> {
    let (one, two) = (split(first).0, split(other).0);
    let told = |options: &[String]| {
        if options.is_empty() { "no options".to_owned() } else { options.join(" ") }
    };
    if one == two {
        return Ok(());
    }
    Err(format!(
        "{} was audited with {}, and {} with {}: one report has one set of options. Audit one of them again with the options of the other.",
        first.label,
        told(&one),
        other.label,
        told(&two)
    ))
}

/// Whether the run was made by the law and the list at hand.
fn same_law(run: &PastRun, plan: &AuditPlan) -> Result<(), Failure> {
    let rules = audit::load_rules(plan.rules.as_deref())?.record().sha256;
    let items = audit::load_items(plan.rules.as_deref())?.sha256().to_owned();
    let list = audit::load_list(plan.entity_list.as_deref())?.snapshot().sha256.clone();
    let what = if (&run.rules.sha256, &run.rules.items_sha256) != (&rules, &items) {
        "rules"
    } else if run.list.sha256 != list {
        "another Entity List"
    } else {
        return Ok(());
    };
    let what = if what == "rules" { "other rules" } else { what };
    Err(Failure(format!(
        "{} was audited by {what} than those at hand: one report has one law. {}",
        run.label,
        again(run)
    )))
}

/// Whether the files that options name are what they were.
fn same_option_files(run: &PastRun) -> Result<(), String> {
    for file in &run.option_files {
        let found = ingest::sha256_of(Path::new(&file.path), &file.path);
        if found.as_ref().is_ok_and(|found| *found == file.sha256) {
            continue;
        }
        return Err(format!(
            "{} is not what it was when {} was audited (--{}). Bring it back, in the folder from which the audit was run. Or: {}",
            file.path,
            run.label,
            file.option,
            again(run)
        ));
    }
    Ok(())
}
