//! What a term is made of: words, parts of words and the shapes of model numbers.
//!
//! Knows one word at a time; phrases and what they stand for are `lexicon`'s.

/// How a word of a term is compared with a word of a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WordPattern {
    /// The word itself, or its plural.
    Exact(Box<str>),
    /// `oszillosk*`: begins so.
    Prefix(Box<str>),
    /// `*ventil`: ends so, as German compounds do.
    Suffix(Box<str>),
    /// `*spektrometer*`: holds it.
    Infix(Box<str>),
    /// `dsox####@`: `#` is a digit, `~` one digit or more, `@` a letter, a final `*` anything.
    Shape(Box<str>),
}

impl WordPattern {
    /// Reads one word of a term.
    pub(super) fn new(word: &str) -> Self {
        let inner = word.trim_matches('*');
        if word.contains(['#', '~', '@']) {
            return Self::Shape(word.into());
        }
        match (word.starts_with('*'), word.ends_with('*')) {
            (true, true) => Self::Infix(inner.into()),
            (true, false) => Self::Suffix(inner.into()),
            (false, true) => Self::Prefix(inner.into()),
            (false, false) => Self::Exact(word.into()),
        }
    }

    /// Whether a word of a description is meant, given in all its forms, the first as written.
    pub(super) fn matches(&self, forms: &[&str]) -> bool {
        match self {
            Self::Exact(own) => forms.contains(&&**own),
            Self::Prefix(own) => forms.iter().any(|form| form.starts_with(&**own)),
            Self::Suffix(own) => forms.iter().any(|form| form.ends_with(&**own)),
            Self::Infix(own) => forms.iter().any(|form| form.contains(&**own)),
            Self::Shape(shape) => {
                forms.first().is_some_and(|word| has_shape(shape.as_bytes(), word.as_bytes()))
            }
        }
    }

    /// The word of which a description may hold the beginning alone.
    pub(super) fn whole(&self) -> Option<&str> {
        match self {
            Self::Exact(own) | Self::Prefix(own) => Some(own),
            _ => None,
        }
    }

    /// What a word must begin with to be meant, as far as it is certain.
    pub(super) fn head(&self) -> &str {
        match self {
            Self::Exact(own) | Self::Prefix(own) => own,
            Self::Shape(shape) => &shape[..shape.find(['#', '~', '@', '*']).unwrap_or(shape.len())],
            Self::Suffix(_) | Self::Infix(_) => "",
        }
    }
}

/// The word, and what it is without a plural ending.
pub(super) fn singulars(word: &str) -> impl Iterator<Item = &str> {
    let plain = word.strip_suffix('s').filter(|rest| rest.len() >= 3);
    let long = word.strip_suffix("es").filter(|rest| rest.len() >= 3);
    let german = word.strip_suffix('n').filter(|rest| rest.len() >= 6 && rest.ends_with('e'));
    std::iter::once(word).chain(plain).chain(long).chain(german)
}

/// Whether a cut word is the beginning of this one, and most of it.
pub(super) fn is_beginning(own: &str, cut: &str) -> bool {
    const LEAST: usize = 5;
    cut.len() >= LEAST && own.len() <= cut.len() * 2 && own.starts_with(cut)
}

/// Whether a word in the midst of a text is this one cut short: long enough to be no other, and little is missing.
pub(super) fn is_cut_short(own: &str, cut: &str) -> bool {
    const LEAST: usize = 8;
    const MISSING_AT_MOST: usize = 6;
    cut.len() >= LEAST && own.len() <= cut.len() + MISSING_AT_MOST && own.starts_with(cut)
}

fn has_shape(shape: &[u8], word: &[u8]) -> bool {
    let Some((sign, rest)) = shape.split_first() else { return word.is_empty() };
    match sign {
        b'*' => true,
        b'#' => word.first().is_some_and(u8::is_ascii_digit) && has_shape(rest, &word[1..]),
        b'@' => word.first().is_some_and(u8::is_ascii_alphabetic) && has_shape(rest, &word[1..]),
        b'~' => {
            let digits = word.iter().take_while(|byte| byte.is_ascii_digit()).count();
            // Only a digit that must follow leaves a choice of how many to take.
            let least = if matches!(rest.first(), Some(b'#' | b'~')) { 1 } else { digits };
            digits > 0 && (least..=digits).any(|taken| has_shape(rest, &word[taken..]))
        }
        literal => word.first() == Some(literal) && has_shape(rest, &word[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_parts_and_shapes() {
        for (pattern, word, expected) in [
            ("valve", "valves", true),
            ("valve", "valved", false),
            ("*ventil", "kugelventil", true),
            ("*pumpe", "kreiselpumpen", true),
            ("oszillosk*", "oszilloskope", true),
            ("*spektromet*", "massenspektrometer", true),
            ("dsox####@", "dsox3034t", true),
            ("dsox####@", "dsox3034", false),
            ("cr~", "cr32", true),
            ("cr~", "cr", false),
            ("~kv", "100kv", true),
            ("~kv", "100kva", false),
            ("cr~#", "cr32", true),
            ("mso#*", "mso54b", true),
            ("e####@", "e5071c", true),
        ] {
            let forms: Vec<&str> = singulars(word).collect();
            assert_eq!(WordPattern::new(pattern).matches(&forms), expected, "{pattern} {word}");
        }
    }

    #[test]
    fn a_cut_word_must_be_most_of_the_whole() {
        assert!(is_beginning("accelerator", "acceler"));
        assert!(!is_beginning("accelerator", "acce"));
        assert!(is_cut_short("osciloscopio", "osciloscop"));
        assert!(!is_cut_short("osciloscopio", "oscilo"));
        assert!(!is_cut_short("magnetometer", "magnet"));
    }
}
