use crate::test_support::{page, ports, send, settings, state_of, states_of, with_json};
use crate::{ApiSettings, ApiState, Observer, Ports, PrimaryPorts};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    MockStatisticsExporter, MockStatisticsRepository, MockSummaryRepository, RepositoryError, Revision, StatisticsPage,
};
use std::mem;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

const URL: &str = "/rosetta-open/statistics?annotationRequestId=a&limit=500";

/// A database with one request, whose tasks are as many as its revision, and what it was queried for.
#[derive(Clone, Default)]
struct Database {
    revision: Arc<AtomicI64>,
    queries: Arc<Mutex<Vec<&'static str>>>,
}

impl Database {
    fn at(revision: i64) -> Self {
        let database = Self::default();
        database.change_to(revision);
        database
    }

    fn change_to(&self, revision: i64) {
        self.revision.store(revision, Ordering::Relaxed);
    }

    /// What it was queried for since this was called last.
    fn queries(&self) -> Vec<&'static str> {
        mem::take(&mut *self.queries.lock().unwrap())
    }

    fn found(&self, query: &'static str) -> StatisticsPage {
        self.queries.lock().unwrap().push(query);
        let revision = self.revision.load(Ordering::Relaxed);
        let count = revision.unsigned_abs();
        StatisticsPage { revisions: vec![Revision::from(revision)], ..page(count, count.min(2).try_into().unwrap()) }
    }

    fn port(&self) -> Arc<MockStatisticsRepository> {
        let mut port = MockStatisticsRepository::new();
        let [for_page, for_states] = [self.clone(), self.clone()];
        port.expect_find_page().returning(move |_, _, _| Ok(for_page.found("page")));
        port.expect_find_states().returning(move |_, _| Ok(states_of(&for_states.found("states"))));
        Arc::new(port)
    }

    fn state(&self, settings: ApiSettings) -> ApiState {
        state_of(Ports { repository: self.port(), ..ports() }, settings)
    }
}

/// Status, head and body of a GET.
async fn get(state: &ApiState, headers: &[(&str, &str)]) -> (u16, String, String) {
    let request = TestRequest::get().uri(URL);
    let request = headers.iter().fold(request, |request, header| request.insert_header(*header));
    let response = send(state.clone(), request).await;
    (response.status, response.head(), response.text().to_owned())
}

#[actix_web::test]
async fn a_page_that_was_sent_is_sent_again_to_the_byte_and_only_the_states_are_read() {
    let database = Database::at(7);
    let state = database.state(settings());
    let first = get(&state, &[]).await;
    assert_eq!((first.0, database.queries()), (200, vec!["page"]), "a page that is not there costs no round trip more");
    for _ in 0..2 {
        assert_eq!(get(&state, &[]).await, first);
        assert_eq!(database.queries(), ["states"]);
    }
    let body = r#"{"annotationRequestIds":["a"],"limit":500}"#;
    let posted = send(state.clone(), with_json(TestRequest::post(), "/rosetta-open/statistics/query", body)).await;
    assert_eq!((posted.text(), database.queries()), (first.2.as_str(), vec!["states"]));
    let head = send(state.clone(), TestRequest::default().method(actix_web::http::Method::HEAD).uri(URL)).await;
    assert_eq!((head.head(), database.queries()), (first.1.clone(), vec!["states"]));
    for header in ["effective-limit: 100", "link: </rosetta-open/statistics?", "counting-rule: unstated", "etag: W/"] {
        assert!(first.1.contains(header), "{header}: {}", first.1);
    }
}

#[actix_web::test]
async fn a_page_is_compressed_as_the_client_likes_whether_it_was_sent_or_not() {
    let database = Database::at(7);
    let settings = ApiSettings { min_compressed: 1, ..settings() };
    let state = database.state(settings.clone());
    get(&state, &[]).await;
    for coding in ["gzip", "br", "zstd", "identity"] {
        let fetch = async |state: &ApiState| {
            let request = TestRequest::get().uri(URL).insert_header(("Accept-Encoding", coding));
            let response = send(state.clone(), request).await;
            (response.status, response.head(), response.body)
        };
        assert_eq!(fetch(&state).await, fetch(&database.state(settings.clone())).await, "{coding}");
        assert_eq!(database.queries().last(), Some(&"page"), "the other one has sent nothing before");
    }
}

