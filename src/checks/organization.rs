//! Is a party a strategic organization of Pakistan that is not itself listed? (RF04)

use super::draft::Case;
use crate::entity_list::ListName;
use crate::finding::{CodeText, Finding, FindingCode};
use crate::shipment::NamedParty;

pub(super) const TEXTS: &[CodeText] = &[CodeText {
    code: FindingCode::RF04,
    what_it_finds: "A party that bears or resembles the name of a nuclear, missile or defense organization of Pakistan which is not on \
                    the Entity List itself. The organizations, what each does, and where that was read stand in the rule base.",
    why_it_matters: "Items for nuclear, missile or unmanned aircraft end uses can need a license whatever their classification, EAR99 \
                     included, where the exporter knows or has reason to know.",
    what_to_look_at: "The end use statement and the order; which unit of the organization received the item, and for what.",
    law: "15 CFR 744.2; 15 CFR 744.3; Supplement No. 3 to 15 CFR Part 732",
}];

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let parties = &case.line.parties;
    for (index, party) in parties.iter().enumerate() {
        let Some(verdict) = &party.verdict else { continue };
        let Some(found) = &verdict.organization else { continue };
        let is_listed = verdict.candidates.iter().any(|candidate| {
            candidate.basis.is_exact() && case.list.entity(candidate.entity).list == ListName::EntityList
        });
        let same = |other: &&NamedParty<'_>| {
            other.verdict.as_ref().is_some_and(|other| other.folded == verdict.folded)
        };
        if is_listed || parties[..index].iter().any(|other| same(&other)) {
            continue;
        }
        // A party whose country is not known is there where the goods went.
        let is_there = match verdict.country {
            Some(country) => country == case.watched,
            None => case.is_to_watched(),
        };
        let is_shown = is_there || verdict.sign.as_ref().is_some_and(|sign| sign.is_strong || sign.leans);
        if !(found.is_exact || is_shown) || found.is_weak && !is_there {
            continue;
        }
        let Some(organization) = case.rules.organizations().get(found.organization) else { continue };
        let roles = parties[index..].iter().filter(same).map(|other| other.role.name());
        let roles = roles.collect::<Vec<_>>().join(";");
        let how = if found.is_exact { "bears the name of" } else { "resembles the name of" };
        findings.push(
            case.red_flag(FindingCode::RF04)
                .party(party, &roles)
                .with(|finding| {
                    finding.matched_name.clone_from(&found.matched_name);
                    finding.score = format!("{:.3}", found.score);
                })
                .relies_on_date_and_destination()
                .because(format!(
                    "The party {how} \"{}\" ({}), which is not itself on the Entity List as of {}. It bears on {}. Source: {}.",
                    found.matched_name,
                    organization.what,
                    case.list.snapshot().as_of,
                    organization.sections,
                    organization.source
                ))
                .verify(
                    "Establish whether the party is the organization or belongs to it, and for what the item is used: a nuclear, missile \
                     or unmanned aircraft end use can need a license whatever the classification.",
                )
                .group(format!("{}|{}", FindingCode::RF04, verdict.folded))
                .done(),
        );
    }
}
