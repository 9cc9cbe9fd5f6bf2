//! Finished runs joined give the report that one audit over all their files gives: every byte of every file.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::program::{files_below, lookback, project, samples};

/// Runs the program in a folder; answers its exit status and what it said.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = lookback(arguments).current_dir(folder).output().unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!said.contains("panicked"), "{arguments:?}: {said}");
    (output.status.code().unwrap_or(-1), said)
}

/// The bytes of every file of a report; of run.json all but when it was made.
fn report(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            let mut bytes = std::fs::read(entry.path()).unwrap();
            if name == "run.json" {
                let text = String::from_utf8(bytes).unwrap();
                let lines: Vec<&str> =
                    text.lines().filter(|line| !line.starts_with("  \"when\": ")).collect();
                assert_eq!(lines.len() + 1, text.lines().count(), "run.json says once when it was made");
                bytes = lines.join("\n").into_bytes();
            }
            (name, bytes)
        })
        .collect();
    files.sort();
    files
}

/// Audits each group of inputs by itself and joins them, audits all at once, and compares.
fn assert_same(folder: &Path, groups: &[Vec<&str>], options: &[&str]) {
    let out = TempDir::new().unwrap();
    let place = |name: String| out.path().join(name).display().to_string();
    let mut runs = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        let to = place(format!("run-{number}"));
        let begin = ["audit", "--quiet", "--mergeable", "-o", &to];
        let (status, said) = run(folder, &[&begin, options, group].concat());
        assert!(matches!(status, 0 | 3), "{group:?}: {said}");
        runs.push(to);
    }
    let (merged, all) = (place("merged".into()), place("all".into()));
    let runs: Vec<&str> = runs.iter().map(String::as_str).collect();
    let (merge_status, said) = run(folder, &[&["merge", "--quiet", "-o", &merged], runs.as_slice()].concat());
    let (audit_status, _) =
        run(folder, &[&["audit", "--quiet", "-o", &all], options, &groups.concat()].concat());
    assert_eq!(merge_status, audit_status, "{groups:?}: {said}");
    let (merged, all) = (report(Path::new(&merged)), report(Path::new(&all)));
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&merged), names(&all), "{groups:?}");
    for ((name, one), (_, other)) in merged.iter().zip(&all) {
        if one != other && name == "run.json" {
            let (one, other) = (String::from_utf8_lossy(one), String::from_utf8_lossy(other));
            let differing: Vec<_> = one.lines().zip(other.lines()).filter(|(a, b)| a != b).take(5).collect();
            panic!("{groups:?}: {name} differs: {differing:#?}");
        }
        assert!(one == other, "{groups:?}: {name} differs");
    }
}

/// Cuts a text file into so many that each have its heading.
fn cut(file: &Path, into: usize, folder: &Path) -> Vec<String> {
    let bytes = std::fs::read(file).unwrap();
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let heading = lines.remove(0);
    let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
    (0..into)
        .map(|part| {
            let name = format!("{stem}-{part}.csv");
            let (from, until) = (lines.len() * part / into, lines.len() * (part + 1) / into);
            std::fs::write(folder.join(&name), [&[heading], &lines[from..until]].concat().concat()).unwrap();
            name
        })
        .collect()
}

#[test]
fn the_samples_audited_apart_and_joined_are_the_samples_audited_at_once() {
    let mut folders: Vec<PathBuf> =
        samples(&["csv", "xlsx"]).into_iter().map(|file| file.parent().unwrap().to_owned()).collect();
    folders.dedup();
    let names: Vec<String> = folders
        .iter()
        .map(|folder| folder.strip_prefix(project("")).unwrap().display().to_string())
        .collect();
    let groups: Vec<Vec<&str>> = names.iter().map(|name| vec![name.as_str()]).collect();
    assert!(groups.len() >= 6, "{groups:?}");
    assert_same(&project(""), &groups, &["--lines", "--sample", "25", "--seed", "3"]);
}

