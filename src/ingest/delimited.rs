//! Delimited text: which delimiter, and a stream of whole records.
//!
//! One thread reads, hashes, decodes and splits; cells are taken apart elsewhere, by `records`.

use std::fs::File;
use std::io::{BufRead as _, Read as _, Seek as _, SeekFrom};

use sha2::{Digest as _, Sha256};

use super::columns::{Asked, Outcome, decide};
use super::encoding::{self, Decoder, Encoding, Found};
use super::header::find_header;
use super::plan::SheetPlan;
use super::records::{Records, Splitter, parse};
use super::sheet::{Sheet, SheetReader, SheetState, Source, Visibility};
use super::{FileDigest, FileFault, Overrides, hex, unreadable};
use crate::source::Batch;

/// Bytes read at a time, and bytes of whole records in a chunk.
const READ: usize = 1 << 17;
const CHUNK: usize = 1 << 18;

/// The delimiters tried, in order of preference.
const DELIMITERS: [u8; 6] = [b',', b';', b'\t', b'|', b'^', b'~'];

/// Plans how a text file is read.
pub(crate) fn open(
    file: File,
    shown_as: &str,
    head: &[u8],
    whole: bool,
    overrides: &Overrides,
    digest: FileDigest,
) -> Result<Sheet, FileFault> {
    let found = encoding::presume(head, whole, overrides.encoding);
    let mut text = Vec::with_capacity(head.len() + 16);
    Decoder::new(found.encoding).decode(&head[found.mark..], whole, &mut text);
    let (delimiter, how) = find_delimiter(&text, whole, overrides.delimiter);
    let ahead = read_ahead(text, whole, delimiter);
    let asked = Asked {
        file: shown_as,
        sheet: "",
        block: overrides.columns.as_ref().and_then(|columns| columns.block_for(shown_as, "")),
        date_order: overrides.date_order,
        from_1904: false,
    };
    let state = match decide(&ahead, &asked) {
        Outcome::NoHeader(_) if ahead.rows().all(|row| row.is_blank()) => {
            SheetState::Skipped("the file holds nothing but blank lines".into())
        }
        Outcome::NoHeader(reason) => {
            SheetState::Skipped(format!("{reason}\nIf the cells above look run together, give --delimiter"))
        }
        Outcome::Question(question) => SheetState::Question(question),
        Outcome::Plan(mut plan) => {
            plan.encoding = Some(found.encoding);
            plan.encoding_how.clone_from(&found.how);
            plan.delimiter = Some(delimiter);
            plan.delimiter_how = how;
            let mut source = TextSource::new(file, shown_as, found, digest, delimiter);
            source.rewind().map_err(|error| unreadable(shown_as, &error))?;
            SheetState::Readable(Box::new(SheetReader {
                plan: *plan,
                ahead,
                source: Source::Text(Box::new(source)),
                read: 0,
            }))
        }
    };
    Ok(Sheet { name: String::new(), visibility: Visibility::Visible, state })
}

/// Whole records from the beginning of the text.
fn read_ahead(text: Vec<u8>, whole: bool, delimiter: u8) -> Batch {
    let mut splitter = Splitter::new(delimiter, 1);
    *splitter.buffer() = text;
    let records = splitter.next(whole).or_else(|| splitter.next(true));
    records.map_or_else(Batch::default, |records| parse(records, delimiter).batch)
}

/// The delimiter given, or named by a `sep=` line, or under which the most headings are known.
fn find_delimiter(text: &[u8], whole: bool, asked: Option<u8>) -> (u8, String) {
    if let Some(delimiter) = asked {
        return (delimiter, "as given by --delimiter".into());
    }
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, b'\r' | b'\n', ..] = text {
        return (*delimiter, "as its first line says".into());
    }
    let sample = &text[..text.len().min(1 << 16)];
    let whole = whole && sample.len() == text.len();
    let mut best = (b',', 0, 0);
    for delimiter in DELIMITERS {
        let ahead = read_ahead(sample.to_vec(), whole, delimiter);
        let score = find_header(&ahead, None).map_or(0, |(_, score)| score);
        let steady = steadiness(&ahead);
        if (score, steady) > (best.1, best.2) {
            best = (delimiter, score, steady);
        }
    }
    match best {
        (delimiter, 0, _) => (delimiter, "by the same number of cells in most records".into()),
        (delimiter, score, _) => (delimiter, format!("{score} headings are known with it")),
    }
}

/// How many records have the commonest number of cells, where that is more than one.
fn steadiness(ahead: &Batch) -> usize {
    let mut widths = std::collections::BTreeMap::<usize, usize>::new();
    for row in ahead.rows().filter(|row| row.len() > 1) {
        *widths.entry(row.len()).or_default() += 1;
    }
    widths.values().copied().max().unwrap_or(0)
}

