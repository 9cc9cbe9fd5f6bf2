//! The shared strings of a workbook, and the grammar of a string item, which inline strings keep to as well.

use memchr::memmem;

use super::markup::{Cursor, NotPlain, Plain, decode, unescape};

/// A string item longer than this is left to the general reader.
const LONGEST_ITEM: usize = 16 << 20;

/// The shared strings, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    /// The string of this number.
    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..end)
    }
}

/// Reads the strings as their part streams by.
#[derive(Default)]
pub(super) struct StringsReader {
    window: Vec<u8>,
    strings: Strings,
    scratch: String,
    state: State,
}

#[derive(Default, PartialEq, Eq)]
enum State {
    #[default]
    Before,
    Within,
    Ended,
    NotPlain,
}

impl StringsReader {
    /// Sees the next bytes.
    pub(super) fn see(&mut self, block: &[u8]) {
        if matches!(self.state, State::Ended | State::NotPlain) {
            return;
        }
        self.window.extend_from_slice(block);
        match memmem::rfind(&self.window, b"</si>") {
            Some(end) => self.take(end + 5),
            None if self.window.len() > LONGEST_ITEM => self.state = State::NotPlain,
            None => {}
        }
    }

    /// The strings, once the part has ended; none where it is not plain.
    pub(super) fn finish(mut self) -> Option<Strings> {
        self.take(self.window.len());
        (self.state == State::Ended).then_some(self.strings)
    }

    fn take(&mut self, end: usize) {
        if matches!(self.state, State::Ended | State::NotPlain) {
            return;
        }
        let read = match std::str::from_utf8(&self.window[..end]) {
            Ok(xml) => items(xml, &mut self.strings, &mut self.scratch, &self.state),
            Err(_) => Err(NotPlain),
        };
        self.state = read.unwrap_or(State::NotPlain);
        self.window.drain(..end);
    }
}

fn items(xml: &str, strings: &mut Strings, scratch: &mut String, state: &State) -> Plain<State> {
    let mut cursor = Cursor::new(xml);
    // Nothing may stand before the list.
    if *state == State::Before && cursor.prolog("sst", |_, _| Err(NotPlain))? {
        return Ok(State::Ended);
    }
    loop {
        cursor.space();
        if cursor.is_done() {
            return Ok(State::Within);
        }
        if cursor.eat("<si>") {
            string_item(&mut cursor, "</si>", scratch, &mut strings.text)?;
        } else if cursor.eat("</sst>") {
            return Ok(State::Ended);
        } else if !cursor.eat("<si/>") {
            return Err(NotPlain);
        }
        strings.ends.push(strings.text.len());
    }
}

/// Appends the text of a string item up to its closing tag: its runs one behind the other, without phonetic ones.
pub(super) fn string_item(
    cursor: &mut Cursor<'_>,
    closing: &str,
    scratch: &mut String,
    into: &mut String,
) -> Plain<()> {
    let mut in_run = false;
    loop {
        if cursor.eat("<t>") {
            piece(cursor, false, scratch, into)?;
            // Nearly every item is one piece.
            if !in_run && cursor.eat(closing) {
                return Ok(());
            }
            continue;
        }
        cursor.space();
        if cursor.eat("<t xml:space=\"preserve\">") {
            piece(cursor, true, scratch, into)?;
        } else if cursor.eat("<t>") {
            piece(cursor, false, scratch, into)?;
        } else if !in_run && cursor.eat("<r>") {
            in_run = true;
        } else if in_run && cursor.eat("</r>") {
            in_run = false;
        } else if in_run && cursor.eat("<rPr>") {
            properties(cursor)?;
        } else if !in_run && cursor.open("<rPh") {
            if !cursor.attributes(|_, _| Ok(()))? {
                phonetic(cursor)?;
            }
        } else if !in_run && cursor.open("<phoneticPr") {
            if !cursor.attributes(|_, _| Ok(()))? {
                return Err(NotPlain);
            }
        } else if !in_run && cursor.eat(closing) {
            return Ok(());
        } else if !cursor.eat("<t/>") {
            return Err(NotPlain);
        }
    }
}

/// One piece of text, its opening tag read.
#[inline]
fn piece(cursor: &mut Cursor<'_>, preserve: bool, scratch: &mut String, into: &mut String) -> Plain<()> {
    const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];
    let raw = cursor.text()?;
    if !cursor.eat("</t>") {
        return Err(NotPlain);
    }
    if memchr::memchr3(b'&', b'\r', b'_', raw.as_bytes()).is_none() {
        into.push_str(if preserve { raw } else { raw.trim_matches(SPACE) });
        return Ok(());
    }
    scratch.clear();
    decode(raw, scratch)?;
    unescape(if preserve { scratch } else { scratch.trim_matches(SPACE) }, into)
}

/// How a run looks: tags without text.
fn properties(cursor: &mut Cursor<'_>) -> Plain<()> {
    const KNOWN: [&str; 15] = [
        "<b",
        "<i",
        "<strike",
        "<condense",
        "<extend",
        "<outline",
        "<shadow",
        "<u",
        "<vertAlign",
        "<sz",
        "<color",
        "<rFont",
        "<family",
        "<charset",
        "<scheme",
    ];
    loop {
        cursor.space();
        if cursor.eat("</rPr>") {
            return Ok(());
        }
        let known = KNOWN.iter().any(|tag| cursor.open(tag));
        if !known || !cursor.attributes(|_, _| Ok(()))? {
            return Err(NotPlain);
        }
    }
}

/// How a text is spoken, which is no part of it.
fn phonetic(cursor: &mut Cursor<'_>) -> Plain<()> {
    loop {
        cursor.space();
        if cursor.eat("</rPh>") {
            return Ok(());
        }
        let begins = cursor.eat("<t>") || cursor.eat("<t xml:space=\"preserve\">");
        if !begins || cursor.text()?.contains('&') || !cursor.eat("</t>") {
            return Err(NotPlain);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_the_same_however_they_are_cut() {
        let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<sst uniqueCount=\"4\"><si><t> a &amp; b </t></si><si><r><t>ri</t></r><r><rPr><b/><sz val=\"9\"/></rPr><t xml:space=\"preserve\"> ch</t></r></si><si/><si><t>漢</t><rPh sb=\"0\" eb=\"1\"><t>kan</t></rPh><phoneticPr fontId=\"1\"/></si></sst>";
        for size in [1, 3, 17, 4096] {
            let mut reader = StringsReader::default();
            for block in xml.as_bytes().chunks(size) {
                reader.see(block);
            }
            let strings = reader.finish().unwrap();
            let texts: Vec<_> = (0..5).map(|index| strings.get(index)).collect();
            assert_eq!(texts, [Some("a & b"), Some("ri ch"), Some(""), Some("漢"), None], "blocks of {size}");
        }
    }

    #[test]
    fn what_is_not_plain_is_refused() {
        for item in
            ["<si><t>a<![CDATA[b]]></t></si>", "<si><!-- --><t>a</t></si>", "<si><t>&x;</t></si>", "<x:si/>"]
        {
            let mut reader = StringsReader::default();
            reader.see(format!("<sst>{item}</sst>").as_bytes());
            assert!(reader.finish().is_none(), "{item}");
        }
    }
}
