//! Hard text files: encodings, delimiters, line ends, broken quotes, titles and totals, odd values.

use encoding_rs::{GBK, SHIFT_JIS, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};

use super::{Case, HEADINGS, LINES, text, with_column};

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let bytes = if big { u16::to_be_bytes } else { u16::to_le_bytes };
    text.encode_utf16().flat_map(bytes).collect()
}

fn encoded(text: &str, encoding: &'static encoding_rs::Encoding) -> Vec<u8> {
    encoding.encode(text).0.into_owned()
}

/// The letters of the lines in the code pages of DOS; both have them in the same place.
fn dos(text: &str) -> Vec<u8> {
    let letters = [('ü', 0x81), ('ö', 0x94), ('ß', 0xe1), ('å', 0x86), ('á', 0xa0), ('Ñ', 0xa5), ('ñ', 0xa4)];
    text.chars()
        .map(|c| {
            letters
                .iter()
                .find(|(letter, _)| *letter == c)
                .map_or(if c.is_ascii() { c as u8 } else { b's' }, |(_, byte)| *byte)
        })
        .collect()
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = encodings();
    cases.extend(delimiters());
    cases.extend(broken());
    cases.extend(layouts());
    cases.extend(values());
    cases
}

fn encodings() -> Vec<Case> {
    let plain = text(',', "\n");
    let asian = |name: &str| {
        text(',', "\n")
            .replace("Hoshi Keiki,Osaka", name)
            .replace(['ü', 'ö', 'ß', 'š', 'å', 'á', 'Ñ', 'ñ'], "o")
    };
    vec![
        Case::whole("utf8-bom.csv", format!("\u{feff}{plain}").into_bytes(), &["byte order mark"]),
        Case::whole("utf16le.csv", utf16(&plain, false), &["UTF-16LE (every other byte is zero)"]),
        Case::whole("utf16be-bom.txt", utf16(&format!("\u{feff}{plain}"), true), &["UTF-16BE"]),
        Case::whole(
            "utf16-tab-as-xls.xls",
            utf16(&format!("\u{feff}{}", text('\t', "\r\n")), false),
            &["delimited text", "tab"],
        ),
        Case::whole("windows-1252.csv", encoded(&plain, WINDOWS_1252), &["windows-1252", "give --encoding"]),
        Case::whole(
            "windows-1250.csv",
            encoded(
                &plain
                    .replace("Hoshi Keiki,Osaka,JP", "Książęca Łódź,Świętokrzyska 5 Wrocław,PL")
                    .replace(['å', 'Ñ', 'ñ'], "n"),
                WINDOWS_1250,
            ),
            &["windows-1250"],
        ),
        Case::whole(
            "windows-1251.csv",
            encoded(&asian("ООО Ромашка,Санкт-Петербург Невский проспект"), WINDOWS_1251),
            &["windows-1251"],
        ),
        Case::whole("shift-jis.csv", encoded(&asian("星計器株式会社,大阪市北区"), SHIFT_JIS), &["Shift_JIS"]),
        Case::whole("gbk.csv", encoded(&asian("北京机械有限公司,北京市朝阳区"), GBK), &["GBK"]),
        Case::whole("dos.csv", dos(&plain), &["cp437 (presumed"]),
        Case::whole(
            "utf8-one-bad-byte.csv",
            [
                plain.as_bytes(),
                &plain.as_bytes()[plain.find('\n').unwrap() + 1..],
                b"D-9,1,2025-05-01,K\xf6ln,,DE,EAR99,NLR,,1.00,USD\n",
            ]
            .concat(),
            &["line 14", "1 character could not be read"],
        )
        .lines(13, 0)
        .pakistan(&[3, 9]),
    ]
}

fn delimiters() -> Vec<Case> {
    let mut cases = vec![
        Case::whole(
            "semicolon-sep.csv",
            format!("sep=;\r\n{}", text(';', "\r\n")),
            &["as its first line says"],
        )
        .pakistan(&[4]),
        Case::whole("cr-only.csv", text(',', "\r"), &[]),
        Case::whole("cr-cr-lf.csv", text(',', "\r\r\n"), &[]),
        Case::whole("ctrl-z.csv", text(',', "\n") + "\u{1a}", &[]),
        Case::whole("no-last-line-end.csv", text(',', "\n").trim_end(), &[]),
    ];
    for (name, delimiter) in
        [("pipe.csv", '|'), ("caret.csv", '^'), ("tab.csv", '\t'), ("tilde.txt", '~'), ("semicolon.csv", ';')]
    {
        cases.push(Case::whole(name, text(delimiter, "\n"), &[]));
    }
    cases
}

fn broken() -> Vec<Case> {
    let lines: Vec<String> = text(',', "\n").lines().map(str::to_owned).collect();
    let change = |row: usize, from: &str, to: &str| {
        let mut lines = lines.clone();
        assert!(lines[row - 1].contains(from));
        lines[row - 1] = lines[row - 1].replacen(from, to, 1);
        lines.join("\n") + "\n"
    };
    let whole = text(',', "\n");
    vec![
        Case::whole(
            "unquoted-comma.csv",
            change(3, "\"Plot 12, Sundar Estate, Lahore\"", "Plot 12, Sundar Estate, Lahore"),
            &["row 3: 13 fields, 11 expected"],
        )
        .lines(5, 1)
        .pakistan(&[]),
        Case::whole("open-quote-closed-later.csv", change(5, "Fjord", "\"Fjord"), &["lines 5 to 6"])
            .lines(4, 1),
        Case::whole(
            "open-quote-to-end.csv",
            change(7, "Hoshi", "\"Hoshi"),
            &["row 7: the file ends inside a quoted cell"],
        )
        .lines(5, 1),
        Case::whole(
            "stray-quote-same-width.csv",
            change(6, "Granada V", "\"Granada V"),
            &["1 row (6): text follows a closing quote"],
        ),
        Case::whole("short.csv", change(3, ",5120.00,USD", ""), &["1 row (3): shorter than the header"]),
        Case::whole(
            "cut.csv",
            &whole.as_bytes()[..whole.len() - 30],
            &["row 7: the file ends inside this record"],
        )
        .lines(5, 1),
        Case::whole("nul.csv", change(3, "Sundar", "Sun\0dar"), &["1 row (3): NUL"]),
        Case::whole("line-breaks-in-cells.csv", change(2, "Schloßallee 4, ", "Schloßallee 4,\n"), &[])
            .pakistan(&[4]),
        Case::whole("huge-cell.csv", change(2, "Görlitz", &"Görlitz ".repeat(150_000)), &[]),
    ]
}

