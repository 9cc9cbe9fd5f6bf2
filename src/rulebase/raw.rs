//! A rule file as written, before anything is checked. `rule` and its neighbors turn it into what the audit reads.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::effective::LegalDate;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    pub(super) id: Spanned<String>,
    pub(super) kind: Spanned<String>,
    pub(super) title: Spanned<String>,
    pub(super) text: Spanned<String>,
    pub(super) checked_on: Spanned<LegalDate>,
    pub(super) about: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) not_modelled: Vec<String>,
    #[serde(default)]
    pub(super) unverified: Vec<String>,
    pub(super) text_read: Spanned<RawTextRead>,
    pub(super) requirement: Option<Spanned<RawRequirement>>,
    pub(super) closed_list: Option<Spanned<RawClosedList>>,
    pub(super) entity_list: Option<Spanned<RawEntityList>>,
    pub(super) filing_exemption: Option<Spanned<RawFilingExemption>>,
    pub(super) jurisdiction: Option<Spanned<RawJurisdiction>>,
    pub(super) affiliates: Option<Spanned<RawAffiliates>>,
    pub(super) red_flags: Option<Spanned<RawRedFlags>>,
    pub(super) party_lists: Option<Spanned<RawPartyLists>>,
    #[serde(default)]
    pub(super) window: Vec<Spanned<RawWindow>>,
    #[serde(default)]
    pub(super) version: Vec<Spanned<RawVersion>>,
    #[serde(default)]
    pub(super) example: Vec<Spanned<BTreeMap<Spanned<String>, toml::Value>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTextRead {
    pub(super) from: Option<LegalDate>,
    pub(super) until: Option<LegalDate>,
    pub(super) note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPeriod {
    pub(super) from: Option<LegalDate>,
    pub(super) until: Option<LegalDate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVersion {
    pub(super) state: Option<Spanned<String>>,
    pub(super) published: Option<LegalDate>,
    pub(super) printed_effective: Option<LegalDate>,
    pub(super) corrected: Option<RawCorrection>,
    pub(super) effective: Spanned<RawPeriod>,
    pub(super) savings: Option<RawSavings>,
    pub(super) cites: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCorrection {
    pub(super) on: LegalDate,
    pub(super) by: Spanned<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSavings {
    pub(super) en_route_on: LegalDate,
    pub(super) search_days: u16,
    pub(super) note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWindow {
    pub(super) name: Spanned<String>,
    pub(super) days: u16,
    pub(super) law: bool,
    pub(super) note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRequirement {
    pub(super) destination: Spanned<String>,
    pub(super) reason: String,
    pub(super) eccns: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) except_eccns: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawClosedList {
    pub(super) requirement: Spanned<String>,
    pub(super) open: Vec<Spanned<RawOpenParagraph>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOpenParagraph {
    pub(super) symbol: String,
    pub(super) section: Spanned<String>,
    pub(super) paragraph: Option<Spanned<String>>,
    pub(super) title: String,
    pub(super) conditions: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEntityList {
    pub(super) exceptions: Spanned<String>,
    pub(super) party_citation: Spanned<String>,
    pub(super) requirement_citation: Spanned<String>,
    pub(super) exception_citations: Vec<Spanned<String>>,
    pub(super) address_citations: Vec<Spanned<String>>,
    pub(super) forwarder_citations: Vec<Spanned<String>>,
    pub(super) forwarder_alone: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFilingExemption {
    pub(super) legends: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawJurisdiction {
    pub(super) home: Spanned<String>,
    pub(super) itn_shape: String,
    pub(super) filing_legends: Vec<String>,
    pub(super) ship_from_unknown: String,
    pub(super) shipped_from_abroad: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAffiliates {
    pub(super) threshold_percent: u8,
    pub(super) general_license_until: Option<LegalDate>,
    pub(super) lists: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRedFlags {
    pub(super) filing_threshold: Spanned<String>,
    pub(super) filing_currency: String,
    pub(super) near_percent: Spanned<u8>,
    pub(super) basis: Vec<Spanned<RawBasis>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBasis {
    pub(super) code: Spanned<String>,
    pub(super) cites: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPartyLists {
    pub(super) list: Vec<Spanned<RawPartyList>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPartyList {
    pub(super) code: Spanned<String>,
    pub(super) list: Spanned<String>,
    pub(super) any_role: bool,
    #[serde(default)]
    pub(super) programs: Vec<String>,
    pub(super) requirement: Option<Spanned<String>>,
    pub(super) says: String,
    pub(super) with_exception: String,
    pub(super) verify: String,
    pub(super) cites: Vec<Spanned<String>>,
}
