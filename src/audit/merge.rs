//! All findings in canonical order, numbered and grouped.
//!
//! Spooled findings, findings about whole sheets and repeated lines are three sequences in order; one merge reads them,
//! twice: first to number and count, then to write. Memory grows with findings by 16 bytes each, and with groups.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;

use sha2::{Digest, Sha256};

use super::repeats::Repeat;
use super::spool::{Ordinal, Spool};
use super::tally::{add_value, quarter_of, widen};
use crate::checks::{Place, repeated};
use crate::decisions::{Agenda, DecisionTally, Decisions};
use crate::effective::{Date, parse_iso};
use crate::finding::{Disposition, Finding, FindingCode, NumberedFinding};
use crate::report::evidence_digest;
use crate::run::{ByCurrency, CodeCount, GroupRecord, OpenCount, PartyRecord};

/// The findings of a run, ready to be read in order.
pub(super) struct Findings {
    pub(super) spool: Spool,
    pub(super) about_sheets: Vec<(Ordinal, Finding)>,
    pub(super) repeats: Vec<Repeat>,
    /// The place of every sheet, by file and sheet number.
    pub(super) places: BTreeMap<(u32, u32), Place>,
}

impl Findings {
    /// Hands every finding to `visit`, in canonical order.
    pub(super) fn each<E: From<io::Error>>(
        &mut self,
        mut visit: impl FnMut(Finding) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut spooled = self.spool.read::<Finding>()?.peekable();
        let mut about = self.about_sheets.iter().peekable();
        let mut repeats = self.repeats.iter().peekable();
        loop {
            let next_spooled = match spooled.peek() {
                Some(Ok((ordinal, _))) => Some((*ordinal, 1)),
                Some(Err(_)) => {
                    if let Some(Err(error)) = spooled.next() {
                        return Err(error.into());
                    }
                    None
                }
                None => None,
            };
            let next_about = about.peek().map(|(ordinal, _)| (*ordinal, 0));
            let next_repeat = repeats.peek().map(|repeat| (repeat.at, 2));
            match [next_about, next_spooled, next_repeat].into_iter().flatten().min() {
                None => return Ok(()),
                Some((_, 0)) => {
                    if let Some((_, finding)) = about.next() {
                        visit(finding.clone())?;
                    }
                }
                Some((_, 1)) => {
                    if let Some(record) = spooled.next() {
                        visit(record?.1)?;
                    }
                }
                Some(_) => {
                    if let Some(repeat) = repeats.next() {
                        visit(self.places.get(&(repeat.at.0, repeat.at.1)).map_or_else(
                            || Err(io::Error::other("a repeated line stands in no sheet")),
                            |place| Ok(finding_of(repeat, place, &self.places)),
                        )?)?;
                    }
                }
            }
        }
    }
}

fn finding_of(repeat: &Repeat, place: &Place, places: &BTreeMap<(u32, u32), Place>) -> Finding {
    let first = places.get(&(repeat.first.0, repeat.first.1));
    let mut named = first.map_or_else(String::new, |place| place.file.clone());
    if let Some(sheet) = first.map(|place| &place.sheet).filter(|sheet| !sheet.is_empty()) {
        named.push_str(", sheet ");
        named.push_str(sheet);
    }
    named.push_str(&format!(", row {}", repeat.first.2));
    repeated(
        place,
        repeat.at.2,
        &named,
        repeat.document.clone(),
        repeat.line.clone(),
        repeat.value.clone(),
        repeat.currency.clone(),
    )
}

/// Ids that several findings share, with the number each of them gets; every other finding keeps its id as it is.
#[derive(Default)]
pub(super) struct Numbering {
    suffix: HashMap<u64, u32>,
}

impl Numbering {
    /// Gives the finding at this place in the order its ids.
    pub(super) fn number(&self, order: u64, finding: Finding) -> NumberedFinding {
        let id = id_of(&finding);
        let finding_id = match self.suffix.get(&order) {
            Some(suffix) => format!("{id:016x}-{suffix}"),
            None => format!("{id:016x}"),
        };
        let group_id = if finding.group_key.is_empty() {
            finding_id.clone()
        } else {
            format!("{:016x}", first_64_bits(&[&finding.group_key]))
        };
        NumberedFinding { finding_id, group_id, status: "open".to_owned(), decision: None, finding }
    }
}

/// Code, document, line, folded party, entity or candidate; where document or line is missing, the line's folded cells.
fn id_of(finding: &Finding) -> u64 {
    let line = if finding.document.is_empty() || finding.line.is_empty() {
        format!("cells {}", finding.line_key)
    } else {
        format!("{}\u{1f}{}", finding.document, finding.line)
    };
    let object =
        if finding.listed_entity_id.is_empty() { &finding.candidate_eccn } else { &finding.listed_entity_id };
    first_64_bits(&[finding.code.code(), &line, &finding.folded_party, object])
}

