//! The shared ground of the integration tests: a Postgres of their own, databases that are gone after the test, and
//! tasks to record.
//!
//! Each file in `tests/tests` is one topic and one program. A program starts one private cluster when its first test
//! asks for a [`TestDatabase`]; each test has a database of its own, copied from a migrated template, so tests run
//! side by side. Nothing is left when the program ends, however it ends.

mod authority;
mod browser;
mod browser_command;
mod chrome_driver;
mod collector;
mod contrast;
mod corruption;
mod documented_settings;
mod download;
mod encrypted_postgres;
mod envelope;
mod export_sums;
mod fault_proxy;
mod fuzz_json_lines;
mod fuzz_key_headers;
mod fuzz_query;
mod fuzz_target;
mod house;
mod house_documents;
mod house_layout;
mod house_manifests;
mod http2_client;
mod http2_frames;
mod implementation;
mod in_memory;
mod in_memory_export;
mod in_memory_keys;
mod in_memory_recording;
mod in_memory_registry;
mod in_memory_summary;
mod key_database;
mod key_holder;
mod large_request;
mod metrics_page;
mod obligations;
mod one_session;
mod panicking;
mod panicking_service;
mod peak_memory;
mod postgres_server;
mod program;
mod proxied_stream;
mod query_plan;
mod questions;
mod raw_http;
mod replica;
mod running_service;
mod signer;
mod software_bill;
mod sql_session;
mod statements;
mod task;
mod test_database;
mod test_roles;
mod tls_client;
mod transaction_pooler;
mod writers;

pub use authority::{Authority, Certified};
pub use browser::{Browser, Look};
pub use collector::Collector;
pub use contrast::CONTRAST;
pub use corruption::{CORRUPTIONS, Corruption};
pub use documented_settings::undocumented_settings;
pub use download::{Download, OpenDownload};
pub use encrypted_postgres::EncryptedPostgres;
pub use envelope::Envelope;
pub use export_sums::{Sums, csv_lines, json_lines, parquet_lines, table_sums, xlsx_lines};
pub use fault_proxy::{Ending, Fault, FaultProxy};
pub use fuzz_target::FuzzTarget;
pub use house::House;
pub use house_documents::{
    broken_decisions, clever_checks, dead_headings, dead_paths, obscure_targets, unexplained_settings,
};
pub use house_layout::{
    busy_roots, crowded_root, deep_files, empty_names, glob_exports, ignored_tests, long_files, mod_files,
    ports_without_a_mirror, terse_tests,
};
pub use house_manifests::{
    Dependencies, broken_walls, declared_dependencies, disinherited, missing_lints, pinned_toolchain,
    unexplained_versions,
};
pub use http2_client::{Http2Connection, Http2Request};
pub use http2_frames::Http2Frames;
pub use implementation::Implementation;
pub use in_memory::InMemoryStatistics;
pub use in_memory_keys::InMemoryKeys;
pub use in_memory_summary::{items_of, totals_of};
pub use key_database::{KeyDatabase, new_key};
pub use key_holder::{KeyHolder, access_key, key_secret, nonce, seconds_from_now};
pub use large_request::{LARGE, fill};
pub use metrics_page::MetricsPage;
pub use obligations::obligations_of;
pub use one_session::{cause, first_page, lock, with_one_session};
pub use panicking::{PANIC, Panicking};
pub use panicking_service::PanickingService;
pub use peak_memory::PeakMemory;
pub use postgres_server::{PostgresServer, binaries, temp_folder};
pub use program::{Program, Run, Serving, wait_until};
pub use proxied_stream::Upstream;
pub use query_plan::QueryPlan;
pub use questions::{ask, ids, new_request, numbers, page, record, register, task_ids, walk, walk_over_http};
pub use raw_http::{RawAnswer, RawConnection, Wire};
pub use replica::{Replica, copy, postgres_program};
pub use running_service::RunningService;
pub use signer::Signer;
pub use software_bill::software_bill;
pub use sql_session::SqlSession;
pub use statements::{MigrationScript, migration_scripts, storage_statements};
pub use task::{Task, stream, task};
pub use test_database::{TestDatabase, migrated, roomy_limits, roomy_settings};
pub use test_roles::TestRoles;
pub use tls_client::{TlsClient, TlsStream};
pub use transaction_pooler::TransactionPooler;
pub use writers::{ROUNDS, SHARED, WRITERS, write_rounds};
