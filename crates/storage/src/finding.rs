//! Finding annotation requests, campaigns and tasks, within bounds (ADR 82, 83).

mod annotation_request_finder;
mod campaign_rows;
mod changed_last;
mod listed_rows;
mod request_list;
mod request_walk;
mod task_places;

pub use annotation_request_finder::PostgresAnnotationRequestFinder;
pub use campaign_rows::{CAMPAIGN_PROGRESS_SQL, NEXT_CAMPAIGN_SQL};
pub use listed_rows::LISTED_REQUESTS_SQL;
pub use request_walk::{
    CHANGED_REQUESTS_OF_CAMPAIGN_SQL, CHANGED_REQUESTS_SQL, LAST_WALKED_OF_CAMPAIGN_SQL, LAST_WALKED_SQL,
};
pub use task_places::{TASK_PLACES_BY_ID_SQL, TASK_PLACES_BY_NAME_SQL};

pub(crate) use changed_last::changed_last;
