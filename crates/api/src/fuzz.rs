//! The readers of what strangers send, for those who throw broken input at them. No part of the interface.

use crate::ApiSettings;
use crate::auth::{KeyHeaders, Proof, Signed, SignedHeaders, body_hash, canonical_string};
use crate::statistics::StatisticsParams;
use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, Uri};

/// A question as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The annotation requests, each once.
    pub ids: Vec<String>,
    /// The page, from 1.
    pub page: u64,
    /// The rows of a page, from 1.
    pub limit: u32,
}

/// Reads the query of a question, with the limits of the default settings.
///
/// # Errors
/// What a client is told.
pub fn read_question(query: &str) -> Result<Question, String> {
    let read = StatisticsParams::parse(query, &ApiSettings::default()).map_err(|error| error.to_string())?;
    let ids = read.requests.as_slice().iter().map(|id| id.as_str().to_owned()).collect();
    Ok(Question { ids, page: read.page.page().get(), limit: read.page.limit().get() })
}

/// The headers of an access key as they were understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The id of the key.
    pub key: String,
    /// The time, as it was sent.
    pub ts: String,
    /// The signature, without the name of its scheme.
    pub signature: String,
    /// The nonce, which is what scheme v2 has and v1 does not.
    pub nonce: Option<String>,
}

impl Credentials {
    /// Reads the headers of an access key.
    ///
    /// # Errors
    /// What a client is told.
    pub fn read(headers: &HeaderMap) -> Result<Self, String> {
        let read = KeyHeaders::read(headers).map_err(|error| error.to_string())?;
        let (signature, nonce) = match read.proof {
            Proof::V1 { signature } => (signature, None),
            Proof::V2 { signature, nonce, announced: _ } => (signature, Some(nonce.as_str().to_owned())),
        };
        Ok(Self { key: read.key.as_str().to_owned(), ts: read.ts, signature, nonce })
    }

    /// What scheme v2 signs of a request with these headers; `None` where they are of scheme v1.
    pub fn canonical(&self, method: &Method, target: &Uri, body: &[u8]) -> Option<String> {
        let headers = SignedHeaders { ts: &self.ts, nonce: self.nonce.as_deref()?, key: &self.key };
        Some(canonical_string(method, target, &body_hash(body), headers))
    }

    /// Whether the signature is by this secret: of what scheme v2 signs, or else of what scheme v1 does.
    pub fn is_by(&self, secret: &str, canonical: Option<&str>) -> bool {
        self.signed(canonical).is_by_one_of(&self.signature, [secret, secret])
    }

    /// The signature by this secret.
    pub fn signature(&self, secret: &str, canonical: Option<&str>) -> String {
        self.signed(canonical).signature(secret)
    }

    fn signed<'a>(&'a self, canonical: Option<&'a str>) -> Signed<'a> {
        canonical.map_or(Signed::V1 { ts: &self.ts, key: &self.key }, |canonical| Signed::V2 { canonical })
    }
}
