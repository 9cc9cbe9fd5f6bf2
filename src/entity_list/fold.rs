//! Folding text to what identifies it: case, accents, width, look-alike letters and invisible characters taken away.
//!
//! Knows letters only; words and what they mean in a party name are the business of `line` and `vocabulary`.

use std::sync::LazyLock;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::Map;
use super::vocabulary::data_rows;

/// How one letter outside the Latin alphabet is written, and which Latin letter it is mistaken for.
#[derive(Debug, Clone, Copy)]
struct Letter {
    latin: &'static str,
    lookalike: &'static str,
}

static LETTERS: LazyLock<Map<char, Letter>> = LazyLock::new(|| {
    data_rows(include_str!("../../data/names/letters.csv"))
        .filter_map(|row| {
            let mut fields = row.split(',');
            let letter = fields.next()?.chars().next()?;
            Some((letter, Letter { latin: fields.next()?, lookalike: fields.next()? }))
        })
        .collect()
});

/// The identity of a party's name: two spellings that fold to the same text are the same party in ids and groups.
///
/// Case, accents, punctuation, white space, full-width forms, invisible characters and look-alike letters do not
/// count; words, their order and the legal form do.
pub fn fold_name(text: &str) -> String {
    let folded = fold_text(text);
    let mut name = String::with_capacity(folded.len());
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(word);
    }
    name
}

/// How letters of other alphabets are read where both ways are possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    /// As the word suggests: by sight where alphabets are mixed, else by sound.
    AsTheyCome,
    /// By sight, wherever every letter of a word looks like a Latin one.
    BySight,
}

/// Folds letters and leaves the punctuation between words in place; apostrophes within words vanish.
pub(super) fn fold_text(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, Letters::AsTheyCome, &mut folded);
    folded
}

/// The same into a buffer. Whether a word could be read the other way, too.
pub(super) fn fold_into(text: &str, letters: Letters, out: &mut String) -> bool {
    out.clear();
    if text.is_ascii() {
        out.push_str(text);
        out.make_ascii_lowercase();
        if out.contains(['\'', '`']) {
            out.retain(|c| !matches!(c, '\'' | '`'));
        }
        return false;
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\''
            | '`'
            | '\u{b4}'
            | '\u{2018}'
            | '\u{2019}'
            | '\u{2032}'
            | '\u{ad}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{feff}' => {}
            c if c.is_ascii() => plain.push(c.to_ascii_lowercase()),
            // Some capitals look like one Latin letter and their small form like another.
            c if c.is_uppercase() && LETTERS.contains_key(&c) => plain.push(c),
            c => plain.extend(
                std::iter::once(c)
                    .nfkd()
                    .filter(|&c| !is_combining_mark(c) && !matches!(c, '\'' | '`'))
                    .flat_map(char::to_lowercase)
                    .map(|c| if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { c }),
            ),
        }
    }
    if plain.is_ascii() {
        out.push_str(&plain);
        return false;
    }
    write_in_latin(&plain, letters, out)
}

/// Writes letters of other alphabets in Latin ones: by sight within a word that mixes alphabets, else by sound. Whether a
/// word could be read the other way, too.
fn write_in_latin(text: &str, letters: Letters, out: &mut String) -> bool {
    let latin_elsewhere = text.bytes().any(|b| b.is_ascii_alphabetic());
    let mut otherwise = false;
    for word in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        if word.is_ascii() {
            out.push_str(word);
            continue;
        }
        let mixed = word.bytes().any(|b| b.is_ascii_alphabetic());
        let all_alike = word
            .chars()
            .filter(|c| c.is_alphabetic())
            .all(|c| c.is_ascii() || LETTERS.get(&c).is_some_and(|letter| !letter.lookalike.is_empty()));
        let by_sight = all_alike && (mixed || latin_elsewhere || letters == Letters::BySight);
        otherwise |= all_alike && !by_sight;
        for c in word.chars() {
            match LETTERS.get(&c) {
                Some(letter) if by_sight || (mixed && !letter.lookalike.is_empty()) => {
                    out.push_str(letter.lookalike);
                }
                Some(letter) => out.push_str(letter.latin),
                None => out.push(c),
            }
        }
    }
    otherwise
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_that_does_not_identify_is_folded_away() {
        assert_eq!(fold_name("  B-TEX\u{a0}Weavers (Pvt.) Ltd. "), "b tex weavers pvt ltd");
        assert_eq!(fold_name("ＢＬＵＥ　ＣＨＩＰ"), "blue chip");
        assert_eq!(fold_name("Pówer Plant\u{200b} Workshops"), "power plant workshops");
        assert_eq!(fold_name("PEOPLE´S"), fold_name("People's"));
        assert_eq!(fold_name("Straße"), "strasse");
    }

    #[test]
    fn other_alphabets_are_read_by_sight_or_by_sound() {
        assert_eq!(fold_name("Тrоjаns"), "trojans", "Cyrillic letters within a Latin word");
        assert_eq!(fold_name("ΗΕΑD Αerοspace"), "head aerospace", "Greek capitals that look Latin");
        assert_eq!(fold_name("Газпром"), "gazprom");
        assert_eq!(fold_name("华为"), "华为", "what has no Latin form stays");
    }
}
