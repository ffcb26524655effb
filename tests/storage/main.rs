//! The storage crate on Postgres: schema, statements, and connections that wait, die or do not answer.

mod access_key_schema;
mod batched_reads;
mod connections;
mod fault_proxy;
mod finding_plans;
mod large_counts;
mod query_plans;
mod removed_tasks;
mod revisions;
mod schema;
mod session_parameters;
mod sharding_rules;
mod small_writes;
mod statements;
mod sum_plans;
mod sums_of_older_servers;
mod taxonomy_plans;
mod unanswered_commits;
mod waiting_for_a_connection;
mod writes_not_begun;

/// The program, which cargo builds before its tests.
const PROGRAM: &str = env!("CARGO_BIN_EXE_program-under-test");
