//! The loop: files taken in order, lines judged on any thread, everything counted, the report written.
//!
//! The only part of the program that knows of threads and of the progress bar. `run` reads as the recipe it is.

mod ahead;
mod as_recorded;
mod batch;
mod buyers;
mod counters;
mod decided;
mod error;
mod examples;
mod file_state;
mod files;
mod groups;
mod held;
mod histories;
mod inputs;
mod kept;
mod lanes;
mod merge;
mod opened;
mod output;
mod parties;
mod partitions;
mod plan;
mod progress;
mod reading;
mod record;
mod records;
mod repeats;
mod room;
mod sample;
mod spool;
mod tally;
mod waiting;

pub use error::Error;
pub use examples::run_examples;
pub use plan::AuditPlan;
pub use sample::SampleRequest;

pub(crate) use kept::FILE as MERGE_FILE;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::checks;
use crate::codes::CountryCode;
use crate::control::ControlTotals;
use crate::disclosure::{Disclosure, LineFacts};
use crate::effective::Period;
use crate::entity_list::{EntityList, ListName};
use crate::finding::{CodeText, FindingCode};
use crate::interrupt;
use crate::items::{Items, Readings};
use crate::movement::Movements;
use crate::ownership::Terms;
use crate::places::Places;
use crate::report::{DecisionsTemplate, Format, ReportData, Writers, run_json};
use crate::rulebase::Rulebase;
use crate::run::RunRecord;
use crate::screening::PartyScreening;
use crate::shipment::{Particulars, Vocabulary};

use ahead::Ahead;
use batch::Bench;
use decided::Reviews;
use files::{Audited, Gathered};
use kept::{Kept, Opening};
use lanes::Lanes;
use output::OutputFolder;
use progress::Progress;
use repeats::RepeatKeys;
use room::Room;
use sample::Draw;
use spool::{Beside, Ordinal};

/// A finished run.
pub struct Finished {
    /// Where the report stands.
    pub folder: PathBuf,
    /// What the run was.
    pub run: RunRecord,
}

/// Audits the files of the plan and writes the report.
///
/// # Errors
/// When the run could not be done at all; what is wrong with one file or row stands in the report.
pub fn run(plan: &AuditPlan) -> Result<Finished, Error> {
    let (inputs, decision_files) = inputs::gather(&plan.inputs, &plan.option_files())?;
    if inputs.is_empty() {
        let named: Vec<String> = plan.inputs.iter().map(|path| path.display().to_string()).collect();
        return Err(Error::NoInput(named.join(", ")));
    }
    let reviews = Reviews::load(plan, decision_files)?;
    let folder = OutputFolder::begin(&plan.folder(), plan.replace)?;
    let lanes = Lanes::new(plan.threads).map_err(Error::Threads)?;
    let bench = bench(plan, &lanes)?;
    let room = Room::of(&inputs, plan);
    room.as_ref().map_or(Ok(()), Room::check)?;
    let bytes = inputs.iter().map(|input| input.bytes).sum();
    // The bar goes away with its last holder, whatever ends the run.
    let mut progress = Progress::new(bytes, plan.quiet);
    progress.tell(room.map(|room| room.told()));

    let mut audited = Audited::new(plan.mergeable)?;
    let ahead = Ahead::new(&inputs, plan, &bench, &lanes);
    lanes.with_hands(|hands| {
        let _front = ahead.ends_with_front();
        (0..).zip(&inputs).try_for_each(|file| audited.file(file, &ahead, &lanes, hands, &mut progress))
    })?;
    if let Some(reasons) = audited.nothing_audited() {
        return Err(Error::NothingAudited(reasons));
    }
    progress.writing();
    let run = write(plan, &bench, audited, reviews, folder.path())?;
    let folder = folder.finish()?;
    Ok(Finished { folder, run })
}

/// Ends the run where a person asked for it.
fn go_on() -> Result<(), Error> {
    if interrupt::asked() { Err(Error::Interrupted) } else { Ok(()) }
}

/// Joins finished runs over other files each into the report of one audit over all of them. The plan is that of this
/// audit; its inputs are not read.
///
/// # Errors
/// When a run does not hold what it takes, or the report could not be written.
pub fn join(plan: &AuditPlan, runs: &[PathBuf]) -> Result<Finished, Error> {
    let folder = OutputFolder::begin(&plan.folder(), plan.replace)?;
    let lanes = Lanes::new(plan.threads).map_err(Error::Threads)?;
    let bench = bench(plan, &lanes)?;
    let mut audited = Audited::new(false)?;
    let mut decision_files = Vec::new();
    for run in runs {
        let (mut kept, opening) = Kept::open(run)?;
        bench.vocabulary.parties.remember(opening.nearest);
        decision_files.extend(opening.decision_files);
        go_on()?;
        audited.join(&mut kept)?;
    }
    if let Some((run, all)) = audited.named_otherwise() {
        return Err(Error::NamedOtherwise { run, all });
    }
    let reviews = Reviews::load(plan, decision_files)?;
    let run = write(plan, &bench, audited, reviews, folder.path())?;
    Ok(Finished { folder: folder.finish()?, run })
}

