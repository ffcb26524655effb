//! Serves what was delivered: statistics of annotation requests over HTTP.

use actix_web::rt::System;
use annotation_statistics::{CommandLine, remark, run};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let system = System::new();
    let ended = system.block_on(run(CommandLine::parse()));
    // Dropping it would wait for threads that wait for a database, which may hang.
    std::mem::forget(system);
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            remark(format_args!("error: {failure}"));
            failure.exit_code()
        }
    }
}
