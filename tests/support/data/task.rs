//! Tasks to record.

use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, Count, CountingRuleName, InstanceInfo, ItemKind, ItemKinds, OperationItemKey,
    Place, PoolName, PoolType, RecordedTask, SourceName, Statistics, StatisticsParts, TaskId, TaskStatus, TaskStream,
};

/// A plausible task, to be changed where a test cares.
#[derive(Debug, Clone)]
pub struct Task {
    request: AnnotationRequestId,
    rule: Option<CountingRuleName>,
    kinds: ItemKinds,
    parts: StatisticsParts,
}

/// A finished task of a request in campaign `1001`: 12 instances, 44 attributes, 1 frame.
pub fn task(request: &str, id: i64) -> Task {
    let parts = StatisticsParts {
        id: TaskId::from(id),
        source_name: None,
        status: TaskStatus::LABELS_APPROVED,
        campaign_id: CampaignId::new("1001").unwrap(),
        pool_name: PoolName::new("complete pool").unwrap(),
        pool_type: PoolType::Complete,
        instance_info: InstanceInfo::default(),
        instance_num: Count::ZERO,
        attribute_num: Count::ZERO,
        frame_num: Count::ONE,
    };
    Task { request: AnnotationRequestId::new(request).unwrap(), rule: None, kinds: ItemKinds::default(), parts }
        .counts(12, 44)
}

impl Task {
    /// Of another campaign.
    #[must_use]
    pub fn campaign(mut self, campaign: &str) -> Self {
        self.parts.campaign_id = CampaignId::new(campaign).unwrap();
        self
    }

    /// With counts for so many operation items, each with a key of 20 bytes.
    #[must_use]
    pub fn items(mut self, number: u32) -> Self {
        let key = |number: u32| OperationItemKey::new(format!("item-{number:015}")).unwrap();
        self.parts.instance_info = InstanceInfo::new((0..number).map(|item| (key(item), Count::ONE))).unwrap();
        (self.parts.instance_num, self.parts.attribute_num) =
            (Count::try_from(i64::from(number)).unwrap(), Count::ZERO);
        self
    }

    /// Counted by a rule.
    #[must_use]
    pub fn counted_by(mut self, rule: &str) -> Self {
        self.rule = Some(CountingRuleName::new(rule.to_owned()).unwrap());
        self
    }

    /// Made of something with this name.
    #[must_use]
    pub fn made_of(mut self, name: &str) -> Self {
        self.parts.source_name = Some(SourceName::new(name).unwrap());
        self
    }

    /// Stating what an operation item makes.
    #[must_use]
    pub fn stating(mut self, item: &str, kind: ItemKind) -> Self {
        self.kinds.insert(OperationItemKey::new(item).unwrap(), kind);
        self
    }

    /// With another status.
    #[must_use]
    pub fn status(mut self, code: i32) -> Self {
        self.parts.status = TaskStatus::from(code);
        self
    }

    /// In another pool.
    #[must_use]
    pub fn pool(mut self, kind: PoolType, name: &str) -> Self {
        self.parts.pool_type = kind;
        self.parts.pool_name = PoolName::new(name).unwrap();
        self
    }

    /// With other numbers of instances and attributes, spread over keys of both styles.
    #[must_use]
    pub fn counts(self, instances: u32, attributes: u32) -> Self {
        let slot = "0e767bcb-7480-4e85-bbe8-439fe7871104";
        self.instance_info(&[(slot, instances), ("select-[e000f]", attributes)], instances, attributes)
    }

    /// With these counts by key, and what they add up to.
    #[must_use]
    pub fn instance_info(mut self, counts: &[(&str, u32)], instances: u32, attributes: u32) -> Self {
        let counts = counts.iter().map(|(key, count)| (OperationItemKey::new(*key).unwrap(), Count::from(*count)));
        self.parts.instance_info = InstanceInfo::new(counts).unwrap();
        self.parts.instance_num = Count::from(instances);
        self.parts.attribute_num = Count::from(attributes);
        self
    }

    /// With another number of frames.
    #[must_use]
    pub fn frames(mut self, frames: u32) -> Self {
        self.parts.frame_num = Count::from(frames);
        self
    }

    /// The row that it is answered with.
    pub fn statistics(&self) -> Statistics {
        Statistics::new(self.parts.clone()).unwrap()
    }

    /// It at a place in an input.
    pub fn at(&self, place: u64) -> RecordedTask {
        RecordedTask {
            place: Place::from(place),
            annotation_request_id: self.request.clone(),
            counting_rule: self.rule.clone(),
            item_kinds: self.kinds.clone(),
            statistics: self.statistics(),
        }
    }
}

/// A stream of tasks at places 1, 2, 3, ...
pub fn stream<T>(tasks: T) -> TaskStream
where
    T: IntoIterator<Item = Task>,
    T::IntoIter: Send + 'static,
{
    Box::new((1..).zip(tasks).map(|(place, task)| Ok(task.at(place))))
}
