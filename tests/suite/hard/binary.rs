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

/// A binary workbook (XLSB) with the lines in one sheet.
pub(super) fn xlsb() -> Vec<u8> {
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
        record(&mut sheet, 0, &[&row.to_le_bytes()[..], &[0; 13]].concat());
        for (column, cell) in (0_u32..).zip(line) {
            let place = [column.to_le_bytes(), [0; 4]].concat();
            match cell.parse::<f64>() {
                Ok(number) if row > 0 && column != 8 => {
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
