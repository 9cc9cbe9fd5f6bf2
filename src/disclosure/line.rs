//! One line of the schedule: what the record states, field by field, and what it lacks.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::requirements::{Form, Requirements};
use super::{LineFacts, Part};
use crate::effective::parse_iso;
use crate::exchange::Rates;
use crate::field::DateKind;
use crate::finding::{Finding, NumberedFinding};
use crate::party::PartyRole;
use crate::shipment::Particulars;

/// What the schedule states of a line, as text ready to print.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleLine {
    /// The requirement: code, law, and since when it held.
    pub requirement: String,
    /// The party the finding is about, or for whom the line was meant.
    pub party: String,
    /// Date of export, or the readings; empty where there is none.
    pub date: String,
    /// Every date on the line, with its kind.
    pub dates: String,
    /// Document and line number.
    pub document: String,
    /// ITN or filing citation.
    pub itn: String,
    /// The destination as judged.
    pub destination: String,
    /// How it went: from where, by what port and mode, to where, for what.
    pub how: String,
    /// Everyone named, with address and country, one below the other.
    pub persons: String,
    /// License number or `none`, and what the license column says.
    pub license: String,
    /// Item number and description.
    pub item: String,
    /// The ECCN as recorded.
    pub eccn: String,
    /// Schedule B or HTSUSA number as recorded.
    pub schedule_b: String,
    /// Quantity as recorded.
    pub quantity: String,
    /// Unit as recorded.
    pub unit: String,
    /// Value as recorded.
    pub value: String,
    /// Currency as recorded.
    pub currency: String,
    /// Value in US dollars; empty where there is no rate.
    pub dollars: String,
    /// The rate used, with its source; empty where none was needed.
    pub rate: String,
    /// Why the line is shown and not summed; empty where it is summed.
    pub not_summed: String,
    /// What the record lacks, joined by `; `.
    pub lacking: String,
    /// The same for the abbreviated form; empty where the line is not marked for it.
    pub lacking_abbreviated: String,
    /// The file, as the report names it.
    pub file: String,
    /// The sheet; empty for a text file.
    pub sheet: String,
    /// The physical row or line.
    pub row: u32,
    /// The finding's id.
    pub finding_id: String,
}

pub(super) fn line(
    numbered: &NumberedFinding,
    facts: LineFacts<'_>,
    requirements: &Requirements,
    rates: &Rates,
) -> ScheduleLine {
    let finding = &numbered.finding;
    let none = Particulars::default();
    let particulars = facts.particulars.unwrap_or(&none);
    let is_minor = Part::of(numbered) == Some(Part::MinorOrTechnical);
    let value = finding.value.parse::<Decimal>().ok();
    let day = parse_iso(&finding.date_of_export).ok();
    let dollars = value.and_then(|value| rates.dollars(&finding.currency, value, day));
    let not_summed = if facts.repeats {
        "repeats an earlier line"
    } else if value.is_some_and(|value| value.is_sign_negative() && !value.is_zero())
        || finding.quantity.trim_start().starts_with('-')
    {
        "negative: a reversal or credit"
    } else {
        ""
    };
    let law = finding.citations.split("; ").next().unwrap_or_default();
    let since = if finding.in_force_from.is_empty() {
        String::new()
    } else {
        format!(", from {}", finding.in_force_from)
    };
    let listed = if finding.listed_entity.is_empty() {
        String::new()
    } else {
        format!("; listed: {}", finding.listed_entity)
    };
    ScheduleLine {
        requirement: format!("{} {law}{since}{listed}", finding.code),
        party: finding.party_name.clone(),
        date: finding.date_of_export.clone(),
        dates: particulars
            .dates
            .iter()
            .map(|(kind, text)| format!("{kind}: {text}"))
            .collect::<Vec<_>>()
            .join("\n"),
        document: joined(&[&finding.document, &finding.line], " / "),
        itn: joined(&[&particulars.itn, &particulars.filing], "\n"),
        destination: finding.destination.clone(),
        how: how(finding, particulars),
        persons: persons(finding, particulars),
        license: license(finding),
        item: joined(&[&finding.item, &finding.description], ": "),
        eccn: finding.declared_eccn.clone(),
        schedule_b: finding.schedule_b.clone(),
        quantity: finding.quantity.clone(),
        unit: finding.unit.clone(),
        value: finding.value.clone(),
        currency: finding.currency.clone(),
        lacking: lacking(finding, particulars, dollars.is_some(), requirements, Form::Full),
        lacking_abbreviated: if is_minor {
            lacking(finding, particulars, dollars.is_some(), requirements, Form::Abbreviated)
        } else {
            String::new()
        },
        rate: dollars.and_then(|(_, rate)| rate).map_or_else(String::new, crate::exchange::Rate::words),
        dollars: dollars.map_or_else(String::new, |(value, _)| value.to_string()),
        not_summed: not_summed.to_owned(),
        file: finding.file.clone(),
        sheet: finding.sheet.clone(),
        row: finding.row,
        finding_id: numbered.finding_id.clone(),
    }
}

fn how(finding: &Finding, particulars: &Particulars) -> String {
    let mut said = Vec::new();
    for (what, text) in [
        ("from", &particulars.left_from),
        ("port", &particulars.port),
        ("by", &particulars.mode),
        ("to", &finding.destination),
        ("end use stated:", &particulars.end_use),
    ] {
        if !text.is_empty() {
            said.push(format!("{what} {text}"));
        }
    }
    said.join("; ")
}

