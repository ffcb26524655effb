//! The annotation requests that a query is about.

use crate::AnnotationRequestId;
use std::collections::HashSet;

/// One or more annotation request ids, each once, in the order in which they were first given.
///
/// The order matters: it is the order of their tasks in the response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnotationRequestIds(Vec<AnnotationRequestId>);

/// An empty list of annotation requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("at least one annotation request id is needed")]
pub struct EmptyAnnotationRequestIds;

impl AnnotationRequestIds {
    /// Keeps the first of each id, in the order given.
    ///
    /// # Errors
    /// When there is no id.
    pub fn new(ids: impl IntoIterator<Item = AnnotationRequestId>) -> Result<Self, EmptyAnnotationRequestIds> {
        let mut seen = HashSet::new();
        let unique: Vec<_> = ids.into_iter().filter(|id| seen.insert(id.clone())).collect();
        if unique.is_empty() { Err(EmptyAnnotationRequestIds) } else { Ok(Self(unique)) }
    }

    /// The ids in order; never empty.
    pub fn as_slice(&self) -> &[AnnotationRequestId] {
        &self.0
    }
}

impl From<AnnotationRequestId> for AnnotationRequestIds {
    fn from(id: AnnotationRequestId) -> Self {
        Self(vec![id])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &[&str]) -> Vec<AnnotationRequestId> {
        names.iter().map(|name| AnnotationRequestId::new(*name).unwrap()).collect()
    }

    #[test]
    fn duplicates_count_once_and_the_first_place_is_kept() {
        let unique = AnnotationRequestIds::new(ids(&["b", "a", "b", "c", "a"])).unwrap();
        assert_eq!(unique.as_slice(), ids(&["b", "a", "c"]));
    }

    #[test]
    fn an_empty_list_is_refused() {
        assert_eq!(AnnotationRequestIds::new([]), Err(EmptyAnnotationRequestIds));
    }
}
