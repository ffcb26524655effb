//! The byte order mark of UTF-8, which some programs write before the content.

use annotation_statistics_domain::wire::BYTE_ORDER_MARK;

/// The bytes without a byte order mark at their start.
pub(crate) fn without_byte_order_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(bytes)
}
