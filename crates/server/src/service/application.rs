//! The service: put together, listening, and stopped in good order.

use crate::Metrics;
use crate::cli::version::VERSION;
use crate::connection::tls::{self, ServerTls, TlsError};
use crate::service::access::AccessKeys;
use crate::service::admin;
use crate::service::database_source::Home;
use crate::service::databases::Databases;
use crate::service::graceful_shutdown::Draining;
use crate::service::listeners::Listeners;
use crate::service::observers::Observers;
use crate::service::public;
use crate::service::replica::tell_lag;
use crate::service::schema;
use crate::service::shutdown::Ending;
use crate::settings::{Settings, SettingsError};
use crate::telemetry::trace_export::TraceExport;
use actix_web::dev::Server;
use annotation_statistics_api::{ApiState, Observer};
use annotation_statistics_storage::{MigrationError, PostgresKeys, PostgresStatisticsRepository, ReplicaLag};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// The service, listening but not yet serving.
#[must_use = "it serves while `run_until_told` is awaited"]
pub struct Application {
    server: Server,
    draining: Draining,
    address: SocketAddr,
    origin: String,
    admin: Server,
    admin_address: SocketAddr,
    metrics: Metrics,
    traces: Option<TraceExport>,
    home: Home,
    repository: PostgresStatisticsRepository,
    /// What goes on beside serving, until the end.
    background: Vec<JoinHandle<()>>,
    keys: Option<PostgresKeys>,
}

/// Why the service did not start, or did not stop in good order.
#[derive(Debug, thiserror::Error)]
pub enum ApplicationError {
    /// A setting cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The private database failed.
    #[error(transparent)]
    Cluster(#[from] embedded_postgres::Error),
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address} ({setting}): {source}; is another program using it?")]
    Bind {
        /// The configured address.
        address: SocketAddr,
        /// The setting that has it.
        setting: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The certificate cannot be shown.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The server failed.
    #[error("the server failed: {0}")]
    Server(#[from] std::io::Error),
}

impl Application {
    /// Binds, opens the database and migrates it. A database that is down is tried again in the background, and the
    /// service is not ready until then.
    ///
    /// # Errors
    /// When the service cannot work as configured.
    pub async fn build(settings: &Settings) -> Result<Self, ApplicationError> {
        let tls = ServerTls::open(&settings.tls)?;
        let listeners = Listeners::open(settings)?;
        let (address, admin_address) = (listeners.public.local_addr()?, listeners.admin.local_addr()?);
        let home = Home::start(&settings.database)?;
        let migrating = schema::prepare_or_retry(settings, home.url()).await?;
        let databases = Databases::open(settings, &home)?;
        let (access_keys, nonces) = AccessKeys::open(settings.clone(), home.url()).await?;
        let metrics = Metrics::new(databases.pools(nonces), access_keys.keys());
        let traces = TraceExport::start(&settings.telemetry, metrics.spans())?;
        let state = ApiState::new(databases.ports(&metrics), settings.api_settings()?);
        let state = databases.with_primary(state).with_observer(observer(&metrics, traces.as_ref()));
        let (keys, origin) = (access_keys.keys(), origin_at(address, tls.is_some()));
        let state = access_keys.guard(state, settings).with_origin(&origin);
        let state = state.with_shared_readiness(settings.admin.ready_shared.get()).with_version(&VERSION);
        let watching = watch(&state, &databases, &metrics, settings.admin.ready_interval.get());
        let draining = Draining::new(&settings.server, state.drain(), listeners.is_inherited);
        let admin = admin::serve(&settings.server, listeners.admin, state.clone(), metrics.clone())?;
        // Not for the admin listener, which is never encrypted.
        let state = if tls.is_some() { state.with_strict_transport_security(settings.tls.hsts_days) } else { state };
        let addresses = settings.server.address_connections(metrics.refused_connections())?;
        let server =
            public::serve(&settings.server, listeners.public, tls.as_ref(), state, draining.let_go(), addresses)?;
        tracing::info!(%address, %admin_address, tls = tls.is_some(), "listening");
        let background = background(watching.into_iter().chain(migrating), tls, &metrics)?;
        Ok(Self {
            server,
            draining,
            address,
            origin,
            admin,
            admin_address,
            metrics,
            traces,
            home,
            repository: databases.repository(),
            background,
            keys,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How a client's URLs start, such as `http://127.0.0.1:8080`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Where it tells those who run it about health and metrics.
    pub fn admin_address(&self) -> SocketAddr {
        self.admin_address
    }

    /// What it counts.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// What it answers from.
    pub fn repository(&self) -> &PostgresStatisticsRepository {
        &self.repository
    }

    /// Where its data lives.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Serves until told to stop, lets the clients go and the requests under way finish, then stops the private database.
    /// Told a second time, it waits for nobody. What waits for a database that stands still is waited for no longer than
    /// for the requests.
    ///
    /// # Errors
    /// When the server fails or the private database does not stop.
    pub async fn run_until_told(self, mut told: impl AsyncFnMut()) -> Result<(), ApplicationError> {
        let admin = self.admin.handle();
        let observed = actix_web::rt::spawn(self.admin);
        let until = self.draining.serve(self.server, &mut told).await?;
        // Last, so that one can see it drain.
        admin.stop(false).await;
        drop(observed.await);
        self.background.iter().for_each(JoinHandle::abort);
        drop(self.repository);
        let ending = Ending { traces: self.traces, keys: self.keys, home: self.home };
        ending.run(until, told).await?;
        tracing::info!("stopped");
        Ok(())
    }
}

fn origin_at(address: SocketAddr, is_encrypted: bool) -> String {
    format!("{}://{address}", if is_encrypted { "https" } else { "http" })
}

/// Looks at what the metrics tell without a request.
fn watch(state: &ApiState, databases: &Databases, metrics: &Metrics, interval: Duration) -> [JoinHandle<()>; 2] {
    let primary = watch_primary(state.clone(), databases.lag(), metrics.clone(), interval);
    [actix_web::rt::spawn(watch_readiness(state.clone(), interval)), actix_web::rt::spawn(primary)]
}

/// Looks whether requests would be answered, so that the metrics know it without a request.
async fn watch_readiness(state: ApiState, interval: Duration) {
    loop {
        tokio::time::sleep(interval).await;
        state.check_ready().await;
    }
}

/// Looks whether changes would be made, and how far a replica is behind; by itself, as that may take its time.
async fn watch_primary(state: ApiState, lag: Option<ReplicaLag>, metrics: Metrics, interval: Duration) {
    loop {
        tokio::time::sleep(interval).await;
        state.check_writes().await;
        if let Some(lag) = &lag {
            tell_lag(lag, &metrics).await;
        }
    }
}

fn background(
    running: impl IntoIterator<Item = JoinHandle<()>>,
    tls: Option<ServerTls>,
    metrics: &Metrics,
) -> std::io::Result<Vec<JoinHandle<()>>> {
    let mut background: Vec<_> = running.into_iter().collect();
    if let Some(tls) = tls {
        background.push(tokio::spawn(tls.keep_current(tls::hang_up()?, metrics.clone())));
    }
    Ok(background)
}

/// Whoever is told of requests.
fn observer(metrics: &Metrics, traces: Option<&TraceExport>) -> Arc<dyn Observer> {
    let mut observers: Vec<Arc<dyn Observer>> = vec![Arc::new(metrics.clone())];
    if let Some(traces) = traces {
        observers.push(Arc::new(traces.sender()));
    }
    Arc::new(Observers(observers))
}
