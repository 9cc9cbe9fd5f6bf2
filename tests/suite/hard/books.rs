//! Hard workbooks: mislabelled, damaged on the way, hostile, hidden, merged, without values.

use std::io::{Cursor, Read as _, Write as _};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use zip::write::SimpleFileOptions;

use super::{Case, HEADINGS, LINES, binary, text};

/// Writes headings and lines, the headings in this row counted from 0.
fn put(sheet: &mut Worksheet, top: u32, left: u16) {
    for (column, heading) in (left..).zip(HEADINGS) {
        sheet.write_string(top, column, heading).unwrap();
    }
    for (row, line) in (top + 1..).zip(LINES) {
        for (column, cell) in (left..).zip(line) {
            match (column - left, cell.parse::<f64>()) {
                (1 | 9, Ok(number)) => sheet.write_number(row, column, number).unwrap(),
                _ => sheet.write_string(row, column, cell).unwrap(),
            };
        }
    }
}

fn book(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

fn plain() -> Vec<u8> {
    book(|book| put(book.add_worksheet().set_name("Shipments").unwrap(), 0, 0))
}

/// The archive with its parts changed; none leaves a part out.
pub(in crate::suite) fn repacked(
    bytes: &[u8],
    stored: bool,
    change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>,
) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let method = if stored { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        if let Some(content) = change(&name, content) {
            out.start_file(name, SimpleFileOptions::default().compression_method(method)).unwrap();
            out.write_all(&content).unwrap();
        }
    }
    out.finish().unwrap().into_inner()
}

