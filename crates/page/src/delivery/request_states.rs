//! Which state of each annotation request the numbers are of.

use super::counting_rule;
use crate::Times;
use crate::times::StatedTime;
use annotation_statistics_domain::{CountingRuleName, RequestTotals, Summary};
use std::collections::BTreeSet;

/// From how many annotation requests on their list is folded up on the screen.
const MOST_UNFOLDED: usize = 12;

/// From how many annotation requests on they are in small columns on paper.
const MOST_LARGE: usize = 60;

pub(crate) struct RequestStates {
    /// By which rules all of them were counted.
    pub(crate) rule: String,
    /// In the order requested.
    pub(crate) each: Vec<RequestState>,
    /// The last change of any of them.
    pub(crate) last_change: Option<StatedTime>,
    /// Whether the campaign is the same for all of them.
    pub(crate) is_of_one_campaign: bool,
}

pub(crate) struct RequestState {
    pub(crate) id: String,
    pub(crate) campaign: String,
    pub(crate) revision: i64,
    pub(crate) changed: Option<StatedTime>,
}

impl RequestStates {
    pub(crate) fn of(summary: &Summary, times: &Times) -> Self {
        let requests = || summary.requests().iter().map(|(request, _)| request);
        let rules = requests().map(|request| request.counting_rule.as_ref().map(CountingRuleName::as_str));
        let last = requests().map(|request| request.revision).max();
        let campaigns: BTreeSet<_> = requests().map(|request| &request.campaign_id).collect();
        let state = |request: &RequestTotals| RequestState {
            id: request.id.to_string(),
            campaign: request.campaign_id.to_string(),
            revision: request.revision.number(),
            changed: times.of_change(request.revision),
        };
        Self {
            rule: counting_rule::in_words(rules),
            each: requests().map(state).collect(),
            last_change: last.and_then(|revision| times.of_change(revision)),
            is_of_one_campaign: campaigns.len() <= 1,
        }
    }

    /// The one annotation request, where there is one.
    pub(crate) fn only(&self) -> Option<&RequestState> {
        if let [only] = self.each.as_slice() { Some(only) } else { None }
    }

    pub(crate) fn is_unfolded(&self) -> bool {
        self.each.len() <= MOST_UNFOLDED
    }

    pub(crate) fn is_small_on_paper(&self) -> bool {
        self.each.len() > MOST_LARGE
    }
}
