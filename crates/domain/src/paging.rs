//! Pages of tasks: which one is requested, and where its rows are.

mod plan;
mod removed_positions;
mod request;

pub use plan::{PagePlan, PositionRange};
pub use removed_positions::RemovedPositions;
pub use request::{Page, PageRequest};
