//! The formats read back by other programs' readers.

use std::collections::BTreeMap;
use std::path::Path;

use calamine::Reader as _;

use super::example::{Example, hostile};
use super::*;

fn write(example: &Example, dir: &Path) -> BTreeMap<String, String> {
    let mut writers = Writers::create(dir, Formats::all(), example.data(), true).unwrap();
    for finding in &example.findings {
        writers.finding(finding, LineFacts::default()).unwrap();
    }
    for row in &example.rejected {
        writers.rejected(row).unwrap();
    }
    for line in &example.lines {
        writers.line(line).unwrap();
    }
    let digests = writers.finish().unwrap();
    let run = crate::run::RunRecord { outputs: digests.clone(), ..example.run.clone() };
    run_json::write(dir, &run).unwrap();
    digests
}

#[test]
fn csv_has_the_columns_of_the_contract_and_no_formula() {
    let dir = tempfile::tempdir().unwrap();
    let example = Example::full();
    write(&example, dir.path());
    for file in ["findings.csv", "rejected.csv", "lines.csv"] {
        let bytes = std::fs::read(dir.path().join(file)).unwrap();
        assert!(!bytes.contains(&0), "{file}");
        let mut reader = ::csv::Reader::from_reader(&bytes[..]);
        let headers = reader.headers().unwrap().clone();
        for record in reader.records() {
            for (heading, value) in headers.iter().zip(&record.unwrap()) {
                let number = matches!(heading, "value" | "quantity") && value == "-123.45";
                assert!(number || !value.starts_with(['=', '+', '-', '@', '\t', '\r']), "{file}: {value}");
            }
        }
    }
    let mut reader = ::csv::Reader::from_path(dir.path().join("findings.csv")).unwrap();
    assert_eq!(reader.headers().unwrap().iter().next(), Some("finding_id"));
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), FINDING_COLUMNS);
    let records: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), example.findings.len());
    assert_eq!(&records[0][28], "-123.45");
    let long = records.iter().find(|record| record[25].starts_with("xxx")).unwrap();
    assert_eq!(long[25].len(), 40_000);
}

#[test]
fn jsonl_keeps_the_text_as_read() {
    let dir = tempfile::tempdir().unwrap();
    let example = Example::full();
    write(&example, dir.path());
    let text = std::fs::read_to_string(dir.path().join("findings.jsonl")).unwrap();
    let objects: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), example.findings.len());
    for (object, raw) in objects[crate::finding::FindingCode::ALL.len()..].iter().zip(hostile()) {
        assert_eq!(object["party_name"], raw);
        assert_eq!(object["evidence"][0]["raw"], raw);
    }
    assert_eq!(objects[0]["row"], 200);
    assert_eq!(objects[0]["evidence_digest"].as_str().unwrap().len(), 16);
    for column in FINDING_COLUMNS {
        assert!(!objects[0][column].is_null(), "{column}");
    }
}

