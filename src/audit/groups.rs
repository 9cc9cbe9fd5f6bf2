//! The groups of reviews: sums by group in memory, the first finding of each on disk.
//!
//! A review that is decided by itself is a group of one and leaves nothing in memory; there may be as many as lines.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::io;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::spool::{Spool, encode};
use super::tally::{add_value, widen};
use crate::decisions::Decisions;
use crate::effective::Date;
use crate::finding::{Finding, NumberedFinding};
use crate::report::Groups;
use crate::run::{ByCurrency, GroupRecord};

/// Groups being gathered, in the order of their first finding.
#[derive(Default)]
pub(super) struct GroupBook {
    firsts: Option<Spool>,
    count: usize,
    sums: Vec<Sum>,
    by_id: BTreeMap<String, u32>,
    buffer: Vec<u8>,
}

/// What is summed over the findings of a group.
#[derive(Default)]
struct Sum {
    findings: u64,
    open: u64,
    first_date: Option<Date>,
    last_date: Option<Date>,
    value: Vec<(Box<str>, Decimal)>,
    /// The line whose value was added last, counted from 1: a line counts once.
    last_line: u64,
}

/// The first finding of a group.
#[derive(Serialize, Deserialize)]
struct First {
    /// Which sum is the group's; none for a finding that is decided by itself.
    sum: Option<u32>,
    finding_id: String,
    group_id: String,
    finding: Finding,
}

/// What a finding adds to its group.
pub(super) struct Share<'a> {
    /// A number for its line, the same for findings of one line.
    pub(super) line: u64,
    pub(super) day: Option<Date>,
    pub(super) currency: &'a str,
    pub(super) value: Option<Decimal>,
}

impl GroupBook {
    /// Enters the next review in canonical order.
    pub(super) fn enter(&mut self, numbered: &NumberedFinding, share: &Share<'_>) -> io::Result<()> {
        if numbered.finding.group_key.is_empty() {
            return self.begin(numbered, None);
        }
        let known = self.by_id.get(&numbered.group_id).copied();
        let index = if let Some(index) = known {
            index
        } else {
            let index = self.sums.len() as u32;
            self.by_id.insert(numbered.group_id.clone(), index);
            self.sums.push(Sum::default());
            self.begin(numbered, Some(index))?;
            index
        };
        let sum = &mut self.sums[index as usize];
        sum.findings += 1;
        sum.open += u64::from(numbered.is_open());
        if let Some(day) = share.day {
            widen(&mut sum.first_date, &mut sum.last_date, day, day);
        }
        if sum.last_line != share.line {
            if let Some(value) = share.value {
                match sum.value.iter_mut().find(|(currency, _)| **currency == *share.currency) {
                    Some((_, own)) => *own = own.saturating_add(value),
                    None => sum.value.push((share.currency.into(), value)),
                }
            }
            sum.last_line = share.line;
        }
        Ok(())
    }

    fn begin(&mut self, numbered: &NumberedFinding, sum: Option<u32>) -> io::Result<()> {
        let NumberedFinding { finding_id, group_id, finding, .. } = numbered.clone();
        self.buffer.clear();
        encode(&mut self.buffer, (0, 0, 0), &First { sum, finding_id, group_id, finding });
        self.count += 1;
        let firsts = match &mut self.firsts {
            Some(firsts) => firsts,
            None => self.firsts.insert(Spool::new()?),
        };
        firsts.append(&self.buffer)
    }

    /// The groups as reports read them, each first finding with what `decisions` say of it.
    pub(super) fn read_with(self, decisions: &Decisions) -> GroupsOnDisk<'_> {
        GroupsOnDisk { count: self.count, sums: self.sums, firsts: self.firsts.map(RefCell::new), decisions }
    }
}

/// See [`GroupBook`].
pub(super) struct GroupsOnDisk<'d> {
    count: usize,
    sums: Vec<Sum>,
    firsts: Option<RefCell<Spool>>,
    decisions: &'d Decisions,
}

impl fmt::Debug for GroupsOnDisk<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GroupsOnDisk").field("count", &self.count).finish_non_exhaustive()
    }
}

