//! One row a party: which spellings are one party, and what is summed over its lines.
//!
//! A party is told by the entry of the list that its name matches best; without one, by its folded name. Firms of one
//! name in several countries stand on one row, with their countries: whether they are one firm is for a person to say.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::spool::Ordinal;
use super::tally::{add_value, widen};
use crate::effective::Date;
use crate::finding::{Disposition, Finding, FindingCode};
use crate::run::PartyRecord;

/// The entry that a name matches best: by how it matched, then by score.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Best {
    only_resembles: bool,
    score: std::cmp::Reverse<String>,
    entity: String,
}

/// Which entry each flagged name stands for, by folded name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Identities(BTreeMap<String, Best>);

impl Identities {
    /// Learns from a finding; every finding has to be met before the first party is asked for.
    pub(super) fn meet(&mut self, finding: &Finding) {
        // An address in common makes no party of two.
        if finding.folded_party.is_empty()
            || finding.listed_entity_id.is_empty()
            || finding.code == FindingCode::EL03
        {
            return;
        }
        let best = Best {
            only_resembles: finding.code == FindingCode::EL02,
            score: std::cmp::Reverse(finding.score.clone()),
            entity: finding.listed_entity_id.clone(),
        };
        match self.0.get_mut(&finding.folded_party) {
            Some(known) if *known <= best => {}
            Some(known) => *known = best,
            None => {
                self.0.insert(finding.folded_party.clone(), best);
            }
        }
    }

    /// Learns what was learned elsewhere.
    pub(super) fn add(&mut self, other: Self) {
        for (name, best) in other.0 {
            match self.0.get_mut(&name) {
                Some(known) if *known <= best => {}
                Some(known) => *known = best,
                None => {
                    self.0.insert(name, best);
                }
            }
        }
    }

    /// How many names are known.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    fn key(&self, folded: &str) -> String {
        match self.0.get(folded) {
            Some(best) => format!("entity {}", best.entity),
            None => format!("name {folded}"),
        }
    }
}

#[derive(Default)]
struct PartySum {
    record: PartyRecord,
    first_date: Option<Date>,
    last_date: Option<Date>,
    last_line: Option<Ordinal>,
}

/// The flagged parties of a run.
pub(super) struct Parties {
    identities: Identities,
    sums: BTreeMap<String, PartySum>,
}

/// The flagged parties, those with most exceptions first, and which of them each folded name is.
#[derive(Default)]
pub(super) struct PartyTable {
    pub(super) records: Vec<PartyRecord>,
    pub(super) by_name: BTreeMap<String, usize>,
}

impl Parties {
    pub(super) fn new(identities: Identities) -> Self {
        Self { identities, sums: BTreeMap::new() }
    }

    /// Adds a finding about a party; the findings of a line come one after the other.
    pub(super) fn enter(
        &mut self,
        finding: &Finding,
        status: &str,
        at: Ordinal,
        day: Option<Date>,
        value: Option<Decimal>,
        currency: &str,
    ) {
        if finding.folded_party.is_empty() {
            return;
        }
        let key = self.identities.key(&finding.folded_party);
        let is_own_entry = key.strip_prefix("entity ") == Some(finding.listed_entity_id.as_str());
        let sum = self.sums.entry(key).or_default();
        let record = &mut sum.record;
        if is_own_entry && finding.code != FindingCode::EL03 {
            record.listed_entity_id.clone_from(&finding.listed_entity_id);
            record.listed_entity.clone_from(&finding.listed_entity);
            record.listed_from.clone_from(&finding.in_force_from);
            if finding.code == FindingCode::EL02 {
                let best = record.resembling.entry(finding.party_name.clone()).or_default();
                if *best < finding.score {
                    best.clone_from(&finding.score);
                }
            }
        }
        record.strongest =
            Some(record.strongest.map_or(finding.code, |strongest| strongest.min(finding.code)));
        record.findings += 1;
        match finding.disposition {
            Disposition::Exception => record.exceptions += 1,
            Disposition::Review => record.reviews += 1,
            Disposition::Note => {}
        }
        *record.statuses.entry(status) += 1;
        if sum.last_line != Some(at) {
            record.lines += 1;
            if let Some(value) = value {
                add_value(&mut record.value, currency, value);
            }
            sum.last_line = Some(at);
        }
        add_text(&mut record.spellings, &finding.party_name);
        if !finding.party_country.is_empty() {
            add_text(&mut record.countries, &finding.party_country);
        }
        for role in finding.party_role.split(';') {
            add_text(&mut record.roles, role);
        }
        if let Some(day) = day {
            widen(&mut sum.first_date, &mut sum.last_date, day, day);
        }
    }

