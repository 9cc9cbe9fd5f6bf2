//! The sheet Method: the law and the list used, how the program decides, how each sheet was read, what each code means.

use rust_xlsxwriter::{Worksheet, XlsxError};

use crate::code_words;
use crate::run::{RuleRecord, RunRecord};

use super::super::ReportData;
use super::super::text::{counted, field_in_words, in_words};
use super::cell::Kind::Text;
use super::cell::Value;
use super::frame::{Frame, Paper};
use super::page::Page;

const WIDTHS: &[f64] = &[26.0, 32.0, 32.0, 36.0, 32.0];

/// Writes the sheet.
pub(super) fn write(data: ReportData<'_>, frame: &Frame) -> Result<Worksheet, XlsxError> {
    let mut page = Page::begin("Method", "Method", WIDTHS, Paper::Wide, frame)?;
    page.sentence(
        "How this report came about: the rules and the list used, with what is not verified; how findings are reached; \
         how the files were read; and what each code means.",
    )?;
    for rule in &data.run.rules.rules {
        write_rule(&mut page, rule)?;
    }
    write_list(&mut page, data.run)?;
    page.section("How findings are reached")?;
    for paragraph in data.method {
        page.pair(paragraph.title, paragraph.text)?;
    }
    page.pair(
        "Text of the record",
        "Cells that begin with = + - @, a tab or a line end carry a leading apostrophe here and in the CSV files, so that \
         no text of the record acts as a formula; plain negative numbers stay numbers. Control characters are shown by \
         their pictures, and characters that cannot be seen by their numbers. findings.jsonl keeps the text exactly as read. The CSV files are UTF-8: open them in Excel with \
         Data > From Text/CSV.",
    )?;
    page.pair("Program", &data.run.program)?;
    page.pair("Rules", &format!("{}; SHA-256 {}", data.run.rules.source, data.run.rules.sha256))?;
    write_options(&mut page, data.run)?;
    write_codes(&mut page, data)?;
    write_reading(&mut page, data.run)?;
    page.finish()
}

fn write_rule(page: &mut Page, rule: &RuleRecord) -> Result<(), XlsxError> {
    page.section(&rule.title)?;
    page.pair("Rule id", &rule.id)?;
    page.pair("Status", &rule.in_force.join("; "))?;
    let links: Vec<_> = rule.citations.iter().map(|citation| (citation.clone(), address(citation))).collect();
    page.links("Citations", &links)?;
    page.pair("Text read", &rule.text_read)?;
    page.pair("Compared with its source", &rule.checked_on)?;
    for (index, limit) in rule.limits.iter().enumerate() {
        page.pair(if index == 0 { "Left to a person, or not verified" } else { "" }, limit)?;
    }
    Ok(())
}

fn write_list(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
    for list in std::iter::once(&run.list).chain(&run.further_lists) {
        page.section(&format!("The {}", list.name))?;
        page.pair("As of", &list.as_of)?;
        if !list.too_old.is_empty() {
            page.pair("Old", &list.too_old)?;
        }
        page.pair("Entries", &counted(list.entries as u64, "entry", "entries"))?;
        page.pair("Source", &format!("{}; SHA-256 {}", list.source, list.sha256))?;
        for (index, source) in list.sources.iter().enumerate() {
            page.pair(if index == 0 { "Made from" } else { "" }, source)?;
        }
        for (index, limit) in list.limits.iter().enumerate() {
            page.pair(if index == 0 { "What it cannot know" } else { "" }, limit)?;
        }
    }
    Ok(())
}

fn write_options(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
    page.section("Options given")?;
    if run.options.is_empty() {
        page.sentence("None.")?;
    }
    for (name, value) in &run.options {
        page.pair(name, value)?;
    }
    Ok(())
}

