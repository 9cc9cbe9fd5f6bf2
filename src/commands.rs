//! What each command does: a request in, text and exit status out. Nothing here prints.

mod compare;
mod item;
mod lists;
mod merge;
mod screen;

pub use compare::{CompareFormat, CompareRequest, compare, verify};
pub use item::{ItemRequest, item};
pub use lists::{lists_diff, lists_import, lists_show};
pub use merge::{MergeRequest, merge};
pub use screen::{ScreenRequest, screen};

use std::fmt;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::audit::{self, AuditPlan};
use crate::checks;
use crate::code_words;
use crate::count::{count, counted};
use crate::effective::Date;
use crate::finding::{Disposition, FindingCode};
use crate::ingest::{self, Overrides};
use crate::report::summary;
use crate::run::RunRecord;
use crate::wrap::wrap;

/// How a command ended.
pub struct Outcome {
    /// What to print.
    pub text: String,
    /// The exit status.
    pub status: u8,
}

impl Outcome {
    /// Said, and all well.
    pub fn said(text: String) -> Self {
        Self { text, status: 0 }
    }
}

/// Why a command could not be done; the message says what to do next.
#[derive(Debug)]
pub struct Failure(String);

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self(message)
    }
}

impl From<audit::Error> for Failure {
    fn from(error: audit::Error) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `lookback audit`.
///
/// # Errors
/// When the run could not be done at all.
pub fn audit(plan: &AuditPlan) -> Result<Outcome, Failure> {
    Ok(told(&audit::run(plan)?, plan))
}

/// What a finished run says, and its exit status.
fn told(finished: &audit::Finished, plan: &AuditPlan) -> Outcome {
    let status = status(&finished.run, plan.fail_on);
    let text =
        if plan.quiet { String::new() } else { summary::text(&finished.run, &finished.folder, plan.formats) };
    Outcome { text, status }
}

/// The exit status of a run, first that applies: 2 nothing audited; 3 something was left out that a person must
/// look at; 1 a finding at or above the level is open; 0.
fn status(run: &RunRecord, fail_on: Option<Disposition>) -> u8 {
    let totals = &run.totals;
    if totals.rows.audited == 0 {
        return 2;
    }
    if totals.files_unread > 0 || totals.questions > 0 || totals.rows.rejected > 0 {
        return 3;
    }
    let open_at = |level: Disposition| {
        totals.open.iter().any(|(disposition, count)| *disposition <= level && count.findings > 0)
    };
    u8::from(fail_on.is_some_and(open_at))
}

/// `lookback columns`.
///
/// # Errors
/// When no file could be read, or the mapping file could not be written.
pub fn columns(files: &[PathBuf], overrides: &Overrides, write: Option<&Path>) -> Result<Outcome, Failure> {
    let mut text = String::new();
    let mut workbooks = Vec::new();
    let mut unread = 0;
    for path in files {
        let shown = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        match ingest::open(path, &shown, overrides) {
            Ok(workbook) => {
                text.push_str(&ingest::describe_columns(&workbook));
                workbooks.push(workbook);
            }
            Err(fault) => {
                unread += 1;
                let _ = writeln!(text, "{fault}");
            }
        }
        text.push('\n');
    }
    if let Some(path) = write {
        std::fs::write(path, ingest::mapping_template(&workbooks)).map_err(|error| {
            Failure(format!("{} could not be written: {error}. Name another file.", path.display()))
        })?;
        let _ = writeln!(text, "The mapping stands in {}. Edit it and give it to --columns.", path.display());
    }
    Ok(Outcome {
        text,
        status: if unread == files.len() {
            2
        } else if unread > 0 {
            3
        } else {
            0
        },
    })
}

/// `lookback explain`.
///
/// # Errors
/// When there is no such code.
pub fn explain(code: Option<&str>) -> Result<Outcome, Failure> {
    let Some(code) = code else {
        return Ok(Outcome::said(code_words::listed()));
    };
    let text = FindingCode::from_text(code).and_then(checks::text).ok_or_else(|| {
        Failure(format!("there is no finding code `{code}`; `lookback explain` lists them all"))
    })?;
    let mut said = format!(
        "{} {} ({} unless the finding says otherwise)\n\n{}\n",
        text.code,
        text.code.name(),
        text.code.default_disposition(),
        wrap(code_words::says(text.code), 96)
    );
    for (title, body) in [
        ("What it finds", text.what_it_finds),
        ("Why it matters", text.why_it_matters),
        ("What to look at", text.what_to_look_at),
        ("The law", text.law),
    ] {
        let _ = write!(said, "\n{title}\n{}\n", wrap(body, 96));
    }
    Ok(Outcome::said(said))
}

/// `lookback rules`.
///
/// # Errors
/// When the rules cannot be loaded and were not to be checked.
pub fn rules(on: Option<Date>, check: bool, folder: Option<&Path>) -> Result<Outcome, Failure> {
    if !check {
        return Ok(Outcome::said(audit::load_rules(folder)?.describe(on)));
    }
    let (rules, items) = match (audit::load_rules(folder), audit::load_items(folder)) {
        (Ok(rules), Ok(items)) => (rules, items),
        (rules, items) => {
            let errors = [rules.err(), items.err()].into_iter().flatten();
            let text: String = errors.map(|error| format!("{error}\n")).collect();
            return Ok(Outcome { text, status: 2 });
        }
    };
    let mut problems: Vec<String> = rules.lint().iter().map(ToString::to_string).collect();
    let terms = count(items.terms() as u64);
    let (run, failed) = audit::run_examples(rules, items)?;
    problems.extend(failed);
    if problems.is_empty() {
        return Ok(Outcome::said(format!(
            "The rule base is sound: {run} examples ran as expected; {terms} terms and model numbers describe the items.\n"
        )));
    }
    let count = problems.len();
    Ok(Outcome {
        text: format!("{}\n{}.\n", problems.join("\n"), counted(count as u64, "problem", "problems")),
        status: 2,
    })
}
