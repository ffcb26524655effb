//! The statistics of one task, and the values that they are made of.

mod count;
mod id;
mod instance_info;
mod item_kinds;
mod json_text;
mod operation_item_key;
mod pool_name;
mod pool_type;
mod source_name;
mod statistics;
mod status;
#[cfg(feature = "serde")]
pub mod wire;

pub use count::{Count, NegativeCount};
pub use id::TaskId;
pub use instance_info::{InstanceInfo, InstanceInfoError};
pub use item_kinds::{ItemKind, ItemKinds, KindsDisagree};
pub use operation_item_key::OperationItemKey;
pub use pool_name::PoolName;
pub use pool_type::{PoolType, UnknownPoolType};
pub use source_name::SourceName;
pub use statistics::{CountsDisagree, Statistics, StatisticsParts};
pub use status::TaskStatus;
