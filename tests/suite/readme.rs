//! README does what it says: the commands it names exist, and its summary is what its first command prints.

use std::collections::BTreeSet;
use std::process::Output;

use calamine::{Reader as _, Xlsx, open_workbook};
use lookback::finding::FindingCode;
use lookback::{checks, code_words};
use tempfile::TempDir;

use super::program::{lookback, project};

fn readme() -> String {
    std::fs::read_to_string(project("README.md")).unwrap().replace("\r\n", "\n")
}

/// The arguments README gives to the program in its first command.
fn first_command(readme: &str) -> Vec<String> {
    let command = readme.lines().find_map(|line| line.strip_prefix("cargo run --release -- ")).unwrap();
    command.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn the_summary_is_that_of_the_first_command() {
    let readme = readme();
    let (_, rest) = readme.split_once("<!-- summary:begin -->\n```\n").unwrap();
    let (shown, _) = rest.split_once("```\n<!-- summary:end -->").unwrap();

    // From an empty folder, so that the report is written there under the very name README shows.
    let folder = TempDir::new().unwrap();
    let mut command = lookback(&[]);
    command.current_dir(folder.path());
    for argument in first_command(&readme) {
        if argument.starts_with("samples/") {
            command.arg(project(&argument));
        } else {
            command.arg(argument);
        }
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n");
    assert!(printed == shown, "README shows\n{shown}\nand the program prints\n{printed}");
}

#[test]
fn every_command_and_option_it_names_exists() {
    let readme = readme();
    let mut commands = BTreeSet::new();
    let mut options = BTreeSet::new();
    for span in readme.split('`').skip(1).step_by(2).filter(|span| !span.contains('\n')) {
        let mut words = span.split_whitespace();
        if words.next() == Some("lookback") {
            let command = words.next().map(str::to_owned);
            // A command of its own may stand behind it: `lookback lists import`.
            let whole = command.iter().cloned().chain(words.next().map(str::to_owned)).collect::<Vec<_>>();
            let has_own = whole.len() == 2
                && lookback(&["help", &whole[0], &whole[1]]).output().unwrap().status.success();
            if has_own {
                commands.insert(whole.join(" "));
            }
            commands.extend(command);
        }
        options.extend(
            span.split_whitespace()
                .filter(|word| word.starts_with("--"))
                .map(|word| (span.to_owned(), word.to_owned())),
        );
    }
    assert!(commands.len() >= 4 && options.len() >= 4, "{commands:?} {options:?}");
    let mut known = BTreeSet::new();
    for command in commands.iter().map(String::as_str) {
        let asked: Vec<&str> = std::iter::once("help").chain(command.split(' ')).collect();
        let output = lookback(&asked).output().unwrap();
        assert!(output.status.success(), "README names `lookback {command}`, which is no command");
        let help = String::from_utf8(output.stdout).unwrap();
        known.extend(
            help.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
                .filter(|word| word.starts_with("--"))
                .map(str::to_owned),
        );
    }
    for (span, option) in options {
        // Cargo's own options stand in commands that begin with its name.
        assert!(
            span.starts_with("cargo") || known.contains(&option),
            "README names {option} in `{span}`, which none of its commands knows"
        );
    }
}

#[test]
fn the_table_the_help_explain_and_the_sheet_method_say_of_each_code_the_same() {
    let readme = readme();
    let table: Vec<&str> = readme
        .lines()
        .skip_while(|line| *line != "| code | what it says | usually |")
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .collect();
    let rows: Vec<String> = FindingCode::ALL
        .iter()
        .map(|code| format!("| {code} | {} | {} |", code_words::says(*code), code_words::usually(*code)))
        .collect();
    assert_eq!(table, rows, "README's table differs from data/codes.csv");

    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    let input = project("samples/pakistan-rule-days");
    assert!(
        lookback(&["audit", "--quiet"]).arg(input).arg("-o").arg(&out).output().unwrap().status.success()
    );
    let mut workbook: Xlsx<_> = open_workbook(out.join("report.xlsx")).unwrap();
    let method: BTreeSet<String> = workbook
        .worksheet_range("Method")
        .unwrap()
        .used_cells()
        .map(|(_, _, cell)| cell.to_string())
        .collect();
    let flat = |output: Output| {
        let text = String::from_utf8(output.stdout).unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let help = flat(lookback(&["explain", "--help"]).output().unwrap());
    let list = flat(lookback(&["explain"]).output().unwrap());
    for code in FindingCode::ALL {
        let says = code_words::says(*code);
        let listed = format!("{code} {says} ({})", code_words::usually(*code));
        assert!(help.contains(&listed) && list.contains(&listed), "{listed}");
        assert!(flat(lookback(&["explain", code.code()]).output().unwrap()).contains(says), "{code}");
        assert!(
            method.iter().any(|cell| cell.starts_with(code.code()) && cell.ends_with(says)),
            "Method on {code}"
        );
        let text = checks::text(*code).unwrap();
        for words in [text.what_it_finds, text.why_it_matters, text.what_to_look_at, text.law] {
            assert!(method.contains(words), "Method on {code}: {words}");
        }
    }
}

#[test]
fn every_sheet_it_names_is_in_the_workbook() {
    let readme = readme();
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    let input = project("samples/pakistan-rule-days");
    assert!(
        lookback(&["audit", "--quiet"]).arg(input).arg("-o").arg(&out).output().unwrap().status.success()
    );
    let mut workbook: Xlsx<_> = open_workbook(out.join("report.xlsx")).unwrap();
    let sheets = workbook.sheet_names();
    for name in ["Files", "Rejected rows", "Not assessed", "Exceptions", "Reviews", "Method"] {
        assert!(readme.contains(&format!("*{name}*")), "README no longer names the sheet {name}");
        assert!(sheets.iter().any(|sheet| sheet == name), "{name} is not among {sheets:?}");
        assert!(workbook.worksheet_range(name).unwrap().height() > 1, "the sheet {name} is empty");
    }
}
