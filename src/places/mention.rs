//! Whether free text speaks of a country: by name, city, telephone prefix, e-mail domain or closing code.
//!
//! Built to say nothing sooner than too much: a street named after a city, a dish, a namesake in another country
//! and a clause that forbids delivery there are weak. What a mention is worth depends on where the text comes from
//! (a party's name speaks less than its address), which is for `checks` to weigh.

use super::fold::{self, Word};
use super::{PlaceWord, Places};
use crate::codes::CountryCode;

/// By what a text speaks of a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MentionKind {
    /// The country's name.
    Name,
    /// What its people and things are called.
    Demonym,
    /// A city, district or province.
    City,
    /// A country code that closes an address.
    Code,
    /// A telephone number with its international prefix.
    Phone,
    /// An e-mail address or site under its domain.
    Domain,
}

/// How much a mention says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MentionStrength {
    /// It can be read otherwise: never enough alone.
    Weak,
    /// It says so.
    Certain,
}

/// A word of a text that speaks of a country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The word, as the text writes it.
    pub word: String,
    /// What kind of word it is.
    pub kind: MentionKind,
    /// How much it says.
    pub strength: MentionStrength,
}

/// What follows a place's name in the name of a street, a house or a kitchen.
const NAMED_AFTER: &[&str] = &[
    "street",
    "saint",
    "str",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "boulevard",
    "blvd",
    "drive",
    "dr",
    "way",
    "square",
    "chowk",
    "gate",
    "house",
    "tower",
    "towers",
    "plaza",
    "building",
    "bldg",
    "bazaar",
    "bazar",
    "market",
    "restaurant",
    "grill",
    "kitchen",
    "cuisine",
    "cafe",
    "sweets",
    "bakery",
    "grocery",
    "grocers",
    "tikka",
    "biryani",
    "tailors",
    "jewellers",
    "jewelers",
    "rugs",
    "carpets",
    "salt",
    "rice",
    "style",
];
/// What leads to a place that goods or people go to.
const TOWARDS: &[&str] =
    &["to", "for", "in", "at", "near", "into", "bound", "destined", "destination", "onward", "nach"];
/// What makes a place a way station or an origin.
const BY_WAY_OF: &[&str] = &["via", "through", "from", "origin", "ex"];
/// What turns a mention into its opposite. "No" and "outside" stand in addresses: `No. 4, outside Lohari Gate`.
const NOT: &[&str] = &["not", "never", "except", "excluding", "excludes", "prohibited", "forbidden", "than"];

impl Places {
    /// Whether the text speaks of the country, by its strongest word; the first of equals.
    pub fn mention_of(&self, country: CountryCode, text: &str) -> Option<Mention> {
        let words = fold::words(text);
        let mut best: Option<Mention> = None;
        let mut offer = |mention: Mention| {
            if best.as_ref().is_none_or(|best| mention.strength > best.strength) {
                best = Some(mention);
            }
        };
        for hit in self.hits(&words) {
            if hit.place.country == country {
                let strength = self.strength(&words, &hit);
                let word = text[words[hit.first].start..words[hit.last].end].to_owned();
                offer(Mention { word, kind: hit.place.kind, strength });
            }
        }
        if let Some(word) = self.closing_code(country, text, &words) {
            offer(Mention { word, kind: MentionKind::Code, strength: MentionStrength::Certain });
        }
        for (prefix, of) in &self.phones {
            if *of == country
                && let Some(word) = phone_number(text, prefix)
            {
                offer(Mention { word, kind: MentionKind::Phone, strength: MentionStrength::Certain });
            }
        }
        for (domain, of) in &self.domains {
            if *of == country
                && let Some((word, strength)) = under_domain(text, domain)
            {
                offer(Mention { word, kind: MentionKind::Domain, strength });
            }
        }
        best
    }

