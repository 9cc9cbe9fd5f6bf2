//! Lines a second: a book of 20,000 lines read, judged and written as CSV, from nothing to the finished report.

#![expect(clippy::expect_used, reason = "a measurement that cannot be made has failed")]

mod book;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use lookback::audit::{self, AuditPlan};
use lookback::effective::Period;
use lookback::ingest::Overrides;
use lookback::report::{Format, Formats};
use tempfile::TempDir;

const LINES: u64 = 20_000;

fn auditing(criterion: &mut Criterion) {
    let inputs = TempDir::new().expect("a temporary folder");
    let input = inputs.path().join("book.csv");
    let file = std::fs::File::create(&input).expect("a file in the temporary folder");
    book::write_csv(LINES, false, std::io::BufWriter::new(file)).expect("space for the book");

    let mut group = criterion.benchmark_group("audit");
    group.sample_size(10);
    group.throughput(Throughput::Elements(LINES));
    for threads in [1, 2] {
        let plan = AuditPlan {
            mergeable: false,
            arguments: Vec::new(),
            inputs: vec![input.clone()],
            out: None,
            replace: false,
            overrides: Overrides::default(),
            columns_file: None,
            ship_from: None,
            period: Period { from: None, until: None },
            rules: None,
            entity_list: None,
            lists: Vec::new(),
            owners: None,
            decisions: Vec::new(),
            lines: false,
            formats: Formats::of(&[Format::Csv]),
            fail_on: None,
            legend: None,
            matter: None,
            control: None,
            rates: lookback::exchange::Rates::default(),
            disclosure_date: None,
            sample: None,
            threads,
            quiet: true,
        };
        group.bench_function(format!("{LINES} lines, {threads} thread(s)"), |bench| {
            bench.iter_batched(
                || {
                    let folder = TempDir::new().expect("a temporary folder");
                    let plan = AuditPlan { out: Some(folder.path().join("out")), ..plan.clone() };
                    (folder, plan)
                },
                |(folder, plan)| {
                    let finished = audit::run(&plan).expect("a book that can be audited");
                    assert_eq!(finished.run.totals.rows.audited, LINES);
                    folder
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, auditing);
criterion_main!(benches);
