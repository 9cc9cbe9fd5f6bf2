//! The files of a run: folders searched, names shown in the report made unique, everything in one order.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Error;
use crate::decisions::is_decision_file;

/// One file to read, with the name the report gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Input {
    /// Where it is.
    pub(super) path: PathBuf,
    /// The argument's last name plus the path below it, with `/`.
    pub(super) name: String,
    /// How the report names it: its name, lengthened by parents until it is unique.
    pub(super) shown: String,
    /// Its size when the run began; nothing where it could not be told.
    pub(super) bytes: u64,
}

/// Endings of files in a folder that are never an export; everything else is opened and told by its content.
const PASSED_OVER: [&str; 16] = [
    "md", "toml", "json", "jsonl", "html", "htm", "docx", "doc", "pptx", "msg", "eml", "png", "jpg", "jpeg",
    "py", "rs",
];

/// The files of these arguments, in canonical order: arguments as given, a folder's files by the bytes of their path.
///
/// # Errors
/// When an argument is not there, or a folder cannot be listed.
///
/// Files of reviewers' decisions found in a folder are told apart: they are no shipment lists.
pub(super) fn gather(
    arguments: &[PathBuf],
    options: &[(&str, PathBuf)],
) -> Result<(Vec<Input>, Vec<PathBuf>), Error> {
    // A file that an option names is no shipment list, wherever it lies.
    let options: Vec<PathBuf> = options.iter().filter_map(|(_, path)| path.canonicalize().ok()).collect();
    let is_option =
        |path: &Path| !options.is_empty() && path.canonicalize().is_ok_and(|path| options.contains(&path));
    let mut decision_files = Vec::new();
    let mut found: Vec<(PathBuf, PathBuf)> = Vec::new();
    for argument in arguments {
        let name = argument.file_name().map_or_else(|| argument.clone(), PathBuf::from);
        if argument.is_dir() {
            let mut files = Vec::new();
            search(argument, &mut files)?;
            files.sort_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
            for path in files.into_iter().filter(|path| !is_option(path)) {
                if is_decision_file(&path) {
                    decision_files.push(path);
                    continue;
                }
                let below = path.strip_prefix(argument).unwrap_or(&path).to_owned();
                found.push((path, name.join(below)));
            }
        } else {
            // A file that is not there is said when it is opened, with the others still read.
            found.push((argument.clone(), name));
        }
    }
    let mut inputs = name(found);
    for input in &mut inputs {
        input.bytes = std::fs::metadata(&input.path).map_or(0, |metadata| metadata.len());
    }
    Ok((inputs, decision_files))
}

fn search(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let refused = |source| Error::Folder { path: folder.to_owned(), source };
    // A folder with a run.json is the report of an earlier run.
    if folder.join(crate::report::run_json::FILE).exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder).map_err(refused)? {
        let path = entry.map_err(refused)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // Hidden files, and the lock files that Excel leaves beside an open workbook.
        if name.starts_with('.') || name.starts_with("~$") {
            continue;
        }
        if path.is_dir() {
            search(&path, files)?;
        } else {
            let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
            if !ending.is_some_and(|ending| PASSED_OVER.contains(&ending.as_str())) {
                files.push(path);
            }
        }
    }
    Ok(())
}

/// Names of files, lengthened by parents until each is unique; their sizes are not asked for.
pub(super) fn name(found: Vec<(PathBuf, PathBuf)>) -> Vec<Input> {
    let shown = |path: &Path| {
        path.components()
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect::<Vec<_>>()
            .join("/")
    };
    let mut names: Vec<PathBuf> = found.iter().map(|(_, name)| name.clone()).collect();
    loop {
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for name in &names {
            *count.entry(shown(name)).or_default() += 1;
        }
        let mut longer = false;
        for ((path, _), name) in found.iter().zip(&mut names) {
            if count.get(&shown(name)).is_some_and(|count| *count > 1) {
                let parts = name.components().count();
                let all: Vec<_> = path.components().collect();
                if all.len() > parts {
                    *name = all[all.len() - parts - 1..].iter().collect();
                    longer = true;
                }
            }
        }
        if !longer {
            break;
        }
    }
    // The same path given twice cannot be told apart by parents.
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    found
        .into_iter()
        .zip(names)
        .map(|((path, first), name)| {
            let base = shown(&name);
            let times = seen.entry(base.clone()).or_default();
            *times += 1;
            let name = shown(&first);
            let shown = if *times > 1 { format!("{base} ({times})") } else { base };
            Input { path, name, shown, bytes: 0 }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_names_are_lengthened_by_their_parents() {
        let found = vec![
            (PathBuf::from("/x/q1/export.csv"), PathBuf::from("export.csv")),
            (PathBuf::from("/x/q2/export.csv"), PathBuf::from("export.csv")),
            (PathBuf::from("/x/other.csv"), PathBuf::from("other.csv")),
        ];
        let shown: Vec<String> = name(found).into_iter().map(|input| input.shown).collect();
        assert_eq!(shown, ["q1/export.csv", "q2/export.csv", "other.csv"]);
    }
}
