//! All findings in canonical order, numbered and grouped.
//!
//! Spooled findings, findings about whole sheets, repeated lines and findings that several lines show together are
//! sequences in order; one merge reads them, twice: first to count, then to write. Their numbers come of the stamps
//! beside them, compared on disk. Memory grows with findings of one id by 8 bytes each, and with
//! the sums of groups of several.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use sha2::{Digest, Sha256};

use super::groups::{GroupBook, Share};
use super::parties::{Identities, Parties, PartyTable};
use super::partitions::{KEY, Partitions, begin, end, place};
use super::repeats::Repeat;
use super::spool::{Ordinal, Spool, Stamp};
use super::tally::{add_value, quarter_of};
use crate::checks::{Place, repeated};
use crate::decisions::{Agenda, DecisionTally, Decisions};
use crate::finding::{Disposition, Finding, FindingCode, NumberedFinding};
use crate::report::evidence_digest;
use crate::run::{ByCurrency, CodeCount, OpenCount};

/// Bytes of ids held in memory before they are written out.
const IDS_IN_MEMORY: usize = 1 << 20;

/// The findings of a run, ready to be read in order.
pub(super) struct Findings {
    pub(super) spool: Spool,
    pub(super) about_sheets: Vec<(Ordinal, Finding)>,
    pub(super) repeats: Vec<Repeat>,
    /// What no line shows alone (RF05, RF06).
    pub(super) across_lines: Vec<(Ordinal, Finding)>,
    /// The place of every sheet, by file and sheet number.
    pub(super) places: BTreeMap<(u32, u32), Place>,
}

impl Findings {
    /// Hands every finding to `visit` with its place and what its id is made of, in canonical order.
    pub(super) fn each<E: From<io::Error>>(
        &mut self,
        mut visit: impl FnMut(Ordinal, u64, Finding) -> Result<(), E>,
    ) -> Result<(), E> {
        let spooled = self.spool.read_stamped::<Finding>()?;
        self.walk(
            spooled,
            |(_, finding)| finding.code as u64,
            |at, next| match next {
                Next::Spooled(([id, _, _], finding)) => visit(at, id, finding),
                Next::Other(finding) => visit(at, id_of(&finding), *finding),
            },
        )
    }

    /// Hands the stamp of every finding to `visit`, in canonical order.
    fn stamps(&mut self, mut visit: impl FnMut(Stamp) -> io::Result<()>) -> io::Result<()> {
        let spooled = self.spool.stamps()?;
        self.walk(
            spooled,
            |[_, _, code]| *code,
            |_, next| match next {
                Next::Spooled(stamp) => visit(stamp),
                Next::Other(finding) => visit(stamp_of(&finding)),
            },
        )
    }

