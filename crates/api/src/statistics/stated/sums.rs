//! Sums out of the documents of statements.

use annotation_statistics_domain::{
    ItemKind, ItemLabel, ItemSums, OperationItemKey, RepositoryError, RequestTotals, Revision, StatedItem, Summary,
    SumsDisagree, TaskFilter, Totals,
};
use annotation_statistics_statements::{Envelope, GroupSums, ItemSum};
use std::collections::BTreeMap;

/// What documents add up to, of which each was added once.
pub(super) struct StatedSums {
    requests: Vec<RequestTotals>,
    items: BTreeMap<OperationItemKey, StatedCounts>,
    /// The bytes of keys and labels, and the most of them.
    bytes: usize,
    max_bytes: usize,
}

/// What documents say of an operation item.
struct StatedCounts {
    count: u128,
    tasks: u64,
    /// That of the documents that have any.
    kind: Agreed<ItemKind>,
    /// That of the documents that have none: what was ordered.
    ordered_kind: Agreed<ItemKind>,
    label: Agreed<ItemLabel>,
    /// Whether a document has it and none of its tasks does.
    is_ordered: bool,
}

/// What several documents say, as far as they say the same.
enum Agreed<T> {
    Unsaid,
    Said(T),
    Various,
}

impl<T: PartialEq> Agreed<T> {
    fn add(&mut self, value: Option<T>) {
        *self = match (std::mem::replace(self, Self::Various), value) {
            (Self::Unsaid, Some(value)) => Self::Said(value),
            (Self::Said(said), Some(value)) if said == value => Self::Said(said),
            _ => Self::Various,
        };
    }

    fn said(self) -> Option<T> {
        if let Self::Said(value) = self { Some(value) } else { None }
    }
}

impl StatedSums {
    pub(super) fn new(max_bytes: usize) -> Self {
        Self { requests: Vec::new(), items: BTreeMap::new(), bytes: 0, max_bytes }
    }

    /// Adds a document; its operation items only where the filter covers its campaign.
    pub(super) fn add(&mut self, document: Envelope, filter: &TaskFilter) -> Result<(), RepositoryError> {
        let group = |group: GroupSums| {
            let totals = Totals {
                tasks: group.task_num,
                instances: group.instance_num,
                attributes: group.attribute_num,
                frames: group.frame_num,
            };
            (group.pool_type, group.status, totals)
        };
        if filter.covers_campaign(&document.campaign_id) {
            document.operation_items.iter().try_for_each(|item| self.add_item(item))?;
        }
        self.requests.push(RequestTotals {
            id: document.annotation_request_id,
            campaign_id: document.campaign_id,
            counting_rule: document.counting_rule,
            revision: Revision::from(document.revision),
            task_count: document.total.task_num,
            groups: document.groups.into_iter().map(group).collect(),
        });
        Ok(())
    }

    fn add_item(&mut self, item: &ItemSum) -> Result<(), RepositoryError> {
        let corrupt =
            |what: &str| RepositoryError::Corrupt { what: format!("a statement has {what} of `{}`", item.key) };
        let kind = match item.kind.as_deref() {
            None => None,
            Some("slot") => Some(ItemKind::Slot),
            Some("input") => Some(ItemKind::Input),
            Some(_) => return Err(corrupt("an unknown kind")),
        };
        let label = item.label.as_deref().map(ItemLabel::new).transpose().map_err(|_| corrupt("an invalid label"))?;
        let counts = self.items.entry(item.key.clone()).or_insert_with(|| {
            self.bytes += item.key.as_str().len() + item.label.as_ref().map_or(0, String::len);
            StatedCounts::default()
        });
        counts.count = counts.count.checked_add(item.count).ok_or_else(|| corrupt("too large a sum"))?;
        counts.tasks = counts.tasks.checked_add(item.task_num).ok_or_else(|| corrupt("too many tasks"))?;
        let is_used = item.count > 0;
        counts.is_ordered |= !is_used;
        let of_use = if is_used { &mut counts.kind } else { &mut counts.ordered_kind };
        of_use.add(kind);
        if label.is_some() {
            counts.label.add(label);
        }
        if self.bytes > self.max_bytes {
            return Err(RepositoryError::SummaryTooLarge { limit: self.max_bytes });
        }
        Ok(())
    }

    /// The kinds of the operation items that tasks have.
    pub(super) fn kinds(&self) -> BTreeMap<OperationItemKey, Option<ItemKind>> {
        let kind = |counts: &StatedCounts| if let Agreed::Said(kind) = counts.kind { Some(kind) } else { None };
        self.items.iter().map(|(key, counts)| (key.clone(), kind(counts))).collect()
    }

    /// The sums over all tasks.
    pub(super) fn summary(self) -> Result<Summary, RepositoryError> {
        let (requests, items, stated) = self.into_parts();
        Ok(Summary::new(requests, items).map_err(|error| disagree(&error))?.with_stated_items(stated))
    }

    /// The requests, the sums of the operation items that tasks have, and what is stated of all of them.
    pub(super) fn into_parts(self) -> (Vec<RequestTotals>, Vec<ItemSums>, Vec<StatedItem>) {
        let (mut used, mut stated) = (Vec::new(), Vec::new());
        for (key, counts) in self.items {
            let kind = counts.kind.said();
            if counts.count > 0 {
                used.push(item_sums(key.clone(), counts.count, counts.tasks, kind));
            }
            let (label, is_whitelisted) = (counts.label.said(), counts.is_ordered);
            stated.push(StatedItem { key, label, kind: counts.ordered_kind.said(), is_found: false, is_whitelisted });
        }
        (self.requests, used, stated)
    }
}

impl Default for StatedCounts {
    fn default() -> Self {
        Self {
            count: 0,
            tasks: 0,
            kind: Agreed::Unsaid,
            ordered_kind: Agreed::Unsaid,
            label: Agreed::Unsaid,
            is_ordered: false,
        }
    }
}

/// The sums of an item whose kind the documents give. One that they give none has instances and attributes, so that none is
/// derived from the other items: the documents were made of all that was known.
pub(super) fn item_sums(key: OperationItemKey, count: u128, tasks: u64, kind: Option<ItemKind>) -> ItemSums {
    let of_both = u64::from(kind.is_none());
    ItemSums { key, count, tasks, tasks_of_slots: of_both, tasks_of_inputs: of_both, stated_kind: kind }
}

pub(super) fn disagree(error: &SumsDisagree) -> RepositoryError {
    RepositoryError::Corrupt { what: format!("statements: {error}") }
}
