//! The key of an operation item.

use crate::bounded_text::bounded_text;

bounded_text! {
    /// Names an operation item, that is one thing an annotator can draw (a slot) or fill in (an input).
    ///
    /// Opaque free text of 1 to 1,024 bytes: `select-[e000f]`, a UUID, `car/color`.
    OperationItemKey, 1024
}
