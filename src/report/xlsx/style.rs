//! How cells look: plain enough to survive black-and-white print, where weight and borders carry what color does.

use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, Format, FormatAlign, FormatBorder, FormatUnderline, Worksheet, XlsxError,
};

/// Light fill of headings, legible when printed gray.
const HEAD_FILL: Color = Color::RGB(0x00E7_ECF2);
/// The fill of cells for a person to fill in.
const ENTRY_FILL: Color = Color::RGB(0x00FF_F8DC);
const RULE: Color = Color::RGB(0x009A_A5B1);
const LINK: Color = Color::RGB(0x0005_63C1);

/// Light fills of cells that stand out; weight, slant or border say the same in black and white.
const ALARM_FILL: Color = Color::RGB(0x00F6_D5D5);
const BLANK_FILL: Color = Color::RGB(0x00FF_F4CC);
const FADED: Color = Color::RGB(0x0059_6673);

/// The size of the type on lists, where a row must fit one page.
const LIST_SIZE: f64 = 9.0;

/// Wrapped text at the top of its cell.
pub(super) fn text() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top).set_align(FormatAlign::Left)
}

/// The smaller type of lists.
pub(super) fn on_list(format: Format) -> Format {
    format.set_font_size(LIST_SIZE)
}

/// A day, `2024-12-26`.
pub(super) fn day() -> Format {
    text().set_num_format("yyyy-mm-dd")
}

/// A count, `1,234`.
pub(super) fn count() -> Format {
    number().set_num_format("#,##0")
}

/// A quantity, shown as precisely as recorded. The indent keeps numbers off the text to their right.
pub(super) fn number() -> Format {
    text().unset_text_wrap().set_align(FormatAlign::Right).set_indent(1).set_num_format("General")
}

/// Money.
pub(super) fn amount() -> Format {
    number().set_num_format("#,##0.00##")
}

/// A link within the workbook or to the law.
pub(super) fn link() -> Format {
    text().set_font_color(LINK).set_underline(FormatUnderline::Single)
}

/// A cell to be filled in: lightly shaded, with a border that print in gray keeps.
pub(super) fn entry(format: Format) -> Format {
    format.set_background_color(ENTRY_FILL).set_border_right(FormatBorder::Hair).set_border_right_color(RULE)
}

/// The heading of a column.
pub(super) fn heading() -> Format {
    text().set_bold().set_background_color(HEAD_FILL).set_border_bottom(FormatBorder::Thin)
}

/// The title of a page.
pub(super) fn title() -> Format {
    Format::new().set_bold().set_font_size(18)
}

/// A line below the title, and remarks.
pub(super) fn remark() -> Format {
    text().set_italic()
}

/// The title of a section.
pub(super) fn section() -> Format {
    Format::new()
        .set_bold()
        .set_font_size(13)
        .set_border_bottom(FormatBorder::Thin)
        .set_border_bottom_color(RULE)
}

/// The legend asked for by the user.
pub(super) fn legend() -> Format {
    Format::new().set_bold()
}

/// The label before a text.
pub(super) fn label() -> Format {
    text().set_bold()
}

/// A table cell of a page: a hairline below it guides the eye.
pub(super) fn ruled(format: Format) -> Format {
    format.set_border_bottom(FormatBorder::Hair).set_border_bottom_color(RULE)
}

/// Text that must not be overlooked, in black and white as well.
pub(super) fn alarm() -> Format {
    text().set_bold().set_font_color(Color::White).set_background_color(Color::Black)
}

/// A row that heads or sums others.
pub(super) fn strong(format: Format) -> Format {
    format.set_bold().set_background_color(HEAD_FILL)
}

/// A sentence on a line of its own, running on over blank cells.
pub(super) fn line() -> Format {
    text().unset_text_wrap()
}

/// What makes a cell stand out, by its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A status that is no longer open: slanted and faded.
    Decided,
    /// A number above zero: bold and tinted.
    AboveZero,
    /// Anything but `yes`: bold, bordered, tinted.
    NotYes,
    /// Whatever is there is to be completed or heeded: slanted, tinted, dotted below.
    ToComplete,
}

impl Mark {
    /// Makes the cells of a column stand out where it applies.
    pub(super) fn apply(
        self,
        sheet: &mut Worksheet,
        first: u32,
        last: u32,
        column: u16,
    ) -> Result<(), XlsxError> {
        let cell = rust_xlsxwriter::utility::row_col_to_cell(first, column);
        let (rule, format) = match self {
            Self::Decided => (
                format!("=AND({cell}<>\"\",{cell}<>\"open\")"),
                Format::new().set_italic().set_font_color(FADED),
            ),
            Self::AboveZero => (
                format!("=AND(ISNUMBER({cell}),{cell}>0)"),
                Format::new().set_bold().set_background_color(ALARM_FILL),
            ),
            Self::NotYes => (
                format!("=AND({cell}<>\"\",{cell}<>\"yes\")"),
                Format::new().set_bold().set_background_color(ALARM_FILL).set_border(FormatBorder::Thin),
            ),
            Self::ToComplete => (
                format!("={cell}<>\"\""),
                Format::new()
                    .set_italic()
                    .set_background_color(BLANK_FILL)
                    .set_border_bottom(FormatBorder::Dotted),
            ),
        };
        let rule = ConditionalFormatFormula::new().set_rule(rule.as_str()).set_format(format);
        sheet.add_conditional_format(first, column, last, column, &rule)?;
        Ok(())
    }
}

/// A blank to be filled in by hand.
pub(super) fn blank() -> Format {
    text().set_border_bottom(FormatBorder::Thin)
}
