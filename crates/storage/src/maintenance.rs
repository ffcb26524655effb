//! What operators do: check the server, migrate the schema, distribute the tables over a cluster, verify and repair what is stored.

mod distribution;
mod lock_holders;
mod migration_script;
mod migrations;
mod repair;
mod server_check;
mod verification;

pub use distribution::{Distribution, DistributionError, TABLES_OF_REQUESTS, distribute};
pub use migrations::{MigrationError, MigrationPatience, check_schema, migrate};
pub use repair::repair;
pub use server_check::{UnsupportedServer, check_server};
pub use verification::{Drift, Finding, Verified, verify};
