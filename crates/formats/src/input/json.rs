//! JSON pulled value by value, and the values that formats share.

pub(crate) mod counted;
pub(crate) mod error;
pub(crate) mod given;
pub(crate) mod input;
pub(crate) mod items;
pub(crate) mod members;
pub(crate) mod outline;
pub(crate) mod scalars;
pub(crate) mod values;
