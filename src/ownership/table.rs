//! The table of ownership as the user writes it: one share a row, with the days between which it was held.
//!
//! Says all that is wrong with the table at once, by row. Who of its parties is listed is not its business.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use rust_decimal::Decimal;
use sha2::{Digest as _, Sha256};

use crate::codes::CountryCode;
use crate::effective::{Date, Period, parse_iso};
use crate::entity_list::fold_name;

/// How large a table may be, in bytes.
const MOST_BYTES: u64 = 64 << 20;
/// How many problems are told; the rest are counted.
const PROBLEMS_TOLD: usize = 50;

/// Spellings of one legal form, from short to long.
static LEGAL_SPELLINGS: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    include_str!("../../data/names/legal_spellings.csv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .filter_map(|line| line.split_once(','))
        .collect()
});

/// What identifies a party of the table: its folded name with its legal form written out.
pub(super) fn identity(name: &str) -> String {
    let folded = fold_name(name);
    let words: Vec<&str> =
        folded.split(' ').map(|word| LEGAL_SPELLINGS.get(word).copied().unwrap_or(word)).collect();
    words.join(" ")
}

/// A party's place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyIdx(pub u32);

/// A party that the table names as owner, as owned, or as both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The name as first written.
    pub name: String,
    /// The country, where the table gives one.
    pub country: Option<CountryCode>,
}

/// One row: a share, and when it was held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Who holds it.
    pub owner: PartyIdx,
    /// In whom.
    pub owned: PartyIdx,
    /// How much, in percent; none where the table does not say.
    pub percent: Option<Decimal>,
    /// The days on which it was held.
    pub period: Period,
    /// Where the user has it from.
    pub source: String,
    /// The row of the file.
    pub row: u64,
}

/// The table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owners {
    file: String,
    sha256: String,
    parties: Vec<Party>,
    shares: Vec<Share>,
    /// By owned party: its shares, in the order of the rows.
    of: Vec<Vec<u32>>,
    /// By owner: what it holds.
    by: Vec<Vec<u32>>,
}

impl Owners {
    /// Reads a CSV file.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with file and row.
    pub fn read(path: &Path) -> Result<Self, Vec<String>> {
        let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let size = std::fs::metadata(path).map(|meta| meta.len());
        let bytes = match size {
            Ok(size) if size > MOST_BYTES => {
                return Err(vec![format!(
                    "{file}: the ownership table has more than {} MiB; split off what does not concern the audit",
                    MOST_BYTES >> 20
                )]);
            }
            Ok(_) => std::fs::read(path),
            Err(error) => Err(error),
        };
        let bytes = bytes.map_err(|error| {
            vec![format!("{file}: could not be read ({error}). Check the path given to --owners.")]
        })?;
        Self::parse(&file, &bytes)
    }

