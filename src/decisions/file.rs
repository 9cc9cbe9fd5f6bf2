//! Reading decision files, CSV or XLSX: every row a decision, every problem with its file, row, column and next step.

use std::path::Path;

use super::columns::Column;
use super::policy::Policy;
use super::{Decision, Decisions, Scope};
use crate::effective::{Date, parse_iso};
use crate::entity_list::fold_name;
use crate::ingest::{self, FileFault};
use crate::printable::on_one_line;
use crate::source::{CellKind, Row, column_letters};

/// The largest decision file that is read.
const MOST_BYTES: u64 = 256 << 20;
/// How many problems are told at once; the rest are counted.
const PROBLEMS_TOLD: usize = 50;
/// Sheets that stand in a report together: a report takes no input.
const REPORT_SHEETS: [&str; 2] = ["Method", "Sign-off"];

/// Reads the decision files in the order given.
///
/// # Errors
/// Every problem found, a sentence each.
pub fn read(files: &[impl AsRef<Path>], policy: &Policy) -> Result<Decisions, Vec<String>> {
    let mut decisions = Vec::new();
    let mut problems = Vec::new();
    for path in files {
        let path = path.as_ref();
        let shown = path.display().to_string();
        let mut reading = Reading {
            policy,
            file: &shown,
            sheet: String::new(),
            headings: None,
            found_any: false,
            decisions: &mut decisions,
            problems: &mut problems,
        };
        if let Err(fault) = reading.file(path) {
            problems.push(fault.message().to_owned());
        }
    }
    if problems.is_empty() {
        return Decisions::new(decisions);
    }
    if problems.len() > PROBLEMS_TOLD {
        let more = problems.len() - PROBLEMS_TOLD;
        problems.truncate(PROBLEMS_TOLD);
        problems.push(format!("and {more} more"));
    }
    Err(problems)
}

/// Where each column stands.
type Headings = Vec<(Column, usize)>;

struct Reading<'a> {
    policy: &'a Policy,
    file: &'a str,
    sheet: String,
    headings: Option<Headings>,
    found_any: bool,
    decisions: &'a mut Vec<Decision>,
    problems: &'a mut Vec<String>,
}

