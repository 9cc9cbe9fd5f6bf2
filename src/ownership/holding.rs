//! The shares of a day, added up: is a party held by listed ones, and through whom.
//!
//! Shares are not multiplied. A party whose listed or so restricted owners together hold the threshold or more is
//! restricted itself, and all it holds counts in full; what an owner below the threshold holds counts as nothing. This
//! is repeated until nobody is added, so that the order of rows does not matter and circles end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

use rust_decimal::Decimal;

use super::{Ownership, PartyIdx, Share};
use crate::effective::Date;
use crate::entity_list::{EntityIdx, EntityList, Standing};

/// How many sums are remembered; then they are forgotten, and only speed changes.
const REMEMBERED: usize = 4_096;

/// What listed parties held in a party on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holding {
    /// At or above the threshold.
    Restricted(Chain),
    /// At or above the threshold if shares or listings that are not certain are counted.
    Possible(Chain),
    /// Something, below the threshold.
    Minority(Chain),
    /// Nothing.
    Nothing,
}

/// How listed parties come to hold a party: the party itself first, then the restricted parties among its owners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// One restricted or held party each.
    pub steps: Vec<Step>,
}

/// One party of a chain with the owners that count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The party.
    pub owned: PartyIdx,
    /// What the owners that count hold together, as far as shares are known.
    pub percent: Decimal,
    /// These owners.
    pub parts: Vec<Part>,
}

/// One owner's share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The owner.
    pub owner: PartyIdx,
    /// The share; none where it is not known.
    pub percent: Option<Decimal>,
    /// The row of the table.
    pub row: u64,
    /// Where the share is known from.
    pub source: String,
    /// The entry that the owner is, or may be; none for an owner that is restricted through its own owners.
    pub entity: Option<EntityIdx>,
    /// Whether the owner is that entry, and the entry bound that day.
    pub is_certain: bool,
}

impl Chain {
    /// The entries at its ends, each once.
    pub fn entities(&self) -> Vec<EntityIdx> {
        let mut all: Vec<EntityIdx> =
            self.steps.iter().flat_map(|step| &step.parts).filter_map(|part| part.entity).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// How a party stands on the lists on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct OnList {
    entity: EntityIdx,
    is_certain: bool,
}

/// The part of the table that bears on one party on one day.
struct Day<'o> {
    /// The shares in the party and in its owners, direct and indirect.
    shares: BTreeMap<PartyIdx, Vec<&'o Share>>,
    /// The same, by owner.
    holds: BTreeMap<PartyIdx, Vec<&'o Share>>,
    on_list: BTreeMap<PartyIdx, OnList>,
    threshold: Decimal,
}

impl Ownership {
    /// What listed parties held in a party on a day.
    pub fn holding(&self, party: PartyIdx, on: Date, list: &EntityList) -> Arc<Holding> {
        let known = |known: &BTreeMap<_, Arc<Holding>>| known.get(&(party, on)).map(Arc::clone);
        if let Some(holding) = known(&self.added_up.lock().unwrap_or_else(PoisonError::into_inner)) {
            return holding;
        }
        let holding = Arc::new(self.add_up(party, on, list));
        let mut added_up = self.added_up.lock().unwrap_or_else(PoisonError::into_inner);
        if added_up.len() >= REMEMBERED {
            added_up.clear();
        }
        added_up.insert((party, on), Arc::clone(&holding));
        holding
    }

    fn add_up(&self, party: PartyIdx, on: Date, list: &EntityList) -> Holding {
        let day = self.day(party, on, list);
        let certain = day.restricted(false);
        if certain.contains_key(&party) {
            return Holding::Restricted(day.chain(party, &certain, false));
        }
        let possible = day.restricted(true);
        if possible.contains_key(&party) {
            return Holding::Possible(day.chain(party, &possible, true));
        }
        let chain = day.chain(party, &possible, true);
        if chain.steps.first().is_some_and(|step| !step.parts.is_empty()) {
            Holding::Minority(chain)
        } else {
            Holding::Nothing
        }
    }

    fn day(&self, party: PartyIdx, on: Date, list: &EntityList) -> Day<'_> {
        let mut day = Day {
            shares: BTreeMap::new(),
            holds: BTreeMap::new(),
            on_list: BTreeMap::new(),
            threshold: self.threshold,
        };
        let mut open = vec![party];
        while let Some(owned) = open.pop() {
            if day.shares.contains_key(&owned) {
                continue;
            }
            day.on_list.extend(self.on_list(owned, on, list).map(|how| (owned, how)));
            let held: Vec<&Share> =
                self.owners().held_in(owned).filter(|share| share.period.contains(on)).collect();
            for share in &held {
                day.holds.entry(share.owner).or_default().push(share);
                open.push(share.owner);
            }
            day.shares.insert(owned, held);
        }
        day
    }

    /// The entry that speaks strongest for a party being listed that day.
    fn on_list(&self, party: PartyIdx, on: Date, list: &EntityList) -> Option<OnList> {
        self.listed[party.0 as usize]
            .iter()
            .filter_map(|listed| {
                let bound = match list.entity(listed.entity).standing_on(on, self.days_before) {
                    Standing::Listed => true,
                    Standing::Uncertain => false,
                    Standing::ListedLater(_) | Standing::Delisted => return None,
                };
                Some(OnList { entity: listed.entity, is_certain: bound && listed.is_certain })
            })
            .max_by_key(|how| (how.is_certain, std::cmp::Reverse(how.entity)))
    }
}

