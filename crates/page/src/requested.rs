//! What the HTML page is about, as its caller states it.

use crate::Visitor;
use annotation_statistics_domain::AnnotationRequest;

/// Where the page is.
#[derive(Debug, Clone)]
pub struct Site {
    /// The path of the API's statistics, relative to the page: `statistics`, `rosetta-open/statistics`.
    pub api: String,
    /// Scheme, host and port by which the page was requested.
    pub origin: String,
    /// The id of the request for the page.
    pub request_id: String,
    /// The exports to offer, in order.
    pub downloads: Vec<Download>,
    /// Who looks at it.
    pub visitor: Visitor,
}

/// An export to offer.
#[derive(Debug, Clone)]
pub struct Download {
    /// What it is called.
    pub label: &'static str,
    /// What one gets.
    pub about: &'static str,
    /// The part of a query that requests it: `format=csv`.
    pub query: String,
}

/// The annotation requests that are shown.
#[derive(Debug, Clone, Default)]
pub struct Requested {
    /// Their ids; none where the page was opened without any.
    pub ids: Vec<String>,
    /// The same as the part of a query: `annotationRequestId=a&annotationRequestId=b`, encoded.
    pub list: String,
    /// Whether the user requested them; else they are what the page shows by default.
    pub is_chosen: bool,
}

/// An annotation request to pick.
#[derive(Debug, Clone)]
pub struct Recent {
    /// The request.
    pub request: AnnotationRequest,
    /// It as the part of a query.
    pub list: String,
    /// When it was last changed, in words.
    pub changed: String,
}