    /// Every place of the table in the words, the longest at each position.
    fn hits(&self, words: &[Word]) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut index = 0;
        while index < words.len() {
            let longest = self.first_words.get(words[index].folded.as_str()).copied().unwrap_or(0);
            let mut taken = 1;
            for length in (1..=longest.min(words.len() - index)).rev() {
                let span = &words[index..index + length];
                if span[1..].iter().any(|word| word.begins_segment) {
                    continue;
                }
                let key = span.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ");
                if let Some(places) = self.words.get(&key) {
                    hits.extend(places.iter().map(|place| Hit {
                        first: index,
                        last: index + length - 1,
                        place: *place,
                    }));
                    taken = length;
                    break;
                }
            }
            index += taken;
        }
        hits
    }

    fn strength(&self, words: &[Word], hit: &Hit) -> MentionStrength {
        let before = |count: usize| words[..hit.first].iter().rev().take(count);
        let named_after = words
            .get(hit.last + 1)
            .is_some_and(|next| !next.begins_segment && NAMED_AFTER.contains(&next.folded.as_str()));
        let denied = before(6).any(|word| NOT.contains(&word.folded.as_str()));
        if hit.place.strength == MentionStrength::Weak || named_after || denied {
            return MentionStrength::Weak;
        }
        if hit.place.kind == MentionKind::Name
            || before(1).any(|word| TOWARDS.contains(&word.folded.as_str()))
        {
            return MentionStrength::Certain;
        }
        // "Lahore Foods, Dubai, U.A.E.": the country named behind the city is the one the text ends in.
        let elsewhere = self.hits(&words[hit.last + 1..]).into_iter().any(|other| {
            let position = hit.last + 1 + other.first;
            other.place.country != hit.place.country
                && other.place.strength == MentionStrength::Certain
                && !words[..position].last().is_some_and(|word| BY_WAY_OF.contains(&word.folded.as_str()))
        });
        if elsewhere { MentionStrength::Weak } else { MentionStrength::Certain }
    }

    /// A code in capitals that alone makes the last part of an address: `Plot 5, Sector 7, PK`.
    fn closing_code(&self, country: CountryCode, text: &str, words: &[Word]) -> Option<String> {
        let [.., before, last] = words else { return None };
        let word = &text[last.start..last.end];
        let is_code = word.chars().all(|c| c.is_ascii_uppercase())
            && self.codes.get(&word.to_ascii_lowercase()) == Some(&country);
        let apart = text[before.end..last.start].contains(',')
            && text[last.end..].chars().all(|c| c == '.' || c.is_whitespace());
        (is_code && apart).then(|| word.to_owned())
    }
}

struct Hit {
    first: usize,
    last: usize,
    place: PlaceWord,
}

/// A telephone number that begins with `+`, `00` or `011` and the prefix, and has at least nine digits behind it.
fn phone_number(text: &str, prefix: &str) -> Option<String> {
    let bytes = text.as_bytes();
    for (start, _) in text.match_indices(prefix) {
        let mut begin = start;
        while begin > 0 && bytes[begin - 1] == b' ' {
            begin -= 1;
        }
        let opened = if bytes[..begin].ends_with(b"+") {
            begin - 1
        } else if let Some(dialed) = dialed(&bytes[..start]) {
            dialed
        } else {
            continue;
        };
        if opened > 0 && bytes[opened - 1].is_ascii_alphanumeric() {
            continue;
        }
        let mut digits = 0;
        let mut end = start + prefix.len();
        for (offset, byte) in bytes[start + prefix.len()..].iter().enumerate() {
            match byte {
                b'0'..=b'9' => {
                    digits += 1;
                    end = start + prefix.len() + offset + 1;
                }
                b' ' | b'-' | b'.' | b'(' | b')' | b'/' => {}
                _ => break,
            }
        }
        if (9..=13).contains(&digits) {
            return Some(text[opened..end].to_owned());
        }
    }
    None
}

/// Where the digits begin by which one dials abroad: `00`, or `011` from North America, with or without a hyphen or a
/// blank behind them.
fn dialed(before: &[u8]) -> Option<usize> {
    let before = before.strip_suffix(b"-").or_else(|| before.strip_suffix(b" ")).unwrap_or(before);
    [b"011".as_slice(), b"00"]
        .into_iter()
        .find(|digits| before.ends_with(digits))
        .map(|digits| before.len() - digits.len())
}

