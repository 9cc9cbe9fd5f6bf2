//! Digits of a short text, eight bytes at a time: a cell of a number or a date has one or two such pieces.
//!
//! Owns no form of a number or a date; `number` and `date` say what may stand beside the digits.

/// Eight bytes of text, the first in the lowest byte, each less what `0` is: a digit is its value.
#[derive(Clone, Copy)]
pub(super) struct Eight(u64);

const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);
const HIGH_BITS: u64 = u64::from_le_bytes([0x80; 8]);
/// Brings whatever is above 9 to the high bit of its byte.
const ABOVE_NINE: u64 = u64::from_le_bytes([0x7f - 9; 8]);

impl Eight {
    #[inline]
    pub(super) fn new(text: [u8; 8]) -> Self {
        Self(u64::from_le_bytes(text) ^ ZEROS)
    }

    /// The last eight bytes of a text, zeros before a shorter one.
    #[inline]
    pub(super) fn ending(text: &[u8]) -> Self {
        if let Some(last) = text.last_chunk() {
            return Self::new(*last);
        }
        // Its beginning and its end, which overlap, are the whole of a shorter text.
        let unused = 8 * (8 - text.len());
        let bytes = if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
            (u64::from(u32::from_le_bytes(*first)) << unused) | (u64::from(u32::from_le_bytes(*last)) << 32)
        } else if let (Some(first), Some(last)) = (text.first_chunk::<2>(), text.last_chunk::<2>()) {
            (u64::from(u16::from_le_bytes(*first)) << unused) | (u64::from(u16::from_le_bytes(*last)) << 48)
        } else if let [only] = text {
            u64::from(*only) << unused
        } else {
            return Self(0);
        };
        Self(bytes ^ (ZEROS << unused))
    }

    /// Whether all are digits.
    #[inline]
    pub(super) fn all_digits(self) -> bool {
        self.others() == 0
    }

    /// The high bit of every byte that is no digit.
    #[inline]
    fn others(self) -> u64 {
        (((self.0 & !HIGH_BITS) + ABOVE_NINE) | self.0) & HIGH_BITS
    }

    /// The digits without the mark between them, a zero before, and how many stand behind the mark. None unless the
    /// mark stands there once and all else are digits.
    #[inline]
    pub(super) fn take_out(self, mark: u8) -> Option<(Self, usize)> {
        let others = self.others();
        if !others.is_power_of_two()
            || (self.0 >> (others.trailing_zeros() - 7)) & 0xff != u64::from(mark ^ b'0')
        {
            return None;
        }
        let before = (others >> 7) - 1;
        let up_to_mark = (others << 1).wrapping_sub(1);
        let digits = (self.0 & !up_to_mark) | ((self.0 & before) << 8);
        Some((Self(digits), others.leading_zeros() as usize / 8))
    }

    /// The digits of a text in which `mark` stands at these places and digits at all others: zeros for the marks.
    #[inline]
    pub(super) fn without<const N: usize>(self, mark: u8, places: [usize; N]) -> Option<Self> {
        let (mut marks, mut bytes) = (0, 0);
        for place in places {
            marks |= u64::from(mark ^ b'0') << (8 * place);
            bytes |= 0xff << (8 * place);
        }
        let digits = Self(self.0 ^ marks);
        (digits.0 & bytes == 0 && digits.all_digits()).then_some(digits)
    }

    /// The number they make. All are digits.
    #[inline]
    pub(super) fn value(self) -> u64 {
        // Neighbors join to pairs, pairs to fours, fours to eight digits.
        let pairs = (self.0 * 10 + (self.0 >> 8)) & 0x00ff_00ff_00ff_00ff;
        let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
        (fours * 10_000 + (fours >> 32)) & 0xffff_ffff
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the methods say of a text, found a byte at a time.
    fn slowly(text: &[u8]) -> (Option<u64>, Option<(u64, usize)>) {
        let value = |text: &[u8]| -> Option<u64> {
            text.iter()
                .try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u64::from(byte - b'0')))
        };
        let point = text.iter().position(|byte| *byte == b'.');
        let taken_out = point
            .and_then(|at| Some((value(&[&text[..at], &text[at + 1..]].concat())?, text.len() - at - 1)));
        (value(text), taken_out)
    }

    fn at_once(text: &[u8]) -> (Option<u64>, Option<(u64, usize)>) {
        let eight = Eight::ending(text);
        let taken_out = eight.take_out(b'.').map(|(digits, behind)| (digits.value(), behind));
        (eight.all_digits().then(|| eight.value()), taken_out)
    }

    proptest::proptest! {
        #[test]
        fn eight_bytes_at_once_are_eight_bytes_one_by_one(
            mut text in proptest::collection::vec(b'0'..=b'9', 0..=8),
            others in proptest::collection::vec((0..8_usize, proptest::num::u8::ANY), 0..3),
            point in 0..12_usize,
        ) {
            assert_eq!(at_once(&text), slowly(&text), "{text:?}");
            if let Some(byte) = text.get_mut(point) {
                *byte = b'.';
            }
            assert_eq!(at_once(&text), slowly(&text), "{text:?}");
            for (place, other) in others {
                if let Some(byte) = text.get_mut(place) {
                    *byte = other;
                }
                assert_eq!(at_once(&text), slowly(&text), "{text:?}");
            }
        }
    }

    #[test]
    fn every_byte_at_every_place() {
        for place in 0..8 {
            for other in 0..=255 {
                let mut text = *b"12345678";
                text[place] = other;
                assert_eq!(at_once(&text), slowly(&text), "{text:?}");
                let digits = Eight::new(text).without(b'.', [place]);
                let zeroed = slowly(&[&text[..place], b"0", &text[place + 1..]].concat()).0;
                assert_eq!(digits.map(Eight::value), zeroed.filter(|_| other == b'.'), "{text:?}");
            }
        }
        assert_eq!(at_once(b"99999999"), (Some(99_999_999), None));
    }
}
