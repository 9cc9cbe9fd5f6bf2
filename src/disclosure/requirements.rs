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
    pub(super) abbreviated: Abbreviated,
    field: Vec<AskedField>,
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
}

/// The form for what counsel has marked as minor or technical.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Abbreviated {
    pub(super) cite: String,
    pub(super) notice: Vec<String>,
    field: Vec<AskedField>,
}

/// A field that a disclosure states.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedField {
    id: String,
    /// The paragraph that asks for it; none where the form's own does.
    cite: Option<String>,
    what: String,
}

impl AskedField {
    /// How it is named where the record lacks it, or some part of it: `ITN (ii)`.
    pub(super) fn lacking(&self, part: Option<&str>) -> String {
        let what = part.unwrap_or(&self.what);
        let paragraph = self.cite.as_deref().and_then(|cite| cite.rfind('(').map(|at| &cite[at..]));
        paragraph.map_or_else(|| what.to_owned(), |paragraph| format!("{what} {paragraph}"))
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonRow {
    role: String,
}

/// The form of a disclosure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The narrative account, field by field.
    Full,
    /// The abbreviated account of what is minor or technical.
    Abbreviated,
}

impl Requirements {
    /// The table in the program.
    pub(super) fn embedded() -> Result<Self, String> {
        let table: Self = toml::from_str(include_str!("../../data/disclosure.toml"))
            .map_err(|error| format!("data/disclosure.toml: {error}"))?;
        match IDS.iter().find(|id| table.asked(Form::Full, id).is_none()) {
            Some(missing) => Err(format!("data/disclosure.toml: the field `{missing}` is missing")),
            None => Ok(table),
        }
    }

    /// A field, where the form asks for it.
    pub(super) fn asked(&self, form: Form, id: &str) -> Option<&AskedField> {
        let fields = match form {
            Form::Full => &self.field,
            Form::Abbreviated => &self.abbreviated.field,
        };
        fields.iter().find(|field| field.id == id)
    }

    /// The roles in which a disclosure names persons.
    pub(super) fn roles(&self) -> impl Iterator<Item = &str> {
        self.person.iter().map(|person| person.role.as_str())
    }
}

/// The fields the program fills or lists as lacking.
const IDS: [&str; 11] = [
    "when",
    "document",
    "itn",
    "port",
    "mode",
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
        assert_eq!(table.asked(Form::Full, "itn").unwrap().lacking(None), "ITN (ii)");
        assert_eq!(table.asked(Form::Abbreviated, "parties").unwrap().lacking(None), "parties");
        assert!(table.asked(Form::Abbreviated, "itn").is_none());
        for role in table.roles() {
            assert!(PartyRole::ALL.iter().any(|known| known.name() == role), "{role}");
        }
    }
}
