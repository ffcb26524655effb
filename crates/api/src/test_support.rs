//! The test support: a state with deterministic responses, and calls of the whole application.

use crate::{AccessSettings, ApiSettings, ApiState, BasePath, Clock, Ports, RequestId, RequestIds, Stopwatch, app};
use actix_web::Error;
use actix_web::body::to_bytes;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::HeaderMap;
use actix_web::test::{TestRequest, init_service, try_call_service};
use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, CampaignId, Count, CountingRuleName, InstanceInfo,
    MockAnnotationRequestFinder, MockAnnotationRequestRegistry, MockStatementRepository, MockStatisticsExporter,
    MockStatisticsRecorder, MockStatisticsRepository, MockSummaryRepository, MockTaxonomyRepository, OperationItemKey,
    Page, PoolName, PoolType, RepositoryError, RequestState, Revision, SourceName, Statistics, StatisticsPage,
    StatisticsParts, TaskId, TaskStatus,
};
use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex, Once};
use std::time::{Duration, SystemTime};
use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;

/// The request id of every test's request that brings none.
pub(crate) const REQUEST_ID: &str = "9876543210abcdef9876543210abcdef";

/// Bodies as `docs/API.md` quotes them.
pub(crate) const HICCUP: &str = include_str!("../../../docs/examples/hiccup.json");
pub(crate) const INVALID_PARAMETER: &str = include_str!("../../../docs/examples/invalid-parameter.json");
pub(crate) const STATISTICS: &str = include_str!("../../../docs/examples/statistics.json");
pub(crate) const SUMMARY: &str = include_str!("../../../docs/examples/summary.json");
pub(crate) const SCHEDULE: &str = include_str!("../../../docs/examples/schedule.json");
pub(crate) const UNKNOWN: &str = include_str!("../../../docs/examples/unknown-annotation-request.json");

pub(crate) const ANNOTATION_REQUEST: &str = include_str!("../../../docs/examples/annotation-request.json");
pub(crate) const ANNOTATION_REQUESTS: &str = include_str!("../../../docs/examples/annotation-requests.json");
pub(crate) const CONFLICT: &str = include_str!("../../../docs/examples/conflict.json");
pub(crate) const DELETED_TASKS: &str = include_str!("../../../docs/examples/deleted-tasks.json");
pub(crate) const INVALID_ROWS: &str = include_str!("../../../docs/examples/invalid-rows.json");
pub(crate) const PRECONDITION_FAILED: &str = include_str!("../../../docs/examples/precondition-failed.json");
pub(crate) const DIFF: &str = include_str!("../../../docs/examples/diff.json");
pub(crate) const CONFORMANCE: &str = include_str!("../../../docs/examples/conformance.json");
pub(crate) const RECONCILIATION: &str = include_str!("../../../docs/examples/reconciliation.json");
pub(crate) const STATEMENT: &str = include_str!("../../../docs/examples/statement.json");
pub(crate) const STATEMENTS: &str = include_str!("../../../docs/examples/statements.json");
pub(crate) const STATEMENT_KEYS: &str = include_str!("../../../docs/examples/statement-keys.json");
pub(crate) const TAXONOMY: &str = include_str!("../../../docs/examples/taxonomy.json");
pub(crate) const TASK: &str = include_str!("../../../docs/examples/task.json");
pub(crate) const TASK_PLACES: &str = include_str!("../../../docs/examples/task-places.json");
pub(crate) const RECORDED: &str = include_str!("../../../docs/examples/recorded.json");

/// An example as it is sent: without line breaks and indentation.
pub(crate) fn compact(example: &str) -> String {
    example.lines().map(str::trim).collect::<String>().replace("\": ", "\":")
}

/// The body of an error.
pub(crate) fn refusal(code: u32, message: &str) -> String {
    let message = serde_json::to_string(message).unwrap();
    format!(
        r#"{{"code":{code},"message":{message},"data":null,"date":"2025-04-08 14:20:00","requestId":"{REQUEST_ID}","success":false}}"#
    )
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self::from_default_file().unwrap()
    }
}

