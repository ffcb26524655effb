//! How pages are read alone and together (ADR 63).

use crate::DatabaseError;
use crate::pool::BatchedRead;
use crate::reading::page::query::{PageQuery, PageResult};
use crate::reading::page::{batch, of_many, of_one};
use annotation_statistics_domain::AnnotationRequestId;
use diesel::pg::PgConnection;

impl BatchedRead for PageQuery {
    type Outcome = PageResult;

    /// Its counter rows count, too: a page over a thousand requests is not small.
    fn rows(&self) -> u64 {
        let requests = u64::try_from(self.requests.as_slice().len()).unwrap_or(u64::MAX);
        requests.saturating_add(u64::from(self.page.limit().get()))
    }

    /// One statement reads pages of one request each, a pair of them pages of several; where nothing is sharded.
    fn joins(&self, other: &Self) -> bool {
        self.sharding.is_known_to_be_none() && self.only_request().is_some() == other.only_request().is_some()
    }

    fn read(&self, connection: &mut PgConnection) -> Result<PageResult, DatabaseError> {
        self.sharding.find(connection)?;
        if let Some(id) = self.only_request() {
            return of_one::find(connection, id, self);
        }
        let mut pages = of_many::find(connection, &[self])?;
        pages.pop().unwrap_or_else(|| Err(DatabaseError::Corrupt("a page was not read".into())))
    }

    fn read_all(
        reads: &[&Self],
        connection: &mut PgConnection,
    ) -> Result<Vec<Result<PageResult, DatabaseError>>, DatabaseError> {
        let of_one: Option<Vec<_>> = reads.iter().map(|query| Some((query.only_request()?, *query))).collect();
        match of_one {
            Some(queries) => batch::find(connection, &queries),
            None => of_many::find(connection, reads),
        }
    }
}

impl PageQuery {
    /// The request that the page is about, where that is only one.
    fn only_request(&self) -> Option<&AnnotationRequestId> {
        match self.requests.as_slice() {
            [id] => Some(id),
            _ => None,
        }
    }
}
