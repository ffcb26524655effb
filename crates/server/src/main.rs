//! Serves what was delivered: statistics of annotation requests over HTTP.

use actix_web::rt::System;
use annotation_statistics::{CommandLine, invalid_command_line, remark, run};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let line = match CommandLine::try_parse() {
        Ok(line) => line,
        Err(error) => return invalid_command_line(&error),
    };
    let prints_json = line.prints_json();
    let system = System::new();
    let ended = system.block_on(run(line));
    // Dropping it would wait for threads that wait for a database, which may hang.
    std::mem::forget(system);
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            remark(if prints_json { failure.to_json() } else { format!("error: {failure}") });
            failure.exit_code()
        }
    }
}
