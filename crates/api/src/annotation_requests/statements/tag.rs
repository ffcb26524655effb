//! The `ETag` of a statement and of its files, which never change, and the conditions that name it.

use crate::http::{EntityTagList, ListedTag};
use crate::response::{ApiError, InvalidParameter, is_known, unchanged};
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use annotation_statistics_domain::Sha256;

/// A strong entity tag: a digest, as everything here stays as it is.
pub(super) struct StatementTag(String);

impl StatementTag {
    /// Of what has this digest.
    pub(super) fn of(sha256: Sha256) -> Self {
        Self(sha256.to_string())
    }

    /// Of the same, compressed.
    pub(super) fn of_compressed(sha256: Sha256) -> Self {
        Self(format!("{sha256}-zst"))
    }

    pub(super) fn header(&self) -> HeaderValue {
        HeaderValue::try_from(format!("\"{}\"", self.0)).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
    }

    /// 304 for a client that has it.
    pub(super) fn not_modified(&self, headers: &HeaderMap, caching: HeaderValue) -> Option<HttpResponse> {
        is_known(self.0.as_bytes(), headers).then(|| {
            let mut response = unchanged();
            response.headers_mut().insert(ETAG, self.header());
            response.headers_mut().insert(CACHE_CONTROL, caching);
            response
        })
    }

    fn is_named(&self, tags: &[ListedTag], or_weak: bool) -> bool {
        tags.iter().any(|tag| *tag.opaque == *self.0.as_bytes() && (or_weak || !tag.is_weak))
    }
}

/// Holds the conditions of a request that makes a statement to the one that was there before it, if there was one.
///
/// # Errors
/// When one cannot be read, or does not hold.
pub(super) fn check_conditions(headers: &HeaderMap, there: Option<&StatementTag>) -> Result<(), ApiError> {
    let matches = match list_of(headers, &IF_MATCH)? {
        None => true,
        Some(EntityTagList::Any) => there.is_some(),
        Some(EntityTagList::Tags(tags)) => there.is_some_and(|tag| tag.is_named(&tags, false)),
    };
    let is_new = match list_of(headers, &IF_NONE_MATCH)? {
        None => true,
        Some(EntityTagList::Any) => there.is_none(),
        Some(EntityTagList::Tags(tags)) => there.is_none_or(|tag| !tag.is_named(&tags, true)),
    };
    match (matches, is_new, there) {
        (true, true, _) => Ok(()),
        (false, _, None) => Err(ApiError::ConditionFailed("there is no statement of this name")),
        _ => Err(ApiError::ConditionFailed("there is a statement of this name")),
    }
}

fn list_of(headers: &HeaderMap, name: &HeaderName) -> Result<Option<EntityTagList>, InvalidParameter> {
    let why = if *name == IF_MATCH { "If-Match" } else { "If-None-Match" };
    EntityTagList::of(headers, name)
        .map_err(|_| InvalidParameter(format!("{why} must be * or a list of entity tags such as \"7\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_held_to_what_was_there() {
        let tag = StatementTag::of(Sha256([0xab; 32]));
        let (own, weak) = (format!("\"{}\"", "ab".repeat(32)), format!("W/\"{}\"", "ab".repeat(32)));
        let refused = |name: &HeaderName, value: &str, there: Option<&StatementTag>| {
            let headers = [(name.clone(), HeaderValue::from_str(value).unwrap())].into_iter().collect();
            check_conditions(&headers, there).err().map(|error| error.to_string())
        };
        let (none, some) = ("there is no statement of this name", "there is a statement of this name");
        for (name, value, if_there, if_not) in [
            (IF_NONE_MATCH, "*", Some(some), None),
            (IF_NONE_MATCH, own.as_str(), Some(some), None),
            (IF_NONE_MATCH, weak.as_str(), Some(some), None),
            (IF_NONE_MATCH, "\"7\"", None, None),
            (IF_MATCH, "*", None, Some(none)),
            (IF_MATCH, own.as_str(), None, Some(none)),
            (IF_MATCH, weak.as_str(), Some(some), Some(none)),
            (IF_MATCH, "\"7\"", Some(some), Some(none)),
        ] {
            assert_eq!(refused(&name, value, Some(&tag)).as_deref(), if_there, "{name}: {value}");
            assert_eq!(refused(&name, value, None).as_deref(), if_not, "{name}: {value}");
        }
        for (name, text) in [(IF_MATCH, "If-Match"), (IF_NONE_MATCH, "If-None-Match")] {
            let why = format!("{text} must be * or a list of entity tags such as \"7\"");
            assert_eq!(refused(&name, "7", None), Some(why));
        }
    }
}
