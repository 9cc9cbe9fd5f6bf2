//! Faults of disk, file and user: what the program says, and that the last good report is there after each.
//!
//! Where a fault needs the system's help (limits, a small disk, signals) the test runs on Linux alone; where the system
//! does not let a test have a disk of its own, it says so and tries the rest.

#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::program::{lookback, project};

const HEADINGS: &str = "Document Number,Line,Date of Export,Ship From Country,Ultimate Consignee,\
                        Country of Ultimate Destination,ECCN,License Code,Item Number,Description,Quantity,Value,Currency\n";

/// A folder with a book of so many lines, one in fifty an exception, and a finished report of a smaller one.
struct Desk {
    folder: TempDir,
    before: BTreeMap<String, Vec<u8>>,
}

impl Desk {
    fn new(lines: usize) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("small.csv"), book(60)).unwrap();
        std::fs::write(folder.path().join("book.csv"), book(lines)).unwrap();
        let output = lookback(&["audit", "--quiet", "small.csv", "-o", "out"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0));
        let before = contents(&folder.path().join("out"));
        Self { folder, before }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a line of shell in the folder, `$P` being the program.
    fn shell(&self, script: &str) -> Output {
        let output = Command::new("sh")
            .args(["-c", script])
            .env("P", env!("CARGO_BIN_EXE_lookback"))
            .env_remove("RUST_BACKTRACE")
            .current_dir(self.path())
            .output()
            .unwrap();
        assert!(!said(&output).contains("panicked"), "{script}: {}", said(&output));
        output
    }

    fn the_last_report_stands(&self) {
        assert!(contents(&self.path().join("out")) == self.before, "the last good report was touched");
    }

    fn nothing_is_left_over(&self) {
        let left: Vec<String> =
            names(self.path()).into_iter().filter(|name| name.ends_with(".partial")).collect();
        assert!(left.is_empty(), "{left:?} is left over");
    }
}

fn book(lines: usize) -> String {
    let mut text = HEADINGS.to_owned();
    for line in 1..=lines {
        let (country, eccn) = if line % 50 == 7 { ("PK", "3A992.a") } else { ("DE", "EAR99") };
        text.push_str(&format!(
            "D{line},1,2025-0{}-{:02},US,\"Firm {}, Ltd.\",{country},{eccn},NLR,I-{},Bench instrument,3,{line}.50,USD\n",
            1 + line % 9,
            1 + line % 28,
            line % 400,
            line % 90
        ));
    }
    text
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    names(folder).into_iter().map(|name| (name.clone(), std::fs::read(folder.join(name)).unwrap())).collect()
}

