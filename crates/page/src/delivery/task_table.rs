//! A page of the tasks, and the links to the others.

use crate::Found;
use crate::number_format::Figure;
use annotation_statistics_domain::{Count, PoolType, Statistics};
use std::num::NonZeroU64;

/// How many rows one may choose to have on a page.
const LIMITS: [u32; 3] = [10, 25, 100];

pub(crate) struct TaskTable {
    pub(crate) rows: Vec<TaskRow>,
    pub(crate) place: String,
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
    pub(crate) status: String,
    pub(crate) code: i32,
    pub(crate) pool: String,
    pub(crate) pool_type: &'static str,
    pub(crate) campaign: String,
    pub(crate) instances: Figure,
    pub(crate) attributes: Figure,
    pub(crate) frames: Figure,
    pub(crate) items: Vec<(String, Figure)>,
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
        Self {
            rows: found.tasks.page.rows.iter().map(TaskRow::of).collect(),
            place: place(found),
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

/// `Tasks 11 to 20 of 1,930`
fn place(found: &Found) -> String {
    let first = u128::from(found.page.first_row());
    let shown = found.tasks.page.rows.iter().fold(0, |shown, _| shown + 1);
    let all = Figure::from(found.tasks.page.count);
    if shown == 0 {
        return format!("No task of {all} on this page");
    }
    format!("Tasks {} to {} of {all}", Figure(first + 1), Figure(first + shown))
}

impl TaskRow {
    fn of(task: &Statistics) -> Self {
        let figure = |count: Count| Figure::from(u64::from(count));
        let items = task.instance_info().iter().map(|(key, count)| (key.to_owned(), figure(count)));
        Self {
            id: task.id().get(),
            source_name: task.source_name().map(ToString::to_string),
            status: task.status().to_string(),
            code: task.status().code(),
            pool: task.pool_name().to_string(),
            pool_type: pool_type(task.pool_type()),
            campaign: task.campaign_id().to_string(),
            instances: figure(task.instance_num()),
            attributes: figure(task.attribute_num()),
            frames: figure(task.frame_num()),
            items: items.collect(),
        }
    }

    pub(crate) fn number_of_items(&self) -> String {
        Figure::from(self.items.iter().fold(0_u64, |items, _| items + 1)).of("item", "items")
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