    /// Walks the sequences as one.
    fn walk<S, E: From<io::Error>>(
        &self,
        spooled: impl Iterator<Item = io::Result<(Ordinal, S)>>,
        code: impl Fn(&S) -> u64,
        mut visit: impl FnMut(Ordinal, Next<S>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut spooled = spooled.peekable();
        let mut about = self.about_sheets.iter().peekable();
        let mut repeats = self.repeats.iter().peekable();
        let mut across = self.across_lines.iter().peekable();
        loop {
            let next_spooled = match spooled.peek() {
                Some(Ok((ordinal, next))) => Some((*ordinal, code(next), 1)),
                Some(Err(_)) => {
                    if let Some(Err(error)) = spooled.next() {
                        return Err(error.into());
                    }
                    None
                }
                None => None,
            };
            let next_about = about.peek().map(|(ordinal, finding)| (*ordinal, finding.code as u64, 0));
            let next_across = across.peek().map(|(ordinal, finding)| (*ordinal, finding.code as u64, 2));
            let next_repeat = repeats.peek().map(|repeat| (repeat.at, FindingCode::RQ03 as u64, 3));
            match [next_about, next_spooled, next_across, next_repeat].into_iter().flatten().min() {
                None => return Ok(()),
                Some((_, _, 0)) => {
                    if let Some((ordinal, finding)) = about.next() {
                        visit(*ordinal, Next::Other(Box::new(finding.clone())))?;
                    }
                }
                Some((_, _, 2)) => {
                    if let Some((ordinal, finding)) = across.next() {
                        visit(*ordinal, Next::Other(Box::new(finding.clone())))?;
                    }
                }
                Some((_, _, 1)) => {
                    if let Some(record) = spooled.next() {
                        let (ordinal, next) = record?;
                        visit(ordinal, Next::Spooled(next))?;
                    }
                }
                Some(_) => {
                    if let Some(repeat) = repeats.next() {
                        let finding = self.places.get(&(repeat.at.0, repeat.at.1)).map_or_else(
                            || Err(io::Error::other("a repeated line stands in no sheet")),
                            |place| Ok(finding_of(repeat, place, &self.places)),
                        )?;
                        visit(repeat.at, Next::Other(Box::new(finding)))?;
                    }
                }
            }
        }
    }
}

/// What comes next in canonical order: something from the spool, or a finding that stands beside it.
enum Next<S> {
    Spooled(S),
    Other(Box<Finding>),
}

/// What tells a finding from others: its id, a digest of its evidence for those of one id, and its code.
pub(super) fn stamp_of(finding: &Finding) -> Stamp {
    let evidence = u64::from_str_radix(&evidence_digest(finding)[..16], 16).unwrap_or(0);
    [id_of(finding), evidence, finding.code as u64]
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
    /// A finding's place in canonical order, and its number; in that order.
    suffixes: Box<[(u32, u32)]>,
}

impl Numbering {
    /// Compares the ids of all findings.
    fn of(findings: &mut Findings) -> io::Result<Self> {
        let mut ids = Partitions::new(IDS_IN_MEMORY);
        let (mut record, mut order) = (Vec::new(), 0u32);
        findings.stamps(|[id, evidence, _]| {
            record.clear();
            let mut key = [0; 16];
            key[..8].copy_from_slice(&id.to_be_bytes());
            key[8..].copy_from_slice(&evidence.to_be_bytes());
            let head = begin(&mut record, key, (0, 0, order));
            end(&mut record, head);
            order =
                order.checked_add(1).ok_or_else(|| io::Error::other("more findings than can be numbered"))?;
            ids.append(&record)
        })?;
        let mut suffixes = Vec::new();
        let id = KEY.start..KEY.start + 8;
        ids.each_repeated(|records| {
            for same in records.chunk_by(|a, b| a[id.clone()] == b[id.clone()]) {
                let others = (2u32..).zip(&same[1..]);
                suffixes.extend(others.map(|(number, record)| (place(record).2, number)));
            }
            Ok(())
        })?;
        suffixes.sort_unstable();
        Ok(Self { suffixes: suffixes.into_boxed_slice() })
    }

    /// Gives the finding at this place in the order its ids, of which the first is made of this number.
    pub(super) fn number(&self, order: u64, id: u64, finding: Finding) -> NumberedFinding {
        let suffix = self.suffixes.binary_search_by_key(&order, |(order, _)| u64::from(*order));
        let finding_id = match suffix {
            Ok(at) => format!("{id:016x}-{}", self.suffixes[at].1),
            Err(_) => format!("{id:016x}"),
        };
        let group_id = if finding.group_key.is_empty() {
            finding_id.clone()
        } else {
            format!("{:016x}", first_64_bits(&[&finding.group_key]))
        };
        NumberedFinding {
            finding_id,
            group_id,
            status: NumberedFinding::OPEN.to_owned(),
            decision: None,
            finding,
        }
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
    pub(super) groups: GroupBook,
    pub(super) parties: PartyTable,
    /// What was found per quarter.
    pub(super) quarters: BTreeMap<Option<(i16, i8)>, FlaggedSum>,
    /// What was found per destination, as the findings write it.
    pub(super) destinations: BTreeMap<String, FlaggedSum>,
    /// What reviewers' decisions did.
    pub(super) decided: DecisionTally,
    /// What is left to decide.
    pub(super) agenda: Agenda,
}

/// What was found in a quarter or for a destination.
#[derive(Debug, Clone, Default)]
pub(super) struct FlaggedSum {
    pub(super) exceptions: u64,
    pub(super) reviews: u64,
    /// Value of the lines with an open exception or review; a line counts once.
    pub(super) open_value: ByCurrency,
}

impl FlaggedSum {
    fn enter(&mut self, disposition: Disposition, value: Option<(&str, rust_decimal::Decimal)>) {
        match disposition {
            Disposition::Exception => self.exceptions += 1,
            Disposition::Review => self.reviews += 1,
            Disposition::Note => {}
        }
        if let Some((currency, value)) = value {
            add_value(&mut self.open_value, currency, value);
        }
    }
}

/// Numbers all findings, and reads them to count them with their status; the parties they are about, too, where it is
/// said which names are one party.
pub(super) fn survey(
    findings: &mut Findings,
    identities: Option<Identities>,
    decisions: &Decisions,
) -> io::Result<Survey> {
    let numbering = Numbering::of(findings)?;
    let mut books = Books::new(identities);
    let mut decided = DecisionTally::new(decisions);
    let mut agenda = Agenda::default();
    let mut order = 0u64;
    findings.each(|at, id, finding| {
        let mut numbered = numbering.number(order, id, finding);
        decided.see(decisions, &numbered);
        decisions.mark(&mut numbered);
        agenda.see(order, &numbered);
        order += 1;
        books.enter(at, &numbered)
    })?;
    Ok(Survey { decided, agenda, ..books.close(numbering) })
}

#[derive(Default)]
struct CodeSum {
    findings: u64,
    open: u64,
    groups: GroupTally,
    value: ByCurrency,
    last_line: Option<Ordinal>,
}

/// How many groups there are. A finding that is decided by itself is a group of its own and only counted; memory grows
/// with the others.
#[derive(Default)]
struct GroupTally {
    alone: u64,
    together: BTreeSet<u64>,
}

impl GroupTally {
    fn enter(&mut self, numbered: &NumberedFinding) {
        if numbered.finding.group_key.is_empty() {
            self.alone += 1;
        } else {
            self.together.extend(u64::from_str_radix(&numbered.group_id, 16));
        }
    }

