//! What every rule has in common: its name, its text, its dated versions, and how far it was read.
//!
//! What a rule requires stands in the module of its kind: `requirement`, `closed_list`, `provisions`.

use crate::citation::{self, Citation};
use crate::effective::{Date, LegalDate, Period, days_between};
use crate::finding::FindingCode;

use super::examples::Example;
use super::problem::{Problem, place};
use super::raw::{RawRule, RawVersion, RawWindow};

/// The common part of a rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The rule's id, which is also the stem of its file.
    pub id: String,
    /// The file, relative to the rule base.
    pub file: String,
    /// Its title.
    pub title: String,
    /// What the law says, in our own words.
    pub text: String,
    /// When a person last compared it with its source.
    pub checked_on: Date,
    /// The dates of export for which the text read answers.
    pub text_read: Period,
    /// What was read, in words.
    pub text_read_note: String,
    /// What the rule leaves to a person.
    pub not_modelled: Vec<String>,
    /// What rests on memory or on a summary.
    pub unverified: Vec<String>,
    /// The codes its examples speak of.
    pub about: Vec<FindingCode>,
    /// Its versions, oldest first.
    pub versions: Vec<Version>,
    /// Windows of days that belong to it.
    pub windows: Vec<Window>,
}

/// A rule as it stood in one period.
#[derive(Debug, Clone)]
pub struct Version {
    /// Whether it bound in that period.
    pub state: State,
    /// The day it was published.
    pub published: Option<Date>,
    /// The effective date first printed, where a correction changed it.
    pub printed_effective: Option<Date>,
    /// The correction.
    pub corrected: Option<Correction>,
    /// The period in which it held.
    pub effective: Period,
    /// What it says of goods already en route.
    pub savings: Option<Savings>,
    /// Its citations.
    pub citations: Vec<Citation>,
    /// A remark on its dates.
    pub note: String,
    /// The line of its file on which it stands.
    pub line: u32,
}

/// Whether a version of a rule bound anyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It bound.
    InForce,
    /// It was suspended.
    Suspended,
    /// It bound on its face; whether it was changed is not known.
    Unverified,
}

impl State {
    /// The word a report shows.
    pub fn name(self) -> &'static str {
        match self {
            Self::InForce => "in force",
            Self::Suspended => "suspended",
            Self::Unverified => "in force on its face, not verified",
        }
    }
}

/// A correction of a published rule.
#[derive(Debug, Clone)]
pub struct Correction {
    /// When it was published.
    pub on: Date,
    /// Where.
    pub by: Citation,
}

/// A savings clause and the days within which the program searches for goods it may cover.
#[derive(Debug, Clone)]
pub struct Savings {
    /// The day on which the goods had to be en route.
    pub en_route_on: Date,
    /// How many days after it an export is still asked about.
    pub search_days: u16,
    /// What the clause says, and whose window it is.
    pub note: String,
}

impl Savings {
    /// Whether an export on this day may have been en route: from the day itself to `search_days` days after it.
    pub fn covers(&self, date: Date) -> bool {
        (0..=i32::from(self.search_days)).contains(&days_between(self.en_route_on, date))
    }
}

/// A number of days within which a finding changes.
#[derive(Debug, Clone)]
pub struct Window {
    /// Its name.
    pub name: String,
    /// How many days.
    pub days: u16,
    /// Whether the law sets it; otherwise it is this program's choice.
    pub law: bool,
    /// What it is for.
    pub note: String,
}

impl Rule {
    /// The version that bound on this day.
    pub fn in_force(&self, date: Date) -> Option<&Version> {
        self.version_on(date).filter(|version| version.state == State::InForce)
    }

    /// The version that speaks of this day, whether or not it bound.
    pub fn version_on(&self, date: Date) -> Option<&Version> {
        self.versions.iter().find(|version| version.effective.contains(date))
    }

    /// The version that first took effect.
    pub fn first(&self) -> Option<&Version> {
        self.versions.first()
    }

