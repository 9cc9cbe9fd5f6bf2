//! Do the goods look like something else than the classification declared? (IT04, IT05)

use super::diversion;
use super::draft::Case;
use crate::codes::Eccn;
use crate::determination::Determination;
use crate::field::Field;
use crate::finding::{CodeText, Finding, FindingCode};
use crate::items::{Aside, Candidate, Confidence, Reading};
use crate::rulebase::{Coverage, Requirement};
use crate::shipment::Declared;

pub(super) const TEXTS: &[CodeText] = &[
    CodeText {
        code: FindingCode::IT04,
        what_it_finds: "A line to Pakistan, or with signs that it went there, whose description, model number or tariff code resembles \
                        an item of the entries the rule names (or of a stricter neighbor), while the ECCN declared is EAR99, blank or \
                        another.",
        why_it_matters: "Before the rule most of these items went to Pakistan without a license, and many item masters still say EAR99. \
                         A wrong classification hides the license requirement from every later check.",
        what_to_look_at: "The words and figures named in the finding, the maker's data sheet and classification, and what the finding \
                          says to ask the engineer. The candidate is a resemblance, not a classification; paragraphs without a \
                          threshold are wide. `lookback item` shows how a description is read.",
        law: "15 CFR 742.6(a)(12); Supplement No. 1 to 15 CFR Part 774; 15 CFR 738.4",
    },
    CodeText {
        code: FindingCode::IT05,
        what_it_finds: "A line declared under one of the entries the rule names, while figures or materials in its description put it \
                        outside the declared paragraph: below its threshold, or in a stricter entry.",
        why_it_matters: "Below the threshold no license may have been needed. Above it another entry applies, with a requirement and \
                         license exceptions of its own.",
        what_to_look_at: "The figure named in the finding against the data sheet, and the classification on the date of export.",
        law: "Supplement No. 1 to 15 CFR Part 774; 15 CFR 738.4",
    },
];

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let Some(reading) = case.item else { return };
    if !diversion::concerns_watched(case) {
        return;
    }
    for requirement in case.rules.requirements().iter().filter(|rule| rule.destination == case.watched) {
        let declared = case.line.declared.eccn();
        let is_covered = declared.is_some_and(|eccn| requirement.covers(eccn) != Coverage::NotCovered);
        match declared {
            Some(declared) if is_covered && contradicted(case, requirement, declared, reading, findings) => {}
            _ => resembles(case, requirement, is_covered, reading, findings),
        }
    }
}

/// Raises IT04 where the goods resemble what is not declared.
fn resembles(
    case: &Case<'_>,
    requirement: &Requirement,
    is_covered: bool,
    reading: &Reading,
    findings: &mut Vec<Finding>,
) {
    let candidates: Vec<&Candidate> =
        reading.raised().filter(|candidate| concerns(case, requirement, candidate)).collect();
    let Some(best) = candidates.first() else { return };
    if let Some(declared) = case.line.declared.eccn() {
        let fits = |candidate: &Candidate| {
            candidate.paragraph.entry() == declared.entry()
                || candidate.fits.iter().any(|fit| declared.is_within(fit))
        };
        // Under another of the entries the same license is required; only plain words are worth a question.
        let enough = if is_covered { Confidence::High } else { Confidence::Medium };
        if reading.candidates.iter().any(fits) || best.confidence < enough {
            return;
        }
    }
    let recorded = match &case.line.declared {
        Declared::Eccn(eccn) => format!("The record declares {eccn}."),
        Declared::Ear99 => "The record declares EAR99.".to_owned(),
        Declared::Missing => "The record declares no ECCN.".to_owned(),
        Declared::Malformed | Declared::Damaged | Declared::Unreadable => {
            format!("The classification column says \"{}\".", case.line.declared_text().trim())
        }
    };
    let mut explanation = format!(
        "{recorded} The item resembles {} ({}); confidence {}: {}.",
        best.paragraph,
        lower_first(&best.item),
        best.confidence,
        best.because()
    );
    if best.is_neighbor() {
        explanation.push_str(
            " That entry is stricter than those the rule names and has a license requirement of its own.",
        );
    }
    for other in &candidates[1..] {
        explanation.push_str(&format!(" It may also be {} ({}).", other.paragraph, lower_first(&other.item)));
    }
    let mut draft = case
        .draft(FindingCode::IT04)
        .rule(&requirement.rule.id, version_from(requirement), &citations(requirement))
        .candidate(named(&candidates))
        .because(explanation)
        .relies_on(&[Field::Eccn, Field::Description, Field::Item, Field::ScheduleB])
        .relies_on_date_and_destination()
        .verify("Establish the classification with the engineer or the maker; this is a resemblance, not a classification.");
    let mut asked: Vec<&str> = Vec::new();
    for candidate in &candidates {
        if !asked.contains(&candidate.ask.as_str()) {
            asked.push(&candidate.ask);
            draft =
                draft.verify(&format!("Ask for {}: {}", candidate.paragraph, lower_first(&candidate.ask)));
        }
    }
    findings.push(draft.weigh(&[]).group(format!("{}|{}", FindingCode::IT04, case.item_key())).done());
}

