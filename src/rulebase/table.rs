//! Reads the CSV tables of the rule base: the columns expected, a line number a row, sorted and unique.
//!
//! Knows nothing of what a column means.

use super::problem::Problem;

/// The rows of a table, in order.
#[derive(Debug)]
pub(super) struct Table {
    file: &'static str,
    columns: &'static [&'static str],
    rows: Vec<(u32, csv::StringRecord)>,
}

/// One row: cells by column name, and the place of the row.
#[derive(Debug, Clone, Copy)]
pub(super) struct TableRow<'a> {
    table: &'a Table,
    /// The line of the file.
    pub(super) line: u32,
    record: &'a csv::StringRecord,
}

impl Table {
    /// Reads a table whose first `key` columns identify and order its rows.
    pub(super) fn read(
        (file, text): (&'static str, &str),
        columns: &'static [&'static str],
        key: usize,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut table = Self { file, columns, rows: Vec::new() };
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().map(|header| header.iter().map(str::to_owned).collect::<Vec<_>>());
        if header.is_err() || header.is_ok_and(|header| header != columns) {
            problems.push(Problem::at(file, 1, 1, format!("the first line must be `{}`", columns.join(","))));
            return table;
        }
        for record in reader.into_records() {
            match record {
                Ok(record) if record.len() == columns.len() => {
                    let line = record.position().map_or(0, |position| position.line() as u32);
                    table.check_order(&record, key, line, problems);
                    table.rows.push((line, record));
                }
                Ok(record) => {
                    let line = record.position().map_or(0, |position| position.line() as u32);
                    problems.push(Problem::at(
                        file,
                        line,
                        1,
                        format!(
                            "{} cells where {} are expected; put cells with a comma in double quotes",
                            record.len(),
                            columns.len()
                        ),
                    ));
                }
                Err(error) => {
                    problems.push(Problem::with_file(file, format!("not readable as CSV: {error}")));
                }
            }
        }
        table
    }

    fn check_order(&self, record: &csv::StringRecord, key: usize, line: u32, problems: &mut Vec<Problem>) {
        let Some((_, last)) = self.rows.last() else { return };
        let of = |record: &csv::StringRecord| record.iter().take(key).collect::<Vec<_>>().join(",");
        match last.iter().take(key).cmp(record.iter().take(key)) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Equal => {
                problems.push(Problem::at(
                    self.file,
                    line,
                    1,
                    format!("`{}` stands twice; keep one row", of(record)),
                ));
            }
            std::cmp::Ordering::Greater => problems.push(Problem::at(
                self.file,
                line,
                1,
                format!("`{}` must stand before `{}`; sort the rows", of(record), of(last)),
            )),
        }
    }

    /// The rows in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = TableRow<'_>> {
        self.rows.iter().map(|(line, record)| TableRow { table: self, line: *line, record })
    }
}

impl<'a> TableRow<'a> {
    /// The cell of a column.
    pub(super) fn get(&self, column: &str) -> &'a str {
        let at = self.table.columns.iter().position(|name| *name == column);
        debug_assert!(at.is_some(), "{} has no column {column}", self.table.file);
        at.and_then(|at| self.record.get(at)).unwrap_or_default()
    }

    /// The parts of a cell that holds several, separated by semicolons.
    pub(super) fn list(&self, column: &str) -> impl Iterator<Item = &'a str> {
        self.get(column).split(';').map(str::trim).filter(|part| !part.is_empty())
    }

    /// A date cell; none where it is empty or, with a problem, where it is no date.
    pub(super) fn date(&self, column: &str, problems: &mut Vec<Problem>) -> Option<crate::effective::Date> {
        let text = self.get(column);
        if text.is_empty() {
            return None;
        }
        crate::effective::parse_iso(text)
            .map_err(|message| {
                problems.push(self.problem(column, &format!("{message}; write the year first")));
            })
            .ok()
    }

    /// A cell that says `yes` or `no`; none where it is empty or, with a problem, where it says something else.
    pub(super) fn yes_no(&self, column: &str, problems: &mut Vec<Problem>) -> Option<bool> {
        match self.get(column) {
            "yes" => Some(true),
            "no" => Some(false),
            "" => None,
            other => {
                problems.push(self.problem(column, &format!("`{other}` must be `yes`, `no` or empty")));
                None
            }
        }
    }

    /// Citations, separated by semicolons.
    pub(super) fn citations(
        &self,
        column: &str,
        problems: &mut Vec<Problem>,
    ) -> Vec<crate::citation::Citation> {
        self.list(column)
            .filter_map(|text| {
                crate::citation::Citation::parse(text)
                    .map_err(|message| problems.push(self.problem(column, &message)))
                    .ok()
            })
            .collect()
    }

    /// A problem with a cell of this row.
    pub(super) fn problem(&self, column: &str, message: &str) -> Problem {
        Problem::at(self.table.file, self.line, 1, format!("column `{column}`: {message}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_repetition_and_short_rows_are_all_reported() {
        let mut problems = Vec::new();
        let text = "code,name\nC30,a\nC30,b\nC20,c\nC40\nC50,\"d, e\"\n";
        let table = Table::read(("codes.csv", text), &["code", "name"], 1, &mut problems);
        let messages: Vec<_> = problems.iter().map(Problem::to_string).collect();
        assert_eq!(
            messages,
            [
                "codes.csv:3:1: `C30` stands twice; keep one row",
                "codes.csv:4:1: `C20` must stand before `C30`; sort the rows",
                "codes.csv:5:1: 1 cells where 2 are expected; put cells with a comma in double quotes",
            ]
        );
        assert_eq!(table.rows().last().map(|row| row.get("name")), Some("d, e"));
    }
}
