//! The taxonomy of an annotation request: replaced, read, and compared with its tasks.

mod conformance_body;
pub(crate) mod get_conformance;
pub(crate) mod get_taxonomy;
mod operator_body;
pub(crate) mod put_taxonomy;
mod taxonomy_body;

pub use taxonomy_body::read_taxonomy;

#[cfg(test)]
mod tests;
