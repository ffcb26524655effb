//! What was annotated in one task.

use crate::{CampaignId, Count, InstanceInfo, OperationItemKey, PoolName, PoolType, SourceName, TaskId, TaskStatus};
use std::collections::BTreeSet;

/// What was annotated in one task: a row of the response, and what is billed.
///
/// It upholds the rule of the public API that the counts of [`InstanceInfo`] add up to
/// [`instance_num`](Self::instance_num) + [`attribute_num`](Self::attribute_num).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics(StatisticsParts);

/// The fields of a [`Statistics`] before they are held against each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatisticsParts {
    /// The task.
    pub id: TaskId,
    /// What it was made of, where that is known.
    pub source_name: Option<SourceName>,
    /// The status of the task.
    pub status: TaskStatus,
    /// The campaign that the task's annotation request belongs to.
    pub campaign_id: CampaignId,
    /// Name of the pool that the task is in now.
    pub pool_name: PoolName,
    /// Kind of the pool that the task is in now.
    pub pool_type: PoolType,
    /// How many instances or attributes of each operation item there are.
    pub instance_info: InstanceInfo,
    /// Instances: the sum over the operation items that are slots.
    pub instance_num: Count,
    /// Attributes: the sum over the operation items that are inputs.
    pub attribute_num: Count,
    /// Frames of the task.
    pub frame_num: Count,
}

/// The counts of a task that contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "instanceInfo adds up to {total}, but instanceNum + attributeNum is {instances} + {attributes}: they must be equal"
)]
pub struct CountsDisagree {
    /// The sum over the operation items.
    pub total: Count,
    /// The instances stated.
    pub instances: Count,
    /// The attributes stated.
    pub attributes: Count,
}

impl Statistics {
    /// Holds the counts against each other.
    ///
    /// # Errors
    /// When the counts of the operation items do not add up to instances + attributes.
    pub fn new(parts: StatisticsParts) -> Result<Self, CountsDisagree> {
        let total = parts.instance_info.total();
        if parts.instance_num.checked_add(parts.attribute_num) == Some(total) {
            Ok(Self(parts))
        } else {
            Err(CountsDisagree { total, instances: parts.instance_num, attributes: parts.attribute_num })
        }
    }

    #[cfg(feature = "serde")]
    pub(super) fn parts(&self) -> &StatisticsParts {
        &self.0
    }

    /// The task.
    pub fn id(&self) -> TaskId {
        self.0.id
    }

    /// What the task was made of, where that is known.
    pub fn source_name(&self) -> Option<&SourceName> {
        self.0.source_name.as_ref()
    }

    /// The status of the task.
    pub fn status(&self) -> TaskStatus {
        self.0.status
    }

    /// The campaign that the task's annotation request belongs to.
    pub fn campaign_id(&self) -> &CampaignId {
        &self.0.campaign_id
    }

    /// Name of the pool that the task is in now.
    pub fn pool_name(&self) -> &PoolName {
        &self.0.pool_name
    }

    /// Kind of the pool that the task is in now.
    pub fn pool_type(&self) -> PoolType {
        self.0.pool_type
    }

    /// How many instances or attributes of each operation item there are.
    pub fn instance_info(&self) -> &InstanceInfo {
        &self.0.instance_info
    }

    /// The same, with zero for each of these operation items that the task does not have.
    #[must_use]
    pub fn with_zeros(&self, keys: &BTreeSet<OperationItemKey>) -> Self {
        Self(StatisticsParts { instance_info: self.0.instance_info.with_zeros(keys), ..self.0.clone() })
    }

    /// Instances.
    pub fn instance_num(&self) -> Count {
        self.0.instance_num
    }

    /// Attributes.
    pub fn attribute_num(&self) -> Count {
        self.0.attribute_num
    }

    /// Frames.
    pub fn frame_num(&self) -> Count {
        self.0.frame_num
    }
}

impl TryFrom<StatisticsParts> for Statistics {
    type Error = CountsDisagree;

    fn try_from(parts: StatisticsParts) -> Result<Self, Self::Error> {
        Self::new(parts)
    }
}

impl From<Statistics> for StatisticsParts {
    fn from(statistics: Statistics) -> Self {
        statistics.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OperationItemKey;

    fn parts(instances: u32, attributes: u32) -> StatisticsParts {
        let key = |name: &str| OperationItemKey::new(name).unwrap();
        StatisticsParts {
            id: TaskId::from(300_000_000_000_000_001),
            source_name: None,
            status: TaskStatus::LABELS_APPROVED,
            campaign_id: CampaignId::new("1001").unwrap(),
            pool_name: PoolName::new("complete pool").unwrap(),
            pool_type: PoolType::Complete,
            instance_info: InstanceInfo::new([
                (key("select-[e000f]"), Count::from(44)),
                (key("0e767bcb-7480-4e85-bbe8-439fe7871104"), Count::from(11)),
                (key("car"), Count::ONE),
            ])
            .unwrap(),
            instance_num: Count::from(instances),
            attribute_num: Count::from(attributes),
            frame_num: Count::ONE,
        }
    }

    #[test]
    fn counts_that_agree_are_kept() {
        let statistics = Statistics::new(parts(12, 44)).unwrap();
        assert_eq!(StatisticsParts::from(statistics), parts(12, 44));
    }

    #[test]
    fn counts_that_disagree_are_refused_with_the_sums() {
        let error = Statistics::new(parts(12, 45)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "instanceInfo adds up to 56, but instanceNum + attributeNum is 12 + 45: they must be equal"
        );
    }

    #[test]
    fn numbers_that_overflow_when_added_disagree() {
        let mut largest = parts(0, 1);
        largest.instance_num = Count::try_from(i64::MAX).unwrap();
        assert!(Statistics::new(largest).is_err());
    }
}
