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
    values: Recent<String, Sum>,
    quantity: Sum,
}

impl Counters {
    pub(super) fn new() -> Self {
        Self {
            words: [0; Word::ALL.len()],
            destinations: vec![0; CountryCode::ORDINALS],
            no_destination: 0,
            quarters: Recent::default(),
            values: Recent::default(),
            quantity: Sum::default(),
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
        let hint =
            quarter.map_or(0, |(year, quarter)| usize::from(year.unsigned_abs()) * 4 + quarter as usize);
        let count = self.quarters.slot(hint, |known| *known == quarter, || quarter);
        count.lines += 1;
        count.to_pakistan += u64::from(to_watched);
    }

    /// Adds a value, keeping currencies apart.
    pub(super) fn value(&mut self, currency: &str, value: Decimal) {
        let hint = currency.bytes().take(3).fold(0, |sum, byte| sum * 3 + usize::from(byte));
        self.values.slot(hint, |known| known == currency, || currency.to_owned()).add(value);
    }

    /// Adds a quantity, whatever its unit.
    pub(super) fn quantity(&mut self, quantity: Decimal) {
        self.quantity.add(quantity);
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
            add_value(&mut tally.value, &currency, sum.total());
        }
        tally.quantity = tally.quantity.saturating_add(self.quantity.total());
    }
}

/// A sum of decimals, kept by how many decimals each had, as numbers of one kind add up at once.
#[derive(Default)]
struct Sum {
    by_scale: Vec<i128>,
}

impl Sum {
    #[inline]
    fn add(&mut self, number: Decimal) {
        let scale = number.scale() as usize;
        if scale >= self.by_scale.len() {
            self.by_scale.resize(scale + 1, 0);
        }
        // A mantissa has 96 bits; the lines of a chunk are far from 2^31.
        self.by_scale[scale] = self.by_scale[scale].saturating_add(number.mantissa());
    }

    /// The sum; one beyond 28 digits stays at the largest number rather than ending the run.
    fn total(&self) -> Decimal {
        let largest = |sum: i128| if sum < 0 { Decimal::MIN } else { Decimal::MAX };
        (0..).zip(&self.by_scale).fold(Decimal::ZERO, |total, (scale, &sum)| {
            let part = Decimal::try_from_i128_with_scale(sum, scale).unwrap_or_else(|_| largest(sum));
            total.saturating_add(part)
        })
    }
}

/// A few keys with their counts. A hint, the same for equal keys, tells where a key was found last.
struct Recent<K, V> {
    slots: Vec<(K, V)>,
    found: [u16; HINTS],
}

const HINTS: usize = 64;

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self { slots: Vec::new(), found: [0; HINTS] }
    }
}

impl<K, V: Default> Recent<K, V> {
    fn slot(&mut self, hint: usize, is_it: impl Fn(&K) -> bool, key: impl FnOnce() -> K) -> &mut V {
        let found = &mut self.found[hint % HINTS];
        let mut at = usize::from(*found);
        if !self.slots.get(at).is_some_and(|(known, _)| is_it(known)) {
            at = self.slots.iter().position(|(known, _)| is_it(known)).unwrap_or_else(|| {
                self.slots.push((key(), V::default()));
                self.slots.len() - 1
            });
            // A place too far for the hint is looked for anew each time.
            *found = u16::try_from(at).unwrap_or(0);
        }
        &mut self.slots[at].1
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
            counters.quantity(Decimal::new(cents, 1));
        }
        counters.quantity(Decimal::new(3, 0));
        counters.value("EUR", Decimal::new(5, 1));
        counters.destination(None);
        let mut tally = Tally::default();
        counters.pour(&mut tally);
        assert_eq!(tally.determinations["undetermined"], 3);
        assert_eq!((tally.destinations[&CountryCode::new("PK")], tally.destinations[&None]), (3, 1));
        assert_eq!((tally.quarters[&Some((2024, 4))].lines, tally.to_watched), (3, 3));
        assert_eq!(tally.value["USD"], Decimal::new(400, 2));
        assert_eq!(tally.value["EUR"], Decimal::new(149, 2));
        assert_eq!(tally.quantity, Decimal::new(529, 1));
    }
}
