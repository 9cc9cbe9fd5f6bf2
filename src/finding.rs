//! A finding: a reason why a person should look at a line, where law, list and record meet.
//!
//! Owns the codes, what they are called, and the record that reaches every report. What a code means in words
//! stands beside the check that raises it, in `checks`.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::decisions::Decision;
use crate::effective::{Date, parse_iso};

/// What a person has to do about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disposition {
    /// A license requirement is indicated, with nothing on record that meets it.
    Exception,
    /// A person must establish a fact.
    Review,
    /// For the file.
    Note,
}

impl Disposition {
    /// The word a report shows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exception => "exception",
            Self::Review => "review",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Disposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

macro_rules! codes {
    ($($code:ident $name:literal $disposition:ident;)*) => {
        /// The code of a finding. A code, once released, never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[allow(missing_docs, reason = "each code is named by the pattern it finds, beside it")]
        pub enum FindingCode { $($code,)* }

        impl FindingCode {
            /// Every code, in canonical order.
            pub const ALL: &'static [Self] = &[$(Self::$code,)*];

            /// The code itself, `LR01`.
            pub fn code(self) -> &'static str {
                match self { $(Self::$code => stringify!($code),)* }
            }

            /// The pattern found, in words joined by hyphens.
            pub fn name(self) -> &'static str {
                match self { $(Self::$code => $name,)* }
            }

            /// The disposition where nothing speaks for another.
            pub fn default_disposition(self) -> Disposition {
                match self { $(Self::$code => Disposition::$disposition,)* }
            }
        }
    };
}

codes! {
    LR01 "license-required-none-recorded" Exception;
    LR02 "license-required-no-record-kept" Review;
    LR03 "license-exception-unavailable" Exception;
    LR04 "license-exception-conditions" Review;
    LR05 "license-recorded" Note;
    LR06 "license-number-missing" Review;
    LR07 "savings-clause-possible" Note;
    LR08 "before-effective-date" Note;
    LR09 "paragraph-undetermined" Review;
    LR10 "ccl-license-required" Exception;
    LR11 "ccl-license-may-be-required" Review;
    LR12 "ccl-license-exception-claimed" Review;
    LR13 "filing-exemption-with-license-required" Review;
    LR14 "jurisdiction-not-shown" Review;
    LR15 "date-outside-rule-coverage" Review;
    LR16 "destination-may-be-pakistan" Review;
    EL01 "listed-party" Exception;
    EL02 "party-resembles-listed-entity" Review;
    EL03 "address-of-listed-entity" Review;
    EL04 "listed-after-shipment" Note;
    EL05 "listed-party-outside-transaction-roles" Review;
    EL06 "license-exception-with-listed-party" Exception;
    EL07 "listing-date-uncertain" Review;
    EL08 "owned-by-listed-entity" Exception;
    EL09 "date-outside-list-coverage" Review;
    EL10 "listing-savings-clause-possible" Note;
    IT01 "classification-missing" Review;
    IT02 "classification-malformed" Review;
    IT03 "classification-damaged" Review;
    IT04 "item-resembles-controlled" Review;
    IT05 "classification-contradicted" Review;
    IT06 "classification-not-on-ccl" Review;
    RF01 "forwarder-is-ultimate-consignee" Review;
    RF02 "pakistan-behind-transshipment" Review;
    RF03 "end-user-unknown" Review;
    RF04 "strategic-organization" Review;
    RF05 "below-filing-threshold-split" Note;
    RF06 "new-buyer-after-listing" Note;
    PL01 "denied-person" Review;
    PL02 "unverified-list-party" Review;
    PL03 "military-end-user-listed" Review;
    PL04 "sdn-party" Review;
    RQ01 "value-unreadable" Review;
    RQ02 "needed-field-blank" Review;
    RQ03 "line-repeated" Note;
    RQ04 "destination-contradicted" Review;
    RQ05 "date-order-undecided" Review;
    RQ06 "date-of-export-substituted" Review;
}

impl FindingCode {
    /// The code with this text, of either case.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.code().eq_ignore_ascii_case(text.trim()))
    }
}

impl fmt::Display for FindingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What a code means, in the words `lookback explain`, README and the Method sheet print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeText {
    /// The code.
    pub code: FindingCode,
    /// What it finds.
    pub what_it_finds: &'static str,
    /// Why it matters.
    pub why_it_matters: &'static str,
    /// What a person looks at.
    pub what_to_look_at: &'static str,
    /// The law, by citation.
    pub law: &'static str,
}

