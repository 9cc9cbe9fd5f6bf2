//! What reading items costs: loading the vocabulary, and 5,000 distinct descriptions.

#![expect(clippy::unwrap_used, reason = "the vocabulary in the program is whole")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lookback::items::Items;

/// Descriptions as they stand in item masters, goods of every kind among them.
const DESCRIPTIONS: [&str; 10] = [
    "GATE VLV 10IN CL1500 CF8M BW",
    "Centrifugal process pump, 7.5 HP, 460 V, SS316",
    "HPLC column C18 4.6 x 250 mm",
    "Cotton shirts, assorted sizes, long sleeve",
    "Digital oscilloscope, 4 channels, 1 GHz, 5 GS/s",
    "Ball bearing 6308 2RS C3",
    "Kreiselpumpe mit Motor 18,5 kW",
    "LED street light 100 W IP66",
    "Válvula de bola 1 pulg acero inox 316",
    "Diesel generator set 100 kVA 50 Hz",
];

fn items(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("items");
    group.bench_function("load", |bench| bench.iter(|| black_box(Items::embedded().unwrap())));
    let loaded = Items::embedded().unwrap();
    let distinct: Vec<String> =
        DESCRIPTIONS.iter().cycle().zip(0..5_000).map(|(text, number)| format!("{text} {number}")).collect();
    group.throughput(Throughput::Elements(distinct.len() as u64));
    group.bench_function("5,000 descriptions", |bench| {
        bench.iter(|| {
            for text in &distinct {
                black_box(loaded.read(text, "", None));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, items);
criterion_main!(benches);
