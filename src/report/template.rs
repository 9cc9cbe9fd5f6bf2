//! `decisions-template.xlsx` and `.csv`: the open findings by group, ready to be decided.
//!
//! A reviewer fills them in and gives them back with `--decisions`; they stand outside the digests, because they are
//! made to be changed. The CSV file begins with a byte order mark: it is opened in spreadsheet programs.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::decisions::columns::Column;
use crate::decisions::{Policy, Row};
use crate::run::RunRecord;

use super::csv::plain;
use super::digest::HashedFile;
use super::xlsx::TemplateXlsx;
use super::{Error, Format, Formats, text};

/// The template as CSV.
pub(super) const CSV: &str = "decisions-template.csv";
/// The template as a workbook.
pub(super) const XLSX: &str = "decisions-template.xlsx";
/// The templates, which stand outside the digests.
pub const TEMPLATES: [&str; 2] = [CSV, XLSX];

/// The templates while findings pass.
pub struct DecisionsTemplate {
    csv: Option<TemplateCsv>,
    xlsx: Option<TemplateXlsx>,
}

impl DecisionsTemplate {
    /// Creates the templates in the formats asked for.
    ///
    /// # Errors
    /// When a file cannot be created.
    pub fn create(dir: &Path, formats: Formats, run: &RunRecord, policy: &Policy) -> Result<Self, Error> {
        Ok(Self {
            csv: formats.has(Format::Csv).then(|| TemplateCsv::create(dir)).transpose()?,
            xlsx: formats.has(Format::Xlsx).then(|| TemplateXlsx::create(dir, run, policy)).transpose()?,
        })
    }

    /// Writes the next row.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn row(&mut self, row: &Row) -> Result<(), Error> {
        if let Some(csv) = &mut self.csv {
            csv.row(row)?;
        }
        self.xlsx.as_mut().map_or(Ok(()), |xlsx| xlsx.row(row))
    }

    /// Completes the files.
    ///
    /// # Errors
    /// When a file cannot be completed.
    pub fn finish(self) -> Result<(), Error> {
        if let Some(csv) = self.csv {
            csv.finish()?;
        }
        self.xlsx.map_or(Ok(()), TemplateXlsx::finish)
    }
}

/// What stands beside the columns a reviewer fills in.
const BESIDE: [&str; 13] = [
    "decides",
    "disposition",
    "code",
    "name",
    "findings",
    "party_address",
    "listed_entity",
    "description",
    "date_of_export",
    "first_finding",
    "document_and_line",
    "explanation",
    "to_verify",
];

struct TemplateCsv {
    path: PathBuf,
    out: csv::Writer<HashedFile>,
}

impl TemplateCsv {
    fn create(dir: &Path) -> Result<Self, Error> {
        let path = dir.join(CSV);
        let mut file = HashedFile::create(&path)?;
        file.write_all("\u{feff}".as_bytes()).map_err(|source| Error::io(&path, source))?;
        let mut out = csv::Writer::from_writer(file);
        let headings = Column::FILLED.iter().chain(&Column::ABOUT).map(|column| column.name());
        out.write_record(headings.chain(BESIDE)).map_err(|error| (path.as_path(), error))?;
        Ok(Self { path, out })
    }

    fn row(&mut self, row: &Row) -> Result<(), Error> {
        let filled = Column::FILLED.map(|_| String::new());
        let about = Column::ABOUT.map(|column| about(row, column).to_owned());
        let beside = [
            row.kind.to_owned(),
            row.disposition.map_or("", crate::finding::Disposition::name).to_owned(),
            row.codes.clone(),
            row.name.to_owned(),
            row.findings.to_string(),
            row.party_address.clone(),
            row.listed_entity.clone(),
            row.description.clone(),
            row.date_of_export.clone(),
            first_place(row),
            document_and_line(row),
            row.explanation.clone(),
            row.to_verify.clone(),
        ];
        let cells = filled.iter().chain(&about).chain(&beside);
        let write = |out: &mut csv::Writer<HashedFile>| {
            for cell in cells {
                out.write_field(plain(cell).as_bytes())?;
            }
            out.write_record(None::<&[u8]>)
        };
        write(&mut self.out).map_err(|error| (self.path.as_path(), error).into())
    }

    fn finish(self) -> Result<(), Error> {
        let Self { path, out } = self;
        let file = out.into_inner().map_err(|error| Error::io(&path, error.into_error()))?;
        file.finish().map(drop).map_err(|source| Error::io(&path, source))
    }
}

/// The text of a column that says which findings a row is about.
pub(super) fn about(row: &Row, column: Column) -> &str {
    match column {
        Column::FindingId => &row.finding_id,
        Column::GroupId => &row.group_id,
        Column::Party => &row.party,
        Column::ListedEntityId => &row.listed_entity_id,
        Column::Item => &row.item,
        Column::Candidate => &row.candidate,
        Column::EvidenceDigest => &row.evidence_digest,
        Column::BasisDigest => &row.basis_digest,
        _ => "",
    }
}

/// Where the first finding of a row stands.
pub(super) fn first_place(row: &Row) -> String {
    row.first.as_ref().map_or_else(String::new, |first| text::place(&first.file, &first.sheet, first.row))
}

/// Document and line of the first finding.
pub(super) fn document_and_line(row: &Row) -> String {
    let Some(first) = &row.first else { return String::new() };
    match (first.document.as_str(), first.line.as_str()) {
        (document, "") => document.to_owned(),
        ("", line) => format!("line {line}"),
        (document, line) => format!("{document}, line {line}"),
    }
}
