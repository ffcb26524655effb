//! What making a statement costs, beside an export of the same rows, and what who writes meanwhile notices of it.

use super::signing::Signing;
use super::{REQUEST, client, tasks};
use crate::Arguments;
use crate::case::median;
use crate::limits::Limits;
use crate::program::Service;
use annotation_statistics_tests::{RawConnection, SqlSession};
use embedded_postgres::Cluster;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

/// The most seconds, and those of the export as JSON Lines that it may take.
const MOST_SECONDS: f64 = 15.0;
const MOST_EXPORTS: f64 = 1.5;

/// The most megabytes more than those of a service that has served a page.
const MOST_MEGABYTES: f64 = 45.0;

/// The most bytes of a task, with all that the database keeps with it.
const MOST_BYTES: f64 = 45.0;

/// The most milliseconds that the longest write while one is made takes longer than the longest while the same is exported.
const MOST_WAIT: f64 = 50.0;

/// Makes statements and exports in turn, and prints the medians.
pub(super) fn measure(arguments: &Arguments, signing: &Signing, cluster: &Cluster, limits: &mut Limits) {
    let before = bytes(cluster);
    let (mut exports, mut statements, mut ratios, mut megabytes) = (vec![], vec![], vec![], vec![]);
    for round in 0..arguments.rounds {
        let export = client::get(&signing.serve().address, &export());
        let service = served_once(signing);
        let idle = service.resident_megabytes();
        let statement = client::put(&service.address, &client::statement(&format!("made-{round}")), "{}");
        exports.push(export);
        statements.push(statement);
        ratios.push(statement / export);
        megabytes.push(service.peak_megabytes() - idle);
    }
    let stored = (bytes(cluster) - before) / f64::from(arguments.rounds) / f64::from(arguments.large);
    let [export, statement, ratio, megabytes] = [exports, statements, ratios, megabytes].map(median);
    println!(
        "    made in {statement:.1} s (at most {MOST_SECONDS}), {ratio:.2} times an export of {export:.1} s (at most {MOST_EXPORTS})"
    );
    println!(
        "    {megabytes:.0} MB more than idle (at most {MOST_MEGABYTES}), {stored:.1} bytes a task (at most {MOST_BYTES})"
    );
    limits.at_most("seconds to make a statement", statement, MOST_SECONDS);
    limits.at_most("to make a statement, times an export as jsonl", ratio, MOST_EXPORTS);
    limits.at_most("megabytes to make a statement", megabytes, MOST_MEGABYTES);
    limits.at_most("bytes a task of a statement", stored, MOST_BYTES);
    measure_waits(arguments, signing, limits);
}

/// Writes all the while that is exported, then made.
fn measure_waits(arguments: &Arguments, signing: &Signing, limits: &mut Limits) {
    let service = served_once(signing);
    let (mut next, mut longest, mut p99) = (0, [vec![], vec![]], [vec![], vec![]]);
    for round in 0..arguments.rounds {
        let statement = client::statement(&format!("beside-{round}"));
        let beside_export = writes_beside(&service, &mut next, || client::get(&service.address, &export()));
        let beside_statement = writes_beside(&service, &mut next, || client::put(&service.address, &statement, "{}"));
        for (at, mut waits) in [beside_export, beside_statement].into_iter().enumerate() {
            waits.sort_by(f64::total_cmp);
            longest[at].push(waits[waits.len() - 1]);
            p99[at].push(waits[waits.len() * 99 / 100]);
        }
    }
    let ([export, statement], [export_p99, statement_p99]) = (longest.map(median), p99.map(median));
    println!(
        "    writes of a row meanwhile: p99 {statement_p99:.1} ms, longest {statement:.1} ms (at most {MOST_WAIT} more); while it is exported {export_p99:.1} and {export:.1} ms"
    );
    limits.at_most("milliseconds that a write waits longer beside a statement", statement - export, MOST_WAIT);
}

/// The milliseconds of each write of a row of the request while something else happens.
fn writes_beside(service: &Service, next: &mut u32, happens: impl FnOnce() -> f64 + Send) -> Vec<f64> {
    let is_over = AtomicBool::new(false);
    let target = format!("/annotation-requests/{REQUEST}/statistics");
    let mut connection = RawConnection::open(service.address.parse().unwrap());
    thread::scope(|scope| {
        let happening = scope.spawn(|| {
            happens();
            is_over.store(true, Ordering::Release);
        });
        let mut waits = vec![];
        while !is_over.load(Ordering::Acquire) && !happening.is_finished() {
            // The same few tasks again and again, each time with other counts.
            let body = format!("[{}]", tasks::row(*next % 50, 2 + *next));
            *next += 1;
            let started = Instant::now();
            let response = connection.try_fetch("PUT", &target, "", &body).unwrap();
            assert_eq!(response.status, 200, "{}", response.text());
            waits.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
        happening.join().unwrap();
        waits
    })
}

/// A service that has done what each does at first.
fn served_once(signing: &Signing) -> Service {
    let service = signing.serve();
    client::get(&service.address, &format!("/statistics?annotationRequestId={REQUEST}"));
    service
}

fn export() -> String {
    format!("/statistics/export?annotationRequestId={REQUEST}&format=jsonl")
}

/// What all statements take in the database, with their indexes.
fn bytes(cluster: &Cluster) -> f64 {
    let sizes = "SELECT pg_total_relation_size('statements') + pg_total_relation_size('statement_chunks')";
    SqlSession::open(&cluster.url("postgres")).query(sizes)[0].parse().unwrap()
}
