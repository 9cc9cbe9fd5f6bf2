//! Names a second: a million distinct party names screened on one core, beside brute force over the whole list with the
//! Jaro-Winkler of `rapidfuzz`, in the same run.
//!
//! `cargo bench --bench screening`, or with the number of names: `cargo bench --bench screening -- 200000`

mod names;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lookback::entity_list::{EntityKind, EntityList, Screener};
use rapidfuzz::distance::jaro_winkler;

/// As many names are enough to time brute force.
const BY_BRUTE_FORCE: usize = 500;
/// What brute force takes for a match; below it most pairs need not be compared to the end.
const CUTOFF: f64 = 0.90;

/// Distinct names: one in a hundred a listed name with a letter missing, the others made up.
fn distinct(list: &EntityList, count: usize) -> Vec<String> {
    let listed = list.entities();
    (0..count)
        .map(|number| {
            if number % 100 == 99 {
                let name = &*listed[number / 100 % listed.len()].name;
                let at = 1 + number / 100 / listed.len() % name.chars().count().max(2);
                name.chars().enumerate().filter(|(i, _)| *i != at).map(|(_, c)| c).collect()
            } else {
                names::clean::numbered(number)
            }
        })
        .collect()
}

/// How long it takes, at best of a few runs.
fn best_of(runs: usize, mut work: impl FnMut()) -> Duration {
    (0..runs)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        })
        .min()
        .unwrap_or_default()
}

#[expect(clippy::print_stdout, reason = "a measurement says what it found")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let list = Arc::new(EntityList::embedded().map_err(|problems| problems.join("\n"))?);
    let loaded = best_of(5, || {
        black_box(EntityList::embedded().is_ok());
    });
    let built = best_of(5, || {
        black_box(Screener::new(Arc::clone(&list)).screen_name("", None));
    });
    let both = best_of(5, || {
        let screener = Screener::new(Arc::clone(&list));
        screener.prepare_names();
        screener.prepare_addresses();
    });
    println!(
        "load the list {loaded:.1?}, index the names {built:.1?}, and the addresses {:.1?}",
        both.saturating_sub(built)
    );

    let names = distinct(&list, count);
    let screener = Screener::new(Arc::clone(&list));
    screener.prepare_names();
    screener.prepare_addresses();
    let mut flagged = 0;
    let begun = Instant::now();
    for name in &names {
        flagged += usize::from(!black_box(screener.screen_name(name, None)).candidates.is_empty());
    }
    let ours = names.len() as f64 / begun.elapsed().as_secs_f64();
    println!("lookback: {} distinct names, {ours:.0} a second, {flagged} flagged", names.len());

    let listed: Vec<String> = list
        .entities()
        .iter()
        .filter(|entity| entity.kind != EntityKind::Address)
        .flat_map(|entity| {
            std::iter::once(&entity.name).chain(entity.aliases.iter().map(|alias| &alias.name))
        })
        .map(|name| name.to_lowercase())
        .collect();
    let some: Vec<&String> = names.iter().step_by((names.len() / BY_BRUTE_FORCE).max(1)).collect();
    let arguments = jaro_winkler::Args::default().score_cutoff(CUTOFF);
    let mut near = 0;
    let begun = Instant::now();
    for name in &some {
        let comparator = jaro_winkler::BatchComparator::new(name.to_lowercase().chars().collect::<Vec<_>>());
        let found = listed
            .iter()
            .any(|other| black_box(comparator.similarity_with_args(other.chars(), &arguments)).is_some());
        near += usize::from(found);
    }
    let brute = some.len() as f64 / begun.elapsed().as_secs_f64();
    println!(
        "rapidfuzz Jaro-Winkler from {CUTOFF}, all {} listed names: {} of the names, {brute:.0} a second, {near} flagged",
        listed.len(),
        some.len()
    );
    println!("ratio {:.0}", ours / brute);
    Ok(())
}
