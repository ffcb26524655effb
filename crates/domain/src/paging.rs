//! Pages of tasks: which one is requested, and where its rows are.

mod plan;
mod request;

pub use plan::{PagePlan, PositionRange};
pub use request::{Page, PageRequest};