#[test]
fn what_only_several_lines_show_is_found_over_runs() {
    const SHOWN_BY_SEVERAL: [&str; 3] = ["RQ03", "RF05", "RF06"];
    let folder = TempDir::new().unwrap();
    let mut found = std::collections::BTreeSet::new();
    for file in [samples(&["csv"]), files_below(&project("tests/panel"), &["csv"])].concat() {
        let parts = cut(&file, 3, folder.path());
        let all: Vec<&str> = parts.iter().map(String::as_str).collect();
        let alone = TempDir::new().unwrap();
        let out = alone.path().join("out");
        let words = ["audit", "--quiet", "--formats", "csv", "-o", out.to_str().unwrap()];
        let (status, said) = run(folder.path(), &[&words, all.as_slice()].concat());
        assert_ne!(status, 2, "{said}");
        let findings = std::fs::read_to_string(out.join("findings.csv")).unwrap();
        let codes = SHOWN_BY_SEVERAL.map(|code| (code, findings.contains(&format!(",{code},"))));
        if codes.iter().all(|(code, is_there)| !is_there || found.contains(code)) {
            continue;
        }
        found.extend(codes.iter().filter(|(_, is_there)| *is_there).map(|(code, _)| *code));
        assert_same(folder.path(), &all.iter().map(|part| vec![*part]).collect::<Vec<_>>(), &["--lines"]);
    }
    assert_eq!(found.len(), SHOWN_BY_SEVERAL.len(), "only {found:?}");
}

#[test]
fn a_copy_of_a_file_in_another_run_is_not_audited_twice() {
    let folder = TempDir::new().unwrap();
    let sample = project("samples/pakistan-rule-days");
    let file = files_below(&sample, &["csv"]).remove(0);
    for part in ["one", "two"] {
        std::fs::create_dir(folder.path().join(part)).unwrap();
    }
    let other = files_below(&project("samples/listed-parties"), &["csv"]).remove(0);
    std::fs::copy(&file, folder.path().join("one/first.csv")).unwrap();
    std::fs::copy(&file, folder.path().join("two/again.csv")).unwrap();
    std::fs::copy(&other, folder.path().join("two/other.csv")).unwrap();
    assert_same(folder.path(), &[vec!["one"], vec!["two"]], &["--lines"]);
}

#[test]
fn runs_that_do_not_belong_together_are_told_apart_in_words() {
    let folder = TempDir::new().unwrap();
    let file = files_below(&project("samples/pakistan-rule-days"), &["csv"]).remove(0);
    for name in ["a.csv", "b.csv"] {
        std::fs::copy(&file, folder.path().join(name)).unwrap();
    }
    let audit = |arguments: &[&str]| {
        let (status, said) =
            run(folder.path(), &[&["audit", "--quiet", "--formats", "csv"], arguments].concat());
        assert_eq!(status, 0, "{said}");
    };
    let refused = |runs: &[&str], why: &str| {
        let (status, said) = run(folder.path(), &[&["merge", "-o", "merged"], runs].concat());
        assert_eq!(status, 2, "{said}");
        assert!(said.contains(why), "{said}");
        assert!(!folder.path().join("merged").exists());
        said
    };
    audit(&["--mergeable", "a.csv", "-o", "one"]);
    audit(&["b.csv", "-o", "plain"]);
    let said = refused(&["one", "plain"], "without --mergeable");
    assert!(said.contains("lookback audit --mergeable -o plain --replace --formats=csv -- b.csv"), "{said}");
    audit(&["--mergeable", "--ship-from", "DE", "b.csv", "-o", "other"]);
    refused(&["one", "other"], "one report has one set of options");
    refused(&["one", "one"], "have the same name");
    refused(&["one", "nowhere"], "holds no finished run");
    let kept = folder.path().join("one/merge.lookback");
    let bytes = std::fs::read(&kept).unwrap();
    std::fs::write(&kept, &bytes[..bytes.len() - 9]).unwrap();
    refused(&["one"], "missing or was changed");
}
