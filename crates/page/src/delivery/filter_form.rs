//! The fields of the form by which one has only some of the tasks added up.

use super::filter_text::status_text;
use super::flow_view::pool_name;
use annotation_statistics_domain::{PoolType, Summary, TaskFilter, TaskStatus};
use std::collections::BTreeSet;

/// The most statuses and campaigns that are offered: platforms may have any number of either.
const MOST_OFFERED: usize = 50;

/// The codes of the statuses that every platform has.
const KNOWN: std::ops::Range<i32> = 0..32;

/// What can be chosen, and what is chosen.
pub(crate) struct FilterForm {
    pub(crate) pools: Vec<Choice>,
    pub(crate) statuses: Vec<Choice>,
    /// One field each; at least one, which may be empty.
    pub(crate) campaigns: Vec<String>,
    /// Those of the annotation requests.
    pub(crate) known_campaigns: Vec<String>,
    /// Whether anything is chosen.
    pub(crate) is_open: bool,
}

pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) name: String,
    pub(crate) is_chosen: bool,
}

impl FilterForm {
    /// Statuses without a name are offered where tasks have them, or the filter does.
    pub(crate) fn of(filter: &TaskFilter, summary: Option<&Summary>) -> Self {
        let pool = |pool: PoolType| Choice {
            value: pool.number().to_string(),
            name: pool_name(pool).to_owned(),
            is_chosen: filter.pool_types.contains(&pool),
        };
        let found = summary.into_iter().flat_map(|summary| summary.statuses().keys().copied()).take(MOST_OFFERED);
        let known = KNOWN.map(TaskStatus::from).filter(|status| status.name().is_some());
        let statuses: BTreeSet<TaskStatus> = known.chain(found).chain(filter.statuses.iter().copied()).collect();
        let status = |status: TaskStatus| Choice {
            value: status.code().to_string(),
            name: status_text(status),
            is_chosen: filter.statuses.contains(&status),
        };
        let requests = summary.into_iter().flat_map(Summary::requests);
        let known_campaigns: BTreeSet<String> = requests.map(|(request, _)| request.campaign_id.to_string()).collect();
        let campaigns: Vec<String> = filter.campaigns.iter().map(ToString::to_string).collect();
        Self {
            pools: PoolType::ALL.into_iter().map(pool).collect(),
            statuses: statuses.into_iter().map(status).collect(),
            campaigns: if campaigns.is_empty() { vec![String::new()] } else { campaigns },
            known_campaigns: known_campaigns.into_iter().take(MOST_OFFERED).collect(),
            is_open: !filter.is_empty(),
        }
    }
}
