//! Statements: made, kept and read.

mod statement_repository;

pub use statement_repository::PostgresStatementRepository;
