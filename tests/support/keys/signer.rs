//! A client with an access key, by the words of the document and nothing of the program's own code.

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A key and its secret.
#[derive(Debug, Clone)]
pub struct Signer {
    key: String,
    secret: String,
}

impl Signer {
    /// With a key.
    pub fn new(key: &str, secret: &str) -> Self {
        Self { key: key.into(), secret: secret.into() }
    }

    /// The headers of scheme v1 at a time, each with its line break.
    pub fn v1_at(&self, ts: u128) -> String {
        let Self { key, secret } = self;
        let sign = hex(&Md5::digest(format!("{ts}&{secret}&{key}")));
        format!("X-STARDUST-KEY: {key}\r\nX-TS: {ts}\r\nX-SIGN: {sign}\r\n")
    }

    /// The headers of scheme v1 now.
    pub fn v1(&self) -> String {
        self.v1_at(now())
    }

    /// The headers of scheme v2 now, with a nonce that is new.
    pub fn v2(&self, method: &str, target: &str, body: &str) -> String {
        static USED: AtomicU64 = AtomicU64::new(0);
        let nonce = format!("nonce-{:016}", USED.fetch_add(1, Ordering::Relaxed));
        self.v2_with(method, target, body, &nonce)
    }

    /// The headers of scheme v2 now, with a nonce.
    pub fn v2_with(&self, method: &str, target: &str, body: &str, nonce: &str) -> String {
        let Self { key, secret } = self;
        let ts = now();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut parts: Vec<&str> = query.split('&').filter(|part| !part.is_empty()).collect();
        parts.sort_unstable();
        let (query, hash) = (parts.join("&"), hex(&Sha256::digest(body)));
        let signed = format!("v2\n{method}\n{path}\n{query}\n{hash}\n{ts}\n{nonce}\n{key}");
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(signed);
        let sign = hex(&mac.finalize().into_bytes());
        format!("X-STARDUST-KEY: {key}\r\nX-TS: {ts}\r\nX-NONCE: {nonce}\r\nX-SIGN: v2={sign}\r\n")
    }
}

/// Milliseconds since 1970.
fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}
