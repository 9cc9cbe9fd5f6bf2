//! The fixed columns of `findings.csv`, their order, and the text each holds.

use crate::finding::NumberedFinding;

/// The columns of `findings.csv`, in order. Part of the contract: none is renamed, moved or dropped.
pub const FINDING_COLUMNS: [&str; 38] = [
    "finding_id",
    "group_id",
    "code",
    "name",
    "disposition",
    "status",
    "file",
    "sheet",
    "row",
    "document",
    "line",
    "date_of_export",
    "date_basis",
    "destination",
    "party_role",
    "party_name",
    "party_address",
    "listed_entity_id",
    "listed_entity",
    "matched_name",
    "score",
    "declared_eccn",
    "candidate_eccn",
    "schedule_b",
    "item",
    "description",
    "quantity",
    "unit",
    "value",
    "currency",
    "license_code",
    "license_number",
    "license_exception",
    "rule",
    "in_force_from",
    "citations",
    "explanation",
    "to_verify",
];

/// The finding's values in the order of [`FINDING_COLUMNS`]; `row` is the row number as text.
pub(super) fn finding_values<'a>(numbered: &'a NumberedFinding, row: &'a str) -> [&'a str; 38] {
    let finding = &numbered.finding;
    [
        &numbered.finding_id,
        &numbered.group_id,
        finding.code.code(),
        finding.code.name(),
        finding.disposition.name(),
        &numbered.status,
        &finding.file,
        &finding.sheet,
        row,
        &finding.document,
        &finding.line,
        &finding.date_of_export,
        &finding.date_basis,
        &finding.destination,
        &finding.party_role,
        &finding.party_name,
        &finding.party_address,
        &finding.listed_entity_id,
        &finding.listed_entity,
        &finding.matched_name,
        &finding.score,
        &finding.declared_eccn,
        &finding.candidate_eccn,
        &finding.schedule_b,
        &finding.item,
        &finding.description,
        &finding.quantity,
        &finding.unit,
        &finding.value,
        &finding.currency,
        &finding.license_code,
        &finding.license_number,
        &finding.license_exception,
        &finding.rule,
        &finding.in_force_from,
        &finding.citations,
        &finding.explanation,
        &finding.to_verify,
    ]
}

/// Whether the column holds numbers, in which a leading minus is no formula.
pub(super) fn is_numeric(column: usize) -> bool {
    matches!(FINDING_COLUMNS[column], "row" | "score" | "quantity" | "value")
}
