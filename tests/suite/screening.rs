//! How much screening finds of listed names as records distort them, and how much it flags in vain.
//!
//! `cargo bench --bench recall` prints the whole table; here a part of it is held to what it has reached.

use std::collections::BTreeMap;
use std::sync::Arc;

use lookback::entity_list::{EntityKind, EntityList, PartyQuery, Screener};

#[path = "../../benches/names/mod.rs"]
mod names;

use names::Seeded;
use names::distort::{CLASSES, Listed};

fn screener() -> Screener {
    Screener::new(Arc::new(EntityList::embedded().unwrap()))
}

#[test]
fn distorted_names_are_found() {
    let screener = screener();
    let list = Arc::clone(screener.list());
    let mut seed = Seeded::new(3);
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (idx, entity) in list.indexed().filter(|(_, entity)| entity.kind != EntityKind::Address) {
        let country = entity.country.to_string();
        for class in CLASSES {
            if seed.below(8) != 0 {
                continue;
            }
            let Some(text) = (class.make)(Listed { name: &entity.name, country: &country }, &mut seed) else {
                continue;
            };
            let found =
                screener.screen(&PartyQuery { name: &text, country: Some(entity.country), address: "" });
            let own = found.candidates.iter().any(|candidate| {
                candidate.entity == idx || list.entity(candidate.entity).name == entity.name
            });
            let count = counts.entry(class.name).or_default();
            *count = (count.0 + usize::from(own), count.1 + 1);
        }
    }
    let (found, all) = counts.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    assert!(all > 7_000 && found * 100 >= all * 98, "{found} of {all}");
    for (class, (found, all)) in counts {
        // What is cut to a name that many share, or romanized out of recognition, is not always found.
        let least = if class.starts_with("cut") || class.starts_with("romanization") { 80 } else { 92 };
        assert!(all < 25 || found * 100 >= all * least, "{class}: {found} of {all}");
    }
}

#[test]
fn firms_that_are_not_listed_are_let_go() {
    let screener = screener();
    let mut seed = Seeded::new(4);
    let made_up: Vec<String> = (0..2_000).map(|_| names::clean::made_up(&mut seed)).collect();
    let real: Vec<String> = names::clean::real().map(str::to_owned).collect();
    for (names, most_in_a_thousand) in [(real, 20), (made_up, 10)] {
        let flagged: Vec<&String> = names
            .iter()
            .filter(|name| {
                let found = screener.screen(&PartyQuery { name, country: None, address: "" }).candidates;
                found.first().is_some_and(|candidate| !candidate.basis.is_exact())
            })
            .collect();
        assert!(flagged.len() * 1_000 <= names.len() * most_in_a_thousand, "{flagged:?} of {}", names.len());
    }
}

#[test]
fn readme_says_what_was_measured() {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let readme = std::fs::read_to_string(super::program::project("README.md")).unwrap();
    let said =
        readme.split("<!-- measured -->").nth(1).and_then(|rest| rest.split("<!-- end -->").next()).unwrap();
    assert_eq!(words(said), words(lookback::entity_list::MEASURED));
}
