//! What new tasks add to the sums of their requests, added up in memory.

use annotation_statistics_domain::RecordedTask;
use std::collections::BTreeMap;

/// What tasks add to the sums of their requests, if all of them are new.
#[derive(Debug, Default)]
pub(super) struct Sums {
    requests: BTreeMap<String, SumsOfRequest>,
    entries: usize,
}

#[derive(Debug, Default)]
struct SumsOfRequest {
    groups: BTreeMap<(i16, i32), Group>,
    items: BTreeMap<String, Item>,
}

/// What tasks of one request, pool type and status add. Two counts can add up to more than 64 bits.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) tasks: i64,
    pub(super) instances: i128,
    pub(super) attributes: i128,
    pub(super) frames: i128,
}

/// What tasks of one request add to one operation item.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) total: i128,
    pub(super) tasks: i64,
    pub(super) tasks_of_slots: i64,
    pub(super) tasks_of_inputs: i64,
}

impl Sums {
    /// Adds a task.
    pub(super) fn add(&mut self, task: &RecordedTask) {
        let id = task.annotation_request_id.as_str();
        if !self.requests.contains_key(id) {
            self.requests.insert(id.to_owned(), SumsOfRequest::default());
        }
        if let Some(request) = self.requests.get_mut(id) {
            let before = request.entries();
            request.add(task);
            self.entries += request.entries() - before;
        }
    }

    /// How many sums there are.
    pub(super) fn entries(&self) -> usize {
        self.entries
    }

    /// Request, pool type, status and their sums, each once.
    pub(super) fn groups(&self) -> Vec<(&str, i16, i32, &Group)> {
        let requests = self.requests.iter();
        let groups = requests.flat_map(|(id, of)| of.groups.iter().map(move |(key, group)| (id, key, group)));
        groups.map(|(id, (pool_type, status), group)| (id.as_str(), *pool_type, *status, group)).collect()
    }

    /// Request, key and their sums, each once.
    pub(super) fn items(&self) -> Vec<(&str, &str, &Item)> {
        let requests = self.requests.iter();
        requests.flat_map(|(id, of)| of.items.iter().map(|(key, item)| (id.as_str(), key.as_str(), item))).collect()
    }
}

impl SumsOfRequest {
    fn entries(&self) -> usize {
        self.groups.len() + self.items.len()
    }

    fn add(&mut self, task: &RecordedTask) {
        let statistics = &task.statistics;
        let (instances, attributes) = (statistics.instance_num().get(), statistics.attribute_num().get());
        let group = self.groups.entry((statistics.pool_type().number(), statistics.status().code())).or_default();
        group.tasks += 1;
        group.instances += i128::from(instances);
        group.attributes += i128::from(attributes);
        group.frames += i128::from(statistics.frame_num().get());
        // An item of which there is none adds nothing.
        for (key, count) in statistics.instance_info().iter().filter(|(_, count)| count.get() > 0) {
            if !self.items.contains_key(key) {
                self.items.insert(key.to_owned(), Item::default());
            }
            if let Some(item) = self.items.get_mut(key) {
                item.total += i128::from(count.get());
                item.tasks += 1;
                item.tasks_of_slots += i64::from(attributes == 0);
                item.tasks_of_inputs += i64::from(instances == 0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use annotation_statistics_domain::{
        AnnotationRequestId, CampaignId, Count, InstanceInfo, ItemKinds, OperationItemKey, Place, PoolName, PoolType,
        Statistics, StatisticsParts, TaskId, TaskStatus,
    };

    fn task(request: &str, id: i64, car: i64, color: i64) -> RecordedTask {
        let count = |number: i64| Count::try_from(number).unwrap();
        let counts = [("car", car), ("color", color), ("none", 0)];
        let counts = counts.map(|(key, number)| (OperationItemKey::new(key).unwrap(), count(number)));
        let statistics = Statistics::new(StatisticsParts {
            id: TaskId::from(id),
            source_name: None,
            status: TaskStatus::from(11),
            campaign_id: CampaignId::new("1001").unwrap(),
            pool_name: PoolName::new("complete pool").unwrap(),
            pool_type: PoolType::Complete,
            instance_info: InstanceInfo::new(counts).unwrap(),
            instance_num: count(car),
            attribute_num: count(color),
            frame_num: Count::ONE,
        });
        RecordedTask {
            place: Place::from(1),
            annotation_request_id: AnnotationRequestId::new(request).unwrap(),
            counting_rule: None,
            item_kinds: ItemKinds::default(),
            statistics: statistics.unwrap(),
        }
    }

    fn added<'a>(tasks: impl IntoIterator<Item = &'a RecordedTask>) -> Sums {
        let mut sums = Sums::default();
        tasks.into_iter().for_each(|task| sums.add(task));
        sums
    }

    #[test]
    fn tasks_are_added_up_by_request_and_group_and_by_request_and_item() {
        let sums = added(&[task("b", 1, 2, 1), task("a", 2, 3, 0), task("b", 3, 0, 4)]);
        let groups = sums.groups().into_iter().map(|(request, pool_type, status, of)| {
            format!("{request} {pool_type} {status}: {} {} {} {}", of.tasks, of.instances, of.attributes, of.frames)
        });
        assert_eq!(groups.collect::<Vec<_>>(), ["a 5 11: 1 3 0 1", "b 5 11: 2 2 5 2"]);
        let items = sums.items().into_iter().map(|(request, key, of)| {
            format!("{request} {key}: {} {} {} {}", of.total, of.tasks, of.tasks_of_slots, of.tasks_of_inputs)
        });
        assert_eq!(items.collect::<Vec<_>>(), ["a car: 3 1 1 0", "b car: 2 1 0 0", "b color: 5 2 0 1"]);
        assert_eq!(sums.entries(), 5);
    }

    #[test]
    fn counts_add_up_to_more_than_64_bits() {
        let sums = added(&[task("a", 1, i64::MAX, 0), task("a", 2, i64::MAX, 0)]);
        let twice = 2 * i128::from(i64::MAX);
        assert_eq!(sums.groups()[0].3.instances, twice);
        assert_eq!(sums.items()[0].2.total, twice);
    }
}
