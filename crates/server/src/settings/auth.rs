//! Settings of access keys.

use super::data_folder::data_folder;
use super::error::SettingsError;
use super::server::ServerSettings;
use super::values::{Secret, TextList, Time, non_empty};
use annotation_statistics_api::{AccessSettings, ProxyUsers, SignInSettings};
use annotation_statistics_storage::KeysLimits;
use serde::Deserialize;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

/// `[auth]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct AuthSettings {
    pub enabled: bool,
    pub window: Time,
    pub max_clock_skew: Time,
    pub v1: bool,
    pub master_key_file: PathBuf,
    pub master_key: Secret,
    pub poll_interval: Time,
    pub keys_max_age: Time,
    pub last_use_interval: Time,
    pub nonce_sessions: NonZeroU32,
    pub requests_per_key: u32,
    pub requests_per_address: u32,
    pub session_time: Time,
    pub share_time: Time,
    pub sign_ins_per_key: u32,
    pub sign_ins_per_address: u32,
    pub user_header: String,
    pub users: TextList,
}

impl AuthSettings {
    /// The file of the master key.
    pub(crate) fn master_key_file(&self) -> Result<PathBuf, SettingsError> {
        let named = non_empty(&self.master_key_file).map(Path::to_path_buf);
        named.or_else(|| Some(data_folder()?.join("master.key"))).ok_or_else(|| SettingsError::Unusable {
            key: "auth.master_key_file",
            why: "it is empty, and this user has no home folder: name a file, or set auth.master_key".into(),
        })
    }

    /// What the API needs of them.
    pub fn access(&self) -> AccessSettings {
        AccessSettings {
            window: self.window.get(),
            accepts_v1: self.v1,
            requests_per_key: NonZeroU32::new(self.requests_per_key),
            requests_per_address: NonZeroU32::new(self.requests_per_address),
        }
    }

    /// What the API needs of them for people in a browser.
    ///
    /// # Errors
    /// When users are taken from a header that every client could send, or the users or the header are invalid.
    pub(super) fn sign_in(&self, server: &ServerSettings) -> Result<SignInSettings, SettingsError> {
        Ok(SignInSettings {
            session_time: self.session_time.get(),
            share_time: self.share_time.get(),
            public_url: server.public_url()?,
            per_key: NonZeroU32::new(self.sign_ins_per_key),
            per_address: NonZeroU32::new(self.sign_ins_per_address),
            users: self.proxy_users(server)?,
        })
    }

    fn proxy_users(&self, server: &ServerSettings) -> Result<ProxyUsers, SettingsError> {
        let unusable = |why: String| SettingsError::Unusable { key: "auth.user_header", why };
        match (self.user_header.is_empty(), self.users.texts().is_empty(), server.trusted_proxies.texts().is_empty()) {
            (true, true, _) => Ok(ProxyUsers::default()),
            (true, false, _) => Err(unusable("it is empty, and auth.users has users: name the header of the proxy".into())),
            (false, _, true) => Err(unusable(
                "any client could send that header: name the proxies in server.trusted_proxies, and let them remove it \
                 from what clients send"
                    .into(),
            )),
            (false, _, false) => {
                ProxyUsers::new(&self.user_header, self.users.texts()).map_err(|error| unusable(error.to_string()))
            }
        }
    }

    /// How fresh the keys are kept.
    pub fn keys_limits(&self) -> KeysLimits {
        KeysLimits {
            poll_interval: self.poll_interval.get(),
            max_age: self.keys_max_age.get(),
            last_use_interval: self.last_use_interval.get(),
            max_clock_skew: self.max_clock_skew.get(),
        }
    }
}