/// Without limits of requests.
impl Default for AccessSettings {
    fn default() -> Self {
        Self { window: Duration::from_secs(300), accepts_v1: true, requests_per_key: None, requests_per_address: None }
    }
}

pub(crate) fn settings() -> ApiSettings {
    ApiSettings { base_path: BasePath::new("/rosetta-open").unwrap(), ..ApiSettings::default() }
}

/// Ports that must not be called.
pub(crate) fn ports() -> Ports {
    Ports {
        repository: Arc::new(MockStatisticsRepository::new()),
        summaries: Arc::new(MockSummaryRepository::new()),
        exporter: Arc::new(MockStatisticsExporter::new()),
        recorder: Arc::new(MockStatisticsRecorder::new()),
        registry: Arc::new(MockAnnotationRequestRegistry::new()),
        finder: Arc::new(MockAnnotationRequestFinder::new()),
        taxonomies: Arc::new(MockTaxonomyRepository::new()),
        statements: Arc::new(MockStatementRepository::new()),
    }
}

pub(crate) fn state_of(ports: Ports, settings: ApiSettings) -> ApiState {
    ApiState::new(ports, settings)
        .with_clock(Clock::new(|| "2025-04-08T14:20:00.987Z".parse().unwrap()))
        .with_stopwatch(Stopwatch::new(|| Duration::ZERO))
        .with_request_ids(RequestIds::new(|| RequestId::new(u128::from_str_radix(REQUEST_ID, 16).unwrap())))
}

pub(crate) fn state(repository: MockStatisticsRepository) -> ApiState {
    state_of(Ports { repository: Arc::new(repository), ..ports() }, settings())
}

/// A state whose registry is this one.
pub(crate) fn registering(registry: MockAnnotationRequestRegistry) -> ApiState {
    state_of(Ports { registry: Arc::new(registry), ..ports() }, settings())
}

/// An annotation request of campaign 1001.
pub(crate) fn known_request(id: &str) -> AnnotationRequest {
    let at = |text: &str| SystemTime::try_from(text.parse::<jiff::Timestamp>().unwrap()).unwrap();
    AnnotationRequest {
        id: AnnotationRequestId::new(id).unwrap(),
        campaign_id: CampaignId::new("1001").unwrap(),
        counting_rule: Some(CountingRuleName::OBJECTS_2),
        task_count: 1930,
        revision: Revision::from(1_744_122_000_000_000),
        created_at: at("2025-04-07T09:00:00Z"),
        updated_at: at("2025-04-08T14:20:00.123456Z"),
    }
}

/// A state whose ports must not be called.
pub(crate) fn uncalled() -> ApiState {
    state(MockStatisticsRepository::new())
}

/// A state that responds to every query for statistics with the same.
pub(crate) fn responding(response: impl Fn() -> Result<StatisticsPage, RepositoryError> + Send + 'static) -> ApiState {
    let mut repository = MockStatisticsRepository::new();
    let response = Arc::new(Mutex::new(response));
    let states = response.clone();
    repository.expect_find_page().returning(move |_, _, _| response.lock().unwrap()());
    repository.expect_find_states().returning(move |_, _| states.lock().unwrap()().map(|page| states_of(&page)));
    state(repository)
}

/// The states of the requests of a page; all rows are counted to the first one.
pub(crate) fn states_of(page: &StatisticsPage) -> Vec<RequestState> {
    let counts = std::iter::once(page.page.count).chain(std::iter::repeat(0));
    let states = page.revisions.iter().zip(&page.counting_rules).zip(counts);
    let state = |((revision, rule), task_count): ((&Revision, &Option<CountingRuleName>), u64)| RequestState {
        task_count,
        revision: *revision,
        counting_rule: rule.clone(),
    };
    states.map(state).collect()
}

/// A page with the example's row, repeated.
pub(crate) fn page(count: u64, rows: usize) -> StatisticsPage {
    StatisticsPage {
        page: Page { count, rows: vec![row(); rows] },
        revisions: vec![Revision::from(7)],
        counting_rules: vec![None],
    }
}

