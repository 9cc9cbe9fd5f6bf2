//! Addresses compared: the same building, plot or post office box in the same city.
//!
//! A city alone, a building without a number or a number without a street is never enough.

use super::Map;
use super::entity::EntityIdx;
use super::fold::fold_text;
use super::snapshot::EntityList;
use super::vocabulary::{WordClass, vocabulary};

/// With no street or building named on one side, this many figures must be equal, and all of them.
const FIGURES_ALONE: usize = 3;
/// An address needs this many figures and names to be more than a quarter or a building.
const PARTS_NEEDED: usize = 3;
/// Score of a post office box, and of figures alone.
const LESS_SURE: f32 = 0.9;

/// How much of the words of both addresses must agree, by weight.
const AGREEMENT: f32 = 0.8;

/// An address in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts {
    /// Numbers, and letters joined to them, sorted; postcodes apart.
    numbers: Vec<String>,
    /// Words that name a street, building or quarter, sorted.
    words: Vec<String>,
    /// Places, sorted.
    places: Vec<String>,
    /// The number of a post office box.
    post_box: Option<String>,
}

/// The addresses of a list.
pub(super) struct AddressIndex {
    addresses: Vec<(EntityIdx, u32, Parts)>,
    /// Addresses by a number and a word, or by post office box and place.
    keys: Map<String, Vec<u32>>,
}

impl AddressIndex {
    pub(super) fn of(list: &EntityList) -> Self {
        let mut index = Self { addresses: Vec::new(), keys: Map::default() };
        for (entity, listed) in list.indexed() {
            for (n, address) in (0..).zip(&listed.addresses) {
                let parts = Parts::of(&address.text);
                if !parts.is_specific() {
                    continue;
                }
                let at = index.addresses.len() as u32;
                parts.each_key(|key| index.keys.entry_ref(key).or_default().push(at));
                index.addresses.push((entity, n, parts));
            }
        }
        index
    }

    /// Entries with this address: the entry, which of its addresses, how many other entries share it, and the score.
    pub(super) fn find(&self, text: &str) -> Vec<(EntityIdx, u32, usize, f32)> {
        let parts = Parts::of(text);
        if !parts.is_specific() {
            return Vec::new();
        }
        let mut at: Vec<u32> = Vec::new();
        parts.each_key(|key| at.extend(self.keys.get(key).map_or(&[][..], Vec::as_slice)));
        at.sort_unstable();
        at.dedup();
        let mut found: Vec<(EntityIdx, u32, usize, f32)> = Vec::new();
        for at in at {
            let (entity, n, listed) = &self.addresses[at as usize];
            let Some(score) = parts.agreement(listed) else { continue };
            match found.iter_mut().find(|other| other.0 == *entity) {
                Some(other) if other.3 >= score => {}
                Some(other) => *other = (*entity, *n, 0, score),
                None => found.push((*entity, *n, 0, score)),
            }
        }
        let others = found.len().saturating_sub(1);
        for one in &mut found {
            one.2 = others;
        }
        found
    }
}

impl Parts {
    fn of(text: &str) -> Self {
        let folded = fold_text(text);
        let words: Vec<&str> =
            folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let mut parts = Self { numbers: Vec::new(), words: Vec::new(), places: Vec::new(), post_box: None };
        for (i, &word) in words.iter().enumerate() {
            if word.len() == 1 && word.bytes().all(|b| b.is_ascii_alphabetic())
                || vocabulary().says_nothing_in_addresses(word)
            {
                continue;
            }
            let digits = word.bytes().filter(u8::is_ascii_digit).count();
            if digits > 0 {
                if i > 0 && matches!(words[i - 1], "box" | "pobox" | "pob") && parts.post_box.is_none() {
                    parts.post_box = Some(word.to_owned());
                } else if digits < 5 {
                    parts.numbers.push(ordinal(word).to_owned());
                }
            } else if vocabulary().word(word).is_some_and(|info| info.class == WordClass::Place) {
                // `Hong Kong`, `Hongkong` and `HK` are one place.
                parts.places.push(match word {
                    "hong" if words.get(i + 1) == Some(&"kong") => "hongkong".to_owned(),
                    "kong" if i > 0 && words[i - 1] == "hong" => continue,
                    short => vocabulary().expansions(short).first().map_or(short, |full| *full).to_owned(),
                });
            } else {
                parts.words.push(word.to_owned());
            }
        }
        for list in [&mut parts.numbers, &mut parts.words, &mut parts.places] {
            list.sort_unstable();
            list.dedup();
        }
        parts
    }