#[test]
fn the_same_run_gives_the_same_bytes_and_true_digests() {
    let example = Example::full();
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let digests = write(&example, one.path());
    assert_eq!(digests, write(&example, two.path()));
    let mut names: Vec<_> = std::fs::read_dir(one.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in &names {
        let bytes = |dir: &tempfile::TempDir| std::fs::read(dir.path().join(name)).unwrap();
        assert!(bytes(&one) == bytes(&two), "{name}");
        if name != run_json::FILE {
            assert_eq!(
                digests[name],
                digest::hex(&<sha2::Sha256 as sha2::Digest>::digest(bytes(&one))),
                "{name}"
            );
        }
    }
    assert_eq!(
        names,
        [
            "findings.csv",
            "findings.jsonl",
            "lines.csv",
            "rejected.csv",
            "report.html",
            "report.xlsx",
            "run.json"
        ]
    );
}

type Book = calamine::Xlsx<std::io::BufReader<std::fs::File>>;

fn workbook(example: &Example, dir: &Path) -> Book {
    write(example, dir);
    calamine::open_workbook(dir.join("report.xlsx")).unwrap()
}

fn cells(book: &mut Book, sheet: &str) -> Vec<Vec<calamine::Data>> {
    book.worksheet_range(sheet).unwrap().rows().map(<[calamine::Data]>::to_vec).collect()
}

fn words(book: &mut Book, sheet: &str) -> String {
    let rows = cells(book, sheet).into_iter().flatten();
    rows.map(|cell| cell.to_string()).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

const SHEETS: [&str; 12] = [
    "Summary",
    "Exceptions",
    "Reviews",
    "Notes",
    "Parties",
    "Not assessed",
    "Rejected rows",
    "Files",
    "Sample",
    "Disclosure schedule",
    "Method",
    "Sign-off",
];

#[test]
fn the_workbook_has_every_sheet_and_no_formula_of_the_record() {
    let dir = tempfile::tempdir().unwrap();
    let example = Example::full();
    let mut book = workbook(&example, dir.path());
    assert_eq!(book.sheet_names(), SHEETS);
    for sheet in SHEETS {
        for (_, _, formula) in book.worksheet_formula(sheet).unwrap().used_cells() {
            let ours = formula.starts_with("HYPERLINK(\"#'")
                || formula.starts_with("SUM(")
                || formula.starts_with("IF(AND(");
            assert!(formula.is_empty() || ours, "{sheet}: {formula}");
        }
        for cell in cells(&mut book, sheet).iter().flatten() {
            if let calamine::Data::String(text) = cell {
                assert!(
                    !text.starts_with(['=', '+', '-', '@', '\t', '\r']) || sheet == "Files",
                    "{sheet}: {text}"
                );
                assert!(text.encode_utf16().count() <= 32_767 && !text.contains('\0'), "{sheet}");
            }
        }
    }
}

#[test]
fn dates_and_amounts_are_dates_and_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let example = Example::full();
    let mut book = workbook(&example, dir.path());
    let exceptions = cells(&mut book, "Exceptions");
    let expected = example
        .findings
        .iter()
        .filter(|numbered| numbered.finding.disposition == crate::finding::Disposition::Exception);
    assert_eq!(exceptions.len(), expected.count() + 2, "the legend, the headings, a row each");
    assert_eq!(exceptions[0][0].to_string().split(' ').next(), Some("PRIVILEGED"));
    let heading = |name: &str| {
        exceptions[1].iter().position(|cell| *cell == calamine::Data::String(name.into())).unwrap()
    };
    let first = &exceptions[2];
    assert_eq!(first[heading("Value")], calamine::Data::Float(-123.45));
    assert!(matches!(first[heading("Date of export")], calamine::Data::DateTime(_)));
    assert_eq!(first[heading("Document")], calamine::Data::String("0080100000".into()));
    assert_eq!(
        first[heading("Source")].to_string(),
        "2025/q1_shipments.xlsx, sheet Shipments, row 200 (H200, K200)"
    );
    assert_eq!(first[heading("Party's shipments")].to_string(), "row 3");
    assert_eq!(cells(&mut book, "Parties")[2][12].to_string(), "Indus Precision Works");
}

#[test]
fn the_summary_sheet_says_what_an_auditor_signs() {
    let dir = tempfile::tempdir().unwrap();
    let mut example = Example::full();
    let mut book = workbook(&example, dir.path());
    let summary = words(&mut book, "Summary");
    for said in [
        "Lookback: flagged exceptions",
        "2024-10-01 to 2025-06-30",
        "USD 3,668,900.00",
        "as of 2026-07-09; 3,420 entries",
        "deemed exports",
        "2025/q3.xlsx could not be read",
        "LR01 license required none recorded",
        "not determined",
        "The parts add up",
    ] {
        assert!(summary.contains(said), "{said} is missing from\n{summary}");
    }
    assert!(!SHEETS.iter().any(|sheet| words(&mut book, sheet).to_lowercase().contains("violation")));
    let digest = write(&example, tempfile::tempdir().unwrap().path())["findings.csv"].clone();
    assert!(words(&mut book, "Sign-off").contains(&digest));

    example.run.totals.rows.audited += 1;
    let dir = tempfile::tempdir().unwrap();
    assert!(words(&mut workbook(&example, dir.path()), "Summary").contains("DO NOT ADD UP"));
}

#[test]
fn a_clean_run_says_none_on_every_list() {
    let dir = tempfile::tempdir().unwrap();
    let mut example = Example::clean();
    for sheet in &mut example.run.inputs[0].sheets {
        sheet.skipped = None;
        sheet.rows.outside_period = 0;
    }
    let mut book = workbook(&example, dir.path());
    for sheet in
        ["Exceptions", "Reviews", "Notes", "Parties", "Not assessed", "Rejected rows", "Disclosure schedule"]
    {
        assert!(words(&mut book, sheet).contains("None"), "{sheet}");
    }
}

fn page(example: &Example) -> String {
    let dir = tempfile::tempdir().unwrap();
    write(example, dir.path());
    std::fs::read_to_string(dir.path().join("report.html")).unwrap()
}

/// What stands between the only start tag of this name and its end.
fn element<'p>(page: &'p str, name: &str) -> &'p str {
    assert_eq!(page.matches(&format!("<{name}>")).count(), 1, "{name}");
    assert_eq!(page.matches(&format!("</{name}>")).count(), 1, "{name}");
    let (_, rest) = page.split_once(&format!("<{name}>")).unwrap();
    rest.split_once(&format!("</{name}>")).unwrap().0
}

