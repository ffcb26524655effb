//! Owns a cluster until it is killed: `embedded-postgres-owner BINARIES FOLDER keep|remove`. Says `ready` when the
//! cluster runs. The tests kill it, which no test can do to itself.

use std::path::PathBuf;
use std::process::ExitCode;

use embedded_postgres::{Binaries, Cluster, ClusterOptions, Error, Lifetime};

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the tests read both, and are there as long as it is")]
fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(binaries), Some(folder), Some(mode)) = (arguments.next(), arguments.next(), arguments.next()) else {
        eprintln!("usage: embedded-postgres-owner BINARIES FOLDER keep|remove");
        return ExitCode::FAILURE;
    };
    let lifetime = if mode == "remove" { Lifetime::WithThisProcess } else { Lifetime::UntilStopped };
    match start(binaries.into(), folder.into(), lifetime) {
        Ok(_cluster) => loop {
            println!("ready");
            std::thread::park();
        },
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn start(binaries: PathBuf, folder: PathBuf, lifetime: Lifetime) -> Result<Cluster, Error> {
    let options = ClusterOptions::new(folder, Binaries::find_in(binaries)?);
    Cluster::start(ClusterOptions { durable: false, lifetime, ..options })
}
