//! What is on record of the license that was required? (LR05, LR06)

use super::draft::Case;
use crate::field::Field;
use crate::finding::{CodeText, Disposition, Finding, FindingCode};
use crate::shipment::LicenseRecord;

pub(super) const TEXTS: &[CodeText] = &[
    CodeText {
        code: FindingCode::LR05,
        what_it_finds: "A line that needed a license and carries a BIS license number, with or without its type code.",
        why_it_matters: "A number on the record is not yet a license that covers the shipment.",
        what_to_look_at: "The license itself: items and ECCN, parties, quantity and value left, validity on the date of export, conditions.",
        law: "15 CFR 750.7; 15 CFR 758.1(g)",
    },
    CodeText {
        code: FindingCode::LR06,
        what_it_finds: "A line that needed a license and claims one, without a license number or with one of the wrong shape.",
        why_it_matters: "Without the number no one can show that the license exists or covers the shipment.",
        what_to_look_at: "The license file and the EEI record for the number. The shape tested is marked unverified in the data.",
        law: "15 CFR 758.1(g); 15 CFR 30.6(b)(5)",
    },
];

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let Some(determination) = case.determination else { return };
    let basis = determination.required().next().map(|(requirement, version, _)| {
        (requirement.rule.id.clone(), version.effective.from, version.citations())
    });
    let chart = case.rules.chart_rule();
    let (rule, from, citations) = match basis {
        Some(basis) => basis,
        None if !determination.controls.controls.is_empty() => (chart.id.clone(), None, chart.citations()),
        None => return,
    };
    let base = |code| {
        case.draft(code)
            .rule(&rule, from, &citations)
            .candidate(case.line.declared.eccn().map(ToString::to_string).unwrap_or_default())
            .relies_on(&[Field::Eccn, Field::LicenseCode, Field::LicenseNumber])
            .relies_on_date_and_destination()
    };
    let declared = case.line.declared.eccn().map(ToString::to_string).unwrap_or_default();
    let may = if determination.needs_license() { "needed" } else { "may have needed" };
    let needed = format!("Declared {declared}, the line {may} a license to {}", case.watched_name);
    match &case.line.license {
        LicenseRecord::Number { number, beside_nlr } => {
            let draft = base(FindingCode::LR05)
                .because(format!("{needed}; license number {number} is recorded."))
                .verify("Compare the license with the shipment: items, parties, quantity, value, validity on the date of export, conditions.");
            findings.push(if *beside_nlr {
                draft
                    .as_(Disposition::Review)
                    .verify("The license code on the same line says that no license was required: establish which of the two is right.")
                    .weigh(&[])
                    .done()
            } else {
                draft.done()
            });
        }
        LicenseRecord::WithoutNumber { found } => {
            let why = if found.is_empty() {
                format!("{needed}. The record claims a license and gives no license number.")
            } else {
                format!(
                    "{needed}. The record claims a license, and \"{found}\" does not have the form of a BIS license number."
                )
            };
            findings.push(
                base(FindingCode::LR06)
                    .because(why)
                    .verify("Find the license number in the license file or the EEI record, and compare the license with the shipment.")
                    .weigh(&[])
                    .done(),
            );
        }
        _ => {}
    }
}