impl Groups for GroupsOnDisk<'_> {
    fn count(&self) -> usize {
        self.count
    }

    fn each(&self, visit: &mut dyn FnMut(GroupRecord) -> bool) -> io::Result<()> {
        let Some(firsts) = &self.firsts else { return Ok(()) };
        for first in firsts.borrow_mut().read::<First>()? {
            let (_, First { sum, finding_id, group_id, finding }) = first?;
            let mut example = NumberedFinding {
                finding_id,
                group_id,
                status: NumberedFinding::OPEN.to_owned(),
                decision: None,
                finding,
            };
            self.decisions.mark(&mut example);
            let record = match sum.and_then(|sum| self.sums.get(sum as usize)) {
                Some(sum) => of_several(sum, example),
                None => of_one(example),
            };
            if !visit(record) {
                break;
            }
        }
        Ok(())
    }
}

fn of_several(sum: &Sum, example: NumberedFinding) -> GroupRecord {
    let text = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
    GroupRecord {
        group_id: example.group_id.clone(),
        code: example.finding.code,
        disposition: example.finding.disposition,
        findings: sum.findings,
        open: sum.open,
        first_date: text(sum.first_date),
        last_date: text(sum.last_date),
        value: sum.value.iter().map(|(currency, value)| (currency.to_string(), *value)).collect(),
        example,
    }
}

fn of_one(example: NumberedFinding) -> GroupRecord {
    let finding = &example.finding;
    let day = finding.day().map_or_else(String::new, |day| day.to_string());
    let mut value = ByCurrency::new();
    if let Ok(amount) = finding.value.parse::<Decimal>() {
        add_value(&mut value, finding.stated_currency(), amount);
    }
    GroupRecord {
        group_id: example.group_id.clone(),
        code: finding.code,
        disposition: finding.disposition,
        findings: 1,
        open: u64::from(example.is_open()),
        first_date: day.clone(),
        last_date: day,
        value,
        example,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::FindingCode;
    use crate::report::example;

    fn review(row: u32, group: &str) -> NumberedFinding {
        let mut numbered = example::finding(FindingCode::LR06);
        numbered.finding_id = format!("f{row}");
        numbered.group_id = if group.is_empty() { format!("f{row}") } else { group.to_owned() };
        let finding = &mut numbered.finding;
        finding.row = row;
        finding.date_of_export = format!("2025-03-{row:02}");
        finding.value = "10.50".to_owned();
        finding.currency = "USD".to_owned();
        finding.group_key = group.to_owned();
        numbered
    }

    #[test]
    fn groups_come_back_in_order_as_often_as_asked_and_lone_reviews_leave_no_sum() {
        let mut book = GroupBook::default();
        for (row, group, line) in [(1, "", 1), (2, "g", 2), (2, "g", 2), (3, "", 3), (4, "g", 4)] {
            let numbered = review(row, group);
            let value = numbered.finding.value.parse().ok();
            let share = Share { line, day: numbered.finding.day(), currency: "USD", value };
            book.enter(&numbered, &share).unwrap();
        }
        assert_eq!(book.sums.len(), 1);
        let decisions = Decisions::default();
        let groups = book.read_with(&decisions);
        assert_eq!(groups.count(), 3);
        for _ in 0..2 {
            let mut seen = Vec::new();
            groups
                .each(&mut |group| {
                    let value = group.value["USD"].to_string();
                    seen.push((group.group_id, group.findings, group.first_date, group.last_date, value));
                    true
                })
                .unwrap();
            let expected = [
                ("f1", 1, "2025-03-01", "2025-03-01", "10.50"),
                // Two findings of one line count its value once.
                ("g", 3, "2025-03-02", "2025-03-04", "21.00"),
                ("f3", 1, "2025-03-03", "2025-03-03", "10.50"),
            ];
            let seen: Vec<_> =
                seen.iter().map(|(id, n, from, to, value)| (&**id, *n, &**from, &**to, &**value)).collect();
            assert_eq!(seen, expected);
        }
    }
}
