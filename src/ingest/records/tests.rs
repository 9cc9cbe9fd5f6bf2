//! Records read as the csv crate reads them, and sound ones as those that are not.

use proptest::prelude::*;

use super::*;

/// Number, lines, fault and cells of every row.
type Seen = Vec<(u32, u32, Option<RowFault>, Vec<(CellKind, String)>)>;

fn seen(mut batch: Batch, text: &str, rewritten: &[u8]) -> Seen {
    batch.set_text(format!("{text}{}", String::from_utf8_lossy(rewritten)));
    seen_in(&batch)
}

fn seen_in(batch: &Batch) -> Seen {
    let cells =
        |row: crate::source::Row<'_>| row.cells().map(|cell| (cell.kind, cell.text.to_owned())).collect();
    batch.rows().map(|row| (row.number(), row.physical_lines(), row.fault(), cells(row))).collect()
}

fn cell_by_cell(text: &str) -> Seen {
    let (mut batch, mut rewritten) = (Batch::default(), Vec::new());
    let marks = Marks::of(text.as_bytes(), b',');
    Parser { marks, batch: &mut batch, rewritten: &mut rewritten }.records(b',', 7, None);
    seen(batch, text, &rewritten)
}

fn sound(text: &str) -> Option<Seen> {
    let marks = marks::of_records(text.as_bytes(), b',');
    (!marks.is_empty()).then(|| {
        let (mut batch, mut rewritten) = (Batch::default(), Vec::new());
        take_apart(text.as_bytes(), &marks, 7, &mut batch, &mut rewritten);
        seen(batch, text, &rewritten)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    #[test]
    fn sound_records_are_read_as_cell_by_cell(cells in "(([a-z]{0,30}|\"([a-z ]|\"\"|,|\n|\r\n){0,40}\")(,|\n|\r\n)){0,40}") {
        let cells = format!("{cells}\n");
        prop_assert_eq!(sound(&cells), Some(cell_by_cell(&cells)));
    }

    #[test]
    fn what_is_taken_for_sound_is(text in "[a,\"\n\r]{0,80}[a,\"\n\r]{0,80}\n") {
        if let Some(seen) = sound(&text) {
            prop_assert_eq!(seen, cell_by_cell(&text));
        }
    }
}

/// A number below another, made up from a seed.
fn below(seed: &mut u64, end: u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % end
}

/// A text made up from a seed: half of them of cells as programs write them, half of stray marks.
fn made_up(seed: &mut u64, most: u64) -> String {
    const MARKS: [&str; 9] = ["a", "bc", ",", "\"", "\n", "\r", "\r\n", "\"\"", "\u{e9}"];
    const CELLS: [&str; 8] = ["", "a", "bc d", "\"e\"", "\"f,g\"", "\"h\"\"i\"", "\"j\nk\"", "\"\""];
    const ENDS: [&str; 5] = [",", ",", ",", "\n", "\r\n"];
    let mut below = |end: u64| below(seed, end);
    let mut text = String::new();
    let is_sound = below(2) == 0;
    let most = if below(8) == 0 { most } else { 24 };
    for _ in 0..below(most) {
        if is_sound {
            text.push_str(CELLS[below(8) as usize]);
            text.push_str(ENDS[below(5) as usize]);
        } else {
            text.push_str(MARKS[below(9) as usize]);
        }
    }
    if is_sound || below(2) == 0 {
        text.push('\n');
    }
    text
}

/// Compares so many made-up texts, as this module and as the csv crate read them; gives how many were sound.
fn compare_with_the_csv_crate(cases: u64, mut seed: u64) -> u64 {
    let mut sound = 0;
    let mut record = csv::StringRecord::new();
    for case in 0..cases {
        let text = made_up(&mut seed, 200);
        let bytes = text.clone().into_bytes();
        let marks = marks::of_records(&bytes, b',');
        sound += u64::from(!marks.is_empty());
        let batch = parse(Records { bytes, first_line: 1, fault: None, marks }, b',').batch;
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        // Blank lines are rows here and nothing there.
        for row in batch.rows().filter(|row| !row.is_empty()) {
            assert!(reader.read_record(&mut record).unwrap(), "case {case}: {text:?}");
            assert!(row.cells().map(|cell| cell.text).eq(record.iter()), "case {case}: {text:?}");
        }
        assert!(!reader.read_record(&mut record).unwrap(), "case {case}: {text:?}");
    }
    sound
}

#[test]
fn records_are_those_of_the_csv_crate() {
    let sound = compare_with_the_csv_crate(20_000, 1);
    assert!(sound > 8_000, "{sound}");
}

#[test]
#[ignore = "ten million texts: CASES=10000000 SEED=1 cargo test --release --lib -- --ignored --nocapture many_records"]
fn many_records_are_those_of_the_csv_crate() {
    let number = |name: &str, or: u64| {
        std::env::var(name).map_or(or, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text}")))
    };
    let (cases, seed) = (number("CASES", 10_000_000), number("SEED", 1));
    let sound = compare_with_the_csv_crate(cases, seed);
    eprintln!("{cases} texts from seed {seed}, {sound} of them sound: the same records as the csv crate");
}

/// All that a splitter gives, the text coming in pieces of made-up lengths, and whether any of it had marks.
fn split(mut splitter: Splitter, text: &str, mut seed: u64) -> (Vec<(Records, Seen)>, bool) {
    let (mut rest, mut given, mut marked) = (text.as_bytes(), Vec::new(), false);
    loop {
        let most = [40, 5_000][below(&mut seed, 2) as usize];
        let piece;
        (piece, rest) = rest.split_at(rest.len().min(below(&mut seed, most) as usize));
        splitter.buffer().extend_from_slice(piece);
        while let Some(Records { bytes, first_line, fault, marks }) = splitter.next(rest.is_empty()) {
            marked |= !marks.is_empty();
            let parsed = parse(Records { bytes: bytes.clone(), first_line, fault, marks }, b',').batch;
            let records = Records { bytes, first_line, fault, marks: Vec::new() };
            given.push((records, seen_in(&parsed)));
        }
        if rest.is_empty() {
            return (given, marked);
        }
    }
}

#[test]
fn marks_split_and_read_as_quote_by_quote_at_every_level() {
    use fearless_simd::Level;
    #[cfg(target_arch = "x86_64")]
    let narrow = Level::new().as_avx2().map(Level::Avx2);
    #[cfg(not(target_arch = "x86_64"))]
    let narrow = None;
    let levels: Vec<Level> = [Level::new(), Level::baseline()].into_iter().chain(narrow).collect();
    let (mut seed, mut with_marks) = (1, 0);
    for case in 0..3_000 {
        let text = made_up(&mut seed, 6_000);
        let target = [1, 30, 3_000, usize::MAX][below(&mut seed, 4) as usize];
        // No text is sound with this delimiter.
        let plain = Splitter { finder: Finder::new(0), ..Splitter::new(b',', target) };
        let (expected, _) = split(plain, &text, seed);
        for &level in &levels {
            let splitter = Splitter { finder: Finder::with(level, b','), ..Splitter::new(b',', target) };
            let (given, marked) = split(splitter, &text, seed);
            assert_eq!(given, expected, "case {case}, {level:?}, target {target}: {text:?}");
            with_marks += u32::from(marked);
        }
    }
    assert!(with_marks > 3_000, "{with_marks}");
}

#[test]
fn a_text_may_lose_its_last_byte() {
    let mut splitter = Splitter::new(b',', usize::MAX);
    let text = format!("{}\n\u{1a}", "a".repeat(2 * BLOCK - 2));
    splitter.buffer().extend_from_slice(text.as_bytes());
    assert_eq!(splitter.next(false), None);
    splitter.buffer().pop();
    let records = splitter.next(true).unwrap();
    assert_eq!((records.bytes.len(), records.marks.is_empty()), (2 * BLOCK - 1, false));
    assert_eq!(splitter.next(true), None);
}

#[test]
fn stray_quotes_and_lone_returns_are_not_sound() {
    for text in ["a\"b\n", "\"a\"b\n", "a\rb\n", "a\r\r\n", "\"a\n", "a", "\"a\rb\"\n"] {
        assert_eq!(sound(text), None, "{text:?}");
    }
    assert!(sound("\"a\"\"b\",\"\"\n").is_some());
}
