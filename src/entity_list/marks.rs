//! Which words of a party field name the party: legal forms, prefixes, offices, other parties, addresses and account numbers
//! are told by what stands around them.

use super::legal_forms::{Position, legal_forms};
use super::lexicon::Lexicon;
use super::line::{Gap, Line, Use};
use super::vocabulary::PhraseKind;

/// No legal form has more words than this, however they are split.
const LONGEST_FORM: usize = 8;
/// A form of so many letters may have words of one letter and yet a slip.
const LONG_LETTERS: usize = 20;
/// A word of a form may have a slip from this length on.
const SLIP_LETTERS: usize = 4;
/// Digits of an account number written with letters.
const ACCOUNT_DIGITS: usize = 4;

/// What the words from some place on are.
#[derive(Debug, Clone, Copy)]
enum Mark {
    Form,
    Phrase(PhraseKind),
}

impl Line {
    /// Marks legal forms and, in a field of a record, what is no name; the longest at a place counts.
    pub(super) fn mark_phrases(&mut self, lexicon: &Lexicon, field: bool) {
        let mut letters = String::new();
        let mut at = 0;
        while at < self.words.len() {
            let token = self.token(at, lexicon);
            let mut best: Option<(usize, Mark)> = None;
            if token.begins_form {
                best = self.form_at(at, lexicon, &mut letters).map(|length| (length, Mark::Form));
            }
            if best.is_none()
                && (token.of_form || at + 1 < self.words.len() && self.token(at + 1, lexicon).of_form)
            {
                best = self.form_nearly_at(at, lexicon, &mut letters).map(|length| (length, Mark::Form));
            }
            if field {
                for phrase in token.phrases {
                    let length = phrase.rest.len() + 1;
                    let fits = at + length <= self.words.len()
                        && best.is_none_or(|(longest, mark)| {
                            longest < length || longest == length && matches!(mark, Mark::Form)
                        })
                        && phrase.rest.iter().enumerate().all(|(i, word)| self.word(at + 1 + i) == *word)
                        && self.applies(phrase.kind, at, length, lexicon);
                    if fits {
                        best = Some((length, Mark::Phrase(phrase.kind)));
                    }
                }
            }
            let Some((length, mark)) = best else {
                at += 1;
                continue;
            };
            // No name begins with a role, or ends with one that has been set apart from it.
            let apart = self.begins_part(at);
            for word in &mut self.words[at..at + length] {
                match mark {
                    Mark::Form => word.used = Use::Legal,
                    Mark::Phrase(PhraseKind::Role) if apart => word.used = Use::Noise,
                    Mark::Phrase(PhraseKind::Role | PhraseKind::Office) => word.used = Use::Office,
                    Mark::Phrase(PhraseKind::Prefix | PhraseKind::Status) => word.used = Use::Noise,
                    Mark::Phrase(PhraseKind::Care) => word.used = Use::Care,
                    Mark::Phrase(PhraseKind::Address | PhraseKind::AddressWithNumber) => word.address = true,
                }
            }
            at += length;
        }
        // `B.V. Private Limited`: a form that must come last is known to once the ones behind it are.
        for at in (1..self.words.len()).rev() {
            if self.words[at].used == Use::Name
                && self.token(at, lexicon).begins_form
                && let Some(length) = self.form_at(at, lexicon, &mut letters)
                // A form keeps its words: in `AK S L.L.C.` no S.L. is made of one of them.
                && self.words[at..at + length].iter().all(|word| word.used == Use::Name)
            {
                for word in &mut self.words[at..at + length] {
                    word.used = Use::Legal;
                }
            }
        }
    }

    /// How many words from here on are a legal form, however spaced.
    fn form_at(&self, at: usize, lexicon: &Lexicon, letters: &mut String) -> Option<usize> {
        let forms = legal_forms();
        let mut longest = None;
        letters.clear();
        for end in at..self.words.len().min(at + LONGEST_FORM) {
            // `A/S` is a form, `Ltd C/O` is none.
            let slash = self.words[end].gap == Gap::Slash && (at..=end).any(|i| self.word(i).len() > 1);
            if end > at && (self.words[end].gap == Gap::Party || slash) {
                break;
            }
            letters.push_str(self.word(end));
            if !forms.begins(letters) {
                break;
            }
            let length = end + 1 - at;
            if let Some(position) = forms.exactly(letters)
                && self.may_stand(position, at, length, lexicon)
            {
                longest = Some(length);
            }
        }
        longest
    }

    /// Likewise for a long form with a letter wrong.
    fn form_nearly_at(&self, at: usize, lexicon: &Lexicon, letters: &mut String) -> Option<usize> {
        let forms = legal_forms();
        let mut longest = None;
        letters.clear();
        for end in at..self.words.len().min(at + LONGEST_FORM) {
            if end > at && self.words[end].gap == Gap::Party {
                break;
            }
            letters.push_str(self.word(end));
            let known = (at..=end).filter(|&i| self.token(i, lexicon).of_form).count();
            // The letter too many may be a name: `Group A Co. Ltd.`
            let letter = letters.len() < LONG_LETTERS && (at..=end).any(|i| self.word(i).len() == 1);
            // Three letters are too few for a slip: `Balloons SMT Private Limited` has no `SMC Private Limited`.
            let short =
                (at..=end).any(|i| self.word(i).len() < SLIP_LETTERS && !self.token(i, lexicon).of_form);
            if end > at && known > 0 && !letter && !short && forms.nearly(letters) {
                longest = Some(end + 1 - at);
            }
        }
        longest
    }

