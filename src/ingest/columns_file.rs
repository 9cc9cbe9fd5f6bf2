//! The user's mapping file: which column holds which field, fixed values, and the header row, per file and sheet.
//!
//! Reads and checks the file; `columns` applies it.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::field::Field;

/// A mapping file: the first block that fits a sheet is used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnsFile {
    blocks: Vec<ColumnsBlock>,
}

/// What the user says of the sheets that fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ColumnsBlock {
    /// File name pattern with `*` and `?`; every file where not given.
    pub(crate) file: Option<String>,
    /// Sheet name; every sheet where not given.
    pub(crate) sheet: Option<String>,
    /// The header's physical row; 0 for none.
    pub(crate) header_row: Option<u32>,
    /// Columns by field, in the order given.
    pub(crate) columns: BTreeMap<Field, Vec<ColumnName>>,
    /// Values for every line.
    pub(crate) fixed: BTreeMap<Field, String>,
    /// Headings or letters of columns to leave out.
    pub(crate) ignore: Vec<String>,
}

/// A column as a user names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ColumnName {
    /// Its heading, or its letters where no heading is spelled so.
    Heading(String),
    /// Its number, counted from 1.
    Number(usize),
}

impl ColumnsFile {
    /// Reads a mapping file. `path` is what messages call it.
    ///
    /// # Errors
    /// Every problem found, with its line.
    pub fn parse(text: &str, path: &str) -> Result<Self, Vec<String>> {
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let line = error.span().map_or(1, |span| line_of(text, span.start));
                return Err(vec![format!("{path}, line {line}: {}", error.message())]);
            }
        };
        let mut reading = Reading { text, path, problems: Vec::new() };
        let mut blocks = Vec::new();
        for (key, value) in table.get_ref() {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("file", DeValue::Array(entries)) => {
                    for entry in entries {
                        match entry.get_ref() {
                            DeValue::Table(block) => blocks.push(reading.block(block)),
                            _ => reading.problem(entry.span().start, "`file` must be written as [[file]]"),
                        }
                    }
                }
                (other, _) => reading.problem(
                    key.span().start,
                    &format!("unknown key `{other}`; a mapping file holds [[file]] blocks"),
                ),
            }
        }
        if reading.problems.is_empty() { Ok(Self { blocks }) } else { Err(reading.problems) }
    }

    /// A mapping that reads one column, by its heading, for one field.
    pub(crate) fn of_one(field: Field, heading: &str) -> Self {
        let columns = BTreeMap::from([(field, vec![ColumnName::Heading(heading.to_owned())])]);
        Self { blocks: vec![ColumnsBlock { columns, ..ColumnsBlock::default() }] }
    }

    /// A mapping for tables that are no shipment list: no row is taken for a header, and every row is handed out.
    pub(crate) fn without_header() -> Self {
        let field = Field::Party(crate::party::PartyRole::Purchaser);
        let columns = BTreeMap::from([(field, vec![ColumnName::Number(1)])]);
        Self { blocks: vec![ColumnsBlock { header_row: Some(0), columns, ..ColumnsBlock::default() }] }
    }

    /// The first block for this sheet.
    pub(crate) fn block_for(&self, file: &str, sheet: &str) -> Option<&ColumnsBlock> {
        let name = file.rsplit('/').next().unwrap_or(file);
        self.blocks.iter().find(|block| {
            block.file.as_ref().is_none_or(|pattern| glob(&pattern.to_lowercase(), &name.to_lowercase()))
                && block.sheet.as_ref().is_none_or(|wanted| wanted == sheet)
        })
    }
}

struct Reading<'a> {
    text: &'a str,
    path: &'a str,
    problems: Vec<String>,
}

