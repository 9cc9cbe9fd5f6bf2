//! Lines as a reader sees them again: judged, drawn for testing by hand, or rejected. Raw text throughout; what it means was
//! read elsewhere.

use super::batch::SheetContext;
use crate::determination::Word;
use crate::field::Field;
use crate::finding::{Disposition, Finding};
use crate::run::{LineRecord, SampledLine};
use crate::shipment::Glance;
use crate::source::Row;

/// How long the raw text of a rejected row may be.
const RAW_SHOWN: usize = 4_000;

/// A line with what was determined of it, as `lines.csv` prints it.
pub(super) fn judged(
    glance: &Glance<'_>,
    sheet: &SheetContext,
    word: Word,
    findings: &[Finding],
) -> LineRecord {
    let (row, layout) = (glance.row, &sheet.layout);
    let text = |field: Field| layout.slot(field).map_or("", |slot| slot.text(row)).trim().to_owned();
    let mut codes: Vec<&str> = findings.iter().map(|finding| finding.code.code()).collect();
    codes.dedup();
    let mut rules: Vec<&str> =
        findings.iter().map(|finding| finding.rule.as_str()).filter(|rule| !rule.is_empty()).collect();
    rules.sort_unstable();
    rules.dedup();
    let strictest: Option<Disposition> = findings.iter().map(|finding| finding.disposition).min();
    LineRecord {
        file: sheet.place.file.clone(),
        sheet: sheet.place.sheet.clone(),
        row: row.number(),
        document: text(Field::Document),
        line: text(Field::LineNumber),
        date_of_export: glance.date.day.given().map_or_else(String::new, |day| day.text()),
        date_basis: glance.date.basis.map_or("", |basis| basis.name()).to_owned(),
        destination: glance
            .destination
            .country
            .given()
            .map_or_else(|| glance.destination.raw.trim().to_owned(), ToString::to_string),
        destination_basis: layout.destination_basis(glance.destination.basis, glance.destination.column),
        declared_eccn: text(Field::Eccn),
        determination: word.name().to_owned(),
        disposition: strictest.map_or("", Disposition::name).to_owned(),
        codes: codes.join(";"),
        rules: rules.join(";"),
    }
}

/// A line drawn for testing by hand, as recorded.
pub(super) fn sampled(glance: &Glance<'_>, sheet: &SheetContext) -> SampledLine {
    let (row, layout) = (glance.row, &sheet.layout);
    let text = |field: Field| layout.slot(field).map_or("", |slot| slot.text(row)).trim().to_owned();
    let (party_role, party_name, party_address) = layout
        .principal(row)
        .map_or_else(Default::default, |(role, name, address)| (role.name().to_owned(), name, address));
    let license = [text(Field::LicenseCode), text(Field::LicenseNumber)];
    SampledLine {
        stratum: String::new(),
        file: sheet.place.file.clone(),
        sheet: sheet.place.sheet.clone(),
        row: row.number(),
        document: text(Field::Document),
        line: text(Field::LineNumber),
        date_of_export: glance.date.day.given().map_or_else(String::new, |day| day.text()),
        date_basis: glance.date.basis.map_or("", |basis| basis.name()).to_owned(),
        destination: glance
            .destination
            .country
            .given()
            .map_or_else(|| glance.destination.raw.trim().to_owned(), ToString::to_string),
        party_role,
        party_name,
        party_address,
        declared_eccn: text(Field::Eccn),
        item: text(Field::Item),
        description: layout.joined(Field::Description, row),
        quantity: layout.quantity_text(row),
        unit: text(Field::Unit),
        value: layout.value_text(row),
        currency: layout.stated_currency(row).unwrap_or_default().to_owned(),
        license: license.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" / "),
        movement: glance.movement.map_or_else(String::new, |movement| movement.name().to_owned()),
    }
}

/// The row's cells joined by tabs, cut at a length a reader can take.
pub(super) fn raw_text(row: Row<'_>) -> String {
    let mut raw = String::new();
    for (index, cell) in row.cells().enumerate() {
        if index > 0 {
            raw.push('\t');
        }
        raw.push_str(cell.text);
        if raw.len() > RAW_SHOWN {
            let mut end = RAW_SHOWN;
            while !raw.is_char_boundary(end) {
                end -= 1;
            }
            raw.truncate(end);
            raw.push_str(" […]");
            break;
        }
    }
    raw
}
