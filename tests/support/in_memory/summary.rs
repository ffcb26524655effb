//! Sums in memory: added up again for each query.

use super::store::Request;
use annotation_statistics_domain::{
    AnnotationRequestId, ItemCell, ItemSums, OperationItemKey, PoolType, RequestTotals, StatedItem, Statistics,
    Summary, SummaryQuery, TaskStatus, Totals,
};
use std::collections::BTreeMap;

/// The sums over these tasks; none must be past what it holds.
pub fn totals_of<'a>(tasks: impl IntoIterator<Item = &'a Statistics>) -> Totals {
    let wide = |number: annotation_statistics_domain::Count| u128::from(u64::from(number));
    tasks.into_iter().fold(Totals::default(), |sum, task| Totals {
        tasks: sum.tasks + 1,
        instances: sum.instances + wide(task.instance_num()),
        attributes: sum.attributes + wide(task.attribute_num()),
        frames: sum.frames + wide(task.frame_num()),
    })
}

/// How many there are of each operation item in these tasks, and what they say of its kind.
pub fn items_of<'a>(tasks: impl IntoIterator<Item = &'a Statistics>) -> Vec<ItemSums> {
    let mut items: BTreeMap<String, ItemSums> = BTreeMap::new();
    for task in tasks {
        for (key, count) in task.instance_info().iter().filter(|(_, count)| count.get() > 0) {
            let none = || ItemSums {
                key: OperationItemKey::new(key).unwrap(),
                count: 0,
                tasks: 0,
                tasks_of_slots: 0,
                tasks_of_inputs: 0,
                stated_kind: None,
            };
            let item = items.entry(key.to_owned()).or_insert_with(none);
            item.count += u128::from(u64::from(count));
            item.tasks += 1;
            item.tasks_of_slots += u64::from(task.attribute_num().get() == 0);
            item.tasks_of_inputs += u64::from(task.instance_num().get() == 0);
        }
    }
    items.into_values().collect()
}

/// The sums of these requests, as far as they are meant.
pub(crate) fn summary_of(requests: &[(&AnnotationRequestId, &Request)], query: &SummaryQuery) -> Summary {
    let totals = requests.iter().map(|(id, request)| request_totals(id, request)).collect();
    let covered = requests.iter().filter(|(_, request)| query.filter.covers_campaign(&request.campaign));
    let covered: Vec<_> = covered.copied().collect();
    let summary = if query.is_by_item() {
        let requests: Vec<&Request> = requests.iter().map(|(_, request)| *request).collect();
        Summary::new(totals, items_of_requests(&requests)).unwrap()
    } else {
        let cells = covered.iter().flat_map(|(id, request)| cells_of(id, request)).collect();
        Summary::of_cells(totals, cells, query).unwrap()
    };
    summary.with_stated_items(stated_items(covered.iter().map(|(_, request)| *request)))
}

/// What the taxonomies state of each item, as far as they agree.
fn stated_items<'a>(requests: impl Iterator<Item = &'a Request>) -> Vec<StatedItem> {
    let mut items: BTreeMap<&OperationItemKey, StatedItem> = BTreeMap::new();
    for request in requests {
        let (taxonomy, is_found) = (&request.taxonomy, !request.is_stated);
        for operator in taxonomy.operators() {
            let (label, kind) = (Some(operator.label.clone()), Some(operator.kind.makes()));
            let is_whitelisted = taxonomy.whitelist().contains(&operator.key);
            let stated = StatedItem { key: operator.key.clone(), label, kind, is_found, is_whitelisted };
            let item = items.entry(&operator.key).or_insert_with(|| stated.clone());
            item.label = item.label.take().filter(|label| Some(label) == stated.label.as_ref());
            item.kind = item.kind.filter(|kind| Some(*kind) == stated.kind);
            item.is_found &= is_found;
            item.is_whitelisted |= stated.is_whitelisted;
        }
    }
    items.into_values().collect()
}

fn cells_of(id: &AnnotationRequestId, request: &Request) -> Vec<ItemCell> {
    let mut cells = Vec::new();
    for ((pool_type, status), tasks) in groups_of(request) {
        for mut sums in items_of(tasks) {
            sums.stated_kind = request.kind_of(&sums.key);
            cells.push(ItemCell { request: Some(id.clone()), pool_type, status, sums });
        }
    }
    cells
}

fn groups_of(request: &Request) -> BTreeMap<(PoolType, TaskStatus), Vec<&Statistics>> {
    let mut groups: BTreeMap<_, Vec<&Statistics>> = BTreeMap::new();
    for task in &request.tasks {
        groups.entry((task.pool_type(), task.status())).or_default().push(task);
    }
    groups
}

/// The same over requests, with the kinds that all of those state that have the item.
fn items_of_requests(requests: &[&Request]) -> Vec<ItemSums> {
    let mut items = items_of(requests.iter().flat_map(|request| &request.tasks));
    for item in &mut items {
        let has =
            |request: &&&Request| request.tasks.iter().any(|task| task.instance_info().count_of(&item.key).get() > 0);
        let mut kinds = requests.iter().filter(has).map(|request| request.kind_of(&item.key));
        let first = kinds.next().flatten();
        item.stated_kind = first.filter(|_| kinds.all(|kind| kind == first));
    }
    items
}

fn request_totals(id: &AnnotationRequestId, request: &Request) -> RequestTotals {
    RequestTotals {
        id: id.clone(),
        campaign_id: request.campaign.clone(),
        counting_rule: request.rule.clone(),
        revision: request.revision,
        task_count: request.tasks.len().try_into().unwrap(),
        groups: groups_of(request)
            .into_iter()
            .map(|((pool, status), tasks)| (pool, status, totals_of(tasks)))
            .collect(),
    }
}
