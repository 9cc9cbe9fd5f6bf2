//! One description against every paragraph: which signs are there, what speaks against, what is left to ask.

use super::Items;
use super::lexicon::{Concept, Hit};
use super::paragraph::{Paragraph, Place, Role, Sign};
use super::parameters::{self, Amount, Answer, readable};
use super::reading::{Aside, Candidate, Confidence, Reading, SetAside};
use super::text::Folded;
use crate::codes::{Eccn, ScheduleB};

/// How many candidates a reading names.
const CANDIDATES_SHOWN: usize = 4;

/// Where in a description a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zone {
    Main,
    With,
    For,
    Without,
}

/// A description taken apart.
struct Description<'i> {
    items: &'i Items,
    text: Folded,
    zones: Vec<Zone>,
    hits: Vec<Hit>,
    amounts: Vec<Amount>,
    /// Models found: the family, and the raw text of the model.
    models: Vec<(usize, Hit, String)>,
}

/// What a sign says of a description.
enum Outcome {
    Absent,
    Aside(SetAside),
    Found(Found),
}

struct Found {
    confidence: Confidence,
    words: Vec<String>,
    figures: Vec<String>,
    model: Option<(String, bool)>,
}

/// Reads a description, a model or item number, and a tariff code.
pub(super) fn read(items: &Items, description: &str, model: &str, code: Option<&ScheduleB>) -> Reading {
    let description = Description::new(items, description, model);
    let mut reading = Reading::default();
    for paragraph in &items.paragraphs {
        description.consider(paragraph, code, &mut reading);
    }
    by_heading_alone(items, code, !description.names_other_goods(), &mut reading);
    settle(items, &mut reading);
    reading
}

impl<'i> Description<'i> {
    fn new(items: &'i Items, description: &str, model: &str) -> Self {
        let text = Folded::new(description);
        let mut hits = items.lexicon.read(&text);
        // Half a word may name the goods; it is too little to say that they are something else.
        hits.retain(|hit| !hit.is_cut || matches!(items.roles[usize::from(hit.concept)], Role::Names));
        let mut amounts = parameters::read(&items.units, &text);
        let mut models = Vec::new();
        for hit in &hits {
            if let Role::Model(family) = items.roles[usize::from(hit.concept)] {
                models.push((family, *hit, raw(&text, *hit)));
            }
        }
        let in_item_column = Folded::new(model);
        for hit in items.lexicon.read(&in_item_column) {
            if let Role::Model(family) = items.roles[usize::from(hit.concept)] {
                // It stands for the goods themselves, wherever the description goes on to other things.
                models.push((
                    family,
                    Hit { first: usize::MAX, end: usize::MAX, ..hit },
                    raw(&in_item_column, hit),
                ));
            }
        }
        let named = |concept: &Concept| hits.iter().any(|hit| hit.concept == *concept);
        models.retain(|(family, _, _)| {
            let near = &items.families[*family].near;
            near.is_empty() || near.iter().any(named)
        });
        for (family, hit, model) in &models {
            let family = &items.families[*family];
            hits.extend(family.is.iter().map(|concept| Hit { concept: *concept, ..*hit }));
            for (quantity, value, text) in &family.gives {
                if !amounts.iter().any(|amount| amount.quantity == *quantity) {
                    let text = format!("{text} ({} {model})", family.maker);
                    amounts.push(Amount {
                        quantity: *quantity,
                        low: *value,
                        high: *value,
                        text,
                        start: 0,
                        end: 0,
                    });
                }
            }
        }
        let pairs = parameters::pairs(&text);
        items.pipes.derive_piping(&pairs, &mut amounts);
        items.pipes.derive_power(&mut amounts);
        longest_wins(items, &mut hits);
        let zones = zones(items, &text, &hits);
        Self { items, text, zones, hits, amounts, models }
    }