fn first_64_bits(parts: &[&str]) -> u64 {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0x1e]);
    }
    digest.finalize()[..8].iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte))
}

/// What the first reading finds out about all findings together.
#[derive(Default)]
pub(super) struct Survey {
    pub(super) numbering: Numbering,
    pub(super) codes: Vec<CodeCount>,
    pub(super) open: BTreeMap<Disposition, OpenCount>,
    pub(super) groups: Vec<GroupRecord>,
    pub(super) parties: Vec<PartyRecord>,
    /// Open exceptions and reviews per quarter.
    pub(super) quarters: BTreeMap<Option<(i16, i8)>, (u64, u64)>,
    /// What reviewers' decisions did.
    pub(super) decided: DecisionTally,
    /// What is left to decide.
    pub(super) agenda: Agenda,
}

/// Reads all findings twice: to number them, and to count them with their status.
pub(super) fn survey(findings: &mut Findings, decisions: &Decisions) -> io::Result<Survey> {
    let mut ids: Vec<(u64, u64, u64)> = Vec::new();
    let mut order = 0u64;
    findings.each(|finding| {
        let evidence = u64::from_str_radix(&evidence_digest(&finding)[..16], 16).unwrap_or(0);
        ids.push((id_of(&finding), evidence, order));
        order += 1;
        Ok::<(), io::Error>(())
    })?;
    ids.sort_unstable();
    let mut numbering = Numbering::default();
    for same in ids.chunk_by(|a, b| a.0 == b.0) {
        for (index, (_, _, order)) in same.iter().enumerate().skip(1) {
            numbering.suffix.insert(*order, index as u32 + 1);
        }
    }
    drop(ids);

    let mut books = Books::default();
    let mut decided = DecisionTally::new(decisions);
    let mut agenda = Agenda::default();
    let mut order = 0u64;
    findings.each(|finding| {
        let mut numbered = numbering.number(order, finding);
        decided.see(decisions, &numbered);
        decisions.mark(&mut numbered);
        agenda.see(order, &numbered);
        order += 1;
        books.enter(numbered);
        Ok::<(), io::Error>(())
    })?;
    Ok(Survey { decided, agenda, ..books.close(numbering) })
}

#[derive(Default)]
struct CodeSum {
    findings: u64,
    open: u64,
    groups: BTreeSet<String>,
    value: ByCurrency,
    last_line: Option<(String, String, u32)>,
}

#[derive(Default)]
struct PartySum {
    record: PartyRecord,
    spellings: BTreeSet<String>,
    countries: BTreeSet<String>,
    roles: BTreeSet<String>,
    first_date: Option<Date>,
    last_date: Option<Date>,
    last_line: Option<(String, String, u32)>,
}

struct GroupSum {
    record: GroupRecord,
    first_date: Option<Date>,
    last_date: Option<Date>,
    last_line: Option<(String, String, u32)>,
}

#[derive(Default)]
struct Books {
    codes: BTreeMap<(FindingCode, Disposition), CodeSum>,
    open: BTreeMap<Disposition, OpenCount>,
    open_groups: BTreeMap<Disposition, BTreeSet<String>>,
    groups: BTreeMap<String, GroupSum>,
    group_order: Vec<String>,
    parties: BTreeMap<String, PartySum>,
    quarters: BTreeMap<Option<(i16, i8)>, (u64, u64)>,
}

impl Books {
    fn enter(&mut self, numbered: NumberedFinding) {
        let finding = &numbered.finding;
        let at = (finding.file.clone(), finding.sheet.clone(), finding.row);
        let day = parse_iso(finding.date_of_export.get(..10).unwrap_or_default()).ok();
        let value = finding.value.parse::<rust_decimal::Decimal>().ok();
        let currency = if finding.currency.is_empty() { "not stated" } else { &finding.currency };
        let code = self.codes.entry((finding.code, finding.disposition)).or_default();
        code.findings += 1;
        code.open += u64::from(numbered.is_open());
        code.groups.insert(numbered.group_id.clone());
        if code.last_line.as_ref() != Some(&at) {
            if let Some(value) = value {
                add_value(&mut code.value, currency, value);
            }
            code.last_line = Some(at.clone());
        }
        if numbered.is_open() {
            self.open.entry(finding.disposition).or_default().findings += 1;
            self.open_groups.entry(finding.disposition).or_default().insert(numbered.group_id.clone());
            let quarter = self.quarters.entry(day.map(quarter_of)).or_default();
            match finding.disposition {
                Disposition::Exception => quarter.0 += 1,
                Disposition::Review => quarter.1 += 1,
                Disposition::Note => {}
            }
        }
        if !finding.folded_party.is_empty() {
            self.party(&numbered, &at, day, value, currency);
        }
        if finding.disposition == Disposition::Review {
            self.group(&numbered, at, day, value);
        }
    }

