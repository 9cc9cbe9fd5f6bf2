//! What the text of a cell says: dates, numbers, and words that mean no value.
//!
//! Reads one cell under what was decided for its column; deciding that is the business of `plan`.

mod currency;
mod date;
mod digits;
mod month;
mod null_word;
mod number;

pub(crate) use currency::currency_named;
pub use currency::{currency_of_amount, currency_of_heading};
pub(crate) use date::date_of_serial;
pub use date::{DateOrder, DateReader, DateReading, DateShape, Separator, read_date};
pub use null_word::is_null_word;
pub use number::{DecimalMark, NumberReading, NumberShape, read_number};
