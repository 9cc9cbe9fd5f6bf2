//! The sheet Summary: what was audited, what was found, what was not, in sentences that a person can sign.

mod tables;

use rust_xlsxwriter::{Worksheet, XlsxError};

use crate::finding::Disposition;
use crate::run::RunRecord;

use super::super::ReportData;
use super::super::text::{amounts, count, counted, decided, in_words};
use super::cell::Kind::{Count, Link, Text};
use super::cell::{Value, sheet_name};
use super::frame::{Frame, Paper};
use super::page::Page;
use super::table::Contents;

const WIDTHS: &[f64] = &[32.0, 12.0, 12.0, 12.0, 19.0, 35.0];

/// Writes the sheet.
pub(super) fn write(
    data: ReportData<'_>,
    contents: &[Contents],
    frame: &Frame,
) -> Result<Worksheet, XlsxError> {
    let run = data.run;
    let mut page = Page::begin("Summary", "Lookback: flagged exceptions", WIDTHS, Paper::Upright, frame)?;
    // What counts comes first: a reader may see no more than the first page.
    opening(&mut page)?;
    open_findings(&mut page, run)?;
    decisions(&mut page, run)?;
    warnings(&mut page, run)?;
    not_tested(&mut page, run)?;
    scope(&mut page, run)?;
    tables::reconciliation(&mut page, run)?;
    tables::control(&mut page, run)?;
    tables::codes(&mut page, data)?;
    tables::determinations(&mut page, run)?;
    tables::quarters(&mut page, run)?;
    tables::destinations(&mut page, run)?;
    tables::parties(&mut page, data)?;
    law(&mut page, run)?;
    contents_table(&mut page, contents)?;
    page.finish()
}

fn opening(page: &mut Page) -> Result<(), XlsxError> {
    page.sentence(
        "This report lists the recorded shipment lines on which a license requirement is indicated with nothing on record \
         that meets it, and those on which a person must establish a fact. Each line was judged against the rules and the \
         Entity List as both stood on its date of export.",
    )?;
    page.remark(
        "A finding is a reason to look, not a legal conclusion. No requirement found does not mean that no license was \
         required. Recorded shipments only.",
    )
}

fn scope(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
    let totals = &run.totals;
    page.section("What was audited")?;
    page.pair("Audit period", &period(run))?;
    let judged = if totals.first_date.is_empty() {
        "none: no audited line has a date of export".to_owned()
    } else {
        format!("{} to {}", totals.first_date, totals.last_date)
    };
    page.pair("Dates of export judged", &judged)?;
    let read = totals.files - totals.files_unread.min(totals.files);
    page.pair("Files", &format!("{} of {} given could be read", count(read), count(totals.files)))?;
    page.pair("Lines audited", &count(totals.rows.audited))?;
    page.pair("Lines to Pakistan", &count(totals.lines_to_pakistan))?;
    page.pair(
        "Lines that repeat another",
        &format!("{} (each counts once in the value)", count(totals.repeated)),
    )?;
    for (index, (currency, value)) in totals.value.iter().enumerate() {
        let label = if index == 0 { "Value of audited lines" } else { "" };
        page.pair(label, &amounts(&[(currency, *value)].into()))?;
    }
    if totals.value.is_empty() {
        page.pair("Value of audited lines", "no value could be read")?;
    }
    if totals.value.len() > 1 {
        page.remark("Amounts in different currencies are not added together.")?;
    }
    Ok(())
}

/// The bounds of the audit period as given: the last day (`to`), or the first day after it (`until`).
fn period(run: &RunRecord) -> String {
    let from = run.options.get("from").map(|day| format!("from {day}"));
    let to = run.options.get("to").map(|day| format!("to {day}"));
    let bounds: Vec<String> =
        from.into_iter().chain(to.or_else(|| run.options.get("until").cloned())).collect();
    if bounds.is_empty() {
        "not limited: every dated and undated line".to_owned()
    } else {
        format!("dates of export {}; undated lines as well", bounds.join(", "))
    }
}

