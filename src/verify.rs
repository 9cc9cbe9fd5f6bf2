//! Whether a report is untouched, and whether this program makes it again from the same inputs.
//!
//! Digests of outputs and inputs are taken anew and compared with `run.json`; then the audit is done again in a temporary
//! folder, which is also what vouches for `run.json` itself.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::audit::{self, AuditPlan};
use crate::count::{count, counted};
use crate::entity_list::ListName;
use crate::ingest;
use crate::past::PastRun;
use crate::printable::on_one_line;
use crate::report::{DECISIONS_TEMPLATES, run_json};

/// Makes a plan of recorded arguments, or says why it cannot.
pub type PlanAgain<'a> = &'a dyn Fn(&[String]) -> Result<AuditPlan, String>;

/// What was found out about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Same,
    Changed,
    Missing,
}

/// Whether a report is what it was, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// What to tell.
    pub text: String,
    /// No output was changed.
    pub is_untouched: bool,
    /// The audit was done again and gave the same bytes.
    pub is_reproduced: bool,
}

/// Verifies the run in this folder. `plan` makes a plan of recorded arguments; none leaves out doing the audit again.
///
/// # Errors
/// The folder holds no finished run.
pub fn verify(folder: &Path, plan: Option<PlanAgain<'_>>) -> Result<Verification, String> {
    let run = PastRun::open(folder)?;
    let mut text = format!("Run           {}: {}, made {}\n", folder.display(), run.program, run.when);
    let is_untouched = outputs(&run, &mut text)?;
    let missing = inputs(&run, &mut text);
    law(&run, plan, &mut text);
    let repeated = match plan {
        None => Err("not tried (--digests-only)".to_owned()),
        Some(_) if run.arguments.is_empty() => {
            Err("not tried: run.json does not name the arguments of the run".to_owned())
        }
        Some(_) if missing > 0 => Err(format!(
            "not tried: {} not what was audited. Bring back the files named above, in the folder from which the audit was run, and verify again",
            counted(missing, "file is", "files are")
        )),
        Some(plan) => repeat(&run, plan),
    };
    let was_tried = repeated.is_ok();
    let is_reproduced = repeated.as_ref().is_ok_and(Vec::is_empty);
    match repeated {
        Err(why) => {
            let _ = writeln!(text, "Done again    {why}.");
        }
        Ok(differences) if differences.is_empty() && !is_untouched => {
            text.push_str("Done again    the files as they were first written, before they were changed\n");
        }
        Ok(differences) if differences.is_empty() => {
            text.push_str("Done again    the same bytes in every file; run.json the same but for its time\n");
        }
        Ok(differences) => {
            for (index, difference) in differences.iter().enumerate() {
                let _ = writeln!(text, "{:<14}{difference}", if index == 0 { "Done again" } else { "" });
            }
        }
    }
    text.push('\n');
    text.push_str(if is_untouched {
        "UNTOUCHED: every file of the report is as it was written.\n"
    } else {
        "CHANGED: the report is not as it was written. Do not rely on the files named above.\n"
    });
    text.push_str(match (is_reproduced, was_tried) {
        (true, _) => "REPRODUCIBLE: this program makes the same report from the same inputs.\n",
        (false, true) => {
            "NOT REPRODUCED: this program does not make the same report; see above for how it differs.\n"
        }
        (false, false) => "REPRODUCIBLE OR NOT: not tried; see above for why.\n",
    });
    Ok(Verification { text, is_untouched, is_reproduced })
}

/// Compares every output with its digest; names what was changed, is missing, or was added.
fn outputs(run: &PastRun, text: &mut String) -> Result<bool, String> {
    let mut told = Vec::new();
    for (name, digest) in &run.outputs {
        // A name from the record leads to no other folder.
        if name.contains(['/', '\\']) || name == ".." {
            told.push(format!("{name}: no file of a report is called so"));
            continue;
        }
        match state(&run.folder.join(name), digest) {
            State::Same => {}
            State::Changed => told.push(format!("{name} was changed")),
            State::Missing => told.push(format!("{name} is missing")),
        }
    }
    let whole = told.is_empty() && !run.outputs.is_empty();
    if run.outputs.is_empty() {
        told.push("run.json names no output".to_owned());
    }
    if whole {
        told.push(format!("{} as written", counted(run.outputs.len() as u64, "file", "files")));
    }
    let mut added = Vec::new();
    let entries = std::fs::read_dir(&run.folder)
        .map_err(|error| format!("{} could not be searched: {error}.", run.folder.display()))?;
    for entry in entries {
        let name = entry.map_err(|error| error.to_string())?.file_name().to_string_lossy().into_owned();
        let is_known = run.outputs.contains_key(&name)
            || name == run_json::FILE
            || DECISIONS_TEMPLATES.contains(&name.as_str());
        if !is_known {
            added.push(name);
        }
    }
    added.sort();
    if !added.is_empty() {
        told.push(format!("not of this run: {}", added.join(", ")));
    }
    list(text, "Outputs", &told);
    Ok(whole)
}

