//! What is no file of a format that is read, and how it is recognised.

mod bytes;
mod json;
mod not_read;
mod text;
mod xml;

pub(super) use bytes::obstacle;
pub(super) use json::name_of_json;
pub(super) use not_read::not_read;
pub(super) use text::name_of_text;
pub(super) use xml::name_of_xml;
