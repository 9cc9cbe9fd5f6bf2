//! Tests of screening as a whole: what must not change a result, and that the index loses nothing brute force finds.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use super::fold::Letters;
use super::legal_forms::legal_forms;
use super::lexicon::Lexicon;
use super::line::{Line, bits};
use super::score::{Alignment, Reading};
use super::search::Workspace;
use super::*;
use crate::codes::CountryCode;

static SCREENER: LazyLock<Screener> =
    LazyLock::new(|| Screener::new(Arc::new(EntityList::embedded().unwrap())));

fn screen(name: &str) -> Screening {
    SCREENER.screen(&PartyQuery { name, country: None, address: "" })
}

fn best(name: &str) -> Vec<&'static str> {
    let found = screen(name).candidates;
    let top = found.first().map_or(1.0, |candidate| candidate.score);
    let list = SCREENER.list();
    found
        .iter()
        .filter(|candidate| candidate.score >= top - 0.001)
        .map(|candidate| &*list.entity(candidate.entity).name)
        .collect()
}

/// The best score of every entry, each name of the list compared with every reading, and every word with every listed word.
fn by_brute_force(text: &str) -> BTreeMap<EntityIdx, f32> {
    SCREENER.with_index(|index| {
        let (mut line, mut lexicon, mut views) = (Line::default(), Lexicon::default(), Vec::new());
        line.read_field(text, Letters::AsTheyCome, &mut lexicon);
        line.views(&lexicon, &mut views);
        let mut best = BTreeMap::new();
        let (mut reading, mut alignment) = (Reading::default(), Alignment::default());
        for view in &views {
            let places: Vec<usize> = bits(view.words).collect();
            let mut hits = Vec::new();
            reading.read(&line, view, &lexicon);
            for (n, &at) in places.iter().enumerate() {
                let cut = reading.is_cut() && n + 1 == places.len();
                index.hits_by_brute_force(line.word(at), cut, 1 << at, &mut hits);
                if let Some(&next) = places.get(n + 1) {
                    let together = [line.word(at), line.word(next)].concat();
                    index.joined_hits(&together, false, 1 << at | 1 << next, &mut hits);
                }
            }
            hits.sort_by(|a, b| (a.term, a.mask).cmp(&(b.term, b.mask)).then(b.score.total_cmp(&a.score)));
            hits.dedup_by_key(|hit| (hit.term, hit.mask));
            for name in &index.names {
                if let Some(found) = alignment.score(index, name, &hits, &reading, 0.0, 0.0) {
                    let score = best.entry(name.entity).or_insert(0.0_f32);
                    *score = score.max(found);
                }
            }
        }
        best
    })
}

/// A small generator, so that distortions are the same on every run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

/// A spelling of a name as records have it: a slip, a swap, a word dropped, joined, moved or cut.
fn distorted(name: &str, seed: &mut Seeded) -> String {
    let mut words: Vec<String> = name.split_whitespace().map(str::to_owned).collect();
    match seed.below(7) {
        0 => words.reverse(),
        1 if words.len() > 1 => {
            let at = seed.below(words.len() - 1);
            let next = words.remove(at + 1);
            words[at].push_str(&next);
        }
        2 if words.len() > 2 => {
            words.pop();
        }
        3 => words.insert(0, "M/S".to_owned()),
        4 => words.push("Karachi".to_owned()),
        kind => {
            for _ in 0..=kind % 2 {
                let at = seed.below(words.len());
                let word = &mut words[at];
                if word.len() > 5 && word.is_ascii() {
                    let i = 1 + seed.below(word.len() - 2);
                    let letter = word.remove(i);
                    match seed.below(3) {
                        0 => word.insert(i - 1, letter),
                        1 => word.insert(i, 'e'),
                        _ => {}
                    }
                }
            }
        }
    }
    words.join(" ")
}

fn every_name() -> Vec<(EntityIdx, &'static str)> {
    let list: &'static EntityList = SCREENER.list();
    list.indexed()
        .filter(|(_, entity)| entity.kind != EntityKind::Address)
        .flat_map(|(idx, entity)| {
            let aliases = entity.aliases.iter().map(move |alias| (idx, &*alias.name));
            std::iter::once((idx, &*entity.name)).chain(aliases)
        })
        .collect()
}

#[test]
fn every_listed_name_is_found_as_itself() {
    for (idx, name) in every_name() {
        let found = screen(name).candidates;
        assert!(
            found.len() >= 25 || found.iter().any(|candidate| candidate.entity == idx),
            "{name} does not find {idx:?}"
        );
        let exact = found.iter().filter(|candidate| candidate.basis != MatchBasis::Close);
        assert!(exact.count() > 0, "{name}");
    }
}

#[test]
fn names_that_are_really_listed_are_exact_though_ordinary() {
    for name in
        ["GLOBAL TRADERS", "Technical Services (Pvt) Ltd", "M/S Dynamic Engineers", "United Engineering"]
    {
        assert!(screen(name).candidates[0].basis.is_exact(), "{name}");
    }
    for name in ["PAEC", "P.A.E.C.", "Mirza", "TELEC", "KRL", "NESCOM", "AWC"] {
        assert_eq!(screen(name).candidates[0].basis, MatchBasis::WeakExact, "{name}");
    }
    assert!(best("TROJANS").len() > 1, "under every heading where it stands");
}

