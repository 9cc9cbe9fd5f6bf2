//! The few binary files that no library writes here, put together record by record.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;

use super::{HEADINGS, LINES};

/// A record of a binary workbook: its kind and length in groups of seven bits.
fn record(out: &mut Vec<u8>, kind: u16, body: &[u8]) {
    if kind < 128 {
        out.push(kind as u8);
    } else {
        out.extend([(kind & 127) as u8 | 128, (kind >> 7) as u8]);
    }
    let mut length = body.len();
    while length > 127 {
        out.push(length as u8 | 128);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend_from_slice(body);
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let length = (units.len() as u32).to_le_bytes();
    length.into_iter().chain(units.into_iter().flat_map(u16::to_le_bytes)).collect()
}

/// A binary workbook with the lines in one sheet, and an error in a row that no sheet has.
pub(super) fn xlsb_beyond() -> Vec<u8> {
    let mut row = Vec::new();
    record(&mut row, 0, &[&0x3400_2500_u32.to_le_bytes()[..], &[0; 13]].concat());
    record(&mut row, 11, &[&[0; 8][..], &[0x2a], &[0; 10]].concat());
    super::repacked(&xlsb(), false, |name, mut content| {
        if name.ends_with("sheet1.bin") {
            // Before the two records that end the sheet.
            let end = content.len() - 6;
            content.splice(end..end, row.iter().copied());
        }
        Some(content)
    })
}

/// A binary workbook (XLSB) with the lines in one sheet: the third row hidden, tariff codes as numbers that their format
/// fills up with zeros, values in euros by their format, and an error for the last currency.
pub(super) fn xlsb() -> Vec<u8> {
    let mut styles = Vec::new();
    for (number, format) in [(164_u16, "0000000000"), (165, "[$\u{20ac}-407]#,##0.00")] {
        record(&mut styles, 44, &[&number.to_le_bytes()[..], &wide(format)].concat());
    }
    record(&mut styles, 617, &3_u32.to_le_bytes());
    for format in [0_u16, 164, 165] {
        record(&mut styles, 47, &[&[0, 0], &format.to_le_bytes()[..], &[0; 12]].concat());
    }
    record(&mut styles, 618, &[]);
    let mut book = Vec::new();
    record(&mut book, 131, &[]);
    record(&mut book, 153, &[0; 12]);
    record(&mut book, 143, &[]);
    let head = [[0; 4], 1_u32.to_le_bytes()].concat();
    record(&mut book, 156, &[head, wide("rId1"), wide("Shipments")].concat());
    record(&mut book, 144, &[]);
    record(&mut book, 132, &[]);
    let mut sheet = Vec::new();
    record(&mut sheet, 129, &[]);
    record(&mut sheet, 148, &[[0; 4], 6_u32.to_le_bytes(), [0; 4], 10_u32.to_le_bytes()].concat());
    record(&mut sheet, 145, &[]);
    for (row, line) in (0_u32..).zip(std::iter::once(HEADINGS).chain(LINES)) {
        let hidden = if row == 2 { 0x10 } else { 0 };
        record(&mut sheet, 0, &[&row.to_le_bytes()[..], &[0; 7], &[hidden], &[0; 5]].concat());
        for (column, cell) in (0_u32..).zip(line) {
            let style = match column {
                8 => 1_u32,
                9 => 2,
                _ => 0,
            };
            let place = [column.to_le_bytes(), style.to_le_bytes()].concat();
            match cell.parse::<f64>() {
                _ if (row, column) == (6, 10) => {
                    record(&mut sheet, 11, &[&place[..], &[0x2a], &[0; 10]].concat());
                }
                Ok(number) if row > 0 => {
                    record(&mut sheet, 5, &[place, number.to_le_bytes().to_vec()].concat());
                }
                _ => record(&mut sheet, 6, &[place, wide(cell)].concat()),
            }
        }
    }
    record(&mut sheet, 146, &[]);
    record(&mut sheet, 130, &[]);
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = |target: &str, kind: &str| {
        format!(
            "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
             <Relationship Id=\"rId1\" Type=\"{relation}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
        .into_bytes()
    };
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        ("[Content_Types].xml", b"<?xml version=\"1.0\"?><Types/>".to_vec()),
        ("_rels/.rels", relations("xl/workbook.bin", "officeDocument")),
        ("xl/workbook.bin", book),
        ("xl/styles.bin", styles),
        ("xl/_rels/workbook.bin.rels", relations("worksheets/sheet1.bin", "worksheet")),
        ("xl/worksheets/sheet1.bin", sheet),
    ] {
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(&content).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// A compound file with one stream of this name, long enough to stand in sectors of its own.
fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    const END: u32 = 0xffff_fffe;
    const FREE: u32 = 0xffff_ffff;
    let sectors = stream.len().div_ceil(512).max(8);
    let mut head = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    head.extend([0; 16]);
    head.extend([0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    head.extend([0; 10]);
    for number in [1, 1, 0, 4096, END, 0, END, 0, 0] {
        head.extend(u32::to_le_bytes(number));
    }
    head.extend((1..109).flat_map(|_| FREE.to_le_bytes()));
    // The table of sectors, then the directory, then the stream.
    let mut table = vec![0xffff_fffd, END];
    table.extend((0..sectors).map(|at| if at + 1 == sectors { END } else { at as u32 + 3 }));
    table.resize(128, FREE);
    let mut bytes = head;
    bytes.extend(table.into_iter().flat_map(u32::to_le_bytes));
    for (name, kind, first, size) in [("Root Entry", 5, END, 0), (name, 2, 2, (sectors * 512) as u32)] {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(64, 0);
        entry.extend(((name.len() + 1) as u16 * 2).to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([FREE, FREE, if kind == 5 { 1 } else { FREE }].into_iter().flat_map(u32::to_le_bytes));
        entry.resize(116, 0);
        entry.extend([first, size, 0].into_iter().flat_map(u32::to_le_bytes));
        bytes.extend(entry);
    }
    bytes.extend([0; 256]);
    bytes.extend_from_slice(stream);
    bytes.resize(512 * (3 + sectors), 0);
    bytes
}

/// An old workbook of Excel 5 or 95 with the lines in one sheet: the third row hidden, tariff codes as numbers that their
/// format fills up with zeros, values in euros by their format, texts in windows-1252.
pub(super) fn biff5() -> Vec<u8> {
    fn record(out: &mut Vec<u8>, kind: u16, body: &[u8]) {
        out.extend(kind.to_le_bytes());
        out.extend((body.len() as u16).to_le_bytes());
        out.extend_from_slice(body);
    }
    let words = |words: &[u16]| -> Vec<u8> { words.iter().flat_map(|word| word.to_le_bytes()).collect() };
    let bytes = |text: &str| -> Vec<u8> {
        text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b's')).collect()
    };
    let globals = |sheet: u32| {
        let mut out = Vec::new();
        record(&mut out, 0x0809, &words(&[0x0500, 5, 0, 1995]));
        record(&mut out, 0x0042, &words(&[1252]));
        for (number, format) in [(164_u16, "0000000000"), (165, "#,##0.00 \"EUR\"")] {
            record(
                &mut out,
                0x041e,
                &[&words(&[number])[..], &[format.len() as u8], format.as_bytes()].concat(),
            );
        }
        for format in [0, 164, 165] {
            record(&mut out, 0x00e0, &words(&[0, format, 0, 0, 0, 0, 0, 0]));
        }
        record(&mut out, 0x0085, &[&sheet.to_le_bytes()[..], &[0, 0, 9], b"Shipments"].concat());
        record(&mut out, 0x000a, &[]);
        out
    };
    let mut stream = globals(globals(0).len() as u32);
    record(&mut stream, 0x0809, &words(&[0x0500, 0x10, 0, 1995]));
    record(&mut stream, 0x0200, &words(&[0, 7, 0, 11, 0]));
    for (row, line) in (0_u16..).zip(std::iter::once(HEADINGS).chain(LINES)) {
        let hidden = if row == 2 { 0x20 } else { 0 };
        record(&mut stream, 0x0208, &words(&[row, 0, 11, 255, 0, 0, 0x100 | hidden, 0]));
        for (column, cell) in (0_u16..).zip(line) {
            let style = match column {
                8 => 1,
                9 => 2,
                _ => 0,
            };
            if (row, column) == (5, 4) {
                // A formula that gives a text, and the record of the text is missing.
                let head = words(&[row, column, 0, 0, 0, 0, 0xffff, 3, 0, 0, 0]);
                record(&mut stream, 0x0006, &head);
                continue;
            }
            match cell.parse::<f64>() {
                Ok(number) if row > 0 => {
                    record(
                        &mut stream,
                        0x0203,
                        &[words(&[row, column, style]), number.to_le_bytes().to_vec()].concat(),
                    );
                }
                _ => {
                    let text = bytes(cell);
                    let head = words(&[row, column, 0, text.len() as u16]);
                    record(&mut stream, 0x0204, &[head, text].concat());
                }
            }
        }
    }
    record(&mut stream, 0x000a, &[]);
    stream.resize(stream.len().max(4_608), 0);
    compound("Book", &stream)
}

/// An old workbook whose records are encrypted.
pub(super) fn protected_xls() -> Vec<u8> {
    let mut stream = vec![0x09, 0x08, 16, 0, 0, 6, 5, 0];
    stream.extend([0; 12]);
    stream.extend([0x2f, 0, 6, 0, 0, 0, 1, 2, 3, 4]);
    stream.resize(4_608, 0x5a);
    compound("Workbook", &stream)
}

/// A new workbook encrypted with a password, as Excel keeps it.
pub(super) fn encrypted_package() -> Vec<u8> {
    compound("EncryptedPackage", &[0x77; 4_608])
}
