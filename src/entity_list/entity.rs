//! One entry of the Entity List with its dates, and where it stood on a day.
//!
//! Holds what the list says and what its dates say; what follows for a shipment is decided in `checks`.

use std::fmt;
use std::sync::Arc;

use super::terms::{EarlierTerms, Terms, TermsOn};
use crate::codes::CountryCode;
use crate::effective::Date;

/// An entry's place in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityIdx(pub u32);

/// One of the lists of the Consolidated Screening List that the EAR attach something to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListName {
    /// Supplement No. 4 to 15 CFR Part 744.
    EntityList,
    /// Persons whose export privileges are denied.
    DeniedPersons,
    /// Parties whose bona fides could not be verified.
    Unverified,
    /// Military end users named in Supplement No. 7 to 15 CFR Part 744.
    MilitaryEndUsers,
    /// Persons designated and blocked by the Treasury.
    SpeciallyDesignated,
}

impl ListName {
    /// Every list, in canonical order.
    pub const ALL: [Self; 5] = [
        Self::EntityList,
        Self::DeniedPersons,
        Self::Unverified,
        Self::MilitaryEndUsers,
        Self::SpeciallyDesignated,
    ];

    /// The code of the command line and of the data.
    pub fn code(self) -> &'static str {
        match self {
            Self::EntityList => "el",
            Self::DeniedPersons => "dpl",
            Self::Unverified => "uvl",
            Self::MilitaryEndUsers => "meu",
            Self::SpeciallyDesignated => "sdn",
        }
    }

    /// The list with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.code() == code)
    }

    /// The list's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::EntityList => "Entity List",
            Self::DeniedPersons => "Denied Persons List",
            Self::Unverified => "Unverified List",
            Self::MilitaryEndUsers => "Military End-User List",
            Self::SpeciallyDesignated => "Specially Designated Nationals List",
        }
    }

    /// All codes with their names, in words.
    pub(crate) fn codes() -> String {
        let all = Self::ALL.map(|list| format!("{} ({})", list.code(), list.name()));
        format!("the lists are {}", all.join(", "))
    }
}

impl fmt::Display for ListName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What an import found changed in an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The entry.
    pub entity: EntityIdx,
    /// The day of the download that showed it.
    pub seen_on: Date,
    /// The last day the list before it answered for, on which it was not so.
    pub not_before: Option<Date>,
    /// What changed: `name`, `alias`, `address`, `license requirement` ...
    pub what: Box<str>,
    /// How it read before; empty where there was nothing.
    pub before: Box<str>,
    /// How it reads since; empty where there is nothing.
    pub after: Box<str>,
}

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

impl EntityKind {
    /// The kind with this code of the tables.
    pub(super) fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "company" => Self::Company,
            "research_institute" => Self::ResearchInstitute,
            "government" => Self::Government,
            "military" => Self::Military,
            "university" => Self::University,
            "facility_class" => Self::FacilityClass,
            "address" => Self::Address,
            "unknown" => Self::Unknown,
            _ => return None,
        })
    }
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
    /// The requirement with this code of the tables.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "all-items" => Self::AllItems,
            "ccl-and-746-supp7" => Self::CclAndSupp7,
            "crimea-projects" => Self::CrimeaProjects,
            "all-items-with-exclusions" => Self::AllItemsWithExclusions,
            "unknown" => Self::Unknown,
            _ => return None,
        })
    }

    /// The code of the tables.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::AllItems => "all-items",
            Self::CclAndSupp7 => "ccl-and-746-supp7",
            Self::CrimeaProjects => "crimea-projects",
            Self::AllItemsWithExclusions => "all-items-with-exclusions",
            Self::Unknown => "unknown",
        }
    }

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

    /// How lenient the requirement is: the strictest, for all items, is 0.
    pub(crate) fn leniency(self) -> u8 {
        match self {
            Self::AllItems => 0,
            Self::AllItemsWithExclusions => 1,
            Self::Unknown => 2,
            Self::CclAndSupp7 => 3,
            Self::CrimeaProjects => 4,
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
    /// The kind with this code of the tables.
    pub(super) fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "aka" => Self::AlsoKnownAs,
            "fka" => Self::Formerly,
            "acronym" => Self::Acronym,
            "name_without_acronym" => Self::WithoutAcronym,
            "spelling" => Self::Spelling,
            _ => return None,
        })
    }

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
    /// The day of the download that first showed it, where an import added it to an entry.
    pub seen_on: Option<Date>,
}

/// One entry of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedEntity {
    /// The entry's id in this table.
    pub id: Box<str>,
    /// The list it stands on.
    pub list: ListName,
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
    /// What it asks for now.
    pub terms: Terms,
    /// What it asked for before imports saw its terms change, oldest first.
    pub earlier_terms: Vec<EarlierTerms>,
    /// The publication date of the rule that listed it; none where not known.
    pub listed_from: Option<Date>,
    /// The day its listing took effect; only where that day was read in the rule.
    pub effective_from: Option<Date>,
    /// The last day it is known not to have been listed, where the day of listing is not known.
    pub listed_after: Option<Date>,
    /// The first day it was seen on the list, where the day of listing is not known.
    pub listed_by: Option<Date>,
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
    /// An entry that is only a name, for lists of the user's own.
    pub(super) fn named(number: usize, name: &str, country: Option<CountryCode>) -> Self {
        let nothing: Arc<str> = Arc::from("");
        Self {
            id: format!("name-{number:08}").into(),
            list: ListName::EntityList,
            name: name.into(),
            listed_under: Arc::clone(&nothing),
            // Nobody's country stands where none is recorded; who asks knows that it was not.
            country: country.unwrap_or(CountryCode::UNKNOWN),
            countries: country.into_iter().collect(),
            aliases: Vec::new(),
            addresses: Vec::new(),
            kind: EntityKind::Unknown,
            terms: Terms { requirement: Requirement::Unknown, exception_open: None, review_policy: nothing },
            earlier_terms: Vec::new(),
            listed_from: None,
            effective_from: None,
            listed_after: None,
            listed_by: None,
            delisted_after: None,
            delisted_by: None,
            amended: Vec::new(),
            amended_undated: false,
            federal_register: Box::default(),
            parent: None,
            verified: true,
            note: Box::default(),
        }
    }

    /// The first day on which the entry binds as far as known: its effective date, else its publication date, else the
    /// first day it was seen on the list.
    pub fn in_force_from(&self) -> Option<Date> {
        self.effective_from.or(self.listed_from).or(self.listed_by)
    }

    /// Whether the day of listing is known, and not only a day on which the entry was on the list.
    pub fn listing_is_dated(&self) -> bool {
        self.effective_from.is_some() || self.listed_from.is_some()
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
        } else if !self.listing_is_dated() {
            match self.listed_after {
                Some(last) if day <= last => Standing::ListedLater(ahead),
                _ => Standing::Uncertain,
            }
        } else if self.effective_from.is_none() && ahead <= days_before {
            Standing::Uncertain
        } else {
            Standing::ListedLater(ahead)
        }
    }

    /// What the entry asked for on these days, each a reading of one date; without any, on a day that is not known.
    pub fn terms_on(&self, days: impl IntoIterator<Item = Date>) -> TermsOn<'_> {
        TermsOn::of(&self.terms, &self.earlier_terms, days)
    }

    /// The first day on which an address of the entry was seen on the list, where an import added it.
    pub fn address_seen_on(&self, text: &str) -> Option<Date> {
        self.addresses.iter().find(|address| &*address.text == text)?.seen_on
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
