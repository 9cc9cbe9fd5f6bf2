//! The short text printed when an audit ends: what was read, what was found, what could not be, where to look next.
//!
//! It repeats nothing that the Summary sheet says at length, and it decides nothing.

use std::fmt::Write as _;
use std::path::Path;

use crate::finding::{Disposition, FindingCode};
use crate::printable::on_one_line;
use crate::run::{OpenCount, RunRecord};

use super::text::{amounts, count, counted, decided, in_words};
use super::{Format, Formats};

const WIDTH: usize = 96;
const CODES_SHOWN: usize = 6;
const WARNINGS_SHOWN: usize = 5;

/// The text, about 25 lines of at most 96 columns, ending in a line end.
pub fn text(run: &RunRecord, dir: &Path, formats: Formats) -> String {
    let mut out = Lines::default();
    out.line("", &headline(run));
    out.line("Rows", &rows(run));
    if !run.totals.value.is_empty() {
        let again = match run.totals.repeated {
            0 => String::new(),
            // The findings of such lines are told with their values all the same.
            more => {
                format!("; {} that stand in the record again counted once", counted(more, "line", "lines"))
            }
        };
        out.line("Value", &format!("{} on audited lines{again}", amounts(&run.totals.value)));
    }
    out.line("Pakistan", &counted(run.totals.lines_to_pakistan, "line", "lines"));
    out.gap();
    findings(run, &mut out);
    decisions(run, &mut out);
    gaps(run, &mut out);
    warnings(run, &mut out);
    out.gap();
    law(run, &mut out);
    out.gap();
    next_step(run, dir, formats, &mut out);
    out.text
}

fn headline(run: &RunRecord) -> String {
    let totals = &run.totals;
    let span = if totals.first_date.is_empty() {
        String::new()
    } else if totals.first_date == totals.last_date {
        format!(", exported on {}", totals.first_date)
    } else {
        format!(", exported {} to {}", totals.first_date, totals.last_date)
    };
    format!(
        "{} in {} audited{span}.",
        counted(totals.rows.audited, "line", "lines"),
        counted(totals.files - totals.files_unread.min(totals.files), "file", "files"),
    )
}

/// The reconciliation in one sentence; parts that are zero are left out, except those that matter when zero.
fn rows(run: &RunRecord) -> String {
    let rows = &run.totals.rows;
    let parts = [
        ("audited", "audited", rows.audited, true),
        ("rejected", "rejected", rows.rejected, true),
        ("outside the period", "outside the period", rows.outside_period, false),
        ("title", "titles", rows.title, false),
        ("header", "headers", rows.header, false),
        ("blank", "blank", rows.blank, false),
        ("total", "totals", rows.total, false),
    ];
    let sum: Vec<String> = parts
        .iter()
        .filter(|(.., number, always)| *always || *number > 0)
        .map(|(one, many, number, _)| counted(*number, one, many))
        .collect();
    let verdict =
        if rows.closes() { "" } else { ". THIS DOES NOT ADD UP: do not rely on this run, and report it" };
    format!("{} read = {}{verdict}", count(rows.records), sum.join(" + "))
}

fn findings(run: &RunRecord, out: &mut Lines) {
    let open = |disposition| run.totals.open.get(&disposition).copied().unwrap_or_default();
    for (disposition, name) in [
        (Disposition::Exception, "Exceptions"),
        (Disposition::Review, "Reviews"),
        (Disposition::Note, "Notes"),
    ] {
        let OpenCount { findings, groups } = open(disposition);
        let text = if findings == 0 {
            "none open".to_owned()
        } else {
            format!("{} open in {}", count(findings), counted(groups, "group", "groups"))
        };
        out.line(name, &text);
    }
    let mut codes: Vec<_> = run.codes.iter().filter(|code| code.findings > 0).collect();
    codes.sort_by_key(|code| (code.disposition, std::cmp::Reverse(code.findings), code.code));
    for code in codes.iter().take(CODES_SHOWN) {
        let text = format!(
            "{:>9}  {}, {}{}{}",
            count(code.findings),
            in_words(code.name),
            code.disposition,
            if code.open == code.findings { String::new() } else { format!(", {} open", count(code.open)) },
            if code.value.is_empty() { String::new() } else { format!(" ({})", amounts(&code.value)) }
        );
        out.line(&format!("  {}", code.code), &text);
    }
    if codes.len() > CODES_SHOWN {
        out.line(
            "",
            &format!(
                "and {} in the report",
                counted((codes.len() - CODES_SHOWN) as u64, "more code", "more codes")
            ),
        );
    }
}

/// What reviewers' decisions did.
fn decisions(run: &RunRecord, out: &mut Lines) {
    if !run.decisions.decisions.is_empty() {
        out.line("Decisions", &decided(run));
    }
}

