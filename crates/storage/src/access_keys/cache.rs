//! The access keys in memory, and how fresh they are.

use annotation_statistics_access::{AccessKey, KeyId, KeysUnavailable, Timestamp, TokenKey};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// All keys as they were last read, and which of them were used since.
pub(super) struct KeyCache {
    known: RwLock<Option<KnownKeys>>,
    /// Why they could not be read again since.
    unreadable: Mutex<Option<String>>,
    used: Mutex<HashMap<KeyId, Timestamp>>,
    max_age: Duration,
}

struct KnownKeys {
    keys: Arc<HashMap<KeyId, Arc<AccessKey>>>,
    token_key: Arc<TokenKey>,
    read_at: Instant,
}

impl KeyCache {
    /// An empty one, whose keys are good for `max_age` after they were read.
    pub(super) fn new(max_age: Duration) -> Self {
        Self { known: RwLock::default(), unreadable: Mutex::default(), used: Mutex::default(), max_age }
    }

    pub(super) fn find(&self, id: &KeyId) -> Result<Option<Arc<AccessKey>>, KeysUnavailable> {
        self.look_up(|known| known.keys.get(id).cloned())
    }

    pub(super) fn token_key(&self) -> Result<Arc<TokenKey>, KeysUnavailable> {
        self.look_up(|known| Arc::clone(&known.token_key))
    }

    fn look_up<T>(&self, find: impl Fn(&KnownKeys) -> T) -> Result<T, KeysUnavailable> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        match known.as_ref() {
            Some(known) if known.read_at.elapsed() <= self.max_age => Ok(find(known)),
            Some(known) => Err(self.unavailable(&format!("last read {:?} ago", known.read_at.elapsed()))),
            None => Err(self.unavailable("they have not been read yet")),
        }
    }

    fn unavailable(&self, since: &str) -> KeysUnavailable {
        let why = self.unreadable.lock().unwrap_or_else(PoisonError::into_inner);
        KeysUnavailable(why.as_ref().map_or_else(|| since.to_owned(), |why| format!("{since}: {why}")).into())
    }

    /// They could not be read.
    pub(super) fn fail(&self, why: String) {
        *self.unreadable.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
    }

    pub(super) fn note_use(&self, id: &KeyId, now: Timestamp) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        match used.get_mut(id) {
            Some(last) => *last = now.max(*last),
            None => drop(used.insert(id.clone(), now)),
        }
    }

    /// Replaces all keys by those of a read that began at `read_at`. Without keys there may be no master key, and so no
    /// token key: the one before stays, or a random one, as no token can be valid.
    pub(super) fn replace(&self, keys: Vec<AccessKey>, token_key: Option<TokenKey>, read_at: Instant) {
        let keys = Arc::new(keys.into_iter().map(|key| (key.id.clone(), Arc::new(key))).collect());
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let before = known.take().map(|known| known.token_key);
        let token_key = token_key.map(Arc::new).or(before);
        let token_key = token_key.unwrap_or_else(|| Arc::new(TokenKey::derive(&rand::random())));
        *known = Some(KnownKeys { keys, token_key, read_at });
        drop(known);
        *self.unreadable.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Takes out the last uses of the keys for which `is_due` says so.
    pub(super) fn take_used(&self, is_due: impl Fn(&KeyId) -> bool) -> Vec<(KeyId, Timestamp)> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.extract_if(|id, _| is_due(id)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use annotation_statistics_domain::ErrorChain;

    #[test]
    fn keys_that_cannot_be_had_say_since_when_and_why() {
        let id = KeyId::new("ak-1").unwrap();
        let cache = KeyCache::new(Duration::ZERO);
        let why = |cache: &KeyCache| ErrorChain(&cache.find(&id).unwrap_err()).to_string();
        assert_eq!(why(&cache), "the access keys cannot be reached: they have not been read yet");
        cache.fail("another master key".to_owned());
        assert!(why(&cache).ends_with(": they have not been read yet: another master key"), "{}", why(&cache));
        cache.replace(Vec::new(), None, Instant::now().checked_sub(Duration::from_secs(1)).unwrap());
        assert!(why(&cache).starts_with("the access keys cannot be reached: last read "), "{}", why(&cache));
        assert!(why(&cache).ends_with(" ago"), "{}", why(&cache));
    }
}