/// Whether a candidate can need a license on the line's date: a paragraph that the requirement names and that was in
/// force, or a neighbor, whose requirement is older.
fn concerns(case: &Case<'_>, requirement: &Requirement, candidate: &Candidate) -> bool {
    candidate.is_neighbor()
        || Determination::may_bind(requirement, &candidate.paragraph, case.line.date.day.given().copied())
}

/// Raises IT05 where the figures contradict the declared paragraph; whether it did.
fn contradicted(
    case: &Case<'_>,
    requirement: &Requirement,
    declared: &Eccn,
    reading: &Reading,
    findings: &mut Vec<Finding>,
) -> bool {
    let is_about = |paragraph: &Eccn| declared.is_within(paragraph) || paragraph.is_within(declared);
    let above = reading.raised().find(|candidate| {
        candidate.confidence >= Confidence::Medium && candidate.neighbor_of.iter().any(is_about)
    });
    let within = reading.raised().any(|candidate| !candidate.is_neighbor() && is_about(&candidate.paragraph));
    let below =
        reading.set_aside.iter().find(|aside| aside.aside == Aside::Figures && is_about(&aside.paragraph));
    let day = case.line.date.day.given().copied();
    let (explanation, candidate, ask) = match (above, below) {
        (Some(above), _) => (
            format!(
                "Declared {declared}. The description points to {} ({}), which comes before it: {}.",
                above.paragraph,
                lower_first(&above.item),
                above.because()
            ),
            above.paragraph.to_string(),
            above.ask.clone(),
        ),
        (None, Some(below)) if !within && Determination::may_bind(requirement, declared, day) => {
            let others: Vec<&Candidate> = reading.raised().collect();
            let instead = if others.is_empty() {
                " Nothing else in the description resembles the entries the rule names.".to_owned()
            } else {
                format!(" It resembles {} instead.", named(&others))
            };
            (
                format!(
                    "Declared {declared}. The description says \"{}\", and for {}: {}.{instead}",
                    below.word, below.paragraph, below.why
                ),
                if others.is_empty() { below.paragraph.to_string() } else { named(&others) },
                "Compare the figure with the data sheet. If it holds, the item is outside the declared paragraph; establish which other one it is under, if any."
                    .to_owned(),
            )
        }
        _ => return false,
    };
    findings.push(
        case.draft(FindingCode::IT05)
            .rule(&requirement.rule.id, version_from(requirement), &citations(requirement))
            .candidate(candidate)
            .because(explanation)
            .relies_on(&[Field::Eccn, Field::Description, Field::Item, Field::ScheduleB])
            .relies_on_date_and_destination()
            .verify("Establish the classification on the date of export.")
            .verify(&ask)
            .weigh(&[])
            .group(format!("{}|{}", FindingCode::IT05, case.item_key()))
            .done(),
    );
    true
}

fn named(candidates: &[&Candidate]) -> String {
    let paragraphs: Vec<String> =
        candidates.iter().map(|candidate| candidate.paragraph.to_string()).collect();
    paragraphs.join("; ")
}

fn citations(requirement: &Requirement) -> String {
    requirement.rule.versions.last().map_or_else(String::new, crate::rulebase::Version::citations)
}

fn version_from(requirement: &Requirement) -> Option<crate::effective::Date> {
    requirement.rule.versions.last().and_then(|version| version.effective.from)
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        // "MIG welder" and "2B350.g" keep their capitals.
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}
