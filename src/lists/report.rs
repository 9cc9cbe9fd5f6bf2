//! What an import tells: a short text, and every change as a row of `import.csv`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::change::{Kind, Line};
use super::download::Download;
use super::import::{Imported, Request};
use super::merge::Merged;
use super::questions;
use crate::count::{count, counted};
use crate::entity_list::ListName;
use crate::report::neutral;

/// The file that holds every change.
pub(super) const FILE: &str = "import.csv";
/// How many changes the text tells; all stand in the file.
const TOLD: usize = 20;

/// The text of a finished import.
pub(super) fn of(
    request: &Request,
    download: &Download,
    without_program: &BTreeMap<ListName, u64>,
    lists: &[Merged],
) -> Imported {
    let mut text = format!(
        "{} of {}: {}\nSHA-256 {}\n\n",
        download.file,
        request.as_of,
        counted(download.rows, "row", "rows"),
        download.sha256
    );
    for merged in lists {
        let _ = writeln!(text, "{:<36}{}", merged.tables.list.name(), line(merged));
    }
    for (list, rows) in without_program {
        let _ =
            writeln!(text, "{:<36}{} of no program that counts", list.name(), counted(*rows, "row", "rows"));
    }
    let unused: u64 = download.unused.values().sum();
    if unused > 0 {
        let _ = writeln!(text, "{:<36}{}", "Lists not used", counted(unused, "row", "rows"));
    }
    let changes: Vec<&Line> = lists.iter().flat_map(|merged| &merged.lines).collect();
    if !changes.is_empty() {
        text.push('\n');
        for change in changes.iter().take(TOLD) {
            let _ = writeln!(text, "{}", told(change));
        }
        if changes.len() > TOLD {
            let _ = writeln!(text, "and {} more", count((changes.len() - TOLD) as u64));
        }
    }
    for (number, rejected) in download.rejected.iter().take(TOLD).enumerate() {
        let before = if number == 0 { "\n" } else { "" };
        let _ = writeln!(text, "{before}Not used: {rejected}");
    }
    if download.rejected.len() > TOLD {
        let _ = writeln!(
            text,
            "and {} more that could not be used",
            count((download.rejected.len() - TOLD) as u64)
        );
    }
    let asked = lists.iter().flat_map(|merged| &merged.questions).count() as u64;
    let _ = writeln!(text, "\n{} holds the list; every change stands in its {FILE}.", request.out.display());
    if asked > 0 {
        let _ = writeln!(
            text,
            "{} open: {} of that folder asks whether rows are entries the table has. Write `same` or `different` into its last \
             column and import once more with --answers and another -o. Until then both are kept.",
            counted(asked, "question is", "questions are"),
            questions::FILE
        );
    }
    let not_read = lines_of(lists, Kind::NotRead);
    if not_read > 0 {
        let _ = writeln!(
            text,
            "{} could not be read: what the entries require, open or have reviewed is not known from {} on, and lines to them ask a \
             person. Read these entries in the Federal Register.",
            counted(not_read, "license text", "license texts"),
            request.as_of
        );
    }
    let _ = writeln!(text, "Use it with `lookback audit --entity-list {}`.", request.out.display());
    Imported { text, asks_for_a_person: asked + not_read > 0 || !download.rejected.is_empty() }
}

/// How many changes of a kind there are.
fn lines_of(lists: &[Merged], kind: Kind) -> u64 {
    lists.iter().flat_map(|merged| &merged.lines).filter(|line| line.kind == kind).count() as u64
}

fn line(merged: &Merged) -> String {
    let rows = counted(merged.rows as u64, "row", "rows");
    if merged.is_first {
        return format!("{rows}: imported for the first time");
    }
    let entries = |kind: Kind| {
        let mut ids: Vec<&str> =
            merged.lines.iter().filter(|line| line.kind == kind).map(|line| line.id.as_str()).collect();
        ids.dedup();
        ids.len() as u64
    };
    let mut parts: Vec<String> = [Kind::New, Kind::Vanished, Kind::Changed]
        .into_iter()
        .map(|kind| format!("{} {}", count(entries(kind)), kind.name()))
        .collect();
    let of = |kind: Kind| lines_of(std::slice::from_ref(merged), kind);
    let (kept, not_read) = (of(Kind::NotPrinted), of(Kind::NotRead));
    if not_read > 0 {
        parts.push(format!("{} not read", counted(not_read, "license text", "license texts")));
    }
    if merged.still_not_read > 0 {
        parts.push(format!(
            "{} still not read",
            counted(merged.still_not_read, "license text", "license texts")
        ));
    }
    if kept > 0 {
        parts.push(format!(
            "{} no longer printed, and kept",
            counted(kept, "name or address", "names and addresses")
        ));
    }
    if !merged.questions.is_empty() {
        parts.push(counted(merged.questions.len() as u64, "question", "questions"));
    }
    format!("{rows}: {}", parts.join(", "))
}

fn told(line: &Line) -> String {
    let what = match line.kind {
        Kind::New | Kind::Vanished => line.after.clone(),
        Kind::NotRead => format!("{}: \"{}\"", line.what, line.after),
        Kind::Changed if line.before.is_empty() => format!("{} added: {}", line.what, line.after),
        Kind::Changed => format!("{}: {} became {}", line.what, line.before, line.after),
        Kind::NotPrinted => format!("{} no longer printed: {}", line.what, line.before),
    };
    format!("{:<12}{} ({}): {what}", line.kind.name(), line.name, line.id)
}

/// Every change, a row each.
pub(super) fn csv_of(lists: &[Merged]) -> Result<String, String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |cells: [&str; 7]| writer.write_record(cells).map_err(|error| error.to_string());
    write(["list", "change", "id", "name", "what", "before", "after"])?;
    for line in lists.iter().flat_map(|merged| &merged.lines) {
        write([
            line.list.code(),
            line.kind.name(),
            &line.id,
            &neutral(&line.name),
            line.what,
            &neutral(&line.before),
            &neutral(&line.after),
        ])?;
    }
    let bytes = writer.into_inner().map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}
