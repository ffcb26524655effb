//! Changes of requests.

use super::{COMMITTED_BYTES, record, statistics_of};
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestRegistry, CampaignScope, Precondition, RegistryError, TaskId,
};
use annotation_statistics_storage::{Database, PostgresAnnotationRequestRegistry};
use annotation_statistics_tests::{
    Ending, FaultProxy, TestDatabase, new_request, roomy_limits, roomy_settings, task, task_ids,
};
use std::time::Duration;

const ALL: &CampaignScope = &CampaignScope::All;

/// Requests with two tasks each, and a registry with one session.
async fn changed_through_a_proxy() -> (TestDatabase, FaultProxy, PostgresAnnotationRequestRegistry) {
    let database = TestDatabase::new();
    record(&database, ["a", "b", "c", "d"].iter().flat_map(|id| [task(id, 1), task(id, 2)])).await;
    let (proxy, url) = database.behind_a_proxy();
    let mut limits = roomy_limits();
    (limits.pool_size, limits.queue_wait) = (1, Duration::from_secs(1));
    let registry = PostgresAnnotationRequestRegistry::new(Database::new(roomy_settings(url), limits).unwrap());
    (database, proxy, registry)
}

/// What can be done to a request.
#[derive(Debug, Clone, Copy)]
enum Change {
    Register,
    DeleteTask,
    Delete,
}

impl Change {
    const ALL: [Self; 3] = [Self::Register, Self::DeleteTask, Self::Delete];

    /// Does it to the request, or for the first one to another that is not known yet.
    async fn make(self, registry: &PostgresAnnotationRequestRegistry, id: &str) -> Result<(), RegistryError> {
        let known = AnnotationRequestId::new(id).unwrap();
        match self {
            Self::Register => {
                let new = new_request(&format!("new {id}"), "1001", None);
                registry.register(new, Precondition::None).await.map(drop)
            }
            Self::DeleteTask => registry.delete_task(&known, TaskId::from(1), ALL, Precondition::None).await.map(drop),
            Self::Delete => registry.delete(&known, ALL, Precondition::None).await.map(drop),
        }
    }

    /// Whether it was done.
    async fn is_made(self, database: &TestDatabase, id: &str) -> bool {
        let find = async |id: &str| database.registry().find(&AnnotationRequestId::new(id).unwrap(), ALL).await;
        match self {
            Self::Register => find(&format!("new {id}")).await.is_ok(),
            Self::DeleteTask => task_ids(&statistics_of(database, &[id]).await.page.rows) == [2],
            Self::Delete => find(id).await.is_err(),
        }
    }
}

/// How many bytes of replies there are until the COMMIT of the third change is answered.
async fn measured(change: Change, proxy: &FaultProxy, registry: &PostgresAnnotationRequestRegistry) -> usize {
    change.make(registry, "a").await.unwrap();
    change.make(registry, "b").await.unwrap();
    proxy.cut_nothing();
    change.make(registry, "c").await.unwrap();
    proxy.replied() - COMMITTED_BYTES
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_whose_commit_is_not_answered_is_looked_up_and_told_as_made() {
    for change in Change::ALL {
        let (database, proxy, registry) = changed_through_a_proxy().await;
        let replies = measured(change, &proxy, &registry).await;
        proxy.cut_after(replies, Ending::Close);
        let reported = change.make(&registry, "d").await;
        assert!(!proxy.cut_nothing(), "{change:?}: the connection was cut");
        assert!(reported.is_ok(), "{change:?}: {reported:?}");
        assert!(change.is_made(&database, "d").await, "{change:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_cannot_be_looked_up_is_told_as_unknown() {
    for change in Change::ALL {
        let (database, proxy, registry) = changed_through_a_proxy().await;
        let replies = measured(change, &proxy, &registry).await;
        proxy.cut_for_good_after(replies, Ending::Close);
        let reported = change.make(&registry, "d").await;
        assert!(matches!(reported, Err(RegistryError::OutcomeUnknown(_))), "{change:?}: {reported:?}");
        assert!(change.is_made(&database, "d").await, "{change:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_is_refused_at_its_commit_is_told_as_not_made() {
    let database = TestDatabase::new();
    database.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
         CREATE CONSTRAINT TRIGGER late AFTER INSERT ON annotation_requests DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION refuse()",
    );
    let reported = database.registry().register(new_request("a", "1001", None), Precondition::None).await;
    assert!(matches!(reported, Err(RegistryError::Unavailable(_))), "{reported:?}");
}