    /// The table, complete.
    pub(super) fn close(self) -> PartyTable {
        let text = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        let mut records: Vec<(String, PartyRecord)> = self
            .sums
            .into_iter()
            .map(|(key, sum)| {
                let record = PartyRecord {
                    first_date: text(sum.first_date),
                    last_date: text(sum.last_date),
                    ..sum.record
                };
                (key, record)
            })
            .collect();
        records.sort_by(|(a_key, a), (b_key, b)| {
            let rank =
                |party: &PartyRecord| (std::cmp::Reverse(party.exceptions), std::cmp::Reverse(party.reviews));
            (rank(a), a.strongest, &a.listed_entity, a_key).cmp(&(
                rank(b),
                b.strongest,
                &b.listed_entity,
                b_key,
            ))
        });
        let mut by_name = BTreeMap::new();
        for (index, (_, record)) in records.iter().enumerate() {
            for spelling in &record.spellings {
                by_name.insert(crate::entity_list::fold_name(spelling), index);
            }
        }
        PartyTable { records: records.into_iter().map(|(_, record)| record).collect(), by_name }
    }
}

/// Puts a text where it belongs in a sorted list, once, with room for no other.
fn add_text(texts: &mut Vec<String>, text: &str) {
    if let Err(at) = texts.binary_search_by(|known| known.as_str().cmp(text)) {
        texts.reserve_exact(1);
        texts.insert(at, text.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example::finding;

    fn party(code: FindingCode, name: &str, country: &str, entity: &str, score: &str) -> Finding {
        let mut finding = finding(code).finding;
        finding.party_name = name.into();
        finding.folded_party = crate::entity_list::fold_name(name);
        finding.party_country = country.into();
        finding.listed_entity_id = entity.into();
        finding.listed_entity = format!("entry {entity}");
        finding.score = score.into();
        finding
    }

    fn table(findings: &[Finding]) -> Vec<PartyRecord> {
        let mut identities = Identities::default();
        for finding in findings {
            identities.meet(finding);
        }
        let mut parties = Parties::new(identities);
        for (row, finding) in (0..).zip(findings) {
            let at = (0, 0, row);
            parties.enter(finding, "open", at, None, Some(Decimal::ONE), "USD");
        }
        parties.close().records
    }

    #[test]
    fn a_party_is_one_row_over_codes_spellings_and_countries() {
        let records = table(&[
            party(FindingCode::EL01, "Indus Works (Pvt.) Ltd.", "PK", "e1", "1.000"),
            party(FindingCode::EL04, "INDUS WORKS", "", "e1", "1.000"),
            party(FindingCode::EL02, "Indus Wrks", "AE", "e1", "0.910"),
            party(FindingCode::EL02, "Indus Wrks", "AE", "e2", "0.880"),
            party(FindingCode::RF02, "Indus Wrks", "AE", "", ""),
        ]);
        assert_eq!(records.len(), 1, "{records:#?}");
        assert_eq!(records[0].spellings, ["INDUS WORKS", "Indus Works (Pvt.) Ltd.", "Indus Wrks"]);
        assert_eq!(records[0].countries, ["AE", "PK"]);
        assert_eq!((records[0].listed_entity_id.as_str(), records[0].lines), ("e1", 5));
        assert_eq!(records[0].resembling, BTreeMap::from([("Indus Wrks".into(), "0.910".into())]));
        assert_eq!((records[0].exceptions, records[0].strongest), (1, Some(FindingCode::EL01)));
    }

    #[test]
    fn an_address_in_common_makes_no_party_of_two() {
        let records = table(&[
            party(FindingCode::EL01, "Indus Works", "PK", "e1", "1.000"),
            party(FindingCode::EL03, "Quite Another", "PK", "e1", "1.000"),
        ]);
        assert_eq!(records.len(), 2);
        assert_eq!(records[1].listed_entity_id, "");
    }
}
