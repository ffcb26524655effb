//! The states of requests, also those that several callers wait for by one statement (ADR 63, ADR 64).

use crate::DatabaseError;
use crate::pool::BatchedRead;
use crate::reading::request_counters::{self, RequestCounter};
use crate::reading::sharding::Sharding;
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignScope, RepositoryError, RequestState,
};
use diesel::pg::PgConnection;
use std::collections::BTreeSet;

pub(super) type StatesResult = Result<Vec<RequestState>, RepositoryError>;

/// Which states are read.
pub(super) struct StateQuery {
    pub(super) requests: AnnotationRequestIds,
    pub(super) scope: CampaignScope,
    pub(super) sharding: Sharding,
}

impl BatchedRead for StateQuery {
    type Outcome = StatesResult;

    fn rows(&self) -> u64 {
        u64::try_from(self.requests.as_slice().len()).unwrap_or(u64::MAX)
    }

    fn joins(&self, _: &Self) -> bool {
        self.sharding.is_known_to_be_none()
    }

    fn read(&self, connection: &mut PgConnection) -> Result<StatesResult, DatabaseError> {
        let is_sharded = self.sharding.find(connection)?;
        Ok(request_counters::load(connection, self.requests.as_slice(), &self.scope, is_sharded)?.map(states))
    }

    fn read_all(
        reads: &[&Self],
        connection: &mut PgConnection,
    ) -> Result<Vec<Result<StatesResult, DatabaseError>>, DatabaseError> {
        let ids: BTreeSet<&str> =
            reads.iter().flat_map(|query| query.requests.as_slice()).map(AnnotationRequestId::as_str).collect();
        let counters = request_counters::load_all(connection, &ids.into_iter().collect::<Vec<_>>(), false)?;
        let of = |query: &&Self| Ok(counters.of(query.requests.as_slice(), &query.scope)?.map(states));
        Ok(reads.iter().map(of).collect())
    }
}

fn states(counters: Vec<RequestCounter>) -> Vec<RequestState> {
    counters.into_iter().map(RequestState::from).collect()
}
