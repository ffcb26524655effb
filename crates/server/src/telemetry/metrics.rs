//! The only list of metrics of the service itself.
//!
//! Those of the connection pools are in `database_metrics.rs`, those of the process in `process_metrics.rs`.

use super::cache_metrics::CacheMetrics;
use super::clock_metrics::ClockMetrics;
use super::database_metrics::DatabaseMetrics;
use super::packing_metrics::PackingMetrics;
use super::process_metrics::ProcessMetrics;
use crate::version::VERSION;
use annotation_statistics_api::{ACCESS_OUTCOMES, EndedRequest, Observer, ReadyChecks, ResponseCode};
use annotation_statistics_domain::Recorded;
use annotation_statistics_storage::{Database, PackingFailures, PostgresKeys};
use prometheus_client::encoding::prometheus_text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

/// The prefix of every name, except for those of the process.
const PREFIX: &str = "annotation_statistics";

/// Upper bounds in seconds, around the duration of a page, the longest that a client waits for one (0.3), and the timeouts,
/// of writes and of statements of exports too.
const DURATIONS: [f64; 17] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.3, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 30.0, 60.0];

type Durations<Labels> = Family<Labels, Histogram, fn() -> Histogram>;

/// Everything that is counted while the service runs. Cloning is cheap and shares the numbers.
#[derive(Debug, Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<RequestLabels, Counter>,
    durations: Durations<RequestLabels>,
    database_durations: Durations<RouteLabels>,
    in_flight: Gauge,
    refusals: Family<ReasonLabels, Counter>,
    import_rows: Family<OutcomeLabels, Counter>,
    access: Family<OutcomeLabels, Counter>,
    v1_uses: Counter,
    cache: CacheMetrics,
    refused_connections: Counter,
    ready: Family<CheckLabels, Gauge>,
    replica_lag: Gauge<f64, AtomicU64>,
    certificate_not_after: Gauge,
    spans: SpanCounters,
}

