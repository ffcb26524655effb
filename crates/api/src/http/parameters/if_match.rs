//! `If-Match`: a change is made only to the state that the client knows.

use crate::http::{EntityTagList, ListedTag};
use crate::response::{ApiError, InvalidParameter};
use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, IF_MATCH};
use actix_web::{FromRequest, HttpRequest};
use annotation_statistics_domain::{Precondition, Revision};
use std::future::{Ready, ready};
use utoipa::IntoParams;

/// The precondition of `If-Match`; none without the header.
#[derive(Debug, IntoParams)]
#[into_params(names("If-Match"), parameter_in = Header)]
pub(crate) struct IfMatch(
    /// The states that the change is meant for: entity tags of the request, or `*` for any state. In any other state the
    /// response is 412.
    #[param(value_type = String, required = false, example = "\"1744122000000000\"")]
    pub(crate) Precondition,
);

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(precondition(request.headers()).map(Self).map_err(Into::into))
    }
}

fn precondition(headers: &HeaderMap) -> Result<Precondition, InvalidParameter> {
    let why = "If-Match must be * or a list of entity tags such as \"7\"";
    let list = EntityTagList::of(headers, &IF_MATCH).map_err(|_| InvalidParameter(why.to_owned()))?;
    Ok(match list {
        None => Precondition::None,
        Some(EntityTagList::Any) => Precondition::Known,
        Some(EntityTagList::Tags(tags)) => Precondition::Revision(tags.iter().filter_map(revision_of).collect()),
    })
}

/// A weak tag, or one that was never issued, matches no state.
fn revision_of(tag: &ListedTag) -> Option<Revision> {
    let text = std::str::from_utf8(&tag.opaque).ok().filter(|_| !tag.is_weak)?;
    let number = text.parse::<i64>().ok()?;
    (number.to_string() == text).then(|| Revision::from(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::response::revision_tag;
    use actix_web::http::header::HeaderValue;

    fn read(value: Option<&str>) -> Result<Precondition, String> {
        let mut headers = HeaderMap::new();
        if let Some(value) = value {
            headers.append(IF_MATCH, HeaderValue::from_str(value).unwrap());
        }
        precondition(&headers).map_err(|error| error.to_string())
    }

    #[test]
    fn the_tag_of_a_state_names_that_state() {
        let tag = revision_tag(Revision::from(1_764_000_000_000_000));
        assert_eq!(tag.to_str().unwrap(), "\"1764000000000000\"");
        let expected = Precondition::Revision(vec![Revision::from(1_764_000_000_000_000)]);
        assert_eq!(read(Some(tag.to_str().unwrap())), Ok(expected));
    }

    #[test]
    fn a_condition_names_states_and_other_tags_name_none() {
        let revisions = |numbers: &[i64]| Precondition::Revision(numbers.iter().copied().map(Revision::from).collect());
        for (value, expected, reason) in [
            (None, Precondition::None, "no condition"),
            (Some("*"), Precondition::Known, "any state"),
            (Some("\"7\", \"8\""), revisions(&[7, 8]), "one of them"),
            (Some("W/\"7\""), revisions(&[]), "a weak tag never matches"),
            (Some("\"abc\", \"07\", \"+7\", \"\""), revisions(&[]), "tags that were never given"),
        ] {
            assert_eq!(read(value), Ok(expected), "{reason}");
        }
    }

    #[test]
    fn a_condition_that_cannot_be_read_is_refused() {
        for value in ["7", "", "\"7", "*, \"7\""] {
            let why = "If-Match must be * or a list of entity tags such as \"7\"";
            assert_eq!(read(Some(value)), Err(why.to_owned()), "{value}");
        }
    }
}