    fn behind(&self, at: usize, lexicon: &Lexicon) -> bool {
        let word = &self.words[at];
        word.used == Use::Legal || word.gap >= Gap::Slash || word.address || self.token(at, lexicon).place
    }

    fn ends_part(&self, end: usize, lexicon: &Lexicon) -> bool {
        end == self.words.len()
            || !matches!(self.words[end].gap, Gap::Space | Gap::Tight | Gap::Slash)
            || self.begins_address(end, lexicon)
            || (end..self.words.len()).all(|at| self.behind(at, lexicon))
    }

    fn begins_part(&self, at: usize) -> bool {
        at == 0
            || matches!(self.words[at].gap, Gap::Part | Gap::Party | Gap::Open)
            || matches!(self.words[at - 1].used, Use::Noise | Use::Office | Use::Care)
    }

    fn may_stand(&self, position: Position, at: usize, length: usize, lexicon: &Lexicon) -> bool {
        let end = at + length;
        // `C.A.S.` holds no `A.S.`, but `Group A L.L.C.` ends with a form.
        let letter = |at: usize| self.word(at).len() == 1;
        // `Maples SA L.L.C.` ends with L.L.C., not with SAL.
        if end < self.words.len() && letter(end - 1) && letter(end) && self.words[end].gap == Gap::Tight {
            return false;
        }
        if length > 1 && (at..end).all(letter) {
            let within = self.words[at + 1].gap;
            let goes_on = |at: usize| letter(at) && within <= Gap::Tight && self.words[at].gap == within;
            let follows = at > 0 && letter(at - 1) && goes_on(at);
            // `A-K-S L.L.C.` ends with L.L.C., not with S.L.L.
            let is_mixed = (at + 1..end).any(|i| self.words[i].gap != within);
            if follows || is_mixed || end < self.words.len() && goes_on(end) {
                return false;
            }
        }
        let at_end = || {
            at > 0
                && (self.words.get(end).is_none_or(|next| next.gap >= Gap::Close)
                    || self.begins_address(end, lexicon)
                    || (end..self.words.len()).all(|at| self.behind(at, lexicon)))
        };
        match position {
            Position::Anywhere => true,
            Position::End => at_end(),
            Position::Edge => at == 0 && end < self.words.len() || at_end(),
        }
    }

    /// Whether an address phrase begins here.
    fn begins_address(&self, at: usize, lexicon: &Lexicon) -> bool {
        at < self.words.len()
            && self.token(at, lexicon).phrases.iter().any(|phrase| {
                let end = at + 1 + phrase.rest.len();
                matches!(phrase.kind, PhraseKind::Address | PhraseKind::AddressWithNumber)
                    && end <= self.words.len()
                    && phrase.rest.iter().enumerate().all(|(i, word)| self.word(at + 1 + i) == *word)
                    && self.applies(phrase.kind, at, phrase.rest.len() + 1, lexicon)
            })
    }

    fn applies(&self, kind: PhraseKind, at: usize, length: usize, lexicon: &Lexicon) -> bool {
        let end = at + length;
        let slashed =
            self.word(at).len() > 1 || self.words[at + 1..end].iter().all(|word| word.gap == Gap::Slash);
        match kind {
            // Single letters are a prefix when written M/S or A/C, and initials otherwise.
            PhraseKind::Prefix => self.begins_part(at) && (length > 1 || end < self.words.len()) && slashed,
            // `Consignee: X`, `End user X`.
            PhraseKind::Role if self.begins_part(at) && end < self.words.len() => {
                length > 1 && self.words[at + 1].gap != Gap::Party
                    || !matches!(self.words[end].gap, Gap::Space | Gap::Tight | Gap::Slash)
            }
            PhraseKind::Role | PhraseKind::Office => {
                at > 0 && self.ends_part(end, lexicon) && (self.begins_part(at) || length > 1)
            }
            PhraseKind::Status => at > 0 && self.begins_part(at) && self.ends_part(end, lexicon),
            PhraseKind::Care => slashed && end < self.words.len(),
            PhraseKind::Address => at > 0,
            PhraseKind::AddressWithNumber => {
                let figure = |i: usize| i < self.words.len() && self.token(i, lexicon).digits > 0;
                at > 0 && (figure(end) || figure(end + 1) || figure(at - 1))
            }
        }
    }

    /// Sets account numbers aside.
    pub(super) fn mark_numbers(&mut self, lexicon: &Lexicon) {
        let leading = self.words.iter().position(|word| word.used == Use::Name);
        for at in 0..self.words.len() {
            let text = self.word(at);
            let digits = self.token(at, lexicon).digits as usize;
            let next = self.words.get(at + 1);
            let number = digits >= ACCOUNT_DIGITS && digits == text.len();
            let code = digits >= ACCOUNT_DIGITS && (digits + 1..=digits + 3).contains(&text.len());
            let alone = self.words[at].bracketed && next.is_none_or(|next| next.gap >= Gap::Close);
            let account = number
                && (Some(at) == leading && next.is_some_and(|next| next.gap == Gap::Part)
                    || text.len() >= 6
                    || alone
                    || at + 1 == self.words.len() && self.words[at].gap != Gap::Space)
                || code && (Some(at) == leading && next.is_some() || alone);
            if account {
                self.words[at].used = Use::Noise;
            }
        }
    }
}
