//! What changed from one run to another: findings new, gone and changed, and why.
//!
//! Findings are matched by their ids, which survive a new export, another order and another file name. Only an index of
//! the earlier run is held in memory; everything else is read as it passes.

mod cause;
mod csv;
mod text;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

use crate::finding::Disposition;
use crate::past::{PastFinding, PastFindings, PastRun};
use crate::report::LINES_CSV;
pub use cause::Cause;
use cause::{Differences, Lines, Stands, is_of_the_list, line_key};
pub use csv::{COLUMNS, CsvChanges};
pub use text::{Shown, described, text};

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// In the later run alone.
    New,
    /// In the earlier run alone.
    Gone,
    /// In both, and not the same.
    Changed,
}

impl Kind {
    /// The word a person reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Gone => "gone",
            Self::Changed => "changed",
        }
    }
}

/// A finding that is not the same in both runs.
#[derive(Debug, Clone)]
pub struct Change {
    /// What became of it.
    pub kind: Kind,
    /// Why; several where the runs cannot tell them apart or several things changed.
    pub causes: Vec<Cause>,
    /// Whether the causes are known, rather than what remains possible.
    pub is_certain: bool,
    /// What differs, in words.
    pub what: String,
    /// The finding as it stands in the later run, or stood in the earlier where it is gone.
    pub finding: PastFinding,
    /// Its status in the earlier run; blank where it is new.
    pub status_before: String,
    /// Its disposition in the earlier run; none where it is new.
    pub disposition_before: Option<Disposition>,
}

impl Change {
    /// The causes in words.
    pub fn why(&self) -> String {
        let names: Vec<&str> = self.causes.iter().map(|cause| cause.name()).collect();
        if names.is_empty() {
            return "not to be told from the two runs".to_owned();
        }
        names.join(if self.is_certain { " and " } else { " or " })
    }
}

/// Counts of a comparison.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// Findings of the earlier run.
    pub earlier: u64,
    /// Findings of the later run.
    pub later: u64,
    /// In both and the same.
    pub unchanged: u64,
    /// By kind, and within it by why.
    pub changes: BTreeMap<Kind, BTreeMap<String, u64>>,
}

impl Totals {
    /// Findings of this kind.
    pub fn of(&self, kind: Kind) -> u64 {
        self.changes.get(&kind).map_or(0, |by_why| by_why.values().sum())
    }
}

/// A finding of the earlier run, in few bytes.
struct Indexed {
    id: (u64, u32),
    place: u64,
    evidence: u64,
    basis: u64,
    status: u64,
    disposition: Disposition,
    is_seen: bool,
}

/// Compares two runs; hands every change to `visit`, those of the later run in its order, then what is gone.
///
/// # Errors
/// A run cannot be read, or `visit` fails.
pub fn compare(
    earlier: &PastRun,
    later: &PastRun,
    visit: &mut dyn FnMut(&Change) -> Result<(), String>,
) -> Result<Totals, String> {
    let differences = Differences::between(earlier, later);
    let (mut index, earlier_lines) = index(earlier)?;
    let later_lines = lines(later)?;
    let mut before = earlier.findings()?;
    let mut totals = Totals { earlier: index.len() as u64, ..Totals::default() };
    let digests_later = file_digests(later);
    for finding in later.findings()? {
        let (_, finding) = finding?;
        totals.later += 1;
        let found = index.binary_search_by_key(&id_of(&finding)?, |indexed| indexed.id);
        let change = match found {
            Ok(at) => {
                index[at].is_seen = true;
                changed(&index[at], &mut before, finding, differences)?
            }
            Err(_) => Some(new(finding, &earlier_lines, &digests_later, differences)),
        };
        match change {
            Some(change) => tell(change, &mut totals, visit)?,
            None => totals.unchanged += 1,
        }
    }
    let digests_earlier = file_digests(earlier);
    let mut gone: Vec<u64> =
        index.iter().filter(|indexed| !indexed.is_seen).map(|indexed| indexed.place).collect();
    gone.sort_unstable();
    for place in gone {
        let finding = before.at(place)?;
        let change = self::gone(finding, &later_lines, &digests_earlier, differences);
        tell(change, &mut totals, visit)?;
    }
    Ok(totals)
}

