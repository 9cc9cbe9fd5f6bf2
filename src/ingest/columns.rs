//! From headings to fields: finds the header row, weighs the candidates of each field, and asks where two are equal.
//!
//! A choice that only values can make is made from the rows read ahead, and said. Nothing is matched by parts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::columns_file::{ColumnName, ColumnsBlock};
use super::continued::continued_names;
use super::heading::{Meaning, WEAK_RANK, fold, meanings};
use super::plan::{BoundColumn, DateColumn, MappingSource, NumberColumn, SheetPlan, UnusedColumn};
use super::profile::Profile;
use super::values::{DateOrder, DateReader, DateShape, NumberShape};
use crate::field::Field;
use crate::source::{Batch, Cell, CellKind, Row, column_letters};

/// How many rows from the top the header is looked for, and how many below it decide what headings leave open.
const HEADER_SEARCH: usize = 200;
const ROWS_AHEAD: usize = 1_000;

/// What is known before the headings are read.
pub(crate) struct Asked<'a> {
    pub(crate) file: &'a str,
    pub(crate) sheet: &'a str,
    pub(crate) block: Option<&'a ColumnsBlock>,
    pub(crate) date_order: Option<DateOrder>,
    pub(crate) from_1904: bool,
}

/// What the headings led to.
pub(crate) enum Outcome {
    /// A plan.
    Plan(Box<SheetPlan>),
    /// No header, with the reason and the next step.
    NoHeader(String),
    /// Equal candidates: a person must say which.
    Question(String),
}

/// Reads the headings among the rows read ahead.
pub(crate) fn decide(ahead: &Batch, asked: &Asked<'_>) -> Outcome {
    let given_row = asked.block.and_then(|block| block.header_row);
    let header = match given_row {
        Some(0) => None,
        Some(row) => match ahead.rows().find(|candidate| candidate.number() == row) {
            Some(row) => Some(row),
            None => {
                return Outcome::NoHeader(format!(
                    "there is no row {row} near the top, where the columns file puts the header"
                ));
            }
        },
        None => match find_header(ahead, asked.block) {
            Some((row, _)) => Some(row),
            None => return Outcome::NoHeader(no_header(asked, ahead)),
        },
    };
    let mut headings: Vec<String> =
        header.map_or_else(Vec::new, |row| row.cells().map(|cell| cell.text.to_owned()).collect());
    if header.is_none() {
        let width = ahead.rows().take(ROWS_AHEAD).map(|row| row.len()).max().unwrap_or(0);
        headings = vec![String::new(); width];
    }
    let header_row = header.map_or(0, |row| row.number());
    let profiles = profile(ahead, header_row, headings.len());
    let mut choice = Choice {
        headings: &headings,
        profiles: &profiles,
        bound: Vec::new(),
        unused: Vec::new(),
        remarks: Vec::new(),
        questions: Vec::new(),
    };
    let taken = match asked.block {
        Some(block) => match choice.bind_given(block, asked) {
            Ok(taken) => taken,
            Err(problem) => return Outcome::NoHeader(problem),
        },
        None => BTreeSet::new(),
    };
    let fixed = asked.block.map_or_else(BTreeMap::new, |block| block.fixed.clone());
    choice.bind_headings(&taken, &fixed);
    for (column, remark) in continued_names(&choice.bound, &mut choice.unused) {
        choice.bound.push(column);
        choice.remarks.push(remark);
    }
    if !choice.questions.is_empty() {
        return Outcome::Question(choice.questions.join(" "));
    }
    if choice.bound.iter().all(|column| column.field == Field::Context) {
        return Outcome::NoHeader(no_header(asked, ahead));
    }
    let Choice { mut bound, mut unused, remarks, .. } = choice;
    bound.sort_by_key(|column| column.index);
    unused.sort_by_key(|column| column.index);
    Outcome::Plan(Box::new(make_plan(ahead, header_row, headings, bound, unused, fixed, remarks, asked)))
}

