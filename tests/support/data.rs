//! Tasks, and short words for what tests do with them most.

mod queries;
mod task;
mod writers;

pub use queries::{ask, ids, new_request, numbers, page, record, register, task_ids, walk, walk_over_http};
pub use task::{Task, stream, task};
pub use writers::{ROUNDS, SHARED, WRITERS, write_rounds};
