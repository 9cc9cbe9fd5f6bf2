//! A license requirement of its own: a set of ECCNs to one destination, whatever the Country Chart says.

use crate::codes::{CountryCode, Eccn};

use super::raw::RawRequirement;
use super::rule::{Reader, Rule};

/// A license requirement for some ECCNs to one destination.
#[derive(Debug, Clone)]
pub struct Requirement {
    /// What every rule has: id, dates, citations, how far it was read.
    pub rule: Rule,
    /// The destination.
    pub destination: CountryCode,
    /// The reason for control, `RS`.
    pub reason: String,
    eccns: Vec<Eccn>,
    except: Vec<Eccn>,
}

/// Whether a requirement names an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Coverage {
    /// It does.
    Covered,
    /// Its entry is named, but this paragraph is excepted.
    Excluded(Eccn),
    /// The entry is named and the paragraph below the declared one is excepted: which of the two it is decides.
    ParagraphDecides(Eccn),
    /// It does not.
    NotCovered,
}

impl Requirement {
    /// Whether the requirement names an item declared in this ECCN.
    pub fn covers(&self, declared: &Eccn) -> Coverage {
        if !self.eccns.iter().any(|named| declared.is_within(named)) {
            return Coverage::NotCovered;
        }
        if let Some(excepted) = self.except.iter().find(|excepted| declared.is_within(excepted)) {
            return Coverage::Excluded(excepted.clone());
        }
        match self.except.iter().find(|excepted| excepted.is_within(declared)) {
            Some(excepted) => Coverage::ParagraphDecides(excepted.clone()),
            None => Coverage::Covered,
        }
    }

    /// The ECCNs named.
    pub fn eccns(&self) -> &[Eccn] {
        &self.eccns
    }

    /// The paragraphs excepted.
    pub fn except(&self) -> &[Eccn] {
        &self.except
    }

    /// Reads the table of a requirement.
    pub(super) fn read(reader: &mut Reader<'_>, rule: Rule, raw: &RawRequirement) -> Option<Self> {
        let mut eccns = |list: &[toml::Spanned<String>]| {
            list.iter()
                .filter_map(|text| {
                    let eccn =
                        Eccn::canonical(text.get_ref()).filter(|eccn| eccn.to_string() == *text.get_ref());
                    if eccn.is_none() {
                        reader.problem(
                            text.span().start,
                            format!("`{}` is not an ECCN as the data writes it, `2B999.h.2`", text.get_ref()),
                        );
                    }
                    eccn
                })
                .collect::<Vec<_>>()
        };
        let named = eccns(&raw.eccns);
        let except = eccns(&raw.except_eccns);
        for (excepted, text) in except.iter().zip(&raw.except_eccns) {
            if !named.iter().any(|eccn| excepted.is_within(eccn)) {
                reader.problem(text.span().start, format!("{excepted} is excepted from nothing in `eccns`"));
            }
        }
        let destination = CountryCode::new(raw.destination.get_ref());
        if destination.is_none() {
            reader
                .problem(raw.destination.span().start, "`destination` must be a two-letter ISO country code");
        }
        Some(Self { rule, destination: destination?, reason: raw.reason.clone(), eccns: named, except })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::Rulebase;
    use super::*;

    fn coverage(text: &str) -> Coverage {
        let rulebase = Rulebase::embedded().unwrap();
        rulebase.requirements()[0].covers(&Eccn::canonical(text).unwrap())
    }

    #[test]
    fn the_excepted_paragraph_and_what_stands_above_it() {
        let excepted = Eccn::canonical("2B999.h.2").unwrap();
        assert_eq!(coverage("2B999"), Coverage::ParagraphDecides(excepted.clone()));
        assert_eq!(coverage("2B999.h"), Coverage::ParagraphDecides(excepted.clone()));
        assert_eq!(coverage("2B999.h.2"), Coverage::Excluded(excepted.clone()));
        assert_eq!(coverage("2B999.h.2.a"), Coverage::Excluded(excepted));
        assert_eq!(coverage("2B999.h.1"), Coverage::Covered);
        assert_eq!(coverage("2B999.g"), Coverage::Covered);
        for eccn in ["3A992", "3A992.a", "1B999.d", "2A992", "3A999.f", "6A996"] {
            assert_eq!(coverage(eccn), Coverage::Covered, "{eccn}");
        }
        for eccn in ["3D991", "2B998", "3A991", "2A999.a"] {
            assert_eq!(coverage(eccn), Coverage::NotCovered, "{eccn}");
        }
    }

    #[test]
    fn the_days_around_the_corrected_date() {
        let rulebase = Rulebase::embedded().unwrap();
        let rule = &rulebase.requirements()[0].rule;
        assert!(rule.in_force(date(2024, 12, 25)).is_none());
        let version = rule.in_force(date(2024, 12, 26)).unwrap();
        assert_eq!(version.citations(), "15 CFR 742.6(a)(12); 89 FR 93164; 89 FR 94603");
        let printed = |day| version.printed_but_not_effective(day);
        assert_eq!(
            [date(2024, 11, 24), date(2024, 11, 25), date(2024, 12, 25), date(2024, 12, 26)].map(printed),
            [false, true, true, false]
        );
        let savings = version.savings.as_ref().unwrap();
        assert_eq!(
            [date(2024, 12, 25), date(2024, 12, 26), date(2025, 1, 25), date(2025, 1, 26)]
                .map(|day| savings.covers(day)),
            [false, true, true, false]
        );
    }
}
