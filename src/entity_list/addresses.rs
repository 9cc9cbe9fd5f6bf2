//! Addresses compared: the same building, plot or post office box in the same city.
//!
//! A city alone, a building without a number or a number without a street is never enough.

use super::Map;
use super::entity::EntityIdx;
use super::fold::fold_text;
use super::snapshot::EntityList;
use super::vocabulary::{WordClass, vocabulary};

/// Words of an address that say what a figure counts, or nothing; they differ from spelling to spelling.
const FILLERS: &str = "no number num nos the of at in near opp opposite and main st street str rd road ave avenue blvd lane \
    ln drive dr floor fl f flr level room rm suite ste office off unit flat apt apartment shop house h building bldg block \
    blk plot sector phase po p o box pob pobox gpo post city town district dist province prov state zone area region \
    republic pr ul ulitsa d tower towers plaza centre center commercial industrial estate";

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
            let digits = word.bytes().filter(u8::is_ascii_digit).count();
            if digits > 0 {
                if i > 0 && matches!(words[i - 1], "box" | "pobox" | "pob") && parts.post_box.is_none() {
                    parts.post_box = Some(word.to_owned());
                } else if digits < 5 {
                    parts.numbers.push(ordinal(word).to_owned());
                }
            } else if word.len() == 1 || FILLERS.split_ascii_whitespace().any(|filler| filler == word) {
            } else if vocabulary().word(word).is_some_and(|info| info.class == WordClass::Place) {
                parts.places.push(word.to_owned());
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

    /// A street or building with a number and a place, or a post office box in a place.
    fn is_specific(&self) -> bool {
        !self.numbers.is_empty() && !self.words.is_empty() && self.words.len() + self.numbers.len() >= 3
            || self.post_box.is_some() && !self.places.is_empty()
    }

    fn each_key(&self, mut take: impl FnMut(&str)) {
        let mut key = String::new();
        for number in &self.numbers {
            for word in &self.words {
                key.clear();
                key.push_str(number);
                key.push(' ');
                key.push_str(word);
                take(&key);
            }
        }
        if let Some(number) = &self.post_box {
            for place in &self.places {
                take(&format!("box {number} {place}"));
            }
        }
    }

    /// How well two addresses agree; none where they are not the same.
    fn agreement(&self, listed: &Self) -> Option<f32> {
        let same_place = self.places.is_empty()
            || listed.places.is_empty()
            || self.places.iter().any(|place| listed.places.contains(place));
        if !same_place {
            return None;
        }
        if self.post_box.is_some() && self.post_box == listed.post_box {
            let cities = self.places.iter().filter(|place| listed.places.contains(*place)).count();
            return (cities > 0).then_some(0.9);
        }
        if self.numbers.is_empty() || listed.numbers.is_empty() || self.words.is_empty() {
            return None;
        }
        let numbers = common(&self.numbers, &listed.numbers);
        let words = common(&self.words, &listed.words);
        let enough = numbers + words >= 3.0;
        let all = |a: &[String], b: &[String]| a.len().max(b.len()) as f32;
        let both = 0.5 * numbers / all(&self.numbers, &listed.numbers)
            + 0.5 * words / all(&self.words, &listed.words);
        (enough && both >= AGREEMENT).then_some(0.8 + 0.2 * (both - AGREEMENT) / (1.0 - AGREEMENT))
    }
}

/// `2nd` as `2`.
fn ordinal(word: &str) -> &str {
    let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if matches!(&word[number.len()..], "st" | "nd" | "rd" | "th" | "f") { number } else { word }
}

fn common(a: &[String], b: &[String]) -> f32 {
    a.iter().filter(|word| b.contains(*word)).count() as f32
}
