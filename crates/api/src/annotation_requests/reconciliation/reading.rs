//! Reads a sheet, and what it is compared with.

use super::comparing::ComparisonJob;
use crate::ApiState;
use crate::consistency::{RequiredState, Source, revisions};
use crate::http::DatabaseTime;
use crate::response::{ApiError, InvalidParameter};
use actix_web::web;
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignScope, ItemLabel, KeptTaxonomy, OperationItemKey, StatementName,
    StatisticsExporter, Summary, SummaryQuery, SummaryRepository,
};
use annotation_statistics_reconciliation::{
    ComparedLines, Comparison, ItemNames, Sheet, SheetError, SheetFormat, SheetLimits, SheetOptions,
};
use std::cell::Cell;
use std::io::Cursor;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

/// Reads the sheets of one annotation request for one caller.
pub(crate) struct SheetReader<'a> {
    pub(crate) state: &'a ApiState,
    pub(crate) scope: &'a CampaignScope,
    pub(crate) time: &'a DatabaseTime,
    pub(crate) id: &'a AnnotationRequestId,
    /// The state that the client requires of what is recorded.
    pub(crate) known: RequiredState,
    /// The statement to compare with, in place of what is recorded now.
    pub(crate) statement: Option<&'a StatementName>,
}

/// A sheet that was read, and what it is compared with.
pub(crate) struct ReadSheet {
    sheet: Sheet,
    names: ItemNames,
    summary: Summary,
    requests: AnnotationRequestIds,
    scope: CampaignScope,
    exporter: Arc<dyn StatisticsExporter>,
    permit: OwnedSemaphorePermit,
}

impl SheetReader<'_> {
    /// Reads a sheet on a thread that it may block, and drops its bytes.
    ///
    /// # Errors
    /// When the sheet is refused, the annotation request is unknown, or as many sheets are compared as may be.
    pub(crate) async fn read(
        &self,
        bytes: impl AsRef<[u8]> + Send + 'static,
        format: Option<SheetFormat>,
        worksheet: Option<String>,
    ) -> Result<ReadSheet, ApiError> {
        let requests = AnnotationRequestIds::from(self.id.clone());
        let (summary, exporter, names) = match self.statement {
            Some(name) => self.summarize_statement(&requests, name).await?,
            None => self.summarize(&requests).await?,
        };
        let permits = Arc::clone(&self.state.comparisons);
        let permit = permits.try_acquire_owned().map_err(|_| ApiError::ComparisonsTooMany)?;
        let limits = &self.state.settings.reconciliation;
        let options = SheetOptions {
            format,
            worksheet,
            request: Some(self.id.clone()),
            limits: SheetLimits {
                max_lines: limits.max_lines,
                max_bytes: u64::try_from(limits.max_body).unwrap_or(u64::MAX),
            },
        };
        let read = web::block(move || {
            let sheet = Sheet::read(Cursor::new(bytes), &options, &names);
            // With the permit: a client that goes away does not free it before the thread is free.
            (sheet, names, permit)
        });
        let (sheet, names, permit) = read.await.map_err(ApiError::Unread)?;
        let sheet = sheet.map_err(|error| refused(&error))?;
        Ok(ReadSheet { sheet, names, summary, requests, scope: self.scope.clone(), exporter, permit })
    }

    /// The sums, the exporter that is as far as they are, and the operation items.
    async fn summarize(
        &self,
        requests: &AnnotationRequestIds,
    ) -> Result<(Summary, Arc<dyn StatisticsExporter>, ItemNames), ApiError> {
        let (query, is_final) = (SummaryQuery::default(), Cell::new(false));
        let read = async |source: Source<'_, dyn SummaryRepository>| {
            is_final.set(source.is_authoritative);
            source.port.summarize(requests, &query, self.scope).await
        };
        let is_reached = |summary: &Summary| self.known.has_its_change(&revisions(summary));
        let summary = self.time.measure(self.state.summaries().read(read, is_reached)).await?;
        let primary = self.state.primary.as_ref().filter(|_| is_final.get()).map(|ports| &ports.exporter);
        let kept = self.time.measure(self.state.ports.taxonomies.find(self.id, self.scope)).await?;
        let names = names_of(&summary, &kept);
        Ok((summary, Arc::clone(primary.unwrap_or(&self.state.ports.exporter)), names))
    }

    /// The same of a statement, which has the labels of its time.
    async fn summarize_statement(
        &self,
        requests: &AnnotationRequestIds,
        name: &StatementName,
    ) -> Result<(Summary, Arc<dyn StatisticsExporter>, ItemNames), ApiError> {
        let stated = self.state.stated(name);
        let summary = self.time.measure(stated.summarize(requests, &SummaryQuery::default(), self.scope)).await?;
        let names = ItemNames::new(stated_names(&summary));
        Ok((summary, Arc::new(stated), names))
    }
}

impl ReadSheet {
    /// Begins to compare; each value goes to `lines`.
    pub(crate) fn comparison<L: ComparedLines + Send + 'static>(self, lines: L) -> ComparisonJob<L> {
        let Self { sheet, names, summary, requests, scope, exporter, permit } = self;
        let is_of_tasks = sheet.is_of_tasks();
        let comparison = Comparison::new(sheet, names, lines);
        ComparisonJob { comparison, is_of_tasks, summary, requests, scope, exporter, permit }
    }
}

/// The operation items of sums.
fn stated_names(summary: &Summary) -> impl Iterator<Item = (&OperationItemKey, Option<&ItemLabel>)> {
    summary.items().iter().map(|item| (&item.key, summary.label_of(&item.key)))
}

/// The operation items that are recorded or agreed on.
fn names_of(summary: &Summary, kept: &KeptTaxonomy) -> ItemNames {
    let recorded = stated_names(summary);
    let agreed = kept.taxonomy.operators().iter().map(|operator| (&operator.key, Some(&operator.label)));
    ItemNames::new(recorded.chain(agreed))
}

/// The place in the sheet and the reason; one that is of the sheet as a whole names no place.
fn refused(error: &SheetError) -> InvalidParameter {
    let whole = if error.line.is_none() && error.column.is_none() { "the sheet " } else { "" };
    InvalidParameter(format!("{whole}{error}"))
}
