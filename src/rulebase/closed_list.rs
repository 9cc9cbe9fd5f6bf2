//! The license exceptions that a rule leaves open for a requirement; every other is closed.

use super::raw::{RawClosedList, RawOpenParagraph};
use super::rule::{Reader, Rule};

/// The license exceptions left open for one requirement.
#[derive(Debug, Clone)]
pub struct ClosedList {
    /// What every rule has: id, dates, citations, how far it was read.
    pub rule: Rule,
    /// The id of the requirement.
    pub requirement: String,
    /// The open paragraphs, in the order of the regulation.
    pub open: Vec<OpenParagraph>,
}

/// A paragraph of a license exception that is left open.
#[derive(Debug, Clone)]
pub struct OpenParagraph {
    /// The exception's symbol, `TMP`.
    pub symbol: String,
    /// Its section, `15 CFR 740.9`.
    pub section: String,
    /// The paragraph, `(a)(1)`; none where the whole section is open.
    pub paragraph: Option<String>,
    /// What it is for.
    pub title: String,
    /// What a person must establish, each in a sentence.
    pub conditions: Vec<String>,
}

impl OpenParagraph {
    /// `15 CFR 740.9(a)(1)`.
    pub fn citation(&self) -> String {
        format!("{}{}", self.section, self.paragraph.as_deref().unwrap_or_default())
    }

    fn levels(&self) -> Vec<String> {
        levels(self.paragraph.as_deref().unwrap_or_default())
    }
}

/// Whether a license exception that is claimed is left open.
#[derive(Debug, Clone)]
pub enum Availability<'a> {
    /// It is, on conditions.
    Open(&'a OpenParagraph),
    /// Some of its paragraphs are; the claim does not say which it relies on.
    NeedsParagraph(Vec<&'a OpenParagraph>),
    /// It is not.
    Closed,
}

impl ClosedList {
    /// Whether the exception, and the paragraph where one is claimed, is left open.
    pub fn availability(&self, symbol: &str, paragraph: Option<&str>) -> Availability<'_> {
        let claimed = levels(paragraph.unwrap_or_default());
        let of_symbol = || self.open.iter().filter(|open| open.symbol.eq_ignore_ascii_case(symbol));
        if let Some(open) = of_symbol().find(|open| claimed.starts_with(&open.levels())) {
            return Availability::Open(open);
        }
        let below: Vec<_> = of_symbol().filter(|open| open.levels().starts_with(&claimed)).collect();
        if below.is_empty() { Availability::Closed } else { Availability::NeedsParagraph(below) }
    }

    /// Reads the table of a closed list.
    pub(super) fn read(reader: &mut Reader<'_>, rule: Rule, raw: &RawClosedList) -> Self {
        let open = raw.open.iter().map(|open| read_open(reader, open.get_ref())).collect();
        Self { rule, requirement: raw.requirement.get_ref().clone(), open }
    }
}

fn read_open(reader: &mut Reader<'_>, raw: &RawOpenParagraph) -> OpenParagraph {
    let paragraph = raw.paragraph.as_ref().map(|text| text.get_ref().clone());
    let whole = format!("{}{}", raw.section.get_ref(), paragraph.as_deref().unwrap_or_default());
    if let Err(message) = crate::citation::Citation::parse(&whole) {
        let at = raw.paragraph.as_ref().map_or(raw.section.span().start, |text| text.span().start);
        reader.problem(at, message);
    }
    if raw.conditions.is_empty() {
        reader.problem(raw.section.span().start, "`conditions` is empty; say what a person must establish");
    }
    OpenParagraph {
        symbol: raw.symbol.clone(),
        section: raw.section.get_ref().clone(),
        paragraph,
        title: raw.title.clone(),
        conditions: raw.conditions.clone(),
    }
}

/// The levels of `(a)(1)`: `a`, `1`.
fn levels(paragraph: &str) -> Vec<String> {
    paragraph
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|level| !level.is_empty())
        .map(str::to_ascii_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::Rulebase;
    use super::*;

    /// The paragraphs that answer a claim.
    fn answer(symbol: &str, paragraph: Option<&str>) -> String {
        let rulebase = Rulebase::embedded().unwrap();
        match rulebase.closed_list("pk-rs-2024").unwrap().availability(symbol, paragraph) {
            Availability::Open(open) => format!("open {}", open.citation()),
            Availability::NeedsParagraph(open) => format!("one of {}", open.len()),
            Availability::Closed => "closed".to_owned(),
        }
    }

    #[test]
    fn only_the_named_paragraphs_are_open() {
        assert_eq!(answer("TMP", None), "one of 6");
        assert_eq!(answer("TMP", Some("(a)")), "one of 4");
        assert_eq!(answer("tmp", Some("(a)(10)")), "open 15 CFR 740.9(a)(10)");
        assert_eq!(answer("TMP", Some("(a)(1)(i)")), "open 15 CFR 740.9(a)(1)");
        assert_eq!(answer("TMP", Some("(a)(6)")), "closed");
        assert_eq!(answer("TMP", Some("(b)(1)")), "closed");
        assert_eq!(answer("TMP", Some("(c)")), "closed");
        assert_eq!(answer("RPL", None), "open 15 CFR 740.10");
        assert_eq!(answer("RPL", Some("(a)(3)")), "open 15 CFR 740.10");
        assert_eq!(answer("GOV", None), "one of 3");
        assert_eq!(answer("GOV", Some("(b)(2)")), "open 15 CFR 740.11(b)");
        assert_eq!(answer("GOV", Some("(c)(1)")), "closed");
        for symbol in ["LVS", "GBS", "TSR", "TSU", "BAG", "AVS", "APR", "GFT", "ENC", "STA", "CIV", "XYZ"] {
            assert_eq!(answer(symbol, None), "closed", "{symbol}");
        }
    }
}
