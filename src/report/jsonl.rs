//! `findings.jsonl`: a JSON object a finding, with the columns of `findings.csv`, the cells relied on, and digests.
//!
//! The one output that keeps the record's text exactly as read. Amounts and scores are strings, as exact as recorded.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::decisions::Decision;
use crate::finding::NumberedFinding;

use super::Error;
use super::columns::{FINDING_COLUMNS, finding_values};
use super::digest::{HashedFile, basis_digest, evidence_digest, standing_digest};

pub(crate) const FINDINGS: &str = "findings.jsonl";

/// `findings.jsonl`.
pub(super) struct FindingsJsonl {
    path: PathBuf,
    out: HashedFile,
}

impl FindingsJsonl {
    pub(super) fn create(dir: &Path) -> Result<Self, Error> {
        let path = dir.join(FINDINGS);
        let out = HashedFile::create(&path)?;
        Ok(Self { path, out })
    }

    pub(super) fn write(&mut self, finding: &NumberedFinding) -> Result<(), Error> {
        serde_json::to_writer(&mut self.out, &Object(finding))
            .map_err(std::io::Error::from)
            .and_then(|()| self.out.write_all(b"\n"))
            .map_err(|source| Error::io(&self.path, source))
    }

    pub(super) fn finish(self) -> Result<String, Error> {
        self.out.finish().map_err(|source| Error::io(&self.path, source))
    }
}

/// A finding as a JSON object: the columns in their order, then what a table cannot hold.
struct Object<'a>(&'a NumberedFinding);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let finding = &self.0.finding;
        let mut map = serializer.serialize_map(None)?;
        for (column, value) in FINDING_COLUMNS.into_iter().zip(finding_values(self.0, "")) {
            if column == "row" {
                map.serialize_entry(column, &finding.row)?;
            } else {
                map.serialize_entry(column, value)?;
            }
        }
        map.serialize_entry("lines", &finding.lines)?;
        map.serialize_entry("evidence", &finding.evidence)?;
        map.serialize_entry("evidence_digest", &evidence_digest(finding))?;
        map.serialize_entry("standing_digest", &standing_digest(finding))?;
        map.serialize_entry("basis_digest", &basis_digest(finding))?;
        map.serialize_entry("decision", &self.0.decision.as_deref().map(Decided))?;
        map.end()
    }
}

/// The decision that closed a finding.
struct Decided<'a>(&'a Decision);

impl Serialize for Decided<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let decision = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("decision", &decision.word)?;
        map.serialize_entry("by", decision.scope.kind())?;
        map.serialize_entry("reason", &decision.reason)?;
        map.serialize_entry("evidence", &decision.evidence)?;
        map.serialize_entry("reviewer", &decision.reviewer)?;
        map.serialize_entry("decided_on", &decision.decided_on.to_string())?;
        map.serialize_entry("expires_on", &decision.expires_on.to_string())?;
        map.serialize_entry("approved_by", &decision.approved_by)?;
        map.serialize_entry("minor_or_technical", &decision.minor_or_technical)?;
        map.end()
    }
}
