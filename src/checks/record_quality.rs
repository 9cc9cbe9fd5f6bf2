//! Does the record hold what a judgment needs? (RQ01, RQ02, RQ04, RQ05, RQ06)

use super::draft::Case;
use crate::determination::Outcome;
use crate::effective::{Date, days_between};
use crate::field::Field;
use crate::finding::{CodeText, Finding, FindingCode};
use crate::rulebase::{Coverage, Requirement};
use crate::shipment::{Declared, LicenseRecord, Recorded};
use std::fmt::Write as _;

pub(super) const TEXTS: &[CodeText] = &[
    CodeText {
        code: FindingCode::RQ01,
        what_it_finds: "A cell that the judgment needs and that could not be read: an error cell, a formula without a stored value, an \
                        impossible date, a country or license code that is not known. Once a sheet, with their number: lines on \
                        which text follows a closing quote, so that cells may have run together.",
        why_it_matters: "A line that cannot be read is not a line that is clear.",
        what_to_look_at: "The cell in the file, and the record in the ERP.",
        law: "15 CFR 762.2; 15 CFR 30.6",
    },
    CodeText {
        code: FindingCode::RQ02,
        what_it_finds: "The date of export, the destination or every party's name is blank. Where the sheet has no such column, the finding \
                        stands once for the sheet with the number of lines.",
        why_it_matters: "Without them neither the rule nor the list can be asked.",
        what_to_look_at: "The record in the ERP, or another export with the column. A value that is the same for a whole file can be fixed \
                          with --columns.",
        law: "15 CFR 762.2; 15 CFR 30.6",
    },
    CodeText {
        code: FindingCode::RQ04,
        what_it_finds: "The country column says one country, and the city or address of the consignee another, one of them Pakistan.",
        why_it_matters: "The determination follows the country. If the address is right, the wrong law was applied.",
        what_to_look_at: "The delivery documents.",
        law: "15 CFR 30.6(a)(5)",
    },
    CodeText {
        code: FindingCode::RQ05,
        what_it_finds: "Day and month of a date cannot be told apart, and the two readings lead to different answers.",
        why_it_matters: "A rule date or a listing date lies between the two readings.",
        what_to_look_at: "How the ERP writes dates. Say it with --date-order and audit again.",
        law: "15 CFR 30.6(a)(2)",
    },
    CodeText {
        code: FindingCode::RQ06,
        what_it_finds: "A line to Pakistan, or with a party that was found, judged on an order, invoice, posting, delivery, planned or import \
                        date because no date of export or goods issue is recorded.",
        why_it_matters: "The law asks what held on the date of export. Exceptions that turn on a day near the substitute become reviews.",
        what_to_look_at: "The date of export in the shipping documents or the EEI record.",
        law: "15 CFR 30.6(a)(2); 15 CFR 758.1",
    },
];

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    unreadable(case, findings);
    blank(case, findings);
    contradicted(case, findings);
    date_order(case, findings);
    substituted(case, findings);
}

fn unreadable(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let line = case.line;
    let mut push = |field: Field, column: Option<usize>, why: &str| {
        findings.push(
            case.draft(FindingCode::RQ01)
                .with(|finding| finding.evidence.push(line.evidence(field, column)))
                .because(format!("{}: {why}.", sentence(&heading(case, field, column))))
                .verify("Look the value up in the ERP, correct the cell or export the file again, and audit again.")
                .group(column_key(case, FindingCode::RQ01, column))
                .done(),
        );
    };
    if let Recorded::Unreadable(why) = &line.date.day {
        push(date_field(case, line.date.column), line.date.column, why);
    }
    if let Some((column, why)) = &line.date.unreadable {
        let instead = line.date.basis.map_or("another date", |basis| basis.name());
        push(
            date_field(case, Some(*column)),
            Some(*column),
            &format!("{why}; the line is judged on its {instead}"),
        );
    }
    if let Recorded::Unreadable(why) = &line.destination.country {
        push(line.destination.basis.unwrap_or(Field::Destination), line.destination.column, why);
    }
    if let Some(column) = line.destination.unreadable {
        push(
            Field::Destination,
            Some(column),
            "the cell could not be read as a country; the line is judged on another column's",
        );
    }
    if let Some((role, column)) = case.unreadable_party {
        push(
            Field::Party(role),
            Some(column),
            "the cell holds an error, or a formula whose result was not stored",
        );
    }
    let Some(determination) = case.determination else { return };
    if line.declared == Declared::Unreadable {
        push(Field::Eccn, None, "the cell holds an error, or a formula whose result was not stored");
    }
    let asked = determination.needs_license() || !determination.controls.controls.is_empty();
    if asked && let LicenseRecord::Unreadable = line.license {
        let raw = line.text(Field::LicenseCode).trim();
        push(
            Field::LicenseCode,
            None,
            &format!(
                "\"{raw}\" is not known as a license code, a license exception or a word for no license required"
            ),
        );
    }
    if asked && let LicenseRecord::Other { name } = &line.license {
        push(
            Field::LicenseCode,
            None,
            &format!("the code stands for {name}, which does not meet a requirement for this item"),
        );
    }
}

