//! An entry that the list before did not have, made from a row of the download.

use super::change::Kind;
use super::download::Listing;
use super::merge::{Merge, first_country, further_names, set_end, text};
use super::names::{name_key, slug};
use super::tables::{Column, EntryRows, Tables};
use super::terms::{EXCEPTION_TERM, POLICY_TERM, REQUIREMENT_TERM};
use super::wording::{self, Of, Reading};
use crate::entity_list::layout::UNKNOWN;
use crate::entity_list::{ListName, Requirement};

impl Merge<'_> {
    /// An id that no entry has yet.
    pub(super) fn fresh_id(&self, tables: &Tables, row: &Listing) -> String {
        let country = row.addresses.iter().find_map(|(_, country)| *country);
        let country = country.map_or_else(|| "zz".to_owned(), |code| code.to_string().to_lowercase());
        let id = format!("{}-{country}-{}", self.list.code(), slug(&row.name));
        let free = |id: &String| !tables.entries.contains_key(id);
        if free(&id) {
            return id;
        }
        // One number more than there are entries is free.
        (2..=tables.entries.len() + 2).map(|n| format!("{id}-{n}")).find(free).unwrap_or(id)
    }

    /// The entry with everything its row says.
    pub(super) fn new_entry(&mut self, id: &str, row: &Listing) -> EntryRows {
        let mut entry = EntryRows::new(id, &row.name);
        let mut codes: Vec<String> = Vec::new();
        for code in row.addresses.iter().filter_map(|(_, country)| *country) {
            if !codes.contains(&code.to_string()) {
                codes.push(code.to_string());
            }
        }
        let heading = row.addresses.iter().find_map(|(_, country)| *country);
        if codes.is_empty() {
            codes.push("ZZ".to_owned());
        }
        let under = match heading {
            Some(code) if self.list == ListName::EntityList => self.places.name(code).to_owned(),
            _ => self.list.name().to_owned(),
        };
        entry.set(Column::ListedUnder, &under);
        entry.set(Column::Countries, &codes.join(";"));
        let is_address = self.list == ListName::EntityList
            && name_key(&row.name)
                .strip_prefix("address ")
                .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()));
        entry.set(Column::Kind, if is_address { "address" } else { "unknown" });
        let requirement = wording::read(Of::Requirement, &row.requirement);
        let open = wording::read(Of::Exception, &row.requirement);
        let policy = wording::read(Of::Policy, &row.policy);
        let code = requirement.code().or(self.requirement.map(Requirement::code));
        entry.set(Column::Requirement, code.unwrap_or(UNKNOWN));
        entry.set(Column::RequirementSections, &wording::sections(&row.requirement));
        entry.set(Column::ExceptionOpen, open.code().unwrap_or(""));
        entry.set(Column::ReviewPolicy, policy.code().unwrap_or(UNKNOWN));
        entry.set(Column::ReviewSections, &wording::sections(&row.policy));
        match row.start {
            // A denial order says from when it binds; elsewhere the day is that of publication.
            Some(start) if self.list == ListName::DeniedPersons => {
                entry.set(Column::EffectiveFrom, &start.to_string());
            }
            Some(start) => entry.set(Column::ListedFrom, &start.to_string()),
            None => {
                entry.set(Column::ListedAfter, &text(self.last));
                entry.set(Column::ListedBy, &self.as_of.to_string());
            }
        }
        if let Some(end) = row.end {
            set_end(&mut entry, end);
        }
        entry.set(Column::Confidence, "high");
        let mut flags = vec!["imported".to_owned()];
        flags.extend((!row.number.is_empty()).then(|| format!("number={}", row.number)));
        entry.set(Column::Flags, &flags.join(" "));
        if !row.programs.is_empty() {
            entry.set(Column::Note, &format!("programs: {}", row.programs.join(", ")));
        }
        entry.aliases = further_names(row).into_iter().map(|alias| [alias, "aka".to_owned()]).collect();
        let first = first_country(&entry);
        entry.addresses = row
            .addresses
            .iter()
            .map(|(address, code)| {
                [address.clone(), String::new(), code.map_or_else(|| first.clone(), |code| code.to_string())]
            })
            .collect();
        entry.citations = row
            .citations
            .iter()
            .enumerate()
            .map(|(at, (citation, printed))| {
                self.citation(citation, *printed, if at == 0 { "first" } else { "amended" })
            })
            .collect();
        let since =
            row.start.map_or_else(|| format!("on the list of {}", self.as_of), |day| format!("listed {day}"));
        self.tell(Kind::New, &mut entry, "entry", "", &since);
        // Of the other lists the law says what needs a license, not their rows.
        if self.list == ListName::EntityList {
            if requirement == Reading::NotRead {
                self.not_read(&mut entry, &REQUIREMENT_TERM, &row.requirement);
            } else if open == Reading::NotRead {
                entry.set(Column::ExceptionOpen, UNKNOWN);
                self.not_read(&mut entry, &EXCEPTION_TERM, &row.requirement);
            }
            if policy == Reading::NotRead {
                self.not_read(&mut entry, &POLICY_TERM, &row.policy);
            }
        }
        entry
    }
}
