//! Strategic organizations that are on no list, compared with party names by the same matcher as the list.
//!
//! Finds the nearest organization; whether that asks for anything is decided in `checks`.

use std::sync::Arc;

use super::entity::{Alias, AliasKind, ListedEntity};
use super::screen::{MatchBasis, PartyQuery, Screener};
use super::snapshot::EntityList;
use crate::codes::CountryCode;
use crate::rulebase::Organization;

/// A close name is taken for an organization's from this score on. Of names written by hand, the spellings of an
/// organization scored .94 and more, other firms that share words with one .89 and less; all that tells an organization
/// from a firm beside it is often an ordinary word.
const NEAR_SCORE: f32 = 0.9;

/// An organization whose name a party bears or resembles.
#[derive(Debug, Clone, PartialEq)]
pub struct OrganizationMatch {
    /// Its place in the table.
    pub organization: usize,
    /// The name or spelling that matched.
    pub matched_name: String,
    /// From 0 to 1.
    pub score: f32,
    /// Whether the whole name is the organization's, but for case, punctuation and legal form.
    pub is_exact: bool,
    /// Whether all that matched is an acronym or one common word.
    pub is_weak: bool,
}

/// Compares names with the organizations of a table.
pub struct OrganizationScreener {
    screener: Option<Screener>,
}

impl OrganizationScreener {
    /// A screener over these organizations, all of one country.
    pub fn new(organizations: &[Organization], country: CountryCode) -> Self {
        let as_of = organizations.iter().map(|organization| organization.seen_on).max();
        let screener = as_of.map(|as_of| {
            let entries = organizations.iter().map(|organization| entry(organization, country)).collect();
            Screener::new(Arc::new(EntityList::of_entries(entries, as_of)))
        });
        Self { screener }
    }

    /// The organization nearest to a name, where it is near enough.
    pub fn find(&self, name: &str, country: Option<CountryCode>) -> Option<OrganizationMatch> {
        let found = self.screener.as_ref()?.screen(&PartyQuery { name, country, address: "" });
        let best = found.candidates.into_iter().next()?;
        if best.score < NEAR_SCORE && best.basis != MatchBasis::WeakExact {
            return None;
        }
        Some(OrganizationMatch {
            organization: best.entity.0 as usize,
            matched_name: best.matched_name,
            score: best.score,
            is_exact: best.basis.is_exact(),
            is_weak: best.basis == MatchBasis::WeakExact,
        })
    }
}

/// The organization as an entry: nothing is required, and nothing is dated.
fn entry(organization: &Organization, country: CountryCode) -> ListedEntity {
    ListedEntity {
        id: organization.id.as_str().into(),
        aliases: organization
            .aliases
            .iter()
            .map(|name| Alias { name: name.as_str().into(), kind: AliasKind::AlsoKnownAs })
            .collect(),
        verified: false,
        ..ListedEntity::named(0, &organization.name, Some(country))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebase::Rulebase;

    fn pakistan() -> CountryCode {
        CountryCode::new("PK").unwrap()
    }

    #[test]
    fn names_are_found_in_the_spellings_people_write() {
        let rules = Rulebase::embedded().unwrap();
        let screener = OrganizationScreener::new(rules.organizations(), pakistan());
        for (written, id) in [
            ("HEAVY INDUSTRIES TAXILA", "heavy-industries-taxila"),
            ("M/s Heavy Inds. Taxila (HIT), Taxila Cantt", "heavy-industries-taxila"),
            ("Heavy Mechanical Complex (Pvt) Limited", "heavy-mechanical-complex"),
            ("Heavy Mechnical Complex Ltd", "heavy-mechanical-complex"),
            ("Pakistan Ordnance Factories Wah Cantt", "pakistan-ordnance-factories"),
            ("Pakistan Ordinance Factories", "pakistan-ordnance-factories"),
            ("Pak. Aeronautical Complex, Kamra", "pakistan-aeronautical-complex"),
            ("Karachi Shipyard & Engg. Works Ltd.", "karachi-shipyard"),
            ("National Radio & Telecommunication Corporation (NRTC) Haripur", "nrtc"),
            ("Global Industrial & Defence Solutions", "gids"),
            ("Institute of Optronics, Rawalpindi", "institute-of-optronics"),
            ("HIT, Taxila", "heavy-industries-taxila"),
            ("Karachi Ship Yard and Engineering Works", "karachi-shipyard"),
            ("Chashma Nuclear Power Plant Unit 3", "chashma"),
            ("Margala Electronics Ltd", "margalla-electronics"),
            ("Strategic Plans Div.", "strategic-plans-division"),
        ] {
            let found = screener.find(written, Some(pakistan()));
            let found = found.map(|found| rules.organizations()[found.organization].id.clone());
            assert_eq!(found.as_deref(), Some(id), "{written}");
        }
    }

    #[test]
    fn neighbors_in_name_alone_are_not() {
        let rules = Rulebase::embedded().unwrap();
        let screener = OrganizationScreener::new(rules.organizations(), pakistan());
        for written in [
            "Chenab Engineering Works",
            "Karachi Steel Works",
            "Ravi Heavy Industries",
            "Pakistan Bicycle Works Limited",
            "Taxila Cement Company",
            "Punjab Institute of Cardiology",
            "National Foods Limited",
            "Pakistan Telecommunication Company Limited",
            "Sindh Process Controls (Pvt) Ltd",
            "Margalla Scientific",
            "Aga Khan University Hospital",
            "Pakistan Cotton Mills Corporation",
            "Attock Refinery Limited",
            "Oil and Gas Development Company Limited",
            "Heavy Machinery Complex",
            "Strategic Plans Consultants",
            "Integrated Dynamics Solutions",
            "Global Industrial Solutions",
            "Chashma Sugar Mills",
        ] {
            assert_eq!(screener.find(written, Some(pakistan())), None, "{written}");
        }
    }

    #[test]
    fn no_organization_is_on_the_list_itself() {
        let rules = Rulebase::embedded().unwrap();
        let screener = Screener::new(Arc::new(EntityList::embedded().unwrap()));
        for organization in rules.organizations() {
            for name in std::iter::once(&organization.name).chain(&organization.aliases) {
                let query = PartyQuery { name, country: Some(pakistan()), address: "" };
                let exact =
                    screener.screen(&query).candidates.into_iter().find(|found| found.basis.is_exact());
                assert_eq!(exact.map(|found| found.matched_name), None, "{name}");
            }
        }
    }

    #[test]
    fn its_own_country_brings_every_organization_nearer() {
        let rules = Rulebase::embedded().unwrap();
        let screener = OrganizationScreener::new(rules.organizations(), pakistan());
        let list = EntityList::embedded().unwrap();
        let listed = list.entities().iter().step_by(3).map(|entity| entity.name.to_string());
        let own = rules.organizations().iter().flat_map(|own| {
            std::iter::once(&own.name).chain(&own.aliases).map(ToString::to_string).collect::<Vec<_>>()
        });
        let mut found = 0;
        for name in listed.chain(own) {
            for words in [9, 3, 2] {
                let name: Vec<&str> = name.split(' ').take(words).collect();
                let name = name.join(" ");
                let anywhere = screener.find(&name, None).is_some();
                found += usize::from(anywhere);
                assert!(!anywhere || screener.find(&name, Some(pakistan())).is_some(), "{name}");
            }
        }
        assert!(found > 20, "{found}");
    }
}
