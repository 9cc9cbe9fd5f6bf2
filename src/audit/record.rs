//! The record of the run: what the tallies say, put into the words and numbers that reports print.

use std::collections::BTreeMap;

use super::batch::Bench;
use super::merge::{FlaggedSum, Survey};
use super::parties::PartyTable;
use super::plan::AuditPlan;
use super::tally::{PartyTallies, Tally, add_value, widen};
use crate::codes::CountryCode;
use crate::control;
use crate::count::{counted, days};
use crate::effective::{Date, days_between, parse_iso};
use crate::entity_list::{MEASURED, fold_name};
use crate::report::Paragraph;
use crate::run::{ByCurrency, DestinationCount, PartyRecord, QuarterCount, RunRecord, SheetRecord, Totals};

/// How many unflagged parties near the list the Parties sheet shows.
const NEAREST_SHOWN: usize = 1_000;

/// What a run without an ownership table does not test.
const OWNERSHIP: &str = "ownership by listed parties (the affiliates rule): no ownership table was supplied, and the rule is not applied";

/// What a run without further lists does not test.
const OTHER_LISTS: &str = "lists other than the Entity List";

/// What a run does not test, where no control totals say whether the extract is complete.
const COMPLETENESS: &str = "shipments that the files do not hold: completeness of extraction";

/// What no run of this program tests, unless a table or a list was supplied for it.
const NOT_TESTED: [&str; 11] = [
    "technology releases and deemed exports",
    "electronic transfers of software and technology",
    "hand-carried items that were not recorded",
    "services and support by US persons (15 CFR 744.6)",
    "end use (15 CFR 744.2 to 744.4)",
    "is-informed notices",
    "items subject to the ITAR",
    "OFAC sanctions",
    "whether classifications on record are correct: descriptions are compared with six entries, and only to ask",
    OTHER_LISTS,
    OWNERSHIP,
];

/// Fills what was counted into the record of a sheet.
pub(super) fn fill_sheet(record: &mut SheetRecord, tally: &Tally) {
    record.rows = tally.rows;
    record.value.clone_from(&tally.value);
    record.quantity = tally.quantity;
    record.first_date = text(tally.first_date);
    record.last_date = text(tally.last_date);
    record.destinations = destinations(&tally.destinations);
}

/// The name in a record for lines without a destination that could be read.
const NOT_DETERMINED: &str = "not determined";

/// Completes the record of the run, and gives the parties for the report.
pub(super) fn complete(
    plan: &AuditPlan,
    bench: &Bench,
    (mut run, mut tally): (RunRecord, Tally),
    repeated: &[(String, String)],
    survey: &mut Survey,
) -> (RunRecord, Vec<PartyRecord>) {
    let vocabulary = &bench.vocabulary;
    run.program = format!("lookback {}", env!("CARGO_PKG_VERSION"));
    run.rules = vocabulary.rules.record();
    let ownership = vocabulary.parties.ownership();
    if ownership.is_none() {
        // Without a table of ownership no check applies the affiliates rule: it is not among the rules used.
        run.rules.rules.retain(|rule| rule.id != vocabulary.rules.affiliates().rule.id);
    }
    if vocabulary.parties.list().further().is_empty() {
        run.rules.rules.retain(|rule| rule.id != vocabulary.rules.party_lists().rule.id);
    }
    run.rules.items_sha256 = vocabulary.items.items().sha256().to_owned();
    let mut lists = vocabulary.parties.list().records().into_iter();
    run.list = lists.next().unwrap_or_default();
    run.further_lists = lists.collect();
    run.options = options(plan);
    if let Some(table) = ownership {
        let owners = table.owners();
        let shares = crate::count::counted(owners.shares().len() as u64, "share", "shares");
        run.options.insert("owners".to_owned(), format!("{}: {shares}", owners.file()));
    }
    run.totals = totals(&run, &tally, repeated, survey, bench);
    run.codes.clone_from(&survey.codes);
    run.determinations =
        tally.determinations.iter().map(|(word, lines)| ((*word).to_owned(), *lines)).collect();
    run.control = plan.control.as_ref().map(|control| control.compare(&run, &tally.itns));
    run.sample = bench.draw.as_ref().map(|draw| draw.finish(tally.sample.clone(), &bench.watched_name));
    run.not_tested = NOT_TESTED.map(str::to_owned).to_vec();
    if ownership.is_some() {
        run.not_tested.retain(|what| what != OWNERSHIP);
        run.not_tested.push("ownership by listed parties beyond the table supplied".to_owned());
    }
    if !run.further_lists.is_empty() {
        let names: Vec<&str> = run.further_lists.iter().map(|list| list.name.as_str()).collect();
        for what in run.not_tested.iter_mut().filter(|what| *what == OTHER_LISTS) {
            *what = format!("{OTHER_LISTS}, the {}", names.join(", the "));
        }
    }
    if run.control.is_none() {
        run.not_tested.push(COMPLETENESS.to_owned());
    }
    call_old(&mut run, bench);
    run.warnings = warnings(&run, &tally, bench);
    run.when = now();
    let parties = parties(bench, std::mem::take(&mut tally.parties), std::mem::take(&mut survey.parties));
    (run, parties)
}

