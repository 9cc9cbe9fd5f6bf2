//! What the EAR attach to parties of the other US lists: denied, unverified, military end users, blocked.

use super::raw::RawPartyLists;
use super::rule::{Reader, Rule, join_lines};
use crate::citation::{self, Citation};
use crate::entity_list::{ListName, Requirement};
use crate::finding::FindingCode;

/// What follows from the other lists, each with the code that says so.
#[derive(Debug, Clone)]
pub struct PartyLists {
    /// What every rule has.
    pub rule: Rule,
    lists: Vec<PartyList>,
}

/// One of the other lists.
#[derive(Debug, Clone)]
pub struct PartyList {
    /// The list.
    pub list: ListName,
    /// The code of a party on it.
    pub code: FindingCode,
    /// Whether the party counts in whatever role; else it must be one of the transaction's.
    pub any_role: bool,
    /// The programs under which a row of the list counts; none where all do.
    pub programs: Vec<String>,
    /// What needs a license to its parties, where it is the same for all and their rows do not say it.
    pub requirement: Option<Requirement>,
    /// What the EAR attach to its parties.
    pub says: String,
    /// What that means for a license exception.
    pub with_exception: String,
    /// What a person must establish.
    pub verify: String,
    /// The law, by citation.
    pub citations: String,
}

impl PartyLists {
    /// The other lists, in canonical order.
    pub fn lists(&self) -> &[PartyList] {
        &self.lists
    }

    /// What follows from a list; none for the Entity List, which has a rule of its own.
    pub fn of(&self, list: ListName) -> Option<&PartyList> {
        self.lists.iter().find(|of| of.list == list)
    }

    pub(super) fn read(reader: &mut Reader<'_>, rule: Rule, raw: &RawPartyLists) -> Self {
        let mut lists: Vec<PartyList> = Vec::new();
        for list in &raw.list {
            let at = list.span().start;
            let raw = list.get_ref();
            let cites: Vec<Citation> = raw.cites.iter().filter_map(|cite| reader.citation(cite)).collect();
            if cites.is_empty() {
                reader.problem(at, "`cites` is empty; every list names its law");
            }
            let requirement = raw.requirement.as_ref().and_then(|code| {
                let known = Requirement::from_code(code.get_ref());
                if known.is_none() {
                    reader.problem(
                        code.span().start,
                        "`requirement` is a code of entities.csv, `all-items` say",
                    );
                }
                known
            });
            let code = reader.code(raw.code.get_ref(), raw.code.span().start);
            let Some(name) = ListName::from_code(raw.list.get_ref()) else {
                reader.problem(raw.list.span().start, ListName::codes());
                continue;
            };
            let Some(code) = code else { continue };
            if name == ListName::EntityList
                || lists.iter().any(|known| known.list == name || known.code == code)
            {
                reader.problem(at, "each list but the Entity List stands here once, with a code of its own");
                continue;
            }
            lists.push(PartyList {
                list: name,
                code,
                any_role: raw.any_role,
                programs: raw.programs.clone(),
                requirement,
                says: join_lines(&raw.says),
                with_exception: join_lines(&raw.with_exception),
                verify: join_lines(&raw.verify),
                citations: citation::join(&cites),
            });
        }
        for name in ListName::ALL.into_iter().filter(|name| *name != ListName::EntityList) {
            if !lists.iter().any(|known| known.list == name) {
                reader.problem(0, format!("no `[[party_lists.list]]` for {} ({name})", name.code()));
            }
        }
        lists.sort_by_key(|known| known.list);
        Self { rule, lists }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Rulebase;
    use crate::entity_list::ListName;

    #[test]
    fn every_other_list_has_its_law() {
        let rulebase = Rulebase::embedded().unwrap();
        let lists = rulebase.party_lists();
        assert!(lists.of(ListName::EntityList).is_none());
        for (name, code, section) in [
            (ListName::DeniedPersons, "PL01", "15 CFR 764.2(k)"),
            (ListName::Unverified, "PL02", "15 CFR 740.2(a)(17)"),
            (ListName::MilitaryEndUsers, "PL03", "15 CFR 744.21"),
            (ListName::SpeciallyDesignated, "PL04", "15 CFR 744.8"),
        ] {
            let list = lists.of(name).unwrap();
            assert_eq!(list.code.code(), code);
            assert!(list.citations.contains(section), "{}", list.citations);
            assert_eq!(list.programs.is_empty(), name != ListName::SpeciallyDesignated);
        }
    }
}
