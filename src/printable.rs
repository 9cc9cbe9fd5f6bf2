//! Text of a record, made fit to be shown: it must not move a cursor, color a terminal or end a comment.

use std::borrow::Cow;

/// The text on one line: line breaks and everything else that steers are blanks.
pub(crate) fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Text of several lines, as a terminal is to show it.
pub(crate) fn in_lines(text: &str) -> Cow<'_, str> {
    let steers = |c: char| c.is_control() && c != '\n' && c != '\t';
    if text.contains(steers) { Cow::Owned(text.replace(steers, " ")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers() {
        assert_eq!(on_one_line("Permit\u{1b}[2J No\u{7f}\n7"), "Permit [2J No  7");
        assert_eq!(in_lines("a\tb\n\u{9b}c\r\n"), "a\tb\n c \n");
        assert!(matches!(in_lines("plain\n"), Cow::Borrowed(_)));
    }
}
