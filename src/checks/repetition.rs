//! Does the same line stand in the record again? (RQ03)

use super::draft::Place;
use crate::finding::{CodeText, Disposition, Finding, FindingCode};

pub(super) const TEXTS: &[CodeText] = &[CodeText {
    code: FindingCode::RQ03,
    what_it_finds: "The same document, line, item, quantity and date again. The finding stands at the repetition and names the first.",
    why_it_matters: "The same extract given twice, or extracts whose periods overlap, double findings and totals. A repeated line counts once in \
                     totals.",
    what_to_look_at: "Whether the extract holds the same period twice, or whether two shipments were really the same.",
    law: "15 CFR 762.2",
}];

/// The finding for a line that repeats an earlier one.
pub fn repeated(
    at: &Place,
    row: u32,
    first: &str,
    document: String,
    line: String,
    value: String,
    currency: String,
) -> Finding {
    let mut finding = Finding {
        disposition: Disposition::Note,
        explanation: format!("The same document, line, item, quantity and date already stand at {first}."),
        to_verify: "Establish whether the extract holds the same period twice, or the shipment was made twice. The line counts once in totals.".to_owned(),
        group_key: format!("{}|{}|{}", FindingCode::RQ03, at.file, at.sheet),
        ..super::sheet::blank(FindingCode::RQ03, at, row)
    };
    finding.line_key = format!("{document}|{line}");
    finding.document = document;
    finding.line = line;
    finding.value = value;
    finding.currency = currency;
    finding
}
