//! What reads and writes cost as the database grows, and how large a task is on disk.

use crate::case::median;
use crate::limits::Limits;
use crate::program::{Program, Service};
use crate::{Arguments, delivery, writes};
use annotation_statistics_tests::{RawConnection, SqlSession};
use embedded_postgres::Cluster;
use std::path::Path;
use std::time::Instant;

/// How often each kind of request is sent to each database.
const ROUNDS: u32 = 500;

/// How much longer a request to the largest database may take than to the smallest.
const MOST: f64 = 1.2;

/// Annotation requests that are imported at a time: about a million tasks.
const REQUESTS_OF_A_FILE: u32 = 500;

/// The kinds of requests.
const KINDS: [&str; 3] = ["page", "summary", "PUT of one row"];

/// A database of its own size, and the service on it.
struct Grown {
    requests: u32,
    bytes_per_task: u64,
    service: Service,
}

/// What the requests of one kind took.
type Milliseconds = [Vec<f64>; 3];

/// Fills one database for each number of tasks, sends the same requests to all of them in turn, and prints the medians.
///
/// Postgres writes a page to the WAL as a whole when it is changed for the first time after a checkpoint. A large database
/// has more pages than requests are sent here, so each PUT would pay for that; in a small one the requests soon meet the
/// pages that others have paid for. So all of them are sent once after a checkpoint, which is printed, and then again: what
/// is judged finds its pages in the same state in all databases.
pub(crate) fn measure(arguments: &Arguments, cluster: &Cluster, folder: &Path, limits: &mut Limits) {
    let databases: Vec<Grown> =
        arguments.rows.iter().map(|rows| Grown::filled(*rows, arguments, cluster, folder)).collect();
    let mut session = SqlSession::open(&cluster.url("postgres"));
    session.execute("CHECKPOINT");
    println!("\n{:>12} tasks: {} ms, bytes of WAL of a PUT, bytes of a task on disk", "", KINDS.join(" ms, "));
    println!("the first time after a checkpoint");
    send_to_all(&databases, 0, &mut session);
    println!("again");
    let medians = send_to_all(&databases, ROUNDS, &mut session);
    if let (Some(smallest), Some(largest)) = (medians.first(), medians.last()) {
        for ((kind, small), large) in KINDS.iter().zip(smallest).zip(largest) {
            limits.at_most(&format!("{kind} in the largest database, times the smallest"), large / small, MOST);
        }
    }
}

/// Sends all requests to all databases in turn; `salt` makes the rows of the PUTs others. Prints and returns the medians.
fn send_to_all(databases: &[Grown], salt: u32, session: &mut SqlSession) -> Vec<[f64; 3]> {
    // Only now: a connection without a request is closed while a database is filled.
    let mut connections: Vec<RawConnection> = databases.iter().map(Grown::connect).collect();
    let mut milliseconds: Vec<Milliseconds> = vec![Milliseconds::default(); databases.len()];
    let mut wal_bytes = vec![0.0; databases.len()];
    for round in 0..ROUNDS {
        for (number, database) in databases.iter().enumerate() {
            for (kind, measured) in milliseconds[number].iter_mut().enumerate() {
                let before = writes::wal(session);
                measured.push(database.milliseconds(&mut connections[number], kind, round, salt));
                wal_bytes[number] += writes::wal(session) - before;
            }
        }
    }
    let medians: Vec<[f64; 3]> = milliseconds.into_iter().map(|measured| measured.map(median)).collect();
    for ((database, [page, summary, put]), wal_bytes) in databases.iter().zip(&medians).zip(wal_bytes) {
        let tasks = u64::from(database.requests) * u64::from(delivery::TASKS_PER_REQUEST);
        let (wal_bytes, bytes) = (wal_bytes / f64::from(ROUNDS), database.bytes_per_task);
        println!("{tasks:>18} {page:>9.2} {summary:>12.2} {put:>18.2} {wal_bytes:>9.0} {bytes:>8}");
    }
    medians
}

impl Grown {
    fn filled(rows: u32, arguments: &Arguments, cluster: &Cluster, folder: &Path) -> Self {
        let name = format!("growth_{rows}");
        SqlSession::open(&cluster.url("postgres")).execute(&format!("CREATE DATABASE {name}"));
        let program = Program::new(&arguments.program, cluster.url(&name));
        let requests = rows.div_ceil(delivery::TASKS_PER_REQUEST);
        let file = folder.join("growth.jsonl");
        for first in (0..requests).step_by(usize::try_from(REQUESTS_OF_A_FILE).unwrap()) {
            delivery::write_many(&file, first..requests.min(first + REQUESTS_OF_A_FILE));
            program.import(&file);
        }
        let mut session = SqlSession::open(&cluster.url(&name));
        session.execute("VACUUM ANALYZE");
        let bytes = session.query("SELECT (pg_total_relation_size('statistics') / count(*))::text FROM statistics");
        Self { requests, bytes_per_task: bytes[0].parse().unwrap(), service: program.serve() }
    }

    fn connect(&self) -> RawConnection {
        RawConnection::open(self.service.address.parse().unwrap())
    }

    /// Sends a request of this kind, to another annotation request in each round.
    fn milliseconds(&self, connection: &mut RawConnection, kind: usize, round: u32, salt: u32) -> f64 {
        let request = round.wrapping_mul(2_654_435_761) % self.requests;
        let id = delivery::request_id(request);
        let (method, target, body) = match kind {
            0 => ("GET", format!("/statistics?annotationRequestId={id}&limit=10&offset=20"), String::new()),
            1 => ("GET", format!("/statistics/summary?annotationRequestId={id}"), String::new()),
            _ => ("PUT", format!("/annotation-requests/{id}/statistics"), delivery::changed_row(request, round + salt)),
        };
        let started = Instant::now();
        let response = connection.try_fetch(method, &target, "", &body).unwrap();
        let milliseconds = started.elapsed().as_secs_f64() * 1_000.0;
        assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
        milliseconds
    }
}
