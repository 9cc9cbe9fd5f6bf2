//! Which columns of one sheet a line is read from, resolved once a sheet.

use hashbrown::HashMap;

use super::party_key::PartyKey;
use crate::codes::CountryCode;
use crate::field::{DateKind, Field};
use crate::ingest::SheetPlan;
use crate::ingest::values::{
    DateReader, DecimalMark, NumberReading, currency_of_amount, currency_of_heading, is_null_word,
    read_number,
};
use crate::party::PartyRole;
use crate::source::{Cell, CellKind, Row, trimmed};

/// Where the value of a field comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// A column, counted from 0.
    Column(usize),
    /// A value the user fixed for the file.
    Fixed(String),
}

impl Slot {
    /// The cell in this row; a fixed value reads as a text cell.
    #[inline]
    pub fn cell<'a>(&'a self, row: Row<'a>) -> Cell<'a> {
        match self {
            Self::Column(column) => row.cell(*column),
            Self::Fixed(text) => Cell { kind: CellKind::Text, text },
        }
    }

    /// The text in this row.
    #[inline]
    pub fn text<'a>(&'a self, row: Row<'a>) -> &'a str {
        self.cell(row).text
    }

    /// The column, unless the value is fixed.
    pub fn column(&self) -> Option<usize> {
        match self {
            Self::Column(column) => Some(*column),
            Self::Fixed(_) => None,
        }
    }
}

/// The columns of a party in one role.
#[derive(Debug, Clone)]
pub(super) struct PartySlots {
    pub(super) role: PartyRole,
    pub(super) name: Vec<Slot>,
    pub(super) country: Option<Slot>,
    pub(super) address: Vec<Slot>,
    pub(super) key: PartyKey,
}

/// What every line is asked for beside its parties, dates and destination.
#[derive(Debug, Clone, Default)]
pub(super) struct EveryLine {
    pub(super) movement: Option<Slot>,
    pub(super) ship_from: Option<Slot>,
    pub(super) origin: Option<Slot>,
    pub(super) itn: Option<Slot>,
    pub(super) filing: Option<Slot>,
    pub(super) license_code: Option<Slot>,
    pub(super) end_use: Option<Slot>,
    line_number: Option<Slot>,
}

type Slots = HashMap<Field, Vec<Slot>, foldhash::fast::FixedState>;

/// The columns of one sheet by what they are read for.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The country whose exports are audited.
    pub home: CountryCode,
    headings: Vec<String>,
    slots: Slots,
    pub(super) every_line: EveryLine,
    pub(super) dates: Vec<(DateKind, usize, DateReader)>,
    pub(super) destinations: Vec<(Field, Slot)>,
    pub(super) parties: Vec<PartySlots>,
    pub(super) has_forwarder: bool,
    pub(super) value: Option<(Slot, DecimalMark)>,
    pub(super) quantity: Option<(Slot, DecimalMark)>,
    pub(super) currency: Option<Slot>,
    /// The currency that the heading of the values names.
    currency_of_values: Option<&'static str>,
    /// Telephone numbers and e-mail addresses of parties.
    pub(super) contacts: Vec<Slot>,
    pub(super) repeat_key: Vec<usize>,
}

