//! What each of several annotation requests adds to the sums.

use crate::number_format::Figure;
use annotation_statistics_domain::{RequestTotals, Summary, Totals};

pub(crate) struct RequestRow {
    pub(crate) id: String,
    pub(crate) campaign: String,
    pub(crate) rule: String,
    pub(crate) tasks: Figure,
    pub(crate) instances: Figure,
    pub(crate) attributes: Figure,
    pub(crate) frames: Figure,
}

pub(crate) fn request_rows(summary: &Summary) -> Vec<RequestRow> {
    let row = |(request, totals): &(RequestTotals, Totals)| RequestRow {
        id: request.id.to_string(),
        campaign: request.campaign_id.to_string(),
        rule: request.counting_rule.as_ref().map_or_else(|| "not stated".into(), |rule| rule.as_str().to_owned()),
        tasks: Figure::from(totals.tasks),
        instances: Figure(totals.instances),
        attributes: Figure(totals.attributes),
        frames: Figure(totals.frames),
    };
    summary.requests().iter().map(row).collect()
}
