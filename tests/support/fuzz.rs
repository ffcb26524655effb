//! The readers of what clients send, to be tried with broken input.

mod json_elements;
mod json_lines;
mod key_headers;
mod query;
mod signed_token;
mod statement;
mod target;

pub use target::FuzzTarget;
