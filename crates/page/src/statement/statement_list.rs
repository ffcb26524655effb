//! The statements of an annotation request, as their caller states them.

use annotation_statistics_domain::Revision;
use jiff::Timestamp;

/// A page of the statements of an annotation request.
#[derive(Debug, Clone)]
pub struct StatementList {
    /// The annotation request.
    pub request: String,
    /// It as the part of a query.
    pub query: String,
    /// The statements of the page, the latest first.
    pub statements: Vec<ListedStatement>,
    /// Whether there are later ones than those of the page.
    pub has_later: bool,
    /// The number before which the next page begins, where there is one.
    pub older: Option<u64>,
    /// Whether the visitor can make one.
    pub making: Making,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct ListedStatement {
    /// Its name, which goes into a URL as it is.
    pub name: String,
    /// Its number within the request, from 1.
    pub number: u64,
    /// How many tasks it has.
    pub tasks: u64,
    /// How many of them are in the complete pool.
    pub delivered: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub actor: String,
    /// The state of the request that it is of.
    pub revision: Revision,
}

/// Whether a visitor can make a statement.
#[derive(Debug, Clone)]
pub enum Making {
    /// By this form.
    Form(StatementForm),
    /// The service has no key to sign with.
    NoSigningKey,
    /// The visitor's key may not write.
    NotAllowed,
}

/// The form for a statement.
#[derive(Debug, Clone, Default)]
pub struct StatementForm {
    /// The name, as it was filled in, or that is suggested.
    pub name: String,
    /// Why none was made, in words.
    pub problem: Option<String>,
    /// The statement that has the name already.
    pub taken: Option<String>,
}
