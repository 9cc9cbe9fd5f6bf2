//! The checks: one question a file, each with the words that explain its codes.
//!
//! A check reads a judged line and pushes findings; it prints nothing and decides nothing about other lines. To add
//! one, write the file and add it to [`CHECKS`].

mod ccl;
mod classification;
mod diversion;
mod draft;
mod end_user;
mod filing;
mod filing_split;
mod forwarder;
mod further_list;
mod item;
mod license_exception;
mod license_record;
mod license_requirement;
mod listed_party;
mod new_buyer;
mod organization;
mod ownership;
mod record_quality;
mod repetition;
mod sheet;

pub use diversion::concerns_watched;
pub use draft::{Case, Place};
pub use filing_split::{FilingSplit, SplitLine, split};
pub use new_buyer::{History, NewBuyer, SinceListed, new_buyer};
pub use repetition::repeated;
pub use sheet::{MissingColumns, SheetCounts, about_sheet};

use crate::finding::{CodeText, Finding, FindingCode};

/// A check: its question asked of one line, and the words of its codes.
pub struct Check {
    /// Pushes what it finds.
    pub run: fn(&Case<'_>, &mut Vec<Finding>),
    /// The explanation of every code it raises.
    pub texts: &'static [CodeText],
}

/// Every check, in the canonical order of the codes.
pub const CHECKS: &[Check] = &[
    Check { run: license_requirement::check, texts: license_requirement::TEXTS },
    Check { run: license_exception::check, texts: license_exception::TEXTS },
    Check { run: license_record::check, texts: license_record::TEXTS },
    Check { run: ccl::check, texts: ccl::TEXTS },
    Check { run: filing::check, texts: filing::TEXTS },
    Check { run: diversion::check, texts: diversion::TEXTS },
    Check { run: listed_party::check, texts: listed_party::TEXTS },
    Check { run: ownership::check, texts: ownership::TEXTS },
    Check { run: forwarder::check, texts: forwarder::TEXTS },
    Check { run: end_user::check, texts: end_user::TEXTS },
    Check { run: organization::check, texts: organization::TEXTS },
    Check { run: further_list::check, texts: further_list::TEXTS },
    Check { run: classification::check, texts: classification::TEXTS },
    Check { run: item::check, texts: item::TEXTS },
    Check { run: record_quality::check, texts: record_quality::TEXTS },
];

/// The words of codes that no line shows alone.
const ACROSS_LINES: &[&[CodeText]] =
    &[sheet::TEXTS, repetition::TEXTS, filing_split::TEXTS, new_buyer::TEXTS];

/// Asks every check of one line. Findings come in the canonical order of their codes.
pub fn judge(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for check in CHECKS {
        (check.run)(case, &mut findings);
    }
    findings.sort_by(|a, b| {
        (a.code, &a.party_role)
            .cmp(&(b.code, &b.party_role))
            .then_with(|| b.score.cmp(&a.score))
            .then_with(|| (&a.listed_entity_id, &a.folded_party).cmp(&(&b.listed_entity_id, &b.folded_party)))
    });
    findings
}

/// The explanation of a code.
pub fn text(code: FindingCode) -> Option<&'static CodeText> {
    CHECKS
        .iter()
        .flat_map(|check| check.texts)
        .chain(ACROSS_LINES.iter().copied().flatten())
        .find(|text| text.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_once() {
        for code in FindingCode::ALL {
            let explained = CHECKS
                .iter()
                .flat_map(|check| check.texts)
                .chain(ACROSS_LINES.iter().copied().flatten())
                .filter(|text| text.code == *code)
                .count();
            assert_eq!(explained, 1, "{code}");
        }
    }
}
