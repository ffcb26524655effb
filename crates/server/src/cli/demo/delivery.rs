//! The demo delivery: plausible, and always the same.

use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, Count, CountingRuleName, InstanceInfo, ItemKind, OperationItemKey, Place,
    PoolName, PoolType, RecordedTask, Statistics, StatisticsParts, TaskId, TaskStatus, TextError,
};

/// The first annotation request of the demo, which the documentation uses.
pub const DEMO_REQUEST: &str = "7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b";

const CAMPAIGNS: [&str; 3] = ["1001", "1002", "1003"];
const REQUESTS: [&str; 12] = [
    DEMO_REQUEST,
    "8c5e3b0a-6a52-4d0e-8f43-2f6f0f1f7a01",
    "91fd8a55-93b1-4c6f-9a57-55c1d7be6c02",
    "9b7c64e9-0f5d-47c2-8c1e-7a9d1e0b4f03",
    "a3ca1d72-5e84-4b3f-b6d0-91e2c8a75d04",
    "b4ef7b18-8c36-4a95-a7f1-0d3b6c9e8205",
    "b5a1c3f4-2d69-4e7b-9b08-c4f5a1d27306",
    "c6d5e920-b74c-4f18-8ea2-3f60b8d1c907",
    "d7f2a6c8-1e0b-4d53-95c4-e8b7204f6a08",
    "e8b6d0e3-c58f-4926-a1d7-62a9f3c0be09",
    "f0e7f5b1-4a23-48dc-b38e-d15c7e6f9010",
    "f3d8620f-7b9e-4c71-8f5a-0b42e9d3c711",
];
/// Tasks of each request; the first has as many as the example of the public API page.
const TASKS: [u32; 12] = [1930, 240, 96, 410, 12, 150, 333, 64, 205, 1, 88, 520];

/// Slots, whose counts are instances.
const SLOTS: [&str; 4] = ["box-[a10f2]", "polygon-[b7731]", "0e767bcb-7480-4e85-bbe8-439fe7871104", "cuboid-[c55d0]"];
/// Inputs, whose counts are attributes.
const INPUTS: [&str; 3] = ["select-[e000f]", "b2f6c1aa-93d4-4c0b-8a3e-6f5d2e1c7b90", "text-[f0042]"];

/// Pools, and the status of a task in each; delivered tasks are in the last one.
const POOLS: [(PoolType, &str, i32); 6] = [
    (PoolType::Distribution, "distribution pool", 1),
    (PoolType::Annotation, "street scenes annotation pool", 3),
    (PoolType::Check, "first check pool", 6),
    (PoolType::Sampling, "sampling pool", 9),
    (PoolType::Algorithm, "pre-labelling pool", 2),
    (PoolType::Complete, "complete pool", 11),
];

/// Ids of 18 digits, as the platform gives them.
const FIRST_TASK: i64 = 304_500_000_000_000_000;

/// 3 campaigns, 12 annotation requests, tasks in every pool; the same tasks in the same order every time.
pub fn demo_delivery() -> impl Iterator<Item = RecordedTask> + Send {
    let each_request = REQUESTS.iter().zip(TASKS).zip(CAMPAIGNS.iter().cycle());
    let tasks = each_request.flat_map(|((request, tasks), campaign)| (0..tasks).map(move |_| (*request, *campaign)));
    tasks.zip(0_u32..).filter_map(|((request, campaign), number)| task(request, campaign, number).ok())
}

fn task(request: &str, campaign: &str, number: u32) -> Result<RecordedTask, TextError> {
    let mut dice = Dice(u64::from(number));
    let (pool_type, pool_name, status) = pool(&mut dice);
    let started = pool_type != PoolType::Distribution;
    let slots = counts(&SLOTS, if started { 24 } else { 0 }, &mut dice)?;
    let inputs = counts(&INPUTS, if started { 12 } else { 0 }, &mut dice)?;
    let kinds = |items: &[(OperationItemKey, Count)], kind| {
        items.iter().map(move |(key, _)| (key.clone(), kind)).collect::<Vec<_>>()
    };
    let item_kinds = [kinds(&slots, ItemKind::Slot), kinds(&inputs, ItemKind::Input)].into_iter().flatten().collect();
    let (instance_num, attribute_num) = (total(&slots), total(&inputs));
    let parts = StatisticsParts {
        source_name: None,
        id: TaskId::from(FIRST_TASK + i64::from(number) * 1_024 + i64::from(dice.below(1_024))),
        status: TaskStatus::from(status),
        campaign_id: CampaignId::new(campaign)?,
        pool_name: PoolName::new(pool_name)?,
        pool_type,
        instance_info: InstanceInfo::new(slots.into_iter().chain(inputs)).unwrap_or_default(),
        instance_num,
        attribute_num,
        frame_num: Count::from(1 + dice.below(40)),
    };
    let annotation_request_id = AnnotationRequestId::new(request)?;
    // The sums are of the counts themselves, so they agree.
    let statistics = Statistics::new(parts).map_err(|_| TextError::Empty)?;
    Ok(RecordedTask {
        place: Place::from(u64::from(number) + 1),
        annotation_request_id,
        counting_rule: Some(CountingRuleName::OBJECTS_2),
        item_kinds,
        statistics,
    })
}

/// Most tasks of a delivery are done.
fn pool(dice: &mut Dice) -> (PoolType, &'static str, i32) {
    let [distribution, annotation, check, sampling, algorithm, complete] = POOLS;
    match dice.below(20) {
        0 => distribution,
        1 | 2 => annotation,
        3 => check,
        4 => sampling,
        5 => algorithm,
        _ => complete,
    }
}

fn counts(keys: &[&str], below: u32, dice: &mut Dice) -> Result<Vec<(OperationItemKey, Count)>, TextError> {
    let some = keys.iter().map(|key| (*key, if below == 0 { 0 } else { dice.below(below) }));
    some.filter(|(_, count)| *count > 0)
        .map(|(key, count)| Ok((OperationItemKey::new(key)?, Count::from(count))))
        .collect()
}

fn total(counts: &[(OperationItemKey, Count)]) -> Count {
    counts.iter().filter_map(|(_, count)| u32::try_from(count.get()).ok()).sum::<u32>().into()
}

/// Numbers that look random and are always the same: `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) % u64::from(limit)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_demo_is_always_the_same_and_has_all_that_there_is_to_see() {
        let tasks: Vec<_> = demo_delivery().collect();
        assert_eq!(tasks, demo_delivery().collect::<Vec<_>>());
        assert_eq!(tasks.len(), usize::try_from(TASKS.iter().sum::<u32>()).unwrap());
        let ids: BTreeSet<_> = tasks.iter().map(|task| task.statistics.id()).collect();
        assert_eq!(ids.len(), tasks.len());
        assert!(ids.iter().all(|id| id.to_string().len() == 18));
        let pools: BTreeSet<_> = tasks.iter().map(|task| task.statistics.pool_type()).collect();
        assert_eq!(pools.into_iter().collect::<Vec<_>>(), PoolType::ALL);
        let requests: BTreeSet<_> = tasks.iter().map(|task| task.annotation_request_id.as_str()).collect();
        let campaigns: BTreeSet<_> = tasks.iter().map(|task| task.statistics.campaign_id().as_str()).collect();
        assert_eq!((requests.len(), campaigns.len()), (12, 3));
    }
}
