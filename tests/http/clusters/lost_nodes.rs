//! What clients see while a node of a cluster is lost or silent. How a worker is stopped is told by commands for a shell in
//! the environment, as `make cluster` describes; all of them are about the same worker. Without them nothing is tested.

use super::FILL;
use annotation_statistics_domain::{Precondition, StatisticsRecorder};
use annotation_statistics_storage::verify;
use annotation_statistics_tests::{RunningService, Task, TestDatabase, stream, task, wait_until};
use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

const IMPATIENT: &str = "database.statement_timeout = '2s'\ndatabase.deadline = '5s'\ndatabase.overdue_after = '2s'";
const DEADLINE: Duration = Duration::from_secs(5);
/// How long a response may take beside its deadline, on a machine that has other things to do too.
const REST: Duration = Duration::from_secs(3);
const IDS: usize = 40;
const TASKS: i64 = 20_000;

fn run(variable: &str) {
    let command = format!("eval \"${{{variable}:?is a command that is needed}}\"");
    let status = Command::new("sh").args(["-c", &command]).status().unwrap();
    assert!(status.success(), "{variable}: {status}");
}

/// Whether there is a node to be stopped.
fn has_worker() -> bool {
    let command = "test -n \"$CLUSTER_STOP_WORKER\" && test -n \"$CLUSTER_PAUSE_WORKER\"";
    Command::new("sh").args(["-c", command]).status().unwrap().success()
}

fn statuses(service: &RunningService) -> Vec<u16> {
    let one = |number| service.fetch("GET", &format!("/statistics?annotationRequestId=r{number}"), "").status;
    (0..IDS).map(one).collect()
}

/// The node of each request.
fn nodes(database: &TestDatabase) -> Vec<String> {
    let node = "SELECT n.nodename || ':' || n.nodeport FROM pg_dist_placement AS p JOIN pg_dist_node AS n USING (groupid) \
                WHERE p.shardid = get_shard_id_for_distribution_column('annotation_requests', 'r";
    (0..IDS).flat_map(|number| database.query(&format!("{node}{number}')"))).collect()
}

/// The statuses of each node.
fn by_node(nodes: &[String], statuses: &[u16]) -> BTreeMap<String, Vec<u16>> {
    let mut found: BTreeMap<String, Vec<u16>> = BTreeMap::new();
    for (node, status) in nodes.iter().zip(statuses) {
        found.entry(node.clone()).or_default().push(*status);
    }
    for statuses in found.values_mut() {
        statuses.sort_unstable();
        statuses.dedup();
    }
    found
}

/// When the node is back, and what was in doubt is decided.
fn assert_whole_or_nothing(database: &TestDatabase, is_recorded: bool) {
    let (settings, mut drifts) = (database.session_settings(), 0);
    wait_until("the node is back", || verify(&settings, &mut |_| ()).map(|verified| drifts = verified.drifts).is_ok());
    let expected = if is_recorded { TASKS } else { 0 };
    assert_eq!((database.query("SELECT count(*) FROM statistics"), drifts), (vec![expected.to_string()], 0));
}

