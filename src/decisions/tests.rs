//! Decisions and findings brought together.

use super::*;
use crate::effective::parse_iso;
use crate::finding::FindingCode;
use crate::report::example;

fn finding() -> NumberedFinding {
    example::finding(FindingCode::EL01)
}

fn day(text: &str) -> Date {
    parse_iso(text).unwrap()
}

fn decision(scope: Scope, about: &NumberedFinding) -> Decision {
    Decision {
        scope,
        word: "false-positive".into(),
        needs_second_person: true,
        reason: "another firm".into(),
        evidence: String::new(),
        reviewer: "Ann".into(),
        decided_on: day("2025-06-01"),
        expires_on: day("2026-06-01"),
        approved_by: "Bob".into(),
        minor_or_technical: false,
        evidence_digests: vec![standing_digest(&about.finding)],
        basis_digests: vec![basis_digest(&about.finding)],
        named: String::new(),
        file: "d.csv".into(),
        sheet: String::new(),
        row: 2,
    }
}

fn obstacle(decision: Decision, about: &NumberedFinding) -> Option<Obstacle> {
    let decisions = Decisions::new(vec![decision]).unwrap().measured_against(Some(day("2025-12-31")));
    let (_, obstacle) = decisions.about(about).unwrap();
    let mut marked = about.clone();
    decisions.mark(&mut marked);
    assert_eq!(marked.is_open(), obstacle.is_some());
    assert_eq!(marked.status, if obstacle.is_some() { "open" } else { "false-positive" });
    obstacle
}

fn group() -> Scope {
    Scope::Group(finding().group_id)
}

#[test]
fn every_scope_closes_what_it_is_about() {
    let finding = finding();
    let party = Scope::of_party(&finding.finding).unwrap();
    assert_eq!(obstacle(decision(group(), &finding), &finding), None);
    assert_eq!(obstacle(decision(party, &finding), &finding), None);
    let mut by_finding = decision(Scope::Finding(finding.finding_id.clone()), &finding);
    assert_eq!(obstacle(by_finding.clone(), &finding), Some(Obstacle::EvidenceChanged));
    by_finding.evidence_digests = vec![evidence_digest(&finding.finding)];
    assert_eq!(obstacle(by_finding, &finding), None);
    let item = example::finding(FindingCode::LR01);
    let scope = Scope::of_item(&item.finding).unwrap();
    assert_eq!(obstacle(decision(scope, &item), &item), None);
}

#[test]
fn what_changed_or_ran_out_closes_nothing() {
    let finding = finding();
    let made = || decision(group(), &finding);
    let mut expired = made();
    expired.expires_on = day("2025-12-30");
    assert_eq!(obstacle(expired, &finding), Some(Obstacle::Expired));
    let mut last_day = made();
    last_day.expires_on = day("2025-12-31");
    assert_eq!(obstacle(last_day, &finding), None);

    let mut moved = finding.clone();
    moved.finding.party_address.push_str(", Lahore");
    assert_eq!(obstacle(made(), &moved), Some(Obstacle::EvidenceChanged));
    let mut amended = finding.clone();
    amended.finding.citations.push_str("; 90 FR 1");
    assert_eq!(obstacle(made(), &amended), Some(Obstacle::BasisChanged));
    let mut later = finding.clone();
    later.finding.date_of_export = "2025-12-01".into();
    later.finding.row += 7;
    assert_eq!(obstacle(made(), &later), None, "a later line of the group");
}

#[test]
fn an_exception_needs_a_second_person_and_a_review_does_not() {
    let finding = finding();
    for (approved_by, expected) in
        [("", Some(Obstacle::NotApproved)), (" ann", Some(Obstacle::NotApproved)), ("Bob", None)]
    {
        let mut decision = decision(group(), &finding);
        decision.approved_by = approved_by.into();
        assert_eq!(obstacle(decision.clone(), &finding), expected, "{approved_by:?}");
        let mut review = finding.clone();
        review.finding.disposition = Disposition::Review;
        assert_eq!(obstacle(decision, &review), None);
    }
}

#[test]
fn the_most_specific_decides_alone_and_what_became_of_each_is_told() {
    let finding = finding();
    let mut specific = decision(Scope::Finding(finding.finding_id.clone()), &finding);
    specific.expires_on = day("2025-06-30");
    let wide = decision(group(), &finding);
    let mut unused = decision(Scope::Group("f".repeat(16)), &finding);
    unused.row = 9;
    let decisions = Decisions::new(vec![specific, wide, unused]).unwrap();
    let decisions = decisions.measured_against(Some(day("2025-12-31")));
    let mut tally = DecisionTally::new(&decisions);
    tally.see(&decisions, &finding);
    let records = tally.records(&decisions);
    let outcomes: Vec<Outcome> = records.iter().map(|record| record.outcome).collect();
    assert_eq!(outcomes, [Outcome::Expired, Outcome::Unused, Outcome::Unused]);
    assert!(records[0].remarks.contains("2025-06-30") && records[0].remarks.contains("1 finding"));
}

#[test]
fn the_agenda_has_a_row_a_group_and_one_for_a_party_over_several() {
    let mut agenda = Agenda::default();
    let one = finding();
    let mut two = one.clone();
    two.finding.date_of_export = "2025-02-02".into();
    let mut other = example::finding(FindingCode::EL06);
    other.finding.disposition = Disposition::Review;
    let mut alone = example::finding(FindingCode::LR01);
    alone.finding.group_key.clear();
    let mut decided = example::finding(FindingCode::LR03);
    decided.decision = Some(Arc::new(decision(group(), &one)));
    let all = [one, two, other, alone, decided];
    for (order, numbered) in (0..).zip(&all) {
        agenda.see(order, numbered);
    }
    let rows: Vec<Row> =
        (0..).zip(&all).filter_map(|(order, numbered)| agenda.row(order, numbered)).collect();
    let shown: Vec<(&str, &str, u64)> =
        rows.iter().map(|row| (row.kind, row.codes.as_str(), row.findings)).collect();
    assert_eq!(shown, [("group", "EL01", 2), ("group", "EL06", 1), ("finding", "LR01", 1)]);
    assert_eq!(rows[0].evidence_digest.len(), 16, "dates are no part of it");
    let wide: Vec<Row> = agenda.wide_rows().collect();
    assert_eq!(wide.len(), 1);
    assert_eq!((wide[0].codes.as_str(), wide[0].findings), ("EL01;EL06", 3));
    assert!(wide[0].group_id.is_empty() && !wide[0].party.is_empty());
}
