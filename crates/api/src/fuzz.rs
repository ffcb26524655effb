//! The parsers of untrusted input, for fuzzing. Not a part of the interface.

use crate::ApiSettings;
use crate::auth::{KeyHeaders, Proof, Signed, SignedHeaders, body_hash, canonical_string};
use crate::statistics::StatisticsParams;
use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, Uri};

/// A query as it was parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedQuery {
    /// The annotation requests, each once.
    pub ids: Vec<String>,
    /// The page, from 1.
    pub page: u64,
    /// The rows of a page, from 1.
    pub limit: u32,
}

/// Parses a query string, with the default limits.
///
/// # Errors
/// With the message to the client.
pub fn read_query(query: &str) -> Result<ParsedQuery, String> {
    let settings = ApiSettings::from_default_file().map_err(|error| error.to_string())?;
    let read = StatisticsParams::parse(query, &settings).map_err(|error| error.to_string())?;
    let ids = read.requests.as_slice().iter().map(|id| id.as_str().to_owned()).collect();
    Ok(ParsedQuery { ids, page: read.page.page().get(), limit: read.page.limit().get() })
}

/// The headers of an access key as they were parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The id of the key.
    pub key: String,
    /// The timestamp, as it was sent.
    pub ts: String,
    /// The signature, without the name of its scheme.
    pub signature: String,
    /// The nonce; `None` for scheme v1, which has none.
    pub nonce: Option<String>,
}

impl Credentials {
    /// Reads the headers of an access key.
    ///
    /// # Errors
    /// With the message to the client.
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

    /// Whether this secret made the signature, of scheme v2 with a canonical string, else of scheme v1.
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
