//! Reads that wait for a session are done together, and each is as if it had been done alone.

mod failures;

use annotation_statistics_domain::{
    AnnotationRequestIds, CampaignId, CampaignScope, PageRequest, RepositoryError, StatisticsPage, StatisticsRepository,
};
use annotation_statistics_storage::{Database, PostgresStatisticsRepository};
use annotation_statistics_tests::{
    SqlSession, TestDatabase, first_page, ids, lock, page, record, register, task, wait_until, with_one_session,
};
use futures_util::future::{FutureExt, join_all};
use std::pin::Pin;
use std::time::Duration;

/// What is asked for.
#[derive(Debug, Clone)]
struct Query {
    requests: AnnotationRequestIds,
    page: PageRequest,
    scope: CampaignScope,
}

type Response = Result<StatisticsPage, RepositoryError>;
type Read<'a> = Pin<Box<dyn Future<Output = Response> + 'a>>;

fn query(requests: &[&str], number: u64, limit: u32) -> Query {
    Query { requests: ids(requests), page: page(number, limit), scope: CampaignScope::All }
}

impl Query {
    fn within(self, campaigns: &[&str]) -> Self {
        let campaigns = campaigns.iter().map(|id| CampaignId::new(*id).unwrap());
        Self { scope: CampaignScope::Only(campaigns.collect()), ..self }
    }

    fn read<'a>(&'a self, repository: &'a PostgresStatisticsRepository) -> Read<'a> {
        repository.find_page(&self.requests, self.page, &self.scope)
    }
}

/// A pool with one session, for which many reads may wait.
fn one_session(database: &TestDatabase) -> Database {
    with_one_session(database, |limits, _| limits.queue_per_session = 1000)
}

/// Has all of them wait behind another read, which is of the request `a`.
fn waiting<'a>(
    database: &TestDatabase,
    pool: &Database,
    repository: &'a PostgresStatisticsRepository,
    queries: &'a [Query],
) -> (SqlSession, impl Future<Output = ()> + 'a, Vec<Read<'a>>) {
    let (locked, before) = (lock(database), pool.status().started);
    let mut on_the_session = Box::pin(first_page(repository));
    assert!((&mut on_the_session).now_or_never().is_none());
    wait_until("it has begun, alone", || pool.status().started > before);
    let mut reads: Vec<Read<'_>> = queries.iter().map(|query| query.read(repository)).collect();
    assert!(reads.iter_mut().all(|read| read.now_or_never().is_none()));
    (locked, async { assert!(on_the_session.await.is_ok()) }, reads)
}

/// The responses to all of them, while they wait for one session.
async fn together(database: &TestDatabase, pool: &Database, queries: &[Query]) -> Vec<Response> {
    let repository = PostgresStatisticsRepository::new(pool.clone()).with_max_page(20_000);
    let (locked, first, reads) = waiting(database, pool, &repository, queries);
    drop(locked);
    first.await;
    join_all(reads).await
}

async fn one_by_one(pool: &Database, queries: &[Query]) -> Vec<Response> {
    let repository = PostgresStatisticsRepository::new(pool.clone()).with_max_page(20_000);
    let mut responses = Vec::new();
    for query in queries {
        responses.push(query.read(&repository).await);
    }
    responses
}

/// As a whole, errors as well.
fn assert_equal(together: &[Response], alone: &[Response], queries: &[Query]) {
    assert_eq!(together.len(), alone.len());
    for ((together, alone), query) in together.iter().zip(alone).zip(queries) {
        assert_eq!(format!("{together:?}"), format!("{alone:?}"), "{query:?}");
    }
}

