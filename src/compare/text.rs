//! A comparison as text: what the two runs were, how many findings are new, gone and changed and why, and the first of each.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Change, Kind, Totals};
use crate::count::{count, counted};
use crate::past::{PastLaw, PastRun};
use crate::printable::on_one_line;

/// How many changes of a kind are shown.
const SHOWN: usize = 20;

/// The first changes of each kind, kept for the text.
#[derive(Debug, Default)]
pub struct Shown {
    new: Vec<String>,
    gone: Vec<String>,
    changed: Vec<String>,
}

impl Shown {
    /// Keeps the change if it is among the first of its kind.
    pub fn see(&mut self, change: &Change) {
        let lines = match change.kind {
            Kind::New => &mut self.new,
            Kind::Gone => &mut self.gone,
            Kind::Changed => &mut self.changed,
        };
        if lines.len() < SHOWN {
            lines.push(line(change));
        }
    }

    fn of(&self, kind: Kind) -> &[String] {
        match kind {
            Kind::New => &self.new,
            Kind::Gone => &self.gone,
            Kind::Changed => &self.changed,
        }
    }
}

/// The text, ending in a line end.
pub fn text(earlier: &PastRun, later: &PastRun, totals: &Totals, shown: &Shown) -> String {
    let mut out = String::new();
    for (label, words) in described(earlier, later) {
        let _ = writeln!(out, "{label:<14}{words}");
    }
    let _ = writeln!(
        out,
        "Findings      {} earlier, {} later: {} unchanged, {} new, {} gone, {} changed",
        count(totals.earlier),
        count(totals.later),
        count(totals.unchanged),
        count(totals.of(Kind::New)),
        count(totals.of(Kind::Gone)),
        count(totals.of(Kind::Changed))
    );
    for (kind, title) in [(Kind::New, "New"), (Kind::Gone, "Gone"), (Kind::Changed, "Changed")] {
        let Some(by_why) = totals.changes.get(&kind) else { continue };
        let whole = totals.of(kind);
        let _ = writeln!(out, "\n{title}: {}", counted(whole, "finding", "findings"));
        for (why, number) in by_why {
            let _ = writeln!(out, "{:>9}  {why}", count(*number));
        }
        for line in shown.of(kind) {
            out.push_str(line);
        }
        if whole > SHOWN as u64 {
            let _ = writeln!(out, "  and {} more; --format csv lists them all", count(whole - SHOWN as u64));
        }
    }
    out
}

/// What was compared, label and text.
pub fn described(earlier: &PastRun, later: &PastRun) -> Vec<(&'static str, String)> {
    vec![
        ("Earlier run", run(earlier)),
        ("Later run", run(later)),
        ("Inputs", inputs(earlier, later)),
        ("Rules", law(&earlier.rules, &later.rules)),
        ("Entity List", law(&earlier.list, &later.list)),
    ]
}

fn run(run: &PastRun) -> String {
    let dates = if run.totals.first_date.is_empty() {
        "no dated line".to_owned()
    } else {
        format!("exports {} to {}", run.totals.first_date, run.totals.last_date)
    };
    on_one_line(&format!("{}: {}, {dates}", run.label, run.program))
}

fn inputs(earlier: &PastRun, later: &PastRun) -> String {
    let digests =
        |run: &PastRun| -> BTreeSet<String> { run.inputs.iter().map(|input| input.sha256.clone()).collect() };
    let (before, after) = (digests(earlier), digests(later));
    let same = before.intersection(&after).count() as u64;
    if same == before.len() as u64 && same == after.len() as u64 {
        return counted(same, "file, the same in both", "files, the same in both");
    }
    format!(
        "{} earlier, {} later; {} the same to the byte",
        counted(before.len() as u64, "file", "files"),
        counted(after.len() as u64, "file", "files"),
        if same == 0 { "none".to_owned() } else { count(same) }
    )
}

fn law(earlier: &PastLaw, later: &PastLaw) -> String {
    let named = |law: &PastLaw| {
        let digest = law.sha256.get(..12).unwrap_or(&law.sha256);
        if law.as_of.is_empty() { digest.to_owned() } else { format!("as of {} ({digest})", law.as_of) }
    };
    if earlier.sha256 == later.sha256 {
        format!("the same in both, {}", named(later))
    } else {
        format!("changed from {} to {}", named(earlier), named(later))
    }
}

fn line(change: &Change) -> String {
    let finding = &change.finding;
    let mut place = if finding.sheet.is_empty() {
        format!("{}, line {}", finding.file, finding.row)
    } else {
        format!("{}, sheet {}, row {}", finding.file, finding.sheet, finding.row)
    };
    if !finding.document.is_empty() {
        place = format!("{} line {} ({place})", finding.document, finding.line);
    }
    let about = if finding.party_name.is_empty() { &finding.item } else { &finding.party_name };
    let about = if about.is_empty() { String::new() } else { format!(", {about}") };
    let text = format!("{} {place}{about}", finding.code);
    let detail = format!("{}: {}", change.why(), change.what);
    format!("  {}\n      {}\n", on_one_line(&text), on_one_line(&detail))
}
