//! What tells one party from another: the texts of its columns in a row, taken so that a known one is found quickly.
//!
//! Owns which bytes are compared. What is known of a party is `parties`' business.

use super::layout::{PartySlots, Slot};
use super::parties::{party_name, receives};
use crate::memo::{Memo, Print};
use crate::source::{CellKind, Row};

/// How the columns of a party stand in a row.
#[derive(Debug, Clone, Default)]
pub(super) enum PartyKey {
    /// A column with the name is all there is, and the role does not matter.
    Name(usize),
    /// Columns beside one another and none between, the first and the last; the number says which text each holds and
    /// whether the role matters.
    Stretch(usize, usize, u64),
    /// Anything else.
    #[default]
    Apart,
}

impl PartyKey {
    /// How the columns of a party stand.
    pub(super) fn of(slots: &PartySlots) -> Self {
        if let ([Slot::Column(name)], None, [], false) =
            (slots.name.as_slice(), &slots.country, slots.address.as_slice(), receives(slots.role))
        {
            return Self::Name(*name);
        }
        let texts = slots.name.iter().chain(&slots.country).chain(&slots.address);
        let mut columns: Vec<(usize, u64)> = Vec::new();
        // Each text by its kind and its number among those of its kind.
        let numbers = (0x10..).take(slots.name.len()).chain(slots.country.iter().map(|_| 0x20)).chain(0x30..);
        for (slot, number) in texts.zip(numbers) {
            let Slot::Column(column) = slot else { return Self::Apart };
            columns.push((*column, number));
        }
        columns.sort_unstable();
        let is_stretch = columns.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0);
        // Eight bits a column; more columns than these a party seldom has.
        let (Some(first), Some(last), true) =
            (columns.first(), columns.last(), is_stretch && columns.len() < 8)
        else {
            return Self::Apart;
        };
        let role = 1 + u64::from(receives(slots.role));
        let form = columns.iter().fold(role, |form, (_, number)| form << 8 | number);
        Self::Stretch(first.0, last.0, form)
    }
}

/// What the memo keeps of the party in these columns of a row; none where nothing is named.
#[inline]
pub(super) fn print<V>(memo: &Memo<V>, slots: &PartySlots, row: Row<'_>) -> Option<Print> {
    let mut printer = memo.printer();
    match slots.key {
        PartyKey::Name(column) => {
            let name = name_alone(row, column);
            if name.is_empty() {
                return None;
            }
            printer.add(name);
        }
        PartyKey::Stretch(first, last, form) => match row.stretch(first..=last, form) {
            Some((texts, shape)) => {
                printer.add_number(shape);
                printer.add(texts);
            }
            None => add_apart(slots, row, |part| printer.add(part)),
        },
        PartyKey::Apart => add_apart(slots, row, |part| printer.add(part)),
    }
    Some(printer.finish())
}

/// The name in a column; empty where its cell cannot be read, as if blank.
#[inline]
pub(super) fn name_alone(row: Row<'_>, column: usize) -> &[u8] {
    match row.bytes(column) {
        (CellKind::Error | CellKind::FormulaWithoutValue, _) => &[],
        (_, name) => name,
    }
}

fn add_apart(slots: &PartySlots, row: Row<'_>, mut add: impl FnMut(&[u8])) {
    add(&[u8::from(receives(slots.role)) | u8::from(slots.address.is_empty()) << 1]);
    add(party_name(slots, row).as_bytes());
    add(slots.country.as_ref().map_or("", |slot| slot.text(row)).as_bytes());
    slots.address.iter().for_each(|slot| add(slot.text(row).as_bytes()));
}
