//! Which encoding a text that is not UTF-8 most likely has. A guess, and always said to be one.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::Encoding;

/// Presumes the encoding of bytes that are not UTF-8.
pub(crate) fn guess(bytes: &[u8]) -> Encoding {
    if let Some(page) = dos_page(bytes) {
        return page;
    }
    // One byte speaks for nothing.
    if bytes.iter().filter(|byte| **byte >= 128).count() < 2 {
        return Encoding::Windows1252;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    // A few letters that several encodings share speak for none of them: the commonest is named.
    let western = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0;
    if encoding.decode_without_bom_handling(bytes).0 == western {
        return Encoding::Windows1252;
    }
    Encoding::from_name(encoding.name()).unwrap_or(Encoding::Windows1252)
}

/// Letters inside words of western languages stand from 0x80 to 0xA5 in the code pages of DOS, where Windows has
/// quotation marks and signs, and from 0xC0 on in those of Windows. Asian text stands in runs of two bytes and more and
/// is left alone.
fn dos_page(bytes: &[u8]) -> Option<Encoding> {
    let (mut dos, mut windows, mut of_850, mut runs) = (0_u32, 0_u32, 0_u32, 0_u32);
    let letter = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphabetic);
    for (at, &byte) in bytes.iter().enumerate().filter(|(_, byte)| **byte >= 128) {
        let before = at.checked_sub(1);
        let beside_high =
            bytes.get(at + 1).is_some_and(|byte| *byte >= 128) || before.is_some_and(|at| bytes[at] >= 128);
        runs += u32::from(beside_high);
        if !letter(before) && !letter(Some(at + 1)) {
            continue;
        }
        let within = letter(before) && letter(Some(at + 1));
        match byte {
            // The apostrophe of Windows, and Æ of DOS; its quotation marks and dashes stand at the edges of words.
            0x92 => {}
            0x91..=0x97 if !within => {}
            0x80..=0xa5 => dos += 1,
            // Sharp s of DOS, a acute of Windows.
            0xe1 => {}
            0xb5..=0xb7 | 0xc6 | 0xc7 | 0xd0..=0xd8 | 0xe0 | 0xe2..=0xe5 | 0xe9..=0xeb => {
                of_850 += 1;
            }
            0xc0..=0xff => windows += 1,
            _ => {}
        }
    }
    (dos > windows * 3 && dos > of_850 && dos > runs).then_some(if of_850 > 0 {
        Encoding::Dos850
    } else {
        Encoding::Dos437
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str, encoding: &'static encoding_rs::Encoding) -> Vec<u8> {
        let (bytes, _, unmappable) = encoding.encode(text);
        assert!(!unmappable, "{text}");
        bytes.into_owned()
    }

    fn in_dos(text: &str, page: &[char; 128]) -> Vec<u8> {
        text.chars()
            .map(|c| {
                if c.is_ascii() {
                    c as u8
                } else {
                    page.iter().position(|other| *other == c).unwrap() as u8 + 128
                }
            })
            .collect()
    }

    #[test]
    fn texts_of_many_lands_are_told_apart() {
        for (text, encoding) in [
            (
                "Köln;Hauptstraße 5;Señor Muñoz;Citroën Genève;Møller Ålesund;Men\u{2019}s wear",
                "windows-1252",
            ),
            ("Łódź;Książęca;Wrocław;Příbram;Škoda Plzeň;Győr", "windows-1250"),
            ("ООО Ромашка;Москва;Санкт-Петербург;Завод имени Кирова", "windows-1251"),
            ("大阪市北区;株式会社東京精密機械;名古屋市", "Shift_JIS"),
            ("北京市朝阳区;上海机械有限公司;深圳市电子", "GBK"),
            ("서울특별시 강남구;삼성전자 주식회사", "EUC-KR"),
            ("臺北市信義區;台灣精密股份有限公司", "Big5"),
        ] {
            let label = encoding_rs::Encoding::for_label(encoding.as_bytes()).unwrap();
            assert_eq!(guess(&encoded(text, label)).name(), encoding, "{text}");
        }
    }

    #[test]
    fn code_pages_of_dos_are_known_by_letters_inside_words() {
        let text = "Köln;Hauptstraße 5;Señor Muñoz;Düsseldorf;Genève";
        assert_eq!(guess(&in_dos(text, &super::super::dos::CP437)), Encoding::Dos437);
        let text = "Köln;São Tomé;Århus;CORAÇÃO;Düsseldorf";
        assert_eq!(guess(&in_dos(text, &super::super::dos::CP850)), Encoding::Dos850);
    }
}
