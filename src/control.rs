//! Control totals of an extract, as the system that made it states them, compared with what was read.
//!
//! Owns the file's form and the comparison. Without such totals, whether the extract is complete is not tested.

use std::collections::BTreeSet;
use std::path::Path;

use rust_decimal::Decimal;

use crate::count::{count, counted};
use crate::option_file::{OptionTable, number};
use crate::run::{ByCurrency, ControlLine, ControlRecord, OptionFile, Reconciliation, RunRecord};

const HEADINGS: &[&str] = &["file", "rows", "quantity", "currency", "value", "itn"];

/// How many ITNs a report names; the rest are counted.
const NAMED: usize = 200;

/// How many differences a message tells in numbers; the Summary lists all.
const TOLD: usize = 3;

/// The totals of a run's extract.
#[derive(Debug, Clone, Default)]
pub struct ControlTotals {
    /// The file they came from.
    pub record: OptionFile,
    rows: Vec<ControlRow>,
    itns: Vec<String>,
}

#[derive(Debug, Clone)]
struct ControlRow {
    file: String,
    rows: Option<Decimal>,
    quantity: Option<Decimal>,
    currency: String,
    value: Option<Decimal>,
}

/// Which ITNs of the control file were met, and lines whose ITN it does not hold.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct ItnTally {
    seen: BTreeSet<u32>,
    others: BTreeSet<String>,
    other_lines: u64,
    lines: u64,
}

impl ItnTally {
    /// Adds what was met elsewhere.
    pub fn add(&mut self, other: Self) {
        self.seen.extend(other.seen);
        self.others.extend(other.others);
        while self.others.len() > NAMED {
            self.others.pop_last();
        }
        self.other_lines += other.other_lines;
        self.lines += other.lines;
    }
}

impl ControlTotals {
    /// Reads the file given to `--control`.
    ///
    /// # Errors
    /// Every row that cannot be used, with its line.
    pub fn read(path: &Path) -> Result<Self, String> {
        Self::of(OptionTable::read("control", path, HEADINGS)?)
    }

    fn of(table: OptionTable) -> Result<Self, String> {
        let mut problems = Vec::new();
        let mut totals = Self { record: table.record.clone(), ..Self::default() };
        for row in &table.rows {
            let mut read = |heading| match table.value(row, heading) {
                "" => None,
                text => {
                    let read = number(text);
                    if read.is_none() {
                        problems.push(format!(
                            "{} line {}: `{text}` under {heading} is no number; write 1234.50",
                            table.record.path, row.line
                        ));
                    }
                    read
                }
            };
            let control = ControlRow {
                rows: read("rows"),
                quantity: read("quantity"),
                value: read("value"),
                file: table.value(row, "file").to_owned(),
                currency: table.value(row, "currency").to_owned(),
            };
            let itn = folded(table.value(row, "itn"));
            let has_total = control.rows.is_some() || control.quantity.is_some() || control.value.is_some();
            if !itn.is_empty() {
                totals.itns.push(itn);
            }
            if has_total {
                totals.rows.push(control);
            }
        }
        if problems.is_empty() && totals.rows.is_empty() && totals.itns.is_empty() {
            problems.push(format!(
                "{} holds no total: give rows, quantity, value or itn in a row.",
                table.record.path
            ));
        }
        totals.itns.sort_unstable();
        totals.itns.dedup();
        if problems.is_empty() { Ok(totals) } else { Err(problems.join("\n")) }
    }

    /// Whether ITNs are to be compared.
    pub fn has_itns(&self) -> bool {
        !self.itns.is_empty()
    }

    /// Notes the ITN of a line.
    pub fn see_itn(&self, recorded: &str, tally: &mut ItnTally) {
        let itn = folded(recorded);
        if itn.is_empty() {
            return;
        }
        tally.lines += 1;
        if let Ok(index) = self.itns.binary_search(&itn) {
            tally.seen.insert(index as u32);
        } else {
            tally.other_lines += 1;
            tally.others.insert(itn);
            while tally.others.len() > NAMED {
                tally.others.pop_last();
            }
        }
    }

    /// Compares the totals with what the run read.
    pub fn compare(&self, run: &RunRecord, itns: &ItnTally) -> ControlRecord {
        let mut record = ControlRecord::default();
        for row in &self.rows {
            row.compare(run, &mut record.totals);
        }
        if self.has_itns() {
            record.itns = self.itn_sentences(itns);
        }
        let same_itns = itns.seen.len() == self.itns.len() && itns.other_lines == 0;
        record.agrees = record.totals.iter().all(ControlLine::agrees) && (!self.has_itns() || same_itns);
        record
    }

