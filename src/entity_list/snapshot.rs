//! The dated list as one table: reading it from the program or from a directory, and what it answers for.
//!
//! Gathers every problem of its files with file and line. Matching names against it is the business of `screen`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::entity::{Change, EntityIdx, ListName, ListedEntity, Standing};
use super::layout::{EMBEDDED, EMBEDDED_SNAPSHOT, HISTORY, SNAPSHOT, TABLES};
use super::read::Reader;
use crate::codes::CountryCode;
use crate::effective::{Date, LegalDate};
use crate::run::ListRecord;

/// A snapshot of the Entity List, and of the further lists that were asked for.
#[derive(Debug, Clone)]
pub struct EntityList {
    entities: Vec<ListedEntity>,
    snapshot: Snapshot,
    further: Vec<Snapshot>,
    history: Vec<Change>,
}

/// What the snapshot is and where it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Which list it is of.
    pub list: ListName,
    /// Embedded, or the directory.
    pub source: String,
    /// The last day it answers for.
    pub as_of: Date,
    /// SHA-256 of its description, which holds those of its tables.
    pub sha256: String,
    /// What it was made from.
    pub sources: Vec<String>,
    /// What it cannot know.
    pub limits: Vec<String>,
}

/// `snapshot.toml` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSnapshot {
    list: Option<String>,
    as_of: LegalDate,
    #[expect(dead_code, reason = "read so that a misspelled key is an error; shown by no report")]
    checked_on: Option<LegalDate>,
    #[expect(dead_code, reason = "read so that a misspelled key is an error; shown by no report")]
    legal_status: Option<String>,
    sources: Vec<String>,
    limits: Vec<String>,
    #[serde(rename = "file")]
    files: Vec<RawFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    name: String,
    rows: usize,
    sha256: String,
}

/// The files of a list.
struct Texts<'a> {
    toml: &'a str,
    tables: [&'a str; 4],
    history: Option<&'a str>,
}

impl EntityList {
    /// The list that is part of the program.
    ///
    /// # Errors
    /// Every problem of its files, each with file and line.
    pub fn embedded() -> Result<Self, Vec<String>> {
        Self::read("embedded", &Texts { toml: EMBEDDED_SNAPSHOT, tables: EMBEDDED, history: None })
    }

