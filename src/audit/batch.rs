//! One chunk of a sheet, judged: what every worker does.
//!
//! Rows are told apart, lines are read, counted and judged, and what was found is written into buffers that the
//! in-order writer appends. Nothing here knows of threads.

use std::sync::{Arc, Mutex, PoisonError};

use super::as_recorded::{judged, raw_text, sampled};
use super::counters::Counters;
use super::histories;
use super::merge::stamp_of;
use super::records::Kind;
use super::repeats::{RepeatKeys, RepeatedLine};
use super::sample::{Draw, FileKey};
use super::spool::{encode, encode_stamped};
use super::tally::{PartyTally, Tally, widen};
use crate::checks::{Case, Place, judge};
use crate::codes::CountryCode;
use crate::control::ControlTotals;
use crate::determination::{Determination, Word};
use crate::effective::{Date, Period};
use crate::entity_list::fold_name;
use crate::field::Field;
use crate::finding::Finding;
use crate::ingest::values::{NumberReading, read_number};
use crate::ingest::{Chunk, RowClass, SheetPlan, ValueTally};
use crate::run::RejectedRow;
use crate::shipment::{Day, Glance, Layout, LineReader, Particulars, Vocabulary};
use crate::source::{Batch, Row, trimmed};

/// How many rows' parties are looked at together.
const TOGETHER: usize = 64;

/// About how many bytes tell whether a line repeats another.
const REPEAT_BYTES: usize = 72;

/// What is the same for all lines of a run.
pub(super) struct Bench {
    pub(super) vocabulary: Arc<Vocabulary>,
    pub(super) watched_name: String,
    pub(super) keys: RepeatKeys,
    /// The audit period, half-open.
    pub(super) period: Period,
    pub(super) with_lines: bool,
    /// Readers that no thread is using, with what they remember.
    pub(super) readers: Mutex<Vec<LineReader>>,
    /// Whether a report asks for what flagged lines say beyond their findings.
    pub(super) with_particulars: bool,
    /// Whether a report has a row for every party.
    pub(super) with_parties: bool,
    /// How lines without findings are drawn, where a sample was asked for.
    pub(super) draw: Option<Draw>,
    /// Control totals with ITNs to look for.
    pub(super) itns: Option<ControlTotals>,
}

impl Bench {
    /// A reader that remembers what it read before, if one is free.
    pub(super) fn reader(&self) -> LineReader {
        let free = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.unwrap_or_else(|| LineReader::new(Arc::clone(&self.vocabulary)))
    }

    /// Takes a reader back.
    pub(super) fn put_back(&self, reader: LineReader) {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
    }
}

/// What is the same for all lines of a sheet.
pub(super) struct SheetContext {
    pub(super) place: Place,
    pub(super) file: u32,
    pub(super) sheet: u32,
    /// By what the draw of a sample tells the file from others.
    pub(super) file_key: FileKey,
    pub(super) pass: u8,
    pub(super) plan: SheetPlan,
    pub(super) layout: Layout,
}

/// What a chunk gave.
#[derive(Default)]
pub(super) struct BatchOutcome {
    pub(super) findings: Vec<u8>,
    pub(super) rejected: Vec<u8>,
    pub(super) lines: Vec<u8>,
    pub(super) particulars: Vec<u8>,
    pub(super) repeats: Vec<u8>,
    pub(super) histories: Vec<u8>,
    pub(super) tally: Tally,
}

impl BatchOutcome {
    /// Bytes of its records.
    pub(super) fn bytes(&self) -> usize {
        Kind::ALL.into_iter().map(|kind| self.of(kind).capacity()).sum()
    }

    /// Its records of one kind, encoded.
    pub(super) fn of(&self, kind: Kind) -> &Vec<u8> {
        match kind {
            Kind::Findings => &self.findings,
            Kind::Rejected => &self.rejected,
            Kind::Lines => &self.lines,
            Kind::Particulars => &self.particulars,
            Kind::Repeats => &self.repeats,
            Kind::Histories => &self.histories,
        }
    }
}

/// Judges every row of a chunk.
pub(super) fn judge_chunk(
    bench: &Bench,
    sheet: &SheetContext,
    reader: &mut LineReader,
    chunk: Chunk,
) -> BatchOutcome {
    let mut values = sheet.plan.new_tally();
    let batch = chunk.parse(&sheet.plan, &mut values);
    judge_batch(bench, sheet, reader, &batch, values)
}