    /// The citations of all versions, each once, joined by `; `.
    pub fn citations(&self) -> String {
        let mut all: Vec<Citation> = Vec::new();
        for citation in self.versions.iter().flat_map(|version| &version.citations) {
            if !all.contains(citation) {
                all.push(citation.clone());
            }
        }
        citation::join(&all)
    }
}

impl Version {
    /// The citations joined by `; `.
    pub fn citations(&self) -> String {
        citation::join(&self.citations)
    }

    /// Whether the day lies between the effective date first printed and the corrected one.
    pub fn printed_but_not_effective(&self, date: Date) -> bool {
        match (self.printed_effective, self.effective.from) {
            (Some(printed), Some(from)) => printed <= date && date < from,
            _ => false,
        }
    }
}

/// Turns what was written into a rule, and gathers everything that is wrong with it.
pub(super) struct Reader<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    pub(super) problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    /// Notes a problem at a byte offset of the file.
    pub(super) fn problem(&mut self, offset: usize, message: impl Into<String>) {
        let (line, column) = place(self.text, offset);
        self.problems.push(Problem::at(self.file, line, column, message));
    }

    /// The line of a byte offset.
    pub(super) fn line(&self, offset: usize) -> u32 {
        place(self.text, offset).0
    }

    /// Reads a citation.
    pub(super) fn citation(&mut self, text: &toml::Spanned<String>) -> Option<Citation> {
        match Citation::parse(text.get_ref()) {
            Ok(citation) => Some(citation),
            Err(message) => {
                self.problem(text.span().start, message);
                None
            }
        }
    }

    /// Reads the file's TOML; one problem where it is not that, or has a key that is not known.
    pub(super) fn raw(&mut self) -> Option<RawRule> {
        match toml::from_str(self.text) {
            Ok(raw) => Some(raw),
            Err(error) => {
                let offset = error.span().map_or(0, |span| span.start);
                let message = error.message().trim().to_owned();
                self.problem(offset, format!("{message}; see the field table in README.md"));
                None
            }
        }
    }

    /// Reads what every rule has.
    pub(super) fn rule(&mut self, raw: &RawRule) -> Rule {
        let id = raw.id.get_ref().clone();
        let stem = self.file.trim_start_matches("rules/").trim_end_matches(".toml").to_owned();
        if id != stem {
            self.problem(
                raw.id.span().start,
                format!("the id is `{id}` and the file is called `{stem}.toml`; make them the same"),
            );
        }
        for (what, value) in [("title", &raw.title), ("text", &raw.text)] {
            if value.get_ref().trim().is_empty() {
                self.problem(value.span().start, format!("`{what}` is empty; say it in your own words"));
            }
        }
        let about =
            raw.about.iter().filter_map(|code| self.code(code.get_ref(), code.span().start)).collect();
        let checked_on = raw.checked_on.get_ref().0;
        let versions: Vec<_> = raw.version.iter().map(|version| self.version(version, checked_on)).collect();
        if versions.is_empty() {
            self.problem(
                raw.id.span().start,
                "the rule has no `[[version]]`; write one with its dates and `cites`",
            );
        }
        self.check_sequence(&versions);
        let text_read = raw.text_read.get_ref();
        Rule {
            id,
            file: self.file.to_owned(),
            title: raw.title.get_ref().clone(),
            text: join_lines(raw.text.get_ref()),
            checked_on,
            text_read: self.period(text_read.from, text_read.until, raw.text_read.span().start),
            text_read_note: join_lines(&text_read.note),
            not_modelled: raw.not_modelled.iter().map(|text| join_lines(text)).collect(),
            unverified: raw.unverified.iter().map(|text| join_lines(text)).collect(),
            about,
            versions,
            windows: raw.window.iter().map(|window| Self::window(window.get_ref())).collect(),
        }
    }

    /// Reads a finding code.
    pub(super) fn code(&mut self, text: &str, offset: usize) -> Option<FindingCode> {
        let code = FindingCode::ALL.iter().copied().find(|code| code.code() == text);
        if code.is_none() {
            self.problem(offset, format!("`{text}` is no finding code; `lookback explain` lists them"));
        }
        code
    }

    /// Reads the examples.
    pub(super) fn examples(&mut self, raw: &RawRule, rule: &Rule) -> Vec<Example> {
        raw.example.iter().filter_map(|example| super::examples::read(self, example, rule)).collect()
    }

    fn window(raw: &RawWindow) -> Window {
        Window { name: raw.name.get_ref().clone(), days: raw.days, law: raw.law, note: join_lines(&raw.note) }
    }

    fn period(&mut self, from: Option<LegalDate>, until: Option<LegalDate>, offset: usize) -> Period {
        if from.zip(until).is_some_and(|(from, until)| until <= from) {
            self.problem(
                offset,
                "the period ends before it begins; `until` is the first day it no longer holds",
            );
        }
        Period { from: from.map(|day| day.0), until: until.map(|day| day.0) }
    }

    fn version(&mut self, raw: &toml::Spanned<RawVersion>, checked_on: Date) -> Version {
        let offset = raw.span().start;
        let version = raw.get_ref();
        let state = match version.state.as_ref().map(|state| (state.get_ref().as_str(), state.span().start)) {
            None | Some(("in-force", _)) => State::InForce,
            Some(("suspended", _)) => State::Suspended,
            Some(("unverified", _)) => State::Unverified,
            Some((other, at)) => {
                self.problem(at, format!("`{other}` must be `in-force`, `suspended` or `unverified`"));
                State::Unverified
            }
        };
        if version.cites.get_ref().is_empty() {
            self.problem(version.cites.span().start, "`cites` is empty; every version names its law");
        }
        let period = version.effective.get_ref();
        let effective = self.period(period.from, period.until, version.effective.span().start);
        let corrected = version
            .corrected
            .as_ref()
            .and_then(|raw| self.citation(&raw.by).map(|by| Correction { on: raw.on.0, by }));
        if version.printed_effective.is_some() && version.corrected.is_none() {
            self.problem(
                offset,
                "`printed_effective` stands without `corrected`; say which notice changed the date",
            );
        }
        let newest = [version.published.map(|day| day.0), corrected.as_ref().map(|correction| correction.on)];
        if newest.into_iter().flatten().any(|day| checked_on < day) {
            self.problem(
                offset,
                format!("`checked_on` ({checked_on}) lies before this version was published"),
            );
        }
        Version {
            state,
            published: version.published.map(|day| day.0),
            printed_effective: version.printed_effective.map(|day| day.0),
            corrected,
            effective,
            savings: version.savings.as_ref().map(|raw| Savings {
                en_route_on: raw.en_route_on.0,
                search_days: raw.search_days,
                note: join_lines(&raw.note),
            }),
            citations: version.cites.get_ref().iter().filter_map(|text| self.citation(text)).collect(),
            note: join_lines(&version.note),
            line: self.line(offset),
        }
    }

    /// Versions follow one another without overlap and without a day between them.
    fn check_sequence(&mut self, versions: &[Version]) {
        for pair in versions.windows(2) {
            let [earlier, later] = pair else { continue };
            let message = match (earlier.effective.until, later.effective.from) {
                (Some(until), Some(from)) if until == from => continue,
                (Some(until), Some(from)) if until < from => format!(
                    "no version speaks of the days from {until} to {from}; write one, with `state = \"suspended\"` \
                     if the rule did not bind"
                ),
                (Some(until), Some(from)) => format!(
                    "this version begins on {from} and the one before it ends on {until}; both would hold"
                ),
                (None, _) => "the version before this one has no `until`; both would hold".to_owned(),
                (_, None) => "this version has no `from` and another stands before it".to_owned(),
            };
            self.problems.push(Problem::at(self.file, later.line, 1, message));
        }
    }
}

/// Undoes the line breaks of a text that was wrapped for reading.
pub(super) fn join_lines(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
