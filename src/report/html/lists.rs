//! The lists of the page: exceptions one by one, reviews by group, each with its evidence folded below it.

use std::fmt::Write as _;

use crate::finding::{Evidence, Finding, FindingCode, NumberedFinding};
use crate::run::{GroupRecord, RunRecord};

use super::super::text::{amounts, count, field_in_words, in_words, place, place_name, quarter_of};
use super::markup::safe;

/// How the head of a list is written.
pub(super) struct Head<'a> {
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) intro: &'a str,
    pub(super) columns: &'a [(&'a str, &'a str)],
    pub(super) filters: &'a [(&'a str, &'a str)],
}

/// The columns of the exceptions: heading, and how it is sorted.
pub(super) const EXCEPTION_COLUMNS: &[(&str, &str)] = &[
    ("Code", "text"),
    ("Date of export", "text"),
    ("Party", "text"),
    ("Item", "text"),
    ("ECCN", "text"),
    ("Destination", "text"),
    ("Value", "number"),
    ("Status", "text"),
    ("Source", ""),
];

pub(super) const REVIEW_COLUMNS: &[(&str, &str)] = &[
    ("Code", "text"),
    ("Open", "number"),
    ("First export", "text"),
    ("Party", "text"),
    ("Item", "text"),
    ("Listed entity", "text"),
    ("Score", "number"),
    ("Value", ""),
    ("First finding", ""),
];

pub(super) const EXCEPTION_FILTERS: &[(&str, &str)] =
    &[("code", "Code"), ("quarter", "Quarter"), ("to", "Destination"), ("status", "Status")];
pub(super) const REVIEW_FILTERS: &[(&str, &str)] = &[("code", "Code"), ("status", "Status")];

/// Begins a list.
pub(super) fn begin(head: &Head<'_>, out: &mut String) {
    let Head { id, title, intro, columns, filters } = head;
    let _ = write!(
        out,
        "<section id=\"{id}\" class=\"filtered\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{title}</h2>\n<p>{}</p>\n\
         <form class=\"tools\" hidden><div><label for=\"{id}-search\">Search</label><input id=\"{id}-search\" type=\"search\" \
         autocomplete=\"off\" aria-controls=\"{id}-list\"></div>",
        safe(intro)
    );
    for (key, label) in *filters {
        let _ = write!(
            out,
            "<div><label for=\"{id}-{key}\">{label}</label><select id=\"{id}-{key}\" data-key=\"{key}\" aria-controls=\"{id}-list\">\
             <option value=\"\">all</option></select></div>"
        );
    }
    let _ = write!(
        out,
        "<button type=\"button\" class=\"clear\">Clear filters</button><button type=\"button\" class=\"all\" aria-pressed=\"false\">Open all evidence</button><p role=\"status\"></p><p>A print shows what is shown here: the filters hold, and evidence that is open is printed.</p></form>\n\
         <table class=\"list\" id=\"{id}-list\" aria-labelledby=\"{id}-title\"><thead><tr>"
    );
    for (heading, sort) in *columns {
        let class = if *sort == "number" { " class=\"num\"" } else { "" };
        let sort = if sort.is_empty() { String::new() } else { format!(" data-sort=\"{sort}\"") };
        let _ = write!(out, "<th scope=\"col\"{class}{sort}>{heading}</th>");
    }
    out.push_str("</tr></thead>\n");
}

/// Ends a list.
pub(super) fn end(out: &mut String) {
    out.push_str("</table>\n</section>\n");
}

/// Writes an exception.
pub(super) fn exception(number: u64, numbered: &NumberedFinding, run: &RunRecord, out: &mut String) {
    let finding = &numbered.finding;
    let destination = place_name(run, &finding.destination);
    let quarter = quarter_of(&finding.date_of_export);
    body(
        &format!("x{number}"),
        finding,
        &[("quarter", &quarter), ("to", destination), ("status", &numbered.status)],
        out,
    );
    code_cell(finding.code, out);
    short("Date of export", &finding.date_of_export, out);
    cell("Party", &finding.party_name, out);
    cell("Item", &item(finding), out);
    short("ECCN", &finding.declared_eccn, out);
    cell("Destination", destination, out);
    let value = money(&finding.value, &finding.currency);
    let exact = if super::super::text::is_plain_number(&finding.value) { finding.value.as_str() } else { "" };
    let _ =
        write!(out, "<td class=\"num\" data-label=\"Value\" data-value=\"{exact}\">{}</td>", safe(&value));
    status_cell(&numbered.status, numbered.is_open(), out);
    cell("Source", &place(&finding.file, &finding.sheet, finding.row), out);
    more(&format!("x{number}"), EXCEPTION_COLUMNS.len(), numbered, out);
}

/// Writes a group of reviews by its first finding.
pub(super) fn group(number: u64, group: &GroupRecord, out: &mut String) {
    let numbered = &group.example;
    let finding = &numbered.finding;
    let status = if group.open > 0 { "open" } else { "decided" };
    body(&format!("r{number}"), finding, &[("status", status)], out);
    code_cell(group.code, out);
    let _ = write!(
        out,
        "<td class=\"num\" data-label=\"Open\" data-value=\"{}\">{} of {}</td>",
        group.open,
        count(group.open),
        count(group.findings)
    );
    short("First export", &group.first_date, out);
    cell("Party", &finding.party_name, out);
    cell("Item", &item(finding), out);
    cell("Listed entity", &finding.listed_entity, out);
    let score = if super::super::text::is_plain_number(&finding.score) { finding.score.as_str() } else { "" };
    let _ = write!(out, "<td class=\"num\" data-label=\"Score\" data-value=\"{score}\">{score}</td>");
    cell("Value", &amounts(&group.value), out);
    cell("First finding", &place(&finding.file, &finding.sheet, finding.row), out);
    more(&format!("r{number}"), REVIEW_COLUMNS.len(), numbered, out);
}

