//! How many tasks have which status.

use crate::number_format::Figure;
use crate::share::Share;
use annotation_statistics_domain::Summary;

pub(crate) struct StatusRow {
    pub(crate) name: String,
    pub(crate) code: i32,
    pub(crate) tasks: Figure,
    pub(crate) share: Share,
    pub(crate) instances: Figure,
    pub(crate) attributes: Figure,
}

pub(crate) fn status_rows(summary: &Summary) -> Vec<StatusRow> {
    let all = summary.totals().tasks;
    let row = |(status, totals): (&annotation_statistics_domain::TaskStatus, &annotation_statistics_domain::Totals)| {
        StatusRow {
            name: status.name().map_or_else(|| "a status of the platform".to_owned(), str::to_owned),
            code: status.code(),
            tasks: Figure::from(totals.tasks),
            share: Share::new(totals.tasks.into(), all.into()),
            instances: Figure(totals.instances),
            attributes: Figure(totals.attributes),
        }
    };
    summary.statuses().iter().map(row).collect()
}