#[actix_web::test]
async fn a_change_is_in_the_very_next_response() {
    let database = Database::at(1);
    let state = database.state(settings());
    get(&state, &[]).await;
    for revision in [2, 3, 9, 4] {
        database.change_to(revision);
        database.queries();
        let changed = get(&state, &[]).await;
        assert!(changed.2.contains(&format!(r#""data":{{"count":{revision},"data":[{{"id""#)), "{}", changed.2);
        assert_eq!(database.queries(), ["states", "page"]);
        assert_eq!(get(&state, &[]).await, changed);
        assert_eq!(database.queries(), ["states"]);
    }
}

#[actix_web::test]
async fn a_client_that_has_the_page_costs_no_row_and_one_that_has_not_gets_it() {
    for cached in [0, 1_048_576] {
        let database = Database::at(7);
        let settings = ApiSettings { max_cached: cached, ..settings() };
        let fresh = || database.state(settings.clone());
        let known = |head: &str| {
            let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
            tag.to_owned()
        };
        let first = get(&fresh(), &[]).await;
        let tag = known(&first.1);
        database.queries();
        let unchanged = get(&fresh(), &[("If-None-Match", &tag)]).await;
        assert_eq!((unchanged.0, known(&unchanged.1), unchanged.2.as_str()), (304, tag.clone(), ""));
        assert_eq!(database.queries(), ["states"]);
        assert_eq!(get(&fresh(), &[("If-None-Match", "\"other\"")]).await, first);
        assert_eq!(database.queries(), ["states", "page"]);
        database.change_to(8);
        let changed = get(&fresh(), &[("If-None-Match", &tag)]).await;
        assert_eq!((changed.0, known(&changed.1) == tag), (200, false));
        assert_eq!(database.queries(), ["states", "page"]);
    }
}

#[actix_web::test]
async fn without_a_cache_each_page_is_read() {
    let database = Database::at(7);
    let state = database.state(ApiSettings { max_cached: 0, ..settings() });
    assert_eq!(get(&state, &[]).await, get(&state, &[]).await);
    assert_eq!(database.queries(), ["page", "page"]);
}

#[actix_web::test]
async fn a_page_that_is_too_large_is_neither_sent_nor_kept() {
    let database = Database::at(7);
    let state = database.state(ApiSettings { max_answer: 500, ..settings() });
    let refused = get(&state, &[]).await;
    assert_eq!((refused.0, refused.2.contains("limit=1 fits")), (413, true), "{}", refused.2);
    assert_eq!(get(&state, &[]).await, refused);
    assert_eq!(database.queries(), ["page", "page"]);
}

#[actix_web::test]
async fn an_error_is_an_error_whatever_is_kept() {
    let errors: [(fn() -> RepositoryError, u16); 3] = [
        (|| RepositoryError::UnknownAnnotationRequests(vec![]), 404),
        (|| RepositoryError::Unavailable("no route".into()), 503),
        (|| RepositoryError::Corrupt { what: "a row".into() }, 500),
    ];
    for (error, status) in errors {
        let mut repository = MockStatisticsRepository::new();
        repository.expect_find_page().times(1).returning(|_, _, _| Ok(page(7, 2)));
        repository.expect_find_states().times(1).returning(move |_, _| Err(error()));
        let state = crate::test_support::state(repository);
        assert_eq!((get(&state, &[]).await.0, get(&state, &[]).await.0), (200, status));
    }
}

#[actix_web::test]
async fn no_page_of_an_earlier_state_is_sent_to_a_client_that_knows_a_later_one() {
    let (replica, primary) = (Database::at(5), Database::at(6));
    let state = replica.state(settings()).with_primary(PrimaryPorts {
        repository: primary.port(),
        summaries: Arc::new(MockSummaryRepository::new()),
        exporter: Arc::new(MockStatisticsExporter::new()),
    });
    let (old, queried) = (get(&state, &[]).await, || (replica.queries(), primary.queries()));
    assert_eq!(queried(), (vec!["page"], vec![]));
    let new = get(&state, &[("min-revision", "6")]).await;
    assert_eq!(queried(), (vec!["states"], vec!["states", "page"]), "the page of the replica is outdated");
    assert_ne!(new, old);
    assert_eq!(get(&state, &[("min-revision", "6")]).await, new);
    assert_eq!(queried(), (vec!["states", "page"], vec!["states"]), "the page of the primary is kept");
    assert_eq!(get(&state, &[]).await, old, "a client that knows nothing gets what the replica has");
    replica.change_to(6);
    queried();
    assert_eq!(get(&state, &[("min-revision", "6")]).await, new);
    assert_eq!(queried(), (vec!["states", "page"], vec![]));
}

#[derive(Default)]
struct Seen(Mutex<Vec<String>>);

impl Observer for Seen {
    fn page_looked_up(&self, is_cached: bool) {
        self.0.lock().unwrap().push(format!("cached: {is_cached}"));
    }

    fn pages_cached(&self, bytes: u64) {
        self.0.lock().unwrap().push(format!("{bytes} bytes"));
    }
}

#[actix_web::test]
async fn what_becomes_of_pages_is_observed() {
    for (cached, expected) in
        [(0, &[][..]), (1_048_576, &["cached: false", "1000 bytes", "cached: true", "cached: false", "1000 bytes"])]
    {
        let (database, seen) = (Database::at(7), Arc::new(Seen::default()));
        let state = database.state(ApiSettings { max_cached: cached, ..settings() }).with_observer(seen.clone());
        get(&state, &[]).await;
        get(&state, &[]).await;
        get(&state, &[("If-None-Match", "*")]).await;
        database.change_to(8);
        get(&state, &[]).await;
        assert_eq!(*seen.0.lock().unwrap(), expected);
    }
}