impl Layout {
    /// Resolves the columns of a sheet. `home` is the country whose exports are audited.
    pub fn new(plan: &SheetPlan, home: CountryCode) -> Self {
        let mut slots = Slots::default();
        for (field, value) in &plan.fixed {
            slots.insert(*field, vec![Slot::Fixed(value.clone())]);
        }
        for column in &plan.columns {
            let fixed = plan.fixed.contains_key(&column.field);
            if !fixed {
                slots.entry(column.field).or_default().push(Slot::Column(column.index));
            }
        }
        let width = plan.columns.iter().map(|column| column.index + 1).max().unwrap_or(0);
        let mut headings = vec![String::new(); width];
        for column in &plan.columns {
            headings[column.index].clone_from(&column.heading);
        }
        let first = |field: Field| slots.get(&field).and_then(|all| all.first()).cloned();
        let dates = DateKind::ALL
            .iter()
            .filter_map(|kind| {
                let column = first(Field::Date(*kind))?.column()?;
                Some((*kind, column, plan.date_reader(column)))
            })
            .collect();
        let destinations = [
            Field::Destination,
            Field::PartyCountry(PartyRole::EndUser),
            Field::PartyCountry(PartyRole::UltimateConsignee),
            Field::PartyCountry(PartyRole::ShipTo),
            Field::Country,
        ]
        .into_iter()
        .filter_map(|field| Some((field, first(field)?)))
        .collect();
        let all = |field: Field| slots.get(&field).cloned().unwrap_or_default();
        let parties = PartyRole::ALL
            .iter()
            .filter_map(|role| {
                let name = all(Field::Party(*role));
                let mut address = all(Field::PartyAddress(*role));
                address.extend(all(Field::PartyCity(*role)));
                address.extend(all(Field::PartyPostalCode(*role)));
                if name.is_empty() && address.is_empty() {
                    return None;
                }
                Some(PartySlots {
                    role: *role,
                    name,
                    country: first(Field::PartyCountry(*role)),
                    address,
                    key: PartyKey::default(),
                })
            })
            .collect::<Vec<_>>();
        let mut layout = Self {
            home,
            headings,
            dates,
            destinations,
            parties,
            has_forwarder: false,
            value: number_slot(plan, first(Field::Value)),
            quantity: number_slot(plan, first(Field::Quantity)),
            currency: first(Field::Currency),
            currency_of_values: plan
                .columns
                .iter()
                .find(|column| column.field == Field::Value)
                .and_then(|column| currency_of_heading(&column.heading)),
            contacts: all(Field::Contact),
            repeat_key: Vec::new(),
            every_line: EveryLine {
                movement: first(Field::Movement),
                ship_from: first(Field::ShipFromCountry),
                origin: first(Field::Origin),
                itn: first(Field::Itn),
                filing: first(Field::FilingCitation),
                license_code: first(Field::LicenseCode),
                end_use: first(Field::EndUse),
                line_number: first(Field::LineNumber),
            },
            slots,
        };
        layout.share_consignee_columns();
        for party in &mut layout.parties {
            party.key = PartyKey::of(party);
        }
        layout.has_forwarder = layout.parties.iter().any(|party| party.role == PartyRole::Forwarder);
        layout.repeat_key = layout.find_repeat_key();
        layout
    }

    /// One set of address columns and a bare country column belong to the consignee, by whatever name the sheet
    /// has for it; so a sheet with `Ultimate Consignee Name` and plain `City`, `Country` is read as its author meant.
    fn share_consignee_columns(&mut self) {
        let ship_to = self.parties.iter().position(|party| party.role == PartyRole::ShipTo);
        let ultimate = self.parties.iter().position(|party| party.role == PartyRole::UltimateConsignee);
        if let (Some(from), Some(to)) = (ship_to, ultimate)
            && self.parties[from].name.is_empty()
            && self.parties[to].address.is_empty()
        {
            self.parties[to].address = std::mem::take(&mut self.parties[from].address);
            if self.parties[to].country.is_none() {
                self.parties[to].country = self.parties[from].country.take();
            }
            self.parties.remove(from);
        } else if let (Some(from), None) = (ship_to, ultimate)
            && self.parties[from].name.is_empty()
            && let Some(purchaser) = self.parties.iter().position(|party| {
                party.role == PartyRole::Purchaser && party.address.is_empty() && !party.name.is_empty()
            })
        {
            let address = std::mem::take(&mut self.parties[from].address);
            self.parties[purchaser].address = address;
        }
        if let Some((_, country)) = self.destinations.iter().find(|(field, _)| *field == Field::Country) {
            let country = country.clone();
            for party in &mut self.parties {
                if matches!(party.role, PartyRole::UltimateConsignee | PartyRole::ShipTo)
                    && party.country.is_none()
                {
                    party.country = Some(country.clone());
                }
            }
        }
    }

