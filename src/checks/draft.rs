//! The case a check is asked about, and the finding it writes.
//!
//! Owns what every finding has in common: the line's own columns, the disposition that jurisdiction, movement and a
//! substituted date allow, the key of the group a reviewer decides at once.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::determination::Determination;
use crate::effective::{Date, days_between};
use crate::entity_list::{EntityList, fold_name};
use crate::field::Field;
use crate::finding::{Disposition, Finding, FindingCode};
use crate::items::Reading;
use crate::ownership::Ownership;
use crate::places::Places;
use crate::rulebase::Rulebase;
use crate::screening::Sign;
use crate::shipment::{Jurisdiction, NamedParty, Recorded, ShipmentLine};

/// The file and sheet a finding stands in, as the report names them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The sheet; empty for a text file.
    pub sheet: String,
}

/// One line with everything it is judged by.
pub struct Case<'a> {
    /// Where the line stands.
    pub place: &'a Place,
    /// The line.
    pub line: &'a ShipmentLine<'a>,
    /// What the law required; none where the destination is not the country the rule is about.
    pub determination: Option<&'a Determination<'a>>,
    /// The dated law.
    pub rules: &'a Rulebase,
    /// The dated list.
    pub list: &'a EntityList,
    /// The table of ownership, where one was given.
    pub ownership: Option<&'a Ownership>,
    /// The country the rule is about.
    pub watched: crate::codes::CountryCode,
    /// Its name.
    pub watched_name: &'a str,
    /// What the item was read to be; none where nothing was read or nothing found.
    pub item: Option<&'a Reading>,
    /// The end use names the watched country.
    pub end_use_sign: Option<&'a Sign>,
    /// A telephone number or an e-mail address of the watched country, and its column.
    pub contact_sign: Option<&'a (Sign, Option<usize>)>,
    /// The firm named as forwarder is named as ultimate consignee, too.
    pub forwarder_receives: bool,
    /// Countries and cities.
    pub places: &'a Places,
    /// Whether any party of the transaction is named.
    pub names_party: bool,
    /// A party's name cell that could not be read.
    pub unreadable_party: Option<(crate::party::PartyRole, usize)>,
}

impl<'a> Case<'a> {
    /// Begins a finding about the line, with the code's default disposition.
    pub fn draft(&self, code: FindingCode) -> Draft<'_, 'a> {
        let line = self.line;
        let (date_of_export, date_basis) = match &line.date.day {
            Recorded::Given(day) => (day.text(), line.date.basis.map_or("", |basis| basis.name()).to_owned()),
            _ => (String::new(), String::new()),
        };
        let document = line.text(Field::Document).trim().to_owned();
        let line_number = line.text(Field::LineNumber).trim().to_owned();
        let line_key =
            if document.is_empty() || line_number.is_empty() { fingerprint(line) } else { String::new() };
        // Who the line was for, until a check names the party it found. It identifies nothing: ids and groups leave it out.
        let (role, party_name, party_address) = line.layout.principal(line.row).map_or_else(
            || ("", String::new(), String::new()),
            |(role, name, address)| (role.name(), name, address),
        );
        let finding = Finding {
            code,
            disposition: code.default_disposition(),
            file: self.place.file.clone(),
            sheet: self.place.sheet.clone(),
            row: line.row.number(),
            document,
            line: line_number,
            date_of_export,
            date_basis,
            destination: line
                .destination
                .country
                .given()
                .map_or_else(|| line.destination.raw.trim().to_owned(), ToString::to_string),
            party_role: role.to_owned(),
            party_name,
            party_address,
            party_country: String::new(),
            listed_entity_id: String::new(),
            listed_entity: String::new(),
            matched_name: String::new(),
            score: String::new(),
            declared_eccn: line.declared_text().trim().to_owned(),
            candidate_eccn: String::new(),
            schedule_b: line.text(Field::ScheduleB).trim().to_owned(),
            item: line.text(Field::Item).trim().to_owned(),
            description: line.joined(Field::Description),
            quantity: line.layout.quantity_text(line.row),
            unit: line.text(Field::Unit).trim().to_owned(),
            value: line.layout.value_text(line.row),
            currency: line.layout.stated_currency(line.row).unwrap_or_default().to_owned(),
            license_code: line.text(Field::LicenseCode).trim().to_owned(),
            license_number: line.text(Field::LicenseNumber).trim().to_owned(),
            license_exception: match &line.license {
                crate::shipment::LicenseRecord::Exception { symbol, paragraph, .. } => {
                    format!("{symbol}{}", paragraph.as_ref().map_or_else(String::new, |p| format!(" {p}")))
                }
                _ => String::new(),
            },
            rule: String::new(),
            in_force_from: String::new(),
            citations: String::new(),
            explanation: String::new(),
            to_verify: String::new(),
            evidence: Vec::new(),
            group_key: String::new(),
            line_key,
            folded_party: String::new(),
            lines: 1,
        };
        Draft { case: self, finding }
    }

    /// Begins a finding about a red flag, with its place in the law.
    pub fn red_flag(&self, code: FindingCode) -> Draft<'_, 'a> {
        let red_flags = self.rules.red_flags();
        self.draft(code).rule(&red_flags.rule.id, None, red_flags.citations(code))
    }

    /// Whether the line goes to the country the rule is about.
    pub fn is_to_watched(&self) -> bool {
        self.line.destination.country.given() == Some(&self.watched)
    }

    /// What identifies the item for a reviewer who decides once an item: its number, else its description and code.
    pub fn item_key(&self) -> String {
        let item = fold_name(self.line.text(Field::Item));
        if item.is_empty() {
            let description = fold_name(&self.line.joined(Field::Description));
            format!("{description}|{}", fold_name(self.line.text(Field::ScheduleB)))
        } else {
            item
        }
    }
}

