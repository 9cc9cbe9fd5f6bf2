//! What is known of a word in whichever name it stands: class, weight, what may begin with it. Each word is looked up once.
//!
//! Bounded, and emptied between names when full; what it holds follows from the vocabulary alone.

use super::Map;
use super::legal_forms::legal_forms;
use super::vocabulary::{Phrase, WordClass, WordInfo, vocabulary};

/// As many distinct words are remembered.
const MOST_WORDS: usize = 1 << 15;
/// What a word weighs that is one of a legal form but for a slip.
const MISSPELLED_FORM: f32 = 0.1;

/// A word's number in the lexicon, good until it is emptied.
pub(super) type TokenId = u32;

/// What is known of a word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    /// Its class and weight, where it is one of the vocabulary.
    pub(super) info: Option<WordInfo>,
    /// How much it weighs in a party's name.
    pub(super) weight: f32,
    /// The phrases of a party field that begin with it.
    pub(super) phrases: &'static [Phrase],
    /// Whether a legal form begins with its letters.
    pub(super) begins_form: bool,
    /// Whether it is a word of a legal form.
    pub(super) of_form: bool,
    /// Whether it is a city, province or country.
    pub(super) place: bool,
    /// How many digits it has.
    pub(super) digits: u8,
}

/// Words met so far.
#[derive(Default)]
pub(super) struct Lexicon {
    known: Map<Box<str>, TokenId>,
    tokens: Vec<Token>,
    /// Whether it is for names of the list, whose words are rightly spelled.
    listed: bool,
}

impl Lexicon {
    /// A lexicon for the names of the list.
    pub(super) fn of_the_list() -> Self {
        Self { listed: true, ..Self::default() }
    }

    /// The number of a word, looked up now if it is new.
    pub(super) fn token(&mut self, word: &str) -> TokenId {
        if let Some(&token) = self.known.get(word) {
            return token;
        }
        let token = self.tokens.len() as TokenId;
        self.tokens.push(Token::of(word, self.listed));
        self.known.insert(word.into(), token);
        token
    }

    /// What is known of a word.
    pub(super) fn get(&self, token: TokenId) -> &Token {
        &self.tokens[token as usize]
    }

    /// Whether there is no room for the words of another name.
    pub(super) fn is_full(&self) -> bool {
        self.tokens.len() >= MOST_WORDS
    }

    /// Forgets every word; numbers given before mean nothing afterwards.
    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.tokens.clear();
    }
}

impl Token {
    fn of(word: &str, listed: bool) -> Self {
        let (words, forms) = (vocabulary(), legal_forms());
        let info = words.word(word);
        let misspelled =
            !listed && info.is_none() && !forms.has_word(word) && forms.has_misspelled_word(word);
        Self {
            info,
            weight: if misspelled { MISSPELLED_FORM } else { words.weight(word) },
            phrases: words.phrases(word),
            begins_form: forms.begins(word),
            of_form: forms.has_word(word),
            place: info.is_some_and(|info| info.class == WordClass::Place),
            digits: word.bytes().filter(u8::is_ascii_digit).count().min(255) as u8,
        }
    }

    /// Whether it is an ordinary word of English, whose spelling does not vary.
    pub(super) fn is_ordinary(&self) -> bool {
        self.info.is_some_and(|info| {
            matches!(info.class, WordClass::Trade | WordClass::Industry | WordClass::Common)
        })
    }
}
