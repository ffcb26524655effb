//! Who may ask: the access keys put together, and what holds where there are none.

use super::error::ApplicationError;
use super::master_key_file::MasterKeyFile;
use crate::settings::{Settings, SettingsError};
use annotation_statistics_api::ApiState;
use annotation_statistics_storage::{Database, PostgresKeys, PostgresNonces};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// What the guard of the interface stands on; with nothing in it, anybody may do anything.
pub(super) struct AccessKeys(Option<(PostgresKeys, PostgresNonces)>);

impl AccessKeys {
    /// As [`open_at`](Self::open_at), without keeping this thread from hearing signals: the database may stand still.
    pub(super) async fn open(settings: Settings, url: String) -> Result<(Self, Option<Database>), ApplicationError> {
        spawn_blocking(move || Self::open_at(&settings, url)).await.map_err(io::Error::other)?
    }

    /// Reads the keys; also gives the sessions of the nonces, to be measured.
    fn open_at(settings: &Settings, url: String) -> Result<(Self, Option<Database>), ApplicationError> {
        if !settings.auth.enabled {
            tracing::warn!("access keys are off (auth.enabled): anybody on this machine may do anything");
            return Ok((Self(None), None));
        }
        let master_key = MasterKeyFile::of(&settings.auth);
        // There is none before the first key; one that is there and no master key is told now.
        master_key.read_if_there()?;
        let nonces = settings.open_nonces(url.clone())?;
        let (sessions, limits) = (settings.key_sessions(url), settings.auth.keys_limits());
        let keys = PostgresKeys::start(sessions, limits, Arc::new(move || Ok(master_key.read()?)))?;
        Ok((Self(Some((keys, PostgresNonces::new(nonces.clone())))), Some(nonces)))
    }

    /// The keys, to be stopped before the database is.
    pub(super) fn keys(&self) -> Option<PostgresKeys> {
        self.0.as_ref().map(|(keys, _)| keys.clone())
    }

    /// Closes the interface to those without a key.
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
