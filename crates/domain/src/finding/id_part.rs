//! A part of an id.

use crate::AnnotationRequestId;
use crate::bounded_text::bounded_text;

bounded_text! {
    /// A part of the id of an annotation request, compared byte by byte: 1 to 255 bytes.
    IdPart, 255
}

impl IdPart {
    /// Whether it is a part of the id.
    pub fn is_in(&self, id: &AnnotationRequestId) -> bool {
        id.as_str().contains(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_anywhere_in_an_id_in_the_same_case() {
        let part = IdPart::new("b-é").unwrap();
        for (id, expected) in [("b-é", true), ("ab-éc", true), ("B-é", false), ("b-e", false), ("b", false)] {
            assert_eq!(part.is_in(&AnnotationRequestId::new(id).unwrap()), expected, "{id}");
        }
    }
}
