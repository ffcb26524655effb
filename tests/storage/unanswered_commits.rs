//! What is told of a recording or a change whose COMMIT is sent and not answered.

mod changes;
mod stopped_imports;

use crate::PROGRAM;
use annotation_statistics_domain::{Precondition, RecordError, Recorded, StatisticsRecorder};
use annotation_statistics_storage::{Database, PostgresStatisticsRecorder};
use annotation_statistics_tests::{
    Ending, FaultProxy, Program, Run, TestDatabase, record, roomy_limits, roomy_settings, statistics_of, stream, task,
};
use std::time::Duration;

/// What Postgres answers to COMMIT, and that it is ready again.
const COMMITTED_BYTES: usize = 18;

/// A recorder with one session, which opens others within a second or not at all.
fn recorder_at(url: String) -> PostgresStatisticsRecorder {
    let mut limits = roomy_limits();
    (limits.pool_size, limits.queue_wait) = (1, Duration::from_secs(1));
    PostgresStatisticsRecorder::new(Database::new(roomy_settings(url), limits).unwrap())
}

async fn record_one(recorder: &PostgresStatisticsRecorder, id: i64) -> Result<Recorded, RecordError> {
    recorder.record(stream([task("a", id)]), Precondition::None).await
}

/// How many bytes of replies there are until the COMMIT of the third recording like the next one is answered.
async fn measured(proxy: &FaultProxy, recorder: &PostgresStatisticsRecorder) -> usize {
    record_one(recorder, 1).await.unwrap();
    record_one(recorder, 2).await.unwrap();
    proxy.cut_nothing();
    record_one(recorder, 3).await.unwrap();
    proxy.replied() - COMMITTED_BYTES
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_whose_commit_is_not_answered_is_looked_up_and_told_as_it_is() {
    let database = TestDatabase::new();
    let (proxy, url) = database.behind_a_proxy();
    let recorder = recorder_at(url);
    let replies = measured(&proxy, &recorder).await;
    for (id, ending) in [(4, Ending::Close), (5, Ending::Reset)] {
        proxy.cut_after(replies, ending);
        let reported = record_one(&recorder, id).await.unwrap();
        assert!(!proxy.cut_nothing(), "the connection was cut");
        assert_eq!((reported.inserted, reported.updated, reported.unchanged), (1, 0, 0));
        assert_eq!(reported.revision, statistics_of(&database, &["a"]).await.revisions.first().copied());
        // As many bytes come again only once the statements are prepared on the new connection, too.
        record_one(&recorder, -id).await.unwrap();
    }
    assert_eq!(statistics_of(&database, &["a"]).await.page.count, 7);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_that_cannot_be_looked_up_is_told_as_unknown() {
    let database = TestDatabase::new();
    let (proxy, url) = database.behind_a_proxy();
    let recorder = recorder_at(url);
    let replies = measured(&proxy, &recorder).await;
    proxy.cut_for_good_after(replies, Ending::Close);
    let reported = record_one(&recorder, 4).await;
    assert!(matches!(reported, Err(RecordError::OutcomeUnknown(_))), "{reported:?}");
    assert_eq!(statistics_of(&database, &["a"]).await.page.count, 4, "it was recorded");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_that_is_rolled_back_at_its_commit_is_told_as_not_recorded() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    database.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
         CREATE CONSTRAINT TRIGGER late AFTER INSERT ON statistics DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION refuse()",
    );
    let reported = record_one(&database.recorder(), 2).await;
    assert!(matches!(reported, Err(RecordError::Unavailable(_))), "{reported:?}");
    assert_eq!(statistics_of(&database, &["a"]).await.page.count, 1);
}

/// A program that imports one file with another task each time through a proxy, and the number of the COMMIT of its tasks.
/// It has several connections, whose replies come in another order each time: bytes cannot be counted here.
fn import_through_a_proxy(database: &TestDatabase) -> (FaultProxy, Program, usize) {
    let (proxy, url) = database.behind_a_proxy();
    let settings = format!("database.url = {url:?}\ndatabase.connect_timeout = '10s'\nimport.start_timeout = '2s'");
    let program = Program::new(PROGRAM, &settings);
    for id in 1..=3 {
        proxy.cut_nothing();
        let run = import(&program, id);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    }
    let commit = proxy.commits();
    (proxy, program, commit)
}

fn import(program: &Program, id: i64) -> Run {
    let file = program.write("tasks.jsonl", line(id));
    program.run(&["import", &file])
}

fn line(id: i64) -> String {
    format!(
        r#"{{"annotationRequestId":"a","campaignId":"1001","id":{id},"status":11,"poolName":"p","poolType":5,"instanceInfo":{{}},"instanceNum":0,"attributeNum":0,"frameNum":1}}"#
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_whose_commit_is_not_answered_says_what_became_of_it_or_that_nobody_knows() {
    let database = TestDatabase::new();
    let (proxy, program, commit) = import_through_a_proxy(&database);
    proxy.cut_at_commit(commit, Ending::Close);
    let run = import(&program, 4);
    assert!(!proxy.cut_nothing(), "the connection was cut");
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    assert!(run.out.contains(": 1 inserted, 0 updated, 0 unchanged in "), "{}", run.out);
    proxy.cut_for_good_at_commit(commit, Ending::Close);
    let run = import(&program, 5);
    let reported = "tasks.jsonl is recorded as a whole or not at all: whether the tasks are recorded is unknown: the database \
                connection was lost; import it again, which changes nothing where it is\n";
    assert_eq!((run.code, run.out.as_str()), (Some(4), ""), "{}", run.err);
    assert!(run.err.ends_with(reported), "{}", run.err);
    assert_eq!(statistics_of(&database, &["a"]).await.page.count, 5, "it was recorded");
}