    fn itn_sentences(&self, itns: &ItnTally) -> Vec<String> {
        let mut said = vec![format!(
            "{} given; {} found in the files.",
            counted(self.itns.len() as u64, "ITN", "ITNs"),
            count(itns.seen.len() as u64)
        )];
        if itns.lines == 0 {
            said.push("No audited line carries an ITN that could be read.".to_owned());
        }
        let missing: Vec<&str> = (0u32..)
            .zip(&self.itns)
            .filter(|(index, _)| !itns.seen.contains(index))
            .map(|(_, itn)| itn.as_str())
            .collect();
        said.extend(named("Given and not found", &missing, missing.len()));
        let others: Vec<&str> = itns.others.iter().map(String::as_str).collect();
        if itns.other_lines > 0 {
            said.push(format!(
                "{} an ITN that the control file does not hold.",
                counted(itns.other_lines, "audited line carries", "audited lines carry")
            ));
            said.extend(named("Among them", &others, others.len()));
        }
        said
    }
}

impl ControlRow {
    /// Compares the row's totals with what the run read of its file.
    fn compare(&self, run: &RunRecord, lines: &mut Vec<ControlLine>) {
        let is_whole = self.file.is_empty();
        let inputs: Vec<_> = run
            .inputs
            .iter()
            .filter(|input| {
                is_whole || input.file == self.file || input.file.ends_with(&format!("/{}", self.file))
            })
            .collect();
        let mut rows = Reconciliation::default();
        let mut quantity = Decimal::ZERO;
        let mut value = ByCurrency::new();
        for sheet in inputs.iter().flat_map(|input| &input.sheets) {
            rows.add(&sheet.rows);
            quantity = quantity.saturating_add(sheet.quantity);
            for (currency, sum) in sheet.value.iter() {
                let own = value.entry(currency);
                *own = own.saturating_add(*sum);
            }
        }
        let file = if is_whole { "all files".to_owned() } else { self.file.clone() };
        let missing = inputs.is_empty().then(|| "no file of this name was given".to_owned());
        let left_out = rows.outside_period + rows.rejected;
        let remark = missing.clone().unwrap_or_else(|| match left_out {
            0 => String::new(),
            _ => format!(
                "{} outside the period and {} rejected are not in what was read",
                counted(rows.outside_period, "line", "lines"),
                counted(rows.rejected, "row", "rows")
            ),
        });
        let mut push = |what: String, control: Option<Decimal>, read: Option<Decimal>, remark: &str| {
            if let Some(control) = control {
                let read = if missing.is_some() { None } else { read };
                lines.push(ControlLine {
                    file: file.clone(),
                    what,
                    control,
                    read,
                    remark: remark.to_owned(),
                });
            }
        };
        let read = Decimal::from(rows.audited + left_out);
        push("rows".to_owned(), self.rows, Some(read), missing.as_deref().unwrap_or(""));
        push("quantity".to_owned(), self.quantity, Some(quantity), &remark);
        let (what, sum) = if self.currency.is_empty() {
            let only = (value.len() < 2).then(|| value.values().next().copied().unwrap_or_default());
            ("value".to_owned(), only)
        } else {
            let same = value.iter().find(|(currency, _)| currency.eq_ignore_ascii_case(&self.currency));
            (format!("value in {}", self.currency), Some(same.map_or(Decimal::ZERO, |(_, sum)| *sum)))
        };
        let several = "the files hold several currencies: name one under currency";
        push(what, self.value, sum, if sum.is_none() { several } else { &remark });
    }
}

fn named(lead: &str, itns: &[&str], all: usize) -> Option<String> {
    if itns.is_empty() {
        return None;
    }
    let shown: Vec<&str> = itns.iter().copied().take(NAMED).collect();
    let more = if all > shown.len() {
        format!(" and {} more", count((all - shown.len()) as u64))
    } else {
        String::new()
    };
    Some(format!("{lead}: {}{more}.", shown.join(", ")))
}

