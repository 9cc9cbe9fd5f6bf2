//! `report.html`: one page that holds everything it needs, opens from a file share, and asks the network for nothing.
//!
//! Owns the page as a whole and what it leaves out; every text of the record passes through `markup`. The policy in its
//! head lets the browser run this program's own script and nothing else.

mod charts;
mod lists;
mod markup;
mod prose;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::finding::{Disposition, NumberedFinding};

use self::lists::Head;
pub(super) use self::markup::policy_hash;
use self::markup::{css_string, safe};
use super::digest::HashedFile;
use super::text::{count, counted};
use super::{Error, ReportData};

pub(super) const REPORT: &str = "report.html";

/// The most exceptions on the page; a browser is no place for more.
const EXCEPTIONS: u64 = 2_000;
/// The most groups of reviews.
const GROUPS: usize = 1_000;

/// The page while findings pass.
pub(super) struct ReportHtml<'a> {
    path: PathBuf,
    out: HashedFile,
    data: ReportData<'a>,
    exceptions: u64,
    buffer: String,
}

impl<'a> ReportHtml<'a> {
    /// Creates the page with all that stands above the first finding.
    pub(super) fn create(dir: &Path, data: ReportData<'a>) -> Result<Self, Error> {
        let path = dir.join(REPORT);
        let out = HashedFile::create(&path)?;
        let mut page = Self { path, out, data, exceptions: 0, buffer: String::new() };
        page.head();
        page.flush()?;
        Ok(page)
    }

    fn head(&mut self) {
        let run = self.data.run;
        let option = |name: &str| run.options.get(name).map_or("", |text| text.trim());
        let (legend, matter) = (option("legend"), option("matter"));
        let framed: Vec<&str> = [legend, matter].into_iter().filter(|text| !text.is_empty()).collect();
        let framed = framed.join(" | ");
        let title = if framed.is_empty() {
            "Lookback report".to_owned()
        } else {
            format!("{framed} | Lookback report")
        };
        let style = style(&framed);
        let out = &mut self.buffer;
        let _ = write!(
            out,
            "<!DOCTYPE html>\n<html lang=\"en-US\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{}</title>\n<style>{style}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#exceptions\">Skip to the exceptions</a>\n<header>\n",
            policy_hash(&script()),
            policy_hash(&style),
            safe(&title)
        );
        if !framed.is_empty() {
            let _ = writeln!(out, "<p class=\"legend\">{}</p>", safe(&framed));
        }
        out.push_str(
            "<h1>Lookback: flagged exceptions</h1>\n<p>Recorded shipment lines on which a license requirement is indicated with nothing on record that meets it, \
             and those on which a person must establish a fact. Each line was judged against the rules and the Entity List as both stood on its date of export. \
             A finding is a reason to look, not a legal conclusion. No requirement found does not mean that no license was required.</p>\n\
             <nav aria-label=\"Sections\"><ul><li><a href=\"#figures\">Figures</a></li><li><a href=\"#limits\">Before you rely on this</a></li>\
             <li><a href=\"#charts\">Charts</a></li><li><a href=\"#exceptions\">Exceptions</a></li><li><a href=\"#reviews\">Reviews</a></li>\
             <li><a href=\"#codes\">What the codes mean</a></li><li><a href=\"#law\">The rules and the list used</a></li></ul></nav>\n</header>\n<main>\n\
             <section id=\"figures\" aria-labelledby=\"figures-title\"><h2 id=\"figures-title\">Figures</h2>\n",
        );
        prose::figures(run, out);
        out.push_str("</section>\n");
        prose::warnings(run, out);
        out.push_str(
            "<section id=\"charts\" aria-labelledby=\"charts-title\"><h2 id=\"charts-title\">Charts</h2>\n",
        );
        charts::write(self.data, out);
        out.push_str("</section>\n");
        let all = exceptions_of(self.data);
        let intro = match all {
            0 => "None: no line shows a license requirement with nothing on record that meets it.".to_owned(),
            all if all > EXCEPTIONS => format!(
                "This page shows the first {} of {} exceptions, in the order of files and rows. The workbook and findings.csv hold all of them.",
                count(EXCEPTIONS),
                count(all)
            ),
            all => format!("{}, in the order of files and rows.", counted(all, "exception", "exceptions")),
        };
        lists::begin(
            &Head {
                id: "exceptions",
                title: "Exceptions",
                intro: &intro,
                columns: lists::EXCEPTION_COLUMNS,
                filters: lists::EXCEPTION_FILTERS,
            },
            out,
        );
    }

