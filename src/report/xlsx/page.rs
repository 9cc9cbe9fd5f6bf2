//! A page of sentences and small tables, written from top to bottom: Summary, Method, Sign-off.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::super::text;
use super::cell::{Kind, Value, wrapped_lines, write};
use super::frame::{Frame, Paper};
use super::style;

const LINE_HEIGHT: f64 = 15.0;
/// Characters to a unit of column width, with room for words that break early.
const CHARACTERS: f64 = 1.18;

/// A page being written.
pub(super) struct Page {
    sheet: Worksheet,
    widths: &'static [f64],
    row: u32,
    print_from: u32,
}

impl Page {
    /// Begins a page with its title.
    pub(super) fn begin(
        name: &str,
        title: &str,
        widths: &'static [f64],
        paper: Paper,
        frame: &Frame,
    ) -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        for (index, width) in (0u16..).zip(widths) {
            sheet.set_column_width(index, *width)?;
        }
        frame.write(&mut sheet)?;
        frame.lay_out(&mut sheet, paper);
        sheet.set_screen_gridlines(false);
        let top = frame.rows();
        sheet.set_row_height(top, 26)?;
        sheet.write_string_with_format(top, 0, text::cell(title), &style::title())?;
        sheet.set_freeze_panes(top + 1, 0)?;
        Ok(Self { sheet, widths, row: top + 1, print_from: frame.print_from() })
    }

    /// Leaves a row free and writes the title of a section.
    pub(super) fn section(&mut self, title: &str) -> Result<(), XlsxError> {
        self.row += 1;
        self.sheet.set_row_height(self.row, 20)?;
        for column in 0..self.widths.len() as u16 {
            self.sheet.write_blank(self.row, column, &style::section())?;
        }
        self.sheet.write_string_with_format(self.row, 0, text::cell(title), &style::section())?;
        self.row += 1;
        Ok(())
    }

    /// Writes a sentence across the page.
    pub(super) fn sentence(&mut self, words: &str) -> Result<(), XlsxError> {
        self.across(0, words, &style::text()).map(drop)
    }

    /// Writes a remark across the page.
    pub(super) fn remark(&mut self, words: &str) -> Result<(), XlsxError> {
        self.across(0, words, &style::remark()).map(drop)
    }

    /// Writes a label and a text beside it, across the rest of the page.
    pub(super) fn pair(&mut self, label: &str, words: &str) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, 0, text::cell(label), &style::label())?;
        let label_lines = wrapped_lines(label, self.widths[0]);
        let row = self.row;
        let text_lines = self.across(1, words, &style::text())?;
        if label_lines > text_lines {
            self.sheet.set_row_height(row, label_lines * LINE_HEIGHT + 1.0)?;
        }
        Ok(())
    }

    /// Writes a label and links beside it, one below the other; a text without an address stays a text.
    pub(super) fn links(&mut self, label: &str, links: &[(String, Option<String>)]) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, 0, label, &style::label())?;
        for (words, address) in links {
            if let Some(address) = address {
                let url = rust_xlsxwriter::Url::new(address).set_text(text::cell(words));
                self.sheet.write_url_with_format(self.row, 1, url, &style::link().unset_text_wrap())?;
            } else {
                self.sheet.write_string_with_format(
                    self.row,
                    1,
                    text::cell(words),
                    &style::text().unset_text_wrap(),
                )?;
            }
            self.row += 1;
        }
        if links.is_empty() {
            self.row += 1;
        }
        Ok(())
    }

    /// Writes a label and a blank to fill in by hand.
    pub(super) fn blank(&mut self, label: &str) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, 26)?;
        self.sheet.write_string_with_format(self.row, 0, label, &style::label())?;
        let last = self.widths.len() as u16 - 1;
        self.sheet.merge_range(self.row, 1, self.row, last, "", &style::blank())?;
        self.row += 1;
        Ok(())
    }

    /// Writes the headings of a table.
    pub(super) fn headings(&mut self, headings: &[(&str, Kind)]) -> Result<(), XlsxError> {
        for (column, (heading, kind)) in (0u16..).zip(headings) {
            self.sheet.write_string_with_format(self.row, column, *heading, &kind.heading())?;
        }
        self.row += 1;
        Ok(())
    }

    /// Writes a row of a table.
    pub(super) fn row(&mut self, values: &[(Kind, Value<'_>)]) -> Result<(), XlsxError> {
        let lines = values
            .iter()
            .zip(self.widths)
            .map(|((_, value), width)| wrapped_lines(value.words(), width * CHARACTERS))
            .fold(1.0, f64::max);
        self.set_height(lines)?;
        for (column, (kind, value)) in (0u16..).zip(values) {
            write(&mut self.sheet, self.row, column, value, Some(&style::ruled(kind.format())))?;
        }
        self.row += 1;
        Ok(())
    }

    fn set_height(&mut self, lines: f64) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, (lines * LINE_HEIGHT + 1.0).min(409.0))?;
        Ok(())
    }

    /// Writes a tall row of blanks, to be filled in by hand.
    pub(super) fn blank_row(&mut self, label: &str) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, 34)?;
        self.sheet.write_string_with_format(self.row, 0, label, &style::label())?;
        for column in 1..self.widths.len() as u16 {
            self.sheet.write_blank(self.row, column, &style::blank())?;
        }
        self.row += 1;
        Ok(())
    }

    /// Prints all of it on one page.
    pub(super) fn on_one_page(&mut self) {
        self.sheet.set_print_fit_to_pages(1, 1);
    }

    /// Leaves a row free.
    pub(super) fn gap(&mut self) {
        self.row += 1;
    }

    /// Completes the page.
    pub(super) fn finish(mut self) -> Result<Worksheet, XlsxError> {
        let last = self.widths.len() as u16 - 1;
        self.sheet.set_print_area(self.print_from, 0, self.row.max(self.print_from + 1), last)?;
        Ok(self.sheet)
    }

    /// Writes words from this column to the last, in a row as high as they need: a merged cell does not grow by itself.
    fn across(&mut self, from: u16, words: &str, format: &Format) -> Result<f64, XlsxError> {
        let last = self.widths.len() as u16 - 1;
        let words = text::cell(words);
        let width: f64 = self.widths[usize::from(from)..].iter().sum();
        let lines = wrapped_lines(&words, width * CHARACTERS);
        self.set_height(lines)?;
        if from == last {
            self.sheet.write_string_with_format(self.row, from, words, format)?;
        } else {
            self.sheet.merge_range(self.row, from, self.row, last, &words, format)?;
        }
        self.row += 1;
        Ok(lines)
    }
}
