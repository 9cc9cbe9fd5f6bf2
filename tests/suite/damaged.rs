//! Files damaged on their way: cut short, bytes flipped, lines of one file inside another. Whatever they say now, the
//! program ends in one of its four ways, and what it reports adds up.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::program::{Audit, files_below, samples};

/// A small generator, so that the damage is the same on every run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    /// Cut anywhere: in a quoted cell, in a character, in the heading.
    fn cut(&mut self, bytes: &mut Vec<u8>) {
        bytes.truncate(self.below(bytes.len()));
    }

    /// One to eight bits turned.
    fn flip(&mut self, bytes: &mut [u8]) {
        for _ in 0..=self.below(8) {
            let at = self.below(bytes.len());
            bytes[at] ^= 1 << self.below(8);
        }
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

/// Every sample, damaged in this seed's way, in a folder of its own.
fn damaged(samples: &[PathBuf], seed: u64) -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut random = Seeded(seed);
    for (number, sample) in samples.iter().enumerate() {
        let mut bytes = std::fs::read(sample).unwrap();
        match random.below(3) {
            0 => random.cut(&mut bytes),
            1 => random.flip(&mut bytes),
            _ => {
                let other = &samples[random.below(samples.len())];
                random.splice(&mut bytes, &std::fs::read(other).unwrap());
            }
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
    let samples = samples(&["csv", "xlsx"]);
    assert!(samples.len() >= 15, "only {} samples", samples.len());
    let mut audited = 0;
    for seed in 1..=16 {
        let folder = damaged(&samples, seed);
        audited += ends_well(folder.path(), samples.len(), &format!("seed {seed}"));
    }
    assert!(audited > 2_000, "so little was left to audit that the test says nothing: {audited} lines");
}

#[test]
fn a_damaged_file_ends_well_alone() {
    let samples = samples(&["csv", "xlsx"]);
    let folder = damaged(&samples, 742);
    for file in files_below(folder.path(), &["csv", "xlsx"]) {
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
