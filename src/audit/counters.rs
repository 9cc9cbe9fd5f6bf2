//! The counts of one chunk in a form in which a line costs next to nothing; poured into the tally when it is done.
//!
//! Owns no meaning: the same counts stand in `tally`, by name.

use rust_decimal::Decimal;

use super::tally::{Tally, add_value, quarter_of};
use crate::codes::CountryCode;
use crate::determination::Word;
use crate::effective::Date;
use crate::run::QuarterCount;

type Quarter = Option<(i16, i8)>;

/// Counts of one chunk.
pub(super) struct Counters {
    words: [u64; Word::ALL.len()],
    /// By [`CountryCode::ordinal`].
    destinations: Vec<u64>,
    no_destination: u64,
    quarters: Recent<Quarter, QuarterCount>,
    values: Recent<String, Decimal>,
}

impl Counters {
    pub(super) fn new() -> Self {
        Self {
            words: [0; Word::ALL.len()],
            destinations: vec![0; CountryCode::ORDINALS],
            no_destination: 0,
            quarters: Recent::default(),
            values: Recent::default(),
        }
    }

    /// Counts how a line ended.
    pub(super) fn word(&mut self, word: Word) {
        self.words[word as usize] += 1;
    }

    /// Counts the destination of a line.
    pub(super) fn destination(&mut self, country: Option<CountryCode>) {
        match country {
            Some(country) => self.destinations[country.ordinal()] += 1,
            None => self.no_destination += 1,
        }
    }

    /// Counts the quarter of a line.
    pub(super) fn quarter(&mut self, day: Option<Date>, to_watched: bool) {
        let quarter = day.map(quarter_of);
        let count = self.quarters.slot(|known| *known == quarter, || quarter);
        count.lines += 1;
        count.to_pakistan += u64::from(to_watched);
    }

    /// Adds a value, keeping currencies apart.
    pub(super) fn value(&mut self, currency: &str, value: Decimal) {
        let sum = self.values.slot(|known| known == currency, || currency.to_owned());
        *sum = sum.saturating_add(value);
    }

    /// Adds everything to a tally.
    pub(super) fn pour(self, tally: &mut Tally) {
        for (word, lines) in Word::ALL.iter().zip(self.words).filter(|(_, lines)| *lines > 0) {
            *tally.determinations.entry(word.name()).or_default() += lines;
        }
        let by_country = CountryCode::all().map(Some).zip(self.destinations);
        for (country, lines) in
            by_country.chain([(None, self.no_destination)]).filter(|(_, lines)| *lines > 0)
        {
            *tally.destinations.entry(country).or_default() += lines;
        }
        for (quarter, count) in self.quarters.slots {
            let own = tally.quarters.entry(quarter).or_default();
            own.lines += count.lines;
            own.to_pakistan += count.to_pakistan;
            tally.to_watched += count.to_pakistan;
        }
        for (currency, sum) in self.values.slots {
            add_value(&mut tally.value, &currency, sum);
        }
    }
}

/// A few keys with their counts, the one used last first asked for.
struct Recent<K, V> {
    slots: Vec<(K, V)>,
    last: usize,
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self { slots: Vec::new(), last: 0 }
    }
}

impl<K, V: Default> Recent<K, V> {
    fn slot(&mut self, is_it: impl Fn(&K) -> bool, key: impl FnOnce() -> K) -> &mut V {
        if !self.slots.get(self.last).is_some_and(|(known, _)| is_it(known)) {
            self.last = self.slots.iter().position(|(known, _)| is_it(known)).unwrap_or_else(|| {
                self.slots.push((key(), V::default()));
                self.slots.len() - 1
            });
        }
        &mut self.slots[self.last].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_counted_reaches_the_tally() {
        let mut counters = Counters::new();
        let day = jiff::civil::date(2024, 12, 26);
        for (currency, cents) in [("USD", 150), ("EUR", 99), ("USD", 250)] {
            counters.word(Word::Undetermined);
            counters.destination(CountryCode::new("PK"));
            counters.quarter(Some(day), true);
            counters.value(currency, Decimal::new(cents, 2));
        }
        counters.destination(None);
        let mut tally = Tally::default();
        counters.pour(&mut tally);
        assert_eq!(tally.determinations["undetermined"], 3);
        assert_eq!((tally.destinations[&CountryCode::new("PK")], tally.destinations[&None]), (3, 1));
        assert_eq!((tally.quarters[&Some((2024, 4))].lines, tally.to_watched), (3, 3));
        assert_eq!(tally.value["USD"], Decimal::new(400, 2));
        assert_eq!(tally.value["EUR"], Decimal::new(99, 2));
    }
}
