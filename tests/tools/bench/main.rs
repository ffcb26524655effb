//! Measures the service beside its two ceilings: the same statements without it, and the same server without them.
//!
//! `make bench` runs it. Everything is on this machine and in a temporary folder; each case is measured in turn, several
//! times over, so that a noisy machine is noisy for all.

mod case;
mod cluster;
mod delivery;
mod exports;
mod files;
mod finding;
mod growth;
mod idle;
mod import;
mod instructions;
mod limits;
mod load;
mod machine;
mod program;
mod signed;
mod statements;
mod sums;
mod unchanged;
mod writes;

use case::{Case, HEADER};
use clap::Parser;
use embedded_postgres::{Cluster, ClusterOptions, Lifetime};
use limits::Limits;
use program::{Program, Service};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

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
    /// Tasks of the databases whose requests are compared, the smallest first
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 1_000_000])]
    rows: Vec<u32>,
    /// Only report which limits are missed
    #[arg(long)]
    no_limits: bool,
    /// The program to measure
    #[arg(long, default_value = "target/release/annotation-statistics")]
    program: PathBuf,
    /// The program that reads annotation files and nothing else; without it that is not measured
    #[arg(long)]
    reader: Option<PathBuf>,
    /// Measure the cluster with this coordinator beside one Postgres, and nothing else
    #[arg(long, value_name = "URL")]
    cluster: Option<String>,
    /// Measure this and nothing else
    #[arg(long, value_enum)]
    only: Option<Part>,
}

/// What can be measured alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Pages and the other reads over HTTP
    Requests,
    /// How annotation files are read; it needs --reader
    Files,
    /// The list of 100,000 annotation requests
    Finding,
    /// A sheet of 1,000,000 lines
    Reconcile,
    /// Statements of the large annotation request, their pages and differences, and verifying them
    Statements,
    /// Imports and writes over HTTP
    Writes,
    /// Requests of databases of growing size
    Growth,
    /// Instructions, by callgrind
    Instructions,
}

fn main() -> ExitCode {
    let (arguments, mut limits) = (Arguments::parse(), Limits::default());
    let folder = annotation_statistics_tests::temp_folder();
    if let Some(url) = &arguments.cluster {
        let one = start_postgres(folder.path());
        cluster::measure(&arguments.program, one.url("postgres"), url, folder.path(), &mut limits);
        return limits.verdict(!arguments.no_limits);
    }
    if arguments.includes(Part::Files)
        && let Some(reader) = &arguments.reader
    {
        files::reading::measure(reader, folder.path(), &mut limits);
    }
    if arguments.includes(Part::Finding) {
        finding::measure(&arguments, folder.path(), &mut limits);
    }
    if arguments.includes(Part::Reconcile) {
        reconcile(&arguments, folder.path(), &mut limits);
    }
    if arguments.includes(Part::Statements) {
        statements(&arguments, folder.path(), &mut limits);
    }
    let alone = [Part::Files, Part::Finding, Part::Reconcile, Part::Statements];
    if arguments.only.is_none_or(|only| !alone.contains(&only)) {
        measure_program(&arguments, folder.path(), &mut limits);
    }
    limits.verdict(!arguments.no_limits)
}

impl Arguments {
    fn includes(&self, part: Part) -> bool {
        self.only.is_none_or(|only| only == part)
    }
}

fn start_postgres(folder: &Path) -> Cluster {
    let options = ClusterOptions {
        lifetime: Lifetime::WithThisProcess,
        ..ClusterOptions::new(folder.join("cluster"), annotation_statistics_tests::binaries())
    };
    let cluster = Cluster::start(options).unwrap_or_else(|error| panic!("{error}"));
    machine::describe(&cluster);
    cluster
}

fn reconcile(arguments: &Arguments, folder: &Path, limits: &mut Limits) {
    let folder = folder.join("reconcile");
    std::fs::create_dir(&folder).unwrap();
    let cluster = start_postgres(&folder);
    files::reconciling::measure(&Program::new(&arguments.program, cluster.url("postgres")), &folder, limits);
}

fn statements(arguments: &Arguments, folder: &Path, limits: &mut Limits) {
    let folder = folder.join("statements");
    std::fs::create_dir(&folder).unwrap();
    let cluster = start_postgres(&folder);
    let program = Program::new(&arguments.program, cluster.url("postgres"));
    statements::measure(arguments, &program, &cluster, &folder, limits);
}

fn measure_program(arguments: &Arguments, folder: &Path, limits: &mut Limits) {
    let cluster = start_postgres(folder);
    let program = Program::new(&arguments.program, cluster.url("postgres"));
    // What it imports is what the others measure.
    import::measure(arguments, &program, &cluster, folder, limits);
    measure_times(arguments, &program, &cluster, folder, limits);
    if arguments.includes(Part::Instructions) {
        instructions::measure(&program, folder, limits);
    }
}

fn measure_times(arguments: &Arguments, program: &Program, cluster: &Cluster, folder: &Path, limits: &mut Limits) {
    if arguments.only.is_none() {
        idle::measure(program, cluster.folder(), limits);
    }
    let service = program.serve();
    if arguments.includes(Part::Requests) {
        measure_requests(arguments, [&program.serve_with_cache(), &service], cluster, folder, limits);
        unchanged::measure(arguments, program, folder, limits);
        signed::measure(arguments, program, folder, limits);
        sums::measure_summaries(arguments, program, &service, folder, limits);
        sums::measure_keeping(arguments, folder);
        exports::measure(program, limits);
    }
    if arguments.includes(Part::Writes) {
        writes::measure(arguments, &service, cluster, folder, limits);
    }
    if arguments.includes(Part::Growth) {
        growth::measure(arguments, cluster, folder, limits);
    }
}

/// Each case in turn, several times over, beside the same statements without the service.
fn measure_requests(
    arguments: &Arguments,
    services: [&Service; 2],
    cluster: &Cluster,
    folder: &Path,
    limits: &mut Limits,
) {
    println!("\n{HEADER}");
    let cases = Case::all(arguments);
    let mut measured = vec![vec![]; cases.len()];
    for _ in 0..arguments.rounds {
        for (case, results) in cases.iter().zip(&mut measured) {
            results.push(case.measure(services, cluster, folder, arguments.seconds));
        }
    }
    for (case, results) in cases.iter().zip(&measured) {
        println!("{}", case.line(results, limits));
    }
    println!("\nmost memory of the service: {:.0} MB resident", services[0].peak_megabytes());
}
