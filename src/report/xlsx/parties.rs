//! The sheet Parties: each party over all its spellings, and where a finding's party stands on it.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::finding::Finding;
use crate::run::PartyRecord;

use super::super::text::{amounts_by_line, count, counted, in_words};
use super::cell::Kind::{Count, Day, Text};
use super::cell::{Address, Value};
use super::frame::Frame;
use super::style::Mark;
use super::table::{Column, Table, beside, printed};

const LIST: &str = "Parties";

const COLUMNS: &[Column] = &[
    printed("Party, every spelling", 28.0, Text),
    printed("Countries", 8.5, Text),
    printed("Roles", 16.0, Text),
    printed("Strongest finding", 16.0, Text),
    printed("Exceptions", 9.5, Count).marked(Mark::AboveZero),
    printed("Reviews", 8.0, Count),
    printed("Findings", 8.5, Count),
    printed("Status of the findings", 13.0, Text),
    printed("Lines", 7.0, Count),
    printed("Value", 16.0, Text),
    printed("First export", 9.5, Day),
    printed("Last export", 9.5, Day),
    printed("Listed entity", 20.0, Text),
    printed("Listed from", 9.5, Day),
    printed("How the names match", 20.0, Text),
    printed("Nearest on the list", 20.0, Text),
    beside("Listed entity id", 18.0, Text),
];

/// Writes the parties in their order.
pub(super) fn write(book: &mut Workbook, parties: &[PartyRecord], frame: &Frame) -> Result<Table, XlsxError> {
    let mut table = Table::begin(book, LIST, COLUMNS, frame)?;
    for party in parties {
        let strongest = party
            .strongest
            .map_or_else(|| "none".to_owned(), |code| format!("{code} {}", in_words(code.name())));
        table.row(
            book,
            &[
                Value::Made(party.spellings.join("\n")),
                Value::Made(party.countries.join(", ")),
                Value::Made(party.roles.join(", ")),
                Value::Made(strongest),
                Value::Count(party.exceptions),
                Value::Count(party.reviews),
                Value::Count(party.findings),
                Value::Made(statuses(party)),
                Value::Count(party.lines),
                Value::Made(amounts_by_line(&party.value)),
                Value::Day(&party.first_date),
                Value::Day(&party.last_date),
                Value::Text(&party.listed_entity),
                Value::Day(&party.listed_from),
                Value::Made(how_matched(party)),
                Value::Text(&party.nearest),
                Value::Text(&party.listed_entity_id),
            ],
        )?;
    }
    table.if_empty("None: no party was flagged and none is in Pakistan.")?;
    Ok(table)
}

/// How many findings are open, and what was decided of the others.
fn statuses(party: &PartyRecord) -> String {
    let texts: Vec<String> = party
        .statuses
        .iter()
        .map(|(status, findings)| format!("{} {}", count(*findings), in_words(status)))
        .collect();
    texts.join("\n")
}

/// Which spellings are the entry's own names, and which only resemble them.
fn how_matched(party: &PartyRecord) -> String {
    if party.listed_entity_id.is_empty() {
        return String::new();
    }
    let mut texts = Vec::new();
    let own = party.spellings.iter().filter(|name| !party.resembling.contains_key(*name)).count() as u64;
    if own > 0 {
        texts.push(format!("{} the entry's name or alias", counted(own, "spelling is", "spellings are")));
    }
    for (name, score) in &party.resembling {
        texts.push(format!("not certain, score {score}: {name}"));
    }
    texts.join("\n")
}

/// Where parties stand on the sheet, so that a finding can lead to all shipments of its party.
pub(super) struct PartyRows<'a> {
    by_spelling: BTreeMap<&'a str, Vec<u32>>,
    by_entity: BTreeMap<&'a str, u32>,
    parties: &'a [PartyRecord],
    first_row: u32,
    rows_a_sheet: u32,
}

impl<'a> PartyRows<'a> {
    pub(super) fn of(parties: &'a [PartyRecord], frame: &Frame) -> Self {
        let mut by_spelling: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        let mut by_entity = BTreeMap::new();
        for (index, party) in (0u32..).zip(parties) {
            for spelling in &party.spellings {
                by_spelling.entry(spelling).or_default().push(index);
            }
            if !party.listed_entity_id.is_empty() {
                by_entity.entry(party.listed_entity_id.as_str()).or_insert(index);
            }
        }
        Self {
            by_spelling,
            by_entity,
            parties,
            first_row: frame.rows() + 1,
            rows_a_sheet: frame.rows_a_sheet(),
        }
    }

    /// The row of the finding's party: by its spelling and entry, by its spelling where only one party writes itself so,
    /// else by its entry.
    pub(super) fn address(&self, finding: &Finding) -> Option<Address> {
        let named = self.by_spelling.get(finding.party_name.as_str()).map_or(&[][..], Vec::as_slice);
        let matching = named
            .iter()
            .find(|index| self.parties[**index as usize].listed_entity_id == finding.listed_entity_id);
        let index = match (matching, named) {
            (Some(index), _) | (None, [index]) => *index,
            _ => *self.by_entity.get(finding.listed_entity_id.as_str())?,
        };
        let a_sheet = self.rows_a_sheet - self.first_row;
        Some(Address { list: LIST, sheet: index / a_sheet + 1, row: self.first_row + index % a_sheet + 1 })
    }
}