#[test]
fn parties_that_only_share_words_are_let_go() {
    for name in [
        "Pakistan Tobacco Board Limited",
        "Rohtas Valley Museum",
        "PVT LTD",
        "TRADING COMPANY",
        "Engineering",
        "N/A",
        "",
        "-",
        "Maple Cement Works Limited",
    ] {
        assert!(screen(name).candidates.is_empty(), "{name}: {:?}", screen(name).candidates);
    }
}

#[test]
fn sister_firms_do_not_match() {
    let close = |name: &str, other: &str| {
        screen(name).candidates.iter().any(|c| &*SCREENER.list().entity(c.entity).name == other)
    };
    assert!(!close("Rohtas Sugar Mills", "Rohtas Enterprises"));
    assert!(!close("201 Research Institute", "203rd Research Institute"));
}

#[test]
fn the_country_speaks_for_or_against() {
    let query =
        |country| PartyQuery { name: "Global Traders", country: CountryCode::new(country), address: "" };
    let agrees = |country| SCREENER.screen(&query(country)).candidates[0].agrees_with_country;
    assert_eq!(agrees("PK"), Some(true));
    assert_eq!(agrees("DE"), Some(false));
    assert_eq!(agrees(""), None);
}

#[test]
fn an_address_alone_leads_to_its_entries() {
    let query = PartyQuery {
        name: "Some Unheard Of Firm",
        country: None,
        address: "Unit 04, 7/F Bright Way Tower, 33 Mong Kok Road, Kowloon, Hong Kong",
    };
    let found = SCREENER.screen(&query).candidates;
    assert!(found.iter().any(|candidate| candidate.basis == MatchBasis::ListedAddress), "{found:?}");
}

#[test]
fn explanations_name_what_matched() {
    let found = screen("Rehmaan Engg. and Services").candidates;
    let text = &found[0].explanation;
    assert!(text.contains("\"engg\" for \"engineering\" (short form)"), "{text}");
    assert!(text.contains("other romanization"), "{text}");
    assert!(text.contains("country is not given"), "{text}");
}

#[test]
fn distorted_names_lead_to_their_entry() {
    let mut seed = Seeded(42);
    let names: Vec<_> = every_name().into_iter().step_by(7).filter(|(_, name)| name.contains(' ')).collect();
    let found = names
        .iter()
        .filter(|(idx, name)| {
            let found = screen(&distorted(name, &mut seed)).candidates;
            found.len() == 25 || found.iter().any(|candidate| candidate.entity == *idx)
        })
        .count();
    // What is lost has lost its last word, the one that named it, or two letters of a short word.
    assert!(found * 100 >= names.len() * 96, "{found} of {}", names.len());
}

#[test]
fn an_entry_more_takes_no_finding_away() {
    let all = SCREENER.list();
    let half = Screener::new(Arc::new(all.with_entities(|at| at % 2 == 0)));
    let mut seed = Seeded(7);
    for (_, name) in every_name().into_iter().step_by(23) {
        let name = distorted(name, &mut seed);
        let query = PartyQuery { name: &name, country: None, address: "" };
        let (few, many) = (half.screen(&query).candidates, screen(&name).candidates);
        for candidate in few.iter().filter(|_| many.len() < 25) {
            let id = &half.list().entity(candidate.entity).id;
            let same = many.iter().find(|other| all.entity(other.entity).id == *id);
            assert_eq!(same.map(|other| other.score), Some(candidate.score), "{name}: {id}");
        }
    }
}

#[test]
fn the_index_loses_nothing_that_brute_force_finds() {
    let (mut lost, mut all) = (0, 0);
    let mut seed = Seeded(20_260_709);
    let mut workspace = Workspace::default();
    for (_, name) in every_name().into_iter().step_by(29) {
        let name = distorted(name, &mut seed);
        let by_index: BTreeMap<EntityIdx, f32> = SCREENER.with_index(|index| {
            workspace.find(index, &name, FLAG_SCORE).iter().map(|best| (best.entity, best.score)).collect()
        });
        for (entity, score) in by_brute_force(&name).into_iter().filter(|(_, score)| *score >= FLAG_SCORE) {
            all += 1;
            if !by_index.contains_key(&entity) {
                lost += 1;
                println!("lost: {name} -> {} {score}", SCREENER.list().entity(entity).name);
            }
        }
    }
    println!("{lost} of {all} lost");
    assert!(all > 300, "{all}");
    assert!(lost * 200 < all, "{lost} of {all} lost");
}

