//! Was a low-value filing exemption used on a line that needed a license? (LR13)

use super::draft::Case;
use crate::field::Field;
use crate::finding::{CodeText, Finding, FindingCode};

pub(super) const TEXTS: &[CodeText] = &[CodeText {
    code: FindingCode::LR13,
    what_it_finds: "A low-value filing exemption legend, such as NOEEI 30.37(a), on a line for which a license was required.",
    why_it_matters: "Electronic Export Information has to be filed whatever the value when a license is required. The legend also shows \
                     that the license question was not asked.",
    what_to_look_at: "The EEI record of the shipment, and the license findings on the same line.",
    law: "15 CFR 758.1(b)(2); 15 CFR 30.37(a)",
}];

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let Some(determination) = case.determination else { return };
    if !determination.needs_license() {
        return;
    }
    let exemption = case.rules.filing_exemption();
    let found = [Field::FilingCitation, Field::Itn, Field::LicenseCode, Field::LicenseNumber]
        .into_iter()
        .map(|field| (field, case.line.text(field).trim()))
        .find(|(_, text)| exemption.is_claimed(text));
    let Some((field, legend)) = found else { return };
    findings.push(
        case.draft(FindingCode::LR13)
            .rule(&exemption.rule.id, None, &exemption.rule.citations())
            .candidate(case.line.declared.eccn().map(ToString::to_string).unwrap_or_default())
            .relies_on(&[field, Field::Eccn, Field::Value])
            .relies_on_date_and_destination()
            .because(format!("The record carries \"{legend}\", a low-value exemption, on a line for which a license was required."))
            .verify("Establish whether Electronic Export Information was filed; the exemption is not available where a license is required.")
            .weigh(&[])
            .done(),
    );
}
