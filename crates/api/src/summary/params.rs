//! The parameters of a summary: which annotation requests.

use crate::ApiSettings;
use crate::http::parameters::{RequestIdList, decode_name, names_the_list, parameters, refuse_unknown};
use crate::response::InvalidParameter;
use annotation_statistics_domain::AnnotationRequestIds;

/// All of its parameters, for a message.
const PARAMETERS: &str = "annotationRequestId";

/// The parameters, validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SummaryParams {
    pub(super) requests: AnnotationRequestIds,
}

impl SummaryParams {
    /// Reads a raw query string.
    pub(super) fn parse(query: &str, settings: &ApiSettings) -> Result<Self, InvalidParameter> {
        let mut list = RequestIdList::default();
        for (name, value) in parameters(query) {
            match decode_name(name)?.as_ref() {
                name if names_the_list(name) => list.add(value)?,
                name => refuse_unknown(name, PARAMETERS)?,
            }
        }
        Ok(Self { requests: list.into_ids(settings)? })
    }
}