    /// The columns that make a line the same line again: document, line, item, quantity and date; none where the
    /// sheet has no document or nothing to tell the lines of a document apart.
    fn find_repeat_key(&self) -> Vec<usize> {
        let column = |field: Field| self.slot(field).and_then(Slot::column);
        let Some(document) = column(Field::Document) else { return Vec::new() };
        let rest: Vec<usize> = [Field::LineNumber, Field::Item, Field::Quantity]
            .into_iter()
            .filter_map(column)
            .chain(self.dates.first().map(|(_, column, _)| *column))
            .collect();
        let tells_apart = column(Field::LineNumber).is_some() || column(Field::Item).is_some();
        if !tells_apart {
            return Vec::new();
        }
        std::iter::once(document).chain(rest).collect()
    }

    /// Where the value of a field comes from: its first column, or the value fixed.
    pub fn slot(&self, field: Field) -> Option<&Slot> {
        self.slots.get(&field).and_then(|all| all.first())
    }

    /// The line number as recorded; empty where the sheet has none.
    pub fn line_number<'a>(&'a self, row: Row<'a>) -> &'a str {
        self.every_line.line_number.as_ref().map_or("", |slot| slot.text(row))
    }

    /// Whether the sheet has the field, as a column or fixed.
    pub fn has(&self, field: Field) -> bool {
        self.slots.contains_key(&field)
    }

    /// Whether the sheet has a date column of any kind.
    pub fn has_date(&self) -> bool {
        !self.dates.is_empty()
    }

    /// Whether the sheet has any column from which a destination can be read.
    pub fn has_destination(&self) -> bool {
        !self.destinations.is_empty()
    }

    /// Whether the sheet has a column with the name of a party to the transaction.
    pub fn has_transaction_party(&self) -> bool {
        self.parties.iter().any(|party| party.role.is_transaction_party() && !party.name.is_empty())
    }

