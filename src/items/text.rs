//! A description folded for reading: lower case, without accents, cut into words that remember where they stood.
//!
//! Owns characters alone; what a word means is `lexicon`'s, what a number means is `parameters`'.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// How many characters of a description are read. ERP fields hold 40 to 255; a whole data sheet pasted into a cell is
/// cut here, so that time and memory stay bounded.
const READ_AT_MOST: usize = 1_000;

/// A folded word: letters and digits without anything between them, or a single `+`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    /// The first byte in the folded text.
    pub(super) start: usize,
    /// The byte behind it.
    pub(super) end: usize,
}

/// A folded description.
#[derive(Debug, Clone, Default)]
pub(super) struct Folded<'r> {
    text: String,
    /// For every byte of the folded text, the byte of the raw text it came from; empty where they are the same.
    raw_at: Vec<u32>,
    raw: &'r str,
    words: Vec<Word>,
    /// Words with digraphs, and what they are with vowels in their place.
    digraphs: Vec<(usize, String)>,
}

impl<'r> Folded<'r> {
    /// Folds a description.
    pub(super) fn new(raw: &'r str) -> Self {
        if raw.is_ascii() {
            let raw = &raw[..raw.len().min(READ_AT_MOST)];
            let mut folded = Self { text: raw.to_ascii_lowercase(), raw, ..Self::default() };
            folded.cut_into_words();
            return folded;
        }
        let end = raw.char_indices().nth(READ_AT_MOST).map_or(raw.len(), |(at, _)| at);
        let raw = &raw[..end];
        let mut folded = Self {
            text: String::with_capacity(raw.len()),
            raw_at: Vec::with_capacity(raw.len()),
            raw,
            ..Self::default()
        };
        for (at, c) in raw.char_indices() {
            if c.is_ascii() {
                folded.push(c.to_ascii_lowercase(), at);
                continue;
            }
            // A vulgar fraction behind a digit is a mixed number: 2½ is 2-1/2, not 21/2.
            if matches!(c, '\u{bc}'..='\u{be}' | '\u{2150}'..='\u{215e}')
                && folded.text.ends_with(|last: char| last.is_ascii_digit())
            {
                folded.push('-', at);
            }
            decompose_compatible(c, |part| {
                if !is_combining_mark(part) {
                    folded.push_folded(part, at);
                }
            });
        }
        folded.cut_into_words();
        folded
    }

    fn push_folded(&mut self, c: char, at: usize) {
        match c {
            'ß' => self.push_all("ss", at),
            'æ' | 'Æ' => self.push_all("ae", at),
            'œ' | 'Œ' => self.push_all("oe", at),
            'ı' => self.push('i', at),
            'ø' | 'Ø' | '\u{2300}' => self.push('o', at),
            'ł' | 'Ł' => self.push('l', at),
            'đ' | 'Đ' => self.push('d', at),
            'μ' => self.push('u', at),
            '×' => self.push('x', at),
            '\u{2044}' | '\u{2215}' => self.push('/', at),
            '“' | '”' | '„' | '″' => self.push('"', at),
            '‘' | '’' | '′' => self.push('\'', at),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => self.push('-', at),
            _ => {
                for lower in c.to_lowercase().filter(|lower| !is_combining_mark(*lower)) {
                    // A capital Greek Mu is the micro of a text put into capitals.
                    self.push(if lower == 'μ' { 'u' } else { lower }, at);
                }
            }
        }
    }

    fn push_all(&mut self, text: &str, at: usize) {
        text.chars().for_each(|c| self.push(c, at));
    }

    fn push(&mut self, c: char, at: usize) {
        self.text.push(c);
        self.raw_at.extend(std::iter::repeat_n(at as u32, c.len_utf8()));
    }

    fn cut_into_words(&mut self) {
        let mut words = Vec::with_capacity(self.text.len() / 5 + 1);
        let mut open: Option<usize> = None;
        for (at, c) in self.text.char_indices() {
            if c.is_ascii_alphanumeric() || (!c.is_ascii() && c.is_alphanumeric()) {
                open.get_or_insert(at);
                continue;
            }
            words.extend(open.take().map(|start| Word { start, end: at }));
            if c == '+' {
                words.push(Word { start: at, end: at + 1 });
            }
        }
        words.extend(open.map(|start| Word { start, end: self.text.len() }));
        self.words = words;
        self.fold_digraphs();
    }

