//! The dated list as one table: reading it from the program or from a directory, and what it answers for.
//!
//! Gathers every problem of its files with file and line. Matching names against it is the business of `screen`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::Map;
use super::entity::{
    Alias, AliasKind, EntityIdx, EntityKind, ListedAddress, ListedEntity, Requirement, Standing,
};
use crate::codes::CountryCode;
use crate::effective::{Date, LegalDate, parse_iso};
use crate::run::ListRecord;

const FILES: [&str; 4] = ["entities.csv", "aliases.csv", "addresses.csv", "citations.csv"];

/// A snapshot of the Entity List.
#[derive(Debug, Clone)]
pub struct EntityList {
    entities: Vec<ListedEntity>,
    snapshot: Snapshot,
}

/// What the snapshot is and where it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
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

/// The five files of a list.
struct Texts<'a> {
    toml: &'a str,
    tables: [&'a str; 4],
}

impl EntityList {
    /// The list that is part of the program.
    ///
    /// # Errors
    /// Every problem of its files, each with file and line.
    pub fn embedded() -> Result<Self, Vec<String>> {
        Self::read(
            "embedded",
            &Texts {
                toml: include_str!("../../data/entity_list/snapshot.toml"),
                tables: [
                    include_str!("../../data/entity_list/entities.csv"),
                    include_str!("../../data/entity_list/aliases.csv"),
                    include_str!("../../data/entity_list/addresses.csv"),
                    include_str!("../../data/entity_list/citations.csv"),
                ],
            },
        )
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
                    FILES.join(", ")
                ));
                String::new()
            })
        };
        let (toml, tables) = (text("snapshot.toml"), FILES.map(&mut text));
        if !problems.is_empty() {
            return Err(problems);
        }
        let tables = [&*tables[0], &*tables[1], &*tables[2], &*tables[3]];
        Self::read(&dir.display().to_string(), &Texts { toml: &toml, tables })
    }

    /// Entries that are on no list, so that names can be compared with them by the same means.
    pub(super) fn of_entries(entities: Vec<ListedEntity>, snapshot: Snapshot) -> Self {
        Self { entities, snapshot }
    }

    fn read(source: &str, texts: &Texts<'_>) -> Result<Self, Vec<String>> {
        let mut reader = Reader::default();
        let raw: RawSnapshot = match toml::from_str(texts.toml) {
            Ok(raw) => raw,
            Err(error) => return Err(vec![format!("snapshot.toml: {error}")]),
        };
        for (name, text) in FILES.iter().zip(texts.tables) {
            match raw.files.iter().find(|file| file.name == *name) {
                None => reader.problems.push(format!("snapshot.toml: has no [[file]] named {name}")),
                Some(file) => {
                    let found = hex(&Sha256::digest(text.as_bytes()));
                    if found != file.sha256 {
                        reader.problems.push(format!(
                            "{name}: its SHA-256 is {found}, but snapshot.toml says {}. If the change is meant, write the new digest there.",
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
        for (name, rows) in FILES.iter().zip(reader.rows) {
            if let Some(file) = raw.files.iter().find(|file| file.name == *name && file.rows != rows) {
                reader
                    .problems
                    .push(format!("{name}: has {rows} rows, but snapshot.toml says {}", file.rows));
            }
        }
        if !reader.problems.is_empty() {
            return Err(reader.problems);
        }
        let snapshot = Snapshot {
            source: source.to_owned(),
            as_of: raw.as_of.0,
            // The description holds the digest of every table, compared above.
            sha256: hex(&Sha256::digest(texts.toml.as_bytes())),
            sources: raw.sources,
            limits: raw.limits,
        };
        Ok(Self { entities: reader.entities, snapshot })
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

    /// The list as a run's record names it.
    pub fn record(&self) -> ListRecord {
        ListRecord {
            source: self.snapshot.source.clone(),
            as_of: self.snapshot.as_of.to_string(),
            sha256: self.snapshot.sha256.clone(),
            entries: self.entities.len(),
            limits: self.snapshot.limits.clone(),
        }
    }

    /// A list of these entries alone, for tests of what one entry more or less changes.
    #[cfg(test)]
    pub(super) fn with_entities(&self, keep: impl Fn(usize) -> bool) -> Self {
        let entities = self.entities.iter().enumerate().filter(|(i, _)| keep(*i));
        let mut entities: Vec<_> = entities.map(|(_, entity)| entity.clone()).collect();
        for entity in &mut entities {
            entity.parent = None;
        }
        Self { entities, snapshot: self.snapshot.clone() }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Reads the tables and gathers what is wrong with them.
#[derive(Default)]
struct Reader {
    entities: Vec<ListedEntity>,
    by_id: Map<Box<str>, usize>,
    rows: [usize; 4],
    problems: Vec<String>,
}

/// One text for many equal ones.
#[derive(Default)]
struct Shared(Map<Box<str>, Arc<str>>);

impl Shared {
    fn get(&mut self, text: &str) -> Arc<str> {
        if let Some(shared) = self.0.get(text) {
            return Arc::clone(shared);
        }
        let shared: Arc<str> = text.into();
        self.0.insert(text.into(), Arc::clone(&shared));
        shared
    }
}

impl Reader {
    /// Hands every record with its line to `take`, after the header has been compared.
    fn table(
        &mut self,
        file: usize,
        header: &[&str],
        text: &str,
        mut take: impl FnMut(&mut Self, u64, &csv::StringRecord) -> Result<(), String>,
    ) {
        let name = FILES[file];
        let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        match reader.headers() {
            Ok(found) if found.iter().eq(header.iter().copied()) => {}
            Ok(_) => {
                self.problems.push(format!("{name}, line 1: the columns must be {}", header.join(",")));
                return;
            }
            Err(error) => {
                self.problems.push(format!("{name}: {error}"));
                return;
            }
        }
        let mut record = csv::StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => return,
                Ok(true) => {
                    self.rows[file] += 1;
                    let line = record.position().map_or(0, csv::Position::line);
                    if let Err(problem) = take(self, line, &record) {
                        self.problems.push(format!("{name}, line {line}: {problem}"));
                    }
                }
                Err(error) => {
                    self.problems.push(format!("{name}: {error}"));
                    return;
                }
            }
        }
    }

    fn entities(&mut self, text: &str) {
        const HEADER: [&str; 19] = [
            "id",
            "name",
            "listed_under",
            "countries",
            "kind",
            "parent_id",
            "requirement",
            "requirement_sections",
            "exception_open",
            "review_policy",
            "review_sections",
            "listed_from",
            "effective_from",
            "delisted_after",
            "delisted_by",
            "fdp_footnote",
            "confidence",
            "flags",
            "note",
        ];
        let mut shared = Shared::default();
        let mut parents: Vec<(u64, usize, String)> = Vec::new();
        let mut last = String::new();
        self.table(0, &HEADER, text, |reader, line, record| {
            let field = |i: usize| record.get(i).unwrap_or("");
            let id = field(0);
            if id.is_empty() || field(1).is_empty() {
                return Err("an entry needs an id and a name".to_owned());
            }
            if id <= last.as_str() {
                return Err(format!("`{id}` must stand after `{last}`: ids are sorted and unique"));
            }
            id.clone_into(&mut last);
            let countries = field(3)
                .split(';')
                .map(|code| {
                    CountryCode::new(code).ok_or_else(|| format!("`{code}` is no two-letter country code"))
                })
                .collect::<Result<Vec<_>, _>>()?;
            let Some(&country) = countries.first() else {
                return Err("an entry needs a country".to_owned());
            };
            let dates = [11, 12, 13, 14].map(|i| Some(field(i)).filter(|text| !text.is_empty()));
            let mut days = [None; 4];
            for (day, text) in days.iter_mut().zip(dates) {
                *day = text.map(parse_iso).transpose()?;
            }
            if days[2].is_some() != days[3].is_some() || days[2] > days[3] {
                return Err("a delisting has two bounds: delisted_after, then delisted_by".to_owned());
            }
            if !field(5).is_empty() {
                parents.push((line, reader.entities.len(), field(5).to_owned()));
            }
            reader.by_id.insert(id.into(), reader.entities.len());
            reader.entities.push(ListedEntity {
                id: id.into(),
                name: field(1).into(),
                listed_under: shared.get(field(2)),
                country,
                countries,
                aliases: Vec::new(),
                addresses: Vec::new(),
                kind: kind(field(4))?,
                requirement: requirement(field(6))?,
                requirement_sections: shared.get(field(7)),
                exception_open: Some(field(8)).filter(|text| !text.is_empty()).map(|text| shared.get(text)),
                review_policy: shared.get(&review_policy(field(9), field(10))?),
                listed_from: days[0],
                effective_from: days[1],
                delisted_after: days[2],
                delisted_by: days[3],
                amended: Vec::new(),
                amended_undated: false,
                federal_register: Box::default(),
                parent: None,
                verified: match field(16) {
                    "high" => true,
                    "low" => false,
                    other => return Err(format!("confidence is high or low, not `{other}`")),
                },
                note: field(18).into(),
            });
            Ok(())
        });
        for (line, child, parent) in parents {
            match self.by_id.get(parent.as_str()) {
                Some(&at) => self.entities[child].parent = u32::try_from(at).ok().map(EntityIdx),
                None => {
                    self.problems.push(format!("{}, line {line}: no entry has the id `{parent}`", FILES[0]));
                }
            }
        }
    }

    fn entity(&mut self, id: &str) -> Result<&mut ListedEntity, String> {
        match self.by_id.get(id) {
            Some(&at) => Ok(&mut self.entities[at]),
            None => Err(format!("no entry has the id `{id}`")),
        }
    }

    fn aliases(&mut self, text: &str) {
        self.table(1, &["id", "alias", "kind"], text, |reader, _, record| {
            let field = |i: usize| record.get(i).unwrap_or("");
            let kind = match field(2) {
                "aka" => AliasKind::AlsoKnownAs,
                "fka" => AliasKind::Formerly,
                "acronym" => AliasKind::Acronym,
                "name_without_acronym" => AliasKind::WithoutAcronym,
                "spelling" => AliasKind::Spelling,
                other => return Err(format!("`{other}` is no kind of alias")),
            };
            reader.entity(field(0))?.aliases.push(Alias { name: field(1).into(), kind });
            Ok(())
        });
    }

    fn addresses(&mut self, text: &str) {
        self.table(2, &["id", "address", "city", "country"], text, |reader, _, record| {
            let field = |i: usize| record.get(i).unwrap_or("");
            let country = CountryCode::new(field(3))
                .ok_or_else(|| format!("`{}` is no two-letter country code", field(3)))?;
            let address = ListedAddress { text: field(1).into(), city: field(2).into(), country };
            reader.entity(field(0))?.addresses.push(address);
            Ok(())
        });
    }

    fn citations(&mut self, text: &str) {
        let mut printed: BTreeMap<String, String> = BTreeMap::new();
        let header = ["id", "citation", "published", "role", "date_basis"];
        self.table(3, &header, text, |reader, _, record| {
            let field = |i: usize| record.get(i).unwrap_or("");
            let published = Some(field(2)).filter(|text| !text.is_empty()).map(parse_iso).transpose()?;
            let entity = reader.entity(field(0))?;
            match (field(3), published) {
                ("first" | "removed", _) => {}
                ("amended", Some(day)) => entity.amended.push(day),
                ("amended", None) => entity.amended_undated = true,
                (other, _) => return Err(format!("`{other}` is no role of a citation")),
            }
            let text = printed.entry(field(0).to_owned()).or_default();
            if !text.is_empty() {
                text.push_str("; ");
            }
            text.push_str(field(1));
            if let Some(day) = published {
                // Writing to a `String` cannot fail.
                let _ = write!(text, ", {day}");
            }
            if field(3) == "removed" {
                text.push_str(" (removal)");
            }
            Ok(())
        });
        for (id, text) in printed {
            if let Ok(entity) = self.entity(&id) {
                entity.federal_register = text.into();
                entity.amended.sort_unstable();
            }
        }
    }
}

fn kind(text: &str) -> Result<EntityKind, String> {
    Ok(match text {
        "company" => EntityKind::Company,
        "research_institute" => EntityKind::ResearchInstitute,
        "government" => EntityKind::Government,
        "military" => EntityKind::Military,
        "university" => EntityKind::University,
        "facility_class" => EntityKind::FacilityClass,
        "address" => EntityKind::Address,
        "unknown" => EntityKind::Unknown,
        other => return Err(format!("`{other}` is no kind of entry")),
    })
}

fn requirement(text: &str) -> Result<Requirement, String> {
    Ok(match text {
        "all-items" => Requirement::AllItems,
        "ccl-and-746-supp7" => Requirement::CclAndSupp7,
        "crimea-projects" => Requirement::CrimeaProjects,
        "all-items-with-exclusions" => Requirement::AllItemsWithExclusions,
        "unknown" => Requirement::Unknown,
        other => return Err(format!("`{other}` is no license requirement")),
    })
}

/// The review policy in words, with the sections it cites.
fn review_policy(code: &str, sections: &str) -> Result<String, String> {
    let words = match code {
        "presumption-of-denial" => "presumption of denial",
        "policy-of-denial" => "policy of denial",
        "policy-of-denial+case-by-case-food-medicine-ear99" => {
            "policy of denial; food and medicine designated EAR99 case by case"
        }
        "policy-of-denial+case-by-case-part" => "policy of denial; case by case for the part the entry names",
        "per-cited-section" => "as the cited section says",
        "case-by-case-part+presumption-of-denial" | "presumption-of-denial+case-by-case-part" => {
            "case by case for the part the entry names; presumption of denial for the rest"
        }
        "case-by-case-ccl+presumption-of-approval-ear99" => {
            "case by case for items on the CCL; presumption of approval for EAR99 (a license is required all the same)"
        }
        "presumption-of-approval-ear99" => {
            "presumption of approval for EAR99 (a license is required all the same)"
        }
        "case-by-case" => "case by case",
        "other" => "read the entry",
        "unknown" => "not known from the snapshot; read the entry",
        other => return Err(format!("`{other}` is no license review policy")),
    };
    Ok(if sections.is_empty() {
        words.to_owned()
    } else {
        let cited: Vec<_> = sections.split(';').collect();
        format!("{words} (15 CFR {})", cited.join(", "))
    })
}

#[cfg(test)]
mod tests {
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
