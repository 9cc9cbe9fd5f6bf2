//! What the page says besides its lists: the figures, what was not checked, what each code means, the law used.

use std::fmt::Write as _;

use crate::finding::Disposition;
use crate::run::RunRecord;

use super::super::ReportData;
use super::super::text::{amounts, count, counted, in_words};
use super::markup::safe;

/// The figures at the head of the page.
pub(super) fn figures(run: &RunRecord, out: &mut String) {
    let totals = &run.totals;
    let open = |disposition| totals.open.get(&disposition).copied().unwrap_or_default();
    let groups = |disposition| format!("open, in {}", counted(open(disposition).groups, "group", "groups"));
    let cards = [
        (
            "exception",
            count(open(Disposition::Exception).findings),
            "Exceptions",
            groups(Disposition::Exception),
        ),
        ("review", count(open(Disposition::Review).findings), "Reviews", groups(Disposition::Review)),
        ("", count(open(Disposition::Note).findings), "Notes", "for the file".to_owned()),
        (
            "",
            count(totals.rows.audited),
            "Lines audited",
            format!("in {}", counted(totals.files - totals.files_unread.min(totals.files), "file", "files")),
        ),
        ("", count(totals.lines_to_pakistan), "Lines to Pakistan", String::new()),
        ("", count(totals.rows.rejected), "Rows rejected", "not audited; see rejected.csv".to_owned()),
    ];
    out.push_str("<ul class=\"cards\">\n");
    for (class, number, name, note) in cards {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = writeln!(out, "<li{class}><b>{number}</b>{name}<br><span>{}</span></li>", safe(&note));
    }
    out.push_str("</ul>\n");
    let rows = &totals.rows;
    let dates = if totals.first_date.is_empty() {
        "no audited line has a date of export".to_owned()
    } else {
        format!("{} to {}", totals.first_date, totals.last_date)
    };
    let verdict = if rows.closes() {
        "Every row is accounted for."
    } else {
        "THIS DOES NOT ADD UP: do not rely on this report."
    };
    let records = format!(
        "{} read = {} audited + {} rejected + {} outside the period + {} titles, headers, blanks and totals. {verdict}",
        count(rows.records),
        count(rows.audited),
        count(rows.rejected),
        count(rows.outside_period),
        count(rows.title + rows.header + rows.blank + rows.total)
    );
    let value =
        if totals.value.is_empty() { "none could be read".to_owned() } else { amounts(&totals.value) };
    pairs(
        &[
            ("Dates of export judged", dates),
            ("Rows", records),
            ("Value of audited lines", value),
            (
                "Entity List",
                format!(
                    "as of {}; {} ({})",
                    run.list.as_of,
                    counted(run.list.entries as u64, "entry", "entries"),
                    run.list.source
                ),
            ),
            ("Program", run.program.clone()),
        ],
        out,
    );
}

fn pairs(pairs: &[(&str, String)], out: &mut String) {
    out.push_str("<dl class=\"pair\">\n");
    for (name, text) in pairs {
        let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", safe(name), safe(text));
    }
    out.push_str("</dl>\n");
}

/// What a reader must know before relying on the page.
pub(super) fn warnings(run: &RunRecord, out: &mut String) {
    out.push_str("<section id=\"limits\" aria-labelledby=\"limits-title\"><h2 id=\"limits-title\">Before you rely on this</h2>\n<ul>\n");
    for warning in &run.warnings {
        let _ = writeln!(out, "<li>{}</li>", safe(warning));
    }
    for input in run.inputs.iter().filter(|input| input.fault.is_some()) {
        let _ = writeln!(out, "<li>{}</li>", safe(input.fault.as_deref().unwrap_or_default()));
    }
    let _ = write!(
        out,
        "<li>Recorded shipments only. Not tested: {}.</li>\n</ul>\n</section>\n",
        safe(&run.not_tested.join("; "))
    );
}

/// What each code that was found means; the others stand in the workbook.
pub(super) fn codes(data: ReportData<'_>, out: &mut String) {
    out.push_str("<section id=\"codes\" aria-labelledby=\"codes-title\"><h2 id=\"codes-title\">What the codes mean</h2>\n");
    let mut found: Vec<_> =
        data.run.codes.iter().filter(|code| code.findings > 0).map(|code| code.code).collect();
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        out.push_str("<p>Nothing was found.</p>\n");
    }
    for code in found {
        let _ = writeln!(
            out,
            "<article id=\"code-{code}\"><h3>{code} {} ({} unless the finding says otherwise)</h3>",
            in_words(code.name()),
            code.default_disposition()
        );
        if let Some(text) = data.code_text(code) {
            pairs(
                &[
                    ("What it finds", text.what_it_finds.to_owned()),
                    ("Why it matters", text.why_it_matters.to_owned()),
                    ("What to look at", text.what_to_look_at.to_owned()),
                    ("Law", text.law.to_owned()),
                ],
                out,
            );
        }
        out.push_str("</article>\n");
    }
    out.push_str("</section>\n");
}

/// The rules and the list used, with their limits.
pub(super) fn law(data: ReportData<'_>, out: &mut String) {
    let run = data.run;
    out.push_str("<section id=\"law\" aria-labelledby=\"law-title\"><h2 id=\"law-title\">The rules and the list used</h2>\n");
    for rule in &run.rules.rules {
        let _ = writeln!(out, "<h3>{}</h3>", safe(&rule.title));
        pairs(
            &[
                ("Status", rule.in_force.join("; ")),
                ("Citations", rule.citations.join("; ")),
                ("Compared with its source", rule.checked_on.clone()),
                ("Left to a person, or not verified", rule.limits.join(" ")),
            ],
            out,
        );
    }
    for list in std::iter::once(&run.list).chain(&run.further_lists) {
        let _ = writeln!(out, "<h3>The {}</h3>", safe(&list.name));
        pairs(
            &[
                ("As of", format!("{} {}", list.as_of, list.too_old).trim_end().to_owned()),
                ("Made from", list.sources.join(" ")),
                ("What it cannot know", list.limits.join(" ")),
                ("SHA-256", list.sha256.clone()),
            ],
            out,
        );
    }
    for paragraph in data.method {
        let _ = writeln!(out, "<h3>{}</h3>\n<p>{}</p>", safe(paragraph.title), safe(paragraph.text));
    }
    out.push_str("</section>\n");
}