/// An ITN as it is compared: letters and digits, in capitals.
fn folded(itn: &str) -> String {
    itn.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Whether the totals agree, and where they do not: the first differences in numbers, for a message.
pub fn summary(record: &ControlRecord) -> String {
    let different: Vec<&ControlLine> = record.totals.iter().filter(|line| !line.agrees()).collect();
    let all = record.totals.len();
    let itns = record.itns.first().map_or_else(String::new, |first| format!(" {first}"));
    if record.agrees {
        return format!(
            "All {} given agree with what was read.{itns}",
            counted(all as u64, "control total", "control totals")
        );
    }
    if different.is_empty() {
        return format!("The control totals agree; the ITNs do not.{itns}");
    }
    let told = if all == 1 {
        "1 control total does not agree".to_owned()
    } else {
        format!("{} control totals do not agree", count(all as u64))
    };
    let shown: Vec<String> = different.iter().take(TOLD).map(|line| difference(line)).collect();
    let more = if different.len() > TOLD { "; and more" } else { "" };
    format!(
        "{} of {told} with what was read ({}{more}); the Summary lists them.{itns}",
        count(different.len() as u64),
        shown.join("; ")
    )
}

/// `all files, rows: 3 stated, 2 read`.
fn difference(line: &ControlLine) -> String {
    let stated = format!("{}, {}: {} stated", line.file, line.what, line.control);
    match line.read {
        Some(read) => format!("{stated}, {read} read"),
        None => format!("{stated}, {}", line.remark),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{InputRecord, SheetRecord};

    fn control(text: &str) -> Result<ControlTotals, String> {
        ControlTotals::of(OptionTable::parse(OptionFile::default(), text, HEADINGS).unwrap())
    }

    fn run() -> RunRecord {
        let sheet = |rejected| SheetRecord {
            rows: Reconciliation { audited: 10, rejected, ..Reconciliation::default() },
            value: ByCurrency::from([("USD".to_owned(), Decimal::new(12_050, 2))]),
            quantity: Decimal::from(7),
            ..SheetRecord::default()
        };
        let input = |file: &str, rejected| InputRecord {
            file: file.into(),
            sheets: vec![sheet(rejected)],
            ..InputRecord::default()
        };
        RunRecord { inputs: vec![input("q/a.csv", 0), input("b.csv", 2)], ..RunRecord::default() }
    }

    #[test]
    fn totals_are_compared_by_file_and_over_all() {
        let totals = control("file,rows,quantity,currency,value\na.csv,10,7,usd,120.50\nb.csv,13,,,\n,22,14,,241.00\nc.csv,1,,,\n").unwrap();
        let record = totals.compare(&run(), &ItnTally::default());
        let verdicts: Vec<(String, String, bool)> =
            record.totals.iter().map(|line| (line.file.clone(), line.what.clone(), line.agrees())).collect();
        let expected = [
            ("a.csv", "rows", true),
            ("a.csv", "quantity", true),
            ("a.csv", "value in usd", true),
            ("b.csv", "rows", false),
            ("all files", "rows", true),
            ("all files", "quantity", true),
            ("all files", "value", true),
            ("c.csv", "rows", false),
        ];
        assert_eq!(verdicts, expected.map(|(file, what, agrees)| (file.to_owned(), what.to_owned(), agrees)));
        assert!(!record.agrees);
        assert!(record.totals[5].remark.contains("2 rows rejected"));
        assert!(control("file,rows\na,x\n").unwrap_err().contains("line 2"));
        assert!(control("file,rows\na,\n").is_err());
    }

    #[test]
    fn a_message_tells_the_differences_in_numbers() {
        let said = |text| summary(&control(text).unwrap().compare(&run(), &ItnTally::default()));
        for (text, expected) in [
            ("file,rows,value\na.csv,10,120.50\n", "All 2 control totals given agree with what was read."),
            (
                "rows,value\n23,241.00\n",
                "1 of 2 control totals do not agree with what was read (all files, rows: 23 stated, 22 read); the Summary lists them.",
            ),
            (
                "file,value\na.csv,120.51\n",
                "1 of 1 control total does not agree with what was read (a.csv, value: 120.51 stated, 120.50 read); the Summary lists them.",
            ),
            (
                "rows,value\n23,240.00\n",
                "2 of 2 control totals do not agree with what was read (all files, rows: 23 stated, 22 read; all files, value: 240.00 stated, 241.00 read); the Summary lists them.",
            ),
            (
                "file,rows\nc.csv,1\n",
                "1 of 1 control total does not agree with what was read (c.csv, rows: 1 stated, no file of this name was given); the Summary lists them.",
            ),
            (
                "rows,quantity,value\n1,1,1\n,2,\n",
                "4 of 4 control totals do not agree with what was read (all files, rows: 1 stated, 22 read; all files, quantity: 1 stated, 14 read; all files, value: 1 stated, 241.00 read; and more); the Summary lists them.",
            ),
        ] {
            assert_eq!(said(text), expected);
        }
    }

    #[test]
    fn itns_are_compared_both_ways() {
        let totals = control("itn\nX20250101000001\nx2025-0101-000002\n").unwrap();
        let mut tally = ItnTally::default();
        totals.see_itn("X20250101000001", &mut tally);
        totals.see_itn("X20259999999999", &mut tally);
        totals.see_itn("", &mut tally);
        let record = totals.compare(&run(), &tally);
        let said = record.itns.join("\n");
        assert!(!record.agrees);
        assert!(
            said.contains("Given and not found: X20250101000002") && said.contains("X20259999999999"),
            "{said}"
        );
    }
}
