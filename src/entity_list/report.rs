//! What `lookback screen` prints: the candidates of names already read, as text or as CSV, judged on one day.
//!
//! Judges a party alone; license numbers, roles and items are facts of a shipment and enter only in an audit.

use std::io::{self, Write};

use super::entity::{ListName, Standing};
use super::screen::{Candidate, MatchBasis, PartyQuery, Screener};
use super::snapshot::EntityList;
use crate::count::days;
use crate::effective::Date;
use crate::finding::Disposition;
use crate::printable::on_one_line;

/// The entry nearest to a name that is not flagged is shown from this score on.
const NEAREST_SHOWN: f32 = 0.3;

/// The columns of the CSV form.
pub const COLUMNS: [&str; 7] =
    ["row", "query", "listed_entity_id", "listed_entity", "matched_name", "score", "disposition"];

/// A name that was screened.
#[derive(Debug, Clone, PartialEq)]
pub struct ScreenedName {
    /// The physical row it was read from; 1 and on for names given as arguments.
    pub row: u32,
    /// The name as read.
    pub query: String,
    /// Its candidates, best first.
    pub candidates: Vec<Candidate>,
    /// The nearest of them was not asked for and is for nobody to look at; it is named to show how near the list comes.
    pub only_nearest: bool,
}

impl Screener {
    /// Screens one name for the `screen` command: every candidate from `min_score` on, without it those for a person to look
    /// at, and where there is none the nearest.
    pub fn screen_named(&self, row: u32, query: &PartyQuery<'_>, min_score: Option<f32>) -> ScreenedName {
        let mut candidates = self.screen_at(query, min_score.unwrap_or(NEAREST_SHOWN));
        let mut only_nearest = false;
        if min_score.is_none() {
            if candidates.iter().any(Candidate::is_flagged) {
                candidates.retain(Candidate::is_flagged);
            } else {
                candidates.truncate(1);
                only_nearest = !candidates.is_empty();
            }
        }
        ScreenedName { row, query: query.name.to_owned(), candidates, only_nearest }
    }
}

/// The day as of which entries are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsOf {
    /// The day.
    pub day: Date,
    /// How many days before its publication a rule of unknown effective date may have bound already.
    pub days_before: i32,
}

/// What a candidate asks of a person, for a shipment of that day to this party; none where it asks nothing.
pub fn disposition_on(list: &EntityList, candidate: &Candidate, on: AsOf) -> Option<Disposition> {
    if !candidate.is_flagged() {
        return None;
    }
    let entity = list.entity(candidate.entity);
    match entity.standing_on(on.day, on.days_before) {
        Standing::Delisted => None,
        Standing::ListedLater(_) => Some(Disposition::Note),
        Standing::Uncertain => Some(Disposition::Review),
        Standing::Listed => {
            let sure = match candidate.basis {
                MatchBasis::ExactName | MatchBasis::ListedAddress => true,
                MatchBasis::ExactAlias(_) => !entity.amended_after(on.day),
                MatchBasis::WeakExact | MatchBasis::Close | MatchBasis::SharedAddress => false,
            };
            let exception = sure
                && candidate.agrees_with_country != Some(false)
                && !entity.terms_on([on.day]).turns_on_the_item()
                && entity.list == ListName::EntityList;
            Some(if exception { Disposition::Exception } else { Disposition::Review })
        }
    }
}

/// Writes the CSV form: a row a candidate; names without candidates have none.
///
/// # Errors
/// When the output cannot be written.
pub fn write_csv<W: Write>(
    list: &EntityList,
    names: impl IntoIterator<Item = ScreenedName>,
    on: AsOf,
    out: W,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS)?;
    for name in names {
        for candidate in name.candidates.iter().filter(|_| !name.only_nearest) {
            let entity = list.entity(candidate.entity);
            writer.write_record([
                &*name.row.to_string(),
                &*not_a_formula(&name.query),
                &*entity.id,
                &*not_a_formula(&entity.name),
                &*not_a_formula(&candidate.matched_name),
                &*format!("{:.3}", candidate.score),
                disposition_on(list, candidate, on).map_or("-", Disposition::name),
            ])?;
        }
    }
    writer.flush()
}

