//! The mapping file that `lookback columns --write` leaves: what the program would do by itself, with samples and the
//! names of all fields, to be edited. `columns_file` reads it back.

use std::fmt::Write as _;

use super::Workbook;
use super::describe::{one_line, samples};
use super::heading::fold;
use super::plan::SheetPlan;
use super::sheet::{SheetReader, SheetState};
use crate::field::Field;
use crate::party::PartyRole;
use crate::printable::{in_lines, on_one_line};
use crate::source::column_letters;

/// How wide a comment may be.
const WIDTH: usize = 100;

/// The mapping file of these workbooks.
pub fn mapping_template(workbooks: &[Workbook]) -> String {
    let mut out = introduction();
    for workbook in workbooks {
        let file = workbook.file().rsplit('/').next().unwrap_or(workbook.file());
        for sheet in workbook.sheets() {
            // Writing to a string cannot fail.
            match &sheet.state {
                SheetState::Readable(reader) => {
                    out.push('\n');
                    head(&mut out, file, &sheet.name);
                    columns(&mut out, reader);
                }
                // A question is written where it is answered.
                SheetState::Question(question) => {
                    out.push('\n');
                    comment(&mut out, question);
                    head(&mut out, file, &sheet.name);
                }
                SheetState::Skipped(reason) if reason.contains("[[file]]") => {
                    out.push('\n');
                    comment(&mut out, reason);
                }
                SheetState::Skipped(reason) => {
                    let of_sheet =
                        if sheet.name.is_empty() { String::new() } else { format!(", sheet {}", sheet.name) };
                    out.push('\n');
                    comment(&mut out, &format!("{file}{of_sheet} is not read: {reason}"));
                }
                SheetState::Unread(fault) => {
                    out.push('\n');
                    comment(&mut out, &format!("Cannot be read: {fault}"));
                }
            }
        }
    }
    out
}

/// What the file is, and the names that may stand in it.
fn introduction() -> String {
    let mut out = String::from(
        "# How lookback reads these columns. Edit it and give it with --columns. The first [[file]] block that fits a\n\
         # sheet counts; name may hold * and ?. A column is named by its heading, its letters or its number, and several\n\
         # are joined: [\"NAME1\", \"NAME2\"]. Delete a line, and the program decides for itself; ignore = [\"Heading\"]\n\
         # leaves a column out.\n#\n",
    );
    let of_parties: Vec<Field> = PartyRole::ALL.iter().map(|role| Field::Party(*role)).collect();
    let is_of_party = |field: &Field| {
        matches!(
            field,
            Field::Party(_)
                | Field::PartyAddress(_)
                | Field::PartyCity(_)
                | Field::PartyPostalCode(_)
                | Field::PartyCountry(_)
        )
    };
    let names = |fields: Vec<Field>| fields.into_iter().map(Field::name).collect::<Vec<_>>().join(", ");
    let others: Vec<Field> = Field::all().into_iter().filter(|field| !is_of_party(field)).collect();
    comment(&mut out, &format!("Fields: {}.", names(others)));
    comment(
        &mut out,
        &format!(
            "Parties: {}; each also with _address, _city, _postal_code and _country behind it.",
            names(of_parties)
        ),
    );
    out
}

/// The head of a block: the file, and the sheet where it has a name.
fn head(out: &mut String, file: &str, sheet: &str) {
    let _ = writeln!(out, "[[file]]\nname = {}", text(file));
    if !sheet.is_empty() {
        let _ = writeln!(out, "sheet = {}", text(sheet));
    }
}

/// The columns of a sheet as they are read, and those that feed no field.
fn columns(out: &mut String, reader: &SheetReader) {
    let plan = reader.plan();
    let _ = writeln!(out, "header_row = {}", plan.header_row);
    for (field, value) in &plan.fixed {
        let _ = writeln!(out, "{} = {}", field.name(), text(value));
    }
    if !plan.by_field.contains_key(&Field::ShipFromCountry)
        && !plan.fixed.contains_key(&Field::ShipFromCountry)
    {
        let _ =
            writeln!(out, "# ship_from = \"US\"        # a value for every line, where no column holds it");
    }
    out.push_str("\n[file.columns]\n");
    let mut lines = Vec::new();
    for (&field, columns) in &plan.by_field {
        if field == Field::Context {
            continue;
        }
        let names: Vec<String> = columns.iter().map(|&index| name_of(plan, index).to_string()).collect();
        let value =
            if let [name] = names.as_slice() { name.clone() } else { format!("[{}]", names.join(", ")) };
        let seen: Vec<String> = columns
            .iter()
            .map(|&index| format!("{}: {}", column_letters(index as u32), samples(reader, plan, index)))
            .collect();
        lines.push((format!("{} = {value}", field.name()), seen.join("; ")));
    }
    let widest = lines.iter().map(|(line, _)| line.chars().count()).filter(|&width| width <= 48).max();
    for (line, seen) in lines {
        let width = widest.unwrap_or_default();
        let _ = writeln!(out, "{line:<width$}  # {seen}");
    }
    let mut unused = plan.unused.iter().peekable();
    if unused.peek().is_some() {
        out.push_str("# Columns that feed no field:\n");
    }
    for column in unused {
        let (letters, heading) = (column_letters(column.index as u32), one_line(&column.heading, 40));
        let seen = samples(reader, plan, column.index);
        let _ = writeln!(out, "#   {letters}: {heading}  ({}; {seen})", on_one_line(&column.why));
    }
}

