//! Tasks, and short words for what tests do with them most.

mod operators;
mod queries;
mod statements;
mod task;
mod writers;

pub use operators::{limited, operator, taxonomy};
pub use queries::{ids, new_request, numbers, page, record, register, statistics_of, task_ids, walk, walk_over_http};
pub use statements::make_statement;
pub use task::{Task, stream, task};
pub use writers::{ROUNDS, SHARED, WRITERS, write_rounds};
