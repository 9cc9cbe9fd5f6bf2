//! The examples of a rule: lines of a record, and the findings they must lead to. The audit executes them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use toml::{Spanned, Value};

use crate::field::Field;
use crate::finding::FindingCode;

use super::rule::{Reader, Rule};

/// A line of a record and what must be found on it.
///
/// Of the codes in `about`, exactly those in `expect` are found; other codes are no concern of the example.
/// A field that is left out is a column the file does not have; an empty text is a blank cell.
#[derive(Debug, Clone)]
pub struct Example {
    /// The rule.
    pub rule: String,
    /// What the example shows.
    pub name: String,
    /// The file, relative to the rule base.
    pub file: String,
    /// The line of the file on which it begins.
    pub line: u32,
    /// The record's fields, by `Field::name`.
    pub fields: BTreeMap<String, String>,
    /// What must be found.
    pub expect: Vec<FindingCode>,
    /// The codes the rule is about.
    pub about: Vec<FindingCode>,
}

impl Example {
    /// The day the example is about.
    pub fn date_of_export(&self) -> Option<crate::effective::Date> {
        self.fields.get("date_of_export").and_then(|text| crate::effective::parse_iso(text).ok())
    }
}

/// The names of all fields, made once: `Field::from_name` spells out every one of them.
static FIELDS: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| Field::all().into_iter().map(Field::name).collect());

/// Reads one example; none where it has no name or no expectation.
pub(super) fn read(
    reader: &mut Reader<'_>,
    raw: &Spanned<BTreeMap<Spanned<String>, Value>>,
    rule: &Rule,
) -> Option<Example> {
    let offset = raw.span().start;
    let mut name = None;
    let mut expect = None;
    let mut fields = BTreeMap::new();
    for (key, value) in raw.get_ref() {
        let at = key.span().start;
        match (key.get_ref().as_str(), value) {
            ("name", Value::String(text)) => name = Some(text.clone()),
            ("expect", Value::Array(codes)) => expect = Some(expectation(reader, codes, at, rule)),
            ("name" | "expect", _) => {
                reader.problem(at, format!("`{}` is a text for `name`, a list for `expect`", key.get_ref()));
            }
            (field, value) => match (FIELDS.contains(field), value) {
                (false, _) => reader.problem(
                    at,
                    format!("`{field}` is no field of a record; `lookback columns` lists the names"),
                ),
                (true, Value::String(text)) => {
                    fields.insert(field.to_owned(), text.clone());
                }
                (true, Value::Datetime(date)) => {
                    fields.insert(field.to_owned(), date.to_string());
                }
                (true, _) => reader.problem(
                    at,
                    format!("`{field}` must be a text in quotes, as a cell of a spreadsheet would hold it"),
                ),
            },
        }
    }
    if name.is_none() || expect.is_none() {
        reader.problem(
            offset,
            "an example needs a `name` and an `expect`; `expect = []` says that nothing is found",
        );
    }
    let example = Example {
        rule: rule.id.clone(),
        name: name?,
        file: reader.file.to_owned(),
        line: reader.line(offset),
        fields,
        expect: expect?,
        about: rule.about.clone(),
    };
    if example.date_of_export().is_none() {
        reader
            .problem(offset, "an example needs a `date_of_export`; what the law requires depends on the day");
    }
    Some(example)
}

fn expectation(reader: &mut Reader<'_>, codes: &[Value], at: usize, rule: &Rule) -> Vec<FindingCode> {
    let mut expected = Vec::new();
    for code in codes {
        let Some(code) = code.as_str().and_then(|code| reader.code(code, at)) else { continue };
        if !rule.about.contains(&code) {
            reader
                .problem(at, format!("{code} is expected but not among the codes of `about`; add it there"));
        }
        expected.push(code);
    }
    expected.sort_unstable();
    expected
}
