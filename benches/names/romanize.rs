//! How one name is written in Latin letters in more than one way, by language of origin.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::Seeded;

/// Letter groups that writers of one language exchange.
pub(super) struct Romanization {
    /// The class it makes.
    pub(super) class: &'static str,
    /// Countries of the list whose names it applies to.
    pub(super) countries: &'static [&'static str],
    /// Letter groups with one other way to write each; a group may stand twice.
    pairs: &'static [(&'static str, &'static str)],
}

/// Urdu, Arabic and Persian names; Russian; Turkish; Chinese.
pub(super) const ROMANIZATIONS: [Romanization; 4] = [
    Romanization {
        class: "romanization: Urdu, Arabic, Persian",
        countries: &["PK", "AE", "IR", "AF", "SY", "LB", "IQ", "EG", "JO", "OM", "BH", "SA", "IN"],
        pairs: &[
            ("qu", "kho"),
            ("q", "k"),
            ("q", "gh"),
            ("kh", "k"),
            ("gh", "g"),
            ("ee", "i"),
            ("i", "ee"),
            ("oo", "u"),
            ("u", "oo"),
            ("ou", "u"),
            ("aa", "a"),
            ("dh", "d"),
            ("z", "dh"),
            ("w", "v"),
            ("v", "w"),
            ("sh", "ch"),
            ("ah", "a"),
            ("eh", "a"),
            ("ei", "ai"),
            ("ai", "ei"),
            ("ey", "i"),
            ("ss", "s"),
            ("mm", "m"),
            ("dd", "d"),
            ("tt", "t"),
            ("ph", "f"),
            ("j", "dj"),
            ("y", "i"),
            ("e", "a"),
            ("o", "u"),
            ("hm", "hem"),
            ("uddin", " ud din"),
            ("uddin", "udeen"),
            ("abdul ", "abd al-"),
            ("al-", "al "),
            ("al ", "el "),
            ("muhammad", "mohd"),
            ("muhammad", "mohamed"),
            ("mohammad", "muhammad"),
            ("rehman", "rahman"),
            ("rahman", "rehmaan"),
            ("ahmad", "ahmed"),
            ("ahmed", "ahmad"),
            ("hussain", "hosein"),
            ("hossein", "hussain"),
            ("chaudhry", "chowdhury"),
            ("syed", "sayyid"),
        ],
    },
    Romanization {
        class: "romanization: Russian",
        countries: &["RU", "BY", "UA", "KZ", "UZ", "KG"],
        pairs: &[
            ("iy", "y"),
            ("iy", "i"),
            ("y ", "iy "),
            ("kh", "h"),
            ("zh", "j"),
            ("shch", "sch"),
            ("ya", "ia"),
            ("yu", "iu"),
            ("yu", "ju"),
            ("ya", "ja"),
            ("ye", "e"),
            ("yo", "e"),
            ("ts", "c"),
            ("ks", "x"),
            ("x", "ks"),
            ("ei", "ey"),
            ("ey", "ei"),
            ("ay", "ai"),
            ("ov", "off"),
            ("ev", "eff"),
            ("v", "w"),
            ("y", "i"),
            ("aya", "aia"),
            ("oye", "oe"),
            ("oe", "oye"),
            ("sky", "skii"),
            ("sky", "skiy"),
            ("e", "je"),
            ("elektro", "electro"),
            ("electro", "elektro"),
            ("tekh", "tech"),
            ("tech", "tekh"),
            ("mash", "masch"),
        ],
    },
    Romanization {
        class: "romanization: Turkish",
        countries: &["TR", "CY"],
        pairs: &[
            ("s", "ş"),
            ("c", "ç"),
            ("g", "ğ"),
            ("i", "ı"),
            ("u", "ü"),
            ("o", "ö"),
            ("u", "ue"),
            ("o", "oe"),
            ("sh", "s"),
            ("ch", "c"),
            ("y", "i"),
            ("v", "w"),
            ("k", "q"),
            ("f", "ph"),
            ("ks", "x"),
        ],
    },
    Romanization {
        class: "romanization: Chinese",
        countries: &["CN", "HK", "TW", "SG", "MY"],
        pairs: &[
            ("zh", "ch"),
            ("x", "hs"),
            ("q", "ch"),
            ("xi", "si"),
            ("zh", "j"),
            ("ang", "eung"),
            ("uo", "o"),
            ("xian", "xi'an"),
            ("lv", "lu"),
            ("nv", "nu"),
            ("ui", "uei"),
            ("iu", "iou"),
            ("c", "ts"),
            ("zi", "tzu"),
            ("jia", "chia"),
            ("gong", "kung"),
            ("dong", "tung"),
            ("ong", "ung"),
            ("b", "p"),
            ("d", "t"),
            ("g", "k"),
            ("xin", "hsin"),
            ("bei", "pei"),
            ("feng", "fung"),
            ("cheng", "ching"),
            ("huang", "hwang"),
        ],
    },
];

