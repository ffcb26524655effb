//! Answers what was delivered: statistics of annotation requests over HTTP.

use annotation_statistics::{CommandLine, remark, run};
use clap::Parser;
use std::process::ExitCode;

#[actix_web::main]
async fn main() -> ExitCode {
    match run(CommandLine::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            remark(format_args!("error: {failure}"));
            failure.exit_code()
        }
    }
}
