//! Plain sheets read both ways give the same cells, or the same refusal; whatever is done to them.

use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

use super::*;
use crate::ingest::Limits;

/// Every batch of a sheet with all its rows and cells, and the fault it ended with.
type Read = (Vec<String>, Option<String>);

fn read_all(book: &OpenBook, place: &SheetPlace, size: BatchSize) -> Read {
    let mut batches = Vec::new();
    let read = read_rows(book, place, size, &mut |batch| {
        let rows = batch.rows().map(|row| {
            let cells: Vec<_> = row.cells().map(|cell| (cell.kind, cell.text)).collect();
            format!("{} {} {:?} {cells:?}\n", row.number(), row.is_hidden(), row.fault())
        });
        batches.push(rows.collect());
        true
    });
    (batches, read.err().map(|fault| fault.to_string()))
}

/// How many of a file's sheets are plain; all must read the same both ways. None where the file cannot be opened.
fn compare(path: &Path) -> Option<usize> {
    let Inspected { sheets, parts, plain, .. } = facts::inspect(path, "f", Limits::default()).ok()?;
    let plain = plain?;
    let book =
        |plain| OpenBook { path: path.to_owned(), shown_as: "f".into(), plain, shared: Mutex::new(None) };
    // What is plain must open in the general way, and name the same sheets.
    let usual = open_book(path, "f").unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    let names =
        |sheets: &[calamine::Sheet]| sheets.iter().map(|sheet| sheet.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(usual.sheets_metadata()), names(&plain.sheets), "{}", path.display());
    assert_eq!(usual.has_1904_epoch(), plain.from_1904);
    let kinds: Vec<_> = plain.sheets.iter().map(|sheet| (sheet.name.clone(), sheet.typ)).collect();
    let (fast, slow) = (book(Some(plain)), book(None));
    let mut count = 0;
    for (((name, kind), facts), part) in kinds.into_iter().zip(sheets).zip(parts) {
        if kind != SheetType::WorkSheet || facts.damage.is_some() {
            continue;
        }
        let place = SheetPlace { name, part, facts };
        for size in [BatchSize::WHOLE, BatchSize { text: 300, rows: 3 }] {
            let (own, general) = (read_all(&fast, &place, size), read_all(&slow, &place, size));
            assert_eq!(own, general, "{}, {}", path.display(), place.name);
        }
        let plain = fast.plain.as_ref().unwrap();
        let ended = plain::read(path, &place.part, plain, &place.facts, BatchSize::WHOLE, &mut |_| true);
        count += usize::from(ended.is_ok());
    }
    Some(count)
}

/// Every workbook below these folders.
fn workbooks() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("samples"), root.join("tests")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "xlsx" || ending == "xlsm") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A workbook with what plain sheets hold: both kinds of strings, dates, numbers, errors, formulas, merges, hidden rows.
fn made_up(folder: &TempDir) -> PathBuf {
    use rust_xlsxwriter::{Format, Formula, Workbook};
    let path = folder.path().join("made-up.xlsx");
    let mut workbook = Workbook::new();
    let date = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let span = Format::new().set_num_format("[h]:mm");
    let padded = Format::new().set_num_format("0000000000");
    let amount = Format::new().set_num_format("[$EUR] #,##0.00");
    for inline in [true, false] {
        let sheet = if inline {
            workbook.add_worksheet_with_constant_memory().unwrap()
        } else {
            workbook.add_worksheet()
        };
        for row in 0..40_u32 {
            let number = f64::from(row) * 1.1;
            sheet.write_string(row, 0, format!("A & <B> \"{row}\" _x000D_ ü 漢")).unwrap();
            sheet.write_string(row, 1, " led and trailed ").unwrap();
            sheet.write_number(row, 2, number).unwrap();
            sheet.write_number_with_format(row, 3, 45_652.0 + number, &date).unwrap();
            sheet.write_number_with_format(row, 4, number, &span).unwrap();
            sheet.write_number_with_format(row, 5, f64::from(row), &padded).unwrap();
            sheet.write_number_with_format(row, 6, number, &amount).unwrap();
            sheet.write_boolean(row, 7, row % 2 == 0).unwrap();
            sheet.write_formula(row, 8, Formula::new("A1&\"<\"").set_result("text")).unwrap();
            sheet.write_formula(row, 9, Formula::new("NA()").set_result("#N/A")).unwrap();
            sheet.write_blank(row, 10, &date).unwrap();
            if row % 7 == 0 {
                sheet.set_row_hidden(row).unwrap();
            }
        }
        if !inline {
            sheet.merge_range(45, 0, 48, 1, "merged", &Format::new()).unwrap();
            sheet.write_string(47, 3, "beside").unwrap();
        }
    }
    workbook.save(&path).unwrap();
    path
}