/// The header: the row with most headings of different fields, the first of equals.
pub(crate) fn find_header<'a>(ahead: &'a Batch, block: Option<&ColumnsBlock>) -> Option<(Row<'a>, usize)> {
    let named: BTreeSet<String> = block
        .iter()
        .flat_map(|block| block.columns.values().flatten())
        .filter_map(|name| match name {
            ColumnName::Heading(heading) => Some(fold(heading)),
            ColumnName::Number(_) => None,
        })
        .collect();
    let mut best: Option<(Row<'a>, usize)> = None;
    for row in ahead.rows().take(HEADER_SEARCH) {
        let mut fields = BTreeSet::new();
        let (mut own, mut known, mut filled, mut values) = (0, 0, 0, 0);
        for cell in row.cells().filter(|cell| !cell.is_blank()) {
            filled += 1;
            if cell.kind != CellKind::Text || cell.text.len() > 80 {
                values += usize::from(cell.kind != CellKind::Text && cell.kind != CellKind::FromMerge);
                continue;
            }
            if !named.is_empty() && named.contains(&fold(cell.text)) {
                own += 1;
            } else if let Some(meaning) = meanings(cell.text).first() {
                known += 1;
                if meaning.field != Field::Context {
                    fields.insert(meaning.field);
                }
            } else if is_value(cell) {
                values += 1;
            }
        }
        // Codes in a line of data read like headings now and then (NO, NLR); numbers and dates give it away.
        if values * 5 > filled || (own + known) * 5 < filled {
            continue;
        }
        let score = fields.len() + own;
        // A heading that the user names is a header, whatever stands beside it.
        if (score >= 2 || own > 0) && best.is_none_or(|(_, found)| score > found) {
            best = Some((row, score));
        }
    }
    best
}

/// Whether a cell holds what no heading does: a number or a date.
fn is_value(cell: Cell<'_>) -> bool {
    !matches!(NumberShape::of(cell), NumberShape::Plain)
        || !matches!(DateShape::of(cell), DateShape::None)
        || cell
            .text
            .trim()
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-' | b' '))
}

fn no_header(asked: &Asked<'_>, ahead: &Batch) -> String {
    let width = ahead.rows().take(ROWS_AHEAD).map(|row| row.len()).max().unwrap_or(0);
    let name = asked.file.rsplit('/').next().unwrap_or(asked.file);
    let sheet =
        if asked.sheet.is_empty() { String::new() } else { format!("sheet = {}\n", quoted(asked.sheet)) };
    let mut text = "no header row found: no row near the top has two headings that are known.".to_owned();
    if !asked.sheet.is_empty() {
        text.push_str(
            " If the sheet holds no shipments (a cover or a page of notes), nothing is to be done.",
        );
    }
    // Fewer columns cannot hold a document, a date and a destination: a mapping would not help.
    if width >= 3 {
        let _ = write!(
            text,
            " If the headings are unusual, or there are none, say which column holds what with --columns FILE.toml, by heading, \
             letters or number (there are {width} columns{}):\n\
             [[file]]\nname = {}\n{sheet}header_row = 0\ncolumns = {{ document = 1, date_of_export = 2, destination = 3 }}",
            numbered_samples(ahead),
            quoted(name)
        );
    } else {
        text.push_str(" Otherwise export the shipment lines again, with their headings.");
    }
    text
}

/// What stands in the first columns of the first row that fills several: `: 1 "INV-1", 2 "2023-01-14"`.
fn numbered_samples(ahead: &Batch) -> String {
    const COLUMNS: usize = 8;
    const LENGTH: usize = 24;
    let filled = |row: &Row<'_>| row.cells().filter(|cell| !cell.is_blank()).count() >= 3;
    let Some(row) = ahead.rows().take(ROWS_AHEAD).find(filled) else { return String::new() };
    let cells = row.cells().zip(1..).filter(|(cell, _)| !cell.is_blank()).take(COLUMNS);
    let samples = cells.map(|(cell, number)| {
        let text: String =
            cell.text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LENGTH).collect();
        format!("{number} \"{text}\"")
    });
    format!(": {}", samples.collect::<Vec<_>>().join(", "))
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn profile(ahead: &Batch, header_row: u32, width: usize) -> Vec<Profile> {
    let mut profiles = vec![Profile::default(); width];
    for row in ahead.rows().filter(|row| row.number() > header_row).take(ROWS_AHEAD) {
        for (profile, cell) in profiles.iter_mut().zip(row.cells()) {
            profile.see(cell);
        }
    }
    profiles
}

/// A column that may feed a field.
struct Candidate {
    index: usize,
    meanings: Vec<Meaning>,
    /// Which meaning is tried now.
    now: usize,
    by_values: bool,
}

impl Candidate {
    fn meaning(&self) -> Option<Meaning> {
        self.meanings.get(self.now).copied()
    }
}

struct Choice<'a> {
    headings: &'a [String],
    profiles: &'a [Profile],
    bound: Vec<BoundColumn>,
    unused: Vec<UnusedColumn>,
    remarks: Vec<String>,
    questions: Vec<String>,
}

