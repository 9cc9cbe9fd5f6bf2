//! The tables of a list as rows of text, to be changed and written again.
//!
//! What the cells mean is the business of `entity_list`; here they keep what they hold, known or not.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::effective::{Date, parse_iso};
use crate::entity_list::layout::{
    ADDRESSES, ALIASES, CHANGES, CITATIONS, EMBEDDED, EMBEDDED_SNAPSHOT, ENTITIES, HISTORY, SNAPSHOT, TABLES,
};
use crate::entity_list::{ListName, hex};

/// A column of `entities.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Name,
    ListedUnder,
    Countries,
    Kind,
    ParentId,
    Requirement,
    RequirementSections,
    ExceptionOpen,
    ReviewPolicy,
    ReviewSections,
    ListedFrom,
    EffectiveFrom,
    ListedAfter,
    ListedBy,
    DelistedAfter,
    DelistedBy,
    Confidence,
    Flags,
    Note,
}

impl Column {
    fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::ListedUnder => "listed_under",
            Self::Countries => "countries",
            Self::Kind => "kind",
            Self::ParentId => "parent_id",
            Self::Requirement => "requirement",
            Self::RequirementSections => "requirement_sections",
            Self::ExceptionOpen => "exception_open",
            Self::ReviewPolicy => "review_policy",
            Self::ReviewSections => "review_sections",
            Self::ListedFrom => "listed_from",
            Self::EffectiveFrom => "effective_from",
            Self::ListedAfter => "listed_after",
            Self::ListedBy => "listed_by",
            Self::DelistedAfter => "delisted_after",
            Self::DelistedBy => "delisted_by",
            Self::Confidence => "confidence",
            Self::Flags => "flags",
            Self::Note => "note",
        }
    }

    fn at(self) -> usize {
        ENTITIES.iter().position(|name| *name == self.name()).unwrap_or_default()
    }
}

/// One entry with all its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct EntryRows {
    cells: Vec<String>,
    /// Name and kind.
    pub(super) aliases: Vec<[String; 2]>,
    /// Address, city and country.
    pub(super) addresses: Vec<[String; 3]>,
    /// Citation, published, role and basis of the date.
    pub(super) citations: Vec<[String; 4]>,
    /// Seen on, not before, what, before and after.
    pub(super) history: Vec<[String; 5]>,
}

impl EntryRows {
    /// An entry of nothing but its id and name.
    pub(super) fn new(id: &str, name: &str) -> Self {
        let mut entry = Self { cells: vec![String::new(); ENTITIES.len()], ..Self::default() };
        entry.set(Column::Id, id);
        entry.set(Column::Name, name);
        entry
    }

    pub(super) fn get(&self, column: Column) -> &str {
        self.cells.get(column.at()).map_or("", String::as_str)
    }

    pub(super) fn set(&mut self, column: Column, text: &str) {
        let at = column.at();
        if let Some(cell) = self.cells.get_mut(at) {
            text.clone_into(cell);
        }
    }

    pub(super) fn day(&self, column: Column) -> Option<Date> {
        parse_iso(self.get(column)).ok()
    }

    /// Whether the entry was on the list that day, as far as its removal goes.
    pub(super) fn stood_on(&self, day: Date) -> bool {
        self.day(Column::DelistedBy).is_none_or(|off| off > day)
    }
}

/// A list as it is written.
#[derive(Debug, Clone)]
pub(super) struct Tables {
    pub(super) list: ListName,
    pub(super) as_of: Date,
    pub(super) sources: Vec<String>,
    pub(super) limits: Vec<String>,
    pub(super) entries: BTreeMap<String, EntryRows>,
}

/// `snapshot.toml` as read; what else it says is no concern of an import.
#[derive(Deserialize)]
struct RawSnapshot {
    list: Option<String>,
    as_of: toml::value::Datetime,
    sources: Vec<String>,
    limits: Vec<String>,
}

/// `snapshot.toml` as written.
#[derive(Serialize)]
struct WrittenSnapshot<'t> {
    list: &'t str,
    as_of: toml::value::Datetime,
    sources: &'t [String],
    limits: &'t [String],
    file: Vec<WrittenFile>,
}

#[derive(Serialize)]
struct WrittenFile {
    name: &'static str,
    rows: usize,
    sha256: String,
}

impl Tables {
    /// An empty list that has never been read before.
    pub(super) fn empty(list: ListName, as_of: Date) -> Self {
        Self { list, as_of, sources: Vec::new(), limits: Vec::new(), entries: BTreeMap::new() }
    }

    /// The tables of the list in the program.
    pub(super) fn embedded() -> Result<Self, String> {
        Self::of(EMBEDDED_SNAPSHOT, EMBEDDED, None)
    }

    /// The tables of a folder that was loaded as a list before, and so is known to be sound.
    pub(super) fn from_dir(dir: &Path) -> Result<Self, String> {
        let read = |name: &str| {
            let path = dir.join(name);
            fs::read_to_string(&path)
                .map_err(|error| format!("{} could not be read: {error}", path.display()))
        };
        let toml = read(SNAPSHOT)?;
        let tables = [read(TABLES[0])?, read(TABLES[1])?, read(TABLES[2])?, read(TABLES[3])?];
        let history = if dir.join(HISTORY).exists() { Some(read(HISTORY)?) } else { None };
        Self::of(&toml, tables.each_ref().map(String::as_str), history.as_deref())
    }

