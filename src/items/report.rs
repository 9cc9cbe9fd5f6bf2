//! Readings in words: what `lookback item` prints, as text and as CSV.

use std::io::{self, Write};

use super::{Aside, Reading};
use crate::entity_list::report::not_a_formula;
use crate::printable::on_one_line;

/// A description that was read, and the row it came from.
pub struct ReadItem {
    /// The physical row, or the place in the arguments, from 1.
    pub row: u32,
    /// The description as given.
    pub description: String,
    /// What it was read to be.
    pub reading: Reading,
}

/// The columns of the CSV form.
const COLUMNS: [&str; 8] =
    ["row", "description", "candidate_eccn", "confidence", "words", "figures", "heading", "to_verify"];

/// Writes the CSV form: a row a candidate; descriptions without candidates have one with nothing beside them.
///
/// # Errors
/// When the output cannot be written.
pub fn write_csv<W: Write>(items: &[ReadItem], out: W) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS)?;
    for item in items {
        let row = item.row.to_string();
        let description = not_a_formula(&item.description);
        if item.reading.candidates.is_empty() {
            writer.write_record([row.as_str(), description.as_ref(), "", "", "", "", "", ""])?;
        }
        for candidate in &item.reading.candidates {
            writer.write_record([
                row.as_str(),
                description.as_ref(),
                &candidate.paragraph.to_string(),
                candidate.confidence.name(),
                &not_a_formula(&candidate.words.join("; ")),
                &not_a_formula(&candidate.figures.join("; ")),
                candidate.heading.as_deref().unwrap_or(""),
                &candidate.ask,
            ])?;
        }
    }
    writer.flush()
}

/// Writes the text form.
///
/// # Errors
/// When the output cannot be written.
pub fn write_text<W: Write>(items: &[ReadItem], mut out: W) -> io::Result<()> {
    for item in items {
        writeln!(out, "{}", on_one_line(&item.description))?;
        if item.reading.is_empty() {
            writeln!(out, "  resembles none of the paragraphs")?;
        }
        for candidate in &item.reading.candidates {
            writeln!(
                out,
                "  {:<10} {:<6} {}",
                candidate.paragraph.to_string(),
                candidate.confidence,
                candidate.item
            )?;
            writeln!(out, "             because {}", candidate.because())?;
            writeln!(out, "             ask: {}", candidate.ask)?;
        }
        for aside in &item.reading.set_aside {
            let about = match aside.aside {
                Aside::HeadingOnly => String::new(),
                _ => format!("\"{}\"; ", aside.word),
            };
            let line = on_one_line(&format!("{about}{}", aside.why));
            writeln!(out, "  {:<10} set aside: {line}", aside.paragraph.to_string())?;
        }
    }
    Ok(())
}