/// Judges every row of a batch.
pub(super) fn judge_batch(
    bench: &Bench,
    sheet: &SheetContext,
    reader: &mut LineReader,
    batch: &Batch,
    values: ValueTally,
) -> BatchOutcome {
    let mut outcome = BatchOutcome { tally: Tally { values, ..Tally::default() }, ..BatchOutcome::default() };
    let mut counters = Counters::new();
    outcome.repeats.reserve(batch.len() * REPEAT_BYTES);
    for (index, row) in batch.rows().enumerate() {
        if index % TOGETHER == 0 {
            let ahead = index..batch.len().min(index + TOGETHER);
            reader.look_ahead(ahead.map(|index| batch.row(index)), &sheet.layout);
        }
        let class = sheet.plan.classify(&row);
        class.count(&row, &mut outcome.tally.rows);
        match class {
            RowClass::Data => {
                outcome.tally.values.see(&sheet.plan, &row);
                Desk { bench, sheet, outcome: &mut outcome, counters: &mut counters }.line(
                    row,
                    index % TOGETHER,
                    reader,
                );
            }
            RowClass::Reject(reason) => {
                let record = RejectedRow {
                    file: sheet.place.file.clone(),
                    sheet: sheet.place.sheet.clone(),
                    row: row.number(),
                    reason,
                    raw: raw_text(row),
                };
                encode(&mut outcome.rejected, (sheet.file, sheet.sheet, row.number()), &record);
            }
            other => outcome.tally.values.see_other(&sheet.plan, &other, row.number()),
        }
    }
    counters.pour(&mut outcome.tally);
    outcome
}

/// Where one worker judges the lines of one chunk.
struct Desk<'w> {
    bench: &'w Bench,
    sheet: &'w SheetContext,
    outcome: &'w mut BatchOutcome,
    counters: &'w mut Counters,
}

