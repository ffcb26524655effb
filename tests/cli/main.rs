//! The program on the command line: what its commands print and change, and their exit codes.

mod annotation_files;
mod commands;
mod config_command;
mod damaged_files;
mod diff_command;
mod export_command;
mod keys_command;
mod list_command;
mod private_cluster;
mod readme_walk;
mod reconcile_command;
mod reconcile_walk;
#[path = "../../crates/formats/tests/samples.rs"]
mod samples;
mod serve_command;
mod share_command;
mod statement_command;
#[path = "../../crates/statements/tests/sample.rs"]
#[expect(dead_code, reason = "some of it is for the tests of that crate alone")]
mod statement_sample;
mod statement_walk;
mod verify_command;

/// The program, which cargo builds before its tests.
const PROGRAM: &str = env!("CARGO_BIN_EXE_program-under-test");
