//! The thread that keeps the cached access keys fresh (ADR 26).

use crate::access_keys::cache::KeyCache;
use crate::access_keys::clock_skew::{ClockReading, SkewWatch};
use crate::access_keys::rows;
use crate::connection::Watchdog;
use crate::{ClockSkew, ConnectionSettings, DatabaseError, MasterKeySource};
use annotation_statistics_access::{KeyId, Timestamp};
use annotation_statistics_domain::BoxError;
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Text};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Where changes are announced.
pub(super) const CHANNEL: &str = "access_keys";

/// How often the connection is checked for notifications, which sends no query. libpq does not expose its socket, so
/// nothing can wait for them.
const LOOK: Duration = Duration::from_millis(250);

/// The key `$1` was used at `$2`, in milliseconds. Another server may have seen a later use.
const LAST_USE_SQL: &str = "\
UPDATE access_keys SET last_used_at = greatest(last_used_at, to_timestamp($2::double precision / 1000)) WHERE id = $1";

/// How fresh the cached keys are kept.
#[derive(Debug, Clone, Copy)]
pub struct KeysLimits {
    /// How often they are read again, even where no change is announced.
    pub poll_interval: Duration,
    /// How long cached keys are valid while the database cannot be reached.
    pub max_age: Duration,
    /// How often the last use of one key is written, at most.
    pub last_use_interval: Duration,
    /// How far the clock of this machine may be from that of the database before a warning is logged.
    pub max_clock_skew: Duration,
}

/// Why the keys cannot be read.
#[derive(Debug, thiserror::Error)]
enum UnreadableKeys {
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error("no master key: {0}")]
    NoMasterKey(BoxError),
    #[error("none of the {number} can be used: {first}")]
    NoneUsable { number: usize, first: String },
}

/// Reads the keys when a change is announced (LISTEN), and periodically in any case.
pub(super) struct KeyWatch {
    watchdog: Watchdog,
    limits: KeysLimits,
    master_key: MasterKeySource,
    cache: Arc<KeyCache>,
    skew: SkewWatch,
    connection: Option<PgConnection>,
    due: Instant,
    use_written: HashMap<KeyId, Instant>,
    /// What was logged last, so that the same is not logged with each read.
    logged: String,
}

impl KeyWatch {
    pub(super) fn new(
        watchdog: Watchdog,
        limits: KeysLimits,
        master_key: MasterKeySource,
        cache: Arc<KeyCache>,
        skew: ClockSkew,
    ) -> Self {
        let skew = SkewWatch::new(skew, limits.max_clock_skew);
        let (connection, due, logged) = (None, Instant::now(), String::new());
        Self { watchdog, limits, master_key, cache, skew, connection, due, use_written: HashMap::new(), logged }
    }

    /// Runs until the other end of the channel sends or is dropped.
    pub(super) fn run_until(mut self, stopped: &Receiver<()>) {
        while stopped.recv_timeout(self.rest()) == Err(RecvTimeoutError::Timeout) {
            self.look();
        }
    }

    /// Until the keys are due; with a connection, until it is looked at for notifications.
    fn rest(&self) -> Duration {
        let until_due = self.due.saturating_duration_since(Instant::now());
        let longest = if self.connection.is_some() { LOOK } else { self.limits.poll_interval };
        until_due.min(longest)
    }

    /// Reads the keys if they may have changed, and stores which were used.
    pub(super) fn look(&mut self) {
        if let Err(error) = self.try_to_look() {
            // Whatever the error, the next attempt has a new connection.
            self.connection = None;
            self.due = Instant::now() + self.pause_after(&error);
            let why = error.to_string();
            self.log_change(&[format!("the access keys cannot be read: {why}")]);
            self.cache.fail(why);
        }
    }

    /// A lost connection is opened again as soon as the pool's are; an error of the keys themselves will not pass as
    /// quickly.
    fn pause_after(&self, error: &UnreadableKeys) -> Duration {
        let ConnectionSettings { reconnect_interval, reconnect_max_interval, .. } = self.watchdog.settings();
        let poll_interval = self.limits.poll_interval;
        if matches!(error, UnreadableKeys::Database(DatabaseError::ConnectionLost)) {
            poll_interval.min(*reconnect_interval)
        } else if matches!(error, UnreadableKeys::Database(DatabaseError::Connecting(_))) {
            poll_interval.min(*reconnect_max_interval)
        } else {
            poll_interval
        }
    }

    fn try_to_look(&mut self) -> Result<(), UnreadableKeys> {
        if self.connection.is_none() && Instant::now() < self.due {
            return Ok(());
        }
        let is_new = self.connection.is_none();
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.open()?,
        };
        if is_new || is_change_announced(&mut connection)? || Instant::now() >= self.due {
            self.read(&mut connection)?;
        }
        self.write_uses(&mut connection)?;
        self.connection = Some(connection);
        Ok(())
    }

    fn open(&self) -> Result<PgConnection, DatabaseError> {
        let mut connection = self.watchdog.open(0)?;
        connection.batch_execute(&format!("LISTEN {CHANNEL}"))?;
        Ok(connection)
    }

    fn read(&mut self, connection: &mut PgConnection) -> Result<(), UnreadableKeys> {
        let began = ClockReading::now();
        let stored = rows::load(connection, began.micros)?;
        self.skew.note(&began, stored.ahead_micros);
        let master_key = &self.master_key;
        let opened = stored.open(|| master_key().map_err(UnreadableKeys::NoMasterKey))?;
        let (mut keys, mut errors) = (Vec::with_capacity(opened.keys.len()), Vec::new());
        for key in opened.keys {
            match key {
                Ok(key) => keys.push(key),
                Err(error) => errors.push(error),
            }
        }
        // Not an empty set, which would refuse every client: that no key can be decrypted is an error of this server.
        if let (true, Some(first)) = (keys.is_empty(), errors.first()) {
            return Err(UnreadableKeys::NoneUsable { number: errors.len(), first: first.clone() });
        }
        self.use_written.retain(|_, written| written.elapsed() < self.limits.last_use_interval);
        self.cache.replace(keys, opened.token_key, began.at);
        self.due = began.at + self.limits.poll_interval;
        self.log_change(&errors);
        Ok(())
    }

    fn write_uses(&mut self, connection: &mut PgConnection) -> Result<(), DatabaseError> {
        let written = &self.use_written;
        let interval = self.limits.last_use_interval;
        let is_due = |id: &KeyId| written.get(id).is_none_or(|written| written.elapsed() >= interval);
        for (id, used_at) in self.cache.take_used(is_due) {
            write_use(connection, &id, used_at)?;
            self.use_written.insert(id, Instant::now());
        }
        Ok(())
    }

    fn log_change(&mut self, errors: &[String]) {
        let current = errors.join("; ");
        if current != self.logged {
            if current.is_empty() {
                tracing::info!(target: "state", "the access keys can be read");
            } else {
                tracing::error!(target: "state", cause = current, "access keys cannot be used");
            }
            self.logged = current;
        }
    }
}

fn is_change_announced(connection: &mut PgConnection) -> Result<bool, DatabaseError> {
    let mut changed = false;
    for announcement in connection.notifications_iter() {
        announcement.map_err(|_| DatabaseError::ConnectionLost)?;
        changed = true;
    }
    Ok(changed)
}

fn write_use(connection: &mut PgConnection, id: &KeyId, used_at: Timestamp) -> Result<(), DatabaseError> {
    let update = diesel::sql_query(LAST_USE_SQL).bind::<Text, _>(id.as_str()).bind::<BigInt, _>(used_at.millis());
    update.execute(connection)?;
    Ok(())
}
