//! What tasks add to the sums of their requests, added up in memory.

use annotation_statistics_domain::{InstanceInfo, RecordedTask, Statistics};
use std::collections::BTreeMap;

/// What tasks add to the sums of their requests. Negative where more is subtracted.
#[derive(Debug, Default)]
pub(super) struct Sums {
    requests: BTreeMap<String, SumsOfRequest>,
    entries: usize,
}

#[derive(Debug, Default)]
struct SumsOfRequest {
    groups: BTreeMap<(i16, i32), Group>,
    /// By item, then by pool type and status.
    items: BTreeMap<String, BTreeMap<(i16, i32), Item>>,
    cells: usize,
}

/// One task as it adds to the sums of its request.
pub(super) struct Addend<'a> {
    pub(super) pool_type: i16,
    pub(super) status: i32,
    pub(super) instances: i64,
    pub(super) attributes: i64,
    pub(super) frames: i64,
    /// Its counts; `None` where nothing changes about them.
    pub(super) items: Option<&'a InstanceInfo>,
}

impl<'a> From<&'a RecordedTask> for Addend<'a> {
    fn from(task: &'a RecordedTask) -> Self {
        Self::from(&task.statistics)
    }
}

impl<'a> From<&'a Statistics> for Addend<'a> {
    fn from(statistics: &'a Statistics) -> Self {
        Self {
            pool_type: statistics.pool_type().number(),
            status: statistics.status().code(),
            instances: statistics.instance_num().get(),
            attributes: statistics.attribute_num().get(),
            frames: statistics.frame_num().get(),
            items: Some(statistics.instance_info()),
        }
    }
}

/// What tasks of one request, pool type and status add. Two counts can add up to more than 64 bits.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) tasks: i64,
    pub(super) instances: i128,
    pub(super) attributes: i128,
    pub(super) frames: i128,
}

/// What tasks of one request add to one operation item, in all or within one pool type and status.
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
        self.change(task.annotation_request_id.as_str(), 1, &task.into());
    }

    /// Adds what a task of this request is now (`sign` is 1), or subtracts what it was (-1).
    pub(super) fn change(&mut self, request: &str, sign: i64, task: &Addend<'_>) {
        if !self.requests.contains_key(request) {
            self.requests.insert(request.to_owned(), SumsOfRequest::default());
        }
        if let Some(request) = self.requests.get_mut(request) {
            let before = request.entries();
            request.change(sign, task);
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
    pub(super) fn items(&self) -> Vec<(&str, &str, Item)> {
        let all = |groups: &BTreeMap<_, Item>| groups.values().fold(Item::default(), Item::plus);
        let requests = self.requests.iter();
        let items = requests.flat_map(|(id, of)| of.items.iter().map(move |(key, groups)| (id, key, groups)));
        items.map(|(id, key, groups)| (id.as_str(), key.as_str(), all(groups))).collect()
    }

    /// Request, key, pool type, status and their sums, each once.
    pub(super) fn cells(&self) -> Vec<(&str, Cell<'_>)> {
        let requests = self.requests.iter();
        let items = requests.flat_map(|(id, of)| of.items.iter().map(move |(key, groups)| (id, key, groups)));
        let cells = items.flat_map(|(id, key, groups)| {
            let cells = groups.iter().map(|((pool_type, status), item)| Cell {
                key,
                pool_type: *pool_type,
                status: *status,
                item,
            });
            cells.map(|cell| (id.as_str(), cell))
        });
        cells.collect()
    }
}

/// What tasks of one pool type and status add to one operation item of a request.
pub(super) struct Cell<'a> {
    pub(super) key: &'a str,
    pub(super) pool_type: i16,
    pub(super) status: i32,
    pub(super) item: &'a Item,
}

impl SumsOfRequest {
    fn entries(&self) -> usize {
        self.groups.len() + self.cells
    }

