//! Tables of web pages, which NetSuite, Oracle and ACE reports write under the name .xls: each table is a sheet.
//!
//! Read tolerantly, as browsers do: end tags may be missing, attributes unquoted. Tables that only lay out the page hold
//! others in their cells: each of those is a sheet of its own. Within rows of data, a table is text of its cell.

use std::io::{BufRead, Read};

use super::super::heading::meanings;
use super::super::limits::Limits;
use super::super::sheet::Visibility;
use super::sink::{SheetHead, Sink};
use super::{Damaged, LAST_ROW};
use crate::source::CellKind;

/// Reads the page; it comes as UTF-8.
pub(super) fn read(input: impl BufRead, limits: Limits, sink: &mut Sink<'_>) -> Result<(), Damaged> {
    let mut page =
        Page { input, longest: limits.cell(), sheets: 0, table: None, laid_out: 0, skipping: None };
    page.run(sink)
}

/// A page being read.
struct Page<R> {
    input: R,
    longest: usize,
    sheets: usize,
    table: Option<Table>,
    /// Tables around this one, which lay out the page.
    laid_out: usize,
    /// The element whose text is no text of the page: a script, a style.
    skipping: Option<String>,
}

/// A table being read.
#[derive(Default)]
struct Table {
    row: u32,
    /// The next free column, while a row is open.
    column: Option<u32>,
    /// Columns that a cell of a row above reaches into: column, width, last row.
    reached: Vec<(u32, u32, u32)>,
    cell: Option<Cell>,
    /// Whether the sheet has been begun, with its first row.
    begun: bool,
    /// Rows of several cells.
    rows_of_data: u32,
    /// Known headings in the row begun last.
    headings: u32,
    /// Tables within cells of this one.
    nested: usize,
}

/// From this many rows of three cells or more, a table holds data and lays out no page; a row of headings shows it too.
const ROWS_OF_DATA: u32 = 2;

#[derive(Default)]
struct Cell {
    text: String,
    column: u32,
    columns: u32,
    rows: u32,
    /// Excel's own attributes: the number behind what is shown.
    number: Option<String>,
    as_text: bool,
}

impl<R: BufRead> Page<R> {
    fn run(&mut self, sink: &mut Sink<'_>) -> Result<(), Damaged> {
        let mut text = Vec::new();
        let mut tag = Vec::new();
        let failed = |error: std::io::Error| Damaged(error.to_string());
        loop {
            text.clear();
            self.until(b'<', &mut text).map_err(failed)?;
            let at_end = text.pop_if(|last| *last == b'<').is_none();
            self.text(&String::from_utf8_lossy(&text));
            if at_end {
                break;
            }
            tag.clear();
            self.tag(&mut tag).map_err(failed)?;
            self.element(&String::from_utf8_lossy(&tag), sink)?;
            if sink.is_done() {
                return Ok(());
            }
        }
        if let Some(mut table) = self.table.take() {
            // The last row may be whole; a page that is cut within it leaves it short, and that is told of the row.
            table.end_row(sink);
            self.begin_sheet(&mut table, sink);
            sink.row(table.row + 1);
            return Err(Damaged("the page ends inside a table: it was probably cut".into()));
        }
        Ok(())
    }

    fn until(&mut self, end: u8, into: &mut Vec<u8>) -> std::io::Result<()> {
        let room = self.longest as u64;
        (&mut self.input).take(room).read_until(end, into)?;
        Ok(())
    }

