//! Plain XML, read from left to right: tags, attributes, text, and nothing that could change what they say.
//!
//! Whatever is not plain is refused, never guessed at: the caller then leaves the whole part to the general reader.

use memchr::{memchr, memchr2};

/// The text does not keep to the plain grammar.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotPlain;

/// What was read, where it is plain.
pub(super) type Plain<T> = Result<T, NotPlain>;

/// Where the reading stands.
pub(super) struct Cursor<'x> {
    xml: &'x str,
    at: usize,
}

impl<'x> Cursor<'x> {
    pub(super) fn new(xml: &'x str) -> Self {
        Self { xml, at: 0 }
    }

    #[inline]
    fn rest(&self) -> &'x [u8] {
        &self.xml.as_bytes()[self.at..]
    }

    /// Whether nothing is left.
    #[inline]
    pub(super) fn is_done(&self) -> bool {
        self.at == self.xml.len()
    }

    /// Passes over white space between tags.
    #[inline]
    pub(super) fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.xml.as_bytes().get(self.at) {
            self.at += 1;
        }
    }

    /// Passes over this, if it comes next.
    #[inline]
    pub(super) fn eat(&mut self, literal: &str) -> bool {
        let next = self.rest().starts_with(literal.as_bytes());
        if next {
            self.at += literal.len();
        }
        next
    }

    /// Passes over the beginning of this tag, its name ending there.
    #[inline]
    pub(super) fn open(&mut self, tag: &str) -> bool {
        let rest = self.rest();
        let next = rest.starts_with(tag.as_bytes())
            && matches!(rest.get(tag.len()), Some(b' ' | b'>' | b'/' | b'\t' | b'\r' | b'\n'));
        if next {
            self.at += tag.len();
        }
        next
    }

    /// The name of a tag that begins here, after its `<`.
    fn name(&mut self) -> Plain<&'x str> {
        let rest = self.rest();
        let length = rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'-' | b'.'))
            .count();
        let name = &self.xml[self.at..self.at + length];
        self.at += length;
        if length == 0 { Err(NotPlain) } else { Ok(name) }
    }

    /// The attributes of a tag up to its end; says whether it closes itself.
    #[inline]
    pub(super) fn attributes(&mut self, mut each: impl FnMut(&'x str, &'x str) -> Plain<()>) -> Plain<bool> {
        let bytes = self.xml.as_bytes();
        loop {
            let before = self.at;
            self.space();
            match bytes.get(self.at) {
                Some(b'>') => {
                    self.at += 1;
                    return Ok(false);
                }
                Some(b'/') if bytes.get(self.at + 1) == Some(&b'>') => {
                    self.at += 2;
                    return Ok(true);
                }
                Some(_) if self.at > before => {}
                _ => return Err(NotPlain),
            }
            let name = self.name()?;
            let (Some(b'='), Some(&quote @ (b'"' | b'\''))) = (bytes.get(self.at), bytes.get(self.at + 1))
            else {
                return Err(NotPlain);
            };
            let start = self.at + 2;
            let length = bytes[start..].iter().position(|byte| *byte == quote).ok_or(NotPlain)?;
            self.at = start + length + 1;
            each(name, &self.xml[start..start + length])?;
        }
    }

    /// Text up to the next tag.
    #[inline]
    pub(super) fn text(&mut self) -> Plain<&'x str> {
        let length = memchr(b'<', self.rest()).ok_or(NotPlain)?;
        let text = &self.xml[self.at..self.at + length];
        self.at += length;
        Ok(text)
    }

    /// Passes over what stands before the element of this name: the declaration, and elements that hold nothing but
    /// others. `see` gets the name and the attributes of each. Says whether the element closes itself.
    pub(super) fn prolog(
        &mut self,
        wanted: &str,
        mut see: impl FnMut(&'x str, &[(&'x str, &'x str)]) -> Plain<()>,
    ) -> Plain<bool> {
        self.eat("\u{feff}");
        if self.eat("<?xml ") {
            let length = memchr(b'>', self.rest()).ok_or(NotPlain)?;
            let declaration = self.xml[self.at..self.at + length].strip_suffix('?').ok_or(NotPlain)?;
            if let Some(at) = declaration.find("encoding") {
                let encoding = declaration[at + 8..].trim_start_matches(['=', '"', '\'']);
                if !encoding.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("utf-8")) {
                    return Err(NotPlain);
                }
            }
            self.at += length + 1;
        }
        let mut depth = 0_usize;
        let mut found = Vec::new();
        loop {
            self.space();
            if !self.eat("<") {
                return Err(NotPlain);
            }
            if self.eat("/") {
                self.name()?;
                if !self.eat(">") {
                    return Err(NotPlain);
                }
                depth = depth.checked_sub(1).ok_or(NotPlain)?;
                continue;
            }
            let name = self.name()?;
            found.clear();
            let closed = self.attributes(|key, value| {
                found.push((key, value));
                Ok(())
            })?;
            if name == wanted {
                return Ok(closed);
            }
            // The same element under a prefix is not plain.
            if name.ends_with(wanted) {
                return Err(NotPlain);
            }
            see(name, &found)?;
            depth += usize::from(!closed);
        }
    }
}