    fn group(
        &mut self,
        numbered: &NumberedFinding,
        at: (String, String, u32),
        day: Option<Date>,
        value: Option<rust_decimal::Decimal>,
    ) {
        let finding = &numbered.finding;
        let currency = if finding.currency.is_empty() { "not stated" } else { &finding.currency };
        let key = numbered.group_id.clone();
        let sum = self.groups.entry(key.clone()).or_insert_with(|| {
            self.group_order.push(key);
            GroupSum {
                record: GroupRecord {
                    group_id: numbered.group_id.clone(),
                    code: finding.code,
                    disposition: finding.disposition,
                    findings: 0,
                    open: 0,
                    first_date: String::new(),
                    last_date: String::new(),
                    value: ByCurrency::new(),
                    example: numbered.clone(),
                },
                first_date: None,
                last_date: None,
                last_line: None,
            }
        });
        sum.record.findings += 1;
        sum.record.open += u64::from(numbered.is_open());
        if let Some(day) = day {
            widen(&mut sum.first_date, &mut sum.last_date, day, day);
        }
        if sum.last_line.as_ref() != Some(&at) {
            if let Some(value) = value {
                add_value(&mut sum.record.value, currency, value);
            }
            sum.last_line = Some(at);
        }
    }

    fn party(
        &mut self,
        numbered: &NumberedFinding,
        at: &(String, String, u32),
        day: Option<Date>,
        value: Option<rust_decimal::Decimal>,
        currency: &str,
    ) {
        let finding = &numbered.finding;
        let key = if finding.listed_entity_id.is_empty() {
            format!("name {}|{}", finding.folded_party, finding.party_country)
        } else {
            format!("entity {}|{}", finding.listed_entity_id, finding.code.code())
        };
        let sum = self.parties.entry(key).or_default();
        let record = &mut sum.record;
        record.listed_entity_id.clone_from(&finding.listed_entity_id);
        record.listed_entity.clone_from(&finding.listed_entity);
        if !finding.listed_entity_id.is_empty() {
            record.listed_from.clone_from(&finding.in_force_from);
        }
        record.strongest =
            Some(record.strongest.map_or(finding.code, |strongest| strongest.min(finding.code)));
        record.findings += 1;
        match record.statuses.get_mut(&numbered.status) {
            Some(findings) => *findings += 1,
            None => {
                record.statuses.insert(numbered.status.clone(), 1);
            }
        }
        if sum.last_line.as_ref() != Some(at) {
            record.lines += 1;
            if let Some(value) = value {
                add_value(&mut record.value, currency, value);
            }
            sum.last_line = Some(at.clone());
        }
        sum.spellings.insert(finding.party_name.clone());
        if !finding.party_country.is_empty() {
            sum.countries.insert(finding.party_country.clone());
        }
        sum.roles.extend(finding.party_role.split(';').map(str::to_owned));
        if let Some(day) = day {
            widen(&mut sum.first_date, &mut sum.last_date, day, day);
        }
    }

    fn close(mut self, numbering: Numbering) -> Survey {
        let text = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        let codes = self
            .codes
            .into_iter()
            .map(|((code, disposition), sum)| CodeCount {
                code,
                name: code.name(),
                disposition,
                findings: sum.findings,
                open: sum.open,
                groups: sum.groups.len() as u64,
                value: sum.value,
            })
            .collect();
        for (disposition, groups) in self.open_groups {
            self.open.entry(disposition).or_default().groups = groups.len() as u64;
        }
        let groups = self
            .group_order
            .iter()
            .filter_map(|key| self.groups.remove(key))
            .map(|sum| GroupRecord {
                first_date: text(sum.first_date),
                last_date: text(sum.last_date),
                ..sum.record
            })
            .collect();
        let mut parties: Vec<PartyRecord> = self
            .parties
            .into_values()
            .map(|sum| PartyRecord {
                spellings: sum.spellings.into_iter().collect(),
                countries: sum.countries.into_iter().collect(),
                roles: sum.roles.into_iter().collect(),
                first_date: text(sum.first_date),
                last_date: text(sum.last_date),
                ..sum.record
            })
            .collect();
        parties.sort_by(|a, b| {
            (a.strongest, &a.listed_entity, &a.spellings).cmp(&(b.strongest, &b.listed_entity, &b.spellings))
        });
        Survey {
            numbering,
            codes,
            open: self.open,
            groups,
            parties,
            quarters: self.quarters,
            ..Survey::default()
        }
    }
}