    /// Reads the bytes of a CSV file.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with file and row.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Vec<String>> {
        let sha256 = crate::entity_list::hex(&Sha256::digest(bytes));
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            // What Excel on Windows writes when it does not write UTF-8.
            Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
        };
        let mut reading = Reading { file, rows: Vec::new(), problems: Vec::new() };
        reading.read(text.trim_start_matches('\u{feff}'));
        if !reading.problems.is_empty() {
            return Err(reading.told());
        }
        let mut owners = Self {
            file: file.to_owned(),
            sha256,
            parties: Vec::new(),
            shares: Vec::new(),
            of: Vec::new(),
            by: Vec::new(),
        };
        owners.join(&mut reading);
        owners.check_sums(&mut reading.problems);
        if reading.problems.is_empty() { Ok(owners) } else { Err(reading.told()) }
    }

    /// The file's name.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// SHA-256 of the file.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The parties, in the order in which the table first names them.
    pub fn parties(&self) -> &[Party] {
        &self.parties
    }

    /// Their places.
    pub fn indices(&self) -> impl Iterator<Item = PartyIdx> + use<> {
        (0..self.parties.len() as u32).map(PartyIdx)
    }

    /// A party.
    ///
    /// # Panics
    /// When the place is of another table.
    pub fn party(&self, idx: PartyIdx) -> &Party {
        &self.parties[idx.0 as usize]
    }

    /// The shares, in the order of the rows.
    pub fn shares(&self) -> &[Share] {
        &self.shares
    }

    /// The shares in a party.
    pub fn held_in(&self, owned: PartyIdx) -> impl Iterator<Item = &Share> {
        self.of[owned.0 as usize].iter().map(|at| &self.shares[*at as usize])
    }

    /// The shares a party holds.
    pub fn held_by(&self, owner: PartyIdx) -> impl Iterator<Item = &Share> {
        self.by[owner.0 as usize].iter().map(|at| &self.shares[*at as usize])
    }

    /// Joins the rows into parties: the same name, but for case, punctuation and spelling of the legal form, is the same party, unless the table gives two countries.
    fn join(&mut self, reading: &mut Reading<'_>) {
        let mut countries: BTreeMap<String, Vec<CountryCode>> = BTreeMap::new();
        for row in &reading.rows {
            for (name, country) in [(&row.owner, row.owner_country), (&row.owned, row.owned_country)] {
                let known = countries.entry(identity(name)).or_default();
                if let Some(country) = country.filter(|country| !known.contains(country)) {
                    known.push(country);
                }
            }
        }
        let mut places: BTreeMap<(String, Option<CountryCode>), PartyIdx> = BTreeMap::new();
        let mut shares = Vec::new();
        for row in &reading.rows {
            let mut place = |name: &str, country: Option<CountryCode>| {
                let folded = identity(name);
                let country = match (country, countries.get(&folded).map_or(&[][..], Vec::as_slice)) {
                    (None, [only]) => Some(*only),
                    (None, [_, _, ..]) => {
                        reading.problems.push(format!(
                            "{}, row {}: the table gives \"{}\" more than one country; give this row the country, too",
                            self.file,
                            row.line,
                            name.trim()
                        ));
                        None
                    }
                    (country, _) => country,
                };
                *places.entry((folded, country)).or_insert_with(|| {
                    self.parties.push(Party { name: name.trim().to_owned(), country });
                    PartyIdx(self.parties.len() as u32 - 1)
                })
            };
            let (owner, owned) = (place(&row.owner, row.owner_country), place(&row.owned, row.owned_country));
            shares.push(Share {
                owner,
                owned,
                percent: row.percent,
                period: row.period,
                source: row.source.clone(),
                row: row.line,
            });
        }
        self.of = vec![Vec::new(); self.parties.len()];
        self.by = vec![Vec::new(); self.parties.len()];
        for (at, share) in (0..).zip(&shares) {
            self.of[share.owned.0 as usize].push(at);
            self.by[share.owner.0 as usize].push(at);
        }
        self.shares = shares;
    }

    /// No share stands twice, and on no day do the shares in a party add up to more than all of it.
    fn check_sums(&self, problems: &mut Vec<String>) {
        for owned in self.indices() {
            let shares: Vec<&Share> = self.held_in(owned).collect();
            let mut seen: BTreeMap<_, u64> = BTreeMap::new();
            for share in &shares {
                let key = (share.owner, share.percent, share.period.from, share.period.until);
                if let Some(first) = seen.insert(key, share.row) {
                    problems.push(format!(
                        "{}, row {}: repeats row {first}; a share stands once",
                        self.file, share.row
                    ));
                }
            }
            // The sum changes only where a share begins, so the first day that is too much is one of these.
            let mut steps: Vec<(Date, Decimal)> = Vec::new();
            for share in &shares {
                let percent = share.percent.unwrap_or_default();
                steps.push((share.period.from.unwrap_or(Date::MIN), percent));
                steps.extend(share.period.until.map(|until| (until, -percent)));
            }
            // Ends come before beginnings of the same day.
            steps.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)));
            let mut sum = Decimal::ZERO;
            for (day, change) in steps {
                sum += change;
                if sum > Decimal::ONE_HUNDRED {
                    let held: Vec<&&Share> =
                        shares.iter().filter(|share| share.period.contains(day)).collect();
                    let total: Decimal = held.iter().filter_map(|share| share.percent).sum();
                    let rows: Vec<String> = held.iter().map(|share| share.row.to_string()).collect();
                    let on = if day == Date::MIN { String::new() } else { format!(" on {day}") };
                    problems.push(format!(
                        "{}, rows {}: the shares in \"{}\" add up to {} %{on}; no more than 100 % can be held. Correct \
                         the shares, or give the days between which each was held.",
                        self.file,
                        rows.join(", "),
                        self.party(owned).name,
                        total.normalize()
                    ));
                    break;
                }
            }
        }
    }
}

/// A row as written.
struct Row {
    owner: String,
    owner_country: Option<CountryCode>,
    owned: String,
    owned_country: Option<CountryCode>,
    percent: Option<Decimal>,
    period: Period,
    source: String,
    line: u64,
}

/// The table while it is read.
struct Reading<'f> {
    file: &'f str,
    rows: Vec<Row>,
    problems: Vec<String>,
}

