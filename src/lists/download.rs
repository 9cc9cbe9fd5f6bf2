//! The Consolidated Screening List as the International Trade Administration offers it: CSV, or JSON of the same fields.
//!
//! Rows of lists the program does not use are counted; a row that cannot be used is told, never dropped in silence.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::names::name_key;
use super::wording;
use crate::codes::CountryCode;
use crate::effective::{Date, parse_iso};
use crate::entity_list::{ListName, hex};

/// How large a download may be.
const MOST_BYTES: u64 = 256 << 20;

/// One row of the download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listing {
    /// The row of the file, or the number of the record in JSON.
    pub(super) row: u64,
    pub(super) list: ListName,
    /// The number the agency gives the entity; mostly the Treasury.
    pub(super) number: String,
    pub(super) name: String,
    /// Whether the row says it is a person.
    pub(super) is_person: bool,
    pub(super) aliases: Vec<String>,
    /// Text and country, where one is given.
    pub(super) addresses: Vec<(String, Option<CountryCode>)>,
    /// Federal Register citations, with the date where the row prints one.
    pub(super) citations: Vec<(String, Option<Date>)>,
    pub(super) start: Option<Date>,
    pub(super) end: Option<Date>,
    pub(super) requirement: String,
    pub(super) policy: String,
    pub(super) programs: Vec<String>,
}

/// A download, read.
#[derive(Debug, Default)]
pub(super) struct Download {
    pub(super) file: String,
    pub(super) sha256: String,
    pub(super) rows: u64,
    pub(super) listings: Vec<Listing>,
    /// Rows of lists that are not used, by source.
    pub(super) unused: BTreeMap<String, u64>,
    /// Rows that cannot be used, and why.
    pub(super) rejected: Vec<String>,
}

/// A row as the file has it, whatever the format.
#[derive(Debug, Default)]
struct Raw {
    source: String,
    entity_number: String,
    kind: String,
    programs: Vec<String>,
    name: String,
    addresses: Vec<(String, Option<CountryCode>)>,
    notice: String,
    start: String,
    end: String,
    requirement: String,
    policy: String,
    aliases: Vec<String>,
}

#[derive(Deserialize)]
struct Json {
    results: Vec<JsonRow>,
}

#[derive(Deserialize)]
struct JsonRow {
    source: Option<String>,
    entity_number: Option<serde_json::Value>,
    #[serde(rename = "type")]
    kind: Option<String>,
    programs: Option<Vec<String>>,
    name: Option<String>,
    addresses: Option<Vec<JsonAddress>>,
    federal_register_notice: Option<String>,
    start_date: Option<String>,
    end_date: Option<String>,
    license_requirement: Option<String>,
    license_policy: Option<String>,
    alt_names: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct JsonAddress {
    address: Option<String>,
    city: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
}

impl Download {
    /// Reads the file; its format is known by its first character.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let unreadable =
            |error: std::io::Error| format!("{} could not be read: {error}. Check the path.", path.display());
        if std::fs::metadata(path).map_err(unreadable)?.len() > MOST_BYTES {
            return Err(format!(
                "{file} is larger than {} MiB, and no download of the list is",
                MOST_BYTES >> 20
            ));
        }
        let bytes = std::fs::read(path).map_err(unreadable)?;
        Self::parse(&file, &bytes)
    }

    /// Reads the bytes of a download.
    pub(super) fn parse(file: &str, bytes: &[u8]) -> Result<Self, String> {
        let mut download =
            Self { file: file.to_owned(), sha256: hex(&Sha256::digest(bytes)), ..Self::default() };
        let text = std::str::from_utf8(bytes).map_err(|error| {
            format!("{file} is not UTF-8 text ({error}); take the download as it was offered")
        })?;
        let text = text.trim_start_matches('\u{feff}');
        if text.trim_start().starts_with(['{', '[']) {
            download.json(text)?;
        } else {
            download.csv(text)?;
        }
        Ok(download)
    }

    fn json(&mut self, text: &str) -> Result<(), String> {
        let bad = |error: serde_json::Error| {
            format!("{}: {error}; the file is cut off, or is not the Consolidated Screening List", self.file)
        };
        let rows: Vec<JsonRow> = if text.trim_start().starts_with('[') {
            serde_json::from_str(text).map_err(bad)?
        } else {
            serde_json::from_str::<Json>(text).map_err(bad)?.results
        };
        for (number, row) in (1..).zip(rows) {
            let addresses = row.addresses.unwrap_or_default().into_iter().map(JsonAddress::joined);
            self.take(
                number,
                Raw {
                    source: row.source.unwrap_or_default(),
                    entity_number: row.entity_number.map_or_else(String::new, |number| match number {
                        serde_json::Value::String(text) => text,
                        serde_json::Value::Null => String::new(),
                        other => other.to_string(),
                    }),
                    kind: row.kind.unwrap_or_default(),
                    programs: row.programs.unwrap_or_default(),
                    name: row.name.unwrap_or_default(),
                    addresses: addresses.collect(),
                    notice: row.federal_register_notice.unwrap_or_default(),
                    start: row.start_date.unwrap_or_default(),
                    end: row.end_date.unwrap_or_default(),
                    requirement: row.license_requirement.unwrap_or_default(),
                    policy: row.license_policy.unwrap_or_default(),
                    aliases: row.alt_names.unwrap_or_default(),
                },
            );
        }
        Ok(())
    }

