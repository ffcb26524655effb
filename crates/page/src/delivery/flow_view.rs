//! Where the tasks are, as the path that they take.

use crate::number_format::Figure;
use crate::share::Share;
use annotation_statistics_domain::{PoolType, Summary};

/// The pools on the path of every task, and beside it the one that only some go through.
pub(crate) struct FlowView {
    pub(crate) steps: Vec<PoolView>,
    pub(crate) algorithm: PoolView,
    pub(crate) complete: String,
}

pub(crate) struct PoolView {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) tasks: String,
    pub(crate) share: Share,
    pub(crate) instances: String,
    pub(crate) attributes: String,
}

impl FlowView {
    pub(crate) fn of(summary: &Summary) -> Self {
        let stages =
            [PoolType::Distribution, PoolType::Annotation, PoolType::Check, PoolType::Sampling, PoolType::Complete];
        let (all, done) = (summary.totals().tasks, summary.pools().get(&PoolType::Complete));
        let done = done.map_or(0, |totals| totals.tasks);
        let share = Share::new(done.into(), all.into());
        Self {
            steps: stages.into_iter().map(|pool| PoolView::of(pool, summary)).collect(),
            algorithm: PoolView::of(PoolType::Algorithm, summary),
            complete: format!("{} of {} complete ({share})", Figure::from(done), Figure::from(all).of("task", "tasks")),
        }
    }
}

impl PoolView {
    fn of(pool: PoolType, summary: &Summary) -> Self {
        let totals = summary.pools().get(&pool).copied().unwrap_or_default();
        let (name, about) = words(pool);
        Self {
            name,
            about,
            tasks: Figure::from(totals.tasks).of("task", "tasks"),
            share: Share::new(totals.tasks.into(), summary.totals().tasks.into()),
            instances: Figure(totals.instances).of("instance", "instances"),
            attributes: Figure(totals.attributes).of("attribute", "attributes"),
        }
    }
}

/// What a kind of pool is called.
pub(crate) fn pool_name(pool: PoolType) -> &'static str {
    words(pool).0
}

fn words(pool: PoolType) -> (&'static str, &'static str) {
    match pool {
        PoolType::Distribution => ("Distribution", "waiting to be handed out"),
        PoolType::Annotation => ("Annotation", "being annotated"),
        PoolType::Check => ("Check", "being reviewed"),
        PoolType::Sampling => ("Sampling", "a sample is looked at again"),
        PoolType::Algorithm => ("Algorithm", "an algorithm works on them"),
        PoolType::Complete => ("Complete", "delivered"),
    }
}