    /// The rest of a tag, without its brackets; comments and declarations whole.
    fn tag(&mut self, into: &mut Vec<u8>) -> std::io::Result<()> {
        loop {
            let before = into.len();
            self.until(b'>', into)?;
            if into.len() == before || into.len() >= self.longest {
                return Ok(());
            }
            let comment = into.starts_with(b"!--");
            let quoted = !comment && !into.starts_with(b"!") && open_quote(into);
            if (comment && !into.ends_with(b"-->")) || quoted {
                continue;
            }
            into.pop();
            return Ok(());
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipping.is_some() {
            return;
        }
        let longest = self.longest;
        if let Some(cell) = self.table.as_mut().and_then(|table| table.cell.as_mut())
            && cell.text.len() < longest
        {
            cell.text.push_str(text);
        }
    }

    fn element(&mut self, tag: &str, sink: &mut Sink<'_>) -> Result<(), Damaged> {
        let (closing, rest) = tag.strip_prefix('/').map_or((false, tag), |rest| (true, rest));
        let name =
            rest.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default().to_lowercase();
        if let Some(skipping) = &self.skipping {
            if closing && name == *skipping {
                self.skipping = None;
            }
            return Ok(());
        }
        match (name.as_str(), closing) {
            ("script" | "style" | "title", false) if !tag.ends_with('/') => self.skipping = Some(name),
            ("table", false) => match &mut self.table {
                Some(table) if table.cell.is_some() && table.rows_of_data >= ROWS_OF_DATA => {
                    table.nested += 1;
                }
                outer => {
                    self.laid_out += usize::from(outer.as_ref().is_some_and(|table| table.cell.is_some()));
                    self.end_table(sink);
                    self.table = Some(Table::default());
                }
            },
            ("table", true) => match &mut self.table {
                Some(table) if table.nested > 0 => table.nested -= 1,
                _ => {
                    self.end_table(sink);
                    // What follows in the table around it is the next sheet, if rows follow.
                    if self.laid_out > 0 {
                        self.laid_out -= 1;
                        self.table = Some(Table::default());
                    }
                }
            },
            _ => {
                let Some(mut table) = self.table.take() else { return Ok(()) };
                if table.nested == 0 && !closing && matches!(name.as_str(), "tr" | "td" | "th") {
                    self.begin_sheet(&mut table, sink);
                }
                let table = self.table.insert(table);
                if table.nested > 0 {
                    if matches!(name.as_str(), "td" | "tr" | "th" | "br" | "p" | "div")
                        && let Some(cell) = &mut table.cell
                    {
                        cell.text.push(' ');
                    }
                    return Ok(());
                }
                match (name.as_str(), closing) {
                    ("tr", false) => table.begin_row(rest, sink)?,
                    ("tr", true) | ("tbody" | "thead" | "tfoot", _) => table.end_row(sink),
                    ("td" | "th", false) => table.begin_cell(rest, sink)?,
                    ("td" | "th", true) => table.end_cell(sink),
                    ("br" | "p" | "div" | "li", _) => {
                        if let Some(cell) = &mut table.cell
                            && !cell.text.is_empty()
                        {
                            cell.text.push('\u{b}');
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Begins the table's sheet, with its first row.
    fn begin_sheet(&mut self, table: &mut Table, sink: &mut Sink<'_>) {
        if !table.begun {
            table.begun = true;
            self.sheets += 1;
            sink.sheet(SheetHead::new(&format!("Table {}", self.sheets), Visibility::Visible));
        }
    }

    fn end_table(&mut self, sink: &mut Sink<'_>) {
        if let Some(mut table) = self.table.take() {
            table.end_row(sink);
            if table.begun {
                sink.end_sheet();
            }
        }
    }
}

impl Table {
    fn begin_row(&mut self, tag: &str, sink: &mut Sink<'_>) -> Result<(), Damaged> {
        self.end_row(sink);
        self.row += 1;
        if self.row > LAST_ROW {
            return Err(Damaged("the table has more rows than any sheet".into()));
        }
        sink.row(self.row);
        let style = attribute(tag, "style").unwrap_or_default().replace(' ', "").to_lowercase();
        if style.contains("display:none") || style.contains("mso-hide:all") {
            sink.hide();
        }
        self.reached.retain(|&(_, _, last)| last >= self.row);
        self.column = Some(0);
        Ok(())
    }

    fn end_row(&mut self, sink: &mut Sink<'_>) {
        self.end_cell(sink);
        if self.column.take().is_some_and(|column| column >= 3) {
            self.rows_of_data += if self.headings >= 2 { ROWS_OF_DATA } else { 1 };
        }
        self.headings = 0;
    }

    fn begin_cell(&mut self, tag: &str, sink: &mut Sink<'_>) -> Result<(), Damaged> {
        self.end_cell(sink);
        if self.column.is_none() {
            self.begin_row("", sink)?;
        }
        let mut column = self.column.unwrap_or_default();
        while let Some(&(first, width, _)) =
            self.reached.iter().find(|(first, width, _)| (*first..first + width).contains(&column))
        {
            column = first + width;
        }
        let number =
            |name| attribute(tag, name).and_then(|text| text.trim().parse().ok()).unwrap_or(1).max(1);
        let style = attribute(tag, "style").unwrap_or_default();
        self.cell = Some(Cell {
            column,
            columns: u32::min(number("colspan"), 16_384),
            rows: u32::min(number("rowspan"), LAST_ROW),
            number: attribute(tag, "x:num").filter(|text| !text.is_empty()),
            as_text: attribute(tag, "x:str").is_some() || style.contains("\\@"),
            text: String::new(),
        });
        Ok(())
    }

    fn end_cell(&mut self, sink: &mut Sink<'_>) {
        let Some(cell) = self.cell.take() else { return };
        self.nested = 0;
        let shown = plain(&cell.text);
        if self.rows_of_data < ROWS_OF_DATA && !meanings(&shown).is_empty() {
            self.headings += 1;
        }
        match cell.number.filter(|number| !cell.as_text && number.parse::<f64>().is_ok()) {
            // What is shown may be rounded or a date; a number behind a date is told by what is shown.
            Some(number) if shown.parse::<f64>().is_ok() || shown.is_empty() => {
                sink.text_cell(cell.column, CellKind::Number, &number);
            }
            _ if shown.is_empty() => {}
            _ => sink.text_cell(cell.column, CellKind::Text, &shown),
        }
        if cell.rows > 1 {
            let last = self.row.saturating_add(cell.rows - 1);
            sink.merge(cell.column, last);
            self.reached.push((cell.column, cell.columns, last));
        }
        self.column = Some(cell.column + cell.columns);
    }
}

/// Whether a tag so far ends within a quoted value, in which `>` is no end.
fn open_quote(tag: &[u8]) -> bool {
    let mut open = None;
    let mut value = false;
    for &byte in tag {
        match (open, byte) {
            (None, b'"' | b'\'') if value => open = Some(byte),
            (Some(quote), byte) if quote == byte => open = None,
            (None, b'=') => value = true,
            (None, byte) if !byte.is_ascii_whitespace() => value = false,
            _ => {}
        }
    }
    // A quote that never closes must not swallow the page.
    open.is_some() && tag.len() < 4_096
}

/// The value of an attribute; empty where it has none.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let mut from = 0;
    while let Some(step) = lower[from..].find(name) {
        let (start, end) = (from + step, from + step + name.len());
        from = end;
        let begins = lower[..start].chars().next_back().is_some_and(char::is_whitespace);
        let rest = tag[end..].trim_start();
        if !begins
            || !(rest.is_empty()
                || rest.starts_with(['=', '/'])
                || tag[end..].starts_with(char::is_whitespace))
        {
            continue;
        }
        let Some(value) = rest.strip_prefix('=') else { return Some(String::new()) };
        let value = value.trim_start();
        let text = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or_default(),
            _ => value.split(char::is_whitespace).next().unwrap_or_default().trim_end_matches('/'),
        };
        return Some(entities(text));
    }
    None
}

/// The text of a cell as a browser shows it: white space folded, breaks kept, entities resolved.
fn plain(text: &str) -> String {
    let folded = |line: &str| {
        let words = line.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        entities(&words).trim_matches([' ', '\u{a0}']).to_owned()
    };
    let lines: Vec<String> = text.split('\u{b}').map(folded).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// Resolves entities; unknown ones stay as written.
fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let resolved = rest[1..].find(';').filter(|&end| end <= 10).and_then(|end| {
            let name = &rest[1..=end];
            Some((entity(name)?, end + 2))
        });
        if let Some((c, length)) = resolved {
            out.push(c);
            rest = &rest[length..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// Latin-1's own names, in the order of the characters from 160 on.
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn \
sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde \
Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde \
Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil \
egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave \
uacute ucirc uuml yacute thorn yuml";

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "ndash" => Some('\u{2013}'),
        "mdash" => Some('\u{2014}'),
        "lsquo" => Some('\u{2018}'),
        "rsquo" => Some('\u{2019}'),
        "ldquo" => Some('\u{201c}'),
        "rdquo" => Some('\u{201d}'),
        "hellip" => Some('\u{2026}'),
        "euro" => Some('\u{20ac}'),
        "trade" => Some('\u{2122}'),
        _ => LATIN
            .split_ascii_whitespace()
            .position(|latin| latin == name)
            .and_then(|at| char::from_u32(160 + at as u32)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sink::{Event, Want};
    use super::*;

    fn rows(page: &str) -> Vec<Vec<String>> {
        sheet(page, 0)
    }

    fn sheet(page: &str, number: usize) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        let mut emit = |event| {
            if let Event::Rows(batch) = event {
                rows.extend(
                    batch
                        .rows()
                        .map(|row| row.cells().map(|cell| cell.text.to_owned()).collect::<Vec<_>>())
                        .collect::<Vec<_>>(),
                );
            }
            true
        };
        let mut sink = Sink::new(Want::Sheet(number), "f", &mut emit);
        read(page.as_bytes(), Limits::default(), &mut sink).unwrap_or_else(|damaged| panic!("{}", damaged.0));
        rows
    }

    #[test]
    fn tables_are_read_as_browsers_do() {
        let page = "<html><style>td{content:'<td>x'}</style><TABLE border=1><TR><TH>A<TH colspan=2>B\n b<TR>\
            <td rowspan='2' title=\"a > b\">1<td>M&uuml;ller &amp; Co&nbsp;<br>Line<td>3</tr><tr><td>x<td>y</table>";
        assert_eq!(
            rows(page),
            [vec!["A", "B b"], vec!["1", "M\u{fc}ller & Co\nLine", "3"], vec!["1", "x", "y"]]
        );
    }

    #[test]
    fn tables_that_lay_out_a_page_hold_sheets() {
        let page = "<table><tr><td>Menu<td><table><tr><td>Invoice<td>Country<td>Remarks</tr><tr><td>1<td>PK<td>\
            <table><tr><td>x</td></tr></table>y</tr></table></td></tr></table>";
        assert_eq!(rows(page), [vec!["Menu"]]);
        assert_eq!(sheet(page, 1), [vec!["Invoice", "Country", "Remarks"], vec!["1", "PK", "x y"]]);
        let page = "<table><tr><td><table><tr><td>A<td>B<td>C</tr><tr><td>1<td>2<td>3</tr><tr><td>4<td>5<td>\
            <table><tr><td>x</td><td>y</td></tr></table></tr><tr><td>7<td>8<td>9</tr></table></td></tr></table>";
        let inner = sheet(page, 1);
        assert_eq!(
            inner,
            [vec!["A", "B", "C"], vec!["1", "2", "3"], vec!["4", "5", "x y"], vec!["7", "8", "9"]]
        );
    }

    #[test]
    fn numbers_behind_what_is_shown_are_kept() {
        let page = "<table><tr><td x:num=\"1234.5678\">1234.57</td><td x:num='45652'>26.12.2024</td>\
            <td x:str>0106</td></table>";
        assert_eq!(rows(page), [vec!["1234.5678", "26.12.2024", "0106"]]);
    }
}
