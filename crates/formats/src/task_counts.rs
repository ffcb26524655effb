//! What was counted in one task of a file.

use crate::counting::{attribute_text, instance_text, key_of};
use annotation_statistics_domain::{
    CampaignId, Count, InstanceInfo, InstanceInfoError, ItemKind, OperationItemKey, PoolName, PoolType, SourceName,
    Statistics, StatisticsParts, TaskId, TaskStatus,
};
use std::collections::BTreeMap;

/// What was counted in one task of a file: everything of a [`Statistics`] that a file can know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskCounts {
    /// The task: the number that the file gives it, or the [`stable_id`](crate::stable_id()) of its name.
    pub id: TaskId,
    /// What the task was made of: an image, a video, an item or a file, where the file names it.
    pub source_name: Option<SourceName>,
    /// Instances by key.
    pub instances: BTreeMap<OperationItemKey, Count>,
    /// Attributes by key.
    pub attributes: BTreeMap<OperationItemKey, Count>,
    /// Frames.
    pub frames: Count,
}

/// Where the tasks of a file are: everything of a [`Statistics`] that a file cannot know.
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

    /// A task that is known by its name alone; the error is the reason why there cannot be such a task.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        let source_name = SourceName::new(name).map_err(|error| format!("the name of the task {error}"))?;
        Ok(Self { source_name: Some(source_name), ..Self::numbered(crate::stable_id(name).get()) })
    }

    /// With the name of what the task was made of; one that cannot be a name is left out.
    pub(crate) fn made_of(mut self, name: &str) -> Self {
        self.source_name = SourceName::new(name).ok();
        self
    }

    /// All instances.
    pub fn instance_num(&self) -> Option<Count> {
        sum(&self.instances)
    }

    /// All attributes.
    pub fn attribute_num(&self) -> Option<Count> {
        sum(&self.attributes)
    }

    /// What each key makes; a key that is both an instance's and an attribute's, which only the platform's own annotation file
    /// can have, is of neither kind.
    pub fn item_kinds(&self) -> impl Iterator<Item = (&OperationItemKey, ItemKind)> {
        let slots = self.instances.keys().filter(|key| !self.attributes.contains_key(*key));
        let inputs = self.attributes.keys().filter(|key| !self.instances.contains_key(*key));
        slots.map(|key| (key, ItemKind::Slot)).chain(inputs.map(|key| (key, ItemKind::Input)))
    }

    /// The row of the public API.
    ///
    /// A key that is both an instance's and an attribute's has the sum of both in `instanceInfo`; `instanceNum` and
    /// `attributeNum` still distinguish them.
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
            source_name: self.source_name,
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

    /// Counts instances with a label; the error is the reason why its key cannot be kept.
    pub(crate) fn add_instances(&mut self, label: &str, times: u64) -> Result<(), String> {
        add_times(&mut self.instances, &instance_text(label), times)
    }

    /// Counts attributes of instances with a label, or, where that is empty, of the task itself; the error is the reason
    /// why its key cannot be kept.
    pub(crate) fn add_attributes(&mut self, label: &str, attribute: &str, times: u64) -> Result<(), String> {
        add_times(&mut self.attributes, &attribute_text(label, attribute), times)
    }

    /// Counts instances of an operation item whose key is the platform's own.
    pub(crate) fn add_slots(&mut self, key: &str, times: u64) -> Result<(), String> {
        add_times(&mut self.instances, key, times)
    }

    /// Counts attributes of an operation item whose key is the platform's own.
    pub(crate) fn add_inputs(&mut self, key: &str, times: u64) -> Result<(), String> {
        add_times(&mut self.attributes, key, times)
    }
}

/// A number of things; the error is the reason why there cannot be so many.
pub(crate) fn count_of(number: u64) -> Result<Count, String> {
    let count = i64::try_from(number).ok().and_then(|number| Count::try_from(number).ok());
    count.ok_or_else(|| format!("{number} is more than {}", i64::MAX))
}

fn add_times(counts: &mut BTreeMap<OperationItemKey, Count>, key: &str, times: u64) -> Result<(), String> {
    if times == 0 {
        return Ok(());
    }
    let too_many = || format!("there are more than {} of one key", i64::MAX);
    // Most keys are known, and need not be made again.
    if let Some(sum) = counts.get_mut(key) {
        *sum = sum.checked_add(count_of(times)?).ok_or_else(too_many)?;
        return Ok(());
    }
    let key = key_of(key)?;
    counts.insert(key, count_of(times)?);
    Ok(())
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
    fn a_key_of_instances_and_attributes_has_the_sum_and_the_totals_distinguish_them() {
        let mut counts = TaskCounts::numbered(7);
        counts.add_slots("car", 2).unwrap();
        counts.add_inputs("car", 3).unwrap();
        counts.add_attributes("car", "color", 1).unwrap();
        counts.add_instances("bus", 0).unwrap();
        let kinds: Vec<_> = counts.item_kinds().map(|(key, kind)| (key.as_str(), kind)).collect();
        assert_eq!(kinds, [("car/color", ItemKind::Input)]);
        let statistics = counts.into_statistics(&stage()).unwrap();
        let info: Vec<_> = statistics.instance_info().iter().map(|(key, count)| (key, count.get())).collect();
        assert_eq!(info, [("car", 5), ("car/color", 1)]);
        assert_eq!((statistics.instance_num().get(), statistics.attribute_num().get()), (2, 4));
    }

    #[test]
    fn what_cannot_be_counted_is_reported() {
        let mut counts = TaskCounts::numbered(7);
        assert_eq!(counts.add_instances("", 1), Err("the key `` must not be empty".to_owned()));
        assert!(counts.add_instances("car", u64::MAX).is_err());
        counts.add_instances("car", i64::MAX.unsigned_abs()).unwrap();
        assert!(counts.add_instances("car", 1).is_err());
        counts.add_instances("bus", 1).unwrap();
        assert_eq!(counts.into_statistics(&stage()), Err(InstanceInfoError::TotalTooLarge));
    }
}
