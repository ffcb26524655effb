//! Why tasks were not staged.

use annotation_statistics_domain::BoxError;
use diesel::result::Error as DieselError;

/// Why the stage was not filled.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StageError {
    #[error("the input is wrong")]
    Input(#[source] BoxError),
    #[error(transparent)]
    Database(#[from] DieselError),
}
