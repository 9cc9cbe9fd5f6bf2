//! What kind of movement a line records: an export, a return, a paper without goods.
//!
//! Owns the reading of document and movement types through `data/movements.csv`. What follows for a line is decided
//! in `determination`; a text that is not in the table says nothing, and the line is then judged in full.

use std::collections::BTreeMap;
use std::fmt;

use crate::places::fold;

/// What a line records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Movement {
    /// Goods leave, for whatever price and reason: samples, no charge, warranty, intercompany, RMA out, hand-carry.
    Export,
    /// Goods leave one foreign country for another.
    Reexport,
    /// Goods change hands within one foreign country.
    InCountry,
    /// Goods stay in the country from which they are shipped.
    Domestic,
    /// Goods come in.
    Inbound,
    /// An earlier record is taken back.
    Reversal,
    /// A quotation, a credit memo: nothing moves.
    DocumentOnly,
    /// Work, not goods.
    Service,
}

impl Movement {
    /// All movements.
    pub const ALL: [Self; 8] = [
        Self::Export,
        Self::Reexport,
        Self::InCountry,
        Self::Domestic,
        Self::Inbound,
        Self::Reversal,
        Self::DocumentOnly,
        Self::Service,
    ];

    /// The word that `data/movements.csv` and the reports write.
    pub fn name(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::Reexport => "reexport",
            Self::InCountry => "in-country",
            Self::Domestic => "domestic",
            Self::Inbound => "inbound",
            Self::Reversal => "reversal",
            Self::DocumentOnly => "document-only",
            Self::Service => "service",
        }
    }

    /// Whether goods move to or within a foreign country, so that the line is judged in full.
    pub fn is_judged(self) -> bool {
        matches!(self, Self::Export | Self::Reexport | Self::InCountry)
    }
}

impl fmt::Display for Movement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The table of movement and document types.
#[derive(Debug, Clone)]
pub struct Movements {
    by_text: BTreeMap<String, Movement>,
}

impl Movements {
    /// The table embedded in the program.
    ///
    /// # Errors
    /// Every line of the table that cannot be used, with its number.
    pub fn embedded() -> Result<Self, Vec<String>> {
        Self::parse(include_str!("../data/movements.csv"))
    }

    fn parse(text: &str) -> Result<Self, Vec<String>> {
        let mut by_text: BTreeMap<String, Movement> = BTreeMap::new();
        let mut problems = Vec::new();
        for (index, record) in csv::Reader::from_reader(text.as_bytes()).records().enumerate() {
            let line = index + 2;
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    problems.push(format!("data/movements.csv line {line}: {error}"));
                    continue;
                }
            };
            let (text, name) = (record.get(0).unwrap_or(""), record.get(1).unwrap_or(""));
            let Some(movement) = Movement::ALL.into_iter().find(|movement| movement.name() == name) else {
                problems.push(format!("data/movements.csv line {line}: `{name}` is not a movement"));
                continue;
            };
            let key = fold::key(text);
            if key.is_empty() {
                problems.push(format!("data/movements.csv line {line}: no text"));
            } else if by_text.insert(key, movement).is_some_and(|earlier| earlier != movement) {
                problems.push(format!("data/movements.csv line {line}: `{text}` stands for two movements"));
            }
        }
        if problems.is_empty() { Ok(Self { by_text }) } else { Err(problems) }
    }

    /// Reads a document or movement type: `601`, `Sales Order`, `OR - Standard Order`, `RMA out`.
    ///
    /// Where only a part of the text is known, it is believed when it says that goods leave; never when it would
    /// take the line out of the audit.
    pub fn read(&self, text: &str) -> Option<Movement> {
        if let Some(movement) = self.by_text.get(&fold::key(text)) {
            return Some(*movement);
        }
        let parts: Vec<Option<Movement>> = text
            .split([':', '/', '(', ')', '|', ',', ';', '\u{2013}', '\u{2014}'])
            .flat_map(|part| part.split(" - "))
            .map(fold::key)
            .filter(|key| !key.is_empty())
            .map(|key| self.by_text.get(&key).copied())
            .collect();
        let mut known = parts.iter().flatten().copied();
        let first = known.next()?;
        let agreed = known.all(|other| other == first);
        let complete = parts.iter().all(Option::is_some);
        (agreed && (complete || first.is_judged())).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_common_systems_are_read() {
        let movements = Movements::embedded().unwrap();
        for (text, expected) in [
            ("601", Movement::Export),
            ("602", Movement::Reversal),
            ("651", Movement::Inbound),
            ("LF", Movement::Export),
            ("lr", Movement::Inbound),
            ("S1", Movement::Reversal),
            ("OR - Standard Order", Movement::Export),
            ("601 - GD goods issue: delivery", Movement::Export),
            ("Item Fulfillment", Movement::Export),
            ("Return Authorization", Movement::Inbound),
            ("No-charge", Movement::Export),
            ("NO CHARGE", Movement::Export),
            ("RMA out", Movement::Export),
            ("Re-export", Movement::Reexport),
            ("Transfer (in-country)", Movement::InCountry),
            ("Credit Memo", Movement::DocumentOnly),
            ("Service", Movement::Service),
        ] {
            assert_eq!(movements.read(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn half_a_text_never_takes_a_line_out_of_the_audit() {
        let movements = Movements::embedded().unwrap();
        for text in ["Return - to customer in Lahore", "Credit / replacement sent", "OR / RE", "xyz", ""] {
            assert_eq!(movements.read(text), None, "{text}");
        }
    }

    #[test]
    fn a_bad_table_says_where() {
        let problems = Movements::parse("text,movement,note\nA,export,\nB,flies,\na,inbound,\n").unwrap_err();
        assert_eq!(problems.len(), 2);
        assert!(problems[0].contains("line 3") && problems[1].contains("line 4"), "{problems:?}");
    }
}
