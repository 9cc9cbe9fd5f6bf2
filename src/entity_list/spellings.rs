//! One spelling for all the ways a word of another language is written in Latin letters.
//!
//! The rules stand in `data/names/spellings.csv`, a set a group of languages; which words they apply to is decided in `index`
//! and `lookup`.

use std::sync::LazyLock;

use super::vocabulary::data_rows;

/// Languages whose words are romanized alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Languages {
    /// Urdu, Arabic, Persian, Turkish.
    Eastern,
    /// Russian and its neighbors.
    Slavic,
    /// Chinese, whose older romanizations differ in nearly every consonant.
    Chinese,
}

/// Every group of languages.
pub(super) const LANGUAGES: [Languages; 3] = [Languages::Eastern, Languages::Slavic, Languages::Chinese];

/// Where in a word a rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Anywhere,
    Start,
    End,
}

#[derive(Debug)]
struct Rule {
    from: &'static str,
    to: &'static str,
    place: Place,
    /// The letters of `from`, a bit each.
    letters: u32,
    eastern: bool,
    slavic: bool,
    chinese: bool,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    data_rows(include_str!("../../data/names/spellings.csv"))
        .filter_map(|row| {
            let mut fields = row.split(',');
            let (from, to) = (fields.next()?, fields.next()?);
            let place = match fields.next()? {
                "any" => Place::Anywhere,
                "start" => Place::Start,
                "end" => Place::End,
                _ => return None,
            };
            let (mut eastern, mut slavic, mut chinese) = (false, false, false);
            for set in fields.next()?.split(' ') {
                match set {
                    "eastern" => eastern = true,
                    "slavic" => slavic = true,
                    "chinese" => chinese = true,
                    _ => return None,
                }
            }
            Some(Rule { from, to, place, letters: letters(from), eastern, slavic, chinese })
        })
        .collect()
});

/// One spelling for all romanizations of a word.
pub(super) fn one_spelling(word: &str, languages: Languages) -> String {
    let mut text = undouble(word, |c| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u'));
    let mut has = letters(&text);
    for rule in RULES.iter() {
        let applies = match languages {
            Languages::Eastern => rule.eastern,
            Languages::Slavic => rule.slavic,
            Languages::Chinese => rule.chinese,
        };
        if !applies || rule.letters & !has != 0 {
            continue;
        }
        let changed = match rule.place {
            Place::Anywhere => text.contains(rule.from).then(|| text.replace(rule.from, rule.to)),
            Place::Start => text.strip_prefix(rule.from).map(|rest| [rule.to, rest].concat()),
            Place::End => text.strip_suffix(rule.from).map(|head| [head, rule.to].concat()),
        };
        if let Some(changed) = changed {
            text = changed;
            has = letters(&text);
        }
    }
    undouble(&text, |_| true)
}

/// The consonants of a word in one spelling, after its first letter.
pub(super) fn skeleton(one_spelling: &str) -> String {
    one_spelling
        .char_indices()
        .filter(|&(at, c)| at == 0 || !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'h'))
        .map(|(_, c)| if matches!(c, 'a' | 'e' | 'i' | 'o' | 'u') { 'a' } else { c })
        .collect()
}

/// Whether a word is Chinese syllables as romanized today.
pub(super) fn is_pinyin(word: &str) -> bool {
    const INITIALS: [&str; 24] = [
        "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z",
        "c", "s", "y", "w", "",
    ];
    const FINALS: [&str; 33] = [
        "iang", "iong", "uang", "ang", "eng", "ing", "ong", "ian", "iao", "uai", "uan", "ai", "an", "ao",
        "ei", "en", "er", "ia", "ie", "in", "iu", "ou", "ua", "ue", "ui", "un", "uo", "a", "e", "i", "o",
        "u", "v",
    ];
    // A place can be reached by the syllables before it; words are short.
    let mut reached = 1_u64;
    for at in 0..word.len().min(40) {
        if reached & (1 << at) == 0 {
            continue;
        }
        for initial in INITIALS {
            let Some(rest) = word[at..].strip_prefix(initial) else { continue };
            for last in FINALS.iter().filter(|last| rest.starts_with(**last)) {
                reached |= 1 << (at + initial.len() + last.len());
            }
        }
    }
    !word.is_empty() && word.len() <= 40 && reached & (1 << word.len()) != 0
}

/// The letters of a word, a bit each.
fn letters(word: &str) -> u32 {
    word.bytes().filter(u8::is_ascii_lowercase).fold(0, |letters, b| letters | 1 << (b - b'a'))
}

/// Doubled letters of some kind made single.
fn undouble(word: &str, which: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(word.len());
    let mut last = None;
    for c in word.chars() {
        if last != Some(c) || c.is_ascii_digit() || !which(c) {
            out.push(c);
        }
        last = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read() {
        let rows = data_rows(include_str!("../../data/names/spellings.csv")).count();
        assert_eq!(RULES.len(), rows);
    }

    #[test]
    fn romanizations_lead_to_one_spelling() {
        let one = |word| one_spelling(word, Languages::Eastern);
        assert_eq!(one("haqqani"), one("hakani"));
        assert_eq!(one("munir"), one("muneer"));
        assert_eq!(one("khurshid"), one("kursheed"));
        assert_ne!(one("iman"), one("imam"));
        let one = |word| one_spelling(word, Languages::Slavic);
        assert_eq!(one("mikhailov"), one("mihailoff"));
        assert_eq!(one("zhukovskiy"), one("zhukovsky"));
        assert_eq!(one("sotsinvest"), one("socinwest"));
        assert_eq!(one("yakovlev"), one("jakovlev"));
        let one = |word| one_spelling(word, Languages::Chinese);
        assert_eq!(one("xinxing"), one("hsinhsing"));
        assert_eq!(one("dongfang"), one("tungfang"));
        assert_ne!(one("jinhua"), one("minhua"));
    }

    #[test]
    fn chinese_syllables_are_told() {
        assert!(is_pinyin("zhongguo") && is_pinyin("xian") && is_pinyin("changjiang"));
        assert!(!is_pinyin("hsinhsing") && !is_pinyin("tungfang") && !is_pinyin("smith"));
    }
}
