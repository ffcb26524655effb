//! What every response is made of.

pub(crate) mod bounded_body;
pub(crate) mod code;
pub(crate) mod counting_rules;
pub(crate) mod entity_tag;
pub(crate) mod envelope;
pub(crate) mod error;
pub(crate) mod link_header;
