//! Text made safe for the page: legible, escaped, and cut where it would drown the reader.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::super::text::legible;

/// The most characters of one cell that the page shows.
const SHOWN: usize = 4_000;

/// Text between tags or in a quoted attribute: no character of it is markup.
pub(super) fn safe(text: &str) -> Cow<'_, str> {
    let shown = cut(text, SHOWN, " [cut here; the whole text is in findings.jsonl]");
    let shown = match shown {
        Cow::Borrowed(text) => legible(text),
        Cow::Owned(text) => Cow::Owned(legible(&text).into_owned()),
    };
    if !shown.contains(['&', '<', '>', '"', '\'']) {
        return shown;
    }
    let mut escaped = String::with_capacity(shown.len() + 16);
    for c in shown.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

/// The first characters of a text, and a sign that it was cut.
pub(super) fn cut<'t>(text: &'t str, characters: usize, sign: &str) -> Cow<'t, str> {
    if text.len() <= characters {
        return Cow::Borrowed(text);
    }
    match text.char_indices().nth(characters) {
        Some((end, _)) => Cow::Owned(format!("{}{sign}", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// A string of a style sheet: everything but letters, digits and blanks is written by its number.
pub(super) fn css_string(text: &str) -> String {
    let mut string = String::from("\"");
    for c in legible(text).chars() {
        if c.is_ascii_alphanumeric() || c == ' ' {
            string.push(c);
        } else {
            string.push_str(&format!("\\{:x} ", c as u32));
        }
    }
    string.push('"');
    string
}

/// The source of a script or style in a content security policy: `sha256-…`.
pub(in crate::report) fn policy_hash(source: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = Sha256::digest(source.as_bytes());
    let mut base64 = String::from("sha256-");
    for three in digest.chunks(3) {
        let bits =
            three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            if place <= three.len() {
                base64.push(char::from(DIGITS[(bits >> (18 - 6 * place) & 63) as usize]));
            } else {
                base64.push('=');
            }
        }
    }
    base64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_of_a_text_is_markup() {
        assert_eq!(
            safe("<script>alert('x')</script> & \"q\""),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;q&quot;"
        );
        assert_eq!(safe("a\0\u{202e}b"), "a␀[U+202E]b");
        assert!(matches!(safe("plain ü"), Cow::Borrowed(_)));
        assert!(safe(&"ä".repeat(9_000)).ends_with("findings.jsonl]"));
    }

    #[test]
    fn a_string_of_a_style_sheet_cannot_be_left() {
        assert_eq!(css_string("A & \"B\"</style>"), "\"A \\26  \\22 B\\22 \\3c \\2f style\\3e \"");
    }

    #[test]
    fn a_policy_hash_is_base64_of_the_digest() {
        assert_eq!(policy_hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
