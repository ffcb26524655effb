//! The Postgres of the tests: a server for each process, a database for each test.

mod as_if_sharded;
mod binaries;
mod corruption;
mod database;
mod encrypted;
mod given;
mod large_request;
mod migrations;
mod one_session;
mod pooler;
mod query_plan;
mod replica;
mod roles;
mod server;
mod session;
mod settings;
mod staging_database;

pub use as_if_sharded::AsIfSharded;
pub use binaries::binaries;
pub(crate) use binaries::search_path;
pub use corruption::{CORRUPTIONS, Corruption};
pub use database::TestDatabase;
pub use encrypted::EncryptedPostgres;
pub use large_request::{LARGE, fill};
pub use migrations::{MigrationScript, migration_scripts};
pub use one_session::{cause, first_page, lock, with_one_session};
pub use pooler::TransactionPooler;
pub use query_plan::QueryPlan;
pub use replica::{Replica, copy, postgres_program};
pub use roles::TestRoles;
pub use server::PostgresServer;
pub use session::SqlSession;
pub use settings::{migrated, roomy_limits, roomy_settings};
pub use staging_database::StagingDatabase;