impl Day<'_> {
    /// The parties that listed ones hold at or above the threshold, with the round in which each was added. With
    /// `possible`, listings that are not certain count, and a share that is not known counts as all that is left.
    fn restricted(&self, possible: bool) -> BTreeMap<PartyIdx, u32> {
        let mut restricted: BTreeMap<PartyIdx, u32> = BTreeMap::new();
        let mut sums: BTreeMap<PartyIdx, (Decimal, bool)> = BTreeMap::new();
        // Those who count from now on: the listed ones, then each round those whom they bring over the threshold.
        let mut counted: Vec<PartyIdx> =
            self.on_list.keys().copied().filter(|party| self.is_listed(*party, possible)).collect();
        for round in 1.. {
            let mut touched: Vec<PartyIdx> = Vec::new();
            for share in counted.iter().filter_map(|owner| self.holds.get(owner)).flatten() {
                let sum = sums.entry(share.owned).or_default();
                match share.percent {
                    Some(percent) => sum.0 += percent,
                    None => sum.1 = true,
                }
                touched.push(share.owned);
            }
            touched.sort_unstable();
            touched.dedup();
            touched.retain(|party| {
                !restricted.contains_key(party)
                    && sums.get(party).is_some_and(|sum| self.reaches(*party, *sum, possible))
            });
            if touched.is_empty() {
                break;
            }
            restricted.extend(touched.iter().map(|party| (*party, round)));
            // A listed one counts already.
            touched.retain(|party| !self.is_listed(*party, possible));
            counted = touched;
        }
        restricted
    }

    fn reaches(&self, party: PartyIdx, (sum, unknown): (Decimal, bool), possible: bool) -> bool {
        if !possible || !unknown {
            return sum >= self.threshold;
        }
        let known: Decimal =
            self.shares.get(&party).into_iter().flatten().filter_map(|share| share.percent).sum();
        sum + (Decimal::ONE_HUNDRED - known) >= self.threshold
    }

    fn counts(&self, owner: PartyIdx, restricted: &BTreeMap<PartyIdx, u32>, possible: bool) -> bool {
        restricted.contains_key(&owner) || self.is_listed(owner, possible)
    }

    /// The owners that count, from the party on; those through whom a restricted owner is held follow it.
    fn chain(&self, party: PartyIdx, restricted: &BTreeMap<PartyIdx, u32>, possible: bool) -> Chain {
        let mut steps: Vec<Step> = Vec::new();
        let mut open = vec![party];
        let mut seen = BTreeSet::from([party]);
        let mut next = 0;
        while let Some(owned) = open.get(next).copied() {
            next += 1;
            // Only owners that were restricted before it explain why it is; the party asked about may have any.
            let round = restricted.get(&owned).copied().unwrap_or(u32::MAX);
            let parts: Vec<Part> = self
                .shares
                .get(&owned)
                .map_or(&[][..], Vec::as_slice)
                .iter()
                .filter(|share| self.counts(share.owner, restricted, possible))
                .filter(|share| {
                    self.is_listed(share.owner, possible)
                        || restricted.get(&share.owner).is_some_and(|earlier| *earlier < round)
                })
                .map(|share| {
                    let on_list =
                        self.on_list.get(&share.owner).filter(|_| self.is_listed(share.owner, possible));
                    Part {
                        owner: share.owner,
                        percent: share.percent,
                        row: share.row,
                        source: share.source.clone(),
                        entity: on_list.map(|how| how.entity),
                        is_certain: on_list.is_none_or(|how| how.is_certain),
                    }
                })
                .collect();
            for part in parts.iter().filter(|part| part.entity.is_none()) {
                if seen.insert(part.owner) {
                    open.push(part.owner);
                }
            }
            steps.push(Step { owned, percent: parts.iter().filter_map(|part| part.percent).sum(), parts });
        }
        Chain { steps }
    }

    fn is_listed(&self, owner: PartyIdx, possible: bool) -> bool {
        self.on_list.get(&owner).is_some_and(|how| how.is_certain || possible)
    }
}
