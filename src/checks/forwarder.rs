//! Is the ultimate consignee a forwarder? (RF01)

use super::draft::Case;
use crate::field::Field;
use crate::finding::{CodeText, Finding, FindingCode};
use crate::party::PartyRole;
use crate::rulebase::PartyTrait;
use crate::shipment::NamedParty;

pub(super) const TEXTS: &[CodeText] = &[CodeText {
    code: FindingCode::RF01,
    what_it_finds: "A forwarder as ultimate consignee: by its name, or because the record names the same firm as forwarder. A word that \
                    other firms use too (logistics, shipping, cargo) counts only where Pakistan is in play and another firm is named as \
                    purchaser or end user.",
    why_it_matters: "The ultimate consignee is not a forwarding agent. Where one is recorded as such, the record does not show who \
                     received the goods, or in which country. It is one of the published red flags.",
    what_to_look_at: "The order, the delivery documents, the forwarder's onward instructions; whether the firm bought for its own use.",
    law: "15 CFR 748.5(e); Supplement No. 3 to 15 CFR Part 732",
}];

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let Some(consignee) = case.line.consignee() else { return };
    let Some(reason) = reason(case, &consignee) else { return };
    let mut draft = case.red_flag(FindingCode::RF01).party(&consignee, consignee.role.name());
    if case.forwarder_receives {
        draft = draft.relies_on(&[Field::Party(PartyRole::Forwarder)]);
    }
    let to = case.line.destination.country.given().map_or_else(
        || "No destination was read".to_owned(),
        |country| format!("The destination is recorded as {country}"),
    );
    let folded = crate::entity_list::fold_name(&consignee.name);
    findings.push(
        draft
            .relies_on_date_and_destination()
            .because(format!(
                "{to}, and the {} {reason}. A forwarding agent receives goods for others, so that the record does not \
                 show who the ultimate consignee is.",
                consignee.role
            ))
            .verify("Establish to whom the goods went from there, and in which country; or that the firm bought them for its own use.")
            .verify(if case.line.stays_home() {
                "The destination recorded is domestic: establish whether the goods left the country."
            } else {
                ""
            })
            .group(format!("{}|{folded}", FindingCode::RF01))
            .done(),
    );
}

/// Why the consignee is one, in words.
fn reason(case: &Case<'_>, consignee: &NamedParty<'_>) -> Option<String> {
    if let Some(word) = consignee.verdict.as_ref().and_then(|verdict| verdict.forwards.as_deref()) {
        return Some(format!("is a forwarder: its name says \"{word}\""));
    }
    if case.forwarder_receives {
        return Some("is a forwarder: the record names the same firm as such".to_owned());
    }
    if !(case.is_to_watched() || super::diversion::points_to_watched(case)) {
        return None;
    }
    let word = case.rules.party_words().find(PartyTrait::Forwarder, &consignee.name)?;
    let others: Vec<NamedParty<'_>> = [PartyRole::Purchaser, PartyRole::EndUser]
        .into_iter()
        .filter_map(|role| case.line.named(role))
        .collect();
    let same = |other: &NamedParty<'_>| other.name.trim().eq_ignore_ascii_case(consignee.name.trim());
    let other = others.first().filter(|_| !others.iter().any(same))?;
    Some(format!(
        "may be a forwarder: its name says \"{}\", and the {} is another firm, \"{}\"",
        word.phrase,
        other.role,
        other.name.trim()
    ))
}
