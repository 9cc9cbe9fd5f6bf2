//! Units of measure and the quantities they measure, from `data/items/units.toml`.
//!
//! Owns the spellings and the factors; which figure matters for which paragraph is said in that paragraph's own file.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

/// The index of a unit.
pub(in crate::items) type UnitId = u16;
/// The index of a quantity.
pub(in crate::items) type QuantityId = u16;

/// A quantity that thresholds speak of.
#[derive(Debug, Clone)]
pub(in crate::items) struct Quantity {
    /// Its name.
    pub(in crate::items) name: String,
    /// The unit of its base.
    pub(in crate::items) base: String,
    /// How many of the base one of each unit is.
    pub(in crate::items) factors: Vec<(UnitId, f64)>,
    /// Words beside a figure that make it one of something else: the carrier frequency of a drive.
    pub(in crate::items) not_beside: Vec<String>,
}

/// All units and quantities.
#[derive(Debug, Clone, Default)]
pub(in crate::items) struct Units {
    names: Vec<String>,
    /// Below this a figure with a point and three digits means thousands.
    least: Vec<f64>,
    /// Spellings behind a number, by first character, the longest first.
    after: HashMap<char, Vec<(Box<str>, UnitId)>, RandomState>,
    /// Spellings before a number, the longest first.
    before: HashMap<char, Vec<(Box<str>, UnitId)>, RandomState>,
    quantities: Vec<Quantity>,
}

impl Units {
    /// Adds a unit with its spellings.
    pub(in crate::items) fn add(
        &mut self,
        name: &str,
        before: &[String],
        after: &[String],
        least: f64,
    ) -> UnitId {
        let id = self.names.len() as UnitId;
        self.names.push(name.to_owned());
        self.least.push(least);
        for (table, spellings) in [(&mut self.before, before), (&mut self.after, after)] {
            for spelling in spellings {
                let spelling = spelling.to_lowercase();
                let Some(first) = spelling.chars().next() else { continue };
                let all = table.entry(first).or_default();
                all.push((spelling.into(), id));
                all.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
            }
        }
        id
    }

    /// Adds a quantity.
    pub(in crate::items) fn add_quantity(&mut self, quantity: Quantity) {
        self.quantities.push(quantity);
    }

    /// The unit of this name.
    pub(in crate::items) fn unit(&self, name: &str) -> Option<UnitId> {
        self.names.iter().position(|own| own == name).map(|at| at as UnitId)
    }

    /// The name of a unit.
    #[cfg(test)]
    pub(in crate::items) fn name(&self, unit: UnitId) -> &str {
        self.names.get(usize::from(unit)).map_or("", String::as_str)
    }

    /// Every spelling with its unit, and whether it stands before the number.
    #[cfg(test)]
    pub(in crate::items) fn spellings(&self) -> Vec<(String, UnitId, bool)> {
        let of = |table: &HashMap<char, Vec<(Box<str>, UnitId)>, RandomState>, before: bool| {
            let all = table.values().flatten();
            all.map(|(spelling, unit)| (spelling.to_string(), *unit, before)).collect::<Vec<_>>()
        };
        let mut all = of(&self.after, false);
        all.extend(of(&self.before, true));
        all.sort();
        all
    }

    /// The quantity of this name.
    pub(in crate::items) fn quantity_named(&self, name: &str) -> Option<QuantityId> {
        self.quantities.iter().position(|own| own.name == name).map(|at| at as QuantityId)
    }

    /// A quantity.
    pub(in crate::items) fn quantity(&self, id: QuantityId) -> &Quantity {
        &self.quantities[usize::from(id)]
    }

    /// All quantities, with their index.
    pub(in crate::items) fn quantities(&self) -> impl Iterator<Item = (QuantityId, &Quantity)> {
        (0..).zip(&self.quantities)
    }

    /// How many of the quantity's base one of this unit is.
    pub(in crate::items) fn factor(&self, quantity: QuantityId, unit: UnitId) -> Option<f64> {
        self.quantity(quantity).factors.iter().find(|(own, _)| *own == unit).map(|(_, factor)| *factor)
    }

    /// The value, where a figure with a point and three digits can only mean thousands.
    pub(super) fn thousands(&self, unit: UnitId, value: f64) -> f64 {
        if value < self.least[usize::from(unit)] { value * 1_000.0 } else { value }
    }