fn persons(finding: &Finding, particulars: &Particulars) -> String {
    let named: Vec<String> = particulars
        .persons
        .iter()
        .map(|person| {
            let place = joined(&[&person.address, &person.country], ", ");
            format!("{}: {}", person.role, joined(&[&person.name, &place], ", "))
        })
        .collect();
    if named.is_empty() && !finding.party_name.is_empty() {
        let party = joined(&[&finding.party_name, &finding.party_address], ", ");
        return joined(&[&finding.party_role, &party], ": ");
    }
    named.join("\n")
}

/// The license number, or that there is none, and what the license column says.
fn license(finding: &Finding) -> String {
    let number = if finding.license_number.is_empty() { "none" } else { &finding.license_number };
    let mut claimed = vec![finding.license_code.as_str()];
    if finding.license_exception != finding.license_code {
        claimed.push(&finding.license_exception);
    }
    let claimed = joined(&claimed, ", ");
    if claimed.is_empty() { number.to_owned() } else { format!("{number} ({claimed} on record)") }
}

/// What the record lacks of the fields that a form asks for.
fn lacking(
    finding: &Finding,
    particulars: &Particulars,
    has_dollars: bool,
    requirements: &Requirements,
    form: Form,
) -> String {
    let mut lacking = Vec::new();
    let mut lacks = |missing: bool, id: &str, part: Option<&str>| {
        if missing && let Some(field) = requirements.asked(form, id) {
            lacking.push(field.lacking(part));
        }
    };
    let is_substitute =
        DateKind::ALL.iter().any(|kind| kind.is_substitute() && kind.name() == finding.date_basis);
    lacks(is_substitute || parse_iso(&finding.date_of_export).is_err(), "when", None);
    lacks(finding.document.is_empty(), "document", None);
    lacks(particulars.itn.is_empty(), "itn", None);
    lacks(particulars.port.is_empty(), "port", None);
    lacks(particulars.mode.is_empty(), "mode", None);
    lacks(finding.destination.is_empty(), "destination", None);
    lacks(particulars.persons.is_empty() && finding.party_name.is_empty(), "parties", None);
    for role in requirements.roles() {
        let named = |person: &&crate::shipment::Person| {
            person.role == role
                || (role == PartyRole::UltimateConsignee.name() && person.role == PartyRole::ShipTo.name())
        };
        match particulars.persons.iter().find(named) {
            None => lacks(true, "persons", Some(&format!("{role}, or that there was none"))),
            Some(person) => lacks(person.address.is_empty(), "persons", Some(&format!("{role}: address"))),
        }
    }
    let says_nothing = [&finding.license_number, &finding.license_code, &finding.license_exception]
        .iter()
        .all(|text| text.is_empty());
    lacks(says_nothing, "license", None);
    lacks(finding.item.is_empty() && finding.description.is_empty(), "description", None);
    lacks(finding.quantity.parse::<Decimal>().is_err(), "quantity", None);
    lacks(finding.unit.is_empty(), "quantity", Some("unit of quantity"));
    lacks(finding.declared_eccn.is_empty(), "classification", None);
    lacks(!has_dollars, "dollars", None);
    lacking.join("; ")
}

fn joined(parts: &[&str], between: &str) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::FindingCode;
    use crate::report::example::finding;
    use crate::shipment::Person;

    fn schedule(change: impl FnOnce(&mut Finding), facts: LineFacts<'_>) -> ScheduleLine {
        let mut numbered = finding(FindingCode::LR01);
        change(&mut numbered.finding);
        line(&numbered, facts, &Requirements::embedded().unwrap(), &Rates::default())
    }

    #[test]
    fn what_the_record_lacks_is_listed_and_nothing_else() {
        let person = |role: PartyRole, address: &str| Person {
            role: role.name().into(),
            name: "N".into(),
            address: address.into(),
            country: "PK".into(),
        };
        let particulars = Particulars {
            persons: vec![
                person(PartyRole::Purchaser, "Plot 1"),
                person(PartyRole::ShipTo, "Plot 2"),
                person(PartyRole::Carrier, ""),
            ],
            itn: "X20250114000001".into(),
            mode: "Air".into(),
            ..Particulars::default()
        };
        let facts = LineFacts { particulars: Some(&particulars), repeats: false };
        let line = schedule(|finding| finding.currency = "EUR".into(), facts);
        let lacking: Vec<&str> = line.lacking.split("; ").collect();
        assert_eq!(
            lacking,
            [
                "port of export (ii)",
                "USPPI or exporter, or that there was none (iii)",
                "forwarder or agent, or that there was none (iii)",
                "carrier: address (iii)",
                "intermediate consignee, or that there was none (iii)",
                "end user, or that there was none (iii)",
                "value in US dollars (v)",
            ]
        );
        assert!(line.persons.contains("carrier: N, PK"), "{}", line.persons);
        assert_eq!(line.license, "none (C33 on record)");
        assert!(line.how.starts_with("by Air; to "), "{}", line.how);
        assert_eq!(line.dollars, "");
    }

    #[test]
    fn reversals_and_repetitions_are_shown_and_not_summed() {
        let plain = schedule(|_| {}, LineFacts::default());
        assert_eq!((plain.not_summed.as_str(), plain.dollars.as_str()), ("", "18450.00"));
        assert!(plain.lacking.contains("ITN (ii)"));
        let repeats = LineFacts { repeats: true, ..LineFacts::default() };
        assert!(schedule(|_| {}, repeats).not_summed.contains("repeats"));
        let negative = schedule(|finding| finding.value = "-12.00".into(), LineFacts::default());
        assert!(negative.not_summed.contains("reversal"));
        let undated = schedule(|finding| finding.date_basis = "invoice date".into(), LineFacts::default());
        assert!(undated.lacking.starts_with("date of export (ii)"), "{}", undated.lacking);
    }
}
