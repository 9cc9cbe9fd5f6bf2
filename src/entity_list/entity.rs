//! One entry of the Entity List with its dates, and where it stood on a day.
//!
//! Holds what the list says and what its dates say; what follows for a shipment is decided in `checks`.

use std::fmt;
use std::sync::Arc;

use crate::codes::CountryCode;
use crate::effective::Date;

/// An entry's place in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityIdx(pub u32);

/// What an entry lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntityKind {
    /// A firm.
    Company,
    /// An institute.
    ResearchInstitute,
    /// A ministry, agency or the like.
    Government,
    /// Armed forces.
    Military,
    /// A university.
    University,
    /// All facilities of some sort of a body.
    FacilityClass,
    /// An address of high diversion risk, whoever uses it (15 CFR 744.11(a)); it has no name to match.
    Address,
    /// Not established; persons are among them.
    Unknown,
}

/// What needs a license to an entry, as its license requirement column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// All items subject to the EAR.
    AllItems,
    /// Items on the Commerce Control List and in Supplement No. 7 to part 746.
    CclAndSupp7,
    /// Items for projects in Crimea (15 CFR 746.8(a)(4) and its forerunners).
    CrimeaProjects,
    /// All items, less those the entry excludes.
    AllItemsWithExclusions,
    /// Not known.
    Unknown,
}

impl Requirement {
    /// The requirement in words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::AllItems => "all items subject to the EAR",
            Self::CclAndSupp7 => {
                "items on the Commerce Control List or in Supplement No. 7 to Part 746; which of these the item is must be established"
            }
            Self::CrimeaProjects => {
                "items for projects in Crimea; whether this shipment is for one must be established"
            }
            Self::AllItemsWithExclusions => {
                "all items subject to the EAR, less those the entry excludes; read the entry"
            }
            Self::Unknown => "not known from the snapshot; read the entry",
        }
    }

    /// What the entry requires, after its name: `requires a license for ...`.
    pub fn predicate(self) -> String {
        match self {
            Self::Unknown => {
                "has a license requirement that the snapshot does not give; read the entry".to_owned()
            }
            known => format!("requires a license for {}", known.in_words()),
        }
    }

    /// Whether the requirement turns on the item or the project, so that the party alone does not decide.
    pub fn turns_on_the_item(self) -> bool {
        self != Self::AllItems
    }
}

/// What a further name of an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AliasKind {
    /// Also known as.
    AlsoKnownAs,
    /// Formerly known as.
    Formerly,
    /// An acronym printed in the entry.
    Acronym,
    /// The name without its bracketed acronym.
    WithoutAcronym,
    /// Another spelling the sources print.
    Spelling,
}

impl AliasKind {
    /// The kind in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::AlsoKnownAs => "alias",
            Self::Formerly => "former name",
            Self::Acronym => "acronym",
            Self::WithoutAcronym => "name without its acronym",
            Self::Spelling => "other spelling",
        }
    }
}

impl fmt::Display for AliasKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A further name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// As printed.
    pub name: Box<str>,
    /// What it is.
    pub kind: AliasKind,
}

/// An address of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedAddress {
    /// As printed.
    pub text: Box<str>,
    /// The city where it could be told; else empty.
    pub city: Box<str>,
    /// The country.
    pub country: CountryCode,
}

/// One entry of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedEntity {
    /// The entry's id in this table.
    pub id: Box<str>,
    /// The name as printed.
    pub name: Box<str>,
    /// The country heading it stands under.
    pub listed_under: Arc<str>,
    /// The country of that heading.
    pub country: CountryCode,
    /// The countries of the heading and of all addresses, heading first.
    pub countries: Vec<CountryCode>,
    /// Further names.
    pub aliases: Vec<Alias>,
    /// Addresses.
    pub addresses: Vec<ListedAddress>,
    /// What it is.
    pub kind: EntityKind,
    /// What needs a license.
    pub requirement: Requirement,
    /// The sections the requirement cites, joined by `;`.
    pub requirement_sections: Arc<str>,
    /// The license exception the entry itself leaves open, `GOV` say; mostly none.
    pub exception_open: Option<Arc<str>>,
    /// The license review policy in words.
    pub review_policy: Arc<str>,
    /// The publication date of the rule that listed it; none where not known.
    pub listed_from: Option<Date>,
    /// The day its listing took effect; only where that day was read in the rule.
    pub effective_from: Option<Date>,
    /// The last day it is known to have been on the list; none for an entry still listed.
    pub delisted_after: Option<Date>,
    /// The first day it is known to have been off the list.
    pub delisted_by: Option<Date>,
    /// The publication dates of later rules that changed the entry, in order.
    pub amended: Vec<Date>,
    /// Whether a later rule is cited whose date is not known.
    pub amended_undated: bool,
    /// The Federal Register citations, with dates where known.
    pub federal_register: Box<str>,
    /// The entry of which this one is a unit.
    pub parent: Option<EntityIdx>,
    /// Whether the sources agree on the entry; where not, a person must read them.
    pub verified: bool,
    /// What else must be known before relying on the row; mostly empty.
    pub note: Box<str>,
}

/// Where an entry stood on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// On the list.
    Listed,
    /// Listed later, that many days after.
    ListedLater(i32),
    /// Taken off the list before.
    Delisted,
    /// Within the days before publication asked about with no effective date read, between the bounds of a delisting, or with no
    /// known day of listing.
    Uncertain,
}

impl ListedEntity {
    /// The first day on which the entry binds as far as known: its effective date, else its publication date.
    pub fn in_force_from(&self) -> Option<Date> {
        self.effective_from.or(self.listed_from)
    }

    /// Where the entry stood on a day. `days_before` is how many days before its publication a rule whose effective
    /// date was not read may have bound already.
    pub fn standing_on(&self, day: Date, days_before: i32) -> Standing {
        if self.delisted_by.is_some_and(|off| off <= day) {
            return Standing::Delisted;
        }
        if self.delisted_after.is_some_and(|last| last < day) {
            return Standing::Uncertain;
        }
        let Some(from) = self.in_force_from() else {
            return Standing::Uncertain;
        };
        let ahead = crate::effective::days_between(day, from);
        if ahead <= 0 {
            Standing::Listed
        } else if self.effective_from.is_none() && ahead <= days_before {
            Standing::Uncertain
        } else {
            Standing::ListedLater(ahead)
        }
    }

    /// Whether a rule changed the entry after the day, or may have.
    pub fn amended_after(&self, day: Date) -> bool {
        self.amended_undated || self.amended.last().is_some_and(|&last| last > day)
    }

    /// Whether a party of this country agrees with the entry.
    pub fn agrees_with(&self, country: CountryCode) -> bool {
        self.countries.contains(&country)
    }
}
