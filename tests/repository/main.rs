//! The rules of the repository that neither the compiler nor clippy holds. Each test holds one against the repository,
//! and shows that a planted breach of it is noticed.

mod architecture;
mod circles;
mod commands;
mod documents;
mod files;
mod fuzz_corpus;
mod manifests;
mod obligations;
mod rule;
mod settings;
mod sources;
mod supply_chain;
mod walls;
mod words;
