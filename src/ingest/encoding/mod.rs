//! The encoding of a text file: presumed from its beginning, decoded as it streams.
//!
//! UTF-8 needs no decoding and is checked where records are parsed; everything else is turned into UTF-8 by `decode`.
//! Where a file is not UTF-8 and says nothing of its encoding, `guess` presumes one, and that is said.

mod decode;
mod dos;
mod guess;

use std::fmt;
use std::io::Read;

pub(crate) use decode::{DecodedReader, Decoder};
pub(crate) use guess::guess;

/// An encoding this program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, little-endian.
    Utf16Le,
    /// UTF-16, big-endian.
    Utf16Be,
    /// windows-1252, the 8-bit encoding of western Windows.
    Windows1252,
    /// Code page 437, of DOS in the United States.
    Dos437,
    /// Code page 850, of DOS in western Europe.
    Dos850,
    /// Any other encoding of the WHATWG standard: windows-125x, ISO-8859, `Shift_JIS`, GBK, Big5, EUC-KR and so on.
    Other(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// The name a user writes after `--encoding`, and the report prints.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Windows1252 => "windows-1252",
            Self::Dos437 => "cp437",
            Self::Dos850 => "cp850",
            Self::Other(encoding) => encoding.name(),
        }
    }

    /// The encoding a user named.
    pub fn from_name(name: &str) -> Option<Self> {
        let folded: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let folded = folded.to_ascii_lowercase();
        match folded.as_str() {
            "utf8" => return Some(Self::Utf8),
            "utf16" | "utf16le" => return Some(Self::Utf16Le),
            "utf16be" => return Some(Self::Utf16Be),
            // Latin-1 as Windows writes it: the bytes that differ are no characters in Latin-1.
            "windows1252" | "cp1252" | "ansi" | "latin1" | "iso88591" => return Some(Self::Windows1252),
            "cp437" | "ibm437" | "437" | "dos437" => return Some(Self::Dos437),
            "cp850" | "ibm850" | "850" | "cp858" | "dos850" => return Some(Self::Dos850),
            _ => {}
        }
        // Code pages as Windows numbers them: cp932, 1250, cp936.
        let number = folded.trim_start_matches("windows").trim_start_matches("cp");
        let label = match number {
            "932" | "sjis" => "shift_jis".to_owned(),
            "936" => "gbk".to_owned(),
            "949" => "euc-kr".to_owned(),
            "950" => "big5".to_owned(),
            "866" => "ibm866".to_owned(),
            _ if number.len() == 4 && number.starts_with("125") => format!("windows-{number}"),
            _ => name.trim().to_owned(),
        };
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes())?;
        Some(match encoding.name() {
            "UTF-8" => Self::Utf8,
            "UTF-16LE" => Self::Utf16Le,
            "UTF-16BE" => Self::Utf16Be,
            "windows-1252" => Self::Windows1252,
            "replacement" | "x-user-defined" => return None,
            _ => Self::Other(encoding),
        })
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An encoding and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) encoding: Encoding,
    /// Bytes of byte order mark to leave out.
    pub(crate) mark: usize,
    pub(crate) how: String,
}

/// Presumes the encoding from the first bytes of a file.
pub(crate) fn presume(head: &[u8], whole_file: bool, asked: Option<Encoding>) -> Found {
    let marked = match head {
        [0xef, 0xbb, 0xbf, ..] => Some((Encoding::Utf8, 3)),
        [0xff, 0xfe, ..] => Some((Encoding::Utf16Le, 2)),
        [0xfe, 0xff, ..] => Some((Encoding::Utf16Be, 2)),
        _ => None,
    };
    if let Some(encoding) = asked {
        let mark = marked.filter(|&(found, _)| found == encoding).map_or(0, |(_, mark)| mark);
        return Found { encoding, mark, how: "as given by --encoding".into() };
    }
    if let Some((encoding, mark)) = marked {
        return Found { encoding, mark, how: "byte order mark".into() };
    }
    if let Some(encoding) = unmarked_utf16(head) {
        return Found { encoding, mark: 0, how: "every other byte is zero".into() };
    }
    match std::str::from_utf8(head) {
        Ok(_) => Found { encoding: Encoding::Utf8, mark: 0, how: utf8_how(head) },
        // The head may end inside a character.
        Err(error) if !whole_file && error.error_len().is_none() => {
            Found { encoding: Encoding::Utf8, mark: 0, how: utf8_how(head) }
        }
        Err(error) => {
            let line = 1 + super::records::count_breaks(&head[..error.valid_up_to()]);
            if mostly_utf8(head) {
                return Found { encoding: Encoding::Utf8, mark: 0, how: utf8_but_for(line) };
            }
            Found { encoding: guess(head), mark: 0, how: not_utf8(line) }
        }
    }
}

fn utf8_how(head: &[u8]) -> String {
    if head.is_ascii() { "every byte is ASCII or UTF-8".into() } else { "every byte is valid UTF-8".into() }
}

/// How an 8-bit encoding came to be presumed.
pub(crate) fn not_utf8(line: u32) -> String {
    format!("presumed: line {line} is not UTF-8; if names look wrong, give --encoding")
}

