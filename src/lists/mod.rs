//! Keeping the lists current: the official download merged into the dated table, two lists compared, an entry shown.
//!
//! `download` reads the Consolidated Screening List, `wording` its license columns, `matching` finds the entry each row is
//! of, `merge` writes the next table, `import` does it all for every list and `report` tells it. `diff` compares two lists,
//! `show` prints one.

mod diff;
mod download;
mod import;
mod matching;
mod merge;
mod names;
mod questions;
mod report;
mod show;
mod tables;
mod wording;

pub use diff::diff;
pub use import::{Imported, Request, Wanted, import};
pub use show::show;
