//! What requests to a cluster take, beside the same ones to one Postgres with the same rows.

use crate::case::median;
use crate::delivery;
use crate::limits::Limits;
use crate::program::{Program, Service};
use annotation_statistics_tests::{RawConnection, SqlSession};
use std::path::Path;
use std::time::Instant;

/// All on the cluster is in a schema of its own, which is dropped afterwards.
const SCHEMA: &str = "annotation_statistics_bench";

/// Annotation requests, and tasks of each: few, so that a page has all tasks of several.
const REQUESTS: u32 = 1_000;
const TASKS: u32 = 5;

/// How often each kind of request is sent to each of both, in turn.
const ROUNDS: u32 = 60;

/// How often a file is imported to each of both, and how many annotation requests it has.
const IMPORTS: u32 = 3;
const REQUESTS_OF_A_FILE: u32 = 20;

/// What a cluster may take, in milliseconds: more than one Postgres, or in all.
enum Most {
    More(f64),
    InAll(f64),
    Unlimited,
}

/// The kinds of requests.
const KINDS: [(&str, Most); 5] = [
    ("a page of one id", Most::More(2.0)),
    ("a page of 10 rows over 20 ids", Most::InAll(10.0)),
    ("a page with all tasks of 20 ids", Most::InAll(10.0)),
    ("a page of 10 rows over 1,000 ids", Most::InAll(50.0)),
    ("a PUT of one task", Most::Unlimited),
];

/// The least that an import may reach of the pace of one Postgres.
const LEAST: f64 = 0.4;

/// Sends the same requests to both in turn, and prints the medians.
pub(crate) fn measure(program: &Path, one: String, cluster: &str, folder: &Path, limits: &mut Limits) {
    let separator = if cluster.contains('?') { '&' } else { '?' };
    let within = format!("{cluster}{separator}options=-csearch_path%3D{SCHEMA}");
    let mut session = SqlSession::open(&within);
    session.execute(&format!("DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}"));
    let both = [one, within].map(|url| Program::new(program, url));
    both[1].distribute();
    let file = folder.join("small.jsonl");
    delivery::write_requests(&file, 0..REQUESTS, TASKS);
    for program in &both {
        program.import(&file);
    }
    session.execute("ANALYZE");
    compare_requests(&both.each_ref().map(Program::serve), limits);
    compare_imports(&both, folder, limits);
    session.execute(&format!("DROP SCHEMA {SCHEMA} CASCADE"));
}

fn compare_requests(services: &[Service; 2], limits: &mut Limits) {
    let mut connections = services.each_ref().map(|service| RawConnection::open(service.address.parse().unwrap()));
    println!("\n{:>36} one Postgres    cluster, ms", "");
    for (kind, (name, most)) in KINDS.iter().enumerate() {
        let mut milliseconds = [vec![], vec![]];
        for round in 0..ROUNDS {
            for (connection, measured) in connections.iter_mut().zip(&mut milliseconds) {
                measured.push(send(connection, kind, round));
            }
        }
        let [one, cluster] = milliseconds.map(median);
        println!("{name:>36} {one:>12.2} {cluster:>10.2}");
        match most {
            Most::More(most) => limits.at_most(&format!("{name}, ms more than one Postgres"), cluster - one, *most),
            Most::InAll(most) => limits.at_most(&format!("{name}, ms"), cluster, *most),
            Most::Unlimited => {}
        }
    }
}

/// Sends a request of this kind, about other annotation requests in each round; returns its milliseconds.
fn send(connection: &mut RawConnection, kind: usize, round: u32) -> f64 {
    let page = |count: u32, limit: u32| {
        let id = |number: u32| delivery::request_id((round * 37 + number) % REQUESTS);
        let ids: Vec<String> = (0..count).map(|number| format!("annotationRequestId={}", id(number))).collect();
        ("GET", format!("/statistics?{}&limit={limit}", ids.join("&")), String::new())
    };
    let (method, target, body) = match kind {
        0 => page(1, 10),
        1 => page(20, 10),
        2 => page(20, 20 * TASKS),
        3 => page(1_000, 10),
        _ => {
            let target = format!("/annotation-requests/{}/statistics", delivery::request_id(round));
            ("PUT", target, delivery::changed_row(round, round + 1))
        }
    };
    let started = Instant::now();
    let response = connection.try_fetch(method, &target, "", &body).unwrap();
    let milliseconds = started.elapsed().as_secs_f64() * 1_000.0;
    assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
    milliseconds
}

fn compare_imports(both: &[Program; 2], folder: &Path, limits: &mut Limits) {
    let file = folder.join("imported.jsonl");
    let mut seconds = [vec![], vec![]];
    for number in 0..IMPORTS {
        let first = REQUESTS + number * REQUESTS_OF_A_FILE;
        delivery::write_many(&file, first..first + REQUESTS_OF_A_FILE);
        for (program, measured) in both.iter().zip(&mut seconds) {
            measured.push(program.import(&file));
        }
    }
    let tasks = f64::from(REQUESTS_OF_A_FILE * delivery::TASKS_PER_REQUEST);
    let [one, cluster] = seconds.map(|seconds| tasks / median(seconds));
    println!("import: {one:.0} tasks/s, on the cluster {cluster:.0}, {:.2} of it", cluster / one);
    limits.at_least("an import, times one Postgres", cluster / one, LEAST);
}
