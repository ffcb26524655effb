//! Access keys, assembled from the settings; without them, only this machine may reach the service.

use super::error::ApplicationError;
use super::master_key_file::MasterKeyFile;
use crate::settings::{Settings, SettingsError};
use annotation_statistics_api::ApiState;
use annotation_statistics_storage::{Database, PostgresKeys, PostgresNonces};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// The keys and nonces that the API checks requests with; `None` where access keys are off.
pub(super) struct AccessKeys(Option<(PostgresKeys, PostgresNonces)>);

impl AccessKeys {
    /// As [`open_at`](Self::open_at), on a thread of its own: the database may hang, and signals must be handled meanwhile.
    pub(super) async fn open(settings: Settings, url: String) -> Result<(Self, Option<Database>), ApplicationError> {
        spawn_blocking(move || Self::open_at(&settings, url)).await.map_err(io::Error::other)?
    }

    /// Reads the keys; also returns the connection pool of the nonces, for its metrics.
    fn open_at(settings: &Settings, url: String) -> Result<(Self, Option<Database>), ApplicationError> {
        if !settings.auth.enabled {
            tracing::warn!("access keys are off (auth.enabled): every client on this machine may do anything");
            return Ok((Self(None), None));
        }
        let master_key = MasterKeyFile::of(&settings.auth);
        // There is no file before the first key is added; one that holds something else is reported now.
        master_key.read_if_there()?;
        let nonces = settings.open_nonces(url.clone())?;
        let (connections, limits) = (settings.key_connections(url), settings.auth.keys_limits());
        let keys = PostgresKeys::start(connections, limits, Arc::new(move || Ok(master_key.read()?)))?;
        Ok((Self(Some((keys, PostgresNonces::new(nonces.clone())))), Some(nonces)))
    }

    /// The keys, which are stopped before the database is.
    pub(super) fn keys(&self) -> Option<PostgresKeys> {
        self.0.as_ref().map(|(keys, _)| keys.clone())
    }

    /// Requires access keys of the clients of the API.
    pub(super) fn guard(self, state: ApiState, settings: &Settings) -> ApiState {
        let Some((keys, nonces)) = self.0 else { return state };
        state.with_access_keys(Arc::new(keys), Arc::new(nonces), settings.auth.access())
    }
}

/// Without access keys only this machine may reach the service.
pub(super) fn check_exposure(settings: &Settings, address: SocketAddr) -> Result<(), SettingsError> {
    if settings.auth.enabled || address.ip().to_canonical().is_loopback() {
        return Ok(());
    }
    let why = format!(
        "it is false, and {address} can be reached from other machines; set it to true and make a key with \
         `annotation-statistics keys add`, or listen on 127.0.0.1 (server.bind, admin.bind, or the socket of the supervisor)"
    );
    Err(SettingsError::Unusable { key: "auth.enabled", why })
}
