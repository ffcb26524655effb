//! Pages of tasks: of one request by one statement, of several by a pair, and those that wait together.

mod batch;
mod batched;
mod columns;
mod of_many;
mod of_one;
mod query;
mod rows;
mod whitelisted;

pub use batch::PAGE_BATCH_SQL;
pub use of_one::PAGE_OF_ONE_SQL;
pub(super) use query::PageQuery;
pub(super) use whitelisted::find as find_whitelisted;
pub use whitelisted::{WHITELISTED_ITEMS_OF_ONE_SQL, WHITELISTED_ITEMS_SQL};

use crate::DatabaseError;
use diesel::pg::PgConnection;

/// Selects nothing, but fails where selecting a page would.
pub(super) fn check(connection: &mut PgConnection) -> Result<(), DatabaseError> {
    of_one::check(connection)?;
    batch::check(connection)
}

/// The same where requests are sharded.
pub(super) fn check_sharded(connection: &mut PgConnection) -> Result<(), DatabaseError> {
    of_one::check_sharded(connection)
}