/// Writes the text form: each name with its candidates and why they are, and the day for which it speaks.
///
/// # Errors
/// When the output cannot be written.
pub fn write_text<W: Write>(
    list: &EntityList,
    names: impl IntoIterator<Item = ScreenedName>,
    on: AsOf,
    mut out: W,
) -> io::Result<()> {
    for name in names {
        writeln!(out, "{}", on_one_line(&name.query))?;
        if name.candidates.is_empty() {
            writeln!(out, "  no entry resembles it")?;
        }
        if name.only_nearest {
            writeln!(out, "  nothing to look at; nearest on the list:")?;
        }
        for candidate in &name.candidates {
            candidate_text(list, candidate, on, &mut out)?;
        }
    }
    let as_of = list.snapshot().as_of;
    writeln!(out, "\nDispositions as of {}; the list answers up to {as_of}.", on.day)
}

fn candidate_text(
    list: &EntityList,
    candidate: &Candidate,
    on: AsOf,
    out: &mut impl Write,
) -> io::Result<()> {
    let entity = list.entity(candidate.entity);
    let day = on.day;
    let disposition = disposition_on(list, candidate, on).map_or("-", Disposition::name);
    writeln!(
        out,
        "  {disposition:9} {:.3}  {} ({}, {})",
        candidate.score, entity.name, entity.listed_under, entity.id
    )?;
    writeln!(out, "            {}", on_one_line(&candidate.explanation))?;
    let standing = match entity.standing_on(day, on.days_before) {
        Standing::Listed => format!("on the list on {day}"),
        Standing::ListedLater(later) => format!("listed {} after {day}", days(later)),
        Standing::Delisted => format!("no longer on the list on {day}"),
        Standing::Uncertain => format!("not certain whether on the list on {day}"),
    };
    let unverified = if entity.verified { "" } else { "; the entry is not verified" };
    writeln!(
        out,
        "            {standing}; requirement: {}; {}{unverified}",
        entity.terms_on([day]).in_words(),
        entity.federal_register
    )
}

/// Text from a spreadsheet that would start a formula gets an apostrophe in front.
pub(crate) fn not_a_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use std::sync::Arc;

    fn printed(name: &str, on: Date) -> String {
        let screener = Screener::new(Arc::new(EntityList::embedded().unwrap()));
        let query = PartyQuery { name, country: None, address: "" };
        let names = [screener.screen_named(2, &query, None)];
        let mut out = Vec::new();
        write_csv(screener.list(), names, AsOf { day: on, days_before: 7 }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_day_decides() {
        let day_after = printed("Emerging Future Solutions Private Limited", date(2025, 1, 7));
        assert!(day_after.contains("1.000,exception"), "{day_after}");
        let before = printed("Emerging Future Solutions Private Limited", date(2024, 6, 1));
        assert!(before.contains("1.000,note"), "{before}");
    }

    #[test]
    fn the_nearest_entry_is_named_in_text_and_no_row_of_its_own() {
        let screener = Screener::new(Arc::new(EntityList::embedded().unwrap()));
        let query = PartyQuery { name: "Titan Muhandis Werke", country: None, address: "" };
        let on = AsOf { day: date(2026, 7, 9), days_before: 7 };
        let mut out = Vec::new();
        write_text(screener.list(), [screener.screen_named(1, &query, None)], on, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("nearest on the list:\n  -"), "{text}");
        assert!(
            text.contains("Muhandis Corporation") && text.contains("only in the record: titan"),
            "{text}"
        );
        assert_eq!(printed("Titan Muhandis Werke", date(2026, 7, 9)).lines().count(), 1);
    }

    #[test]
    fn a_formula_is_only_text() {
        assert_eq!(not_a_formula("=1+1"), "'=1+1");
        assert_eq!(not_a_formula("Al-Qertas"), "Al-Qertas");
    }
}
