//! Text folded for lookup: without case, accents, punctuation and words that carry nothing.
//!
//! For names of places and kinds only. Names of parties have their own, finer normalization in `entity_list`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A folded word and where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// The folded text.
    pub folded: String,
    /// The first byte of the word in the text.
    pub start: usize,
    /// The byte behind it.
    pub end: usize,
    /// Whether a comma, a line break or another strong mark stands before it.
    pub begins_segment: bool,
}

/// The folded words of a text joined by blanks: `Korea, Rep. of` is `korea republic`.
pub(crate) fn key(text: &str) -> String {
    let words = words(text);
    let mut key = String::with_capacity(text.len());
    for word in &words {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(&word.folded);
    }
    key
}

/// The folded words. Single letters set apart by points or blanks are one word: `U. A. E.` is `uae`, `N/A` is not.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut inside = false;
    let mut segment = true;
    for (start, c) in text.char_indices() {
        if matches!(c, '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{ad}') || (is_combining_mark(c) && inside) {
            continue;
        }
        if !c.is_alphanumeric() {
            inside = false;
            segment |= matches!(c, ',' | ';' | '\n' | '\r' | '/' | '|' | '(' | ')' | '[' | ']' | ':');
            continue;
        }
        if !inside {
            words.push(Word { folded: String::new(), start, end: start, begins_segment: segment });
            (inside, segment) = (true, false);
        }
        if let Some(word) = words.last_mut() {
            push_folded(&mut word.folded, c);
            word.end = start + c.len_utf8();
        }
    }
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    let mut initials = false;
    for word in words {
        let single = word.folded.len() == 1 && word.folded.as_bytes()[0].is_ascii_alphabetic();
        match joined.last_mut() {
            Some(last)
                if single
                    && initials
                    && text[last.end..word.start].chars().all(|c| c == '.' || c.is_whitespace()) =>
            {
                last.folded.push_str(&word.folded);
                last.end = word.end;
            }
            _ => {
                initials = single;
                joined.push(word);
            }
        }
    }
    for word in &mut joined {
        if let Some(full) = spelled_out(&word.folded) {
            word.folded = full.to_owned();
        }
    }
    joined.retain(|word| !matches!(word.folded.as_str(), "the" | "and" | "of"));
    joined
}

fn push_folded(folded: &mut String, c: char) {
    if c.is_ascii() {
        folded.push(c.to_ascii_lowercase());
        return;
    }
    for c in std::iter::once(c).nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            c if is_combining_mark(c) => {}
            c => folded.push(c),
        }
    }
}

fn spelled_out(word: &str) -> Option<&'static str> {
    Some(match word {
        "rep" => "republic",
        "dem" => "democratic",
        "fed" => "federation",
        "st" | "ste" => "saint",
        "isl" => "islands",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_points_and_blanks_do_not_matter() {
        for (text, expected) in [
            ("Côte d'Ivoire", "cote d ivoire"),
            ("U. A. E.", "uae"),
            ("U.S.A.", "usa"),
            ("Korea,\u{a0}Rep. of", "korea republic"),
            ("TÜRKİYE", "turkiye"),
            ("PAKI\u{200b}STAN", "pakistan"),
            ("Bosnia & Herzegovina", "bosnia herzegovina"),
            ("N/A", "n a"),
        ] {
            assert_eq!(key(text), expected, "{text}");
        }
    }

    #[test]
    fn words_know_where_they_stood() {
        let text = "Plot 5, Lähore";
        let words = words(text);
        assert_eq!(&text[words[2].start..words[2].end], "Lähore");
        assert!(words[2].begins_segment && !words[1].begins_segment);
    }
}
