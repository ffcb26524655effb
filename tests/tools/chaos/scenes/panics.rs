//! Handlers panic, and so does what happens inside of transactions.

use crate::findings::Findings;
use crate::surroundings::Surroundings;
use annotation_statistics_storage::{Database, DatabaseLimits};
use annotation_statistics_tests::{
    Envelope, PANIC, PanickingService, RawResponse, TestDatabase, register, roomy_limits, task,
};
use serde_json::json;
use std::thread;
use std::time::{Duration, Instant};

/// Panics of each kind, and how many where there is little time.
const PANICS: usize = 1000;
const FEW_PANICS: usize = 100;

const POOL: u32 = 8;
const BOUND: Duration = Duration::from_secs(1);

/// Between two looks at the pool, and the most of them.
const LOOK: Duration = Duration::from_millis(2);
const LOOKS: usize = 5000;

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    // Each panic would be logged.
    std::panic::set_hook(Box::new(|_| {}));
    let database = TestDatabase::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(register(&database, "a", None));
    let pool =
        Database::new(database.session_settings(), DatabaseLimits { pool_size: POOL, ..roomy_limits() }).unwrap();
    let service = PanickingService::on(&database, &pool);
    let number = if around.quick { FEW_PANICS } else { PANICS };
    let rows = json!([task("a", 1).statistics()]).to_string();
    let (mut connection, signer) = (service.connect(), PanickingService::signer());
    let (probe, change) = (format!("/statistics?annotationRequestId={PANIC}"), "/annotation-requests/a/statistics");
    let mut envelopes = [0, 0];
    for panic in 0..number {
        let headers = if panic % 2 == 0 { signer.v1() } else { signer.v2("GET", &probe, "") };
        let requested = connection.fetch("GET", &probe, &headers);
        let headers = format!("Content-Type: application/json\r\n{}", signer.v2("PUT", change, &rows));
        let recorded = connection.fetch_with("PUT", change, &headers, &rows);
        envelopes[0] += usize::from(is_an_error(&requested));
        envelopes[1] += usize::from(is_an_error(&recorded));
    }
    findings.exactly("panics in a handler that are the envelope of a 500", envelopes[0], number);
    findings.exactly("panics in a transaction that are the envelope of a 500", envelopes[1], number);
    findings.exactly("transactions that are still open", database.open_transactions(), 0);
    findings.within("all sessions of the pool are there and idle after", full_again(&pool), BOUND);
    let recorded = database.query("SELECT task_count::text FROM annotation_requests");
    findings.exactly("tasks that were recorded all the same", recorded[0].parse().unwrap(), 0);
}

fn is_an_error(response: &RawResponse) -> bool {
    let envelope = Envelope::of(response);
    (envelope.status, envelope.code) == (500, 5000)
}

fn full_again(pool: &Database) -> Option<Duration> {
    let since = Instant::now();
    for _ in 0..LOOKS {
        let status = pool.status();
        if (status.connections, status.idle_connections) == (POOL, POOL) {
            return Some(since.elapsed());
        }
        thread::sleep(LOOK);
    }
    None
}