/// Compares inputs and option files with their digests; counts those that are not what was audited.
fn inputs(run: &PastRun, text: &mut String) -> u64 {
    let inputs = run.inputs.iter().filter(|input| !input.sha256.is_empty());
    let files: Vec<(&str, &str)> = inputs
        .map(|input| (input.path.as_str(), input.sha256.as_str()))
        .chain(run.option_files.iter().map(|file| (file.path.as_str(), file.sha256.as_str())))
        .collect();
    let mut told = Vec::new();
    let mut wrong = 0;
    for (path, digest) in &files {
        let what = match state(Path::new(path), digest) {
            State::Same => continue,
            State::Changed => "is not what was audited",
            State::Missing => "is not there",
        };
        wrong += 1;
        if wrong <= 20 {
            told.push(format!("{path} {what}"));
        }
    }
    if wrong > 20 {
        told.push(format!("and {} more", count(wrong - 20)));
    }
    if wrong == 0 {
        told.push(format!("{} as audited", counted(files.len() as u64, "file", "files")));
    }
    list(text, "Inputs", &told);
    wrong
}

/// Compares program, rules and list with those at hand.
fn law(run: &PastRun, plan: Option<PlanAgain<'_>>, text: &mut String) {
    let this = format!("lookback {}", env!("CARGO_PKG_VERSION"));
    let program = if run.program == this {
        format!("{this}, the same")
    } else {
        format!("the run was made by {}, this is {this}", run.program)
    };
    list(text, "Program", &[program]);
    let given = plan.and_then(|plan| plan(&run.arguments).ok());
    let rules = audit::load_rules(given.as_ref().and_then(|plan| plan.rules.as_deref()))
        .map_or_else(|error| error.to_string(), |rules| same(&rules.record().sha256, &run.rules.sha256));
    list(text, "Rules", &[rules]);
    let folder = given.as_ref().and_then(|plan| plan.entity_list.as_deref());
    let further = given.as_ref().map_or(&[][..], |plan| plan.lists.as_slice());
    match audit::load_lists(folder, further) {
        Err(error) => list(text, "Entity List", &[error.to_string()]),
        Ok(found) => {
            let lists = std::iter::once(found.snapshot()).chain(found.further());
            for (snapshot, recorded) in lists.zip(std::iter::once(&run.list).chain(&run.further_lists)) {
                let entries = same(&snapshot.sha256, &recorded.sha256);
                let is_main = snapshot.list == ListName::EntityList;
                let entries = if is_main { entries } else { format!("{}: {entries}", snapshot.list) };
                list(text, if is_main { "Entity List" } else { "Further list" }, &[entries]);
            }
        }
    }
}

fn same(found: &str, recorded: &str) -> String {
    let short = |digest: &str| digest.get(..12).unwrap_or(digest).to_owned();
    if found == recorded {
        format!("the same ({})", short(found))
    } else {
        format!("not those of the run: {} here, {} there", short(found), short(recorded))
    }
}

/// Does the audit again; names every difference.
fn repeat(run: &PastRun, plan: PlanAgain<'_>) -> Result<Vec<String>, String> {
    let place = tempfile::tempdir().map_err(|error| {
        format!("not tried: the temporary folder could not be used ({error}). Free some space, or set TMPDIR")
    })?;
    let mut plan = plan(&run.arguments)
        .map_err(|error| format!("not tried: this program does not take the recorded arguments ({error})"))?;
    plan.out = Some(place.path().join("again"));
    plan.quiet = true;
    let finished = audit::run(&plan).map_err(|error| format!("not possible: {error}"))?;
    let again = &finished.run.outputs;
    let mut differences = Vec::new();
    for (name, digest) in &run.outputs {
        match again.get(name) {
            Some(other) if other == digest => {}
            Some(_) => differences.push(format!("{name} comes out differently")),
            None => differences.push(format!("{name} is not written")),
        }
    }
    for name in again.keys().filter(|name| !run.outputs.contains_key(*name)) {
        differences.push(format!("{name} is written as well"));
    }
    let record = |folder: &Path| -> Result<Value, String> {
        let bytes = std::fs::read(folder.join(run_json::FILE)).map_err(|error| error.to_string())?;
        serde_json::from_slice(&bytes).map_err(|error| error.to_string())
    };
    let mut places = Vec::new();
    differing(&record(&run.folder)?, &record(&finished.folder)?, "", &mut places);
    places.retain(|place| place != "when" && !place.starts_with("outputs"));
    if !places.is_empty() {
        let more = places.len().saturating_sub(5);
        places.truncate(5);
        let mut told = format!("run.json differs in {}", places.join(", "));
        if more > 0 {
            let _ = write!(told, " and {more} more places");
        }
        differences.push(told);
    }
    Ok(differences)
}

/// The places in which two JSON values differ.
fn differing(one: &Value, other: &Value, at: &str, places: &mut Vec<String>) {
    let below = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for name in names {
                let null = &Value::Null;
                differing(
                    one.get(name).unwrap_or(null),
                    other.get(name).unwrap_or(null),
                    &below(name),
                    places,
                );
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                differing(one, other, &format!("{at}[{index}]"), places);
            }
        }
        _ if one == other => {}
        _ => places.push(at.to_owned()),
    }
}

fn state(path: &Path, digest: &str) -> State {
    if !path.is_file() {
        return State::Missing;
    }
    match ingest::sha256_of(path, "") {
        Ok(found) if found == digest => State::Same,
        Ok(_) => State::Changed,
        Err(_) => State::Missing,
    }
}

fn list(text: &mut String, label: &str, lines: &[String]) {
    for (index, line) in lines.iter().enumerate() {
        let line = on_one_line(line);
        let _ = writeln!(text, "{:<14}{line}", if index == 0 { label } else { "" });
    }
}
