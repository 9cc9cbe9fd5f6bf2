//! Does another control of the Commerce Control List reach Pakistan for this item? (LR10, LR11, LR12)

use super::draft::Case;
use crate::effective::Date;
use crate::field::Field;
use crate::finding::{CodeText, Disposition, Finding, FindingCode};
use crate::rulebase::{Certainty, ControlHit};
use crate::shipment::LicenseRecord;

pub(super) const TEXTS: &[CodeText] = &[
    CodeText {
        code: FindingCode::LR10,
        what_it_finds: "A line to Pakistan under another ECCN, whose control over the whole entry is marked for Pakistan on the Country Chart \
                        or applies worldwide or to one of Pakistan's country groups, while the license column is blank or says that no \
                        license was required. A review where the control was first read later than the date of export.",
        why_it_matters: "These controls are older than the Pakistan rule and are missed in the same way: an item master says NLR for every \
                         destination.",
        what_to_look_at: "The license file and the classification. Where the finding says that a control was first read as of a later day, \
                          confirm in the CFR of the date of export that it applied then.",
        law: "15 CFR 738.4; Supplement No. 1 to 15 CFR Part 738; Supplement No. 1 to 15 CFR Part 774",
    },
    CodeText {
        code: FindingCode::LR11,
        what_it_finds: "As LR10, but the control covers some paragraphs of the entry only, and the paragraph declared does not settle whether \
                        it is one of them.",
        why_it_matters: "Whether a license was required turns on the paragraph.",
        what_to_look_at: "The classification down to the paragraph, against the license requirements section of the entry.",
        law: "15 CFR 738.4; Supplement No. 1 to 15 CFR Part 774",
    },
    CodeText {
        code: FindingCode::LR12,
        what_it_finds: "As LR10 or LR11, with a license exception claimed.",
        why_it_matters: "Many license exceptions are closed or restricted for Pakistan's country groups; the conditions are for a person to \
                         check.",
        what_to_look_at: "The exception's own section, the entry's list based license exceptions and the general restrictions of 740.2.",
        law: "15 CFR 740.2; Supplement No. 1 to 15 CFR Part 740",
    },
];

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let Some(determination) = case.determination else { return };
    // Where the rule about this country speaks of the item, LR01 to LR04 do; a second finding would say it twice.
    if determination.controls.controls.is_empty() || determination.required().next().is_some() {
        return;
    }
    let Some(eccn) = case.line.declared.eccn() else { return };
    let applies: Vec<&ControlHit<'_>> =
        determination.controls.controls.iter().filter(|hit| hit.certainty == Certainty::Applies).collect();
    let certain = !applies.is_empty();
    let hits: Vec<&ControlHit<'_>> =
        if certain { applies } else { determination.controls.controls.iter().collect() };
    let code = match &case.line.license {
        LicenseRecord::Exception { .. } => FindingCode::LR12,
        record if record.is_none_recorded() || *record == LicenseRecord::NoColumn => {
            if certain {
                FindingCode::LR10
            } else {
                FindingCode::LR11
            }
        }
        _ => return,
    };
    let chart = case.rules.chart_rule();
    let day = case.line.date.day.given().copied();
    let controls = hits.iter().map(|hit| words(hit)).collect::<Vec<_>>().join("; ");
    let control_key = hits.iter().map(|hit| key(hit)).collect::<Vec<_>>().join(",");
    // A control holds for the line as soon as one that applies was read as of a day before it.
    let read_by_then = day.is_some_and(|day| {
        hits.iter().any(|hit| hit.known_from.is_some_and(|known| known <= day.earliest()))
    });
    let authorization = match &case.line.license {
        LicenseRecord::Exception { symbol, .. } => symbol.clone(),
        LicenseRecord::NoColumn => "no column".to_owned(),
        LicenseRecord::Nlr { .. } => "NLR".to_owned(),
        _ => "blank".to_owned(),
    };
    let dated = day.map_or_else(|| "on a date not recorded".to_owned(), |day| format!("on {}", day.text()));
    let recorded = match &case.line.license {
        LicenseRecord::Nlr { .. } => "The record says that no license was required",
        LicenseRecord::NoColumn => "The file has no license column",
        LicenseRecord::Exception { .. } => "A license exception is claimed",
        _ => "The license column is blank",
    };
    let mut draft = case
        .draft(code)
        .rule(
            &chart.id,
            // `known_from` is the day of a text that was read, not one from which the control held.
            None,
            &citations(&chart.citations(), &hits),
        )
        .candidate(eccn.to_string())
        .relies_on(&[Field::Eccn, Field::LicenseCode, Field::LicenseNumber])
        .relies_on_date_and_destination()
        .because(format!(
            "Declared {eccn}, exported to {country} {dated}. Reasons for control that {} a license to {country}: {controls}. {recorded}.",
            if certain { "require" } else { "may require" },
            country = case.watched_name,
        ));
    draft = match code {
        FindingCode::LR10 => draft.verify("Look in the license file for a license or license exception that was not recorded on this line, and confirm the classification."),
        FindingCode::LR11 => draft.verify(
            "Establish the paragraph of the classification, and read the license requirements section of the entry for it.",
        ),
        _ => draft.verify(&format!(
            "Establish whether license exception {authorization} was available to {}: its own section, the general restrictions of 740.2 \
             for the country's groups, and the entry ({}).",
            case.watched_name, determination.controls.list_based_exceptions()
        )),
    };
    if !read_by_then {
        let known: Option<Date> = hits.iter().filter_map(|hit| hit.known_from).min();
        let known = known.map_or_else(|| "not dated".to_owned(), |day| format!("that of {day}"));
        draft = draft
            .as_(Disposition::Review)
            .verify(&format!(
                "The earliest text read that shows {} is {known}: confirm in the CFR of the date of export that it applied then.",
                if hits.len() == 1 { "this control" } else { "one of these controls" }
            ));
    }
    if case.line.license == LicenseRecord::NoColumn && code == FindingCode::LR10 {
        draft = draft
            .as_(Disposition::Review)
            .verify("The export has no column that could show a license: compare with the license file.");
    }
    let key = format!("{code}|{}|{control_key}|{authorization}", case.item_key());
    findings.push(draft.weigh(&[]).group(key).done());
}

/// A control in words: reason, what it rests on, and why it may only apply.
fn words(hit: &ControlHit<'_>) -> String {
    let certainty = match &hit.certainty {
        Certainty::Applies => String::new(),
        Certainty::MayApply(why) => format!("; may apply: {why}"),
    };
    format!("{} ({}{certainty})", hit.reason(), hit.basis())
}

fn key(hit: &ControlHit<'_>) -> String {
    if hit.column().is_empty() { hit.reason().to_owned() } else { hit.column().to_owned() }
}

fn citations(chart: &str, hits: &[&ControlHit<'_>]) -> String {
    let mut all = vec![chart];
    for hit in hits {
        if !hit.citations().is_empty() && !all.contains(&hit.citations()) {
            all.push(hit.citations());
        }
    }
    all.join("; ")
}
