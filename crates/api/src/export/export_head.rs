//! The headers of an export: what it is of, and when it was made.

use crate::response::{COUNTING_RULE, EntityTag, REVISION, counting_rules};
use actix_web::http::header::{ETAG, HeaderMap, HeaderName, HeaderValue};
use annotation_statistics_domain::{RequestTotals, Revision};
use annotation_statistics_exports::{ExportOptions, Provenance};

/// When the export was made.
pub(crate) const EXPORTED_AT: HeaderName = HeaderName::from_static("exported-at");

/// What the head of the response says of an export, once its snapshot is taken.
#[derive(Debug)]
pub(crate) struct ExportHead {
    /// Of an export; a comparison has none.
    tag: Option<EntityTag>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl ExportHead {
    /// That of a request with this query, which is answered by this file.
    pub(crate) fn new(query: &str, options: ExportOptions, provenance: &Provenance) -> Self {
        let revisions: Vec<Revision> = provenance.requests.iter().map(|request| request.revision).collect();
        let rules: Vec<_> = provenance.requests.iter().map(|request| request.counting_rule.clone()).collect();
        let mut headers = vec![(COUNTING_RULE, counting_rules(&rules))];
        // The greatest one, as `Min-Revision` takes it; the tag is made of all.
        headers.extend(revisions.iter().max().map(|latest| (REVISION, latest.number().into())));
        headers.extend(HeaderValue::try_from(provenance.exported_at_text()).ok().map(|at| (EXPORTED_AT, at)));
        Self { tag: Some(EntityTag::of_export(query, options, &revisions)), headers }
    }

    /// That of a comparison with an annotation request in this state.
    pub(crate) fn of_comparison(request: &RequestTotals) -> Self {
        let rule = counting_rules(std::slice::from_ref(&request.counting_rule));
        Self { tag: None, headers: vec![(COUNTING_RULE, rule), (REVISION, request.revision.number().into())] }
    }

    /// That of a comparison of two states, counted by these rules, the later one at this revision.
    pub(crate) fn of_states(counting_rules: HeaderValue, revision: Revision) -> Self {
        Self { tag: None, headers: vec![(COUNTING_RULE, counting_rules), (REVISION, revision.number().into())] }
    }

    /// Whether the client has this export already.
    pub(crate) fn is_known(&self, request: &HeaderMap) -> bool {
        self.tag.as_ref().is_some_and(|tag| tag.is_known(request))
    }

    /// All of its headers.
    pub(crate) fn headers(self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        self.headers.into_iter().chain(self.tag.and_then(|tag| tag.to_header()).map(|tag| (ETAG, tag)))
    }
}
