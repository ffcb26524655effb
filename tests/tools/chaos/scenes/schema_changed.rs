//! The schema is changed while the service is under load.

use crate::findings::Findings;
use crate::load::Load;
use crate::stage::{Stage, request};
use crate::surroundings::Surroundings;
use annotation_statistics_tests::{MetricsPage, RawConnection, Serving};
use std::thread;
use std::time::Duration;

const CLIENTS: usize = 16;
const PACE: Duration = Duration::from_millis(10);
const CALM: Duration = Duration::from_secs(1);

/// `database.pool_size` as delivered: the sessions, each of which may find out by a retry.
const POOL: f64 = 8.0;

/// What is changed, one after the other.
const CHANGES: [(&str, &str); 4] = [
    ("a column more in annotation_requests", "ALTER TABLE annotation_requests ADD COLUMN note text"),
    ("a column more in statistics", "ALTER TABLE statistics ADD COLUMN note text NOT NULL DEFAULT ''"),
    (
        "another type in annotation_requests",
        "ALTER TABLE annotation_requests ALTER COLUMN campaign_id TYPE varchar(300)",
    ),
    ("another type in statistics", "ALTER TABLE statistics ALTER COLUMN pool_name TYPE varchar(300)"),
];

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let stage = Stage::new(around);
    let serving = stage.serve();
    let clients = stage.clients(serving.address());
    let target = |number: u32, limit: u32| format!("/statistics?annotationRequestId={}&limit={limit}", request(number));
    let probes = [target(1, 50), target(2, 10)].map(|target| clients.client(0).probe(&target));
    for (what, change) in CHANGES {
        let before = retries(&serving);
        let load = Load::start(&clients, CLIENTS, PACE, &probes);
        thread::sleep(CALM);
        stage.postgres.session().execute(change);
        thread::sleep(CALM);
        findings.all_right(what, &load.stop());
        let retried = retries(&serving) - before;
        findings.judged(
            &format!("{what}: reads run once more"),
            retried.to_string(),
            format!("at most {POOL}"),
            retried <= POOL,
        );
    }
}

fn retries(serving: &Serving) -> f64 {
    let response = RawConnection::open(serving.admin_address()).fetch("GET", "/metrics", "");
    MetricsPage::of(&response).value("annotation_statistics_database_retries_total{pool=\"read\"}")
}