impl Choice<'_> {
    /// Binds what the user's file names; gives the columns so taken, and those to leave alone.
    fn bind_given(&mut self, block: &ColumnsBlock, asked: &Asked<'_>) -> Result<BTreeSet<usize>, String> {
        let mut taken = BTreeSet::new();
        for (&field, names) in &block.columns {
            for name in names {
                let index = self.find(name).map_err(|problem| {
                    format!("the columns file asks for {} in {problem} of {}", field.name(), asked.file)
                })?;
                self.bind(index, field, MappingSource::User);
                taken.insert(index);
            }
        }
        for name in &block.ignore {
            if let Ok(index) = self.find(&ColumnName::Heading(name.clone()))
                && taken.insert(index)
            {
                self.leave(index, "left out by the columns file".into());
            }
        }
        Ok(taken)
    }

    fn find(&self, name: &ColumnName) -> Result<usize, String> {
        match name {
            ColumnName::Number(number) if *number <= self.headings.len() => Ok(number - 1),
            ColumnName::Number(number) => {
                Err(format!("column {number}, but there are {} columns in a row", self.headings.len()))
            }
            ColumnName::Heading(heading) => {
                let folded = fold(heading);
                let same: Vec<usize> =
                    (0..self.headings.len()).filter(|&index| self.headings[index] == *heading).collect();
                let alike: Vec<usize> =
                    (0..self.headings.len()).filter(|&index| fold(&self.headings[index]) == folded).collect();
                match (same.as_slice(), alike.as_slice()) {
                    ([only], _) | ([], [only]) => Ok(*only),
                    ([], []) => self.by_letters(heading).ok_or_else(|| format!("the column \"{heading}\", and no heading or column letters in the header row are spelled so; correct it")),
                    _ => Err(format!("the column \"{heading}\", but several columns are headed so; give column letters instead")),
                }
            }
        }
    }

    fn by_letters(&self, letters: &str) -> Option<usize> {
        (0..self.headings.len()).find(|&index| column_letters(index as u32).eq_ignore_ascii_case(letters))
    }

    fn bind(&mut self, index: usize, field: Field, source: MappingSource) {
        self.bound.push(BoundColumn { index, heading: self.headings[index].clone(), field, source });
    }

    fn leave(&mut self, index: usize, why: String) {
        self.unused.push(UnusedColumn { index, heading: self.headings[index].clone(), why });
    }

    /// Weighs all other headings.
    fn bind_headings(&mut self, taken: &BTreeSet<usize>, fixed: &BTreeMap<Field, String>) {
        let given: BTreeSet<Field> =
            self.bound.iter().map(|column| column.field).chain(fixed.keys().copied()).collect();
        let mut candidates = Vec::new();
        for index in (0..self.headings.len()).filter(|index| !taken.contains(index)) {
            if self.headings[index].trim().is_empty() {
                if !self.profiles[index].is_blank() && !self.headings.iter().all(String::is_empty) {
                    self.leave(index, "it has values and no heading".into());
                }
                continue;
            }
            match self.candidate(index, &given) {
                Ok(candidate) => candidates.push(candidate),
                Err(why) => self.leave(index, why),
            }
        }
        // A column that loses its field to a better heading tries its next meaning, until nothing moves.
        while self.settle_round(&mut candidates) {}
    }

    fn candidate(&self, index: usize, given: &BTreeSet<Field>) -> Result<Candidate, String> {
        let known = meanings(&self.headings[index]);
        if known.is_empty() {
            return Err("the heading is not known".into());
        }
        let profile = &self.profiles[index];
        let mut usable: Vec<Meaning> = known
            .iter()
            .copied()
            .filter(|meaning| !given.contains(&meaning.field) || meaning.field == Field::Context)
            .collect();
        if usable.is_empty() {
            return Err(format!("{} is given by the columns file", known[0].field.name()));
        }
        usable.retain(|meaning| {
            meaning.rank < WEAK_RANK
                || !has_form(meaning.field)
                || profile.support(meaning.field) == Some(true)
        });
        if usable.is_empty() {
            return Err(format!("its values do not look like {}", known[0].field.name()));
        }
        let by_heading = usable[0];
        usable.sort_by_key(|meaning| {
            let weight = match profile.support(meaning.field) {
                Some(true) => 0,
                None => 1,
                Some(false) => 2,
            };
            (if known.len() > 1 { weight } else { 0 }, meaning.rank)
        });
        let by_values = known.len() > 1
            && (usable.len() < known.len()
                || usable[0] != by_heading
                || profile.support(usable[0].field) == Some(true));
        Ok(Candidate { index, meanings: usable, now: 0, by_values })
    }

    /// Settles one field; whether anything moved.
    fn settle_round(&mut self, candidates: &mut Vec<Candidate>) -> bool {
        let mut by_field: BTreeMap<Field, Vec<usize>> = BTreeMap::new();
        for (at, candidate) in candidates.iter().enumerate() {
            if let Some(meaning) = candidate.meaning() {
                by_field.entry(meaning.field).or_default().push(at);
            }
        }
        // First move every loser on, then bind what stands.
        for (&field, rivals) in &by_field {
            if field == Field::Context || rivals.len() < 2 {
                continue;
            }
            let rank = |at: usize| candidates[at].meaning().map_or(u8::MAX, |meaning| meaning.rank);
            let best = rivals.iter().map(|&at| rank(at)).min().unwrap_or(u8::MAX);
            let stays =
                |at: usize| if field.may_repeat() { tier(rank(at)) == tier(best) } else { rank(at) == best };
            let losers: Vec<usize> = rivals.iter().copied().filter(|&at| !stays(at)).collect();
            if losers.is_empty() {
                continue;
            }
            let winner =
                rivals.iter().copied().find(|&at| rank(at) == best).map_or(0, |at| candidates[at].index);
            for at in losers {
                self.move_on(&mut candidates[at], field, winner);
            }
            return true;
        }
        for (field, rivals) in by_field {
            if field == Field::Context || field.may_repeat() || rivals.len() == 1 {
                for at in rivals {
                    let source =
                        if candidates[at].by_values { MappingSource::Values } else { MappingSource::Heading };
                    if candidates[at].by_values {
                        self.say_by_values(candidates[at].index, field);
                    }
                    self.bind(candidates[at].index, field, source);
                }
                continue;
            }
            let columns: Vec<usize> = rivals.iter().map(|&at| candidates[at].index).collect();
            match self.separate(field, &columns) {
                Some((winner, why)) => {
                    self.remarks.push(format!(
                        "{} is read from {} and not from {}: {why}",
                        field.name(),
                        self.called(winner),
                        self.others(&columns, winner)
                    ));
                    self.bind(winner, field, MappingSource::Values);
                    for &at in &rivals {
                        if candidates[at].index != winner {
                            let losing = &mut candidates[at];
                            self.move_on(losing, field, winner);
                            if let Some(meaning) = losing.meaning() {
                                // A second meaning after a tie is rare, and only safe where nothing else feeds the field.
                                let free = !self.bound.iter().any(|column| column.field == meaning.field);
                                if free {
                                    self.bind(losing.index, meaning.field, MappingSource::Values);
                                }
                            }
                        }
                    }
                }
                None => self.ask(field, &columns),
            }
        }
        candidates.clear();
        false
    }

    fn move_on(&mut self, candidate: &mut Candidate, field: Field, winner: usize) {
        candidate.now += 1;
        if candidate.meaning().is_none() {
            let why = format!("{} is read from {}", field.name(), self.called(winner));
            self.leave(candidate.index, why);
        }
    }

    fn say_by_values(&mut self, index: usize, field: Field) {
        let samples = self.profiles[index].samples.join("\", \"");
        self.remarks.push(format!(
            "{} is read as {} because of its values (\"{samples}\")",
            self.called(index),
            field.name()
        ));
    }

    /// The one column of equals whose values alone speak for the field.
    fn separate(&self, field: Field, columns: &[usize]) -> Option<(usize, String)> {
        // What the same heading twice means, only who wrote it knows.
        if columns.windows(2).any(|pair| fold(&self.headings[pair[0]]) == fold(&self.headings[pair[1]])) {
            return None;
        }
        let support = |index: usize| self.profiles[index].support(field);
        let speaking: Vec<usize> =
            columns.iter().copied().filter(|&index| support(index) == Some(true)).collect();
        let against = columns.iter().filter(|&&index| support(index) == Some(false)).count();
        match speaking.as_slice() {
            [only] if against == columns.len() - 1 => Some((*only, "only its values look so".into())),
            _ => None,
        }
    }

    fn ask(&mut self, field: Field, columns: &[usize]) {
        let mut question = format!("{} could be read from ", field.name());
        for (at, &index) in columns.iter().enumerate() {
            let samples = self.profiles[index].samples.join("\", \"");
            let lead = if at == 0 { "" } else { " or " };
            let seen =
                if samples.is_empty() { "no values near the top".into() } else { format!("\"{samples}\"") };
            // Writing to a string cannot fail.
            let _ = write!(question, "{lead}{} ({seen})", self.called(index));
        }
        let _ = write!(
            question,
            ". Choose one, with this line in a --columns file: columns = {{ {} = \"{}\" }}",
            field.name(),
            column_letters(columns[0] as u32)
        );
        self.questions.push(question);
    }

    /// `column H (Ship Date)`.
    fn called(&self, index: usize) -> String {
        format!("column {} ({})", column_letters(index as u32), self.headings[index].trim())
    }

    fn others(&self, columns: &[usize], winner: usize) -> String {
        let others: Vec<String> =
            columns.iter().filter(|&&index| index != winner).map(|&index| self.called(index)).collect();
        others.join(", ")
    }
}