fn tell(
    change: Change,
    totals: &mut Totals,
    visit: &mut dyn FnMut(&Change) -> Result<(), String>,
) -> Result<(), String> {
    *totals.changes.entry(change.kind).or_default().entry(change.why()).or_default() += 1;
    visit(&change)
}

/// The change of a finding that both runs have; none where it is the same.
fn changed(
    indexed: &Indexed,
    before: &mut PastFindings,
    after: PastFinding,
    differences: Differences,
) -> Result<Option<Change>, String> {
    let evidence = number(&after.evidence_digest) != indexed.evidence;
    let basis = number(&after.basis_digest) != indexed.basis;
    let status = short_hash(&after.status) != indexed.status;
    let disposition = after.disposition != indexed.disposition;
    if !(evidence || basis || status || disposition) {
        return Ok(None);
    }
    let before = before.at(indexed.place)?;
    let mut causes = Vec::new();
    let mut what = Vec::new();
    if evidence {
        causes.push(Cause::LineChanged);
        what.push(words::cells(&before, &after));
    }
    if basis {
        let listed = is_of_the_list(&after);
        // The dates of a line decide which version of a rule holds: the data need not have changed.
        let cause = match (listed, differences.list, differences.rules) {
            (true, true, _) => Some(Cause::ListChanged),
            (_, _, true) => Some(Cause::RuleChanged),
            _ if evidence => None,
            _ if differences.program => Some(Cause::ProgramChanged),
            _ => Some(Cause::LineChanged),
        };
        causes.extend(cause);
        what.push(words::basis(&before, &after));
    }
    if disposition {
        what.push(format!("{} became {}", before.disposition, after.disposition));
        if causes.is_empty() {
            causes.extend(differences.on_the_same_line(&after));
        }
    }
    if status {
        causes.push(Cause::DecisionChanged);
        what.push(format!("{} became {}", before.status, after.status));
    }
    causes.dedup();
    Ok(Some(Change {
        kind: Kind::Changed,
        causes,
        is_certain: true,
        what: what.join("; "),
        status_before: before.status,
        disposition_before: Some(before.disposition),
        finding: after,
    }))
}

fn new(
    finding: PastFinding,
    earlier: &Lines,
    digests: &BTreeMap<String, String>,
    differences: Differences,
) -> Change {
    let sha256 = digests.get(&finding.file).map_or("", String::as_str);
    let (causes, is_certain, what) = match earlier.stands(&finding, sha256) {
        Stands::No => (vec![Cause::LineNew], true, "the earlier run does not have the line"),
        Stands::Unchanged => {
            let causes = differences.on_the_same_line(&finding);
            let is_certain = causes.len() == 1;
            (causes, is_certain, "the earlier run read the same file and did not give the finding")
        }
        Stands::Somehow => {
            let causes = with_the_line(differences, &finding, Cause::LineChanged);
            let is_certain = causes.len() == 1;
            (
                causes,
                is_certain,
                "the earlier run has a line of this document and number, without the finding",
            )
        }
        Stands::Unknown => (
            vec![Cause::LineNew, Cause::LineChanged],
            false,
            "whether the earlier run has the line is not told; audit both with --lines",
        ),
    };
    Change {
        kind: Kind::New,
        causes,
        is_certain,
        what: what.to_owned(),
        finding,
        status_before: String::new(),
        disposition_before: None,
    }
}

fn gone(
    finding: PastFinding,
    later: &Lines,
    digests: &BTreeMap<String, String>,
    differences: Differences,
) -> Change {
    let sha256 = digests.get(&finding.file).map_or("", String::as_str);
    let (causes, is_certain, what) = match later.stands(&finding, sha256) {
        Stands::No => (vec![Cause::LineGone], true, "the later run does not have the line"),
        Stands::Unchanged => {
            let causes = differences.on_the_same_line(&finding);
            let is_certain = causes.len() == 1;
            (causes, is_certain, "the later run read the same file and no longer gives the finding")
        }
        Stands::Somehow => {
            let causes = with_the_line(differences, &finding, Cause::LineChanged);
            let is_certain = causes.len() == 1;
            (causes, is_certain, "the later run has a line of this document and number, without the finding")
        }
        Stands::Unknown => (
            vec![Cause::LineGone, Cause::LineChanged],
            false,
            "whether the later run has the line is not told; audit both with --lines",
        ),
    };
    Change {
        kind: Kind::Gone,
        causes,
        is_certain,
        what: what.to_owned(),
        status_before: finding.status.clone(),
        disposition_before: Some(finding.disposition),
        finding,
    }
}

