//! The ports of access keys in memory: the smallest thing that keeps the contracts.

use crate::KeyHolder;
use crate::seconds_from_now;
use annotation_statistics_access::{
    AccessKey, KeyId, KeySecret, Keys, KeysUnavailable, Nonce, Nonces, NoncesUnavailable, PreviousSecret, Timestamp,
    TokenKey,
};
use async_trait::async_trait;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Keeps keys and nonces in memory. Cloning shares them.
#[derive(Clone, Default)]
pub struct InMemoryKeys(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    keys: HashMap<KeyId, Arc<AccessKey>>,
    used: HashMap<KeyId, Timestamp>,
    nonces: HashMap<(KeyId, Nonce), Timestamp>,
    cut_off: Option<Instant>,
}

impl Keys for InMemoryKeys {
    fn find(&self, id: &KeyId) -> Result<Option<Arc<AccessKey>>, KeysUnavailable> {
        let held = self.0.lock().unwrap();
        match held.cut_off {
            Some(since) if since.elapsed() > Self::MAX_AGE => Err(KeysUnavailable("it is cut off".into())),
            _ => Ok(held.keys.get(id).cloned()),
        }
    }

    fn token_key(&self) -> Result<Arc<TokenKey>, KeysUnavailable> {
        Ok(Arc::new(TokenKey::derive(&[7; 32])))
    }

    fn note_use(&self, id: &KeyId, now: Timestamp) {
        self.0.lock().unwrap().used.insert(id.clone(), now);
    }
}

#[async_trait]
impl Nonces for InMemoryKeys {
    async fn is_first_use(&self, key: &KeyId, nonce: &Nonce, until: Timestamp) -> Result<bool, NoncesUnavailable> {
        let mut held = self.0.lock().unwrap();
        if held.cut_off.is_some() {
            return Err(NoncesUnavailable("it is cut off".into()));
        }
        let now = seconds_from_now(0);
        held.nonces.retain(|_, until| *until >= now);
        Ok(held.nonces.insert((key.clone(), nonce.clone()), until).is_none())
    }

    async fn check_ready(&self) -> Result<(), NoncesUnavailable> {
        match self.0.lock().unwrap().cut_off {
            None => Ok(()),
            Some(_) => Err(NoncesUnavailable("it is cut off".into())),
        }
    }
}

impl KeyHolder for InMemoryKeys {
    fn empty() -> Self {
        Self::default()
    }

    fn keys(&self) -> Arc<dyn Keys> {
        Arc::new(self.clone())
    }

    fn nonces(&self) -> Arc<dyn Nonces> {
        Arc::new(self.clone())
    }

    fn add(&self, key: AccessKey) {
        self.0.lock().unwrap().keys.insert(key.id.clone(), Arc::new(key));
    }

    fn rotate(&self, id: &KeyId, secret: &KeySecret, until: Timestamp) {
        let key = AccessKey::clone(&self.0.lock().unwrap().keys[id]);
        let previous = Some(PreviousSecret { secret: key.secret, expires: until });
        self.add(AccessKey { secret: secret.clone(), previous, ..key });
    }

    fn revoke(&self, id: &KeyId) {
        self.0.lock().unwrap().keys.remove(id);
    }

    fn last_use(&self, id: &KeyId) -> Option<Timestamp> {
        self.0.lock().unwrap().used.get(id).copied()
    }

    fn remembered(&self) -> usize {
        self.0.lock().unwrap().nonces.len()
    }

    fn cut_off(&self) {
        self.0.lock().unwrap().cut_off = Some(Instant::now());
    }

    fn reconnect(&self) {
        self.0.lock().unwrap().cut_off = None;
    }
}
