//! The Disclosure schedule: which findings stand on it, and what each line has to state (15 CFR 764.5(d)(3)).
//!
//! States facts from the record, and what the record lacks; it draws no conclusion. What the section asks for stands in
//! `data/disclosure.toml`; grouping and printing are the report's.

mod line;
mod requirements;

pub use line::ScheduleLine;

use crate::effective::{Date, parse_iso};
use crate::exchange::Rates;
use crate::finding::{Disposition, Finding, NumberedFinding};
use crate::shipment::Particulars;

use requirements::Requirements;

/// The part of the schedule on which a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Findings that a person has decided to be confirmed, of any code.
    Confirmed,
    /// Confirmed findings that counsel has marked as minor or technical: for the abbreviated form.
    MinorOrTechnical,
    /// Exceptions that are open: nobody has reviewed them.
    NotReviewed,
}

impl Part {
    /// The parts, in their order.
    pub const ALL: [Self; 3] = [Self::Confirmed, Self::MinorOrTechnical, Self::NotReviewed];

    /// The part on which a finding stands, if any.
    pub fn of(numbered: &NumberedFinding) -> Option<Self> {
        match numbered.status.as_str() {
            "confirmed" => {
                let is_minor = numbered.decision.as_ref().is_some_and(|decision| decision.minor_or_technical);
                Some(if is_minor { Self::MinorOrTechnical } else { Self::Confirmed })
            }
            "open" if numbered.finding.disposition == Disposition::Exception => Some(Self::NotReviewed),
            _ => None,
        }
    }

    /// The part's title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Confirmed => "Part 1: findings decided as confirmed",
            Self::MinorOrTechnical => {
                "Part 1a: confirmed, and marked by counsel as minor or technical: abbreviated form, 15 CFR 764.5(c)(2)"
            }
            Self::NotReviewed => "Part 2: open exceptions, not reviewed",
        }
    }

    /// What the part says when nothing stands on it.
    pub fn none(self) -> &'static str {
        match self {
            Self::Confirmed => "None: no finding has been decided as confirmed.",
            Self::MinorOrTechnical => "None: no confirmed finding is marked as minor or technical.",
            Self::NotReviewed => "None: no exception is open.",
        }
    }
}

/// What the merge knows of the line of a finding.
#[derive(Debug, Clone, Copy, Default)]
pub struct LineFacts<'a> {
    /// What the line says beyond its findings; none where it was not kept.
    pub particulars: Option<&'a Particulars>,
    /// Whether the line repeats an earlier one.
    pub repeats: bool,
}

/// How the schedule of a run is made.
#[derive(Debug, Clone)]
pub struct Disclosure {
    requirements: Requirements,
    /// The first day of the window and the day of the initial notification; none where no such day was given.
    window: Option<(Date, Date)>,
    rates: Rates,
}

impl Disclosure {
    /// A schedule for an initial notification on `date`.
    ///
    /// # Errors
    /// When the program's own table of requirements cannot be read, or the date has no day so many years before.
    pub fn new(date: Option<Date>, rates: Rates) -> Result<Self, String> {
        let requirements = Requirements::embedded()?;
        let window = match date {
            None => None,
            Some(date) => {
                let years = jiff::Span::new().years(i64::from(requirements.window.years));
                let from = date
                    .checked_sub(years)
                    .map_err(|_| format!("--disclosure-date {date} lies too far back"))?;
                Some((from, date))
            }
        };
        Ok(Self { requirements, window, rates })
    }

    /// Whether the finding's date of export keeps it off the schedule. An undated line stays on.
    pub fn is_outside(&self, finding: &Finding) -> bool {
        let Some((from, until)) = self.window else { return false };
        let mut days = finding.date_of_export.split(" or ").filter_map(|day| parse_iso(day).ok()).peekable();
        days.peek().is_some() && days.all(|day| day < from || day > until)
    }

    /// What stands above the schedule, a sentence each.
    pub fn preamble(&self) -> Vec<String> {
        let requirements = &self.requirements;
        let years = requirements.window.years;
        let cite = &requirements.window.cite;
        let window = match self.window {
            Some((from, until)) => {
                format!(
                    "Dates of export from {from} to {until}: the {years} years before the date given ({cite}), and lines without a date."
                )
            }
            None => format!(
                "Window not set: every date is on it. --disclosure-date DATE limits it to the {years} years before DATE ({cite})."
            ),
        };
        let rates = match &self.rates.record {
            Some(record) => format!("US dollars by the rates in {}: the rate of the date of export.", record.path),
            None => "No exchange rates were given (--fx): values in other currencies are to be completed in US dollars.".to_owned(),
        };
        let mut said = vec![
            format!(
                "Facts from the record in the order of {}, and no conclusion: what follows from them, and whether to disclose, is for counsel.",
                requirements.window.cite
            ),
            window,
            rates,
            requirements.notice.before_dealing.clone(),
            requirements.notice.narrative.clone(),
            format!(
                "The abbreviated form of {} is for what counsel has marked as minor or technical in the decisions (part 1a, and a sheet of its own); the program makes no such finding.",
                requirements.abbreviated.cite
            ),
        ];
        said.extend(requirements.unverified.iter().map(|limit| format!("Not verified: {limit}")));
        said
    }

    /// What stands above the list in the abbreviated form, a sentence each.
    pub fn abbreviated_preamble(&self) -> Vec<String> {
        let abbreviated = &self.requirements.abbreviated;
        let mut said = vec![format!(
            "Confirmed findings that counsel has marked as minor or technical, in the abbreviated form of {}. Facts from the record, and no conclusion.",
            abbreviated.cite
        )];
        said.extend(abbreviated.notice.iter().cloned());
        said
    }

    /// Everything the schedule states of a line.
    pub fn line(&self, numbered: &NumberedFinding, facts: LineFacts<'_>) -> ScheduleLine {
        line::line(numbered, facts, &self.requirements, &self.rates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::FindingCode;
    use crate::report::example::finding;

    #[test]
    fn the_window_is_the_years_before_the_date_and_keeps_undated_lines() {
        let date = parse_iso("2026-03-01").unwrap();
        let disclosure = Disclosure::new(Some(date), Rates::default()).unwrap();
        let mut finding = finding(FindingCode::LR01).finding;
        for (day, outside) in [
            ("2021-02-28", true),
            ("2021-03-01", false),
            ("2026-03-01", false),
            ("2026-03-02", true),
            ("", false),
            ("2021-01-03 or 2021-03-01", false),
        ] {
            finding.date_of_export = day.into();
            assert_eq!(disclosure.is_outside(&finding), outside, "{day}");
        }
        let unlimited = Disclosure::new(None, Rates::default()).unwrap();
        finding.date_of_export = "2001-01-01".into();
        assert!(!unlimited.is_outside(&finding));
        assert!(unlimited.preamble().join(" ").contains("Window not set"));
    }

    #[test]
    fn confirmed_findings_and_open_exceptions_stand_apart() {
        let part = |code, status: &str| {
            let mut numbered = finding(code);
            numbered.status = status.into();
            Part::of(&numbered)
        };
        assert_eq!(part(FindingCode::LR01, "open"), Some(Part::NotReviewed));
        assert_eq!(part(FindingCode::LR01, "confirmed"), Some(Part::Confirmed));
        assert_eq!(part(FindingCode::EL02, "confirmed"), Some(Part::Confirmed));
        assert_eq!(part(FindingCode::EL02, "open"), None);
        assert_eq!(part(FindingCode::LR01, "false-positive"), None);
    }
}
