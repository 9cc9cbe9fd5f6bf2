//! `lookback screen`: names given as arguments or read from a file, screened and judged as of one day.
//!
//! Reads names and says what became of them; how they are compared is the business of `entity_list`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Failure, Outcome};
use crate::audit;
use crate::codes::CountryCode;
use crate::effective::Date;
use crate::entity_list::report::{AsOf, write_csv, write_text};
use crate::entity_list::{ListName, PartyQuery, Screener};
use crate::ingest;
use crate::places::{CountryReading, Places};

/// What `lookback screen` is asked.
pub struct ScreenRequest {
    /// Names given.
    pub names: Vec<String>,
    /// Or a spreadsheet of names.
    pub file: Option<PathBuf>,
    /// The heading of their column.
    pub column: Option<String>,
    /// Their country, where the file has no column of it or its cell is blank.
    pub country: Option<CountryCode>,
    /// The heading of the column of their countries.
    pub country_column: Option<String>,
    /// Their address, likewise.
    pub address: String,
    /// The heading of the column of their addresses.
    pub address_column: Option<String>,
    /// The day for dispositions.
    pub on: Option<Date>,
    /// The lowest score shown.
    pub min_score: Option<f32>,
    /// CSV instead of text.
    pub as_csv: bool,
    /// Another list than the embedded one.
    pub entity_list: Option<PathBuf>,
    /// Further lists, beside the Entity List.
    pub lists: Vec<ListName>,
}

/// A party to screen.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Party {
    row: u32,
    name: String,
    country: Option<CountryCode>,
    address: String,
}

/// `lookback screen`.
///
/// # Errors
/// When the list or the file cannot be read.
pub fn screen(request: &ScreenRequest) -> Result<Outcome, Failure> {
    let list = Arc::new(audit::load_lists(request.entity_list.as_deref(), &request.lists)?);
    let against = Screener::new(Arc::clone(&list));
    let parties = match (&request.file, &request.column) {
        (Some(file), Some(column)) => read(file, column, request)?,
        _ => given(request),
    };
    let days_before = i32::from(audit::load_rules(None)?.windows().listing_uncertain.days);
    let on = AsOf { day: request.on.unwrap_or(list.snapshot().as_of), days_before };
    let screened = parties.iter().map(|party| {
        let query = PartyQuery { name: &party.name, country: party.country, address: &party.address };
        against.screen_named(party.row, &query, request.min_score)
    });
    let mut out = Vec::new();
    if request.as_csv {
        write_csv(&list, screened, on, &mut out)
    } else {
        write_text(&list, screened, on, &mut out)
    }
    .map_err(|error| Failure(error.to_string()))?;
    Ok(Outcome::said(String::from_utf8_lossy(&out).into_owned()))
}

fn given(request: &ScreenRequest) -> Vec<Party> {
    (1..)
        .zip(&request.names)
        .map(|(row, name)| Party {
            row,
            name: name.clone(),
            country: request.country,
            address: request.address.clone(),
        })
        .collect()
}

/// The parties of a file, every sheet that has the column of names.
fn read(path: &Path, column: &str, request: &ScreenRequest) -> Result<Vec<Party>, Failure> {
    let shown = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let column_of = |heading: &str| {
        ingest::read_column(path, &shown, heading).map_err(|fault| Failure(fault.message().to_owned()))
    };
    let mut parties: Vec<Party> = column_of(column)?
        .into_iter()
        .map(|(row, name)| Party { row, name, country: request.country, address: request.address.clone() })
        .collect();
    if let Some(heading) = &request.country_column {
        let places = Places::embedded().map_err(|problems| Failure(problems.join("\n")))?;
        for (party, text) in beside(&mut parties, &column_of(heading)?) {
            if let CountryReading::Known(country) = places.country(text) {
                party.country = Some(country);
            }
        }
    }
    if let Some(heading) = &request.address_column {
        for (party, text) in beside(&mut parties, &column_of(heading)?) {
            text.clone_into(&mut party.address);
        }
    }
    Ok(parties)
}

/// The parties that have a cell in another column of their row. Both are in the order of sheets and rows: rows of one sheet
/// rise, so that a row met again begins the next sheet.
fn beside<'a>(
    parties: &'a mut [Party],
    cells: &'a [(u32, String)],
) -> impl Iterator<Item = (&'a mut Party, &'a str)> {
    let (mut rest, mut last_cell, mut last_party) = (cells.iter().peekable(), 0, 0);
    let (mut sheet_of_cells, mut sheet_of_parties) = (0, 0);
    parties.iter_mut().filter_map(move |party| {
        if party.row <= last_party {
            sheet_of_parties += 1;
        }
        last_party = party.row;
        while let Some((row, text)) = rest.peek() {
            let sheet = sheet_of_cells + u32::from(*row <= last_cell);
            match (sheet, *row).cmp(&(sheet_of_parties, party.row)) {
                std::cmp::Ordering::Greater => return None,
                order => {
                    (sheet_of_cells, last_cell) = (sheet, *row);
                    rest.next();
                    if order.is_eq() {
                        return Some((party, text.as_str()));
                    }
                }
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_led_to_the_names_beside_them() {
        let party = |row| Party { row, name: String::new(), country: None, address: String::new() };
        let mut parties: Vec<Party> = [2, 3, 5, 2, 4].map(party).into();
        let cells: Vec<(u32, String)> = [(2, "a"), (4, "b"), (5, "c"), (3, "d"), (4, "e")]
            .map(|(row, text)| (row, text.to_owned()))
            .into();
        let found: Vec<(u32, &str)> =
            beside(&mut parties, &cells).map(|(party, text)| (party.row, text)).collect();
        assert_eq!(found, [(2, "a"), (5, "c"), (4, "e")]);
    }
}
