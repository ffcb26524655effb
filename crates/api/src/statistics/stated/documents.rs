//! The documents of statements, read one at a time.

use super::StatedReads;
use super::sums::StatedSums;
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignScope, RepositoryError, Statement, StatementHead, TaskFilter,
};
use annotation_statistics_statements::Envelope;
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::task::spawn_blocking;

/// How many documents are in memory at a time.
const READS: usize = 4;

impl StatedReads {
    /// The heads of the statements, and what their documents add up to, as far as the campaigns of a filter cover them.
    pub(super) async fn find_documents(
        &self,
        requests: &AnnotationRequestIds,
        filter: &TaskFilter,
        scope: &CampaignScope,
    ) -> Result<(Vec<StatementHead>, StatedSums), RepositoryError> {
        // All that are missing are named, and no document is read that the caller may not see.
        self.statements.find_heads(requests, &self.name, scope).await?;
        let documents =
            stream::iter(requests.as_slice().to_vec()).map(|id| self.find_document(id, scope)).buffered(READS);
        let (heads, sums) = (Vec::new(), StatedSums::new(self.max_bytes));
        let add = async |(mut heads, mut sums): (Vec<_>, StatedSums), (head, document)| {
            sums.add(document, filter)?;
            heads.push(head);
            Ok((heads, sums))
        };
        documents.try_fold((heads, sums), add).await
    }

    async fn find_document(
        &self,
        id: AnnotationRequestId,
        scope: &CampaignScope,
    ) -> Result<(StatementHead, Envelope), RepositoryError> {
        let Statement { head, body, .. } = self.statements.find(&id, &self.name, scope).await?;
        let document = spawn_blocking(move || Envelope::parse(&body)).await;
        let document = document.map_err(|error| RepositoryError::Unavailable(error.into()))?;
        let corrupt =
            |what: String| RepositoryError::Corrupt { what: format!("{}: {what}", super::page::place(&head)) };
        let document = document.map_err(|error| corrupt(error.to_string()))?;
        Ok((head, document))
    }
}
