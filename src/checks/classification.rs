//! Can the classification of a line to Pakistan be read? (IT01, IT02, IT03, IT06)

use super::draft::Case;
use crate::field::Field;
use crate::finding::{CodeText, Finding, FindingCode};
use crate::shipment::Declared;

pub(super) const TEXTS: &[CodeText] = &[
    CodeText {
        code: FindingCode::IT01,
        what_it_finds: "A line to Pakistan without an ECCN.",
        why_it_matters: "Without a classification nobody can say whether a license was required. Items of the rule often have no ECCN on record: before the rule most of them needed none in the filing.",
        what_to_look_at: "The item master, the manufacturer's classification, the technical data sheet.",
        law: "15 CFR 738.4; 15 CFR 758.1(g)",
    },
    CodeText {
        code: FindingCode::IT02,
        what_it_finds: "A classification that is neither an ECCN nor EAR99.",
        why_it_matters: "As for IT01: the line cannot be judged.",
        what_to_look_at: "What the text stands for, and the item's ECCN. A USML category means another agency's jurisdiction.",
        law: "15 CFR 738.2(d)",
    },
    CodeText {
        code: FindingCode::IT03,
        what_it_finds: "A number, a date or scientific notation where an ECCN stood.",
        why_it_matters: "A spreadsheet takes an ECCN of the form digit, E, three digits for a number and keeps the number; the ECCN is lost. ECCNs of that form are those of technology.",
        what_to_look_at: "The ERP's own record of the item. Export the column as text.",
        law: "15 CFR 738.2(d)",
    },
    CodeText {
        code: FindingCode::IT06,
        what_it_finds: "A well-formed ECCN that the Commerce Control List does not have.",
        why_it_matters: "A typing error, an entry since removed, or another country's list: the line cannot be judged.",
        what_to_look_at: "The item's classification on the date of export. The list is that of mid 2026; an entry removed before may be \
                          missing from it.",
        law: "Supplement No. 1 to 15 CFR Part 774",
    },
];

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let Some(determination) = case.determination else { return };
    let raw = case.line.declared_text().trim();
    let (code, why) = match &case.line.declared {
        Declared::Missing if !case.line.layout.has(Field::Eccn) => {
            (FindingCode::IT01, "The sheet has no column for a classification.".to_owned())
        }
        Declared::Missing if raw.is_empty() => (FindingCode::IT01, "No ECCN is recorded.".to_owned()),
        Declared::Missing => {
            (FindingCode::IT01, format!("The classification column says \"{raw}\", which stands for none."))
        }
        Declared::Malformed => (FindingCode::IT02, format!("\"{raw}\" is neither an ECCN nor EAR99.")),
        Declared::Damaged => (
            FindingCode::IT03,
            format!("\"{raw}\" is what a spreadsheet leaves of an ECCN that it took for a number."),
        ),
        Declared::Eccn(eccn) if determination.not_on_ccl => (
            FindingCode::IT06,
            format!(
                "{eccn} has the form of an ECCN, and the Commerce Control List has no entry {}.",
                eccn.entry()
            ),
        ),
        _ => return,
    };
    findings.push(
        case.draft(code)
            .rule("", None, text_law(code))
            .relies_on(&[Field::Eccn, Field::Description, Field::ScheduleB])
            .relies_on_date_and_destination()
            .because(format!(
                "{why} The line went to {}, so its classification decides whether a license was required.",
                case.watched_name
            ))
            .verify("Establish the classification of the item on the date of export, correct the record, and audit again.")
            .weigh(&[])
            .group(format!("{code}|{}", case.item_key()))
            .done(),
    );
}

fn text_law(code: FindingCode) -> &'static str {
    TEXTS.iter().find(|text| text.code == code).map_or("", |text| text.law)
}
