//! What an entry asked for on a day: its license requirement, the exception it leaves open, its review policy.
//!
//! The tables hold the terms that stand now; imports leave in the history what they saw change, and the terms of an
//! earlier day are read back from it. Whether the entry was on the list at all is `entity`'s to say.

use std::cmp::Reverse;
use std::sync::Arc;

use super::entity::Requirement;
use super::layout::UNKNOWN;
use crate::effective::Date;

/// What an entry asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// What needs a license.
    pub requirement: Requirement,
    /// The license exception the entry itself leaves open, `GOV` say; mostly none.
    pub exception_open: Option<Arc<str>>,
    /// The license review policy in words.
    pub review_policy: Arc<str>,
}

/// Terms that others took the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierTerms {
    /// As they were.
    pub terms: Terms,
    /// The last day on which they are known to have stood.
    pub last_known: Option<Date>,
    /// The first day on which the terms after them were seen.
    pub replaced_by: Date,
}

/// One of the terms as it was before an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Was {
    Requirement(Requirement),
    ExceptionOpen(Option<Arc<str>>),
    ReviewPolicy(Arc<str>),
}

/// A change of one of the terms.
#[derive(Debug, Clone)]
pub(super) struct TermChange {
    pub(super) seen_on: Date,
    pub(super) not_before: Option<Date>,
    pub(super) was: Was,
}

/// The terms before each change, oldest first.
pub(super) fn earlier(now: &Terms, mut changes: Vec<TermChange>) -> Vec<EarlierTerms> {
    changes.sort_by_key(|change| Reverse(change.seen_on));
    let mut terms = now.clone();
    let mut earlier = Vec::new();
    for together in changes.chunk_by(|a, b| a.seen_on == b.seen_on) {
        for change in together {
            match &change.was {
                Was::Requirement(requirement) => terms.requirement = *requirement,
                Was::ExceptionOpen(open) => terms.exception_open.clone_from(open),
                Was::ReviewPolicy(policy) => terms.review_policy = Arc::clone(policy),
            }
        }
        let Some(first) = together.first() else { continue };
        let last_known = together.iter().filter_map(|change| change.not_before).min();
        earlier.push(EarlierTerms { terms: terms.clone(), last_known, replaced_by: first.seen_on });
    }
    earlier.reverse();
    earlier
}

/// The terms that stood on a day, or those that may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsOn<'e> {
    /// Never empty; more than one where the data cannot say which of them held.
    all: Vec<&'e Terms>,
    /// The change after the day, or around it.
    change: Option<&'e EarlierTerms>,
}

impl<'e> TermsOn<'e> {
    /// What stands for an exception left open where it is not known whether one is.
    pub const NOT_KNOWN: &'static str = UNKNOWN;

    /// What stood on these days, each a reading of one date; without any, on a day that is not known.
    pub(super) fn of(
        now: &'e Terms,
        earlier: &'e [EarlierTerms],
        days: impl IntoIterator<Item = Date>,
    ) -> Self {
        let mut found = Self { all: Vec::new(), change: None };
        let mut is_dated = false;
        for day in days {
            is_dated = true;
            let Some(at) = earlier.iter().position(|before| day < before.replaced_by) else {
                found.add(now);
                continue;
            };
            let before = &earlier[at];
            found.add(&before.terms);
            found.change = found.change.or(Some(before));
            if before.last_known.is_none_or(|last| last < day) {
                found.add(earlier.get(at + 1).map_or(now, |next| &next.terms));
            }
        }
        if !is_dated {
            for before in earlier {
                found.add(&before.terms);
            }
            found.add(now);
            found.change = earlier.last();
        }
        found
    }

    fn add(&mut self, terms: &'e Terms) {
        if !self.all.contains(&terms) {
            self.all.push(terms);
        }
    }

    /// Every requirement that may have stood, the earliest first.
    pub fn requirements(&self) -> impl Iterator<Item = Requirement> {
        let all = self.all.iter().map(|terms| terms.requirement);
        let mut seen = Vec::new();
        all.filter(move |requirement| {
            let is_new = !seen.contains(requirement);
            seen.push(*requirement);
            is_new
        })
    }

    /// What the entry required, after its name: `requires a license for ...`.
    pub fn predicate(&self) -> String {
        self.requirements().map(Requirement::predicate).collect::<Vec<_>>().join(", or ")
    }

    /// What needed a license, in words.
    pub fn in_words(&self) -> String {
        self.requirements().map(Requirement::in_words).collect::<Vec<_>>().join(", or ")
    }

    /// Whether the requirement turned on the item or the project, or may have.
    pub fn turns_on_the_item(&self) -> bool {
        self.requirements().any(Requirement::turns_on_the_item)
    }

    /// The strictest requirement that may have stood.
    pub fn strictest(&self) -> Requirement {
        self.requirements().min_by_key(|requirement| requirement.leniency()).unwrap_or(Requirement::Unknown)
    }