    /// A list of the same layout from a directory.
    ///
    /// # Errors
    /// Every problem of its files, each with file and line.
    pub fn from_dir(dir: &Path) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let mut text = |name: &str| {
            let path = dir.join(name);
            fs::read_to_string(&path).unwrap_or_else(|error| {
                problems.push(format!(
                    "{}: cannot be read as UTF-8 text: {error}. An Entity List directory holds snapshot.toml, {}.",
                    path.display(),
                    TABLES.join(", ")
                ));
                String::new()
            })
        };
        let (toml, tables) = (text(SNAPSHOT), TABLES.map(&mut text));
        let history = dir.join(HISTORY).exists().then(|| text(HISTORY));
        if !problems.is_empty() {
            return Err(problems);
        }
        let tables = [&*tables[0], &*tables[1], &*tables[2], &*tables[3]];
        Self::read(&dir.display().to_string(), &Texts { toml: &toml, tables, history: history.as_deref() })
    }

    /// Entries that are on no list, so that names can be compared with them by the same means.
    pub(super) fn of_entries(entities: Vec<ListedEntity>, as_of: Date) -> Self {
        let snapshot = Snapshot {
            list: ListName::EntityList,
            source: String::new(),
            as_of,
            sha256: String::new(),
            sources: Vec::new(),
            limits: Vec::new(),
        };
        Self { entities, snapshot, further: Vec::new(), history: Vec::new() }
    }

    fn read(source: &str, texts: &Texts<'_>) -> Result<Self, Vec<String>> {
        let raw: RawSnapshot = match toml::from_str(texts.toml) {
            Ok(raw) => raw,
            Err(error) => return Err(vec![format!("{SNAPSHOT}: {error}")]),
        };
        let list = match raw.list.as_deref() {
            None => ListName::EntityList,
            Some(code) => ListName::from_code(code)
                .ok_or_else(|| vec![format!("{SNAPSHOT}: `{code}` is no list; {}", ListName::codes())])?,
        };
        let mut reader = Reader::new(list);
        let files = TABLES.iter().zip(texts.tables.iter().copied()).map(|(name, text)| (*name, text));
        for (name, text) in files.chain(texts.history.map(|text| (HISTORY, text))) {
            match raw.files.iter().find(|file| file.name == name) {
                None => reader.problems.push(format!("{SNAPSHOT}: has no [[file]] named {name}")),
                Some(file) => {
                    let found = hex(&Sha256::digest(text.as_bytes()));
                    if found != file.sha256 {
                        reader.problems.push(format!(
                            "{name}: its SHA-256 is {found}, but {SNAPSHOT} says {}. If the change is meant, write the new digest there.",
                            file.sha256
                        ));
                    }
                }
            }
        }
        reader.entities(texts.tables[0]);
        reader.aliases(texts.tables[1]);
        reader.addresses(texts.tables[2]);
        reader.citations(texts.tables[3]);
        if let Some(history) = texts.history {
            reader.history(history);
        }
        for file in &raw.files {
            let rows = reader.rows.get(file.name.as_str()).copied().unwrap_or_default();
            if file.rows != rows {
                reader
                    .problems
                    .push(format!("{}: has {rows} rows, but {SNAPSHOT} says {}", file.name, file.rows));
            }
        }
        if !reader.problems.is_empty() {
            return Err(reader.problems);
        }
        let snapshot = Snapshot {
            list,
            source: source.to_owned(),
            as_of: raw.as_of.0,
            // The description holds the digest of every table, compared above.
            sha256: hex(&Sha256::digest(texts.toml.as_bytes())),
            sources: raw.sources,
            limits: raw.limits,
        };
        Ok(Self { entities: reader.entities, snapshot, further: Vec::new(), history: reader.history })
    }

    /// This list with the entries of another beside its own.
    ///
    /// # Errors
    /// When the two hold an entry of the same id.
    pub fn joined_with(self, other: Self) -> Result<Self, Vec<String>> {
        let own = self.entities.len();
        let mut entities: Vec<(usize, ListedEntity)> =
            self.entities.into_iter().chain(other.entities).enumerate().collect();
        entities.sort_by(|(_, a), (_, b)| a.id.cmp(&b.id));
        let twice = entities.windows(2).filter(|pair| pair[0].1.id == pair[1].1.id);
        let problems: Vec<String> =
            twice.map(|pair| format!("the id `{}` stands in two of the lists given", pair[0].1.id)).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut moved = vec![EntityIdx(0); entities.len()];
        for (now, (before, _)) in (0..).zip(&entities) {
            moved[*before] = EntityIdx(now);
        }
        let to = |idx: EntityIdx, of_other: bool| moved[idx.0 as usize + if of_other { own } else { 0 }];
        for (before, entity) in &mut entities {
            entity.parent = entity.parent.map(|parent| to(parent, *before >= own));
        }
        let moved_change =
            |change: Change, of_other| Change { entity: to(change.entity, of_other), ..change };
        let mut history: Vec<Change> =
            self.history.into_iter().map(|change| moved_change(change, false)).collect();
        history.extend(other.history.into_iter().map(|change| moved_change(change, true)));
        history.sort_by_key(|change| (change.entity, change.seen_on));
        let mut further = self.further;
        further.push(other.snapshot);
        further.extend(other.further);
        Ok(Self {
            entities: entities.into_iter().map(|(_, entity)| entity).collect(),
            snapshot: self.snapshot,
            further,
            history,
        })
    }

    /// A list of names alone, matched as any list is: for parties that stand in a table of the user's.
    pub fn of_names<'n>(names: impl Iterator<Item = (&'n str, Option<CountryCode>)>) -> Self {
        let entities = names.enumerate().map(|(n, (name, country))| ListedEntity::named(n, name, country));
        Self::of_entries(entities.collect(), Date::ZERO)
    }

    /// What imports found changed, in the order of entries and days.
    pub fn history(&self, idx: EntityIdx) -> impl Iterator<Item = &Change> {
        self.history.iter().filter(move |change| change.entity == idx)
    }

    /// The further lists, in the order in which they were given.
    pub fn further(&self) -> &[Snapshot] {
        &self.further
    }

    /// What the snapshot is and where it ends.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// An entry.
    ///
    /// # Panics
    /// When the index is of another list.
    pub fn entity(&self, idx: EntityIdx) -> &ListedEntity {
        &self.entities[idx.0 as usize]
    }

    /// All entries, in the order of their ids.
    pub fn entities(&self) -> &[ListedEntity] {
        &self.entities
    }

    /// The entries with their indices.
    pub fn indexed(&self) -> impl Iterator<Item = (EntityIdx, &ListedEntity)> {
        (0..).map(EntityIdx).zip(&self.entities)
    }

    /// The entry with this id.
    pub fn by_id(&self, id: &str) -> Option<EntityIdx> {
        let at = self.entities.binary_search_by(|entity| (*entity.id).cmp(id)).ok()?;
        u32::try_from(at).ok().map(EntityIdx)
    }

    /// How many entries stood under a country heading on a day; units written inside another entry are not counted.
    pub fn under_on(&self, heading: &str, on: Date) -> usize {
        self.entities
            .iter()
            .filter(|entity| entity.parent.is_none() && &*entity.listed_under == heading)
            .filter(|entity| entity.standing_on(on, 0) == Standing::Listed)
            .count()
    }

    /// The lists as a run's record names them, the Entity List first.
    pub fn records(&self) -> Vec<ListRecord> {
        std::iter::once(&self.snapshot)
            .chain(&self.further)
            .map(|snapshot| ListRecord {
                name: snapshot.list.name().to_owned(),
                source: snapshot.source.clone(),
                as_of: snapshot.as_of.to_string(),
                sha256: snapshot.sha256.clone(),
                entries: self.entities.iter().filter(|entity| entity.list == snapshot.list).count(),
                sources: snapshot.sources.clone(),
                limits: snapshot.limits.clone(),
                too_old: String::new(),
            })
            .collect()
    }

    /// A list of these entries alone, for tests of what one entry more or less changes.
    #[cfg(test)]
    pub(super) fn with_entities(&self, keep: impl Fn(usize) -> bool) -> Self {
        let entities = self.entities.iter().enumerate().filter(|(i, _)| keep(*i));
        let mut entities: Vec<_> = entities.map(|(_, entity)| entity.clone()).collect();
        for entity in &mut entities {
            entity.parent = None;
        }
        Self { entities, snapshot: self.snapshot.clone(), further: Vec::new(), history: Vec::new() }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::super::EntityKind;
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_embedded_list_counts_what_the_agency_counted() {
        let list = EntityList::embedded().unwrap();
        assert_eq!(list.under_on("Pakistan", date(2024, 11, 25)), 163);
        assert_eq!(list.under_on("Pakistan", list.snapshot().as_of), 183);
        assert_eq!(list.under_on("Pakistan", date(2018, 12, 31)), 71 + 1, "with the since removed Mushko");
        assert_eq!(list.entities().iter().filter(|e| e.kind == EntityKind::Address).count(), 19);
    }

    #[test]
    fn a_removed_entry_stands_until_its_removal() {
        let list = EntityList::embedded().unwrap();
        let mushko = list.entity(list.by_id("el-pk-mushko-electronics-pvt-ltd").unwrap());
        assert_eq!(mushko.standing_on(date(2018, 3, 22), 7), Standing::Listed);
        assert_eq!(mushko.standing_on(date(2022, 6, 27), 7), Standing::Listed);
        assert_eq!(mushko.standing_on(date(2022, 6, 28), 7), Standing::Delisted);
        let links = list.entity(list.by_id("el-pk-technology-links-pvt-ltd").unwrap());
        assert_eq!(
            links.standing_on(date(2019, 1, 1), 7),
            Standing::Uncertain,
            "the day of listing is unknown"
        );
    }

    #[test]
    fn effective_dates_count_only_where_read() {
        let list = EntityList::embedded().unwrap();
        for entity in list.entities() {
            if let (Some(effective), Some(published)) = (entity.effective_from, entity.listed_from) {
                assert!(effective <= published, "{}", entity.id);
            }
            assert!(entity.amended.is_sorted());
        }
    }

    #[test]
    fn all_problems_are_told_with_their_lines() {
        let dir = tempfile::tempdir().unwrap();
        let missing = EntityList::from_dir(dir.path()).unwrap_err();
        assert_eq!(missing.len(), 5);
        let copy = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
        copy("snapshot.toml", include_str!("../../data/entity_list/snapshot.toml"));
        copy("aliases.csv", "id,alias,kind\nnobody,A,aka\n");
        copy("addresses.csv", include_str!("../../data/entity_list/addresses.csv"));
        copy("citations.csv", include_str!("../../data/entity_list/citations.csv"));
        let entities = include_str!("../../data/entity_list/entities.csv");
        copy("entities.csv", &entities.replacen("2008-09-22", "22.9.2008", 1));
        let problems = EntityList::from_dir(dir.path()).unwrap_err();
        assert!(problems.iter().any(|p| p.starts_with("entities.csv, line 2: `22.9.2008`")), "{problems:?}");
        assert!(problems.iter().any(|p| p.starts_with("aliases.csv, line 2: no entry has the id")));
        assert!(problems.iter().any(|p| p.starts_with("aliases.csv: its SHA-256")));
    }
}
