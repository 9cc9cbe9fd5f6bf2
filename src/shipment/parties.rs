//! What the party columns of a row say, role by role: each distinct party read once.
//!
//! Owns what one thread remembers of parties. What a name or an address is worth is the screening's; which columns
//! belong to a role the layout's.

use std::borrow::Cow;
use std::sync::Arc;

use super::countries::Countries;
use super::is_unreadable;
use super::layout::{Layout, PartySlots, join};
use super::party_key::{PartyKey, name_alone, print};
use crate::codes::CountryCode;
use crate::field::Field;
use crate::ingest::values::is_null_word;
use crate::memo::{Memo, Print};
use crate::party::PartyRole;
use crate::screening::{NameLook, PartyScreening, PartyVerdict};
use crate::source::{Row, trimmed};

/// What is known of a party by its name, its country and its address as recorded.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) look: NameLook,
    pub(super) verdict: Option<Arc<PartyVerdict>>,
}

/// Reads parties; one a thread.
pub(super) struct Parties {
    screening: Arc<PartyScreening>,
    watched: CountryCode,
    /// The place of each party's answer: most have one of the same few, and places are small.
    known: Memo<u32>,
    answers: Vec<Seen>,
    /// Bytes of the verdicts among the answers, and how many may be held.
    held: usize,
    memory: usize,
    /// Of the rows looked at ahead, party by party: what the memo keeps of it, and the place of its answer.
    ahead: Vec<(Print, u32)>,
}

/// The place of an answer that is not known yet.
const UNKNOWN: u32 = u32::MAX;

/// The place of the answer on a party that is not named.
const ABSENT: u32 = 0;

/// The answers without a verdict, each at its place.
const WITHOUT_VERDICT: [NameLook; 4] =
    [NameLook::Absent, NameLook::Quiet, NameLook::Forwards, NameLook::Speaks];

impl Parties {
    /// Remembers about so many bytes of parties, and as many of verdicts on them.
    pub(super) fn new(screening: Arc<PartyScreening>, watched: CountryCode, memory: usize) -> Self {
        let answers = WITHOUT_VERDICT.map(|look| Seen { look, verdict: None }).to_vec();
        let known = Memo::new(memory, |_| 0);
        Self { screening, watched, known, answers, held: 0, memory, ahead: Vec::new() }
    }

    /// Looks at all parties of a few rows. Memory is slow to answer and answers several searches at once, where none has to
    /// wait for what another finds; what is known is then asked with [`Self::seen`].
    pub(super) fn look_ahead<'a>(&mut self, rows: impl Iterator<Item = Row<'a>>, parties: &[PartySlots]) {
        self.ahead.clear();
        for row in rows {
            let first = self.ahead.len();
            for (index, slots) in parties.iter().enumerate() {
                let looked = match same_name_before(row, parties, index) {
                    Some(earlier) => self.ahead[first + earlier],
                    None => match print(&self.known, slots, row) {
                        Some(print) => (print, UNKNOWN),
                        None => (Print::default(), ABSENT),
                    },
                };
                self.ahead.push(looked);
            }
        }
        for (print, place) in self.ahead.iter_mut().filter(|(_, place)| *place == UNKNOWN) {
            *place = self.known.get(*print).copied().unwrap_or(UNKNOWN);
        }
    }

    /// What is known of a party: the `number`th of those looked at ahead, which stands in this row.
    #[inline]
    pub(super) fn seen(
        &mut self,
        number: usize,
        slots: &PartySlots,
        row: Row<'_>,
        countries: &mut Countries,
    ) -> &Seen {
        let (print, place) = self.ahead[number];
        let place = if place == UNKNOWN { self.find(print, slots, row, countries) } else { place };
        &self.answers[place as usize]
    }

    /// What is known of a party that was not looked at ahead.
    pub(super) fn see(&mut self, slots: &PartySlots, row: Row<'_>, countries: &mut Countries) -> &Seen {
        let place = match print(&self.known, slots, row) {
            Some(print) => self.find(print, slots, row, countries),
            None => ABSENT,
        };
        &self.answers[place as usize]
    }

    /// The place of an answer, found or made.
    #[cold]
    fn find(&mut self, print: Print, slots: &PartySlots, row: Row<'_>, countries: &mut Countries) -> u32 {
        match self.known.get(print) {
            Some(place) => *place,
            None => self.judge_anew(print, slots, row, countries),
        }
    }

    fn judge_anew(
        &mut self,
        print: Print,
        slots: &PartySlots,
        row: Row<'_>,
        countries: &mut Countries,
    ) -> u32 {
        let country = countries.known(slots.country.as_ref().map_or("", |slot| slot.text(row)));
        let seen = self.judge(&party_name(slots, row), country, slots, row);
        let place = match &seen.verdict {
            None => WITHOUT_VERDICT.iter().position(|look| *look == seen.look).unwrap_or_default(),
            Some(verdict) => {
                let weight = verdict.weight() + size_of::<Seen>();
                if self.held + weight > self.memory {
                    self.forget();
                }
                self.held += weight;
                self.answers.push(seen);
                self.answers.len() - 1
            }
        };
        self.known.insert(print, place as u32);
        place as u32
    }

    fn forget(&mut self) {
        self.known.clear();
        self.answers.truncate(WITHOUT_VERDICT.len());
        self.held = 0;
        for (_, place) in self.ahead.iter_mut().filter(|(_, place)| *place != ABSENT) {
            *place = UNKNOWN;
        }
    }

    /// The verdict is none, and quickly so, where name, address and country have nothing to say.
    fn judge(&self, name: &str, country: Option<CountryCode>, slots: &PartySlots, row: Row<'_>) -> Seen {
        let look = self.screening.look(name);
        let is_loud = look == NameLook::Speaks || receives(slots.role) && look == NameLook::Forwards;
        let has_nothing = slots.address.is_empty() && look == NameLook::Absent;
        let address = join(&slots.address, row);
        let is_quiet = !is_loud && country != Some(self.watched) && self.screening.is_quiet_address(&address);
        let verdict = if has_nothing || is_quiet {
            None
        } else {
            self.screening.verdict(name, country, &address).map(Arc::new)
        };
        Seen { look, verdict }
    }
}

