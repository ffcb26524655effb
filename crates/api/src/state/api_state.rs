//! The state of the application.

use crate::auth::{AccessGuard, SignInLimits};
use crate::http::{BodyMemory, Caller};
use crate::response::AccessError;
use crate::state::readiness::Readiness;
use crate::state::signing::SigningSource;
use crate::statistics::PageCache;
use crate::{AccessSettings, ApiSettings, Clock, Observer, Ports, PrimaryPorts, RequestIds, ShutdownSignal, Stopwatch};
use actix_web::http::header::HeaderValue;
use actix_web::web::Bytes;
use annotation_statistics_access::{Keys, Nonces};
use annotation_statistics_domain::AnnotationRequestIds;
use governor::clock::DefaultClock;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How many times the memory of a body its rows may take: those with many short keys do.
pub const ROWS_OF_A_BODY: usize = 8;

/// What all workers share: ports, settings, clocks, the source of request ids, and the observer. Cheap to clone.
#[derive(Clone)]
pub struct ApiState {
    pub(crate) ports: Ports,
    /// The ports of the primary, where the others read from a replica.
    pub(crate) primary: Option<PrimaryPorts>,
    /// What statements are signed with.
    pub(crate) signing: SigningSource,
    pub(crate) settings: Arc<ApiSettings>,
    pub(crate) body_memory: BodyMemory,
    /// The memory of sheets, which are larger than other bodies and may be sent by those who only read.
    pub(crate) sheet_memory: BodyMemory,
    /// A permit for each sheet that may be compared at the same time.
    pub(crate) comparisons: Arc<Semaphore>,
    /// A permit for each statement that may be made at the same time.
    pub(crate) statement_makers: Arc<Semaphore>,
    /// A permit for each reader of all rows of statements.
    pub(crate) statement_readers: Arc<Semaphore>,
    pub(crate) pages: PageCache,
    pub(crate) clock: Clock,
    pub(crate) stopwatch: Stopwatch,
    pub(crate) request_ids: RequestIds,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) shutdown: ShutdownSignal,
    /// The origin of URLs for a client that sends no `Host`.
    pub(crate) origin: Arc<str>,
    /// The version of the program.
    pub(crate) version: Option<Arc<str>>,
    /// The value of `Strict-Transport-Security`.
    pub(crate) transport_security: Option<HeaderValue>,
    /// The `OpenAPI` document, once it was requested.
    pub(crate) document: Arc<OnceLock<Bytes>>,
    pub(crate) readiness: Arc<Readiness>,
    pub(crate) sign_ins: Arc<SignInLimits>,
    /// Without a guard, every client has full access.
    pub(crate) guard: Option<Arc<AccessGuard>>,
}

impl ApiState {
    /// With the clocks of the machine, random request ids, no observer and no access keys.
    pub fn new(ports: Ports, settings: ApiSettings) -> Self {
        Self {
            ports,
            primary: None,
            signing: SigningSource::default(),
            body_memory: BodyMemory::new(
                settings.max_bodies,
                settings.max_bodies_per_key,
                settings.max_body.saturating_mul(ROWS_OF_A_BODY),
            ),
            sheet_memory: BodyMemory::new(
                settings.reconciliation.max_body.saturating_mul(settings.reconciliation.max_concurrent.get()),
                settings.reconciliation.max_body,
                0,
            ),
            comparisons: Arc::new(Semaphore::new(settings.reconciliation.max_concurrent.get())),
            statement_makers: Arc::new(Semaphore::new(settings.statements.max_concurrent.get())),
            statement_readers: Arc::new(Semaphore::new(settings.max_statement_exports.get())),
            pages: PageCache::new(settings.max_cached),
            sign_ins: Arc::new(SignInLimits::new(
                settings.sign_in.per_key,
                settings.sign_in.per_address,
                &DefaultClock::default(),
            )),
            settings: Arc::new(settings),
            clock: Clock::system(),
            stopwatch: Stopwatch::monotonic(),
            request_ids: RequestIds::random(),
            observer: Arc::new(()),
            shutdown: ShutdownSignal::default(),
            origin: "http://127.0.0.1:8080".into(),
            version: None,
            transport_security: None,
            document: Arc::default(),
            readiness: Arc::default(),
            guard: None,
        }
    }

    /// With access keys, which all resources need but health and documentation.
    #[must_use]
    pub fn with_access_keys(self, keys: Arc<dyn Keys>, nonces: Arc<dyn Nonces>, settings: AccessSettings) -> Self {
        Self { guard: Some(Arc::new(AccessGuard::new(keys, nonces, settings))), ..self }
    }

    /// With the ports of the primary, where the others read from a replica.
    #[must_use]
    pub fn with_primary(self, primary: PrimaryPorts) -> Self {
        Self { primary: Some(primary), ..self }
    }

    /// With what statements are signed with.
    #[must_use]
    pub fn with_signing(self, signing: SigningSource) -> Self {
        Self { signing, ..self }
    }

    /// Counts the ids of a query against the rate limit of the caller.
    pub(crate) fn count_ids(&self, caller: &Caller, requests: &AnnotationRequestIds) -> Result<(), AccessError> {
        let ids = requests.as_slice().len();
        self.guard.as_ref().map_or(Ok(()), |guard| guard.count_ids(caller, ids))
    }

    /// What begins a graceful shutdown.
    pub fn shutdown_signal(&self) -> ShutdownSignal {
        self.shutdown.clone()
    }

    /// With an observer.
    #[must_use]
    pub fn with_observer(self, observer: Arc<dyn Observer>) -> Self {
        Self { observer, ..self }
    }

    /// With the origin that the service listens at, such as `https://127.0.0.1:8080`.
    #[must_use]
    pub fn with_origin(self, origin: &str) -> Self {
        Self { origin: origin.into(), ..self }
    }

    /// With a version, such as `1.2.3+83a5811`, for the admin listener.
    #[must_use]
    pub fn with_version(self, version: &str) -> Self {
        Self { version: Some(version.into()), ..self }
    }

    /// With readiness checks whose results are shared for so long; without this, each is made again.
    #[must_use]
    pub fn with_shared_readiness(self, shared: Duration) -> Self {
        Self { readiness: Arc::new(Readiness::shared_for(shared)), ..self }
    }

    /// With `Strict-Transport-Security` for so many days; 0 revokes it.
    #[must_use]
    pub fn with_strict_transport_security(self, days: u32) -> Self {
        let max_age = HeaderValue::try_from(format!("max-age={}", u64::from(days) * 86_400));
        Self { transport_security: max_age.ok(), ..self }
    }

    /// With another stopwatch.
    #[must_use]
    pub fn with_stopwatch(self, stopwatch: Stopwatch) -> Self {
        Self { stopwatch, ..self }
    }

    /// With another clock.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// With another source of request ids.
    #[must_use]
    pub fn with_request_ids(self, request_ids: RequestIds) -> Self {
        Self { request_ids, ..self }
    }
}

impl fmt::Debug for ApiState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ApiState").field("settings", &self.settings).finish_non_exhaustive()
    }
}
