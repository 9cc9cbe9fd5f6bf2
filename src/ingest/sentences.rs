//! What a report says of the reading of a sheet: columns, dates, decimal marks, and what was found in its rows.

use super::plan::SheetPlan;
use super::tally::{OrderTally, SomeRows, ValueTally};
use super::values::{DateOrder, DecimalMark, Separator};
use crate::field::Field;
use crate::run::{ColumnRecord, SheetRecord};
use crate::source::column_letters;

impl SheetPlan {
    /// Fills what a report says about the reading of the sheet.
    pub(crate) fn fill(&self, record: &mut SheetRecord, tally: Option<&ValueTally>) {
        if let Some(encoding) = self.encoding {
            record.encoding = format!("{encoding} ({})", self.encoding_how);
        }
        if let Some(delimiter) = self.delimiter {
            record.delimiter = format!("{} ({})", delimiter_name(delimiter), self.delimiter_how);
        }
        record.header_row = self.header_row;
        record.columns = self
            .columns
            .iter()
            .map(|column| ColumnRecord {
                column: column.letters(),
                heading: column.heading.clone(),
                field: column.field.name(),
                source: column.source.name().into(),
            })
            .collect();
        record.columns.extend(self.unused.iter().map(|column| ColumnRecord {
            column: column_letters(column.index as u32),
            heading: column.heading.clone(),
            field: String::new(),
            source: format!("not used: {}", column.why),
        }));
        record.columns.extend(self.fixed.iter().map(|(field, value)| ColumnRecord {
            column: String::new(),
            heading: format!("every line: {value}"),
            field: field.name(),
            source: "given".into(),
        }));
        let fallback = self.new_tally();
        let tally = tally.unwrap_or(&fallback);
        record.date_order = self.date_sentences(tally);
        record.decimal_mark = self.number_sentence(tally);
        record.remarks.extend(self.remarks.iter().cloned());
        record.remarks.extend(self.value_remarks(tally));
    }

    fn date_sentences(&self, tally: &ValueTally) -> Vec<String> {
        let mut sentences = Vec::new();
        for (column, tally) in self.dates.iter().zip(&tally.dates) {
            let named = self.heading_of(column.index);
            let mut parts = Vec::new();
            let forms = tally.by_separator.iter().filter(|tally| tally.count() > 0).count();
            for separator in Separator::ALL {
                let tally = &tally.by_separator[separator as usize];
                if tally.count() > 0 {
                    let order = column.reader.order(separator);
                    let sentence = order_sentence(order, column.given, separator, tally);
                    let form = match separator {
                        Separator::Slash => "with slashes",
                        Separator::Point => "with points",
                        Separator::Dash => "with dashes",
                    };
                    parts.push(if forms > 1 {
                        format!("{} dates {form}: {sentence}", tally.count())
                    } else {
                        sentence
                    });
                }
            }
            if forms > 1 {
                parts.insert(
                    0,
                    "two forms of dates in one column, perhaps changed by a spreadsheet program".into(),
                );
            }
            if parts.is_empty() {
                parts.push("no date leaves the order of day and month open".into());
            }
            if tally.serial > 0 {
                let epoch = if column.reader.from_1904 { "1904" } else { "1900" };
                parts.push(format!(
                    "numbers (serials: {}) are read as days counted from {epoch}",
                    tally.serial
                ));
                if column.reader.from_1904 {
                    parts.push(
                        "1904 is the workbook's own setting: check that they do not come from a 1900 workbook, 1,462 days off"
                            .into(),
                    );
                }
            }
            sentences.push(format!("{named}: {}", parts.join("; ")));
        }
        if !sentences.is_empty() {
            sentences
                .push("Two-digit years: 00 to 79 are read as 2000 to 2079, 80 to 99 as 1980 to 1999".into());
        }
        sentences
    }

    fn number_sentence(&self, tally: &ValueTally) -> String {
        let mut sentences = Vec::new();
        for (column, tally) in self.numbers.iter().zip(&tally.numbers) {
            let named = self.heading_of(column.index);
            sentences.push(match column.mark {
                DecimalMark::Point => format!("{named}: point, as shown by {} values", tally.point),
                DecimalMark::Comma => format!("{named}: comma, as shown by {} values", tally.comma),
                DecimalMark::Undecided if tally.point > 0 && tally.comma > 0 => {
                    format!(
                        "{named}: both marks occur, each value is read by its own form; {} could be either",
                        tally.either.in_words()
                    )
                }
                DecimalMark::Undecided if tally.either.count > 0 => {
                    format!("{named}: undecided in {}", tally.either.in_words())
                }
                DecimalMark::Undecided => continue,
            });
        }
        sentences.join("; ")
    }

