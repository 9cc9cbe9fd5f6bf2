//! One list, or some of its entries with their whole history, as `lookback lists show` prints them.

use std::fmt::Write as _;

use crate::codes::CountryCode;
use crate::count::{count, counted};
use crate::effective::Date;
use crate::entity_list::{EntityIdx, EntityList, ListedEntity};
use crate::listing::{Standing, standing};
use crate::shipment::Day;
use crate::wrap::wrap;

/// The list itself, or the entries asked for: by a part of a name, an id, or the country of their heading.
///
/// # Errors
/// When nothing matches.
pub fn show(
    list: &EntityList,
    what: Option<&str>,
    country: Option<CountryCode>,
    on: Option<Date>,
) -> Result<String, String> {
    let snapshot = list.snapshot();
    if what.is_none() && country.is_none() {
        return Ok(about(list));
    }
    let on = on.unwrap_or(snapshot.as_of);
    let wanted = what.map(str::to_lowercase);
    let named = |entity: &ListedEntity| {
        wanted.as_ref().is_none_or(|wanted| {
            *entity.id == **wanted
                || entity.name.to_lowercase().contains(wanted)
                || entity.aliases.iter().any(|alias| alias.name.to_lowercase().contains(wanted))
        })
    };
    let stands = |entity: &ListedEntity| standing(entity, Some(Day::One(on)), 0);
    let found: Vec<(EntityIdx, &ListedEntity)> = list
        .indexed()
        .filter(|(_, entity)| country.is_none_or(|country| entity.country == country))
        .filter(|(_, entity)| named(entity))
        .filter(|(_, entity)| what.is_some() || matches!(stands(entity), Standing::InForce { .. }))
        .collect();
    if found.is_empty() {
        return Err(format!(
            "no entry found in the list of {}; try a shorter part of the name",
            snapshot.as_of
        ));
    }
    let mut text = String::new();
    for (idx, entity) in &found {
        if what.is_some() {
            text.push_str(&whole(list, *idx, entity, on, &stands(entity)));
        } else {
            text.push_str(&short(entity));
        }
    }
    // A unit written inside an entry is a party of its own, and no entry of its own.
    let units = found.iter().filter(|(_, entity)| entity.parent.is_some()).count();
    let entries = counted((found.len() - units) as u64, "entry", "entries");
    let inside = if units == 0 {
        String::new()
    } else {
        format!(", and {} written inside them", counted(units as u64, "unit", "units"))
    };
    let _ = writeln!(text, "\n{entries} as of {on}{inside}.");
    Ok(text)
}

fn about(list: &EntityList) -> String {
    let snapshot = list.snapshot();
    let mut text = format!(
        "{} ({}): {} entries, as of {}\nSHA-256 {}\n",
        snapshot.list,
        snapshot.source,
        count(list.entities().len() as u64),
        snapshot.as_of,
        snapshot.sha256
    );
    for (title, lines) in [("Sources", &snapshot.sources), ("What it cannot know", &snapshot.limits)] {
        let _ = writeln!(text, "\n{title}");
        for line in lines {
            let _ = writeln!(text, "- {}", wrap(line, 96).replace('\n', "\n  "));
        }
    }
    text
}

fn short(entity: &ListedEntity) -> String {
    format!("{}\n  {}; {}\n", headed(entity), listed(entity), entity.federal_register)
}

fn headed(entity: &ListedEntity) -> String {
    format!("{} ({}; {})", entity.name, entity.listed_under, entity.id)
}

fn listed(entity: &ListedEntity) -> String {
    let since = match (entity.in_force_from(), entity.listing_is_dated()) {
        (None, _) => "day of listing not known".to_owned(),
        (Some(day), true) => format!("listed from {day}"),
        (Some(day), false) => format!("on the list of {day}, day of listing not known"),
    };
    let until = entity.delisted_by.map_or_else(String::new, |day| format!(", off the list from {day}"));
    format!("{since}{until}")
}

/// An entry with everything the table knows of it, oldest first.
fn whole(list: &EntityList, idx: EntityIdx, entity: &ListedEntity, on: Date, stands: &Standing) -> String {
    let mut text = short(entity);
    let _ = writeln!(text, "  On {on}: {}.", stands.words());
    let terms = entity.terms_on([on]);
    let open = terms.exceptions_open().join(" or ");
    let open = if open.is_empty() { String::new() } else { format!("; license exception open: {open}") };
    let _ = writeln!(text, "  It {}{open}; license review: {}.", terms.predicate(), terms.review_policy());
    if let Some(change) = terms.change_in_words() {
        let _ = writeln!(text, "  {change}");
    }
    for alias in &entity.aliases {
        let _ = writeln!(text, "  {}: {}", alias.kind.name(), alias.name);
    }
    for address in &entity.addresses {
        let _ = writeln!(text, "  {}", address.text);
    }
    if !entity.note.is_empty() {
        let _ = writeln!(text, "  {}", entity.note);
    }
    if !entity.verified {
        text.push_str("  The sources disagree on this entry, or part of it is inferred: read them.\n");
    }
    let history = history(list, idx, entity);
    if !history.is_empty() {
        text.push_str("  History\n");
        for (_, line) in history {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}

/// What happened to an entry, by day; what has no day comes last.
fn history(list: &EntityList, idx: EntityIdx, entity: &ListedEntity) -> Vec<(Option<Date>, String)> {
    let mut lines: Vec<(Option<Date>, String)> = Vec::new();
    if let Some(day) = entity.listed_from {
        lines.push((Some(day), format!("{day}  listing published")));
    }
    if let Some(day) = entity.effective_from.filter(|day| Some(*day) != entity.listed_from) {
        lines.push((Some(day), format!("{day}  listing took effect")));
    }
    if let Some(day) = entity.listed_by {
        let before = entity.listed_after.map_or_else(String::new, |last| format!(", not on that of {last}"));
        lines.push((Some(day), format!("{day}  on the list{before}")));
    }
    let by_import: Vec<Date> = list.history(idx).map(|change| change.seen_on).collect();
    let by_rule = entity.amended.iter().filter(|day| !by_import.contains(day));
    lines.extend(by_rule.map(|day| (Some(*day), format!("{day}  amended"))));
    for change in list.history(idx) {
        let since = change.not_before.map_or_else(String::new, |day| format!(" (not so on {day})"));
        let what = match (&*change.before, &*change.after) {
            ("", after) if change.what.ends_with("not read") => format!("{}: {after}", change.what),
            ("", after) => format!("{} added: {after}", change.what),
            (before, "") => format!("{} no longer printed: {before}", change.what),
            (before, after) => format!("{}: {before} became {after}", change.what),
        };
        lines.push((Some(change.seen_on), format!("{}  seen{since}: {what}", change.seen_on)));
    }
    if let (Some(last), Some(off)) = (entity.delisted_after, entity.delisted_by) {
        let line = if last.tomorrow().is_ok_and(|next| next == off) {
            format!("{off}  off the list")
        } else {
            format!("{off}  no longer on the list; still on it on {last}")
        };
        lines.push((Some(off), line));
    }
    lines.sort_by_key(|(day, _)| *day);
    if entity.amended_undated {
        lines.push((None, "amended on a day that is not known".to_owned()));
    }
    lines
}