    fn csv(&mut self, text: &str) -> Result<(), String> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let headings: Vec<String> = reader
            .headers()
            .map_err(|error| format!("{}: {error}", self.file))?
            .iter()
            .map(|heading| heading.trim().to_lowercase())
            .collect();
        let place = |name: &str| headings.iter().position(|heading| heading == name);
        let wanted = [
            "source",
            "name",
            "addresses",
            "federal_register_notice",
            "start_date",
            "end_date",
            "license_requirement",
            "license_policy",
            "alt_names",
            "programs",
            "entity_number",
            "type",
        ];
        let missing: Vec<&str> = wanted.into_iter().filter(|name| place(name).is_none()).collect();
        if !missing.is_empty() {
            return Err(format!(
                "{} has no column {}; take the whole Consolidated Screening List, CSV or JSON, as it is offered for download",
                self.file,
                missing.join(", ")
            ));
        }
        let mut record = csv::StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => return Ok(()),
                Ok(true) => {}
                Err(error) => return Err(format!("{}: {error}", self.file)),
            }
            let row = record.position().map_or(0, csv::Position::line);
            if record.len() != headings.len() {
                // A quotation mark that is not closed swallows the rows behind it.
                self.rejected.push(format!(
                    "{}, row {row}: {} cells under {} headings; what it has is taken, the rest may be lost: the file is damaged",
                    self.file,
                    record.len(),
                    headings.len()
                ));
            }
            let cell = |name: &str| place(name).and_then(|at| record.get(at)).unwrap_or("").trim().to_owned();
            let many = |name: &str| -> Vec<String> {
                cell(name)
                    .split(';')
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .map(str::to_owned)
                    .collect()
            };
            self.take(
                row,
                Raw {
                    source: cell("source"),
                    entity_number: cell("entity_number"),
                    kind: cell("type"),
                    programs: many("programs"),
                    name: cell("name"),
                    addresses: many("addresses").into_iter().map(with_country).collect(),
                    notice: cell("federal_register_notice"),
                    start: cell("start_date"),
                    end: cell("end_date"),
                    requirement: cell("license_requirement"),
                    policy: cell("license_policy"),
                    aliases: many("alt_names"),
                },
            );
        }
    }

    fn take(&mut self, row: u64, raw: Raw) {
        self.rows += 1;
        let Some(list) = wording::list(&raw.source) else {
            let source = raw.source.trim();
            let source = if source.is_empty() { "no source given" } else { source };
            *self.unused.entry(source.to_owned()).or_default() += 1;
            return;
        };
        let name = tidy(&raw.name);
        if name.is_empty() {
            self.rejected.push(format!("{}, row {row}: a row of the {list} without a name", self.file));
            return;
        }
        let mut day = |column: &str, text: &str| match text.trim() {
            "" => None,
            text => parse_iso(text.get(..10).unwrap_or(text)).map_or_else(
                |why| {
                    self.rejected.push(format!(
                        "{}, row {row} ({name}): {column}: {why}; the day is left open",
                        self.file
                    ));
                    None
                },
                Some,
            ),
        };
        let (start, end) = (day("start_date", &raw.start), day("end_date", &raw.end));
        let mut aliases: Vec<String> = Vec::new();
        for alias in raw.aliases {
            let alias = tidy(&alias);
            // A quotation mark left alone by the semicolons is no name.
            if !name_key(&alias).is_empty() && !aliases.contains(&alias) {
                aliases.push(alias);
            }
        }
        let programs = raw.programs.iter().flat_map(|text| text.split([';', ',']));
        self.listings.push(Listing {
            row,
            list,
            number: tidy(&raw.entity_number),
            name,
            is_person: raw.kind.trim().eq_ignore_ascii_case("individual"),
            aliases,
            addresses: raw
                .addresses
                .into_iter()
                .map(|(text, country)| (tidy(&text), country))
                .filter(|(text, _)| !text.is_empty())
                .collect(),
            citations: citations(&raw.notice),
            start,
            end,
            requirement: tidy(&raw.requirement),
            policy: tidy(&raw.policy),
            programs: programs.map(tidy).filter(|text| !text.is_empty()).collect(),
        });
    }
}

/// Text in one line, without what steers a terminal.
fn tidy(text: &str) -> String {
    let seen = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    seen.collect::<Vec<_>>().join(" ")
}

impl JsonAddress {
    fn joined(self) -> (String, Option<CountryCode>) {
        let country = self.country.as_deref().map(str::trim).and_then(CountryCode::new);
        let parts = [self.address, self.city, self.state, self.postal_code, self.country];
        let parts: Vec<String> = parts
            .into_iter()
            .flatten()
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect();
        (parts.join(", "), country)
    }
}