/// Waits until something is so.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(120);
    while !is_so() {
        assert!(Instant::now() < end, "{what} never came");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The folder in which a report is being built.
fn partial(folder: &Path) -> Option<PathBuf> {
    names(folder).into_iter().find(|name| name.ends_with(".partial")).map(|name| folder.join(name))
}

#[test]
fn a_limit_on_files_is_met_at_any_write() {
    let desk = Desk::new(2_000);
    let mut refused = 0;
    // In units of 512 bytes: nothing at all, within the spools, within each output.
    for limit in [0, 1, 8, 40, 90, 200, 400, 100_000] {
        let output = desk.shell(&format!(
            "trap '' XFSZ; ulimit -f {limit}; exec $P audit --quiet --lines --mergeable book.csv -o out --replace"
        ));
        let said = said(&output);
        if output.status.code() == Some(0) {
            assert!(limit > 400, "{limit}: {said}");
            continue;
        }
        assert_eq!(output.status.code(), Some(2), "{limit}: {said}");
        assert!(said.contains("full") && said.contains("Free some space"), "{limit}: {said}");
        desk.the_last_report_stands();
        desk.nothing_is_left_over();
        refused += 1;
    }
    assert_eq!(refused, 7);
}

#[test]
fn a_full_disk_is_told_and_leaves_the_last_report() {
    let desk = Desk::new(2_000);
    for what in ["out", "tmp"] {
        // A disk of its own, of a few sizes; on it the report, or the temporary files.
        let script = format!(
            "mkdir -p disk && mount -t tmpfs -o size=$SIZE none disk || exit 77
             if [ {what} = out ]; then cp -r out disk/out && exec $P audit --quiet --lines book.csv -o disk/out --replace
             else export TMPDIR=$PWD/disk; exec $P audit --quiet --lines book.csv -o out --replace; fi"
        );
        let mut refused = 0;
        // Room for the last report, and a little more each time.
        let last = desk.before.values().map(|bytes| bytes.len() / 1_024 + 8).sum::<usize>();
        let least = if what == "out" { last + 40 } else { 40 };
        for size in (0..6).map(|step| least + step * 160) {
            let output = desk.shell(&format!("SIZE={size}k; export SIZE; unshare -rm sh -ec '{script}'"));
            let said = said(&output);
            match output.status.code() {
                Some(1 | 77 | 127) if said.contains("unshare") || said.contains("mount") => {
                    eprintln!("no disk of its own for this test: {said}");
                    return;
                }
                Some(2) => {
                    assert!(
                        said.contains("full") && said.contains("Free some space"),
                        "{what} {size}: {said}"
                    );
                    refused += 1;
                }
                Some(0) => {}
                other => panic!("{what} {size} ended with {other:?}: {said}"),
            }
            if what == "tmp" && output.status.code() == Some(2) {
                desk.the_last_report_stands();
            }
        }
        assert!(refused > 0, "{what}: no disk was too small");
    }
}

#[test]
fn a_place_that_cannot_be_written_to_is_named() {
    let desk = Desk::new(60);
    // A file system that nobody writes to.
    let output = desk.shell("exec $P audit --quiet book.csv -o /sys/report");
    let said = said(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("/sys/report could not be written") && said.contains("-o"), "{said}");
}

#[test]
fn a_report_that_is_held_open_is_not_lost_and_neither_is_the_new_one() {
    let desk = Desk::new(200);
    // What cannot be moved away stands for a report that Excel holds open on Windows.
    let output = desk.shell(
        "unshare -rm sh -c 'mount --bind out out || exit 77; exec $P audit --quiet book.csv -o out --replace'",
    );
    let told = said(&output);
    if output.status.code() != Some(2) && (told.contains("unshare") || told.contains("mount")) {
        eprintln!("no disk of its own for this test: {told}");
        return;
    }
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("open in another program") && told.contains("out.new"), "{told}");
    desk.the_last_report_stands();
    desk.nothing_is_left_over();
    assert!(contents(&desk.path().join("out.new")).contains_key("run.json"));
    // Nothing holds it any more.
    assert_eq!(desk.shell("exec $P verify --digests-only out.new").status.code(), Some(0));
    assert_eq!(desk.shell("exec $P audit --quiet book.csv -o out --replace").status.code(), Some(0));
    assert!(contents(&desk.path().join("out.previous")) == desk.before);
}

#[test]
fn a_folder_taken_away_meanwhile_is_told() {
    let desk = Desk::new(20_000);
    let mut run = lookback_child(&desk, &["audit", "--quiet", "book.csv", "-o", "out", "--replace"]);
    until("the folder", || partial(desk.path()).is_some());
    std::fs::remove_dir_all(partial(desk.path()).unwrap()).unwrap();
    let output = finished(&mut run);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("no longer there"), "{}", said(&output));
    desk.the_last_report_stands();
}

fn lookback_child(desk: &Desk, arguments: &[&str]) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_lookback"))
        .args(arguments)
        .current_dir(desk.path())
        .env_remove("RUST_BACKTRACE")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn finished(run: &mut std::process::Child) -> Output {
    let mut output = Output { status: run.wait().unwrap(), stdout: Vec::new(), stderr: Vec::new() };
    std::io::Read::read_to_end(&mut run.stdout.take().unwrap(), &mut output.stdout).unwrap();
    std::io::Read::read_to_end(&mut run.stderr.take().unwrap(), &mut output.stderr).unwrap();
    output
}

