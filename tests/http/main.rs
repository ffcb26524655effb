//! The running service over HTTP: a real socket, a real database, and a browser where there is one.

mod access_keys;
mod auth_clients;
mod bodies;
mod clusters;
mod equal_work;
mod export;
mod hostile_requests;
mod html_page;
mod http2;
mod ids_in_paths;
mod logged_statements;
mod panics;
mod refused_rows;
mod service;
mod slow_clients;
mod statistics;
mod summary;
mod tls;
mod writes;

/// The program, which cargo builds before its tests.
const PROGRAM: &str = env!("CARGO_BIN_EXE_program-under-test");
