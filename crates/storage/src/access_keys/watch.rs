//! Keeps the known access keys fresh.

use crate::access_keys::clock_skew::SkewWatch;
use crate::access_keys::key_cache::KeyCache;
use crate::access_keys::rows;
use crate::connection::Watchdog;
use crate::{ClockSkew, MasterKeySource, SessionError, SessionSettings};
use annotation_statistics_access::{KeyId, Timestamp};
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

/// How often it is looked whether a change was announced; that asks the server nothing.
const LOOK: Duration = Duration::from_millis(50);

/// The key `$1` was used at `$2`, in milliseconds. Another server may have seen a later use.
const LAST_USE_SQL: &str = "\
UPDATE access_keys SET last_used_at = greatest(last_used_at, to_timestamp($2::double precision / 1000)) WHERE id = $1";

/// How fresh the keys are kept.
#[derive(Debug, Clone, Copy)]
pub struct KeysLimits {
    /// How often they are read again, even where no change is announced.
    pub poll_interval: Duration,
    /// How long those that are known are good while the database cannot be reached.
    pub max_age: Duration,
    /// How often the last use of one key is written, at most.
    pub last_use_interval: Duration,
    /// How far the clock of this machine may be from that of the database before that is warned of.
    pub max_clock_skew: Duration,
}

/// Reads the keys when a change is announced, and now and then in any case.
pub(super) struct KeyWatch {
    watchdog: Watchdog,
    limits: KeysLimits,
    master_key: MasterKeySource,
    cache: Arc<KeyCache>,
    skew: SkewWatch,
    connection: Option<PgConnection>,
    due: Instant,
    use_written: HashMap<KeyId, Instant>,
    /// What was said last, so that the same is not said twice a second.
    told: String,
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
        let (connection, due, told) = (None, Instant::now(), String::new());
        Self { watchdog, limits, master_key, cache, skew, connection, due, use_written: HashMap::new(), told }
    }

    /// Looks until the other end is dropped.
    pub(super) fn run_until(mut self, stopped: &Receiver<()>) {
        while stopped.recv_timeout(LOOK.min(self.limits.poll_interval)) == Err(RecvTimeoutError::Timeout) {
            self.look();
        }
    }

    /// Reads the keys if there may be news, and writes down which were used.
    pub(super) fn look(&mut self) {
        if let Err(error) = self.try_to_look() {
            // Whatever it is, the next try has a connection of its own.
            self.connection = None;
            self.due = Instant::now() + self.pause_after(&error);
            self.tell(&[format!("the access keys cannot be read: {error}")]);
        }
    }

    /// A connection that was lost is opened again as soon as others are; what is wrong with the keys stays so for a while.
    fn pause_after(&self, error: &SessionError) -> Duration {
        let SessionSettings { reconnect_interval, reconnect_max_interval, .. } = self.watchdog.settings();
        let poll_interval = self.limits.poll_interval;
        if matches!(error, SessionError::ConnectionLost) {
            poll_interval.min(*reconnect_interval)
        } else if matches!(error, SessionError::Connecting(_)) {
            poll_interval.min(*reconnect_max_interval)
        } else {
            poll_interval
        }
    }

    fn try_to_look(&mut self) -> Result<(), SessionError> {
        if self.connection.is_none() && Instant::now() < self.due {
            return Ok(());
        }
        let is_new = self.connection.is_none();
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.open()?,
        };
        if is_new || was_told_of_a_change(&mut connection)? || Instant::now() >= self.due {
            self.read(&mut connection)?;
        }
        self.write_uses(&mut connection)?;
        self.connection = Some(connection);
        Ok(())
    }

    fn open(&self) -> Result<PgConnection, SessionError> {
        let mut connection = self.watchdog.open(0)?;
        connection.batch_execute(&format!("LISTEN {CHANNEL}"))?;
        Ok(connection)
    }

    fn read(&mut self, connection: &mut PgConnection) -> Result<(), SessionError> {
        let read_at = Instant::now();
        let master_key = &self.master_key;
        let unreadable = |error| SessionError::Refused(format!("no master key: {error}"));
        let found = rows::load(connection, || master_key().map_err(unreadable))?;
        let (mut keys, mut errors) = (Vec::with_capacity(found.len()), Vec::new());
        for key in found {
            match key {
                Ok(key) => keys.push(key),
                Err(error) => errors.push(error),
            }
        }
        // Not that nobody has a key, which would refuse each for good: this server cannot tell.
        if let (true, Some(error)) = (keys.is_empty(), errors.first()) {
            return Err(SessionError::Refused(format!("none of the {} can be used: {error}", errors.len())));
        }
        self.use_written.retain(|_, written| written.elapsed() < self.limits.last_use_interval);
        self.cache.replace(keys, read_at);
        self.due = read_at + self.limits.poll_interval;
        self.tell(&errors);
        self.skew.look(connection)
    }

    fn write_uses(&mut self, connection: &mut PgConnection) -> Result<(), SessionError> {
        let written = &self.use_written;
        let interval = self.limits.last_use_interval;
        let is_due = |id: &KeyId| written.get(id).is_none_or(|written| written.elapsed() >= interval);
        for (id, moment) in self.cache.take_used(is_due) {
            write_use(connection, &id, moment)?;
            self.use_written.insert(id, Instant::now());
        }
        Ok(())
    }

    fn tell(&mut self, errors: &[String]) {
        let said = errors.join("; ");
        if said != self.told {
            if said.is_empty() {
                tracing::info!(target: "state", "the access keys can be read");
            } else {
                tracing::error!(target: "state", cause = said, "access keys cannot be used");
            }
            self.told = said;
        }
    }
}

fn was_told_of_a_change(connection: &mut PgConnection) -> Result<bool, SessionError> {
    let mut changed = false;
    for announcement in connection.notifications_iter() {
        announcement.map_err(|_| SessionError::ConnectionLost)?;
        changed = true;
    }
    Ok(changed)
}

fn write_use(connection: &mut PgConnection, id: &KeyId, moment: Timestamp) -> Result<(), SessionError> {
    let update = diesel::sql_query(LAST_USE_SQL).bind::<Text, _>(id.as_str()).bind::<BigInt, _>(moment.millis());
    update.execute(connection)?;
    Ok(())
}
