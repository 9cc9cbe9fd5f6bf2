//! One description taken apart: the words it names, where they stand, its figures and models, and what excludes its
//! goods.
//!
//! Asks nothing of any paragraph; that is `evaluate`'s.

use super::Items;
use super::lexicon::{Concept, Hit};
use super::paragraph::{Paragraph, Place, Role, Sign};
use super::parameters::{self, Amount};
use super::text::Folded;
use super::zones::{Zone, zones};

/// A description taken apart.
pub(super) struct Description<'d> {
    pub(super) items: &'d Items,
    text: Folded<'d>,
    zones: Vec<Zone>,
    hits: Vec<Hit>,
    pub(super) amounts: Vec<Amount>,
    models: Vec<Model>,
}

/// A model number found in the description or given as the item number.
pub(super) struct Model {
    /// The family to which it belongs.
    pub(super) family: usize,
    hit: Hit,
    /// As written.
    text: String,
}

/// A model that stands in the item column: it is the goods themselves, wherever the description goes on to other things.
const IN_ITEM_COLUMN: usize = usize::MAX;

impl<'d> Description<'d> {
    /// Takes a description apart, with the item number beside it. None where nothing in either names goods of any
    /// paragraph: most descriptions end here, before a figure is read.
    pub(super) fn new(items: &'d Items, description: &'d str, item_number: &str) -> Option<Self> {
        let text = Folded::new(description);
        let mut hits = items.lexicon.read(&text);
        let in_item_column = models_of_item_column(items, item_number);
        let names_goods = |hit: &Hit| !items.paragraphs_of(hit.concept).is_empty();
        if in_item_column.is_empty() && !hits.iter().any(names_goods) {
            return None;
        }
        // Half a word may name the goods; it is too little to say that they are something else.
        hits.retain(|hit| !hit.is_cut || matches!(items.role(hit.concept), Role::Names));
        let mut amounts = parameters::read(&items.units, &text);
        let mut models: Vec<Model> = hits
            .iter()
            .filter_map(|hit| {
                let Role::Model(family) = items.role(hit.concept) else { return None };
                Some(Model { family: *family, hit: *hit, text: raw(&text, *hit) })
            })
            .chain(in_item_column)
            .collect();
        let named = |concept: &Concept| hits.iter().any(|hit| hit.concept == *concept);
        models.retain(|model| {
            let near = &items.families[model.family].near;
            near.is_empty() || near.iter().any(named)
        });
        for model in &models {
            let family = &items.families[model.family];
            hits.extend(family.is.iter().map(|concept| Hit { concept: *concept, ..model.hit }));
            for (quantity, value, text) in &family.gives {
                if !amounts.iter().any(|amount| amount.quantity == *quantity) {
                    let text = format!("{text} ({} {})", family.maker, model.text);
                    let (quantity, low, high) = (*quantity, *value, *value);
                    amounts.push(Amount { quantity, low, high, text, start: 0, end: 0 });
                }
            }
        }
        let pairs = parameters::pairs(&text);
        items.pipes.derive_piping(&pairs, &mut amounts);
        items.pipes.derive_power(&mut amounts);
        longest_wins(items, &mut hits);
        let zones = zones(items, text.words().len(), &hits);
        Some(Self { items, text, zones, hits, amounts, models })
    }

    /// The paragraphs whose goods are named, in the order of the data.
    pub(super) fn paragraphs(&self) -> Vec<usize> {
        let mut paragraphs: Vec<usize> =
            self.hits.iter().flat_map(|hit| self.items.paragraphs_of(hit.concept)).copied().collect();
        paragraphs.sort_unstable();
        paragraphs.dedup();
        paragraphs
    }

    /// A hit from the item column stands for the goods.
    pub(super) fn zone(&self, hit: &Hit) -> Zone {
        self.zones.get(hit.first).copied().unwrap_or(Zone::Main)
    }

    /// Whether one of the models stands where this hit stands.
    pub(super) fn is_model(&self, hit: &Hit) -> bool {
        self.models.iter().any(|model| model.hit.first == hit.first)
    }

    /// The first model of a family that is one of these goods.
    pub(super) fn model_of(&self, goods: &[Concept]) -> Option<&Model> {
        self.models
            .iter()
            .find(|model| self.items.families[model.family].is.iter().any(|concept| goods.contains(concept)))
    }

    /// The first place where one of the concepts is named, but not as something left out.
    pub(super) fn hit(&self, concepts: &[Concept]) -> Option<&Hit> {
        self.hits_of(concepts).next()
    }

    /// Every place where one of the concepts is named, but not as something left out.
    pub(super) fn hits_of(&self, concepts: &[Concept]) -> impl Iterator<Item = &Hit> {
        self.hits.iter().filter(|hit| concepts.contains(&hit.concept) && self.zone(hit) != Zone::Without)
    }

    /// Why the goods named here are something else.
    pub(super) fn excluded(&self, goods: &Hit, paragraph: &Paragraph, sign: &Sign) -> Option<String> {
        self.hits.iter().find_map(|hit| {
            let Role::Excludes { why, place, only } = self.items.role(hit.concept) else { return None };
            if !only.is_empty() && !only.iter().any(|own| paragraph.id.is_within(own)) {
                return None;
            }
            if sign.allow.contains(&hit.concept) || self.zone(hit) != Zone::Main {
                return None;
            }
            if self.comes_counted(hit, goods) {
                return None;
            }
            let counts = match place {
                Place::Anywhere => true,
                Place::Apart => !self.is_fitting(hit, goods),
                Place::Head => self.is_head(hit, goods),
                Place::Behind => self.is_right_behind(hit, goods),
            };
            counts.then(|| format!("\"{}\": {why}", self.word(hit)))
        })
    }