impl Romanization {
    /// The name with a letter group or two written otherwise; none where no group occurs in a word that names the party.
    pub(super) fn vary(&self, name: &str, seed: &mut Seeded) -> Option<String> {
        let mut words: Vec<String> = name.split(' ').map(str::to_owned).collect();
        let chinese = self.countries[0] == "CN";
        let free: Vec<usize> = (0..words.len())
            .filter(|&at| {
                let word = &words[at];
                let letters = word.bytes().all(|b| b.is_ascii_alphabetic());
                let acronym = word.bytes().all(|b| b.is_ascii_uppercase());
                let lower = word.to_lowercase();
                letters
                    && !acronym
                    && word.len() >= 4
                    && !is_english(&lower)
                    && (!chinese || is_pinyin(&lower))
            })
            .collect();
        let mut varied = false;
        for _ in 0..=seed.below(2) {
            let Some(&at) = free.get(seed.below(free.len())) else { break };
            let mut text = words[at].to_lowercase();
            let from = seed.below(self.pairs.len());
            for (group, other) in self.pairs[from..].iter().chain(&self.pairs[..from]) {
                let places: Vec<usize> = text.match_indices(group).map(|(place, _)| place).collect();
                // `c` of `ch` is no `c`.
                let places: Vec<usize> =
                    places.into_iter().filter(|&i| *group != "c" || !text[i..].starts_with("ch")).collect();
                if !places.is_empty() {
                    let place = places[seed.below(places.len())];
                    text.replace_range(place..place + group.len(), other);
                    varied = true;
                    break;
                }
            }
            words[at] = title(&text);
        }
        varied.then(|| words.join(" "))
    }
}

/// Whether a word can be read as Chinese syllables.
fn is_pinyin(word: &str) -> bool {
    const INITIALS: [&str; 23] = [
        "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z",
        "c", "s", "y", "w",
    ];
    const FINALS: [&str; 33] = [
        "iang", "iong", "uang", "ang", "eng", "ing", "ong", "ian", "iao", "uai", "uan", "ai", "an", "ao",
        "ei", "en", "er", "ia", "ie", "in", "iu", "ou", "ua", "ue", "ui", "un", "uo", "a", "e", "i", "o",
        "u", "v",
    ];
    if word.is_empty() {
        return true;
    }
    INITIALS.iter().chain(&[""]).any(|initial| {
        word.strip_prefix(initial)
            .is_some_and(|rest| FINALS.iter().any(|last| rest.strip_prefix(last).is_some_and(is_pinyin)))
    })
}

/// The word in which a place lies.
pub(super) fn word_around(text: &str, at: usize) -> &str {
    let start = text[..at].rfind(' ').map_or(0, |i| i + 1);
    let end = text[at..].find(' ').map_or(text.len(), |i| at + i);
    &text[start..end]
}

/// Capital letters at the beginning of words.
pub(super) fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut start = true;
    for c in text.chars() {
        if start {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        start = !c.is_alphanumeric();
    }
    out
}

/// Words of business English, which nobody romanizes.
pub(super) fn is_english(word: &str) -> bool {
    const WORDS: &str = " academy advanced aero aerospace aircraft and asia automation aviation bank base building bureau business \
        cargo center central centre chemical china chinese city commerce commercial commission communication communications \
        company components computer computing construction consultancy consulting control controls corporation data defence \
        defense department design development digital division dynamic east eastern education educational electric electrical \
        electronic electronics energy engineering engineers enterprise enterprises equipment export factory federal first for \
        foreign forwarders general global government group holding holdings hong house huawei import industrial industries \
        industry information innovation institute instrument instruments integrated intelligence intelligent international \
        investment joint khan kong laboratory laser liability limited logistics ltd machine machinery management manufacturing \
        marine marketing material materials mechanical media metal microelectronics military ministry national network new north \
        northern nuclear of office oil open operations optical optics optoelectronics organization oriental overseas pakistan \
        pacific parts people plant power precision private product production products project projects public radio repair \
        republic research resources russia russian school science sciences scientific security semiconductor service services \
        shipping software solution solutions south southern space special state stock supply system systems tech technical \
        technological technologies technology telecom telecommunications test testing the tools trade traders trading training \
        transport union united university water west western works workshop workshops world company, co., ltd. inc. llc fze fzco ";
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    !word.is_empty() && (WORDS.contains(&format!(" {word} ")) || in_vocabulary(word))
}

/// Whether the program itself knows it as an ordinary word or a place.
fn in_vocabulary(word: &str) -> bool {
    static ORDINARY: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let rows = include_str!("../../data/words.csv").lines().filter_map(|row| row.split_once(','));
        rows.filter(|(_, rest)| {
            ["trade", "industry", "common", "place"].iter().any(|class| rest.starts_with(class))
        })
        .map(|(word, _)| word)
        .collect()
    });
    ORDINARY.contains(word)
}
