//! The classification a record declares, in one of the answers a cell can give.

use crate::codes::{Classification, Eccn};
use crate::field::Field;
use crate::ingest::values::is_null_word;
use crate::source::{Cell, CellKind};

/// What the classification cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declared {
    /// A well-formed ECCN.
    Eccn(Eccn),
    /// EAR99.
    Ear99,
    /// Nothing, or a word for nothing; also where the sheet has no such column.
    Missing,
    /// Neither an ECCN nor EAR99.
    Malformed,
    /// A number, a date or scientific notation where an ECCN stood.
    Damaged,
    /// An error cell or a formula without a value.
    Unreadable,
}

impl Declared {
    /// Reads a cell of the classification column.
    pub fn read(cell: Cell<'_>) -> Self {
        match cell.kind {
            CellKind::Error | CellKind::FormulaWithoutValue => return Self::Unreadable,
            CellKind::Number | CellKind::Date | CellKind::Bool => return Self::Damaged,
            _ => {}
        }
        let text = cell.text.trim();
        if text.is_empty() || is_null_word(Field::Eccn, text) {
            return Self::Missing;
        }
        match Classification::read(text) {
            Classification::Eccn(eccn) => Self::Eccn(eccn),
            Classification::Ear99 => Self::Ear99,
            Classification::Damaged => Self::Damaged,
            Classification::Malformed => Self::Malformed,
        }
    }

    /// The ECCN, where one is declared.
    pub fn eccn(&self) -> Option<&Eccn> {
        match self {
            Self::Eccn(eccn) => Some(eccn),
            _ => None,
        }
    }
}
