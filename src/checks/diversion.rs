//! Does the record point to Pakistan behind a destination elsewhere? (LR16, RF02)

use super::draft::Case;
use crate::determination::Determination;
use crate::field::Field;
use crate::finding::{CodeText, Finding, FindingCode};
use crate::party::PartyRole;
use crate::shipment::NamedParty;

pub(super) const TEXTS: &[CodeText] = &[
    CodeText {
        code: FindingCode::LR16,
        what_it_finds: "A purchaser, ultimate consignee or end user in Pakistan, a destination elsewhere, and an item that would need a \
                        license to Pakistan. The line is judged as if it went there.",
        why_it_matters: "The requirement follows the country of ultimate destination. A party in Pakistan on such a line asks whether that \
                         country is the one recorded.",
        what_to_look_at: "The end user statement, the delivery documents, and the contract: where the goods were put to use.",
        law: "15 CFR 742.6(a)(12); 15 CFR 748.5; 15 CFR 734.13 to 734.16",
    },
    CodeText {
        code: FindingCode::RF02,
        what_it_finds: "A destination elsewhere, while a party, an address or the end use says Pakistan.",
        why_it_matters: "Goods for restricted destinations go through third countries. This is one of the red flags that a reviewer must \
                         resolve before relying on the destination recorded.",
        what_to_look_at: "Delivery documents, the end user statement, and the forwarder's instructions.",
        law: "Supplement No. 3 to 15 CFR Part 732; 15 CFR 30.6(a)(5)",
    },
];

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let Some(destination) = case.line.destination.country.given() else { return };
    if *destination == case.watched || case.line.stays_home() {
        return;
    }
    let pointing: Vec<&NamedParty<'_>> = pointing(case).collect();
    let mut told: Vec<String> = pointing
        .iter()
        .filter_map(|party| {
            let sign = party.verdict.as_ref()?.sign.as_ref()?;
            Some(format!("the {} of the {} says \"{}\"", sign.place, party.role, sign.word))
        })
        .collect();
    if let Some(sign) = case.end_use_sign {
        told.push(format!("the {} says \"{}\"", sign.place, sign.word));
    }
    if told.is_empty() {
        return;
    }
    let as_if = Determination::of(case.line, case.watched, case.rules);
    let principal = pointing.iter().find(|party| is_principal(party.role));
    if let Some(party) = principal
        && (as_if.needs_license() || as_if.turns_on_date())
        && !case.line.license.has_number()
    {
        let required = as_if.required().next();
        let eccn = case.line.declared.eccn().map(ToString::to_string).unwrap_or_default();
        let chart = case.rules.chart_rule();
        let (rule, from, citations) = required.as_ref().map_or_else(
            || (chart.id.clone(), None, chart.citations()),
            |(requirement, version, _)| {
                (requirement.rule.id.clone(), version.effective.from, version.citations())
            },
        );
        findings.push(
            case.draft(FindingCode::LR16)
                .rule(&rule, from, &citations)
                .candidate(eccn.clone())
                .party(party, party.role.name())
                .relies_on(&[Field::Eccn, Field::LicenseCode])
                .relies_on_date_and_destination()
                .because(format!(
                    "The destination is recorded as {destination}, but {}. To {}, an item of {eccn} would need a license.",
                    told.join("; "),
                    case.watched_name
                ))
                .verify("Establish the country of ultimate destination: where the end user is and where the goods were put to use (end user statement, delivery documents).")
                .weigh(&[])
                .done(),
        );
    }
    let mut draft = case.draft(FindingCode::RF02);
    let mut key = String::new();
    if let Some(party) = pointing.first() {
        key.clone_from(&party.verdict.as_ref().map(|verdict| verdict.folded.clone()).unwrap_or_default());
        let roles: Vec<&str> = pointing
            .iter()
            .filter(|other| other.name.trim() == party.name.trim())
            .map(|other| other.role.name())
            .collect();
        draft = draft.party(party, &roles.join(";"));
    }
    if case.end_use_sign.is_some() {
        draft = draft.relies_on(&[Field::EndUse]);
    }
    findings.push(
        draft
            .rule("", None, "Supplement No. 3 to 15 CFR Part 732; 15 CFR 30.6(a)(5)")
            .relies_on_date_and_destination()
            .because(format!("The destination is recorded as {destination}, but {}.", told.join("; ")))
            .verify("Establish the country of ultimate destination and the end user from the delivery documents and the end user statement.")
            .weigh(&[])
            .group(format!("{}|{key}", FindingCode::RF02))
            .done(),
    );
}

/// Whether the record points to the watched country behind another destination.
pub(super) fn points_to_watched(case: &Case<'_>) -> bool {
    let elsewhere = case.line.destination.country.given().is_some_and(|country| *country != case.watched);
    elsewhere && !case.line.stays_home() && (case.end_use_sign.is_some() || pointing(case).next().is_some())
}

/// The parties whose name or address points to the watched country.
fn pointing<'c>(case: &'c Case<'_>) -> impl Iterator<Item = &'c NamedParty<'c>> {
    case.line.parties.iter().filter(|party| {
        let sign = party.verdict.as_ref().and_then(|verdict| verdict.sign.as_ref());
        counts(party.role) && sign.is_some_and(|sign| sign.is_strong)
    })
}

/// Roles whose place says something of where goods go: not the carrier, the forwarder or the exporter.
fn counts(role: PartyRole) -> bool {
    role.is_transaction_party() || matches!(role, PartyRole::BillTo | PartyRole::NotifyParty)
}

fn is_principal(role: PartyRole) -> bool {
    matches!(
        role,
        PartyRole::Purchaser | PartyRole::UltimateConsignee | PartyRole::EndUser | PartyRole::ShipTo
    )
}
