//! Bytes of any encoding turned into UTF-8 as they stream by; characters that do not exist are counted.

use std::io::{self, Read};

use super::{Encoding, Found, dos};

/// Turns a stream of bytes into UTF-8.
pub(crate) struct Decoder {
    inner: Inner,
    scratch: String,
    replaced: u64,
}

enum Inner {
    Utf8,
    Dos(&'static [char; 128]),
    Other(Box<encoding_rs::Decoder>),
}

impl Decoder {
    pub(crate) fn new(encoding: Encoding) -> Self {
        let other = |encoding: &'static encoding_rs::Encoding| {
            Inner::Other(Box::new(encoding.new_decoder_without_bom_handling()))
        };
        let inner = match encoding {
            Encoding::Utf8 => Inner::Utf8,
            Encoding::Utf16Le => other(encoding_rs::UTF_16LE),
            Encoding::Utf16Be => other(encoding_rs::UTF_16BE),
            Encoding::Windows1252 => other(encoding_rs::WINDOWS_1252),
            Encoding::Dos437 => Inner::Dos(&dos::CP437),
            Encoding::Dos850 => Inner::Dos(&dos::CP850),
            Encoding::Other(encoding) => other(encoding),
        };
        Self { inner, scratch: String::new(), replaced: 0 }
    }

    /// Decodes the next bytes onto the end of `into`; `last` when no more follow.
    pub(crate) fn decode(&mut self, bytes: &[u8], last: bool, into: &mut Vec<u8>) {
        self.scratch.clear();
        match &mut self.inner {
            Inner::Utf8 => return into.extend_from_slice(bytes),
            Inner::Dos(page) => self.scratch.extend(
                bytes.iter().map(
                    |&byte| {
                        if byte < 128 { char::from(byte) } else { page[byte as usize - 128] }
                    },
                ),
            ),
            Inner::Other(decoder) => {
                let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3 + 16);
                self.scratch.reserve(room);
                // Bytes that stand for no character become replacement characters, which name matching shows.
                let (_, _, replaced) = decoder.decode_to_string(bytes, &mut self.scratch, last);
                if replaced {
                    self.replaced += self.scratch.matches('\u{fffd}').count() as u64;
                }
            }
        }
        into.extend_from_slice(self.scratch.as_bytes());
    }

    /// How many characters were replaced since this was last asked.
    pub(crate) fn take_replaced(&mut self) -> u64 {
        std::mem::take(&mut self.replaced)
    }
}

/// A reader that gives UTF-8 whatever stands in the file.
pub(crate) struct DecodedReader<R> {
    input: R,
    decoder: Decoder,
    raw: Vec<u8>,
    ready: Vec<u8>,
    given: usize,
    at_end: bool,
}

impl<R: Read> DecodedReader<R> {
    /// Reads from the beginning, behind any byte order mark.
    pub(crate) fn new(mut input: R, found: &Found) -> io::Result<Self> {
        io::copy(&mut input.by_ref().take(found.mark as u64), &mut io::sink())?;
        Ok(Self {
            input,
            decoder: Decoder::new(found.encoding),
            raw: vec![0; 1 << 16],
            ready: Vec::new(),
            given: 0,
            at_end: false,
        })
    }
}

impl<R: Read> Read for DecodedReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            if self.at_end {
                return Ok(0);
            }
            let count = self.input.read(&mut self.raw)?;
            self.at_end = count == 0;
            self.ready.clear();
            self.given = 0;
            self.decoder.decode(&self.raw[..count], self.at_end, &mut self.ready);
        }
        let count = into.len().min(self.ready.len() - self.given);
        into[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(decoder.take_replaced(), 0);
    }

    #[test]
    fn what_is_no_character_is_counted() {
        let mut decoder = Decoder::new(Encoding::Other(encoding_rs::SHIFT_JIS));
        let mut out = Vec::new();
        decoder.decode(b"\x91\xe5\x8d\xe3 \xff\xff", true, &mut out);
        assert!(String::from_utf8(out).unwrap().starts_with("大阪"));
        assert_eq!((decoder.take_replaced(), decoder.take_replaced()), (2, 0));
    }

    #[test]
    fn readers_give_utf8() {
        let found = Found { encoding: Encoding::Dos437, mark: 0, how: String::new() };
        let mut text = String::new();
        DecodedReader::new(&b"Hauptstra\xe1e 5, K\x94ln"[..], &found)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "Hauptstraße 5, Köln");
    }
}