/// What Ctrl-C does.
fn interrupt(run: &std::process::Child) {
    let sent = Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn ctrl_c_leaves_nothing_half_done() {
    let desk = Desk::new(20_000);
    for _ in 0..2 {
        let mut run = lookback_child(&desk, &["audit", "--quiet", "book.csv", "-o", "out", "--replace"]);
        until("the folder", || partial(desk.path()).is_some());
        interrupt(&run);
        let output = finished(&mut run);
        assert_eq!(output.status.code(), Some(130), "{}", said(&output));
        assert!(said(&output).contains("interrupted; no report was written"), "{}", said(&output));
        desk.the_last_report_stands();
        desk.nothing_is_left_over();
    }
}

#[test]
fn ctrl_c_ends_what_is_read_ahead_too() {
    let desk = Desk::new(20_000);
    let folder = desk.path().join("files");
    std::fs::create_dir(&folder).unwrap();
    for number in 0..6 {
        std::fs::write(folder.join(format!("{number}.csv")), format!("{}\n{number}\n", book(20_000)))
            .unwrap();
    }
    for threads in ["1", "2", "8"] {
        let mut run = lookback_child(
            &desk,
            &["audit", "--quiet", "files", "--threads", threads, "-o", "out", "--replace"],
        );
        until("the folder", || partial(desk.path()).is_some());
        std::thread::sleep(Duration::from_millis(300));
        interrupt(&run);
        let output = finished(&mut run);
        assert_eq!(output.status.code(), Some(130), "{threads}: {}", said(&output));
        assert!(said(&output).contains("interrupted; no report was written"), "{}", said(&output));
        desk.the_last_report_stands();
        desk.nothing_is_left_over();
    }
}

#[test]
fn killed_at_any_moment_a_report_stands() {
    let desk = Desk::new(1_500);
    let after = {
        let output = desk.shell("exec $P audit --quiet --formats csv book.csv -o after");
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        contents(&desk.path().join("after"))
    };
    let whole = |folder: &Path| {
        let found = if folder.exists() { contents(folder) } else { BTreeMap::new() };
        let same = |name: &str| found.get(name).is_some_and(|bytes| after.get(name) == Some(bytes));
        found == desk.before
            || ["findings.csv", "rejected.csv"].iter().all(|name| same(name))
                && found.contains_key("run.json")
    };
    let began = Instant::now();
    let again = || {
        lookback_child(&desk, &["audit", "--quiet", "--formats", "csv", "book.csv", "-o", "out", "--replace"])
    };
    finished(&mut again());
    let takes = began.elapsed();
    // At the moments between which the report is moved into its place, and at any other.
    for round in 0..24u32 {
        // What the round before left behind tells nothing of this one.
        while let Some(left) = partial(desk.path()) {
            std::fs::remove_dir_all(left).unwrap();
        }
        let mut run = again();
        if round % 2 == 0 {
            std::thread::sleep(takes * (round + 1) / 24);
        } else {
            until("the record, or the end", || {
                partial(desk.path()).is_some_and(|folder| folder.join("run.json").exists())
                    || run.try_wait().unwrap().is_some()
            });
            std::thread::sleep(Duration::from_micros(u64::from(round) * 40));
        }
        let _ = run.kill();
        finished(&mut run);
        let (place, previous) = (desk.path().join("out"), desk.path().join("out.previous"));
        assert!(whole(&place) || whole(&previous), "round {round}: {:?}", names(desk.path()));
        assert!(!place.exists() || whole(&place), "round {round}: half a report stands in its place");
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_is_told() {
    let desk = Desk::new(60_000);
    let read = desk.path().join("book.csv");
    let whole = std::fs::metadata(&read).unwrap().len();
    for shrinks in [true, false] {
        let words = ["audit", "--quiet", "--formats", "csv", "book.csv", "-o", "changed"];
        let mut run = lookback_child(&desk, &words);
        let open_files = format!("/proc/{}/fd", run.id());
        until("the reading", || {
            let files = std::fs::read_dir(&open_files).unwrap();
            files.flatten().any(|file| std::fs::read_link(file.path()).is_ok_and(|to| to == read))
        });
        let file = std::fs::OpenOptions::new().append(true).open(&read).unwrap();
        if shrinks {
            file.set_len(whole / 2).unwrap();
        } else {
            std::io::Write::write_all(&mut &file, book(1).as_bytes()).unwrap();
        }
        let output = finished(&mut run);
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        let record = std::fs::read_to_string(desk.path().join("changed/run.json")).unwrap();
        assert!(record.contains("it was changed while it was read"), "{record}");
        std::fs::remove_dir_all(desk.path().join("changed")).unwrap();
    }
}

#[test]
fn a_reader_that_runs_out_of_memory_costs_its_file_and_no_other() {
    let desk = Desk::new(60);
    std::fs::copy(project("tests/hard/register.xls"), desk.path().join("register.xls")).unwrap();
    let words =
        ["audit", "--quiet", "--formats", "csv", "register.xls", "book.csv", "-o", "memory", "--replace"];
    // The system kills what takes too much memory; so does this test, as soon as it sees the reader.
    for _ in 0..40 {
        let mut run = lookback_child(&desk, &words);
        let of_run = format!("/proc/{0}/task/{0}/children", run.id());
        let reader = || std::fs::read_to_string(&of_run).unwrap_or_default().trim().to_owned();
        until("the reader", || !reader().is_empty() || run.try_wait().unwrap().is_some());
        for reader in reader().split_whitespace() {
            let _ = Command::new("kill").args(["-KILL", reader]).stderr(Stdio::null()).status().unwrap();
        }
        let output = finished(&mut run);
        assert!(matches!(output.status.code(), Some(0 | 3)), "{}", said(&output));
        let record: serde_json::Value =
            serde_json::from_slice(&std::fs::read(desk.path().join("memory/run.json")).unwrap()).unwrap();
        assert_eq!(record["inputs"][1]["sheets"][0]["rows"]["audited"], 60);
        if let Some(fault) = record["inputs"][0]["fault"].as_str() {
            assert!(fault.contains("its reader ended early: it needs more than the 400 MiB"), "{fault}");
            assert_eq!(output.status.code(), Some(3));
            return;
        }
    }
    panic!("the reader was never caught at work");
}

#[test]
fn a_pipe_closed_early_is_no_failure() {
    let desk = Desk::new(60);
    for command in [
        "audit book.csv -o piped",
        "explain",
        "rules",
        "lists show --country PK",
        "verify --digests-only out",
    ] {
        let output = desk.shell(&format!("{{ $P {command}; echo $? > status; }} | head -c 0"));
        assert_eq!(said(&output), "", "{command}");
        assert_eq!(std::fs::read_to_string(desk.path().join("status")).unwrap().trim(), "0", "{command}");
    }
    assert!(desk.path().join("piped/report.xlsx").exists());
}

#[test]
fn long_and_strange_paths_are_read_and_written() {
    let desk = Desk::new(60);
    let mut deep = PathBuf::from("Export 2025 (final) – Überprüfung");
    while deep.as_os_str().len() < 300 {
        deep.push("مراجعة 審査 très  long & \"strange\" name");
    }
    let folder = desk.path().join(&deep);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::copy(desk.path().join("book.csv"), folder.join("مبيعات 2025.csv")).unwrap();
    std::fs::copy(project("tests/hard/register.xls"), folder.join("-- 輸出 $HOME.xls")).unwrap();
    let out = deep.join("Bericht ✓");
    let output =
        lookback(&["audit", "--quiet", "-o"]).arg(&out).arg(&deep).current_dir(desk.path()).output().unwrap();
    let told =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(matches!(output.status.code(), Some(0 | 3)), "{told}");
    let record: serde_json::Value =
        serde_json::from_slice(&std::fs::read(desk.path().join(&out).join("run.json")).unwrap()).unwrap();
    let inputs = record["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), 2);
    for input in inputs {
        assert!(input["fault"].is_null(), "{input}");
        assert!(input["sheets"][0]["rows"]["audited"].as_u64().unwrap() > 0, "{input}");
    }
    let verified = lookback(&["verify"]).arg(&out).current_dir(desk.path()).output().unwrap();
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
}

#[test]
fn ten_thousand_small_files_need_few_open_at_once() {
    // Enough to run out of anything that is not given back; all of them where the program is fast.
    const FILES: usize = if cfg!(debug_assertions) { 1_000 } else { 10_000 };
    let desk = Desk::new(1);
    let folder = desk.path().join("files");
    for number in 0..FILES {
        let below = folder.join(format!("{:02}", number % 100));
        std::fs::create_dir_all(&below).unwrap();
        let line = format!("D{number},1,2025-06-02,US,Firm {number},DE,EAR99,NLR,I-1,Gloves,1,10.00,USD\n");
        std::fs::write(below.join(format!("{number}.csv")), format!("{HEADINGS}{line}")).unwrap();
    }
    let output = desk.shell("ulimit -n 64; exec $P audit --quiet --formats xlsx,csv files -o many");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let record: serde_json::Value =
        serde_json::from_slice(&std::fs::read(desk.path().join("many/run.json")).unwrap()).unwrap();
    assert_eq!(record["totals"]["files"], FILES);
    assert_eq!(record["totals"]["rows"]["audited"], FILES);
}
