//! Revisions and the times of changes, when the clock of the database does not go on and when changes take long.

use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, AnnotationRequestRegistry, CampaignScope, Precondition, StatisticsRecorder,
    TaskStream,
};
use annotation_statistics_tests::{TestDatabase, record, register, task};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::runtime::Handle;

/// As if the request had been changed when the clock of the database was an hour ahead of what it is now.
const CLOCK_WAS_AHEAD: &str = "UPDATE annotation_requests SET revision = revision + 3600000000";

fn id() -> AnnotationRequestId {
    AnnotationRequestId::new("a").unwrap()
}

async fn find(database: &TestDatabase) -> AnnotationRequest {
    database.registry().find(&id(), &CampaignScope::All).await.unwrap()
}

fn time_of_revision(request: &AnnotationRequest) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(request.revision.number().unsigned_abs())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_is_known_again_never_has_a_revision_that_it_had_though_the_clock_went_back() {
    let database = TestDatabase::new();
    register(&database, "a", None).await;
    database.execute(CLOCK_WAS_AHEAD);
    for round in 0..4 {
        let last = find(&database).await;
        database.registry().delete(&id(), &CampaignScope::All, Precondition::None).await.unwrap();
        if round % 2 == 0 {
            register(&database, "a", None).await;
        } else {
            record(&database, [task("a", 1)]).await;
        }
        let again = find(&database).await;
        assert_eq!(again.revision.number(), last.revision.number() + 2, "one more each, as the clock is behind");
        assert_eq!((again.created_at, again.updated_at), (time_of_revision(&again), time_of_revision(&again)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_change_moves_the_time_of_the_request_on_though_the_clock_went_back() {
    let database = TestDatabase::new();
    register(&database, "a", None).await;
    record(&database, [task("a", 1), task("a", 2)]).await;
    database.execute(CLOCK_WAS_AHEAD);
    let mut last = find(&database).await;
    for change in 0..3 {
        match change {
            0 => drop(record(&database, [task("a", 3)]).await),
            1 => drop(record(&database, [task("a", 1).status(7)]).await),
            _ => {
                let (task, none) = (2.into(), Precondition::None);
                database.registry().delete_task(&id(), task, &CampaignScope::All, none).await.unwrap();
            }
        }
        let now = find(&database).await;
        assert_eq!(now.revision.number(), last.revision.number() + 1, "change {change}");
        assert_eq!((now.created_at, now.updated_at), (last.created_at, time_of_revision(&now)), "change {change}");
        last = now;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_began_before_another_change_and_ended_after_it_is_the_later_one() {
    let database = Arc::new(TestDatabase::new());
    register(&*database, "a", None).await;
    let (meanwhile, runtime) = (Arc::clone(&database), Handle::current());
    let tasks: TaskStream = Box::new((1..=2).map(move |number| {
        if number == 2 {
            runtime.block_on(record(&*meanwhile, [task("a", 7)]));
        }
        Ok(task("a", number).at(1))
    }));
    let begun = find(&database).await;
    database.recorder().record(tasks, Precondition::None).await.unwrap();
    let ended = find(&database).await;
    assert!(ended.updated_at > begun.updated_at);
    assert_eq!(ended.updated_at, time_of_revision(&ended));
}