    fn count(&self) -> u64 {
        self.alone + self.together.len() as u64
    }
}

struct Books {
    codes: BTreeMap<(FindingCode, Disposition), CodeSum>,
    open: BTreeMap<Disposition, OpenCount>,
    open_groups: BTreeMap<Disposition, GroupTally>,
    groups: GroupBook,
    /// The line of the last finding, and its number among those flagged.
    line: (Option<Ordinal>, u64),
    parties: Option<Parties>,
    quarters: BTreeMap<Option<(i16, i8)>, FlaggedSum>,
    destinations: BTreeMap<String, FlaggedSum>,
    /// The last line whose value was counted as open.
    last_open: Option<Ordinal>,
}

impl Books {
    fn new(identities: Option<Identities>) -> Self {
        Self {
            codes: BTreeMap::new(),
            open: BTreeMap::new(),
            open_groups: BTreeMap::new(),
            groups: GroupBook::default(),
            line: (None, 0),
            parties: identities.map(Parties::new),
            quarters: BTreeMap::new(),
            destinations: BTreeMap::new(),
            last_open: None,
        }
    }

    fn enter(&mut self, at: Ordinal, numbered: &NumberedFinding) -> io::Result<()> {
        let finding = &numbered.finding;
        if self.line.0 != Some(at) {
            self.line = (Some(at), self.line.1 + 1);
        }
        let day = finding.day();
        let value = finding.value.parse::<rust_decimal::Decimal>().ok();
        let currency = finding.stated_currency();
        let code = self.codes.entry((finding.code, finding.disposition)).or_default();
        code.findings += 1;
        code.open += u64::from(numbered.is_open());
        code.groups.enter(numbered);
        if code.last_line != Some(at) {
            if let Some(value) = value {
                add_value(&mut code.value, currency, value);
            }
            code.last_line = Some(at);
        }
        if numbered.is_open() {
            self.open.entry(finding.disposition).or_default().findings += 1;
            self.open_groups.entry(finding.disposition).or_default().enter(numbered);
            let counts = finding.disposition != Disposition::Note && self.last_open != Some(at);
            if counts {
                self.last_open = Some(at);
            }
            let value = value.filter(|_| counts).map(|value| (currency, value));
            self.quarters.entry(day.map(quarter_of)).or_default().enter(finding.disposition, value);
            match self.destinations.get_mut(&finding.destination) {
                Some(sum) => sum.enter(finding.disposition, value),
                None => self
                    .destinations
                    .entry(finding.destination.clone())
                    .or_default()
                    .enter(finding.disposition, value),
            }
        }
        if let Some(parties) = &mut self.parties {
            parties.enter(finding, &numbered.status, at, day, value, currency);
        }
        if finding.disposition == Disposition::Review {
            self.groups.enter(numbered, &Share { line: self.line.1, day, currency, value })?;
        }
        Ok(())
    }

    fn close(mut self, numbering: Numbering) -> Survey {
        let codes = self
            .codes
            .into_iter()
            .map(|((code, disposition), sum)| CodeCount {
                code,
                name: code.name(),
                disposition,
                findings: sum.findings,
                open: sum.open,
                groups: sum.groups.count(),
                value: sum.value,
            })
            .collect();
        for (disposition, groups) in self.open_groups {
            self.open.entry(disposition).or_default().groups = groups.count();
        }
        Survey {
            numbering,
            codes,
            open: self.open,
            groups: self.groups,
            parties: self.parties.map(Parties::close).unwrap_or_default(),
            quarters: self.quarters,
            destinations: self.destinations,
            ..Survey::default()
        }
    }
}
