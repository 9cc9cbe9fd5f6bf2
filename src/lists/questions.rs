//! Questions an import cannot answer by itself, and the answers a person wrote beside them.
//!
//! A question asks whether a row of the download is an entry of the table. Unanswered, both are kept.

use std::collections::BTreeMap;
use std::path::Path;

use super::names::name_key;
use crate::entity_list::ListName;
use crate::option_file::OptionTable;
use crate::report::neutral;

/// The file an import writes, to be given back with `--answers`.
pub(super) const FILE: &str = "questions.csv";

const COLUMNS: [&str; 7] = ["list", "row", "name", "candidate_id", "candidate", "why", "answer"];

/// Whether a row is an entry; open until a person says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) list: ListName,
    pub(super) row: u64,
    pub(super) name: String,
    pub(super) candidate_id: String,
    pub(super) candidate: String,
    pub(super) why: String,
}

/// What a person answered: by list, folded name and candidate, whether they are the same.
#[derive(Debug, Default)]
pub(super) struct Answers(BTreeMap<(ListName, String, String), bool>);

impl Answers {
    /// Reads a file of questions with their answers; a blank answer stays open.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        let table = OptionTable::read("answers", path, &COLUMNS)?;
        let lacks: Vec<&str> = ["list", "name", "candidate_id", "answer"]
            .into_iter()
            .filter(|heading| !table.has(heading))
            .collect();
        if !lacks.is_empty() {
            return Err(format!(
                "{shown} has no column {}; fill in the {FILE} that the import wrote.",
                lacks.join(", ")
            ));
        }
        let mut answers = Self::default();
        for row in &table.rows {
            let line = row.line;
            let same = match table.value(row, "answer").to_lowercase().as_str() {
                "" => continue,
                "same" => true,
                "different" => false,
                other => {
                    return Err(format!(
                        "{shown}, row {line}: the answer is `same` or `different`, not `{other}`"
                    ));
                }
            };
            let list = ListName::from_code(table.value(row, "list"))
                .ok_or_else(|| format!("{shown}, row {line}: {}", ListName::codes()))?;
            let (name, id) =
                (name_key(table.value(row, "name")), table.value(row, "candidate_id").to_owned());
            answers.0.insert((list, name, id), same);
        }
        Ok(answers)
    }

    /// What a person said of a row and an entry.
    pub(super) fn of(&self, list: ListName, name: &str, candidate_id: &str) -> Option<bool> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&(list, name_key(name), candidate_id.to_owned())).copied()
    }
}

/// The questions as a file to answer.
pub(super) fn csv_of(questions: &[Question]) -> Result<String, String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |cells: [&str; 7]| writer.write_record(cells).map_err(|error| error.to_string());
    write(COLUMNS)?;
    for question in questions {
        write([
            question.list.code(),
            &question.row.to_string(),
            &neutral(&question.name),
            &question.candidate_id,
            &neutral(&question.candidate),
            &question.why,
            "",
        ])?;
    }
    let bytes = writer.into_inner().map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}
