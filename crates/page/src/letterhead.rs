//! What a page names that is signed on paper, besides its numbers.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986.
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Who delivers what to whom. What is empty is a line on paper, to be filled in by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letterhead {
    /// Who delivers.
    pub publisher: String,
    /// Who accepts.
    pub client: String,
    /// The time that the numbers are billed for, in words.
    pub period: String,
}

impl Letterhead {
    pub(crate) fn named(&self) -> [(&'static str, &str); 3] {
        [("Delivered by", &self.publisher), ("Client", &self.client), ("Period", &self.period)]
    }

    /// Who signs.
    pub(crate) fn sides(&self) -> [(&'static str, &str); 2] {
        [("Delivered by", &self.publisher), ("Accepted by", &self.client)]
    }

    /// What the reader has filled in, as the part of a query, with its `&`; empty where that is nothing.
    pub(crate) fn query(&self) -> String {
        let mut query = String::new();
        for (name, value) in [("client", &self.client), ("period", &self.period)] {
            if !value.is_empty() {
                query.extend(["&", name, "="].into_iter().chain(utf8_percent_encode(value, RESERVED)));
            }
        }
        query
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_what_was_filled_in() {
        let letterhead = |client: &str, period: &str| Letterhead {
            publisher: "Publisher".into(),
            client: client.into(),
            period: period.into(),
        };
        assert_eq!(letterhead("", "").query(), "");
        assert_eq!(letterhead("A & B", "").query(), "&client=A%20%26%20B");
        assert_eq!(letterhead("C", "Q3 2026").query(), "&client=C&period=Q3%202026");
    }
}