fn totals(
    run: &RunRecord,
    tally: &Tally,
    repeated: &[(String, String)],
    survey: &Survey,
    bench: &Bench,
) -> Totals {
    let mut value: ByCurrency = tally.value.clone();
    for (currency, amount) in repeated {
        if let Ok(amount) = amount.parse::<rust_decimal::Decimal>() {
            add_value(&mut value, currency, -amount);
        }
    }
    let mut quarters: BTreeMap<_, _> =
        tally.quarters.iter().map(|(quarter, count)| (quarter_name(*quarter), count.clone())).collect();
    for (quarter, found) in &survey.quarters {
        let count: &mut QuarterCount = quarters.entry(quarter_name(*quarter)).or_default();
        count.exceptions += found.exceptions;
        count.reviews += found.reviews;
        for (currency, value) in found.open_value.iter() {
            add_value(&mut count.open_value, currency, *value);
        }
    }
    Totals {
        files: run.inputs.len() as u64,
        files_unread: run.inputs.iter().filter(|input| input.fault.is_some()).count() as u64,
        questions: run.inputs.iter().flat_map(|input| &input.sheets).filter(|sheet| sheet.question).count()
            as u64,
        rows: tally.rows,
        value,
        repeated: repeated.len() as u64,
        lines_to_pakistan: tally.to_watched,
        quarters,
        first_date: text(tally.first_date),
        last_date: text(tally.last_date),
        destinations: destinations_found(tally, &survey.destinations, bench),
        open: survey.open.clone(),
    }
}

fn options(plan: &AuditPlan) -> BTreeMap<String, String> {
    let mut options = BTreeMap::new();
    let mut set = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            options.insert(name.to_owned(), value);
        }
    };
    set("from", plan.period.from.map(|day| day.to_string()));
    set("until", plan.period.until.map(|day| format!("before {day}")));
    set("ship-from", plan.ship_from.map(|country| country.to_string()));
    let lists: Vec<&str> = plan.lists.iter().map(|list| list.code()).collect();
    set("lists", (!lists.is_empty()).then(|| lists.join(",")));
    set("legend", plan.legend.clone());
    set("matter", plan.matter.clone());
    set("lines", plan.lines.then(|| "yes".to_owned()));
    set("delimiter", plan.overrides.delimiter.map(|byte| char::from(byte).to_string()));
    set("encoding", plan.overrides.encoding.map(|encoding| encoding.name().to_owned()));
    set("date-order", plan.overrides.date_order.map(|order| order.in_words().to_owned()));
    set("columns", plan.columns_file.clone());
    set("control", plan.control.as_ref().map(|control| control.record.path.clone()));
    set("fx", plan.rates.record.as_ref().map(|record| record.path.clone()));
    set("disclosure-date", plan.disclosure_date.map(|day| day.to_string()));
    set("sample", plan.sample.map(|sample| sample.lines.to_string()));
    set("seed", plan.sample.map(|sample| sample.seed.to_string()));
    options
}

/// Says of each list whether lines run further beyond its last day than the rule base allows without a word.
fn call_old(run: &mut RunRecord, bench: &Bench) {
    let window = i32::from(bench.vocabulary.rules.windows().list_age.days);
    let Ok(newest) = parse_iso(&run.totals.last_date) else { return };
    for list in std::iter::once(&mut run.list).chain(&mut run.further_lists) {
        let Ok(as_of) = parse_iso(&list.as_of) else { continue };
        let age = days_between(as_of, newest);
        if age > window {
            list.too_old = format!(
                "Lines run to {newest}, {} after {as_of}, the last day for which the {} used answers: parties listed since are \
                 missing. Import a newer list (lookback lists import) and audit again.",
                days(age),
                list.name
            );
        }
    }
}

