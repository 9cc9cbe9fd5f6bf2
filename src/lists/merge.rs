//! The next table of a list: the entries of the last with what a download adds, changes and no longer holds.
//!
//! Nothing is taken away: an entry that vanished gets the bounds of its removal, a name or address no longer printed stays
//! with a line in the entry's history.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Kind, Line};
use super::download::Listing;
use super::import::Wanted;
use super::matching::{Matched, matched};
use super::names::{address_key, country, name_key};
use super::questions::{Answers, Question};
use super::tables::{Column, EntryRows, Tables};
use crate::effective::Date;
use crate::entity_list::{ListName, Requirement};
use crate::places::Places;

/// A list loses few entries from one download to the next; more than this many in a hundred is a download cut off.
const MOST_VANISHED_PERCENT: usize = 10;
/// Below so many entries a share says nothing.
const FEW_ENTRIES: usize = 20;

/// A list after an import.
#[derive(Debug)]
pub(super) struct Merged {
    pub(super) tables: Tables,
    /// Rows of the download that are of the list.
    pub(super) rows: usize,
    pub(super) is_first: bool,
    pub(super) lines: Vec<Line>,
    /// Texts that an earlier import told as not read, and that still read so.
    pub(super) still_not_read: u64,
    pub(super) questions: Vec<Question>,
}

/// Merges the rows of one list; `before` is none where the list is imported for the first time.
pub(super) fn merged(
    wanted: &Wanted,
    before: Option<Tables>,
    listings: &[&Listing],
    as_of: Date,
    answers: &Answers,
    places: &Places,
) -> Result<Merged, String> {
    let (list, is_first) = (wanted.list, before.is_none());
    if let Some(before) = before.as_ref().filter(|before| as_of <= before.as_of) {
        return Err(format!(
            "the {list} it is merged into answers to {}, and the download is of {as_of}: it must be later. Give --as-of the \
             day of the download, or --entity-list an older list.",
            before.as_of
        ));
    }
    let last = before.as_ref().map(|before| before.as_of);
    let mut tables = before.unwrap_or_else(|| Tables::empty(list, as_of));
    let standing: BTreeMap<&str, &EntryRows> = tables
        .entries
        .iter()
        .filter(|(_, entry)| {
            entry.get(Column::ParentId).is_empty() && last.is_none_or(|last| entry.stood_on(last))
        })
        .map(|(id, entry)| (id.as_str(), entry))
        .collect();
    let Matched { entry_of, new, vanished, questions } = matched(&standing, listings, answers, places);
    let (stood, gone) = (standing.len(), vanished.len());
    if stood >= FEW_ENTRIES && gone * 100 > stood * MOST_VANISHED_PERCENT {
        return Err(format!(
            "the download lacks {gone} of {stood} entries of the {list}: it is cut off or filtered. Take the whole \
             Consolidated Screening List; nothing was written."
        ));
    }
    let mut merge = Merge {
        list,
        requirement: wanted.requirement,
        last,
        as_of,
        places,
        lines: Vec::new(),
        still_not_read: 0,
        published: published(&tables),
    };
    for (row, id) in &entry_of {
        if let Some(entry) = tables.entries.get_mut(id) {
            merge.change(entry, listings[*row]);
        }
    }
    for row in new {
        let id = merge.fresh_id(&tables, listings[row]);
        let entry = merge.new_entry(&id, listings[row]);
        tables.entries.insert(id, entry);
    }
    if let Some(last) = last {
        for id in &vanished {
            let of_entry = |(other, entry): &(&String, &mut EntryRows)| {
                *other == id || (entry.get(Column::ParentId) == id && entry.stood_on(last))
            };
            for (_, entry) in tables.entries.iter_mut().filter(of_entry) {
                merge.vanish(entry, last);
            }
        }
    }
    merge.lines.sort_by(|a, b| (a.kind, &a.id).cmp(&(b.kind, &b.id)));
    if is_first {
        // A list never imported before is new as a whole.
        merge.lines.clear();
    }
    tables.as_of = as_of;
    let Merge { lines, still_not_read, .. } = merge;
    Ok(Merged { tables, rows: listings.len(), is_first, lines, still_not_read, questions })
}