    /// Whether a word behind the goods follows a count or a length, and so comes with them: `4 probes`, `30 m cable`.
    fn comes_counted(&self, word: &Hit, goods: &Hit) -> bool {
        if goods.first == IN_ITEM_COLUMN || word.first <= goods.end {
            return false;
        }
        let before = self.text.words()[word.first - 1];
        let text = self.text.word(word.first - 1);
        let is_count = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_count || self.amounts.iter().any(|amount| amount.end == before.end && amount.start > 0)
    }

    /// Whether a word is one of the fittings of goods that a comma ends and a figure specifies before it: `mig set 500 A,
    /// water cooled torch, trolley`. A part that is the goods stands first, or last and alone: `MIG 500 A, TORCH`.
    fn is_fitting(&self, word: &Hit, goods: &Hit) -> bool {
        const ENDS: [char; 2] = [',', ';'];
        /// Words of a phrase that says more than the name of a part.
        const PHRASE: usize = 3;
        if goods.first == IN_ITEM_COLUMN || word.first < goods.end {
            return false;
        }
        let (text, words) = (self.text.text(), self.text.words());
        let at = words[word.first].start;
        let begins = match text[words[goods.first].start..at].rfind(ENDS) {
            Some(before) => words[goods.first].start + before,
            None => return false,
        };
        let ends = text[at..].find(ENDS).map(|behind| at + behind);
        let phrase = text[begins..ends.unwrap_or(text.len())].split_whitespace().count();
        let is_specified = text[..begins].contains(|c: char| c.is_ascii_digit());
        is_specified && (ends.is_some() || phrase > PHRASE)
    }

    /// Whether a word is the head of the phrase in which the goods stand.
    fn is_head(&self, word: &Hit, goods: &Hit) -> bool {
        if goods.first == IN_ITEM_COLUMN {
            return word.first == 0;
        }
        // `mirror-polished` is no mirror.
        let is_joined = || {
            let behind = &self.text.text()[self.text.words()[word.end - 1].end..];
            behind.starts_with('-') && behind[1..].starts_with(|c: char| c.is_ascii_alphabetic())
        };
        let is_first = word.first == 0 && word.end <= goods.first;
        if self.is_right_behind(word, goods) || (is_first && !is_joined()) {
            return true;
        }
        let is_of = |at: usize| {
            self.hits.iter().any(|hit| hit.first == at && matches!(self.items.role(hit.concept), Role::Of))
        };
        word.end < goods.first
            && (word.end..goods.first).all(|at| is_of(at) || self.text.word(at).len() <= 2)
            && (word.end..goods.first).any(is_of)
    }

    /// Whether a word follows the goods at once, with no comma between.
    fn is_right_behind(&self, word: &Hit, goods: &Hit) -> bool {
        let words = self.text.words();
        word.first == goods.end
            && goods.end > 0
            && !self.text.text()[words[goods.end - 1].end..words[word.first].start].contains([',', ';', '/'])
    }

    /// The words of a hit as written.
    pub(super) fn word(&self, hit: &Hit) -> String {
        if hit.first == IN_ITEM_COLUMN {
            let model = self.models.iter().find(|model| model.hit.first == IN_ITEM_COLUMN);
            return model.map(|model| model.text.clone()).unwrap_or_default();
        }
        raw(&self.text, *hit)
    }
}

/// Whether a word says that the goods are of none of the paragraphs.
pub(super) fn names_other_goods(items: &Items, description: &str) -> bool {
    let mut hits = items.lexicon.read(&Folded::new(description));
    hits.retain(|hit| !hit.is_cut || matches!(items.role(hit.concept), Role::Names));
    longest_wins(items, &mut hits);
    hits.iter().any(|hit| matches!(items.role(hit.concept), Role::Excludes { .. }))
}

/// Whether an item number is a model of a family that is known.
pub(super) fn names_model(items: &Items, item_number: &str) -> bool {
    !item_number.is_empty() && !models_of_item_column(items, item_number).is_empty()
}

/// The models in an item number.
fn models_of_item_column(items: &Items, item_number: &str) -> Vec<Model> {
    let text = Folded::new(item_number);
    let hits = items.lexicon.read(&text);
    hits.iter()
        .filter_map(|hit| {
            let Role::Model(family) = items.role(hit.concept) else { return None };
            let place = Hit { first: IN_ITEM_COLUMN, end: IN_ITEM_COLUMN, ..*hit };
            Some(Model { family: *family, hit: place, text: raw(&text, *hit) })
        })
        .collect()
}

/// Of a word of goods and a word that excludes, one within the other, the longer counts.
fn longest_wins(items: &Items, hits: &mut Vec<Hit>) {
    let excludes = |hit: &Hit| matches!(items.role(hit.concept), Role::Excludes { .. });
    let names = |hit: &Hit| matches!(items.role(hit.concept), Role::Names);
    let joins = |hit: &Hit| !excludes(hit) && !names(hit);
    let all = hits.clone();
    hits.retain(|hit| {
        !all.iter().any(|other| {
            other.swallows(*hit)
                && ((!names(hit) && names(other)) || (!excludes(hit) && excludes(other)))
                && !joins(other)
        })
    });
}

fn raw(text: &Folded<'_>, hit: Hit) -> String {
    let words = text.words();
    match (words.get(hit.first), words.get(hit.end.wrapping_sub(1))) {
        (Some(first), Some(last)) => text.raw(first.start, last.end).to_owned(),
        _ => String::new(),
    }
}
