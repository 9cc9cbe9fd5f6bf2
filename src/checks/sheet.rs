//! What is said once of a whole sheet, with the number of lines it concerns. (LR14, LR15, EL09; RQ02 without a column)

use std::collections::BTreeMap;

use super::draft::Place;
use crate::count::{count, counted};
use crate::entity_list::EntityList;
use crate::finding::{CodeText, Finding, FindingCode};
use crate::rulebase::Rulebase;

pub(super) const TEXTS: &[CodeText] = &[
    CodeText {
        code: FindingCode::LR14,
        what_it_finds: "Lines of which the record does not show where they left from, and which are not recorded as of US origin.",
        why_it_matters: "Only items subject to the EAR can be an exception. Findings on these lines are reviews.",
        what_to_look_at: "If the whole file left from the United States, say so with --ship-from US or in the mapping file, and audit again.",
        law: "15 CFR 734.3",
    },
    CodeText {
        code: FindingCode::LR15,
        what_it_finds: "Lines to Pakistan exported outside the span in which the text of a rule was read.",
        why_it_matters: "The rule is applied as it was last read. It may have been amended since.",
        what_to_look_at: "The CFR of the date of export.",
        law: "As cited by the rule named",
    },
    CodeText {
        code: FindingCode::EL09,
        what_it_finds: "Lines exported after the last day for which the list answers.",
        why_it_matters: "A party listed since is not found.",
        what_to_look_at: "Audit again with a newer list.",
        law: "Supplement No. 4 to 15 CFR Part 744",
    },
];

/// Lines counted for the findings about a whole sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetCounts {
    /// Lines audited.
    pub lines: u64,
    /// Lines of which the record does not show where they left from.
    pub jurisdiction_not_shown: u64,
    /// Lines to the country of a rule, outside the span in which its text was read, by rule.
    pub outside_rule: BTreeMap<String, u64>,
    /// Lines after the list's last day.
    pub after_list: u64,
    /// Lines on which text follows a closing quote, and the first of them in words.
    pub ran_together: Option<(u64, String)>,
}

impl SheetCounts {
    /// Adds the counts of another part of the sheet.
    pub fn add(&mut self, other: &Self) {
        self.lines += other.lines;
        self.jurisdiction_not_shown += other.jurisdiction_not_shown;
        self.after_list += other.after_list;
        for (rule, lines) in &other.outside_rule {
            *self.outside_rule.entry(rule.clone()).or_default() += lines;
        }
    }
}

/// Which needed fields a sheet has no column for.
#[derive(Debug, Clone, Copy)]
pub struct MissingColumns {
    /// No date of any kind.
    pub date: bool,
    /// No country of any kind.
    pub destination: bool,
    /// No party of the transaction.
    pub party: bool,
}

/// The findings about a whole sheet; they stand at its header row.
pub fn about_sheet(
    place: &Place,
    header_row: u32,
    counts: &SheetCounts,
    missing: MissingColumns,
    rules: &Rulebase,
    list: &EntityList,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let draft = |code: FindingCode, lines: u64, rule: (&str, &str), why: String, verify: &str, key: &str| {
        let mut finding = blank(code, place, header_row);
        finding.lines = lines;
        rule.0.clone_into(&mut finding.rule);
        rule.1.clone_into(&mut finding.citations);
        finding.explanation = why;
        verify.clone_into(&mut finding.to_verify);
        finding.line_key = format!("sheet|{}|{key}", place.sheet);
        // What concerns the record itself is decided by file, sheet and column; the rest finding by finding.
        if code == FindingCode::RQ02 {
            finding.group_key = format!("{code}|{}|{}|{key}", place.file, place.sheet);
        }
        finding
    };
    if counts.jurisdiction_not_shown > 0 {
        let rule = rules.jurisdiction();
        findings.push(draft(
            FindingCode::LR14,
            counts.jurisdiction_not_shown,
            (&rule.rule.id, &rule.rule.citations()),
            format!(
                "{} of {} do not show where they left from and are not recorded as of US origin. What is found on them is a review.",
                count(counts.jurisdiction_not_shown),
                counted(counts.lines, "line", "lines")
            ),
            "If the goods left from the United States, audit again with --ship-from US, or give the country for this file in a columns file (ship_from, see lookback columns --write).",
            "",
        ));
    }
    for (id, lines) in &counts.outside_rule {
        let Some(rule) = rules.rules().into_iter().find(|rule| rule.id == *id) else {
            continue;
        };
        findings.push(draft(
            FindingCode::LR15,
            *lines,
            (id, &rule.citations()),
            format!(
                "{} outside the span in which the text of the rule \"{}\" was read ({}). They are judged as the rule was last read.",
                counted(*lines, "line was exported", "lines were exported"),
                rule.title,
                rule.text_read
            ),
            "Compare the rule with the CFR of the date of export.",
            id,
        ));
    }
    if counts.after_list > 0 {
        let as_of = list.snapshot().as_of;
        let rule = rules.entity_rule();
        findings.push(draft(
            FindingCode::EL09,
            counts.after_list,
            (&rule.rule.id, &rule.rule.citations()),
            format!(
                "{} after {as_of}, the last day for which the Entity List used here answers.",
                counted(counts.after_list, "line was exported", "lines were exported")
            ),
            "Audit these lines again with a newer list (--entity-list).",
            "",
        ));
    }
    if let Some((lines, rows)) = &counts.ran_together {
        findings.push(draft(
            FindingCode::RQ01,
            *lines,
            ("", ""),
            format!(
                "On {rows} text follows a closing quote: a quote is missing or not doubled, so two cells may have run together, and what stands to their right may belong under another heading."
            ),
            "Look at these lines in the file, correct the quotes or export again, and audit again.",
            "quotes",
        ));
    }
    let no_column = [
        (missing.date, "a date", "date"),
        (missing.destination, "the destination or any country of a consignee", "destination"),
        (missing.party, "the name of a purchaser, consignee or end user", "party"),
    ];
    for (is_missing, what, key) in no_column {
        if is_missing && counts.lines > 0 {
            findings.push(draft(
                FindingCode::RQ02,
                counts.lines,
                ("", ""),
                format!(
                    "The sheet has no column for {what}; {} not judged on it.",
                    counted(counts.lines, "line is", "lines are")
                ),
                "Export the column as well, or fix the value for the file with --columns.",
                key,
            ));
        }
    }
    findings
}

/// A finding about no line.
pub(super) fn blank(code: FindingCode, place: &Place, row: u32) -> Finding {
    let none = String::new;
    Finding {
        code,
        disposition: code.default_disposition(),
        file: place.file.clone(),
        sheet: place.sheet.clone(),
        row,
        document: none(),
        line: none(),
        date_of_export: none(),
        date_basis: none(),
        destination: none(),
        party_role: none(),
        party_name: none(),
        party_address: none(),
        party_country: none(),
        listed_entity_id: none(),
        listed_entity: none(),
        matched_name: none(),
        score: none(),
        declared_eccn: none(),
        candidate_eccn: none(),
        schedule_b: none(),
        item: none(),
        description: none(),
        quantity: none(),
        unit: none(),
        value: none(),
        currency: none(),
        license_code: none(),
        license_number: none(),
        license_exception: none(),
        rule: none(),
        in_force_from: none(),
        citations: none(),
        explanation: none(),
        to_verify: none(),
        evidence: Vec::new(),
        group_key: none(),
        line_key: none(),
        folded_party: none(),
        lines: 1,
    }
}
