//! What stands in a file: delimited text, workbooks, headings, rule files, decisions.

use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use lookback::decisions;
use lookback::field::Field;
use lookback::ingest::{
    self, ColumnsFile, Confirmed, Encoding, FileFault, Overrides, RowClass, Sheet, describe_columns,
    mapping_template,
};
use lookback::items::Items;
use lookback::rulebase::Rulebase;
use lookback::run::Reconciliation;

use super::Ground;
use super::random::Random;

const HEADING: &str =
    "Document Number,Line,Date of Export,Ultimate Consignee,Country of Ultimate Destination,Value";

/// What is put into damaged text files.
const WORDS: [&str; 22] = [
    "\"",
    "\"\"",
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "\0",
    "\u{feff}",
    "\u{2028}",
    "é",
    "2024-12-26",
    "26/12/2024",
    "=1+1",
    "PK",
    "3A992.a",
    "Total",
    "sep=;\n",
    "1,5",
    "\u{1}",
];

/// Everything of a sheet read as an audit reads it: the cells of every record without a fault, in order; none where a
/// record had one. Every row is accounted for.
fn read(sheet: &mut Sheet) -> Result<Option<Vec<Vec<String>>>, FileFault> {
    let Some(reader) = sheet.reader() else { return Ok(None) };
    for pass in 0..2 {
        let plan = reader.plan().clone();
        let mut tally = plan.new_tally();
        let (mut rows, mut records, mut faults) = (Reconciliation::default(), Vec::new(), 0);
        while let Some(chunk) = reader.next_chunk()? {
            let mut part = plan.new_tally();
            let batch = chunk.parse(&plan, &mut part);
            for row in batch.rows() {
                faults += usize::from(row.fault().is_some());
                if !row.is_empty() {
                    records.push(row.cells().map(|cell| cell.text.to_owned()).collect());
                }
                let class = plan.classify(&row);
                class.count(&row, &mut rows);
                match class {
                    RowClass::Data => {
                        rows.audited += 1;
                        part.see(&plan, &row);
                    }
                    RowClass::Reject(_) => {}
                    other => part.see_other(&plan, &other, row.number()),
                }
            }
            tally.merge(part);
        }
        assert!(rows.closes(), "{rows:?}");
        match plan.confirm(&tally) {
            Confirmed::Refuted(better) if pass == 0 => reader.restart(*better)?,
            _ => return Ok((faults == 0).then_some(records)),
        }
    }
    Ok(None)
}

/// Reads every sheet of a file; a fault is an answer.
fn read_all(path: &Path, overrides: &Overrides) {
    let Ok(mut workbook) = ingest::open(path, "file", overrides) else { return };
    for sheet in workbook.sheets_mut() {
        let _ = read(sheet);
    }
}

/// What the text is put together from.
const PIECES: [&str; 16] = [
    "a",
    "b,",
    ",",
    "\"",
    "\"\"",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\n\n",
    "é",
    "A1,1,2025-06-02,",
    "PK,",
    "5.00\n",
    "\"x, y\"",
    "\t",
];

/// Text made up of what matters to a splitter gives the records that the csv crate gives; a damaged export of any kind is
/// accounted for.
pub(super) fn text(random: &mut Random, ground: &Ground) {
    if random.one_in(3) {
        let mut bytes = random.pick(&ground.texts).clone();
        random.damage(&mut bytes, &WORDS);
        read_all(&ground.write("damaged.csv", &bytes), &Overrides::default());
        return;
    }
    let text = format!("{HEADING}\n{}\n", random.pieces(&PIECES, 60));
    let path = ground.write("made.csv", text.as_bytes());
    let overrides =
        Overrides { delimiter: Some(b','), encoding: Encoding::from_name("utf-8"), ..Overrides::default() };
    let Ok(mut workbook) = ingest::open(&path, "made.csv", &overrides) else { return };
    let Ok(Some(own)) = read(&mut workbook.sheets_mut()[0]) else { return };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let theirs: Vec<Vec<String>> =
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(own, theirs, "{text:?}");
}

/// A damaged workbook, or one whose parts were damaged and packed again, is read or refused.
pub(super) fn workbook(random: &mut Random, ground: &Ground) {
    const MARKUP: [&str; 20] = [
        "<c r=\"A1\" t=\"s\"><v>9</v></c>",
        "<row r=\"1048577\">",
        "</row>",
        "r=\"ZZZ9\"",
        "t=\"e\"",
        "t=\"str\"",
        "<f>A1</f>",
        "&#0;",
        "&lol;",
        "]]>",
        "<!--",
        "<v>",
        "</v>",
        "1E400",
        "-1",
        "s=\"999\"",
        "<mergeCell ref=\"A1:XFD1048576\"/>",
        "number-rows-repeated=\"4000000000\"",
        "\u{0}",
        "xml:space",
    ];
    let (name, bytes) = random.pick(&ground.books);
    let mut bytes = bytes.clone();
    if bytes.starts_with(b"PK") && !random.one_in(4) {
        if let Some(packed) = repacked(&bytes, random, &MARKUP) {
            bytes = packed;
        }
    } else {
        random.damage(&mut bytes, &MARKUP);
    }
    read_all(&ground.write(name, &bytes), &Overrides::default());
}