fn replace(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

fn in_sheet(change: impl Fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    repacked(&plain(), false, |name, content| {
        Some(if name.ends_with("sheet1.xml") { change(content) } else { content })
    })
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        out.start_file(*name, SimpleFileOptions::default()).unwrap();
        out.write_all(content).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = packed();
    cases.extend(damaged());
    cases.extend(hostile());
    cases.extend(layouts());
    cases.extend(documents());
    cases
}

fn packed() -> Vec<Case> {
    let csv = text(',', "\r\n");
    let packed = gzipped(csv.as_bytes());
    vec![
        Case::whole("xlsx-named-xls.xls", plain(), &["Excel workbook (XLSX)"]),
        Case::whole("csv.gz", packed.clone(), &["delimited text, packed in gzip"]),
        Case::whole("workbook.xlsx.gz", gzipped(&plain()), &["Excel workbook (XLSX), packed in gzip"]),
        Case::whole(
            "export.zip",
            zipped(&[
                ("out/", b""),
                ("out/export.csv", csv.replace("D-50", "Z-50").as_bytes()),
                ("__MACOSX/._export.csv", b"\0"),
            ]),
            &["packed in zip"],
        ),
        Case::refused(
            "two.zip",
            zipped(&[("a.csv", csv.as_bytes()), ("b.csv", csv.as_bytes())]),
            &["a zip archive holding 2 files", "audit the files inside"],
        ),
        Case::refused("nested.gz", gzipped(&gzipped(b"a,b\n")), &["an archive within an archive"]),
        Case::refused(
            "cut.gz",
            &packed[..packed.len() - 6],
            &["the archive is cut, or its checksum does not match"],
        ),
        Case::refused(
            "bomb.gz",
            gzipped(&vec![b' '; 70 << 20]),
            &["too large to be read safely", "--raise-limits"],
        ),
        Case::refused("pdf-named.xlsx", &b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"[..], &["a PDF document"]),
        Case::refused("image.xls", &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &["an image"]),
    ]
}

fn damaged() -> Vec<Case> {
    let plain = plain();
    let stored = repacked(&plain, true, |_, content| Some(content));
    let at = memchr::memmem::find(&stored, b"<t>PK</t>").unwrap();
    let mut altered = stored.clone();
    altered[at + 3..at + 5].copy_from_slice(b"US");
    // Two sheets, of which one is damaged: the other is read.
    let two = book(|book| {
        put(book.add_worksheet().set_name("2024").unwrap(), 0, 0);
        put(book.add_worksheet().set_name("2025").unwrap(), 0, 0);
    });
    let mut one_damaged = repacked(&two, true, |_, content| Some(content));
    let first = memchr::memmem::find(&one_damaged, b"<sheetData>").unwrap();
    one_damaged[first + 30] ^= 1;
    vec![
        Case::refused("cut.xlsx", &plain[..plain.len() * 6 / 10], &["cut or damaged"]),
        Case::whole("padded.xlsx", [plain.as_slice(), &[0; 4096]].concat(), &[]),
        Case::refused(
            "altered.xlsx",
            altered,
            &["the checksum of xl/sharedStrings.xml does not match", "0 lines audited"],
        ),
        Case::whole(
            "one-sheet-damaged.xlsx",
            one_damaged,
            &["sheet \"2024\"", "sheet1.xml", "0 lines audited from it"],
        ),
        Case::refused(
            "sheet-cut.xlsx",
            in_sheet(|xml| xml[..xml.len() / 2].to_vec()),
            &["sheet \"Shipments\"", "after row"],
        )
        .lines(1, 0),
        Case::refused("zero-filled.xls", zero_filled(), &["without a workbook in it"]),
        Case::refused("protected.xls", binary::protected_xls(), &["password-protected"]),
        Case::refused("protected.xlsx", binary::encrypted_package(), &["password-protected"]),
        Case::refused(
            "protected.ods",
            zipped(&[
                ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
                (
                    "META-INF/manifest.xml",
                    b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>",
                ),
                ("content.xml", b"\x00\x01\x02"),
            ]),
            &["password-protected"],
        ),
    ]
}

/// A workbook of the old format whose second half never reached the disk.
fn zero_filled() -> Vec<u8> {
    let mut bytes = std::fs::read(super::project("tests/hard/register.xls")).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0);
    bytes
}

fn hostile() -> Vec<Case> {
    let data = |end: &str| {
        let end = end.to_owned();
        in_sheet(move |xml| replace(&xml, "</sheetData>", &format!("{end}</sheetData>")))
    };
    let entities = in_sheet(|xml| {
        let xml = replace(
            &xml,
            "?>\n",
            "?>\n<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>",
        );
        replace(
            &xml,
            "</sheetData>",
            "<row r=\"8\"><c r=\"A8\" t=\"inlineStr\"><is><t>&b;&b;</t></is></c></row></sheetData>",
        )
    });
    vec![
        Case::refused(
            "bomb.xlsx",
            data(&format!(
                "<row r=\"8\"><c r=\"A8\" t=\"inlineStr\"><is><t>{}</t></is></c></row>",
                " ".repeat(100 << 20)
            )),
            &["too large to be read safely"],
        ),
        Case::whole(
            "far-cell.xlsx",
            data("<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>"),
            &["beyond the last column"],
        )
        .lines(6, 1),
        Case::whole("dimension-lies.xlsx", in_sheet(|xml| replace(&xml, "A1:K7", "A1:B2")), &[]),
        Case::whole(
            "row-number-beyond.xlsx",
            data("<row r=\"4000000000\"><c r=\"A4000000000\"><v>1</v></c></row>"),
            &["is damaged after row 6"],
        )
        .lines(5, 0),
        // What the reader makes of entities does not matter, as long as it stays small and is told.
        Case::whole("entities.xlsx", entities, &["is damaged after row 6"]).lines(5, 0).lines(5, 0),
    ]
}

fn layouts() -> Vec<Case> {
    let hidden = book(|book| {
        let sheet = book.add_worksheet().set_name("Shipments").unwrap();
        put(sheet, 0, 0);
        sheet.set_row_hidden(2).unwrap();
        sheet.set_column_hidden(6).unwrap();
        put(book.add_worksheet().set_name("old").unwrap().set_very_hidden(true), 0, 0);
        book.add_worksheet().set_name("Pivot").unwrap().write_string(0, 0, "Row Labels").unwrap();
    });
    let merged = book(|book| {
        let sheet = book.add_worksheet();
        sheet.merge_range(0, 0, 0, 10, "SHIPMENT REGISTER", &Format::new()).unwrap();
        for (first, last, group) in [(0, 2, "Document"), (3, 5, "Consignee"), (6, 10, "Item")] {
            sheet.merge_range(1, first, 1, last, group, &Format::new()).unwrap();
        }
        put(sheet, 2, 0);
    });
    let values = book(|book| {
        let sheet = book.add_worksheet();
        put(sheet, 0, 0);
        sheet.write_formula(1, 5, Formula::new("NA()").set_result("#N/A")).unwrap();
        let date = Format::new().set_num_format("dd/mm/yyyy");
        sheet.write_datetime_with_format(2, 2, ExcelDateTime::from_ymd(2025, 2, 17).unwrap(), &date).unwrap();
        sheet.write_number(3, 2, 45_705.0).unwrap();
        sheet.write_number(4, 8, 106_900_000.0).unwrap();
    });
    let no_values = repacked(&values, false, |name, content| {
        Some(if name.ends_with("sheet1.xml") {
            replace(&content, "<f>NA()</f><v>#N/A</v>", "<f>VLOOKUP(D2,Parties!A:B,2,0)</f>")
        } else {
            content
        })
    });
    let codes = book(|book| {
        let sheet = book.add_worksheet();
        put(sheet, 0, 0);
        let padded = Format::new().set_num_format("0000000000;@");
        sheet.write_number_with_format(4, 8, 106_900_000.0, &padded).unwrap();
        sheet.write_number(5, 8, 106_900_000.0).unwrap();
    });
    vec![
        Case::whole("codes-as-numbers.xlsx", codes, &["1 row (6): a tariff code of 9 digits"]),
        Case::whole("hidden.xlsx", hidden, &["1 row (3): hidden", "very hidden", "no header row found"])
            .lines(12, 0)
            .pakistan(&[3, 3]),
        Case::whole("merged.xlsx", merged, &["2 rows (1, 2): above the header"]).pakistan(&[5]),
        Case::whole("at-c7.xlsx", book(|book| put(book.add_worksheet(), 6, 2)), &[]).pakistan(&[9]),
        Case::whole("values.xlsx", values, &["numbers (serials: 1)", "1 row (5): a tariff code of 9 digits"]),
        Case::whole(
            "formulas-without-values.xlsx",
            no_values,
            &["1 row (2): a formula without a stored value"],
        ),
        Case::refused(
            "empty-sheets.xlsx",
            book(|book| {
                book.add_worksheet();
                book.add_worksheet();
            }),
            &["the sheet is empty"],
        ),
        Case::whole("binary.xlsb", binary::xlsb(), &["binary Excel workbook (XLSB)", "1 row (3): hidden"]),
        Case::whole(
            "row-beyond.xlsb",
            binary::xlsb_beyond(),
            &["is damaged after row 6", "a row numbered 872424705"],
        )
        .lines(5, 0),
        Case::whole("excel-95.xls", binary::biff5(), &["1 row (3): hidden"]),
        Case::whole("error-unknown.xlsx", odd_errors(), &[]).lines(7, 0),
        Case::whole(
            "error-beyond.xlsx",
            repacked(&odd_errors(), false, |name, content| {
                Some(if name.ends_with("sheet1.xml") {
                    replace(
                        &content,
                        "<row r=\"8\"><c r=\"D8\"",
                        "<row r=\"4000000000\"><c r=\"D4000000000\"",
                    )
                } else {
                    content
                })
            }),
            &["is damaged after row"],
        )
        .lines(3, 0),
        Case::whole("formats.ods", document(), &[]),
        Case::whole("formats.xlsx", formats(), &[]),
    ]
}

/// Errors that only some programs write, in a cell of a line and alone in a row.
fn odd_errors() -> Vec<u8> {
    let plain = book(|book| {
        let sheet = book.add_worksheet();
        put(sheet, 0, 0);
        sheet.write_formula(4, 5, Formula::new("NA()").set_result("#N/A")).unwrap();
    });
    repacked(&plain, false, |name, content| {
        Some(if name.ends_with("sheet1.xml") {
            let content = replace(&content, "<v>#N/A</v>", "<v>#GETTING_DATA</v>");
            replace(
                &content,
                "</sheetData>",
                "<row r=\"8\"><c r=\"D8\" t=\"e\"><v>#SPILL!</v></c></row></sheetData>",
            )
        } else {
            content
        })
    })
}

/// Codes and amounts as numbers whose format says the rest, beside formulas with values.
fn formats() -> Vec<u8> {
    book(|book| {
        let sheet = book.add_worksheet();
        put(sheet, 0, 0);
        let (code, euros) = (
            Format::new().set_num_format("0000\\.00\\.0000"),
            Format::new().set_num_format("[$\u{20ac}-407]#,##0.00"),
        );
        for (row, line) in (1..).zip(LINES) {
            sheet.write_number_with_format(row, 8, line[8].parse::<f64>().unwrap(), &code).unwrap();
            sheet.write_number_with_format(row, 9, line[9].parse::<f64>().unwrap(), &euros).unwrap();
        }
        // No column says the currency.
        sheet.write_string(0, 10, "Gadget").unwrap();
        sheet.write_formula(1, 4, Formula::new("A2").set_result("Bergen")).unwrap();
    })
}

/// A document whose codes and amounts are numbers, shown with what the numbers lack.
fn document() -> Vec<u8> {
    let cell = |column: usize, text: &str| match column {
        8 if text.len() == 10 => format!(
            "<table:table-cell office:value-type=\"float\" office:value=\"{}\"><text:p>{text}</text:p></table:table-cell>",
            text.trim_start_matches('0')
        ),
        9 if text != HEADINGS[9] => format!(
            "<table:table-cell office:value-type=\"currency\" office:currency=\"EUR\" office:value=\"{text}\"><text:p>{text} \u{20ac}</text:p></table:table-cell>"
        ),
        10 if text != HEADINGS[10] => "<table:table-cell/>".to_owned(),
        _ => format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        ),
    };
    let rows: String = std::iter::once(HEADINGS)
        .chain(LINES)
        .map(|line| {
            let cells: String = line.iter().enumerate().map(|(column, text)| cell(column, text)).collect();
            format!("<table:table-row>{cells}</table:table-row>")
        })
        .collect();
    let space = "urn:oasis:names:tc:opendocument:xmlns";
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"{space}:office:1.0\" xmlns:table=\"{space}:table:1.0\" \
         xmlns:text=\"{space}:text:1.0\"><office:body><office:spreadsheet><table:table table:name=\"S\">{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

/// An XML spreadsheet whose codes and amounts are numbers: the format of a cell's style says zeros, that of a column's
/// style the currency.
fn formatted_document(sheet: &str) -> String {
    let styles = "<Styles><Style ss:ID=\"s1\"><NumberFormat ss:Format=\"0000000000\"/></Style>\
                  <Style ss:ID=\"s2\"><NumberFormat ss:Format=\"[$EUR] #,##0.00\"/></Style></Styles><Worksheet ";
    let text = |cell: &str| format!("<Cell><Data ss:Type=\"String\">{cell}</Data></Cell>");
    let mut sheet = sheet
        .replace("<Worksheet ", styles)
        .replace("<Table>", "<Table><Column ss:Index=\"10\" ss:StyleID=\"s2\"/>")
        .replace(&text(HEADINGS[10]), &text("Gadget"));
    for line in LINES {
        let number = |digits: &str| format!("<Data ss:Type=\"Number\">{digits}</Data></Cell>");
        let code = format!("<Cell ss:StyleID=\"s1\">{}", number(line[8].trim_start_matches('0')));
        sheet = sheet
            .replace(&text(line[8]), &code)
            .replace(&text(line[9]), &format!("<Cell>{}", number(line[9])));
    }
    sheet
}

fn documents() -> Vec<Case> {
    let escape = |cell: &str| cell.replace('&', "&amp;").replace('<', "&lt;");
    let rows = |begin: &str, end: &str, row: (&str, &str)| -> String {
        std::iter::once(HEADINGS)
            .chain(LINES)
            .map(|line| {
                format!(
                    "{}{}{}",
                    row.0,
                    line.map(|cell| format!("{begin}{}{end}", escape(cell))).concat(),
                    row.1
                )
            })
            .collect()
    };
    let page = format!(
        "<html><head><meta charset='utf-8'></head><body><table>{}</table></body></html>",
        rows("<td>", "</td>", ("<tr>", "</tr>"))
    );
    let open_page = format!("<TABLE>{}", rows("<TD nowrap>", "", ("<TR>", "")));
    let sheet = format!(
        "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
         xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet ss:Name=\"S\"><Table>{}</Table></Worksheet></Workbook>",
        rows("<Cell><Data ss:Type=\"String\">", "</Data></Cell>", ("<Row>", "</Row>"))
    );
    vec![
        Case::whole("page.xls", page.clone(), &["web page with a table (HTML)"]),
        Case::whole(
            "page-laid-out.xls",
            page.replace("<table>", "<table><tr><td>Menu</td><td><table>")
                .replace("</table>", "</table></td></tr></table>"),
            &["no header row found"],
        ),
        Case::whole("page-cut.xls", open_page, &["the page ends inside a table"]),
        Case::whole(
            "page-utf16.xls",
            format!("\u{feff}{page}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
            &["read as UTF-16LE"],
        ),
        Case::whole("spreadsheetml.xls", sheet.clone(), &["XML spreadsheet of Excel 2003"]),
        Case::whole(
            "spreadsheetml-cut.xls",
            &sheet.as_bytes()[..sheet.len() - 40],
            &["the sheet is damaged after row 6"],
        )
        .lines(5, 0),
        Case::whole(
            "spreadsheetml-hidden.xml",
            sheet.replace(
                "</Table>",
                "</Table><WorksheetOptions xmlns=\"urn:schemas-microsoft-com:office:excel\"><Visible>SheetHidden</Visible></WorksheetOptions>",
            ),
            &["hidden"],
        ),
        Case::whole("spreadsheetml-formats.xml", formatted_document(&sheet), &["XML spreadsheet of Excel 2003"]),
        Case::whole(
            "spreadsheetml.xml",
            sheet.replace("<Row>", "<Row ss:Hidden=\"1\">"),
            &["hidden in the spreadsheet"],
        ),
    ]
}
