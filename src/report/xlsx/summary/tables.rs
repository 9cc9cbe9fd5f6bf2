//! The tables of the Summary: rows accounted for, control totals, and what was found by code, quarter, destination, party.

use rust_xlsxwriter::XlsxError;

use crate::run::RunRecord;

use super::super::super::text::{amounts_by_line, count, counted, in_words};
use super::super::super::{CodeText, ReportData};
use super::super::cell::Kind::{Alarm, Count, Number, Text};
use super::super::cell::Value;
use super::super::page::Page;

pub(super) fn reconciliation(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
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

pub(super) fn codes(page: &mut Page, data: ReportData<'_>) -> Result<(), XlsxError> {
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

pub(super) fn determinations(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
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

pub(super) fn quarters(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
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

pub(super) fn destinations(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
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

pub(super) fn parties(page: &mut Page, data: ReportData<'_>) -> Result<(), XlsxError> {
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

pub(super) fn control(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
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
