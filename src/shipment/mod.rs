//! A shipment line: what one row of an export says, in the field's own words.
//!
//! Owns the readings of the cells and the choice among columns (which date, whose country). It says what was
//! recorded; what the law makes of it is `determination`'s.

mod countries;
mod declared;
mod layout;
mod license;
mod particulars;
mod parties;
mod party_key;
mod reader;

pub use declared::Declared;
pub use layout::{Layout, Slot};
pub use license::LicenseRecord;
pub use particulars::{Particulars, Person};
pub use reader::{Glance, LineReader, Vocabulary};

use std::borrow::Cow;
use std::sync::Arc;

use crate::codes::CountryCode;
use crate::effective::Date;
use crate::field::{DateKind, Field};
use crate::finding::Evidence;
use crate::movement::Movement;
use crate::party::PartyRole;
use crate::screening::PartyVerdict;
use crate::source::{Cell, CellKind, CellRef, Row};

/// What a cell told us. Silence and nonsense are different answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded<T> {
    /// The cell was read.
    Given(T),
    /// The cell is there and holds nothing, or a word for nothing.
    Blank,
    /// The cell holds something that could not be read; why, in words.
    Unreadable(String),
    /// The sheet has no such column.
    NoColumn,
}

impl<T> Recorded<T> {
    /// The value, where one was read.
    pub fn given(&self) -> Option<&T> {
        match self {
            Self::Given(value) => Some(value),
            _ => None,
        }
    }
}

/// A day, or two while the record leaves open which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// One day.
    One(Date),
    /// Day and month cannot be told apart, or only the month is given: the earlier and the later reading.
    Either(Date, Date),
}

impl Day {
    /// The readings, the earlier first.
    pub fn readings(self) -> impl Iterator<Item = Date> {
        let (first, second) = match self {
            Self::One(day) => (day, None),
            Self::Either(earlier, later) => (earlier, Some(later)),
        };
        std::iter::once(first).chain(second)
    }

    /// The earlier reading.
    pub fn earliest(self) -> Date {
        match self {
            Self::One(day) | Self::Either(day, _) => day,
        }
    }

    /// How a report writes it.
    pub fn text(self) -> String {
        match self {
            Self::One(day) => day.to_string(),
            Self::Either(earlier, later) => format!("{earlier} or {later}"),
        }
    }
}

/// The date on which the line is judged, and which date that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateOfExport {
    /// What was read.
    pub day: Recorded<Day>,
    /// Which kind of date was used; none where there is no date.
    pub basis: Option<DateKind>,
    /// The column used, or the one that could not be read.
    pub column: Option<usize>,
    /// A better date column whose cell could not be read: its column, and why.
    pub unreadable: Option<(usize, String)>,
}

/// Where the line went, and which column said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination<'a> {
    /// The country read.
    pub country: Recorded<CountryCode>,
    /// The field that gave it.
    pub basis: Option<Field>,
    /// The column used; none for a value fixed by the user.
    pub column: Option<usize>,
    /// The text as recorded.
    pub raw: &'a str,
    /// A better column whose cell could not be read: its column.
    pub unreadable: Option<usize>,
}

/// A party as one line names it.
#[derive(Debug, Clone)]
pub struct NamedParty<'a> {
    /// The role in which it stands.
    pub role: PartyRole,
    /// The name as recorded.
    pub name: Cow<'a, str>,
    /// Street, city, postal code as recorded, joined.
    pub address: String,
    /// The column of the name.
    pub column: Option<usize>,
    /// What is known of the party; none where nothing speaks for a second look.
    pub verdict: Option<Arc<PartyVerdict>>,
}

/// Whether the record shows that the item is subject to the EAR (15 CFR 734.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jurisdiction {
    /// From the United States: a column, a fixed value, or the line's own AES record.
    FromUnitedStates,
    /// Recorded as of US origin, wherever it left from.
    UsOrigin,
    /// Left from elsewhere, and not recorded as of US origin.
    Elsewhere,
    /// The record does not say where it left from.
    NotShown,
}

impl Jurisdiction {
    /// Whether an exception can be stated without establishing jurisdiction first.
    pub fn is_shown(self) -> bool {
        matches!(self, Self::FromUnitedStates | Self::UsOrigin)
    }
}

/// One line of an export, as recorded.
pub struct ShipmentLine<'a> {
    /// The row it was read from.
    pub row: Row<'a>,
    /// How the sheet's columns are read.
    pub layout: &'a Layout,
    /// The date of export, or what stands in for it.
    pub date: DateOfExport,
    /// The country of ultimate destination, or what stands in for it.
    pub destination: Destination<'a>,
    /// The parties named, in canonical order of role.
    pub parties: Vec<NamedParty<'a>>,
    /// What kind of movement the record says it is; none where it does not say or is not understood.
    pub movement: Option<Movement>,
    /// Whether the item is shown to be subject to the EAR.
    pub jurisdiction: Jurisdiction,
    /// The classification declared.
    pub declared: Declared,
    /// What is recorded of a license.
    pub license: LicenseRecord,
}

impl<'a> ShipmentLine<'a> {
    /// The text of a field as recorded, of its first column; empty where there is none.
    pub fn text(&self, field: Field) -> &'a str {
        self.layout.slot(field).map_or("", |slot| slot.text(self.row))
    }

    /// The texts of all columns that feed a field, joined.
    pub fn joined(&self, field: Field) -> String {
        self.layout.joined(field, self.row)
    }

    /// The party named in a role, flagged or not.
    pub fn named(&self, role: PartyRole) -> Option<NamedParty<'a>> {
        if let Some(party) = self.parties.iter().find(|party| party.role == role && !party.name.is_empty()) {
            return Some(party.clone());
        }
        let (name, address, column) = self.layout.named(role, self.row)?;
        Some(NamedParty { role, name: Cow::Owned(name), address, column, verdict: None })
    }

    /// The ultimate consignee, or the ship-to that is read as such.
    pub fn consignee(&self) -> Option<NamedParty<'a>> {
        self.named(PartyRole::UltimateConsignee).or_else(|| self.named(PartyRole::ShipTo))
    }

    /// The cell of a column, as evidence.
    pub fn evidence(&self, field: Field, column: Option<usize>) -> Evidence {
        let column = column.or_else(|| self.layout.slot(field).and_then(Slot::column));
        match column {
            Some(column) => Evidence {
                field: field.name(),
                cell: CellRef { row: self.row.number(), column: column as u32 }.to_string(),
                heading: self.layout.heading(column).to_owned(),
                raw: self.row.cell(column).text.to_owned(),
            },
            None => Evidence {
                field: field.name(),
                cell: String::new(),
                heading: String::new(),
                raw: self.text(field).to_owned(),
            },
        }
    }

    /// The classification cell as recorded.
    pub fn declared_text(&self) -> &'a str {
        self.text(Field::Eccn)
    }

    /// Whether the goods went to the country they are exported from: no export, unless they left from elsewhere.
    pub fn stays_home(&self) -> bool {
        self.destination.country.given() == Some(&self.layout.home)
            && self.movement != Some(Movement::Reexport)
    }
}

/// Whether a cell holds an error or a formula whose value was not stored.
fn is_unreadable(cell: Cell<'_>) -> bool {
    matches!(cell.kind, CellKind::Error | CellKind::FormulaWithoutValue)
}
