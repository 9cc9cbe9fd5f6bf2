//! What each command does: a request in, text and exit status out. Nothing here prints.

mod compare;
mod item;
mod screen;

pub use compare::{CompareFormat, CompareRequest, compare, verify};
pub use item::{ItemRequest, item};
pub use screen::{ScreenRequest, screen};

use std::fmt;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::audit::{self, AuditPlan};
use crate::checks;
use crate::codes::CountryCode;
use crate::count::{count, counted};
use crate::effective::Date;
use crate::entity_list::{EntityList, ListedEntity};
use crate::finding::{Disposition, FindingCode};
use crate::ingest::{self, Overrides};
use crate::listing::{Standing, standing};
use crate::report::summary;
use crate::run::RunRecord;
use crate::shipment::Day;

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
    let finished = audit::run(plan)?;
    let status = status(&finished.run, plan.fail_on);
    let text =
        if plan.quiet { String::new() } else { summary::text(&finished.run, &finished.folder, plan.formats) };
    Ok(Outcome { text, status })
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
        let mut list = String::new();
        for code in FindingCode::ALL {
            let _ =
                writeln!(list, "{}  {:<9}  {}", code.code(), code.default_disposition().name(), code.name());
        }
        return Ok(Outcome::said(list));
    };
    let text = FindingCode::from_text(code).and_then(checks::text).ok_or_else(|| {
        Failure(format!("there is no finding code `{code}`; `lookback explain` lists them all"))
    })?;
    let mut said = format!(
        "{} {} ({} unless the finding says otherwise)\n",
        text.code,
        text.code.name(),
        text.code.default_disposition()
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

/// `lookback lists show`.
///
/// # Errors
/// When the list cannot be loaded, or nothing matches.
pub fn lists_show(
    what: Option<&str>,
    country: Option<CountryCode>,
    on: Option<Date>,
    folder: Option<&Path>,
) -> Result<Outcome, Failure> {
    let list = audit::load_list(folder)?;
    show_list(&list, what, country, on).map(Outcome::said).map_err(Failure)
}

/// The names in one column of a spreadsheet, with their physical rows.
fn show_list(
    list: &EntityList,
    what: Option<&str>,
    country: Option<CountryCode>,
    on: Option<Date>,
) -> Result<String, String> {
    let snapshot = list.snapshot();
    let on = on.unwrap_or(snapshot.as_of);
    if what.is_none() && country.is_none() {
        let mut text = format!(
            "Entity List ({}): {} entries, as of {}\nSHA-256 {}\n",
            snapshot.source,
            count(list.entities().len() as u64),
            snapshot.as_of,
            snapshot.sha256
        );
        for (title, lines) in [("Sources", &snapshot.sources), ("What it cannot know", &snapshot.limits)] {
            let _ = writeln!(text, "\n{title}");
            for line in lines {
                let _ = writeln!(text, "- {}", wrap(line, 96).replace('\n', "\n  "));
            }
        }
        return Ok(text);
    }
    let wanted = what.map(str::to_lowercase);
    let named = |entity: &ListedEntity| {
        wanted.as_ref().is_none_or(|wanted| {
            *entity.id == **wanted
                || entity.name.to_lowercase().contains(wanted)
                || entity.aliases.iter().any(|alias| alias.name.to_lowercase().contains(wanted))
        })
    };
    let found: Vec<&ListedEntity> = list
        .entities()
        .iter()
        .filter(|entity| country.is_none_or(|country| entity.country == country))
        .filter(|entity| named(entity))
        .filter(|entity| {
            what.is_some() || matches!(standing(entity, Some(Day::One(on)), 0), Standing::InForce { .. })
        })
        .collect();
    if found.is_empty() {
        return Err(format!(
            "no entry found in the list of {}; try a shorter part of the name",
            snapshot.as_of
        ));
    }
    let mut text = String::new();
    for entity in &found {
        let since = entity.effective_from.or(entity.listed_from);
        let since =
            since.map_or_else(|| "day of listing not known".to_owned(), |day| format!("listed from {day}"));
        let until = entity.delisted_by.map_or_else(String::new, |day| format!(", off the list from {day}"));
        let _ = write!(
            text,
            "{} ({}; {})\n  {since}{until}; {}\n",
            entity.name, entity.listed_under, entity.id, entity.federal_register
        );
        if what.is_some() {
            let _ = writeln!(text, "  {}", entity.requirement.predicate());
            for alias in &entity.aliases {
                let _ = writeln!(text, "  {}: {}", alias.kind.name(), alias.name);
            }
            for address in &entity.addresses {
                let _ = writeln!(text, "  {}", address.text);
            }
        }
    }
    // A unit written inside an entry is a party of its own, and no entry of its own.
    let units = found.iter().filter(|entity| entity.parent.is_some()).count();
    let entries = counted((found.len() - units) as u64, "entry", "entries");
    let inside = if units == 0 {
        String::new()
    } else {
        format!(", and {} written inside them", counted(units as u64, "unit", "units"))
    };
    let _ = writeln!(text, "\n{entries} as of {on}{inside}.");
    Ok(text)
}

/// Breaks a paragraph into lines of at most `width` characters.
fn wrap(text: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        if !lines[last].is_empty() && lines[last].chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            if !lines[last].is_empty() {
                lines[last].push(' ');
            }
            lines[last].push_str(word);
        }
    }
    lines.join("\n")
}
