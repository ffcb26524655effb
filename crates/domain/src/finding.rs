//! Finding annotation requests and tasks: what is looked for, and what is found.

mod campaign_progress;
mod found_task_place;
mod id_part;
mod listed_request;
mod progress;
mod request_search;

pub use campaign_progress::{CampaignProgress, FoundCampaigns};
pub use found_task_place::{FoundTaskPlaces, TaskPlace, TaskPosition, TaskSearch, TaskTerm};
pub use id_part::IdPart;
pub use listed_request::{FoundRequests, ListedRequest};
pub use progress::{Progress, StatusFilter};
pub use request_search::{RequestPosition, RequestSearch};
