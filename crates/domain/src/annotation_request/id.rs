//! The id of an annotation request.

use crate::bounded_text::bounded_text;

bounded_text! {
    /// Identifies an annotation request: the order that a client placed, made of tasks.
    ///
    /// Free text of 1 to 255 bytes, most often a UUID; a comma is part of it. Source: "Unique identifier for the
    /// annotation request, with a maximum length of 255 bytes" of the public API page.
    AnnotationRequestId, 255
}
