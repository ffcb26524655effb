//! The commands, and what people and scripts read of them.

pub(crate) mod command_line;
pub(crate) mod count;
pub(crate) mod demo;
pub(crate) mod export;
pub(crate) mod failure;
pub(crate) mod health;
pub(crate) mod import;
pub(crate) mod keys;
pub(crate) mod migrate;
pub(crate) mod serve;
pub(crate) mod terminal;
pub(crate) mod verify;
pub(crate) mod version;