    /// A street or building with a number, three figures in a place, or a post office box in a place.
    fn is_specific(&self) -> bool {
        let street = !self.numbers.is_empty() && !self.words.is_empty();
        let figures = self.numbers.len() >= FIGURES_ALONE && !self.places.is_empty();
        (street || figures) && self.words.len() + self.numbers.len() >= PARTS_NEEDED
            || self.post_box.is_some() && !self.places.is_empty()
    }

    fn each_key(&self, mut take: impl FnMut(&str)) {
        let mut key = String::new();
        for number in &self.numbers {
            for word in &self.words {
                key.clear();
                key.extend([number, " ", word]);
                take(&key);
            }
        }
        if self.numbers.len() >= FIGURES_ALONE {
            for place in &self.places {
                key.clear();
                key.push_str(place);
                for number in &self.numbers {
                    key.extend([" ", number]);
                }
                take(&key);
            }
        }
        if let Some(number) = &self.post_box {
            for place in &self.places {
                key.clear();
                key.extend(["box ", number, " ", place]);
                take(&key);
            }
        }
    }

    /// How well two addresses agree; none where they are not the same.
    fn agreement(&self, listed: &Self) -> Option<f32> {
        let places = self.places.iter().filter(|place| listed.places.contains(*place)).count();
        if places == 0 && !self.places.is_empty() && !listed.places.is_empty() {
            return None;
        }
        if self.post_box.is_some() && self.post_box == listed.post_box && places > 0 {
            return Some(LESS_SURE);
        }
        if self.words.is_empty() || listed.words.is_empty() {
            let figures = self.numbers.len() >= FIGURES_ALONE && self.numbers == listed.numbers;
            return (figures && places > 0).then_some(LESS_SURE);
        }
        let numbers = common(&self.numbers, &listed.numbers);
        let words = common(&self.words, &listed.words);
        if numbers == 0 || words == 0 || numbers + words < PARTS_NEEDED {
            return None;
        }
        let share = |common: usize, a: &[String], b: &[String]| common as f32 / a.len().max(b.len()) as f32;
        let both = f32::midpoint(
            share(numbers, &self.numbers, &listed.numbers),
            share(words, &self.words, &listed.words),
        );
        (both >= AGREEMENT).then_some(0.8 + 0.2 * (both - AGREEMENT) / (1.0 - AGREEMENT))
    }
}

/// `2nd` as `2`.
fn ordinal(word: &str) -> &str {
    let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if matches!(&word[number.len()..], "st" | "nd" | "rd" | "th" | "f") { number } else { word }
}

fn common(a: &[String], b: &[String]) -> usize {
    a.iter().filter(|word| b.contains(*word)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(a: &str, b: &str) -> bool {
        let (a, b) = (Parts::of(a), Parts::of(b));
        a.is_specific() && b.is_specific() && a.agreement(&b).is_some()
    }

    #[test]
    fn one_address_in_two_spellings_agrees() {
        assert!(agree(
            "Room 1318-19, 13F, Hollywood Plaza, 610 Nathan Road, Mong Kok, Kowloon, Hong Kong",
            "RM 1318-19 13/F HOLLYWOOD PLAZA 610 NATHAN RD MONG KOK HK",
        ));
        assert!(agree("P.O. Box 1398, Rawalpindi 46000, Pakistan", "PO BOX 1398 RAWALPINDI"));
        assert!(agree(
            "House No. 334, Street No. 102, Sector I-8/4, near Pakeeza Market, Islamabad, Pakistan",
            "H 334, ST 102, I-8/4, ISLAMABAD",
        ));
    }

    #[test]
    fn cities_buildings_and_other_numbers_do_not() {
        assert!(!agree("Islamabad", "Islamabad, Pakistan"));
        assert!(!agree("2nd Floor, Blue Area, Islamabad", "2nd Floor, Blue Area, Islamabad"));
        assert!(!agree("P.O. Box 1398, Rawalpindi", "P.O. Box 1398, Lahore"));
        assert!(!agree(
            "Room 1318-19, 13F, Hollywood Plaza, 610 Nathan Road, Hong Kong",
            "Room 704, 7F, Hollywood Plaza, 610 Nathan Road, Hong Kong",
        ));
    }

    #[test]
    fn a_hub_is_called_one() {
        let list = EntityList::embedded().unwrap();
        let found = AddressIndex::of(&list).find("53 Sherbakovskaya St., Bldg 3, Office 509, 105318 Moscow");
        assert!(found.len() > 10 && found.iter().all(|one| one.2 == found.len() - 1), "{found:?}");
    }
}
