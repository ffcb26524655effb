//! The port of access keys on Postgres: all keys in memory, kept fresh by a thread with a session of its own.

use crate::access_keys::watch::KeyWatch;
use crate::connection::generation::Generation;
use crate::connection::watchdog::Watchdog;
use crate::maintenance::clock_skew::ClockSkew;
use crate::{MasterKey, SessionSettings};
use annotation_statistics_access::{AccessKey, KeyId, Keys, KeysUnavailable, Timestamp};
use annotation_statistics_domain::BoxError;
use std::collections::HashMap;
use std::io;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

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

/// Gives the master key when there is something to decrypt.
pub type MasterKeySource = Arc<dyn Fn() -> Result<MasterKey, BoxError> + Send + Sync>;

/// Finds access keys in memory. Cloning shares them; the thread that keeps them fresh ends with the last clone, if it is
/// not stopped before.
#[derive(Clone)]
pub struct PostgresKeys {
    directory: Arc<KeyDirectory>,
    skew: ClockSkew,
    thread: Arc<KeyThread>,
    watchdog: Watchdog,
}

/// The thread that keeps the keys fresh.
struct KeyThread {
    stop: Sender<()>,
    running: Mutex<Option<JoinHandle<()>>>,
}

/// What is known of the keys.
pub(crate) struct KeyDirectory {
    known: RwLock<Option<KnownKeys>>,
    used: Mutex<HashMap<KeyId, Timestamp>>,
    max_age: Duration,
}

struct KnownKeys {
    keys: Arc<HashMap<KeyId, Arc<AccessKey>>>,
    read_at: Instant,
}

impl PostgresKeys {
    /// Reads the keys, and starts the thread. Where the database is down it goes on all the same, and tries again.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(settings: SessionSettings, limits: KeysLimits, master_key: MasterKeySource) -> io::Result<Self> {
        let directory =
            Arc::new(KeyDirectory { known: RwLock::default(), used: Mutex::default(), max_age: limits.max_age });
        let (stop, stopped) = channel();
        let skew = ClockSkew::default();
        let watchdog = Watchdog::start(settings, Generation::default())?;
        let mut watch = KeyWatch::new(watchdog.clone(), limits, master_key, Arc::clone(&directory), skew.clone());
        watch.look();
        let running = thread::Builder::new().name("keys".into()).spawn(move || watch.run_until(&stopped))?;
        let thread = Arc::new(KeyThread { stop, running: Mutex::new(Some(running)) });
        Ok(Self { directory, skew, thread, watchdog })
    }

    /// How far the clock of this machine is from that of the database, which is measured with each look at the keys.
    pub fn clock_skew(&self) -> ClockSkew {
        self.skew.clone()
    }

    /// How many sessions were cut so far, as their answers did not come.
    pub fn sessions_cut(&self) -> u64 {
        self.watchdog.number_cut()
    }

    /// Reads no more, and waits until that is so: before a database is stopped that would be missed. What is known stays
    /// known for as long as it is good.
    pub fn stop(&self) {
        // An error means that it has ended, which is all that is wanted.
        let _ended = self.thread.stop.send(());
        let running = self.thread.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(running) = running {
            let _ended = running.join();
        }
    }
}

impl Keys for PostgresKeys {
    fn find(&self, id: &KeyId) -> Result<Option<Arc<AccessKey>>, KeysUnavailable> {
        let known = self.directory.known.read().unwrap_or_else(PoisonError::into_inner);
        match known.as_ref() {
            Some(known) if known.read_at.elapsed() <= self.directory.max_age => Ok(known.keys.get(id).cloned()),
            Some(known) => Err(KeysUnavailable(format!("last read {:?} ago", known.read_at.elapsed()).into())),
            None => Err(KeysUnavailable("they have not been read yet".into())),
        }
    }

    fn note_use(&self, id: &KeyId, now: Timestamp) {
        let mut used = self.directory.used.lock().unwrap_or_else(PoisonError::into_inner);
        match used.get_mut(id) {
            Some(last) => *last = now.max(*last),
            None => drop(used.insert(id.clone(), now)),
        }
    }
}

impl KeyDirectory {
    /// Replaces what is known by what was read from the given moment on.
    pub(crate) fn replace(&self, keys: Vec<AccessKey>, read_at: Instant) {
        let keys = Arc::new(keys.into_iter().map(|key| (key.id.clone(), Arc::new(key))).collect());
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(KnownKeys { keys, read_at });
    }

    /// Takes out the last uses of the keys for which `is_due` says so.
    pub(crate) fn take_used(&self, is_due: impl Fn(&KeyId) -> bool) -> Vec<(KeyId, Timestamp)> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.extract_if(|id, _| is_due(id)).collect()
    }
}
