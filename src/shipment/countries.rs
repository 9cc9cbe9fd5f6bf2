//! Country cells read: two letters at once, everything else through a memory.

use std::sync::Arc;

use crate::codes::CountryCode;
use crate::memo::Memo;
use crate::places::{CountryReading, Places};

/// Bytes of distinct texts one reader remembers.
const MEMORY: usize = 1 << 20;

/// Reads countries; one a thread.
pub(super) struct Countries {
    places: Arc<Places>,
    /// The country for each two letters that are one's code, by [`CountryCode::ordinal`].
    two_letters: Vec<Option<CountryCode>>,
    others: Memo<CountryReading>,
}

impl Countries {
    pub(super) fn new(places: Arc<Places>) -> Self {
        let two_letters = CountryCode::all().map(|code| match places.country(code.as_str()) {
            CountryReading::Known(country) => Some(country),
            _ => None,
        });
        Self { two_letters: two_letters.collect(), places, others: Memo::new(MEMORY, |_| 0) }
    }

    /// The country whose two letters these are. Nearly every country is written so.
    #[inline]
    pub(super) fn two_letters(&self, text: &str) -> Option<CountryCode> {
        if text.len() != 2 {
            return None;
        }
        self.two_letters[CountryCode::new(text)?.ordinal()]
    }

    /// What a cell says of a country.
    pub(super) fn read(&mut self, text: &str) -> CountryReading {
        if let Some(known) = self.two_letters(text) {
            return CountryReading::Known(known);
        }
        self.others.get_or_make(text.as_bytes(), || self.places.country(text))
    }

    /// The country, where the cell names one.
    pub(super) fn known(&mut self, text: &str) -> Option<CountryCode> {
        if text.is_empty() {
            return None;
        }
        match self.read(text) {
            CountryReading::Known(country) => Some(country),
            _ => None,
        }
    }
}
