//! What was counted in one task of a file.

use crate::read_fault::shortened;
use annotation_statistics_domain::{
    CampaignId, Count, InstanceInfo, InstanceInfoError, OperationItemKey, PoolName, PoolType, Statistics,
    StatisticsParts, TaskId, TaskStatus,
};
use std::collections::BTreeMap;

/// What was counted in one task of a file: everything of a [`Statistics`] that a file can know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskCounts {
    /// The task: the number that the file gives it, or the [`stable_id`](crate::stable_id) of its name.
    pub id: TaskId,
    /// The name of the task in the file, where its id was made of it.
    pub source_name: Option<String>,
    /// Instances by key.
    pub instances: BTreeMap<OperationItemKey, Count>,
    /// Attributes by key.
    pub attributes: BTreeMap<OperationItemKey, Count>,
    /// Frames.
    pub frames: Count,
}

/// Where the tasks of a file stand: everything of a [`Statistics`] that a file cannot know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskStage {
    /// The campaign that the tasks belong to.
    pub campaign_id: CampaignId,
    /// The name of the pool that the tasks are in.
    pub pool_name: PoolName,
    /// The kind of that pool.
    pub pool_type: PoolType,
    /// The status of the tasks.
    pub status: TaskStatus,
}

impl TaskCounts {
    pub(crate) fn numbered(id: i64) -> Self {
        Self {
            id: TaskId::from(id),
            source_name: None,
            instances: BTreeMap::new(),
            attributes: BTreeMap::new(),
            frames: Count::ONE,
        }
    }

    pub(crate) fn named(name: String) -> Self {
        let id = crate::stable_id(&name).get();
        Self { source_name: Some(name), ..Self::numbered(id) }
    }

    /// All instances.
    pub fn instance_num(&self) -> Option<Count> {
        sum(&self.instances)
    }

    /// All attributes.
    pub fn attribute_num(&self) -> Option<Count> {
        sum(&self.attributes)
    }

    /// The row of the answer.
    ///
    /// A key that is both an instance's and an attribute's has the sum of both in `instanceInfo`; `instanceNum` and
    /// `attributeNum` still tell them apart.
    ///
    /// # Errors
    /// When there are more keys, or more of them, than a row can hold.
    pub fn into_statistics(self, stage: &TaskStage) -> Result<Statistics, InstanceInfoError> {
        let too_large = InstanceInfoError::TotalTooLarge;
        let instance_num = self.instance_num().ok_or_else(|| too_large.clone())?;
        let attribute_num = self.attribute_num().ok_or_else(|| too_large.clone())?;
        let mut counts = self.instances;
        for (key, count) in self.attributes {
            add(&mut counts, key, count).ok_or_else(|| too_large.clone())?;
        }
        let parts = StatisticsParts {
            id: self.id,
            status: stage.status,
            campaign_id: stage.campaign_id.clone(),
            pool_name: stage.pool_name.clone(),
            pool_type: stage.pool_type,
            instance_info: InstanceInfo::new(counts)?,
            instance_num,
            attribute_num,
            frame_num: self.frames,
        };
        Statistics::new(parts).map_err(|_| too_large)
    }

    /// Counts instances; the error is the reason why the key cannot be kept.
    pub(crate) fn add_instances(&mut self, key: &str, times: u64) -> Result<(), String> {
        add_text(&mut self.instances, key, times)
    }

    /// Counts attributes; the error is the reason why the key cannot be kept.
    pub(crate) fn add_attributes(&mut self, key: &str, times: u64) -> Result<(), String> {
        add_text(&mut self.attributes, key, times)
    }
}

/// A text as a key; the error is the reason why it cannot be one.
pub(crate) fn key_of(text: &str) -> Result<OperationItemKey, String> {
    OperationItemKey::new(text).map_err(|error| format!("the key `{}` {error}", shortened(text)))
}

/// A number of things; the error is the reason why there cannot be so many.
pub(crate) fn count_of(number: u64) -> Result<Count, String> {
    let count = i64::try_from(number).ok().and_then(|number| Count::try_from(number).ok());
    count.ok_or_else(|| format!("{number} is more than {}", i64::MAX))
}

fn add_text(counts: &mut BTreeMap<OperationItemKey, Count>, key: &str, times: u64) -> Result<(), String> {
    if times == 0 {
        return Ok(());
    }
    add(counts, key_of(key)?, count_of(times)?).ok_or_else(|| format!("there are more than {} of one key", i64::MAX))
}

fn add(counts: &mut BTreeMap<OperationItemKey, Count>, key: OperationItemKey, count: Count) -> Option<()> {
    let sum = counts.entry(key).or_default();
    *sum = sum.checked_add(count)?;
    Some(())
}

fn sum(counts: &BTreeMap<OperationItemKey, Count>) -> Option<Count> {
    counts.values().try_fold(Count::ZERO, |sum, count| sum.checked_add(*count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage() -> TaskStage {
        TaskStage {
            campaign_id: CampaignId::new("C").unwrap(),
            pool_name: PoolName::new("complete pool").unwrap(),
            pool_type: PoolType::Complete,
            status: TaskStatus::LABELS_APPROVED,
        }
    }

    #[test]
    fn a_key_of_instances_and_attributes_has_the_sum_and_the_totals_tell_them_apart() {
        let mut counts = TaskCounts::numbered(7);
        counts.add_instances("car", 2).unwrap();
        counts.add_attributes("car", 3).unwrap();
        counts.add_attributes("car/color", 1).unwrap();
        counts.add_instances("bus", 0).unwrap();
        let statistics = counts.into_statistics(&stage()).unwrap();
        let info: Vec<_> = statistics.instance_info().iter().map(|(key, count)| (key, count.get())).collect();
        assert_eq!(info, [("car", 5), ("car/color", 1)]);
        assert_eq!((statistics.instance_num().get(), statistics.attribute_num().get()), (2, 4));
    }

    #[test]
    fn what_cannot_be_counted_is_told() {
        let mut counts = TaskCounts::numbered(7);
        assert_eq!(counts.add_instances("", 1), Err("the key `` must not be empty".to_owned()));
        assert!(counts.add_instances("car", u64::MAX).is_err());
        counts.add_instances("car", i64::MAX.unsigned_abs()).unwrap();
        assert!(counts.add_instances("car", 1).is_err());
        counts.add_instances("bus", 1).unwrap();
        assert_eq!(counts.into_statistics(&stage()), Err(InstanceInfoError::TotalTooLarge));
    }
}
