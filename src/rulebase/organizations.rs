//! Strategic organizations that are not on the list themselves, and the sections of the law they bear on.
//!
//! Owns `organizations.csv`. Names are compared in `entity_list`; what a match asks of a person is decided in `checks`.

use super::files::RuleFiles;
use super::problem::Problem;
use super::table::Table;
use crate::effective::Date;

/// A nuclear, missile or defense organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id in the table.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Further names and spellings.
    pub aliases: Vec<String>,
    /// The sections it bears on, joined by `; `.
    pub sections: String,
    /// What it does, in words.
    pub what: String,
    /// Where that was read.
    pub source: String,
    /// When it was read there.
    pub seen_on: Date,
}

pub(super) fn read(files: &RuleFiles, problems: &mut Vec<Problem>) -> Vec<Organization> {
    let table = Table::read(
        files.table("organizations.csv"),
        &["id", "name", "aliases", "sections", "what", "source", "seen_on"],
        1,
        problems,
    );
    let mut organizations = Vec::new();
    for row in table.rows() {
        let sections = row.citations("sections", problems);
        if sections.is_empty() {
            problems.push(row.problem("sections", "name the section it bears on, `15 CFR 744.2`"));
        }
        for column in ["name", "what", "source"] {
            if row.get(column).trim().is_empty() {
                problems.push(row.problem(column, "is empty"));
            }
        }
        let seen_on = row.date("seen_on", problems);
        if row.get("seen_on").is_empty() {
            problems.push(row.problem("seen_on", "say on which day the source was read"));
        }
        let Some(seen_on) = seen_on else { continue };
        organizations.push(Organization {
            id: row.get("id").to_owned(),
            name: row.get("name").to_owned(),
            aliases: row.list("aliases").map(str::to_owned).collect(),
            sections: crate::citation::join(&sections),
            what: row.get("what").to_owned(),
            source: row.get("source").to_owned(),
            seen_on,
        });
    }
    organizations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_without_section_source_or_day_is_refused() {
        let text = "id,name,aliases,sections,what,source,seen_on\n\
                    a,Alpha Works,AW; Alpha Factory,744.2,rockets,,2026-11-24\nb,Beta Works,,,shells,a page,soon\n";
        let files = RuleFiles::embedded().with("organizations.csv", text);
        let mut problems = Vec::new();
        let read = read(&files, &mut problems);
        assert_eq!(read[0].aliases, ["AW", "Alpha Factory"]);
        let messages: Vec<_> = problems.iter().map(Problem::to_string).collect();
        for (line, column) in [(2, "sections"), (2, "source"), (3, "sections"), (3, "seen_on")] {
            let found = messages
                .iter()
                .any(|text| text.starts_with(&format!("organizations.csv:{line}")) && text.contains(column));
            assert!(found, "line {line}, {column}: {messages:?}");
        }
    }
}
