//! What two parsers of JSON read alike.

/// A number of fewer digits has at most 64 bits.
const MANY_DIGITS: usize = 19;

/// Of so many digits that follow each other the bytes are a whole word, wherever they begin.
const WORD: usize = 8;

/// Whether a valid value of JSON has nothing that parsers read in different ways: more than `depth` levels, `-0`, whole
/// numbers of more than 64 bits, and surrogates, which may be without their other half. May be `false` without need where a
/// text has the like.
pub(super) fn is_plain(value: &[u8], depth: usize) -> bool {
    let is_shallow = brackets(value) <= depth || depth_of(value) <= depth;
    is_shallow && !has_surrogate(value) && !has_negative_zero(value) && !has_large_number(value)
}

/// How many arrays and objects there are at most.
fn brackets(value: &[u8]) -> usize {
    // Sums of a byte each are what a compiler makes fast.
    let of = |block: &[u8]| block.iter().map(|byte| u8::from(byte | 0x20 == b'{')).sum::<u8>();
    value.chunks(128).map(|block| usize::from(of(block))).sum()
}

fn has_surrogate(value: &[u8]) -> bool {
    let behind = |at: usize| value.get(at..).unwrap_or_default();
    memchr::memchr_iter(b'\\', value).any(|at| matches!(behind(at), [_, b'u', b'd' | b'D', ..]))
}

fn has_negative_zero(value: &[u8]) -> bool {
    let behind = |at: usize| value.get(at..).unwrap_or_default();
    memchr::memchr_iter(b'-', value).any(|at| match behind(at) {
        [_, b'0', end, ..] => matches!(end, b' ' | b'\t' | b'\r' | b'\n' | b',' | b']' | b'}'),
        [_, b'0'] => true,
        _ => false,
    })
}

/// Whether it has so many digits that are not those behind a point.
fn has_large_number(value: &[u8]) -> bool {
    let (words, _) = value.as_chunks::<WORD>();
    let mut at = 0;
    words.iter().any(|word| {
        at += WORD;
        is_digits(u64::from_le_bytes(*word)) && is_large(value, at)
    })
}

/// Whether each byte of a word is a digit.
fn is_digits(word: u64) -> bool {
    const LOW: u64 = u64::MAX / 0xFF;
    let digits = word ^ (LOW * 0x30);
    // More than 9 carries into the highest bit of its byte.
    let others = ((digits & (LOW * 0x7F)) + LOW * 0x76) | digits;
    others & (LOW * 0x80) == 0
}

/// Whether the digits before a place, and those from there on, are so many and not those behind a point.
fn is_large(value: &[u8], at: usize) -> bool {
    let (before, behind) = value.split_at_checked(at).unwrap_or_default();
    // Those of a fraction are fewer, unless someone means harm.
    let known = before.iter().rev().take(3 * MANY_DIGITS).take_while(|byte| byte.is_ascii_digit()).count();
    let is_fraction = before.iter().rev().nth(known).is_some_and(|byte| *byte == b'.');
    let more = behind.iter().take(MANY_DIGITS).take_while(|byte| byte.is_ascii_digit()).count();
    !is_fraction && known + more >= MANY_DIGITS
}

/// How deep a valid value is nested.
fn depth_of(text: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => pass_string(&mut bytes),
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = depth.max(deepest);
    }
    deepest
}

fn pass_string<'text>(bytes: &mut impl Iterator<Item = &'text u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_parsers_read_in_different_ways_is_seen_wherever_it_is() {
        for (odd, plain) in [
            ("[-0]", "[-0.5]"),
            ("[-0,1]", "[\"2020-01-05\"]"),
            ("{\"a\":-0}", "{\"a\":\"-0\"}"),
            ("-0", "-0.0"),
            (r#""\uD83D\uDE00""#, r#""\u00e9""#),
            (r#""\udead""#, r#""\\ud""#),
            ("18446744073709551616", "999999999999999999"),
            ("[1,9223372036854775808]", "[1.9223372036854775808]"),
            ("-9223372036854775809", "-922337203685477580"),
        ] {
            for padding in 0..200 {
                let padding = " ".repeat(padding);
                assert!(!is_plain(format!("{padding}{odd}{padding}").as_bytes(), 9), "{odd}");
                let is_escaped = plain == r#""\\ud""#;
                assert!(is_escaped || is_plain(format!("{padding}{plain}{padding}").as_bytes(), 9), "{plain}");
            }
        }
    }

    #[test]
    fn nesting_is_bounded_and_brackets_in_texts_are_none() {
        let text = r#"{"a":[[1],[2],"[[[[\"[[[",{"b":[]}]}"#;
        assert!(is_plain(text.as_bytes(), 4));
        assert!(!is_plain(text.as_bytes(), 3));
    }

    proptest! {
        #[test]
        fn so_many_digits_are_a_large_number(before in "[0-9a.]{0,130}", digits in "[0-9]{19,40}", after in "[a ,.0-9]{0,90}") {
            let text = format!("{before},{digits}{after}");
            prop_assert!(!is_plain(text.as_bytes(), 9));
        }

        #[test]
        fn fewer_digits_are_none(pieces in proptest::collection::vec("([0-9]{1,18}|[0-9]{1,9}[.][0-9]{1,40}),", 0..30)) {
            prop_assert!(is_plain(pieces.concat().as_bytes(), 9));
        }
    }
}
