//! The sheet Sign-off: a form filled in by hand. The program states what it can and leaves every judgment blank.

use rust_xlsxwriter::{Worksheet, XlsxError};

use crate::finding::Disposition;

use super::super::ReportData;
use super::super::text::{count, counted};
use super::cell::Kind::Text;
use super::frame::{Frame, Paper};
use super::page::Page;

const WIDTHS: &[f64] = &[30.0, 28.0, 22.0, 30.0];

/// Writes the sheet; `digest` is the SHA-256 of `findings.csv` where it was written.
pub(super) fn write(
    data: ReportData<'_>,
    digest: Option<&String>,
    frame: &Frame,
) -> Result<Worksheet, XlsxError> {
    let run = data.run;
    let mut page = Page::begin("Sign-off", "Sign-off", WIDTHS, Paper::Upright, frame)?;
    page.sentence("To be filled in by hand. The program enters only what it knows.")?;

    page.section("The extract")?;
    for label in ["System", "Extraction query", "Extracted by", "Extracted on", "Completeness tested how"] {
        page.blank(label)?;
    }

    page.section("The report")?;
    page.pair("Program", &run.program)?;
    page.pair("Entity List as of", &run.list.as_of)?;
    page.pair("Dates of export judged", &format!("{} to {}", run.totals.first_date, run.totals.last_date))?;
    page.pair("Lines audited", &count(run.totals.rows.audited))?;
    let open = |disposition| run.totals.open.get(&disposition).copied().unwrap_or_default();
    let exceptions = open(Disposition::Exception);
    let reviews = open(Disposition::Review);
    page.pair(
        "Open when written",
        &format!(
            "{}; {} in {}",
            counted(exceptions.findings, "exception", "exceptions"),
            counted(reviews.findings, "review", "reviews"),
            counted(reviews.groups, "group", "groups")
        ),
    )?;
    let known =
        digest.map_or("findings.csv was not written in this run; see run.json for the digests", |text| text);
    page.pair("Report digest (SHA-256 of findings.csv)", known)?;
    page.blank("Digest compared by and on")?;
    page.remark(
        "To compare: on Windows, certutil -hashfile findings.csv SHA256 prints the digest of the file; on macOS, shasum -a 256 findings.csv; on Linux, sha256sum findings.csv. The digests of the other files stand in run.json.",
    )?;

    page.section("What was tested, and what was not")?;
    let control = match &run.control {
        Some(control) => crate::control::summary(control),
        None => "not given: completeness of extraction not tested".to_owned(),
    };
    page.pair("Control totals", &control)?;
    let sample = match &run.sample {
        Some(sample) => format!(
            "{} without findings drawn (seed {}); results on the sheet Sample",
            counted(sample.lines.len() as u64, "line", "lines"),
            sample.seed
        ),
        None => "not drawn: lines without findings were not tested by hand".to_owned(),
    };
    page.pair("Sample", &sample)?;
    page.pair("Not tested", &run.not_tested.join("; "))?;

    page.section("Signatures")?;
    page.headings(&["", "Name", "Date", "Signature"].map(|heading| (heading, Text)))?;
    for label in ["Prepared by", "Reviewed by", "Approved by"] {
        page.blank_row(label)?;
    }
    page.gap();
    page.blank("Remarks")?;
    for _ in 0..3 {
        page.blank("")?;
    }
    // A form is signed on one sheet of paper.
    page.on_one_page();
    page.finish()
}