    fn of(toml: &str, tables: [&str; 4], history: Option<&str>) -> Result<Self, String> {
        let raw: RawSnapshot = toml::from_str(toml).map_err(|error| format!("{SNAPSHOT}: {error}"))?;
        let as_of = parse_iso(&raw.as_of.to_string())?;
        let list = raw.list.as_deref().and_then(ListName::from_code).unwrap_or(ListName::EntityList);
        let mut entries: BTreeMap<String, EntryRows> = BTreeMap::new();
        each(tables[0], |cells| {
            let id = cells[0].clone();
            entries.insert(id, EntryRows { cells, ..EntryRows::default() });
        })?;
        each(tables[1], |cells| {
            if let (Some(entry), [_, name, kind]) = (entries.get_mut(&cells[0]), cells.as_slice()) {
                entry.aliases.push([name.clone(), kind.clone()]);
            }
        })?;
        each(tables[2], |cells| {
            if let (Some(entry), [_, address, city, country]) = (entries.get_mut(&cells[0]), cells.as_slice())
            {
                entry.addresses.push([address.clone(), city.clone(), country.clone()]);
            }
        })?;
        each(tables[3], |cells| {
            if let (Some(entry), [_, rest @ ..]) = (entries.get_mut(&cells[0]), cells.as_slice())
                && let Ok(rest) = <[String; 4]>::try_from(rest.to_vec())
            {
                entry.citations.push(rest);
            }
        })?;
        each(history.unwrap_or_default(), |cells| {
            if let (Some(entry), [_, rest @ ..]) = (entries.get_mut(&cells[0]), cells.as_slice())
                && let Ok(rest) = <[String; 5]>::try_from(rest.to_vec())
            {
                entry.history.push(rest);
            }
        })?;
        Ok(Self { list, as_of, sources: raw.sources, limits: raw.limits, entries })
    }

    /// Writes the folder, which must exist and be empty.
    pub(super) fn write(&self, dir: &Path) -> Result<(), String> {
        let entries = self.entries.iter();
        let mut files = vec![
            (TABLES[0], table(&ENTITIES, entries.clone().map(|(_, entry)| entry.cells.clone()))?),
            (TABLES[1], table(&ALIASES, rows(entries.clone(), |entry| &entry.aliases))?),
            (TABLES[2], table(&ADDRESSES, rows(entries.clone(), |entry| &entry.addresses))?),
            (TABLES[3], table(&CITATIONS, rows(entries.clone(), |entry| &entry.citations))?),
        ];
        if self.entries.values().any(|entry| !entry.history.is_empty()) {
            files.push((HISTORY, table(&CHANGES, rows(entries, |entry| &entry.history))?));
        }
        let described = WrittenSnapshot {
            list: self.list.code(),
            as_of: self.as_of.to_string().parse().map_err(|_| format!("{} is no date", self.as_of))?,
            sources: &self.sources,
            limits: &self.limits,
            file: files
                .iter()
                .map(|(name, (text, rows))| WrittenFile {
                    name,
                    rows: *rows,
                    sha256: hex(&Sha256::digest(text.as_bytes())),
                })
                .collect(),
        };
        let toml = toml::to_string(&described).map_err(|error| format!("{SNAPSHOT}: {error}"))?;
        let title = format!("# The {} as one dated table: what it holds and where it ends.\n\n", self.list);
        let write = |name: &str, text: &str| {
            let path = dir.join(name);
            fs::write(&path, text)
                .map_err(|error| format!("{} could not be written: {error}", path.display()))
        };
        write(SNAPSHOT, &(title + &toml))?;
        files.iter().try_for_each(|(name, (text, _))| write(name, text))
    }
}

/// Hands on the cells of every row below the heading.
fn each(text: &str, mut take: impl FnMut(Vec<String>)) -> Result<(), String> {
    for record in csv::Reader::from_reader(text.as_bytes()).into_records() {
        take(record.map_err(|error| error.to_string())?.iter().map(str::to_owned).collect());
    }
    Ok(())
}

/// The rows of one table, each with its entry's id before it.
fn rows<'e, const N: usize>(
    entries: impl Iterator<Item = (&'e String, &'e EntryRows)>,
    of: impl Fn(&'e EntryRows) -> &'e Vec<[String; N]>,
) -> impl Iterator<Item = Vec<String>> {
    entries.flat_map(move |(id, entry)| {
        of(entry).iter().map(move |cells| std::iter::once(id).chain(cells).cloned().collect())
    })
}

/// A table as text, and how many rows it has.
fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<(String, usize), String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut count = 0;
    let write = |writer: &mut csv::Writer<Vec<u8>>, cells: Vec<String>| {
        writer.write_record(cells).map_err(|error| error.to_string())
    };
    write(&mut writer, header.iter().map(|name| (*name).to_owned()).collect())?;
    for cells in rows {
        write(&mut writer, cells)?;
        count += 1;
    }
    let bytes = writer.into_inner().map_err(|error| error.to_string())?;
    Ok((String::from_utf8(bytes).map_err(|error| error.to_string())?, count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity_list::EntityList;

    #[test]
    fn what_is_written_is_the_list_that_was_read() {
        let tables = Tables::embedded().unwrap();
        let dir = tempfile::tempdir().unwrap();
        tables.write(dir.path()).unwrap();
        let (written, embedded) =
            (EntityList::from_dir(dir.path()).unwrap(), EntityList::embedded().unwrap());
        assert_eq!(written.entities(), embedded.entities());
        assert_eq!(Tables::from_dir(dir.path()).unwrap().entries, tables.entries);
    }
}
