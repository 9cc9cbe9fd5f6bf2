//! The rule on red flags: where each stands in the law, and the figures by which a record is asked.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::raw::RawRedFlags;
use super::rule::{Reader, Rule};
use crate::citation::{self, Citation};
use crate::finding::FindingCode;

/// What the red flag checks read.
#[derive(Debug, Clone)]
pub struct RedFlags {
    /// What every rule has.
    pub rule: Rule,
    /// Up to this value a Schedule B number of a shipment needs no filing.
    pub filing_threshold: Decimal,
    /// The currency of the threshold.
    pub filing_currency: String,
    /// From this share of the threshold on a line lies just below it; this program's choice.
    pub near_percent: u8,
    citations: BTreeMap<FindingCode, String>,
}

impl RedFlags {
    /// Where a red flag stands in the law.
    pub fn citations(&self, code: FindingCode) -> &str {
        self.citations.get(&code).map_or("", String::as_str)
    }

    /// The smallest value that lies just below the threshold.
    pub fn near(&self) -> Decimal {
        self.filing_threshold * Decimal::from(self.near_percent) / Decimal::ONE_HUNDRED
    }

    pub(super) fn read(reader: &mut Reader<'_>, rule: Rule, raw: &RawRedFlags) -> Option<Self> {
        let mut citations = BTreeMap::new();
        for basis in &raw.basis {
            let basis_at = basis.span().start;
            let basis = basis.get_ref();
            let cites: Vec<Citation> = basis.cites.iter().filter_map(|cite| reader.citation(cite)).collect();
            if cites.is_empty() {
                reader.problem(basis_at, "`cites` is empty; every red flag names its law");
            }
            if let Some(code) = reader.code(basis.code.get_ref(), basis.code.span().start) {
                citations.insert(code, citation::join(&cites));
            }
        }
        for code in FindingCode::ALL.iter().filter(|code| code.code().starts_with("RF")) {
            if !citations.contains_key(code) {
                reader.problem(
                    raw.filing_threshold.span().start,
                    format!("no `[[red_flags.basis]]` for {code}; say where it stands in the law"),
                );
            }
        }
        if !(1..=100).contains(raw.near_percent.get_ref()) {
            reader.problem(raw.near_percent.span().start, "`near_percent` is a share from 1 to 100");
        }
        let threshold = raw.filing_threshold.get_ref().parse().ok().filter(|value| *value > Decimal::ZERO);
        if threshold.is_none() {
            reader.problem(raw.filing_threshold.span().start, "`filing_threshold` is an amount, \"2500\"");
        }
        Some(Self {
            rule,
            filing_threshold: threshold?,
            filing_currency: raw.filing_currency.clone(),
            near_percent: *raw.near_percent.get_ref(),
            citations,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Rulebase;
    use crate::finding::FindingCode;

    #[test]
    fn every_red_flag_names_its_law() {
        let rulebase = Rulebase::embedded().unwrap();
        let red_flags = rulebase.red_flags();
        for code in FindingCode::ALL.iter().filter(|code| code.code().starts_with("RF")) {
            assert!(red_flags.citations(*code).contains("CFR"), "{code}");
        }
        assert!(red_flags.near() < red_flags.filing_threshold);
    }
}
