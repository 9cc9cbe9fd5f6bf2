//! Did a party new to the record take over what a party bought that was listed since? (RF06)

use super::draft::Place;
use super::filing_split::at;
use crate::count::{counted, days};
use crate::finding::{CodeText, Finding, FindingCode};
use crate::rulebase::Rulebase;

pub(super) const TEXTS: &[CodeText] = &[CodeText {
    code: FindingCode::RF06,
    what_it_finds: "A party whose first line with Pakistan as destination or in a party lies within this program's search window after a \
                    listing, and which then begins to buy the same item number that the listed party bought before. What the party \
                    bought elsewhere is not asked.",
    why_it_matters: "Listed parties have gone on buying through new names. The same item under a new name soon after a listing is a reason \
                     to ask who stands behind it.",
    what_to_look_at: "What connects the two: address, telephone number, owner, contact person, end user; who introduced the new party.",
    law: "Supplement No. 3 to 15 CFR Part 732; 15 CFR 744.11",
}];

/// How many listed parties are named; the rest are counted.
const NAMED: usize = 3;

/// What one party bought of the item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The party, as recorded.
    pub party: String,
    /// Lines.
    pub lines: usize,
    /// The first day, ISO.
    pub first: String,
    /// The last day, ISO.
    pub last: String,
}

/// A party that was listed after it bought the item.
pub struct SinceListed {
    /// The name of its entry.
    pub entity: String,
    /// The day from which the entry counts, ISO.
    pub since: String,
    /// How many days later the new buyer first bought the item.
    pub days_before: i32,
    /// What it bought before.
    pub history: History,
}

/// A party new to the record that buys what a since-listed party bought.
pub struct NewBuyer {
    /// Where its first line of the item stands.
    pub place: Place,
    /// The row.
    pub row: u32,
    /// The document.
    pub document: String,
    /// The line number.
    pub line: String,
    /// The destination.
    pub destination: String,
    /// The item number, as recorded.
    pub item: String,
    /// The value of the line, as recorded.
    pub value: String,
    /// Its currency.
    pub currency: String,
    /// The role of the new buyer.
    pub role: String,
    /// The new buyer, folded.
    pub folded: String,
    /// What it bought.
    pub history: History,
    /// The since-listed parties, in the order of their listing.
    pub listed: Vec<SinceListed>,
}

/// The finding for a new buyer; it stands at its first line of the item.
pub fn new_buyer(found: &NewBuyer, rules: &Rulebase) -> Option<Finding> {
    let first = found.listed.first()?;
    let red_flags = rules.red_flags();
    let window = &rules.windows().new_buyer;
    let mut before: Vec<String> = found
        .listed
        .iter()
        .take(NAMED)
        .map(|listed| {
            format!(
                "\"{}\", listed from {} ({} earlier), which had bought {} of it {}",
                listed.entity,
                listed.since,
                days(listed.days_before),
                counted(listed.history.lines as u64, "line", "lines"),
                span(&listed.history),
            )
        })
        .collect();
    if found.listed.len() > NAMED {
        before.push(format!("and {} more", found.listed.len() - NAMED));
    }
    let mut finding = super::sheet::blank(FindingCode::RF06, &found.place, found.row);
    finding.document.clone_from(&found.document);
    finding.line.clone_from(&found.line);
    finding.date_of_export.clone_from(&found.history.first);
    finding.destination.clone_from(&found.destination);
    finding.party_role.clone_from(&found.role);
    finding.party_name.clone_from(&found.history.party);
    finding.folded_party.clone_from(&found.folded);
    finding.item.clone_from(&found.item);
    finding.value.clone_from(&found.value);
    finding.currency.clone_from(&found.currency);
    finding.rule.clone_from(&red_flags.rule.id);
    finding.in_force_from.clone_from(&first.since);
    red_flags.citations(FindingCode::RF06).clone_into(&mut finding.citations);
    finding.explanation = format!(
        "\"{}\" stands on no line with Pakistan as destination or in a party from before the listing, and first buys item {} on {} ({}); it took {} of it \
         {}. The item was bought before by {}. The search goes {} from a listing{}.",
        found.history.party,
        found.item,
        found.history.first,
        at(&found.place, found.row),
        counted(found.history.lines as u64, "line", "lines"),
        span(&found.history),
        before.join("; "),
        days(i32::from(window.days)),
        if window.law { "" } else { ": this program's choice, not the law's" },
    );
    "Establish who stands behind the new buyer, and what connects it with the listed party: address, telephone number, owner, end user."
        .clone_into(&mut finding.to_verify);
    finding.group_key = format!("{}|{}", FindingCode::RF06, found.folded);
    Some(finding)
}

fn span(history: &History) -> String {
    if history.first == history.last {
        format!("on {}", history.first)
    } else {
        format!("from {} to {}", history.first, history.last)
    }
}
