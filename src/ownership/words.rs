//! A chain of ownership in words, with the rows of the table it rests on.

use rust_decimal::Decimal;

use super::{Chain, Ownership, Part, Step};
use crate::entity_list::EntityList;

/// How many parties of a chain are told; the rest are counted.
const STEPS_TOLD: usize = 8;
/// How many owners of one party are told.
const OWNERS_TOLD: usize = 8;

impl Ownership {
    /// Who holds the party, through whom, and where the table says so.
    pub fn in_words(&self, chain: &Chain, list: &EntityList) -> String {
        let mut sentences: Vec<String> = chain
            .steps
            .iter()
            .take(STEPS_TOLD)
            .enumerate()
            .map(|(at, step)| self.step(step, at > 0, list))
            .collect();
        let more = chain.steps.len().saturating_sub(STEPS_TOLD);
        if more > 0 {
            sentences.push(format!("The chain goes on through {more} more of the table's parties."));
        }
        sentences.join(" ")
    }

    fn step(&self, step: &Step, itself: bool, list: &EntityList) -> String {
        let name = &self.owners().party(step.owned).name;
        let mut owners: Vec<String> =
            step.parts.iter().take(OWNERS_TOLD).map(|part| self.part(part, list)).collect();
        let more = step.parts.len().saturating_sub(OWNERS_TOLD);
        if more > 0 {
            owners.push(format!("by {more} more"));
        }
        let total = if step.parts.len() > 1 && step.parts.iter().any(|part| part.percent.is_some()) {
            format!(", {} together", percent(step.percent))
        } else {
            String::new()
        };
        let rows: Vec<String> =
            step.parts.iter().take(OWNERS_TOLD).map(|part| part.row.to_string()).collect();
        let mut sources: Vec<&str> =
            step.parts.iter().map(|part| part.source.as_str()).filter(|source| !source.is_empty()).collect();
        sources.dedup();
        sources.truncate(OWNERS_TOLD);
        let source =
            if sources.is_empty() { String::new() } else { format!("; source: {}", sources.join(", ")) };
        format!(
            "\"{name}\" is {}owned {}{total} ({}, {} {}{source}).",
            if itself { "itself " } else { "" },
            join(&owners),
            self.owners().file(),
            if rows.len() == 1 { "row" } else { "rows" },
            rows.join(", "),
        )
    }

    fn part(&self, part: &Part, list: &EntityList) -> String {
        let share = part.percent.map_or_else(|| "by a share not given".to_owned(), percent);
        let name = &self.owners().party(part.owner).name;
        let Some(idx) = part.entity else { return format!("{share} by \"{name}\"") };
        let entity = list.entity(idx);
        let since = entity.in_force_from().map_or_else(
            || ", the day of listing not known".to_owned(),
            |day| format!(", listed since {day}"),
        );
        let what = if part.is_certain { "on the" } else { "perhaps, on the" };
        let under = if entity.listed_under.is_empty() || *entity.listed_under == *entity.list.name() {
            String::new()
        } else {
            format!(" under {}", entity.listed_under)
        };
        let as_name = if entity.name.eq_ignore_ascii_case(name) {
            String::new()
        } else {
            format!(" as \"{}\"", entity.name)
        };
        format!("{share} by \"{name}\" ({what} {}{under}{as_name}{since})", entity.list)
    }
}

/// `25 %`
fn percent(share: Decimal) -> String {
    format!("{} %", share.normalize())
}

/// `a, b and c`
fn join(parts: &[String]) -> String {
    match parts {
        [] => "by nobody that counts".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
