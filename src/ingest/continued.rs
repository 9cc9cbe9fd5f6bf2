//! Names that a system writes over several columns: `NAME1` and `NAME2`, `Customer Name` and `Customer Name 2`.
//!
//! Only a column that means nothing else continues a name, and only one that stands behind it under the same heading but
//! for its number.

use super::heading::fold;
use super::plan::{BoundColumn, UnusedColumn};
use crate::field::Field;
use crate::source::column_letters;

/// No system writes a name over more columns.
const MOST_COLUMNS: u8 = 4;

/// Takes the columns that continue a party's name out of the unused ones; gives them with a remark each.
pub(crate) fn continued_names(
    bound: &[BoundColumn],
    unused: &mut Vec<UnusedColumn>,
) -> Vec<(BoundColumn, String)> {
    let mut continued = Vec::new();
    for first in bound.iter().filter(|column| matches!(column.field, Field::Party(_))) {
        let heading = fold(&first.heading);
        let mut last = first.index;
        for number in 2..=MOST_COLUMNS {
            let wanted = numbered(&heading, number);
            let Some(at) =
                unused.iter().position(|column| column.index > last && fold(&column.heading) == wanted)
            else {
                break;
            };
            let next = unused.remove(at);
            let letters = column_letters(next.index as u32);
            let remark = format!(
                "column {letters} ({}) continues the name in column {} ({})",
                next.heading.trim(),
                first.letters(),
                first.heading.trim()
            );
            last = next.index;
            let column = BoundColumn {
                index: next.index,
                heading: next.heading,
                field: first.field,
                source: first.source,
            };
            continued.push((column, remark));
        }
    }
    continued
}

/// The heading of the column with this number: the number in place of the only 1, or behind a heading without one.
fn numbered(heading: &str, number: u8) -> String {
    match heading.split_once('1') {
        Some((before, after)) => format!("{before}{number}{after}"),
        None => format!("{heading}{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::MappingSource;
    use crate::party::PartyRole;

    fn column(index: usize, heading: &str, role: PartyRole) -> BoundColumn {
        BoundColumn {
            index,
            heading: heading.into(),
            field: Field::Party(role),
            source: MappingSource::Heading,
        }
    }

    fn left(index: usize, heading: &str) -> UnusedColumn {
        UnusedColumn { index, heading: heading.into(), why: "the heading is not known".into() }
    }

    #[test]
    fn a_name_goes_on_under_the_next_number() {
        let bound =
            [column(1, "NAME1_WE", PartyRole::ShipTo), column(5, "Customer Name", PartyRole::Purchaser)];
        let mut unused =
            vec![left(2, "NAME2_WE"), left(3, "NAME2_AG"), left(6, "Customer Name 2"), left(8, "NAME4_WE")];
        let continued = continued_names(&bound, &mut unused);
        let found: Vec<(usize, Field)> =
            continued.iter().map(|(column, _)| (column.index, column.field)).collect();
        assert_eq!(
            found,
            [(2, Field::Party(PartyRole::ShipTo)), (6, Field::Party(PartyRole::Purchaser))],
            "another role's second line and a number left out continue nothing"
        );
        assert_eq!(unused.len(), 2);
        assert!(continued[0].1.contains("column C (NAME2_WE) continues the name in column B (NAME1_WE)"));
    }
}
