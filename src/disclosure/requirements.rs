//! What a self-disclosure has to state, as `data/disclosure.toml` has it.

use serde::Deserialize;

/// The table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Requirements {
    #[expect(dead_code, reason = "for the reader of the table")]
    checked_on: toml::value::Datetime,
    #[expect(dead_code, reason = "for the reader of the table")]
    cites: Vec<String>,
    pub(super) unverified: Vec<String>,
    pub(super) window: Window,
    pub(super) notice: Notice,
    field: Vec<FieldRow>,
    person: Vec<PersonRow>,
}

/// How far back a review is recommended to go.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Window {
    pub(super) years: u8,
    pub(super) cite: String,
}

/// What is printed above the schedule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Notice {
    pub(super) before_dealing: String,
    pub(super) narrative: String,
    pub(super) abbreviated: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldRow {
    id: String,
    cite: String,
    what: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonRow {
    role: String,
}

impl Requirements {
    /// The table in the program.
    pub(super) fn embedded() -> Result<Self, String> {
        let table: Self = toml::from_str(include_str!("../../data/disclosure.toml"))
            .map_err(|error| format!("data/disclosure.toml: {error}"))?;
        match IDS.iter().find(|id| !table.field.iter().any(|field| field.id == **id)) {
            Some(missing) => Err(format!("data/disclosure.toml: the field `{missing}` is missing")),
            None => Ok(table),
        }
    }

    /// How a field that the record lacks is named: `ITN (ii)`.
    pub(super) fn lacking(&self, id: &str, what: Option<&str>) -> String {
        let field = self.field.iter().find(|field| field.id == id);
        let paragraph =
            field.and_then(|field| field.cite.rfind('(').map(|at| &field.cite[at..])).unwrap_or("");
        let what = what.or(field.map(|field| field.what.as_str())).unwrap_or(id);
        format!("{what} {paragraph}")
    }

    /// The roles in which a disclosure names persons.
    pub(super) fn roles(&self) -> impl Iterator<Item = &str> {
        self.person.iter().map(|person| person.role.as_str())
    }
}

/// The fields the program fills or lists as lacking.
const IDS: [&str; 10] = [
    "when",
    "document",
    "itn",
    "how",
    "persons",
    "license",
    "description",
    "quantity",
    "classification",
    "dollars",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::party::PartyRole;

    #[test]
    fn the_table_is_whole_and_names_roles_that_exist() {
        let table = Requirements::embedded().unwrap();
        assert_eq!(table.lacking("itn", None), "ITN (ii)");
        for role in table.roles() {
            assert!(PartyRole::ALL.iter().any(|known| known.name() == role), "{role}");
        }
    }
}