fn assert_only_one_is_lost(nodes: &[String], statuses: &[u16]) {
    let found = by_node(nodes, statuses);
    let lost = found.values().filter(|statuses| **statuses == [503]).count();
    let others = found.values().filter(|statuses| **statuses == [200]).count();
    assert_eq!((lost, others), (1, found.len() - 1), "{found:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_requests_of_a_stopped_node_are_refused() {
    if !has_worker() {
        return;
    }
    let database = TestDatabase::new();
    database.execute(FILL);
    let (service, nodes) = (RunningService::with(&database.url(), IMPATIENT), nodes(&database));
    assert_eq!(statuses(&service), [200; IDS]);
    let sessions = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
                    AND application_name = 'annotation-statistics' ORDER BY pid";
    let before = database.query(sessions);
    run("CLUSTER_STOP_WORKER");
    let during = statuses(&service);
    let ready = service.fetch_admin("/ready").status;
    let kept = database.query(sessions).iter().filter(|pid| before.contains(pid)).count();
    run("CLUSTER_START_WORKER");
    assert_only_one_is_lost(&nodes, &during);
    assert_eq!(ready, 200, "a balancer goes on sending requests");
    assert_eq!(kept, before.len(), "the sessions with the coordinator are as good as before");
    wait_until("the node is back", || statuses(&service) == [200; IDS]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_response_comes_within_its_deadline_while_a_node_is_silent() {
    if !has_worker() {
        return;
    }
    let database = TestDatabase::new();
    database.execute(FILL);
    let (service, nodes) = (RunningService::with(&database.url(), IMPATIENT), nodes(&database));
    assert_eq!(statuses(&service), [200; IDS]);
    run("CLUSTER_PAUSE_WORKER");
    let mut slowest = Duration::ZERO;
    let of_one = |number: usize| {
        let begun = Instant::now();
        let status = service.fetch("GET", &format!("/statistics?annotationRequestId=r{number}"), "").status;
        slowest = slowest.max(begun.elapsed());
        status
    };
    let during: Vec<u16> = (0..IDS / 4).map(of_one).collect();
    run("CLUSTER_RESUME_WORKER");
    assert!(slowest < DEADLINE + REST, "{slowest:?}");
    assert_only_one_is_lost(&nodes, &during);
    wait_until("the node is back", || statuses(&service) == [200; IDS]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_loses_a_node_is_recorded_as_a_whole_or_not_at_all() {
    if !has_worker() {
        return;
    }
    let database = TestDatabase::new();
    let ids: Vec<String> = (0..IDS).map(|number| format!("r{number}")).collect();
    let tasks = (0..TASKS).map(move |number| {
        if number == TASKS - 1 {
            run("CLUSTER_STOP_WORKER");
        }
        let id = &ids[usize::try_from(number).unwrap() % IDS];
        let task: Task = task(id, number);
        task
    });
    let recorded = database.recorder().record(stream(tasks), Precondition::None).await;
    run("CLUSTER_START_WORKER");
    assert_whole_or_nothing(&database, recorded.is_ok());
}

/// Commits that wait until a standby has them, and how many nodes have something prepared.
const COMMIT_WAITS: &str =
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'SyncRep'";
const PREPARED: &str = "SELECT count(*) FROM run_command_on_workers('SELECT count(*) FROM pg_prepared_xacts \
                        WHERE database = current_database()') WHERE CASE WHEN success THEN result::integer ELSE 1 END > 0";

/// The coordinator finishes no commit as long as this exists: it waits for a standby that there is not. By then, all other
/// nodes have prepared theirs, and only there it is decided.
struct HeldCommits<'a>(&'a TestDatabase);

impl<'a> HeldCommits<'a> {
    fn new(database: &'a TestDatabase) -> Self {
        let held = Self(database);
        held.wait_for("'none'");
        held
    }

    fn wait_for(&self, standby: &str) {
        let mut session = self.0.session();
        session.execute(&format!("ALTER SYSTEM SET synchronous_standby_names = {standby}"));
        session.execute("SELECT pg_reload_conf()");
    }
}

impl Drop for HeldCommits<'_> {
    fn drop(&mut self) {
        self.wait_for("DEFAULT");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_loses_a_node_after_all_have_prepared_is_recorded_as_a_whole() {
    if !has_worker() {
        return;
    }
    let database = TestDatabase::new();
    let tasks = (0..TASKS).map(|number| task(&format!("r{}", number % 40), number));
    let (import, held) = (database.recorder(), HeldCommits::new(&database));
    let import = tokio::spawn(async move { import.record(stream(tasks), Precondition::None).await });
    wait_until("the commit waits", || !database.query(COMMIT_WAITS).is_empty());
    assert_ne!(database.query(PREPARED), ["0"], "nodes have prepared it");
    run("CLUSTER_STOP_WORKER");
    drop(held);
    let recorded = import.await.unwrap();
    run("CLUSTER_START_WORKER");
    // The coordinator does so by itself once a minute.
    let decide = || database.session().try_execute("SELECT recover_prepared_transactions()").is_ok();
    wait_until("what is in doubt is decided", || decide() && database.query(PREPARED) == ["0"]);
    assert_whole_or_nothing(&database, true);
    assert!(recorded.is_ok(), "it was decided: {recorded:?}");
}

/// The requests whose tasks wait for a lock that another transaction has, in the whole cluster.
const LOCK_WAITS: &str = "SELECT 1 FROM citus_lock_waits";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_loses_a_node_after_it_wrote_there_is_recorded_as_a_whole_or_not_at_all() {
    if !has_worker() {
        return;
    }
    let database = TestDatabase::new();
    let mut other = database.session();
    // The tasks are written by the time that the import waits for this sum.
    other.execute(
        "BEGIN; INSERT INTO statistics_totals (annotation_request_id, pool_type, status, tasks, instances, attributes, frames) \
         SELECT 'r7', pool_type, status, 1, 1, 1, 1 FROM generate_series(0, 5) AS pool_type, generate_series(0, 20) AS status",
    );
    let tasks = (0..TASKS).map(|number| task(&format!("r{}", number % 40), number));
    let import = database.recorder();
    let import = tokio::spawn(async move { import.record(stream(tasks), Precondition::None).await });
    wait_until("the import waits", || !database.query(LOCK_WAITS).is_empty());
    run("CLUSTER_STOP_WORKER");
    // Whether its own node is the lost one, or not.
    let _ = other.try_execute("ROLLBACK");
    let recorded = import.await.unwrap();
    run("CLUSTER_START_WORKER");
    assert_whole_or_nothing(&database, recorded.is_ok());
    assert!(recorded.is_err(), "what was written on the lost node is gone");
}
