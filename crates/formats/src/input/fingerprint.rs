//! A fast hash, to see whether two texts of one file differ.

use crate::input::words::WORD;

/// An odd number without a pattern: the golden ratio.
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// A hash of a text, which is never stored: eight bytes at a time.
pub(crate) fn fingerprint(text: &[u8]) -> u64 {
    let (words, _) = text.as_chunks::<WORD>();
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
    words.iter().fold(mixed(length, last_word(text)), |hash, word| mixed(hash, u64::from_le_bytes(*word)))
}

/// The last bytes of a text: a word where it has one, or else all of them.
fn last_word(bytes: &[u8]) -> u64 {
    if let Some(last) = bytes.last_chunk() {
        return u64::from_le_bytes(*last);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return u64::from(u32::from_le_bytes(*first)) | (u64::from(u32::from_le_bytes(*last)) << 32);
    }
    bytes.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte))
}

fn mixed(hash: u64, word: u64) -> u64 {
    let product = (hash ^ word).wrapping_mul(FACTOR);
    // The high bits of a product depend on all bits of its factors, the low ones do not.
    product ^ (product >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn texts_that_differ_in_one_place_differ() {
        let text = "12.50,700.25;13.00,81.10";
        let mut texts = HashSet::from([text.to_owned()]);
        for at in 0..text.len() {
            for put in ["0", "1", "9", "00", ""] {
                let mut other = text.to_owned();
                other.replace_range(at..=at, put);
                texts.insert(other);
            }
        }
        let fingerprints: HashSet<u64> = texts.iter().map(|text| fingerprint(text.as_bytes())).collect();
        assert_eq!(fingerprints.len(), texts.len());
    }

    proptest! {
        #[test]
        fn equal_texts_are_equal_and_others_are_not(one in "[ab]{0,40}", other in "[ab]{0,40}") {
            prop_assert_eq!(fingerprint(one.as_bytes()) == fingerprint(other.as_bytes()), one == other);
        }
    }
}
