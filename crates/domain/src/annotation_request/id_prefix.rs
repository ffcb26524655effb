//! The prefix of the ids that an access key may register.

use crate::AnnotationRequestId;
use crate::bounded_text::bounded_text;

bounded_text! {
    /// The first characters of the id of each annotation request that a caller may register: 1 to 255 bytes.
    IdPrefix, 255
}

impl IdPrefix {
    /// Whether the id starts with it.
    pub fn covers(&self, id: &AnnotationRequestId) -> bool {
        id.as_str().starts_with(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_covered_where_it_starts_with_the_prefix() {
        let prefix = IdPrefix::new("é/").unwrap();
        for (id, expected) in [("é/", true), ("é/1", true), ("é", false), ("É/1", false), ("a/é/", false)] {
            assert_eq!(prefix.covers(&AnnotationRequestId::new(id).unwrap()), expected, "{id}");
        }
    }
}
