//! Fuzzing in the test process, on the stable toolchain: what may come from outside is made up, millions of times, and
//! must neither panic nor hang, and must keep what each target promises.
//!
//! Every test run takes a few seconds of each target. A long run, from the project's folder:
//! `FUZZ_SECONDS=3600 cargo test --release --test main fuzz::long -- --ignored --nocapture`. `FUZZ_SEED` and
//! `FUZZ_TARGET` choose what is run; a failure prints what repeats it.

mod files;
mod random;
mod values;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use lookback::decisions::Policy;
use lookback::items::Items;
use tempfile::TempDir;

use super::program::{files_below, project, samples};
use random::Random;

/// A case that takes longer has found something slow.
const SLOW: Duration = Duration::from_secs(20);

/// What the cases of a run share.
struct Ground {
    /// Where files are written.
    folder: TempDir,
    /// Text files and workbooks to begin with.
    texts: Vec<Vec<u8>>,
    books: Vec<(String, Vec<u8>)>,
    headings: Vec<String>,
    /// A copy of the data, and its files with what stands in them.
    data: PathBuf,
    rules: Vec<(PathBuf, Vec<u8>)>,
    decided: Vec<u8>,
    items: Items,
    policy: Policy,
}

impl Ground {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let read = |path: &PathBuf| std::fs::read(path).unwrap();
        let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        let mut books: Vec<(String, Vec<u8>)> =
            samples(&["xlsx"]).iter().map(|path| (name(path), read(path))).collect();
        books.extend(
            files_below(&project("tests/hard"), &["ods", "fods", "xls"])
                .iter()
                .map(|path| (name(path), read(path))),
        );
        books.extend(
            super::hard::one_in_every_format().into_iter().map(|(name, bytes)| (name.to_owned(), bytes)),
        );
        // Large ones say nothing more, and take longer.
        books.retain(|(_, bytes)| bytes.len() < 1 << 18);
        let text = std::fs::read_to_string(project("data/columns.csv")).unwrap();
        let mut columns = csv::Reader::from_reader(text.as_bytes());
        let headings = columns.records().map(|record| record.unwrap()[0].to_owned()).collect();

        let data = folder.path().join("data");
        let mut rules = Vec::new();
        for path in files_below(&project("data"), &["toml", "csv"]) {
            let below = path.strip_prefix(project("data")).unwrap().to_owned();
            if below.starts_with("entity_list") || below.starts_with("names") {
                continue;
            }
            let to = data.join(&below);
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(&path, &to).unwrap();
            let is_rule =
                below.starts_with("rules") || below.starts_with("items") || below.starts_with("ccl");
            if is_rule || below.starts_with("license_codes.csv") {
                rules.push((to, read(&path)));
            }
        }
        Self {
            texts: samples(&["csv"]).iter().map(read).collect(),
            books,
            headings,
            data,
            rules,
            decided: read(&project("samples/two-quarters/decided-2025-q3.csv")),
            items: Items::embedded().unwrap(),
            policy: Policy::embedded().unwrap(),
            folder,
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

/// One thing that is fuzzed.
struct Target {
    name: &'static str,
    case: fn(&mut Random, &Ground),
    /// Cases of a short run.
    short: u64,
}

const TARGETS: [Target; 9] = [
    Target { name: "eccn", case: values::eccn, short: 20_000 },
    Target { name: "date", case: values::date, short: 20_000 },
    Target { name: "number", case: values::number, short: 20_000 },
    Target { name: "item", case: values::item, short: 1_000 },
    Target { name: "text", case: files::text, short: 300 },
    Target { name: "workbook", case: files::workbook, short: 60 },
    Target { name: "headings", case: files::headings, short: 100 },
    Target { name: "rules", case: files::rules, short: 40 },
    Target { name: "decisions", case: files::decisions, short: 150 },
];

impl Target {
    /// Runs one case; whatever it finds is told with what repeats it.
    #[expect(clippy::print_stderr, reason = "what repeats a failed case has to be seen beside its panic")]
    fn run(&self, seed: u64, case: u64, ground: &Ground) {
        let began = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.case)(&mut Random::of(seed, case), ground)));
        let again = format!("FUZZ_TARGET={} FUZZ_SEED={seed} FUZZ_FROM={case}", self.name);
        if let Err(panic) = outcome {
            eprintln!("this case failed: {again}");
            resume_unwind(panic);
        }
        if began.elapsed() > SLOW {
            // A machine with other work to do is slow at everything: what counts is the time this process is given.
            let before = processor_time();
            (self.case)(&mut Random::of(seed, case), ground);
            let took = processor_time().saturating_sub(before);
            assert!(took < SLOW, "this case took {took:?}: {again}");
        }
    }
}

/// The time that processors have given this process, where the system tells; else what time it is.
fn processor_time() -> Duration {
    static BEGAN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let wall = BEGAN.get_or_init(Instant::now).elapsed();
    let Ok(told) = std::fs::read_to_string("/proc/self/stat") else { return wall };
    // In hundredths of a second, the 14th and 15th of the fields; the second may hold blanks, and ends with a bracket.
    let fields = told.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

fn short(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let ground = Ground::new();
    (0..target.short).for_each(|case| target.run(1, case, &ground));
}

#[test]
fn eccns() {
    short("eccn");
}

#[test]
fn dates() {
    short("date");
}

#[test]
fn numbers() {
    short("number");
}

#[test]
fn items() {
    short("item");
}

#[test]
fn delimited_text() {
    short("text");
}

#[test]
fn workbooks() {
    short("workbook");
}

#[test]
fn headings() {
    short("headings");
}

#[test]
fn rule_files() {
    short("rules");
}

#[test]
fn decisions() {
    short("decisions");
}

/// Each target in turn, until the time is up.
#[test]
#[ignore = "runs as long as FUZZ_SECONDS says"]
fn long() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let end = Instant::now() + Duration::from_secs(number("FUZZ_SECONDS").unwrap_or(60));
    let seed = number("FUZZ_SEED").unwrap_or(2);
    // As the program does: a reader of a legacy format that asks for terabytes ends itself and nothing else.
    lookback::ingest::isolate_readers(PathBuf::from(env!("CARGO_BIN_EXE_lookback")));
    let wanted = std::env::var("FUZZ_TARGET").ok();
    let ground = Ground::new();
    let mut done: BTreeMap<&str, u64> = BTreeMap::new();
    let is_wanted = |target: &&Target| wanted.as_ref().is_none_or(|wanted| wanted == target.name);
    let mut targets = TARGETS.iter().filter(is_wanted).cycle();
    while Instant::now() < end {
        let target = targets.next().unwrap();
        let count = done.entry(target.name).or_insert_with(|| number("FUZZ_FROM").unwrap_or(0));
        let turn = Instant::now() + Duration::from_millis(500);
        while Instant::now() < turn {
            target.run(seed, *count, &ground);
            *count += 1;
        }
    }
    println!("seed {seed}");
    for (target, cases) in done {
        println!("{target:<10} {cases:>12} cases");
    }
}
