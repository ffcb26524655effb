//! The statistics of one task, and the values that they are made of.

pub(crate) mod count;
pub(crate) mod id;
pub(crate) mod instance_info;
pub(crate) mod item_kinds;
pub(crate) mod operation_item_key;
pub(crate) mod pool_name;
pub(crate) mod pool_type;
pub(crate) mod source_name;
pub(crate) mod statistics;
pub(crate) mod status;