/// What could not be assessed.
fn gaps(run: &RunRecord, out: &mut Lines) {
    let skipped =
        run.inputs.iter().flat_map(|input| &input.sheets).filter(|sheet| sheet.skipped.is_some()).count();
    let undetermined = run.determinations.get("undetermined").copied().unwrap_or(0);
    let gaps = [
        (run.totals.files_unread, "file not read", "files not read"),
        (skipped as u64, "sheet skipped", "sheets skipped"),
        (run.totals.rows.rejected, "row rejected", "rows rejected"),
        (run.totals.rows.outside_period, "line outside the audit period", "lines outside the audit period"),
        (undetermined, "line undetermined", "lines undetermined"),
        (run.totals.rows.with_gap, "line with a needed field missing", "lines with a needed field missing"),
    ];
    let texts: Vec<String> =
        gaps.iter().filter(|(number, ..)| *number > 0).map(|(n, one, many)| counted(*n, one, many)).collect();
    out.line("Not assessed", &if texts.is_empty() { "nothing".to_owned() } else { texts.join(", ") });
    for input in run.inputs.iter().filter(|input| input.fault.is_some()).take(3) {
        out.line("", input.fault.as_deref().unwrap_or_default());
    }
}

fn warnings(run: &RunRecord, out: &mut Lines) {
    for (index, warning) in run.warnings.iter().take(WARNINGS_SHOWN).enumerate() {
        out.line(if index == 0 { "Warnings" } else { "" }, warning);
    }
    if run.warnings.len() > WARNINGS_SHOWN {
        out.line("", &format!("and {} more in the report", run.warnings.len() - WARNINGS_SHOWN));
    }
}

fn law(run: &RunRecord, out: &mut Lines) {
    let checked = run.rules.rules.iter().map(|rule| rule.checked_on.as_str()).filter(|day| !day.is_empty());
    let oldest =
        checked.min().map_or(String::new(), |day| format!(", compared with their sources on {day} or later"));
    out.line(
        "Rules",
        &format!("{} ({}){oldest}", counted(run.rules.rules.len() as u64, "rule", "rules"), run.rules.source),
    );
    out.line(
        "Entity List",
        &format!(
            "{} as of {} ({})",
            counted(run.list.entries as u64, "entry", "entries"),
            run.list.as_of,
            run.list.source
        ),
    );
    for list in &run.further_lists {
        out.line(
            "",
            &format!(
                "{}: {} as of {}",
                list.name,
                counted(list.entries as u64, "party", "parties"),
                list.as_of
            ),
        );
    }
}

fn next_step(run: &RunRecord, dir: &Path, formats: Formats, out: &mut Lines) {
    out.line("Report", &dir.display().to_string());
    let open = if formats.has(Format::Xlsx) {
        format!("open {}", dir.join(super::xlsx::REPORT).display())
    } else {
        format!("open the files in {}", dir.display())
    };
    let code = run
        .codes
        .iter()
        .filter(|code| code.findings > 0)
        .min_by_key(|code| (code.disposition, code.code))
        .map_or(FindingCode::LR01, |code| code.code);
    out.line("Next", &format!("{open}; `lookback explain {code}` says what a code means"));
    out.line(
        "",
        "A finding is a question for a person. No finding does not mean that no license was required.",
    );
}

/// Labeled lines, wrapped under their text.
#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    const INDENT: usize = 14;

    fn line(&mut self, label: &str, text: &str) {
        let indent = if label.is_empty() && self.text.is_empty() { 0 } else { Self::INDENT };
        let text = on_one_line(text);
        let mut column = indent;
        let _ = write!(self.text, "{label:<indent$}");
        let lead = text.len() - text.trim_start().len();
        self.text.extend(std::iter::repeat_n(' ', lead));
        column += lead;
        let mut first = true;
        for word in text.split_whitespace() {
            let width = word.chars().count();
            if !first && column + 1 + width > WIDTH {
                let _ = write!(self.text, "\n{:indent$}", "");
                column = indent;
            } else if !first {
                self.text.push(' ');
                column += 1;
            }
            self.text.push_str(word);
            column += width;
            first = false;
        }
        self.text.push('\n');
    }

    fn gap(&mut self) {
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example::Example;

    #[test]
    fn the_summary_fits_a_terminal_and_says_what_matters() {
        let example = Example::full();
        let text = text(&example.run, Path::new("q1-audit"), Formats::all());
        println!("{text}");
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.lines().count() <= 36, "{}", text.lines().count());
        for said in [
            "21,015 read = 20,757 audited + 2 rejected",
            "LR01",
            "2026-07-09",
            "report.xlsx",
            "explain LR01",
            "password",
            "again counted once",
        ] {
            assert!(text.contains(said), "{said} is missing from\n{text}");
        }
    }

    #[test]
    fn a_clean_run_says_none_and_a_broken_sum_shouts() {
        let mut example = Example::clean();
        let clean = text(&example.run, Path::new("out"), Formats::of(&[Format::Csv]));
        assert!(clean.contains("none open"), "{clean}");
        example.run.totals.rows.audited += 1;
        let broken = text(&example.run, Path::new("out"), Formats::all());
        assert!(broken.contains("DOES NOT ADD UP"), "{broken}");
    }

    #[test]
    fn the_terminal_is_never_steered() {
        let mut example = Example::clean();
        example.run.warnings = vec!["\u{1b}[31mred\u{7}".into()];
        assert!(!text(&example.run, Path::new("out"), Formats::all()).contains('\u{1b}'));
    }
}