/// The archive packed anew, its sheets and strings changed by `change`.
fn repacked(archive: &[u8], mut change: impl FnMut(&str, &mut Vec<u8>)) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        change(&name, &mut content);
        to.start_file(name, SimpleFileOptions::default()).unwrap();
        to.write_all(&content).unwrap();
    }
    to.finish().unwrap().into_inner()
}

struct Seeded(u64);

impl Seeded {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

/// What stands in sheets now and then, put in where a tag begins.
const PIECES: [&str; 36] = [
    "<!-- a comment -->",
    "<![CDATA[1]]>",
    "<?pi?>",
    "<extLst><ext uri=\"x\"/></extLst>",
    "&amp;",
    "&#65;",
    "&nbsp;",
    "&",
    "\r\n",
    "  ",
    "<mc:AlternateContent><mc:Choice/></mc:AlternateContent>",
    "<x:row r=\"3\">",
    "</x:row>",
    "<row>",
    "</row>",
    "<row r=\"9\" spans=\"1:3\" ht=\"15\" x14ac:dyDescent=\"0.25\">",
    "<row r=\"70\"/>",
    "<c><v>5</v></c>",
    "<c r='B7' t='str'><v>_x0041_&lt;</v></c>",
    "<c r=\"ZZZ9\"/>",
    "<c t=\"n\"><v>x</v></c>",
    "<c t=\"d\"><v>2024-02-29</v></c>",
    "<c t=\"b\"><v>true</v></c>",
    "<c t=\"e\"><v>#GETTING_DATA</v></c>",
    "<c><f>1+1</f></c>",
    "<c><f t=\"shared\" si=\"0\"/><v/></c>",
    "<c><f t=\"shared\" si=\"0\" ref=\"A1:B2\">A1</f><v>3</v></c>",
    "<c><v>1</v><f>2</f></c>",
    "<c><is><r><rPr><b/></rPr><t>a</t></r><r><t xml:space=\"preserve\"> b</t></r><rPh sb=\"0\" eb=\"1\"><t>p</t></rPh></is></c>",
    "<c t=\"inlineStr\"><v>1</v><is><t> x </t></is></c>",
    "<c t=\"s\"><v>99999</v></c>",
    "<c s=\"99\" cm=\"1\"><v>1E3</v></c>",
    "</sheetData>",
    "<v>7</v>",
    "<c s=\"4\" r=\"C4\" t=\"n\"><v>-0</v></c>",
    "</c>",
];

/// One to three changes to a part.
fn mutate(random: &mut Seeded, xml: &mut Vec<u8>) {
    for _ in 0..=random.below(3) {
        if xml.is_empty() {
            return;
        }
        let at = random.below(xml.len());
        let tag = memchr::memchr(b'<', &xml[at..]).map_or(at, |more| at + more);
        match random.below(6) {
            0 => xml[at] ^= 1 << random.below(8),
            1 => xml[at] = b" <>&\"'/=_0A:"[random.below(12)],
            2 => {
                let end = (at + 1 + random.below(30)).min(xml.len());
                xml.drain(at..end);
            }
            3 => {
                let end = (at + random.below(200)).min(xml.len());
                let piece = xml[at..end].to_vec();
                xml.splice(tag..tag, piece);
            }
            4 if random.below(20) == 0 => xml.truncate(at),
            _ => {
                let piece = PIECES[random.below(PIECES.len())].bytes();
                xml.splice(tag..tag, piece);
            }
        }
    }
}

#[test]
fn workbooks_read_the_same_both_ways() {
    let folder = TempDir::new().unwrap();
    let made = made_up(&folder);
    assert_eq!(compare(&made), Some(2), "the sheets made up are plain");
    let mut plain = 0;
    for path in workbooks() {
        plain += compare(&path).unwrap_or(0);
    }
    assert!(plain > 3, "only {plain} plain sheets");
}

fn mutations(count: u64) {
    let folder = TempDir::new().unwrap();
    let mut sources = workbooks();
    sources.push(made_up(&folder));
    let mut plain = 0;
    for seed in 0..count {
        let mut random = Seeded(seed);
        // The one made up has most to change.
        let source = &sources[if seed % 2 == 0 { sources.len() - 1 } else { random.below(sources.len()) }];
        let bytes = std::fs::read(source).unwrap();
        if zip::ZipArchive::new(Cursor::new(&bytes)).is_err() {
            continue;
        }
        let strings = random.below(3) == 0;
        let changed = repacked(&bytes, |name, content| {
            if name.contains("worksheets/") && !strings || name.ends_with("sharedStrings.xml") && strings {
                mutate(&mut random, content);
            }
        });
        let path = folder.path().join("changed.xlsx");
        std::fs::write(&path, changed).unwrap();
        plain += compare(&path).unwrap_or(0);
    }
    assert!(plain > count as usize / 10, "only {plain} plain sheets of {count} workbooks");
    println!("{plain} plain sheets in {count} changed workbooks");
}

#[test]
fn changed_workbooks_read_the_same_both_ways() {
    mutations(150);
}

/// `MUTATIONS=20000 cargo test --release -- --ignored --nocapture many_changed_workbooks`.
#[test]
#[ignore = "takes minutes"]
fn many_changed_workbooks_read_the_same_both_ways() {
    mutations(std::env::var("MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(2_000));
}

/// Rows, cells and what may stand between, in any order.
fn sheet_xml() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => (0..40_u32, 0..5_u32, "[0-9]{1,17}|-?[0-9]{1,3}\\.[0-9]{1,17}|1E[0-9]|x|", 0..6_u32).prop_map(|(row, column, value, style)| {
            let letter = char::from(b'A' + column as u8);
            format!("<c r=\"{letter}{row}\" s=\"{style}\"><v>{value}</v></c>")
        }),
        6 => "[a _x0041&;<\r\n\tü]{0,12}".prop_map(|text| {
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>")
        }),
        3 => "[a _x0041\r\n]{0,12}".prop_map(|text| format!("<c t=\"str\"><f>A1</f><v xml:space=\"preserve\">{text}</v></c>")),
        4 => Just("</row><row>".to_owned()),
        4 => (1..60_u32).prop_map(|row| format!("</row>\n<row r=\"{row}\" hidden=\"1\">")),
        2 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| {
        let rows = pieces.concat();
        format!("<?xml version=\"1.0\"?>\n<worksheet><dimension ref=\"A1:C9\"/><sheetData><row r=\"1\">{rows}</row></sheetData><mergeCells><mergeCell ref=\"A2:A4\"/></mergeCells></worksheet>")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn generated_sheets_read_the_same_both_ways(xml in sheet_xml()) {
        let folder = TempDir::new().unwrap();
        let base = BASE.with(Clone::clone);
        let changed = repacked(&base, |name, content| {
            if name.ends_with("sheet1.xml") {
                *content = xml.clone().into_bytes();
            }
        });
        let path = folder.path().join("generated.xlsx");
        std::fs::write(&path, changed).unwrap();
        compare(&path);
    }
}

thread_local! {
    static BASE: Vec<u8> = {
        let folder = TempDir::new().unwrap();
        std::fs::read(made_up(&folder)).unwrap()
    };
}
