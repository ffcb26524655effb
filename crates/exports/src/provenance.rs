//! What an export is of, and when it was made.

use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CountingRuleName, RequestTotals, Revision, Summary,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The name of the property with the time of the export.
pub(crate) const EXPORTED_AT: &str = "exportedAt";

/// What an export is of, and when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// When it was made: after its snapshot was taken.
    pub exported_at: Timestamp,
    /// The annotation requests, in the order of the file.
    pub requests: Vec<ExportedRequest>,
}

/// An annotation request in the state that was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedRequest {
    /// Its id.
    pub id: AnnotationRequestId,
    /// The campaign that it belongs to.
    pub campaign_id: CampaignId,
    /// The rule by which it was counted, where that was stated.
    pub counting_rule: Option<CountingRuleName>,
    /// Its state.
    pub revision: Revision,
}

impl Provenance {
    /// That of an export with these sums, made at this time.
    pub fn new(summary: &Summary, exported_at: Timestamp) -> Self {
        let request = |request: &RequestTotals| ExportedRequest {
            id: request.id.clone(),
            campaign_id: request.campaign_id.clone(),
            counting_rule: request.counting_rule.clone(),
            revision: request.revision,
        };
        Self { exported_at, requests: summary.requests().iter().map(|(totals, _)| request(totals)).collect() }
    }

    /// The time of the export as text, in whole seconds: `2026-11-30T12:00:00Z`.
    pub fn exported_at_text(&self) -> String {
        in_seconds(self.exported_at)
    }

    /// What is stored beside the lines of a file: names and texts.
    pub(crate) fn properties(&self) -> [(&'static str, String); 2] {
        let requests: Value = self.requests.iter().map(ExportedRequest::to_json).collect();
        [(EXPORTED_AT, self.exported_at_text()), ("annotationRequests", requests.to_string())]
    }
}

impl ExportedRequest {
    /// When it was last changed: its revision is that time in microseconds. `None` where no calendar has it.
    pub fn changed_at(&self) -> Option<Timestamp> {
        Timestamp::from_microsecond(self.revision.number()).ok()
    }

    /// The same as text, with microseconds, as two changes may follow in one second.
    pub fn changed_at_text(&self) -> Option<String> {
        self.changed_at().map(|time| format!("{time:.6}"))
    }

    fn to_json(&self) -> Value {
        json!({
            "annotationRequestId": self.id.as_str(),
            "campaignId": self.campaign_id.as_str(),
            "countingRule": self.counting_rule.as_ref().map(CountingRuleName::as_str),
            "revision": self.revision.number(),
            "changedAt": self.changed_at_text(),
        })
    }
}

fn in_seconds(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
