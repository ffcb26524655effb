//! Measures the service beside its two ceilings: the same statements without it, and the same server without them.
//!
//! `make bench` runs it. Everything is on this machine and in a temporary folder; each case is measured in turn, several
//! times over, so that a noisy machine is noisy for all.

mod case;
mod delivery;
mod exports;
mod import;
mod load;
mod pgbench;
mod program;
mod signed;
mod sums;

use case::Case;
use clap::Parser;
use embedded_postgres::{Cluster, ClusterOptions, Lifetime};
use program::Program;
use std::path::PathBuf;

/// Measures requests and imports beside their ceilings.
#[derive(Debug, Parser)]
struct Arguments {
    /// Annotation requests of 1,930 tasks
    #[arg(long, default_value_t = 1_000)]
    requests: u32,
    /// Tasks of the one large annotation request
    #[arg(long, default_value_t = 1_000_000)]
    large: u32,
    /// How often each case is measured; the median counts
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 5)]
    seconds: u32,
    /// The program to measure
    #[arg(long, default_value = "target/release/annotation-statistics")]
    program: PathBuf,
}

fn main() {
    let arguments = Arguments::parse();
    let folder = annotation_statistics_tests::temp_folder();
    let options = ClusterOptions {
        lifetime: Lifetime::WithThisProcess,
        ..ClusterOptions::new(folder.path().join("cluster"), annotation_statistics_tests::binaries())
    };
    let cluster = Cluster::start(options).unwrap_or_else(|error| panic!("{error}"));
    let program = Program::new(&arguments.program, cluster.url("postgres"));
    import::measure(&arguments, &program, &cluster, folder.path());
    let service = program.serve();
    println!(
        "\n{:<42} {:>10} {:>8} {:>8} {:>12} {:>7}",
        "32 connections", "requests/s", "p50 ms", "p99 ms", "pgbench tps", "ratio"
    );
    let cases = Case::all(&arguments);
    let mut measured = vec![vec![]; cases.len()];
    for _ in 0..arguments.rounds {
        for (case, results) in cases.iter().zip(&mut measured) {
            results.push(case.measure(&service, &cluster, folder.path(), arguments.seconds));
        }
    }
    for (case, results) in cases.iter().zip(&measured) {
        println!("{}", case.line(results));
    }
    println!("\nmost memory of the service: {} MB resident", service.peak_megabytes());
    signed::measure(&arguments, &program, folder.path());
    sums::measure_summaries(&arguments, &program, &service, folder.path());
    sums::measure_keeping(&arguments, folder.path());
    exports::measure(&program);
}
