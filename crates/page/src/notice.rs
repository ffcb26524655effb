//! Why a page has no numbers.

/// A known request that may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimilarRequest {
    /// Its id.
    pub id: String,
    /// It as the part of a query.
    pub list: String,
}

/// Why a page has no numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// There is no annotation request at all.
    NothingRecorded,
    /// The request cannot be read.
    Unreadable {
        /// Which part of it, and why.
        why: String,
    },
    /// Some of the requests are not known, and so nothing is shown.
    Unknown {
        /// Their ids.
        unknown: Vec<String>,
        /// The known ones as the part of a query, where there are any.
        others: Option<String>,
        /// Known requests with one of these ids as a part of theirs.
        similar: Vec<SimilarRequest>,
    },
    /// The data cannot be reached now.
    Unavailable,
    /// A bug, or corrupt data.
    Broken,
}
