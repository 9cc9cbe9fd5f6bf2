//! Were shipments to one party kept below the value at which a filing is due? (RF05)

use rust_decimal::Decimal;

use super::draft::Place;
use crate::count::separated;
use crate::finding::{CodeText, Finding, FindingCode};
use crate::rulebase::Rulebase;

pub(super) const TEXTS: &[CodeText] = &[CodeText {
    code: FindingCode::RF05,
    what_it_finds: "Lines of two or more documents to one party on one day under one Schedule B number, each just below the value at which \
                    electronic export information is due, together above it, and none with an ITN. Asked of lines with Pakistan as \
                    destination or in a party, in US dollars. How near to the value a line counts is this program's choice.",
    why_it_matters: "Splitting a shipment avoids a filing, and with it the eyes of the government. Where a license is required the filing is \
                     due at any value.",
    what_to_look_at: "Whether the documents left as one shipment: one conveyance, one exporter, one consignee, one day.",
    law: "15 CFR 758.1(b)(5); 15 CFR 30.37(a)",
}];

/// How many lines are named; the rest are counted.
const NAMED: usize = 5;

/// One line of a split.
pub struct SplitLine {
    /// The file and sheet it stands in.
    pub place: Place,
    /// Its row.
    pub row: u32,
    /// Its document.
    pub document: String,
    /// Its line number.
    pub line: String,
    /// Its value.
    pub value: Decimal,
}

/// Lines that look like one shipment taken apart.
pub struct FilingSplit {
    /// The party, as recorded.
    pub party: String,
    /// The party, folded.
    pub folded: String,
    /// The role in which it stands.
    pub role: String,
    /// The day, ISO.
    pub day: String,
    /// The destination.
    pub destination: String,
    /// The Schedule B number, as recorded.
    pub schedule_b: String,
    /// The lines, in the order of their documents.
    pub lines: Vec<SplitLine>,
    /// How many documents they are.
    pub documents: usize,
    /// Their sum.
    pub sum: Decimal,
}

/// The finding for a split; it stands at its first line.
pub fn split(found: &FilingSplit, rules: &Rulebase) -> Option<Finding> {
    let first = found.lines.first()?;
    let red_flags = rules.red_flags();
    let currency = &red_flags.filing_currency;
    let mut named: Vec<String> = found
        .lines
        .iter()
        .take(NAMED)
        .map(|line| {
            format!(
                "{} line {} ({}, {currency} {})",
                line.document,
                line.line,
                at(&line.place, line.row),
                money(line.value)
            )
        })
        .collect();
    if found.lines.len() > NAMED {
        named.push(format!("and {} more", found.lines.len() - NAMED));
    }
    let mut finding = super::sheet::blank(FindingCode::RF05, &first.place, first.row);
    finding.document.clone_from(&first.document);
    finding.line.clone_from(&first.line);
    finding.date_of_export.clone_from(&found.day);
    finding.destination.clone_from(&found.destination);
    finding.party_role.clone_from(&found.role);
    finding.party_name.clone_from(&found.party);
    finding.folded_party.clone_from(&found.folded);
    finding.schedule_b.clone_from(&found.schedule_b);
    finding.value = first.value.to_string();
    finding.currency.clone_from(currency);
    finding.rule.clone_from(&red_flags.rule.id);
    red_flags.citations(FindingCode::RF05).clone_into(&mut finding.citations);
    finding.explanation = format!(
        "{} lines of {} documents to \"{}\" on {} under Schedule B {}, each worth {currency} {} to {}, together {currency} {}, and none \
         with an ITN: {}. Up to {currency} {} a Schedule B number and shipment no filing is due; how near to it a line counts is this \
         program's choice.",
        found.lines.len(),
        found.documents,
        found.party,
        found.day,
        found.schedule_b,
        money(red_flags.near()),
        money(red_flags.filing_threshold),
        money(found.sum),
        named.join("; "),
        money(red_flags.filing_threshold),
    );
    "Establish whether the documents left as one shipment, on one conveyance: then their values are added, and the filing was due."
        .clone_into(&mut finding.to_verify);
    finding.group_key = format!("{}|{}", FindingCode::RF05, found.folded);
    Some(finding)
}

/// An amount with two decimals and thousands separators: `2,460.00`.
fn money(amount: Decimal) -> String {
    let text = format!("{amount:.2}");
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    format!("{}.{cents}", separated(whole))
}

/// Where a line stands, in words.
pub(super) fn at(place: &Place, row: u32) -> String {
    if place.sheet.is_empty() {
        format!("{}, row {row}", place.file)
    } else {
        format!("{}, sheet {}, row {row}", place.file, place.sheet)
    }
}