/// The archive with one or two of its parts damaged.
fn repacked(bytes: &[u8], random: &mut Random, markup: &[&str]) -> Option<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let damaged = [random.below(archive.len()), random.below(archive.len())];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).ok()?;
        let name = part.name().ok()?.into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).ok()?;
        if damaged.contains(&index) {
            random.damage(&mut content, markup);
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).ok()?;
        out.write_all(&content).ok()?;
    }
    Some(out.finish().ok()?.into_inner())
}

/// Headings in any dress and number are mapped, and the mapping written out for the user is read back as the same.
pub(super) fn headings(random: &mut Random, ground: &Ground) {
    const CELLS: [&str; 14] = [
        "A1",
        "1",
        "2025-06-02",
        "31.12.2024",
        "US",
        "PK",
        "Acme Ltd, Lahore",
        "3A992.a",
        "NLR",
        "4960.00",
        "1.234,50",
        "USD",
        "",
        "8541.10",
    ];
    let mut names: Vec<String> =
        (0..=random.below(14)).map(|_| random.pick(&ground.headings).clone()).collect();
    for name in &mut names {
        match random.below(8) {
            0 => *name = name.to_uppercase(),
            1 => *name = name.replace(' ', "_"),
            2 => *name += *random.pick(&[" ", "*", " 2", "1", " (US)", ":", ".", "\n", "#"]),
            3 => {
                let mut bytes = std::mem::take(name).into_bytes();
                random.damage(&mut bytes, &["a", " ", "é", "-", "No."]);
                *name = String::from_utf8_lossy(&bytes).into_owned();
            }
            _ => {}
        }
    }
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&names).unwrap();
    for _ in 0..random.below(6) {
        out.write_record(names.iter().map(|_| *random.pick(&CELLS))).unwrap();
    }
    let path = ground.write("headings.csv", &out.into_inner().unwrap());
    let Ok(workbook) = ingest::open(&path, "headings.csv", &Overrides::default()) else { return };
    let _ = describe_columns(&workbook);
    let workbooks = [workbook];
    let written = mapping_template(&workbooks);
    let [workbook] = workbooks;
    let columns = ColumnsFile::parse(&written, "columns.toml").unwrap_or_else(|problems| {
        panic!("{names:?} gives a mapping that cannot be read: {problems:?}\n{written}")
    });
    let overrides = Overrides { columns: Some(columns), ..Overrides::default() };
    let again = ingest::open(&path, "headings.csv", &overrides).unwrap();
    let mapped = |workbook: &ingest::Workbook| -> Vec<(String, String)> {
        let record = workbook.sheets()[0].record(None);
        record.columns.into_iter().map(|column| (column.column, column.field)).collect()
    };
    let (one, other) = (mapped(&workbook), mapped(&again));
    if !one.is_empty() && workbook.sheets()[0].fault().is_none() {
        assert_eq!(one, other, "{names:?} is mapped otherwise by its own mapping:\n{written}");
    }
    let _ = Field::all();
}

/// A damaged rule base is loaded, or every problem of it is told.
pub(super) fn rules(random: &mut Random, ground: &Ground) {
    const WORDS: [&str; 22] = [
        "[[version]]\n",
        "[",
        "]",
        "\"",
        "'''",
        "=",
        "\n",
        "2024-12-26",
        "2024-13-40",
        "0000-00-00",
        "true",
        "-1",
        "1e308",
        "nan",
        "{}",
        "[]",
        "id = \"\"\n",
        "# ",
        ",",
        "\\u0000",
        "expect = []\n",
        "99999999999999999999",
    ];
    let (path, text) = random.pick(&ground.rules);
    let mut damaged = text.clone();
    random.damage(&mut damaged, &WORDS);
    std::fs::write(path, &damaged).unwrap();
    match Rulebase::from_dir(&ground.data) {
        Ok(rules) => drop(rules.lint()),
        Err(problems) => {
            assert!(!problems.is_empty() && problems.iter().all(|problem| !problem.to_string().is_empty()));
        }
    }
    match Items::from_dir(&ground.data) {
        Ok(items) => drop(items.read("oscilloscope, 6 GHz, 4 channels", "MSO64B", None)),
        Err(problems) => assert!(!problems.is_empty()),
    }
    std::fs::write(path, text).unwrap();
}

/// Damaged decisions are taken, or every row that cannot be is told.
pub(super) fn decisions(random: &mut Random, ground: &Ground) {
    const WORDS: [&str; 18] = [
        "licensed",
        "false-positive",
        "confirmed",
        "disclosed",
        "2026-06-01",
        "2026-02-30",
        "9999-12-31",
        "\"",
        ",",
        "\n",
        "\r\n",
        ";",
        "finding_id",
        "group_id",
        "decision",
        "approved_by",
        "\u{feff}",
        "=1",
    ];
    let mut bytes = ground.decided.clone();
    random.damage(&mut bytes, &WORDS);
    let path = ground.write("decided.csv", &bytes);
    let _ = decisions::is_decision_file(&path);
    if let Err(problems) = decisions::read(&[&path], &ground.policy) {
        // Of very many the first are told, and how many more there are.
        let is_count = |problem: &str| problem.starts_with("and ") && problem.ends_with(" more");
        let named = problems.iter().all(|problem| problem.contains("decided.csv") || is_count(problem));
        assert!(named && problems[0].contains("decided.csv"), "{problems:?}");
    }
}
