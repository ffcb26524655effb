//! A page of the tasks, and the links to the others.

use super::item_name::{ItemName, ItemNames};
use super::item_page::figure as figure_of;
use crate::Found;
use crate::number_format::Figure;
use annotation_statistics_domain::{Count, PoolType, Statistics, TaskFilter};
use std::num::NonZeroU64;

/// How many rows one may choose to have on a page.
const LIMITS: [u32; 3] = [10, 25, 100];

/// The most operation items of a task that are shown, and of all tasks of a page.
const MOST_ITEMS: usize = 200;
const MOST_ITEMS_OF_ALL: usize = 4_000;

pub(crate) struct TaskTable {
    pub(crate) rows: Vec<TaskRow>,
    pub(crate) place: String,
    /// Whether tasks are of several annotation requests, and it is known which; their campaigns are in the table of these.
    pub(crate) has_requests: bool,
    pub(crate) pages: Vec<PageLink>,
    pub(crate) limits: Vec<LimitLink>,
    /// The last page, where the requested one is past it.
    pub(crate) last: Option<NonZeroU64>,
    pub(crate) last_page: NonZeroU64,
    pub(crate) page: NonZeroU64,
    pub(crate) limit: u32,
}

pub(crate) struct TaskRow {
    pub(crate) id: i64,
    /// What it was made of, where that is known.
    pub(crate) source_name: Option<String>,
    /// The annotation request, where the table has several.
    pub(crate) request: Option<String>,
    pub(crate) status: String,
    pub(crate) code: i32,
    pub(crate) pool: String,
    pub(crate) pool_type: &'static str,
    pub(crate) campaign: String,
    pub(crate) instances: Figure,
    pub(crate) attributes: Figure,
    pub(crate) frames: Figure,
    /// Whether the filter of the sums leaves it out.
    pub(crate) is_left_out: bool,
    /// Those of which there are most first.
    pub(crate) items: Vec<(ItemName, Figure)>,
    pub(crate) number_of_items: String,
    /// What is not shown of them.
    pub(crate) rest: Option<String>,
}

/// A link to another page; without a number it leads nowhere from here.
pub(crate) struct PageLink {
    pub(crate) name: &'static str,
    pub(crate) number: Option<NonZeroU64>,
}

pub(crate) struct LimitLink {
    pub(crate) limit: u32,
    pub(crate) is_this: bool,
}

impl TaskTable {
    pub(crate) fn of(found: &Found) -> Self {
        let (page, count) = (found.page.page(), found.tasks.page.count);
        let last = found.page.last_page(count);
        let limit = found.page.limit().get();
        let previous = NonZeroU64::new(page.get() - 1).map(|previous| previous.min(last));
        let next = page.checked_add(1).filter(|next| *next <= last);
        let link = |name, number: Option<NonZeroU64>| PageLink { name, number };
        let rows = rows(found);
        Self {
            place: place(found),
            has_requests: rows.iter().any(|row| row.request.is_some()),
            rows,
            pages: vec![
                link("First", Some(NonZeroU64::MIN).filter(|first| *first != page)),
                link("Previous", previous),
                link("Next", next),
                link("Last", Some(last).filter(|last| *last != page)),
            ],
            limits: LIMITS.map(|choice| LimitLink { limit: choice, is_this: choice == limit }).into(),
            last: (page > last).then_some(last),
            last_page: last,
            page,
            limit,
        }
    }

    /// The number in the field for it, which takes none past the end.
    pub(crate) fn shown_page(&self) -> NonZeroU64 {
        self.page.min(self.last_page)
    }

    pub(crate) fn pages_in_words(&self) -> Figure {
        Figure::from(self.last_page.get())
    }
}

