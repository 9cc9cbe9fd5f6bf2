//! Rows into shipment lines: a glance that is enough for a line nothing speaks against, and the whole line for the rest.
//!
//! Every cell is read from its raw bytes through a memo, so that a value that comes a million times is read once.

use std::sync::Arc;

use super::countries::Countries;
use super::layout::{Layout, Slot, join};
use super::parties::{Parties, Seen, forwarder_receives, party_name};
use super::{
    DateOfExport, Day, Declared, Destination, Jurisdiction, LicenseRecord, NamedParty, Recorded,
    ShipmentLine, is_unreadable,
};
use crate::codes::CountryCode;
use crate::effective::Date;
use crate::field::{DateKind, Field};
use crate::ingest::values::{DateReading, is_null_word, read_date};
use crate::items::{Reading, Readings};
use crate::memo::Memo;
use crate::movement::{Movement, Movements};
use crate::party::PartyRole;
use crate::places::{CountryReading, MentionStrength, Places};
use crate::rulebase::Rulebase;
use crate::screening::{NameLook, PartyScreening, Sign};
use crate::source::{Cell, CellKind, Row, trimmed};

/// Bytes of distinct parties, and as many of verdicts on them.
const PARTY_MEMORY: usize = 3 << 20;
/// Bytes of distinct values of every other kind.
const VALUE_MEMORY: usize = 1 << 20;
/// Bytes of distinct descriptions.
const ITEM_MEMORY: usize = 4 << 20;

/// Everything a line is read and judged by: the same for all lines of a run.
pub struct Vocabulary {
    /// The dated law.
    pub rules: Arc<Rulebase>,
    /// Countries and cities.
    pub places: Arc<Places>,
    /// Movement and document types.
    pub movements: Arc<Movements>,
    /// What the goods of a description may be.
    pub items: Arc<Readings>,
    /// The dated list, and what is known of each distinct party.
    pub parties: Arc<PartyScreening>,
    /// The country the rule is about.
    pub watched: CountryCode,
}

/// What one look at a row shows.
pub struct Glance<'a> {
    /// The row.
    pub row: Row<'a>,
    /// See [`ShipmentLine::date`].
    pub date: DateOfExport,
    /// See [`ShipmentLine::destination`].
    pub destination: Destination<'a>,
    /// Parties that deserve a second look.
    pub parties: Vec<NamedParty<'a>>,
    /// Whether any party of the transaction is named.
    pub names_party: bool,
    /// Columns of party names whose cell could not be read.
    pub unreadable_party: Option<(PartyRole, usize)>,
    /// See [`ShipmentLine::movement`].
    pub movement: Option<Movement>,
    /// See [`ShipmentLine::jurisdiction`].
    pub jurisdiction: Jurisdiction,
    /// The end use names the watched country: the word.
    pub end_use_sign: Option<Sign>,
    /// A telephone number or an e-mail address of the watched country, and its column.
    pub contact_sign: Option<(Sign, Option<usize>)>,
    /// The firm that is named as forwarder is named as ultimate consignee, too.
    pub forwarder_receives: bool,
}

impl Glance<'_> {
    /// Whether the line has to be judged: it goes to the watched country, or something about it speaks for a look.
    pub fn deserves_judgment(&self, watched: CountryCode) -> bool {
        !matches!(self.destination.country, Recorded::Given(country) if country != watched)
            || !self.parties.is_empty()
            || !matches!(self.date.day, Recorded::Given(_))
            || self.date.unreadable.is_some()
            || self.destination.unreadable.is_some()
            || !self.names_party
            || self.unreadable_party.is_some()
            || self.end_use_sign.is_some()
            || self.contact_sign.is_some()
            || self.forwarder_receives
    }
}

/// Reads the rows of any sheet; one a thread.
pub struct LineReader {
    vocabulary: Arc<Vocabulary>,
    countries: Countries,
    parties: Parties,
    movements: Memo<Option<Movement>>,
    declared: Memo<Declared>,
    licenses: Memo<LicenseRecord>,
    end_uses: Memo<Option<Sign>>,
    items: Memo<Option<Arc<Reading>>>,
    contacts: Memo<Option<Sign>>,
    key: Vec<u8>,
}

impl LineReader {
    /// A reader that remembers nothing yet.
    pub fn new(vocabulary: Arc<Vocabulary>) -> Self {
        Self {
            countries: Countries::new(Arc::clone(&vocabulary.places)),
            parties: Parties::new(Arc::clone(&vocabulary.parties), vocabulary.watched, PARTY_MEMORY),
            vocabulary,
            movements: Memo::new(VALUE_MEMORY, |_| 0),
            declared: Memo::new(VALUE_MEMORY, |_| 64),
            licenses: Memo::new(VALUE_MEMORY, |_| 64),
            end_uses: Memo::new(VALUE_MEMORY, |_| 64),
            items: Memo::new(ITEM_MEMORY, |reading: &Option<Arc<Reading>>| {
                reading.as_deref().map_or(0, Reading::weight)
            }),
            contacts: Memo::new(VALUE_MEMORY, |_| 64),
            key: Vec::new(),
        }
    }

