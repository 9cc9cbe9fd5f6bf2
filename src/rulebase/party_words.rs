//! Words in a party's name, address or type that say what the party does: forwards, trades, banks, sits in a free zone.
//!
//! Owns `party_words.csv`. It finds words; what a word asks of a person is decided in `checks`.

use std::collections::BTreeMap;

use super::files::RuleFiles;
use super::problem::Problem;
use super::table::Table;
use crate::entity_list::fold_name;

/// What a word says of a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartyTrait {
    /// It forwards, clears or carries goods for others.
    Forwarder,
    /// It trades, distributes or deals.
    Trader,
    /// It is a bank.
    Bank,
    /// The AES consignee type says reseller; compared with the whole cell.
    ResellerType,
    /// Its address is in a free zone.
    FreeZone,
    /// Its address is a post office box.
    PoBox,
    /// A text that stands where an end user should and names none; compared with the whole cell.
    NoEndUser,
}

impl PartyTrait {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Forwarder, "forwarder"),
        (Self::Trader, "trader"),
        (Self::Bank, "bank"),
        (Self::ResellerType, "reseller-type"),
        (Self::FreeZone, "free-zone"),
        (Self::PoBox, "po-box"),
        (Self::NoEndUser, "no-end-user"),
    ];
}

/// A word or phrase of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyWord {
    /// As the table writes it.
    pub phrase: String,
    /// Whether it says so by itself; otherwise it needs something beside it.
    pub is_certain: bool,
    /// Whose word it is.
    pub source: String,
    folded: Vec<String>,
}

/// The table, found by the first word of each phrase.
#[derive(Debug, Clone, Default)]
pub struct PartyWords {
    by_first: BTreeMap<(PartyTrait, String), Vec<PartyWord>>,
}

impl PartyWords {
    pub(super) fn read(files: &RuleFiles, problems: &mut Vec<Problem>) -> Self {
        let mut words = Self::default();
        let table = Table::read(
            files.table("party_words.csv"),
            &["kind", "phrase", "strength", "source"],
            2,
            problems,
        );
        for row in table.rows() {
            let kind = row.get("kind");
            let Some((kind, _)) = PartyTrait::ALL.iter().find(|(_, name)| *name == kind) else {
                let known: Vec<_> = PartyTrait::ALL.iter().map(|(_, name)| *name).collect();
                problems.push(row.problem("kind", &format!("`{kind}` must be one of {}", known.join(", "))));
                continue;
            };
            let is_certain = match row.get("strength") {
                "certain" => true,
                "possible" => false,
                other => {
                    problems.push(row.problem("strength", &format!("`{other}` must be certain or possible")));
                    continue;
                }
            };
            if row.get("source").is_empty() {
                problems.push(row.problem("source", "say whose word it is"));
            }
            let folded = fold(row.get("phrase"));
            let Some(first) = folded.first().cloned() else {
                problems.push(row.problem("phrase", "holds no letter or figure"));
                continue;
            };
            let word = PartyWord {
                phrase: row.get("phrase").to_owned(),
                is_certain,
                source: row.get("source").to_owned(),
                folded,
            };
            words.by_first.entry((*kind, first)).or_default().push(word);
        }
        words
    }

    /// The word of this kind in a text: a certain one before a possible one, a long one before a short one.
    pub fn find(&self, kind: PartyTrait, text: &str) -> Option<&PartyWord> {
        let words = fold(text);
        let mut best: Option<&PartyWord> = None;
        for (at, first) in words.iter().enumerate() {
            let Some(phrases) = self.by_first.get(&(kind, first.clone())) else { continue };
            for phrase in phrases.iter().filter(|phrase| words[at..].starts_with(&phrase.folded)) {
                let rank = |word: &PartyWord| (word.is_certain, word.folded.len());
                if best.is_none_or(|best| rank(phrase) > rank(best)) {
                    best = Some(phrase);
                }
            }
        }
        best
    }

    /// Whether the whole text is a phrase of this kind.
    pub fn is(&self, kind: PartyTrait, text: &str) -> bool {
        let words = fold(text);
        let Some(first) = words.first().cloned() else { return false };
        let phrases = self.by_first.get(&(kind, first)).map_or(&[][..], Vec::as_slice);
        phrases.iter().any(|phrase| phrase.folded == words)
    }
}

/// The words of a text, folded; an `and` or `&` between them says nothing.
fn fold(text: &str) -> Vec<String> {
    fold_name(text).split(' ').filter(|word| !word.is_empty() && *word != "and").map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_and_the_surer_one_first() {
        let rules = super::super::Rulebase::embedded().unwrap();
        let words = rules.party_words();
        let forwarder = |name: &str| {
            words.find(PartyTrait::Forwarder, name).map(|word| (word.phrase.as_str(), word.is_certain))
        };
        assert_eq!(
            forwarder("Crescent Clearing & Forwarding (Pvt) Ltd"),
            Some(("clearing and forwarding", true))
        );
        assert_eq!(forwarder("KUEHNE + NAGEL"), Some(("kuehne nagel", true)));
        assert_eq!(forwarder("C.H. Robinson Worldwide"), Some(("c h robinson", true)));
        assert_eq!(forwarder("Alder Logistics Inc."), Some(("logistics", false)));
        for name in ["Freightliner Trucks", "Forward Design", "Heavy Industries Taxila", "Bankside Mills"] {
            assert_eq!(forwarder(name), None, "{name}");
        }
        assert!(words.find(PartyTrait::Trader, "Attock Valve Traders").is_some());
        assert!(words.find(PartyTrait::Trader, "Trade Tower Hotel").is_none());
        assert!(words.find(PartyTrait::PoBox, "P.O. Box 5512, Dubai").is_some());
        assert!(words.find(PartyTrait::FreeZone, "Zephyr Controls FZ-LLC").is_some());
        assert!(words.is(PartyTrait::NoEndUser, "To be advised"));
        assert!(!words.is(PartyTrait::NoEndUser, "Unknown Pleasures Ltd"));
    }

    #[test]
    fn what_cannot_be_used_is_said_with_its_line() {
        let files = RuleFiles::embedded()
            .with("party_words.csv", "kind,phrase,strength,source\nbanker,bank,certain,x\ntrader,-,sure,\n");
        let mut problems = Vec::new();
        PartyWords::read(&files, &mut problems);
        let messages: Vec<_> = problems.iter().map(Problem::to_string).collect();
        assert_eq!(messages.len(), 2, "{messages:?}");
        assert!(messages[0].starts_with("party_words.csv:2") && messages[1].starts_with("party_words.csv:3"));
    }
}
