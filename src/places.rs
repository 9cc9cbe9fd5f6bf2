//! Countries in every spelling people write, and the words by which a text speaks of one.
//!
//! Owns `data/places.csv`. It reads; what a country or a mention means for a line is decided in `determination` and
//! `checks`.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use crate::codes::CountryCode;

pub(crate) mod fold;
mod mention;

pub use mention::{Mention, MentionKind, MentionStrength};

type Table<V> = HashMap<String, V, foldhash::fast::FixedState>;

/// What the text of a country cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CountryReading {
    /// One country.
    Known(CountryCode),
    /// No country that the table knows.
    Unknown,
    /// A name that several countries bear, or parts that name different ones; sorted.
    Ambiguous(Vec<CountryCode>),
}

/// The table of places.
#[derive(Debug, Clone)]
pub struct Places {
    names: BTreeMap<CountryCode, String>,
    codes: Table<CountryCode>,
    countries: Table<Vec<CountryCode>>,
    words: Table<Vec<PlaceWord>>,
    /// For the first word of each place, how many words the longest such place has.
    first_words: Table<usize>,
    phones: Vec<(String, CountryCode)>,
    domains: Vec<(String, CountryCode)>,
    hubs: BTreeMap<CountryCode, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PlaceWord {
    country: CountryCode,
    kind: MentionKind,
    strength: MentionStrength,
}

impl Places {
    /// The table embedded in the program.
    ///
    /// # Errors
    /// Every line of the table that cannot be used, with its number.
    pub fn embedded() -> Result<Self, Vec<String>> {
        Self::parse(include_str!("../data/places.csv"))
    }

    fn parse(text: &str) -> Result<Self, Vec<String>> {
        let mut places = Self {
            names: BTreeMap::new(),
            codes: Table::default(),
            countries: Table::default(),
            words: Table::default(),
            first_words: Table::default(),
            phones: Vec::new(),
            domains: Vec::new(),
            hubs: BTreeMap::new(),
        };
        let mut problems = Vec::new();
        for (index, record) in csv::Reader::from_reader(text.as_bytes()).records().enumerate() {
            let result = match &record {
                Ok(record) => places.add(record),
                Err(error) => Err(error.to_string()),
            };
            if let Err(problem) = result {
                problems.push(format!("data/places.csv line {}: {problem}", index + 2));
            }
        }
        if problems.is_empty() { Ok(places) } else { Err(problems) }
    }

    fn add(&mut self, record: &csv::StringRecord) -> Result<(), String> {
        let field = |index| record.get(index).unwrap_or("");
        let (code, kind, text) = (field(0), field(1), field(2));
        let country =
            CountryCode::new(code).ok_or_else(|| format!("`{code}` is not a two-letter country code"))?;
        let strength = match field(3) {
            "certain" => MentionStrength::Certain,
            "ambiguous" => MentionStrength::Weak,
            other => return Err(format!("`{other}` is neither certain nor ambiguous")),
        };
        if kind != "hub" && text.is_empty() {
            return Err("no text".to_owned());
        }
        match kind {
            "name" | "country" => {
                if kind == "name" && self.names.insert(country, text.to_owned()).is_some() {
                    return Err(format!("a second name for {country}"));
                }
                let known = self.countries.entry(fold::key(text)).or_default();
                let repeated = known.contains(&country);
                if !known.is_empty() && !repeated && strength == MentionStrength::Certain {
                    return Err(format!("`{text}` stands for {country} and {}", known[0]));
                }
                if !repeated {
                    known.push(country);
                    known.sort_unstable();
                }
                self.add_word(text, PlaceWord { country, kind: MentionKind::Name, strength });
            }
            "city" => self.add_word(text, PlaceWord { country, kind: MentionKind::City, strength }),
            "demonym" => self.add_word(text, PlaceWord { country, kind: MentionKind::Demonym, strength }),
            "code" => {
                if let Some(other) =
                    self.codes.insert(text.to_ascii_lowercase(), country).filter(|other| *other != country)
                {
                    return Err(format!("`{text}` stands for {country} and {other}"));
                }
            }
            "phone" => self.phones.push((text.trim_start_matches('+').to_owned(), country)),
            "domain" => self.domains.push((text.trim_start_matches('.').to_owned(), country)),
            "hub" => {
                self.hubs.insert(country, field(4).to_owned());
            }
            other => return Err(format!("`{other}` is not a kind of place")),
        }
        Ok(())
    }

    fn add_word(&mut self, text: &str, word: PlaceWord) {
        let key = fold::key(text);
        let first = key.split(' ').next().unwrap_or("").to_owned();
        let length = key.split(' ').count();
        let longest = self.first_words.entry(first).or_insert(0);
        *longest = length.max(*longest);
        let words = self.words.entry(key).or_default();
        if !words.contains(&word) {
            words.push(word);
        }
    }