    fn change(&mut self, sign: i64, task: &Addend<'_>) {
        let wide = i128::from(sign);
        let group = self.groups.entry((task.pool_type, task.status)).or_default();
        group.tasks += sign;
        group.instances += wide * i128::from(task.instances);
        group.attributes += wide * i128::from(task.attributes);
        group.frames += wide * i128::from(task.frames);
        // An item of which there is none adds nothing.
        for (key, count) in task.items.iter().flat_map(|items| items.iter()).filter(|(_, count)| count.get() > 0) {
            if !self.items.contains_key(key) {
                self.items.insert(key.to_owned(), BTreeMap::new());
            }
            if let Some(groups) = self.items.get_mut(key) {
                let before = groups.len();
                let item = groups.entry((task.pool_type, task.status)).or_default();
                item.total += wide * i128::from(count.get());
                item.tasks += sign;
                item.tasks_of_slots += sign * i64::from(task.attributes == 0);
                item.tasks_of_inputs += sign * i64::from(task.instances == 0);
                self.cells += groups.len() - before;
            }
        }
    }
}

impl Group {
    /// Whether nothing is added.
    pub(super) fn is_zero(&self) -> bool {
        (self.tasks, self.instances, self.attributes, self.frames) == (0, 0, 0, 0)
    }

    /// Whether something is subtracted. The sum is stored then, with at least that.
    pub(super) fn subtracts(&self) -> bool {
        self.tasks < 0 || self.instances < 0 || self.attributes < 0 || self.frames < 0
    }
}

impl Item {
    fn plus(self, other: &Self) -> Self {
        Self {
            total: self.total + other.total,
            tasks: self.tasks + other.tasks,
            tasks_of_slots: self.tasks_of_slots + other.tasks_of_slots,
            tasks_of_inputs: self.tasks_of_inputs + other.tasks_of_inputs,
        }
    }

    /// Whether nothing is added.
    pub(super) fn is_zero(&self) -> bool {
        (self.total, self.tasks, self.tasks_of_slots, self.tasks_of_inputs) == (0, 0, 0, 0)
    }

    /// Whether something is subtracted. The sum is stored then, with at least that.
    pub(super) fn subtracts(&self) -> bool {
        self.total < 0 || self.tasks < 0 || self.tasks_of_slots < 0 || self.tasks_of_inputs < 0
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
    fn what_is_the_same_before_and_after_changes_nothing_and_what_is_less_subtracts() {
        let (before, after) = (task("a", 1, 2, 1), task("a", 1, 2, 0));
        let mut sums = Sums::default();
        sums.change("a", -1, &(&before).into());
        sums.change("a", 1, &(&after).into());
        let groups = sums.groups();
        assert_eq!((groups[0].3.tasks, groups[0].3.instances, groups[0].3.attributes), (0, 0, -1));
        assert!(groups[0].3.subtracts() && !groups[0].3.is_zero());
        let items = sums.items().into_iter().map(|(_, key, of)| {
            format!("{key}: {} {} {} {} {}", of.total, of.tasks, of.tasks_of_slots, of.is_zero(), of.subtracts())
        });
        assert_eq!(items.collect::<Vec<_>>(), ["car: 0 0 1 false false", "color: -1 -1 0 false true"]);
        sums.change("a", -1, &(&after).into());
        sums.change("a", 1, &(&before).into());
        assert!(sums.groups().iter().all(|(.., group)| group.is_zero() && !group.subtracts()));
        assert!(sums.items().iter().all(|(.., item)| item.is_zero()));
    }

    #[test]
    fn a_task_that_moves_changes_the_sums_of_both_groups_and_none_by_item() {
        let task = task("a", 1, 2, 1);
        let mut sums = Sums::default();
        sums.change("a", -1, &Addend { status: 3, ..Addend::from(&task) });
        sums.change("a", 1, &Addend::from(&task));
        assert!(sums.items().iter().all(|(.., item)| item.is_zero()));
        let cells = sums.cells().into_iter().map(|(request, Cell { key, pool_type, status, item })| {
            format!("{request} {key} {pool_type} {status}: {} {}", item.total, item.tasks)
        });
        let expected = ["a car 5 3: -2 -1", "a car 5 11: 2 1", "a color 5 3: -1 -1", "a color 5 11: 1 1"];
        assert_eq!(cells.collect::<Vec<_>>(), expected);
        assert_eq!(sums.entries(), 6);
    }

    #[test]
    fn counts_add_up_to_more_than_64_bits() {
        let sums = added(&[task("a", 1, i64::MAX, 0), task("a", 2, i64::MAX, 0)]);
        let twice = 2 * i128::from(i64::MAX);
        assert_eq!(sums.groups()[0].3.instances, twice);
        assert_eq!(sums.items()[0].2.total, twice);
    }
}
