//! How long the embedded data takes to load, and the indexes of names and addresses to build, before the first line is
//! judged. An audit loads the items beside the rest where it has a second thread.
#![allow(missing_docs, reason = "the macros of criterion make functions without")]
#![allow(clippy::unwrap_used, reason = "embedded data loads, or there is nothing to measure")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use lookback::audit::{load_items, load_list, load_rules};
use lookback::entity_list::{EntityList, Screener};
use lookback::places::Places;

fn loading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load");
    group.sample_size(30);
    group.bench_function("rules", |bench| bench.iter(|| black_box(load_rules(None).unwrap())));
    group.bench_function("items", |bench| bench.iter(|| black_box(load_items(None).unwrap())));
    group.bench_function("list", |bench| bench.iter(|| black_box(load_list(None).unwrap())));
    group.bench_function("places", |bench| bench.iter(|| black_box(Places::embedded().unwrap())));
    group.bench_function("all, two threads", |bench| {
        bench.iter(|| {
            std::thread::scope(|scope| {
                let items = scope.spawn(|| load_items(None).unwrap());
                let rest = (load_rules(None).unwrap(), load_list(None).unwrap(), Places::embedded().unwrap());
                black_box((items.join().unwrap(), rest))
            })
        });
    });
    let list: Arc<EntityList> = Arc::new(load_list(None).unwrap());
    group.bench_function("index of names", |bench| {
        bench.iter(|| Screener::new(Arc::clone(&list)).prepare_names());
    });
    group.bench_function("index of addresses", |bench| {
        bench.iter(|| Screener::new(Arc::clone(&list)).prepare_addresses());
    });
    group.finish();
}

criterion_group!(benches, loading);
criterion_main!(benches);
