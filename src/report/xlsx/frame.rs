//! What stands on every sheet and page: the legend, the matter, the program, page numbers, and how a page is laid out.

use rust_xlsxwriter::{Worksheet, XlsxError};

use crate::printable::on_one_line;
use crate::run::RunRecord;

use super::super::text;
use super::style;

/// Rows a sheet can hold, but for the last, which stays blank: it ends the list above it.
pub(super) const MOST_ROWS: u32 = 1_048_576 - 1;

const LETTER: u8 = 1;
const LEGAL: u8 = 5;

/// A page header may hold 255 characters; the legend's share of them.
const LEGEND_IN_HEADER: usize = 180;
const MATTER_IN_HEADER: usize = 50;

/// How a sheet is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paper {
    /// A letter page, upright.
    Upright,
    /// A letter page, landscape.
    Wide,
    /// A legal page, landscape: for lists.
    List,
}

/// What every sheet and page carries.
#[derive(Clone)]
pub(super) struct Frame {
    legend: String,
    matter: String,
    program: String,
    rows_a_sheet: u32,
}

impl Frame {
    pub(super) fn of(run: &RunRecord) -> Self {
        let option =
            |name: &str| run.options.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
        Self {
            legend: option("legend"),
            matter: option("matter"),
            program: run.program.clone(),
            rows_a_sheet: MOST_ROWS,
        }
    }

    /// The same with fewer rows to a sheet.
    #[cfg(test)]
    pub(super) fn with_rows_a_sheet(self, rows_a_sheet: u32) -> Self {
        Self { rows_a_sheet, ..self }
    }

    /// How many rows of a sheet are filled before a list goes on on another.
    pub(super) fn rows_a_sheet(&self) -> u32 {
        self.rows_a_sheet
    }

    /// Rows above the headings of a list: one where there is a legend or a matter, else none.
    pub(super) fn rows(&self) -> u32 {
        u32::from(!self.legend.is_empty() || !self.matter.is_empty())
    }

    /// The first row that is printed: the page header repeats the first row's text, where it holds all of it.
    pub(super) fn print_from(&self) -> u32 {
        let whole = self.legend.chars().count() <= LEGEND_IN_HEADER
            && self.matter.chars().count() <= MATTER_IN_HEADER;
        if whole { self.rows() } else { 0 }
    }

    /// Writes the legend and the matter in the first row.
    pub(super) fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        if self.rows() > 0 {
            let line: Vec<&str> = [&self.legend, &self.matter]
                .into_iter()
                .map(String::as_str)
                .filter(|s| !s.is_empty())
                .collect();
            sheet.write_string_with_format(0, 0, text::cell(&line.join("   |   ")), &style::legend())?;
        }
        Ok(())
    }

    /// Sets up the page: paper, margins, header and footer, one page wide.
    pub(super) fn lay_out(&self, sheet: &mut Worksheet, paper: Paper) {
        let header = format!(
            "&L&\"-,Bold\"{}&R{}",
            for_header(&self.legend, LEGEND_IN_HEADER),
            for_header(&self.matter, MATTER_IN_HEADER)
        );
        let footer =
            format!("&L{}, recorded shipments only&C&A&RPage &P of &N", for_header(&self.program, 60));
        sheet.set_header(header).set_footer(footer).set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.5, 0.5, 0.75, 0.75, 0.3, 0.3);
        match paper {
            Paper::Upright => sheet.set_paper_size(LETTER).set_portrait(),
            Paper::Wide => sheet.set_paper_size(LETTER).set_landscape(),
            Paper::List => sheet.set_paper_size(LEGAL).set_landscape(),
        };
    }
}

/// Text in a page header: `&` begins a command there, and length is limited.
fn for_header(text: &str, limit: usize) -> String {
    let line: String = on_one_line(text).chars().take(limit).collect();
    line.replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ampersands_are_no_commands() {
        assert_eq!(for_header("Privileged & confidential\n", 100), "Privileged && confidential ");
        assert_eq!(for_header(&"x".repeat(300), LEGEND_IN_HEADER).len(), LEGEND_IN_HEADER);
    }
}
