//! What the download's own words are read as: its sources, and the texts of its license columns.
//!
//! Owns `data/lists/`. A text that no row of the wording holds is not known, and is never guessed.

use std::sync::LazyLock;

use crate::entity_list::ListName;

/// A column of the wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// What needs a license.
    Requirement,
    /// The license exception an entry leaves open.
    Exception,
    /// How applications are reviewed.
    Policy,
}

struct Row {
    column: &'static str,
    holds: Vec<String>,
    reads_as: &'static str,
}

static WORDING: LazyLock<Vec<Row>> = LazyLock::new(|| {
    rows(include_str!("../../data/lists/wording.csv"))
        .filter_map(|row| {
            let (column, rest) = row.split_once(',')?;
            let (holds, reads_as) = rest.rsplit_once(',')?;
            Some(Row { column, holds: holds.split('+').map(close_up).collect(), reads_as })
        })
        .collect()
});

static SOURCES: LazyLock<Vec<(ListName, &str)>> = LazyLock::new(|| {
    rows(include_str!("../../data/lists/sources.csv"))
        .filter_map(|row| {
            let (list, source) = row.split_once(',')?;
            Some((ListName::from_code(list)?, source))
        })
        .collect()
});

fn rows(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#')).skip(1)
}

/// The text in small letters without its spaces.
fn close_up(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// What a text of a license column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// What this code of the tables says.
    Known(&'static str),
    /// Something, in words that are not known.
    NotRead,
    /// Nothing.
    Silent,
}

impl Reading {
    /// The code, where the words are known.
    pub(super) fn code(self) -> Option<&'static str> {
        match self {
            Self::Known(code) => Some(code),
            Self::NotRead | Self::Silent => None,
        }
    }
}

/// What a text of a license column is read as.
pub(super) fn read(of: Of, text: &str) -> Reading {
    let column = match of {
        Of::Requirement => "requirement",
        Of::Exception => "exception",
        Of::Policy => "policy",
    };
    let text = close_up(text);
    let holds =
        |row: &&Row| row.column == column && row.holds.iter().all(|words| text.contains(words.as_str()));
    match WORDING.iter().find(holds) {
        _ if text.is_empty() => Reading::Silent,
        Some(row) if row.reads_as.is_empty() => Reading::NotRead,
        Some(row) => Reading::Known(row.reads_as),
        // A requirement that does not speak of exceptions opens none.
        None if of == Of::Exception => Reading::Silent,
        None => Reading::NotRead,
    }
}

/// The list that a source of the download names; none for the lists the program does not use.
pub(super) fn list(source: &str) -> Option<ListName> {
    let (_, rest) = source.split_once('(')?;
    let (code, _) = rest.split_once(')')?;
    // `Military End User (MEU) List`, `Specially Designated Nationals (SDN)`: the letters before any space.
    let code = code.split_whitespace().next()?;
    SOURCES.iter().find(|(_, name)| *name == code).map(|(list, _)| *list)
}

/// The sections a text cites, as the tables write them: `744.2(d);744.3(d)`.
pub(super) fn sections(text: &str) -> String {
    let mut found: Vec<String> = Vec::new();
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let digits = |from: usize| chars[from..].iter().take_while(|c| c.is_ascii_digit()).count();
        let part = digits(at);
        if part == 3 && chars.get(at + 3) == Some(&'.') && digits(at + 4) > 0 {
            let mut end = at + 4 + digits(at + 4);
            while chars.get(end) == Some(&'(') {
                match chars[end..].iter().take(6).position(|c| *c == ')') {
                    Some(close) => end += close + 1,
                    None => break,
                }
            }
            let section: String = chars[at..end].iter().collect();
            if !found.contains(&section) {
                found.push(section);
            }
            at = end;
        } else {
            at += part.max(1);
        }
    }
    found.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_the_download_are_read() {
        for (of, text, code) in [
            (
                Of::Requirement,
                "For all items subject to the EAR. (See §744.11 of the EAR).",
                Some("all-items"),
            ),
            (Of::Requirement, "All Items Subject to the EAR", Some("all-items")),
            (
                Of::Requirement,
                "For items on the CCL and EAR99 items listed in supplement no. 7 to part 746 of the EAR.",
                Some("ccl-and-746-supp7"),
            ),
            (
                Of::Requirement,
                "For all items subject to the EAR when used in projects specified in § 746.8(a)(4) of the EAR",
                Some("crimea-projects"),
            ),
            (
                Of::Requirement,
                "For All Items Subject to the EAR (See §744.11 of the EAR), except for EAR99-designated technology",
                Some("all-items-with-exclusions"),
            ),
            (Of::Requirement, "For any item listed in supplement no. 2 to part 744.", None),
            (
                Of::Exception,
                "This may be overcome by License Exception GOV under § 740.11(b)(2)",
                Some("GOV"),
            ),
            (Of::Exception, "All items subject to the EAR", None),
            (Of::Policy, "Presumption for denial.", Some("presumption-of-denial")),
            (Of::Policy, "See §744.2 (d) of the EAR", Some("per-cited-section")),
            (Of::Policy, "Policy of Denial", Some("policy-of-denial")),
            (
                Of::Policy,
                "Policy of denial for all items apart from food and medicine designated as EAR99, case-by-case",
                Some("policy-of-denial+case-by-case-food-medicine-ear99"),
            ),
            (
                Of::Policy,
                "Case-by-case for all items listed on the CCL. Presumption of approval for EAR99 items",
                Some("case-by-case-ccl+presumption-of-approval-ear99"),
            ),
            (Of::Policy, "", None),
        ] {
            assert_eq!(read(of, text).code(), code, "{text}");
        }
    }

    #[test]
    fn a_text_that_is_not_known_is_told_from_one_that_says_nothing() {
        for (of, text, reading) in [
            (Of::Requirement, "", Reading::Silent),
            (Of::Requirement, "For every second item", Reading::NotRead),
            (
                Of::Requirement,
                "For all items subject to the EAR listed in supplement no. 2 to part 744",
                Reading::NotRead,
            ),
            (Of::Exception, "For all items subject to the EAR", Reading::Silent),
            (Of::Exception, "For all items; License Exception TMP remains open", Reading::NotRead),
            (Of::Policy, " ", Reading::Silent),
            (Of::Policy, "At the discretion of the agency", Reading::NotRead),
        ] {
            assert_eq!(read(of, text), reading, "{text}");
        }
    }

    #[test]
    fn every_code_of_the_wording_is_one_the_tables_know() {
        for row in WORDING.iter().filter(|row| !row.reads_as.is_empty()) {
            match row.column {
                "requirement" => {
                    assert!(
                        crate::entity_list::Requirement::from_code(row.reads_as).is_some(),
                        "{}",
                        row.reads_as
                    );
                }
                "policy" => assert!(crate::entity_list::policy_in_words(row.reads_as, "").is_ok()),
                other => assert_eq!(other, "exception"),
            }
        }
        assert_eq!(SOURCES.len(), ListName::ALL.len());
    }

    #[test]
    fn sources_and_sections_are_read() {
        assert_eq!(list("Entity List (EL) - Bureau of Industry and Security"), Some(ListName::EntityList));
        assert_eq!(
            list("Military End User (MEU) List - Bureau of Industry and Security"),
            Some(ListName::MilitaryEndUsers)
        );
        assert_eq!(list("Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department"), None);
        assert_eq!(
            sections("See §§ 744.2(d), 744.3(d) and 734.9(e)(2) of part 744."),
            "744.2(d);744.3(d);734.9(e)(2)"
        );
    }
}
