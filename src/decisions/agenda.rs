//! What is left to decide: the open findings by group, and by party and item where one decision may settle several groups.
//!
//! Gathered while findings are counted; it holds digests and counts, and no finding. Rows are handed out while findings
//! are written, each at the first finding it stands for.

use std::collections::BTreeMap;

use super::{Scope, item_of};
use crate::finding::{Disposition, Finding, NumberedFinding};
use crate::report::{basis_digest, evidence_digest, standing_digest};

/// How many different digests a row may name; a group with more is decided finding by finding.
const MOST_DIGESTS: usize = 1_000;
/// How many parties, and how many items, are offered as rows of their own.
const MOST_SCOPES: usize = 20_000;

/// A row of the decisions template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What one decision on the row settles: a finding, a group, a party and entry, an item and candidate.
    pub kind: &'static str,
    /// What a person has to do; none for a row over several dispositions.
    pub disposition: Option<Disposition>,
    /// The finding's id; blank on every other row.
    pub finding_id: String,
    /// The group's id; blank on rows about a party or an item.
    pub group_id: String,
    /// The codes, joined by `;`.
    pub codes: String,
    /// The pattern found; blank where there are several codes.
    pub name: &'static str,
    /// Open findings.
    pub findings: u64,
    /// The party as first recorded.
    pub party: String,
    /// Its address as first recorded.
    pub party_address: String,
    /// The entry's id.
    pub listed_entity_id: String,
    /// The entry's name.
    pub listed_entity: String,
    /// The item number, or the description where there is none.
    pub item: String,
    /// The description.
    pub description: String,
    /// The entry or control the finding points to.
    pub candidate: String,
    /// The first finding's place: file, sheet, row, document and line.
    pub first: Option<Place>,
    /// Date of export of the first finding.
    pub date_of_export: String,
    /// Why the first was flagged.
    pub explanation: String,
    /// What to verify.
    pub to_verify: String,
    /// The evidence a reviewer sees, joined by `;`.
    pub evidence_digest: String,
    /// The law and list a reviewer sees, joined by `;`.
    pub basis_digest: String,
}

/// Where a finding stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The row.
    pub row: u32,
    /// The document.
    pub document: String,
    /// The line.
    pub line: String,
}

/// Findings that one decision would settle.
#[derive(Debug, Clone, Default)]
struct Bundle {
    findings: u64,
    /// The first of them in canonical order.
    first: u64,
    evidence: Vec<u64>,
    basis: Vec<u64>,
    is_too_varied: bool,
}

impl Bundle {
    fn add(&mut self, order: u64, evidence: u64, basis: u64) {
        if self.findings == 0 {
            self.first = order;
        }
        self.findings += 1;
        if self.is_too_varied {
            return;
        }
        insert(&mut self.evidence, evidence);
        insert(&mut self.basis, basis);
        if self.evidence.len() > MOST_DIGESTS || self.basis.len() > MOST_DIGESTS {
            self.is_too_varied = true;
            (self.evidence, self.basis) = (Vec::new(), Vec::new());
        }
    }
}

/// Findings of a party or an item, over several groups.
#[derive(Debug, Clone, Default)]
struct Wide {
    bundle: Bundle,
    /// Rows that the template shows for them.
    rows: u64,
    codes: Vec<&'static str>,
    /// What the first of them says.
    example: Option<Box<Row>>,
}

/// What is left to decide.
#[derive(Debug, Clone, Default)]
pub struct Agenda {
    groups: BTreeMap<String, Bundle>,
    parties: BTreeMap<Scope, Wide>,
    items: BTreeMap<Scope, Wide>,
}

impl Agenda {
    /// Sees the next finding in canonical order; closed ones are passed over.
    pub fn see(&mut self, order: u64, numbered: &NumberedFinding) {
        if !numbered.is_open() {
            return;
        }
        let finding = &numbered.finding;
        let standing = number(&standing_digest(finding));
        let basis = number(&basis_digest(finding));
        let mut begins_row = true;
        if !finding.group_key.is_empty() {
            let group = self.groups.entry(numbered.group_id.clone()).or_default();
            begins_row = group.findings == 0;
            group.add(order, standing, basis);
        }
        if finding.disposition == Disposition::Note {
            return;
        }
        for (scope, wide) in
            [(Scope::of_party(finding), &mut self.parties), (Scope::of_item(finding), &mut self.items)]
        {
            let Some(scope) = scope else { continue };
            if wide.len() >= MOST_SCOPES && !wide.contains_key(&scope) {
                continue;
            }
            let wide = wide.entry(scope.clone()).or_default();
            wide.bundle.add(order, standing, basis);
            wide.rows += u64::from(begins_row);
            if !wide.codes.contains(&finding.code.code()) {
                wide.codes.push(finding.code.code());
            }
            if wide.example.is_none() {
                wide.example = Some(Box::new(example(&scope, finding)));
            }
        }
    }