    /// Writes an exception, as long as there is room.
    pub(super) fn finding(&mut self, numbered: &NumberedFinding) -> Result<(), Error> {
        if numbered.finding.disposition != Disposition::Exception || self.exceptions >= EXCEPTIONS {
            return Ok(());
        }
        self.exceptions += 1;
        lists::exception(self.exceptions, numbered, self.data.run, &mut self.buffer);
        self.flush()
    }

    /// Completes the page.
    pub(super) fn finish(mut self) -> Result<String, Error> {
        lists::end(&mut self.buffer);
        self.reviews()?;
        prose::codes(self.data, &mut self.buffer);
        prose::law(self.data, &mut self.buffer);
        let _ = write!(
            self.buffer,
            "</main>\n<footer><p>{}, recorded shipments only. The other files of the report stand beside this page; run.json holds their digests.</p>",
            safe(&self.data.run.program)
        );
        if let Some(legend) = self.data.run.options.get("legend") {
            let _ = write!(self.buffer, "<p>{}</p>", safe(legend));
        }
        let _ = write!(self.buffer, "</footer>\n<script>{}</script>\n</body>\n</html>\n", script());
        self.flush()?;
        self.out.finish().map_err(|source| Error::io(&self.path, source))
    }

    fn reviews(&mut self) -> Result<(), Error> {
        let groups = self.data.groups;
        let intro = match groups.count() {
            0 => "None: no finding asks a person to establish a fact.".to_owned(),
            all if all > GROUPS => format!(
                "A group is what a reviewer decides at once, shown by its first finding. This page shows the first {} of {} groups; the workbook holds all of them.",
                count(GROUPS as u64),
                count(all as u64)
            ),
            all => format!(
                "{}. A group is what a reviewer decides at once, shown by its first finding.",
                counted(all as u64, "group", "groups")
            ),
        };
        lists::begin(
            &Head {
                id: "reviews",
                title: "Reviews",
                intro: &intro,
                columns: lists::REVIEW_COLUMNS,
                filters: lists::REVIEW_FILTERS,
            },
            &mut self.buffer,
        );
        let (mut number, mut written) = (0, Ok(()));
        groups
            .each(&mut |group| {
                number += 1;
                lists::group(number, &group, &mut self.buffer);
                written = self.flush();
                written.is_ok() && number < GROUPS as u64
            })
            .map_err(|source| Error::io(&self.path, source))?;
        written?;
        lists::end(&mut self.buffer);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Error> {
        let written = self.out.write_all(self.buffer.as_bytes());
        self.buffer.clear();
        written.map_err(|source| Error::io(&self.path, source))
    }
}

/// All exceptions of the run, decided ones included.
fn exceptions_of(data: ReportData<'_>) -> u64 {
    let codes = data.run.codes.iter().filter(|code| code.disposition == Disposition::Exception);
    codes.map(|code| code.findings).sum()
}

/// The script, with the line ends that a browser makes of any others: its digest stands in the policy.
fn script() -> String {
    include_str!("page.js").replace("\r\n", "\n")
}

/// The style, with what is printed at the head of every page.
fn style(framed: &str) -> String {
    let head = if framed.is_empty() {
        String::new()
    } else {
        format!("@top-left {{ content: {}; font: bold 8pt sans-serif; }} ", css_string(framed))
    };
    let page = format!(
        "@page {{ size: letter landscape; margin: 18mm 12mm; {head}@bottom-right {{ content: \"Page \" counter(page) \" of \" counter(pages); font: 8pt sans-serif; }} \
         @bottom-left {{ content: \"lookback, recorded shipments only\"; font: 8pt sans-serif; }} }}\n"
    );
    format!("\n{}{page}", include_str!("page.css").replace("\r\n", "\n"))
}