    /// Reads a country cell: a code of two or three letters or three digits, a name in any spelling of the table,
    /// or several of them that agree (`PK - Pakistan`, `Karachi, Pakistan`).
    pub fn country(&self, text: &str) -> CountryReading {
        if let Some(found) = self.one_country(text) {
            return reading(found);
        }
        let mut named: Vec<CountryCode> = Vec::new();
        let mut cities: Vec<String> = Vec::new();
        let parts = text
            .split(['/', '(', ')', '[', ']', ',', ';', ':', '|', '\u{2013}', '\u{2014}', '='])
            .flat_map(split_code_prefix)
            .map(str::trim)
            .filter(|part| !part.is_empty());
        for part in parts {
            match self.one_country(part) {
                Some(found) => named.extend(found),
                // A city is no country, but it may stand beside one.
                None => cities.push(fold::key(part)),
            }
        }
        named.sort_unstable();
        named.dedup();
        let [country] = named[..] else {
            return if named.is_empty() { CountryReading::Unknown } else { reading(named) };
        };
        let all_within = cities.iter().all(|city| {
            self.words.get(city).is_some_and(|words| words.iter().any(|word| word.country == country))
        });
        if all_within { CountryReading::Known(country) } else { CountryReading::Unknown }
    }

    fn one_country(&self, text: &str) -> Option<Vec<CountryCode>> {
        let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '.' || c == '\'' || c == '"');
        // Codes are taken as written: `N/A` and `N.A.` are not Namibia.
        if let Some(code) = self.codes.get(&trimmed.to_ascii_lowercase()) {
            return Some(vec![*code]);
        }
        self.countries.get(&fold::key(trimmed)).cloned()
    }

    /// The country's name in English, as reports write it; `unknown country` for a code the table does not have.
    pub fn name(&self, country: CountryCode) -> &str {
        self.names.get(&country).map_or("unknown country", String::as_str)
    }

    /// Whether the regulations name the country among those through which goods are transshipped, and where.
    pub fn transshipment_hub(&self, country: CountryCode) -> Option<&str> {
        self.hubs.get(&country).map(String::as_str)
    }
}

/// `PK - Pakistan` and `PK-Pakistan`, but not `Guinea-Bissau`, which is asked for whole first.
fn split_code_prefix(part: &str) -> Vec<&str> {
    part.split(" - ")
        .flat_map(|piece| match piece.split_once('-') {
            Some((head, tail)) if matches!(head.trim().len(), 2 | 3) => vec![head, tail],
            _ => vec![piece],
        })
        .collect()
}

fn reading(found: Vec<CountryCode>) -> CountryReading {
    match found[..] {
        [country] => CountryReading::Known(country),
        _ => CountryReading::Ambiguous(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> CountryCode {
        CountryCode::new(text).unwrap()
    }

    #[test]
    fn spellings_lead_to_their_country() {
        let places = Places::embedded().unwrap();
        for (text, expected) in [
            ("PK", "PK"),
            ("pk ", "PK"),
            ("PAK", "PK"),
            ("586", "PK"),
            ("PAKISTAN", "PK"),
            ("Islamic Republic of Pakistan", "PK"),
            ("Pakistan\u{a0}", "PK"),
            ("Pakistán", "PK"),
            ("Paquistão", "PK"),
            ("PK - Pakistan", "PK"),
            ("PK-Pakistan", "PK"),
            ("Pakistan (PK)", "PK"),
            ("PAK/Pakistan", "PK"),
            ("Karachi, Pakistan", "PK"),
            ("NA", "NA"),
            ("NO", "NO"),
            ("CH", "CH"),
            ("CN", "CN"),
            ("Korea, Republic of", "KR"),
            ("South Korea", "KR"),
            ("Russian Fed.", "RU"),
            ("Hong Kong SAR", "HK"),
            ("Türkiye", "TR"),
            ("Turkiye", "TR"),
            ("Turkey", "TR"),
            ("Viet Nam", "VN"),
            ("Cote d'Ivoire", "CI"),
            ("Côte d’Ivoire", "CI"),
            ("Congo, DRC", "CD"),
            ("U.A.E.", "AE"),
            ("UAE", "AE"),
            ("USA", "US"),
            ("U.S.A.", "US"),
            ("The United States of America", "US"),
            ("England", "GB"),
            ("UK", "GB"),
            ("Holland", "NL"),
            ("Deutschland", "DE"),
            ("Guinea-Bissau", "GW"),
            ("036", "AU"),
            ("36", "AU"),
            ("China, People's Republic of", "CN"),
        ] {
            assert_eq!(places.country(text), CountryReading::Known(code(expected)), "{text}");
        }
    }

    #[test]
    fn what_is_not_one_country_is_said() {
        let places = Places::embedded().unwrap();
        for text in ["N/A", "n.a.", "", "-", "ZZ", "EMEA", "Pakistan Glass Works", "TBD", "000"] {
            assert_eq!(places.country(text), CountryReading::Unknown, "{text}");
        }
        assert_eq!(places.country("Korea"), CountryReading::Ambiguous(vec![code("KP"), code("KR")]));
        assert_eq!(places.country("AE / Pakistan"), CountryReading::Ambiguous(vec![code("AE"), code("PK")]));
    }

    #[test]
    fn names_and_hubs() {
        let places = Places::embedded().unwrap();
        assert_eq!(places.name(code("KR")), "South Korea");
        assert_eq!(places.transshipment_hub(code("AE")), Some("15 CFR 30.6(a)(5)(ii)"));
        assert_eq!(places.transshipment_hub(code("PK")), None);
    }

    #[test]
    fn a_bad_table_says_where() {
        let table = "code,kind,text,strength,note\nPK,name,Pakistan,certain,\nIN,country,pakistan,certain,\n\
                     PK,river,Indus,certain,\n";
        let problems = Places::parse(table).unwrap_err();
        assert_eq!(problems.len(), 2);
        assert!(problems[0].contains("line 3") && problems[1].contains("line 4"), "{problems:?}");
    }
}
