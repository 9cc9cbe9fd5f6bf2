//! The remaining rules, one small type each: the Entity List, filing, jurisdiction, affiliates, and windows of days.

use crate::citation::{self, Citation};
use crate::codes::CountryCode;
use crate::effective::Date;
use crate::entity_list::ListName;
use crate::source::trimmed;

use super::raw::{RawAffiliates, RawEntityList, RawFilingExemption, RawJurisdiction};
use super::rule::{Reader, Rule, Window, join_lines};

/// What follows from a listed party.
#[derive(Debug, Clone)]
pub struct EntityRule {
    /// What every rule has.
    pub rule: Rule,
    /// Which parties count.
    pub party_citation: String,
    /// Where the requirement stands.
    pub requirement_citation: String,
    /// Why no license exception may be used unless the entry opens one.
    pub exception_citations: String,
    /// What is said of addresses that are listed themselves.
    pub address_citations: String,
    /// When a forwarder is a party to the transaction.
    pub forwarder_citations: String,
    /// What to verify of a listed forwarder where the record has no place for an intermediate consignee.
    pub forwarder_alone: String,
}

/// The filing exemptions that a license requirement takes away.
#[derive(Debug, Clone)]
pub struct FilingExemption {
    /// What every rule has.
    pub rule: Rule,
    /// The legends concerned, as cited: `30.37(a)`.
    pub legends: Vec<String>,
    folded: Vec<String>,
}

impl FilingExemption {
    /// Whether a filing citation claims one of these exemptions: `NOEEI 30.37(a)`, `NO EEI § 30.37 (A)`.
    pub fn is_claimed(&self, filing_citation: &str) -> bool {
        let claimed = fold(filing_citation);
        self.folded.iter().any(|legend| claimed.contains(legend.as_str()))
    }
}

/// When an item is subject to the EAR, and what to ask when the record does not show it.
#[derive(Debug, Clone)]
pub struct Jurisdiction {
    /// What every rule has.
    pub rule: Rule,
    /// The country whose exports are audited.
    pub home: CountryCode,
    itn_shape: String,
    filing_legends: Vec<String>,
    /// What to verify when it is not known where the goods left from.
    pub ship_from_unknown: String,
    /// What to verify when the goods left from abroad without recorded US origin.
    pub shipped_from_abroad: String,
}

/// Ownership by listed parties.
#[derive(Debug, Clone)]
pub struct Affiliates {
    /// What every rule has; its versions say when it bound and when it was suspended.
    pub rule: Rule,
    /// The share, in percent, from which the owned party is restricted.
    pub threshold_percent: u8,
    /// The first day on which the temporary general license no longer held.
    pub general_license_until: Option<Date>,
    /// The lists whose parties count as owners.
    pub lists: Vec<ListName>,
}

/// Windows of days within which a finding changes.
#[derive(Debug, Clone)]
pub struct Windows {
    /// Around a legal date when the record's date only stands in for the date of export (RQ06).
    pub substituted_date: Window,
    /// Before the Federal Register date of a listing whose effective date is not known (EL07).
    pub listing_uncertain: Window,
    /// From the effective date of a listing, for goods en route (EL10).
    pub listing_savings: Window,
    /// Days by which the newest line may come after the last day of a list before the list is called old.
    pub list_age: Window,
    /// From a listing, for a first purchase of the same item by another party (RF06).
    pub new_buyer: Window,
}

impl EntityRule {
    pub(super) fn read(reader: &mut Reader<'_>, rule: Rule, raw: &RawEntityList) -> Self {
        if raw.exceptions.get_ref() != "closed-unless-entry-opens" {
            reader.problem(
                raw.exceptions.span().start,
                "the program knows one way: `exceptions = \"closed-unless-entry-opens\"`",
            );
        }
        let mut one = |text| reader.citation(text).map(|citation| citation.to_string()).unwrap_or_default();
        let party_citation = one(&raw.party_citation);
        let requirement_citation = one(&raw.requirement_citation);
        let mut many = |texts: &[toml::Spanned<String>]| -> String {
            let read: Vec<Citation> = texts.iter().filter_map(|text| reader.citation(text)).collect();
            citation::join(&read)
        };
        let exception_citations = many(&raw.exception_citations);
        let address_citations = many(&raw.address_citations);
        let forwarder_citations = many(&raw.forwarder_citations);
        Self {
            rule,
            party_citation,
            requirement_citation,
            exception_citations,
            address_citations,
            forwarder_citations,
            forwarder_alone: join_lines(&raw.forwarder_alone),
        }
    }
}

