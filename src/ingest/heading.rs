//! The vocabulary of headings: which fields a heading may lead to, as `data/columns.csv` has it.
//!
//! Headings are compared whole after folding, never by parts. Which candidate wins is decided in `columns`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::field::Field;

/// From this rank on, a heading stands for a field only where the column's values speak for it.
pub(crate) const WEAK_RANK: u8 = 7;

static COLUMNS: &str = include_str!("../../data/columns.csv");

/// One meaning of a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// The field.
    pub(crate) field: Field,
    /// 1 is best.
    pub(crate) rank: u8,
}

/// Folds a heading: letters and digits alone, without case and accents; `#` reads as `no`.
pub(crate) fn fold(heading: &str) -> String {
    let mut folded = String::with_capacity(heading.len());
    for c in heading.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' | 'ẞ' => folded.push_str("ss"),
            '#' => folded.push_str("no"),
            _ if c.is_alphanumeric() => folded.extend(c.to_lowercase()),
            _ => {}
        }
    }
    folded
}

/// The meanings of a heading, best first; none where it is not known.
pub(crate) fn meanings(heading: &str) -> &'static [Meaning] {
    static VOCABULARY: LazyLock<BTreeMap<String, Vec<Meaning>>> = LazyLock::new(read_vocabulary);
    let known = |folded: &str| VOCABULARY.get(folded).map(Vec::as_slice);
    let folded = fold(heading);
    known(&folded).or_else(|| of_numbered_line(&folded, known)).unwrap_or(&[])
}

/// The meanings of `Customer Address 2` by those of `Customer Address`, and of `Customer Name 1` by those of `Customer
/// Name`: systems cut addresses and names into lines, and number them.
fn of_numbered_line(
    folded: &str,
    known: impl Fn(&str) -> Option<&'static [Meaning]>,
) -> Option<&'static [Meaning]> {
    let (base, number) = folded.split_at_checked(folded.len().checked_sub(1)?)?;
    if !matches!(number, "1" | "2" | "3" | "4") || base.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let meanings = known(base.strip_suffix("line").unwrap_or(base)).or_else(|| known(base))?;
    let address = meanings.iter().all(|meaning| matches!(meaning.field, Field::PartyAddress(_)));
    // Further lines of a name are joined to the first where that one stands; alone they are no name.
    let name = number == "1"
        && base.ends_with("name")
        && meanings.iter().all(|meaning| matches!(meaning.field, Field::Party(_)));
    (address || name).then_some(meanings)
}

fn read_vocabulary() -> BTreeMap<String, Vec<Meaning>> {
    let mut vocabulary: BTreeMap<String, Vec<Meaning>> = BTreeMap::new();
    for record in csv::Reader::from_reader(COLUMNS.as_bytes()).records().flatten() {
        // A test reads every line of the table, so a line that does not parse cannot reach a release.
        if let (Some(field), Ok(rank)) = (Field::from_name(&record[1]), record[2].parse()) {
            vocabulary.entry(fold(&record[0])).or_default().push(Meaning { field, rank });
        }
    }
    for meanings in vocabulary.values_mut() {
        meanings.sort_by_key(|meaning| meaning.rank);
    }
    vocabulary
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::field::DateKind;
    use crate::party::PartyRole;

    #[test]
    fn the_table_is_well_formed_and_sorted() {
        let mut seen = BTreeSet::new();
        let mut last = (String::new(), 0, String::new());
        for record in csv::Reader::from_reader(COLUMNS.as_bytes()).records() {
            let record = record.unwrap();
            let folded = fold(&record[0]);
            assert!(!folded.is_empty(), "{record:?}");
            assert!(Field::from_name(&record[1]).is_some(), "{record:?}");
            let rank: u8 = record[2].parse().unwrap();
            assert!((1..=9).contains(&rank), "{record:?}");
            assert!(seen.insert((folded.clone(), record[1].to_owned())), "twice: {record:?}");
            let key = (folded, rank, record[1].to_owned());
            assert!(last < key, "out of order: {record:?}");
            last = key;
        }
        assert!(seen.len() > 1_200);
    }

    #[test]
    fn headings_fold_whole() {
        for spelling in ["SHIP_TO  Name", "ship-to\u{a0}name", "Ship-To Name:", "ShipToName"] {
            assert_eq!(meanings(spelling)[0].field, Field::Party(PartyRole::ShipTo), "{spelling}");
        }
        assert_eq!(fold("Währung"), fold("WAHRUNG"));
        assert_eq!(fold("Straße"), "strasse");
        assert!(meanings("Previous ECCN of the parent").is_empty());
    }

    #[test]
    fn numbered_lines_mean_what_the_whole_means() {
        let first = |heading: &str| meanings(heading).first().map(|meaning| meaning.field);
        for heading in ["Customer Address 1", "Customer Address Line 2", "CUSTOMER_ADDRESS_3"] {
            assert_eq!(first(heading), Some(Field::PartyAddress(PartyRole::Purchaser)), "{heading}");
        }
        assert_eq!(first("Customer Name 1"), Some(Field::Party(PartyRole::Purchaser)));
        // Another consignee, a second quantity, a year: no lines of one value.
        for heading in ["Customer Name 2", "Ultimate Consignee 2", "Entered Value 2", "Address 2024", "1", ""]
        {
            assert_eq!(first(heading), None, "{heading}");
        }
    }

    #[test]
    fn kinds_of_dates_are_kept_apart() {
        for (heading, kind) in [
            ("WADAT_IST", DateKind::GoodsIssue),
            ("WADAT", DateKind::Planned),
            ("FKDAT", DateKind::Invoice),
            ("Date of Export", DateKind::Export),
            ("Order Date", DateKind::Order),
            ("LFDAT", DateKind::Delivery),
            ("BUDAT", DateKind::Posting),
            ("ARRIVAL_DATE", DateKind::Import),
        ] {
            assert_eq!(meanings(heading)[0].field, Field::Date(kind), "{heading}");
        }
    }
}
