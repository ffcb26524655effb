//! What every response is made of.

pub(crate) mod access_error;
pub(crate) mod api_error;
pub(crate) mod bounded_body;
pub(crate) mod code;
pub(crate) mod conditional;
pub(crate) mod counting_rules;
pub(crate) mod entity_tag;
pub(crate) mod envelope;
pub(crate) mod invalid_parameter;
