//! What each command does: a request in, text and exit status out. Nothing here prints.

use std::fmt;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::audit::{self, AuditPlan};
use crate::checks;
use crate::codes::{CountryCode, ScheduleB};
use crate::count::{count, counted};
use crate::effective::Date;
use crate::entity_list::report::{AsOf, ScreenedName, write_csv, write_text};
use crate::entity_list::{EntityList, FLAG_SCORE, ListedEntity, PartyQuery, Screener};
use crate::finding::{Disposition, FindingCode};
use crate::ingest::{self, Overrides};
use crate::items::{self, report::ReadItem};
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
    let mut mapping = String::new();
    let mut unread = 0;
    for path in files {
        let shown = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        match ingest::open(path, &shown, overrides) {
            Ok(workbook) => {
                text.push_str(&ingest::describe_columns(&workbook));
                mapping.push_str(&ingest::columns_toml(&workbook));
            }
            Err(fault) => {
                unread += 1;
                let _ = writeln!(text, "{fault}");
            }
        }
        text.push('\n');
    }
    if let Some(path) = write {
        std::fs::write(path, &mapping).map_err(|error| {
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

/// What `lookback screen` is asked.
pub struct ScreenRequest {
    /// Names given.
    pub names: Vec<String>,
    /// Or a spreadsheet of names.
    pub file: Option<PathBuf>,
    /// The heading of their column.
    pub column: Option<String>,
    /// Their country.
    pub country: Option<CountryCode>,
    /// Their address.
    pub address: String,
    /// The day for dispositions.
    pub on: Option<Date>,
    /// The lowest score shown.
    pub min_score: Option<f32>,
    /// CSV instead of text.
    pub as_csv: bool,
    /// Another list than the embedded one.
    pub entity_list: Option<PathBuf>,
}

/// `lookback screen`.
///
/// # Errors
/// When the list or the file cannot be read.
pub fn screen(request: &ScreenRequest) -> Result<Outcome, Failure> {
    let list = Arc::new(audit::load_list(request.entity_list.as_deref())?);
    let against = Screener::new(Arc::clone(&list));
    let queries = match (&request.file, &request.column) {
        (Some(file), Some(column)) => read_names(file, column)?,
        _ => request.names.iter().enumerate().map(|(index, name)| (index as u32 + 1, name.clone())).collect(),
    };
    let days_before = i32::from(audit::load_rules(None)?.windows().listing_uncertain.days);
    let on = AsOf { day: request.on.unwrap_or(list.snapshot().as_of), days_before };
    let lowest = request.min_score.unwrap_or(FLAG_SCORE);
    let screened: Vec<ScreenedName> = queries
        .iter()
        .map(|(row, name)| {
            let query = PartyQuery { name, country: request.country, address: &request.address };
            against.screen_named(*row, &query, lowest)
        })
        .collect();
    let mut out = Vec::new();
    if request.as_csv {
        write_csv(&list, &screened, on, &mut out)
    } else {
        write_text(&list, &screened, on, &mut out)
    }
    .map_err(|error| Failure(error.to_string()))?;
    let mut text = String::from_utf8_lossy(&out).into_owned();
    if !request.as_csv {
        let _ = writeln!(
            text,
            "\nDispositions as of {}; the list answers up to {}.",
            on.day,
            list.snapshot().as_of
        );
    }
    Ok(Outcome::said(text))
}

/// What `lookback item` is asked.
pub struct ItemRequest {
    /// A description.
    pub text: Option<String>,
    /// Its tariff code.
    pub schedule_b: Option<String>,
    /// Or a spreadsheet of descriptions.
    pub file: Option<PathBuf>,
    /// The heading of their column.
    pub column: Option<String>,
    /// CSV instead of text.
    pub as_csv: bool,
    /// Other data than the embedded.
    pub rules: Option<PathBuf>,
}

/// `lookback item`.
///
/// # Errors
/// When the data or the file cannot be read, or the tariff code is none.
pub fn item(request: &ItemRequest) -> Result<Outcome, Failure> {
    let items = audit::load_items(request.rules.as_deref())?;
    let code = match request.schedule_b.as_deref() {
        None => None,
        Some(text) => Some(ScheduleB::read(text).ok_or_else(|| {
            Failure(format!("`{text}` is no tariff code; give four digits or more, such as 8413.70.2004"))
        })?),
    };
    let descriptions = match (&request.file, &request.column) {
        (Some(file), Some(column)) => read_names(file, column)?,
        _ => request.text.iter().map(|text| (1, text.clone())).collect(),
    };
    let read: Vec<ReadItem> = descriptions
        .into_iter()
        .map(|(row, description)| {
            // One text stands for the description and, where it is one, for the model number.
            let reading = items.read(&description, "", code.as_ref());
            ReadItem { row, description, reading }
        })
        .collect();
    let mut out = Vec::new();
    if request.as_csv {
        items::report::write_csv(&read, &mut out)
    } else {
        items::report::write_text(&read, &mut out)
    }
    .map_err(|error| Failure(error.to_string()))?;
    let mut text = String::from_utf8_lossy(&out).into_owned();
    if !request.as_csv {
        text.push_str("\nA resemblance, not a classification. Paragraphs without a threshold are wide; ask the engineer.\n");
    }
    Ok(Outcome::said(text))
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
fn read_names(path: &Path, heading: &str) -> Result<Vec<(u32, String)>, Failure> {
    let shown = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    ingest::read_column(path, &shown, heading).map_err(|fault| Failure(fault.message().to_owned()))
}

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
