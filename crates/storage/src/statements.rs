//! Statements: made, kept and read.

mod frame_rows;
mod head_rows;
mod key_rows;
mod making;
mod stated_requests;
mod statement_repository;
mod statement_rows;

pub use frame_rows::{FRAME_OF_TASK_SQL, FRAMES_SQL};
pub use statement_repository::PostgresStatementRepository;
pub(crate) use statement_rows::count;
pub use statement_rows::{LAST_STATEMENT_SQL, STATEMENT_SQL, STATEMENTS_SQL};
