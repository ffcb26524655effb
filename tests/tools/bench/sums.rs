//! What sums cost: to clients that read them, and to an import that keeps them.

use crate::case::median;
use crate::limits::Limits;
use crate::program::{Program, Service};
use crate::{Arguments, delivery};
use annotation_statistics_tests::{RawConnection, SqlSession, binaries};
use embedded_postgres::{Cluster, ClusterOptions, Lifetime};
use std::path::Path;
use std::time::Instant;

/// How often each of both requests is requested.
const ROUNDS: usize = 500;

/// Tasks of the small one of both.
const SMALL: u32 = 1_000;

/// How much longer the sums of the large request may take.
const MOST: f64 = 3.0;

/// Requests the sums of a small request and of the large one in turn, and prints both medians.
pub(crate) fn measure_summaries(
    arguments: &Arguments,
    program: &Program,
    service: &Service,
    folder: &Path,
    limits: &mut Limits,
) {
    let file = folder.join("small.jsonl");
    delivery::write_request(&file, "small-request", SMALL);
    program.import(&file);
    let targets = ["small-request", delivery::LARGE].map(|id| format!("/statistics/summary?annotationRequestId={id}"));
    let mut connection = RawConnection::open(service.address.parse().unwrap());
    let mut milliseconds = [vec![], vec![]];
    for _ in 0..ROUNDS {
        for (target, times) in targets.iter().zip(&mut milliseconds) {
            let started = Instant::now();
            assert_eq!(connection.fetch("GET", target, "").status, 200);
            times.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    let [small, large] = milliseconds.map(median);
    println!("\nsummary of {SMALL} tasks: {small:.2} ms, of {} tasks: {large:.2} ms;", arguments.large);
    println!("    {:.2} times as long, at most {MOST:.0} times is the aim", large / small);
    limits.at_most("summary of the large request, times the small", large / small, MOST);
}

/// Imports into a database that counts the time of each statement, and prints which part of it keeps sums.
pub(crate) fn measure_keeping(arguments: &Arguments, folder: &Path) {
    let options = ClusterOptions {
        lifetime: Lifetime::WithThisProcess,
        settings: vec![("shared_preload_libraries".into(), "pg_stat_statements".into())],
        ..ClusterOptions::new(folder.join("counting-cluster"), binaries())
    };
    let cluster = Cluster::start(options).unwrap_or_else(|error| panic!("{error}"));
    let program = Program::new(&arguments.program, cluster.url("postgres"));
    let file = folder.join("many.jsonl");
    let seconds = program.import(&file);
    let mut session = SqlSession::open(&cluster.url("postgres"));
    session.execute("CREATE EXTENSION pg_stat_statements");
    let spent = session.query(
        "SELECT coalesce(sum(total_exec_time), 0)::text FROM pg_stat_statements WHERE query ~ \
         'changed_(groups|items|cells)|statistics_totals|operation_item_totals|item_group_totals' \
         AND query !~* '^ *CREATE (TABLE|INDEX)'",
    );
    let kept: f64 = spent[0].parse::<f64>().unwrap() / 1_000.0;
    println!(
        "\nimport of {} tasks: {seconds:.1} s, {kept:.1} s of it to keep their sums:",
        arguments.requests * delivery::TASKS_PER_REQUEST
    );
    println!("    it would take {:.2} of the time without", (seconds - kept) / seconds);
}
