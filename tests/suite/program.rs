//! The program itself, and what it leaves behind.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

/// The program, with these arguments.
pub(super) fn lookback(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lookback"));
    command.args(arguments).env_remove("RUST_BACKTRACE");
    command
}

/// A finished audit in a temporary folder.
pub(super) struct Audit {
    _folder: TempDir,
    out: PathBuf,
    /// The exit status.
    pub(super) status: i32,
    /// What went to the screen, both streams.
    pub(super) screen: String,
}

impl Audit {
    /// Audits the inputs with `--quiet --lines` and these further arguments.
    pub(super) fn of(inputs: &[&Path], further: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let out = folder.path().join("out");
        let mut command = lookback(&["audit", "--quiet", "--lines", "-o"]);
        command.arg(&out).args(inputs).args(further);
        let output = command.output().unwrap();
        let screen =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        Self { _folder: folder, out, status: output.status.code().unwrap_or(-1), screen }
    }

    /// The same, where nothing may keep it from being finished.
    pub(super) fn finished(inputs: &[&Path], further: &[&str]) -> Self {
        let audit = Self::of(inputs, further);
        assert!(
            matches!(audit.status, 0 | 3),
            "the audit of {inputs:?} ended with {}:\n{}",
            audit.status,
            audit.screen
        );
        audit
    }

    /// Where the report stands.
    pub(super) fn folder(&self) -> &Path {
        &self.out
    }

    /// The rows of one of its CSV files, by heading.
    pub(super) fn rows(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let bytes = std::fs::read(self.out.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let mut reader = csv::Reader::from_reader(bytes);
        let headings = reader.headers().unwrap().clone();
        let row = |record: csv::StringRecord| {
            headings.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()
        };
        reader.records().map(|record| row(record.unwrap())).collect()
    }

    /// What run.json says.
    pub(super) fn run(&self) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(self.out.join("run.json")).unwrap()).unwrap()
    }

    /// Every output but run.json, which says when it was made.
    pub(super) fn outputs(&self) -> BTreeMap<String, Vec<u8>> {
        std::fs::read_dir(&self.out)
            .unwrap()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_name() != "run.json")
            .map(|entry| {
                let name = entry.file_name().to_string_lossy().into_owned();
                (name, std::fs::read(entry.path()).unwrap())
            })
            .collect()
    }

    /// Whether every sheet closes records = title + header + blank + total + outside + rejected + audited, the totals are
    /// the sum of the sheets, and `lines.csv` and `rejected.csv` hold as many rows as were counted.
    pub(super) fn assert_nothing_is_lost(&self) {
        let run = self.run();
        let inputs = run["inputs"].as_array().unwrap();
        assert!(!inputs.is_empty(), "run.json names no input");
        let mut sum = BTreeMap::<String, u64>::new();
        for input in inputs {
            let sheets = input["sheets"].as_array().unwrap();
            assert!(
                !sheets.is_empty() || input["fault"].is_string(),
                "{} has neither sheets nor a reason",
                input["file"]
            );
            for sheet in sheets {
                let place = format!("{} {}", input["file"], sheet["sheet"]);
                assert_closed(&sheet["rows"], &place);
                for (name, count) in counts(&sheet["rows"]) {
                    *sum.entry(name).or_default() += count;
                }
            }
        }
        assert_eq!(counts(&run["totals"]["rows"]), sum, "the totals are not the sum of the sheets");
        assert_eq!(self.rows("lines.csv").len() as u64, sum["audited"], "lines.csv");
        assert_eq!(self.rows("rejected.csv").len() as u64, sum["rejected"], "rejected.csv");
    }
}

/// The counts of a reconciliation, by name.
fn counts(rows: &serde_json::Value) -> BTreeMap<String, u64> {
    let rows = rows.as_object().unwrap();
    rows.iter().map(|(name, count)| (name.clone(), count.as_u64().unwrap())).collect()
}

pub(super) fn assert_closed(rows: &serde_json::Value, place: &str) {
    let counts = counts(rows);
    let parts = ["title", "header", "blank", "total", "outside_period", "rejected", "audited"];
    assert_eq!(counts["records"], parts.map(|name| counts[name]).iter().sum::<u64>(), "{place}: {rows}");
    assert_eq!(counts["physical_lines"], counts["records"] + counts["continuation_lines"], "{place}: {rows}");
}

/// A folder of the project.
pub(super) fn project(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

/// The shipment lists among the samples; decisions that lie beside them are none.
pub(super) fn samples(endings: &[&str]) -> Vec<PathBuf> {
    let mut files = files_below(&project("samples"), endings);
    files.retain(|file| !lookback::decisions::is_decision_file(file));
    files
}

/// The files below a folder that have one of these endings, in order.
pub(super) fn files_below(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known)) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
