//! Why a finding is new, gone or changed: the line, the rules, the list, the options, the program, a decision.
//!
//! Where two runs cannot tell causes apart, all that remain are named and the change says so.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::past::{PastFinding, PastRun};

/// What may make a finding differ between two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The line did not stand in the earlier run.
    LineNew,
    /// The line does not stand in the later run.
    LineGone,
    /// The line's cells differ.
    LineChanged,
    /// The rule data differ.
    RuleChanged,
    /// The list differs.
    ListChanged,
    /// The options differ: period, mapping, fixed values.
    OptionsChanged,
    /// The program differs.
    ProgramChanged,
    /// A decision was made, or no longer holds.
    DecisionChanged,
}

impl Cause {
    /// The words a person reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::LineNew => "line new",
            Self::LineGone => "line gone",
            Self::LineChanged => "line changed",
            Self::RuleChanged => "rule data changed",
            Self::ListChanged => "list changed",
            Self::OptionsChanged => "options changed",
            Self::ProgramChanged => "program changed",
            Self::DecisionChanged => "decision changed",
        }
    }
}

/// Options that bear on what is printed, converted or drawn, and on no finding.
const CHANGES_NO_FINDING: [&str; 8] =
    ["legend", "matter", "lines", "control", "fx", "disclosure-date", "sample", "seed"];

/// What differs between the runs as a whole.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four things that differ or do not, each on its own")]
pub(super) struct Differences {
    pub(super) rules: bool,
    pub(super) list: bool,
    pub(super) options: bool,
    pub(super) program: bool,
}

impl Differences {
    pub(super) fn between(earlier: &PastRun, later: &PastRun) -> Self {
        let options = |run: &PastRun| {
            let mut options = run.options.clone();
            options.retain(|name, _| !CHANGES_NO_FINDING.contains(&name.as_str()));
            // A mapping is known by its digest, wherever it lies.
            options.remove("columns");
            let mut files: Vec<(String, String)> = run
                .option_files
                .iter()
                .filter(|file| {
                    file.option != "decisions" && !CHANGES_NO_FINDING.contains(&file.option.as_str())
                })
                .map(|file| (file.option.clone(), file.sha256.clone()))
                .collect();
            files.sort();
            (options, files)
        };
        let lists = |run: &PastRun| -> Vec<String> {
            std::iter::once(&run.list).chain(&run.further_lists).map(|list| list.sha256.clone()).collect()
        };
        Self {
            rules: earlier.rules.sha256 != later.rules.sha256,
            list: lists(earlier) != lists(later),
            options: options(earlier) != options(later),
            program: earlier.program != later.program,
        }
    }

    /// What may have made a finding come or go on a line whose bytes are the same in both runs.
    pub(super) fn on_the_same_line(self, finding: &PastFinding) -> Vec<Cause> {
        let (law, other) = if is_of_the_list(finding) {
            ((self.list, Cause::ListChanged), (self.rules, Cause::RuleChanged))
        } else {
            ((self.rules, Cause::RuleChanged), (self.list, Cause::ListChanged))
        };
        let differing: Vec<Cause> =
            [law, (self.options, Cause::OptionsChanged), (self.program, Cause::ProgramChanged)]
                .into_iter()
                .filter_map(|(differs, cause)| differs.then_some(cause))
                .collect();
        match differing.as_slice() {
            [] if other.0 => vec![other.1],
            // Findings about whole sheets and repetitions depend on the other files of the run as well.
            [] => vec![Cause::LineChanged],
            _ => differing,
        }
    }
}

/// Whether the finding comes from the list rather than from a rule.
pub(super) fn is_of_the_list(finding: &PastFinding) -> bool {
    !finding.listed_entity_id.is_empty() || finding.code.starts_with("EL")
}

/// What is known of the lines of a run.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Digests of the input files.
    pub(super) files: BTreeSet<String>,
    /// Document and line of every line, where the run wrote `lines.csv`.
    pub(super) all: Option<BTreeSet<u64>>,
    /// Document and line of every finding.
    pub(super) flagged: BTreeSet<u64>,
    pub(super) first_date: String,
    pub(super) last_date: String,
}

/// Whether a line of one run stands in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// The whole file does, to the byte.
    Unchanged,
    /// A line of its document and number does.
    Somehow,
    /// It does not.
    No,
    /// The runs do not say.
    Unknown,
}

impl Lines {
    /// Whether the finding's line stands in this run; `file_sha256` is the digest of the file it stands in.
    pub(super) fn stands(&self, finding: &PastFinding, file_sha256: &str) -> Stands {
        if !file_sha256.is_empty() && self.files.contains(file_sha256) {
            return Stands::Unchanged;
        }
        let key = line_key(&finding.document, &finding.line);
        if let Some(key) = key {
            if self.flagged.contains(&key) || self.all.as_ref().is_some_and(|all| all.contains(&key)) {
                return Stands::Somehow;
            }
            if self.all.is_some() {
                return Stands::No;
            }
        }
        let day = finding.date_of_export.get(..10).unwrap_or_default();
        let is_dated = !day.is_empty() && !self.first_date.is_empty();
        if is_dated && (day > self.last_date.as_str() || day < self.first_date.as_str()) {
            return Stands::No;
        }
        Stands::Unknown
    }
}

/// What identifies a line by its document and number; none where it has no document.
pub(super) fn line_key(document: &str, line: &str) -> Option<u64> {
    use std::hash::{BuildHasher as _, Hasher as _};
    if document.is_empty() {
        return None;
    }
    let mut hasher = foldhash::quality::FixedState::default().build_hasher();
    hasher.write(document.as_bytes());
    hasher.write_u8(0x1f);
    hasher.write(line.as_bytes());
    Some(hasher.finish())
}
