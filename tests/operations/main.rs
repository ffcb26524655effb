//! What operators rely on: logs, metrics, traces, roles, backups, deployment and graceful shutdown.

mod backup;
mod database_tls;
mod deployment;
mod graceful_shutdown;
mod large_sheets;
mod log_lines;
mod metrics;
mod monitoring;
mod roles;
mod statements;
mod traces;

/// The program, which cargo builds before its tests.
const PROGRAM: &str = env!("CARGO_BIN_EXE_program-under-test");
