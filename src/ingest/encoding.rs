//! The encoding of a text file: presumed from its beginning, decoded as it streams.
//!
//! UTF-8 needs no decoding and is checked where records are parsed; everything else is turned into UTF-8 here.

use std::fmt;

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
}

impl Encoding {
    /// The name a user writes after `--encoding`, and the report prints.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Windows1252 => "windows-1252",
        }
    }

    /// The encoding a user named.
    pub fn from_name(name: &str) -> Option<Self> {
        let folded: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        match folded.to_ascii_lowercase().as_str() {
            "utf8" => Some(Self::Utf8),
            "utf16" | "utf16le" => Some(Self::Utf16Le),
            "utf16be" => Some(Self::Utf16Be),
            "windows1252" | "cp1252" | "ansi" | "latin1" | "iso88591" => Some(Self::Windows1252),
            _ => None,
        }
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
            Found { encoding: Encoding::Windows1252, mark: 0, how: not_utf8(line) }
        }
    }
}

fn utf8_how(head: &[u8]) -> String {
    if head.is_ascii() { "every byte is ASCII or UTF-8".into() } else { "every byte is valid UTF-8".into() }
}

/// How windows-1252 came to be presumed.
pub(crate) fn not_utf8(line: u32) -> String {
    format!("presumed: line {line} is not UTF-8; if names look wrong, give --encoding")
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

/// Turns a stream of bytes into UTF-8.
pub(crate) struct Decoder {
    inner: Option<encoding_rs::Decoder>,
    scratch: String,
}

impl Decoder {
    pub(crate) fn new(encoding: Encoding) -> Self {
        let inner = match encoding {
            Encoding::Utf8 => None,
            Encoding::Utf16Le => Some(encoding_rs::UTF_16LE.new_decoder_without_bom_handling()),
            Encoding::Utf16Be => Some(encoding_rs::UTF_16BE.new_decoder_without_bom_handling()),
            Encoding::Windows1252 => Some(encoding_rs::WINDOWS_1252.new_decoder_without_bom_handling()),
        };
        Self { inner, scratch: String::new() }
    }

    /// Decodes the next bytes onto the end of `into`; `last` when no more follow.
    pub(crate) fn decode(&mut self, bytes: &[u8], last: bool, into: &mut Vec<u8>) {
        let Some(decoder) = &mut self.inner else {
            into.extend_from_slice(bytes);
            return;
        };
        self.scratch.clear();
        let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3 + 16);
        self.scratch.reserve(room);
        // Bytes that stand for no character become replacement characters, which name matching shows.
        let _ = decoder.decode_to_string(bytes, &mut self.scratch, last);
        into.extend_from_slice(self.scratch.as_bytes());
    }
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
    fn text_is_decoded_across_pieces() {
        let bytes: Vec<u8> = "Çelik 大阪".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut decoder = Decoder::new(Encoding::Utf16Le);
        let mut out = Vec::new();
        for piece in bytes.chunks(3) {
            decoder.decode(piece, false, &mut out);
        }
        decoder.decode(&[], true, &mut out);
        assert_eq!(out, "Çelik 大阪".as_bytes());
    }
}