#[test]
fn the_page_asks_for_nothing_and_runs_only_its_own_script() {
    let mut example = Example::full();
    let hostile = "</style></title><script>alert(1)</script>\"'& }";
    example.run.options.insert("matter".into(), hostile.into());
    example.run.warnings.push(hostile.into());
    let page = page(&example);
    for word in
        ["http:", "https:", "src=", "url(http", "@import", "<img", "<iframe", "<link", "<base", "javascript:"]
    {
        // What the record says is text, and no address of ours.
        let ours = page.replace("http://x", "");
        assert!(!ours.contains(word), "{word}");
    }
    let (_, policy) = page.split_once("Content-Security-Policy\" content=\"").unwrap();
    let policy = policy.split_once('"').unwrap().0;
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && policy.contains("base-uri 'none'; form-action 'none'"), "{policy}");
    for name in ["script", "style"] {
        let source = element(&page, name);
        assert!(policy.contains(&html::policy_hash(source)), "{name}");
        assert!(!source.contains('\r'), "{name}");
    }
    assert!(!page.contains("style=\""), "an attribute the policy would refuse");
}

#[test]
fn hostile_text_is_text_on_the_page() {
    let example = Example::full();
    let page = page(&example);
    assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;"));
    assert!(!page.contains("<script>alert") && !page.contains('\0') && !page.contains('\u{1b}'));
    let tags: std::collections::BTreeSet<&str> = page
        .split('<')
        .skip(1)
        .map(|tag| tag.split(|c: char| !c.is_ascii_alphanumeric() && c != '/' && c != '!').next().unwrap())
        .collect();
    for tag in &tags {
        let known = "!DOCTYPE html head meta title style body a p h1 h2 h3 header main footer nav ul li section figure figcaption span svg defs \
                     pattern rect line text desc div table caption thead tbody tr th td details summary dl dt dd form label input select option \
                     button b br article script";
        let name = tag.trim_start_matches('/');
        // A comparison in the script is no tag.
        assert!(
            name.is_empty() || known.split_whitespace().any(|known| known == name),
            "<{tag}> is none of ours"
        );
    }
}

#[test]
fn the_page_says_what_it_leaves_out() {
    let mut example = Example::full();
    let numbered = example.findings[0].clone();
    example.findings = vec![numbered; 2_100];
    for code in &mut example.run.codes {
        code.findings = 0;
    }
    let code =
        example.run.codes.iter_mut().find(|code| code.code == crate::finding::FindingCode::LR01).unwrap();
    code.findings = 2_100;
    let page = page(&example);
    assert!(page.contains("the first 2,000 of 2,100 exceptions"));
    assert_eq!(page.matches("<tbody id=\"x").count(), 2_000);
    let clean = self::page(&Example::clean());
    assert!(
        clean.contains("None: no line shows a license requirement")
            && clean.contains("no finding asks a person")
    );
}

#[test]
fn every_chart_says_in_words_what_it_draws() {
    let page = page(&Example::full());
    let charts = page.matches("role=\"img\"").count();
    assert!(charts >= 4, "{charts}");
    assert_eq!(page.matches("<desc id=").count(), charts);
    assert_eq!(page.matches("The figures as a table").count(), charts);
    assert!(page.contains("Dashed line: 2024-12-26"));
}