impl Desk<'_> {
    /// Judges a line, the one with this number among those looked at ahead.
    fn line(&mut self, row: Row<'_>, number: usize, reader: &mut LineReader) {
        let watched = self.bench.vocabulary.watched;
        let layout = &self.sheet.layout;
        let glance = reader.glance(row, number, layout);
        let day = glance.date.day.given().copied();
        if let Some(day) = day
            && day.readings().all(|reading| !self.bench.period.contains(reading))
        {
            self.outcome.tally.rows.outside_period += 1;
            return;
        }
        let country = glance.destination.country.given().copied();
        let to_watched = country == Some(watched);
        let value = self.count(&glance, day, country, to_watched);
        if let Some(movement) = glance.movement.filter(|movement| !movement.is_judged()) {
            *self.outcome.tally.not_judged.entry(movement.name()).or_default() += 1;
            self.counters.word(Word::NoRequirementFound);
            if self.bench.with_lines {
                self.record(&glance, Word::NoRequirementFound, &[]);
            }
            self.draw(&glance, day, country);
            return;
        }
        let findings = if glance.deserves_judgment(watched) {
            self.judge(&glance, reader, to_watched, value.as_ref())
        } else {
            self.counters.word(Word::NoRequirementFound);
            if self.bench.with_lines {
                self.record(&glance, Word::NoRequirementFound, &[]);
            }
            self.draw(&glance, day, country);
            return;
        };
        if findings.is_empty() {
            self.draw(&glance, day, country);
            return;
        }
        self.rule_coverage(day, &findings);
        if self.bench.with_particulars {
            let particulars = Particulars::of(row, layout);
            let ordinal = (self.sheet.file, self.sheet.sheet, row.number());
            encode(&mut self.outcome.particulars, ordinal, &particulars);
        }
        let at = (self.sheet.file, self.sheet.sheet, row.number());
        for finding in &findings {
            self.outcome.tally.identities.meet(finding);
            encode_stamped(&mut self.outcome.findings, at, stamp_of(finding), finding);
        }
    }

    /// Offers a line without findings to the draw.
    fn draw(&mut self, glance: &Glance<'_>, day: Option<Day>, country: Option<CountryCode>) {
        let Some(draw) = &self.bench.draw else { return };
        let at = (self.sheet.file, self.sheet.sheet, glance.row.number());
        let places = &self.bench.vocabulary.places;
        let sample = &mut self.outcome.tally.sample;
        let sheet = self.sheet;
        draw.see(sample, places, sheet.file_key, at, country, day.map(Day::earliest), || {
            sampled(glance, sheet)
        });
    }

    /// Counts the line; gives its value with its currency where one could be read.
    fn count(
        &mut self,
        glance: &Glance<'_>,
        day: Option<Day>,
        country: Option<CountryCode>,
        to_watched: bool,
    ) -> Option<(String, rust_decimal::Decimal)> {
        let row = glance.row;
        let layout = &self.sheet.layout;
        let tally = &mut self.outcome.tally;
        tally.rows.audited += 1;
        tally.counts.lines += 1;
        if country.is_none() || day.is_none() || !glance.names_party {
            tally.rows.with_gap += 1;
        }
        if !glance.jurisdiction.is_shown() && glance.jurisdiction == crate::shipment::Jurisdiction::NotShown {
            tally.counts.jurisdiction_not_shown += 1;
        }
        if let Some(day) = day.map(Day::earliest) {
            widen(&mut tally.first_date, &mut tally.last_date, day, day);
        }
        self.counters.quarter(day.map(Day::earliest), to_watched);
        self.counters.destination(country);
        self.coverage(day);
        let quantity = match layout.quantity_cell(row).map(|(cell, mark)| read_number(cell, mark)) {
            Some(NumberReading::Exact(quantity)) => {
                self.counters.quantity(quantity);
                Some(quantity)
            }
            _ => None,
        };
        let currency = layout.currency_text(row);
        let value = match layout.value_cell(row).map(|(cell, mark)| read_number(cell, mark)) {
            Some(NumberReading::Exact(value)) => {
                self.counters.value(currency, value);
                Some(value)
            }
            _ => None,
        };
        self.outcome.tally.values.see_amounts(quantity, value, row.number());
        if let Some(control) = &self.bench.itns
            && let Some(slot) = layout.slot(Field::Itn)
        {
            control.see_itn(slot.text(row), &mut self.outcome.tally.itns);
        }
        if let [document, ..] = *layout.repeat_columns()
            && !row.cell(document).is_blank()
        {
            self.bench.keys.encode(
                &mut self.outcome.repeats,
                (self.sheet.file, self.sheet.sheet, row.number()),
                self.sheet.pass,
                layout.repeat_columns().iter().map(|column| row.bytes(*column).1),
                &RepeatedLine {
                    document: trimmed(row.cell(document).text),
                    line: trimmed(layout.line_number(row)),
                    currency,
                    value,
                },
            );
        }
        to_watched.then_some(value).flatten().map(|value| (currency.to_owned(), value))
    }

    /// Counts lines that the list does not answer for.
    fn coverage(&mut self, day: Option<Day>) {
        let Some(day) = day else { return };
        let vocabulary = &self.bench.vocabulary;
        let as_of = vocabulary.parties.list().snapshot().as_of;
        let counts = &mut self.outcome.tally.counts;
        if day.earliest() > as_of {
            counts.after_list += 1;
        }
    }

    /// Counts lines on which a rule was applied outside the span in which its text was read.
    fn rule_coverage(&mut self, day: Option<Day>, findings: &[Finding]) {
        let Some(day) = day else { return };
        let mut applied: Vec<&str> = findings
            .iter()
            .filter(|finding| finding.code.code().starts_with("LR"))
            .map(|finding| finding.rule.as_str())
            .collect();
        applied.sort_unstable();
        applied.dedup();
        for rule in self.bench.vocabulary.rules.rules() {
            if applied.contains(&rule.id.as_str()) && !rule.text_read.contains(day.earliest()) {
                *self.outcome.tally.counts.outside_rule.entry(rule.id.clone()).or_default() += 1;
            }
        }
    }

    fn judge(
        &mut self,
        glance: &Glance<'_>,
        reader: &mut LineReader,
        to_watched: bool,
        value: Option<&(String, rust_decimal::Decimal)>,
    ) -> Vec<Finding> {
        let vocabulary = &self.bench.vocabulary;
        let line = reader.line(glance, &self.sheet.layout);
        let determination =
            to_watched.then(|| Determination::of(&line, vocabulary.watched, &vocabulary.rules));
        // What the goods are is asked only where a line goes to the watched country or may have gone there.
        let may_go = to_watched
            || !line.parties.is_empty()
            || glance.end_use_sign.is_some()
            || glance.contact_sign.is_some();
        let item = may_go.then(|| reader.item(glance.row, &self.sheet.layout)).flatten();
        let case = Case {
            place: &self.sheet.place,
            line: &line,
            determination: determination.as_ref(),
            rules: &vocabulary.rules,
            list: vocabulary.parties.list(),
            ownership: vocabulary.parties.ownership(),
            watched: vocabulary.watched,
            watched_name: &self.bench.watched_name,
            item: item.as_deref(),
            end_use_sign: glance.end_use_sign.as_ref(),
            contact_sign: glance.contact_sign.as_ref(),
            forwarder_receives: glance.forwarder_receives,
            places: &vocabulary.places,
            names_party: glance.names_party,
            unreadable_party: glance.unreadable_party,
        };
        let findings = judge(&case);
        let at = (self.sheet.file, self.sheet.sheet, glance.row.number());
        histories::encode(&mut self.outcome.histories, &self.bench.keys, &case, at, self.sheet.pass);
        let word = Word::of(&findings, line.license.has_number());
        self.counters.word(word);
        if self.bench.with_lines {
            self.record(glance, word, &findings);
        }
        if to_watched && self.bench.with_parties {
            self.parties(glance, reader, value);
        }
        findings
    }

    /// Keeps the parties of a line to the watched country.
    fn parties(
        &mut self,
        glance: &Glance<'_>,
        reader: &mut LineReader,
        value: Option<&(String, rust_decimal::Decimal)>,
    ) {
        let day: Option<Date> = glance.date.day.given().map(|day| day.earliest());
        let mut seen: Vec<String> = Vec::new();
        for party in reader.all_parties(glance.row, &self.sheet.layout) {
            if !party.role.is_transaction_party() {
                continue;
            }
            let folded = fold_name(&party.name);
            let country = party.verdict.as_ref().and_then(|verdict| verdict.country);
            let key = (folded.as_str().into(), country);
            let entry: &mut PartyTally = self.outcome.tally.parties.entry(key).or_default();
            entry.meet(party.name.trim(), party.role);
            if seen.contains(&folded) {
                continue;
            }
            seen.push(folded);
            entry.lines += 1;
            if let Some((currency, value)) = value {
                entry.add_value(currency, *value);
            }
            if let Some(day) = day {
                widen(&mut entry.first_date, &mut entry.last_date, day, day);
            }
        }
    }

    fn record(&mut self, glance: &Glance<'_>, word: Word, findings: &[Finding]) {
        let record = judged(glance, self.sheet, word, findings);
        let at = (self.sheet.file, self.sheet.sheet, glance.row.number());
        encode(&mut self.outcome.lines, at, &record);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{load_list, set_up, spool};
    use crate::field::DateKind;
    use crate::finding::FindingCode;
    use crate::items::Items;
    use crate::rulebase::Rulebase;
    use crate::source::CellKind;

    /// A line to Pakistan with this description, a thousand times, with an item number of its own each time.
    fn thousand_lines(description: &str, fields: &[(Field, String)]) -> Batch {
        let mut batch = Batch::default();
        for row in 1..=1_000 {
            batch.begin_row(row, 1, false);
            for (field, _) in fields {
                batch.push_cell(
                    CellKind::Text,
                    match field {
                        Field::Destination => "PK",
                        Field::ShipFromCountry => "US",
                        Field::Eccn => "EAR99",
                        Field::Date(DateKind::Export) => "2025-06-02",
                        Field::Item => ["P-1", "P-2", "P-3"][row as usize % 3],
                        Field::ScheduleB => "8413.70",
                        _ => description,
                    },
                );
            }
        }
        batch
    }

    #[test]
    fn an_item_of_a_thousand_lines_and_two_readers_is_judged_once() {
        let rules = Rulebase::embedded().unwrap();
        let items = Items::embedded().unwrap();
        let list = load_list(None).unwrap();
        let no_period = Period { from: None, until: None };
        let bench = set_up(rules, items, list, None, no_period, false).unwrap();
        let fields: Vec<(Field, String)> = [
            Field::Date(DateKind::Export),
            Field::ShipFromCountry,
            Field::Destination,
            Field::Eccn,
            Field::Item,
            Field::ScheduleB,
            Field::Description,
        ]
        .into_iter()
        .map(|field| (field, String::new()))
        .collect();
        let mut readers = [bench.reader(), bench.reader()];
        for description in ["Centrifugal process pump, 15 HP", "Cotton shirts, assorted"] {
            for reader in &mut readers {
                let plan = SheetPlan::of_fields(&fields);
                let layout = Layout::new(&plan, bench.vocabulary.rules.jurisdiction().home);
                let values = plan.new_tally();
                let place = Place { file: "lines.csv".to_owned(), sheet: String::new() };
                let file_key = FileKey::new("lines.csv", 0);
                let sheet = SheetContext { place, file: 0, sheet: 0, file_key, pass: 0, plan, layout };
                let batch = thousand_lines(description, &fields);
                let outcome = judge_batch(&bench, &sheet, reader, &batch, values);
                let found = spool::decode::<Finding>(&outcome.findings).unwrap();
                let asked = found.iter().filter(|finding| finding.code == FindingCode::IT04).count();
                assert_eq!(asked, if description.contains("pump") { 1_000 } else { 0 });
            }
        }
        assert_eq!(bench.vocabulary.items.judged(), 2);
    }
}
