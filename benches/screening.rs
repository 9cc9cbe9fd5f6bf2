//! Names a second: distinct party names, as records write them, screened on one core.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lookback::entity_list::{EntityList, PartyQuery, Screener};

/// Distinct names: nine in ten made of words of firms that are not listed, one in ten a listed name with a slip.
fn names(list: &EntityList) -> Vec<String> {
    const FIRST: [&str; 12] = [
        "Crescent", "Nishat", "Habib", "Kohinoor", "Sapphire", "Ravi", "Indus", "Chenab", "Gulshan",
        "Margalla", "Shaheen", "Zamzama",
    ];
    const SECOND: [&str; 10] =
        ["Textile", "Sugar", "Surgical", "Auto", "Agro", "Steel", "Paper", "Rice", "Leather", "Cables"];
    const THIRD: [&str; 8] = [
        "Mills Limited",
        "Industries (Pvt) Ltd",
        "Traders, Lahore",
        "International",
        "& Sons",
        "Corporation",
        "Enterprises Karachi",
        "Works",
    ];
    let mut names = Vec::new();
    for (n, entity) in (0_usize..).zip(list.entities()) {
        names.push(entity.name.replacen('e', "", 1));
        for i in 0..9 {
            let k = n * 9 + i;
            let (first, second, third) = (FIRST[k % 12], SECOND[k / 12 % 10], THIRD[k / 120 % 8]);
            let letters = ["a", "ir", "um", "o", "esh", "ad", "in", "uk"][k / 960 % 8];
            let more = ["k", "l", "m", "n", "r", "s", "t"][k / 7680 % 7];
            names.push(format!("{first}{letters}{more} {second} {third}"));
        }
    }
    names
}

fn screening(criterion: &mut Criterion) {
    let Ok(list) = EntityList::embedded() else { return };
    let list = Arc::new(list);
    let names = names(&list);
    let screener = Screener::new(Arc::clone(&list));
    screener.prepare();
    let mut group = criterion.benchmark_group("screening");
    group.sample_size(10);
    group.throughput(Throughput::Elements(names.len() as u64));
    group.bench_function("distinct names", |bench| {
        bench.iter(|| {
            for name in &names {
                black_box(screener.screen(&PartyQuery { name, country: None, address: "" }));
            }
        });
    });
    group.finish();
    criterion
        .bench_function("load the list", |bench| bench.iter(|| black_box(EntityList::embedded().is_ok())));
    criterion.bench_function("build both indices", |bench| {
        bench.iter(|| Screener::new(Arc::clone(&list)).prepare());
    });
}

criterion_group!(benches, screening);
criterion_main!(benches);
