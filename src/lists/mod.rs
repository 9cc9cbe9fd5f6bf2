//! Keeping the lists current: the official download merged into the dated table, two lists compared, an entry shown.
//!
//! `download` reads the Consolidated Screening List, `wording` its license columns, `matching` finds the entry each row is
//! of, `merge` writes the next table (`terms` what an entry asks for, `newcomer` an entry that is new, `change` what there is to
//! tell), `import` does it all for every list and `report` tells it. `diff` compares two lists,
//! `show` prints one.

mod change;
mod diff;
mod download;
mod import;
mod matching;
mod merge;
mod names;
mod newcomer;
mod questions;
mod report;
mod show;
mod tables;
mod terms;
mod wording;

pub use diff::diff;
pub use import::{Imported, Request, Wanted, import};
pub use show::show;
