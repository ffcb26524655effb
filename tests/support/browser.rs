//! A headless browser, and the commands for it.

mod chromium;
mod command;
mod contrast;
mod driver;

pub use chromium::{Browser, Look};
pub use contrast::CONTRAST;
