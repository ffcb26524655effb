//! Digests as people read them aloud.

/// How many digits are said in one breath.
const GROUP: usize = 4;

/// A digest in groups of digits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Digest<'a>(pub(super) &'a str);

impl<'a> Digest<'a> {
    /// The groups, in their order.
    pub(super) fn groups(&self) -> impl Iterator<Item = &'a str> {
        let text = self.0;
        (0..text.len().div_ceil(GROUP)).filter_map(move |at| {
            let start = at * GROUP;
            text.get(start..text.len().min(start + GROUP))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_in_groups_of_four_digits() {
        let groups = |text| Digest(text).groups().collect::<Vec<_>>();
        assert_eq!(groups("0123456789ab"), ["0123", "4567", "89ab"]);
        assert_eq!(groups("01234"), ["0123", "4"]);
        assert_eq!(groups(""), [""; 0]);
        let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!((groups(digest).len(), groups(digest).concat()), (16, digest.to_owned()));
    }
}
