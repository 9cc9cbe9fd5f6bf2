//! What may be decided, for how long it holds, and when a second person is needed: the program's policy, read from data.

use serde::Deserialize;

use crate::effective::Date;

/// The policy on decisions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    validity: Validity,
    decision: Vec<Word>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Validity {
    months: i32,
    note: String,
}

/// One word a reviewer may decide by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// The word itself; it becomes the finding's status.
    pub word: String,
    /// What it says.
    pub meaning: String,
    /// Whether it closes an exception only with the approval of somebody other than the reviewer.
    pub second_person_for_exception: bool,
}

impl Policy {
    /// The policy the program carries.
    ///
    /// # Errors
    /// What is wrong with the data file.
    pub fn embedded() -> Result<Self, Vec<String>> {
        let policy: Self = toml::from_str(include_str!("../../data/decisions.toml"))
            .map_err(|error| vec![format!("data/decisions.toml: {error}")])?;
        if policy.decision.is_empty() || policy.validity.months < 1 {
            return Err(vec![
                "data/decisions.toml: it must name decisions and months of 1 or more".to_owned(),
            ]);
        }
        Ok(policy)
    }

    /// The words, in the order of the data.
    pub fn words(&self) -> &[Word] {
        &self.decision
    }

    /// The word written so, whatever its case and whether hyphens or blanks join it.
    pub fn word(&self, text: &str) -> Option<&Word> {
        let folded: Vec<String> = text
            .split(|c: char| c.is_whitespace() || matches!(c, '-' | '_'))
            .filter(|part| !part.is_empty())
            .map(str::to_lowercase)
            .collect();
        let folded = folded.join("-");
        self.decision.iter().find(|word| word.word == folded)
    }

    /// How many months a decision holds at most.
    pub fn months(&self) -> i32 {
        self.validity.months
    }

    /// The rule on validity, in words.
    pub fn note(&self) -> &str {
        &self.validity.note
    }

    /// The last day on which a decision of this day may hold.
    pub fn last_day(&self, decided_on: Date) -> Date {
        decided_on.saturating_add(jiff::Span::new().months(self.validity.months))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effective::parse_iso;

    #[test]
    fn words_are_read_as_people_write_them() {
        let policy = Policy::embedded().unwrap();
        assert_eq!(policy.word(" False Positive").unwrap().word, "false-positive");
        assert_eq!(policy.word("referred_to-counsel").unwrap().word, "referred-to-counsel");
        assert!(policy.word("closed").is_none());
        assert!(policy.words().iter().all(|word| word.second_person_for_exception));
    }

    #[test]
    fn a_decision_of_29_february_holds_to_28_february() {
        let policy = Policy::embedded().unwrap();
        let day = |text: &str| parse_iso(text).unwrap();
        assert_eq!(policy.last_day(day("2024-02-29")), day("2025-02-28"));
        assert_eq!(policy.last_day(day("2025-10-01")), day("2026-10-01"));
    }
}
