//! The list of annotation request ids in a query string.

use crate::ApiSettings;
use crate::http::decode;
use crate::http::parameters::filters::names_list;
use crate::http::parameters::query_string::{decode_name, parameters};
#[cfg(feature = "openapi")]
use crate::response::schema::AnnotationRequestIdText;
use crate::response::{InvalidParameter, invalid, quoted};
use annotation_statistics_domain::{AnnotationRequestId, AnnotationRequestIds};
use std::num::NonZeroUsize;
#[cfg(feature = "openapi")]
use utoipa::IntoParams;

pub(crate) const ANNOTATION_REQUEST_ID: &str = "annotationRequestId";

/// The list of ids, as the document declares it. It has no maximum of items: duplicates count once, so a longer list may
/// be right.
#[cfg(feature = "openapi")]
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct ListParams {
    /// The annotation requests: at most {max-ids} different ones. Each of at most 255 bytes of UTF-8. The spellings
    /// `annotationRequestId[]` and `annotationRequestId[0]` mean the same list. A comma is part of an id. Duplicates count
    /// once; the order of the list is that of the response.
    #[param(style = Form, explode, inline, min_items = 1, example = json!(["7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b"]))]
    annotation_request_id: Vec<AnnotationRequestIdText>,
}

/// The ids read so far, in the order of the URL, whatever indices their spelling has.
#[derive(Default)]
pub(crate) struct RequestIdList(Vec<AnnotationRequestId>);

impl RequestIdList {
    pub(crate) fn add(&mut self, value: &str) -> Result<(), InvalidParameter> {
        let place = self.0.len() + 1;
        let wrong = |why: String| invalid(ANNOTATION_REQUEST_ID, &format!("{why} (number {place} of the list)"));
        let text = decode(value).map_err(|error| wrong(format!("{error}, got {}", quoted(value))))?;
        let id = AnnotationRequestId::new(text).map_err(|error| wrong(error.to_string()))?;
        self.0.push(id);
        Ok(())
    }

    /// The different ids, of which there must be at least one and at most as many as a URL may have.
    pub(crate) fn into_ids(self, settings: &ApiSettings) -> Result<AnnotationRequestIds, InvalidParameter> {
        let requests = match <[AnnotationRequestId; 1]>::try_from(self.0) {
            Ok([only]) => only.into(),
            Err(ids) => AnnotationRequestIds::new(ids)
                .map_err(|_| invalid(ANNOTATION_REQUEST_ID, "must be given at least once"))?,
        };
        bounded(requests, ANNOTATION_REQUEST_ID, settings.max_ids)
    }
}

/// Reads the list alone, and ignores all other parameters.
pub(crate) fn parse_requests(query: &str, settings: &ApiSettings) -> Result<AnnotationRequestIds, InvalidParameter> {
    let mut list = RequestIdList::default();
    for (name, value) in parameters(query) {
        if names_the_list(&decode_name(name)?) {
            list.add(value)?;
        }
    }
    list.into_ids(settings)
}

/// Refuses more than `max_ids`.
pub(crate) fn bounded(
    requests: AnnotationRequestIds,
    list: &str,
    max_ids: NonZeroUsize,
) -> Result<AnnotationRequestIds, InvalidParameter> {
    match requests.as_slice().len() {
        count if count > max_ids.get() => {
            Err(invalid(list, &format!("may have at most {max_ids} different ids, got {count}")))
        }
        _ => Ok(requests),
    }
}

/// Whether it is one of the spellings of the list.
pub(crate) fn names_the_list(name: &str) -> bool {
    names_list(name, ANNOTATION_REQUEST_ID)
}
