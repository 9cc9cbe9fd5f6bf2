//! One description against every paragraph whose goods it names: which signs are there, what speaks against, what is
//! left to ask.

use super::Items;
use super::description::{Description, names_other_goods};
use super::lexicon::Hit;
use super::paragraph::{Paragraph, Sign};
use super::parameters::{Amount, Answer, Condition, Units, readable};
use super::reading::{Aside, Candidate, Confidence, Reading, SetAside};
use super::zones::Zone;
use crate::codes::{Eccn, ScheduleB};

/// How many candidates a reading names.
const CANDIDATES_SHOWN: usize = 4;

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
    let mut reading = Reading::default();
    if let Some(taken_apart) = Description::new(items, description, model) {
        for paragraph in taken_apart.paragraphs() {
            consider(&taken_apart, &items.paragraphs[paragraph], code, &mut reading);
        }
    }
    by_heading_alone(items, code, description, &mut reading);
    settle(items, &mut reading);
    reading
}

/// Asks every sign of a paragraph and keeps the best.
fn consider(
    description: &Description<'_>,
    paragraph: &Paragraph,
    code: Option<&ScheduleB>,
    reading: &mut Reading,
) {
    let mut best: Option<Found> = None;
    let mut aside: Option<SetAside> = None;
    for sign in &paragraph.signs {
        match ask(description, paragraph, sign) {
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

/// Asks whether a sign of a paragraph is there.
fn ask(description: &Description<'_>, paragraph: &Paragraph, sign: &Sign) -> Outcome {
    let Some(goods) = sign.all.first() else { return Outcome::Absent };
    let named: Vec<_> = description.hits_of(goods).collect();
    let Some(first) = named.first() else { return Outcome::Absent };
    let mut words = vec![description.word(first)];
    for alternatives in &sign.all[1..] {
        let Some(hit) = description.hit(alternatives) else { return Outcome::Absent };
        words.push(description.word(hit));
    }
    if !sign.any.is_empty() {
        let Some(hit) = description.hit(&sign.any) else { return Outcome::Absent };
        words.push(description.word(hit));
    }
    // A word that comes with the goods, or is part of their own name, does not speak against them.
    let speaks_against =
        |hit: &&Hit| description.zone(hit) != Zone::With && !named.iter().any(|goods| goods.swallows(**hit));
    if description.hit(&sign.never).is_some()
        || description.hits_of(&sign.none).any(|hit| speaks_against(&hit))
    {
        return Outcome::Absent;
    }
    if sign
        .absent
        .iter()
        .any(|quantity| description.amounts.iter().any(|amount| amount.quantity == *quantity))
    {
        return Outcome::Absent;
    }
    let aside = |aside, why: String| {
        Outcome::Aside(SetAside {
            paragraph: paragraph.id.clone(),
            aside,
            word: description.word(first),
            why,
        })
    };
    // The goods themselves, not what they are for.
    let own: Vec<_> = named
        .iter()
        .filter(|hit| {
            description.zone(hit) == Zone::Main
                || (description.zone(hit) == Zone::With && description.is_model(hit))
        })
        .collect();
    if own.is_empty() {
        let why = format!("\"{}\" is named as what the goods are for or come with", description.word(first));
        return aside(Aside::OnlyFor, why);
    }
    let mut against = None;
    let meant = own.iter().find(|hit| match description.excluded(hit, paragraph, sign) {
        Some(why) => {
            against = Some(why);
            false
        }
        None => true,
    });
    let Some(meant) = meant else { return aside(Aside::OtherGoods, against.unwrap_or_default()) };
    words[0] = description.word(meant);
    let mut figures = Vec::new();
    for condition in &sign.figures {
        match condition.ask(&description.amounts) {
            Answer::Met(amount) => figures.push(figure(&description.items.units, amount, condition)),
            Answer::Contradicted(amount) => {
                let figure = figure(&description.items.units, amount, condition);
                return aside(Aside::Figures, format!("{figure}, which it does not meet"));
            }
            Answer::NoFigure => {
                return aside(Aside::NoFigure, format!("no figure is given for {}", condition.text));
            }
        }
    }
    words.dedup();
    Outcome::Found(Found {
        confidence: sign.confidence,
        words,
        figures,
        model: description.model_of(goods).map(|model| {
            let family = &description.items.families[model.family];
            (family.maker.clone(), family.verified)
        }),
    })
}

/// A figure with the condition it was compared with: `7.5 HP (5.59 kW), against power >= 5 HP (3.73 kW)`.
fn figure(units: &Units, amount: &Amount, condition: &Condition) -> String {
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
fn by_heading_alone(items: &Items, code: Option<&ScheduleB>, description: &str, reading: &mut Reading) {
    if code.is_none() {
        return;
    }
    let found =
        items.paragraphs.iter().find_map(|paragraph| Some((paragraph, paragraph.heading_alone(code)?)));
    let Some((paragraph, heading)) = found else { return };
    let is_known =
        reading.candidates.iter().map(|known| &known.paragraph).any(|known| known == &paragraph.id);
    if reading.is_empty() && !names_other_goods(items, description) {
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
    if reading.candidates.is_empty() {
        return;
    }
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