impl Reading<'_> {
    fn file(&mut self, path: &Path) -> Result<(), FileFault> {
        let bytes = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        if bytes > MOST_BYTES {
            return Err(FileFault::new(
                self.file,
                "a decision file of more than 256 MiB is not read",
                "Keep only the rows that are decided",
            ));
        }
        let sheets = ingest::sheet_names(path, self.file)?;
        if REPORT_SHEETS.iter().all(|name| sheets.iter().any(|sheet| sheet == name)) {
            return Err(FileFault::new(
                self.file,
                "this is a report, and a report takes no input",
                "Write the decisions into decisions-template.xlsx or .csv, which stand beside it, and give that file",
            ));
        }
        ingest::read_rows(path, self.file, &mut |sheet, row| {
            if self.sheet != sheet {
                sheet.clone_into(&mut self.sheet);
                self.headings = None;
            }
            self.row(row);
        })?;
        if self.found_any {
            return Ok(());
        }
        Err(FileFault::new(
            self.file,
            "no row has the headings `decision` and `finding_id`, `group_id`, `party` or `item`",
            "Start from decisions-template.xlsx or .csv of a finished run",
        ))
    }

    fn row(&mut self, row: Row<'_>) {
        let Some(headings) = self.headings.take() else {
            self.headings = self.heading_row(row);
            return;
        };
        let cells = Cells { headings: &headings, row };
        if Column::FILLED.iter().any(|column| !cells.text(*column).is_empty()) {
            let decision = self.decision(&cells);
            self.decisions.extend(decision);
        }
        self.headings = Some(headings);
    }

    /// The headings, where this row holds them.
    fn heading_row(&mut self, row: Row<'_>) -> Option<Headings> {
        let mut headings: Headings = Vec::new();
        for (index, cell) in row.cells().enumerate() {
            let Some(column) = Column::from_heading(cell.text) else { continue };
            if headings.iter().all(|(known, _)| *known != column) {
                headings.push((column, index));
            }
        }
        let has = |column: Column| headings.iter().any(|(known, _)| *known == column);
        let names_something =
            [Column::FindingId, Column::GroupId, Column::Party, Column::Item].into_iter().any(has);
        if !has(Column::Decision) || !names_something {
            return None;
        }
        self.found_any = true;
        for needed in [Column::Reason, Column::Reviewer, Column::DecidedOn] {
            if !has(needed) {
                self.problems.push(format!(
                    "{}: the column `{}` is missing. Add it to the headings in row {}; a decision says why, by whom and when.",
                    self.here(),
                    needed.name(),
                    row.number()
                ));
            }
        }
        Some(headings)
    }

    fn here(&self) -> String {
        if self.sheet.is_empty() {
            self.file.to_owned()
        } else {
            format!("{}, sheet \"{}\"", self.file, self.sheet)
        }
    }

    fn problem(&mut self, cells: &Cells<'_>, column: Column, what: &str) {
        let place = cells.index(column).map_or_else(String::new, |index| {
            format!(", column {} ({})", column_letters(index as u32), column.name())
        });
        self.problems.push(format!("{}, row {}{place}: {what}", self.here(), cells.row.number()));
    }

    fn decision(&mut self, cells: &Cells<'_>) -> Option<Decision> {
        let before = self.problems.len();
        let word = self.word(cells);
        let scope = self.scope(cells);
        let reason = self.needed(cells, Column::Reason, "say why, so that the next reviewer can follow");
        let reviewer = self.needed(cells, Column::Reviewer, "name the person who decided");
        let decided_on = self.day(cells, Column::DecidedOn);
        if decided_on.is_none() && cells.text(Column::DecidedOn).is_empty() && cells.has(Column::DecidedOn) {
            self.problem(
                cells,
                Column::DecidedOn,
                "it is blank; write the day of the decision as 2025-10-31.",
            );
        }
        let expires_on = self.day(cells, Column::ExpiresOn);
        let expires_on = self.expiry(cells, decided_on, expires_on);
        let minor_or_technical = self.mark(cells, Column::MinorOrTechnical);
        let evidence_digests = self.digests(cells, Column::EvidenceDigest);
        let basis_digests = self.digests(cells, Column::BasisDigest);
        if self.problems.len() > before {
            return None;
        }
        let (word, needs_second_person) = word?;
        Some(Decision {
            scope: scope?,
            word,
            needs_second_person,
            reason: reason?,
            evidence: cells.text(Column::Evidence).to_owned(),
            reviewer: reviewer?,
            decided_on: decided_on?,
            expires_on: expires_on?,
            approved_by: cells.text(Column::ApprovedBy).to_owned(),
            minor_or_technical,
            evidence_digests,
            basis_digests,
            named: [Column::Party, Column::Item]
                .map(|column| cells.text(column))
                .into_iter()
                .find(|text| !text.is_empty())
                .map_or_else(String::new, short),
            file: self.file.to_owned(),
            sheet: self.sheet.clone(),
            row: cells.row.number(),
        })
    }

    fn word(&mut self, cells: &Cells<'_>) -> Option<(String, bool)> {
        let text = cells.text(Column::Decision);
        let known = self.policy.word(text).map(|word| (word.word.clone(), word.second_person_for_exception));
        if known.is_none() {
            let words: Vec<&str> = self.policy.words().iter().map(|word| word.word.as_str()).collect();
            let words = words.join(", ");
            let what = if text.is_empty() {
                format!(
                    "the row is filled in, but names no decision; write one of {words}, or clear the row."
                )
            } else {
                format!("`{}` is no decision; write one of {words}.", short(text))
            };
            self.problem(cells, Column::Decision, &what);
        }
        known
    }

    /// What the row is about: the most specific of what it names.
    fn scope(&mut self, cells: &Cells<'_>) -> Option<Scope> {
        for (column, make) in
            [(Column::FindingId, Scope::Finding as fn(String) -> Scope), (Column::GroupId, Scope::Group)]
        {
            let id = cells.text(column).to_lowercase();
            if id.is_empty() {
                continue;
            }
            if is_id(&id, true) {
                return Some(make(id));
            }
            let what = format!(
                "`{}` is no id of 16 digits and letters a to f; a spreadsheet program may have turned it into a number. Copy it again from the template, or give the decisions as XLSX.",
                short(cells.text(column))
            );
            self.problem(cells, column, &what);
            return None;
        }
        let text = |column| cells.text(column);
        let (party, entity) = (fold_name(text(Column::Party)), text(Column::ListedEntityId));
        if !party.is_empty() && !entity.is_empty() {
            return Some(Scope::Party { party, listed_entity_id: entity.to_owned() });
        }
        let (item, candidate) = (fold_name(text(Column::Item)), text(Column::Candidate).to_lowercase());
        if !item.is_empty() && !candidate.is_empty() {
            return Some(Scope::Item { item, candidate });
        }
        self.problem(
            cells,
            Column::Decision,
            "the row does not say what is decided; fill in finding_id, or group_id, or party with listed_entity_id, or item with candidate.",
        );
        None
    }

    fn needed(&mut self, cells: &Cells<'_>, column: Column, advice: &str) -> Option<String> {
        let text = cells.text(column);
        if text.is_empty() && cells.has(column) {
            self.problem(cells, column, &format!("it is blank; {advice}."));
        }
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn day(&mut self, cells: &Cells<'_>, column: Column) -> Option<Date> {
        let text = cells.text(column);
        if text.is_empty() {
            return None;
        }
        // A workbook's date cell may carry a time of midnight.
        let day = match cells.kind(column) {
            Some(CellKind::Date) => text.get(..10).unwrap_or(text),
            _ => text,
        };
        let day = parse_iso(day).ok();
        if day.is_none() {
            let what = format!(
                "`{}` is not a day of the form 2025-10-31; write year, month and day so, as text if the program changes it.",
                short(text)
            );
            self.problem(cells, column, &what);
        }
        day
    }

    /// The last day on which the decision holds; the longest allowed where the file names none.
    fn expiry(&mut self, cells: &Cells<'_>, decided: Option<Date>, expires: Option<Date>) -> Option<Date> {
        let decided = decided?;
        let last = self.policy.last_day(decided);
        let Some(expires) = expires else {
            return cells.text(Column::ExpiresOn).is_empty().then_some(last);
        };
        if expires < decided {
            let what =
                format!("{expires} lies before {decided}, the day of the decision; correct one of the two.");
            self.problem(cells, Column::ExpiresOn, &what);
            return None;
        }
        if expires > last {
            let what = format!(
                "{expires} is more than {} months after {decided}; write {last} or an earlier day, and decide again then.",
                self.policy.months()
            );
            self.problem(cells, Column::ExpiresOn, &what);
            return None;
        }
        Some(expires)
    }

    fn mark(&mut self, cells: &Cells<'_>, column: Column) -> bool {
        let text = cells.text(column).to_lowercase();
        match text.as_str() {
            "yes" | "y" | "true" | "x" => true,
            "" | "no" | "n" | "false" => false,
            _ => {
                self.problem(
                    cells,
                    column,
                    &format!("`{}` is neither yes nor no; leave it blank for no.", short(&text)),
                );
                false
            }
        }
    }

    fn digests(&mut self, cells: &Cells<'_>, column: Column) -> Vec<String> {
        let mut digests: Vec<String> = cells
            .text(column)
            .split(|c: char| c.is_whitespace() || matches!(c, ';' | ','))
            .filter(|digest| !digest.is_empty())
            .map(str::to_lowercase)
            .collect();
        if let Some(bad) = digests.iter().find(|digest| !is_id(digest, false)) {
            let what = format!(
                "`{}` is no digest of 16 digits and letters a to f; copy the cell again from the template, or give the decisions as XLSX.",
                short(bad)
            );
            self.problem(cells, column, &what);
        }
        digests.sort_unstable();
        digests.dedup();
        digests
    }
}

