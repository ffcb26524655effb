//! Pages of statements: where their rows are follows from their numbers alone.

use super::StatedReads;
use crate::statistics::page_source::PageSource;
use crate::statistics::params::StatisticsParams;
use annotation_statistics_domain::{
    CampaignScope, FrameStart, Page, PagePlan, PositionRange, RepositoryError, RequestState, RowFrame, StatementHead,
    Statistics, StatisticsPage, Whitelist,
};
use annotation_statistics_statements::rows_of_frame_from;
use futures_util::{StreamExt, TryStreamExt, stream};
use std::num::NonZeroU32;
use tokio::task::spawn_blocking;

/// How many reads of frames of one page are in flight.
const READS: usize = 4;

/// About the size of a row without its operation items, and of an item without its key, as JSON.
const ROW_BYTES: usize = 256;
const ITEM_BYTES: usize = 24;

impl PageSource for StatedReads {
    async fn states(
        &self,
        params: &StatisticsParams,
        scope: &CampaignScope,
    ) -> Result<Vec<RequestState>, RepositoryError> {
        let heads = self.statements.find_heads(&params.requests, &self.name, scope).await?;
        let state = |head: StatementHead| RequestState {
            task_count: head.task_count,
            revision: head.revision,
            counting_rule: head.counting_rule,
        };
        Ok(heads.into_iter().map(state).collect())
    }

    async fn page(
        &self,
        params: &StatisticsParams,
        scope: &CampaignScope,
    ) -> Result<(StatisticsPage, Option<Vec<Whitelist>>), RepositoryError> {
        let heads = self.statements.find_heads(&params.requests, &self.name, scope).await?;
        let counts: Vec<u64> = heads.iter().map(|head| head.task_count).collect();
        let plan = PagePlan::new(&counts, params.page);
        let parts = plan.ranges.iter().filter_map(|range| Some((heads.get(range.request)?, range)));
        let parts = stream::iter(parts).map(|(head, range)| self.find_part(head, range)).buffered(READS);
        let parts: Vec<Part> = parts.try_collect().await?;
        let max_bytes = self.max_bytes;
        let rows = spawn_blocking(move || read_parts(&parts, max_bytes)).await;
        let rows = rows.map_err(|error| RepositoryError::Unavailable(error.into()))??;
        let (revisions, counting_rules) = heads.into_iter().map(|head| (head.revision, head.counting_rule)).unzip();
        let page = Page { count: plan.count, rows };
        Ok((StatisticsPage { page, revisions, counting_rules }, None))
    }
}

/// The frames that a page touches of one statement.
struct Part {
    head: StatementHead,
    frames: Vec<RowFrame>,
    /// Rows of these frames that come before those of the page.
    skipped: u64,
    rows: u64,
}

impl StatedReads {
    async fn find_part(&self, head: &StatementHead, range: &PositionRange) -> Result<Part, RepositoryError> {
        let first = range.positions.start / RowFrame::ROWS;
        let past = range.positions.end.div_ceil(RowFrame::ROWS);
        let mut frames = self.find_some_frames(head, first, past).await?;
        let mut next = first + as_number(frames.len());
        // Large frames come one at a time.
        while next < past {
            let more = self.find_some_frames(head, next, past).await?;
            if more.is_empty() {
                break;
            }
            next += as_number(more.len());
            frames.extend(more);
        }
        let skipped = range.positions.start - first * RowFrame::ROWS;
        Ok(Part { head: head.clone(), frames, skipped, rows: range.len() })
    }

    /// At least one of these frames, if there is any.
    async fn find_some_frames(
        &self,
        head: &StatementHead,
        first: u64,
        past: u64,
    ) -> Result<Vec<RowFrame>, RepositoryError> {
        let most = u32::try_from(past - first).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
        let start = FrameStart::Place(first);
        Ok(self.statements.find_frames(&head.annotation_request_id, head.number, start, most).await?)
    }
}

fn as_number(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// The rows of a page. Several that are larger than `max_bytes` are refused before they are all in memory.
fn read_parts(parts: &[Part], max_bytes: usize) -> Result<Vec<Statistics>, RepositoryError> {
    let (mut rows, mut bytes, mut largest) = (Vec::new(), 0_usize, 0);
    for part in parts {
        let corrupt = |what: String| RepositoryError::Corrupt { what: format!("{}: {what}", place(&part.head)) };
        let (mut skipped, mut left) = (part.skipped, part.rows);
        for frame in &part.frames {
            let lines = rows_of_frame_from(&frame.zstd, skipped).map_err(|error| corrupt(error.to_string()))?;
            skipped = 0;
            for line in lines.take(usize::try_from(left).unwrap_or(usize::MAX)) {
                let row = line.map_err(|error| corrupt(error.to_string()))?.statistics;
                let size = size_of_row(&row);
                (bytes, largest, left) = (bytes.saturating_add(size), size.max(largest), left - 1);
                rows.push(row);
                if bytes > max_bytes && rows.len() > 1 {
                    return Err(RepositoryError::PageTooLarge { largest });
                }
            }
        }
        if left > 0 {
            return Err(corrupt(format!("{left} of the rows of a page are missing")));
        }
    }
    Ok(rows)
}

/// About the size of a row as JSON.
fn size_of_row(row: &Statistics) -> usize {
    let items: usize = row.instance_info().iter().map(|(key, _)| key.len() + ITEM_BYTES).sum();
    ROW_BYTES + row.pool_name().as_str().len() + items
}

/// A statement, in words for an operator.
pub(super) fn place(head: &StatementHead) -> String {
    format!("statement `{}` of `{}`", head.name, head.annotation_request_id)
}
