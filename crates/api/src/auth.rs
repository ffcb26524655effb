//! Authentication and authorization: keys, signatures, scopes and rate limits.

pub(crate) mod access_settings;
pub(crate) mod caller_prefix;
pub(crate) mod caller_scope;
pub(crate) mod canonical;
pub(crate) mod guard;
pub(crate) mod key_headers;
pub(crate) mod rate_limits;
pub(crate) mod required_access;
pub(crate) mod signature;
#[cfg(test)]
pub(crate) mod test_keys;
