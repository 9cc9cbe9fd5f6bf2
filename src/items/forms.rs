//! The forms under which a word of a description is compared: as written, without a plural ending, spelled out, and
//! with umlauts in the place of digraphs.
//!
//! Knows words alone; which of them mean something is `lexicon`'s.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::pattern::singulars;
use super::text::Folded;

/// Variants with the words they stand for: `vlv`, valve.
pub(super) type Variants = HashMap<Box<str>, Box<str>, RandomState>;

/// The forms of every word of a description; the first form of each is the word as written.
pub(super) struct Forms<'t> {
    forms: Vec<&'t str>,
    /// Behind the last form of each word.
    ends: Vec<u32>,
}

impl<'t> Forms<'t> {
    /// The forms of the words of a text.
    pub(super) fn of(text: &'t Folded<'_>, variants: &'t Variants) -> Self {
        let count = text.words().len();
        let mut forms = Self { forms: Vec::with_capacity(count * 3), ends: Vec::with_capacity(count) };
        let mut digraphs = text.digraphs().iter().peekable();
        for index in 0..count {
            let word = text.word(index);
            forms.forms.extend(singulars(word));
            if !variants.is_empty() {
                let long = singulars(word).find_map(|word| variants.get(word));
                forms.forms.extend(long.map(|long| &**long));
            }
            if let Some((_, plain)) = digraphs.next_if(|(at, _)| *at == index) {
                forms.forms.extend(singulars(plain));
            }
            forms.ends.push(forms.forms.len() as u32);
        }
        forms
    }

    /// The forms of one word.
    pub(super) fn word(&self, index: usize) -> &[&'t str] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.forms[start..self.ends[index] as usize]
    }

    /// The forms of the last word.
    pub(super) fn last(&self) -> Option<&[&'t str]> {
        self.len().checked_sub(1).map(|last| self.word(last))
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_compared_under_all_its_forms() {
        let variants = Variants::from_iter([("vlv".into(), "valve".into())]);
        let text = Folded::new("VLVS Behaelter");
        let forms = Forms::of(&text, &variants);
        assert_eq!(forms.len(), 2);
        assert_eq!(forms.word(0), ["vlvs", "vlv", "valve"]);
        assert_eq!(forms.word(1), ["behaelter", "behalter"]);
    }
}
