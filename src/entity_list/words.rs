//! How far two words are the same word: edits, romanizations, short forms, characters misread by machines.
//!
//! Compares words only; which words of the list to compare with is decided in `index`.

/// In what way a word of a party's name stands for a word of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// The same word.
    Equal,
    /// The same word, joined or split.
    Joined,
    /// One is the usual short form of the other.
    ShortForm,
    /// Another form of one word, `engineers` and `engineering`.
    OtherForm,
    /// Another romanization.
    Romanization,
    /// Characters that a machine takes for one another.
    Misread,
    /// One or two letters differ.
    Spelling,
    /// The beginning of the word, where the field ends.
    Cut,
    /// The first letter of the word.
    Initial,
}

impl Likeness {
    /// How an explanation puts it.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Joined => "written with or without a space",
            Self::ShortForm => "short form",
            Self::OtherForm => "other form of the word",
            Self::Romanization => "other romanization",
            Self::Misread => "characters misread for one another",
            Self::Spelling => "differs by a letter or two",
            Self::Cut => "cut where the field ends",
            Self::Initial => "initial",
        }
    }
}

/// How many letters may differ, by the length of the longer word: none in short words, which must be equal.
pub(super) fn edits_allowed(length: usize) -> usize {
    match length {
        0..=4 => 0,
        5..=7 => 1,
        _ => 2,
    }
}

/// Likeness of two words that differ by this many edits.
pub(super) fn edit_score(a: &str, b: &str, edits: usize) -> f32 {
    let length = a.len().max(b.len()) as f32;
    let same_start = a.as_bytes().first() == b.as_bytes().first();
    let cost = if edits <= 1 { 0.6 } else { 1.6 };
    1.0 - cost / length - if same_start { 0.0 } else { 0.05 }
}

