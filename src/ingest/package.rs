//! The walk over a zip archive before anything in it is trusted: checksums and true sizes of every part.
//!
//! Every part is inflated to its end, which is what makes its checksum count; sizes come from the bytes, never from the
//! directory's word. What the parts mean is the business of each format.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use super::fault::FileFault;
use super::limits::{Limits, RAISE};

/// What to do with a file that was damaged on its way.
pub(crate) const GET_AGAIN: &str = "Get the file again from where it was exported";

/// Parts whose checksum does not match or that cannot be inflated, by lower-case name, with a sentence that says so.
pub(crate) type Damage = BTreeMap<String, String>;

/// Walks the archive, showing each part's bytes to `see` under its lower-case name; an empty block ends a part.
///
/// # Errors
/// The file is no archive, or unpacks to more than the limits allow. Damaged parts are no error here.
pub(crate) fn walk(
    path: &Path,
    shown_as: &str,
    limits: Limits,
    see: &mut dyn FnMut(&str, &[u8]),
) -> Result<Damage, FileFault> {
    let file = File::open(path).map_err(|error| super::unreadable(shown_as, &error))?;
    let mut archive = zip::ZipArchive::new(BufReader::with_capacity(1 << 16, file))
        .map_err(|error| FileFault::new(shown_as, format!("not a complete workbook ({error})"), GET_AGAIN))?;
    if archive.len() > limits.parts() {
        let what =
            format!("the archive holds {} parts: too many to be a workbook made to be read", archive.len());
        return Err(FileFault::new(shown_as, what, RAISE));
    }
    let mut damage = Damage::new();
    let mut total = 0;
    let mut block = vec![0; 1 << 18];
    for index in 0..archive.len() {
        let named = archive.by_index_raw(index).ok().and_then(|part| Some(part.name().ok()?.into_owned()));
        let as_written = named.unwrap_or_else(|| format!("part {}", index + 1));
        let name = as_written.to_lowercase();
        let mut part = match archive.by_index(index) {
            Ok(part) => part,
            Err(error) => {
                damage.insert(name, format!("{as_written} cannot be unpacked ({error})"));
                continue;
            }
        };
        if part.encrypted() {
            damage.insert(name, format!("{as_written} is encrypted"));
            continue;
        }
        let packed = part.compressed_size();
        let mut size = 0;
        loop {
            let count = match part.read(&mut block) {
                Ok(count) => count,
                Err(error) => {
                    let why = format!("the checksum of {as_written} does not match, or it is cut ({error})");
                    damage.insert(name.clone(), why);
                    see(&name, &[]);
                    break;
                }
            };
            see(&name, &block[..count]);
            if count == 0 {
                break;
            }
            size += count as u64;
            total += count as u64;
            let strings = name.contains("sharedstrings") && size > limits.strings();
            if strings || limits.is_bomb(size, packed) || total > limits.unpacked() {
                let what = format!(
                    "{name} unpacks to more than {} MiB from {} KiB: too large to be read safely",
                    size >> 20,
                    packed >> 10
                );
                return Err(FileFault::new(shown_as, what, RAISE));
            }
        }
    }
    Ok(damage)
}

/// The fault of a workbook one of whose needed parts is damaged.
pub(crate) fn damaged_part(shown_as: &str, sheet: &str, why: &str) -> FileFault {
    let what = format!("{why}: the file was damaged or altered; 0 lines audited from it");
    FileFault::of_sheet(shown_as, sheet, what, GET_AGAIN)
}

/// What to say of damaged parts that the sheets do not need.
pub(crate) fn unneeded_remark(damage: &Damage) -> Option<String> {
    let named: Vec<&str> = damage.keys().map(String::as_str).take(5).collect();
    (!named.is_empty()).then(|| {
        format!(
            "parts of the file that hold no rows are damaged ({}): ask where the file came from",
            named.join(", ")
        )
    })
}
