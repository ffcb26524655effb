//! Words of eight bytes, of which each byte is looked at by the same few instructions.

/// The bytes of a word.
pub(crate) const WORD: usize = 8;

/// One in each byte.
pub(crate) const ONES: u64 = u64::MAX / 0xFF;

/// The highest bit of each byte.
pub(crate) const HIGHEST: u64 = ONES * 0x80;

/// The word at a place of a text, the first byte lowest; `None` where there are fewer bytes.
#[inline]
pub(crate) fn word_at(text: &[u8], place: usize) -> Option<u64> {
    text.get(place..)?.first_chunk().map(|word| u64::from_le_bytes(*word))
}

/// Marks the highest bit of each byte that is `byte`. Bytes behind the first such may be marked, too, though they are not.
#[inline]
pub(crate) fn marked(word: u64, byte: u8) -> u64 {
    let others = word ^ (ONES * u64::from(byte));
    others.wrapping_sub(ONES) & !others & HIGHEST
}

/// Marks the highest bit of each byte that is less than `end`, at most 128. Bytes behind the first such may be marked, too.
#[inline]
pub(crate) fn marked_below(word: u64, end: u8) -> u64 {
    word.wrapping_sub(ONES * u64::from(end)) & !word & HIGHEST
}

/// Marks the highest bit of each byte that is no digit, and of no other.
#[inline]
pub(crate) fn marked_other_than_digits(word: u64) -> u64 {
    let digits = word ^ (ONES * 0x30);
    // More than 9 carries into the highest bit of its byte.
    (((digits & !HIGHEST) + ONES * 0x76) | digits) & HIGHEST
}

/// The place of the first byte that is marked; behind the word where none is.
#[inline]
pub(crate) fn first_marked(marks: u64) -> usize {
    usize::try_from(marks.trailing_zeros() / 8).unwrap_or(WORD)
}

/// How many digits are at a place of a text.
#[inline]
pub(crate) fn digits_at(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(word) = word_at(text, at) {
        let others = marked_other_than_digits(word);
        at += first_marked(others);
        if others != 0 {
            return at - start;
        }
    }
    at - start + last_digits_at(text, at)
}

/// How many digits are at a place with fewer than a word behind it.
fn last_digits_at(text: &[u8], at: usize) -> usize {
    text.get(at..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_first_byte_of_a_kind_is_found(text in proptest::array::uniform8(any::<u8>()), byte in any::<u8>(), end in 0_u8..=128) {
            let word = word_at(&text, 0).unwrap();
            let first = |is_it: &dyn Fn(&u8) -> bool| text.iter().position(is_it).unwrap_or(WORD);
            prop_assert_eq!(first_marked(marked(word, byte)), first(&|other| *other == byte));
            prop_assert_eq!(first_marked(marked_below(word, end)), first(&|other| *other < end));
            let others = marked_other_than_digits(word).to_le_bytes();
            let expected = text.map(|byte| if byte.is_ascii_digit() { 0 } else { 0x80 });
            prop_assert_eq!(others, expected);
        }
    }

    #[test]
    fn digits_are_counted_up_to_the_end_of_the_text() {
        for number in 0..40 {
            for behind in ["", "x", ".5", "          "] {
                let text = format!("a{}{behind}", "7".repeat(number));
                assert_eq!(digits_at(text.as_bytes(), 1), number, "{text}");
            }
        }
    }

    #[test]
    fn there_is_no_word_where_fewer_bytes_are_left() {
        assert_eq!(word_at(b"12345678", 0), Some(u64::from_le_bytes(*b"12345678")));
        assert_eq!((word_at(b"12345678", 1), word_at(b"", 1)), (None, None));
    }
}