#[test]
fn xlsx_alone_says_where_the_digests_are() {
    let dir = tempfile::tempdir().unwrap();
    let example = Example::clean();
    let writers = Writers::create(dir.path(), Formats::of(&[Format::Xlsx]), example.data(), false).unwrap();
    let digests = writers.finish().unwrap();
    assert_eq!(digests.keys().collect::<Vec<_>>(), ["rejected.csv", "report.xlsx"]);
    let mut book: Book = calamine::open_workbook(dir.path().join("report.xlsx")).unwrap();
    assert!(words(&mut book, "Sign-off").contains("run.json"));
}

#[test]
fn every_row_is_as_high_as_its_text() {
    let dir = tempfile::tempdir().unwrap();
    write(&Example::full(), dir.path());
    let file = std::fs::File::open(dir.path().join("report.xlsx")).unwrap();
    let mut zip = zip::ZipArchive::new(file).unwrap();
    let mut sheet = |number: u32| {
        let mut xml = String::new();
        let mut part = zip.by_name(&format!("xl/worksheets/sheet{number}.xml")).unwrap();
        std::io::Read::read_to_string(&mut part, &mut xml).unwrap();
        xml
    };
    let exceptions = sheet(2);
    let height = |row: usize| -> f64 {
        let (_, rest) = exceptions.split_once(&format!("<row r=\"{row}\"")).unwrap();
        let (_, rest) = rest.split_once('>').unwrap().0.split_once("ht=\"").unwrap();
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    let rows = exceptions.matches("<row ").count() - 1;
    let mut numbers: Vec<_> =
        exceptions.match_indices("<row r=\"").map(|(at, _)| &exceptions[at..at + 11]).collect();
    numbers.dedup();
    assert_eq!(numbers.len(), rows + 1, "no row stands twice");
    assert!((60.0..200.0).contains(&height(3)), "{}", height(3));
    assert!((60.0..200.0).contains(&height(rows)), "the last row too: {}", height(rows));
    assert!(
        exceptions.contains("<sheetFormatPr defaultRowHeight=\"15\""),
        "rows below the list are as usual"
    );
    // The 40,000 characters stand in a note.
    assert!(sheet(4).contains("ht=\"408.75\""));
}

/// Writes the example for a person to look at: `LOOKBACK_REPORT_DIR=report cargo test look_at -- --ignored`.
#[test]
#[ignore = "for the eye"]
fn writes_a_report_to_look_at() {
    let dir = std::path::PathBuf::from(std::env::var("LOOKBACK_REPORT_DIR").unwrap());
    for (name, example) in [("full", Example::full()), ("clean", Example::clean())] {
        std::fs::create_dir_all(dir.join(name)).unwrap();
        write(&example, &dir.join(name));
    }
}

/// A million findings in one format: `LOOKBACK_FORMAT=xlsx cargo test --release million -- --ignored --nocapture`.
#[test]
#[ignore = "for measuring"]
fn writes_a_million_findings() {
    let formats: Formats = std::env::var("LOOKBACK_FORMAT").unwrap().parse().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let example = Example::full();
    let began = std::time::Instant::now();
    let mut writers = Writers::create(dir.path(), formats, example.data(), false).unwrap();
    let mut finding = super::example::finding(crate::finding::FindingCode::LR01);
    for number in 0..1_000_000_u32 {
        finding.finding.row = number;
        writers.finding(&finding, LineFacts::default()).unwrap();
    }
    writers.finish().unwrap();
    println!("{:.2} s", began.elapsed().as_secs_f64());
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        println!("{:?} {} MB", entry.file_name(), entry.metadata().unwrap().len() / 1_000_000);
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("no peak memory known"));
}

#[test]
fn nothing_is_written_over() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("findings.csv"), "mine").unwrap();
    let example = Example::clean();
    let error = Writers::create(dir.path(), Formats::all(), example.data(), false).err().unwrap();
    assert!(error.to_string().contains("findings.csv"), "{error}");
    assert_eq!(std::fs::read_to_string(dir.path().join("findings.csv")).unwrap(), "mine");
}

#[test]
fn formats_are_read_from_words() {
    let formats: Formats = "xlsx, CSV".parse().unwrap();
    assert!(formats.has(Format::Xlsx) && formats.has(Format::Csv) && !formats.has(Format::Jsonl));
    assert!("pdf".parse::<Formats>().unwrap_err().contains("pdf"));
}
