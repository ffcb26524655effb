//! The service: put together, listening, and stopped in good order.

use super::access_keys::AccessKeys;
use super::admin_listener::serve_admin;
use super::background_shutdown::BackgroundShutdown;
use super::database_source::DatabaseSource;
use super::databases::Databases;
use super::error::ApplicationError;
use super::graceful_shutdown::GracefulShutdown;
use super::observers::Observers;
use super::replica::report_lag;
use super::schema::prepare_schema_or_retry;
use super::sockets::Listeners;
use crate::connection::{ServerTls, reload_signal, serve_public};
use crate::settings::Settings;
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
#[must_use = "it serves while `run_until_told` is awaited"]
pub struct Application {
    server: Server,
    draining: GracefulShutdown,
    address: SocketAddr,
    origin: String,
    admin: Server,
    admin_address: SocketAddr,
    metrics: Metrics,
    traces: Option<TraceExport>,
    home: DatabaseSource,
    repository: PostgresStatisticsRepository,
    /// What goes on beside serving, until the end.
    background: Vec<JoinHandle<()>>,
    keys: Option<PostgresKeys>,
}

impl Application {
    /// Binds, opens the database and migrates it. A database that is down is tried again in the background, and the
    /// service is not ready until then.
    ///
    /// # Errors
    /// When the service cannot work as configured.
    pub async fn build(settings: &Settings) -> Result<Self, ApplicationError> {
        let tls = settings.tls.files()?.map(|files| ServerTls::open(files, &settings.tls)).transpose()?;
        let listeners = Listeners::open(settings)?;
        let (address, admin_address) = (listeners.public.local_addr()?, listeners.admin.local_addr()?);
        let home = DatabaseSource::start(&settings.database)?;
        let migrating = prepare_schema_or_retry(settings, home.url()).await?;
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
        let draining = GracefulShutdown::new(&settings.server, state.drain(), listeners.is_inherited);
        let admin = serve_admin(&settings.server, listeners.admin, state.clone(), metrics.clone())?;
        // Not for the admin listener, which is never encrypted.
        let state = if tls.is_some() { state.with_strict_transport_security(settings.tls.hsts_days) } else { state };
        let addresses = settings.server.address_connections(metrics.refused_connections())?;
        let server =
            serve_public(&settings.server, listeners.public, tls.as_ref(), state, draining.close_idle(), addresses)?;
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
    pub fn home(&self) -> &DatabaseSource {
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
        let ending = BackgroundShutdown { traces: self.traces, keys: self.keys, home: self.home };
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

/// Whoever is told of requests.
fn observer(metrics: &Metrics, traces: Option<&TraceExport>) -> Arc<dyn Observer> {
    let mut observers: Vec<Arc<dyn Observer>> = vec![Arc::new(metrics.clone())];
    if let Some(traces) = traces {
        observers.push(Arc::new(traces.sender()));
    }
    Arc::new(Observers(observers))
}
