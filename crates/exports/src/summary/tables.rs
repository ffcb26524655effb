//! The tables of a summary: one for each kind of sums. Their columns have the names of the fields of the API.

use annotation_statistics_domain::{
    CellTotal, CountingRuleName, ItemKind, ItemTotal, PoolType, RequestTotals, Summary, TaskFilter, TaskStatus, Totals,
};

pub(super) const REQUEST: &str = "annotationRequestId";
const CAMPAIGN: &str = "campaignId";
const RULE: &str = "countingRule";
const ITEM: &str = "operationItem";
const LABEL: &str = "label";
const KIND: &str = "kind";
const POOL_TYPE: &str = "poolType";
const STATUS: &str = "status";
const TASKS: &str = "taskNum";
const INSTANCES: &str = "instanceNum";
const ATTRIBUTES: &str = "attributeNum";
const FRAMES: &str = "frameNum";
const COUNT: &str = "count";

/// All columns, in the order of a table that has all of them.
pub(super) const COLUMNS: [&str; 13] =
    [REQUEST, CAMPAIGN, RULE, ITEM, LABEL, KIND, POOL_TYPE, STATUS, TASKS, INSTANCES, ATTRIBUTES, FRAMES, COUNT];

/// What is in a cell of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Text(&'a str),
    Code(i32),
    Sum(u128),
    Nothing,
}

/// Lines of the same kind.
pub(super) struct Table<'a> {
    /// What each line is of.
    pub(super) name: &'static str,
    pub(super) columns: Vec<&'static str>,
    /// As many values each as there are columns.
    pub(super) lines: Vec<Vec<Value<'a>>>,
}

/// The tables that have lines, in this order: the filter, all tasks, operation items, what they are kept apart by, pool types,
/// statuses, annotation requests.
pub(super) fn tables<'a>(summary: &'a Summary, filter: &'a TaskFilter) -> Vec<Table<'a>> {
    let all = vec![sums(&summary.totals())];
    let pools = summary.pools().iter().map(|(pool, totals)| with(vec![pool_type(*pool)], sums(totals)));
    let statuses = summary.statuses().iter().map(|(code, totals)| with(vec![status(*code)], sums(totals)));
    let requests = summary.requests().iter().map(|(request, totals)| with(identity(request), sums(totals)));
    let of_tasks = |columns: &[&'static str]| [columns, &[TASKS, INSTANCES, ATTRIBUTES, FRAMES]].concat();
    let tables = [
        Table { name: "filter", columns: vec![CAMPAIGN, POOL_TYPE, STATUS], lines: filtered(filter) },
        Table { name: "total", columns: of_tasks(&[]), lines: all },
        Table {
            name: "operationItem",
            columns: vec![ITEM, LABEL, KIND, TASKS, COUNT],
            lines: summary.items().iter().map(|total| item(summary, total)).collect(),
        },
        Table {
            name: "operationItemPart",
            columns: vec![REQUEST, ITEM, POOL_TYPE, STATUS, TASKS, COUNT],
            lines: summary.cells().iter().map(part).collect(),
        },
        Table { name: POOL_TYPE, columns: of_tasks(&[POOL_TYPE]), lines: pools.collect() },
        Table { name: STATUS, columns: of_tasks(&[STATUS]), lines: statuses.collect() },
        Table { name: "annotationRequest", columns: of_tasks(&[REQUEST, CAMPAIGN, RULE]), lines: requests.collect() },
    ];
    tables.into_iter().filter(|table| !table.lines.is_empty()).collect()
}

fn with<'a>(mut line: Vec<Value<'a>>, rest: Vec<Value<'a>>) -> Vec<Value<'a>> {
    line.extend(rest);
    line
}

fn sums<'a>(totals: &Totals) -> Vec<Value<'a>> {
    let sums = [totals.tasks.into(), totals.instances, totals.attributes, totals.frames];
    sums.map(Value::Sum).into()
}

fn pool_type<'a>(pool_type: PoolType) -> Value<'a> {
    Value::Code(pool_type.number().into())
}

fn status<'a>(status: TaskStatus) -> Value<'a> {
    Value::Code(status.code())
}

fn filtered(filter: &TaskFilter) -> Vec<Vec<Value<'_>>> {
    let campaigns = filter.campaigns.iter().map(|id| vec![Value::Text(id.as_str()), Value::Nothing, Value::Nothing]);
    let pools = filter.pool_types.iter().map(|pool| vec![Value::Nothing, pool_type(*pool), Value::Nothing]);
    let statuses = filter.statuses.iter().map(|code| vec![Value::Nothing, Value::Nothing, status(*code)]);
    campaigns.chain(pools).chain(statuses).collect()
}

fn item<'a>(summary: &'a Summary, item: &'a ItemTotal) -> Vec<Value<'a>> {
    let label = summary.label_of(&item.key).map_or(Value::Nothing, |label| Value::Text(label.as_str()));
    let kind = item.kind.map_or(Value::Nothing, |kind: ItemKind| Value::Text(kind.name()));
    vec![Value::Text(item.key.as_str()), label, kind, Value::Sum(item.tasks.into()), Value::Sum(item.count)]
}

fn part(cell: &CellTotal) -> Vec<Value<'_>> {
    vec![
        cell.request.as_ref().map_or(Value::Nothing, |id| Value::Text(id.as_str())),
        Value::Text(cell.key.as_str()),
        cell.pool_type.map_or(Value::Nothing, pool_type),
        cell.status.map_or(Value::Nothing, status),
        Value::Sum(cell.tasks.into()),
        Value::Sum(cell.count),
    ]
}

fn identity(request: &RequestTotals) -> Vec<Value<'_>> {
    let rule = request.counting_rule.as_ref().map(CountingRuleName::as_str);
    vec![
        Value::Text(request.id.as_str()),
        Value::Text(request.campaign_id.as_str()),
        rule.map_or(Value::Nothing, Value::Text),
    ]
}
