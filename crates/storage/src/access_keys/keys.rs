//! The port of access keys on Postgres: all keys in memory, kept fresh by a thread with a connection of its own (ADR 26).

use crate::access_keys::cache::KeyCache;
use crate::access_keys::watch::{KeyWatch, KeysLimits};
use crate::connection::{Generation, Watchdog};
use crate::{ClockSkew, ConnectionSettings, MasterKeySource};
use annotation_statistics_access::{AccessKey, KeyId, Keys, KeysUnavailable, Timestamp, TokenKey};
use std::io;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// Finds access keys in memory. Cloning shares them; the thread that keeps them fresh ends with the last clone, if it is
/// not stopped before.
#[derive(Clone)]
pub struct PostgresKeys {
    cache: Arc<KeyCache>,
    skew: ClockSkew,
    thread: Arc<KeyThread>,
    watchdog: Watchdog,
}

/// The thread that keeps the keys fresh.
struct KeyThread {
    stop: Sender<()>,
    running: Mutex<Option<JoinHandle<()>>>,
}

impl PostgresKeys {
    /// Reads the keys, and starts the thread. While the database is down, it keeps trying.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(settings: ConnectionSettings, limits: KeysLimits, master_key: MasterKeySource) -> io::Result<Self> {
        let cache = Arc::new(KeyCache::new(limits.max_age));
        let (stop, stopped) = channel();
        let skew = ClockSkew::default();
        let watchdog = Watchdog::start(settings, Generation::default())?;
        let mut watch = KeyWatch::new(watchdog.clone(), limits, master_key, Arc::clone(&cache), skew.clone());
        watch.look();
        let running = thread::Builder::new().name("keys".into()).spawn(move || watch.run_until(&stopped))?;
        let thread = Arc::new(KeyThread { stop, running: Mutex::new(Some(running)) });
        Ok(Self { cache, skew, thread, watchdog })
    }

    /// How far the clock of this machine is from that of the database, which is measured each time that the keys are read.
    pub fn clock_skew(&self) -> ClockSkew {
        self.skew.clone()
    }

    /// How many connections were cut so far, as they got no response.
    pub fn connections_cut(&self) -> u64 {
        self.watchdog.number_cut()
    }

    /// Graceful shutdown: stops reading, and waits for the thread to end, before its database is stopped. Cached keys
    /// stay valid for their maximum age.
    pub fn stop(&self) {
        // An error means that the thread has ended already.
        let _ended = self.thread.stop.send(());
        let running = self.thread.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(running) = running {
            let _ended = running.join();
        }
    }
}

impl Keys for PostgresKeys {
    fn find(&self, id: &KeyId) -> Result<Option<Arc<AccessKey>>, KeysUnavailable> {
        self.cache.find(id)
    }

    fn token_key(&self) -> Result<Arc<TokenKey>, KeysUnavailable> {
        self.cache.token_key()
    }

    fn note_use(&self, id: &KeyId, now: Timestamp) {
        self.cache.note_use(id, now);
    }
}