async fn recorded() -> TestDatabase {
    let database = TestDatabase::new();
    let tasks = (0..250).map(|id| task(["a", "b", "c"][usize::try_from(id % 3).unwrap()], id));
    record(&database, tasks.collect::<Vec<_>>()).await;
    record(&database, (0..30).map(|id| task("theirs", id).campaign("2002"))).await;
    record(&database, [1, 1_000, 10].into_iter().zip(0..).map(|(items, id)| task("wide", id).items(items))).await;
    register(&database, "bare", None).await;
    database
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_that_wait_are_responded_to_as_if_each_had_been_alone() {
    let database = recorded().await;
    let pool = one_session(&database);
    let lists: [&[&str]; 11] = [
        &["a"],
        &["b"],
        &["theirs"],
        &["bare"],
        &["unknown"],
        &["wide"],
        &["a", "b", "c"],
        &["theirs", "a"],
        &["c", "unknown", "a"],
        &["bare", "wide"],
        &["b", "theirs", "bare", "a"],
    ];
    let pages = [(1, 10), (2, 10), (8, 10), (9, 10), (1, 1), (2, 1), (84, 1), (1, 100), (3, 100), (u64::MAX, u32::MAX)];
    let mut queries = Vec::new();
    for (number, limit) in pages {
        for list in lists {
            queries.push(query(list, number, limit));
            queries.push(query(list, number, limit).within(&["1001"]));
            queries.push(query(list, number, limit).within(&["2002", "3003"]));
            queries.push(query(list, number, limit).within(&[]));
        }
    }
    let alone = one_by_one(&pool, &queries).await;
    assert_equal(&together(&database, &pool, &queries).await, &alone, &queries);
    queries.reverse();
    let alone = one_by_one(&pool, &queries).await;
    assert_equal(&together(&database, &pool, &queries).await, &alone, &queries);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_whose_callers_no_longer_wait_are_left_out() {
    let database = recorded().await;
    let pool = one_session(&database);
    let repository = PostgresStatisticsRepository::new(pool.clone());
    let queries: Vec<Query> = (1..=6).map(|number| query(&["a"], number, 10)).collect();
    let (locked, first, mut reads) = waiting(&database, &pool, &repository, &queries);
    reads.truncate(2);
    assert_eq!(pool.status().waiting, 2);
    drop(locked);
    first.await;
    assert!(join_all(reads).await.iter().all(Result::is_ok));
    assert_eq!(pool.status().started, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_wait_for_the_batch_in_flight_though_sessions_are_free_and_are_the_next() {
    let database = recorded().await;
    let pool = with_one_session(&database, |limits, _| {
        (limits.pool_size, limits.queue_per_session, limits.batch.wait) = (4, 100, Duration::from_secs(60));
    });
    let repository = PostgresStatisticsRepository::new(pool.clone());
    let queries: Vec<Query> = (1..=6).map(|number| query(&["a"], number, 10)).collect();
    let (locked, first, reads) = waiting(&database, &pool, &repository, &queries);
    let status = pool.status();
    assert_eq!((status.waiting, status.started, status.max_connections), (6, 1, 4));
    drop(locked);
    first.await;
    assert!(join_all(reads).await.iter().all(Result::is_ok));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_waits_no_longer_for_the_batch_in_flight_than_it_has_to() {
    let database = recorded().await;
    let pool = with_one_session(&database, |limits, _| limits.pool_size = 2);
    let repository = PostgresStatisticsRepository::new(pool.clone());
    let queries = [query(&["a"], 1, 10)];
    let (locked, first, mut reads) = waiting(&database, &pool, &repository, &queries);
    let (mut second, started) = (reads.remove(0), pool.status().started);
    let begins = async {
        while pool.status().started == started {
            tokio::task::yield_now().await;
        }
    };
    let ended = tokio::select! { () = begins => None, response = &mut second => Some(response) };
    assert!(ended.is_none(), "the first one still has the lock before it: {ended:?}");
    drop(locked);
    first.await;
    assert!(second.await.is_ok());
}

/// How many statements all sessions have run so far.
fn commits(database: &TestDatabase) -> i64 {
    ended(database, "xact_commit")
}

/// The same of those that ended in this way, which sessions report when they end themselves.
fn ended(database: &TestDatabase, way: &str) -> i64 {
    database.cut_sessions();
    database.query(&format!("SELECT {way} FROM pg_stat_database WHERE datname = current_database()"))[0]
        .parse()
        .unwrap()
}

/// How many statements all of its sessions ran meanwhile, besides those that every session runs.
async fn statements(database: &TestDatabase, queries: &[Query], are_together: bool) -> i64 {
    let before = commits(database);
    let pool = one_session(database);
    let responses =
        if are_together { together(database, &pool, queries).await } else { one_by_one(&pool, queries).await };
    assert!(responses.iter().all(Result::is_ok), "{responses:?}");
    drop(pool);
    commits(database) - before
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_that_wait_share_statements_of_bounded_size() {
    let database = recorded().await;
    let small: Vec<Query> = (0..16).map(|number| query(&["a"], number % 8 + 1, 10)).collect();
    let large: Vec<Query> = (0..20).map(|_| query(&["a"], 1, 100)).collect();
    let first = statements(&database, &[], true).await;
    // One to prepare the statement.
    assert_eq!(statements(&database, &small, true).await, first + 1 + 1, "sixteen small pages");
    assert_eq!(statements(&database, &large, true).await, first + 1 + 10, "two large pages each");
    let one = statements(&database, &small[..1], false).await;
    assert_eq!(statements(&database, &small, false).await, one + 15, "one by one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn states_that_wait_share_a_statement_and_are_those_that_each_requested() {
    let database = recorded().await;
    let lists: [&[&str]; 5] = [&["a"], &["b", "theirs"], &["unknown", "a"], &["theirs"], &["bare", "c", "a"]];
    let queries: Vec<Query> =
        lists.iter().flat_map(|list| [query(list, 1, 1), query(list, 1, 1).within(&["1001"])]).collect();
    let first = statements(&database, &[], true).await;
    let before = commits(&database);
    let pool = one_session(&database);
    let repository = PostgresStatisticsRepository::new(pool.clone());
    let (locked, on_the_session, _) = waiting(&database, &pool, &repository, &[]);
    let mut reads: Vec<_> = queries.iter().map(|query| repository.find_states(&query.requests, &query.scope)).collect();
    assert!(reads.iter_mut().all(|read| read.now_or_never().is_none()));
    drop(locked);
    on_the_session.await;
    let together = join_all(reads).await;
    drop((pool, repository));
    // One to prepare the statement.
    assert_eq!(commits(&database) - before, first + 1 + 1);
    let repository = database.repository();
    for (together, query) in together.iter().zip(&queries) {
        let alone = repository.find_states(&query.requests, &query.scope).await;
        assert_eq!(format!("{together:?}"), format!("{alone:?}"), "{query:?}");
    }
}