    /// The value cell, with how its column writes decimals.
    pub fn value_cell<'a>(&'a self, row: Row<'a>) -> Option<(Cell<'a>, DecimalMark)> {
        self.value.as_ref().map(|(slot, mark)| (slot.cell(row), *mark))
    }

    /// The quantity cell, with how its column writes decimals.
    pub fn quantity_cell<'a>(&'a self, row: Row<'a>) -> Option<(Cell<'a>, DecimalMark)> {
        self.quantity.as_ref().map(|(slot, mark)| (slot.cell(row), *mark))
    }

    /// The value as an exact decimal, or as recorded where it could not be read.
    pub fn value_text(&self, row: Row<'_>) -> String {
        self.value_cell(row).map_or_else(String::new, number_text)
    }

    /// The quantity as an exact decimal, or as recorded where it could not be read.
    pub fn quantity_text(&self, row: Row<'_>) -> String {
        self.quantity_cell(row).map_or_else(String::new, number_text)
    }

    /// The currency as recorded: in its column, else with the value, else in the heading of the values; `not stated`
    /// where the sheet does not say.
    pub fn currency_text<'a>(&'a self, row: Row<'a>) -> &'a str {
        self.stated_currency(row).unwrap_or("not stated")
    }

    /// The currency as recorded, where it is.
    pub fn stated_currency<'a>(&'a self, row: Row<'a>) -> Option<&'a str> {
        match self.currency.as_ref().map(|slot| trimmed(slot.text(row))) {
            None | Some("") => {
                let with_value = self.value.as_ref().and_then(|(slot, _)| currency_of_amount(slot.text(row)));
                with_value.or(self.currency_of_values)
            }
            stated => stated,
        }
    }

    /// The columns that make a line the same line again; see the field of the same name.
    pub fn repeat_columns(&self) -> &[usize] {
        &self.repeat_key
    }

    /// The date field read from this column; the date of export where there is none.
    pub fn date_field(&self, column: Option<usize>) -> Field {
        let kind = self.dates.iter().find(|(_, own, _)| Some(*own) == column).map(|(kind, _, _)| *kind);
        Field::Date(kind.unwrap_or(DateKind::Export))
    }

    /// The party for whom the line was meant: ultimate consignee, ship-to, end user or purchaser, the first that is
    /// named, with its role, name and address as recorded.
    pub fn principal(&self, row: Row<'_>) -> Option<(PartyRole, String, String)> {
        [PartyRole::UltimateConsignee, PartyRole::ShipTo, PartyRole::EndUser, PartyRole::Purchaser]
            .into_iter()
            .find_map(|role| {
                let slots = self.parties.iter().find(|party| party.role == role)?;
                let name = join(&slots.name, row);
                (!name.is_empty()).then(|| (role, name, join(&slots.address, row)))
            })
    }

    /// The party named in a role: name and address as recorded, and the column of the name.
    pub(super) fn named(&self, role: PartyRole, row: Row<'_>) -> Option<(String, String, Option<usize>)> {
        let slots = self.parties.iter().find(|party| party.role == role)?;
        let name = join(&slots.name, row);
        let is_named = !name.is_empty() && !is_null_word(Field::Party(role), &name);
        is_named.then(|| (name, join(&slots.address, row), slots.name.first().and_then(Slot::column)))
    }

    /// Whether the sheet has a name column for parties in this role.
    pub fn names(&self, role: PartyRole) -> bool {
        self.parties.iter().any(|party| party.role == role && !party.name.is_empty())
    }

    /// Whether a forwarder of this sheet may be an intermediate consignee: it has a column for the one and none for the
    /// other.
    pub fn forwarder_stands_alone(&self) -> bool {
        self.names(PartyRole::Forwarder) && !self.names(PartyRole::IntermediateConsignee)
    }

    /// The name field of the first party to the transaction that the sheet has.
    pub fn first_party_field(&self) -> Field {
        let role = self.parties.iter().map(|party| party.role).find(|role| role.is_transaction_party());
        Field::Party(role.unwrap_or(PartyRole::UltimateConsignee))
    }

    /// Which column gave the destination, in words: the field, and the heading where there is one.
    pub fn destination_basis(&self, field: Option<Field>, column: Option<usize>) -> String {
        match (field, column) {
            (Some(field), Some(column)) => format!("{} ({})", field.name(), self.heading(column)),
            (Some(field), None) => format!("{} (fixed value)", field.name()),
            (None, _) => String::new(),
        }
    }

    /// The texts of all columns that feed a field, joined with a comma and a blank.
    pub fn joined(&self, field: Field, row: Row<'_>) -> String {
        let Some(slots) = self.slots.get(&field) else { return String::new() };
        join(slots, row)
    }

    /// The heading of a column, as written.
    pub fn heading(&self, column: usize) -> &str {
        self.headings.get(column).map_or("", String::as_str)
    }

    /// Every mapped column, in column order, with its field: what identifies a line that has no document or line number.
    pub fn mapped(&self) -> Vec<(Field, usize)> {
        let mut mapped: Vec<(Field, usize)> = self
            .slots
            .iter()
            .filter(|(field, _)| **field != Field::Context)
            .flat_map(|(field, slots)| slots.iter().filter_map(|slot| Some((*field, slot.column()?))))
            .collect();
        mapped.sort_unstable();
        mapped
    }
}

fn number_slot(plan: &SheetPlan, slot: Option<Slot>) -> Option<(Slot, DecimalMark)> {
    let slot = slot?;
    let mark = slot.column().map_or(DecimalMark::default(), |column| plan.decimal_mark(column));
    Some((slot, mark))
}

/// A number as an exact decimal with a point, or the text as recorded where it could not be read.
fn number_text((cell, mark): (Cell<'_>, DecimalMark)) -> String {
    match read_number(cell, mark) {
        NumberReading::Exact(number) => number.to_string(),
        _ => cell.text.trim().to_owned(),
    }
}

/// The non-blank texts of several columns, joined with a comma and a blank.
pub(super) fn join(slots: &[Slot], row: Row<'_>) -> String {
    let mut joined = String::new();
    for slot in slots {
        let text = slot.text(row).trim();
        if text.is_empty() {
            continue;
        }
        if !joined.is_empty() {
            joined.push_str(", ");
        }
        joined.push_str(text);
    }
    joined
}