    /// Whether a word says that the goods are of none of the paragraphs.
    fn names_other_goods(&self) -> bool {
        self.hits.iter().any(|hit| matches!(self.role(hit), Role::Excludes { .. }))
    }

    fn role(&self, hit: &Hit) -> &'i Role {
        &self.items.roles[usize::from(hit.concept)]
    }

    /// A hit from the item column stands for the goods.
    fn zone(&self, hit: &Hit) -> Zone {
        self.zones.get(hit.first).copied().unwrap_or(Zone::Main)
    }

    fn consider(&self, paragraph: &Paragraph, code: Option<&ScheduleB>, reading: &mut Reading) {
        let mut best: Option<Found> = None;
        let mut aside: Option<SetAside> = None;
        for sign in &paragraph.signs {
            match self.ask(paragraph, sign) {
                Outcome::Absent => {}
                Outcome::Aside(other) => {
                    // A figure that contradicts says more than a word that is missing.
                    if aside.as_ref().is_none_or(|known| known.aside == Aside::NoFigure) {
                        aside = Some(other);
                    }
                }
                Outcome::Found(found) => {
                    if best.as_ref().is_none_or(|known| known.confidence < found.confidence) {
                        best = Some(found);
                    }
                }
            }
        }
        match (best, aside) {
            (Some(found), _) => {
                let heading = paragraph.heading(code);
                let confidence = if heading.is_some() { found.confidence.raised() } else { found.confidence };
                reading.candidates.push(Candidate {
                    words: found.words,
                    figures: found.figures,
                    model: found.model,
                    ..candidate(paragraph, confidence, heading)
                });
            }
            // That a stricter neighbor does not take the item is no news.
            (None, Some(aside)) if paragraph.neighbor_of.is_empty() => reading.set_aside.push(aside),
            (None, _) => {}
        }
    }

    fn ask(&self, paragraph: &Paragraph, sign: &Sign) -> Outcome {
        let Some(goods) = sign.all.first() else { return Outcome::Absent };
        let named: Vec<&Hit> = self
            .hits
            .iter()
            .filter(|hit| goods.contains(&hit.concept) && self.zone(hit) != Zone::Without)
            .collect();
        let Some(first) = named.first() else { return Outcome::Absent };
        let mut words = vec![self.word(first)];
        for alternatives in &sign.all[1..] {
            let Some(hit) = self.hit(alternatives) else { return Outcome::Absent };
            words.push(self.word(hit));
        }
        if !sign.any.is_empty() {
            let Some(hit) = self.hit(&sign.any) else { return Outcome::Absent };
            words.push(self.word(hit));
        }
        let comes_with = |hit: &Hit| self.zone(hit) == Zone::With;
        if self.hit(&sign.never).is_some() || self.hits_of(&sign.none).any(|hit| !comes_with(hit)) {
            return Outcome::Absent;
        }
        if sign.absent.iter().any(|quantity| self.amounts.iter().any(|amount| amount.quantity == *quantity)) {
            return Outcome::Absent;
        }
        let aside = |aside, why: String| {
            Outcome::Aside(SetAside { paragraph: paragraph.id.clone(), aside, word: self.word(first), why })
        };
        // The goods themselves, not what they are for.
        let of_a_model = |hit: &&&Hit| self.models.iter().any(|(_, model, _)| model.first == hit.first);
        let own: Vec<&&Hit> = named
            .iter()
            .filter(|hit| self.zone(hit) == Zone::Main || (self.zone(hit) == Zone::With && of_a_model(hit)))
            .collect();
        if own.is_empty() {
            let why = format!("\"{}\" is named as what the goods are for or come with", self.word(first));
            return aside(Aside::OnlyFor, why);
        }
        let mut against = None;
        let meant = own.iter().find(|hit| match self.excluded(hit, paragraph, sign) {
            Some(why) => {
                against = Some(why);
                false
            }
            None => true,
        });
        let Some(meant) = meant else { return aside(Aside::OtherGoods, against.unwrap_or_default()) };
        words[0] = self.word(meant);
        let mut figures = Vec::new();
        for condition in &sign.figures {
            match condition.ask(&self.amounts) {
                Answer::Met(amount) => figures.push(self.figure(amount, condition)),
                Answer::Contradicted(amount) => {
                    let figure = self.figure(amount, condition);
                    return aside(Aside::Figures, format!("{figure}, which it does not meet"));
                }
                Answer::NoFigure => {
                    return aside(Aside::NoFigure, format!("no figure is given for {}", condition.text));
                }
            }
        }
        words.dedup();
        let model = self.models.iter().find(|(family, _, _)| {
            self.items.families[*family].is.iter().any(|concept| goods.contains(concept))
        });
        Outcome::Found(Found {
            confidence: sign.confidence,
            words,
            figures,
            model: model.map(|(family, _, _)| {
                let family = &self.items.families[*family];
                (family.maker.clone(), family.verified)
            }),
        })
    }

    /// The first place where one of the concepts is named, but not as something left out.
    fn hit(&self, concepts: &[Concept]) -> Option<&Hit> {
        self.hits_of(concepts).next()
    }

    fn hits_of(&self, concepts: &[Concept]) -> impl Iterator<Item = &Hit> {
        self.hits.iter().filter(|hit| concepts.contains(&hit.concept) && self.zone(hit) != Zone::Without)
    }

    /// Why the goods named here are something else.
    fn excluded(&self, goods: &Hit, paragraph: &Paragraph, sign: &Sign) -> Option<String> {
        self.hits.iter().find_map(|hit| {
            let Role::Excludes { why, place, only } = self.role(hit) else { return None };
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
                Place::Head => self.is_head(hit, goods),
                Place::Behind => self.is_right_behind(hit, goods),
            };
            counts.then(|| format!("\"{}\": {why}", self.word(hit)))
        })
    }

    /// Whether a word behind the goods follows a count or a length, and so comes with them: `4 probes`, `30 m cable`.
    fn comes_counted(&self, word: &Hit, goods: &Hit) -> bool {
        if goods.first == usize::MAX || word.first <= goods.end {
            return false;
        }
        let before = self.text.words()[word.first - 1];
        let text = self.text.word(word.first - 1);
        let is_count = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_count || self.amounts.iter().any(|amount| amount.end == before.end && amount.start > 0)
    }

    /// Whether a word is the head of the phrase in which the goods stand.
    fn is_head(&self, word: &Hit, goods: &Hit) -> bool {
        if goods.first == usize::MAX {
            return word.first == 0;
        }
        if self.is_right_behind(word, goods) || (word.first == 0 && word.end <= goods.first) {
            return true;
        }
        let is_of =
            |at: usize| self.hits.iter().any(|hit| hit.first == at && matches!(self.role(hit), Role::Of));
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

    fn word(&self, hit: &Hit) -> String {
        if hit.first == usize::MAX {
            let model = self.models.iter().find(|(_, model, _)| model.first == usize::MAX);
            return model.map(|(_, _, text)| text.clone()).unwrap_or_default();
        }
        raw(&self.text, *hit)
    }

    /// A figure with the condition it was compared with: `7.5 HP (5.59 kW), against power >= 5 HP (3.73 kW)`.
    fn figure(&self, amount: &Amount, condition: &parameters::Condition) -> String {
        let units = &self.items.units;
        let base = &units.quantity(amount.quantity).base;
        let same = (amount.low - amount.high).abs() < f64::EPSILON * amount.high.abs();
        let converted = match (readable(amount.low), readable(amount.high)) {
            (_, Some(high)) if same => format!(" ({high} {base})"),
            (Some(low), Some(high)) => format!(" ({low} to {high} {base})"),
            _ => String::new(),
        };
        let limit = condition.limit_in_base(units).map_or_else(String::new, |limit| format!(" ({limit})"));
        format!("{}{converted}, against {}{limit}", amount.text, condition.text)
    }
}

