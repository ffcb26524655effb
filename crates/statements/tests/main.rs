//! Tests of the format of statements, through what other crates use.

mod keys;
mod making;
mod sample;
