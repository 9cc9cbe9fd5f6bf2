//! What an import found to tell: a line a change, of a kind.

use crate::entity_list::ListName;

/// What kind of change a line of the import tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A text of a license column in words that are not known.
    NotRead,
    New,
    Vanished,
    Changed,
    /// A name or an address that the download no longer prints; kept.
    NotPrinted,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::NotRead => "not read",
            Self::New => "new",
            Self::Vanished => "vanished",
            Self::Changed => "changed",
            Self::NotPrinted => "not printed",
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) list: ListName,
    pub(super) kind: Kind,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) what: &'static str,
    pub(super) before: String,
    pub(super) after: String,
}