/// A finding being written.
pub struct Draft<'c, 'a> {
    case: &'c Case<'a>,
    finding: Finding,
}

impl Draft<'_, '_> {
    /// Sets the disposition.
    pub fn as_(mut self, disposition: Disposition) -> Self {
        self.finding.disposition = disposition;
        self
    }

    /// Names the rule, the day from which it held, and its citations.
    pub fn rule(mut self, id: &str, from: Option<Date>, citations: &str) -> Self {
        id.clone_into(&mut self.finding.rule);
        self.finding.in_force_from = from.map_or_else(String::new, |from| from.to_string());
        citations.clone_into(&mut self.finding.citations);
        self
    }

    /// Names the entry or control the finding points to.
    pub fn candidate(mut self, candidate: impl Into<String>) -> Self {
        self.finding.candidate_eccn = candidate.into();
        self
    }

    /// Names the party; its roles joined where it stands in several.
    pub fn party(mut self, party: &NamedParty<'_>, roles: &str) -> Self {
        roles.clone_into(&mut self.finding.party_role);
        party.name.trim().clone_into(&mut self.finding.party_name);
        self.finding.party_address.clone_from(&party.address);
        self.finding.folded_party = fold_name(&party.name);
        self.finding.party_country = party
            .verdict
            .as_ref()
            .and_then(|verdict| verdict.country)
            .map_or_else(String::new, |country| country.to_string());
        let evidence = self.case.line.evidence(Field::Party(party.role), party.column);
        self.finding.evidence.push(evidence);
        self
    }

    /// Gives direct access for what only one check writes.
    pub fn with(mut self, write: impl FnOnce(&mut Finding)) -> Self {
        write(&mut self.finding);
        self
    }

    /// Says why, in words.
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.finding.explanation = why.into();
        self
    }

    /// Adds what a person must still establish.
    pub fn verify(mut self, what: &str) -> Self {
        append(&mut self.finding.to_verify, what);
        self
    }

    /// Adds the cells of these fields as evidence, where the sheet has them.
    pub fn relies_on(mut self, fields: &[Field]) -> Self {
        let line = self.case.line;
        for field in fields {
            if line.layout.has(*field) {
                self.finding.evidence.push(line.evidence(*field, None));
            }
        }
        self
    }

    /// Adds the cell of this column as evidence.
    pub fn relies_on_column(mut self, field: Field, column: Option<usize>) -> Self {
        self.finding.evidence.push(self.case.line.evidence(field, column));
        self
    }

    /// Adds the cells that gave date and destination.
    pub fn relies_on_date_and_destination(mut self) -> Self {
        let line = self.case.line;
        if let (Some(kind), column @ Some(_)) = (line.date.basis, line.date.column) {
            self.finding.evidence.push(line.evidence(Field::Date(kind), column));
        }
        if let Some(field) = line.destination.basis {
            self.finding.evidence.push(line.evidence(field, line.destination.column));
        }
        self
    }

    /// Lowers an exception to what the record allows: only an item shown to be subject to the EAR can be one, a line
    /// that is no export never is, and a substituted date near a day on which the answer turns leaves it open.
    pub fn weigh(mut self, turns_on: &[Date]) -> Self {
        let line = self.case.line;
        if line.stays_home() && self.finding.disposition == Disposition::Exception {
            self.finding.disposition = Disposition::Review;
            self = self.verify(
                "The destination recorded is domestic: establish whether the goods left the country.",
            );
        }
        if self.finding.disposition == Disposition::Exception && !line.jurisdiction.is_shown() {
            self.finding.disposition = Disposition::Review;
            let jurisdiction = self.case.rules.jurisdiction();
            self = self.verify(if line.jurisdiction == Jurisdiction::Elsewhere {
                &jurisdiction.shipped_from_abroad
            } else {
                &jurisdiction.ship_from_unknown
            });
        }
        if self.finding.disposition == Disposition::Exception
            && let (Some(basis), Some(day)) = (line.date.basis, line.date.day.given())
            && basis.is_substitute()
        {
            let window = i32::from(self.case.rules.windows().substituted_date.days);
            let near = turns_on
                .iter()
                .any(|turn| day.readings().any(|reading| days_between(reading, *turn).abs() <= window));
            if near {
                self.finding.disposition = Disposition::Review;
                self = self.verify(&format!(
                    "Establish the date of export: the line is judged on its {}, which lies within {window} days of the \
                     day on which the answer turns.",
                    basis.name()
                ));
            }
        }
        self
    }

    /// Groups the finding with others a reviewer decides at the same time.
    pub fn group(mut self, key: impl Into<String>) -> Self {
        self.finding.group_key = key.into();
        self
    }

    /// The finished finding.
    pub fn done(self) -> Finding {
        self.finding
    }
}

fn append(to: &mut String, sentence: &str) {
    if sentence.is_empty() {
        return;
    }
    if !to.is_empty() {
        to.push(' ');
    }
    to.push_str(sentence);
}

/// The line's folded mapped cells, digested: what identifies a line that has no document or line number.
fn fingerprint(line: &ShipmentLine<'_>) -> String {
    let mut digest = Sha256::new();
    for (field, column) in line.layout.mapped() {
        digest.update(field.name().as_bytes());
        digest.update([0x1f]);
        digest.update(fold_name(line.row.cell(column).text).as_bytes());
        digest.update([0x1e]);
    }
    digest.finalize()[..16].iter().fold(String::with_capacity(32), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
