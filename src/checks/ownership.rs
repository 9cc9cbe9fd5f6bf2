//! Was a party held by listed ones on the day, as the user's ownership table has it? (EL08)

use super::draft::{Case, Draft};
use crate::effective::Date;
use crate::entity_list::{EntityIdx, ListedEntity};
use crate::finding::{CodeText, Disposition, Finding, FindingCode};
use crate::listing::{Standing, standing};
use crate::ownership::{Chain, Holding, InTable, Ownership};
use crate::rulebase::State;
use crate::screening::PartyVerdict;
use crate::shipment::{Day, LicenseRecord, NamedParty};

pub(super) const TEXTS: &[CodeText] = &[CodeText {
    code: FindingCode::EL08,
    what_it_finds: "With an ownership table: a party in which listed parties held shares on the date of export. Shares are added up, not \
                    multiplied: an owner held at or above the threshold counts as listed, an owner below it as nothing. An exception at \
                    or above the threshold while the affiliates rule was in force; a review below it, before, during the suspension, and \
                    while it is not verified that the rule is back in force.",
    why_it_matters: "While the rule was in force, a party held at or above the threshold was under the restrictions of its owners, the \
                     strictest of them. At all times a listed owner is a red flag.",
    what_to_look_at: "The shares on that day and where they are known from, the owners' own entries, and whether a license names the party.",
    law: "Supplement No. 8 to 15 CFR Part 744; 15 CFR 744.11; Supplement No. 3 to 15 CFR Part 732",
}];

pub(super) fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let Some(table) = case.ownership else { return };
    let parties = &case.line.parties;
    for (index, party) in parties.iter().enumerate() {
        let Some(verdict) = party.verdict.as_ref().filter(|verdict| !verdict.owned.is_empty()) else {
            continue;
        };
        let same = |other: &NamedParty<'_>| {
            other.verdict.as_ref().is_some_and(|other| other.folded == verdict.folded)
        };
        if parties[..index].iter().any(same) || is_listed_itself(case, verdict) {
            continue;
        }
        let together: Vec<&NamedParty<'_>> = parties[index..].iter().filter(|other| same(other)).collect();
        for owned in &verdict.owned {
            findings.extend(found(case, table, party, &together, verdict, owned));
        }
    }
}

/// A party that was listed itself needs no owner to be restricted: EL01 or EL05 speaks of it.
fn is_listed_itself(case: &Case<'_>, verdict: &PartyVerdict) -> bool {
    let day = case.line.date.day.given().copied();
    let window = i32::from(case.rules.windows().listing_uncertain.days);
    let restricts = &case.rules.affiliates().lists;
    verdict.candidates.iter().any(|candidate| {
        candidate.basis.is_exact()
            && restricts.contains(&case.list.entity(candidate.entity).list)
            && candidate.agrees_with_country != Some(false)
            && matches!(standing(case.list.entity(candidate.entity), day, window), Standing::InForce { .. })
    })
}

/// The holding that decides, and the day it is of; the other reading of the date where it would decide otherwise.
fn of_the_day(case: &Case<'_>, table: &Ownership, owned: &InTable) -> (Date, Holding, Option<Date>) {
    let on = |day| (*table.holding(owned.party, day, case.list)).clone();
    match case.line.date.day.given() {
        Some(Day::One(day)) => (*day, on(*day), None),
        Some(Day::Either(earlier, later)) => {
            let (first, second) = (on(*earlier), on(*later));
            let differ = rank(&first) != rank(&second);
            if rank(&second) > rank(&first) {
                (*later, second, Some(*earlier))
            } else {
                (*earlier, first, differ.then_some(*later))
            }
        }
        None => {
            let day = case.list.snapshot().as_of;
            (day, on(day), None)
        }
    }
}

fn rank(holding: &Holding) -> u8 {
    match holding {
        Holding::Restricted(_) => 3,
        Holding::Possible(_) => 2,
        Holding::Minority(_) => 1,
        Holding::Nothing => 0,
    }
}

