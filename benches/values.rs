//! Cells a second: dates, numbers and ECCNs, as records write them.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lookback::codes::Classification;
use lookback::ingest::values::{DateOrder, DateReader, DecimalMark, read_date, read_number};
use lookback::source::{Batch, Cell, CellKind};

const DATES: [&str; 8] = [
    "2024-12-26",
    "12/26/2024",
    "26.12.2024",
    "20241226",
    "26-Dec-2024",
    "December 26, 2024",
    "2024-12-26T14:03:00",
    "45652",
];
const NUMBERS: [&str; 8] = ["4", "4960.00", "1,234.50", "1.234,50", "USD 12,000", "(300.00)", "1 250", "0.5"];
const ECCNS: [&str; 8] = ["EAR99", "3A992.a", "3A992", "2B999.h.2", " 5a992.c ", "3A001.a.2.c", "30", "n/a"];

const CELLS: usize = 8_000;

/// Rows of one cell each, the shapes in turn.
fn column(texts: &[&str]) -> Batch {
    let mut batch = Batch::default();
    for (row, text) in (1..=CELLS as u32).zip(texts.iter().cycle()) {
        batch.begin_row(row, 1, false);
        batch.push_cell(CellKind::Text, text);
    }
    batch
}

fn reading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("values");
    group.throughput(Throughput::Elements(CELLS as u64));
    let mut over = |name: &str, texts: &[&str], read: &dyn Fn(Cell<'_>)| {
        let batch = column(texts);
        group.bench_function(name, |bench| {
            bench.iter(|| batch.rows().for_each(|row| read(row.cell(0))));
        });
    };
    let reader = DateReader::with_order(DateOrder::MonthFirst, false);
    over("dates", &DATES, &|cell| {
        black_box(read_date(cell, &reader));
    });
    over("numbers", &NUMBERS, &|cell| {
        black_box(read_number(cell, DecimalMark::Point));
    });
    over("ECCNs", &ECCNS, &|cell| {
        black_box(Classification::read(cell.text));
    });
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
