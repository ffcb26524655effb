//! Input of any size, read piece by piece: JSON and XML elements, and lines, each of a bounded size.
//!
//! What is here knows no format; errors have the place in the file.

mod bounded_line;
mod byte_order_mark;
mod fingerprint;
mod json;
mod metered;
mod non_numbers;
mod seen_names;
mod words;
mod xml;

pub use bounded_line::MAX_LINE_BYTES;
pub(crate) use bounded_line::{Line, read_line};
pub(crate) use byte_order_mark::without_byte_order_mark;
pub(crate) use fingerprint::fingerprint;
#[cfg(any(test, feature = "fuzz"))]
pub use json::json_both_ways;
pub(crate) use json::{
    CountedJson, Flag, FromMembers, GivenCount, HasValue, Id, IsGiven, JsonInput, JsonItems, JsonOutline, MemberNames,
    Name, NamesWithValue, NonNumber, ShapeAttributes, TextOrValue, from_members, is_tool_value,
};
pub(crate) use metered::Bytes;
pub use metered::MAX_ELEMENT_BYTES;
pub(crate) use non_numbers::{is_no_number, non_number};
pub(crate) use xml::{Element, XmlInput, trimmed};