/// An earlier party of the row that has the same name as this one, where both have nothing else.
#[inline]
fn same_name_before(row: Row<'_>, parties: &[PartySlots], index: usize) -> Option<usize> {
    let PartyKey::Name(column) = parties[index].key else { return None };
    let name = name_alone(row, column);
    parties[..index]
        .iter()
        .position(|earlier| matches!(earlier.key, PartyKey::Name(other) if name_alone(row, other) == name))
}

pub(super) fn receives(role: PartyRole) -> bool {
    matches!(role, PartyRole::UltimateConsignee | PartyRole::ShipTo)
}

/// The name of the party in these columns; blank where its cell cannot be read.
pub(super) fn party_name<'a>(slots: &'a PartySlots, row: Row<'a>) -> Cow<'a, str> {
    match slots.name.as_slice() {
        [] => Cow::Borrowed(""),
        [slot] => {
            let cell = slot.cell(row);
            Cow::Borrowed(if is_unreadable(cell) { "" } else { cell.text })
        }
        several => {
            let names: Vec<&str> =
                several.iter().map(|slot| slot.text(row).trim()).filter(|text| !text.is_empty()).collect();
            Cow::Owned(names.join(" "))
        }
    }
}

/// Whether the firm named as forwarder is named as ultimate consignee, or as the ship-to that stands for it.
pub(super) fn forwarder_receives(row: Row<'_>, layout: &Layout) -> bool {
    if !layout.has_forwarder {
        return false;
    }
    let named = |role| {
        let slots = layout.parties.iter().find(|party| party.role == role)?;
        Some(party_name(slots, row))
    };
    let Some(forwarder) = named(PartyRole::Forwarder) else { return false };
    let is_forwarder = |name: &Cow<'_, str>| trimmed(name).eq_ignore_ascii_case(trimmed(&forwarder));
    let ultimate = named(PartyRole::UltimateConsignee);
    let receives = match &ultimate {
        Some(ultimate) if !is_absent_name(ultimate) => is_forwarder(ultimate),
        _ => named(PartyRole::ShipTo).is_some_and(|ship_to| is_forwarder(&ship_to)),
    };
    receives && !is_absent_name(&forwarder)
}

