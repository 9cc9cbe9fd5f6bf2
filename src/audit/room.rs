//! Room on the disk for temporary files: how much an audit may take, said before it is taken.
//!
//! Findings, and a short record of every line, stand in the temporary folder until the report is written. How much that
//! is depends on what is found; the shares below are those of ordinary exports.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::Error;
use super::inputs::Input;
use super::plan::AuditPlan;

/// Files smaller than this together are not worth a word.
const SMALL: u64 = 64 << 20;

/// Temporary bytes in hundredths of a file's bytes: what every line takes, and what findings add where a tenth of the
/// lines has some.
struct Share {
    lines: u64,
    findings: u64,
    /// With `--lines`.
    every_line: u64,
}

const TEXT: Share = Share { lines: 20, findings: 80, every_line: 70 };
/// A third of the size of the same lines as text, or less.
const PACKED: Share = Share { lines: 60, findings: 240, every_line: 210 };

/// What the temporary files of a run may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    /// Without any finding.
    least: u64,
    /// As a rule.
    about: u64,
    /// Free on the disk of the temporary folder, where the system says so.
    free: Option<u64>,
}

impl Room {
    /// What these files may take; none where they are small.
    pub(super) fn of(inputs: &[Input], plan: &AuditPlan) -> Option<Self> {
        if inputs.iter().map(|input| input.bytes).sum::<u64>() < SMALL {
            return None;
        }
        let mut room = Self { least: 0, about: 0, free: free_in(&std::env::temp_dir()) };
        for input in inputs {
            let bytes = input.bytes;
            let share = if is_packed(&input.path) { PACKED } else { TEXT };
            let lines = share.lines + if plan.lines { share.every_line } else { 0 };
            room.least += bytes / 100 * lines;
            room.about += bytes / 100 * (lines + share.findings);
        }
        Some(room)
    }

    /// What a person is told before the audit begins.
    pub(super) fn told(&self) -> String {
        let folder = std::env::temp_dir();
        let free = self.free.map_or_else(String::new, |free| format!(" ({} free)", in_words(free)));
        format!(
            "Temporary files take about {} in {}{free}; several times as much where most lines have findings.",
            in_words(self.about),
            folder.display()
        )
    }

    /// Refuses what cannot end well.
    pub(super) fn check(&self) -> Result<(), Error> {
        match self.free {
            Some(free) if free < self.least => {
                Err(Error::NoRoom { need: in_words(self.least), free: in_words(free) })
            }
            _ => Ok(()),
        }
    }
}

/// Whether the file is an archive, as workbooks are.
fn is_packed(path: &Path) -> bool {
    let mut start = [0; 2];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && matches!(&start, b"\x50\x4b" | b"\x1f\x8b")
}

/// A size as people say it.
fn in_words(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    if bytes < 1 << 30 {
        format!("{} MB", bytes.div_ceil(MIB))
    } else {
        format!("{:.1} GB", bytes as f64 / (1u64 << 30) as f64)
    }
}

#[cfg(unix)]
fn free_in(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free_in(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_little_room_is_refused_and_enough_is_told() {
        let room = Room { least: 300 << 20, about: 1_500 << 20, free: Some(200 << 20) };
        let refused = room.check().unwrap_err().to_string();
        assert!(refused.contains("needs 300 MB or more") && refused.contains("has 200 MB free"), "{refused}");
        let room = Room { free: Some(20 << 30), ..room };
        assert!(room.check().is_ok());
        assert!(
            room.told().contains("about 1.5 GB") && room.told().contains("(20.0 GB free)"),
            "{}",
            room.told()
        );
        assert!(free_in(&std::env::temp_dir()).is_none_or(|free| free > 0));
    }
}
