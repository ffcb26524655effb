//! Statements where something goes wrong: there is the whole statement or none, and an operator learns the cause.

mod at_once;
mod broken_rows;
mod full_disk;
mod killed;
mod rotation;
mod scene;