/// The columns, of which the first three must be there.
const COLUMNS: [&str; 8] =
    ["owner", "owned", "percent", "from", "until", "source", "owner_country", "owned_country"];

impl Reading<'_> {
    fn read(&mut self, text: &str) {
        let first = text.lines().next().unwrap_or_default();
        let delimiter = [b',', b';', b'\t']
            .into_iter()
            .max_by_key(|delimiter| {
                (first.bytes().filter(|byte| byte == delimiter).count(), *delimiter == b',')
            })
            .unwrap_or(b',');
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
        let headings: Vec<String> = match reader.headers() {
            Ok(found) => found.iter().map(|heading| fold_name(heading).replace(' ', "_")).collect(),
            Err(error) => {
                self.problems.push(format!("{}: {error}", self.file));
                return;
            }
        };
        let place = |name: &str| headings.iter().position(|heading| heading == name);
        let places = COLUMNS.map(place);
        let missing: Vec<&str> = COLUMNS
            .iter()
            .zip(places)
            .take(3)
            .filter(|(_, at)| at.is_none())
            .map(|(name, _)| *name)
            .collect();
        if !missing.is_empty() {
            self.problems.push(format!(
                "{}, row 1: no column is headed {}; an ownership table has owner, owned, percent, and may have from, \
                 until, source, owner_country, owned_country",
                self.file,
                missing.join(" or ")
            ));
            return;
        }
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let row = record.position().map_or(0, csv::Position::line);
                    if record.iter().any(|cell| !cell.trim().is_empty()) {
                        self.row(row, places.map(|at| at.and_then(|at| record.get(at)).unwrap_or("").trim()));
                    }
                }
                Err(error) => self.problems.push(format!("{}: {error}", self.file)),
            }
        }
        if self.rows.is_empty() && self.problems.is_empty() {
            self.problems.push(format!("{}: the ownership table has no rows", self.file));
        }
        let known: Vec<Decimal> = self.rows.iter().filter_map(|row| row.percent).collect();
        if !known.is_empty() && known.iter().all(|percent| *percent <= Decimal::ONE) {
            self.problems.push(format!(
                "{}: no share is above 1 percent; where 0.5 stands for one half, write 50",
                self.file
            ));
        }
    }

    fn row(&mut self, row: u64, cells: [&str; 8]) {
        let [owner, owned, percent, from, until, source, owner_country, owned_country] = cells;
        let before = self.problems.len();
        let mut wrong = |what: String| self.problems.push(format!("{}, row {row}: {what}", self.file));
        for (column, name) in [("owner", owner), ("owned", owned)] {
            if fold_name(name).is_empty() {
                wrong(format!("`{column}` names nobody"));
            }
        }
        let percent = match percent.trim_end_matches('%').trim_end() {
            "" => None,
            number => match number.parse::<Decimal>() {
                Ok(share) if (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&share) => Some(share),
                _ => {
                    wrong(format!(
                        "`{percent}` is no percentage from 0 to 100 with a decimal point; leave it blank where the \
                         share is not known"
                    ));
                    None
                }
            },
        };
        let mut day = |column: &str, text: &str| match text {
            "" => None,
            text => match parse_iso(text) {
                Ok(day) => Some(day),
                Err(why) => {
                    wrong(format!("`{column}`: {why}"));
                    None
                }
            },
        };
        let period = Period { from: day("from", from), until: day("until", until) };
        let mut country = |column: &str, text: &str| match text {
            "" => None,
            text => {
                let code = CountryCode::new(text);
                if code.is_none() {
                    wrong(format!("`{column}`: `{text}` is no ISO country code of two letters"));
                }
                code
            }
        };
        let (owner_country, owned_country) =
            (country("owner_country", owner_country), country("owned_country", owned_country));
        if period.from.zip(period.until).is_some_and(|(from, until)| until <= from) {
            wrong(
                "the share ends before it begins; `until` is the first day on which it was no longer held"
                    .to_owned(),
            );
        }
        if self.problems.len() == before {
            self.rows.push(Row {
                owner: owner.to_owned(),
                owner_country,
                owned: owned.to_owned(),
                owned_country,
                percent,
                period,
                source: source.to_owned(),
                line: row,
            });
        }
    }

    /// The problems, as many as a person reads at once.
    fn told(mut self) -> Vec<String> {
        let more = self.problems.len().saturating_sub(PROBLEMS_TOLD);
        if more > 0 {
            self.problems.truncate(PROBLEMS_TOLD);
            self.problems.push(format!("{}: and {more} more problems", self.file));
        }
        self.problems
    }
}
