//! What a run is asked to do: the arguments, understood.

use std::path::PathBuf;

use super::sample::SampleRequest;
use crate::control::ControlTotals;
use crate::effective::{Date, Period};
use crate::entity_list::ListName;
use crate::exchange::Rates;
use crate::finding::Disposition;
use crate::ingest::Overrides;
use crate::report::Formats;

/// A run as it was asked for, with every argument checked.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own, as a person gives it")]
pub struct AuditPlan {
    /// The arguments that repeat the run, for `run.json`.
    pub arguments: Vec<String>,
    /// Files and folders, in the order given.
    pub inputs: Vec<PathBuf>,
    /// Where the report goes; none names the folder after the first input.
    pub out: Option<PathBuf>,
    /// A finished run in the output folder becomes `.previous`.
    pub replace: bool,
    /// What the user says about how files are to be read.
    pub overrides: Overrides,
    /// The path of the mapping file, as given.
    pub columns_file: Option<String>,
    /// The country all files shipped from, where the user says so.
    pub ship_from: Option<crate::codes::CountryCode>,
    /// The audit period by date of export.
    pub period: Period,
    /// Another rule base than the embedded one.
    pub rules: Option<PathBuf>,
    /// Another list than the embedded one.
    pub entity_list: Option<PathBuf>,
    /// Further lists to screen against, beside the Entity List.
    pub lists: Vec<ListName>,
    /// The table of ownership.
    pub owners: Option<PathBuf>,
    /// Files of reviewers' decisions.
    pub decisions: Vec<PathBuf>,
    /// Whether the determination of every line is written.
    pub lines: bool,
    /// Whether what a later merge needs is kept beside the report.
    pub mergeable: bool,
    /// The formats to write.
    pub formats: Formats,
    /// Exit 1 when a finding at or above this level is open.
    pub fail_on: Option<Disposition>,
    /// Printed on every sheet.
    pub legend: Option<String>,
    /// Printed on every sheet.
    pub matter: Option<String>,
    /// Totals of the extract to compare with.
    pub control: Option<ControlTotals>,
    /// Exchange rates for US dollar values.
    pub rates: Rates,
    /// The day of the initial notification; the years before it are on the Disclosure schedule.
    pub disclosure_date: Option<Date>,
    /// Lines without findings to draw for testing by hand.
    pub sample: Option<SampleRequest>,
    /// Threads that judge.
    pub threads: usize,
    /// Whether anything but errors is shown.
    pub quiet: bool,
}

impl AuditPlan {
    /// The files that options name, with the option's long name.
    pub fn option_files(&self) -> Vec<(&'static str, PathBuf)> {
        let columns = self.columns_file.iter().map(|path| ("columns", PathBuf::from(path)));
        let decisions = self.decisions.iter().map(|path| ("decisions", path.clone()));
        let control = self.control.iter().map(|control| ("control", PathBuf::from(&control.record.path)));
        let rates = self.rates.record.iter().map(|record| ("fx", PathBuf::from(&record.path)));
        let owners = self.owners.iter().map(|path| ("owners", path.clone()));
        columns.chain(decisions).chain(control).chain(rates).chain(owners).collect()
    }

    /// The output folder: as given, or named after the first input.
    pub fn folder(&self) -> PathBuf {
        self.out.clone().unwrap_or_else(|| {
            let stem =
                self.inputs.first().and_then(|path| path.file_stem()).map(std::ffi::OsStr::to_os_string);
            let mut name = std::ffi::OsString::from("audit-");
            name.push(stem.unwrap_or_default());
            PathBuf::from(name)
        })
    }
}