    /// Looks at the parties of a few rows, for which [`Self::glance`] is called next, in the same order.
    pub fn look_ahead<'a>(&mut self, rows: impl Iterator<Item = Row<'a>>, layout: &Layout) {
        self.parties.look_ahead(rows, &layout.parties);
    }

    /// One look at a row, the one with this number among those looked at ahead.
    pub fn glance<'a>(&mut self, row: Row<'a>, number: usize, layout: &'a Layout) -> Glance<'a> {
        let date = read_date_of_export(row, layout);
        let destination = self.destination(row, layout);
        let movement = self.movement(row, layout);
        let jurisdiction = self.jurisdiction(row, layout);
        let mut parties = Vec::new();
        let mut names_party = !layout.has_transaction_party();
        let mut unreadable_party = None;
        let first = number * layout.parties.len();
        for (index, slots) in layout.parties.iter().enumerate() {
            let Seen { look, verdict } = self.parties.seen(first + index, slots, row, &mut self.countries);
            if slots.role.is_transaction_party() {
                if *look != NameLook::Absent {
                    names_party = true;
                } else if let Some(column) = slots.name.first().and_then(Slot::column)
                    && matches!(row.cell(column).kind, CellKind::Error | CellKind::FormulaWithoutValue)
                {
                    unreadable_party = Some((slots.role, column));
                }
            }
            if let Some(verdict) = verdict.as_ref().filter(|verdict| verdict.concerns(slots.role)) {
                parties.push(NamedParty {
                    role: slots.role,
                    name: party_name(slots, row),
                    address: join(&slots.address, row),
                    column: slots.name.first().and_then(Slot::column),
                    verdict: Some(Arc::clone(verdict)),
                });
            }
        }
        let end_use_sign = self.end_use(row, layout);
        Glance {
            row,
            date,
            destination,
            parties,
            names_party,
            unreadable_party,
            movement,
            jurisdiction,
            end_use_sign,
            contact_sign: self.contact(row, layout),
            forwarder_receives: forwarder_receives(row, layout),
        }
    }

    /// The whole line.
    pub fn line<'a>(&mut self, glance: &Glance<'a>, layout: &'a Layout) -> ShipmentLine<'a> {
        ShipmentLine {
            row: glance.row,
            layout,
            date: glance.date.clone(),
            destination: glance.destination.clone(),
            parties: glance.parties.clone(),
            movement: glance.movement,
            jurisdiction: glance.jurisdiction,
            declared: self.declared(glance.row, layout),
            license: self.license(glance.row, layout),
        }
    }

    /// What the item of a row was read to be: each distinct description, item number and tariff code once. None where
    /// nothing points anywhere.
    pub fn item(&mut self, row: Row<'_>, layout: &Layout) -> Option<Arc<Reading>> {
        let text = |field: Field| layout.slot(field).map_or("", |slot| slot.text(row));
        let description = layout.joined(Field::Description, row);
        let (item, code) = (text(Field::Item), text(Field::ScheduleB));
        self.key.clear();
        for part in [description.as_str(), item, code] {
            self.key.extend_from_slice(part.as_bytes());
            self.key.push(0x1f);
        }
        let items = &self.vocabulary.items;
        self.items.get_or_make(&self.key, || items.read(&description, item, code))
    }

    /// Every party named on the row, flagged or not, in canonical order of role.
    pub fn all_parties<'a>(&mut self, row: Row<'a>, layout: &'a Layout) -> Vec<NamedParty<'a>> {
        layout
            .parties
            .iter()
            .filter_map(|slots| {
                let Seen { look, verdict } = self.parties.see(slots, row, &mut self.countries);
                (*look != NameLook::Absent).then(|| NamedParty {
                    role: slots.role,
                    name: party_name(slots, row),
                    address: join(&slots.address, row),
                    column: slots.name.first().and_then(Slot::column),
                    verdict: verdict.clone(),
                })
            })
            .collect()
    }

    fn destination<'a>(&mut self, row: Row<'a>, layout: &'a Layout) -> Destination<'a> {
        let mut unreadable = None;
        let mut refused = None;
        for (field, slot) in &layout.destinations {
            let cell = slot.cell(row);
            // An error cell shows a word for nothing, and is a gap all the same.
            let gap = is_unreadable(cell);
            // Two letters that are a country's are no word for nothing: NA is Namibia.
            if !gap && let Some(country) = self.countries.two_letters(cell.text) {
                return Destination {
                    country: Recorded::Given(country),
                    basis: Some(*field),
                    column: slot.column(),
                    raw: cell.text,
                    unreadable,
                };
            }
            if !gap && (cell.is_blank() || is_null_word(*field, cell.text)) {
                continue;
            }
            let reading = if gap { CountryReading::Unknown } else { self.countries.read(cell.text) };
            if let CountryReading::Known(country) = reading {
                return Destination {
                    country: Recorded::Given(country),
                    basis: Some(*field),
                    column: slot.column(),
                    raw: cell.text,
                    unreadable,
                };
            }
            unreadable = unreadable.or(slot.column());
            refused = refused.or(Some((*field, slot.column(), cell)));
        }
        match refused {
            Some((field, column, cell)) => Destination {
                country: Recorded::Unreadable(why_unreadable(cell, "is no country that the gazetteer knows")),
                basis: Some(field),
                column,
                raw: cell.text,
                unreadable: None,
            },
            None => Destination {
                country: if layout.has_destination() { Recorded::Blank } else { Recorded::NoColumn },
                basis: layout.destinations.first().map(|(field, _)| *field),
                column: layout.destinations.first().and_then(|(_, slot)| slot.column()),
                raw: "",
                unreadable: None,
            },
        }
    }

    fn movement(&mut self, row: Row<'_>, layout: &Layout) -> Option<Movement> {
        let text = layout.every_line.movement.as_ref()?.text(row);
        if text.is_empty() {
            return None;
        }
        let movements = &self.vocabulary.movements;
        self.movements.get_or_make(text.as_bytes(), || movements.read(text))
    }

    fn jurisdiction(&mut self, row: Row<'_>, layout: &Layout) -> Jurisdiction {
        let mut left_elsewhere = false;
        if let Some(slot) = &layout.every_line.ship_from {
            let cell = slot.cell(row);
            if !cell.is_blank()
                && let CountryReading::Known(country) = self.countries.read(cell.text)
            {
                if country == layout.home {
                    return Jurisdiction::FromUnitedStates;
                }
                left_elsewhere = true;
            }
        }
        if let Some(slot) = &layout.every_line.origin {
            let text = trimmed(slot.text(row));
            // The AES indicator of 15 CFR 30.6(a)(11): D is domestic.
            let domestic = text.eq_ignore_ascii_case("D") || text.eq_ignore_ascii_case("domestic");
            if domestic
                || (!text.is_empty()
                    && matches!(self.countries.read(text), CountryReading::Known(country) if country == layout.home))
            {
                return Jurisdiction::UsOrigin;
            }
        }
        if left_elsewhere {
            return Jurisdiction::Elsewhere;
        }
        if self.has_aes_record(row, layout) {
            return Jurisdiction::FromUnitedStates;
        }
        Jurisdiction::NotShown
    }

    /// The line's own AES record: an ITN, a filing citation or exemption legend, an AES license code.
    fn has_aes_record(&self, row: Row<'_>, layout: &Layout) -> bool {
        let jurisdiction = self.vocabulary.rules.jurisdiction();
        let columns = &layout.every_line;
        let itn = text_of(columns.itn.as_ref(), row);
        let filing = text_of(columns.filing.as_ref(), row);
        let code = text_of(columns.license_code.as_ref(), row);
        !itn.is_empty() && jurisdiction.is_itn(itn)
            || !filing.is_empty() && (jurisdiction.is_itn(filing) || jurisdiction.is_filing_legend(filing))
            || !code.is_empty() && self.vocabulary.rules.license_codes().is_aes_code(code)
    }

    fn end_use(&mut self, row: Row<'_>, layout: &Layout) -> Option<Sign> {
        let text = layout.every_line.end_use.as_ref()?.text(row);
        if text.is_empty() {
            return None;
        }
        let (places, watched) = (&self.vocabulary.places, self.vocabulary.watched);
        let sign = || {
            let mention = places.mention_of(watched, text)?;
            let is_strong = mention.strength == MentionStrength::Certain;
            Some(Sign { word: mention.word, place: "end use", is_strong, leans: false, names_place: true })
        };
        self.end_uses.get_or_make(text.as_bytes(), sign).filter(|sign| sign.is_strong)
    }

    fn contact(&mut self, row: Row<'_>, layout: &Layout) -> Option<(Sign, Option<usize>)> {
        let (places, watched) = (&self.vocabulary.places, self.vocabulary.watched);
        layout.contacts.iter().find_map(|slot| {
            let text = slot.text(row);
            if text.is_empty() {
                return None;
            }
            let sign = || {
                let mention = places.mention_of(watched, text)?;
                let is_strong = mention.strength == MentionStrength::Certain;
                Some(Sign {
                    word: mention.word,
                    place: "contact",
                    is_strong,
                    leans: false,
                    names_place: false,
                })
            };
            let sign = self.contacts.get_or_make(text.as_bytes(), sign)?;
            sign.is_strong.then(|| (sign, slot.column()))
        })
    }

    fn declared(&mut self, row: Row<'_>, layout: &Layout) -> Declared {
        let Some(slot) = layout.slot(Field::Eccn) else { return Declared::Missing };
        let cell = slot.cell(row);
        self.key.clear();
        self.key.push(cell.kind as u8);
        self.key.extend_from_slice(cell.text.as_bytes());
        self.declared.get_or_make(&self.key, || Declared::read(cell))
    }

    fn license(&mut self, row: Row<'_>, layout: &Layout) -> LicenseRecord {
        let code = layout.slot(Field::LicenseCode).map(|slot| slot.cell(row));
        let number = layout.slot(Field::LicenseNumber).map(|slot| slot.cell(row));
        if [code, number].into_iter().flatten().any(is_unreadable) {
            return LicenseRecord::Unreadable;
        }
        let (code, number) = (code.map(|cell| cell.text), number.map(|cell| cell.text));
        self.key.clear();
        for part in [code, number] {
            self.key.extend_from_slice(part.unwrap_or("\u{1e}").as_bytes());
            self.key.push(0x1f);
        }
        let codes = self.vocabulary.rules.license_codes();
        self.licenses.get_or_make(&self.key, || LicenseRecord::read(codes, code, number))
    }
}

