//! Figures with units, as engineers write them, in the quantities that thresholds speak of.
//!
//! Reads numbers and units out of a description and compares them with a condition. Which condition a paragraph sets is
//! written in `data/items/`.

mod condition;
mod numbers;
mod pipes;
#[cfg(test)]
mod tests;
mod units;

pub(super) use condition::{Answer, Condition, read_figure, readable};
pub(super) use pipes::{Pipe, Pipes, Quantities};
pub(super) use units::{Quantity, QuantityId, UnitId, Units};

use super::text::Folded;

/// How many figures of one description are read.
const AT_MOST: usize = 40;

/// One figure of a description, in the base unit of one quantity.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Amount {
    /// The quantity.
    pub(super) quantity: QuantityId,
    /// The lower end, in the base unit.
    pub(super) low: f64,
    /// The upper end.
    pub(super) high: f64,
    /// As written, or how it was derived.
    pub(super) text: String,
    /// Where it stands in the folded text; both 0 for a derived figure.
    pub(super) start: usize,
    /// The byte behind it.
    pub(super) end: usize,
}

/// Every figure of a description; one that could be of several quantities stands once for each.
pub(super) fn read(units: &Units, text: &Folded) -> Vec<Amount> {
    let folded = text.text();
    let bytes = folded.as_bytes();
    let mut amounts = Vec::new();
    let mut at = 0;
    while at < bytes.len() && amounts.len() < AT_MOST {
        let begins = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        if begins
            && let Some((unit, number_at)) = units.before(folded, at)
            && let Some(span) = numbers::number(folded, number_at)
        {
            push(units, text, unit, (span.low, span.high), (at, span.end), &mut amounts);
            at = span.end;
            continue;
        }
        let is_digit = bytes[at].is_ascii_digit()
            || (bytes[at] == b'.' && begins && bytes.get(at + 1).is_some_and(u8::is_ascii_digit));
        if !is_digit {
            at += 1;
            continue;
        }
        let glued = glued(bytes, at);
        if glued == Glued::Within {
            at += bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count().max(1);
            continue;
        }
        let single = numbers::number(folded, at);
        let whole = numbers::range(folded, at);
        let read = single
            .and_then(|span| Some((span, units.behind(folded, span.end)?)))
            .or_else(|| whole.and_then(|span| Some((span, units.behind(folded, span.end)?))));
        let Some((span, (unit, end))) = read else {
            at = single.map_or(at + 1, |span| span.end.max(at + 1));
            continue;
        };
        // "H40M" is a head of 40 m, "H2S" is a gas.
        if glued == Glued::Letter && end - span.end < 1 {
            at = span.end;
            continue;
        }
        let thousands = |value| if span.point_and_three { units.thousands(unit, value) } else { value };
        push(units, text, unit, (thousands(span.low), thousands(span.high)), (at, end), &mut amounts);
        at = end.max(at + 1);
    }
    amounts
}

/// What stands right before a digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Glued {
    /// Nothing, a blank or a sign.
    No,
    /// A single letter that labels figures: Q, H, P.
    Letter,
    /// Other letters or digits: it is part of a word.
    Within,
}

fn glued(bytes: &[u8], at: usize) -> Glued {
    let before = |back: usize| at.checked_sub(back).map(|index| bytes[index]);
    match before(1) {
        // A number after a decimal sign was read with it.
        Some(b'.' | b',') if before(2).is_some_and(|byte| byte.is_ascii_alphanumeric()) => Glued::Within,
        Some(b'x')
            if before(2)
                .is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'"' | b'm' | b'n' | b' ')) =>
        {
            Glued::No
        }
        Some(b'q' | b'h' | b'p' | b'o' | b'f')
            if !before(2).is_some_and(|byte| byte.is_ascii_alphanumeric()) =>
        {
            Glued::Letter
        }
        Some(byte) if byte.is_ascii_alphanumeric() || byte >= 0x80 => Glued::Within,
        _ => Glued::No,
    }
}

fn push(
    units: &Units,
    text: &Folded,
    unit: UnitId,
    (low, high): (f64, f64),
    (start, end): (usize, usize),
    amounts: &mut Vec<Amount>,
) {
    for (quantity, known) in units.quantities() {
        let Some(factor) = units.factor(quantity, unit) else { continue };
        if !known.not_beside.is_empty()
            && known.not_beside.iter().any(|word| stands_beside(text.text(), start, end, word))
        {
            continue;
        }
        amounts.push(Amount {
            quantity,
            low: low * factor,
            high: high * factor,
            text: text.raw(start, end).to_owned(),
            start,
            end,
        });
    }
}

/// Whether a word stands among the two before a figure or right behind it.
fn stands_beside(text: &str, start: usize, end: usize, word: &str) -> bool {
    let words = |part: &str| {
        part.split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let before = words(&text[..start]);
    let after = words(&text[end..]);
    before.iter().rev().take(2).chain(after.iter().take(1)).any(|near| near == word)
}

/// Lengths that stand in pairs without a unit: `273x9.27`, outside diameter and wall of a pipe in millimeters.
pub(super) fn pairs(text: &Folded) -> Vec<(f64, f64)> {
    let folded = text.text();
    let mut pairs = Vec::new();
    for word in
        text.words().iter().filter(|word| folded[word.start..].starts_with(|c: char| c.is_ascii_digit()))
    {
        let before = folded[..word.start].chars().next_back();
        if before.is_some_and(|c| matches!(c, '.' | ',' | '/')) {
            continue;
        }
        let Some(first) = numbers::number(folded, word.start) else { continue };
        let rest = folded[first.end..].trim_start_matches(' ');
        let Some(rest) = rest.strip_prefix('x').map(|rest| rest.trim_start_matches(' ')) else { continue };
        if let Some(second) = numbers::number(folded, folded.len() - rest.len()) {
            pairs.push((first.low, second.low));
        }
    }
    pairs
}