fn layouts() -> Vec<Case> {
    let lines: Vec<String> = text(',', "\n").lines().map(str::to_owned).collect();
    let mut report = vec!["Shipment register,,".to_owned(), "Company 0100,,".into(), String::new()];
    report.extend_from_slice(&lines[..4]);
    report.push(String::new());
    report.extend_from_slice(&lines[..1]);
    report.extend_from_slice(&lines[4..]);
    report.push(",,,,,,,,Total,6746.85,".into());
    report.push("*** End of report ***".into());
    let names = lines.join("\n").replacen("Ultimate Consignee,Consignee Address", "Name,Name", 1);
    vec![
        Case::whole(
            "report.csv",
            report.join("\n") + "\n",
            &[
                "2 rows (1, 2): above the header",
                "1 row (9): the header again",
                "1 row (13): totals",
                "1 row (14): words at the end",
            ],
        )
        .pakistan(&[6]),
        Case::whole("list-of-sap.txt", list(&lines), &["3 rows (4, 11, 12): words at the end of a report"])
            .pakistan(&[6]),
        Case::refused(
            "duplicate-headings.csv",
            names,
            &["could be read from column D (Name)", "column E (Name)", "Choose one"],
        ),
        Case::refused("no-header.csv", lines[1..].join("\n"), &["no header row found", "header_row = 0"]),
        Case::refused("blank-lines.csv", "\n\n,,,\n \n", &["nothing but blank lines"]),
        Case::refused("empty.csv", "", &["the file is empty"]),
        Case::refused("heading-only.csv", HEADINGS.join(",") + "\n", &[]),
        Case::whole(
            "nbsp-headings.csv",
            lines.join("\n").replacen("Ship Date", "Ship\u{a0}Date", 1).replacen(
                "Country",
                "\u{a0}Country ",
                1,
            ),
            &[],
        ),
    ]
}

/// A list as it is printed: lines drawn across it, a bar on either side of each row.
fn list(lines: &[String]) -> String {
    let rows: Vec<String> = lines
        .iter()
        .map(|line| format!("|{}|", line.replace('"', "").replace(", ", " ").replace(',', "|")))
        .collect();
    let ruler = "-".repeat(80);
    format!(
        "Shipment list\n{ruler}\n{}\n{ruler}\n{}\n{ruler}\nCompletion time: 2025-05-01\n",
        rows[0],
        rows[1..].join("\n")
    )
}

fn values() -> Vec<Case> {
    let formulas = ["=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "Hoshi"];
    vec![
        Case::whole(
            "dates-undecided.csv",
            with_column(
                2,
                ["03/02/2025", "05/02/2025", "05/02/2025", "03/04/2025", "04/03/2025", "04/05/2025"],
            ),
            &["undecided", "give --date-order"],
        ),
        Case::whole(
            "dates-mixed.csv",
            with_column(2, ["2/13/2025", "02-03-2025", "2/14/2025", "02-04-2025", "2/25/2025", "02-05-2025"]),
            &["two forms of dates in one column"],
        ),
        Case::whole(
            "dates-odd.csv",
            with_column(2, ["00000000", "20250217", "2025-02-30", "31.12.9999", "45741", "1/1/1900"]),
            &["numbers (serials: 1)"],
        ),
        Case::whole(
            "dates-two-digits.csv",
            with_column(2, ["03-Feb-25", "17-Feb-25", "17-Feb-25", "21-Mar-25", "28-Mar-99", "14-Apr-25"]),
            &["00 to 79 are read as 2000 to 2079"],
        ),
        Case::whole(
            "codes-damaged.csv",
            with_column(
                8,
                ["9.03E+09", "9026.20.0000", "'8413500000", "106900000", "=\"8481803090\"", "9018 12 0000"],
            ),
            &["1 row (2): a tariff code in scientific notation", "1 row (5): a tariff code of 9 digits"],
        ),
        Case::whole(
            "amounts-mixed.csv",
            with_column(9, ["1,234.50", "1.234,50", "(123.45)", "123.45-", "1,234", "USD 880.00"]),
            &["both marks occur", "1 row (6)"],
        ),
        Case::whole(
            "amounts-of-returns.csv",
            with_column(9, ["-1234.50", "0.00", "(123.45)", "123.45-", "0", "880.00"]),
            &["3 rows (2, 4, 5): a quantity or a value below zero", "2 rows (3, 6): a value of zero"],
        ),
        Case::whole("null-words.csv", with_column(6, ["NULL", "N/A", "-", "none", "nan", "TBD"]), &[]),
        Case::whole("formulas.csv", with_column(3, formulas), &[]),
        Case::whole(
            "homoglyphs.csv",
            with_column(
                3,
                LINES.map(|line| if line[5] == "PK" { "Сhеnаb Process Controls" } else { line[3] }),
            ),
            &[],
        ),
    ]
}