/// Blank, or a word for nothing.
fn is_absent_name(name: &str) -> bool {
    let name = trimmed(name);
    name.is_empty() || is_null_word(Field::Party(PartyRole::UltimateConsignee), name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::load_list;
    use crate::field::DateKind;
    use crate::ingest::SheetPlan;
    use crate::places::Places;
    use crate::rulebase::Rulebase;
    use crate::source::{Batch, CellKind};

    const PURCHASER: Field = Field::Party(PartyRole::Purchaser);
    const CONSIGNEE: Field = Field::Party(PartyRole::UltimateConsignee);
    const STREET: Field = Field::PartyAddress(PartyRole::UltimateConsignee);
    const CITY: Field = Field::PartyCity(PartyRole::UltimateConsignee);
    const COUNTRY: Field = Field::PartyCountry(PartyRole::UltimateConsignee);
    const END_USER: Field = Field::Party(PartyRole::EndUser);

    fn text_of(field: Field, row: usize) -> (CellKind, &'static str) {
        let names = [
            "Huawei Technologies Co., Ltd.",
            "Lahore Steel Traders",
            "Contoso Freight Forwarders",
            "Acme Pumps",
            "",
            "N/A",
        ];
        let text = match field {
            PURCHASER => names[row % 6],
            CONSIGNEE => names[row / 6 % 6],
            END_USER => names[row * 5 % 6],
            STREET => ["12 Mall Road", "", "Level 4, Tower 2"][row % 3],
            CITY => ["Lahore", "Springfield", ""][row / 3 % 3],
            COUNTRY => ["PK", "US", "China", ""][row % 4],
            _ => "2025-01-02",
        };
        // An error cell is no name, whatever it shows.
        let kind = if row.is_multiple_of(7) && field == PURCHASER { CellKind::Error } else { CellKind::Text };
        (kind, text)
    }

    fn layout(columns: &[Field]) -> Layout {
        let fields: Vec<(Field, String)> = columns.iter().map(|field| (*field, String::new())).collect();
        Layout::new(&SheetPlan::of_fields(&fields), Rulebase::embedded().unwrap().jurisdiction().home)
    }

    fn screening() -> (Arc<PartyScreening>, Countries, CountryCode) {
        let rules = Arc::new(Rulebase::embedded().unwrap());
        let watched = rules.requirements()[0].destination;
        let places = Arc::new(Places::embedded().unwrap());
        let list = Arc::new(load_list(None).unwrap());
        let countries = Countries::new(Arc::clone(&places));
        (Arc::new(PartyScreening::new(list, rules, places, watched)), countries, watched)
    }

    #[test]
    fn the_same_texts_in_other_columns_are_another_party() {
        let (screening, mut countries, watched) = screening();
        let mut parties = Parties::new(screening, watched, 1 << 20);
        let mut batch = Batch::default();
        batch.begin_row(2, 1, false);
        batch.push_cell(CellKind::Text, "Huawei Technologies Co., Ltd.");
        batch.push_cell(CellKind::Text, "12 Mall Road");
        for (columns, is_listed) in
            [([CONSIGNEE, STREET], true), ([STREET, CONSIGNEE], false), ([CONSIGNEE, STREET], true)]
        {
            let layout = layout(&columns);
            let seen = parties.see(&layout.parties[0], batch.row(0), &mut countries);
            let by_name = seen.verdict.as_ref().is_some_and(|verdict| verdict.folded.starts_with("huawei"));
            assert_eq!(by_name, is_listed, "{columns:?}");
        }
    }

    #[test]
    fn what_is_remembered_of_a_party_is_what_would_be_judged_anew() {
        let (screening, mut countries, watched) = screening();
        let date = Field::Date(DateKind::Export);
        let sheets = [
            vec![PURCHASER, CONSIGNEE, STREET, CITY, COUNTRY, END_USER],
            vec![CITY, COUNTRY, CONSIGNEE, STREET, END_USER, PURCHASER],
            vec![STREET, date, CONSIGNEE, PURCHASER, COUNTRY, CITY, END_USER],
            vec![CONSIGNEE, COUNTRY, PURCHASER],
            vec![CONSIGNEE, STREET, PURCHASER, END_USER],
        ];
        // One reader for all sheets; with little memory it forgets over and over.
        for memory in [1_500, 1 << 20] {
            let mut parties = Parties::new(Arc::clone(&screening), watched, memory);
            for sheet in sheets.iter().chain(&sheets) {
                let layout = layout(sheet);
                let mut batch = Batch::default();
                for row in 0..90 {
                    batch.begin_row(row as u32 + 2, 1, false);
                    for field in sheet {
                        let (kind, text) = text_of(*field, row);
                        batch.push_cell(kind, text);
                    }
                }
                parties.look_ahead(batch.rows(), &layout.parties);
                for (number, row) in batch.rows().enumerate() {
                    for (index, slots) in layout.parties.iter().enumerate() {
                        let number = number * layout.parties.len() + index;
                        let seen = parties.seen(number, slots, row, &mut countries).clone();
                        let country = slots.country.as_ref().map_or("", |slot| slot.text(row));
                        let country = countries.known(country);
                        let anew = parties.judge(&party_name(slots, row), country, slots, row);
                        assert_eq!(
                            format!("{seen:?}"),
                            format!("{anew:?}"),
                            "{sheet:?}, row {}",
                            row.number()
                        );
                        let alone = parties.see(slots, row, &mut countries);
                        assert_eq!(format!("{alone:?}"), format!("{anew:?}"));
                    }
                }
            }
        }
    }
}
