//! The shared ground of the integration tests: a Postgres of their own, databases that are gone after the test, and
//! tasks to record.
//!
//! A test program starts one private cluster when its first test needs a [`TestDatabase`]; each test has a database
//! of its own, copied from a migrated template, so tests run side by side. Nothing is left when the program ends,
//! however it ends.

mod browser;
mod contracts;
mod data;
mod fuzz;
mod http;
mod in_memory;
mod keys;
mod peak_memory;
mod postgres;
mod program;
mod proxy;
mod repository;
mod software_bill;
mod temp_folder;
mod wait;

pub use browser::{Browser, CONTRAST, Look, printed_text};
pub use contracts::{Implementation, obligations_of, print_obligation, untested_obligations};
pub use data::{
    ROUNDS, SHARED, Task, WRITERS, ids, limited, make_statement, new_request, numbers, operator, page, record,
    register, statistics_of, stream, task, task_ids, taxonomy, walk, walk_over_http, write_rounds,
};
pub use fuzz::FuzzTarget;
pub use http::{
    Authority, Certified, Collector, Download, Envelope, Http2Connection, Http2Frames, Http2Request, MetricsPage,
    OpenDownload, PANIC, Panicking, PanickingService, RawConnection, RawResponse, RunningService, Sums, TlsClient,
    TlsStream, Wire, csv_lines, json_lines, parquet_lines, table_sums, xlsx_lines,
};
pub use in_memory::{InMemoryKeys, InMemoryStatistics, items_of, totals_of};
pub use keys::{KeyDatabase, KeyHolder, Signer, access_key, key_secret, new_key, nonce, seconds_from_now};
pub use peak_memory::PeakMemory;
pub use postgres::{
    AsIfSharded, CORRUPTIONS, Corruption, EncryptedPostgres, LARGE, MigrationScript, PostgresServer, QueryPlan,
    Replica, SqlSession, StagingDatabase, TestDatabase, TestRoles, TransactionPooler, binaries, cause, copy, fill,
    first_page, lock, migrated, migration_scripts, postgres_program, roomy_limits, roomy_settings, with_one_session,
};
pub use program::{Program, Run, Serving};
pub use proxy::{Ending, Fault, FaultProxy, SilentHost, Upstream};
pub use repository::Repository;
pub use software_bill::software_bill;
pub use temp_folder::temp_folder;
pub use wait::wait_until;
