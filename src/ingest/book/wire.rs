//! What a reader in a process of its own tells, as bytes on a pipe: a kind, a length, a body.

use std::io::{self, Read, Write};

use super::super::fault::FileFault;
use super::super::sheet::Visibility;
use super::sink::{Event, SheetHead};
use crate::source::{Batch, CellKind, Row, RowFault};

const KINDS: [CellKind; 9] = [
    CellKind::Empty,
    CellKind::Text,
    CellKind::Number,
    CellKind::Date,
    CellKind::Bool,
    CellKind::Error,
    CellKind::FormulaWithoutValue,
    CellKind::FromMerge,
    CellKind::Missing,
];

const VISIBILITIES: [Visibility; 3] = [Visibility::Visible, Visibility::Hidden, Visibility::VeryHidden];

/// Longer messages come from no reader of ours.
const LONGEST: usize = 256 << 20;

/// Writes an event.
pub(super) fn write(event: &Event, out: &mut impl Write) -> io::Result<()> {
    let mut body = Vec::new();
    let kind = match event {
        Event::Sheet(head) => {
            put_text(&mut body, &head.name);
            body.push(VISIBILITIES.iter().position(|known| *known == head.visibility).unwrap_or(0) as u8);
            body.push(u8::from(head.from_1904));
            put_text(&mut body, head.no_worksheet.as_deref().unwrap_or_default());
            put_number(&mut body, head.remarks.len());
            for remark in &head.remarks {
                put_text(&mut body, remark);
            }
            1
        }
        Event::Rows(batch) => {
            body.reserve(batch.text_bytes() * 2);
            for row in batch.rows() {
                put_row(&mut body, &row);
            }
            2
        }
        Event::Fault(fault) => {
            put_text(&mut body, fault.message());
            3
        }
        Event::End => 4,
    };
    out.write_all(&[kind])?;
    out.write_all(&(body.len() as u32).to_le_bytes())?;
    out.write_all(&body)
}

fn put_row(body: &mut Vec<u8>, row: &Row<'_>) {
    put_number(body, row.number() as usize);
    let beyond = row.fault() == Some(RowFault::BeyondLastColumn);
    body.push(u8::from(row.is_hidden()) | u8::from(beyond) << 1);
    put_number(body, row.len());
    for cell in row.cells() {
        body.push(KINDS.iter().position(|known| *known == cell.kind).unwrap_or(0) as u8);
        if cell.kind != CellKind::Empty {
            put_text(body, cell.text);
        }
    }
}

fn put_text(body: &mut Vec<u8>, text: &str) {
    put_number(body, text.len());
    body.extend_from_slice(text.as_bytes());
}

/// Seven bits a byte, the last without its highest bit.
fn put_number(body: &mut Vec<u8>, mut number: usize) {
    while number > 127 {
        body.push(number as u8 | 128);
        number >>= 7;
    }
    body.push(number as u8);
}

/// Reads the next event; none where the pipe ends or what comes is no event.
pub(super) fn read(input: &mut impl Read) -> Option<Event> {
    let mut head = [0; 5];
    input.read_exact(&mut head).ok()?;
    let length = u32::from_le_bytes(head[1..].try_into().ok()?) as usize;
    if length > LONGEST {
        return None;
    }
    let mut bytes = vec![0; length];
    input.read_exact(&mut bytes).ok()?;
    let mut body = Body { bytes: &bytes };
    match head[0] {
        1 => {
            let name = body.text()?.to_owned();
            let visibility = *VISIBILITIES.get(body.byte()? as usize)?;
            let from_1904 = body.byte()? == 1;
            let reason = body.text()?.to_owned();
            let count = body.number()?;
            let remarks = (0..count).map(|_| body.text().map(str::to_owned)).collect::<Option<_>>()?;
            let no_worksheet = (!reason.is_empty()).then_some(reason);
            Some(Event::Sheet(SheetHead { name, visibility, no_worksheet, from_1904, remarks }))
        }
        2 => {
            let mut batch = Batch::with_capacity(length);
            while !body.bytes.is_empty() {
                body.row(&mut batch)?;
            }
            Some(Event::Rows(batch))
        }
        3 => Some(Event::Fault(FileFault::told(body.text()?.to_owned()))),
        4 => Some(Event::End),
        _ => None,
    }
}

struct Body<'a> {
    bytes: &'a [u8],
}

impl<'a> Body<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(first)
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= ((byte & 127) as usize) << shift;
            if byte < 128 {
                return Some(number);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.number()?;
        let (text, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        std::str::from_utf8(text).ok()
    }

    fn row(&mut self, batch: &mut Batch) -> Option<()> {
        let number = self.number()? as u32;
        let flags = self.byte()?;
        batch.begin_row(number, 1, flags & 1 == 1);
        for _ in 0..self.number()? {
            let kind = *KINDS.get(self.byte()? as usize)?;
            let text = if kind == CellKind::Empty { "" } else { self.text()? };
            batch.push_cell(kind, text);
        }
        if flags & 2 == 2 {
            batch.end_row(1, Some(RowFault::BeyondLastColumn));
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut batch = Batch::default();
        batch.begin_row(7, 1, true);
        batch.push_cell(CellKind::Empty, "");
        batch.push_cell(CellKind::Text, &"K\u{f6}ln ".repeat(60));
        batch.begin_row(300, 1, false);
        batch.push_cell(CellKind::FormulaWithoutValue, "");
        batch.end_row(1, Some(RowFault::BeyondLastColumn));
        let mut head = SheetHead::new("A", Visibility::VeryHidden);
        head.from_1904 = true;
        head.remarks.push("said".into());
        let fault = FileFault::new("f.xls", "damaged", "");
        let mut bytes = Vec::new();
        for event in [Event::Sheet(head.clone()), Event::Rows(batch), Event::Fault(fault), Event::End] {
            write(&event, &mut bytes).unwrap();
        }
        let whole = bytes.clone();
        let mut input = bytes.as_slice();
        assert!(matches!(read(&mut input), Some(Event::Sheet(read)) if read == head));
        let Some(Event::Rows(batch)) = read(&mut input) else { panic!("no rows") };
        let (first, second) = (batch.row(0), batch.row(1));
        assert_eq!((first.number(), first.len(), first.is_hidden()), (7, 2, true));
        assert_eq!(first.cell(1).text.len(), 360);
        assert_eq!((second.number(), second.fault()), (300, Some(RowFault::BeyondLastColumn)));
        assert!(matches!(read(&mut input), Some(Event::Fault(fault)) if fault.message() == "f.xls: damaged"));
        assert!(matches!(read(&mut input), Some(Event::End)) && read(&mut input).is_none());
        // A reader that dies leaves a cut message.
        for end in 0..whole.len() {
            let mut input = &whole[..end];
            while read(&mut input).is_some() {}
        }
    }
}
