//! What is no file of a format that is read, and how it is recognised.

mod bytes;
mod json;
mod not_read;
mod text;
mod xml;

pub use bytes::{GZIP_MAGIC, ZSTD_MAGIC};
pub(crate) use bytes::obstacle;
pub(crate) use json::name_of_json;
pub(crate) use not_read::not_read;
pub(crate) use text::name_of_text;
pub(crate) use xml::name_of_xml;
