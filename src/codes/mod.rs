//! The vocabulary of codes that a shipment record carries: ECCNs, Schedule B numbers, countries.
//!
//! Each reads the spellings people write and says when it could not. What a code leads to stands in `rulebase`.

mod country;
mod eccn;
mod schedule_b;

pub use country::CountryCode;
pub use eccn::{Classification, Eccn};
pub use schedule_b::ScheduleB;