fn rows(found: &Found) -> Vec<TaskRow> {
    let tasks = &found.tasks.page.rows;
    let most = (MOST_ITEMS_OF_ALL / tasks.len().max(1)).min(MOST_ITEMS);
    let (requests, names) = (requests_of_rows(found), ItemNames::of(&found.summary));
    let row = |(at, task): (usize, &Statistics)| TaskRow {
        request: requests.get(at).cloned(),
        ..TaskRow::of(task, most, &names, found.summary.filter())
    };
    tasks.iter().enumerate().map(row).collect()
}

/// The annotation request of each row: rows come in the order of the requests, of which each has so many. Empty for one, and
/// where the sums are older than the rows, as these numbers may be others then.
fn requests_of_rows(found: &Found) -> Vec<String> {
    let listed = found.listed_requests();
    if listed.len() < 2 || !found.is_of_one_snapshot() {
        return Vec::new();
    }
    let (mut first, rows) = (found.page.first_row(), found.tasks.page.rows.len());
    let mut requests = Vec::with_capacity(rows);
    for request in listed {
        let skipped = first.min(request.task_count);
        first -= skipped;
        let here = usize::try_from(request.task_count - skipped).unwrap_or(usize::MAX);
        let left = rows - requests.len();
        requests.extend(std::iter::repeat_n(request.id.to_string(), here.min(left)));
    }
    requests
}

/// `Tasks 11 to 20 of 1,930, in the order in which they were recorded`
fn place(found: &Found) -> String {
    let first = u128::from(found.page.first_row());
    let shown = found.tasks.page.rows.iter().fold(0, |shown, _| shown + 1);
    let filter = found.summary.filter();
    let which = if filter.is_empty() { "" } else { " of the annotation requests that have such tasks" };
    let all = format!("{}{which}", Figure::from(found.tasks.page.count));
    if shown == 0 {
        return format!("No task of {all} on this page");
    }
    let marked = filter.pool_types.len() + filter.statuses.len() > 0;
    let marks = if marked { "; those that the sums leave out are marked" } else { "" };
    format!(
        "Tasks {} to {} of {all}, in the order in which they were recorded{marks}",
        Figure(first + 1),
        Figure(first + shown)
    )
}

impl TaskRow {
    /// With at most so many operation items.
    fn of(task: &Statistics, most: usize, names: &ItemNames<'_>, filter: &TaskFilter) -> Self {
        let figure = |count: Count| Figure::from(u64::from(count));
        let mut items: Vec<(&str, Count)> = task.instance_info().iter().collect();
        let all = items.len();
        // Items with as many stay in the order of their keys.
        items.sort_by_key(|(_, count)| std::cmp::Reverse(u64::from(*count)));
        let rest = items.split_off(all.min(most));
        let of_rest: u128 = rest.iter().map(|(_, count)| u128::from(u64::from(*count))).sum();
        let more = || figure_of(rest.len()).of("more item", "more items");
        Self {
            id: task.id().get(),
            source_name: task.source_name().map(ToString::to_string),
            request: None,
            status: task.status().to_string(),
            code: task.status().code(),
            pool: task.pool_name().to_string(),
            pool_type: pool_type(task.pool_type()),
            campaign: task.campaign_id().to_string(),
            instances: figure(task.instance_num()),
            attributes: figure(task.attribute_num()),
            frames: figure(task.frame_num()),
            is_left_out: !filter.covers_group(task.pool_type(), task.status()),
            items: items.into_iter().map(|(key, count)| (names.name(key), figure(count))).collect(),
            number_of_items: figure_of(all).of("item", "items"),
            rest: (!rest.is_empty())
                .then(|| format!("{}, together {}: the downloads have them", more(), Figure(of_rest))),
        }
    }
}

fn pool_type(pool: PoolType) -> &'static str {
    match pool {
        PoolType::Distribution => "distribution",
        PoolType::Annotation => "annotation",
        PoolType::Check => "check",
        PoolType::Sampling => "sampling",
        PoolType::Algorithm => "algorithm",
        PoolType::Complete => "complete",
    }
}
