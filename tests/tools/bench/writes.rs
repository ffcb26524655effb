//! Small writes: a PUT of one new task beside the same transaction in plain SQL, by pgbench.

use crate::Arguments;
use crate::case::median;
use crate::limits::Limits;
use crate::program::Service;
use annotation_statistics_tests::{RawConnection, SqlSession};
use embedded_postgres::Cluster;
use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// The writers at the same time.
const WRITERS: [u32; 2] = [1, 8];

/// The least share of the transactions a second of plain SQL.
const LEAST: f64 = 0.5;

/// The most WAL of a write, as a multiple of that of plain SQL.
const MOST_WAL: f64 = 2.0;

/// Requests that are written to, by each of both.
const REQUESTS: u32 = 100;

/// The same checks and sums as a PUT, a statement each: the campaign, the task as it is, its place, the sums by group, by item
/// and by both, the revision that they are of.
const PLAIN_SQL: &str = r#"\set request random(1, 100)
\set task random(1, 9000000000000000)
BEGIN;
INSERT INTO annotation_requests AS r (id, campaign_id, task_count, revision, created_at, updated_at)
VALUES ('plain ' || :request, '1001', 0, 0, now(), now())
ON CONFLICT (id) DO UPDATE SET campaign_id = r.campaign_id
RETURNING campaign_id, counting_rule, task_count, revision \gset
SELECT count(*) AS known FROM statistics
WHERE annotation_request_id = 'plain ' || :request AND task_id = :task
  AND (status, pool_type, instance_info, instance_num, attribute_num, frame_num, source_name)
      IS DISTINCT FROM (11, 5, '{"car": 2, "color": 1}'::jsonb, 2, 1, 1, NULL) \gset
INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info,
                        instance_num, attribute_num, frame_num)
VALUES ('plain ' || :request, :task, :task_count, 11, 5, 'complete pool', '{"car": 2, "color": 1}', 2, 1, 1);
INSERT INTO statistics_totals AS t VALUES ('plain ' || :request, 5, 11, 1, 2, 1, 1)
ON CONFLICT (annotation_request_id, pool_type, status) DO UPDATE
SET tasks = t.tasks + excluded.tasks, instances = t.instances + excluded.instances,
    attributes = t.attributes + excluded.attributes, frames = t.frames + excluded.frames;
INSERT INTO operation_item_totals AS t
VALUES ('plain ' || :request, 'car', 2, 1, 0, 0), ('plain ' || :request, 'color', 1, 1, 0, 0)
ON CONFLICT (annotation_request_id, item_key) DO UPDATE
SET total = t.total + excluded.total, tasks = t.tasks + excluded.tasks,
    tasks_of_slots = t.tasks_of_slots + excluded.tasks_of_slots,
    tasks_of_inputs = t.tasks_of_inputs + excluded.tasks_of_inputs;
INSERT INTO item_group_totals AS t
VALUES ('plain ' || :request, 'car', 5, 11, 2, 1, 0, 0), ('plain ' || :request, 'color', 5, 11, 1, 1, 0, 0)
ON CONFLICT (annotation_request_id, item_key, pool_type, status) DO UPDATE
SET total = t.total + excluded.total, tasks = t.tasks + excluded.tasks,
    tasks_of_slots = t.tasks_of_slots + excluded.tasks_of_slots,
    tasks_of_inputs = t.tasks_of_inputs + excluded.tasks_of_inputs;
UPDATE annotation_requests AS r
SET task_count = r.task_count + 1, updated_at = now(), revision = greatest(r.revision + 1, c.time),
    summed_revision = r.summed_revision + greatest(r.revision + 1, c.time) - r.revision
FROM (SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS time) AS c
WHERE r.id = 'plain ' || :request RETURNING revision;
COMMIT;
"#;

/// What one measurement found, for the service or for plain SQL.
struct Written {
    per_second: f64,
    wal_bytes: f64,
}

