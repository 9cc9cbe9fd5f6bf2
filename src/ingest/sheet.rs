//! One sheet: readable, skipped with a reason, or waiting for an answer; and the chunks a reader hands out.

use super::FileFault;
use super::book::BookSource;
use super::delimited::TextSource;
use super::plan::SheetPlan;
use super::records::{self, Records};
use super::tally::ValueTally;
use super::xlsx::XlsxSource;
use crate::run::SheetRecord;
use crate::source::Batch;

/// Whether a sheet can be seen in the spreadsheet program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visibility {
    /// It can.
    #[default]
    Visible,
    /// It is hidden.
    Hidden,
    /// It is hidden so that the menu does not show it.
    VeryHidden,
}

impl Visibility {
    /// The word the report prints.
    pub fn name(self) -> &'static str {
        match self {
            Self::Visible => "visible",
            Self::Hidden => "hidden",
            Self::VeryHidden => "very hidden",
        }
    }
}

/// One sheet of a file.
#[derive(Debug)]
pub struct Sheet {
    /// Its name; empty for a text file.
    pub name: String,
    /// Whether it can be seen.
    pub visibility: Visibility,
    /// What can be done with it.
    pub state: SheetState,
}

/// What can be done with a sheet.
#[derive(Debug)]
pub enum SheetState {
    /// It can be read.
    Readable(Box<SheetReader>),
    /// It is not read, for this reason: no header, or not a worksheet.
    Skipped(String),
    /// It is not read until this question is answered in a columns file.
    Question(String),
    /// It cannot be read: it is damaged.
    Unread(FileFault),
}

impl Sheet {
    /// The reader, where there is one.
    pub fn reader(&mut self) -> Option<&mut SheetReader> {
        match &mut self.state {
            SheetState::Readable(reader) => Some(reader),
            SheetState::Skipped(_) | SheetState::Question(_) | SheetState::Unread(_) => None,
        }
    }

    /// Why it cannot be read, where that is known before it is.
    pub fn fault(&self) -> Option<&FileFault> {
        match &self.state {
            SheetState::Unread(fault) => Some(fault),
            _ => None,
        }
    }

    /// Whether it is read in little memory beside what it shares with the other sheets of its file. Other sheets are read
    /// by readers that hold much of a file each.
    pub fn is_light(&self) -> bool {
        match &self.state {
            SheetState::Readable(reader) => match &reader.source {
                Source::Text(_) => true,
                Source::Xlsx(source) => source.is_plain(),
                Source::Book(_) => false,
            },
            SheetState::Skipped(_) | SheetState::Question(_) | SheetState::Unread(_) => true,
        }
    }

    /// How the sheet was read, with what the values said; the counts are for the caller to fill.
    pub fn record(&self, tally: Option<&ValueTally>) -> SheetRecord {
        let mut record = SheetRecord {
            sheet: self.name.clone(),
            visibility: self.visibility.name().into(),
            ..SheetRecord::default()
        };
        match &self.state {
            SheetState::Readable(reader) => reader.plan.fill(&mut record, tally),
            SheetState::Skipped(reason) => record.skipped = Some(reason.clone()),
            SheetState::Unread(fault) => record.fault = Some(fault.message().to_owned()),
            SheetState::Question(question) => {
                record.skipped = Some(question.clone());
                record.question = true;
            }
        }
        record
    }
}

/// Reads one sheet, a chunk at a time, on one thread.
#[derive(Debug)]
pub struct SheetReader {
    pub(crate) plan: SheetPlan,
    pub(crate) ahead: Batch,
    pub(crate) source: Source,
    pub(crate) read: u64,
}

#[derive(Debug)]
pub(crate) enum Source {
    Text(Box<TextSource>),
    Xlsx(XlsxSource),
    Book(BookSource),
}

impl SheetReader {
    /// How the sheet is read.
    pub fn plan(&self) -> &SheetPlan {
        &self.plan
    }

    /// The rows read ahead, from the top of the sheet.
    pub fn ahead(&self) -> &Batch {
        &self.ahead
    }

    /// Bytes of the file read so far (text), or text of the rows (workbooks); for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.read
    }

    /// The next rows; none at the end of the sheet.
    ///
    /// # Errors
    /// The file cannot be read on, or is not what it began as.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, FileFault> {
        let chunk = match &mut self.source {
            Source::Text(source) => source.next()?.map(|records| {
                self.read += records.bytes.len() as u64;
                let replaced = source.take_replaced();
                Chunk { content: Content::Text(records), replaced }
            }),
            Source::Xlsx(source) => source.next()?.map(|batch| self.rows(batch)),
            Source::Book(source) => source.next()?.map(|batch| self.rows(batch)),
        };
        Ok(chunk)
    }

    fn rows(&mut self, batch: Batch) -> Chunk {
        self.read += batch.text_bytes() as u64;
        Chunk { content: Content::Rows(batch), replaced: 0 }
    }

    /// Begins again from the top, by another plan. Everything the sheet gave before is void.
    ///
    /// # Errors
    /// The file cannot be read again.
    pub fn restart(&mut self, mut plan: SheetPlan) -> Result<(), FileFault> {
        self.read = 0;
        match &mut self.source {
            Source::Text(source) => source.restart(&mut plan)?,
            Source::Xlsx(source) => source.restart(),
            Source::Book(source) => source.restart(),
        }
        self.plan = plan;
        Ok(())
    }
}

/// Whole rows, not yet taken apart.
#[derive(Debug)]
pub struct Chunk {
    content: Content,
    /// Characters replaced while it was decoded.
    replaced: u64,
}

#[derive(Debug)]
enum Content {
    Text(Records),
    Rows(Batch),
}

impl Chunk {
    /// Takes the rows apart; on any thread.
    pub fn parse(self, plan: &SheetPlan, tally: &mut ValueTally) -> Batch {
        tally.replaced += self.replaced;
        let (batch, nul) = match self.content {
            Content::Rows(batch) => (batch, true),
            Content::Text(records) => {
                let nul = memchr::memchr(0, &records.bytes).is_some();
                let wide = !records.bytes.is_ascii();
                let parsed = records::parse(records, plan.delimiter.unwrap_or(b','));
                tally.wide_chunks += u64::from(wide);
                if let Some(line) = parsed.bad_line {
                    tally.bad_chunks += 1;
                    tally.bad_line = Some(tally.bad_line.map_or(line, |first| first.min(line)));
                    let cells = parsed.batch.rows().flat_map(|row| row.cells());
                    tally.replaced +=
                        cells.map(|cell| cell.text.matches('\u{fffd}').count() as u64).sum::<u64>();
                }
                (parsed.batch, nul)
            }
        };
        if nul && plan.is_delimited() {
            for row in batch.rows() {
                if row.cells().any(|cell| cell.text.contains('\0')) {
                    tally.see_nul(row.number());
                }
            }
        }
        batch
    }
}