    /// The row that begins with this finding, where one does.
    pub fn row(&self, order: u64, numbered: &NumberedFinding) -> Option<Row> {
        if !numbered.is_open() {
            return None;
        }
        let finding = &numbered.finding;
        let bundle = (!finding.group_key.is_empty()).then(|| self.groups.get(&numbered.group_id)).flatten();
        let bundle = bundle.filter(|bundle| !bundle.is_too_varied);
        if bundle.is_some_and(|bundle| bundle.first != order) {
            return None;
        }
        Some(Row {
            kind: if bundle.is_some() { "group" } else { "finding" },
            disposition: Some(finding.disposition),
            finding_id: if bundle.is_some() { String::new() } else { numbered.finding_id.clone() },
            group_id: numbered.group_id.clone(),
            codes: finding.code.to_string(),
            name: finding.code.name(),
            findings: bundle.map_or(1, |bundle| bundle.findings),
            evidence_digest: bundle
                .map_or_else(|| evidence_digest(finding), |bundle| joined(&bundle.evidence)),
            basis_digest: bundle.map_or_else(|| basis_digest(finding), |bundle| joined(&bundle.basis)),
            ..described(finding)
        })
    }

    /// Rows over several rows of the above: a party and entry, an item and candidate.
    pub fn wide_rows(&self) -> impl Iterator<Item = Row> + '_ {
        self.parties.values().chain(self.items.values()).filter_map(|wide| {
            let example = wide.example.as_deref()?;
            if wide.rows < 2 || wide.bundle.is_too_varied {
                return None;
            }
            let mut codes = wide.codes.clone();
            codes.sort_unstable();
            Some(Row {
                codes: codes.join(";"),
                findings: wide.bundle.findings,
                evidence_digest: joined(&wide.bundle.evidence),
                basis_digest: joined(&wide.bundle.basis),
                ..example.clone()
            })
        })
    }
}

/// What a row shows of the finding it begins with.
fn described(finding: &Finding) -> Row {
    Row {
        kind: "",
        disposition: None,
        finding_id: String::new(),
        group_id: String::new(),
        codes: String::new(),
        name: "",
        findings: 0,
        party: finding.party_name.clone(),
        party_address: finding.party_address.clone(),
        listed_entity_id: finding.listed_entity_id.clone(),
        listed_entity: finding.listed_entity.clone(),
        item: item_of(finding).to_owned(),
        description: finding.description.clone(),
        candidate: finding.candidate_eccn.clone(),
        first: Some(Place {
            file: finding.file.clone(),
            sheet: finding.sheet.clone(),
            row: finding.row,
            document: finding.document.clone(),
            line: finding.line.clone(),
        }),
        date_of_export: finding.date_of_export.clone(),
        explanation: finding.explanation.clone(),
        to_verify: finding.to_verify.clone(),
        evidence_digest: String::new(),
        basis_digest: String::new(),
    }
}

/// A row about a party or an item: it names that, and nothing of the line it was first seen on.
fn example(scope: &Scope, finding: &Finding) -> Row {
    let whole = described(finding);
    let blank = String::new;
    let row = Row {
        kind: scope.kind(),
        first: None,
        date_of_export: blank(),
        explanation: blank(),
        to_verify: blank(),
        ..whole
    };
    match scope {
        Scope::Item { .. } => Row {
            party: blank(),
            party_address: blank(),
            listed_entity_id: blank(),
            listed_entity: blank(),
            ..row
        },
        _ => Row { item: blank(), description: blank(), candidate: blank(), ..row },
    }
}

fn insert(sorted: &mut Vec<u64>, number: u64) {
    if let Err(at) = sorted.binary_search(&number) {
        sorted.insert(at, number);
    }
}

fn number(digest: &str) -> u64 {
    u64::from_str_radix(digest, 16).unwrap_or(0)
}

fn joined(digests: &[u64]) -> String {
    digests.iter().map(|digest| format!("{digest:016x}")).collect::<Vec<_>>().join(";")
}