    /// The German digraphs of a text without umlauts as their vowels: `behaelter` as `behalter`. Only in words long
    /// enough to be German compounds, and not behind a vowel or a q: `steuerung`, `frequenz`.
    fn fold_digraphs(&mut self) {
        const SHORTEST: usize = 6;
        for (index, word) in self.words.iter().enumerate() {
            let text = &self.text[word.start..word.end];
            let bytes = text.as_bytes();
            let is_digraph = |at: usize| {
                matches!(bytes[at..], [b'a' | b'o' | b'u', b'e', ..])
                    && !at.checked_sub(1).is_some_and(|before| {
                        matches!(bytes[before], b'a' | b'e' | b'i' | b'o' | b'u' | b'q')
                    })
            };
            if bytes.len() >= SHORTEST && (0..bytes.len()).any(is_digraph) {
                let stays =
                    |(at, c): (usize, char)| (!at.checked_sub(1).is_some_and(is_digraph)).then_some(c);
                let plain = text.char_indices().filter_map(stays).collect();
                self.digraphs.push((index, plain));
            }
        }
    }

    /// Words with German digraphs, in their order, and what they are with vowels in their place.
    pub(super) fn digraphs(&self) -> &[(usize, String)] {
        &self.digraphs
    }

    /// The folded text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The words.
    pub(super) fn words(&self) -> &[Word] {
        &self.words
    }

    /// The folded text of a word.
    pub(super) fn word(&self, index: usize) -> &str {
        &self.text[self.words[index].start..self.words[index].end]
    }

    /// Whether a slash follows the word at once, as in `w/`.
    pub(super) fn slash_behind(&self, index: usize) -> bool {
        self.text.as_bytes().get(self.words[index].end) == Some(&b'/')
    }

    /// Whether a point follows the word at once, as behind an abbreviation, and nothing that would make it a number's.
    pub(super) fn point_behind(&self, index: usize) -> bool {
        self.text.as_bytes().get(self.words[index].end) == Some(&b'.')
    }

    /// What stood in the raw text for a stretch of the folded one.
    pub(super) fn raw(&self, start: usize, end: usize) -> &str {
        let at = |place: usize| match self.raw_at.get(place) {
            Some(at) => *at as usize,
            None if self.raw_at.is_empty() => place,
            None => self.raw.len(),
        };
        let (from, to) = (at(start), at(end));
        self.raw.get(from..to.max(from)).unwrap_or("").trim()
    }

    /// Whether an ERP may have cut the last word: the text ends in letters at a length at which fields end.
    pub(super) fn may_be_cut(&self) -> bool {
        const SHORTEST_FIELD: usize = 28;
        self.raw.len() >= SHORTEST_FIELD && self.text.ends_with(char::is_alphabetic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(raw: &str) -> Vec<String> {
        let folded = Folded::new(raw);
        (0..folded.words().len()).map(|index| folded.word(index).to_owned()).collect()
    }

    #[test]
    fn accents_case_and_signs_are_folded() {
        assert_eq!(words("Prüfgerät GC-MS"), ["prufgerat", "gc", "ms"]);
        assert_eq!(words("KROM. İĞNE ıslak"), ["krom", "igne", "islak"]);
        assert_eq!(words("valve w/ SS316 + kit"), ["valve", "w", "ss316", "+", "kit"]);
        assert_eq!(Folded::new("2½″ × 3").text(), "2-1/2'' x 3");
        assert_eq!(Folded::new("50 m³/h").text(), "50 m3/h");
    }

    #[test]
    fn evidence_is_shown_as_it_was_written() {
        let raw = "Kreiselpumpe für Säure";
        let folded = Folded::new(raw);
        let word = folded.words()[1];
        assert_eq!(folded.raw(word.start, word.end), "für");
        let last = folded.words()[2];
        assert_eq!(folded.raw(last.start, last.end), "Säure");
    }

    #[test]
    fn digraphs_stand_for_umlauts_in_long_words() {
        let folded = Folded::new("RUEHRBEHAELTER w/ value");
        assert_eq!(folded.digraphs(), [(0, "ruhrbehalter".to_owned())]);
        assert_eq!(Folded::new("FREQUENZZAEHLER").digraphs(), [(0, "frequenzzahler".to_owned())]);
        assert!(Folded::new("blue valve, steuerung").digraphs().is_empty());
    }

    #[test]
    fn a_pasted_data_sheet_is_cut() {
        for sheet in ["äb".repeat(100_000), "ab".repeat(100_000)] {
            assert_eq!(Folded::new(&sheet).text().len(), READ_AT_MOST);
        }
    }
}
