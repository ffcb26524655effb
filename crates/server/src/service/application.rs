//! The service, assembled: listening, serving, and shut down gracefully.

use super::access_keys::AccessKeys;
use super::admin_listener::serve_admin;
use super::background_shutdown::BackgroundShutdown;
use super::database_schema::prepare_schema_or_retry;
use super::database_source::DatabaseSource;
use super::databases::Databases;
use super::error::ApplicationError;
use super::graceful_shutdown::GracefulShutdown;
use super::observers::Observers;
use super::replica::report_lag;
use super::signing_key::signing_source;
use super::sockets::Listeners;
use crate::connection::{PublicListener, ServerTls, reload_signal, serve_public};
use crate::settings::{Settings, SettingsError};
use crate::telemetry::{Metrics, TraceExport};
use crate::version::VERSION;
use actix_web::dev::Server;
use annotation_statistics_api::{ApiState, Observer};
use annotation_statistics_storage::{PostgresKeys, PostgresStatisticsRepository, ReplicaLag};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// The service, listening but not yet serving.
#[must_use = "it serves while `run_until_stopped` is awaited"]
pub struct Application {
    server: Server,
    graceful_shutdown: GracefulShutdown,
    address: SocketAddr,
    origin: String,
    admin: Server,
    admin_address: SocketAddr,
    metrics: Metrics,
    traces: Option<TraceExport>,
    database_source: DatabaseSource,
    repository: PostgresStatisticsRepository,
    /// Tasks that run until the end.
    background: Vec<JoinHandle<()>>,
    keys: Option<PostgresKeys>,
}

impl Application {
    /// Binds, opens the database and migrates it. A database that is down is retried in the background, and the service is
    /// not ready until then.
    ///
    /// # Errors
    /// When the service cannot work as configured.
    pub async fn build(settings: &Settings) -> Result<Self, ApplicationError> {
        let tls = settings.tls.files()?.map(|files| ServerTls::open(files, &settings.tls)).transpose()?;
        let listeners = Listeners::open(settings)?;
        let (address, admin_address) = (listeners.public.local_addr()?, listeners.admin.local_addr()?);
        let database_source = DatabaseSource::start(settings)?;
        let migrating = prepare_schema_or_retry(settings, database_source.url()).await?;
        let databases = Databases::open(settings, &database_source)?;
        let (access_keys, nonces) = AccessKeys::open(settings.clone(), database_source.url()).await?;
        let metrics = Metrics::new(databases.pools(nonces), access_keys.keys(), databases.packing_failures());
        let traces = TraceExport::start(&settings.telemetry, metrics.spans())?;
        let keys = access_keys.keys();
        let origin = origin_at(address, tls.is_some());
        let state = api_state(settings, &databases, &metrics, traces.as_ref())?;
        let state = access_keys.guard(state.with_origin(&origin), settings);
        let watching = watch(&state, &databases, &metrics, settings.admin.ready_interval.get());
        let signal = state.shutdown_signal();
        let graceful_shutdown = GracefulShutdown::new(&settings.server, signal, listeners.is_inherited);
        let admin = serve_admin(&settings.server, listeners.admin, state.clone(), metrics.clone())?;
        let addresses = settings.server.address_connections(metrics.refused_connections())?;
        let close_idle = graceful_shutdown.close_idle();
        let listener = PublicListener { socket: listeners.public, close_idle, addresses };
        let server = serve_public(&settings.server, listener, tls.as_ref(), with_hsts(state, settings, tls.is_some()))?;
        tracing::info!(%address, %admin_address, tls = tls.is_some(), "listening");
        let background = background(watching.into_iter().chain(migrating), tls, &metrics)?;
        Ok(Self {
            server,
            graceful_shutdown,
            address,
            origin,
            admin,
            admin_address,
            metrics,
            traces,
            database_source,
            repository: databases.repository(),
            background,
            keys,
        })
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The origin of its URLs, such as `http://127.0.0.1:8080`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The address of the admin listener.
    pub fn admin_address(&self) -> SocketAddr {
        self.admin_address
    }

    /// Its metrics.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The repository that it reads from.
    pub fn repository(&self) -> &PostgresStatisticsRepository {
        &self.repository
    }

    /// Its database.
    pub fn database_source(&self) -> &DatabaseSource {
        &self.database_source
    }

    /// Serves until the stop signal, shuts down gracefully, then stops the private database. After a second signal it
    /// waits for nothing. Work that waits for a database that hangs is given no more time than the requests.
    ///
    /// # Errors
    /// When the server fails or the private database does not stop.
    pub async fn run_until_stopped(self, mut stop_signal: impl AsyncFnMut()) -> Result<(), ApplicationError> {
        let admin = self.admin.handle();
        let observed = actix_web::rt::spawn(self.admin);
        let deadline = self.graceful_shutdown.serve(self.server, &mut stop_signal).await?;
        // Last, so that the metrics show the shutdown.
        admin.stop(false).await;
        drop(observed.await);
        self.background.iter().for_each(JoinHandle::abort);
        drop(self.repository);
        let shutdown =
            BackgroundShutdown { traces: self.traces, keys: self.keys, database_source: self.database_source };
        shutdown.run(deadline, stop_signal).await?;
        tracing::info!("stopped");
        Ok(())
    }
}

fn origin_at(address: SocketAddr, is_encrypted: bool) -> String {
    format!("{}://{address}", if is_encrypted { "https" } else { "http" })
}

fn api_state(
    settings: &Settings,
    databases: &Databases,
    metrics: &Metrics,
    traces: Option<&TraceExport>,
) -> Result<ApiState, SettingsError> {
    let state = databases.with_primary(ApiState::new(databases.ports(metrics), settings.api_settings()?));
    let state = state.with_signing(signing_source(&settings.statements));
    let state = state.with_observer(observer(metrics, traces)).with_version(&VERSION);
    Ok(state.with_shared_readiness(settings.admin.ready_shared.get()))
}

/// Not for the admin listener, which is never encrypted.
fn with_hsts(state: ApiState, settings: &Settings, is_encrypted: bool) -> ApiState {
    if is_encrypted { state.with_strict_transport_security(settings.tls.hsts_days) } else { state }
}

/// Keeps the metrics current that no request updates.
fn watch(state: &ApiState, databases: &Databases, metrics: &Metrics, interval: Duration) -> [JoinHandle<()>; 2] {
    let primary = watch_primary(state.clone(), databases.lag(), metrics.clone(), interval);
    [actix_web::rt::spawn(watch_readiness(state.clone(), interval)), actix_web::rt::spawn(primary)]
}

/// Checks the readiness, for the metrics.
async fn watch_readiness(state: ApiState, interval: Duration) {
    loop {
        tokio::time::sleep(interval).await;
        state.check_ready().await;
    }
}

/// Checks whether writes are possible, and the lag of a replica; apart from the readiness, as it may take long.
async fn watch_primary(state: ApiState, lag: Option<ReplicaLag>, metrics: Metrics, interval: Duration) {
    loop {
        tokio::time::sleep(interval).await;
        state.check_writes().await;
        if let Some(lag) = &lag {
            report_lag(lag, &metrics).await;
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
        background.push(tokio::spawn(tls.keep_current(reload_signal()?, metrics.clone())));
    }
    Ok(background)
}

/// The observers of requests.
fn observer(metrics: &Metrics, traces: Option<&TraceExport>) -> Arc<dyn Observer> {
    let mut observers: Vec<Arc<dyn Observer>> = vec![Arc::new(metrics.clone())];
    if let Some(traces) = traces {
        observers.push(Arc::new(traces.sender()));
    }
    Arc::new(Observers(observers))
}