/// A text file, read from beginning to end.
pub(crate) struct TextSource {
    file: File,
    shown_as: String,
    found: Found,
    delimiter: u8,
    digest: FileDigest,
    hasher: Option<Sha256>,
    decoder: Decoder,
    splitter: Splitter,
    raw: Vec<u8>,
    at_start: bool,
    at_end: bool,
}

impl std::fmt::Debug for TextSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextSource")
            .field("file", &self.shown_as)
            .field("found", &self.found)
            .finish_non_exhaustive()
    }
}

impl TextSource {
    fn new(file: File, shown_as: &str, found: Found, digest: FileDigest, delimiter: u8) -> Self {
        Self {
            file,
            shown_as: shown_as.to_owned(),
            decoder: Decoder::new(found.encoding),
            found,
            delimiter,
            digest,
            hasher: None,
            splitter: Splitter::new(delimiter, CHUNK),
            raw: Vec::new(),
            at_start: true,
            at_end: false,
        }
    }

    fn rewind(&mut self) -> std::io::Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        self.decoder = Decoder::new(self.found.encoding);
        self.splitter = Splitter::new(self.delimiter, CHUNK);
        self.hasher = self.digest.get().is_none().then(Sha256::new);
        self.raw = Vec::with_capacity(READ);
        self.at_start = true;
        self.at_end = false;
        Ok(())
    }

    /// Begins again, in the plan's encoding.
    pub(crate) fn restart(&mut self, plan: &mut SheetPlan) -> Result<(), FileFault> {
        let encoding = plan.encoding.unwrap_or(Encoding::Utf8);
        if encoding != self.found.encoding {
            self.found.mark = 0;
            // The file turned out not to be UTF-8: what it is, only the lines beyond ASCII can tell.
            let strange = self.strange_lines().map_err(|error| unreadable(&self.shown_as, &error))?;
            if !encoding::mostly_utf8(&strange) {
                self.found.encoding = encoding::guess(&strange);
            }
            plan.encoding = Some(self.found.encoding);
        }
        self.rewind().map_err(|error| unreadable(&self.shown_as, &error))
    }

    /// Lines with bytes beyond ASCII, up to a few hundred KiB of them.
    fn strange_lines(&mut self) -> std::io::Result<Vec<u8>> {
        const ENOUGH: usize = 1 << 18;
        self.file.seek(SeekFrom::Start(0))?;
        let mut input = std::io::BufReader::with_capacity(READ, &mut self.file);
        let (mut strange, mut line) = (Vec::new(), Vec::new());
        while strange.len() < ENOUGH {
            line.clear();
            // A line without end is looked at in pieces.
            if input.by_ref().take(READ as u64).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            if !line.is_ascii() {
                strange.extend_from_slice(&line);
            }
        }
        Ok(strange)
    }

    /// How many characters were replaced since this was last asked.
    pub(crate) fn take_replaced(&mut self) -> u64 {
        self.decoder.take_replaced()
    }

    /// The next whole records.
    pub(crate) fn next(&mut self) -> Result<Option<Records>, FileFault> {
        loop {
            if let Some(records) = self.splitter.next(self.at_end) {
                return Ok(Some(records));
            }
            if self.at_end {
                return Ok(None);
            }
            self.fill().map_err(|error| unreadable(&self.shown_as, &error))?;
        }
    }

    fn fill(&mut self) -> std::io::Result<()> {
        if self.found.encoding == Encoding::Utf8 && !self.at_start {
            return self.fill_as_it_stands();
        }
        self.raw.clear();
        let count = (&self.file).take(READ as u64).read_to_end(&mut self.raw)?;
        self.at_end = count < READ;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&self.raw);
        }
        let skip = if self.at_start { self.found.mark.min(count) } else { 0 };
        self.at_start = false;
        self.decoder.decode(&self.raw[skip..], self.at_end, self.splitter.buffer());
        self.end_of_file();
        Ok(())
    }

    /// Text that is UTF-8 already is read to where it is split.
    fn fill_as_it_stands(&mut self) -> std::io::Result<()> {
        let buffer = self.splitter.buffer();
        let before = buffer.len();
        let count = (&self.file).take(READ as u64).read_to_end(buffer)?;
        self.at_end = count < READ;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&buffer[before..]);
        }
        self.end_of_file();
        Ok(())
    }

    fn end_of_file(&mut self) {
        if !self.at_end {
            return;
        }
        // The end-of-file character of DOS is not a record.
        if self.splitter.buffer().last() == Some(&0x1a) {
            self.splitter.buffer().pop();
        }
        if let Some(hasher) = self.hasher.take() {
            self.digest.get_or_init(|| hex(hasher));
        }
    }
}
