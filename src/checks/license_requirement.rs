//! Does the Pakistan rule require a license for this item, and is none on record? (LR01, LR02, LR07, LR08, LR09)

use super::draft::Case;
use crate::codes::Eccn;
use crate::count::days as in_days;
use crate::determination::Outcome;
use crate::effective::{Date, days_between};
use crate::field::Field;
use crate::finding::{CodeText, Finding, FindingCode};
use crate::items::Aside;
use crate::rulebase::{Coverage, Requirement, Version};
use crate::shipment::LicenseRecord;

pub(super) const TEXTS: &[CodeText] = &[
    CodeText {
        code: FindingCode::LR01,
        what_it_finds: "A line to or within Pakistan, exported on or after the effective date of the rule, whose declared ECCN is one \
                        of those the rule names, while the license column is blank or says that no license was required.",
        why_it_matters: "From that day a license was required for these items whatever the value, end use or end user. Shipping without \
                         one is the error the rule makes most likely, because the same item could go without a license the day before.",
        what_to_look_at: "The license file for the order, the classification of the item, the date on which the goods left the port of \
                          export, and whether a license exception that stays open was used and not recorded.",
        law: "15 CFR 742.6(a)(12); 15 CFR 740.2(a)(25); 89 FR 93164; 89 FR 94603",
    },
    CodeText {
        code: FindingCode::LR02,
        what_it_finds: "As LR01, but the file has no column for a license code or a license number at all.",
        why_it_matters: "The export shows that a license was required and cannot show whether there was one.",
        what_to_look_at: "Export the license columns as well and audit again, or compare the lines of the group with the license file.",
        law: "15 CFR 742.6(a)(12); 15 CFR 762.2",
    },
    CodeText {
        code: FindingCode::LR07,
        what_it_finds: "Beside LR01: the line was exported within this program's search window after the effective date, so that the \
                        goods may have been en route when the rule took effect.",
        why_it_matters: "Goods already en route aboard a carrier on the effective date, under an actual order, could proceed under the \
                         earlier eligibility. The text of the savings clause was read through summaries only.",
        what_to_look_at: "The bill of lading or air waybill, the date of lading, and the order. Read the savings clause itself.",
        law: "89 FR 93164 (savings clause); 89 FR 94603",
    },
    CodeText {
        code: FindingCode::LR08,
        what_it_finds: "An item of the rule that went to Pakistan between the date first printed as effective and the corrected one.",
        why_it_matters: "The Federal Register first printed an earlier effective date and corrected it. No license was required by this \
                         rule in between; a reviewer working from the first printing would flag a shipment that needed none.",
        what_to_look_at: "Nothing for this line. Keep the note for the file.",
        law: "89 FR 93164; 89 FR 94603",
    },
    CodeText {
        code: FindingCode::LR09,
        what_it_finds: "A line that would be LR01, declared under the entry without a paragraph, while its description or tariff code points \
                        to the one paragraph that the rule excepts.",
        why_it_matters: "Large earth-moving equipment is excepted from the rule; everything else in the entry is not. AES carries the five \
                         characters of the ECCN alone, so the record may not tell.",
        what_to_look_at: "The classification of the item down to the paragraph.",
        law: "15 CFR 742.6(a)(12); Supplement No. 1 to 15 CFR Part 774",
    },
];

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let Some(determination) = case.determination else { return };
    for (requirement, outcome) in &determination.requirements {
        match outcome {
            Outcome::Required { version, excepted_paragraph } => {
                required(case, requirement, version, excepted_paragraph.as_ref(), findings);
            }
            Outcome::BeforeCorrectedDate(version) => {
                findings.push(before_corrected_date(case, requirement, version));
            }
            _ => {}
        }
    }
}

