//! The options that say how files are read; the same for every command that reads them.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::commands::Failure;
use crate::ingest::values::DateOrder;
use crate::ingest::{ColumnsFile, Encoding, Limits, Overrides};

#[derive(Debug, Args)]
pub(super) struct ReadingArgs {
    /// Column mapping and fixed values, per file pattern (see `lookback columns --write`).
    #[arg(long, value_name = "FILE.toml")]
    pub(super) columns: Option<PathBuf>,
    /// The delimiter of text files: a character, or `tab`.
    #[arg(long, value_name = "CHAR")]
    delimiter: Option<String>,
    /// The encoding of text files: utf-8, utf-16, windows-1252, cp850, big5, gbk and so on.
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// The order of day and month where dates leave it open.
    #[arg(long, value_name = "ORDER")]
    date_order: Option<DateOrderArg>,
    /// Raise the limits of size, memory and time this many times, for a genuine file that was refused.
    #[arg(long, value_name = "TIMES", default_value = "1", value_parser = clap::value_parser!(u32).range(1..=64))]
    raise_limits: u32,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum DateOrderArg {
    /// Day before month: 31/12/2024.
    Dmy,
    /// Month before day: 12/31/2024.
    Mdy,
}

impl ReadingArgs {
    /// How files are to be read.
    ///
    /// # Errors
    /// A columns file that cannot be read, or an option that says nothing this program knows.
    pub(super) fn overrides(&self) -> Result<Overrides, Failure> {
        let columns = match &self.columns {
            None => None,
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| {
                    Failure::from(format!(
                        "{} could not be read: {error}. Check the path given to --columns.",
                        path.display()
                    ))
                })?;
                let name = path.display().to_string();
                Some(
                    ColumnsFile::parse(&text, &name)
                        .map_err(|problems| Failure::from(problems.join("\n")))?,
                )
            }
        };
        let delimiter = match self.delimiter.as_deref() {
            None => None,
            Some("tab" | "\\t" | "\t") => Some(b'\t'),
            Some(text) if text.len() == 1 && text.is_ascii() => Some(text.as_bytes()[0]),
            Some(text) => {
                return Err(Failure::from(format!("--delimiter takes one character or `tab`, not `{text}`")));
            }
        };
        let encoding = match self.encoding.as_deref() {
            None => None,
            Some(name) => Some(Encoding::from_name(name).ok_or_else(|| {
                Failure::from(format!(
                    "--encoding `{name}` is not one this program reads; try utf-8, utf-16, windows-1252, cp850, shift_jis or gbk"
                ))
            })?),
        };
        let date_order = self.date_order.map(|order| match order {
            DateOrderArg::Dmy => DateOrder::DayFirst,
            DateOrderArg::Mdy => DateOrder::MonthFirst,
        });
        Ok(Overrides { delimiter, encoding, date_order, columns, limits: Limits::raised(self.raise_limits) })
    }
}
