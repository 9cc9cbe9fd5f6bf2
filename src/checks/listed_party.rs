//! Was a party listed on the day, or does it resemble one that was? (EL01 to EL07, EL10)

use super::draft::{Case, Draft};
use crate::count::{counted, days as in_days};
use crate::effective::{Date, days_between};
use crate::entity_list::{Candidate, EarlierTerms, ListName, ListedEntity, MatchBasis, TermsOn};
use crate::field::Field;
use crate::finding::{CodeText, Disposition, Finding, FindingCode};
use crate::listing::{Standing, standing};
use crate::party::PartyRole;
use crate::rulebase::EntityRule;
use crate::screening::PartyVerdict;
use crate::shipment::{LicenseRecord, NamedParty, Recorded};

pub(super) const TEXTS: &[CodeText] = &[
    CodeText {
        code: FindingCode::EL01,
        what_it_finds: "A purchaser, intermediate consignee, ultimate consignee or end user whose name is that of a listed entity, or one of \
                        its aliases, in force on the date of export. Case, punctuation, legal forms and bracketed acronyms do not matter. A \
                        review where a license number is recorded, where an alias matched and the entry was amended after the export, \
                        where the entry's requirement turns on the item or the project, or where the party stands in a forwarder column of \
                        a sheet that has none for intermediate consignees.",
        why_it_matters: "A license is required for the items the entry names, mostly all items subject to the EAR, whatever the destination.",
        what_to_look_at: "The entry itself with its addresses, the party's identity (address, registration, ownership), the license file.",
        law: "15 CFR 744.11; 15 CFR 744.16; Supplement No. 4 to 15 CFR Part 744; 15 CFR 748.5(c)-(f)",
    },
    CodeText {
        code: FindingCode::EL02,
        what_it_finds: "A party whose name is close to that of a listed entity; or the same, where the party's own country is none of the \
                        entry's, or all that matched is an acronym or a common word.",
        why_it_matters: "Names come misspelled, shortened, and transliterated. Most such findings are other firms; the one that is not is the \
                         one that costs.",
        what_to_look_at: "What the finding says of the words that matched and the words that did not; then address, country and identity.",
        law: "15 CFR 744.11; 15 CFR 744.16; Supplement No. 3 to 15 CFR Part 732",
    },
    CodeText {
        code: FindingCode::EL03,
        what_it_finds: "A party under another name at the address of a listed entity; an exception where the list names the address itself.",
        why_it_matters: "A new name at a listed address is a red flag. Where the entry is an address, the address alone brings the requirement.",
        what_to_look_at: "Who else is at the address (an office tower, a free zone), and what connects the party with the listed entity.",
        law: "15 CFR 744.11(a); 15 CFR 744.16(f); Supplement No. 3 to 15 CFR Part 732",
    },
    CodeText {
        code: FindingCode::EL04,
        what_it_finds: "A party that was listed only after the date of export, with the number of days.",
        why_it_matters: "No license was required by the list that day. Later shipments, and support for what was shipped, are another matter.",
        what_to_look_at: "Shipments after the listing, and open orders.",
        law: "Supplement No. 4 to 15 CFR Part 744",
    },
    CodeText {
        code: FindingCode::EL05,
        what_it_finds: "A listed entity as carrier, notify party, bill-to or exporter; as forwarder, where the sheet keeps intermediate \
                        consignees in a column of their own.",
        why_it_matters: "The requirement asks for the parties of 748.5(c)-(f). A forwarder is one of them only as intermediate consignee, a \
                         payer only as purchaser.",
        what_to_look_at: "What the party did in the transaction: who bought, who took possession, who paid.",
        law: "15 CFR 748.5(c)-(f); 15 CFR 744.11",
    },
    CodeText {
        code: FindingCode::EL06,
        what_it_finds: "Beside EL01: a license exception is claimed, and the entry opens none, or not this one.",
        why_it_matters: "No license exception may be used for a listed party unless its entry says so.",
        what_to_look_at: "The entry, and the paragraph relied on.",
        law: "15 CFR 744.11(a); 15 CFR 744.16(b)",
    },
    CodeText {
        code: FindingCode::EL07,
        what_it_finds: "A listed party, and a date of export on which the data cannot say whether the entry bound: within days before its \
                        publication with no effective date known, between the bounds of a removal, or with no known day of listing.",
        why_it_matters: "Some rules take effect before they are published, and the day of some removals is not known.",
        what_to_look_at: "The Federal Register document that listed or removed the entry.",
        law: "Supplement No. 4 to 15 CFR Part 744",
    },
    CodeText {
        code: FindingCode::EL10,
        what_it_finds: "Beside EL01: the line was exported within this program's search window after the entry took effect.",
        why_it_matters: "Most listing rules let goods proceed that were en route aboard a carrier on the effective date.",
        what_to_look_at: "The savings clause of the rule that listed the entry, the date of lading, the order.",
        law: "The listing rule's own savings clause",
    },
];