/// An address of the CSV form ends in the country's two letters.
fn with_country(text: String) -> (String, Option<CountryCode>) {
    let last = text.rsplit(',').next().unwrap_or_default().trim();
    let country = if last.chars().all(|c| c.is_ascii_uppercase()) { CountryCode::new(last) } else { None };
    (text, country)
}

/// `81 FR 90712; 85 F.R. 4271 01/24/2020`: volume and page, and the date where one stands behind them.
fn citations(notice: &str) -> Vec<(String, Option<Date>)> {
    let notice = notice.replace("F.R.", "FR").replace("Fed. Reg.", "FR");
    let words: Vec<&str> = notice.split([';', ',', ' ', '\n']).filter(|word| !word.is_empty()).collect();
    let number = |word: &str| word.chars().all(|c| c.is_ascii_digit());
    let mut found: Vec<(String, Option<Date>)> = Vec::new();
    for at in 1..words.len().saturating_sub(1) {
        let (volume, page) = (words[at - 1], words[at + 1].trim_end_matches('.'));
        if words[at] == "FR" && number(volume) && number(page) {
            let citation = format!("{volume} FR {page}");
            let day = words.get(at + 2).and_then(|word| us_date(word));
            if !found.iter().any(|(known, _)| *known == citation) {
                found.push((citation, day));
            }
        }
    }
    found
}

/// `10/20/2017`, month first, as the agency prints it.
fn us_date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '/').map(|part| part.parse::<i16>().ok());
    let (month, day, year) = (parts.next()??, parts.next()??, parts.next()??);
    let year = if year < 100 { year + 2_000 } else { year };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn csv_and_json_of_the_same_rows_are_the_same() {
        let csv = "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,\
                   standard_order,license_requirement,license_policy,remarks,alt_names\n\
                   a1,Entity List (EL) - Bureau of Industry and Security,,,,Example  Mills,,\"Plot 1, Lahore, PK; Unit 2, Dubai, AE\",\
                   \"81 FR 90712; 88 FR 66273\",2016-12-15,,,For all items subject to the EAR,Presumption of denial,,\"Mills; E.M.\"\n\
                   a2,Capta List (CAP) - Treasury Department,,,,Some Bank,,,,,,,,,,\n\
                   a3,Denied Persons List (DPL) - Bureau of Industry and Security,,,,Jo Doe,,\"Main St, US\",85 F.R. 4271 01/24/2020,2020-01-17,2030-01-17,Y,,,,\n";
        let json = r#"{"results":[
            {"id":"a1","source":"Entity List (EL) - Bureau of Industry and Security","name":"Example  Mills","type":null,
             "addresses":[{"address":"Plot 1","city":"Lahore","state":null,"postal_code":"","country":"PK"},
                          {"address":"Unit 2","city":"Dubai","country":"AE"}],
             "federal_register_notice":"81 FR 90712; 88 FR 66273","start_date":"2016-12-15","alt_names":["Mills","E.M."],
             "license_requirement":"For all items subject to the EAR","license_policy":"Presumption of denial"},
            {"source":"Capta List (CAP) - Treasury Department","name":"Some Bank"},
            {"source":"Denied Persons List (DPL) - Bureau of Industry and Security","name":"Jo Doe",
             "addresses":[{"address":"Main St","country":"US"}],"federal_register_notice":"85 F.R. 4271 01/24/2020",
             "start_date":"2020-01-17","end_date":"2030-01-17"}]}"#;
        let (csv, json) =
            (Download::parse("f", csv.as_bytes()).unwrap(), Download::parse("f", json.as_bytes()).unwrap());
        let without_row = |download: &Download| -> Vec<Listing> {
            download.listings.iter().map(|listing| Listing { row: 0, ..listing.clone() }).collect()
        };
        assert_eq!(without_row(&csv), without_row(&json));
        assert_eq!((csv.rows, csv.unused.len(), csv.rejected.len()), (3, 1, 0));
        let first = &csv.listings[0];
        assert_eq!(first.name, "Example Mills");
        assert_eq!(first.addresses[1], ("Unit 2, Dubai, AE".to_owned(), CountryCode::new("AE")));
        assert_eq!(csv.listings[1].citations, [("85 FR 4271".to_owned(), Some(date(2020, 1, 24)))]);
        assert_eq!(csv.listings[1].row, 4);
    }

    #[test]
    fn what_is_no_download_says_so() {
        assert!(Download::parse("f", b"a,b\n1,2\n").unwrap_err().contains("no column source, name"));
        assert!(Download::parse("f", b"{\"results\":[{\"na").unwrap_err().contains("cut off"));
        let nameless = "source,name,addresses,federal_register_notice,start_date,end_date,license_requirement,license_policy,\
                        alt_names,programs,entity_number,type\n\
                        Unverified List (UVL) - x,,,,,,,,,,,\nUnverified List (UVL) - x,A,,,soon,,,,,,,\n";
        let download = Download::parse("f", nameless.as_bytes()).unwrap();
        assert_eq!((download.listings.len(), download.rejected.len()), (1, 2));
    }
}
