//! Does the record say who uses a controlled item that a trader in Pakistan took? (RF03)

use super::draft::Case;
use crate::field::Field;
use crate::finding::{CodeText, Finding, FindingCode};
use crate::party::PartyRole;
use crate::rulebase::PartyTrait;
use crate::shipment::NamedParty;

pub(super) const TEXTS: &[CodeText] = &[CodeText {
    code: FindingCode::RF03,
    what_it_finds: "An item of the six ECCNs to Pakistan, on or after the effective date, through a trader, distributor or reseller (by \
                    its name, or by the consignee type on record), and no end user: none named, a word for none, or one that is itself \
                    a trader, a forwarder or a bank. A free zone or a post office box as address is told as evidence.",
    why_it_matters: "A license, and the end uses of Part 744, turn on who uses the item. A reseller whose onward customer is not known is \
                     one of the warning signs of the guidance for exports to Pakistan.",
    what_to_look_at: "The order and the end user statement; the reseller's own sales of the item.",
    law: "15 CFR 748.5(f); 15 CFR 742.6(a)(12); Supplement No. 3 to 15 CFR Part 732",
}];

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let Some(determination) = case.determination else { return };
    if determination.required().next().is_none() && !determination.turns_on_date() {
        return;
    }
    let end_user = case.line.named(PartyRole::EndUser);
    let Some(unknown) = unknown(case, end_user.as_ref()) else { return };
    let Some((party, how)) = reseller(case) else { return };
    let eccn = case.line.declared.eccn().map(ToString::to_string).unwrap_or_default();
    let mut why = format!("Declared {eccn}, through the {}, {how}; {unknown}.", party.role);
    if let Some(address) = address_evidence(case, &party) {
        why.push(' ');
        why.push_str(&address);
    }
    let folded = crate::entity_list::fold_name(&party.name);
    findings.push(
        case.red_flag(FindingCode::RF03)
            .candidate(eccn)
            .party(&party, party.role.name())
            .relies_on(&[Field::Party(PartyRole::EndUser), Field::ConsigneeType, Field::Eccn])
            .relies_on_date_and_destination()
            .because(why)
            .verify(
                "Establish who used the item and for what: obtain the end user statement from the reseller.",
            )
            .group(format!("{}|{folded}", FindingCode::RF03))
            .done(),
    );
}

/// Why the end user is not known, in words; none where one is named.
fn unknown(case: &Case<'_>, end_user: Option<&NamedParty<'_>>) -> Option<String> {
    let words = case.rules.party_words();
    let Some(end_user) = end_user else {
        return Some(if case.line.layout.names(PartyRole::EndUser) {
            "no end user is named".to_owned()
        } else {
            "the file has no column for end users".to_owned()
        });
    };
    let name = end_user.name.trim();
    if words.is(PartyTrait::NoEndUser, name) {
        return Some(format!("in place of an end user stands \"{name}\""));
    }
    let is_forwarder = words.find(PartyTrait::Forwarder, name).is_some_and(|word| word.is_certain);
    let is_bank = words.find(PartyTrait::Bank, name).is_some();
    let is_trader = words.find(PartyTrait::Trader, name).is_some();
    let what = match (is_trader, is_forwarder, is_bank) {
        (true, _, _) => "a trader",
        (_, true, _) => "a forwarder",
        (_, _, true) => "a bank",
        _ => return None,
    };
    Some(format!("the end user named, \"{name}\", is by its name {what} itself"))
}

/// The trader or reseller through whom the item went, and what shows it.
fn reseller<'a>(case: &Case<'a>) -> Option<(NamedParty<'a>, String)> {
    let words = case.rules.party_words();
    let consignee = case.line.consignee();
    let purchaser = case.line.named(PartyRole::Purchaser);
    let by_name = [&consignee, &purchaser].into_iter().flatten().find_map(|party| {
        let word = words.find(PartyTrait::Trader, &party.name)?;
        Some((party.clone(), format!("whose name says \"{}\"", word.phrase)))
    });
    by_name.or_else(|| {
        let kind = case.line.text(Field::ConsigneeType).trim();
        let is_reseller = words.is(PartyTrait::ResellerType, kind);
        is_reseller.then(|| Some((consignee?, format!("recorded as a reseller (\"{kind}\")"))))?
    })
}

/// What the party's name or address says of where it can be reached, as a sentence.
pub(super) fn address_evidence(case: &Case<'_>, party: &NamedParty<'_>) -> Option<String> {
    let words = case.rules.party_words();
    let both = format!("{}, {}", party.name, party.address);
    if let Some(word) = words.find(PartyTrait::FreeZone, &both) {
        return Some(format!("The {} is in a free zone (\"{}\").", party.role, word.phrase));
    }
    let word = words.find(PartyTrait::PoBox, &party.address)?;
    Some(format!("The address of the {} is a post office box (\"{}\").", party.role, word.phrase))
}
