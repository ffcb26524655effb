//! What identifies an annotation request, and what it is known by.

pub(crate) mod campaign_id;
pub(crate) mod campaign_scope;
pub(crate) mod counting_rule_name;
pub(crate) mod id;
pub(crate) mod id_prefix;
pub(crate) mod ids;
pub(crate) mod revision;
