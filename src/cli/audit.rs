//! The options of an audit, and the plan they make.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::reading::ReadingArgs;
use super::{country, further, list_name};
use crate::audit::{AuditPlan, SampleRequest};
use crate::codes::CountryCode;
use crate::commands::Failure;
use crate::control::ControlTotals;
use crate::effective::{Date, Period, parse_iso};
use crate::entity_list::ListName;
use crate::exchange::Rates;
use crate::finding::Disposition;
use crate::report::Formats;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(super) struct AuditArgs {
    /// Spreadsheets, or folders that hold them.
    #[arg(required = true, value_name = "FILE|DIR")]
    inputs: Vec<PathBuf>,
    /// The folder for the report; named after the first input if not given.
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
    /// The country all files shipped from (ISO code), where no column says so.
    #[arg(long, value_parser = country, value_name = "CC")]
    ship_from: Option<CountryCode>,
    /// First day of the audit period, by date of export. Undated lines are judged.
    #[arg(long, value_parser = parse_iso, value_name = "DATE")]
    from: Option<Date>,
    /// Last day of the audit period, by date of export.
    #[arg(long, value_parser = parse_iso, value_name = "DATE")]
    to: Option<Date>,
    /// Reviewers' decisions, CSV or XLSX: decisions-template of an earlier run, filled in. May be given several times.
    #[arg(long, value_name = "FILE")]
    decisions: Vec<PathBuf>,
    /// Another list than the embedded one.
    #[arg(long, value_name = "DIR")]
    entity_list: Option<PathBuf>,
    /// Lists to screen against, from the folder of an import: el, dpl, uvl, meu, sdn (the Entity List always is).
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = list_name)]
    lists: Vec<ListName>,
    /// Ownership table for the affiliates rule: owner, owned, percent, from, until, source.
    #[arg(long, value_name = "FILE.csv")]
    owners: Option<PathBuf>,
    /// Rules instead of the embedded ones.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Counsel's privilege legend, printed on every sheet.
    #[arg(long, value_name = "TEXT")]
    legend: Option<String>,
    /// The matter, printed on every sheet.
    #[arg(long, value_name = "TEXT")]
    matter: Option<String>,
    /// Control totals of the extract: a CSV with file, rows, quantity, currency, value, or a column itn. Differences are listed.
    #[arg(long, value_name = "FILE.csv")]
    control: Option<PathBuf>,
    /// Exchange rates for US dollars: a CSV with currency, from, until (the last day), rate (dollars a unit), source.
    #[arg(long, value_name = "FILE.csv")]
    fx: Option<PathBuf>,
    /// The day of an initial notification: the Disclosure schedule holds the years before it (15 CFR 764.5).
    #[arg(long, value_parser = parse_iso, value_name = "DATE")]
    disclosure_date: Option<Date>,
    /// Draw this many lines without findings, stratified, to be tested by hand (sheet Sample).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    sample: Option<u16>,
    /// The seed of the draw; the same seed draws the same lines.
    #[arg(long, value_name = "S", requires = "sample", default_value_t = 1)]
    seed: u64,
    /// Also write lines.csv, the determination of every line.
    #[arg(long)]
    lines: bool,
    /// Also write merge.lookback, so that this run can be joined with others by `lookback merge`.
    #[arg(long)]
    mergeable: bool,
    /// Formats to write: xlsx, html, csv, jsonl.
    #[arg(long, value_name = "LIST", default_value = "xlsx,html,csv,jsonl")]
    formats: Formats,
    /// Exit 1 when a finding at or above this level is open.
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,
    /// A finished run in the output folder is kept as DIR.previous.
    #[arg(long)]
    replace: bool,
    /// Threads that judge; all cores if not given. The result is the same at any number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: Option<u16>,
    /// Print nothing but errors.
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Level {
    Exception,
    Review,
    Note,
}

impl AuditArgs {
    /// The audit asked for; `arguments` are kept with the run.
    ///
    /// # Errors
    /// Options that contradict one another, or files among them that cannot be read.
    pub(super) fn plan(self, arguments: Vec<String>) -> Result<AuditPlan, Failure> {
        let until = match self.to {
            None => None,
            Some(last) => {
                Some(last.tomorrow().map_err(|_| Failure::from("--to lies beyond the calendar".to_owned()))?)
            }
        };
        if let (Some(from), Some(to)) = (self.from, self.to)
            && from > to
        {
            return Err(Failure::from(format!("--from {from} lies after --to {to}")));
        }
        let threads = self.threads.map_or_else(
            || std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            usize::from,
        );
        Ok(AuditPlan {
            overrides: self.reading.overrides()?,
            columns_file: self.reading.columns.as_ref().map(|path| path.display().to_string()),
            arguments,
            inputs: self.inputs,
            out: self.out,
            replace: self.replace,
            ship_from: self.ship_from,
            period: Period { from: self.from, until },
            rules: self.rules,
            entity_list: self.entity_list,
            lists: further(self.lists),
            owners: self.owners,
            decisions: self.decisions,
            lines: self.lines,
            mergeable: self.mergeable,
            formats: self.formats,
            control: self.control.as_deref().map(ControlTotals::read).transpose()?,
            rates: self.fx.as_deref().map(Rates::read).transpose()?.unwrap_or_default(),
            disclosure_date: self.disclosure_date,
            sample: self.sample.map(|lines| SampleRequest { lines, seed: self.seed }),
            fail_on: self.fail_on.map(|level| match level {
                Level::Exception => Disposition::Exception,
                Level::Review => Disposition::Review,
                Level::Note => Disposition::Note,
            }),
            legend: self.legend,
            matter: self.matter,
            threads,
            quiet: self.quiet,
        })
    }
}
