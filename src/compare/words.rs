//! What differs between two states of a finding, in words.

use crate::past::PastFinding;

/// How many differences are spelled out.
const TOLD: usize = 6;

/// The cells relied on that differ.
pub(super) fn cells(before: &PastFinding, after: &PastFinding) -> String {
    let mut told = Vec::new();
    for cell in &after.evidence {
        let other = before.evidence.iter().find(|other| other.field == cell.field);
        let was = other.map_or("", |other| other.raw.trim());
        if was != cell.raw.trim() {
            told.push(differs(&cell.field, was, cell.raw.trim()));
        }
    }
    for cell in &before.evidence {
        if !cell.raw.trim().is_empty() && after.evidence.iter().all(|other| other.field != cell.field) {
            told.push(differs(&cell.field, cell.raw.trim(), ""));
        }
    }
    for (name, was, is) in [
        ("date of export", &before.date_of_export, &after.date_of_export),
        ("address", &before.party_address, &after.party_address),
        ("lines", &before.lines.to_string(), &after.lines.to_string()),
    ] {
        let is_told = name == "date of export" && told.iter().any(|text| text.contains("date"));
        if was != is && !is_told {
            told.push(differs(name, was, is));
        }
    }
    joined(told, "the cells relied on differ")
}

/// What differs in law and list.
pub(super) fn basis(before: &PastFinding, after: &PastFinding) -> String {
    let mut told = Vec::new();
    for (name, was, is) in [
        ("rule", &before.rule, &after.rule),
        ("entry", &before.listed_entity, &after.listed_entity),
        ("matched name", &before.matched_name, &after.matched_name),
        ("in force from", &before.in_force_from, &after.in_force_from),
        ("citations", &before.citations, &after.citations),
    ] {
        if was != is {
            told.push(differs(name, was, is));
        }
    }
    joined(told, "the rule or entry differs")
}

fn differs(name: &str, was: &str, is: &str) -> String {
    format!("{} {} became {}", name.replace('_', " "), quoted(was), quoted(is))
}

fn quoted(text: &str) -> String {
    if text.is_empty() {
        return "blank".to_owned();
    }
    let mut shown: String = text.chars().take(60).collect();
    if shown.len() < text.len() {
        shown.push_str("...");
    }
    format!("\"{shown}\"")
}

fn joined(mut told: Vec<String>, fallback: &str) -> String {
    if told.is_empty() {
        return fallback.to_owned();
    }
    let more = told.len().saturating_sub(TOLD);
    told.truncate(TOLD);
    let mut text = told.join("; ");
    if more > 0 {
        text.push_str(&format!("; and {more} more"));
    }
    text
}
