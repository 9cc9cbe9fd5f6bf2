//! `lookback lists`: a list shown, an official download imported, two lists compared.

use std::path::Path;

use super::{Failure, Outcome};
use crate::audit;
use crate::codes::CountryCode;
use crate::effective::Date;
use crate::entity_list::ListName;
use crate::lists;
use crate::rulebase::Rulebase;

/// `lookback lists show`.
///
/// # Errors
/// When the list cannot be loaded, or nothing matches.
pub fn lists_show(
    what: Option<&str>,
    country: Option<CountryCode>,
    on: Option<Date>,
    folder: Option<&Path>,
) -> Result<Outcome, Failure> {
    let list = audit::load_list(folder)?;
    lists::show(&list, what, country, on).map(Outcome::said).map_err(Failure)
}

/// `lookback lists import`. Exit status 3 where a row could not be used or a question is open.
///
/// # Errors
/// Why nothing was imported.
pub fn lists_import(request: &lists::Request) -> Result<Outcome, Failure> {
    let rules = audit::load_rules(None)?;
    let imported = lists::import(request, &wanted(&rules)).map_err(Failure)?;
    Ok(Outcome { text: imported.text, status: if imported.asks_for_a_person { 3 } else { 0 } })
}

/// The Entity List, and the lists to which the rule base attaches something.
fn wanted(rules: &Rulebase) -> Vec<lists::Wanted> {
    let entity_list = lists::Wanted { list: ListName::EntityList, programs: Vec::new(), requirement: None };
    let others = rules.party_lists().lists().iter().map(|law| lists::Wanted {
        list: law.list,
        programs: law.programs.clone(),
        requirement: law.requirement,
    });
    std::iter::once(entity_list).chain(others).collect()
}

/// `lookback lists diff`.
///
/// # Errors
/// When one of the lists cannot be loaded.
pub fn lists_diff(before: Option<&Path>, after: Option<&Path>) -> Result<Outcome, Failure> {
    let (before, after) = (audit::load_list(before)?, audit::load_list(after)?);
    Ok(Outcome::said(lists::diff(&before, &after)))
}