/// A name under the domain. Certain behind `@`, `www.` or `//`, or under a second level such as `com`.
fn under_domain(text: &str, domain: &str) -> Option<(String, MentionStrength)> {
    let lower = text.to_ascii_lowercase();
    let ending = format!(".{domain}");
    for (dot, _) in lower.match_indices(&ending) {
        let end = dot + ending.len();
        let name_byte = |byte: u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'@' | b'/' | b':')
        };
        if lower[end..].bytes().next().is_some_and(|next| next.is_ascii_alphanumeric() || next == b'-') {
            continue;
        }
        if lower[end..].starts_with('.')
            && lower[end + 1..].bytes().next().is_some_and(|next| next.is_ascii_alphanumeric())
        {
            continue;
        }
        let start = lower[..dot].bytes().rposition(|byte| !name_byte(byte)).map_or(0, |before| before + 1);
        let host = &lower[start..dot];
        let second_level = ["com", "gov", "org", "edu", "net", "mil", "ac", "gob"]
            .iter()
            .any(|level| host.strip_suffix(level).is_some_and(|rest| rest.ends_with('.') && rest.len() > 1));
        let certain = host.contains('@') || host.starts_with("www.") || host.contains("//") || second_level;
        if certain {
            return Some((text[start..end].to_owned(), MentionStrength::Certain));
        }
        if host.bytes().filter(u8::is_ascii_alphabetic).count() >= 3 && !host.contains(['/', ':']) {
            return Some((text[start..end].to_owned(), MentionStrength::Weak));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mention(text: &str) -> Option<(String, MentionKind, MentionStrength)> {
        let places = Places::embedded().unwrap();
        let pakistan = CountryCode::new("PK").unwrap();
        places.mention_of(pakistan, text).map(|mention| (mention.word, mention.kind, mention.strength))
    }

    #[test]
    fn what_says_so() {
        for (text, word, kind) in [
            ("Plot 23, Sector I-9/2, Islamabad", "Islamabad", MentionKind::City),
            ("12-B, S.I.T.E., Karachi-75700", "Karachi", MentionKind::City),
            ("G.T. Road, Wah Cantt.", "Wah Cantt", MentionKind::City),
            ("House No. 4, outside Lohari Gate, Lahore", "Lahore", MentionKind::City),
            ("Hyderabad, Sindh", "Sindh", MentionKind::City),
            ("Lahore Road, Karachi", "Karachi", MentionKind::City),
            ("D.G. Khan", "D.G. Khan", MentionKind::City),
            ("onward delivery to Lahore, consignee in Dubai, UAE", "Lahore", MentionKind::City),
            ("Lahore via Dubai", "Lahore", MentionKind::City),
            ("for use in PAKISTAN", "PAKISTAN", MentionKind::Name),
            ("Pakistan Ordnance Factories", "Pakistan", MentionKind::Name),
            ("Office 4, Deira, Dubai; tel. +92 21 3456 7890", "+92 21 3456 7890", MentionKind::Phone),
            ("011-92-21-3456-7890", "011-92-21-3456-7890", MentionKind::Phone),
            ("tel. 01192 51 1234567", "01192 51 1234567", MentionKind::Phone),
            ("ph 0092-51-1234567", "0092-51-1234567", MentionKind::Phone),
            ("orders@example.com.pk", "orders@example.com.pk", MentionKind::Domain),
            ("Plot 5, Phase 2, PK", "PK", MentionKind::Code),
            ("Пакистан", "Пакистан", MentionKind::Name),
        ] {
            assert_eq!(mention(text), Some((word.into(), kind, MentionStrength::Certain)), "{text}");
        }
    }

    #[test]
    fn what_can_be_read_otherwise_is_weak() {
        for text in [
            "Pakistan Street, Dubai",
            "Lahore Restaurant, 12 High Street",
            "Lahore Foods, Dubai, U.A.E.",
            "Hyderabad",
            "Hyderabad, India",
            "not for resale to Pakistan",
            "all destinations except Pakistan",
        ] {
            assert_eq!(mention(text).map(|found| found.2), Some(MentionStrength::Weak), "{text}");
        }
    }

    #[test]
    fn what_says_nothing() {
        for text in [
            "PK-1234 pump kit",
            "Packaging PK",
            "Tetra Pak Packaging Systems",
            "+992 37 123 4567",
            "10 PK",
            "part 0092-1234",
            "+921",
            "+1 92 1234 5678",
            "+971 92 213 4567",
            "lot 1011 92 123456789",
            "Karachiwala Bros",
            "drawing 12.pkg",
            "Multanite",
            "Dubai, AE",
            "",
        ] {
            assert_eq!(mention(text), None, "{text}");
        }
    }
}
