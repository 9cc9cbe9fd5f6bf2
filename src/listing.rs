//! Whether an entry of the list bound on a day: the dated question that every party finding turns on.

use crate::effective::{Date, days_between};
use crate::entity_list::{ListedEntity, Standing as OnList};
use crate::shipment::Day;

/// How an entry stood on the date of export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Listed that day; since when, and whether that day was read in the rule or is the publication date.
    InForce {
        /// The day from which it bound.
        since: Date,
        /// Whether `since` is the effective date as read in the rule.
        effective_known: bool,
    },
    /// Listed only later, this many days.
    Later {
        /// The day from which it bound.
        since: Date,
        /// Days from the date of export to then.
        days: i32,
    },
    /// Cannot be said; why, in words.
    Uncertain(String),
    /// No longer listed; the first day on which it was known to be off the list.
    Ended(Date),
    /// The two readings of the date lead to different answers; both, in words.
    ReadingsDiffer(String),
    /// The record has no date: the entry's own dates, in words.
    Undated(String),
}

/// How the entry stood on the day; `days_before` is the window before publication in which an entry without a known
/// effective date may have bound already.
pub fn standing(entity: &ListedEntity, day: Option<Day>, days_before: i32) -> Standing {
    let Some(day) = day else {
        let since = entity.in_force_from();
        return Standing::Undated(since.map_or_else(
            || "the day of listing is not known".to_owned(),
            |since| format!("the entry is listed since {since}"),
        ));
    };
    match day {
        Day::One(day) => on(entity, day, days_before),
        Day::Either(earlier, later) => {
            let (first, second) = (on(entity, earlier, days_before), on(entity, later, days_before));
            if std::mem::discriminant(&first) == std::mem::discriminant(&second) {
                first
            } else {
                Standing::ReadingsDiffer(format!(
                    "read as {earlier}: {}; read as {later}: {}",
                    first.words(),
                    second.words()
                ))
            }
        }
    }
}

fn on(entity: &ListedEntity, day: Date, days_before: i32) -> Standing {
    let since = entity.in_force_from();
    match (entity.standing_on(day, days_before), since) {
        (OnList::Delisted, _) => Standing::Ended(entity.delisted_by.unwrap_or(day)),
        (OnList::Listed, Some(since)) => {
            Standing::InForce { since, effective_known: entity.effective_from.is_some() }
        }
        (OnList::ListedLater(days), Some(since)) => Standing::Later { since, days },
        (_, since) => Standing::Uncertain(why_uncertain(entity, day, since)),
    }
}

fn why_uncertain(entity: &ListedEntity, day: Date, since: Option<Date>) -> String {
    if let Some(after) = entity.delisted_after.filter(|after| *after < day) {
        let by = entity.delisted_by.map_or_else(|| "later".to_owned(), |by| format!("on {by}"));
        return format!(
            "the entry was still listed on {after} and no longer {by}; the day of removal is not known"
        );
    }
    let Some(since) = since else { return "the day of listing is not known".to_owned() };
    if !entity.listing_is_dated() {
        let before =
            entity.listed_after.map_or_else(String::new, |last| format!(" and not on that of {last}"));
        return format!("the entry was on the list of {since}{before}; the day of listing is not known");
    }
    format!(
        "published in the Federal Register on {since}, {} after the date of export; the rule's own effective date is \
         not known here and may be earlier",
        crate::count::days(days_between(day, since))
    )
}

impl Standing {
    /// The standing in a few words.
    pub fn words(&self) -> String {
        match self {
            Self::InForce { since, .. } => format!("listed since {since}"),
            Self::Later { since, .. } => format!("not listed until {since}"),
            Self::Uncertain(why) => why.clone(),
            Self::Ended(by) => format!("no longer listed from {by}"),
            Self::ReadingsDiffer(both) | Self::Undated(both) => both.clone(),
        }
    }
}