fn found(
    case: &Case<'_>,
    table: &Ownership,
    party: &NamedParty<'_>,
    together: &[&NamedParty<'_>],
    verdict: &PartyVerdict,
    owned: &InTable,
) -> Option<Finding> {
    let (day, holding, other_day) = of_the_day(case, table, owned);
    let chain = match &holding {
        Holding::Restricted(chain) | Holding::Possible(chain) | Holding::Minority(chain) => chain,
        Holding::Nothing => return None,
    };
    let entity = case.list.entity(strictest(case, chain, day)?);
    let affiliates = case.rules.affiliates();
    let threshold = affiliates.threshold_percent;
    let version = affiliates.rule.version_on(day);
    let in_transaction = together.iter().any(|party| party.role.is_transaction_party());
    let roles = together.iter().map(|party| party.role.name()).collect::<Vec<_>>().join(";");
    let name = &table.owners().party(owned.party).name;

    let mut why = Vec::new();
    if !owned.is_certain {
        why.push(format!("The name resembles \"{name}\" of the ownership table. {}", owned.explanation));
    }
    if case.line.date.day.given().is_none() {
        why.push(format!("No date of export is recorded; the shares are those of {day}."));
    } else {
        why.push(format!("On {day}:"));
    }
    why.push(table.in_words(chain, case.list));
    why.push(match &holding {
        Holding::Restricted(_) => format!("Listed parties and those they restrict hold {threshold} % or more of it."),
        Holding::Possible(_) => format!(
            "Whether they hold {threshold} % or more of it turns on a share, a name or a listing that is not certain."
        ),
        Holding::Minority(_) | Holding::Nothing => format!("That is below {threshold} %."),
    });
    why.push(rule_that_day(case, day));

    let is_exception = matches!(holding, Holding::Restricted(_))
        && version.is_some_and(|version| version.state == State::InForce)
        && owned.is_certain
        && in_transaction
        && other_day.is_none()
        && case.line.date.day.given().is_some();
    let from = version.and_then(|version| version.effective.from);
    let law = version.map_or_else(|| affiliates.rule.citations(), crate::rulebase::Version::citations);
    let mut draft = case
        .draft(FindingCode::EL08)
        .as_(if is_exception { Disposition::Exception } else { Disposition::Review })
        .rule(&affiliates.rule.id, from, &format!("{law}; {}", entity.federal_register))
        .party(party, &roles)
        .with(|finding| {
            finding.listed_entity_id = entity.id.to_string();
            finding.listed_entity = entity.name.to_string();
            finding.matched_name.clone_from(name);
            finding.score = format!("{:.3}", owned.score);
        })
        .relies_on_date_and_destination()
        .group(format!("{}|{}|{}|{roles}", FindingCode::EL08, verdict.folded, entity.id));
    if rank(&holding) == 3 {
        why.push(inherited(entity, day));
    }
    draft = draft.because(why.join(" "));
    draft = verify(case, entity, &holding, day, other_day, owned, in_transaction, draft);
    let mut turns_on: Vec<Date> = affiliates.rule.versions.iter().filter_map(|v| v.effective.from).collect();
    turns_on.extend(entity.in_force_from());
    turns_on.extend(
        table
            .owners()
            .held_in(owned.party)
            .flat_map(|share| [share.period.from, share.period.until].into_iter().flatten()),
    );
    Some(draft.weigh(&turns_on).done())
}

#[expect(clippy::too_many_arguments, reason = "what a person must establish depends on all of it")]
fn verify<'c, 'a>(
    case: &Case<'_>,
    entity: &ListedEntity,
    holding: &Holding,
    day: Date,
    other_day: Option<Date>,
    owned: &InTable,
    in_transaction: bool,
    mut draft: Draft<'c, 'a>,
) -> Draft<'c, 'a> {
    let affiliates = case.rules.affiliates();
    if !owned.is_certain {
        draft = draft.verify("Establish whether the party is the one in the ownership table.");
    }
    draft = draft.verify("Establish the shares on the date of export, and look in the license file for a license that names the party or its owners.");
    if let LicenseRecord::Number { number, .. } = &case.line.license {
        draft = draft
            .as_(Disposition::Review)
            .verify(&format!("License number {number} is recorded: establish that it covers the party."));
    }
    let terms = entity.terms_on([day]);
    if matches!(holding, Holding::Restricted(_)) && terms.turns_on_the_item() {
        draft = draft.as_(Disposition::Review).verify(&format!(
            "The owner's entry {}: establish whether the item or the project is concerned.",
            terms.predicate()
        ));
    }
    if !in_transaction {
        draft = draft.verify("Establish what the party did in the transaction: only as purchaser, intermediate consignee, ultimate consignee or end user it brings the requirement.");
    }
    if let Some(other) = other_day {
        draft =
            draft.verify(&format!("Establish the date of export: read as {other}, the answer is another."));
    }
    if affiliates.rule.in_force(day).is_some() {
        draft = draft
            .verify("Read the savings clause of the rule for goods that were en route when it took effect.");
    }
    let covered = |until: Date| day < until && affiliates.rule.version_on(day).is_some();
    if let Some(until) = affiliates.general_license_until.filter(|until| covered(*until)) {
        let last = until.yesterday().unwrap_or(until);
        draft = draft.verify(&format!(
            "Read the temporary general license that ran to {last}: it covered certain countries and joint ventures."
        ));
    }
    draft
}

/// The entry whose requirement is the strictest of those at the ends of the chain; the first of them where several are.
fn strictest(case: &Case<'_>, chain: &Chain, day: Date) -> Option<EntityIdx> {
    let leniency = |idx: &EntityIdx| case.list.entity(*idx).terms_on([day]).strictest().leniency();
    chain.entities().into_iter().min_by_key(|idx| (leniency(idx), *idx))
}

fn inherited(entity: &ListedEntity, day: Date) -> String {
    let terms = entity.terms_on([day]);
    let said = format!(
        "The strictest of its listed owners, \"{}\" ({}), {}.",
        entity.name,
        entity.list,
        terms.predicate()
    );
    [said].into_iter().chain(terms.change_in_words()).collect::<Vec<_>>().join(" ")
}

/// Whether the affiliates rule bound that day, in words.
fn rule_that_day(case: &Case<'_>, day: Date) -> String {
    let rule = &case.rules.affiliates().rule;
    let Some(version) = rule.version_on(day) else {
        let from = rule.first().and_then(|version| version.effective.from);
        let from = from.map_or_else(|| "later".to_owned(), |from| format!("on {from}"));
        return format!(
            "The affiliates rule took effect only {from}: on that day a listed owner was a red flag and brought no requirement of its own."
        );
    };
    let until = version.effective.until.map_or_else(String::new, |until| format!(" until {until}"));
    match version.state {
        State::InForce => "The affiliates rule was in force that day.".to_owned(),
        State::Suspended => format!(
            "The affiliates rule was suspended that day{until}: a listed owner was a red flag and brought no requirement of its own."
        ),
        State::Unverified => {
            "The affiliates rule was in force that day on its face; whether its suspension was extended is not verified."
                .to_owned()
        }
    }
}
