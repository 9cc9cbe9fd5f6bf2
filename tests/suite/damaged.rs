//! Files damaged on their way: cut short, bytes flipped, lines of one file inside another. Whatever they say now, the
//! program ends in one of its four ways, and what it reports adds up.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::hard;
use super::program::{Audit, files_below, lookback, project, samples};

/// A small generator, so that the damage is the same on every run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    /// Damage of one kind.
    fn damage(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        match self.below(4) {
            0 => self.cut(bytes),
            1 => self.flip(bytes),
            2 => self.blank_out(bytes),
            _ => self.splice(bytes, other),
        }
    }

    /// One part of an archive damaged, under a checksum that matches.
    fn damage_part(&mut self, archive: &[u8]) -> Vec<u8> {
        let parts = std::cell::RefCell::new(Vec::new());
        hard::repacked(archive, false, |name, content| {
            parts.borrow_mut().push(name.to_owned());
            Some(content)
        });
        let parts = parts.into_inner();
        // The sheets are what matters most.
        let sheets: Vec<&String> =
            parts.iter().filter(|name| name.contains("sheet") || name.contains("content")).collect();
        let chosen = if sheets.is_empty() || self.below(4) == 0 {
            &parts[self.below(parts.len())]
        } else {
            sheets[self.below(sheets.len())]
        };
        let random = std::cell::RefCell::new(self);
        hard::repacked(archive, false, |name, mut content| {
            if name == chosen {
                let other = content.clone();
                random.borrow_mut().damage(&mut content, &other);
            }
            Some(content)
        })
    }

    /// Cut anywhere: in a quoted cell, in a character, in the heading.
    fn cut(&mut self, bytes: &mut Vec<u8>) {
        bytes.truncate(self.below(bytes.len()));
    }

    /// One to eight bits turned.
    fn flip(&mut self, bytes: &mut [u8]) {
        if bytes.is_empty() {
            return;
        }
        for _ in 0..=self.below(8) {
            let at = self.below(bytes.len());
            bytes[at] ^= 1 << self.below(8);
        }
    }

    /// A run of zeros, as a disk leaves it that was full.
    fn blank_out(&mut self, bytes: &mut [u8]) {
        let from = self.below(bytes.len());
        let until = from + self.below((bytes.len() - from).min(8_192));
        bytes[from..until].fill(0);
    }

    /// A piece of another file put in, at the end of a line or within one.
    fn splice(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let from = self.below(other.len());
        let until = from + self.below(other.len() - from);
        let at = self.below(bytes.len());
        let at = match bytes[at..].iter().position(|byte| *byte == b'\n') {
            Some(end) if self.below(2) == 0 => at + end + 1,
            _ => at,
        };
        bytes.splice(at..at, other[from..until].iter().copied());
    }
}

/// A file in every format that is read, and the folder that holds those made here.
fn in_every_format() -> (Vec<PathBuf>, TempDir) {
    let mut samples = samples(&["csv", "xlsx"]);
    samples.extend(files_below(&project("tests/hard"), &["ods", "fods", "xls"]));
    let folder = TempDir::new().unwrap();
    for (name, bytes) in hard::one_in_every_format() {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        samples.push(path);
    }
    assert!(samples.len() >= 24, "only {} samples", samples.len());
    (samples, folder)
}

/// Every sample, damaged in this seed's way, in a folder of its own.
fn damaged(samples: &[PathBuf], seed: u64) -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut random = Seeded(seed);
    for (number, sample) in samples.iter().enumerate() {
        let mut bytes = std::fs::read(sample).unwrap();
        if bytes.starts_with(b"PK") && random.below(3) > 0 {
            // Damage that checksums cannot show: one part is changed, and the archive packed anew.
            bytes = random.damage_part(&bytes);
        } else {
            let other = &samples[random.below(samples.len())];
            random.damage(&mut bytes, &std::fs::read(other).unwrap());
        }
        let name = sample.file_name().unwrap().to_string_lossy();
        std::fs::write(folder.path().join(format!("{number:02}-{name}")), bytes).unwrap();
    }
    folder
}

/// Audits a file or folder; nothing may keep the program from ending as it promises. Gives the lines audited.
fn ends_well(input: &Path, files: usize, what: &str) -> u64 {
    let audit = Audit::of(&[input], &["--fail-on", "exception", "--formats", "csv"]);
    assert!(!audit.screen.contains("panicked"), "{what}: {}", audit.screen);
    assert!((0..=3).contains(&audit.status), "{what} ended with {}: {}", audit.status, audit.screen);
    if audit.status == 2 {
        return 0;
    }
    audit.assert_nothing_is_lost();
    let run = audit.run();
    assert_eq!(run["inputs"].as_array().unwrap().len(), files, "{what}: a file is missing from run.json");
    run["totals"]["rows"]["audited"].as_u64().unwrap()
}

#[test]
fn damaged_files_end_well_together() {
    let (samples, _kept) = in_every_format();
    let mut audited = 0;
    for seed in 1..=8 {
        let folder = damaged(&samples, seed);
        audited += ends_well(folder.path(), samples.len(), &format!("seed {seed}"));
    }
    assert!(audited > 1_000, "so little was left to audit that the test says nothing: {audited} lines");
}

#[test]
fn a_damaged_file_ends_well_alone() {
    let (samples, _kept) = in_every_format();
    let folder = damaged(&samples, 742);
    for file in files_below(folder.path(), &["csv", "xls", "xlsx", "xlsb", "ods", "fods", "gz", "zip"]) {
        ends_well(&file, 1, &file.display().to_string());
    }
}

