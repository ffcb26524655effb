//! How Postgres executes the statements: by which index, and in how many buffers.

mod finding_plans;
mod query_plans;
mod statement_plans;
mod sum_plans;
mod taxonomy_plans;