fn utf8_but_for(line: u32) -> String {
    format!("presumed: most characters beyond ASCII are UTF-8, from line {line} on some bytes are not")
}

/// Whether the characters beyond ASCII are UTF-8 but for a few damaged ones: more good than bad, and more than chance.
pub(crate) fn mostly_utf8(head: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in head.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 4 && good > bad * 4
}

/// Spreadsheets are mostly ASCII, so UTF-16 shows as zeros at every other place.
fn unmarked_utf16(head: &[u8]) -> Option<Encoding> {
    let sample = &head[..head.len().min(4096) & !1];
    if sample.len() < 8 {
        return None;
    }
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    if odd * 10 >= pairs * 7 && even * 10 < pairs {
        Some(Encoding::Utf16Le)
    } else if even * 10 >= pairs * 7 && odd * 10 < pairs {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// The encoding of a document that may declare its own: `charset=` of a web page, `encoding=` of XML.
pub(crate) fn declared(mut input: impl Read, asked: Option<Encoding>) -> std::io::Result<Found> {
    let mut head = Vec::new();
    input.by_ref().take(1 << 20).read_to_end(&mut head)?;
    let presumed = presume(&head, head.len() < 1 << 20, asked);
    if asked.is_some()
        || presumed.mark > 0
        || matches!(presumed.encoding, Encoding::Utf16Le | Encoding::Utf16Be)
    {
        return Ok(presumed);
    }
    let start = String::from_utf8_lossy(&head[..head.len().min(4096)]).to_ascii_lowercase();
    let named = ["charset", "encoding"].into_iter().find_map(|word| {
        let (_, rest) = start.split_once(word)?;
        let rest = rest.trim_start().strip_prefix('=')?.trim_start_matches([' ', '"', '\'']);
        let end =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.:".contains(c))).unwrap_or(rest.len());
        Encoding::from_name(&rest[..end])
    });
    Ok(match named {
        // A document that calls itself UTF-8 and is not is read as what it looks like.
        Some(Encoding::Utf8) | None => presumed,
        Some(encoding) if head.is_ascii() || presumed.encoding != Encoding::Utf8 => {
            Found { encoding, mark: 0, how: "as the document itself says".into() }
        }
        Some(_) => presumed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_tells_the_encoding() {
        let presumed = |bytes: &[u8]| presume(bytes, true, None).encoding;
        assert_eq!(presumed("Köln;Land".as_bytes()), Encoding::Utf8);
        assert_eq!(presumed(b"K\xf6ln;Land"), Encoding::Windows1252);
        assert_eq!(presumed(b"\xff\xfeK\0"), Encoding::Utf16Le);
        let unmarked: Vec<u8> = "Invoice,Line\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(presumed(&unmarked), Encoding::Utf16Be);
        let cut = &"Köln".as_bytes()[..2];
        assert_eq!(presume(cut, false, None).encoding, Encoding::Utf8);
        assert_eq!(presume(cut, true, None).encoding, Encoding::Windows1252);
    }

    #[test]
    fn the_line_that_is_not_utf8_is_named() {
        assert!(presume(b"a\nb\nK\xf6ln", true, None).how.contains("line 3"));
    }

    #[test]
    fn encodings_have_many_names() {
        for (given, name) in [
            ("UTF8", "UTF-8"),
            ("latin-1", "windows-1252"),
            ("cp1250", "windows-1250"),
            ("1251", "windows-1251"),
            ("CP932", "Shift_JIS"),
            ("sjis", "Shift_JIS"),
            ("gb2312", "GBK"),
            ("cp 850", "cp850"),
            ("IBM437", "cp437"),
            ("iso-8859-2", "ISO-8859-2"),
        ] {
            assert_eq!(Encoding::from_name(given).map(Encoding::name), Some(name), "{given}");
        }
        assert_eq!(Encoding::from_name("klingon"), None);
        let all = [Encoding::Utf8, Encoding::Dos850, Encoding::Other(encoding_rs::GB18030)];
        assert!(all.into_iter().all(|encoding| Encoding::from_name(encoding.name()) == Some(encoding)));
    }

    #[test]
    fn a_few_damaged_bytes_leave_utf8() {
        let text = "Köln Ågård Çelik Ünal Łódź\n".repeat(3).into_bytes();
        let damaged = [text.as_slice(), b"K\xf6ln\n", &text].concat();
        assert_eq!(presume(&damaged, true, None).encoding, Encoding::Utf8);
    }

    #[test]
    fn documents_declare_their_encoding() {
        let found = |bytes: &[u8]| declared(bytes, None).unwrap().encoding.name();
        assert_eq!(found(b"<html><meta charset='windows-1251'><td>\xcf\xf0\xe8"), "windows-1251");
        assert_eq!(found(b"<?xml version=\"1.0\" encoding=\"iso-8859-2\"?><a>\xb1</a>"), "ISO-8859-2");
        assert_eq!(found("<meta charset=iso-8859-1><td>Köln".as_bytes()), "UTF-8");
    }
}
