//! Which of the headings feeds which field: candidates weighed by rank and by values, questions where they are equal.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::columns::Asked;
use super::columns_file::{ColumnName, ColumnsBlock};
use super::heading::{Meaning, WEAK_RANK, fold, meanings};
use super::plan::{BoundColumn, MappingSource, UnusedColumn};
use super::profile::Profile;
use crate::field::Field;
use crate::source::column_letters;

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

/// The columns of a sheet while they are being chosen.
pub(crate) struct Choice<'a> {
    pub(crate) headings: &'a [String],
    pub(crate) profiles: &'a [Profile],
    pub(crate) bound: Vec<BoundColumn>,
    pub(crate) unused: Vec<UnusedColumn>,
    pub(crate) remarks: Vec<String>,
    pub(crate) questions: Vec<String>,
}

impl Choice<'_> {
    /// Binds what the user's file names; gives the columns so taken, and those to leave alone.
    pub(crate) fn bind_given(
        &mut self,
        block: &ColumnsBlock,
        asked: &Asked<'_>,
    ) -> Result<BTreeSet<usize>, String> {
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
    pub(crate) fn bind_headings(&mut self, taken: &BTreeSet<usize>, fixed: &BTreeMap<Field, String>) {
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
