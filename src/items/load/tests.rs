//! What the files of `data/items/` may say, and how what they must not say is reported.

use super::load;
use crate::items::files::ItemFiles;

fn problems(path: &str, text: &str) -> Vec<String> {
    match load(&ItemFiles::embedded().with(path, text)) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

const ENTRY: &str = r#"eccn = "4A994"
title = "Computers"
citation = "Supplement No. 1 to 15 CFR Part 774, 4A994"

[terms]
abacus = ["abacus", "rechenschieber"]

[[paragraph]]
id = "4A994.b"
item = "Abacus of 3 channels or more"
threshold = "three channels"
ask = "How many channels."
headings = ["847010"]
[[paragraph.sign]]
all = ["abacus"]
figures = ["channels >= 3 channels"]
confidence = "high"

[[family]]
maker = "Example"
models = ["abx###"]
is = ["abacus"]
source = "a page of the maker"
"#;

#[test]
fn a_new_entry_is_added_by_data_alone() {
    let items = load(&ItemFiles::embedded().with("items/4A994.toml", ENTRY)).unwrap();
    let paragraphs = |text: &str| -> Vec<String> {
        items.read(text, "", None).candidates.iter().map(|found| found.paragraph.to_string()).collect()
    };
    assert_eq!(paragraphs("Abacus, 4 channels"), ["4A994.b"]);
    assert_eq!(paragraphs("ABX-200 4CH"), ["4A994.b"]);
    assert!(paragraphs("Abacus, 2 channels").is_empty());
}

/// The example by which `data/README.md` explains how an entry is added does what is said of it there.
#[test]
fn the_entry_of_the_readme_works_as_it_says() {
    let readme = include_str!("../../../data/README.md");
    let start = readme.find("eccn = \"4A994\"").unwrap();
    let entry = &readme[start..start + readme[start..].find("```").unwrap()];
    let items = load(&ItemFiles::embedded().with("items/4A994.toml", entry)).unwrap();
    let paragraphs = |text: &str| -> Vec<String> {
        items.read(text, "", None).candidates.iter().map(|found| found.paragraph.to_string()).collect()
    };
    assert_eq!(paragraphs("Rechenschieber, 4 channels"), ["4A994.b"]);
    assert_eq!(paragraphs("ABX-200"), ["4A994.b"]);
    let two = items.read("Abacus, 2 channels", "", None);
    assert!(two.candidates.is_empty());
    assert!(two.set_aside[0].why.contains("2 channels"), "{}", two.set_aside[0].why);
}

#[test]
fn everything_wrong_is_said_at_once_with_its_place() {
    let bad = ENTRY
        .replace("\"rechenschieber\"]", "\"abacus\", \"*a\"]")
        .replace("channels >= 3", "chanels >= 3")
        .replace("847010", "84.70")
        .replace("\"high\"", "\"certain\"")
        .replace("is = [\"abacus\"]", "is = [\"abbacus\"]")
        .replace("source = \"a page of the maker\"", "");
    assert_eq!(
        problems("items/4A994.toml", &bad),
        [
            "items/4A994.toml:6:21: `abacus` stands twice in this list",
            "items/4A994.toml:6:31: `*a`: too short to be a part of a word; write more of it",
            "items/4A994.toml:13:13: a tariff heading is written in four digits or more, without points",
            "items/4A994.toml:16:12: `chanels` is no quantity of units.toml",
            "items/4A994.toml:17:14: `confidence` must be high, medium, low or hint",
            "items/4A994.toml:20:9: a family of models needs a `source`: a document of the maker, or where the knowledge is from",
            "items/4A994.toml:22:7: no list of terms is called `abbacus`; add it under [terms]",
        ]
    );
    let unused = ENTRY
        .replace("all = [\"abacus\"]", "all = [\"valve\"]")
        .replace("is = [\"abacus\"]", "is = [\"valve\"]");
    assert_eq!(
        problems("items/4A994.toml", &unused),
        ["items/4A994.toml:6:1: no paragraph and no family uses the terms `abacus`"]
    );
    let misspelt = ENTRY.replace("headings", "heading");
    let found = problems("items/4A994.toml", &misspelt);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("items/4A994.toml:13:1: unknown field `heading`"), "{}", found[0]);
    let renamed = problems("items/4A995.toml", ENTRY);
    assert_eq!(renamed, ["items/4A995.toml:1:8: a file about 4A994 must be called 4A994.toml"]);
}

#[test]
fn a_bare_number_is_no_model_without_a_word_beside_it() {
    let bare = ENTRY.replace("abx###", "2450");
    let found = problems("items/4A994.toml", &bare);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("a number without letters could be anything"), "{}", found[0]);
}
