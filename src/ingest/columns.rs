//! From headings to the plan of a sheet, by the rows read ahead: `header` finds the header, `choice` the columns.
//!
//! A choice that only values can make is made from the rows read ahead, and said. Nothing is matched by parts.

use std::collections::{BTreeMap, BTreeSet};

use super::choice::Choice;
use super::columns_file::ColumnsBlock;
use super::continued::continued_names;
use super::header::{find_header, no_header};
use super::plan::{BoundColumn, DateColumn, NumberColumn, SheetPlan, UnusedColumn};
use super::profile::Profile;
use super::values::{DateOrder, DateReader};
use crate::field::Field;
use crate::source::Batch;

/// How many rows from the top the header is looked for, and how many below it decide what headings leave open.
pub(crate) const HEADER_SEARCH: usize = 200;
pub(crate) const ROWS_AHEAD: usize = 1_000;

/// What is known before the headings are read.
pub(crate) struct Asked<'a> {
    pub(crate) file: &'a str,
    pub(crate) sheet: &'a str,
    pub(crate) block: Option<&'a ColumnsBlock>,
    pub(crate) date_order: Option<DateOrder>,
    pub(crate) from_1904: bool,
}

/// What the headings led to.
pub(crate) enum Outcome {
    /// A plan.
    Plan(Box<SheetPlan>),
    /// No header, with the reason and the next step.
    NoHeader(String),
    /// Equal candidates: a person must say which.
    Question(String),
}

/// Reads the headings among the rows read ahead.
pub(crate) fn decide(ahead: &Batch, asked: &Asked<'_>) -> Outcome {
    let given_row = asked.block.and_then(|block| block.header_row);
    let header = match given_row {
        Some(0) => None,
        Some(row) => match ahead.rows().find(|candidate| candidate.number() == row) {
            Some(row) => Some(row),
            None => {
                return Outcome::NoHeader(format!(
                    "there is no row {row} near the top, where the columns file puts the header"
                ));
            }
        },
        None => match find_header(ahead, asked.block) {
            Some((row, _)) => Some(row),
            None => return Outcome::NoHeader(no_header(asked, ahead)),
        },
    };
    let mut headings: Vec<String> =
        header.map_or_else(Vec::new, |row| row.cells().map(|cell| cell.text.to_owned()).collect());
    if header.is_none() {
        let width = ahead.rows().take(ROWS_AHEAD).map(|row| row.len()).max().unwrap_or(0);
        headings = vec![String::new(); width];
    }
    let header_row = header.map_or(0, |row| row.number());
    let profiles = profile(ahead, header_row, headings.len());
    let mut choice = Choice {
        headings: &headings,
        profiles: &profiles,
        bound: Vec::new(),
        unused: Vec::new(),
        remarks: Vec::new(),
        questions: Vec::new(),
    };
    let taken = match asked.block {
        Some(block) => match choice.bind_given(block, asked) {
            Ok(taken) => taken,
            Err(problem) => return Outcome::NoHeader(problem),
        },
        None => BTreeSet::new(),
    };
    let fixed = asked.block.map_or_else(BTreeMap::new, |block| block.fixed.clone());
    choice.bind_headings(&taken, &fixed);
    for (column, remark) in continued_names(&choice.bound, &mut choice.unused) {
        choice.bound.push(column);
        choice.remarks.push(remark);
    }
    if !choice.questions.is_empty() {
        return Outcome::Question(choice.questions.join(" "));
    }
    if choice.bound.iter().all(|column| column.field == Field::Context) {
        return Outcome::NoHeader(no_header(asked, ahead));
    }
    let Choice { mut bound, mut unused, remarks, .. } = choice;
    bound.sort_by_key(|column| column.index);
    unused.sort_by_key(|column| column.index);
    Outcome::Plan(Box::new(make_plan(ahead, header_row, headings, bound, unused, fixed, remarks, asked)))
}

fn profile(ahead: &Batch, header_row: u32, width: usize) -> Vec<Profile> {
    let mut profiles = vec![Profile::default(); width];
    for row in ahead.rows().filter(|row| row.number() > header_row).take(ROWS_AHEAD) {
        for (profile, cell) in profiles.iter_mut().zip(row.cells()) {
            profile.see(cell);
        }
    }
    profiles
}

