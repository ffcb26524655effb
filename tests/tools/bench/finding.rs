//! What finding annotation requests costs where there are many, beside a page of one row of the same server.

use crate::case::median;
use crate::limits::Limits;
use crate::program::Program;
use crate::{Arguments, delivery};
use annotation_statistics_tests::{RawConnection, SqlSession, binaries};
use embedded_postgres::{Cluster, ClusterOptions, Lifetime};
use std::path::Path;
use std::time::Instant;

/// How often each page is requested.
const ROUNDS: usize = 200;

/// The most that a page of the list may take, in milliseconds.
const MOST: f64 = 10.0;

/// 100,000 requests of 20 campaigns, with sums. 1,000 at a time were changed at one time, and every 100th is of the campaign
/// `rare`.
const FILL: &str = "
    INSERT INTO annotation_requests
    SELECT 'request ' || to_char(r, 'FM000000'), CASE r % 100 WHEN 0 THEN 'rare' ELSE (r % 19)::text END, 2, 1, now(),
           timestamptz '2026-01-01' + (r / 1000) * interval '1 hour'
    FROM generate_series(0, 99999) AS r;
    INSERT INTO statistics_totals
    SELECT id, pool, 6, 1, 1, 0, 1 FROM annotation_requests, generate_series(4, 5) AS pool WHERE id LIKE 'request %';";

/// The pages: a name and the query of each.
const PAGES: [(&str, &str); 7] = [
    ("the first page", ""),
    ("of a campaign", "campaignId=7"),
    ("of a campaign with few", "campaignId=rare"),
    ("that are open", "status=open"),
    ("since a time, 100 of them", "changedSince=2026-01-03T00:00:00Z&limit=100"),
    ("by a part of the id that many have", "q=request"),
    // It looks at `api.max_searched` of them.
    ("by a part of the id that none has", "q=none"),
];

/// Fills a database, requests each page and one of a row in turn, and prints the medians.
pub(crate) fn measure(arguments: &Arguments, folder: &Path, limits: &mut Limits) {
    let options = ClusterOptions {
        lifetime: Lifetime::WithThisProcess,
        ..ClusterOptions::new(folder.join("finding-cluster"), binaries())
    };
    let cluster = Cluster::start(options).unwrap_or_else(|error| panic!("{error}"));
    let program = Program::new(&arguments.program, cluster.url("postgres"));
    let file = folder.join("one-row.jsonl");
    delivery::write_request(&file, "one", 1);
    program.import(&file);
    let mut session = SqlSession::open(&cluster.url("postgres"));
    session.execute(FILL);
    for table in ["annotation_requests", "statistics_totals"] {
        session.execute(&format!("VACUUM (ANALYZE) {table}"));
    }
    let service = program.serve();
    let mut connection = RawConnection::open(service.address.parse().unwrap());
    println!("\nfinding among 100,000 annotation requests, medians of {ROUNDS}:");
    for (name, query) in PAGES {
        let targets = ["/statistics?annotationRequestId=one", &format!("/annotation-requests?{query}")];
        let mut milliseconds = [vec![], vec![]];
        for _ in 0..ROUNDS {
            for (target, times) in targets.iter().zip(&mut milliseconds) {
                let started = Instant::now();
                assert_eq!(connection.fetch("GET", target, "").status, 200, "{target}");
                times.push(started.elapsed().as_secs_f64() * 1_000.0);
            }
        }
        let [row, page] = milliseconds.map(median);
        println!("    {name:<36} {page:>6.2} ms, at most {MOST:.0}; {:.2} times a page of one row", page / row);
        limits.at_most(&format!("milliseconds to find: {name}"), page, MOST);
    }
}