impl Reading<'_> {
    fn problem(&mut self, at: usize, what: &str) {
        self.problems.push(format!("{}, line {}: {what}", self.path, line_of(self.text, at)));
    }

    fn block(&mut self, table: &DeTable<'_>) -> ColumnsBlock {
        let mut block = ColumnsBlock::default();
        for (key, value) in table {
            let at = key.span().start;
            match key.get_ref().as_ref() {
                "name" => block.file = self.string(value, "name"),
                "sheet" => block.sheet = self.string(value, "sheet"),
                "header_row" => match whole_number(value.get_ref()) {
                    Some(row) => block.header_row = Some(row as u32),
                    None => self
                        .problem(at, "`header_row` must be a row number, or 0 for a sheet without a header"),
                },
                "ignore" => match value.get_ref() {
                    DeValue::Array(list) => {
                        for entry in list {
                            block.ignore.extend(self.string(entry, "ignore"));
                        }
                    }
                    _ => self.problem(at, "`ignore` must be a list of headings"),
                },
                "columns" => match value.get_ref() {
                    DeValue::Table(columns) => self.columns(columns, &mut block),
                    _ => self.problem(
                        at,
                        "`columns` must be a table such as { eccn = \"ECCN\", destination = \"H\" }",
                    ),
                },
                other => match Field::from_name(other) {
                    Some(field) => {
                        if let Some(text) = self.string(value, other) {
                            block.fixed.insert(field, text);
                        }
                    }
                    None => self.problem(at, &unknown_field(other)),
                },
            }
        }
        block
    }

    fn columns(&mut self, columns: &DeTable<'_>, block: &mut ColumnsBlock) {
        for (key, value) in columns {
            let name = key.get_ref().as_ref();
            let Some(field) = Field::from_name(name) else {
                self.problem(key.span().start, &unknown_field(name));
                continue;
            };
            let entries: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
                DeValue::Array(list) => list.iter().collect(),
                _ => vec![value],
            };
            // A name may go on in further columns; that several headings mean one is for the user alone to say.
            let several = field.may_repeat() || matches!(field, Field::Party(_));
            if entries.len() > 1 && !several {
                self.problem(key.span().start, &format!("`{name}` takes one column"));
            }
            for entry in entries {
                match (entry.get_ref(), whole_number(entry.get_ref())) {
                    (DeValue::String(heading), _) => {
                        block
                            .columns
                            .entry(field)
                            .or_default()
                            .push(ColumnName::Heading(heading.to_string()));
                    }
                    (_, Some(number)) if number >= 1 => {
                        block.columns.entry(field).or_default().push(ColumnName::Number(number as usize));
                    }
                    _ => self.problem(
                        entry.span().start,
                        &format!(
                            "`{name}` must be a heading, column letters, or a column number counted from 1"
                        ),
                    ),
                }
            }
        }
    }

    fn string(&mut self, value: &Spanned<DeValue<'_>>, key: &str) -> Option<String> {
        if let DeValue::String(text) = value.get_ref() {
            Some(text.to_string())
        } else {
            self.problem(value.span().start, &format!("`{key}` must be text in quotes"));
            None
        }
    }
}

fn whole_number(value: &DeValue<'_>) -> Option<u64> {
    match value {
        DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
        _ => None,
    }
}

fn unknown_field(name: &str) -> String {
    format!("unknown field `{name}`; `lookback columns FILE --write MAPPING.toml` lists the fields")
}

fn line_of(text: &str, at: usize) -> usize {
    1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..at.min(text.len())]).count()
}

/// Whether a name fits a pattern with `*` and `?`.
fn glob(pattern: &str, name: &str) -> bool {
    match pattern.chars().next() {
        None => name.is_empty(),
        Some('*') => {
            let rest = &pattern[1..];
            name.char_indices().any(|(at, _)| glob(rest, &name[at..])) || glob(rest, "")
        }
        Some(wanted) => match name.chars().next() {
            Some(c) if wanted == '?' || wanted == c => {
                glob(&pattern[wanted.len_utf8()..], &name[c.len_utf8()..])
            }
            _ => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_file_is_read() {
        let text = "[[file]]\nname = \"ship*.csv\"\nheader_row = 3\nship_from = \"US\"\nignore = [\"Memo\"]\n\
                    columns = { eccn = \"H\", destination = 8, description = [\"Text\", \"Text 2\"] }\n";
        let file = ColumnsFile::parse(text, "m.toml").unwrap();
        let block = file.block_for("2024/Shipments.CSV", "").unwrap();
        assert_eq!(block.header_row, Some(3));
        assert_eq!(block.fixed[&Field::ShipFromCountry], "US");
        assert_eq!(block.columns[&Field::Destination], [ColumnName::Number(8)]);
        assert_eq!(block.columns[&Field::Description].len(), 2);
        assert!(file.block_for("other.csv", "").is_none());
    }

    #[test]
    fn every_problem_is_named_with_its_line() {
        let text =
            "[[file]]\nname = \"*\"\nheader_row = \"x\"\ncolumns = { ecn = \"A\", eccn = true }\n\n[oops]\n";
        let problems = ColumnsFile::parse(text, "m.toml").unwrap_err();
        assert_eq!(problems.len(), 4, "{problems:#?}");
        assert!(problems.iter().any(|problem| problem.starts_with("m.toml, line 3:")));
        assert!(problems.iter().any(|problem| problem.contains("line 4: unknown field `ecn`")));
        assert!(problems.iter().any(|problem| problem.contains("line 6: unknown key `oops`")));
        assert!(ColumnsFile::parse("[[file]\n", "m.toml").unwrap_err()[0].contains("line 1"));
    }

    #[test]
    fn patterns_fit_whole_names() {
        assert!(glob("*", "") && glob("a*c", "abc") && glob("a?c", "abc") && glob("*.csv", "x.csv"));
        assert!(!glob("a*d", "abc") && !glob("a", "ab") && !glob("?", ""));
    }
}