/// Edits (insertions, deletions, substitutions, swaps of neighbors) from one word to another, up to a limit.
pub(super) fn edits(a: &str, b: &str, limit: usize) -> Option<usize> {
    const LONGEST: usize = 40;
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    (a, b) = (&a[start..], &b[start..]);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    if a.is_empty() || b.is_empty() {
        // The lengths differ by no more than the limit.
        return Some(a.len().max(b.len()));
    }
    if a.len() > LONGEST || b.len() > LONGEST {
        return None;
    }
    let mut rows = [[0_u8; LONGEST + 1]; 3];
    for (j, cell) in rows[0][..=b.len()].iter_mut().enumerate() {
        *cell = j as u8;
    }
    for i in 1..=a.len() {
        let (now, above, two_above) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        rows[now][0] = i as u8;
        let mut least = rows[now][0];
        for j in 1..=b.len() {
            let same = u8::from(a[i - 1] != b[j - 1]);
            let mut cost = (rows[above][j - 1] + same).min(rows[above][j] + 1).min(rows[now][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(rows[two_above][j - 2] + 1);
            }
            rows[now][j] = cost;
            least = least.min(cost);
        }
        if least as usize > limit {
            return None;
        }
    }
    let edits = rows[a.len() % 3][b.len()] as usize;
    (edits <= limit).then_some(edits)
}

/// Letters where a machine read digits, for a word that has both; none where there is nothing to put right.
pub(super) fn letters_for_digits(word: &str) -> Option<String> {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || digits * 2 > word.len() || word.len() < 3 {
        return None;
    }
    Some(
        word.chars()
            .map(|c| match c {
                '0' => 'o',
                '1' => 'i',
                '2' => 'z',
                '3' => 'e',
                '4' => 'a',
                '5' => 's',
                '6' | '8' => 'b',
                '7' => 't',
                '9' => 'g',
                other => other,
            })
            .collect(),
    )
}

/// Character groups that machines and hurried typists take for one another, each as read and as meant.
const MISREAD: [(&str, &str); 34] = [
    ("rn", "m"),
    ("m", "rn"),
    ("cl", "d"),
    ("d", "cl"),
    ("vv", "w"),
    ("w", "vv"),
    ("ri", "n"),
    ("n", "ri"),
    ("ii", "u"),
    ("u", "ii"),
    ("li", "h"),
    ("h", "li"),
    ("nn", "m"),
    ("lc", "k"),
    ("e", "c"),
    ("c", "e"),
    ("l", "i"),
    ("i", "l"),
    ("g", "q"),
    ("q", "g"),
    ("f", "t"),
    ("t", "f"),
    ("0", "o"),
    ("1", "l"),
    ("1", "i"),
    ("2", "z"),
    ("3", "e"),
    ("4", "a"),
    ("5", "s"),
    ("6", "b"),
    ("6", "g"),
    ("7", "t"),
    ("8", "b"),
    ("9", "g"),
];

/// Hands over the word with one misread group put right, for every group in it.
pub(super) fn each_rereading(word: &str, mut take: impl FnMut(&str)) {
    let mut text = String::with_capacity(word.len() + 1);
    for (read, meant) in MISREAD {
        for (at, _) in word.match_indices(read) {
            text.clear();
            text.push_str(&word[..at]);
            text.push_str(meant);
            text.push_str(&word[at + read.len()..]);
            take(&text);
        }
    }
}

/// Whether one word is the plural of the other.
pub(super) fn is_plural(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    long.strip_prefix(short).is_some_and(|rest| rest == "s" || rest == "es")
        || short.strip_suffix('y').zip(long.strip_suffix("ies")).is_some_and(|(a, b)| a == b)
}

/// Endings of one stem for what is done and who does it: `trading`, `traders`.
const DOING: [&str; 7] = ["ing", "er", "ers", "or", "ors", "ant", "ants"];

/// Whether most of the longer word is common to both from the start: five eighths of it, as `electric` and `electronic`
/// are two words; a little less where only the ending differs by who does what.
pub(super) fn share_a_stem(a: &str, b: &str) -> bool {
    let common = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let longer = a.len().max(b.len());
    let ends_in_doing = |word: &str| word.get(common..).is_some_and(|rest| DOING.contains(&rest));
    a != b
        && common >= 4
        && (common * 8 >= longer * 5 || common * 20 >= longer * 11 && ends_in_doing(a) && ends_in_doing(b))
}

/// Whether a word looks like a contraction of a longer one: `trdg`, `machy`, `svcs`.
pub(super) fn contracts(short: &str, long: &str) -> bool {
    let (short, long) = (short.as_bytes(), long.as_bytes());
    if short.len() < 3 || short.len() + 2 > long.len() || short[0] != long[0] {
        return false;
    }
    let mut rest = long.iter();
    short.iter().all(|letter| rest.any(|other| other == letter)) && {
        let last = short[short.len() - 1];
        let end = &long[long.len().saturating_sub(3)..];
        end.contains(&last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_count_swaps_as_one() {
        assert_eq!(edits("techncial", "technical", 2), Some(1));
        assert_eq!(edits("goura", "kursheed", 2), None);
        assert_eq!(edits("internatinal", "internationl", 2), Some(2));
        assert_eq!(edits("abc", "xyz", 2), None);
        assert_eq!(edits("same", "same", 0), Some(0));
        assert_eq!(edits("", "ab", 2), Some(2));
    }

    #[test]
    fn short_words_must_be_equal() {
        assert_eq!(edits_allowed("iman".len()), 0);
        assert_eq!(edits_allowed("ahaad".len()), 1);
    }

    #[test]
    fn contractions_keep_first_and_last_letters() {
        assert!(contracts("trdg", "trading"));
        assert!(contracts("machy", "machinery"));
        assert!(!contracts("tra", "trading"));
        assert!(!contracts("cable", "construction"));
    }

    #[test]
    fn forms_of_a_word_share_its_stem() {
        assert!(share_a_stem("trading", "traders") && share_a_stem("engineers", "engineering"));
        assert!(share_a_stem("industries", "industrial") && share_a_stem("consultants", "consulting"));
        assert!(!share_a_stem("electric", "electronic") && !share_a_stem("electrical", "electronics"));
    }
}
