//! Is a party on another US list that the user supplied? (PL01 to PL04)
//!
//! By name alone: what shares an address with a party of these lists is no finding.

use std::fmt::Write as _;

use super::draft::Case;
use super::listed_party::{Match, heard, standing_sentence};
use crate::entity_list::{Candidate, ListName};
use crate::finding::{CodeText, Disposition, Finding, FindingCode};
use crate::listing::{Standing, standing};
use crate::rulebase::PartyList;
use crate::screening::PartyVerdict;
use crate::shipment::{LicenseRecord, NamedParty};

pub(super) const TEXTS: &[CodeText] = &[
    CodeText {
        code: FindingCode::PL01,
        what_it_finds: "A party in any role that bears or resembles the name of a denied person, on the list imported by the user. A note \
                        where the order came later.",
        why_it_matters: "While a denial order is in force nobody may take part with the person in what it forbids: selling, forwarding, \
                         financing, servicing. License exceptions and NLR change nothing.",
        what_to_look_at: "The order in the Federal Register: its terms, its last day, persons related to it. Whether the party is the person.",
        law: "15 CFR 764.2(k); 15 CFR 736.2(b)(4)",
    },
    CodeText {
        code: FindingCode::PL02,
        what_it_finds: "A party that bears or resembles the name of one on the Unverified List imported by the user.",
        why_it_matters: "No license exception may be used for it; without a license its statement must be held before the export; and the \
                         export is filed whatever its value.",
        what_to_look_at: "The statement and its date, the filing, and a license exception claimed.",
        law: "15 CFR 744.15; 15 CFR 740.2(a)(17); 15 CFR 758.1(b)(8)",
    },
    CodeText {
        code: FindingCode::PL03,
        what_it_finds: "A party that bears or resembles the name of a military end user listed by name, on the list imported by the user.",
        why_it_matters: "Items of Supplement No. 2 to Part 744 need a license to it, for some countries all items subject to the EAR.",
        what_to_look_at: "Whether the item is one of that supplement, and a license that names the party.",
        law: "15 CFR 744.21; Supplements No. 2 and No. 7 to 15 CFR Part 744",
    },
    CodeText {
        code: FindingCode::PL04,
        what_it_finds: "A party that bears or resembles the name of a person blocked by the Treasury under a program that 15 CFR 744.8 names, \
                        on the list imported by the user.",
        why_it_matters: "A license is required for all items subject to the EAR, and no license exception is open, unless the Treasury \
                         authorized the transaction. The Treasury's own prohibitions come beside it.",
        what_to_look_at: "Whether the party is the blocked person, under which program and since when; authorizations of the Treasury.",
        law: "15 CFR 744.8",
    },
];

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    // Nearly every run has the Entity List alone.
    if case.list.further().is_empty() {
        return;
    }
    let parties = &case.line.parties;
    for (index, party) in parties.iter().enumerate() {
        let Some(verdict) = &party.verdict else { continue };
        let same = |other: &NamedParty<'_>| {
            other.verdict.as_ref().is_some_and(|other| other.folded == verdict.folded)
        };
        if parties[..index].iter().any(same) {
            continue;
        }
        let together: Vec<&NamedParty<'_>> = parties[index..].iter().filter(|other| same(other)).collect();
        for candidate in &verdict.candidates {
            let list = case.list.entity(candidate.entity).list;
            if let Some(law) = case.rules.party_lists().of(list).filter(|_| list != ListName::EntityList) {
                findings.extend(found(case, &together, verdict, candidate, law));
            }
        }
    }
}

fn found(
    case: &Case<'_>,
    together: &[&NamedParty<'_>],
    verdict: &PartyVerdict,
    candidate: &Candidate,
    law: &PartyList,
) -> Option<Finding> {
    let party = together.first()?;
    let entity = case.list.entity(candidate.entity);
    let how = heard(candidate);
    let stands = standing(
        entity,
        case.line.date.day.given().copied(),
        i32::from(case.rules.windows().listing_uncertain.days),
    );
    let is_later = matches!(stands, Standing::Later { .. });
    if matches!(stands, Standing::Ended(_)) || matches!(how, Match::SharedAddress | Match::ListedAddress) {
        return None;
    }
    let in_transaction = together.iter().any(|party| party.role.is_transaction_party());
    let roles = together.iter().map(|party| party.role.name()).collect::<Vec<_>>().join(";");
    let mut why = candidate.explanation.clone();
    if let Match::Resembles(reason) = &how
        && !reason.is_empty()
    {
        let _ = write!(why, " {reason}");
    }
    let _ = write!(why, " {}: {}", law.list, standing_sentence(&stands, entity));
    if !entity.note.is_empty() {
        let _ = write!(why, " {}.", capitalized(&entity.note));
    }
    if !is_later {
        let _ = write!(why, " {}", law.says);
    }
    let mut draft = case
        .draft(law.code)
        .as_(if is_later { Disposition::Note } else { Disposition::Review })
        .rule(
            &case.rules.party_lists().rule.id,
            entity.in_force_from(),
            [&law.citations, &*entity.federal_register].map(str::to_owned).join("; ").trim_end_matches("; "),
        )
        .party(party, &roles)
        .with(|finding| {
            finding.listed_entity_id = entity.id.to_string();
            finding.listed_entity = entity.name.to_string();
            finding.matched_name.clone_from(&candidate.matched_name);
            finding.score = format!("{:.3}", candidate.score);
        })
        .relies_on_date_and_destination()
        .group(format!("{}|{}|{}|{roles}", law.code, verdict.folded, entity.id))
        .because(why);
    if is_later {
        return Some(draft.verify("Look for later shipments to the party, and for open orders.").done());
    }
    if let LicenseRecord::Exception { symbol, .. } = &case.line.license {
        draft = draft.verify(&format!("License exception {symbol} is claimed. {}", law.with_exception));
    }
    if let LicenseRecord::Number { number, .. } = &case.line.license {
        draft =
            draft.verify(&format!("License number {number} is recorded: establish that it names the party."));
    }
    draft = draft.verify(&law.verify);
    if !in_transaction && !law.any_role {
        draft = draft.verify(
            "Establish what the party did in the transaction: only as purchaser, intermediate consignee, ultimate consignee or end user \
             it brings what is said here.",
        );
    }
    Some(draft.done())
}

/// A sentence made of a remark.
fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
