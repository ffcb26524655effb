//! Authentication and authorization: keys, signatures, scopes and rate limits.

mod access_settings;
mod caller_prefix;
mod caller_scope;
mod canonical;
mod guard;
mod key_headers;
mod rate_limits;
mod required_access;
mod sign_in_limits;
mod signature;
#[cfg(test)]
mod test_keys;
mod token_check;

pub use access_settings::AccessSettings;
pub(crate) use caller_prefix::CallerPrefix;
pub(crate) use caller_scope::CallerScope;
pub(crate) use canonical::{SignedHeaders, canonical_string};
pub(crate) use guard::AccessGuard;
pub(crate) use key_headers::{KeyHeaders, Proof};
#[cfg(feature = "openapi")]
pub(crate) use key_headers::{X_NONCE, X_SIGN, X_STARDUST_KEY, X_TS};
pub(crate) use required_access::{LinkedTo, Need, access, access_to_query};
pub(crate) use sign_in_limits::SignInLimits;
#[cfg(any(test, feature = "fuzz"))]
pub(crate) use signature::Signed;
pub(crate) use signature::body_hash;
#[cfg(test)]
pub(crate) use test_keys::{EMPTY, NONCE, NOW, OLD_SECRET, SECRET, key, v2};