/// What became of the spans of requests.
#[derive(Debug, Clone, Default)]
pub(crate) struct SpanCounters {
    pub(super) exported: Counter,
    pub(super) lost: Counter,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: String,
    status: Status,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabels {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CheckLabels {
    check: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

/// An HTTP status, or that the client had disconnected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Status(Option<u16>);

impl EncodeLabelValue for Status {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), std::fmt::Error> {
        match self.0 {
            Some(status) => write!(encoder, "{status}"),
            None => encoder.write_str("given_up"),
        }
    }
}

fn durations() -> Histogram {
    Histogram::new(DURATIONS)
}

impl Metrics {
    /// With the metrics of these connection pools, each under its name, of the keys, and of the packing of requests.
    pub fn new(pools: Vec<(&'static str, Database)>, keys: Option<PostgresKeys>, packing: PackingFailures) -> Self {
        let skew = keys.as_ref().map(PostgresKeys::clock_skew).unwrap_or_default();
        let mut registry = Registry::default();
        registry.register_collector(Box::new(ProcessMetrics::new()));
        let ours = registry.sub_registry_with_prefix(PREFIX);
        let metrics = Self {
            registry: Arc::default(),
            requests: Family::default(),
            durations: Durations::new_with_constructor(durations),
            database_durations: Durations::new_with_constructor(durations),
            in_flight: Gauge::default(),
            refusals: Family::default(),
            import_rows: Family::default(),
            access: Family::default(),
            v1_uses: Counter::default(),
            cache: CacheMetrics::default(),
            refused_connections: Counter::default(),
            ready: Family::default(),
            replica_lag: Gauge::default(),
            certificate_not_after: Gauge::default(),
            spans: SpanCounters::default(),
        };
        metrics.register(ours);
        metrics.cache.register(ours);
        let version = Info::new(vec![("version", VERSION.as_str())]);
        ours.register("build", "The version of the program", version);
        ours.register_collector(Box::new(DatabaseMetrics::new(pools, keys)));
        ours.register_collector(Box::new(ClockMetrics(skew)));
        ours.register_collector(Box::new(PackingMetrics(packing)));
        Self { registry: Arc::new(registry), ..metrics }
    }

    fn register(&self, registry: &mut Registry) {
        registry.register("http_requests", "Requests that have ended", self.requests.clone());
        let help = "From the arrival of the head of a request to its response";
        registry.register_with_unit("http_request_duration", help, Unit::Seconds, self.durations.clone());
        let help = "How much of that was spent in the database, queueing for it included";
        registry.register_with_unit("http_database_duration", help, Unit::Seconds, self.database_durations.clone());
        registry.register(
            "http_requests_in_flight",
            "Requests that have arrived and not ended",
            self.in_flight.clone(),
        );
        registry.register("http_refusals", "Requests that were refused", self.refusals.clone());
        registry.register("import_rows", "Tasks that this process has recorded", self.import_rows.clone());
        registry.register("access", "Requests that needed a key, by outcome", self.access.clone());
        registry.register("v1_uses", "Requests that were authorized by scheme v1", self.v1_uses.clone());
        let help = "Connections that were closed because their address had too many";
        registry.register("connections_refused", help, self.refused_connections.clone());
        registry.register("ready", "Whether requests can be served, by check", self.ready.clone());
        let help = "How far the replica that serves reads is behind; 0 where there is none";
        registry.register_with_unit("replica_lag", help, Unit::Seconds, self.replica_lag.clone());
        let (name, help) = ("tls_certificate_not_after", "When the certificate expires, since 1970; 0 without one");
        registry.register_with_unit(name, help, Unit::Seconds, self.certificate_not_after.clone());
        registry.register("trace_spans_exported", "Spans that a collector has taken", self.spans.exported.clone());
        registry.register("trace_spans_lost", "Spans that no collector has taken", self.spans.lost.clone());
        // From the start, so that what has never happened is 0 rather than missing.
        for code in ResponseCode::ALL.into_iter().filter(|code| *code != ResponseCode::Success) {
            drop(self.refusals.get_or_create(&ReasonLabels { reason: code.name() }));
        }
        for (check, _) in ReadyChecks::default().each() {
            drop(self.ready.get_or_create(&CheckLabels { check }));
        }
        self.recorded(Recorded::default());
        for outcome in ACCESS_OUTCOMES {
            drop(self.access.get_or_create(&OutcomeLabels { outcome }));
        }
    }

    /// Counts what became of recorded tasks.
    pub fn recorded(&self, recorded: Recorded) {
        let Recorded { inserted, updated, unchanged, .. } = recorded;
        for (outcome, number) in [("inserted", inserted), ("updated", updated), ("unchanged", unchanged)] {
            self.import_rows.get_or_create(&OutcomeLabels { outcome }).inc_by(number);
        }
    }

    /// Sets the lag of the replica.
    pub(crate) fn replica_is_behind(&self, lag: Duration) {
        self.replica_lag.set(lag.as_secs_f64());
    }

    /// Counts the connections that were refused.
    pub(crate) fn refused_connections(&self) -> Counter {
        self.refused_connections.clone()
    }

    /// Sets the end of the validity of the certificate, in seconds since 1970.
    pub(crate) fn certificate_is_good_until(&self, second: i64) {
        self.certificate_not_after.set(second);
    }

    /// Counts the spans that were exported or lost.
    pub(crate) fn spans(&self) -> SpanCounters {
        self.spans.clone()
    }

    /// All current values, in Prometheus' text format.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

impl Observer for Metrics {
    fn arrived(&self) {
        self.in_flight.inc();
    }

    fn access_checked(&self, outcome: &'static str) {
        self.access.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    fn admitted_by_v1(&self) {
        self.v1_uses.inc();
    }

    fn checked_ready(&self, checks: &ReadyChecks) {
        for (check, error) in checks.each() {
            self.ready.get_or_create(&CheckLabels { check }).set(i64::from(error.is_none()));
        }
    }

    fn page_looked_up(&self, is_cached: bool) {
        self.cache.looked_up(is_cached);
    }

    fn pages_cached(&self, bytes: u64) {
        self.cache.filled(bytes);
    }

    fn ended(&self, request: &EndedRequest<'_>) {
        self.in_flight.dec();
        let route = RouteLabels { route: request.route.to_owned() };
        self.database_durations.get_or_create(&route).observe(request.database.as_secs_f64());
        let labels = RequestLabels { method: request.method, route: route.route, status: Status(request.status) };
        self.requests.get_or_create(&labels).inc();
        self.durations.get_or_create(&labels).observe(request.duration.as_secs_f64());
        if let Some(code) = request.refusal {
            self.refusals.get_or_create(&ReasonLabels { reason: code.name() }).inc();
        }
    }
}