/// Ranks 1-3, 4-6 and 7-9 of a field that several columns may feed stand apart.
fn tier(rank: u8) -> u8 {
    (rank - 1) / 3
}

/// Whether values of the field can be told by their form.
fn has_form(field: Field) -> bool {
    matches!(
        field,
        Field::Eccn
            | Field::ScheduleB
            | Field::Destination
            | Field::Country
            | Field::PartyCountry(_)
            | Field::Origin
            | Field::ShipFromCountry
            | Field::Date(_)
    )
}

#[expect(clippy::too_many_arguments, reason = "the parts of a plan, put together once")]
fn make_plan(
    ahead: &Batch,
    header_row: u32,
    header: Vec<String>,
    columns: Vec<BoundColumn>,
    unused: Vec<UnusedColumn>,
    fixed: BTreeMap<Field, String>,
    remarks: Vec<String>,
    asked: &Asked<'_>,
) -> SheetPlan {
    let mut by_field: BTreeMap<Field, Vec<usize>> = BTreeMap::new();
    for column in &columns {
        by_field.entry(column.field).or_default().push(column.index);
    }
    let reader = DateReader::with_order(asked.date_order.unwrap_or_default(), asked.from_1904);
    let dates = columns
        .iter()
        .filter(|column| matches!(column.field, Field::Date(_)))
        .map(|column| DateColumn { index: column.index, reader, given: asked.date_order.is_some() })
        .collect();
    let numbers = columns
        .iter()
        .filter(|column| matches!(column.field, Field::Quantity | Field::UnitPrice | Field::Value))
        .map(|column| NumberColumn { index: column.index, mark: super::values::DecimalMark::Undecided })
        .collect();
    let mut plan = SheetPlan {
        header_row,
        columns,
        unused,
        fixed,
        dates,
        numbers,
        remarks,
        encoding: None,
        encoding_how: String::new(),
        delimiter: None,
        delimiter_how: String::new(),
        header,
        by_field,
        restarted: false,
    };
    let mut tally = plan.new_tally();
    for row in ahead.rows().take(HEADER_SEARCH + ROWS_AHEAD) {
        if plan.classify(&row) == super::plan::RowClass::Data {
            tally.see(&plan, &row);
        }
    }
    plan.settle(&tally);
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::DateKind;
    use crate::ingest::columns_file::ColumnsFile;
    use crate::ingest::records::{Records, parse};
    use crate::party::PartyRole;

    fn read(text: &str, columns: Option<&str>) -> Outcome {
        let parsed = parse(Records { bytes: text.as_bytes().to_vec(), first_line: 1, fault: None }, b',');
        let file = columns.map(|text| ColumnsFile::parse(text, "m.toml").unwrap());
        let block = file.as_ref().and_then(|file| file.block_for("a.csv", ""));
        decide(&parsed.batch, &Asked { file: "a.csv", sheet: "", block, date_order: None, from_1904: false })
    }

    fn plan(text: &str, columns: Option<&str>) -> SheetPlan {
        match read(text, columns) {
            Outcome::Plan(plan) => *plan,
            Outcome::NoHeader(why) | Outcome::Question(why) => panic!("{why}"),
        }
    }

    #[test]
    fn item_is_told_by_its_values() {
        let sap = plan("Delivery,Item,Material,Country\n80001,10,P-1,PK\n80001,20,P-2,PK\n", None);
        assert_eq!(sap.column_of(Field::LineNumber), Some(1));
        assert_eq!(sap.column_of(Field::Item), Some(2));
        let netsuite = plan("Document Number,Line ID,Item,Country\nSO1,1,P-1,PK\nSO1,2,P-2,PK\n", None);
        assert_eq!(netsuite.column_of(Field::Item), Some(2));
        assert_eq!(netsuite.column_of(Field::LineNumber), Some(1));
        let sku = plan("Invoice No,Item,Country\nSO1,P-1,PK\nSO1,P-2,PK\n", None);
        assert_eq!(sku.column_of(Field::Item), Some(1));
    }

    #[test]
    fn equal_candidates_are_a_question() {
        let Outcome::Question(text) =
            read("Doc,Name,Name,ECCN,Country\n1,Alpha Beta,Gamma Delta,EAR99,PK\n", None)
        else {
            panic!("no question");
        };
        assert!(text.contains("column B (Name)") && text.contains("column C (Name)"), "{text}");
        assert!(text.contains("columns = { purchaser = \"B\" }"), "{text}");
        let given = "[[file]]\ncolumns = { purchaser = \"B\", end_user = \"C\" }\n";
        let plan = plan("Doc,Name,Name,ECCN,Country\n1,Alpha Beta,Gamma Delta,EAR99,PK\n", Some(given));
        assert_eq!(plan.column_of(Field::Party(PartyRole::EndUser)), Some(2));
    }

    #[test]
    fn values_separate_equals_and_that_is_said() {
        let plan = plan(
            "Invoice No,ECCN,ECCN Code,Country\n1,EAR99,Gauge for water,PK\n2,3A992.a,Valve of steel,PK\n",
            None,
        );
        assert_eq!(plan.column_of(Field::Eccn), Some(1));
        assert!(plan.remarks[0].contains("only its values look so"), "{:?}", plan.remarks);
    }

    #[test]
    fn better_headings_win_and_losers_are_named() {
        let plan =
            plan("Delivery No.,Sales Order,Customer,Sold-To Name,Country\n1,2,Alpha Co,Beta Co,PK\n", None);
        assert_eq!(plan.column_of(Field::Party(PartyRole::Purchaser)), Some(3));
        assert_eq!(plan.column_of(Field::Document), Some(0));
        assert!(
            plan.unused.iter().any(|column| column.heading == "Customer" && column.why.contains("column D"))
        );
    }

    #[test]
    fn weak_headings_need_their_values() {
        let text = "Invoice No,Jurisdiction,Country\n1,EAR,PK\n2,EAR,PK\n";
        assert_eq!(plan(text, None).column_of(Field::Eccn), None);
        assert_eq!(plan(&text.replace(",EAR,", ",3A992,"), None).column_of(Field::Eccn), Some(1));
    }

    #[test]
    fn without_a_header_the_user_names_numbers() {
        let text = "INV-1,1,2023-01-14,PK\nINV-2,1,2023-01-15,DE\n";
        assert!(matches!(read(text, None), Outcome::NoHeader(why) if why.contains("header_row = 0")));
        let plan = plan(
            text,
            Some(
                "[[file]]\nheader_row = 0\ndestination = \"PK\"\ncolumns = { document = 1, goods_issue_date = \"C\" }\n",
            ),
        );
        assert_eq!(plan.column_of(Field::Date(DateKind::GoodsIssue)), Some(2));
        assert_eq!(plan.fixed[&Field::Destination], "PK");
        assert_eq!(plan.header_row, 0);
    }

    #[test]
    fn the_header_is_found_below_title_rows() {
        let plan = plan(
            "Shipment register\nCompany,Country of origin: US\n\nInvoice No,Ship Date,Country,ECCN\n1,2023-01-14,PK,EAR99\n",
            None,
        );
        assert_eq!(plan.header_row, 4);
    }
}