fn warnings(run: &RunRecord, tally: &Tally, bench: &Bench) -> Vec<String> {
    let mut warnings = Vec::new();
    let totals = &run.totals;
    let mut warn = |number: u64, one: &str, many: &str, told: [&str; 2]| {
        if number > 0 {
            warnings.push(format!("{} {}", counted(number, one, many), told[usize::from(number > 1)]));
        }
    };
    warn(
        totals.files_unread,
        "file",
        "files",
        [
            "could not be read, or not to its end; see Files.",
            "could not be read, or not to their end; see Files.",
        ],
    );
    warn(
        totals.questions,
        "sheet",
        "sheets",
        [
            "waits for an answer about its columns and was not audited; see Files.",
            "wait for an answer about their columns and were not audited; see Files.",
        ],
    );
    warn(
        totals.rows.rejected,
        "row",
        "rows",
        [
            "was rejected and not audited; see Rejected rows.",
            "were rejected and not audited; see Rejected rows.",
        ],
    );
    warn(
        totals.rows.with_gap,
        "audited line",
        "audited lines",
        [
            "lacks the date, the destination, or every party's name; see Not assessed.",
            "lack the date, the destination, or every party's name; see Not assessed.",
        ],
    );
    warn(
        totals.rows.outside_period,
        "line",
        "lines",
        [
            "lies outside the audit period and was counted, not judged.",
            "lie outside the audit period and were counted, not judged.",
        ],
    );
    if !tally.not_judged.is_empty() {
        let kinds: Vec<String> =
            tally.not_judged.iter().map(|(movement, lines)| format!("{lines} {movement}")).collect();
        warnings.push(format!(
            "Lines that are no export by their movement type were counted and not judged: {}.",
            kinds.join(", ")
        ));
    }
    let lists = std::iter::once(&run.list).chain(&run.further_lists);
    let old = lists.filter(|list| !list.too_old.is_empty()).map(|list| list.too_old.clone());
    // First, so that it is not what the terminal's summary cuts.
    warnings.splice(0..0, old);
    let as_of = bench.vocabulary.parties.list().snapshot().as_of;
    if let Ok(last) = parse_iso(&totals.last_date)
        && last > as_of
        && run.list.too_old.is_empty()
    {
        warnings.push(format!("Lines run to {last}; the Entity List used answers to {as_of} only."));
    }
    warnings.push(match &run.control {
        Some(control) => control::summary(control),
        None => {
            "Completeness of extraction was not tested: compare lines and values with the ledger.".to_owned()
        }
    });
    warnings
}

/// Destinations with their lines, and what was found for them.
fn destinations_found(
    tally: &Tally,
    found: &BTreeMap<String, FlaggedSum>,
    bench: &Bench,
) -> BTreeMap<String, DestinationCount> {
    let mut counts: BTreeMap<String, DestinationCount> = BTreeMap::new();
    for (country, lines) in &tally.destinations {
        let (key, name) = match country {
            Some(country) => (country.to_string(), bench.vocabulary.places.name(*country).to_owned()),
            None => (NOT_DETERMINED.to_owned(), NOT_DETERMINED.to_owned()),
        };
        counts.insert(key, DestinationCount { name, lines: *lines, ..DestinationCount::default() });
    }
    for (destination, sum) in found {
        let known = counts.contains_key(destination);
        let key = if known { destination.clone() } else { NOT_DETERMINED.to_owned() };
        let count = counts.entry(key).or_default();
        if count.name.is_empty() {
            NOT_DETERMINED.clone_into(&mut count.name);
        }
        count.exceptions += sum.exceptions;
        count.reviews += sum.reviews;
        for (currency, value) in sum.open_value.iter() {
            add_value(&mut count.open_value, currency, *value);
        }
    }
    counts
}