fn raw(text: &Folded, hit: Hit) -> String {
    let words = text.words();
    match (words.get(hit.first), words.get(hit.end.wrapping_sub(1))) {
        (Some(first), Some(last)) => text.raw(first.start, last.end).to_owned(),
        _ => String::new(),
    }
}

/// Where each word stands: in the goods, in what comes with them, in what they are for, in what is left out.
fn zones(items: &Items, text: &Folded, hits: &[Hit]) -> Vec<Zone> {
    let count = text.words().len();
    let mut zones = vec![Zone::Main; count];
    for hit in hits {
        let zone = match items.roles[usize::from(hit.concept)] {
            Role::With => Zone::With,
            Role::Without => Zone::Without,
            Role::For => Zone::For,
            Role::ForBehind => {
                zones[..hit.first].fill(Zone::For);
                continue;
            }
            _ => continue,
        };
        // A description that begins with "for" or "with" names its goods there.
        if hit.first > 0 {
            zones[hit.end.min(count)..].fill(zone);
        }
    }
    zones
}

/// Of a word of goods and a word that excludes, one within the other, the longer counts.
fn longest_wins(items: &Items, hits: &mut Vec<Hit>) {
    let excludes = |hit: &Hit| matches!(items.roles[usize::from(hit.concept)], Role::Excludes { .. });
    let names = |hit: &Hit| matches!(items.roles[usize::from(hit.concept)], Role::Names);
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

fn candidate(paragraph: &Paragraph, confidence: Confidence, heading: Option<&str>) -> Candidate {
    Candidate {
        paragraph: paragraph.id.clone(),
        item: paragraph.item.clone(),
        confidence,
        words: Vec::new(),
        figures: Vec::new(),
        heading: heading.map(str::to_owned),
        model: None,
        threshold: paragraph.threshold.clone(),
        neighbor_of: paragraph.neighbor_of.clone(),
        ask: paragraph.ask.clone(),
        fits: paragraph.fits.clone(),
    }
}

/// The paragraph to which a heading points that holds little else: a candidate where the description says nothing, and
/// for the file where it says something else.
fn by_heading_alone(items: &Items, code: Option<&ScheduleB>, says_nothing: bool, reading: &mut Reading) {
    let found =
        items.paragraphs.iter().find_map(|paragraph| Some((paragraph, paragraph.heading_alone(code)?)));
    let Some((paragraph, heading)) = found else { return };
    let is_known =
        reading.candidates.iter().map(|known| &known.paragraph).any(|known| known == &paragraph.id);
    if says_nothing && reading.is_empty() {
        reading.candidates.push(candidate(paragraph, Confidence::Low, Some(heading)));
    } else if !is_known {
        reading.set_aside.push(SetAside {
            paragraph: paragraph.id.clone(),
            aside: Aside::HeadingOnly,
            word: heading.to_owned(),
            why: format!("the tariff code stands under {heading}, and the description says something else"),
        });
    }
}

/// Lets paragraphs for what is not specified elsewhere stand back, and orders the rest.
fn settle(items: &Items, reading: &mut Reading) {
    let certain: Vec<Eccn> = reading
        .candidates
        .iter()
        .filter(|candidate| candidate.confidence >= Confidence::High)
        .map(|candidate| candidate.paragraph.clone())
        .collect();
    reading.candidates.retain(|candidate| {
        let paragraph = items.paragraphs.iter().find(|paragraph| paragraph.id == candidate.paragraph);
        !paragraph.is_some_and(|paragraph| {
            paragraph.yields_to.iter().any(|other| certain.iter().any(|found| found.is_within(other)))
        })
    });
    reading
        .candidates
        .sort_by_key(|candidate| (!candidate.is_neighbor(), std::cmp::Reverse(candidate.confidence)));
    reading.candidates.truncate(CANDIDATES_SHOWN);
}
