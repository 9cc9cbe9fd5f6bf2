//! The layout of a list on disk: its files and their columns, for whoever reads or writes one.
//!
//! Says where a column stands and what a row of each table is called; what the cells mean is `read`'s.

/// The description of a list.
pub(crate) const SNAPSHOT: &str = "snapshot.toml";

/// The tables every list has.
pub(crate) const TABLES: [&str; 4] = ["entities.csv", "aliases.csv", "addresses.csv", "citations.csv"];

/// What imports found changed in an entry; a list without imports has none.
pub(crate) const HISTORY: &str = "history.csv";

/// Columns of `entities.csv`.
pub(crate) const ENTITIES: [&str; 21] = [
    "id",
    "name",
    "listed_under",
    "countries",
    "kind",
    "parent_id",
    "requirement",
    "requirement_sections",
    "exception_open",
    "review_policy",
    "review_sections",
    "listed_from",
    "effective_from",
    "listed_after",
    "listed_by",
    "delisted_after",
    "delisted_by",
    "fdp_footnote",
    "confidence",
    "flags",
    "note",
];

/// Columns of `aliases.csv`.
pub(crate) const ALIASES: [&str; 3] = ["id", "alias", "kind"];

/// Columns of `addresses.csv`.
pub(crate) const ADDRESSES: [&str; 4] = ["id", "address", "city", "country"];

/// Columns of `citations.csv`.
pub(crate) const CITATIONS: [&str; 5] = ["id", "citation", "published", "role", "date_basis"];

/// Columns of `history.csv`.
pub(crate) const CHANGES: [&str; 6] = ["id", "seen_on", "not_before", "what", "before", "after"];

/// What a line of the history calls the license requirement of an entry.
pub(crate) const REQUIREMENT: &str = "license requirement";

/// The license exception that the entry leaves open.
pub(crate) const EXCEPTION_OPEN: &str = "license exception open";

/// The license review policy.
pub(crate) const REVIEW_POLICY: &str = "license review policy";

/// The texts of a download that were not read, each beside the term that it left unknown.
pub(crate) const REQUIREMENT_NOT_READ: &str = "license requirement not read";
/// The exception that a text speaks of.
pub(crate) const EXCEPTION_NOT_READ: &str = "license exception not read";
/// The policy.
pub(crate) const POLICY_NOT_READ: &str = "license review policy not read";

/// A term that is not known.
pub(crate) const UNKNOWN: &str = "unknown";

/// The description of the list in the program.
pub(crate) const EMBEDDED_SNAPSHOT: &str = include_str!("../../data/entity_list/snapshot.toml");

/// The tables of the list in the program, in the order of [`TABLES`].
pub(crate) const EMBEDDED: [&str; 4] = [
    include_str!("../../data/entity_list/entities.csv"),
    include_str!("../../data/entity_list/aliases.csv"),
    include_str!("../../data/entity_list/addresses.csv"),
    include_str!("../../data/entity_list/citations.csv"),
];
