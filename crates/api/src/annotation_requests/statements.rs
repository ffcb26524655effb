//! Statements of an annotation request: made, listed, read, and downloaded as they were signed. See ADR 103.

mod file_response;
pub(crate) mod get_files;
pub(crate) mod get_rows;
pub(crate) mod get_statement;
mod if_none_match;
mod instead_of_body;
pub(crate) mod list_keys;
pub(crate) mod list_statements;
mod making;
pub(crate) mod put_statement;
mod row_stream;
mod statement_body;
mod tag;

pub(crate) use making::make_statement;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