/// What was cut off cannot be known; every line that is there is accounted for.
#[test]
fn every_line_left_of_a_cut_file_is_counted() {
    let samples = samples(&["csv"]);
    let folder = TempDir::new().unwrap();
    let mut random = Seeded(6);
    let mut lines = Vec::new();
    for (number, sample) in samples.iter().enumerate() {
        let mut bytes = std::fs::read(sample).unwrap();
        // The heading stays, so that the file is read.
        let heading = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 200;
        bytes.truncate(heading + random.below(bytes.len() - heading));
        lines.push(bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count() as u64);
        std::fs::write(folder.path().join(format!("{number:02}.csv")), bytes).unwrap();
    }
    let audit = Audit::finished(&[folder.path()], &[]);
    audit.assert_nothing_is_lost();
    let run = audit.run();
    let counted: Vec<u64> = run["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|input| input["sheets"][0]["rows"]["physical_lines"].as_u64().unwrap())
        .collect();
    assert_eq!(counted, lines);
}

/// `MUTATIONS=10000 SEED=1 cargo test --release --test main -- --ignored --nocapture many_mutations`
///
/// A round damages every sample once and audits them together, in less time than any one file may take; says how each
/// ended, how long the slowest round took, and the peak of memory of the program and its readers.
#[test]
#[ignore = "takes a quarter of an hour at its full length"]
fn many_mutations() {
    let number = |name: &str, otherwise: u64| -> u64 {
        std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap())
    };
    let (count, seed) = (number("MUTATIONS", 10_000), number("SEED", 1));
    let (samples, _kept) = in_every_format();
    let mut endings = std::collections::BTreeMap::<String, u64>::new();
    let (mut slowest, mut largest) = (std::time::Duration::ZERO, 0);
    let mut done = 0;
    for round in 0.. {
        if done >= count {
            break;
        }
        let what = format!("seed {seed}, round {round}");
        let folder = damaged(&samples, seed.wrapping_mul(1_000_003) + round);
        let (run, took, memory) = measured(folder.path(), &what);
        slowest = slowest.max(took);
        largest = largest.max(memory);
        assert!(took.as_secs() < 10, "{what} took {took:?}");
        assert!(memory < 500 << 10, "{what} took {memory} KiB");
        let inputs = run["inputs"].as_array().unwrap();
        assert_eq!(inputs.len(), samples.len(), "{what}: a file is missing from run.json");
        for input in inputs {
            *endings.entry(ending(input, &what)).or_default() += 1;
            done += 1;
        }
    }
    println!("{done} mutations, seed {seed}: slowest round {slowest:?}, largest {largest} KiB\n{endings:#?}");
}

/// How a file ended, by its format: its equation closes, or it says why it was not read.
fn ending(input: &serde_json::Value, what: &str) -> String {
    let name = input["file"].as_str().unwrap();
    let mut lines = 0;
    for sheet in input["sheets"].as_array().unwrap() {
        super::program::assert_closed(&sheet["rows"], &format!("{what}, {name}"));
        lines += sheet["rows"]["audited"].as_u64().unwrap() + sheet["rows"]["rejected"].as_u64().unwrap();
    }
    let sheets = input["sheets"].as_array().unwrap();
    let refused = input["fault"].is_string()
        || sheets.iter().any(|sheet| sheet["fault"].is_string() || sheet["skipped"].is_string());
    let ending = match (lines, refused) {
        (0, true) => "refused by name",
        (_, true) => "read up to a fault that is named",
        (0, false) => "without a line",
        (_, false) => "read whole",
    };
    format!("{}: {ending}", name.rsplit('.').next().unwrap())
}

/// Audits a folder; gives what run.json says, the time, and the peak of memory in KiB of the program and its readers.
fn measured(input: &Path, what: &str) -> (serde_json::Value, std::time::Duration, u64) {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    let mut command = std::process::Command::new(lookback(&[]).get_program());
    command.args(["audit", "--quiet", "--formats", "csv", "--threads", "1", "-o"]).arg(&out).arg(input);
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped());
    let start = std::time::Instant::now();
    let mut child = command.spawn().unwrap();
    let mut peaks = std::collections::BTreeMap::<u32, u64>::new();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        peak_memory(child.id(), &mut peaks);
        std::thread::sleep(std::time::Duration::from_millis(2));
    };
    let took = start.elapsed();
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    let code = status.code().unwrap_or(-1);
    assert!(matches!(code, 0 | 3) && !said.contains("panicked"), "{what} ended with {status}: {said}");
    let run = serde_json::from_slice(&std::fs::read(out.join("run.json")).unwrap()).unwrap();
    // One reader works at a time, beside the program.
    let program = peaks.remove(&child.id()).unwrap_or_default();
    (run, took, program + peaks.values().max().copied().unwrap_or_default())
}

/// Notes the peak of a process and of its readers, where the system tells it.
fn peak_memory(process: u32, peaks: &mut std::collections::BTreeMap<u32, u64>) {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let peak: Option<u64> =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
    if let Some(peak) = peak {
        peaks.entry(process).and_modify(|known| *known = peak.max(*known)).or_insert(peak);
    }
    let children =
        std::fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    for child in children.split_whitespace().filter_map(|number| number.parse().ok()) {
        peak_memory(child, peaks);
    }
}
