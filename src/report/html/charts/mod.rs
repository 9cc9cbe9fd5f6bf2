//! The charts: drawn as SVG within the page, each with a text that says the same and a table of its figures.

mod bars;
mod quarters;

use std::fmt::Write as _;

use super::super::ReportData;
use super::markup::safe;

const WIDTH: f64 = 720.0;

/// A chart: what it is called, what it says in words, its drawing, its figures.
struct Chart {
    title: String,
    says: String,
    key: &'static str,
    drawing: String,
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Writes every chart.
pub(super) fn write(data: ReportData<'_>, out: &mut String) {
    // One pattern for all: reviews are hatched, and told from exceptions in black and white.
    out.push_str(
        "<svg width=\"0\" height=\"0\" aria-hidden=\"true\" focusable=\"false\"><defs><pattern id=\"hatch\" width=\"6\" height=\"6\" \
         patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect class=\"hatched\" width=\"6\" height=\"6\"/>\
         <line class=\"stripe\" x1=\"1.5\" y1=\"0\" x2=\"1.5\" y2=\"6\"/></pattern></defs></svg>\n<div class=\"charts\">\n",
    );
    let mut charts =
        vec![quarters::by_quarter(data.run), bars::by_code(data.run), bars::by_party(data.parties)];
    charts.extend(quarters::by_value(data.run));
    for (number, chart) in charts.into_iter().enumerate() {
        chart.write(number, out);
    }
    out.push_str("</div>\n");
}

impl Chart {
    fn write(&self, number: usize, out: &mut String) {
        let _ = write!(
            out,
            "<figure>\n<figcaption>{}</figcaption>\n{}<p>{}</p>\n",
            safe(&self.title),
            if self.rows.is_empty() { "" } else { self.key },
            safe(&self.says)
        );
        if !self.rows.is_empty() {
            let (height, body) = self.drawing.split_once('|').unwrap_or(("10", ""));
            let _ = write!(
                out,
                "<div class=\"scroll\"><svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"chart-{number}-t chart-{number}-d\">\
                 <title id=\"chart-{number}-t\">{}</title><desc id=\"chart-{number}-d\">{}</desc>{body}</svg></div>\n\
                 <details><summary>The figures as a table</summary><div class=\"scroll\"><table><thead><tr>",
                safe(&self.title),
                safe(&self.says)
            );
            for (index, heading) in self.headings.iter().enumerate() {
                let class = if index == 0 { "" } else { " class=\"num\"" };
                let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", safe(heading));
            }
            out.push_str("</tr></thead><tbody>\n");
            for row in &self.rows {
                out.push_str("<tr>");
                for (index, value) in row.iter().enumerate() {
                    let _ = match index {
                        0 => write!(out, "<th scope=\"row\">{}</th>", safe(value)),
                        _ => write!(out, "<td class=\"num\">{}</td>", safe(value)),
                    };
                }
                out.push_str("</tr>\n");
            }
            out.push_str("</tbody></table></div></details>\n");
        }
        out.push_str("</figure>\n");
    }
}

const KEY: &str =
    "<p><span class=\"key exception\"></span>exceptions<span class=\"key review\"></span>reviews</p>\n";
const KEY_OF_CODES: &str = "<p><span class=\"key exception\"></span>exceptions<span class=\"key review\"></span>reviews<span class=\"key note\"></span>notes</p>\n";
