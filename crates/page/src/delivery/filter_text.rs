//! Which tasks are added up, in a sentence.

use super::flow_view::pool_name;
use crate::number_format::Figure;
use annotation_statistics_domain::{Summary, TaskStatus};

/// `None` where all tasks are. Campaigns are texts of others, and isolated from the words around them.
pub(crate) fn filter_text(summary: &Summary) -> Option<String> {
    let filter = summary.filter();
    if filter.is_empty() {
        return None;
    }
    let pools = filter.pool_types.iter().map(|pool| pool_name(*pool).to_owned());
    let statuses = filter.statuses.iter().map(|status| status_text(*status));
    let campaigns = filter.campaigns.iter().map(|campaign| format!("\u{2068}{campaign}\u{2069}"));
    let parts = [
        one_of("in the pool", &pools.collect::<Vec<_>>()),
        one_of("with the status", &statuses.collect::<Vec<_>>()),
        one_of("of the campaign", &campaigns.collect::<Vec<_>>()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let all = summary.requests().iter().fold(0_u64, |all, (request, _)| all.saturating_add(request.task_count));
    let covered = Figure::from(summary.totals().tasks);
    Some(format!("Only tasks {} are added up: {covered} of {}.", parts.join(", "), Figure::from(all)))
}

/// A status with its number, by which the platform knows it.
pub(super) fn status_text(status: TaskStatus) -> String {
    status.name().map_or_else(|| status.to_string(), |name| format!("{name} ({})", status.code()))
}

/// `in the pool Check or Complete`
fn one_of(what: &str, names: &[String]) -> Option<String> {
    let (last, others) = names.split_last()?;
    let others = others.join(", ");
    Some(if others.is_empty() { format!("{what} {last}") } else { format!("{what} {others} or {last}") })
}