fn open_findings(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
    page.section("Open findings")?;
    page.headings(&[
        ("Kind", Text),
        ("Findings", Count),
        ("Groups", Count),
        ("Sheet", Text),
        ("", Text),
        ("What it means", Text),
    ])?;
    for (disposition, name, sheet, meaning) in [
        (
            Disposition::Exception,
            "Exceptions",
            "Exceptions",
            "A license requirement is indicated and nothing on record meets it.",
        ),
        (
            Disposition::Review,
            "Reviews",
            "Reviews",
            "A person must establish a fact before this can be settled.",
        ),
        (Disposition::Note, "Notes", "Notes", "For the file; nothing needs to be decided."),
    ] {
        let open = run.totals.open.get(&disposition).copied().unwrap_or_default();
        page.row(&[
            (Text, Value::Text(name)),
            (Count, Value::Count(open.findings)),
            (Count, Value::Count(open.groups)),
            (Link, Value::Sheet(sheet)),
            (Text, Value::Blank),
            (Text, Value::Text(meaning)),
        ])?;
    }
    page.remark("A group is what a reviewer decides at once: one party and listed entity, say, or one item.")
}

fn decisions(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
    if run.decisions.decisions.is_empty() {
        return Ok(());
    }
    page.section("Reviewers' decisions")?;
    page.pair("Decisions", &decided(run))?;
    for (word, findings) in &run.decisions.closed {
        page.pair(&in_words(word), &counted(*findings, "finding", "findings"))?;
    }
    page.remark("Decided findings stay on their sheets with their status and are not counted as open. The sheet Decisions says what became of each decision.")
}

fn warnings(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
    page.section("Before you rely on this")?;
    if run.warnings.is_empty() {
        page.sentence("No warning beyond the limits stated below.")?;
    }
    for warning in &run.warnings {
        page.sentence(&format!("\u{2022} {warning}"))?;
    }
    Ok(())
}

fn law(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
    page.section("The list and the rules used")?;
    page.pair(
        "Entity List",
        &format!(
            "as of {}; {} ({})",
            run.list.as_of,
            counted(run.list.entries as u64, "entry", "entries"),
            run.list.source
        ),
    )?;
    for list in &run.further_lists {
        page.pair(
            &list.name,
            &format!(
                "as of {}; {} ({})",
                list.as_of,
                counted(list.entries as u64, "party", "parties"),
                list.source
            ),
        )?;
    }
    for rule in &run.rules.rules {
        page.pair(
            &rule.title,
            &format!("{}; compared with its source on {}", rule.in_force.join("; "), rule.checked_on),
        )?;
    }
    page.remark("The sheet Method gives the citations, the limits of each rule and of the list, and how data were read.")
}

fn not_tested(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
    page.section("What was not checked")?;
    page.sentence(&format!(
        "Recorded shipments only. A clean result says nothing about what was not tested: {}.",
        run.not_tested.join("; ")
    ))?;
    let unread = run.inputs.iter().filter(|input| input.fault.is_some());
    for input in unread {
        page.sentence(&format!("\u{2022} {} could not be read; none of its lines was audited", input.file))?;
    }
    let skipped =
        run.inputs.iter().flat_map(|input| &input.sheets).filter(|sheet| sheet.skipped.is_some()).count();
    if skipped > 0 {
        page.sentence(&format!(
            "\u{2022} {} not audited; the sheet Not assessed says why",
            counted(skipped as u64, "sheet was", "sheets were")
        ))?;
    }
    Ok(())
}

fn contents_table(page: &mut Page, contents: &[Contents]) -> Result<(), XlsxError> {
    page.section("Sheets of this workbook")?;
    page.headings(&[("Sheet", Text), ("Rows", Count)])?;
    for list in contents {
        // The sums below the files are no row of their own.
        let rows = if list.name == "Files" { list.rows.saturating_sub(1) } else { list.rows };
        page.row(&[(Link, Value::Sheet(list.name)), (Count, Value::Count(rows))])?;
    }
    for list in contents.iter().filter(|list| list.sheets > 1) {
        page.sentence(&format!(
            "{} fills {} sheets, {} to {}: a sheet holds at most 1,048,576 rows.",
            list.name,
            list.sheets,
            list.name,
            sheet_name(list.name, list.sheets as u32)
        ))?;
    }
    page.remark("Method and Sign-off stand at the end. Findings that ask for a review are shown by group; each one of them is in findings.csv.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example::Example;

    #[test]
    fn one_bound_limits_the_period_as_two_do() {
        let mut run = Example::clean().run;
        let mut said = |options: &[(&str, &str)]| {
            run.options = options.iter().map(|(name, day)| ((*name).to_owned(), (*day).to_owned())).collect();
            period(&run)
        };
        assert!(said(&[]).starts_with("not limited"));
        assert_eq!(
            said(&[("until", "before 2025-06-03")]),
            "dates of export before 2025-06-03; undated lines as well"
        );
        assert_eq!(
            said(&[("from", "2025-01-01"), ("to", "2025-06-02")]),
            "dates of export from 2025-01-01, to 2025-06-02; undated lines as well"
        );
    }
}