/// The line may have changed, and so may what else differs between the runs.
fn with_the_line(differences: Differences, finding: &PastFinding, line: Cause) -> Vec<Cause> {
    let mut causes = vec![line];
    causes.extend(differences.on_the_same_line(finding).into_iter().filter(|cause| *cause != line));
    causes
}

fn index(run: &PastRun) -> Result<(Vec<Indexed>, Lines), String> {
    let mut index = Vec::new();
    let mut lines = known_lines(run)?;
    for finding in run.findings()? {
        let (place, finding) = finding?;
        lines.flagged.extend(line_key(&finding.document, &finding.line));
        index.push(Indexed {
            id: id_of(&finding)?,
            place,
            evidence: number(&finding.evidence_digest),
            basis: number(&finding.basis_digest),
            status: short_hash(&finding.status),
            disposition: finding.disposition,
            is_seen: false,
        });
    }
    index.sort_unstable_by_key(|indexed| indexed.id);
    Ok((index, lines))
}

fn lines(run: &PastRun) -> Result<Lines, String> {
    let mut lines = known_lines(run)?;
    for finding in run.findings()? {
        let (_, finding) = finding?;
        lines.flagged.extend(line_key(&finding.document, &finding.line));
    }
    Ok(lines)
}

/// What inputs, dates and `lines.csv` say of a run's lines.
fn known_lines(run: &PastRun) -> Result<Lines, String> {
    let read = run.inputs.iter().filter(|input| input.fault.is_none());
    Ok(Lines {
        files: read.map(|input| input.sha256.clone()).collect(),
        all: read_lines(&run.folder.join(LINES_CSV))?,
        first_date: run.totals.first_date.clone(),
        last_date: run.totals.last_date.clone(),
        ..Lines::default()
    })
}

fn read_lines(path: &Path) -> Result<Option<std::collections::BTreeSet<u64>>, String> {
    if !path.exists() {
        return Ok(None);
    }
    let failed = |error: ::csv::Error| {
        format!("{} could not be read: {error}. Restore it, or audit again.", path.display())
    };
    let mut reader = ::csv::Reader::from_path(path).map_err(failed)?;
    let headings = reader.headers().map_err(failed)?;
    let position = |name: &str| headings.iter().position(|heading| heading == name);
    let (Some(document), Some(line)) = (position("document"), position("line")) else {
        return Err(format!(
            "{} has no columns document and line. Audit again with --lines.",
            path.display()
        ));
    };
    let mut keys = std::collections::BTreeSet::new();
    let mut record = ::csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(failed)? {
        let text = |column: usize| record.get(column).unwrap_or_default();
        keys.extend(line_key(text(document), text(line)));
    }
    Ok(Some(keys))
}

fn file_digests(run: &PastRun) -> BTreeMap<String, String> {
    run.inputs.iter().map(|input| (input.file.clone(), input.sha256.clone())).collect()
}

fn id_of(finding: &PastFinding) -> Result<(u64, u32), String> {
    let (digits, number) = finding.finding_id.split_once('-').unwrap_or((&finding.finding_id, "1"));
    match (u64::from_str_radix(digits, 16), number.parse()) {
        (Ok(id), Ok(number)) => Ok((id, number)),
        _ => Err(format!(
            "`{}` is no finding id: findings.jsonl was changed. Audit again, or restore it from your archive.",
            finding.finding_id
        )),
    }
}

fn number(digest: &str) -> u64 {
    u64::from_str_radix(digest, 16).unwrap_or(0)
}

fn short_hash(text: &str) -> u64 {
    line_key(text, "").unwrap_or(0)
}