/// The law, the list and the gazetteer, ready to judge lines by.
fn bench(plan: &AuditPlan, lanes: &Lanes) -> Result<Bench, Error> {
    let folder = plan.rules.as_deref();
    // What descriptions are read by takes about as long as everything else.
    let ((rules, list), items) = lanes.both(
        || (load_rules(folder), load_lists(plan.entity_list.as_deref(), &plan.lists)),
        || load_items(folder),
    );
    let (rules, items, list) = (rules?, items?, list?);
    let last = list.snapshot().as_of;
    let mut bench = set_up(rules, items, list, plan.owners.as_deref(), plan.period, plan.lines)?;
    for prepare in [PartyScreening::prepare_names, PartyScreening::prepare_addresses] {
        let parties = Arc::clone(&bench.vocabulary.parties);
        lanes.ahead(move || prepare(&parties));
    }
    if plan.mergeable {
        bench.keys = RepeatKeys::Lasting;
    }
    bench.with_particulars = plan.formats.has(Format::Xlsx);
    bench.with_parties = plan.formats.has(Format::Xlsx) || plan.formats.has(Format::Html) || plan.mergeable;
    bench.draw = plan.sample.map(|sample| Draw::new(sample, bench.vocabulary.watched, last));
    bench.itns = plan.control.clone().filter(ControlTotals::has_itns);
    Ok(bench)
}

fn set_up(
    rules: Rulebase,
    items: Items,
    list: EntityList,
    owners: Option<&Path>,
    period: Period,
    with_lines: bool,
) -> Result<Bench, Error> {
    let (rules, list) = (Arc::new(rules), Arc::new(list));
    let places = Arc::new(Places::embedded().map_err(Error::Data)?);
    let movements = Arc::new(Movements::embedded().map_err(Error::Data)?);
    let watched = watched(&rules)?;
    let watched_name = places.name(watched).to_owned();
    let mut parties = PartyScreening::new(list, Arc::clone(&rules), Arc::clone(&places), watched);
    if let Some(path) = owners {
        parties.read_owners(path, &ownership_terms(&rules)).map_err(Error::Owners)?;
    }
    let parties = Arc::new(parties);
    Ok(Bench {
        vocabulary: Arc::new(Vocabulary {
            rules,
            places,
            movements,
            items: Arc::new(Readings::new(items)),
            parties,
            watched,
        }),
        watched_name,
        keys: RepeatKeys::of_this_run(),
        period,
        with_lines,
        with_particulars: false,
        with_parties: false,
        draw: None,
        itns: None,
        readers: Mutex::default(),
    })
}

/// What of the affiliates rule the sums of shares depend on.
fn ownership_terms(rules: &Rulebase) -> Terms {
    let affiliates = rules.affiliates();
    Terms {
        threshold_percent: affiliates.threshold_percent,
        lists: affiliates.lists.clone(),
        days_before: i32::from(rules.windows().listing_uncertain.days),
    }
}

/// The rule base asked for.
///
/// # Errors
/// All problems of the rule files.
pub fn load_rules(folder: Option<&Path>) -> Result<Rulebase, Error> {
    folder.map_or_else(Rulebase::embedded, Rulebase::from_dir).map_err(Error::Rules)
}

/// What descriptions are read by, of the same folder as the rules.
///
/// # Errors
/// All problems of its files.
pub fn load_items(folder: Option<&Path>) -> Result<Items, Error> {
    folder.map_or_else(Items::embedded, Items::from_dir).map_err(Error::Rules)
}

/// The list asked for.
///
/// # Errors
/// All problems of the list's files.
pub fn load_list(folder: Option<&Path>) -> Result<EntityList, Error> {
    folder.map_or_else(EntityList::embedded, EntityList::from_dir).map_err(Error::List)
}

