//! The sheet Summary: what was audited, what was found, what was not, in sentences that a person can sign.

use rust_xlsxwriter::{Worksheet, XlsxError};

use crate::finding::Disposition;
use crate::run::RunRecord;

use super::super::text::{amounts, amounts_by_line, count, counted, decided, in_words};
use super::super::{CodeText, ReportData};
use super::cell::Kind::{Alarm, Count, Link, Number, Text};
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
    reconciliation(&mut page, run)?;
    control(&mut page, run)?;
    codes(&mut page, data)?;
    determinations(&mut page, run)?;
    quarters(&mut page, run)?;
    destinations(&mut page, run)?;
    parties(&mut page, data)?;
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
        page.pair(label, &amounts(&[(currency.clone(), *value)].into()))?;
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

fn reconciliation(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
    let rows = &run.totals.rows;
    page.section("Every row accounted for")?;
    page.headings(&[("Rows", Text), ("Number", Count)])?;
    for (name, number) in [
        ("Records read", rows.records),
        ("of which titles above a header", rows.title),
        ("of which headers", rows.header),
        ("of which blank", rows.blank),
        ("of which totals and footers", rows.total),
        ("of which outside the audit period", rows.outside_period),
        ("of which rejected", rows.rejected),
        ("of which audited", rows.audited),
    ] {
        page.row(&[(Text, Value::Text(name)), (Count, Value::Count(number))])?;
    }
    if rows.closes() {
        page.sentence("The parts add up to the records read. The sheet Files shows the same for every sheet of every file.")
    } else {
        page.sentence(
            "THE PARTS DO NOT ADD UP TO THE RECORDS READ. Do not rely on this report; the sheet Files shows where.",
        )
    }
}

fn codes(page: &mut Page, data: ReportData<'_>) -> Result<(), XlsxError> {
    page.section("Findings by code")?;
    let mut found: Vec<_> = data.run.codes.iter().filter(|code| code.findings > 0).collect();
    found.sort_by_key(|code| (code.disposition, code.code));
    if found.is_empty() {
        return page.sentence("None.");
    }
    page.headings(&[
        ("Finding", Text),
        ("Kind", Text),
        ("Findings", Count),
        ("Groups", Count),
        ("Value of lines", Text),
        ("What to look at", Text),
    ])?;
    for code in found {
        let advice = data.code_text(code.code).map_or("", |text: &CodeText| text.what_to_look_at);
        page.row(&[
            (Text, Value::Made(format!("{} {}", code.code, in_words(code.name)))),
            (Text, Value::Text(code.disposition.name())),
            (Count, Value::Count(code.findings)),
            (Count, Value::Count(code.groups)),
            (Text, Value::Made(amounts_by_line(&code.value))),
            (Text, Value::Text(advice)),
        ])?;
    }
    page.remark("Decided findings are included here. A line counts once in the value of a code.")
}

fn determinations(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
    if run.determinations.is_empty() {
        return Ok(());
    }
    page.section("Lines by determination")?;
    page.headings(&[("Determination", Text), ("Lines", Count)])?;
    for (name, lines) in &run.determinations {
        page.row(&[(Text, Value::Made(in_words(name))), (Count, Value::Count(*lines))])?;
    }
    Ok(())
}

fn quarters(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
    page.section("By quarter of the date of export")?;
    if run.totals.quarters.is_empty() {
        return page.sentence("None: no line was audited.");
    }
    page.headings(&[
        ("Quarter", Text),
        ("Lines", Count),
        ("To Pakistan", Count),
        ("Exceptions", Count),
        ("Reviews", Count),
        ("Value of lines with open ones", Text),
    ])?;
    for (quarter, sums) in &run.totals.quarters {
        page.row(&[
            (Text, Value::Text(quarter)),
            (Count, Value::Count(sums.lines)),
            (Count, Value::Count(sums.to_pakistan)),
            (Count, Value::Count(sums.exceptions)),
            (Count, Value::Count(sums.reviews)),
            (Text, Value::Made(amounts_by_line(&sums.open_value))),
        ])?;
    }
    page.remark(VALUE_REMARK)
}

const VALUE_REMARK: &str = "Value: of the lines with an open exception or review; a line counts once, and currencies are not added together.";