fn blank(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let line = case.line;
    let mut push = |what: &str, field: Field, column: Option<usize>| {
        findings.push(
            case.draft(FindingCode::RQ02)
                .with(|finding| finding.evidence.push(line.evidence(field, column)))
                .because(match line.evidence(field, column).raw.trim() {
                    "" => format!("{what} is blank."),
                    said => format!("{what} says \"{said}\", which stands for none."),
                })
                .verify("Look the value up in the ERP, complete the record, and audit again; until then the line is not judged on it.")
                .group(column_key(case, FindingCode::RQ02, column))
                .done(),
        );
    };
    if line.date.day == Recorded::Blank {
        push(
            "The date of export, with every column that could stand in for it,",
            date_field(case, line.date.column),
            line.date.column,
        );
    }
    if line.destination.country == Recorded::Blank {
        push(
            "The destination",
            line.destination.basis.unwrap_or(Field::Destination),
            line.destination.column,
        );
    }
    if !case.names_party && case.unreadable_party.is_none() {
        let field = line.layout.first_party_field();
        push("Every name of a party to the transaction", field, None);
    }
}

fn contradicted(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let Some(destination) = case.line.destination.country.given() else { return };
    for party in &case.line.parties {
        if !matches!(party.role, crate::party::PartyRole::UltimateConsignee | crate::party::PartyRole::ShipTo)
        {
            continue;
        }
        let Some(verdict) = &party.verdict else { continue };
        let why = if *destination == case.watched {
            verdict
                .address_elsewhere
                .map(|other| format!("The country column says {destination}, and the address names {other}."))
        } else {
            verdict
                .sign
                .as_ref()
                .filter(|sign| sign.is_strong && sign.place == "address" && sign.names_place)
                .map(|sign| {
                    format!("The country column says {destination}, and the address says \"{}\".", sign.word)
                })
        };
        let Some(why) = why else { continue };
        findings.push(
            case.draft(FindingCode::RQ04)
                .party(party, party.role.name())
                .relies_on(&[Field::PartyAddress(party.role), Field::PartyCity(party.role)])
                .relies_on_date_and_destination()
                .because(why)
                .verify("Establish from the delivery documents where the goods went.")
                .group(column_key(case, FindingCode::RQ04, case.line.destination.column))
                .done(),
        );
    }
}

fn date_order(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let Some(determination) = case.determination else { return };
    for (requirement, outcome) in &determination.requirements {
        let Outcome::ReadingsDiffer(readings) = outcome else { continue };
        let words: Vec<String> = readings
            .iter()
            .map(|(day, in_force)| {
                format!(
                    "read as {day} a license {}",
                    if *in_force { "was required" } else { "was not yet required" }
                )
            })
            .collect();
        findings.push(
            case.draft(FindingCode::RQ05)
                .rule(
                    &requirement.rule.id,
                    requirement.rule.versions.last().and_then(|version| version.effective.from),
                    &requirement.rule.citations(),
                )
                .candidate(case.line.declared.eccn().map(ToString::to_string).unwrap_or_default())
                .relies_on(&[Field::Eccn, Field::LicenseCode])
                .relies_on_date_and_destination()
                .because(format!(
                    "The order of day and month is not decided, and it matters: {}.",
                    words.join("; ")
                ))
                .verify("Establish how this export writes dates, and audit again with --date-order.")
                .group(column_key(case, FindingCode::RQ05, case.line.date.column))
                .done(),
        );
    }
}

fn substituted(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let Some(basis) = case.line.date.basis.filter(|basis| basis.is_substitute()) else { return };
    let matters = case.determination.is_some() || findings.iter().any(|finding| asks_for_date(finding.code));
    if !matters {
        return;
    }
    let turn = rule_date_near(case);
    let mut why =
        format!("No date of export or goods issue is recorded; the line is judged on its {}.", basis.name());
    let mut draft = case.draft(FindingCode::RQ06).relies_on_date_and_destination();
    if let Some((requirement, day)) = turn {
        let window = case.rules.windows().substituted_date.days;
        let _ = write!(
            why,
            " That date lies within {window} days of {day}, the first day of the rule \"{}\".",
            requirement.rule.title
        );
        draft = draft.rule(&requirement.rule.id, Some(day), &requirement.rule.citations());
    }
    findings.push(
        draft
            .because(why)
            .verify("Establish the date of export from the shipping documents or the EEI record.")
            .group(column_key(case, FindingCode::RQ06, case.line.date.column))
            .done(),
    );
}

/// A requirement that names the item, and whose first day lies near the substituted date.
fn rule_date_near<'c>(case: &'c Case<'_>) -> Option<(&'c Requirement, Date)> {
    let eccn = case.line.declared.eccn()?;
    let day = case.line.date.day.given()?;
    let window = i32::from(case.rules.windows().substituted_date.days);
    case.determination?.requirements.iter().find_map(|(requirement, _)| {
        if matches!(requirement.covers(eccn), Coverage::NotCovered | Coverage::Excluded(_)) {
            return None;
        }
        requirement
            .rule
            .versions
            .iter()
            .filter_map(|version| version.effective.from)
            .find(|from| day.readings().any(|reading| days_between(reading, *from).abs() <= window))
            .map(|from| (*requirement, from))
    })
}

fn asks_for_date(code: FindingCode) -> bool {
    let code = code.code();
    ["EL", "LR", "PL", "RF"].iter().any(|family| code.starts_with(family))
}

fn date_field(case: &Case<'_>, column: Option<usize>) -> Field {
    case.line.layout.date_field(column)
}

fn heading(case: &Case<'_>, field: Field, column: Option<usize>) -> String {
    let column = column.or_else(|| case.line.layout.slot(field).and_then(crate::shipment::Slot::column));
    column.map_or_else(|| field.name(), |column| format!("column \"{}\"", case.line.layout.heading(column)))
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn column_key(case: &Case<'_>, code: FindingCode, column: Option<usize>) -> String {
    let column = column.map_or_else(|| "-".to_owned(), |column| column.to_string());
    format!("{code}|{}|{}|{column}", case.place.file, case.place.sheet)
}