#[expect(clippy::too_many_arguments, reason = "the parts of a plan, put together once")]
fn make_plan(
    ahead: &Batch,
    header_row: u32,
    header: Vec<String>,
    columns: Vec<BoundColumn>,
    unused: Vec<UnusedColumn>,
    fixed: BTreeMap<Field, String>,
    remarks: Vec<String>,
    asked: &Asked<'_>,
) -> SheetPlan {
    let mut by_field: BTreeMap<Field, Vec<usize>> = BTreeMap::new();
    for column in &columns {
        by_field.entry(column.field).or_default().push(column.index);
    }
    let reader = DateReader::with_order(asked.date_order.unwrap_or_default(), asked.from_1904);
    let dates = columns
        .iter()
        .filter(|column| matches!(column.field, Field::Date(_)))
        .map(|column| DateColumn { index: column.index, reader, given: asked.date_order.is_some() })
        .collect();
    let numbers = columns
        .iter()
        .filter(|column| matches!(column.field, Field::Quantity | Field::UnitPrice | Field::Value))
        .map(|column| NumberColumn { index: column.index, mark: super::values::DecimalMark::Undecided })
        .collect();
    let mut plan = SheetPlan {
        header_row,
        columns,
        unused,
        fixed,
        dates,
        numbers,
        remarks,
        encoding: None,
        encoding_how: String::new(),
        delimiter: None,
        delimiter_how: String::new(),
        header,
        by_field,
        restarted: false,
    };
    let mut tally = plan.new_tally();
    for row in ahead.rows().take(HEADER_SEARCH + ROWS_AHEAD) {
        if plan.classify(&row) == super::row_class::RowClass::Data {
            tally.see(&plan, &row);
        }
    }
    plan.settle(&tally);
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::DateKind;
    use crate::ingest::columns_file::ColumnsFile;
    use crate::ingest::records::{Records, parse};
    use crate::party::PartyRole;

    fn read(text: &str, columns: Option<&str>) -> Outcome {
        let bytes = text.as_bytes().to_vec();
        let parsed = parse(Records { bytes, first_line: 1, fault: None, marks: Vec::new() }, b',');
        let file = columns.map(|text| ColumnsFile::parse(text, "m.toml").unwrap());
        let block = file.as_ref().and_then(|file| file.block_for("a.csv", ""));
        decide(&parsed.batch, &Asked { file: "a.csv", sheet: "", block, date_order: None, from_1904: false })
    }

    fn plan(text: &str, columns: Option<&str>) -> SheetPlan {
        match read(text, columns) {
            Outcome::Plan(plan) => *plan,
            Outcome::NoHeader(why) | Outcome::Question(why) => panic!("{why}"),
        }
    }

    #[test]
    fn item_is_told_by_its_values() {
        let sap = plan("Delivery,Item,Material,Country\n80001,10,P-1,PK\n80001,20,P-2,PK\n", None);
        assert_eq!(sap.column_of(Field::LineNumber), Some(1));
        assert_eq!(sap.column_of(Field::Item), Some(2));
        let netsuite = plan("Document Number,Line ID,Item,Country\nSO1,1,P-1,PK\nSO1,2,P-2,PK\n", None);
        assert_eq!(netsuite.column_of(Field::Item), Some(2));
        assert_eq!(netsuite.column_of(Field::LineNumber), Some(1));
        let sku = plan("Invoice No,Item,Country\nSO1,P-1,PK\nSO1,P-2,PK\n", None);
        assert_eq!(sku.column_of(Field::Item), Some(1));
    }

    #[test]
    fn equal_candidates_are_a_question() {
        let Outcome::Question(text) =
            read("Doc,Name,Name,ECCN,Country\n1,Alpha Beta,Gamma Delta,EAR99,PK\n", None)
        else {
            panic!("no question");
        };
        assert!(text.contains("column B (Name)") && text.contains("column C (Name)"), "{text}");
        assert!(text.contains("columns = { purchaser = \"B\" }"), "{text}");
        let given = "[[file]]\ncolumns = { purchaser = \"B\", end_user = \"C\" }\n";
        let plan = plan("Doc,Name,Name,ECCN,Country\n1,Alpha Beta,Gamma Delta,EAR99,PK\n", Some(given));
        assert_eq!(plan.column_of(Field::Party(PartyRole::EndUser)), Some(2));
    }

    #[test]
    fn values_separate_equals_and_that_is_said() {
        let plan = plan(
            "Invoice No,ECCN,ECCN Code,Country\n1,EAR99,Gauge for water,PK\n2,3A992.a,Valve of steel,PK\n",
            None,
        );
        assert_eq!(plan.column_of(Field::Eccn), Some(1));
        assert!(plan.remarks[0].contains("only its values look so"), "{:?}", plan.remarks);
    }

    #[test]
    fn better_headings_win_and_losers_are_named() {
        let plan =
            plan("Delivery No.,Sales Order,Customer,Sold-To Name,Country\n1,2,Alpha Co,Beta Co,PK\n", None);
        assert_eq!(plan.column_of(Field::Party(PartyRole::Purchaser)), Some(3));
        assert_eq!(plan.column_of(Field::Document), Some(0));
        assert!(
            plan.unused.iter().any(|column| column.heading == "Customer" && column.why.contains("column D"))
        );
    }

    #[test]
    fn weak_headings_need_their_values() {
        let text = "Invoice No,Jurisdiction,Country\n1,EAR,PK\n2,EAR,PK\n";
        assert_eq!(plan(text, None).column_of(Field::Eccn), None);
        assert_eq!(plan(&text.replace(",EAR,", ",3A992,"), None).column_of(Field::Eccn), Some(1));
    }

    #[test]
    fn without_a_header_the_user_names_numbers() {
        let text = "INV-1,1,2023-01-14,PK\nINV-2,1,2023-01-15,DE\n";
        assert!(matches!(read(text, None), Outcome::NoHeader(why) if why.contains("header_row = 0")));
        let plan = plan(
            text,
            Some(
                "[[file]]\nheader_row = 0\ndestination = \"PK\"\ncolumns = { document = 1, goods_issue_date = \"C\" }\n",
            ),
        );
        assert_eq!(plan.column_of(Field::Date(DateKind::GoodsIssue)), Some(2));
        assert_eq!(plan.fixed[&Field::Destination], "PK");
        assert_eq!(plan.header_row, 0);
    }

    #[test]
    fn the_header_is_found_below_title_rows() {
        let plan = plan(
            "Shipment register\nCompany,Country of origin: US\n\nInvoice No,Ship Date,Country,ECCN\n1,2023-01-14,PK,EAR99\n",
            None,
        );
        assert_eq!(plan.header_row, 4);
    }
}
