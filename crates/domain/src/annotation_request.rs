//! What identifies an annotation request, and what is known of it: its campaign, its state, and the rule of its counts.

mod campaign_id;
mod campaign_scope;
mod counting_rule_name;
mod id;
mod id_prefix;
mod ids;
mod revision;

pub use campaign_id::CampaignId;
pub use campaign_scope::CampaignScope;
pub use counting_rule_name::{CountingRuleName, InvalidCountingRuleName};
pub use id::AnnotationRequestId;
pub use id_prefix::IdPrefix;
pub use ids::{AnnotationRequestIds, EmptyAnnotationRequestIds};
pub use revision::{Precondition, Revision};