/// A row under its headings.
struct Cells<'a> {
    headings: &'a Headings,
    row: Row<'a>,
}

impl Cells<'_> {
    fn index(&self, column: Column) -> Option<usize> {
        self.headings.iter().find(|(known, _)| *known == column).map(|(_, index)| *index)
    }

    fn has(&self, column: Column) -> bool {
        self.index(column).is_some()
    }

    /// The text of the cell without what the program itself put before it to keep it from becoming a formula.
    fn text(&self, column: Column) -> &str {
        let text = self.index(column).map_or("", |index| self.row.cell(index).text).trim();
        match text.strip_prefix('\'') {
            Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
            _ => text,
        }
    }

    fn kind(&self, column: Column) -> Option<CellKind> {
        self.index(column).map(|index| self.row.cell(index).kind)
    }
}

/// 16 hex digits, with a number after a hyphen where several findings share them.
fn is_id(text: &str, may_be_numbered: bool) -> bool {
    let (digits, number) =
        text.split_once('-').map_or((text, None), |(digits, number)| (digits, Some(number)));
    digits.len() == 16
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        && number.is_none_or(|number| {
            may_be_numbered && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// The beginning of a text, for a message.
fn short(text: &str) -> String {
    let mut shown: String = on_one_line(text).chars().take(40).collect();
    if shown.len() < text.len() {
        shown.push_str("...");
    }
    shown
}

#[cfg(test)]
mod tests;