fn body(id: &str, finding: &Finding, keys: &[(&str, &str)], out: &mut String) {
    let name = format!("{}, {}", finding.code, place(&finding.file, &finding.sheet, finding.row));
    let _ = write!(out, "<tbody id=\"{id}\" data-code=\"{}\" data-name=\"{}\"", finding.code, safe(&name));
    for (key, value) in keys {
        let _ = write!(out, " data-{key}=\"{}\"", safe(value));
    }
    out.push_str("><tr>");
}

fn code_cell(code: FindingCode, out: &mut String) {
    let _ = write!(
        out,
        "<td data-label=\"Code\" data-value=\"{code}\" class=\"kind-{}\"><a href=\"#code-{code}\">{code}</a> {}</td>",
        code.default_disposition(),
        in_words(code.name())
    );
}

fn status_cell(status: &str, is_open: bool, out: &mut String) {
    let class = if is_open { "" } else { " class=\"decided\"" };
    let _ = write!(out, "<td data-label=\"Status\"{class}>{}</td>", safe(&in_words(status)));
}

fn cell(label: &str, text: &str, out: &mut String) {
    let _ = write!(out, "<td data-label=\"{label}\">{}</td>", safe(text));
}

/// A text that stays on one line where it is as short as it should be.
fn short(label: &str, text: &str, out: &mut String) {
    if text.len() > 12 {
        return cell(label, text, out);
    }
    let _ = write!(out, "<td class=\"short\" data-label=\"{label}\">{}</td>", safe(text));
}

/// Everything else about the finding, in the row below.
fn more(id: &str, columns: usize, numbered: &NumberedFinding, out: &mut String) {
    let finding = &numbered.finding;
    let _ = write!(out, "</tr>\n<tr class=\"more\" id=\"{id}-more\"><td colspan=\"{columns}\"><dl>");
    let document = joined(&[&finding.document, &finding.line], ", line ");
    let party = joined(&[&finding.party_name, &finding.party_address], ", ");
    let listed = joined(&[&finding.listed_entity, &finding.matched_name], ", matched by ");
    let listed = joined(&[&listed, &finding.score], ", score ");
    let listed = joined(&[&listed, &finding.listed_entity_id], ", id ");
    let license =
        joined(&[&finding.license_code, &finding.license_number, &finding.license_exception], " / ");
    let law = joined(&[&finding.citations, &finding.in_force_from], "; from ");
    let lines = if finding.lines > 1 { count(finding.lines) } else { String::new() };
    for (name, text) in [
        ("Why it was flagged", finding.explanation.as_str()),
        ("What to verify", &finding.to_verify),
        ("Document", &document),
        ("Date basis", &finding.date_basis),
        (&role(finding), &party),
        ("Listed entity", &listed),
        ("Candidate ECCN", &finding.candidate_eccn),
        ("Schedule B", &finding.schedule_b),
        ("Quantity", &joined(&[&finding.quantity, &finding.unit], " ")),
        ("License on record", &license),
        ("Law", &law),
        ("Lines concerned", &lines),
        ("Group, finding id", &joined(&[&numbered.group_id, &numbered.finding_id], ", ")),
    ] {
        if !text.is_empty() {
            let _ = write!(out, "<dt>{}</dt><dd>{}</dd>", safe(name), safe(text));
        }
    }
    out.push_str("</dl>");
    evidence(&finding.evidence, out);
    out.push_str("</td></tr></tbody>\n");
}

/// The roles in which the party stands, begun with a capital as the other labels are.
fn role(finding: &Finding) -> String {
    let mut roles = finding.party_role.replace(';', ", ").chars().collect::<Vec<char>>();
    match roles.first_mut() {
        Some(first) => first.make_ascii_uppercase(),
        None => return "Party".to_owned(),
    }
    roles.into_iter().collect()
}

fn evidence(cells: &[Evidence], out: &mut String) {
    if cells.is_empty() {
        return;
    }
    out.push_str("<table><caption>Cells relied on</caption><thead><tr><th scope=\"col\">Cell</th><th scope=\"col\">Heading</th><th scope=\"col\">Read as</th><th scope=\"col\">Text</th></tr></thead><tbody>");
    for cell in cells {
        let address = if cell.cell.is_empty() { "fixed value" } else { &cell.cell };
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            safe(address),
            safe(&cell.heading),
            safe(&field_in_words(&cell.field)),
            safe(&cell.raw)
        );
    }
    out.push_str("</tbody></table>");
}

fn item(finding: &Finding) -> String {
    joined(&[&finding.item, &finding.description], ": ")
}

fn money(value: &str, currency: &str) -> String {
    let amount = value.parse().map_or_else(|_| value.to_owned(), super::super::text::amount);
    joined(&[currency, &amount], " ")
}

fn joined(parts: &[&str], between: &str) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(between)
}
