//! Words that mean "no value", per field, from `data/null_words.csv`. Countries keep their codes: NA is Namibia.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::field::Field;
use crate::source::trimmed;

static WORDS: &str = include_str!("../../../data/null_words.csv");
static LONGEST: usize = 24;

/// Whether this text, in this field, means that there is no value. Blank text is not asked here.
pub fn is_null_word(field: Field, text: &str) -> bool {
    static TABLE: LazyLock<BTreeMap<String, bool>> = LazyLock::new(|| {
        let records = csv::Reader::from_reader(WORDS.as_bytes()).into_records();
        records.flatten().map(|record| (record[0].to_lowercase(), &record[1] == "-country")).collect()
    });
    // Nearly every cell is told by its first letter; only the rest is folded and looked up.
    static FIRST: LazyLock<[bool; 256]> = LazyLock::new(|| {
        let mut first = [false; 256];
        for begins in TABLE.keys().filter_map(|word| word.bytes().next()) {
            first[usize::from(begins)] = true;
            first[usize::from(begins.to_ascii_uppercase())] = true;
        }
        // Whatever folds to a letter is looked up.
        first[128..].fill(true);
        first
    });
    let text = trimmed(text);
    if text.is_empty() || text.len() > LONGEST {
        return false;
    }
    if !FIRST[usize::from(text.as_bytes()[0])] {
        return false;
    }
    match TABLE.get(&text.to_lowercase()) {
        Some(&not_in_countries) => !(not_in_countries && holds_country(field)),
        None => false,
    }
}

fn holds_country(field: Field) -> bool {
    matches!(
        field,
        Field::Destination | Field::Country | Field::PartyCountry(_) | Field::Origin | Field::ShipFromCountry
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_countries_are_values() {
        assert!(!is_null_word(Field::Destination, "NA"));
        assert!(!is_null_word(Field::Destination, "NO"));
        assert!(is_null_word(Field::Destination, "N/A"));
        assert!(is_null_word(Field::Eccn, "na"));
        assert!(is_null_word(Field::Eccn, " #N/A "));
        assert!(!is_null_word(Field::Eccn, "TBD"));
        assert!(!is_null_word(Field::Eccn, "0"));
    }

    #[test]
    fn the_table_is_well_formed() {
        for record in csv::Reader::from_reader(WORDS.as_bytes()).records() {
            let record = record.unwrap();
            assert!(matches!(&record[1], "*" | "-country"), "{record:?}");
            assert!(record[0].len() <= LONGEST);
        }
    }
}
