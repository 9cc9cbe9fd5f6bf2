//! A party field split into words, each with what stands before it.
//!
//! Which of the words name the party is decided in `marks`, and in how many ways the field can be read in `views`.

use super::fold::{Letters, fold_into};
use super::lexicon::{Lexicon, Token, TokenId};

/// Words beyond this many are not read; no field of a party is that long.
pub(super) const MAX_WORDS: usize = 48;
/// Field widths of common systems: a text of exactly this length has probably been cut.
const FIELD_WIDTHS: [usize; 9] = [20, 24, 25, 30, 35, 40, 50, 60, 70];

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// A space, or the beginning.
    Space,
    /// A dot or hyphen without a space.
    Tight,
    /// A slash without a space.
    Slash,
    /// A closing bracket.
    Close,
    /// A comma, a dash among spaces, a colon: a new part begins.
    Part,
    /// An opening bracket.
    Open,
    /// A semicolon, a line break, a bar, two slashes, a slash among spaces: a new party may begin.
    Party,
}

/// What a word does in the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Name,
    Legal,
    Noise,
    /// An office or a part in the shipment; some names really end so.
    Office,
    Care,
}

/// A word of the field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    start: u32,
    end: u32,
    pub(super) token: TokenId,
    pub(super) gap: Gap,
    pub(super) used: Use,
    pub(super) bracketed: bool,
    /// Whether an address begins here, if one does.
    pub(super) address: bool,
}

/// A field read into words.
#[derive(Default)]
pub(super) struct Line {
    text: String,
    pub(super) words: Vec<Word>,
    /// Whether the field is as long as a field of a system, so that its last word may be cut.
    pub(super) cut: bool,
    /// Whether its letters could be read in another way.
    pub(super) otherwise: bool,
}

impl Line {
    /// Reads a party field.
    pub(super) fn read_field(&mut self, text: &str, letters: Letters, lexicon: &mut Lexicon) {
        self.split(text, letters, lexicon);
        self.mark_phrases(lexicon, true);
        self.join_initials(lexicon);
        self.mark_numbers(lexicon);
    }

    /// Reads a name of the list: nothing but legal forms is set aside.
    pub(super) fn read_name(&mut self, text: &str, lexicon: &mut Lexicon) {
        self.split(text, Letters::AsTheyCome, lexicon);
        self.mark_phrases(lexicon, false);
        self.join_initials(lexicon);
    }

    fn split(&mut self, raw: &str, letters: Letters, lexicon: &mut Lexicon) {
        let whole_word_last = raw.trim_end().ends_with([')', ']', '.']);
        self.cut = !whole_word_last && FIELD_WIDTHS.contains(&raw.trim().chars().count());
        self.otherwise = fold_into(raw, letters, &mut self.text);
        self.words.clear();
        let (mut start, mut gap, mut depth) = (None, Gap::Space, 0_u8);
        let mut before = ' ';
        let mut chars = self.text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c.is_alphanumeric() {
                if start.is_none() {
                    start = Some(at);
                }
            } else {
                if let Some(from) = start.take() {
                    push(&mut self.words, from, at, gap, depth > 0);
                    gap = Gap::Space;
                }
                let spaced = before == ' ' || chars.peek().is_none_or(|&(_, next)| next == ' ');
                let found = match c {
                    '(' | '[' | '{' => {
                        depth = depth.saturating_add(1);
                        Gap::Open
                    }
                    ')' | ']' | '}' => {
                        depth = depth.saturating_sub(1);
                        Gap::Close
                    }
                    ';' | '\n' | '\r' | '|' => Gap::Party,
                    '/' if before == '/' => Gap::Party,
                    '/' if before == ' ' && spaced => Gap::Party,
                    ',' | ':' | '*' | '\t' => Gap::Part,
                    '-' if before == ' ' => Gap::Part,
                    ' ' if matches!(gap, Gap::Tight | Gap::Slash) => {
                        gap = Gap::Space;
                        Gap::Space
                    }
                    ' ' => Gap::Space,
                    '/' => Gap::Slash,
                    _ => Gap::Tight,
                };
                gap = gap.max(found);
            }
            before = c;
        }
        if let Some(from) = start {
            push(&mut self.words, from, self.text.len(), gap, depth > 0);
        }
        self.drop_echoes();
        for word in &mut self.words {
            word.token = lexicon.token(&self.text[word.start as usize..word.end as usize]);
        }
    }

    /// A word written twice in a row, as exports that join two fields leave it, is one word.
    fn drop_echoes(&mut self) {
        for at in (1..self.words.len()).rev() {
            let echo = self.words[at].gap == Gap::Space && self.word(at) == self.word(at - 1);
            if echo && self.word(at).len() > 2 {
                self.words.remove(at);
            }
        }
    }

    /// The letters of a word.
    pub(super) fn word(&self, at: usize) -> &str {
        let word = &self.words[at];
        &self.text[word.start as usize..word.end as usize]
    }

    /// What is known of a word.
    pub(super) fn token<'l>(&self, at: usize, lexicon: &'l Lexicon) -> &'l Token {
        lexicon.get(self.words[at].token)
    }

    /// Makes one word of single letters: `U.E.C.`, `P A E C`.
    fn join_initials(&mut self, lexicon: &mut Lexicon) {
        let single = |line: &Self, at: usize| {
            let word = &line.words[at];
            word.used == Use::Name
                && !word.address
                && word.end - word.start == 1
                && line.text.as_bytes()[word.start as usize].is_ascii_alphabetic()
        };
        let (mut at, mut kept) = (0, 0);
        while at < self.words.len() {
            let mut end = at + 1;
            if single(self, at) {
                while end < self.words.len()
                    && single(self, end)
                    && matches!(self.words[end].gap, Gap::Space | Gap::Tight)
                {
                    end += 1;
                }
            }
            let mut word = self.words[at];
            if end > at + 1 {
                let start = self.text.len();
                for i in at..end {
                    let letter = self.text.as_bytes()[self.words[i].start as usize];
                    self.text.push(char::from(letter));
                }
                (word.start, word.end) = (start as u32, self.text.len() as u32);
                word.token = lexicon.token(&self.text[start..]);
            }
            self.words[kept] = word;
            kept += 1;
            at = end;
        }
        self.words.truncate(kept);
    }

    /// The words of a reading, each with its place.
    pub(super) fn places(&self, words: u64) -> impl Iterator<Item = (usize, &str)> {
        bits(words).map(|at| (at, self.word(at)))
    }
}

/// The places that a mask holds, in order.
pub(super) fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = mask.trailing_zeros() as usize;
        (mask != 0).then(|| {
            mask &= mask - 1;
            at
        })
    })
}

fn push(words: &mut Vec<Word>, start: usize, end: usize, gap: Gap, bracketed: bool) {
    if words.len() < MAX_WORDS {
        let (start, end) = (start as u32, end as u32);
        words.push(Word { start, end, token: 0, gap, used: Use::Name, bracketed, address: false });
    }
}
