//! A fast hash, to see whether two texts of one file differ.

/// So many bytes are taken at once.
const WORD: usize = 8;

/// An odd number without a pattern: the golden ratio.
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// A hash of a text, which is never stored: eight bytes at a time.
pub(crate) fn fingerprint(text: &str) -> u64 {
    let (words, rest) = text.as_bytes().as_chunks::<WORD>();
    let mut last = [0; WORD];
    if let Some(start) = last.get_mut(..rest.len()) {
        start.copy_from_slice(rest);
    }
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
    words.iter().fold(mixed(length, last), |hash, word| mixed(hash, *word))
}

fn mixed(hash: u64, word: [u8; WORD]) -> u64 {
    let product = (hash ^ u64::from_le_bytes(word)).wrapping_mul(FACTOR);
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
        let fingerprints: HashSet<u64> = texts.iter().map(|text| fingerprint(text)).collect();
        assert_eq!(fingerprints.len(), texts.len());
    }

    proptest! {
        #[test]
        fn equal_texts_are_equal_and_others_are_not(one in "[ab]{0,40}", other in "[ab]{0,40}") {
            prop_assert_eq!(fingerprint(&one) == fingerprint(&other), one == other);
        }
    }
}
