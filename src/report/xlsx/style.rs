//! How cells look: plain enough to survive black-and-white print, where weight and borders carry what color does.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

/// Light fill of headings, legible when printed gray.
const HEAD_FILL: Color = Color::RGB(0x00E7_ECF2);
/// The fill of cells for a person to fill in.
const ENTRY_FILL: Color = Color::RGB(0x00FF_F8DC);
const RULE: Color = Color::RGB(0x009A_A5B1);
const LINK: Color = Color::RGB(0x0005_63C1);

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

/// A blank to be filled in by hand.
pub(super) fn blank() -> Format {
    text().set_border_bottom(FormatBorder::Thin)
}
