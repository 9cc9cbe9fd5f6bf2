//! The architecture, read from the source: which layer may name which, and that the law stands in `data/`.

use std::path::Path;

use super::program::{files_below, project};

/// A source file without its tests and comments, with the path below `src`.
fn sources() -> Vec<(String, String)> {
    let root = project("src");
    files_below(&root, &["rs"])
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            (name, code_of(&path))
        })
        .collect()
}

fn code_of(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn checks_know_neither_readers_nor_reports() {
    for (name, code) in sources().into_iter().filter(|(name, _)| name.starts_with("checks")) {
        for word in ["report::", "ingest::", "spool::", "println!", "eprintln!"] {
            assert!(!code.contains(word), "src/{name} names {word}");
        }
    }
}

#[test]
fn only_the_loop_knows_threads_and_progress() {
    for (name, code) in sources().into_iter().filter(|(name, _)| !name.starts_with("audit")) {
        for word in ["rayon", "indicatif"] {
            assert!(!code.contains(word), "src/{name} names {word}");
        }
    }
}

#[test]
fn the_law_stands_in_data() {
    const LAW: [&str; 14] = [
        "1B999",
        "2A992",
        "2B999",
        "3A992",
        "3A999",
        "6A996",
        "2024-12-26",
        "2024-11-25",
        "2024, 12, 26",
        "2024, 11, 25",
        "2025-09-29",
        "740.2(a)(25)",
        "C33",
        "\"PK\"",
    ];
    let is_made_up = |name: &str| name.ends_with("tests.rs") || name.contains("/example/");
    for (name, code) in sources().into_iter().filter(|(name, _)| !is_made_up(name)) {
        // A message that shows what a date looks like is no law; what a code means is told with its citation.
        let code = code
            .replace("of the form 2024-12-26", "")
            .replace("15 CFR 740.2(a)(25)", "")
            .replace("`2B999.h.2`", "");
        // A file of the data is called after the entry it describes.
        let names_file = |line: &str| line.trim_start().starts_with("\"items/") && line.ends_with(".toml\"");
        for (number, line) in code.lines().enumerate().filter(|(_, line)| !names_file(line)) {
            for word in LAW {
                assert!(!line.contains(word), "src/{name} holds {word} (code line {}): {line}", number + 1);
            }
        }
    }
}

#[test]
fn every_file_says_what_it_owns() {
    for path in files_below(&project("src"), &["rs"]) {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.starts_with("//!") || text.trim() == "fn main() {}",
            "{} does not open with what it owns",
            path.display()
        );
    }
}