    fn heading_of(&self, index: usize) -> String {
        let heading =
            self.header.get(index).map(|heading| heading.trim()).filter(|heading| !heading.is_empty());
        let letters = column_letters(index as u32);
        heading.map_or_else(|| format!("column {letters}"), |heading| format!("{heading} (column {letters})"))
    }

    fn value_remarks(&self, tally: &ValueTally) -> Vec<String> {
        let mut remarks = Vec::new();
        let mut say = |rows: &SomeRows, what: &str| {
            if rows.count > 0 {
                remarks.push(format!("{}: {what}", rows.in_words()));
            }
        };
        say(
            &tally.short,
            "shorter than the header; the cells that are missing count as missing, not as zero",
        );
        say(&tally.hidden, "hidden in the spreadsheet and read all the same");
        say(
            &tally.text_after_quote,
            "text follows a closing quote: a quote is missing or not doubled, so two cells may have run together",
        );
        say(&tally.beyond_columns, "cells beyond the last column that is read were left out");
        say(&tally.beyond_header, "values to the right of the last heading are not read");
        say(
            &tally.formulas_without_value,
            "a formula without a stored value; open the file in Excel and save it",
        );
        say(&tally.nul, "NUL characters inside a cell");
        say(
            &tally.tariff_scientific,
            "a tariff code in scientific notation: its digits are lost, and it is not read as a code",
        );
        say(
            &tally.tariff_nine_digits,
            "a tariff code of 9 digits: its leading zero was probably lost on the way through a spreadsheet program",
        );
        say(
            &tally.below_zero,
            "a quantity or a value below zero, as of a return or a credit: judged like every other line",
        );
        say(
            &tally.of_no_value,
            "a value of zero, as of a sample or a replacement under warranty: judged like every other line",
        );
        say(&tally.titles, "above the header, not read as lines");
        say(&tally.repeated_headers, "the header again");
        say(&tally.totals, "totals, not read as lines");
        say(&tally.footers, "words at the end of a report, not read as lines");
        say(&tally.blanks, "blank");
        if let Some(line) = tally.bad_line {
            remarks.push(format!("line {line} is the first with bytes that are not {}; they are shown as replacement characters", self.encoding.map_or("text", super::Encoding::name)));
        }
        if tally.replaced > 0 {
            remarks.push(format!(
                "{} could not be read and stand as replacement characters: names that hold them match the list less well; if they are many, give --encoding",
                crate::count::counted(tally.replaced, "character", "characters")
            ));
        }
        let marked: Vec<Field> =
            self.columns.iter().map(|column| column.field).filter(|field| *field == Field::Country).collect();
        if !marked.is_empty() {
            remarks.push("the country column does not say whose country it is; it is read as the destination where there is no better one".into());
        }
        remarks
    }
}

fn order_sentence(order: DateOrder, given: bool, separator: Separator, tally: &OrderTally) -> String {
    let (day, month) = (&tally.day_first, &tally.month_first);
    let words = order.in_words();
    match order {
        _ if given => format!("{words}, as given by --date-order"),
        DateOrder::Undecided if day.count > 0 && month.count > 0 => format!(
            "day first in {} and month first in {}; {} dates that could be either are read both ways",
            day.in_words(),
            month.in_words(),
            tally.either
        ),
        DateOrder::Undecided => format!(
            "undecided, no value settles whether day or month comes first; {} dates are read both ways; give --date-order",
            tally.either
        ),
        _ if day.count + month.count == 0 && separator == Separator::Point => {
            format!("{words}, presumed because points stand between the numbers")
        }
        _ => format!("{words}, as shown by {}", if day.count > 0 { day } else { month }.in_words()),
    }
}

/// The delimiter in words.
fn delimiter_name(delimiter: u8) -> String {
    match delimiter {
        b',' => "comma".into(),
        b';' => "semicolon".into(),
        b'\t' => "tab".into(),
        b'|' => "pipe".into(),
        other => char::from(other).to_string(),
    }
}
