//! Does the record point to Pakistan behind a destination elsewhere? (LR16, RF02)

use super::draft::Case;
use super::end_user::address_evidence;
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
        what_it_finds: "A destination elsewhere, while a party, an address, the end use, a telephone number (+92) or an e-mail domain (.pk) \
                        says Pakistan. Where the destination is one of the countries that the regulations name for transshipment, a \
                        firm that carries Pakistan or one of its cities in its name is enough.",
        why_it_matters: "Goods for restricted destinations go through third countries. This is one of the red flags that a reviewer must \
                         resolve before relying on the destination recorded.",
        what_to_look_at: "Delivery documents, the end user statement, and the forwarder's instructions.",
        law: "Supplement No. 3 to 15 CFR Part 732; 15 CFR 30.6(a)(5)",
    },
];

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let Some(destination) = case.line.destination.country.given() else { return };
    if *destination == case.watched {
        return;
    }
    let pointing = pointing(case);
    let mut told: Vec<String> = pointing
        .iter()
        .filter_map(|party| {
            let sign = party.verdict.as_ref()?.sign.as_ref()?;
            Some(format!("the {} of the {} says \"{}\"", sign.place, party.role, sign.word))
        })
        .collect();
    // A line that stays home needs a party in Pakistan to receive the goods.
    if let Some(sign) = case.end_use_sign.filter(|_| !case.line.stays_home()) {
        told.push(format!("the {} says \"{}\"", sign.place, sign.word));
    }
    if let Some((sign, _)) = case.contact_sign.filter(|_| !case.line.stays_home()) {
        told.push(format!("a {} column says \"{}\"", sign.place, sign.word));
    }
    if told.is_empty() {
        return;
    }
    may_need_license(case, &pointing, &told, findings);
    behind_destination(case, &pointing, &told, findings);
}

/// LR16: the item would need a license to Pakistan, and a party that may use it is there.
fn may_need_license(
    case: &Case<'_>,
    pointing: &[&NamedParty<'_>],
    told: &[String],
    findings: &mut Vec<Finding>,
) {
    let strong = |party: &&&NamedParty<'_>| {
        party.verdict.as_ref().and_then(|verdict| verdict.sign.as_ref()).is_some_and(|sign| sign.is_strong)
    };
    let Some(party) = pointing.iter().filter(strong).find(|party| is_principal(party.role)) else { return };
    let as_if = Determination::of(case.line, case.watched, case.rules);
    if !(as_if.needs_license() || as_if.turns_on_date()) || case.line.license.has_number() {
        return;
    }
    let eccn = case.line.declared.eccn().map(ToString::to_string).unwrap_or_default();
    let required = as_if.required().next();
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
                "The destination is recorded as {}, but {}. To {}, an item of {eccn} would need a license.",
                destination_code(case),
                told.join("; "),
                case.watched_name
            ))
            .verify("Establish the country of ultimate destination: where the end user is and where the goods were put to use (end user statement, delivery documents).")
            .weigh(&[])
            .done(),
    );
}

/// RF02: the record points to Pakistan behind another destination.
fn behind_destination(
    case: &Case<'_>,
    pointing: &[&NamedParty<'_>],
    told: &[String],
    findings: &mut Vec<Finding>,
) {
    let mut draft = case.red_flag(FindingCode::RF02);
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
    if let Some((_, column)) = case.contact_sign {
        draft = draft.relies_on_column(Field::Contact, *column);
    }
    let mut why =
        format!("The destination is recorded as {}, but {}.", destination_code(case), told.join("; "));
    if let Some((name, citation)) = hub(case) {
        why.push_str(&format!(" {name} is one of the countries named for transshipment ({citation})."));
    }
    if let Some(consignee) = case.line.consignee()
        && let Some(evidence) = address_evidence(case, &consignee)
    {
        why.push(' ');
        why.push_str(&evidence);
    }
    findings.push(
        draft
            .relies_on_date_and_destination()
            .because(why)
            .verify("Establish the country of ultimate destination and the end user from the delivery documents and the end user statement.")
            .weigh(&[])
            .group(format!("{}|{key}", FindingCode::RF02))
            .done(),
    );
}

/// Whether the line goes to the watched country, or its record points there.
pub fn concerns_watched(case: &Case<'_>) -> bool {
    case.is_to_watched() || points_to_watched(case)
}

/// Whether the record of a line to another country points to the watched one.
pub(super) fn points_to_watched(case: &Case<'_>) -> bool {
    case.end_use_sign.is_some() || case.contact_sign.is_some() || !pointing(case).is_empty()
}

/// The parties that say so: a strong sign anywhere, a leaning one where goods are commonly passed on.
fn pointing<'c>(case: &'c Case<'_>) -> Vec<&'c NamedParty<'c>> {
    let passed_on = hub(case).is_some();
    let stays_home = case.line.stays_home();
    case.line
        .parties
        .iter()
        .filter(|party| {
            let Some(sign) = party.verdict.as_ref().and_then(|verdict| verdict.sign.as_ref()) else {
                return false;
            };
            if stays_home {
                return sign.is_strong && sign.names_place && is_principal(party.role);
            }
            sign.is_strong && counts(party.role) || sign.leans && passed_on && is_principal(party.role)
        })
        .collect()
}

/// The destination, where the regulations name it for transshipment: its name and where it is named.
fn hub<'c>(case: &'c Case<'_>) -> Option<(&'c str, &'c str)> {
    let country = *case.line.destination.country.given()?;
    Some((case.places.name(country), case.places.transshipment_hub(country)?))
}

fn destination_code(case: &Case<'_>) -> String {
    case.line.destination.country.given().map_or_else(String::new, ToString::to_string)
}

/// Roles whose place says something of where goods go: not the carrier's, nor the exporter's.
fn counts(role: PartyRole) -> bool {
    role.is_transaction_party()
        || matches!(role, PartyRole::BillTo | PartyRole::NotifyParty | PartyRole::Forwarder)
}

fn is_principal(role: PartyRole) -> bool {
    matches!(
        role,
        PartyRole::Purchaser | PartyRole::UltimateConsignee | PartyRole::EndUser | PartyRole::ShipTo
    )
}
