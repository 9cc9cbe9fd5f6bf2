//! What stands in a cell of plain markup: its formula, its value or inline string. Where the cell stands is `plain`'s.

use super::core_parts::PlainBook;
use super::digits::is_number;
use super::markup::{Cursor, NotPlain, Plain, decode, unescape};
use super::strings::string_item;

/// What a cell's tag says.
#[derive(Default)]
pub(super) struct Head<'x> {
    pub(super) place: Option<(u32, u32)>,
    pub(super) style: Option<usize>,
    pub(super) kind: &'x str,
}

/// What a cell holds.
pub(super) enum Value<'v> {
    Empty,
    Text(&'v str),
    IsoDate(&'v str),
    Number(&'v str),
    Bool(bool),
    Error(&'v str),
}

/// The content of a cell up to its closing tag.
#[inline]
pub(super) fn content<'v, 'x: 'v>(
    cursor: &mut Cursor<'x>,
    head: &Head<'x>,
    book: &'v PlainBook,
    formula: &mut bool,
    scratch: &mut String,
    text: &'v mut String,
) -> Plain<Value<'v>> {
    cursor.space();
    if cursor.open("<f") {
        *formula = true;
        pass_formula(cursor)?;
        cursor.space();
    }
    let value = if cursor.eat("<v>") || cursor.eat("<v xml:space=\"preserve\">") {
        let raw = cursor.text()?;
        if !cursor.eat("</v>") {
            return Err(NotPlain);
        }
        value_of(raw, head, book, scratch, text)?
    } else if cursor.eat("<is>") {
        kind_is_known(head)?;
        string_item(cursor, "</is>", scratch, text)?;
        Value::Text(text)
    } else {
        kind_is_known(head)?;
        cursor.eat("<v/>");
        Value::Empty
    };
    cursor.space();
    if cursor.eat("</c>") { Ok(value) } else { Err(NotPlain) }
}

pub(super) fn kind_is_known(head: &Head<'_>) -> Plain<()> {
    let known = matches!(head.kind, "" | "n" | "s" | "b" | "e" | "str" | "d" | "inlineStr");
    if known { Ok(()) } else { Err(NotPlain) }
}

/// The value in a cell's `v`.
#[inline]
fn value_of<'v>(
    raw: &'v str,
    head: &Head<'_>,
    book: &'v PlainBook,
    scratch: &mut String,
    text: &'v mut String,
) -> Plain<Value<'v>> {
    let bytes = raw.as_bytes();
    match head.kind {
        "s" | "" | "n" | "b" | "e" if raw.is_empty() => Ok(Value::Empty),
        "s" => {
            let index = digits(bytes, 9).ok_or(NotPlain)? as usize;
            book.strings.get(index).map(Value::Text).ok_or(NotPlain)
        }
        "" | "n" if is_number(bytes) => Ok(Value::Number(raw)),
        "b" => match raw {
            "0" => Ok(Value::Bool(false)),
            "1" => Ok(Value::Bool(true)),
            _ => Err(NotPlain),
        },
        "e" => match raw {
            "#DIV/0!" | "#N/A" | "#NAME?" | "#NULL!" | "#NUM!" | "#REF!" | "#VALUE!" => Ok(Value::Error(raw)),
            _ => Err(NotPlain),
        },
        "str" => {
            scratch.clear();
            decode(raw, scratch)?;
            unescape(scratch, text)?;
            Ok(Value::Text(text))
        }
        "d" => {
            decode(raw, text)?;
            Ok(Value::IsoDate(text))
        }
        _ => Err(NotPlain),
    }
}

/// Passes over a formula, the beginning of its tag read.
fn pass_formula(cursor: &mut Cursor<'_>) -> Plain<()> {
    let mut shared = false;
    let mut number = None;
    let mut seen = [false; 3];
    let closed = cursor.attributes(|name, value| {
        let which = match name {
            "t" => 0,
            "si" => 1,
            "ref" => 2,
            _ => return Ok(()),
        };
        if std::mem::replace(&mut seen[which], true) {
            return Err(NotPlain);
        }
        match which {
            0 => shared = value == "shared",
            1 => number = digits(value.as_bytes(), 6),
            _ => is_range(value)?,
        }
        Ok(())
    })?;
    if shared && number.is_none() {
        return Err(NotPlain);
    }
    if !closed {
        let mut decoded = String::new();
        let raw = cursor.text()?;
        if raw.contains('&') {
            decode(raw, &mut decoded)?;
        }
        if !cursor.eat("</f>") {
            return Err(NotPlain);
        }
    }
    Ok(())
}

/// A range such as `A1:C7`, in a form that every reader takes.
pub(super) fn is_range(range: &str) -> Plain<()> {
    let (first, last) = range.split_once(':').unwrap_or((range, range));
    match (place(first.as_bytes()), place(last.as_bytes())) {
        (Some(first), Some(last)) if first.0 <= last.0 && first.1 <= last.1 => Ok(()),
        _ => Err(NotPlain),
    }
}

/// The number that so many digits at most make.
#[inline]
pub(super) fn digits(text: &[u8], most: usize) -> Option<u32> {
    if text.is_empty() || text.len() > most {
        return None;
    }
    text.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
}

/// Row and column of `C7`, from 0.
#[inline]
pub(super) fn place(text: &[u8]) -> Option<(u32, u32)> {
    let letters = text.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    if !(1..=3).contains(&letters) {
        return None;
    }
    let column = text[..letters].iter().fold(0, |sum, byte| sum * 26 + u32::from(byte - b'A' + 1));
    Some((digits(&text[letters..], 7)?.checked_sub(1)?, column - 1))
}