    /// The license exceptions that the entry left open, each once: `GOV`, or nothing for none. Where the requirement is not
    /// known, so is what it leaves open: [`NOT_KNOWN`](Self::NOT_KNOWN).
    pub fn exceptions_open(&self) -> Vec<&'e str> {
        let where_silent = |terms: &Terms| match terms.requirement {
            Requirement::Unknown => Self::NOT_KNOWN,
            _ => "",
        };
        let open_by = |terms: &'e Terms| terms.exception_open.as_deref().unwrap_or(where_silent(terms));
        let mut open: Vec<&str> = self.all.iter().map(|terms| open_by(terms)).collect();
        open.dedup();
        open
    }

    /// The review policies, in words.
    pub fn review_policy(&self) -> String {
        let mut policies: Vec<&str> = self.all.iter().map(|terms| &*terms.review_policy).collect();
        policies.dedup();
        policies.join(", or ")
    }

    /// That the entry reads otherwise now, or may have read otherwise that day; nothing where it never changed since.
    pub fn change_in_words(&self) -> Option<String> {
        let change = self.change?;
        let seen = change.replaced_by;
        Some(if self.all.len() == 1 {
            format!("So the entry read before a change that was first seen on the list of {seen}.")
        } else {
            let last = change.last_known.map_or_else(String::new, |last| format!("after {last} and "));
            format!(
                "The entry was changed {last}by {seen}, on a day that is not known: read in the Federal Register what it \
                 required on the date of export."
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::Requirement::{AllItems, CclAndSupp7, CrimeaProjects};
    use super::*;

    fn terms(requirement: Requirement, open: Option<&str>, policy: &str) -> Terms {
        Terms { requirement, exception_open: open.map(Arc::from), review_policy: policy.into() }
    }

    /// Two imports: the first changed the requirement, the second the requirement, the exception and the policy.
    fn twice_changed() -> (Terms, Vec<EarlierTerms>) {
        let now = terms(Requirement::AllItems, None, "policy of denial");
        let change = |seen_on, not_before, was| TermChange { seen_on, not_before: Some(not_before), was };
        let (first, second) = (date(2026, 8, 1), date(2026, 9, 1));
        let changes = vec![
            change(first, date(2026, 7, 9), Was::Requirement(Requirement::CrimeaProjects)),
            change(second, first, Was::Requirement(Requirement::CclAndSupp7)),
            change(second, first, Was::ExceptionOpen(Some("GOV".into()))),
            change(second, first, Was::ReviewPolicy("case by case".into())),
        ];
        let earlier = earlier(&now, changes);
        (now, earlier)
    }

    #[test]
    fn each_day_has_the_terms_of_its_time() {
        let (now, earlier) = twice_changed();
        let on = |year, month, day| TermsOn::of(&now, &earlier, [date(year, month, day)]);
        let requirements = |on: &TermsOn<'_>| on.requirements().collect::<Vec<_>>();
        let before = on(2026, 7, 9);
        assert_eq!(requirements(&before), [CrimeaProjects]);
        assert_eq!(before.exceptions_open(), ["GOV"]);
        assert_eq!(before.review_policy(), "case by case");
        assert!(before.change_in_words().unwrap().contains("first seen on the list of 2026-08-01"));

        assert_eq!(
            requirements(&on(2026, 7, 10)),
            [CrimeaProjects, CclAndSupp7],
            "the day after is not certain"
        );
        assert_eq!(requirements(&on(2026, 8, 1)), [CclAndSupp7]);
        let between = on(2026, 8, 15);
        assert_eq!(requirements(&between), [CclAndSupp7, AllItems]);
        assert_eq!(between.exceptions_open(), ["GOV", ""]);
        assert_eq!(between.strictest(), AllItems);
        assert!(between.turns_on_the_item());
        assert!(between.change_in_words().unwrap().contains("after 2026-08-01 and by 2026-09-01"));

        let since = on(2026, 9, 1);
        assert_eq!(requirements(&since), [AllItems]);
        assert_eq!(since.change_in_words(), None);
    }

    #[test]
    fn what_a_requirement_that_is_not_known_leaves_open_is_not_known() {
        let open = |now: &Terms| TermsOn::of(now, &[], []).exceptions_open().join("+");
        assert_eq!(open(&terms(Requirement::Unknown, None, "")), TermsOn::NOT_KNOWN);
        assert_eq!(open(&terms(Requirement::Unknown, Some("GOV"), "")), "GOV");
        assert_eq!(open(&terms(AllItems, None, "")), "");
    }

    #[test]
    fn a_date_with_two_readings_or_none_leaves_the_terms_open() {
        let (now, earlier) = twice_changed();
        let both = TermsOn::of(&now, &earlier, [date(2026, 7, 8), date(2026, 9, 7)]);
        assert_eq!(both.requirements().count(), 2);
        assert_eq!(TermsOn::of(&now, &earlier, []).requirements().count(), 3);
        let never = TermsOn::of(&now, &[], []);
        assert_eq!((never.requirements().count(), never.change_in_words()), (1, None));
    }
}