/// Writes a text as a comment, each of its lines broken between words.
fn comment(out: &mut String, text: &str) {
    for line in in_lines(text).lines() {
        let mut width = WIDTH;
        for word in line.split(' ') {
            if width + word.len() + 1 > WIDTH {
                if out.ends_with(|c: char| c != '\n') {
                    out.push('\n');
                }
                out.push('#');
                width = 1;
            }
            out.push(' ');
            out.push_str(word);
            width += word.len() + 1;
        }
        out.push('\n');
    }
}

/// Text in quotes, as a mapping file holds it.
fn text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The heading where it is the only one spelled so, else the letters; the number where a heading is spelled as they are.
fn name_of(plan: &SheetPlan, index: usize) -> toml::Value {
    let bound = plan.columns.iter().find(|column| column.index == index);
    let heading = bound.map_or("", |column| column.heading.as_str());
    let spelled = |text: &str| plan.header.iter().filter(|other| fold(other) == fold(text)).count();
    let letters = column_letters(index as u32);
    if spelled(heading) == 1 && !heading.trim().is_empty() {
        heading.into()
    } else if spelled(&letters) == 0 {
        letters.into()
    } else {
        (i64::from(index as u32) + 1).into()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::ingest::{ColumnsFile, Overrides, open};

    /// The template of a file with this text, and the workbook read by it.
    fn written(content: &str) -> (String, Workbook) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content.as_bytes()).unwrap();
        let workbook = open(file.path(), "a.csv", &Overrides::default()).unwrap();
        let template = mapping_template(&[workbook]);
        let columns = Some(ColumnsFile::parse(&template, "m.toml").unwrap_or_else(|why| panic!("{why:?}")));
        let again = open(file.path(), "a.csv", &Overrides { columns, ..Overrides::default() }).unwrap();
        (template, again)
    }

    #[test]
    fn a_template_says_what_the_program_does_by_itself() {
        let (template, again) = written(
            "Register,,,,\nInvoice No,Ship Date,NAME1_WE,NAME2_WE,Gadget,Country\n7,2025-02-17,Chenab,Controls,x,PK\n",
        );
        assert!(template.contains("ship_to = [\"NAME1_WE\", \"NAME2_WE\"]"), "{template}");
        assert!(template.contains("# A: 7\n"), "{template}");
        assert!(template.contains("#   E: Gadget  (the heading is not known; x)"), "{template}");
        assert!(template.contains("purchaser, ") && template.contains("date_of_export"), "{template}");
        let SheetState::Readable(reader) = &again.sheets()[0].state else { panic!("not read") };
        assert_eq!(reader.plan().header_row, 2);
        assert_eq!(reader.plan().columns_of(Field::Party(PartyRole::ShipTo)), [2, 3]);
    }

    #[test]
    fn a_heading_spelled_as_letters_is_not_taken_for_a_column() {
        let (template, again) = written("Doc,Phone,Phone,C,Country\n1,a,b,x,PK\n");
        assert!(template.contains("contact = [\"B\", 3]"), "{template}");
        let SheetState::Readable(reader) = &again.sheets()[0].state else { panic!("not read") };
        assert_eq!(reader.plan().columns_of(Field::Contact), [1, 2]);
    }

    #[test]
    fn what_steers_a_terminal_ends_no_comment() {
        let (template, _) = written("Doc,Permit N\u{7f},Country\n1,x,PK\n");
        assert!(template.contains("#   B: Permit N  (the heading is not known; x)"), "{template}");
        let (template, _) = written("Doc,Company\u{7f}Name,Sold-to Number,Country\n1,Alpha,7,PK\n");
        assert!(template.contains("is read from column B (Company Name)"), "{template}");
        let (template, _) = written("Doc,Na\u{7f}me,Na\u{7f}me,ECCN,Country\n1,Alpha,Gamma,EAR99,PK\n");
        assert!(template.contains("[[file]]"), "{template}");
    }

    #[test]
    fn a_template_keeps_what_is_open_as_a_comment() {
        let (template, _) = written("INV-1,1,2023-01-14,PK\nINV-2,1,2023-01-15,DE\n");
        assert!(template.contains("# header_row = 0\n") && template.contains("1 \"INV-1\""), "{template}");
        let (template, _) = written("Doc,Name,Name,ECCN,Country\n1,Alpha Beta,Gamma Delta,EAR99,PK\n");
        assert!(template.contains("could be read from column B (Name)"), "{template}");
        assert!(template.lines().all(|line| line.len() <= 120), "{template}");
    }
}