/// The list asked for with further lists beside it, which stand in the folder that an import wrote.
///
/// # Errors
/// All problems of the lists' files; further lists asked for without such a folder, or that it does not hold.
pub fn load_lists(folder: Option<&Path>, further: &[ListName]) -> Result<EntityList, Error> {
    let mut lists = load_list(folder)?;
    for list in further.iter().filter(|list| **list != ListName::EntityList) {
        let Some(folder) = folder else {
            return Err(Error::List(vec![format!(
                "the {list} ({}) is no part of the program. Import the Consolidated Screening List (lookback lists import) and \
                 give the folder with --entity-list.",
                list.code()
            )]));
        };
        let of_list = folder.join(list.code());
        if !of_list.is_dir() {
            return Err(Error::List(vec![format!(
                "{} holds no {list}: the folder `{}` is missing. Import a whole Consolidated Screening List (lookback lists \
                 import) and give its folder with --entity-list.",
                folder.display(),
                list.code()
            )]));
        }
        let named = |problems: Vec<String>| {
            problems.into_iter().map(|problem| format!("{}/{problem}", list.code())).collect()
        };
        let loaded = EntityList::from_dir(&of_list).map_err(|problems| Error::List(named(problems)))?;
        if loaded.snapshot().list != *list {
            return Err(Error::List(vec![format!(
                "{} holds the {}, and not the {list}",
                of_list.display(),
                loaded.snapshot().list
            )]));
        }
        lists = lists.joined_with(loaded).map_err(Error::List)?;
    }
    Ok(lists)
}

/// The one country that the license requirements of the rule base are about.
fn watched(rules: &Rulebase) -> Result<CountryCode, Error> {
    let mut countries: Vec<CountryCode> =
        rules.requirements().iter().map(|requirement| requirement.destination).collect();
    countries.dedup();
    match countries.as_slice() {
        [country] => Ok(*country),
        _ => Err(Error::Data(vec![
            "the rule base must hold license requirements for exactly one destination".to_owned(),
        ])),
    }
}

/// Numbers the findings and writes every report into `folder`.
fn write(
    plan: &AuditPlan,
    bench: &Bench,
    mut audited: Audited,
    reviews: Reviews,
    folder: &Path,
) -> Result<RunRecord, Error> {
    let opening =
        Opening { decision_files: reviews.not_given.clone(), nearest: bench.vocabulary.parties.nearest() };
    let kept = audited.keep(folder, &opening)?;
    let Gathered { mut findings, mut rejected, mut lines, mut particulars, mut record } =
        audited.finish(&bench.vocabulary.rules)?;
    let Reviews { policy, decisions, not_given } = reviews;
    let decisions = decisions.measured_against(record.1.last_date);
    let identities = bench.with_parties.then(|| std::mem::take(&mut record.1.identities));
    go_on()?;
    let mut survey = merge::survey(&mut findings, identities, &decisions)?;
    let disclosure = Disclosure::new(plan.disclosure_date, plan.rates.clone())
        .map_err(|problem| Error::Data(vec![problem]))?;
    let repeated: Vec<(String, String)> =
        findings.repeats.iter().map(|repeat| (repeat.currency.clone(), repeat.value.clone())).collect();
    let (mut run, parties) = record::complete(plan, bench, record, &repeated, &mut survey);
    decided::fill(&mut run, &decisions, &survey, &not_given);
    run.arguments.clone_from(&plan.arguments);
    run.option_files = decided::option_files(plan);
    let codes: Vec<CodeText> =
        FindingCode::ALL.iter().filter_map(|code| checks::text(*code)).copied().collect();
    let method = record::method(bench);
    let groups = std::mem::take(&mut survey.groups).read_with(&decisions);
    let data = ReportData {
        run: &run,
        groups: &groups,
        parties: &parties,
        codes: &codes,
        method: &method,
        disclosure: &disclosure,
    };
    let mut writers = Writers::create(folder, plan.formats, data, plan.lines)?;
    let mut template = DecisionsTemplate::create(folder, plan.formats, &run, &policy)?;
    let repeats: Vec<Ordinal> = findings.repeats.iter().map(|repeat| repeat.at).collect();
    let mut particulars = Beside::new(particulars.read::<Particulars>()?);
    let mut order = 0;
    findings.each(|at, id, finding| {
        go_on()?;
        let mut numbered = survey.numbering.number(order, id, finding);
        decisions.mark(&mut numbered);
        if let Some(row) = survey.agenda.row(order, &numbered) {
            template.row(&row)?;
        }
        order += 1;
        let facts = LineFacts {
            particulars: particulars.at(at)?,
            repeats: !repeats.is_empty() && repeats.binary_search(&at).is_ok(),
        };
        writers.finding(&numbered, facts).map_err(Error::from)
    })?;
    for row in survey.agenda.wide_rows() {
        template.row(&row)?;
    }
    template.finish()?;
    for row in rejected.read()? {
        writers.rejected(&row?.1)?;
    }
    for line in lines.read()? {
        go_on()?;
        writers.line(&line?.1)?;
    }
    run.outputs = writers.finish()?;
    run.outputs.extend(kept.map(|digest| (MERGE_FILE.to_owned(), digest)));
    run_json::write(folder, &run)?;
    Ok(run)
}