/// How a candidate matched, once the party's country has been heard.
pub(super) enum Match {
    Listed,
    Resembles(String),
    SharedAddress,
    ListedAddress,
}

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let parties = &case.line.parties;
    for (index, party) in parties.iter().enumerate() {
        let Some(verdict) = &party.verdict else { continue };
        // The same party in a second role is the same finding.
        let same = |other: &NamedParty<'_>| {
            other.verdict.as_ref().is_some_and(|other| other.folded == verdict.folded)
        };
        if parties[..index].iter().any(same) {
            continue;
        }
        let together: Vec<&NamedParty<'_>> = parties[index..].iter().filter(|other| same(other)).collect();
        for candidate in &verdict.candidates {
            if case.list.entity(candidate.entity).list != ListName::EntityList {
                continue;
            }
            found(case, party, &together, verdict, candidate, findings);
        }
    }
}

fn found(
    case: &Case<'_>,
    party: &NamedParty<'_>,
    together: &[&NamedParty<'_>],
    verdict: &PartyVerdict,
    candidate: &Candidate,
    findings: &mut Vec<Finding>,
) {
    let entity = case.list.entity(candidate.entity);
    let rule = case.rules.entity_rule();
    let day = case.line.date.day.given().copied();
    let how = heard(candidate);
    let stands = standing(entity, day, i32::from(case.rules.windows().listing_uncertain.days));
    let in_transaction = together.iter().any(|party| party.role.is_transaction_party());
    // Without a column for intermediate consignees a forwarder may be one.
    let perhaps_intermediate = !in_transaction
        && case.line.layout.forwarder_stands_alone()
        && together.iter().any(|party| party.role == PartyRole::Forwarder);
    let roles = together.iter().map(|party| party.role.name()).collect::<Vec<_>>().join(";");
    let code = match (&stands, &how) {
        (Standing::Ended(_), _) | (Standing::Later { .. }, Match::SharedAddress) => return,
        (Standing::Later { .. }, _) => FindingCode::EL04,
        (_, Match::SharedAddress) => FindingCode::EL03,
        (_, Match::Resembles(_)) => FindingCode::EL02,
        (Standing::ReadingsDiffer(_), _) => FindingCode::RQ05,
        (Standing::Uncertain(_), _) => FindingCode::EL07,
        (_, Match::ListedAddress) => FindingCode::EL03,
        (_, Match::Listed) if in_transaction || perhaps_intermediate => FindingCode::EL01,
        (_, Match::Listed) => FindingCode::EL05,
    };
    let since = entity.in_force_from();
    let terms = entity.terms_on(day.iter().flat_map(|day| day.readings()));
    let mut citations = format!("{}; {}", rule.rule.citations(), entity.federal_register);
    // A decision that rests on the terms before is none on these.
    let last_change = |change: &&EarlierTerms| day.is_some_and(|day| change.replaced_by <= day.earliest());
    if let Some(change) = entity.earlier_terms.iter().rev().find(last_change) {
        citations.push_str(&format!("; entry as on the list of {}", change.replaced_by));
    }
    // Spellings that make no other party to the entry are decided once.
    let party_of_group = if candidate.party.is_empty() { &verdict.folded } else { &candidate.party };
    let draft = |code| {
        case.draft(code)
            .rule(&rule.rule.id, since, &citations)
            .party(party, &roles)
            .with(|finding| {
                finding.listed_entity_id = entity.id.to_string();
                finding.listed_entity = entity.name.to_string();
                finding.matched_name.clone_from(&candidate.matched_name);
                finding.score = format!("{:.3}", candidate.score);
            })
            .relies_on_date_and_destination()
            .group(format!("{code}|{party_of_group}|{}|{roles}", entity.id))
    };
    let mut why = vec![candidate.explanation.clone()];
    if let Match::Resembles(reason) = &how
        && !reason.is_empty()
    {
        why.push(reason.clone());
    }
    why.push(standing_sentence(&stands, entity));
    if perhaps_intermediate && code == FindingCode::EL01 {
        why.push(
            "The party stands in the forwarder column, and the sheet has none for intermediate consignees."
                .to_owned(),
        );
    }
    if matches!(how, Match::Listed | Match::ListedAddress) {
        why.push(format!(
            "The entry {} under {} and {}.",
            if entity.earlier_terms.is_empty() { "stands" } else { "stood that day" },
            entity.listed_under,
            terms.predicate()
        ));
        why.extend(terms.change_in_words());
    }
    if verdict.more > 0 {
        why.push(format!(
            "{} this party and {} not shown.",
            counted(verdict.more as u64, "more entry resembles", "more entries resemble"),
            if verdict.more == 1 { "is" } else { "are" }
        ));
    }
    let mut draft_ = draft(code).because(why.join(" "));
    let mut turns_on: Vec<Date> =
        [entity.in_force_from(), entity.delisted_by].into_iter().flatten().collect();
    turns_on.extend(entity.earlier_terms.iter().map(|earlier| earlier.replaced_by));
    draft_ = match code {
        FindingCode::EL01 => listed(case, entity, &terms, candidate, &stands, draft_),
        FindingCode::EL02 => draft_.verify("Establish whether the party is the listed entity: address, country, registration, ownership."),
        FindingCode::EL03 if matches!(how, Match::ListedAddress) => draft_
            .as_(if in_transaction && matches!(stands, Standing::InForce { .. }) { Disposition::Exception } else { Disposition::Review })
            .verify("Establish that the party uses the address listed, and look in the license file for a license that names it."),
        FindingCode::EL03 => draft_.verify("Establish who uses the address and what connects the party with the listed entity."),
        FindingCode::EL04 => draft_.verify("Look for later shipments to the party, and for open orders."),
        FindingCode::EL05 => draft_.verify("Establish what the party did in the transaction: as purchaser, intermediate consignee, ultimate consignee or end user it brings the requirement; in another role, as such, it does not."),
        FindingCode::EL07 => draft_.verify("Read the Federal Register document for the day on which the entry took effect, or was removed."),
        _ => draft_.verify("Establish the date of export: the answer differs between the two readings."),
    };
    if code == FindingCode::EL03
        && let Some(day) = day
        && let Some(seen) =
            entity.address_seen_on(&candidate.matched_name).filter(|seen| day.earliest() < *seen)
    {
        draft_ = draft_.as_(Disposition::Review).verify(&format!(
            "The address was first seen on the list of {seen}, after the export: establish whether it stood in the entry that day."
        ));
    }
    let is_listed = code == FindingCode::EL01;
    let before = findings.len();
    findings.push(draft_.weigh(&turns_on).done());
    if is_listed {
        beside(case, entity, &terms, &stands, &turns_on, draft, findings);
    }
    if is_listed && perhaps_intermediate {
        for finding in &mut findings[before..] {
            only_perhaps(finding, rule);
        }
    }
}

/// A finding that holds only if the forwarder took the goods as intermediate consignee.
fn only_perhaps(finding: &mut Finding, rule: &EntityRule) {
    if finding.disposition == Disposition::Exception {
        finding.disposition = Disposition::Review;
    }
    finding.to_verify = format!("{} {}", rule.forwarder_alone, finding.to_verify).trim_end().to_owned();
    finding.citations = format!("{}; {}", finding.citations, rule.forwarder_citations);
}

pub(super) fn heard(candidate: &Candidate) -> Match {
    match (&candidate.basis, candidate.agrees_with_country) {
        (MatchBasis::ListedAddress, _) => Match::ListedAddress,
        (MatchBasis::SharedAddress, _) => Match::SharedAddress,
        (MatchBasis::Close, _) => Match::Resembles(String::new()),
        (_, Some(false)) => Match::Resembles("Another firm of the same name is possible.".to_owned()),
        (MatchBasis::WeakExact, None) => Match::Resembles("No country speaks for it.".to_owned()),
        _ => Match::Listed,
    }
}

fn listed<'c, 'a>(
    case: &Case<'_>,
    entity: &ListedEntity,
    terms: &TermsOn<'_>,
    candidate: &Candidate,
    stands: &Standing,
    mut draft: Draft<'c, 'a>,
) -> Draft<'c, 'a> {
    draft = draft.verify(
        "Establish that the party is the listed entity (address, registration, ownership), and look in the license file for a \
         license that names it.",
    );
    if let LicenseRecord::Number { number, .. } = &case.line.license {
        draft = draft.as_(Disposition::Review).verify(&format!(
            "License number {number} is recorded: establish that it names the listed party."
        ));
    }
    let by_alias = !matches!(candidate.basis, MatchBasis::ExactName);
    if by_alias
        && let Some(day) = case.line.date.day.given()
        && entity.amended_after(day.earliest())
    {
        let amended = entity.amended.iter().find(|amended| **amended > day.earliest());
        let when = amended.map_or_else(
            || "on a day that is not known, perhaps after the export".to_owned(),
            |amended| format!("on {amended}, after the export"),
        );
        draft = draft.as_(Disposition::Review).verify(&format!(
            "An alias matched, and the entry was amended {when}: establish whether the alias stood in it that day."
        ));
    }
    if terms.turns_on_the_item() {
        draft = draft.as_(Disposition::Review).verify(&format!(
            "The entry {}: establish whether the item or the project is concerned.",
            terms.predicate()
        ));
    }
    if matches!(stands, Standing::Undated(_)) {
        draft = draft.as_(Disposition::Review).verify("Establish the date of export.");
    }
    draft
}

fn beside<'c, 'a: 'c>(
    case: &'c Case<'a>,
    entity: &ListedEntity,
    terms: &TermsOn<'_>,
    stands: &Standing,
    turns_on: &[Date],
    draft: impl Fn(FindingCode) -> Draft<'c, 'a>,
    findings: &mut Vec<Finding>,
) {
    if let LicenseRecord::Exception { symbol, .. } = &case.line.license
        && let open = terms.exceptions_open()
        && open.iter().any(|open| *open != symbol.as_str())
    {
        let because = match open.as_slice() {
            [""] => format!(
                "License exception {symbol} is claimed, and the entry of the listed \"{}\" opens no license exception.",
                entity.name
            ),
            [TermsOn::NOT_KNOWN] => format!(
                "License exception {symbol} is claimed; whether the entry of the listed \"{}\" opens it is not known.",
                entity.name
            ),
            [open] => format!(
                "License exception {symbol} is claimed; the entry of the listed \"{}\" opens {open} only.",
                entity.name
            ),
            several => {
                let opens = |open: &&str| {
                    match *open {
                        "" => "none",
                        TermsOn::NOT_KNOWN => "what is not known",
                        open => open,
                    }
                    .to_owned()
                };
                format!(
                    "License exception {symbol} is claimed; of license exceptions the entry of the listed \"{}\" opens {}.",
                    entity.name,
                    several.iter().map(opens).collect::<Vec<_>>().join(" or ")
                )
            }
        };
        let mut draft = draft(FindingCode::EL06)
            .relies_on(&[Field::LicenseCode, Field::LicenseNumber])
            .because([because].into_iter().chain(terms.change_in_words()).collect::<Vec<_>>().join(" "))
            .verify("Establish which authorization was relied on, and whether a license that names the party was held.");
        if open.contains(&TermsOn::NOT_KNOWN) {
            draft = draft.verify("Read in the entry whether it leaves a license exception open.");
        }
        if open.iter().any(|open| [symbol.as_str(), TermsOn::NOT_KNOWN].contains(open)) {
            draft = draft.as_(Disposition::Review);
        }
        findings.push(draft.weigh(turns_on).done());
    }
    let window = i32::from(case.rules.windows().listing_savings.days);
    if let (Standing::InForce { since, effective_known }, Recorded::Given(day)) =
        (stands, &case.line.date.day)
    {
        let days = days_between(*since, day.earliest());
        if (0..=window).contains(&days) {
            let what = if *effective_known { "took effect" } else { "was published" };
            let when = match days {
                0 => format!("on {since}, the day on which the entry {what}"),
                _ => format!("{} after the entry {what} on {since}", in_days(days)),
            };
            findings.push(
                draft(FindingCode::EL10)
                    .because(format!(
                        "Exported {when}. The listing rule may let goods proceed that were en route that day; {} is this program's search \
                         window, not the law's.",
                        in_days(window)
                    ))
                    .verify("Read the savings clause of the listing rule; obtain proof of the date of lading.")
                    .done(),
            );
        }
    }
}

pub(super) fn standing_sentence(stands: &Standing, entity: &ListedEntity) -> String {
    match stands {
        Standing::InForce { since, effective_known: true } => {
            format!("Listed from {since}, the effective date of the listing rule.")
        }
        Standing::InForce { since, .. } if !entity.listing_is_dated() => {
            format!("On the list of {since}; the day of listing is not known.")
        }
        Standing::InForce { since, effective_known: false } => {
            format!(
                "Listed from {since}, the date of publication; the effective date of the listing rule was not read."
            )
        }
        Standing::Later { since, days } => {
            format!("Listed from {since}, {} after the date of export.", in_days(*days))
        }
        Standing::Uncertain(why) => format!("Whether the entry bound that day is not certain: {why}."),
        Standing::Ended(by) => format!("No longer listed from {by}."),
        Standing::ReadingsDiffer(both) => format!("The two readings of the date differ: {both}."),
        Standing::Undated(when) => {
            let since = entity.in_force_from();
            debug_assert!(since.is_some() || !when.is_empty());
            format!("No date of export is recorded; {when}.")
        }
    }
}