/// Appends text with its references resolved and its line breaks as XML reads them.
pub(super) fn decode(raw: &str, into: &mut String) -> Plain<()> {
    let mut rest = raw;
    while let Some(at) = memchr2(b'&', b'\r', rest.as_bytes()) {
        into.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if rest.as_bytes()[at] == b'\r' {
            into.push('\n');
            rest = after.strip_prefix('\n').unwrap_or(after);
            continue;
        }
        let end = memchr(b';', after.as_bytes()).ok_or(NotPlain)?;
        into.push(referred_to(&after[..end])?);
        rest = &after[end + 1..];
    }
    into.push_str(rest);
    Ok(())
}

/// The character of a reference: one of the five that XML knows, or a number.
fn referred_to(name: &str) -> Plain<char> {
    let code = match name {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => name.strip_prefix('#').ok_or(NotPlain)?,
    };
    let (digits, radix) = code.strip_prefix('x').map_or((code, 10), |hex| (hex, 16));
    let number = u32::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with(['+', '-']));
    number.filter(|number| *number > 0).and_then(char::from_u32).ok_or(NotPlain)
}

/// Appends text with Excel's own escapes resolved, such as `_x000D_` for a carriage return.
pub(super) fn unescape(text: &str, into: &mut String) -> Plain<()> {
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let digits = rest.as_bytes().get(at + 2..at + 7);
        let unit = digits
            .and_then(|digits| digits.strip_suffix(b"_"))
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        if let Some(unit) = unit {
            into.push_str(&rest[..at]);
            // Halves of a character beyond the first 65,536 are left to the general reader.
            into.push(char::from_u32(unit).ok_or(NotPlain)?);
            rest = &rest[at + 7..];
        } else {
            into.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
        }
    }
    into.push_str(rest);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_and_escapes_are_resolved_or_refused() {
        let decoded = |raw| {
            let mut text = String::new();
            decode(raw, &mut text).map(|()| text)
        };
        assert_eq!(decoded("a &amp;&lt;&#65;&#x42;\r\nb\r"), Ok("a &<AB\nb\n".into()));
        for raw in ["&nbsp;", "&", "&#0;", "&#+5;", "&#xD800;", "&#;"] {
            assert_eq!(decoded(raw), Err(NotPlain), "{raw}");
        }
        let unescaped = |text| {
            let mut into = String::new();
            unescape(text, &mut into).map(|()| into)
        };
        assert_eq!(unescaped("a_x000D_b_x12_x005F_x000D_"), Ok("a\rb_x12_x000D_".into()));
        assert_eq!(unescaped("_xD83D__xDCF7_"), Err(NotPlain));
    }
}
