//! The examples that rule files carry, run through the very checks that judge a shipment line.

use std::collections::BTreeSet;

use super::batch::{SheetContext, judge_batch};
use super::sample::FileKey;
use super::spool::decode;
use super::{Error, load_list, set_up};
use crate::checks::{MissingColumns, Place, about_sheet};
use crate::effective::Period;
use crate::field::Field;
use crate::finding::{Finding, FindingCode};
use crate::ingest::SheetPlan;
use crate::items::Items;
use crate::rulebase::{Example, Rulebase};
use crate::shipment::{Layout, LineReader};
use crate::source::{Batch, CellKind};

/// Runs every example of the rule base; answers how many ran, and what went otherwise than expected.
///
/// # Errors
/// When the program's own data could not be loaded.
pub fn run_examples(rules: Rulebase, items: Items) -> Result<(usize, Vec<String>), Error> {
    let examples: Vec<Example> = rules.examples().to_vec();
    let no_period = Period { from: None, until: None };
    let bench = set_up(rules, items, load_list(None)?, None, no_period, false)?;
    let mut reader = LineReader::new(std::sync::Arc::clone(&bench.vocabulary));
    let mut failed = Vec::new();
    for example in &examples {
        let mut batch = Batch::default();
        batch.begin_row(1, 1, false);
        let mut fields = Vec::new();
        for (name, value) in &example.fields {
            let Some(field) = Field::from_name(name) else { continue };
            fields.push((field, name.clone()));
            batch.push_cell(CellKind::Text, value);
        }
        let plan = SheetPlan::of_fields(&fields);
        let layout = Layout::new(&plan, bench.vocabulary.rules.jurisdiction().home);
        let values = plan.new_tally();
        let place = Place { file: example.file.clone(), sheet: String::new() };
        let file_key = FileKey::new(&example.file, 0);
        let sheet = SheetContext { place, file: 0, sheet: 0, file_key, pass: 0, plan, layout };
        let outcome = judge_batch(&bench, &sheet, &mut reader, &batch, values);
        let mut findings: Vec<Finding> = decode(&outcome.findings)?;
        let missing = MissingColumns { date: false, destination: false, party: false };
        let vocabulary = &bench.vocabulary;
        let (rules, list) = (&vocabulary.rules, vocabulary.parties.list());
        findings.extend(about_sheet(&sheet.place, 0, &outcome.tally.counts, missing, rules, list));
        let found: BTreeSet<FindingCode> =
            findings.iter().map(|finding| finding.code).filter(|code| example.about.contains(code)).collect();
        let expected: BTreeSet<FindingCode> = example.expect.iter().copied().collect();
        if found != expected {
            failed.push(format!(
                "{}:{}: example \"{}\" expects {} and gives {}",
                example.file,
                example.line,
                example.name,
                codes(&expected),
                codes(&found)
            ));
        }
    }
    Ok((examples.len(), failed))
}

fn codes(codes: &BTreeSet<FindingCode>) -> String {
    if codes.is_empty() {
        return "none".to_owned();
    }
    codes.iter().map(|code| code.code()).collect::<Vec<_>>().join(", ")
}
