//! A party field taken apart: which of its words name the party, and which are prefixes, offices, addresses or marks.
//!
//! A field can be read in more than one way (with or without its brackets, up to where an address begins); each reading
//! is a `View`. Which of them names a listed party is decided in `score`.

use super::fold::fold_text;
use super::vocabulary::{PhraseKind, WordClass, vocabulary};

/// At most this many readings of one field are tried.
const MAX_VIEWS: usize = 8;
/// A word in brackets is an acronym up to this length.
const ACRONYM_LETTERS: usize = 8;
/// Words beyond this many are not read; no field of a party is that long.
const MAX_WORDS: usize = 48;
/// Field widths of common systems: a text of exactly this length has probably been cut.
const FIELD_WIDTHS: [usize; 9] = [20, 24, 25, 30, 35, 40, 50, 60, 70];

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// A space, or the beginning.
    Space,
    /// A dot or hyphen without a space.
    Tight,
    /// A slash without a space.
    Slash,
    /// A comma, a dash among spaces, a colon: a new part begins.
    Part,
    /// A semicolon, a line break, a bar, two slashes, a slash among spaces: a new party may begin.
    Party,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
}

/// What a word does in the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Name,
    Legal,
    Noise,
    /// An office or a part in the shipment; some names really end so.
    Office,
    Care,
}

#[derive(Debug, Clone, Copy)]
struct Word {
    start: u32,
    end: u32,
    gap: Gap,
    used: Use,
    bracketed: bool,
    address: bool,
}

/// A field read into words.
pub(super) struct Line {
    text: String,
    words: Vec<Word>,
    /// Whether the field is as long as a field of a system, so that its last word may be cut.
    pub(super) cut: bool,
}

/// One reading: the words that name the party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct View {
    words: Vec<u8>,
    /// Whether the reading is the field as such, less what is no name; else it is one part of several.
    pub(super) whole: bool,
    /// Whether its last word is the last of the field.
    pub(super) to_the_end: bool,
}

impl Line {
    /// Reads a party field.
    pub(super) fn of_field(text: &str) -> Self {
        let mut line = Self::split(text);
        line.mark_phrases(true);
        line.join_initials();
        line.mark_numbers();
        line
    }

    /// Reads a name of the list: nothing but legal forms is set aside.
    pub(super) fn of_name(text: &str) -> Self {
        let mut line = Self::split(text);
        line.mark_phrases(false);
        line.join_initials();
        line
    }