fn write_codes(page: &mut Page, data: ReportData<'_>) -> Result<(), XlsxError> {
    if data.codes.is_empty() {
        return Ok(());
    }
    page.section("What each code means")?;
    page.headings(
        &["Code", "What it finds", "Why it matters", "What to look at", "Law"].map(|heading| (heading, Text)),
    )?;
    for text in data.codes {
        page.row(&[
            (
                Text,
                Value::Made(format!(
                    "{} {}\n{}",
                    text.code,
                    in_words(text.code.name()),
                    code_words::says(text.code)
                )),
            ),
            (Text, Value::Text(text.what_it_finds)),
            (Text, Value::Text(text.why_it_matters)),
            (Text, Value::Text(text.what_to_look_at)),
            (Text, Value::Text(text.law)),
        ])?;
    }
    Ok(())
}

fn write_reading(page: &mut Page, run: &RunRecord) -> Result<(), XlsxError> {
    page.section("How each sheet was read")?;
    let mut any = false;
    for input in &run.inputs {
        for sheet in input.sheets.iter().filter(|sheet| sheet.skipped.is_none()) {
            any = true;
            page.gap();
            let name = if sheet.sheet.is_empty() {
                input.file.clone()
            } else {
                format!("{}, sheet {}", input.file, sheet.sheet)
            };
            page.pair("Source", &name)?;
            page.pair("Header", &format!("row {}", sheet.header_row))?;
            for (label, words) in [("Encoding", &sheet.encoding), ("Delimiter", &sheet.delimiter)] {
                if !words.is_empty() {
                    let shown = if words == "\t" { "tab" } else { words };
                    page.pair(label, shown)?;
                }
            }
            for (index, dates) in sheet.date_order.iter().enumerate() {
                page.pair(if index == 0 { "Dates" } else { "" }, dates)?;
            }
            if !sheet.decimal_mark.is_empty() {
                page.pair("Decimal mark", &sheet.decimal_mark)?;
            }
            if !sheet.columns.is_empty() {
                page.headings(
                    &["Column", "Heading", "Read as", "Decided by"].map(|heading| (heading, Text)),
                )?;
                for column in &sheet.columns {
                    page.row(&[
                        (Text, Value::Text(&column.column)),
                        (Text, Value::Text(&column.heading)),
                        (Text, Value::Made(field_in_words(&column.field))),
                        (Text, Value::Text(&column.source)),
                    ])?;
                }
            }
        }
    }
    if any { Ok(()) } else { page.sentence("None: no sheet could be read.") }
}

/// Where a citation can be read: the section or part in the eCFR, the page in the Federal Register.
fn address(citation: &str) -> Option<String> {
    let words: Vec<&str> = citation.split_whitespace().collect();
    let digits = |text: &str| {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let number = text[..end].trim_end_matches('.');
        (!number.is_empty()).then(|| number.to_owned())
    };
    words.windows(3).enumerate().find_map(|(index, three)| {
        let [volume, work, place] = three else { return None };
        let title = digits(volume)?;
        match *work {
            "CFR" if *place == "Part" || *place == "part" => {
                let part = digits(words.get(index + 3)?)?;
                Some(format!("https://www.ecfr.gov/current/title-{title}/part-{part}"))
            }
            "CFR" => Some(format!("https://www.ecfr.gov/current/title-{title}/section-{}", digits(place)?)),
            "FR" => Some(format!("https://www.federalregister.gov/citation/{title}-FR-{}", digits(place)?)),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn citations_lead_to_the_law() {
        for (citation, url) in [
            ("15 CFR 742.6(a)(12)", Some("https://www.ecfr.gov/current/title-15/section-742.6")),
            ("89 FR 93164", Some("https://www.federalregister.gov/citation/89-FR-93164")),
            ("Supplement No. 4 to 15 CFR Part 744", Some("https://www.ecfr.gov/current/title-15/part-744")),
            ("BIS guidance", None),
            ("15 CFR", None),
            ("", None),
        ] {
            assert_eq!(address(citation).as_deref(), url, "{citation}");
        }
    }
}