fn row() -> Statistics {
    Statistics::new(parts(None)).unwrap()
}

/// The row of the example, with a source name.
pub(crate) fn named_row(source_name: &str) -> Statistics {
    Statistics::new(parts(Some(SourceName::new(source_name).unwrap()))).unwrap()
}

fn parts(source_name: Option<SourceName>) -> StatisticsParts {
    let key = |name: &str| OperationItemKey::new(name).unwrap();
    StatisticsParts {
        id: TaskId::from(1_146_703_288_430_264_321),
        source_name,
        status: TaskStatus::LABELS_APPROVED,
        campaign_id: CampaignId::new("1001").unwrap(),
        pool_name: PoolName::new("complete pool").unwrap(),
        pool_type: PoolType::Complete,
        instance_info: InstanceInfo::new([
            (key("select-[e000f]"), Count::from(44)),
            (key("0e767bcb-7480-4e85-bbe8-439fe7871104"), Count::from(11)),
            (key("car"), Count::ONE),
        ])
        .unwrap(),
        instance_num: Count::from(12),
        attribute_num: Count::from(44),
        frame_num: Count::ONE,
    }
}

/// A response, read to its end.
pub(crate) struct TestResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl TestResponse {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Every header in alphabetical order, a line each.
    pub(crate) fn head(&self) -> String {
        let mut lines: Vec<_> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        lines.sort_unstable();
        lines.iter().fold(String::new(), |mut head, (name, value)| {
            writeln!(head, "{name}: {value}").unwrap();
            head
        })
    }
}

/// Calls the whole application, the way the HTTP server does.
pub(crate) async fn send(state: ApiState, request: TestRequest) -> TestResponse {
    let service = init_service(app(state)).await;
    response_of(try_call_service(&service, request.to_request()).await).await
}

/// The response of a service.
pub(crate) async fn response_of(called: Result<ServiceResponse, Error>) -> TestResponse {
    let response = match called {
        Ok(response) => response.into_parts().1,
        Err(error) => error.error_response(),
    };
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = to_bytes(response.into_body()).await.unwrap_or_else(|_| panic!("a body cannot be read")).to_vec();
    TestResponse { status, headers, body }
}

/// The body of a response with this data.
pub(crate) fn success(data: &str) -> String {
    format!(
        r#"{{"code":2000,"message":"Success","data":{data},"date":"2025-04-08 14:20:00","requestId":"{REQUEST_ID}","success":true}}"#
    )
}

/// A request with a JSON body.
pub(crate) fn with_json(request: TestRequest, url: &str, body: &str) -> TestRequest {
    request.uri(url).insert_header(("Content-Type", "application/json")).set_payload(body.to_owned())
}

pub(crate) async fn get(state: ApiState, url: &str) -> TestResponse {
    send(state, TestRequest::get().uri(url)).await
}

/// Captures the log of this thread.
#[derive(Clone, Default)]
pub(crate) struct Logs(Arc<Mutex<Vec<u8>>>);

impl Logs {
    /// The subscriber of warnings and errors, to be made the default of the thread.
    pub(crate) fn subscriber(&self) -> impl tracing::Subscriber + Send + Sync + use<> {
        self.subscriber_from(Level::WARN)
    }

    /// The same for lines from this level on.
    pub(crate) fn subscriber_from(&self, level: Level) -> impl tracing::Subscriber + Send + Sync + use<> {
        listen_to_all();
        let lines = tracing_subscriber::fmt().with_max_level(level).with_ansi(false).without_time();
        lines.with_writer(self.clone()).finish()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        let written = self.0.lock().unwrap();
        std::str::from_utf8(&written).unwrap().lines().map(str::to_owned).collect()
    }
}

/// Tracing caches for each callsite whether a subscriber wants it, and another test without one may come first: a subscriber
/// that wants everything keeps the callsites enabled.
fn listen_to_all() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(tracing_subscriber::registry()).unwrap());
}

impl io::Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Logs {
    type Writer = Self;

    fn make_writer(&'a self) -> Self::Writer {
        self.clone()
    }
}