    fn split(raw: &str) -> Self {
        let whole_word_last = raw.trim_end().ends_with([')', ']', '.']);
        let cut = !whole_word_last && FIELD_WIDTHS.contains(&raw.trim().chars().count());
        let text = fold_text(raw);
        let mut words = Vec::with_capacity(12);
        let (mut start, mut gap, mut depth) = (None, Gap::Space, 0_u8);
        let mut before = ' ';
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c.is_alphanumeric() {
                if start.is_none() {
                    start = Some(at);
                }
            } else {
                if let Some(from) = start.take() {
                    push(&mut words, from, at, gap, depth > 0);
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
                if rank(found) > rank(gap) {
                    gap = found;
                }
            }
            before = c;
        }
        if let Some(from) = start {
            push(&mut words, from, text.len(), gap, depth > 0);
        }
        let mut line = Self { text, words, cut };
        line.drop_echoes();
        line
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

    fn word(&self, at: usize) -> &str {
        let word = &self.words[at];
        &self.text[word.start as usize..word.end as usize]
    }

    /// Marks legal forms and, in a field of a record, what is no name; the longest phrase at a place counts.
    fn mark_phrases(&mut self, field: bool) {
        let words = vocabulary();
        let mut at = 0;
        while at < self.words.len() {
            let mut best: Option<(usize, PhraseKind)> = None;
            for phrase in words.phrases(self.word(at)) {
                let length = phrase.rest.len() + 1;
                let fits = at + length <= self.words.len()
                    && best.is_none_or(|(longest, _)| longest < length)
                    && phrase.rest.iter().enumerate().all(|(i, word)| self.word(at + 1 + i) == *word)
                    && self.applies(phrase.kind, at, length, field);
                if fits {
                    best = Some((length, phrase.kind));
                }
            }
            let Some((length, kind)) = best else {
                at += 1;
                continue;
            };
            for word in &mut self.words[at..at + length] {
                match kind {
                    PhraseKind::LegalAnywhere | PhraseKind::LegalAtEdge | PhraseKind::LegalAtEnd => {
                        word.used = Use::Legal;
                    }
                    PhraseKind::Role => word.used = Use::Office,
                    PhraseKind::Prefix | PhraseKind::Status => word.used = Use::Noise,
                    PhraseKind::Care => word.used = Use::Care,
                    PhraseKind::Address | PhraseKind::AddressWithNumber => word.address = true,
                }
            }
            at += length;
        }
        // `B.V. Private Limited`: a form that must come last is known to once the ones behind it are.
        for at in (1..self.words.len()).rev() {
            if self.words[at].used != Use::Name {
                continue;
            }
            let ends = words.phrases(self.word(at)).iter().find(|phrase| {
                let end = at + 1 + phrase.rest.len();
                matches!(phrase.kind, PhraseKind::LegalAtEdge | PhraseKind::LegalAtEnd)
                    && end <= self.words.len()
                    && phrase.rest.iter().enumerate().all(|(i, word)| self.word(at + 1 + i) == *word)
                    && self.applies(phrase.kind, at, phrase.rest.len() + 1, field)
            });
            if let Some(length) = ends.map(|phrase| phrase.rest.len() + 1) {
                for word in &mut self.words[at..at + length] {
                    word.used = Use::Legal;
                }
            }
        }
    }

    fn applies(&self, kind: PhraseKind, at: usize, length: usize, field: bool) -> bool {
        let end = at + length;
        let behind = |at: usize| {
            let word = &self.words[at];
            word.used == Use::Legal || word.gap != Gap::Space || self.is_place(at as u8)
        };
        let last = (end..self.words.len()).all(behind);
        let begins_part = at == 0
            || matches!(self.words[at].gap, Gap::Part | Gap::Party | Gap::Open)
            || matches!(self.words[at - 1].used, Use::Noise | Use::Office | Use::Care);
        let ends_part = end == self.words.len()
            || !matches!(self.words[end].gap, Gap::Space | Gap::Tight | Gap::Slash)
            || (end..self.words.len()).all(behind);
        let slashed =
            self.word(at).len() > 1 || self.words[at + 1..end].iter().all(|word| word.gap == Gap::Slash);
        match kind {
            PhraseKind::LegalAnywhere => true,
            PhraseKind::LegalAtEnd => at > 0 && last && ends_part,
            PhraseKind::LegalAtEdge => at == 0 && end < self.words.len() || at > 0 && last && ends_part,
            _ if !field => false,
            // Single letters are a prefix when written M/S or A/C, and initials otherwise.
            PhraseKind::Prefix => begins_part && (length > 1 || end < self.words.len()) && slashed,
            PhraseKind::Role => at > 0 && ends_part && (begins_part || length > 1),
            PhraseKind::Status => at > 0 && begins_part && ends_part,
            PhraseKind::Care => slashed,
            PhraseKind::Address => at > 0,
            PhraseKind::AddressWithNumber => {
                let figure = |i: usize| {
                    self.words.get(i).is_some() && self.word(i).bytes().any(|b| b.is_ascii_digit())
                };
                at > 0 && (figure(end) || figure(end + 1) || figure(at - 1))
            }
        }
    }

    /// Makes one word of single letters: `U.E.C.`, `P A E C`.
    fn join_initials(&mut self) {
        let single = |line: &Self, at: usize| {
            let word = &line.words[at];
            word.used == Use::Name
                && word.end - word.start == 1
                && line.text.as_bytes()[word.start as usize].is_ascii_alphabetic()
        };
        let mut joined = Vec::with_capacity(self.words.len());
        let mut at = 0;
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
                let initials: String = (at..end).map(|i| self.word(i).to_owned()).collect();
                word.start = self.text.len() as u32;
                self.text.push_str(&initials);
                word.end = self.text.len() as u32;
            }
            joined.push(word);
            at = end;
        }
        self.words = joined;
    }

    /// Sets account numbers aside.
    fn mark_numbers(&mut self) {
        let digits = |text: &str| text.len() >= 4 && text.bytes().all(|b| b.is_ascii_digit());
        let leading = self.words.iter().position(|word| word.used == Use::Name);
        for at in 0..self.words.len() {
            let account = digits(self.word(at))
                && (Some(at) == leading && self.words.get(at + 1).is_some_and(|next| next.gap == Gap::Part)
                    || self.word(at).len() >= 6
                    || at + 1 == self.words.len() && self.words[at].gap != Gap::Space);
            if account {
                self.words[at].used = Use::Noise;
            }
        }
    }

    /// The words of a reading.
    pub(super) fn words_of<'a>(&'a self, view: &'a View) -> impl Iterator<Item = &'a str> {
        view.words.iter().map(|&at| self.word(at as usize))
    }

    /// The words of a reading with their place in the line.
    pub(super) fn places_of<'a>(&'a self, view: &'a View) -> impl Iterator<Item = (u8, &'a str)> {
        view.words.iter().map(|&at| (at, self.word(at as usize)))
    }

    /// A listed name less the acronym it has in brackets, and the acronym.
    pub(super) fn without_acronym(&self) -> Option<(View, &str)> {
        let named = |at: &usize| self.words[*at].used == Use::Name && !self.joins(*at);
        let (inside, outside): (Vec<usize>, Vec<usize>) =
            (0..self.words.len().min(MAX_WORDS)).filter(named).partition(|&at| self.words[at].bracketed);
        let [acronym] = inside[..] else { return None };
        let acronym = self.word(acronym);
        if outside.len() < 2 || acronym.len() > ACRONYM_LETTERS || vocabulary().word(acronym).is_some() {
            return None;
        }
        let words = outside.iter().map(|&at| at as u8).collect();
        Some((View { words, whole: true, to_the_end: false }, acronym))
    }

    /// The readings worth trying, the whole field first.
    pub(super) fn views(&self) -> Vec<View> {
        let mut views: Vec<View> = Vec::with_capacity(4);
        let names: Vec<u8> = (0..self.words.len().min(MAX_WORDS))
            .filter(|&at| self.words[at].used == Use::Name && !self.joins(at))
            .map(|at| at as u8)
            .collect();
        if names.is_empty() {
            // A field of legal forms and notes alone is read as it stands: `Company` names nobody, but is compared.
            let all = (0..self.words.len().min(MAX_WORDS)).map(|at| at as u8).collect();
            self.add(&mut views, all, true);
            return views;
        }
        let word = |at: u8| &self.words[at as usize];
        let care = self.words.iter().position(|word| word.used == Use::Care);
        let address = names.iter().position(|&at| {
            at != names[0] && (word(at).address || self.word(at as usize).as_bytes()[0].is_ascii_digit())
        });
        let new_party = |at: u8| {
            (1..=at as usize)
                .rev()
                .take_while(|&i| i == at as usize || self.words[i].used != Use::Name)
                .any(|i| self.words[i].gap == Gap::Party)
        };
        let starts_part = |at: u8| {
            let mut i = at as usize;
            loop {
                if i == 0 {
                    return true;
                }
                if !matches!(self.words[i].gap, Gap::Space | Gap::Tight | Gap::Slash) {
                    return true;
                }
                i -= 1;
                if self.words[i].used == Use::Name {
                    return false;
                }
                if self.words[i].used == Use::Care {
                    return true;
                }
            }
        };
        self.add(&mut views, names.clone(), true);
        let outside: Vec<u8> = names.iter().copied().filter(|&at| !word(at).bracketed).collect();
        self.add(&mut views, outside, true);
        if self.words.iter().any(|word| word.used == Use::Office) {
            let with_office = (0..self.words.len().min(MAX_WORDS))
                .filter(|&at| matches!(self.words[at].used, Use::Name | Use::Office) && !self.joins(at))
                .map(|at| at as u8)
                .collect();
            self.add(&mut views, with_office, true);
        }
        if let Some(care) = care {
            let (before, after): (Vec<u8>, Vec<u8>) = names.iter().partition(|&&at| (at as usize) < care);
            self.add(&mut views, before, true);
            self.add(&mut views, after, true);
        }
        if let Some(address) = address {
            let head = &names[..address];
            self.add(&mut views, head.to_vec(), true);
            self.add(&mut views, head.iter().copied().filter(|&at| !word(at).bracketed).collect(), true);
        }
        // A city behind the name, without a comma.
        let places = names.iter().rev().take_while(|&&at| self.is_place(at)).count();
        self.add(&mut views, names[..names.len() - places].to_vec(), false);
        let mut part: Vec<u8> = Vec::new();
        let mut opens = true;
        for (i, &at) in names.iter().enumerate() {
            if i > 0 && starts_part(at) {
                self.add(&mut views, std::mem::take(&mut part), opens);
                opens = new_party(at);
            }
            part.push(at);
        }
        self.add(&mut views, part, opens);
        views
    }

    /// `and`, or the `n` that stands for it between two words.
    fn joins(&self, at: usize) -> bool {
        match self.word(at) {
            "and" => true,
            "n" => at > 0 && self.words.get(at + 1).is_some_and(|next| next.gap == Gap::Space),
            _ => false,
        }
    }

    fn is_place(&self, at: u8) -> bool {
        let known = vocabulary().word(self.word(at as usize));
        known.is_some_and(|info| info.class == WordClass::Place)
    }

    fn add(&self, views: &mut Vec<View>, words: Vec<u8>, whole: bool) {
        if words.is_empty() || views.len() >= MAX_VIEWS || views.iter().any(|view| view.words == words) {
            return;
        }
        let only_places = words
            .iter()
            .all(|&at| self.is_place(at) || self.word(at as usize).bytes().all(|b| b.is_ascii_digit()));
        if only_places && !views.is_empty() {
            return;
        }
        let to_the_end = words.last().is_some_and(|&at| at as usize + 1 == self.words.len());
        views.push(View { words, whole, to_the_end });
    }
}

