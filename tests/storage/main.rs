//! The storage crate on Postgres: schema, statements, and connections that wait, die or do not answer.

mod access_key_schema;
mod batched_reads;
mod connections;
mod fault_proxy;
mod large_counts;
mod plans;
mod removed_tasks;
mod revisions;
mod schema;
mod session_parameters;
mod sharding_rules;
mod signed_statements;
mod small_writes;
mod statements;
mod sums_of_older_servers;
mod unanswered_commits;
mod waiting_for_a_connection;
mod writes_not_begun;

/// The program, which cargo builds before its tests.
const PROGRAM: &str = env!("CARGO_BIN_EXE_program-under-test");
