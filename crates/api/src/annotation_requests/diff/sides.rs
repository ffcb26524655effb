//! The states that are compared, as far as they are statements.

use crate::ApiState;
use crate::annotation_requests::diff::params::DiffParams;
use crate::http::DatabaseTime;
use crate::response::ApiError;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignScope, CountingRuleName, Revision, Sha256, Statement, StatementError, StatementName,
    StatementNumber,
};
use annotation_statistics_statements::{Envelope, KnownSums};
use std::num::NonZeroU32;

/// The states that are compared.
#[derive(Debug, Clone)]
pub(super) struct Sides {
    pub(super) request: AnnotationRequestId,
    /// The earlier one.
    pub(super) from: StatedSide,
    /// The later one; none: what is recorded now.
    pub(super) to: Option<StatedSide>,
}

/// A statement.
#[derive(Debug, Clone)]
pub(super) struct StatedSide {
    pub(super) name: StatementName,
    pub(super) number: StatementNumber,
    pub(super) revision: Revision,
    pub(super) counting_rule: Option<CountingRuleName>,
    pub(super) sha256: Sha256,
    pub(super) sums: KnownSums,
}

/// Finds statements of one annotation request for one caller.
pub(super) struct SideFinder<'a> {
    pub(super) state: &'a ApiState,
    pub(super) request: &'a AnnotationRequestId,
    pub(super) scope: &'a CampaignScope,
    pub(super) time: &'a DatabaseTime,
}

impl SideFinder<'_> {
    /// The states that the parameters name.
    ///
    /// # Errors
    /// When there is no such request or statement, or none to begin from.
    pub(super) async fn find(&self, params: &DiffParams) -> Result<Sides, ApiError> {
        let to = match &params.to {
            Some(name) => Some(self.named(name).await?),
            None => None,
        };
        let from = match &params.from {
            Some(name) => self.named(name).await?,
            None => self.named(&self.last_before(to.as_ref().map(|to| to.number)).await?).await?,
        };
        Ok(Sides { request: self.request.clone(), from, to })
    }

    async fn named(&self, name: &StatementName) -> Result<StatedSide, ApiError> {
        let found = self.state.ports.statements.find(self.request, name, self.scope);
        StatedSide::read(self.time.measure(found).await?)
    }

    async fn last_before(&self, number: Option<StatementNumber>) -> Result<StatementName, ApiError> {
        let heads = self.state.ports.statements.list(self.request, number, NonZeroU32::MIN, self.scope);
        let last = self.time.measure(heads).await?.into_iter().next();
        last.map(|head| head.name).ok_or(ApiError::NoStatement)
    }
}

impl StatedSide {
    fn read(statement: Statement) -> Result<Self, ApiError> {
        let Statement { head, body, .. } = statement;
        let envelope = Envelope::parse(&body).map_err(|error| {
            let what = format!("the document of statement {} of {}: {error}", head.number, head.annotation_request_id);
            StatementError::Corrupt { what }
        })?;
        Ok(Self {
            name: head.name,
            number: head.number,
            revision: head.revision,
            counting_rule: head.counting_rule,
            sha256: head.sha256,
            sums: envelope.into(),
        })
    }
}
