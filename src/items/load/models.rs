//! Loads the families of models.

use super::Loading;
use crate::items::lexicon::Concept;
use crate::items::paragraph::{Family, Role};
use crate::items::parameters::read_figure;
use crate::items::raw::RawFamily;

impl Loading {
    /// Reads a family of models of one maker.
    pub(super) fn family(&mut self, raw: &RawFamily) {
        if !raw.verified && raw.source.trim().is_empty() || raw.verified && raw.source.trim().len() < 8 {
            let message = "a family of models needs a `source`: a document of the maker, or where the knowledge is from";
            self.problem(raw.maker.span().start, message);
        }
        for model in raw.models.iter().filter(|_| raw.near.is_empty()) {
            if !model.get_ref().contains(|c: char| c.is_ascii_alphabetic() || c == '@') {
                let message =
                    "a number without letters could be anything; say under `near` what must stand beside it";
                self.problem(model.span().start, message);
            }
        }
        let is = raw.is.iter().filter_map(|text| self.named(text)).collect();
        let near = raw.near.iter().filter_map(|text| self.named(text)).collect();
        let mut gives = Vec::new();
        for text in &raw.gives {
            match read_figure(text.get_ref(), &self.items.units) {
                Ok((quantity, value, shown)) => gives.push((quantity, value, shown)),
                Err(message) => self.problem(text.span().start, message),
            }
        }
        let family = self.items.families.len();
        self.items.families.push(Family {
            maker: raw.maker.get_ref().clone(),
            is,
            gives,
            near,
            verified: raw.verified,
        });
        let concept = self.items.roles.len() as Concept;
        self.items.roles.push(Role::Model(family));
        for model in &raw.models {
            if let Err(message) = self.items.lexicon.add_model(concept, model.get_ref()) {
                self.problem(model.span().start, message);
            }
        }
    }
}
