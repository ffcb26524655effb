//! An error with its causes, for logs and people.

use std::error::Error;
use std::fmt;

/// Displays an error and all its sources, from the outermost to the root, with a colon between.
///
/// ```
/// use annotation_statistics_domain::{ErrorChain, RepositoryError};
///
/// let error = RepositoryError::Unavailable("connection refused".into());
/// assert_eq!(ErrorChain(&error).to_string(), format!("{error}: connection refused"));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ErrorChain<'a>(pub &'a dyn Error);

impl fmt::Display for ErrorChain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(formatter, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