/// The work on one list.
pub(super) struct Merge<'p> {
    pub(super) list: ListName,
    /// What needs a license to its parties, where its rows do not say it.
    pub(super) requirement: Option<Requirement>,
    /// The last day the list answered for before.
    pub(super) last: Option<Date>,
    pub(super) as_of: Date,
    pub(super) places: &'p Places,
    lines: Vec<Line>,
    pub(super) still_not_read: u64,
    /// When each citation the table knows was published.
    published: BTreeMap<String, String>,
}

fn published(tables: &Tables) -> BTreeMap<String, String> {
    let citations = tables.entries.values().flat_map(|entry| &entry.citations);
    citations
        .filter(|[_, published, ..]| !published.is_empty())
        .map(|[citation, published, ..]| (citation.clone(), published.clone()))
        .collect()
}

pub(super) fn text(day: Option<Date>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

impl Merge<'_> {
    /// A line of the entry's history.
    pub(super) fn note(&self, entry: &mut EntryRows, what: &str, before: &str, after: &str) {
        let [seen, not_before] = [self.as_of.to_string(), text(self.last)];
        entry.history.push([seen, not_before, what.to_owned(), before.to_owned(), after.to_owned()]);
    }

    pub(super) fn tell(
        &mut self,
        kind: Kind,
        entry: &mut EntryRows,
        what: &'static str,
        before: &str,
        after: &str,
    ) {
        if matches!(kind, Kind::Changed | Kind::NotPrinted) {
            self.note(entry, what, before, after);
        }
        self.lines.push(Line {
            list: self.list,
            kind,
            id: entry.get(Column::Id).to_owned(),
            name: entry.get(Column::Name).to_owned(),
            what,
            before: before.to_owned(),
            after: after.to_owned(),
        });
    }

    /// What a row says of an entry that the table says otherwise, or not at all.
    fn change(&mut self, entry: &mut EntryRows, row: &Listing) {
        let name = entry.get(Column::Name).to_owned();
        if name_key(&name) != name_key(&row.name) {
            entry.set(Column::Name, &row.name);
            let known = entry.aliases.iter().any(|[alias, _]| name_key(alias) == name_key(&name));
            if !known {
                entry.aliases.push([name.clone(), "fka".to_owned()]);
            }
            self.tell(Kind::Changed, entry, "name", &name, &row.name);
        }
        self.names(entry, row);
        self.addresses(entry, row);
        self.wording(entry, row);
        for (citation, printed) in &row.citations {
            if !entry.citations.iter().any(|[known, ..]| known == citation) {
                let cells = self.citation(citation, *printed, "amended");
                entry.citations.push(cells);
                self.tell(Kind::Changed, entry, "citation", "", citation);
            }
        }
        self.days(entry, row);
    }

    fn names(&mut self, entry: &mut EntryRows, row: &Listing) {
        let mut printed: BTreeSet<String> = further_names(row).iter().map(|name| name_key(name)).collect();
        printed.insert(name_key(&row.name));
        let mut known: BTreeSet<String> =
            entry.aliases.iter().flat_map(|[alias, _]| alias_keys(alias)).collect();
        known.insert(name_key(entry.get(Column::Name)));
        for alias in further_names(row) {
            if known.insert(name_key(&alias)) {
                entry.aliases.push([alias.clone(), "aka".to_owned()]);
                self.tell(Kind::Changed, entry, "alias", "", &alias);
            }
        }
        // Acronyms and spellings are the table's own; of these the download need not know.
        let missing: Vec<String> = entry
            .aliases
            .iter()
            .filter(|[alias, kind]| {
                matches!(kind.as_str(), "aka" | "fka")
                    && !alias_keys(alias).iter().skip(1).all(|key| printed.contains(key))
            })
            .map(|[alias, _]| alias.clone())
            .collect();
        self.no_longer(entry, "alias", missing);
    }

    fn addresses(&mut self, entry: &mut EntryRows, row: &Listing) {
        let key = |address: &str| address_key(self.places, address);
        let printed: BTreeSet<String> = row.addresses.iter().map(|(address, _)| key(address)).collect();
        let mut known: BTreeSet<String> = entry.addresses.iter().map(|[address, ..]| key(address)).collect();
        let added: Vec<_> = row.addresses.iter().filter(|(address, _)| known.insert(key(address))).collect();
        let missing: Vec<String> = entry
            .addresses
            .iter()
            .map(|[address, ..]| address.clone())
            .filter(|address| !printed.contains(&key(address)))
            .collect();
        for (address, code) in added {
            let code = code.or_else(|| country(self.places, address.rsplit(',').next().unwrap_or_default()));
            let code = code.map_or_else(|| first_country(entry), |code| code.to_string());
            if !entry.get(Column::Countries).split(';').any(|known| known == code) {
                let all = format!("{};{code}", entry.get(Column::Countries));
                entry.set(Column::Countries, &all);
            }
            entry.addresses.push([address.clone(), String::new(), code]);
            self.tell(Kind::Changed, entry, "address", "", address);
        }
        if !row.addresses.is_empty() {
            self.no_longer(entry, "address", missing);
        }
    }

    /// Notes once what the download does not print; it stays in the table.
    fn no_longer(&mut self, entry: &mut EntryRows, what: &'static str, missing: Vec<String>) {
        for text in missing {
            // A former name is noted where the name changed.
            let noted = entry.history.iter().any(|[_, _, known, before, after]| {
                *before == text && (known == what && after.is_empty() || known == "name" && what == "alias")
            });
            if !noted {
                self.tell(Kind::NotPrinted, entry, what, &text, "");
            }
        }
    }

    /// A day of listing that was not known, and the end that an order has by its own terms.
    fn days(&mut self, entry: &mut EntryRows, row: &Listing) {
        let undated = entry.get(Column::ListedFrom).is_empty() && entry.get(Column::EffectiveFrom).is_empty();
        let inherited = !entry.get(Column::Flags).contains("first_citation_not_oldest");
        if let Some(start) = row.start.filter(|_| undated && inherited) {
            entry.set(Column::ListedFrom, &start.to_string());
            self.tell(Kind::Changed, entry, "day of listing", "", &start.to_string());
        }
        if let Some(end) = row.end.filter(|_| self.list == ListName::DeniedPersons) {
            let before = entry.get(Column::DelistedAfter).to_owned();
            if before != end.to_string() {
                set_end(entry, end);
                self.tell(Kind::Changed, entry, "last day", &before, &end.to_string());
            }
        }
    }

    pub(super) fn citation(&self, citation: &str, printed: Option<Date>, role: &str) -> [String; 4] {
        let known = self.published.get(citation).cloned();
        let published = printed.map(|day| day.to_string()).or(known).unwrap_or_default();
        let basis = if published.is_empty() { "unknown" } else { "csl" };
        [citation.to_owned(), published, role.to_owned(), basis.to_owned()]
    }

    fn vanish(&mut self, entry: &mut EntryRows, last: Date) {
        let known = entry.day(Column::DelistedBy);
        if known.is_some_and(|off| off <= self.as_of) {
            // The order ended by its own terms.
            return;
        }
        entry.set(Column::DelistedAfter, &last.to_string());
        entry.set(Column::DelistedBy, &self.as_of.to_string());
        let after = format!("on the list of {last}, no longer on that of {}", self.as_of);
        self.tell(Kind::Vanished, entry, "entry", "", &after);
    }
}

/// The aliases of a row, and a person's name the other way round: `DOE, Jo` and `Jo DOE`.
pub(super) fn further_names(row: &Listing) -> Vec<String> {
    let mut names = row.aliases.clone();
    if row.is_person {
        for name in std::iter::once(&row.name).chain(&row.aliases) {
            if let Some((family, given)) = name.split_once(", ") {
                names.push(format!("{given} {family}"));
            }
        }
    }
    names
}

/// What identifies an alias, whole and then by its parts: some rows of the table hold two names with a semicolon between,
/// and the download's CSV has them as two.
fn alias_keys(alias: &str) -> Vec<String> {
    let parts = alias.split(';').map(name_key).filter(|key| !key.is_empty());
    std::iter::once(name_key(alias)).chain(parts).collect()
}

pub(super) fn first_country(entry: &EntryRows) -> String {
    entry.get(Column::Countries).split(';').next().unwrap_or("ZZ").to_owned()
}

pub(super) fn set_end(entry: &mut EntryRows, last: Date) {
    if let Ok(off) = last.tomorrow() {
        entry.set(Column::DelistedAfter, &last.to_string());
        entry.set(Column::DelistedBy, &off.to_string());
    }
}
