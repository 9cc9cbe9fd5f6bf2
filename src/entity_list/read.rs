//! Reads the tables of a list and gathers what is wrong with them, with file and line.
//!
//! What a list answers for stands in `snapshot`, where an entry stood on a day in `entity`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::Map;
use super::entity::{
    Alias, AliasKind, Change, EntityIdx, EntityKind, ListName, ListedAddress, ListedEntity, Requirement,
};
use super::layout::{
    ADDRESSES, ALIASES, CHANGES, CITATIONS, ENTITIES, EXCEPTION_OPEN, HISTORY, REQUIREMENT, REVIEW_POLICY,
    TABLES,
};
use super::policy;
use super::terms::{TermChange, Terms, Was, earlier};
use crate::codes::CountryCode;
use crate::effective::parse_iso;

/// Reads the tables and gathers what is wrong with them.
pub(super) struct Reader {
    list: ListName,
    pub(super) entities: Vec<ListedEntity>,
    by_id: Map<Box<str>, usize>,
    pub(super) rows: BTreeMap<&'static str, usize>,
    pub(super) history: Vec<Change>,
    pub(super) problems: Vec<String>,
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
    /// A reader of a list that has read nothing yet.
    pub(super) fn new(list: ListName) -> Self {
        Self {
            list,
            entities: Vec::new(),
            by_id: Map::default(),
            rows: BTreeMap::new(),
            history: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Hands every record with its line to `take`, after the header has been compared.
    fn table(
        &mut self,
        name: &'static str,
        header: &[&str],
        text: &str,
        mut take: impl FnMut(&mut Self, u64, &csv::StringRecord) -> Result<(), String>,
    ) {
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
                    *self.rows.entry(name).or_default() += 1;
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

    pub(super) fn entities(&mut self, text: &str) {
        let mut shared = Shared::default();
        let mut parents: Vec<(u64, usize, String)> = Vec::new();
        let mut last = String::new();
        self.table(TABLES[0], &ENTITIES, text, |reader, line, record| {
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
            let dates = [11, 12, 13, 14, 15, 16].map(|i| Some(field(i)).filter(|text| !text.is_empty()));
            let mut days = [None; 6];
            for (day, text) in days.iter_mut().zip(dates) {
                *day = text.map(parse_iso).transpose()?;
            }
            if (days[2].is_some() && days[3].is_none()) || days[2].zip(days[3]).is_some_and(|(a, b)| a >= b) {
                return Err("a listing of unknown day has listed_by, and listed_after before it".to_owned());
            }
            if days[4].is_some() != days[5].is_some() || days[4] > days[5] {
                return Err("a delisting has two bounds: delisted_after, then delisted_by".to_owned());
            }
            if !field(5).is_empty() {
                parents.push((line, reader.entities.len(), field(5).to_owned()));
            }
            reader.by_id.insert(id.into(), reader.entities.len());
            reader.entities.push(ListedEntity {
                id: id.into(),
                list: reader.list,
                name: field(1).into(),
                listed_under: shared.get(field(2)),
                country,
                countries,
                aliases: Vec::new(),
                addresses: Vec::new(),
                kind: EntityKind::from_code(field(4))
                    .ok_or_else(|| format!("`{}` is no kind of entry", field(4)))?,
                terms: Terms {
                    requirement: requirement(field(6))?,
                    exception_open: Some(field(8))
                        .filter(|text| !text.is_empty())
                        .map(|text| shared.get(text)),
                    review_policy: shared.get(&policy::in_words(field(9), field(10))?),
                },
                earlier_terms: Vec::new(),
                listed_from: days[0],
                effective_from: days[1],
                listed_after: days[2],
                listed_by: days[3],
                delisted_after: days[4],
                delisted_by: days[5],
                amended: Vec::new(),
                amended_undated: false,
                federal_register: Box::default(),
                parent: None,
                verified: match field(18) {
                    "high" => true,
                    "low" => false,
                    other => return Err(format!("confidence is high or low, not `{other}`")),
                },
                note: field(20).into(),
            });
            Ok(())
        });
        for (line, child, parent) in parents {
            match self.by_id.get(parent.as_str()) {
                Some(&at) => self.entities[child].parent = u32::try_from(at).ok().map(EntityIdx),
                None => {
                    self.problems.push(format!("{}, line {line}: no entry has the id `{parent}`", TABLES[0]));
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

    pub(super) fn aliases(&mut self, text: &str) {
        self.table(TABLES[1], &ALIASES, text, |reader, _, record| {
            let field = |i: usize| record.get(i).unwrap_or("");
            let kind = AliasKind::from_code(field(2))
                .ok_or_else(|| format!("`{}` is no kind of alias", field(2)))?;
            reader.entity(field(0))?.aliases.push(Alias { name: field(1).into(), kind });
            Ok(())
        });
    }

    pub(super) fn addresses(&mut self, text: &str) {
        self.table(TABLES[2], &ADDRESSES, text, |reader, _, record| {
            let field = |i: usize| record.get(i).unwrap_or("");
            let country = CountryCode::new(field(3))
                .ok_or_else(|| format!("`{}` is no two-letter country code", field(3)))?;
            let address =
                ListedAddress { text: field(1).into(), city: field(2).into(), country, seen_on: None };
            reader.entity(field(0))?.addresses.push(address);
            Ok(())
        });
    }

    pub(super) fn citations(&mut self, text: &str) {
        let mut printed: BTreeMap<String, String> = BTreeMap::new();
        self.table(TABLES[3], &CITATIONS, text, |reader, _, record| {
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

    pub(super) fn history(&mut self, text: &str) {
        let mut terms: BTreeMap<usize, Vec<TermChange>> = BTreeMap::new();
        self.table(HISTORY, &CHANGES, text, |reader, _, record| {
            let field = |i: usize| record.get(i).unwrap_or("");
            let Some(&at) = reader.by_id.get(field(0)) else {
                return Err(format!("no entry has the id `{}`", field(0)));
            };
            let seen_on = parse_iso(field(1))?;
            let not_before = Some(field(2)).filter(|text| !text.is_empty()).map(parse_iso).transpose()?;
            let [what, before, after] = [field(3), field(4), field(5)];
            let entity = &mut reader.entities[at];
            match what {
                // Whoever matches by a name the entry did not have before must know that it came later.
                "name" | "alias" if !after.is_empty() => {
                    entity.amended.push(seen_on);
                    entity.amended.sort_unstable();
                    entity.amended.dedup();
                }
                "address" => {
                    for address in entity.addresses.iter_mut().filter(|address| *address.text == *after) {
                        address.seen_on = Some(seen_on);
                    }
                }
                _ => {}
            }
            let mut told = [before.to_owned(), after.to_owned()];
            if let Some(was) = was(what, before)? {
                terms.entry(at).or_default().push(TermChange { seen_on, not_before, was });
                told = [in_words(what, before)?, in_words(what, after)?];
            }
            let [before, after] = told.map(String::into_boxed_str);
            let entity = EntityIdx(u32::try_from(at).unwrap_or(u32::MAX));
            reader.history.push(Change { entity, seen_on, not_before, what: what.into(), before, after });
            Ok(())
        });
        for (at, changes) in terms {
            let entity = &mut self.entities[at];
            entity.earlier_terms = earlier(&entity.terms, changes);
        }
    }
}

fn requirement(code: &str) -> Result<Requirement, String> {
    Requirement::from_code(code).ok_or_else(|| format!("`{code}` is no license requirement"))
}

/// The code of a term in the history, and the sections it cites, which stand behind it.
fn code_and_sections(text: &str) -> (&str, &str) {
    text.split_once(' ').unwrap_or((text, ""))
}

/// The term that a line of the history says was otherwise before; none where it tells of something else.
fn was(what: &str, before: &str) -> Result<Option<Was>, String> {
    let (code, sections) = code_and_sections(before);
    Ok(Some(match what {
        REQUIREMENT => Was::Requirement(requirement(code)?),
        EXCEPTION_OPEN => Was::ExceptionOpen(Some(code).filter(|code| !code.is_empty()).map(Arc::from)),
        REVIEW_POLICY => Was::ReviewPolicy(policy::in_words(code, sections)?.into()),
        _ => return Ok(None),
    }))
}

/// A term of the history as a reader is told of it.
fn in_words(what: &str, text: &str) -> Result<String, String> {
    let (code, sections) = code_and_sections(text);
    Ok(match what {
        REQUIREMENT => requirement(code)?.in_words().to_owned(),
        REVIEW_POLICY => policy::in_words(code, sections)?,
        _ if code.is_empty() => "none".to_owned(),
        _ => code.to_owned(),
    })
}