/// The text of a column the sheet may have, without white space around it.
fn text_of<'a>(slot: Option<&'a Slot>, row: Row<'a>) -> &'a str {
    slot.map_or("", |slot| trimmed(slot.text(row)))
}

fn why_unreadable(cell: Cell<'_>, otherwise: &str) -> String {
    match cell.kind {
        CellKind::Error => format!("the cell holds the error {}", cell.text),
        CellKind::FormulaWithoutValue => {
            "the cell holds a formula whose result was not stored; open the workbook in Excel, save it, and audit again"
                .to_owned()
        }
        _ => format!("`{}` {otherwise}", cell.text.trim()),
    }
}

/// The first date, in the order in which they may stand in for the date of export, that could be read.
fn read_date_of_export(row: Row<'_>, layout: &Layout) -> DateOfExport {
    let mut unreadable = None;
    let mut blank: Option<usize> = None;
    for (kind, column, reader) in &layout.dates {
        let cell = row.cell(*column);
        let why = match read_date(cell, reader) {
            DateReading::Day(day) => return dated(Day::One(day), *kind, *column, unreadable),
            DateReading::TwoReadings { dmy, mdy } => {
                let day = if dmy == mdy { Day::One(dmy) } else { Day::Either(dmy.min(mdy), dmy.max(mdy)) };
                return dated(day, *kind, *column, unreadable);
            }
            DateReading::Month(year, month) => match whole_month(year, month) {
                Some(day) => return dated(day, *kind, *column, unreadable),
                None => "is no month of the calendar",
            },
            DateReading::Blank => {
                blank = blank.or(Some(*column));
                continue;
            }
            DateReading::Placeholder => "stands for no date",
            DateReading::Impossible => "is no day of the calendar, or far outside any shipment's time",
            DateReading::Unreadable | DateReading::ErrorCell | DateReading::FormulaWithoutValue => {
                "could not be read as a date"
            }
        };
        if unreadable.is_none() {
            unreadable = Some((*column, why_unreadable(cell, why)));
        }
    }
    match (unreadable, blank) {
        (Some((column, why)), _) => DateOfExport {
            day: Recorded::Unreadable(why),
            basis: None,
            column: Some(column),
            unreadable: None,
        },
        (None, Some(column)) => {
            DateOfExport { day: Recorded::Blank, basis: None, column: Some(column), unreadable: None }
        }
        (None, None) => DateOfExport { day: Recorded::NoColumn, basis: None, column: None, unreadable: None },
    }
}

fn dated(day: Day, kind: DateKind, column: usize, unreadable: Option<(usize, String)>) -> DateOfExport {
    DateOfExport { day: Recorded::Given(day), basis: Some(kind), column: Some(column), unreadable }
}

fn whole_month(year: i16, month: i8) -> Option<Day> {
    let first = Date::new(year, month, 1).ok()?;
    Some(Day::Either(first, first.last_of_month()))
}
