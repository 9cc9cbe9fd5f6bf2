//! Is the license exception claimed one that the rule leaves open to Pakistan? (LR03, LR04)

use super::draft::Case;
use crate::effective::Date;
use crate::field::Field;
use crate::finding::{CodeText, Disposition, Finding, FindingCode};
use crate::rulebase::{Availability, ClosedList, OpenParagraph};
use crate::shipment::LicenseRecord;

pub(super) const TEXTS: &[CodeText] = &[
    CodeText {
        code: FindingCode::LR03,
        what_it_finds: "A license exception claimed for an item of the rule that the closed list of 15 CFR 740.2(a)(25) does not leave open, by \
                        symbol, AES code or paragraph.",
        why_it_matters: "The rule closes every license exception for these items to Pakistan but a short list. Outside it, an exception claimed does not stand in for the license required.",
        what_to_look_at: "The record of the exception claimed and the paragraph relied on. Where only an AES code says so whose meaning is \
                          marked unverified, first confirm what the code means.",
        law: "15 CFR 740.2(a)(25)",
    },
    CodeText {
        code: FindingCode::LR04,
        what_it_finds: "A license exception claimed that stays open in part (TMP, RPL or GOV).",
        why_it_matters: "Only named paragraphs stay open, each with its own conditions on who holds the goods, for how long and why.",
        what_to_look_at: "Which paragraph was relied on, and the evidence for each of its conditions, listed in the finding.",
        law: "15 CFR 740.2(a)(25); 15 CFR 740.9; 15 CFR 740.10; 15 CFR 740.11",
    },
];

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let (Some(determination), LicenseRecord::Exception { symbol, paragraph, unverified_code }) =
        (case.determination, &case.line.license)
    else {
        return;
    };
    for (requirement, version, _) in determination.required() {
        let Some(closed) = case.rules.closed_list(&requirement.rule.id) else { continue };
        let declared = case.line.declared.eccn().map(ToString::to_string).unwrap_or_default();
        let claimed = format!("{symbol}{}", paragraph.as_ref().map_or_else(String::new, |p| format!(" {p}")));
        let turns_on: Vec<Date> = version.effective.from.into_iter().collect();
        let base = |code| {
            case.draft(code)
                .rule(&closed.rule.id, version.effective.from, &closed.rule.citations())
                .candidate(declared.clone())
                .relies_on(&[Field::Eccn, Field::LicenseCode, Field::LicenseNumber])
                .relies_on_date_and_destination()
        };
        match closed.availability(symbol, paragraph.as_deref()) {
            Availability::Closed => {
                let draft = base(FindingCode::LR03)
                    .because(format!(
                        "License exception {claimed} is claimed for {declared} to {}. For this ECCN the rule leaves open only: {}.",
                        case.watched_name,
                        summary(closed)
                    ))
                    .verify("Establish which license exception, if any, was relied on, and whether a license was held.");
                let draft = if *unverified_code {
                    draft.as_(Disposition::Review).verify(&format!(
                        "First confirm what the AES license code \"{}\" means: the exception is read from it alone, and its meaning is not \
                         verified.",
                        case.line.text(Field::LicenseCode).trim()
                    ))
                } else {
                    draft
                };
                findings.push(draft.weigh(&turns_on).done());
            }
            Availability::Open(open) => {
                findings.push(conditions(case, base(FindingCode::LR04), &claimed, &declared, &[open]));
            }
            Availability::NeedsParagraph(open) => {
                findings.push(conditions(case, base(FindingCode::LR04), &claimed, &declared, &open));
            }
        }
    }
}

fn conditions(
    case: &Case<'_>,
    draft: super::draft::Draft<'_, '_>,
    claimed: &str,
    declared: &str,
    open: &[&OpenParagraph],
) -> Finding {
    let names: Vec<String> = open.iter().map(|paragraph| named(paragraph)).collect();
    let list: Vec<String> = open
        .iter()
        .map(|paragraph| {
            let conditions: Vec<&str> =
                paragraph.conditions.iter().map(|condition| condition.trim_end_matches('.')).collect();
            format!("{}: {}.", named(paragraph), conditions.join(". "))
        })
        .collect();
    draft
        .because(format!(
            "License exception {claimed} is claimed for {declared} to {}. The rule leaves open, on conditions: {}.",
            case.watched_name,
            names.join("; ")
        ))
        .verify(&format!("Establish which paragraph was relied on, and that each of its conditions was met. {}",
            list.join(" ")
       ))
        .weigh(&[])
        .done()
}

/// `TMP (a)(1), tools of trade`.
fn named(open: &OpenParagraph) -> String {
    let paragraph = open.paragraph.as_deref().map_or_else(String::new, |paragraph| format!(" {paragraph}"));
    format!("{}{paragraph}, {}", open.symbol, open.title)
}

/// `TMP (a)(1), (a)(4); RPL; GOV (a)`.
fn summary(closed: &ClosedList) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut last = "";
    for open in &closed.open {
        let paragraph = open.paragraph.as_deref().unwrap_or_default();
        if open.symbol == last {
            if let Some(part) = parts.last_mut() {
                part.push_str(", ");
                part.push_str(paragraph);
            }
        } else {
            parts.push(format!("{} {paragraph}", open.symbol).trim_end().to_owned());
            last = &open.symbol;
        }
    }
    parts.join("; ")
}