fn destinations(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
    page.section("By destination")?;
    if run.totals.destinations.is_empty() {
        return page.sentence("None: no line was audited.");
    }
    let mut by_lines: Vec<_> = run.totals.destinations.iter().collect();
    by_lines.sort_by_key(|(place, sums)| (std::cmp::Reverse(sums.lines), place.as_str()));
    page.headings(&[
        ("Destination", Text),
        ("Code", Text),
        ("Lines", Count),
        ("Exceptions", Count),
        ("Reviews", Count),
        ("Value of lines with open ones", Text),
    ])?;
    for (place, sums) in by_lines {
        let code = if *place == sums.name { "" } else { place };
        page.row(&[
            (Text, Value::Text(&sums.name)),
            (Text, Value::Text(code)),
            (Count, Value::Count(sums.lines)),
            (Count, Value::Count(sums.exceptions)),
            (Count, Value::Count(sums.reviews)),
            (Text, Value::Made(amounts_by_line(&sums.open_value))),
        ])?;
    }
    page.remark(VALUE_REMARK)
}

/// How many parties the Summary names; all of them are on their sheet.
const PARTIES_SHOWN: usize = 25;

fn parties(page: &mut Page, data: ReportData<'_>) -> Result<(), XlsxError> {
    page.section("By party")?;
    let flagged = data.parties.iter().filter(|party| party.findings > 0).count();
    if flagged == 0 {
        return page.sentence("None: no party was flagged.");
    }
    page.headings(&[
        ("Party", Text),
        ("Exceptions", Count),
        ("Reviews", Count),
        ("Lines", Count),
        ("Value of lines", Text),
        ("Listed entity", Text),
    ])?;
    for party in data.parties.iter().filter(|party| party.findings > 0).take(PARTIES_SHOWN) {
        let more = match party.spellings.len() {
            0 | 1 => String::new(),
            spellings => {
                format!(" (and {})", counted(spellings as u64 - 1, "other spelling", "other spellings"))
            }
        };
        let listed = match (party.listed_entity.as_str(), party.listed_from.as_str()) {
            ("", _) => String::new(),
            (entity, "") => entity.to_owned(),
            (entity, from) => format!("{entity}, listed from {from}"),
        };
        page.row(&[
            (Text, Value::Made(format!("{}{more}", party.spellings.first().map_or("", String::as_str)))),
            (Count, Value::Count(party.exceptions)),
            (Count, Value::Count(party.reviews)),
            (Count, Value::Count(party.lines)),
            (Text, Value::Made(amounts_by_line(&party.value))),
            (Text, Value::Made(listed)),
        ])?;
    }
    if flagged > PARTIES_SHOWN {
        page.sentence(&format!(
            "{} of {} parties with findings; all are on the sheet Parties.",
            count(PARTIES_SHOWN as u64),
            count(flagged as u64)
        ))?;
    }
    page.remark(
        "The lines are those on which the party was flagged. A line with two parties counts for each.",
    )
}

/// How many control totals the Summary shows; run.json has all.
const TOTALS_SHOWN: usize = 200;

fn control(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
    page.section("Control totals of the extract")?;
    let Some(control) = &run.control else {
        return page.sentence(
            "Completeness of extraction not tested: no control totals were given (--control). Compare the sheet Files with the system's own counts and sums.",
        );
    };
    if !control.totals.is_empty() {
        page.headings(&[
            ("File: what", Text),
            ("Control", Count),
            ("Read", Count),
            ("Difference", Count),
            ("Agrees", Text),
            ("Remark", Text),
        ])?;
    }
    for line in control.totals.iter().take(TOTALS_SHOWN) {
        let read = line.read.map_or(Value::Text("nothing"), Value::Decimal);
        let difference =
            line.read.map_or(Value::Blank, |read| Value::Decimal(read.saturating_sub(line.control)));
        let verdict = if line.agrees() { "yes" } else { "NO" };
        page.row(&[
            (Text, Value::Made(format!("{}: {}", line.file, line.what))),
            (Number, Value::Decimal(line.control)),
            (Number, read),
            (Number, difference),
            (if line.agrees() { Text } else { Alarm }, Value::Text(verdict)),
            (Text, Value::Text(&line.remark)),
        ])?;
    }
    if control.totals.len() > TOTALS_SHOWN {
        let all = counted(control.totals.len() as u64, "total", "totals");
        page.sentence(&format!("The first {} of {all}; run.json has all.", count(TOTALS_SHOWN as u64)))?;
    }
    for sentence in &control.itns {
        page.sentence(sentence)?;
    }
    page.remark(
        "Rows: data rows, whether audited, outside the period or rejected. Quantity and value: of audited lines.",
    )
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
