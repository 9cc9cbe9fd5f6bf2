//! What a line says beyond the columns of its findings: everyone named on it, every date, how it was filed.
//!
//! Kept for lines with findings alone, as recorded: a disclosure has to name all persons and documents.

use serde::{Deserialize, Serialize};

use super::layout::{Layout, join};
use crate::field::{DateKind, Field};
use crate::ingest::values::is_null_word;
use crate::source::Row;

/// A person as the line names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The role, in the report's words.
    pub role: String,
    /// The name as recorded.
    pub name: String,
    /// Street, city and postal code as recorded, joined; empty where there is none.
    pub address: String,
    /// The country as recorded; empty where there is none.
    pub country: String,
}

/// What a line says beyond the columns of its findings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Particulars {
    /// Everyone named, in canonical order of role.
    pub persons: Vec<Person>,
    /// Every date on the line with its kind, as recorded.
    pub dates: Vec<(String, String)>,
    /// The ITN as recorded.
    pub itn: String,
    /// The filing citation or exemption legend as recorded.
    pub filing: String,
    /// The country or site from which the goods left, as recorded.
    pub left_from: String,
    /// The port of export as recorded.
    pub port: String,
    /// The mode of transport as recorded.
    pub mode: String,
    /// The end use as stated.
    pub end_use: String,
}

impl Particulars {
    /// Reads the row.
    pub fn of(row: Row<'_>, layout: &Layout) -> Self {
        let text = |field: Field| {
            let text = layout.slot(field).map_or("", |slot| slot.text(row)).trim();
            if is_null_word(field, text) { String::new() } else { text.to_owned() }
        };
        let persons = layout
            .parties
            .iter()
            .filter_map(|slots| {
                let name = join(&slots.name, row);
                let country = slots.country.as_ref().map_or("", |slot| slot.text(row).trim()).to_owned();
                let is_named = !name.is_empty() && !is_null_word(Field::Party(slots.role), &name);
                is_named.then(|| Person {
                    role: slots.role.name().to_owned(),
                    name,
                    address: join(&slots.address, row),
                    country,
                })
            })
            .collect();
        let dates = DateKind::ALL
            .into_iter()
            .map(|kind| (kind.name().to_owned(), text(Field::Date(kind))))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let left_from = [Field::ShipFromCountry, Field::ShipFromSite]
            .map(text)
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(", ");
        Self {
            persons,
            dates,
            itn: text(Field::Itn),
            filing: text(Field::FilingCitation),
            left_from,
            port: text(Field::PortOfExport),
            mode: text(Field::TransportMode),
            end_use: text(Field::EndUse),
        }
    }
}
