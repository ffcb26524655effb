//! Any task that is written as a line reads back as it was.

use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, Count, CountingRuleName, InstanceInfo, ItemKind, ItemKinds, OperationItemKey,
    Place, PoolName, PoolType, RecordedTask, SourceName, Statistics, StatisticsParts, TaskId, TaskStatus,
};
use annotation_statistics_exports::write_line;
use annotation_statistics_formats::JsonLines;
use proptest::prelude::*;

fn statistics() -> impl Strategy<Value = Statistics> {
    let counts = proptest::collection::btree_map("[^\0]{1,20}", 0_u32..1000, 0..12);
    let ids = (any::<i64>(), proptest::option::of("[^\0]{1,50}"));
    (ids, any::<i32>(), "[^\0]{1,50}", "[^\0]{1,50}", 0_i16..6, counts, any::<u32>(), any::<u32>()).prop_map(
        |((id, source), status, campaign, pool, kind, counts, cut, frames)| {
            let total: u32 = counts.values().sum();
            let instances = if total == 0 { 0 } else { cut % (total + 1) };
            let counts = counts.into_iter().map(|(key, count)| (key.try_into().unwrap(), Count::from(count)));
            Statistics::new(StatisticsParts {
                id: TaskId::from(id),
                source_name: source.map(|name| SourceName::new(name).unwrap()),
                status: TaskStatus::from(status),
                campaign_id: CampaignId::new(campaign).unwrap(),
                pool_name: PoolName::new(pool).unwrap(),
                pool_type: PoolType::try_from(kind).unwrap(),
                instance_info: InstanceInfo::new(counts).unwrap(),
                instance_num: Count::from(instances),
                attribute_num: Count::from(total - instances),
                frame_num: Count::from(frames),
            })
            .unwrap()
        },
    )
}

/// What cannot be wrong: a kind for the items of which there are none.
fn kinds(statistics: &Statistics) -> ItemKinds {
    let none = statistics.instance_info().iter().filter(|(_, count)| *count == Count::ZERO);
    none.map(|(key, _)| (key.to_owned().try_into().unwrap(), ItemKind::Input)).collect()
}

proptest! {
    #[test]
    fn what_is_written_reads_back_as_it_was(
        tasks in proptest::collection::vec(statistics(), 0..4),
        request in "[^\0]{1,60}",
        states_kinds in any::<bool>(),
        rule in proptest::option::of("[a-z./-]{1,64}"),
    ) {
        let request = AnnotationRequestId::new(request).unwrap();
        let rule = rule.map(|name| CountingRuleName::new(name).unwrap());
        let written: Vec<_> = (1..).zip(tasks).map(|(place, statistics)| RecordedTask {
            place: Place::from(place),
            annotation_request_id: request.clone(),
            counting_rule: rule.clone(),
            item_kinds: if states_kinds { kinds(&statistics) } else { ItemKinds::default() },
            statistics,
        }).collect();
        let mut file = Vec::new();
        for task in &written {
            write_line(&mut file, task).unwrap();
        }
        prop_assert_eq!(JsonLines::new(file.as_slice()).map(Result::unwrap).collect::<Vec<_>>(), written);
    }
}

/// Its items are as many as there may be, with the longest names, in signs that JSON writes in six, and kinds.
#[test]
fn the_largest_task_that_there_may_be_reads_back_as_it_was() {
    let name = |number: usize| -> OperationItemKey { format!("{number:\u{1}>1024}").try_into().unwrap() };
    let names = || (10_000..20_000).map(name);
    let statistics = Statistics::new(StatisticsParts {
        id: TaskId::from(i64::MIN),
        source_name: None,
        status: TaskStatus::from(11),
        campaign_id: CampaignId::new("1001").unwrap(),
        pool_name: PoolName::new("complete pool").unwrap(),
        pool_type: PoolType::Complete,
        instance_info: InstanceInfo::new(names().map(|name| (name, Count::ZERO))).unwrap(),
        instance_num: Count::ZERO,
        attribute_num: Count::ZERO,
        frame_num: Count::ZERO,
    });
    let task = RecordedTask {
        place: Place::from(1),
        annotation_request_id: AnnotationRequestId::new("a").unwrap(),
        counting_rule: None,
        item_kinds: names().map(|name| (name, ItemKind::Input)).collect(),
        statistics: statistics.unwrap(),
    };
    let mut file = Vec::new();
    write_line(&mut file, &task).unwrap();
    assert!(file.len() > 120_000_000, "{}", file.len());
    assert!(JsonLines::new(file.as_slice()).map(Result::unwrap).eq([task]));
}
