//! Loads an entry: its paragraphs with their signs.

use super::Loading;
use crate::codes::{Eccn, ScheduleB};
use crate::items::paragraph::{Paragraph, Sign};
use crate::items::parameters::{Condition, QuantityId};
use crate::items::raw::{RawEntry, RawParagraph, RawSign, Text};
use crate::items::reading::Confidence;

impl Loading {
    /// Reads an entry; the terms of all entries must be known.
    pub(super) fn entry(&mut self, raw: &RawEntry) {
        let Some(eccn) = self.eccn(&raw.eccn) else { return };
        if format!("items/{eccn}.toml") != self.file {
            self.problem(raw.eccn.span().start, format!("a file about {eccn} must be called {eccn}.toml"));
        }
        for (what, text) in [("title", &raw.title), ("citation", &raw.citation)] {
            if text.trim().is_empty() {
                self.problem(raw.eccn.span().start, format!("`{what}` is empty"));
            }
        }
        let fits: Vec<Eccn> = raw.fits.iter().filter_map(|text| self.eccn(text)).collect();
        for paragraph in &raw.paragraph {
            self.paragraph(&eccn, &fits, paragraph);
        }
        for family in &raw.family {
            self.family(family);
        }
    }

    fn paragraph(&mut self, entry: &Eccn, fits: &[Eccn], raw: &RawParagraph) {
        let Some(id) = self.eccn(&raw.id) else { return };
        let neighbor_of: Vec<Eccn> = raw.neighbor_of.iter().filter_map(|text| self.eccn(text)).collect();
        if neighbor_of.is_empty() && !id.is_within(entry) {
            let message = format!("{id} is no paragraph of {entry}; a stricter neighbor needs `neighbor_of`");
            self.problem(raw.id.span().start, message);
        }
        if self.items.paragraphs.iter().any(|known| known.id == id) {
            self.problem(raw.id.span().start, format!("{id} stands twice"));
        }
        if raw.item.trim().is_empty() || raw.ask.trim().is_empty() {
            self.problem(raw.id.span().start, "`item` and `ask` must say something");
        }
        let yields_to = raw.yields_to.iter().filter_map(|text| self.eccn(text)).collect();
        let headings = self.headings(&raw.headings);
        let alone = self.headings(&raw.alone);
        let signs = raw.sign.iter().filter_map(|sign| self.sign(sign)).collect();
        self.items.paragraphs.push(Paragraph {
            id,
            item: raw.item.clone(),
            threshold: raw.threshold.clone(),
            neighbor_of,
            yields_to,
            ask: raw.ask.split_whitespace().collect::<Vec<_>>().join(" "),
            headings,
            alone,
            signs,
            fits: fits.to_vec(),
        });
    }

    fn headings(&mut self, raw: &[Text]) -> Vec<String> {
        for heading in raw {
            if ScheduleB::read(heading.get_ref()).is_none_or(|code| code.digits() != heading.get_ref()) {
                self.problem(
                    heading.span().start,
                    "a tariff heading is written in four digits or more, without points",
                );
            }
        }
        raw.iter().map(|heading| heading.get_ref().clone()).collect()
    }

    fn sign(&mut self, raw: &RawSign) -> Option<Sign> {
        if raw.all.get_ref().is_empty() {
            self.problem(raw.all.span().start, "`all` must name the goods");
            return None;
        }
        let all = raw.all.get_ref().iter().map(|text| self.alternatives(text)).collect();
        let any = raw.any.iter().filter_map(|text| self.named(text)).collect();
        let none = raw.none.iter().filter_map(|text| self.named(text)).collect();
        let never = raw.never.iter().filter_map(|text| self.named(text)).collect();
        let allow = raw.allow.iter().filter_map(|text| self.named(text)).collect();
        let mut figures = Vec::new();
        for text in &raw.figures {
            match Condition::read(text.get_ref(), &self.items.units) {
                Ok(condition) => figures.push(condition),
                Err(message) => self.problem(text.span().start, message),
            }
        }
        let absent = raw.absent.iter().filter_map(|text| self.quantity(text)).collect();
        let confidence = Confidence::from_name(raw.confidence.get_ref());
        if confidence.is_none() {
            let message = "`confidence` must be high, medium, low or hint";
            self.problem(raw.confidence.span().start, message);
        }
        Some(Sign { all, any, none, never, figures, absent, allow, confidence: confidence? })
    }

    fn quantity(&mut self, text: &Text) -> Option<QuantityId> {
        let quantity = self.items.units.quantity_named(text.get_ref());
        if quantity.is_none() {
            self.problem(text.span().start, format!("`{}` is no quantity of units.toml", text.get_ref()));
        }
        quantity
    }

    /// Reads an ECCN as the data writes it.
    pub(super) fn eccn(&mut self, text: &Text) -> Option<Eccn> {
        let eccn = Eccn::canonical(text.get_ref()).filter(|eccn| eccn.to_string() == *text.get_ref());
        if eccn.is_none() {
            self.problem(
                text.span().start,
                format!("`{}` is not an ECCN as the data writes it, `2B999.h.2`", text.get_ref()),
            );
        }
        eccn
    }
}