/// A cell that a finding relies on, with its text exactly as read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The logical field, `eccn` say.
    pub field: String,
    /// The address within the sheet, `H214`; empty for a value fixed by the user.
    pub cell: String,
    /// The heading of the column, as the file writes it.
    pub heading: String,
    /// The text as read.
    pub raw: String,
}

/// Everything a report says of one finding, as text ready to print. Ids, group and status are added at the merge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What was found.
    pub code: FindingCode,
    /// What a person has to do.
    pub disposition: Disposition,
    /// The file, as the report names it.
    pub file: String,
    /// The sheet; empty for a text file.
    pub sheet: String,
    /// The physical row or line, from 1.
    pub row: u32,
    /// The invoice, order or delivery number.
    pub document: String,
    /// The line number within it.
    pub line: String,
    /// ISO date; both readings joined by ` or ` while undecided; empty where there is none.
    pub date_of_export: String,
    /// Which date it is.
    pub date_basis: String,
    /// ISO code of the destination where it was read, else the text as recorded.
    pub destination: String,
    /// The role, or roles joined by `;`.
    pub party_role: String,
    /// The party's name as recorded.
    pub party_name: String,
    /// The party's address as recorded.
    pub party_address: String,
    /// The party's own country as read, ISO code; empty where not known. For the Parties sheet; no column of its own.
    pub party_country: String,
    /// The listed entry's id.
    pub listed_entity_id: String,
    /// The listed entry's name.
    pub listed_entity: String,
    /// The name or alias of the entry that matched.
    pub matched_name: String,
    /// Score of the match, 0 to 1 with three decimals; empty where nothing was matched.
    pub score: String,
    /// The ECCN as recorded.
    pub declared_eccn: String,
    /// The entry or control the finding points to.
    pub candidate_eccn: String,
    /// Schedule B or HTSUSA number as recorded.
    pub schedule_b: String,
    /// Item number as recorded.
    pub item: String,
    /// Description as recorded.
    pub description: String,
    /// Quantity as recorded.
    pub quantity: String,
    /// Unit as recorded.
    pub unit: String,
    /// Value as an exact decimal with a point, or the text as recorded where it could not be read.
    pub value: String,
    /// Currency as recorded.
    pub currency: String,
    /// License code as recorded.
    pub license_code: String,
    /// License number as recorded.
    pub license_number: String,
    /// License exception read from the record, by symbol.
    pub license_exception: String,
    /// The rule's id.
    pub rule: String,
    /// ISO date from which the rule or entry held.
    pub in_force_from: String,
    /// Citations joined by `; `.
    pub citations: String,
    /// Why this line, in words.
    pub explanation: String,
    /// What a person must still establish.
    pub to_verify: String,
    /// The cells relied on.
    pub evidence: Vec<Evidence>,
    /// What identifies the group a reviewer decides at once; hashed to `group_id` at the merge.
    pub group_key: String,
    /// What identifies the finding when document or line is missing: the line's folded mapped cells.
    pub line_key: String,
    /// The party's name, folded; empty where no party is concerned.
    pub folded_party: String,
    /// How many lines a finding about a whole sheet stands for; 1 for a finding about a line.
    pub lines: u64,
}

impl Finding {
    /// The date of export, the earlier where it can be read in two ways; none where it could not be read.
    pub fn day(&self) -> Option<Date> {
        parse_iso(self.date_of_export.get(..10).unwrap_or_default()).ok()
    }

    /// The currency of the value, or that none is stated.
    pub fn stated_currency(&self) -> &str {
        if self.currency.is_empty() { "not stated" } else { &self.currency }
    }
}

/// A finding with what the merge adds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NumberedFinding {
    /// 16 hex digits, the same over re-runs, re-exports, reordered rows and renamed files.
    pub finding_id: String,
    /// What a reviewer decides once.
    pub group_id: String,
    /// `open`, or what a decision says.
    pub status: String,
    /// The decision that closed it; none while it is open.
    #[serde(skip)]
    pub decision: Option<Arc<Decision>>,
    /// The finding.
    pub finding: Finding,
}

impl NumberedFinding {
    /// The status of a finding that no decision has closed.
    pub const OPEN: &'static str = "open";

    /// Whether no decision has closed it.
    pub fn is_open(&self) -> bool {
        self.decision.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_ordered() {
        let codes: Vec<_> = FindingCode::ALL.iter().map(|code| code.code()).collect();
        let mut unique = codes.clone();
        unique.dedup();
        assert_eq!(codes, unique);
        assert_eq!(FindingCode::from_text("lr01"), Some(FindingCode::LR01));
        assert_eq!(FindingCode::from_text("LR99"), None);
    }
}