fn push(words: &mut Vec<Word>, start: usize, end: usize, gap: Gap, bracketed: bool) {
    if words.len() < MAX_WORDS {
        let (start, end) = (start as u32, end as u32);
        words.push(Word { start, end, gap, used: Use::Name, bracketed, address: false });
    }
}

fn rank(gap: Gap) -> u8 {
    match gap {
        Gap::Space => 0,
        Gap::Tight | Gap::Slash => 1,
        Gap::Close => 2,
        Gap::Part => 3,
        Gap::Open => 4,
        Gap::Party => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn views(text: &str) -> Vec<String> {
        let line = Line::of_field(text);
        line.views().iter().map(|view| line.words_of(view).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn legal_forms_and_prefixes_are_set_aside() {
        assert_eq!(views("M/S TROJANS (Pvt.) Ltd."), ["trojans"]);
        assert_eq!(views("MS. Falah Traders Group"), ["falah traders group"]);
        assert_eq!(views("K.B.S. Private Limited"), ["kbs"]);
        assert_eq!(views("0077120034 - Karim and Brothers Overseas"), ["karim brothers overseas"]);
        assert_eq!(views("TO THE ORDER OF M/S Gulf Meridian Supply PVT. LTD"), ["gulf meridian supply"]);
        assert_eq!(views("The Procurement Manager, Margalla Overseas"), ["margalla overseas"]);
        assert_eq!(views("OOO Gazmash"), ["gazmash"]);
    }

    #[test]
    fn a_word_written_twice_is_one_word() {
        assert_eq!(views("Rohtas Rohtas Enterprises"), views("Rohtas Enterprises"));
    }

    #[test]
    fn an_address_ends_the_name() {
        let read = views("TECHNICAL SERVICES SUITE 12 4TH FLOOR GULBERG PLAZA MAIN BOULEVARD LAHORE");
        assert!(read.contains(&"technical services".to_owned()), "{read:?}");
        let read = views("MERIDIAN MULTIMEDIA, P.O. BOX 2207, LAHORE");
        assert!(read.contains(&"meridian multimedia".to_owned()), "{read:?}");
    }

    #[test]
    fn notes_brackets_and_second_parties_are_told_apart() {
        assert_eq!(views("GMSCO (CONSIGNEE)")[0], "gmsco");
        assert_eq!(views("Meridian Overseas // SHIP-TO"), ["meridian overseas"]);
        assert!(
            views("Machinery Master Enterprises (MME)").contains(&"machinery master enterprises".to_owned())
        );
        assert!(views("Marine Systems C/O BONDED WAREHOUSE").contains(&"marine systems".to_owned()));
        assert!(views("Alpha Beta; Global Traders").contains(&"global traders".to_owned()));
    }
}
