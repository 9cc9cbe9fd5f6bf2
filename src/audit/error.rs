//! Why a run could not be done at all. What is wrong with one file or one row is no error of the run.

use std::io;
use std::path::PathBuf;

use crate::report;
use crate::rulebase::Problem;

/// The run could not be done; each message says what to do next.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each says what it is")]
pub enum Error {
    #[error("{} could not be searched: {source}. Check the path and its permissions.", path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error("no file to audit: {0}. Name a spreadsheet, or a folder that holds one.")]
    NoInput(String),
    #[error("nothing could be audited, and no report was written.\n{}", .0.join("\n"))]
    NothingAudited(Vec<String>),
    #[error("{} is a file. Name a folder with -o.", .0.display())]
    OutputIsFile(PathBuf),
    #[error(
        "{} holds a finished run. Name another folder with -o, or add --replace to keep the old one as {}.previous.",
        .0.display(), .0.display()
    )]
    OutputFinished(PathBuf),
    #[error("{} is not empty and holds no run of lookback. Name an empty or new folder with -o.", .0.display())]
    OutputOccupied(PathBuf),
    #[error("{}", temporary(.0))]
    Temporary(#[from] io::Error),
    #[error(
        "this audit needs {need} or more for temporary files, and {} has {free} free. Free some space there, or {}.",
        std::env::temp_dir().display(), ANOTHER_FOLDER
    )]
    NoRoom { need: String, free: String },
    #[error("{why}. The new report is complete and stands in {}.", kept.display())]
    KeptBeside { why: String, kept: PathBuf },
    #[error("interrupted; no report was written, and an earlier one stands as it was.")]
    Interrupted,
    #[error(
        "{} could not be read: {source}. It was changed or cut short: audit the files of that run again with --mergeable.",
        path.display()
    )]
    Kept { path: PathBuf, source: io::Error },
    #[error(
        "the runs cannot be merged: a file called {run} in one of them would be called {all} in one audit over all files, as files of \
         another run have the same name. Audit each run again by a folder of its own, so that the folder stands in the name: \
         lookback audit --mergeable FOLDER"
    )]
    NamedOtherwise { run: String, all: String },
    #[error("the rules could not be loaded:\n{}", problems(.0))]
    Rules(Vec<Problem>),
    #[error("the Entity List could not be loaded:\n{}", .0.join("\n"))]
    List(Vec<String>),
    #[error("the ownership table could not be used:\n{}", .0.join("\n"))]
    Owners(Vec<String>),
    #[error("the program's own data could not be loaded:\n{}", .0.join("\n"))]
    Data(Vec<String>),
    #[error("the decisions could not be read, and nothing was audited:\n{}", .0.join("\n"))]
    Decisions(Vec<String>),
    #[error(transparent)]
    Report(#[from] report::Error),
    #[error("{0}")]
    Threads(String),
}

/// Where else temporary files may go.
const ANOTHER_FOLDER: &str = if cfg!(windows) {
    "set TMP to a folder on another disk"
} else {
    "set TMPDIR to a folder on another disk"
};

fn temporary(source: &io::Error) -> String {
    let folder = std::env::temp_dir();
    let folder = folder.display();
    if report::is_full(source) {
        return format!(
            "the folder for temporary files, {folder}, is full; no report was written. Free some space there, or {ANOTHER_FOLDER}, \
             then run the audit again."
        );
    }
    format!(
        "the folder for temporary files, {folder}, could not be used: {source}. Check it, or {ANOTHER_FOLDER}, then run the audit again."
    )
}

fn problems(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
