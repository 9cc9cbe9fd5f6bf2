//! How much screening finds and how much it flags in vain, by kind of distortion.
//!
//! `cargo bench --bench recall` prints the table; `-- misses CLASS` and `-- false` print the names themselves, `-- folds` how the
//! flag score would be chosen on four fifths of the entries and does on the fifth left out.

mod names;

use std::collections::BTreeMap;
use std::sync::Arc;

use lookback::entity_list::{EntityIdx, EntityKind, EntityList, FLAG_SCORE, PartyQuery, Screener};
use names::Seeded;
use names::distort::{CLASSES, Listed};

/// A distorted name, and what screening made of it.
struct Query {
    class: &'static str,
    text: String,
    entity: EntityIdx,
    /// The score of its own entry, or of one that has the same name.
    score: f32,
    flagged: usize,
}

#[expect(clippy::print_stdout, reason = "a measurement says what it found")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let asked = arguments.first().map_or("", String::as_str);
    let list = Arc::new(EntityList::embedded().map_err(|problems| problems.join("\n"))?);
    let screener = Screener::new(Arc::clone(&list));
    let queries = distorted(&list, &screener);
    let clean = clean(&screener);
    match asked {
        "misses" => {
            let class = arguments.get(1).map_or("", String::as_str);
            for query in
                queries.iter().filter(|query| query.score < FLAG_SCORE && query.class.contains(class))
            {
                println!(
                    "{:30} {:.3} {:?} -> {}",
                    query.class,
                    query.score,
                    query.text,
                    list.entity(query.entity).name
                );
            }
        }
        "false" => {
            for (name, score, entry) in clean.iter().filter(|(_, score, _)| *score >= FLAG_SCORE) {
                println!("{score:.3} {name:?} -> {entry}");
            }
        }
        "folds" => folds(&list, &queries, &clean),
        _ => table(&queries, &clean),
    }
    Ok(())
}

fn distorted(list: &EntityList, screener: &Screener) -> Vec<Query> {
    let mut queries = Vec::new();
    let mut seed = Seeded::new(1);
    for (idx, entity) in list.indexed().filter(|(_, entity)| entity.kind != EntityKind::Address) {
        let country = entity.country.to_string();
        let aliases = entity.aliases.iter().map(|alias| &*alias.name);
        let mut names: Vec<&str> = std::iter::once(&*entity.name).chain(aliases).collect();
        // A few names of every entry, so that those with fifty aliases do not outweigh the rest.
        while names.len() > 3 {
            names.remove(1 + seed.below(names.len() - 1));
        }
        for name in names {
            for class in CLASSES {
                // A share of the classes for each name.
                if seed.below(4) != 0 {
                    continue;
                }
                let Some(text) = (class.make)(Listed { name, country: &country }, &mut seed) else {
                    continue;
                };
                let query = PartyQuery { name: &text, country: None, address: "" };
                let found = screener.screen_at(&query, 0.3);
                let own = |idx: EntityIdx| {
                    let other = list.entity(idx);
                    *other.name == *name || other.aliases.iter().any(|alias| *alias.name == *name)
                };
                let score = found
                    .iter()
                    .filter(|c| c.entity == idx || own(c.entity))
                    .map(|c| c.score)
                    .fold(0.0, f32::max);
                let flagged = found.iter().filter(|c| c.score >= FLAG_SCORE).count();
                queries.push(Query { class: class.name, text, entity: idx, score, flagged });
            }
        }
    }
    queries
}

/// Clean names with the score and the name of the nearest entry; those that are listed names as such are left out.
fn clean(screener: &Screener) -> Vec<(String, f32, String)> {
    let mut seed = Seeded::new(2);
    let made_up = (0..6_000).map(|_| names::clean::made_up(&mut seed));
    names::clean::real()
        .map(str::to_owned)
        .chain(made_up)
        .filter_map(|name| {
            let found = screener.screen_at(&PartyQuery { name: &name, country: None, address: "" }, 0.3);
            let Some(first) = found.into_iter().next() else { return Some((name, 0.0, String::new())) };
            (!first.basis.is_exact()).then_some((name, first.score, first.matched_name))
        })
        .collect()
}

#[expect(clippy::print_stdout, reason = "a measurement says what it found")]
fn table(queries: &[Query], clean: &[(String, f32, String)]) {
    println!("| distortion | names | found | findings a name |");
    println!("| --- | --- | --- | --- |");
    let row = |name: &str, of: &[&Query]| {
        let found = of.iter().filter(|query| query.score >= FLAG_SCORE).count();
        let flagged: usize = of.iter().map(|query| query.flagged).sum();
        println!(
            "| {name} | {} | {:.1} % | {:.2} |",
            of.len(),
            100.0 * found as f32 / of.len().max(1) as f32,
            flagged as f32 / of.len().max(1) as f32
        );
    };
    for class in CLASSES {
        row(class.name, &queries.iter().filter(|query| query.class == class.name).collect::<Vec<_>>());
    }
    row("**all**", &queries.iter().collect::<Vec<_>>());
    let share = |names: &[(String, f32, String)]| {
        let flagged = names.iter().filter(|(_, score, _)| *score >= FLAG_SCORE).count();
        format!(
            "{flagged} of {} flagged ({:.2} %)",
            names.len(),
            100.0 * flagged as f32 / names.len().max(1) as f32
        )
    };
    let real = names::clean::real().count().min(clean.len());
    println!("\nFirms that are not listed: {}", share(&clean[..real]));
    println!("Names made up of common words: {}", share(&clean[real..]));
}

/// The flag score chosen on four fifths of the entries, tried on the fifth left out.
#[expect(clippy::print_stdout, reason = "a measurement says what it found")]
fn folds(list: &EntityList, queries: &[Query], clean: &[(String, f32, String)]) {
    let fold = |text: &str| {
        text.bytes().fold(7_usize, |sum, b| sum.wrapping_mul(31).wrapping_add(b as usize)) / 7 % 5
    };
    for left_out in 0..5 {
        let mut scores: Vec<f32> =
            clean.iter().filter(|(name, ..)| fold(name) != left_out).map(|(_, score, _)| *score).collect();
        scores.sort_by(f32::total_cmp);
        let score = scores[scores.len() - 1 - scores.len() * 2 / 100] + 0.0005;
        let mut by_class: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for query in queries.iter().filter(|query| fold(&list.entity(query.entity).id) == left_out) {
            let count = by_class.entry(query.class).or_default();
            *count = (count.0 + usize::from(query.score >= score), count.1 + 1);
        }
        let (found, all) = by_class.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
        let outside: Vec<_> = clean.iter().filter(|(name, ..)| fold(name) == left_out).collect();
        let flagged = outside.iter().filter(|(_, s, _)| *s >= score).count();
        println!(
            "fold {left_out}: score {score:.3} flags at most 2 % of four folds; on the fifth it finds {:.1} % of {all} and flags {:.1} % of {}",
            100.0 * found as f32 / all as f32,
            100.0 * flagged as f32 / outside.len() as f32,
            outside.len()
        );
    }
}
