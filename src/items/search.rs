//! The search of one description for all terms of the vocabulary.

use super::forms::Forms;
use super::lexicon::{Hit, Lexicon, Term};
use super::parts::{HEAD, Part, head, tail, within};
use super::pattern::{is_beginning, is_cut_short};
use super::text::Folded;

/// Shorter words are too many things to be taken for a part of one.
const SHORTEST_CUT: usize = 5;

/// The terms of a description as they are found.
pub(super) struct Search<'s> {
    lexicon: &'s Lexicon,
    text: &'s Folded<'s>,
    forms: &'s Forms<'s>,
    /// Whether the end of the last word may be missing.
    may_be_cut: bool,
    hits: Vec<Hit>,
}

impl<'s> Search<'s> {
    /// A search that has found nothing yet.
    pub(super) fn new(lexicon: &'s Lexicon, text: &'s Folded<'s>, forms: &'s Forms<'s>) -> Self {
        // A word that is known whole was not cut.
        let is_known = |word: &&str| lexicon.exact.contains_key(*word);
        let may_be_cut = text.may_be_cut() && forms.last().is_some_and(|forms| !forms.iter().any(is_known));
        Self { lexicon, text, forms, may_be_cut, hits: Vec::new() }
    }

    /// Every term that the text names, in the order of the words.
    pub(super) fn all(mut self) -> Vec<Hit> {
        for first in 0..self.forms.len() {
            self.from(first);
        }
        self.hits.sort_unstable_by_key(|hit| (hit.first, hit.end, hit.concept, hit.is_cut));
        self.hits.dedup_by_key(|hit| (hit.first, hit.end, hit.concept));
        self.hits
    }

    /// Finds the terms that begin at a word.
    fn from(&mut self, first: usize) {
        let lexicon = self.lexicon;
        let forms = self.forms.word(first);
        let word = forms[0];
        for (at, form) in forms.iter().enumerate() {
            self.try_all(lexicon.exact.get(*form), first, true);
            if let Some(bytes) = form.as_bytes().last_chunk() {
                self.by_part(tail(*bytes), first);
            }
            // What begins or holds the singular is found in the plural.
            if at > 0 && word.starts_with(form) {
                continue;
            }
            for length in 1..=form.len().min(HEAD) {
                self.by_part(head(form, length), first);
            }
            for window in form.as_bytes().windows(3) {
                self.by_part(within([window[0], window[1], window[2]]), first);
            }
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            self.try_all(Some(&lexicon.digits), first, false);
        }
        if self.is_cut(first) || self.is_unknown(first) {
            let from = lexicon.sorted.partition_point(|own| **own < *word);
            for own in lexicon.sorted[from..].iter().take_while(|own| own.starts_with(word)) {
                if self.may_stand_for(first, own) {
                    self.try_all(lexicon.exact.get(own), first, false);
                }
            }
        }
    }

    /// Tries the terms to which a part of a word leads.
    fn by_part(&mut self, part: Part, first: usize) {
        if self.lexicon.filter.may_hold(part) {
            self.try_all(self.lexicon.parts.get(&part), first, false);
        }
    }

    /// Tries terms that may begin at a word; `is_known` where their first word is known to be meant.
    fn try_all(&mut self, terms: Option<&Vec<u32>>, first: usize, is_known: bool) {
        for index in terms.into_iter().flatten() {
            let term = &self.lexicon.terms[*index as usize];
            if let Some(is_cut) = self.is_meant(term, first, is_known) {
                let end = first + term.words.len();
                self.hits.push(Hit { concept: term.concept, first, end, is_cut });
            }
        }
    }

    /// Whether the end of a word may be missing: the field ended there, or a point abbreviates it.
    fn is_cut(&self, at: usize) -> bool {
        if at + 1 == self.forms.len() && self.may_be_cut {
            return true;
        }
        self.text.point_behind(at) && self.is_unknown(at)
    }

    /// Whether no term begins with a word of letters.
    fn is_unknown(&self, at: usize) -> bool {
        let forms = self.forms.word(at);
        forms[0].len() >= SHORTEST_CUT
            && forms[0].bytes().all(|byte| byte.is_ascii_alphabetic())
            && !forms.iter().any(|form| self.lexicon.exact.contains_key(*form))
    }

    /// Whether a word may be this one, cut short.
    fn may_stand_for(&self, at: usize, own: &str) -> bool {
        let word = self.forms.word(at)[0];
        (is_beginning(own, word) && self.is_cut(at)) || (is_cut_short(own, word) && self.is_unknown(at))
    }

    /// Whether a term stands at a word, and whether the end of one of its words is missing.
    fn is_meant(&self, term: &Term, first: usize, mut is_known: bool) -> Option<bool> {
        let count = self.forms.len();
        if first + term.words.len() > count {
            return None;
        }
        let mut is_cut = false;
        for (at, (pattern, slash)) in (first..).zip(&term.words) {
            let forms = self.forms.word(at);
            if !std::mem::take(&mut is_known) && !pattern.matches(forms) {
                if !pattern.whole().is_some_and(|own| self.may_stand_for(at, own)) {
                    return None;
                }
                is_cut = true;
            }
            if *slash && !self.text.slash_behind(at) {
                return None;
            }
        }
        Some(is_cut)
    }
}
