//! Two lists compared, entry by entry: which is new, which was taken off, and what reads otherwise.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::count::{count, counted};
use crate::effective::Date;
use crate::entity_list::{EntityList, ListedEntity, Standing};

/// The differences from one list to another, in the order of ids.
pub fn diff(before: &EntityList, after: &EntityList) -> String {
    let of = |list: &EntityList| format!("{} (as of {})", list.snapshot().source, list.snapshot().as_of);
    let mut text = format!("From {} to {}\n\n", of(before), of(after));
    let (old, new) = (by_id(before), by_id(after));
    let (mut added, mut gone, mut changed) = (0, 0, 0);
    let mut ids: Vec<&str> = old.keys().chain(new.keys()).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let (old, new) = (old.get(id).copied(), new.get(id).copied());
        let (stood, stands) =
            (old.is_some_and(|old| is_on(before, old)), new.is_some_and(|new| is_on(after, new)));
        let differences = old.zip(new).map_or_else(Vec::new, |(old, new)| differences(old, new));
        let Some(entity) = new.or(old) else { continue };
        let (counter, word) = match (stood, stands) {
            (false, true) => (&mut added, "new"),
            (true, false) => (&mut gone, "off the list"),
            _ if !differences.is_empty() => (&mut changed, "changed"),
            _ if old.is_none() || new.is_none() => (&mut changed, "of the past"),
            _ => continue,
        };
        *counter += 1;
        let _ = writeln!(text, "{word:<12}  {}", headed(entity));
        for difference in differences {
            let _ = writeln!(text, "              {difference}");
        }
    }
    let _ = writeln!(
        text,
        "{}{}, {} taken off the list, {} changed.",
        if added + gone + changed == 0 { "" } else { "\n" },
        counted(added, "new entry", "new entries"),
        count(gone),
        count(changed)
    );
    text
}

fn by_id(list: &EntityList) -> BTreeMap<&str, &ListedEntity> {
    list.entities().iter().map(|entity| (&*entity.id, entity)).collect()
}

/// Whether an entry is on the list on the last day that it answers for.
fn is_on(list: &EntityList, entity: &ListedEntity) -> bool {
    entity.standing_on(list.snapshot().as_of, 0) != Standing::Delisted
}

fn headed(entity: &ListedEntity) -> String {
    format!("{} ({}; {})", entity.name, entity.listed_under, entity.id)
}

fn differences(old: &ListedEntity, new: &ListedEntity) -> Vec<String> {
    let mut told = Vec::new();
    let day = |day: Option<Date>| day.map_or_else(|| "none known".to_owned(), |day| day.to_string());
    let mut one = |what: &str, before: String, after: String| {
        if before != after {
            told.push(format!("{what}: {before} became {after}"));
        }
    };
    one("name", old.name.to_string(), new.name.to_string());
    one("heading", old.listed_under.to_string(), new.listed_under.to_string());
    one(
        "license requirement",
        old.terms.requirement.in_words().to_owned(),
        new.terms.requirement.in_words().to_owned(),
    );
    let open = |entity: &ListedEntity| entity.terms.exception_open.as_deref().unwrap_or("none").to_owned();
    one("license exception open", open(old), open(new));
    one("license review policy", old.terms.review_policy.to_string(), new.terms.review_policy.to_string());
    one("in force from", day(old.in_force_from()), day(new.in_force_from()));
    one("off the list from", day(old.delisted_by), day(new.delisted_by));
    one("Federal Register", old.federal_register.to_string(), new.federal_register.to_string());
    let names = |entity: &ListedEntity| -> Vec<String> {
        entity.aliases.iter().map(|alias| format!("{}: {}", alias.kind, alias.name)).collect()
    };
    let addresses = |entity: &ListedEntity| -> Vec<String> {
        entity.addresses.iter().map(|address| format!("address: {}", address.text)).collect()
    };
    for (before, after) in [(names(old), names(new)), (addresses(old), addresses(new))] {
        told.extend(after.iter().filter(|text| !before.contains(text)).map(|text| format!("added {text}")));
        told.extend(
            before.iter().filter(|text| !after.contains(text)).map(|text| format!("no longer {text}")),
        );
    }
    told
}