fn required(
    case: &Case<'_>,
    requirement: &Requirement,
    version: &Version,
    excepted_paragraph: Option<&Eccn>,
    findings: &mut Vec<Finding>,
) {
    let code = match &case.line.license {
        LicenseRecord::NoColumn => FindingCode::LR02,
        record if record.is_none_recorded() => FindingCode::LR01,
        _ => return,
    };
    let declared = case.line.declared.eccn().map(ToString::to_string).unwrap_or_default();
    let day = case.line.date.day.given().map(|day| day.text()).unwrap_or_default();
    let from = version.effective.from;
    let turns_on: Vec<Date> = from.into_iter().collect();
    let base = |code| {
        case.draft(code)
            .rule(&requirement.rule.id, from, &version.citations())
            .candidate(declared.clone())
            .relies_on(&[Field::Eccn, Field::LicenseCode, Field::LicenseNumber])
            .relies_on_date_and_destination()
    };
    if let Some(paragraph) = excepted_paragraph
        && let Some(pointer) = points_to_exception(case, requirement)
    {
        let explanation = format!(
            "Declared {declared}, exported to {} on {day}. The rule in force from {} covers the entry except {paragraph}; the record \
             names no paragraph, and {pointer} points to the excepted one.",
            case.watched_name,
            shown(from),
        );
        findings.push(
            base(FindingCode::LR09)
                .candidate(paragraph.to_string())
                .because(explanation)
                .relies_on(&[Field::Description, Field::ScheduleB])
                .verify(&format!(
                    "Establish the paragraph of the classification: {paragraph} needs no license under this rule, every other \
                     paragraph does."
                ))
                .weigh(&turns_on)
                .group(format!("{}|{}", FindingCode::LR09, case.item_key()))
                .done(),
        );
        return;
    }
    let recorded = match &case.line.license {
        LicenseRecord::NoColumn => "the file has no license column".to_owned(),
        LicenseRecord::Nlr { withdrawn: true } => format!(
            "the license column says \"{}\" (a withdrawn code for no license required)",
            case.line.text(Field::LicenseCode).trim()
        ),
        LicenseRecord::Nlr { .. } => {
            format!("the record says \"{}\" (no license required)", license_text(case))
        }
        _ => "the license column is blank".to_owned(),
    };
    let mut explanation = format!(
        "Declared {declared}, exported to {country} on {day}. From {} this ECCN needs a license to {country}, and {recorded}.",
        shown(from),
        country = case.watched_name,
    );
    if excepted_paragraph.is_some() {
        explanation.push_str(
            " The record names no paragraph of the entry, and nothing in it points to the excepted one.",
        );
    }
    let draft = base(code)
        .because(explanation)
        .verify(match code {
            FindingCode::LR02 => "Look in the license file: the spreadsheet has no column that could show a license or a license exception.",
            _ => "Look in the license file for a license, or a license exception that the rule leaves open, that was not recorded on this line.",
        })
        .verify(if excepted_paragraph.is_some() { "Establish the paragraph of the classification: one paragraph is excepted." } else { "" })
        .weigh(&turns_on);
    findings.push(match code {
        FindingCode::LR02 => draft.group(format!("{code}|{}", case.item_key())).done(),
        _ => draft.done(),
    });
    if code == FindingCode::LR01 {
        savings_clause(case, requirement, version, findings);
    }
}

fn savings_clause(
    case: &Case<'_>,
    requirement: &Requirement,
    version: &Version,
    findings: &mut Vec<Finding>,
) {
    let (Some(savings), Some(day)) = (&version.savings, case.line.date.day.given()) else { return };
    if !savings.covers(day.earliest()) {
        return;
    }
    let days = days_between(savings.en_route_on, day.earliest());
    findings.push(
        case.draft(FindingCode::LR07)
            .rule(&requirement.rule.id, version.effective.from, &version.citations())
            .relies_on_date_and_destination()
            .because(format!(
                "Exported {} {}, the effective date. Goods that were en route aboard a carrier that day under an actual order may have \
                 proceeded under the earlier eligibility. {} is this program's search window, not the law's.",
                if days == 0 { "on".to_owned() } else { format!("{} after", in_days(days)) },
                savings.en_route_on,
                in_days(i32::from(savings.search_days))
            ))
            .verify("Obtain proof of the date of lading and of the order; read the savings clause itself, which was seen in summaries only.")
            .done(),
    );
}

fn before_corrected_date(case: &Case<'_>, requirement: &Requirement, version: &Version) -> Finding {
    let declared = case.line.declared.eccn().map(ToString::to_string).unwrap_or_default();
    let day = case.line.date.day.given().map(|day| day.text()).unwrap_or_default();
    case.draft(FindingCode::LR08)
        .rule(&requirement.rule.id, version.effective.from, &version.citations())
        .candidate(declared.clone())
        .relies_on(&[Field::Eccn])
        .relies_on_date_and_destination()
        .because(format!(
            "Declared {declared}, exported on {day}: not before {}, the date first printed as effective, and before {}, the date to which \
             it was corrected. This rule did not yet require a license.",
            shown(version.printed_effective),
            shown(version.effective.from),
        ))
        .verify("Nothing under this rule. If another date stands in for the date of export, confirm that the goods left before the effective date.")
        .done()
}

/// What in the reading of the item points to a paragraph that the requirement excepts. A part of such equipment counts:
/// the record names no paragraph, and what it names is a question for a person.
fn points_to_exception(case: &Case<'_>, requirement: &Requirement) -> Option<String> {
    let reading = case.item?;
    let is_excepted = |paragraph: &Eccn| matches!(requirement.covers(paragraph), Coverage::Excluded(_));
    if let Some(candidate) = reading.candidates.iter().find(|candidate| is_excepted(&candidate.paragraph)) {
        return Some(match (candidate.words.first(), &candidate.heading) {
            (Some(word), _) => format!("the description (\"{word}\")"),
            (None, heading) => {
                format!("the tariff code (heading {})", heading.as_deref().unwrap_or_default())
            }
        });
    }
    let aside = reading.set_aside.iter().find(|aside| is_excepted(&aside.paragraph))?;
    Some(match aside.aside {
        Aside::HeadingOnly => format!("the tariff code (heading {})", aside.word),
        _ => format!("the description (\"{}\")", aside.word),
    })
}

fn license_text(case: &Case<'_>) -> String {
    let code = case.line.text(Field::LicenseCode).trim();
    if code.is_empty() { case.line.text(Field::LicenseNumber).trim().to_owned() } else { code.to_owned() }
}

fn shown(date: Option<Date>) -> String {
    date.map_or_else(|| "a day not known".to_owned(), |date| date.to_string())
}
