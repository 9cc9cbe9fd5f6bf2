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
    #[error("{} could not be written: {source}. Name another folder with -o.", path.display())]
    Output { path: PathBuf, source: io::Error },
    #[error("{} is a file. Name a folder with -o.", .0.display())]
    OutputIsFile(PathBuf),
    #[error(
        "{} holds a finished run. Name another folder with -o, or add --replace to keep the old one as {}.previous.",
        .0.display(), .0.display()
    )]
    OutputFinished(PathBuf),
    #[error("{} is not empty and holds no run of lookback. Name an empty or new folder with -o.", .0.display())]
    OutputOccupied(PathBuf),
    #[error("the temporary folder could not be used: {0}. Free some space, or set TMPDIR to another folder.")]
    Temporary(#[from] io::Error),
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

fn problems(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