/// Measures both in turn, and prints the medians.
pub(crate) fn measure(arguments: &Arguments, service: &Service, cluster: &Cluster, folder: &Path, limits: &mut Limits) {
    println!("\nPUT of one new task, beside plain SQL by pgbench:");
    register(service);
    let mut next = 0;
    for writers in WRITERS {
        let (mut shares, mut wal, mut ours) = (vec![], vec![], vec![]);
        for _ in 0..arguments.rounds {
            let put = put(service, cluster, writers, arguments.seconds, &mut next);
            let plain = plain(cluster, folder, writers, arguments.seconds);
            shares.push(put.per_second / plain.per_second);
            wal.push(put.wal_bytes / plain.wal_bytes);
            ours.push((put.per_second, put.wal_bytes));
        }
        let (share, wal) = (median(shares), median(wal));
        let per_second = median(ours.iter().map(|(per_second, _)| *per_second).collect());
        let bytes = median(ours.iter().map(|(_, bytes)| *bytes).collect());
        println!(
            "    {writers} writers: {per_second:>6.0} a second, {share:.2} of plain SQL; at least {LEAST:.1} is the aim"
        );
        println!(
            "               {bytes:>6.0} bytes of WAL each, {wal:.2} of plain SQL; at most {MOST_WAL:.1} is the aim"
        );
        limits.at_least(&format!("PUTs of {writers} writers, times plain SQL"), share, LEAST);
        limits.at_most(&format!("WAL of a PUT of {writers} writers, times plain SQL"), wal, MOST_WAL);
    }
}

fn register(service: &Service) {
    let mut connection = RawConnection::open(service.address.parse().unwrap());
    for request in 0..REQUESTS {
        let target = format!("/annotation-requests/put{request}");
        let response = connection.try_fetch("PUT", &target, "", r#"{"campaignId":"1001"}"#).unwrap();
        assert!(response.status < 300, "{response:?}");
    }
}

/// WAL written so far, in bytes.
pub(crate) fn wal(session: &mut SqlSession) -> f64 {
    session.query("SELECT pg_current_wal_insert_lsn() - '0/0'")[0].parse().unwrap()
}

fn wal_of(cluster: &Cluster) -> f64 {
    wal(&mut SqlSession::open(&cluster.url("postgres")))
}

fn put(service: &Service, cluster: &Cluster, writers: u32, seconds: u32, next: &mut u32) -> Written {
    let until = Instant::now() + Duration::from_secs(seconds.into());
    let before = wal_of(cluster);
    let started = Instant::now();
    let first = *next;
    let done: Vec<u32> = thread::scope(|scope| {
        let writing: Vec<_> = (0..writers)
            .map(|writer| scope.spawn(move || write_until(service, until, first + writer, writers)))
            .collect();
        writing.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    *next += done.iter().max().unwrap() * writers;
    let number = f64::from(done.iter().sum::<u32>());
    Written { per_second: number / started.elapsed().as_secs_f64(), wal_bytes: (wal_of(cluster) - before) / number }
}

/// Sends new tasks one after the other, numbered from `first` on in steps; returns how many.
fn write_until(service: &Service, until: Instant, first: u32, step: u32) -> u32 {
    let mut connection = RawConnection::open(service.address.parse().unwrap());
    let mut done = 0;
    while Instant::now() < until {
        let id = first + done * step;
        // Spread over the requests as by chance.
        let request = id.wrapping_mul(2_654_435_761) % REQUESTS;
        let row = format!(
            r#"[{{"id":{id},"status":11,"poolName":"complete pool","poolType":5,"instanceInfo":{{"car":2,"color":1}},"instanceNum":2,"attributeNum":1,"frameNum":1}}]"#
        );
        let target = format!("/annotation-requests/put{request}/statistics");
        let response = connection.try_fetch("PUT", &target, "", &row).unwrap();
        assert_eq!(response.status, 200, "{response:?}");
        done += 1;
    }
    done
}

fn plain(cluster: &Cluster, folder: &Path, writers: u32, seconds: u32) -> Written {
    let file = folder.join("plain.sql");
    std::fs::write(&file, PLAIN_SQL).unwrap();
    set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let before = wal_of(cluster);
    let (writers, seconds) = (writers.to_string(), seconds.to_string());
    let done = Command::new(cluster.binaries().path("pgbench"))
        .args(["-n", "-M", "prepared", "-c", &writers, "-j", "2", "-T", &seconds, "-f"])
        .arg(&file)
        .arg(cluster.url("postgres"))
        .output()
        .unwrap();
    assert!(done.status.success(), "pgbench failed: {}", String::from_utf8_lossy(&done.stderr));
    let report = String::from_utf8(done.stdout).unwrap();
    let value = |label: &str| {
        let line = report.lines().find_map(|line| line.strip_prefix(label)).unwrap();
        line.split([' ', '/']).next().unwrap().parse::<f64>().unwrap()
    };
    let number = value("number of transactions actually processed: ");
    Written { per_second: value("tps = "), wal_bytes: (wal_of(cluster) - before) / number }
}