    /// The unit that stands behind a number, and the byte behind it.
    pub(super) fn behind(&self, text: &str, number_ends: usize) -> Option<(UnitId, usize)> {
        let mut at = number_ends;
        let bytes = text.as_bytes();
        let mut blanks = 0;
        while matches!(bytes.get(at), Some(b' ' | b'-')) && blanks < 2 {
            at += 1;
            blanks += 1;
        }
        let first = text.get(at..)?.chars().next()?;
        self.after.get(&first)?.iter().find_map(|(spelling, unit)| {
            let end = spelled(spelling, text, at)?;
            ends_unit(spelling, text, end, blanks).then_some((*unit, end))
        })
    }

    /// The unit that stands before a number at `at`, and the byte at which the number begins.
    pub(super) fn before(&self, text: &str, at: usize) -> Option<(UnitId, usize)> {
        let first = text.get(at..)?.chars().next()?;
        self.before.get(&first)?.iter().find_map(|(spelling, unit)| {
            let mut end = spelled(spelling, text, at)?;
            while matches!(text.as_bytes().get(end), Some(b' ' | b'.' | b':' | b'-' | b'#')) {
                end += 1;
            }
            text.as_bytes().get(end)?.is_ascii_digit().then_some((*unit, end))
        })
    }
}

/// Whether a spelling stands at `at`; the byte behind it. Points, carets and brackets within do not count.
fn spelled(spelling: &str, text: &str, at: usize) -> Option<usize> {
    let mut rest = text.get(at..)?.char_indices().peekable();
    let mut end = at;
    for wanted in spelling.chars() {
        if wanted == ' ' {
            while rest.next_if(|(_, c)| matches!(c, ' ' | '-' | '.')).is_some() {}
            continue;
        }
        let beside_slash = wanted == '/' || text[at..end].ends_with('/');
        while rest
            .next_if(|(offset, c)| {
                *offset > 0 && (matches!(c, '.' | '^' | '*' | '(' | '·') || (beside_slash && *c == ' '))
            })
            .is_some()
        {}
        let (offset, found) = rest.next()?;
        if found != wanted {
            return None;
        }
        end = at + offset + found.len_utf8();
    }
    if text[end..].starts_with('.') && !text[end + 1..].starts_with(|c: char| c.is_ascii_digit()) {
        end += 1;
    }
    Some(end)
}

/// Whether a unit may end here: no letter follows that would make it another word.
fn ends_unit(spelling: &str, text: &str, end: usize, blanks: usize) -> bool {
    let rest = &text[end..];
    let mut following = rest.chars();
    let next = following.next();
    let after = following.next();
    if !spelling.ends_with(char::is_alphanumeric) {
        return true;
    }
    let is_short = spelling.len() <= 2;
    match next {
        // "5 W/ KIT", "3 M/S": another word, another quantity.
        Some('/') if is_short => {
            let rate = rest[1..].trim_start();
            !(spelling == "w"
                || ["h", "s", "min", "sec", "hr"]
                    .iter()
                    .any(|unit| rate.split(|c: char| !c.is_alphanumeric()).next() == Some(unit)))
        }
        // "8INX4IN"
        Some('x') => after.is_some_and(|c| c.is_ascii_digit()),
        Some(c) if c.is_alphanumeric() => false,
        // A single letter far from its number is a word of its own.
        _ => !(spelling.len() == 1 && blanks > 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units() -> Units {
        let mut units = Units::default();
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        units.add("HP", &[], &texts(&["hp", "h p"]), 0.0);
        units.add("W", &[], &texts(&["w"]), 0.0);
        units.add("m", &[], &texts(&["m"]), 0.0);
        units.add("DN", &texts(&["dn"]), &[], 0.0);
        units.add("pT/rtHz", &[], &texts(&["pt/sqrthz"]), 0.0);
        units.add("in", &[], &texts(&["in", "\""]), 0.0);
        units
    }

    #[test]
    fn units_end_where_words_end() {
        let units = units();
        let name =
            |text: &str, at: usize| units.behind(text, at).map(|(unit, _)| units.name(unit).to_owned());
        assert_eq!(name("5 h.p. motor", 1).as_deref(), Some("HP"));
        assert_eq!(name("5hpx", 1), None);
        assert_eq!(name("8inx4in", 1).as_deref(), Some("in"));
        assert_eq!(name("5 w/ kit", 1), None);
        assert_eq!(name("3m/s", 1), None);
        assert_eq!(name("20 pt / sqrt(hz)", 2).as_deref(), Some("pT/rtHz"));
        assert_eq!(units.before("dn-200", 0).map(|(_, at)| at), Some(3));
        assert_eq!(units.before("dna200", 0), None);
    }
}