#[test]
fn the_order_of_words_and_punctuation_do_not_change_the_best_entry() {
    // A legal form of several words that is torn apart is none.
    let plain = |name: &&str| {
        name.contains(' ')
            && name.split(' ').all(|word| {
                word.len() > 4
                    && word.bytes().all(|b| b.is_ascii_alphabetic())
                    && !legal_forms().has_word(&word.to_lowercase())
            })
    };
    for name in every_name().into_iter().map(|(_, name)| name).filter(plain).step_by(3) {
        let own = best(name);
        let mut words: Vec<&str> = name.split(' ').collect();
        words.rotate_left(1);
        for other in [words.join(" "), name.replace(' ', "-"), name.replace(' ', ". "), format!("\"{name}\"")]
        {
            let found = best(&other);
            assert!(found.iter().any(|entry| own.contains(entry)), "{name}: {own:?}, {other}: {found:?}");
        }
    }
}

#[test]
fn spellings_of_one_party_are_one_group() {
    let party = |name: &str| {
        let found = screen(name).candidates;
        let list = SCREENER.list();
        found.into_iter().find(|c| &*list.entity(c.entity).name == "Ahad International").map(|c| c.party)
    };
    let one = party("Ahad International");
    assert!(one.is_some());
    for spelling in [
        "AHAD INTERNATIONAL (PVT) LTD",
        "M/s Ahad Int'l, Karachi",
        "Ahad Internatonal",
        "International, Ahad",
        "Ahad-International",
        "ＡＨＡＤ International",
        "Ahed Intl.",
    ] {
        assert_eq!(party(spelling), one, "{spelling}");
    }
    assert_ne!(party("Ahad Textile International"), one, "another firm's name is another group");
}

#[test]
fn names_a_slip_or_two_away_are_found_and_others_let_go() {
    let finds = |name: &str, entry: &str| {
        screen(name).candidates.iter().any(|c| &*SCREENER.list().entity(c.entity).name == entry)
    };
    assert!(finds("Ahod International", "Ahad International"), "a vowel of four letters");
    assert!(
        finds("Ahad International", "Ahad International") && finds("AHD International", "AHD International")
    );
    assert!(finds("РСТС", "Pervaiz Commercial Trading Co. (PCTC)"), "letters that look Latin");
    assert!(finds("Kuehne Nagel/Muhandis Corporation", "Muhandis Corporation"));
    for name in ["Acme", "ACME Corp", "Midea Group Co Ltd", "Festo SE & Co. KG", "Vietnam Electricity"] {
        assert!(screen(name).candidates.is_empty(), "{name}: {:?}", screen(name).candidates);
    }
    assert!(
        finds("A1/ACME Muhandis Corporation", "Muhandis Corporation"),
        "an ordinary word before a rare name"
    );
    let nearest = screen("Titan Muhandis Werke").nearest.unwrap();
    assert_eq!(SCREENER.name_of(&nearest), "Muhandis Corporation");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn spelling_that_does_not_identify_changes_nothing(at in 0_usize..8000, form in 0_usize..6, kind in 0_usize..6) {
        let names = every_name();
        let (_, name) = names[at % names.len()];
        let form = ["Ltd", "(Pvt.) Ltd.", "PRIVATE LIMITED", "L.L.C.", "Co., Ltd.", "GmbH"][form];
        let other = match kind {
            0 => name.to_uppercase(),
            1 => name.replace(' ', "\u{a0}"),
            2 => name.chars().flat_map(|c| [c, '\u{200b}']).collect(),
            3 => name.replace('a', "á").replace('o', "ö"),
            4 => format!("{name} {form}"),
            _ => name.chars().map(|c| if c.is_ascii_alphanumeric() { char::from_u32(c as u32 + 0xfee0).unwrap() } else { c }).collect(),
        };
        prop_assert_eq!(best(name), best(&other), "{} and {}", name, other);
    }

    #[test]
    fn any_text_is_screened(text in "\\PC{0,120}") {
        let screening = screen(&text);
        prop_assert!(screening.candidates.iter().all(|c| (0.0..=1.0).contains(&c.score)));
        prop_assert_eq!(screening, screen(&text));
    }
}

/// Writes what `lookback screen --min-score 0.30 --format csv` would write for the column `query` of the CSV named by
/// `LOOKBACK_QUERIES` to the path in `LOOKBACK_CANDIDATES`, to score labelled names.
#[test]
#[ignore = "needs LOOKBACK_QUERIES and LOOKBACK_CANDIDATES"]
fn labelled_names_are_screened() {
    let path = |name: &str| std::env::var(name).unwrap();
    let mut reader = csv::Reader::from_path(path("LOOKBACK_QUERIES")).unwrap();
    let column = reader.headers().unwrap().iter().position(|heading| heading == "query").unwrap();
    let names: Vec<_> = (2..)
        .zip(reader.records())
        .map(|(row, record)| {
            let record = record.unwrap();
            let query = PartyQuery { name: &record[column], country: None, address: "" };
            SCREENER.screen_named(row, &query, Some(0.3))
        })
        .collect();
    let list = SCREENER.list();
    let out = std::fs::File::create(path("LOOKBACK_CANDIDATES")).unwrap();
    let on = report::AsOf { day: list.snapshot().as_of, days_before: 7 };
    report::write_csv(list, names, on, out).unwrap();
}