impl FilingExemption {
    pub(super) fn read(reader: &mut Reader<'_>, rule: Rule, raw: &RawFilingExemption) -> Self {
        for legend in &raw.legends {
            if fold(legend.get_ref()).len() < 4 {
                reader
                    .problem(legend.span().start, "too short to be told from other words; write `30.37(a)`");
            }
        }
        let legends: Vec<String> = raw.legends.iter().map(|legend| legend.get_ref().clone()).collect();
        let folded = legends.iter().map(|legend| fold(legend)).collect();
        Self { rule, legends, folded }
    }
}

impl Jurisdiction {
    /// Whether the text holds an Internal Transaction Number, with or without `AES` before it.
    pub fn is_itn(&self, text: &str) -> bool {
        let text = trimmed(text);
        let number = text.strip_prefix("AES").map_or(text, str::trim_start);
        number.len() == self.itn_shape.len()
            && number.bytes().zip(self.itn_shape.bytes()).all(|(byte, shape)| match shape {
                b'9' => byte.is_ascii_digit(),
                letter => byte.eq_ignore_ascii_case(&letter),
            })
    }

    /// Whether the text begins as a filing citation or exemption legend does: `NOEEI 30.37(a)`.
    pub fn is_filing_legend(&self, text: &str) -> bool {
        let text = trimmed(text).as_bytes();
        self.filing_legends.iter().any(|legend| {
            text.get(..legend.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(legend.as_bytes()))
        })
    }

    pub(super) fn read(reader: &mut Reader<'_>, rule: Rule, raw: &RawJurisdiction) -> Option<Self> {
        let home = CountryCode::new(raw.home.get_ref());
        if home.is_none() {
            reader.problem(raw.home.span().start, "`home` must be a two-letter ISO country code");
        }
        Some(Self {
            rule,
            home: home?,
            itn_shape: raw.itn_shape.clone(),
            filing_legends: raw.filing_legends.iter().map(|legend| legend.to_ascii_uppercase()).collect(),
            ship_from_unknown: join_lines(&raw.ship_from_unknown),
            shipped_from_abroad: join_lines(&raw.shipped_from_abroad),
        })
    }
}

impl Affiliates {
    pub(super) fn read(reader: &mut Reader<'_>, rule: Rule, raw: &RawAffiliates) -> Self {
        let mut lists = Vec::new();
        for list in &raw.lists {
            match ListName::from_code(list.get_ref()) {
                Some(list) => lists.push(list),
                None => reader.problem(list.span().start, ListName::codes()),
            }
        }
        if !(1..=100).contains(&raw.threshold_percent) {
            reader.problem(0, "`threshold_percent` is a share from 1 to 100");
        }
        Self {
            lists,
            rule,
            threshold_percent: raw.threshold_percent,
            general_license_until: raw.general_license_until.map(|day| day.0),
        }
    }
}

fn fold(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Rulebase;

    #[test]
    fn low_value_legends_are_told_from_other_filings() {
        let rulebase = Rulebase::embedded().unwrap();
        for text in ["NOEEI 30.37(a)", "NO EEI \u{a7} 30.37 (A)", "noeei30.37a", "NOEEI §30.37(a) low value"]
        {
            assert!(rulebase.filing_exemption().is_claimed(text), "{text}");
        }
        for text in
            ["NOEEI 30.37(f)", "NOEEI 30.36", "AES X20250303987654", "AESPOST 123456789 03/03/2025", ""]
        {
            assert!(!rulebase.filing_exemption().is_claimed(text), "{text}");
        }
    }

    #[test]
    fn windows_say_that_they_are_not_the_law() {
        let rulebase = Rulebase::embedded().unwrap();
        let windows = rulebase.windows();
        let all = [
            &windows.substituted_date,
            &windows.listing_uncertain,
            &windows.listing_savings,
            &windows.list_age,
            &windows.new_buyer,
        ];
        assert_eq!(all.map(|window| window.days), [45, 7, 30, 90, 365]);
        assert!(all.iter().all(|window| !window.law));
    }
}
