//! `lookback compare` and `lookback verify`: what changed between two runs, and whether a report is as it was written.
//!
//! Carries out and prints; what a change is stands in `compare`, what is verified in `verify`.

use std::path::{Path, PathBuf};

use super::{Failure, Outcome};
use crate::audit;
use crate::compare;
use crate::past::PastRun;
use crate::report::ComparisonXlsx;
use crate::verify::{self, PlanAgain};

/// What `lookback compare` is asked.
pub struct CompareRequest {
    /// The earlier run.
    pub earlier: PathBuf,
    /// The later run; none audits the earlier run's lines again.
    pub later: Option<PathBuf>,
    /// Another list than the embedded one, to audit again with.
    pub entity_list: Option<PathBuf>,
    /// Other rules than the embedded ones, to audit again with.
    pub rules: Option<PathBuf>,
    /// Where the report of the audit done again is kept.
    pub keep: Option<PathBuf>,
    /// How to print.
    pub format: CompareFormat,
    /// The file to write.
    pub out: Option<PathBuf>,
}

/// How a comparison is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareFormat {
    /// A text to read.
    Text,
    /// A row a change.
    Csv,
    /// The same as a workbook.
    Xlsx,
}

/// `lookback compare`.
///
/// # Errors
/// When a run cannot be read, the audit cannot be done again, or the file cannot be written.
pub fn compare(request: &CompareRequest, plan: PlanAgain<'_>) -> Result<Outcome, Failure> {
    let earlier = PastRun::open(&request.earlier)?;
    let temporary = tempfile::tempdir().map_err(audit::Error::Temporary)?;
    let later = if let Some(folder) = &request.later {
        PastRun::open(folder)?
    } else {
        let place = request.keep.clone().unwrap_or_else(|| temporary.path().join("again"));
        audit_again(&earlier, request, plan, place)?
    };
    let failed = |path: &Path, error: String| {
        Failure(format!("{} could not be written: {error}. Name another file with -o.", path.display()))
    };
    let mut shown = compare::Shown::default();
    let text = match (request.format, &request.out) {
        (CompareFormat::Text, out) => {
            let totals = compare::compare(&earlier, &later, &mut |change| {
                shown.see(change);
                Ok(())
            })?;
            let text = compare::text(&earlier, &later, &totals, &shown);
            match out {
                None => text,
                Some(path) => {
                    std::fs::write(path, text).map_err(|error| failed(path, error.to_string()))?;
                    String::new()
                }
            }
        }
        (CompareFormat::Csv, None) => {
            let mut bytes = Vec::new();
            let mut csv = compare::CsvChanges::begin(&mut bytes)?;
            compare::compare(&earlier, &later, &mut |change| csv.write(change))?;
            csv.finish()?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
        (CompareFormat::Csv, Some(path)) => {
            let file = std::fs::File::create(path).map_err(|error| failed(path, error.to_string()))?;
            let mut csv = compare::CsvChanges::begin(file)?;
            compare::compare(&earlier, &later, &mut |change| csv.write(change))?;
            csv.finish()?;
            String::new()
        }
        (CompareFormat::Xlsx, None) => {
            return Err(Failure("a workbook needs a file: name it with -o".to_owned()));
        }
        (CompareFormat::Xlsx, Some(path)) => {
            let mut book =
                ComparisonXlsx::create(path, &later.options).map_err(|error| Failure(error.to_string()))?;
            let totals = compare::compare(&earlier, &later, &mut |change| {
                book.write(change).map_err(|error| error.to_string())
            })?;
            book.finish(&totals, &compare::described(&earlier, &later))
                .map_err(|error| Failure(error.to_string()))?;
            String::new()
        }
    };
    Ok(Outcome::said(text))
}

/// Audits the lines of a finished run again, by the law and list asked for.
fn audit_again(
    earlier: &PastRun,
    request: &CompareRequest,
    plan: PlanAgain<'_>,
    place: PathBuf,
) -> Result<PastRun, Failure> {
    if earlier.arguments.is_empty() {
        return Err(Failure(format!(
            "{} does not record the arguments of its run. Audit its lines again with `lookback audit`, and name both folders.",
            request.earlier.display()
        )));
    }
    let mut plan = plan(&earlier.arguments)?;
    // The list of the earlier run would be no news; the program's own or the one named is.
    plan.entity_list.clone_from(&request.entity_list);
    plan.rules.clone_from(&request.rules);
    plan.out = Some(place.clone());
    plan.quiet = true;
    audit::run(&plan)?;
    let mut later = PastRun::open(&place)?;
    if request.keep.is_none() {
        "the same lines audited again".clone_into(&mut later.label);
    }
    Ok(later)
}

/// `lookback verify`.
///
/// # Errors
/// When the folder holds no finished run.
pub fn verify(folder: &Path, digests_only: bool, plan: PlanAgain<'_>) -> Result<Outcome, Failure> {
    let verification = verify::verify(folder, (!digests_only).then_some(plan))?;
    let sound = verification.is_untouched && (verification.is_reproduced || digests_only);
    Ok(Outcome { text: verification.text, status: u8::from(!sound) })
}
