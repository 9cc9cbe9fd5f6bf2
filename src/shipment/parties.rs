//! What the party columns of a row say, role by role: each distinct party read once.
//!
//! Owns what one thread remembers of parties. What a name or an address is worth is the screening's; which columns
//! belong to a role the layout's.

use std::borrow::Cow;
use std::sync::Arc;

use super::countries::Countries;
use super::is_unreadable;
use super::layout::{Layout, PartySlots, join};
use crate::codes::CountryCode;
use crate::field::Field;
use crate::ingest::values::is_null_word;
use crate::memo::Memo;
use crate::party::PartyRole;
use crate::screening::{NameLook, PartyScreening, PartyVerdict};
use crate::source::{Row, trimmed};

/// Bytes of distinct parties one reader remembers.
const MEMORY: usize = 6 << 20;

/// What is known of a party by its name, its country and its address as recorded.
#[derive(Clone)]
pub(super) struct Seen {
    pub(super) look: NameLook,
    pub(super) verdict: Option<Arc<PartyVerdict>>,
}

/// Reads parties; one a thread.
pub(super) struct Parties {
    screening: Arc<PartyScreening>,
    watched: CountryCode,
    known: Memo<Seen>,
}

impl Parties {
    pub(super) fn new(screening: Arc<PartyScreening>, watched: CountryCode) -> Self {
        let weigh = |seen: &Seen| seen.verdict.as_deref().map_or(0, PartyVerdict::weight);
        Self { screening, watched, known: Memo::new(MEMORY, weigh) }
    }

    /// What is known of the party in these columns of a row, whose name has been read.
    pub(super) fn see(
        &mut self,
        name: &str,
        slots: &PartySlots,
        row: Row<'_>,
        countries: &mut Countries,
    ) -> Seen {
        let country = slots.country.as_ref().map_or("", |slot| slot.text(row));
        // Beside the texts, what the answer depends on: the role's kind, and whether the sheet has addresses for it.
        let kind = [u8::from(receives(slots.role)) | u8::from(slots.address.is_empty()) << 1];
        let texts = [kind.as_slice(), name.as_bytes(), country.as_bytes()];
        let address = slots.address.iter().map(|slot| slot.text(row).as_bytes());
        let print = self.known.print(texts.into_iter().chain(address));
        if let Some(seen) = self.known.get(print) {
            return seen.clone();
        }
        let seen = self.judge(name, countries.known(country), slots, row);
        self.known.insert(print, seen.clone());
        seen
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

fn receives(role: PartyRole) -> bool {
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