/// Parties that were flagged, then parties to Pakistan that were not, then those nearest to the list.
fn parties(bench: &Bench, counted: PartyTallies, flagged: PartyTable) -> Vec<PartyRecord> {
    let PartyTable { records: mut parties, mut by_name } = flagged;
    let flagged = parties.len();
    parties.reserve_exact(counted.len() + NEAREST_SHOWN);
    for ((folded, country), party) in counted {
        // A flagged party's lines are those it was flagged on.
        let index = match by_name.get(&*folded) {
            Some(index) if *index < flagged => continue,
            Some(index) => *index,
            None => {
                by_name.insert(folded.into(), parties.len());
                parties.push(PartyRecord::default());
                parties.len() - 1
            }
        };
        let record = &mut parties[index];
        record.spellings.extend(party.spellings.into_iter().map(String::from));
        record.countries.extend(country.map(|country| country.to_string()));
        record.roles.extend(party.roles.iter().map(|role| role.name().to_owned()));
        record.lines += party.lines;
        for (currency, value) in &party.value {
            add_value(&mut record.value, currency, *value);
        }
        let dates = |text: &str| parse_iso(text).ok();
        let (mut first, mut last) = (dates(&record.first_date), dates(&record.last_date));
        if let (Some(from), Some(to)) = (party.first_date, party.last_date) {
            widen(&mut first, &mut last, from, to);
        }
        (record.first_date, record.last_date) = (text(first), text(last));
    }
    for nearest in bench.vocabulary.parties.nearest().into_iter().take(NEAREST_SHOWN) {
        let said = format!("{:.3}: {} ({})", nearest.score(), nearest.matched_name, nearest.entity_id);
        let folded = fold_name(&nearest.name);
        if let Some(index) = by_name.get(&folded) {
            let record = &mut parties[*index];
            if record.strongest.is_none() && record.nearest.is_empty() {
                record.nearest = said;
            }
            continue;
        }
        by_name.insert(folded, parties.len());
        parties.push(PartyRecord { nearest: said, spellings: vec![nearest.name], ..PartyRecord::default() });
    }
    for party in &mut parties[flagged..] {
        for texts in [&mut party.spellings, &mut party.countries, &mut party.roles] {
            texts.sort();
            texts.dedup();
        }
    }
    parties
}

/// How the program decides, for the Method sheet.
pub(super) fn method(bench: &Bench) -> Vec<Paragraph<'static>> {
    debug_assert!(!bench.watched_name.is_empty());
    vec![
        Paragraph {
            title: "How a line is judged",
            text: "Each line is judged on its date of export: what the rules named here required that day of its ECCN and country of ultimate \
                   destination, and which entries of the Entity List bound that day. Where another date stands in, the finding says so, and an \
                   exception that turns on a day within the window becomes a review. Only items subject to the EAR can be an exception; where \
                   the record does not show where the goods left from, findings are reviews.",
        },
        Paragraph {
            title: "How names are matched",
            text: "Names are compared after case, accents, punctuation, legal forms and bracketed acronyms have been set aside; then word by \
                   word, where rare words weigh more than trade words, with allowance for typing errors, abbreviations, transliteration and \
                   words joined or split. An exact name or alias is EL01; a close one, or an exact one contradicted by the party's country, is \
                   EL02. At most five entries are shown for a party; the rest are counted.",
        },
        Paragraph { title: "How well names are matched, as last measured", text: MEASURED },
        Paragraph {
            title: "What a clear line means",
            text: "\"No requirement found\" says that no rule named here matched the record. It never says that no license was required.",
        },
    ]
}

fn destinations(counted: &BTreeMap<Option<CountryCode>, u64>) -> BTreeMap<String, u64> {
    counted
        .iter()
        .map(|(country, lines)| {
            (country.map_or_else(|| NOT_DETERMINED.to_owned(), |country| country.to_string()), *lines)
        })
        .collect()
}

fn quarter_name(quarter: Option<(i16, i8)>) -> String {
    quarter.map_or_else(|| "undated".to_owned(), |(year, quarter)| format!("{year}-Q{quarter}"))
}

fn text(day: Option<Date>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

/// When the run began: the only use of the clock, written to run.json alone.
#[expect(clippy::disallowed_methods, reason = "run.json says when the run was made")]
fn now() -> String {
    let second = jiff::Timestamp::now().as_second();
    jiff::Timestamp::from_second(second).map_or_else(|_| String::new(), |time| time.to_string())
}
